//! Figures that have a good and a bad direction, and from which size on a difference matters.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::definitions::{Definition, Unit};

/// A figure that has a good and a bad direction.
pub struct Objective {
    /// Its name among the figures.
    pub figure: &'static str,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// From which size on a difference matters unless a scenario says otherwise.
    pub threshold: DifferenceThreshold,
}

/// From which size on a difference matters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Threshold")]
pub enum DifferenceThreshold {
    /// In the unit of the figure.
    Absolute(f64),
    /// As a part of the figure of the base.
    Relative(f64),
}

/// A threshold for each objective.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    into = "BTreeMap<String, DifferenceThreshold>",
    from = "BTreeMap<String, DifferenceThreshold>"
)]
pub struct DifferenceThresholds([DifferenceThreshold; OBJECTIVES.len()]);

impl DifferenceThreshold {
    /// The smallest difference that matters, in the unit of the figure, which is `base` in the base.
    pub fn against(self, base: f64) -> f64 {
        match self {
            Self::Absolute(difference) => difference,
            Self::Relative(part) => part * base.abs(),
        }
    }
}

impl Objective {
    /// That of a figure which has a direction.
    pub fn of(figure: &Definition) -> Option<&'static Self> {
        OBJECTIVES.iter().find(|objective| objective.figure == figure.name)
    }

    /// As if less of a figure were better.
    pub fn of_less(figure: &Definition) -> Self {
        let threshold = if figure.unit == Unit::Share { A_POINT } else { TWO_HUNDREDTHS };
        Self { figure: figure.name, more_is_better: false, threshold }
    }
}

impl DifferenceThresholds {
    /// One for each objective, as `of` says.
    pub fn new(of: impl FnMut(&'static Objective) -> DifferenceThreshold) -> Self {
        Self(OBJECTIVES.each_ref().map(of))
    }

    /// That of one objective.
    pub fn of(&self, objective: &Objective) -> DifferenceThreshold {
        let mut all = OBJECTIVES.iter().zip(self.0);
        let found = all.find(|(known, _)| known.figure == objective.figure);
        found.map_or(objective.threshold, |(_, threshold)| threshold)
    }
}

impl Default for DifferenceThresholds {
    fn default() -> Self {
        Self::new(|objective| objective.threshold)
    }
}

/// By the names of the figures.
impl From<DifferenceThresholds> for BTreeMap<String, DifferenceThreshold> {
    fn from(thresholds: DifferenceThresholds) -> Self {
        OBJECTIVES
            .iter()
            .map(|objective| (objective.figure.to_owned(), thresholds.of(objective)))
            .collect()
    }
}

/// What is not named is as if no scenario said anything.
impl From<BTreeMap<String, DifferenceThreshold>> for DifferenceThresholds {
    fn from(named: BTreeMap<String, DifferenceThreshold>) -> Self {
        Self::new(|objective| named.get(objective.figure).copied().unwrap_or(objective.threshold))
    }
}

const A_POINT: DifferenceThreshold = DifferenceThreshold::Absolute(0.01);
const TWO_HUNDREDTHS: DifferenceThreshold = DifferenceThreshold::Relative(0.02);

/// The figures that a verdict is given on. A point of a share matters, or two hundredths of anything
/// else.
pub static OBJECTIVES: [Objective; 7] = [
    Objective { figure: "service_level", more_is_better: true, threshold: A_POINT },
    Objective { figure: "abandonment", more_is_better: false, threshold: A_POINT },
    Objective { figure: "reassignments", more_is_better: false, threshold: TWO_HUNDREDTHS },
    Objective { figure: "lost_answer_share", more_is_better: false, threshold: A_POINT },
    Objective { figure: "lost_work_share", more_is_better: false, threshold: A_POINT },
    Objective { figure: "first_response_mean", more_is_better: false, threshold: TWO_HUNDREDTHS },
    Objective { figure: "response_p90", more_is_better: false, threshold: TWO_HUNDREDTHS },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::definitions::find;

    #[test]
    fn every_objective_is_a_figure() {
        assert!(OBJECTIVES.iter().all(|objective| find(objective.figure).is_some()));
    }

    #[test]
    fn what_is_saved_is_read_and_what_is_missing_is_the_default() {
        let thresholds = DifferenceThresholds::new(|objective| match objective.figure {
            "abandonment" => DifferenceThreshold::Absolute(0.125),
            "response_p90" => DifferenceThreshold::Absolute(5.0),
            _ => objective.threshold,
        });
        let text = serde_json::to_string(&thresholds).unwrap();
        assert!(text.contains(r#""abandonment":{"absolute":0.125}"#), "{text}");
        assert_eq!(serde_json::from_str::<DifferenceThresholds>(&text).unwrap(), thresholds);
        assert_eq!(
            serde_json::from_str::<DifferenceThresholds>("{}").unwrap(),
            DifferenceThresholds::default()
        );
        assert_eq!(thresholds.of(&OBJECTIVES[0]).against(-3.0), 0.01);
        assert_eq!(thresholds.of(&OBJECTIVES[5]).against(-50.0), 1.0);
    }
}
