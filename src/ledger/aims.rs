//! Figures that have a good and a bad direction, and from which size on a difference matters.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A figure that has a good and a bad direction.
pub struct Aim {
    /// Its name among the figures.
    pub figure: &'static str,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// From which size on a difference matters unless a scenario says otherwise.
    pub threshold: Threshold,
}

/// From which size on a difference matters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Threshold {
    /// In the unit of the figure.
    Absolute(f64),
    /// As a part of the figure of the base.
    Relative(f64),
}

/// A threshold for each aim.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "BTreeMap<String, Threshold>", from = "BTreeMap<String, Threshold>")]
pub struct Thresholds([Threshold; AIMS.len()]);

impl Threshold {
    /// The smallest difference that matters, in the unit of the figure, which is `base` in the base.
    pub fn against(self, base: f64) -> f64 {
        match self {
            Self::Absolute(difference) => difference,
            Self::Relative(part) => part * base.abs(),
        }
    }
}

impl Thresholds {
    /// One for each aim, as `of` says.
    pub fn new(of: impl FnMut(&'static Aim) -> Threshold) -> Self {
        Self(AIMS.each_ref().map(of))
    }

    /// That of one aim.
    pub fn of(&self, aim: &Aim) -> Threshold {
        let mut all = AIMS.iter().zip(self.0);
        let found = all.find(|(known, _)| known.figure == aim.figure);
        found.map_or(aim.threshold, |(_, threshold)| threshold)
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self::new(|aim| aim.threshold)
    }
}

/// By the names of the figures.
impl From<Thresholds> for BTreeMap<String, Threshold> {
    fn from(thresholds: Thresholds) -> Self {
        AIMS.iter().map(|aim| (aim.figure.to_owned(), thresholds.of(aim))).collect()
    }
}

/// What is not named is as if no scenario said anything.
impl From<BTreeMap<String, Threshold>> for Thresholds {
    fn from(named: BTreeMap<String, Threshold>) -> Self {
        Self::new(|aim| named.get(aim.figure).copied().unwrap_or(aim.threshold))
    }
}

/// The figures that a verdict is given on. A point of a share matters, or two hundredths of anything
/// else.
pub static AIMS: [Aim; 5] = [
    Aim { figure: "service_level", more_is_better: true, threshold: Threshold::Absolute(0.01) },
    Aim { figure: "abandonment", more_is_better: false, threshold: Threshold::Absolute(0.01) },
    Aim { figure: "reassignments", more_is_better: false, threshold: Threshold::Relative(0.02) },
    Aim {
        figure: "first_response_mean",
        more_is_better: false,
        threshold: Threshold::Relative(0.02),
    },
    Aim { figure: "response_p90", more_is_better: false, threshold: Threshold::Relative(0.02) },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::definitions::find;

    #[test]
    fn every_aim_is_a_figure() {
        assert!(AIMS.iter().all(|aim| find(aim.figure).is_some()));
    }

    #[test]
    fn what_is_saved_is_read_and_what_is_missing_is_the_default() {
        let thresholds = Thresholds::new(|aim| match aim.figure {
            "abandonment" => Threshold::Absolute(0.125),
            "response_p90" => Threshold::Absolute(5.0),
            _ => aim.threshold,
        });
        let text = serde_json::to_string(&thresholds).unwrap();
        assert!(text.contains(r#""abandonment":{"absolute":0.125}"#), "{text}");
        assert_eq!(serde_json::from_str::<Thresholds>(&text).unwrap(), thresholds);
        assert_eq!(serde_json::from_str::<Thresholds>("{}").unwrap(), Thresholds::default());
        assert_eq!(thresholds.of(&AIMS[0]).against(-3.0), 0.01);
        assert_eq!(thresholds.of(&AIMS[3]).against(-50.0), 1.0);
    }
}
