//! What the report of a capacity search is made of, and its summary.

use jiff::ZonedDateTime;

use crate::report::RunTitle;
use crate::report::format::{number, percent, plural, seconds};
use crate::report::json_file::{FileHead, ScenarioTitle};
use crate::report::run_title::heading;
use crate::report::start_time::rfc3339;
use crate::report::table::{ReportCell, ReportColumn, ReportTable, TextTable};
use crate::report::terminal::{WIDTH, cut, wrapped};
use crate::scenario::stress::Stress;
use crate::stress::capacity::{CapacityBound, FoundCapacity, TrialResult, swing};

use super::against::Against;
use super::capacity_words::{in_words, millions, reasons};
use super::saved_capacity::{BareWheelRates, SCHEMA, SavedBound, SavedCapacity, SavedTrial};
use super::trials_table::trials_table;

/// All that the report of a capacity search is made of.
pub struct CapacityReport<'a> {
    /// What was run.
    pub title: RunTitle<'a>,
    /// Seed of all random streams.
    pub seed: u64,
    /// When it started, in the time zone of the machine.
    pub started: &'a ZonedDateTime,
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
        let text = heading(self.title.name, self.title.question);
        let Self { title, seed, shards, settings, .. } = self;
        let variant = title.variant;
        let line = format!(
            "Capacity search on the wall clock: variant {variant}, trials of {}, {}, seed {seed}",
            seconds(settings.load().as_secs_f64()),
            plural(u64::from(*shards), "shard")
        );
        let thresholds = Vec::from_iter(settings.thresholds.iter().map(ToString::to_string));
        let held = format!("A trial holds if it is valid and {}.", thresholds.join(", "));
        let started = format!("Started {}.", rfc3339(self.started));
        text + &wrapped(&line, 2) + "\n" + &started + "\n" + &wrapped(&held, 2) + "\n"
    }

    fn answer(&self) -> String {
        let FoundCapacity { held, not_held, ending, trials } = self.found;
        let columns = [ReportColumn::default().left(22), ReportColumn::default().left(58)];
        let mut table = ReportTable::of("", columns);
        table.push(None, vec!["Held".into(), end(held.as_ref())]);
        table.push(None, vec!["Not held".into(), end(not_held.as_ref())]);
        if let Some(held) = held
            && let Some(trial) = trials.iter().rfind(|trial| trial.pace == held.pace)
        {
            let TrialResult { opened, timers, .. } = &trial.attempt;
            let line = format!(
                "{} opened/s and {} timer operations/s",
                number(opened.round()),
                number(timers.round())
            );
            table.push(None, vec!["  at the rate held".to_owned(), line]);
        }
        let wheel = BareWheelRates::of(self.found);
        let line = format!(
            "{} operations/s, from {} to {}: {}",
            millions(wheel.median),
            millions(wheel.least),
            millions(wheel.most),
            percent(swing(&self.found.yardsticks()))
        );
        table.push(None, vec!["Bare wheel meanwhile".to_owned(), line]);
        let line = format!("{}: {}", trials.len(), in_words(*ending));
        table.push(None, vec!["Trials".to_owned(), line]);
        if let Some(then) = self.against {
            for (label, line) in Against::of(then, &self.saved()).lines() {
                table.push(None, vec![label.to_owned(), line]);
            }
        }
        table.text()
    }

    fn trials(&self) -> String {
        let table = trials_table(&self.found.trials);
        let rows = TextTable::new(&table);
        let mut text = rows.head();
        for (trial, row) in self.found.trials.iter().zip(&table.rows) {
            text += &rows.row(row);
            for reason in reasons(&trial.attempt) {
                text += &format!("{}\n", cut(&format!("   {reason}"), WIDTH));
            }
        }
        text
    }

    /// As it is saved.
    pub fn saved(&self) -> SavedCapacity {
        let FoundCapacity { held, not_held, ending, trials } = self.found;
        let saved = |end: &CapacityBound| SavedBound { pace: end.pace, rate: end.rate };
        SavedCapacity {
            head: FileHead::new(SCHEMA, ScenarioTitle::new(self.title.name, self.title.question)),
            variant: self.title.variant.to_owned(),
            seed: self.seed,
            started: rfc3339(self.started),
            shards: self.shards,
            speed: self.settings.speed,
            length: self.settings.load().as_secs_f64(),
            thresholds: self.settings.thresholds.iter().map(ToString::to_string).collect(),
            ending: in_words(*ending).to_owned(),
            held: held.as_ref().map(saved),
            not_held: not_held.as_ref().map(saved),
            bare_wheel: BareWheelRates::of(self.found),
            swing: swing(&self.found.yardsticks()),
            trials: trials.iter().map(SavedTrial::of).collect(),
        }
    }
}

fn end(end: Option<&CapacityBound>) -> ReportCell {
    let text = |end: &CapacityBound| {
        format!("{} arrivals/s, pace {}", number(end.rate.round()), number(end.pace)).into()
    };
    end.map_or(ReportCell::Nothing, text)
}
