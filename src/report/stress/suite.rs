//! The report of the standard suite.

mod page;

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use serde::Serialize;

use crate::report::file_names::PAGE;
use crate::report::folder::{FolderLayout, ReportFolder};
use crate::report::format::{fine, number, seconds};
use crate::report::terminal::{WIDTH, cut, left, right, wrapped};
use crate::stress::suite::{Done, Ending, SuiteResults};
use crate::stress::{Aftermath, Count, Results, Timing};

use super::json::{Step, Timed};
use super::summary::label;
use super::thresholds;
use super::thresholds::described;

/// The name under which the suite is saved.
pub const NAME: &str = "Standard suite";

/// Writes the report into its folder.
///
/// # Errors
///
/// Something cannot be written.
pub fn write(results: &SuiteResults, folder: &ReportFolder) -> io::Result<()> {
    folder.file(SUMMARY, |output| output.write_all(summary(results).as_bytes()))?;
    let page = page::page(results).map_err(io::Error::other)?;
    folder.file(PAGE, |output| output.write_all(page.as_bytes()))?;
    folder.file(MAIN, |output| {
        let saved = Saved {
            schema: SCHEMA,
            shiftstorm: env!("CARGO_PKG_VERSION"),
            scenario: Named { name: NAME },
            complete: results.left.is_empty(),
            cases: results.done.iter().map(SavedCase::of).collect(),
            left: results.left.iter().map(|case| case.name).collect(),
        };
        serde_json::to_writer_pretty(&mut *output, &saved)?;
        output.write_all(b"\n")
    })?;
    folder.publish()
}

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
            Ending::Run(results) => of_run(results),
            _ => std::array::from_fn(|_| "-".to_owned()),
        };
        text += &line(done.case.name, &cells, verdict(done));
        for finding in findings(done) {
            text += &format!("{}\n", cut(&format!("  {finding}"), WIDTH));
        }
    }
    text
}

fn of_run(results: &Results) -> [String; 5] {
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

fn timers(results: &Results) -> f64 {
    [Count::Armed, Count::Cancelled, Count::Fired].map(|count| results.rate(count)).iter().sum()
}

/// In a word.
fn verdict(done: &Done) -> &'static str {
    match (done.is_valid(), done.missed().is_empty()) {
        (false, _) => INVALID,
        (true, true) => "met",
        (true, false) => MISSED,
    }
}

/// What a reader must know besides the figures.
fn findings(done: &Done) -> Vec<String> {
    match &done.ending {
        Ending::Races(races) => vec![format!(
            "{} orders: the reply came first in {}, the deadline in {}, the transfer in {}",
            races.orders, races.replies, races.unassigned, races.transferred
        )],
        Ending::NoCapacity => vec!["the machine holds no load at all".to_owned()],
        Ending::Run(results) if !results.is_valid() => {
            vec!["the load generator was late itself".to_owned()]
        }
        Ending::Run(results) => {
            let faults = results.aftermaths.iter().map(told);
            faults.chain(done.missed().iter().map(described)).collect()
        }
    }
}

/// A fault and what came of it, in a line.
fn told(aftermath: &Aftermath) -> String {
    let recovered = match aftermath.recovered {
        Some(after) => format!("recovered after {}", seconds(after.as_secs_f64())),
        None => "not recovered".to_owned(),
    };
    let counts =
        [("refused", Count::Refused), ("lost", Count::Lost), ("replaced", Count::Replaced)];
    let counts = counts.map(|(name, count)| (name, aftermath.count(count)));
    let counts = counts.iter().filter(|(_, count)| *count > 0);
    let counts = counts.map(|(name, count)| format!(", {} {name}", number(*count as f64)));
    format!("{}: {recovered}{}", label(&aftermath.step), String::from_iter(counts))
}

fn line(label: &str, cells: &[String], verdict: &str) -> String {
    let cells = String::from_iter(cells.iter().map(|cell| right(cell, CELL)));
    format!("{}{cells}  {verdict}\n", left(label, LABEL))
}

/// Times in seconds.
#[derive(Serialize)]
struct Saved<'a> {
    schema: &'static str,
    shiftstorm: &'static str,
    scenario: Named,
    /// Whether it was run to its end.
    complete: bool,
    cases: Vec<SavedCase<'a>>,
    /// The cases that were not run, or not to their end.
    left: Vec<&'static str>,
}

#[derive(Serialize)]
struct Named {
    name: &'static str,
}

#[derive(Serialize)]
struct SavedCase<'a> {
    name: &'a str,
    about: &'a str,
    verdict: &'static str,
    findings: Vec<String>,
    #[serde(flatten)]
    run: Option<Run>,
}

#[derive(Serialize)]
struct Run {
    seed: u64,
    shards: u32,
    length: f64,
    faults: Vec<Step>,
    thresholds: Vec<thresholds::Saved>,
    counts: BTreeMap<&'static str, u64>,
    timings: BTreeMap<&'static str, Timed>,
}

impl<'a> SavedCase<'a> {
    fn of(done: &'a Done) -> Self {
        let run = match &done.ending {
            Ending::Run(results) => Some(Run::of(results)),
            Ending::Races(_) | Ending::NoCapacity => None,
        };
        let (name, about) = (done.case.name, done.case.about);
        Self { name, about, verdict: verdict(done), findings: findings(done), run }
    }
}

impl Run {
    fn of(results: &Results) -> Self {
        let figures = &results.figures;
        Self {
            seed: results.seed,
            shards: results.shards,
            length: results.length.as_secs_f64(),
            faults: results.aftermaths.iter().map(Step::of).collect(),
            thresholds: thresholds::saved(results),
            counts: Count::ALL.map(|count| (count.name(), figures.count(count))).into(),
            timings: Timing::ALL
                .map(|timing| (timing.name(), Timed::of(figures.timing(timing))))
                .into(),
        }
    }
}

/// The files of the report; the last tells that it is whole.
pub const SUITE: FolderLayout = FolderLayout { schema: SCHEMA, files: &[SUMMARY, PAGE, MAIN] };

const SCHEMA: &str = "shiftstorm/stress-suite/1";
const MAIN: &str = "suite.json";
const SUMMARY: &str = "summary.txt";
const MISSED: &str = "MISSED";
const INVALID: &str = "invalid";
const LABEL: usize = 15;
const CELL: usize = 11;
const _: () = assert!(LABEL + 5 * CELL + "  invalid".len() <= WIDTH);
