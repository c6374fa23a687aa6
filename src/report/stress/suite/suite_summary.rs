//! The summary of the suite on the terminal.

use crate::report::stress::run_words::UNMEASURED;
use crate::report::table::{ReportCell, ReportColumn, ReportTable, TextTable, labelled};
use crate::report::terminal::{WIDTH, cut, wrapped};
use crate::stress::suite::{CaseEnding, SuiteResults};
use crate::stress::{Count, StressResults, Timing};

use super::suite_words::{NAME, findings, timers, verdict};

/// The table of all cases, for a terminal of 80 columns.
pub fn summary(results: &SuiteResults) -> String {
    let mut text = format!("{NAME}\n");
    if !results.left.is_empty() {
        let left = Vec::from_iter(results.left.iter().map(|case| case.name)).join(", ");
        let note = format!("PARTIAL: it was interrupted. Not run to their end: {left}.");
        text += &format!("{}\n", wrapped(&note, 2));
    }
    let about = "The same cases under the same names for ever. Rates are a second of the wall clock; \
                 late is how long after its instant an unassign deadline was handled.";
    text += &format!("{}\n\n", wrapped(about, 2));
    let table = table(results);
    let rows = TextTable::new(&table);
    text += &rows.head();
    for (done, row) in results.done.iter().zip(&table.rows) {
        text += &rows.row(row);
        for finding in findings(done) {
            text += &format!("{}\n", cut(&format!("  {finding}"), WIDTH));
        }
    }
    text
}

fn table(results: &SuiteResults) -> ReportTable {
    let heads = ["arrivals/s", "timers/s", "refused", "late 99 %", "at most"];
    let heads = heads.map(|head| ReportColumn::new(head).right(11));
    let last = ReportColumn::default().left(8).behind(2);
    let columns = [ReportColumn::new("Case").left(15)].into_iter().chain(heads).chain([last]);
    let mut table = ReportTable::of(NAME, columns);
    for done in &results.done {
        let cells = match &done.ending {
            CaseEnding::Run(results) => of_run(results),
            _ => std::array::from_fn(|_| UNMEASURED),
        };
        let verdict = ReportCell::word(verdict(done));
        table.push(None, labelled(done.case.name, cells.into_iter().chain([verdict])));
    }
    table
}

fn of_run(results: &StressResults) -> [ReportCell; 5] {
    let late = results.figures.timing(Timing::DeadlineLateness);
    let late = |quantile| match late.is_empty() {
        true => UNMEASURED,
        false => ReportCell::nanos(late.value_at_quantile(quantile)),
    };
    [
        ReportCell::amount(results.rate(Count::Scheduled).round()),
        ReportCell::amount(timers(results).round()),
        ReportCell::Count(results.figures.count(Count::Refused)),
        late(0.99),
        late(1.0),
    ]
}
