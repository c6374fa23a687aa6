//! The summary of the suite on the terminal.

use crate::report::format::{fine, number};
use crate::report::terminal::{WIDTH, cut, left, right, wrapped};
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
    let heads = ["arrivals/s", "timers/s", "refused", "late 99 %", "at most"];
    text += &line("Case", &heads.map(str::to_owned), "");
    for done in &results.done {
        let cells = match &done.ending {
            CaseEnding::Run(results) => of_run(results),
            _ => std::array::from_fn(|_| "-".to_owned()),
        };
        text += &line(done.case.name, &cells, verdict(done));
        for finding in findings(done) {
            text += &format!("{}\n", cut(&format!("  {finding}"), WIDTH));
        }
    }
    text
}

fn of_run(results: &StressResults) -> [String; 5] {
    let late = results.figures.timing(Timing::DeadlineLateness);
    let late = |quantile| match late.is_empty() {
        true => "-".to_owned(),
        false => fine(late.value_at_quantile(quantile)),
    };
    [
        number(results.rate(Count::Scheduled).round()),
        number(timers(results).round()),
        number(results.figures.count(Count::Refused) as f64),
        late(0.99),
        late(1.0),
    ]
}

fn line(label: &str, cells: &[String], verdict: &str) -> String {
    let cells = String::from_iter(cells.iter().map(|cell| right(cell, CELL)));
    format!("{}{cells}  {verdict}\n", left(label, LABEL))
}

const LABEL: usize = 15;
const CELL: usize = 11;
const _: () = assert!(LABEL + 5 * CELL + "  invalid".len() <= WIDTH);
