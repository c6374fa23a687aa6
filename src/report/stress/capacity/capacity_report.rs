//! What the report of a capacity search is made of, and its summary.

use crate::report::format::{fine, number, seconds};
use crate::report::json_file::{FileHead, ScenarioTitle};
use crate::report::stress::thresholds::described;
use crate::report::terminal::{WIDTH, cut, left, right, wrapped};
use crate::scenario::stress::Stress;
use crate::stress::capacity::{CapacityBound, CapacityTrial, FoundCapacity, TrialResult};

use super::against::Against;
use super::capacity_words::{bare_wheel, in_words, millions};
use super::saved_capacity::{SCHEMA, SavedBound, SavedCapacity, SavedTrial};

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
    pub found: &'a FoundCapacity<TrialResult>,
    /// An earlier search to compare with.
    pub against: Option<&'a SavedCapacity>,
}

impl CapacityReport<'_> {
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
        let FoundCapacity { held, not_held, ending, trials } = self.found;
        let mut text = row("Held", &end(held.as_ref()));
        text += &row("Not held", &end(not_held.as_ref()));
        if let Some(held) = held
            && let Some(trial) = trials.iter().rfind(|trial| trial.pace == held.pace)
        {
            let TrialResult { opened, timers, .. } = &trial.attempt;
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
            let CapacityTrial { phase, pace, attempt } = trial;
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
    pub fn saved(&self) -> SavedCapacity {
        let FoundCapacity { held, not_held, ending, trials } = self.found;
        let saved = |end: &CapacityBound| SavedBound { pace: end.pace, rate: end.rate };
        SavedCapacity {
            head: FileHead::new(SCHEMA, ScenarioTitle::new(self.name, self.question)),
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

fn end(end: Option<&CapacityBound>) -> String {
    end.map_or_else(
        || "-".to_owned(),
        |end| format!("{} arrivals/s, pace {}", number(end.rate.round()), number(end.pace)),
    )
}

fn row(label: &str, text: &str) -> String {
    format!("{}\n", cut(&format!("{}{text}", left(label, LABEL)), WIDTH))
}

fn line(label: &str, cells: &[String], verdict: &str) -> String {
    let cells = String::from_iter(cells.iter().map(|cell| right(cell, CELL)));
    format!("{}{cells}  {verdict}\n", left(label, TRIAL))
}

const LABEL: usize = 22;
const TRIAL: usize = 15;
const CELL: usize = 11;
const _: () = assert!(TRIAL + 5 * CELL + "  not held".len() <= WIDTH);
