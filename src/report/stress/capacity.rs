//! The report of a capacity search.

mod page;

use std::io;
use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::report::file_names::PAGE;
use crate::report::folder::{FolderLayout, ReportFolder};
use crate::report::format::{fine, number, seconds};
use crate::report::terminal::{WIDTH, cut, left, right, wrapped};
use crate::scenario::stress::Stress;
use crate::stress::capacity::{Attempt, End, Ending, Found, Probe, Trial};

use super::against::Against;
use super::thresholds::described;

/// All that the report of a capacity search is made of.
pub struct CapacityReport<'a> {
    /// Name of the scenario.
    pub name: &'a str,
    /// The question it answers; may be empty.
    pub question: &'a str,
    /// The variant that was run.
    pub variant: &'a str,
    /// The scenario as written.
    pub source: &'a str,
    /// Seed of all random streams.
    pub seed: u64,
    /// Shards.
    pub shards: u32,
    /// How trials were made.
    pub settings: &'a Stress,
    /// What came of them.
    pub found: &'a Found<Probe>,
    /// An earlier search to compare with.
    pub against: Option<&'a Capacity>,
}

/// A capacity search as it is saved. Times in seconds, rates a second.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Capacity {
    schema: String,
    shiftstorm: String,
    /// Of what.
    pub scenario: Scenario,
    variant: String,
    seed: u64,
    shards: u32,
    speed: f64,
    length: f64,
    thresholds: Vec<String>,
    /// How it ended.
    ending: String,
    /// The highest pace and rate held.
    pub held: Option<Saved>,
    /// The lowest above it that was not held.
    pub not_held: Option<Saved>,
    /// The machine.
    pub bare_wheel: BareWheel,
    trials: Vec<SavedTrial>,
}

/// A scenario as it is named in results.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    question: String,
}

/// One end of the interval.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Saved {
    pace: f64,
    /// Arrivals a second.
    pub rate: f64,
}

/// Timer operations a second of the machine's bare wheel, measured before each trial.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct BareWheel {
    /// In the middle.
    pub median: f64,
    /// At least.
    pub least: f64,
    /// At most.
    pub most: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct SavedTrial {
    phase: String,
    pace: f64,
    rate: f64,
    opened: f64,
    timers: f64,
    lateness_p99: Option<f64>,
    valid: bool,
    /// `None` of an invalid trial.
    held: Option<bool>,
    missed: Vec<String>,
    bare_wheel: f64,
}

impl CapacityReport<'_> {
    /// Writes the report into its folder.
    ///
    /// # Errors
    ///
    /// Something cannot be written.
    pub fn write(&self, folder: &ReportFolder) -> io::Result<()> {
        folder.file(SUMMARY, |output| output.write_all(self.summary().as_bytes()))?;
        let page = page::page(self).map_err(io::Error::other)?;
        folder.file(PAGE, |output| output.write_all(page.as_bytes()))?;
        folder.file(MAIN, |output| {
            serde_json::to_writer_pretty(&mut *output, &self.saved())?;
            output.write_all(b"\n")
        })?;
        folder.publish()
    }

    /// The summary for a terminal of 80 columns.
    pub fn summary(&self) -> String {
        let parts = [self.heading(), self.answer(), self.trials()];
        parts.join("\n")
    }

    fn heading(&self) -> String {
        let mut text = format!("{}\n", cut(self.name, WIDTH));
        if !self.question.is_empty() {
            text += &format!("{}\n", wrapped(self.question, 0));
        }
        let Self { variant, seed, shards, settings, .. } = self;
        let line = format!(
            "Capacity search on the wall clock: variant {variant}, trials of {}, {shards} {}, seed \
             {seed}",
            seconds(settings.load().as_secs_f64()),
            if *shards == 1 { "shard" } else { "shards" },
        );
        let thresholds = Vec::from_iter(settings.thresholds.iter().map(ToString::to_string));
        let held = format!("A trial holds if it is valid and {}.", thresholds.join(", "));
        text + &wrapped(&line, 2) + "\n" + &wrapped(&held, 2) + "\n"
    }

    fn answer(&self) -> String {
        let Found { held, not_held, ending, trials } = self.found;
        let mut text = row("Held", &end(held.as_ref()));
        text += &row("Not held", &end(not_held.as_ref()));
        if let Some(held) = held
            && let Some(trial) = trials.iter().rfind(|trial| trial.pace == held.pace)
        {
            let Probe { opened, timers, .. } = &trial.attempt;
            let line = format!(
                "{} opened/s and {} timer operations/s",
                number(opened.round()),
                number(timers.round())
            );
            text += &row("  at the rate held", &line);
        }
        let wheel = bare_wheel(trials);
        let line = format!(
            "{} operations/s, from {} to {}",
            millions(wheel.median),
            millions(wheel.least),
            millions(wheel.most)
        );
        text += &row("Bare wheel meanwhile", &line);
        text += &row("Trials", &format!("{}: {}", trials.len(), in_words(*ending)));
        if let Some(then) = self.against {
            for (label, line) in Against::of(then, &self.saved()).lines() {
                text += &row(label, &line);
            }
        }
        text
    }

    fn trials(&self) -> String {
        let heads = ["pace", "arrivals/s", "opened/s", "timers/s", "late 99 %"];
        let mut text = line("Trial", &heads.map(str::to_owned), "");
        for (number_of, trial) in (1..).zip(&self.found.trials) {
            let Trial { phase, pace, attempt } = trial;
            let late = attempt.lateness.map(|late| fine(late.as_nanos() as u64));
            let cells = [
                number(*pace),
                number(attempt.rate.round()),
                number(attempt.opened.round()),
                number(attempt.timers.round()),
                late.unwrap_or_else(|| "-".to_owned()),
            ];
            text += &line(&format!("{number_of:>2} {}", phase.name()), &cells, attempt.verdict());
            for missed in attempt.missed().filter(|_| attempt.valid) {
                text += &format!("{}\n", cut(&format!("   {}", described(missed)), WIDTH));
            }
        }
        text
    }

    /// As it is saved.
    pub fn saved(&self) -> Capacity {
        let Found { held, not_held, ending, trials } = self.found;
        let saved = |end: &End| Saved { pace: end.pace, rate: end.rate };
        Capacity {
            schema: SCHEMA.to_owned(),
            shiftstorm: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: Scenario { name: self.name.to_owned(), question: self.question.to_owned() },
            variant: self.variant.to_owned(),
            seed: self.seed,
            shards: self.shards,
            speed: self.settings.speed,
            length: self.settings.load().as_secs_f64(),
            thresholds: self.settings.thresholds.iter().map(ToString::to_string).collect(),
            ending: in_words(*ending).to_owned(),
            held: held.as_ref().map(saved),
            not_held: not_held.as_ref().map(saved),
            bare_wheel: bare_wheel(trials),
            trials: trials.iter().map(SavedTrial::of).collect(),
        }
    }
}

impl Capacity {
    /// Whether it is of the form that this version writes.
    pub(super) fn is_readable(&self) -> bool {
        self.schema == SCHEMA
    }
}

impl SavedTrial {
    fn of(trial: &Trial<Probe>) -> Self {
        let Trial { phase, pace, attempt } = trial;
        Self {
            phase: phase.name().to_owned(),
            pace: *pace,
            rate: attempt.rate,
            opened: attempt.opened,
            timers: attempt.timers,
            lateness_p99: attempt.lateness.map(|late| late.as_secs_f64()),
            valid: attempt.valid,
            held: attempt.held(),
            missed: attempt.missed().map(described).collect(),
            bare_wheel: attempt.wheel,
        }
    }
}

fn bare_wheel(trials: &[Trial<Probe>]) -> BareWheel {
    let mut rates = Vec::from_iter(trials.iter().map(|trial| trial.attempt.wheel));
    rates.sort_by(f64::total_cmp);
    match rates.as_slice() {
        [] => BareWheel::default(),
        [least, ..] => BareWheel {
            median: rates[rates.len() / 2],
            least: *least,
            most: rates[rates.len() - 1],
        },
    }
}

fn in_words(ending: Ending) -> &'static str {
    match ending {
        Ending::Confirmed => "both ends are confirmed",
        Ending::OutOfTrials => "used up before both ends were confirmed",
        Ending::NothingHeld => "nothing held at all",
        Ending::EverythingHeld => "everything held",
        Ending::Interrupted => "interrupted",
    }
}

fn end(end: Option<&End>) -> String {
    end.map_or_else(
        || "-".to_owned(),
        |end| format!("{} arrivals/s, pace {}", number(end.rate.round()), number(end.pace)),
    )
}

/// `31.2 M`.
pub(super) fn millions(value: f64) -> String {
    format!("{:.1} M", value / 1e6)
}

fn row(label: &str, text: &str) -> String {
    format!("{}\n", cut(&format!("{}{text}", left(label, LABEL)), WIDTH))
}

fn line(label: &str, cells: &[String], verdict: &str) -> String {
    let cells = String::from_iter(cells.iter().map(|cell| right(cell, CELL)));
    format!("{}{cells}  {verdict}\n", left(label, TRIAL))
}

/// The files of the report; the last tells that it is whole.
pub const CAPACITY: FolderLayout = FolderLayout { schema: SCHEMA, files: &[SUMMARY, PAGE, MAIN] };

pub(super) const SCHEMA: &str = "shiftstorm/stress-capacity/1";
pub(super) const MAIN: &str = "capacity.json";
const SUMMARY: &str = "summary.txt";
const LABEL: usize = 22;
const TRIAL: usize = 15;
const CELL: usize = 11;
const _: () = assert!(TRIAL + 5 * CELL + "  not held".len() <= WIDTH);
