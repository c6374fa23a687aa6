//! `report.html` of the standard suite.

use crate::report::charts::{Chart, ChartBuilder, Section};
use crate::report::format::fine;
use crate::report::page::{Document, Explanation, PageFrame, PageStatement, html};
use crate::report::plot::{Axis, PlotRange, PlotValue, Ranges};
use crate::report::sentence::{Sentence, sentence};
use crate::report::table::{NumberUnit, ReportCell, ReportColumn, ReportTable, Standing, labelled};
use crate::stress::suite::{CaseEnding, FinishedCase, SuiteResults};
use crate::stress::{Count, StressResults, Timing};

use super::suite_words::{ABOUT, INVALID, MISSED, NAME, findings, timers, verdict};

/// The page.
pub(super) fn page(results: &SuiteResults) -> String {
    let cases = Section::new("cases", "Cases", ABOUT);
    html(&Document {
        frame: PageFrame {
            kind: "stress suite",
            name: NAME,
            question: "What does this machine take, and what happens when it is too much?",
            facts: vec![
                format!(
                    "{} of {} cases",
                    results.done.len(),
                    results.done.len() + results.left.len()
                ),
                format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")),
            ],
            alerts: alerts(results),
        },
        headline: headline(results),
        statements: results.done.iter().map(card).collect(),
        sections: vec![cases.charts(lateness(results)).tables([table(results)])],
        method: METHOD.map(|(word, text)| Explanation::new(word, text)).into(),
        ..Document::default()
    })
}

fn alerts(results: &SuiteResults) -> Vec<String> {
    let left = Vec::from_iter(results.left.iter().map(|case| case.name)).join(", ");
    let alert = || format!("the suite was interrupted. Not run to their end: {left}.");
    (!results.left.is_empty()).then(alert).into_iter().collect()
}

fn headline(results: &SuiteResults) -> Sentence {
    let count = |word| results.done.iter().filter(|done| verdict(done) == word).count();
    match (results.done.len(), count(MISSED), count(INVALID)) {
        (1, 0, 0) => sentence!("The case meets what it asks for."),
        (all, 0, 0) => sentence!("All {all} cases meet what they ask for."),
        (all, missed, invalid) => {
            let some = [(missed, "missed what they ask for"), (invalid, "invalid")];
            let some = some.iter().filter(|(count, _)| *count > 0);
            let some = Vec::from_iter(some.map(|(count, what)| format!("{count} {what}")));
            sentence!("Of {all} cases {}.", some.join(" and "))
        }
    }
}

fn card(done: &FinishedCase) -> PageStatement {
    let findings = findings(done).into_iter().map(|finding| sentence!("{finding}."));
    let sentences = std::iter::once(sentence!("{}.", done.case.about)).chain(findings);
    PageStatement::new(done.case.name, Some((standing(done), verdict(done))), sentences)
}

/// How a case came out.
fn standing(done: &FinishedCase) -> Standing {
    match verdict(done) {
        MISSED => Standing::Bad,
        INVALID => Standing::Open,
        _ => Standing::Good,
    }
}

fn late(results: &StressResults, quantile: f64) -> Option<f64> {
    let late = results.timing(Timing::DeadlineLateness);
    let late = late.all();
    (!late.is_empty()).then(|| late.value_at_quantile(quantile) as f64 / 1e9)
}

/// How late deadlines were in each case; none without any.
fn lateness(results: &SuiteResults) -> Option<Chart> {
    let late = results.done.iter().filter_map(|done| match &done.ending {
        CaseEnding::Run(run) => Some((done.case.name, late(run, 0.99)?.max(1e-6))),
        CaseEnding::Races(_) | CaseEnding::NoCapacity => None,
    });
    let late = Vec::from_iter(late);
    let highest = late.iter().map(|(_, late)| *late).reduce(f64::max)?;
    let lowest = late.iter().map(|(_, late)| *late).fold(highest, f64::min);
    let told = |late: f64| fine((late * 1e9) as u64);
    let ranges = late.iter().map(|&(name, late)| PlotRange {
        variant: 0,
        name: name.to_owned(),
        value: PlotValue { value: libm::log10(late), half: None },
        text: told(late),
    });
    let heads = ["case", "99 % late by at most, ms"];
    let mut table = ReportTable::new("Lateness by case", heads);
    for &(name, late) in &late {
        table.push(None, vec![name.into(), ReportCell::number(late, NumberUnit::Latency)]);
    }
    let axis = Axis::latency("99 % of unassign deadlines late by at most", lowest, highest);
    let body = Ranges { axis, goal: None, ranges: ranges.collect() };
    let about = format!("From {} to {}.", told(lowest), told(highest));
    let chart = ChartBuilder::new("lateness", "Lateness of unassign deadlines").about(about);
    Some(chart.drawn(body, table))
}

/// All cases, for a terminal too.
pub(super) fn table(results: &SuiteResults) -> ReportTable {
    let columns = [
        ReportColumn::new("case").left(15).briefly("Case"),
        ReportColumn::new("arrivals/s").right(11),
        ReportColumn::new("timers/s").right(11),
        ReportColumn::new("refused").right(11),
        ReportColumn::new("late 99 %, ms").right(11).briefly("late 99 %"),
        ReportColumn::new("at most, ms").right(11).briefly("at most"),
        ReportColumn::new("lost").only_in_pages(),
        ReportColumn::new("verdict").left(8).behind(2).briefly(""),
    ];
    let mut table = ReportTable::of("All cases", columns);
    for done in &results.done {
        let cells: [ReportCell; 6] = match &done.ending {
            CaseEnding::Run(run) => [
                ReportCell::amount(run.rate(Count::Scheduled).round()),
                ReportCell::amount(timers(run).round()),
                ReportCell::Count(run.figures.count(Count::Refused)),
                ReportCell::number(late(run, 0.99), NumberUnit::Latency),
                ReportCell::number(late(run, 1.0), NumberUnit::Latency),
                ReportCell::Count(run.figures.count(Count::Lost)),
            ],
            CaseEnding::Races(_) | CaseEnding::NoCapacity => {
                std::array::from_fn(|_| ReportCell::Nothing)
            }
        };
        let verdict = ReportCell::verdict(standing(done), verdict(done));
        table.push(None, labelled(done.case.name, cells.into_iter().chain([verdict])));
    }
    table
}

const METHOD: [(&str, &str); 4] = [
    (
        "Met",
        "Each case has thresholds of its own, in its scenario under scenarios/stress/suite. It is \
         met if all of them are.",
    ),
    ("Invalid", "The load generator was late itself, so the case says nothing about the system."),
    (
        "Overload",
        "The capacity of the machine is found first; then the load is so many times that.",
    ),
    (
        "Races",
        "Not a run against the clock: what can come together is handled in every order, and every \
         rule must hold in each.",
    ),
];
