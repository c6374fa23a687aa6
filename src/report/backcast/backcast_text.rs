//! A backcast in the terminal.

use std::fmt::Write as _;

use crate::experiment::backcast::Verdict;
use crate::fitting::LogPart;
use crate::report::terminal::{cut, wrapped};

use super::backcast_report::{BackcastFigure, BackcastReport};
use super::figure_names::{label, name_of};

impl BackcastReport<'_> {
    /// What is printed, within 80 columns.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut say = |line: &str| {
            text.push_str(&wrapped(line, 2));
            text.push('\n');
        };
        say(&self.headline());
        for sentence in [self.explanation(), self.powers_sentence()] {
            if !sentence.is_empty() {
                say(&sentence);
            }
        }
        if let Some(volumes) = self.volumes() {
            say(&format!("Volumes: {volumes}"));
        }
        self.notes.iter().for_each(|note| say(note));
        text.push('\n');
        let _ = writeln!(text, "{:<32} {:>11} {:>11} {:>23}", "", "log", "simulated", "may be");
        let rows = self.rows();
        let whole = rows.iter().filter(|row| row.figure.part == LogPart::Whole);
        whole.for_each(|row| self.line(row, &mut text));
        let outside =
            rows.iter().filter(|row| row.figure.part != LogPart::Whole && !row.is_inside());
        let outside = Vec::from_iter(outside);
        for row in outside.iter().take(SHOWN) {
            self.line(row, &mut text);
        }
        if outside.len() > SHOWN {
            let _ = writeln!(
                text,
                "… and {} more of days, hours and skills outside",
                outside.len() - SHOWN
            );
        }
        text
    }

    fn line(&self, row: &BackcastFigure, text: &mut String) {
        let unit = row.unit();
        let mark = if row.is_inside() { ' ' } else { '!' };
        let range = format!("{} to {}", unit.written(row.low), unit.written(row.high));
        let name = match row.figure.part {
            LogPart::Whole => name_of(row.figure.kind).label.to_owned(),
            _ => label(&row.figure, self.skills),
        };
        let _ = writeln!(
            text,
            "{mark}{:<31} {:>11} {:>11} {range:>23}",
            cut(&name, 31),
            unit.written(row.measured),
            unit.written(row.mean)
        );
    }

    /// The verdict in a sentence.
    pub(super) fn headline(&self) -> String {
        let count = self.replications();
        let envelope = &self.results.envelope;
        let p = format!("p = {:.3}, error {:.0} %", envelope.probability, envelope.error * 100.0);
        match self.verdict() {
            Verdict::Fits => {
                format!("Fits: the log is like a day of the scenario among {count} ({p}).")
            }
            Verdict::DoesNotFit => {
                format!(
                    "Does not fit: the log is more extreme than {count} replications are ({p})."
                )
            }
            Verdict::TooLittleData => format!(
                "Too little data: nothing contradicts the scenario ({p}), but a wrong one would not be noticed."
            ),
        }
    }

    fn powers_sentence(&self) -> String {
        let powers = self.powers();
        match powers.is_empty() {
            true if self.verdict() == Verdict::DoesNotFit => String::new(),
            true => "The log tells neither patience nor work: no wrong scenario would be seen."
                .to_owned(),
            false => format!(
                "Were the scenario wrong, so often it would be noticed: {}.",
                powers.join("; ")
            ),
        }
    }
}

/// Figures of parts that are listed.
const SHOWN: usize = 12;
