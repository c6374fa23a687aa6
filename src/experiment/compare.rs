//! Two variants held against each other: which is better, and is that sure?

use crate::ledger::definitions::{Definition, find};
use crate::ledger::objectives::{DifferenceThresholds, OBJECTIVES, Objective};

use super::interval::{AllSeries, Estimate};

/// What decides whether a difference matters, and how sure one must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Confidence of the intervals, 0 to 1.
    pub confidence: f64,
    /// Smaller differences do not matter.
    pub thresholds: DifferenceThresholds,
}

/// What a difference comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ComparisonVerdict {
    /// Better than the base.
    Better,
    /// Worse than the base.
    Worse,
    /// The interval holds only differences that do not matter.
    Same,
    /// The interval holds both; about so many replications would tell.
    Unclear {
        /// None if a single replication gives no idea.
        replications: Option<u64>,
    },
}

/// One figure of a variant against that of the base.
#[derive(Clone, Copy)]
pub struct Comparison {
    /// Which.
    pub figure: &'static Definition,
    /// The variant's less the base's.
    pub difference: Estimate,
    /// The smallest difference that matters, in the unit of the figure.
    pub threshold: f64,
    /// What that comes to.
    pub verdict: ComparisonVerdict,
}

impl Rule {
    /// The rule at a confidence, for a scenario that says nothing about what matters.
    pub fn at(confidence: f64) -> Self {
        Self { confidence, thresholds: DifferenceThresholds::default() }
    }

    /// All figures that have a direction. A figure that neither has is left out.
    pub fn judge(&self, base: &AllSeries, other: &AllSeries) -> Vec<Comparison> {
        let figures = OBJECTIVES.iter().filter_map(|objective| find(objective.figure));
        figures.filter_map(|figure| self.compare_figure(figure, base, other)).collect()
    }

    /// Any figure: less is better unless it is known to be worse. None of what one of the two lacks.
    pub fn compare_figure(
        &self,
        figure: &'static Definition,
        base: &AllSeries,
        other: &AllSeries,
    ) -> Option<Comparison> {
        let (base, difference) = (base.estimate(figure)?, other.against_base(figure)?);
        let of_less = Objective::of_less(figure);
        Some(self.compare(Objective::of(figure).unwrap_or(&of_less), base, difference))
    }

    /// One figure: `base` is that of the base, `difference` the other's less it.
    pub fn compare(
        &self,
        objective: &Objective,
        base: Estimate,
        difference: Estimate,
    ) -> Comparison {
        let figure =
            find(objective.figure).unwrap_or_else(|| unreachable!("an objective is a figure"));
        let threshold = self.thresholds.of(objective).against(base.value);
        let verdict = self.verdict(objective, threshold, &difference);
        Comparison { figure, difference, threshold, verdict }
    }

    fn verdict(
        &self,
        objective: &Objective,
        threshold: f64,
        difference: &Estimate,
    ) -> ComparisonVerdict {
        let Some(half) = difference.half_width(self.confidence) else {
            return ComparisonVerdict::Unclear { replications: None };
        };
        let distance = difference.value.abs();
        if distance + half <= threshold {
            ComparisonVerdict::Same
        } else if distance > half {
            let is_better = (difference.value > 0.0) == objective.more_is_better;
            if is_better { ComparisonVerdict::Better } else { ComparisonVerdict::Worse }
        } else {
            // Half widths fall with the root of the number: until zero lies outside, or the
            // threshold does.
            let enough = distance.max(threshold - distance);
            let times = half / enough;
            let replications = libm::ceil(difference.replications as f64 * times * times);
            ComparisonVerdict::Unclear {
                replications: replications.is_finite().then_some(replications as u64),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::objectives::DifferenceThreshold;

    fn estimate(value: f64, half: f64) -> Estimate {
        // With so many degrees of freedom the bound is 1.96.
        let standard_error = Some(half / 1.959_963_984_540_054);
        Estimate { value, standard_error, freedom: 1e12, replications: 25 }
    }

    fn verdict(objective: &Objective, base: f64, difference: f64, half: f64) -> ComparisonVerdict {
        Rule::at(0.95).compare(objective, estimate(base, 0.0), estimate(difference, half)).verdict
    }

    #[test]
    fn a_difference_is_good_bad_small_or_unclear() {
        let [level, abandonment, .., response] = &OBJECTIVES;
        assert_eq!(verdict(level, 0.8, 0.05, 0.01), ComparisonVerdict::Better);
        assert_eq!(verdict(level, 0.8, -0.05, 0.01), ComparisonVerdict::Worse);
        assert_eq!(verdict(abandonment, 0.2, -0.05, 0.01), ComparisonVerdict::Better);
        assert_eq!(verdict(abandonment, 0.2, 0.005, 0.004), ComparisonVerdict::Same);
        assert_eq!(verdict(response, 100.0, 1.2, 0.7), ComparisonVerdict::Same);
        assert_eq!(verdict(response, 100.0, 1.2, 0.9), ComparisonVerdict::Worse);
        // Unclear: an interval of 0.03 around 0.02 needs (3/2)² times the replications ...
        let unclear =
            |replications| ComparisonVerdict::Unclear { replications: Some(replications) };
        assert_eq!(verdict(level, 0.8, 0.02, 0.03), unclear(57));
        // ... and around 0.002 until it is within the threshold: (0.03 / 0.008)² × 25.
        assert_eq!(verdict(level, 0.8, 0.002, 0.03), unclear(352));
    }

    #[test]
    fn what_matters_is_what_the_scenario_says() {
        let compared = |threshold| {
            let thresholds = DifferenceThresholds::new(|_| threshold);
            let rule = Rule { thresholds, ..Rule::at(0.95) };
            let compared = rule.compare(&OBJECTIVES[6], estimate(100.0, 0.0), estimate(4.0, 0.5));
            (compared.threshold, compared.verdict)
        };
        assert_eq!(compared(DifferenceThreshold::Absolute(4.5)), (4.5, ComparisonVerdict::Same));
        assert_eq!(compared(DifferenceThreshold::Absolute(4.4)), (4.4, ComparisonVerdict::Worse));
        assert_eq!(compared(DifferenceThreshold::Relative(0.05)), (5.0, ComparisonVerdict::Same));
    }

    #[test]
    fn nothing_is_the_same_as_nothing_and_one_replication_tells_nothing() {
        let abandonment = &OBJECTIVES[1];
        assert_eq!(verdict(abandonment, 0.0, 0.0, 0.0), ComparisonVerdict::Same);
        let reassignments = &OBJECTIVES[2];
        assert_eq!(verdict(reassignments, 0.0, 0.0, 0.0), ComparisonVerdict::Same);
        let once = Estimate { value: 0.1, standard_error: None, freedom: 0.0, replications: 1 };
        let compared = Rule::at(0.95).compare(abandonment, estimate(0.2, 0.0), once);
        assert_eq!(compared.verdict, ComparisonVerdict::Unclear { replications: None });
    }
}
