//! The report of the standard suite.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::json::Timed;
use super::thresholds::{self, described};
use crate::report::folder::{Folder, Form};
use crate::report::layout::{WIDTH, cut, fine, left, number, right, wrapped};
use crate::stress::suite::{Done, Ending};
use crate::stress::{Count, Results, Timing};

/// The name under which the suite is saved.
pub const NAME: &str = "Standard suite";

/// Writes the report into its folder.
///
/// # Errors
///
/// Something cannot be written.
pub fn write(done: &[Done], folder: &Folder) -> io::Result<()> {
    folder.file(SUMMARY, |output| output.write_all(summary(done).as_bytes()))?;
    folder.file(MAIN, |output| {
        let saved = Saved {
            schema: SCHEMA,
            shiftstorm: env!("CARGO_PKG_VERSION"),
            scenario: Named { name: NAME },
            cases: done.iter().map(SavedCase::of).collect(),
        };
        serde_json::to_writer_pretty(&mut *output, &saved)?;
        output.write_all(b"\n")
    })?;
    folder.publish()
}

/// The table of all cases, for a terminal of 80 columns.
pub fn summary(done: &[Done]) -> String {
    let mut text = format!("{NAME}\n");
    let about = "The same cases under the same names for ever. Rates are a second of the wall clock; \
                 late is how long after its instant an unassign deadline was handled.";
    text += &format!("{}\n\n", wrapped(about, 2));
    let heads = ["arrivals/s", "timers/s", "refused", "late 99 %", "at most"];
    text += &line("Case", &heads.map(str::to_owned), "");
    for done in done {
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
        (false, _) => "invalid",
        (true, true) => "met",
        (true, false) => "MISSED",
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
        Ending::Run(_) => done.missed().iter().map(described).collect(),
    }
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
    cases: Vec<SavedCase<'a>>,
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
            thresholds: thresholds::saved(results),
            counts: Count::ALL.map(|count| (count.name(), figures.count(count))).into(),
            timings: Timing::ALL
                .map(|timing| (timing.name(), Timed::of(figures.timing(timing))))
                .into(),
        }
    }
}

/// The files of the report; the last tells that it is whole.
pub const SUITE: Form = Form { schema: SCHEMA, files: &[SUMMARY, MAIN] };

const SCHEMA: &str = "shiftstorm/stress-suite/1";
const MAIN: &str = "suite.json";
const SUMMARY: &str = "summary.txt";
const LABEL: usize = 15;
const CELL: usize = 11;
const _: () = assert!(LABEL + 5 * CELL + "  invalid".len() <= WIDTH);
