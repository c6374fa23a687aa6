//! A log against a scenario, with all that is shown of it.

use crate::experiment::backcast::{BackcastResults, Verdict};
use crate::fitting::{LogPart, MeasuredFigure, MeasuredLog};
use crate::log::LogNames;
use crate::report::format::plural;

use super::figure_names::{FigureUnit, label, name_of};

/// What came of a backcast.
pub struct BackcastReport<'a> {
    /// Name of the scenario.
    pub name: &'a str,
    /// Name of its variant.
    pub variant: &'a str,
    /// What came of it.
    pub results: &'a BackcastResults,
    /// What was measured in the log.
    pub measured: &'a MeasuredLog,
    /// Names of its skills.
    pub skills: &'a LogNames,
    /// Seed of the scenario.
    pub seed: u64,
    /// Whether parameters were drawn as they were estimated.
    pub are_parameters_drawn: bool,
    /// Whether consumers came at random.
    pub are_arrivals_drawn: bool,
    /// Whether agents followed their planned shifts.
    pub is_roster_planned: bool,
    /// What must not be overlooked.
    pub notes: Vec<String>,
}

/// A figure, measured and simulated.
pub(super) struct BackcastFigure {
    pub(super) figure: MeasuredFigure,
    pub(super) measured: f64,
    /// Mean of the replications.
    pub(super) mean: f64,
    /// Where it may be.
    pub(super) low: f64,
    pub(super) high: f64,
    /// Replications that have less.
    pub(super) below: usize,
    /// Replications that have as much.
    pub(super) alike: usize,
    /// Mean with the suspect parameter of the log.
    pub(super) with_suspect: Option<f64>,
}

impl BackcastFigure {
    pub(super) fn is_inside(&self) -> bool {
        (self.low..=self.high).contains(&self.measured)
    }

    pub(super) fn unit(&self) -> FigureUnit {
        name_of(self.figure.kind).unit
    }

    /// The rank of the measured one among the replications and itself, from 1; the middle of those alike.
    pub(super) fn rank(&self) -> f64 {
        self.below as f64 + 1.0 + self.alike as f64 / 2.0
    }
}

impl BackcastReport<'_> {
    /// Whether the scenario fits.
    pub fn verdict(&self) -> Verdict {
        self.results.verdict
    }

    /// Replications.
    pub(super) fn replications(&self) -> usize {
        self.results.simulated.len()
    }

    /// All figures in order.
    pub(super) fn rows(&self) -> Vec<BackcastFigure> {
        let BackcastResults { figures, measured, simulated, envelope, trial, .. } = self.results;
        let rows = figures.figures.iter().enumerate().map(|(position, &figure)| {
            let value = measured[position];
            let values = simulated.iter().map(|one| one[position]);
            let sum: f64 = values.clone().sum();
            BackcastFigure {
                figure,
                measured: value,
                mean: sum / simulated.len().max(1) as f64,
                low: envelope.ranges[position].low,
                high: envelope.ranges[position].high,
                below: values.clone().filter(|one| *one < value).count(),
                alike: values.filter(|one| *one == value).count(),
                with_suspect: trial.as_ref().map(|trial| trial.means[position]),
            }
        });
        rows.collect()
    }

    /// Figures outside of their ranges, in words.
    pub(super) fn outside(&self) -> Vec<String> {
        let rows = self.rows();
        let outside = rows.iter().filter(|row| !row.is_inside());
        outside.map(|row| label(&row.figure, self.skills)).collect()
    }

    /// Days of the log.
    pub(super) fn days(&self) -> usize {
        let parts = self.measured.parts.keys();
        parts.filter(|part| matches!(part, LogPart::Day(_))).count()
    }

    /// The verdict in a word or two.
    pub(super) fn word(&self) -> &'static str {
        match self.verdict() {
            Verdict::Fits => "fits",
            Verdict::DoesNotFit => "does not fit",
            Verdict::TooLittleData => "too little data",
        }
    }

    /// What explains it, where it does not fit.
    pub(super) fn explanation(&self) -> String {
        let results = self.results;
        if results.verdict != Verdict::DoesNotFit {
            return String::new();
        }
        match &results.trial {
            Some(trial) if trial.fits => {
                let own = results.parameters.iter().filter(|it| it.parameter == trial.parameter);
                let values = own.map(|it| {
                    let unit = if it.is_share { FigureUnit::Share } else { FigureUnit::Seconds };
                    format!(
                        "{} {} in the scenario, {} in the log",
                        it.name,
                        unit.written(it.in_scenario),
                        unit.written(it.in_log)
                    )
                });
                format!(
                    "It is explained by one parameter, {}: {}. With that of the log it fits (p = {:.3}).",
                    trial.parameter,
                    Vec::from_iter(values).join("; "),
                    trial.probability
                )
            }
            Some(trial) => format!(
                "No single parameter explains it: what differs most surely is {}, but with that of the log it \
                 does not fit either (p = {:.3}).",
                trial.parameter, trial.probability
            ),
            None => "The log tells no parameter that could explain it.".to_owned(),
        }
    }

    /// How the volumes are, where they can be compared.
    pub(super) fn volumes(&self) -> Option<String> {
        let test = self.results.volumes?;
        let more = (test.count as f64 / test.expected - 1.0) * 100.0;
        let dispersion = test.dispersion.map_or(String::new(), |dispersion| {
            format!(", and days vary {dispersion:.2} times as much as they should")
        });
        let verdict = match test.probability < 0.05 {
            true => "volumes are not those of the scenario",
            false => "volumes may be those of the scenario",
        };
        Some(format!(
            "{} conversations on {} where {:.0} are expected ({more:+.1} %){dispersion}: {verdict} \
             (p = {:.3}). They are replayed, and no part of the verdict.",
            test.count,
            plural(test.days, "day"),
            test.expected,
            test.probability
        ))
    }

    /// How likely wrong scenarios are seen.
    pub(super) fn powers(&self) -> Vec<String> {
        let powers = self
            .results
            .powers
            .iter()
            .map(|it| format!("{}: seen in {:.0} of 100", it.wrong, it.power * 100.0));
        powers.collect()
    }
}
