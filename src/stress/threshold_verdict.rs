//! What a run came to, held against its thresholds.

use hdrhistogram::Histogram;

use crate::ledger::definitions;
use crate::scenario::threshold::{Measure, Statistic, SystemMeasure, Threshold};

use super::message_accounting::{Account, Mailbox};
use super::results::StressResults;
use super::stress_figures::Count;

/// A threshold and what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedThreshold {
    /// The threshold.
    pub threshold: Threshold,
    /// What was measured, in the base unit of the measure; `None` if there was nothing to measure.
    pub value: Option<f64>,
}

/// Whether a threshold was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThresholdVerdict {
    /// The value is as it should be.
    Met,
    /// It is not.
    Missed,
    /// There was nothing to measure, so nobody knows.
    Unknown,
}

impl JudgedThreshold {
    /// Whether it was met.
    pub fn verdict(&self) -> ThresholdVerdict {
        match self.value {
            None => ThresholdVerdict::Unknown,
            Some(value) if self.threshold.is_met_by(value) => ThresholdVerdict::Met,
            Some(_) => ThresholdVerdict::Missed,
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
        JudgedThreshold { threshold: threshold.clone(), value: self.measured(threshold.measure) }
    }

    /// The value of a measure in its base unit; `None` if there was nothing to measure.
    pub fn measured(&self, measure: Measure) -> Option<f64> {
        match measure {
            Measure::Timing(statistic, timing) => {
                let histogram = self.figures.timing(timing);
                (!histogram.is_empty()).then(|| of_histogram(statistic, histogram))
            }
            Measure::Count(count) => Some(self.figures.count(count) as f64),
            Measure::Rate(count) => Some(self.rate(count)),
            Measure::System(measure) => self.of_system(measure),
            Measure::Figure(name) => {
                definitions::find(name).and_then(|figure| (figure.value)(&self.outcome))
            }
        }
    }

    /// How often something happened a second, over the whole run.
    pub fn rate(&self, count: Count) -> f64 {
        let seconds = self.length.as_secs_f64();
        if seconds > 0.0 { self.figures.count(count) as f64 / seconds } else { 0.0 }
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
        }
    }
}

/// Seconds.
fn of_histogram(statistic: Statistic, histogram: &Histogram<u64>) -> f64 {
    let nanos = match statistic {
        Statistic::Mean => histogram.mean(),
        Statistic::Percentile(percent) => histogram.value_at_quantile(percent / 100.0) as f64,
        Statistic::Max => histogram.max() as f64,
    };
    nanos / 1e9
}
