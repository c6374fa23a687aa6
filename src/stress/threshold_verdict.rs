//! What a run came to, held against its thresholds.

use std::time::Duration;

use crate::ledger::definitions;
use crate::scenario::threshold::{Measure, Operator, Statistic, SystemMeasure, Threshold};

use super::message_accounting::{Account, Mailbox};
use super::recovery::Recovery;
use super::results::StressResults;
use super::stress_figures::{Count, Timing};
use super::timing_result::TimingResult;

/// A threshold and what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedThreshold {
    /// The threshold.
    pub threshold: Threshold,
    /// What was measured, in the base unit of the measure; `None` if there was nothing to measure.
    pub value: Option<MeasuredValue>,
    /// Of a percentile how many were timed.
    pub timed: Option<u64>,
}

/// A value between two bounds, which are the same unless something was unfinished at the end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasuredValue {
    /// It is not less.
    pub least: f64,
    /// It is not more; infinite if nothing bounds it.
    pub most: f64,
}

impl MeasuredValue {
    /// A value that is known.
    pub fn exact(value: f64) -> Self {
        Self { least: value, most: value }
    }

    /// Whether it is known.
    pub fn is_exact(self) -> bool {
        self.least == self.most
    }
}

/// Whether a threshold was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThresholdVerdict {
    /// The value is as it should be.
    Met,
    /// It is not.
    Missed,
    /// There was nothing to measure, or what was unfinished at the end decides, so nobody knows.
    Unknown,
}

impl JudgedThreshold {
    /// Whether it was met.
    pub fn verdict(&self) -> ThresholdVerdict {
        match self.value {
            None => ThresholdVerdict::Unknown,
            Some(MeasuredValue { least, most }) => {
                let is_equal = self.threshold.operator == Operator::Equal;
                let is_within = (least..=most).contains(&self.threshold.limit);
                match [least, most].map(|value| self.threshold.is_met_by(value)) {
                    [true, true] => ThresholdVerdict::Met,
                    [false, false] if !is_equal || !is_within => ThresholdVerdict::Missed,
                    _ => ThresholdVerdict::Unknown,
                }
            }
        }
    }

    /// Whether enough was timed for a percentile to say something of more than this run: ten beyond it.
    pub fn has_enough(&self) -> bool {
        match (self.threshold.measure, self.timed) {
            (Measure::Timing(Statistic::Percentile(percent), _), Some(timed)) => {
                timed as f64 >= libm::ceil(100.0 * BEYOND / (100.0 - percent) - 1e-6)
            }
            _ => true,
        }
    }
}

impl ThresholdVerdict {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Unknown => "unknown",
        }
    }
}

impl StressResults {
    /// Each threshold of the run with what was measured.
    pub fn judged(&self) -> Vec<JudgedThreshold> {
        let thresholds = self.settings.thresholds.iter();
        thresholds.map(|threshold| self.judge(threshold)).collect()
    }

    /// A threshold with what was measured.
    pub fn judge(&self, threshold: &Threshold) -> JudgedThreshold {
        let timed = match threshold.measure {
            Measure::Timing(Statistic::Percentile(_), timing) => {
                Some(self.timing_in(threshold.stage.as_deref(), timing))
            }
            _ => None,
        };
        let timed = timed.map(|timed| timed.map_or(0, |timed| timed.all().len()));
        let value = match threshold.stage.as_deref() {
            None => self.measured(threshold.measure),
            Some(stage) => self.measured_in_stage(stage, threshold.measure),
        };
        JudgedThreshold { threshold: threshold.clone(), value, timed }
    }

    /// How long something took, in a stage of the load if one is named.
    fn timing_in(&self, stage: Option<&str>, timing: Timing) -> Option<TimingResult> {
        match stage {
            None => Some(self.timing(timing)),
            Some(stage) => self.stage(stage)?.figures.timing(timing),
        }
    }

    /// The value of a measure in a stage of the load; `None` if there was nothing to measure.
    fn measured_in_stage(&self, stage: &str, measure: Measure) -> Option<MeasuredValue> {
        let stage = self.stage(stage)?;
        let nothing_came = stage.figures.count(Count::Scheduled) == 0;
        let exact = match measure {
            Measure::Timing(statistic, timing) => {
                return of_timing(statistic, &stage.figures.timing(timing)?);
            }
            Measure::Count(_) | Measure::Rate(_) if nothing_came => None,
            Measure::Count(count) => Some(stage.figures.count(count) as f64),
            Measure::Rate(count) => stage.rate(count),
            Measure::System(_) | Measure::Figure(_) => None,
        };
        exact.map(MeasuredValue::exact)
    }

    /// The value of a measure in its base unit; `None` if there was nothing to measure.
    pub fn measured(&self, measure: Measure) -> Option<MeasuredValue> {
        let exact = match measure {
            Measure::Timing(statistic, timing) => {
                return of_timing(statistic, &self.timing(timing));
            }
            // Where nothing was to come, nothing that came of it says anything.
            Measure::Count(_) | Measure::Rate(_) if self.due() == 0 => None,
            Measure::Count(count) => Some(self.figures.count(count) as f64),
            Measure::Rate(count) => Some(self.rate(count)),
            Measure::System(SystemMeasure::Recovery) => return self.recovery(),
            Measure::System(measure) => self.of_system(measure),
            Measure::Figure(name) => {
                definitions::find(name).and_then(|figure| (figure.value)(&self.outcome))
            }
        };
        exact.map(MeasuredValue::exact)
    }

    /// How often something happened a second, while the load lasted.
    pub fn rate(&self, count: Count) -> f64 {
        let seconds = self.load.as_secs_f64();
        if seconds > 0.0 { self.figures.in_load(count) as f64 / seconds } else { 0.0 }
    }

    fn of_system(&self, measure: SystemMeasure) -> Option<f64> {
        let total = |column: fn(&Account) -> u64| -> f64 {
            Mailbox::ALL.map(|mailbox| column(self.account(mailbox)) as f64).iter().sum()
        };
        let memory = &self.memory;
        match measure {
            SystemMeasure::Dead => Some(total(|account| account.dead)),
            SystemMeasure::Queued => Some(total(|account| account.queued)),
            SystemMeasure::Backlog => {
                let rate = self.rate(Count::Messages);
                (rate > 0.0).then(|| total(|account| account.queued) / rate)
            }
            SystemMeasure::Live => Some(memory.live as f64),
            SystemMeasure::Timers => Some(memory.timers as f64),
            SystemMeasure::Memory => memory.most.map(|bytes| bytes as f64),
            SystemMeasure::MemoryGrowth => {
                Some(memory.after?.saturating_sub(memory.before?) as f64)
            }
            SystemMeasure::MemoryPerConversation => memory.per_conversation(),
            SystemMeasure::MemoryPerTimer => memory.per_timer(),
            SystemMeasure::NotRecovered => {
                let faults = self.recoveries.iter().filter(|fault| fault.recovered.is_none());
                (!self.recoveries.is_empty()).then(|| faults.count() as f64)
            }
            SystemMeasure::Recovery => None,
        }
    }

    /// The longest recovery from a fault. Where there was none within the run, it takes longer than what
    /// was left of that.
    fn recovery(&self) -> Option<MeasuredValue> {
        let longest = |seconds: fn(&Recovery, &Self) -> f64| {
            self.recoveries.iter().map(|fault| seconds(fault, self)).reduce(f64::max)
        };
        let least = longest(|fault, run| {
            let begun = Duration::from_secs_f64(fault.step.at.as_secs_f64());
            fault.recovered.unwrap_or_else(|| run.length.saturating_sub(begun)).as_secs_f64()
        })?;
        let most = longest(|fault, _| {
            fault.recovered.map_or(f64::INFINITY, |recovered| recovered.as_secs_f64())
        })?;
        Some(MeasuredValue { least, most })
    }
}

/// Seconds; `None` if there was nothing to time.
fn of_timing(statistic: Statistic, timing: &TimingResult) -> Option<MeasuredValue> {
    let all = timing.all();
    let quantile = match statistic {
        Statistic::Mean if timing.unfinished() == 0 => {
            return (!all.is_empty()).then(|| MeasuredValue::exact(all.mean() / NANOS));
        }
        Statistic::Mean => {
            return Some(MeasuredValue { least: all.mean() / NANOS, most: f64::INFINITY });
        }
        Statistic::Percentile(percent) => percent / 100.0,
        Statistic::Max => 1.0,
    };
    let most = |nanos: Option<u64>| nanos.map_or(f64::INFINITY, |nanos| nanos as f64 / NANOS);
    (!all.is_empty()).then(|| MeasuredValue {
        least: timing.at_least(quantile) as f64 / NANOS,
        most: most(timing.at_most(quantile)),
    })
}

/// So many must be beyond a percentile.
const BEYOND: f64 = 10.0;
const NANOS: f64 = 1e9;

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(threshold: &str, least: f64, most: f64) -> ThresholdVerdict {
        let (_, rest) = threshold.split_once(' ').unwrap();
        let (sign, limit) = rest.split_once(' ').unwrap();
        let operators = [
            Operator::Below,
            Operator::AtMost,
            Operator::Above,
            Operator::AtLeast,
            Operator::Equal,
        ];
        let operator = operators.into_iter().find(|operator| operator.sign() == sign).unwrap();
        let measure = Measure::System(SystemMeasure::Backlog);
        let threshold = Threshold::new(measure, operator, limit).unwrap();
        let value = Some(MeasuredValue { least, most });
        JudgedThreshold { threshold, value, timed: None }.verdict()
    }

    #[test]
    fn a_threshold_is_met_or_missed_only_if_both_bounds_say_so() {
        use ThresholdVerdict::{Met, Missed, Unknown};
        for (threshold, least, most, expected) in [
            ("backlog < 2s", 1.0, 1.5, Met),
            ("backlog < 2s", 1.0, f64::INFINITY, Unknown),
            ("backlog < 2s", 2.0, f64::INFINITY, Missed),
            ("backlog >= 2s", 2.0, f64::INFINITY, Met),
            ("backlog >= 2s", 1.0, f64::INFINITY, Unknown),
            ("backlog > 2s", 1.0, 2.0, Missed),
            ("backlog == 2s", 2.0, 2.0, Met),
            ("backlog == 2s", 1.0, f64::INFINITY, Unknown),
            ("backlog == 2s", 3.0, f64::INFINITY, Missed),
            ("backlog == 2s", 1.0, 1.0, Missed),
        ] {
            assert_eq!(verdict(threshold, least, most), expected, "{threshold}: {least} {most}");
        }
    }

    /// Ten of 1,000 are beyond 99 %, of 10,000 beyond 99.9 %.
    #[test]
    fn a_percentile_says_something_when_ten_are_beyond_it() {
        let has_enough = |percent, timed| {
            let measure = Measure::Timing(Statistic::Percentile(percent), Timing::Admission);
            let threshold = Threshold::new(measure, Operator::Below, "1s").unwrap();
            JudgedThreshold { threshold, value: None, timed: Some(timed) }.has_enough()
        };
        for (percent, needed) in [(50.0, 20), (90.0, 100), (99.0, 1_000), (99.9, 10_000)] {
            assert!(has_enough(percent, needed) && !has_enough(percent, needed - 1), "{percent}");
        }
    }
}
