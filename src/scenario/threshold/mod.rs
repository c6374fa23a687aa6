//! `[stress] thresholds`: what a wall-clock run must come to, such as
//! `p99(deadline_lateness) < 10ms`.

mod reader;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ledger::definitions::{self, FigureKind, Unit};
use crate::ledger::measures::{Count, Timing};

pub(super) use self::reader::ThresholdForm;

/// What a measured value must be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Threshold {
    /// What is measured.
    pub measure: Measure,
    /// In which stage of the load; `None` = over the whole run.
    pub stage: Option<String>,
    /// How it is compared.
    pub operator: Operator,
    /// With what, in the base unit of the measure.
    pub limit: f64,
    /// The limit as it was written.
    written: String,
}

/// What a threshold can be about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// A value of a histogram: `p99(deadline_lateness)`.
    Timing(Statistic, Timing),
    /// How often something happened: `refused`.
    Count(Count),
    /// How often it happened a second of the load: `rate(opened)`.
    Rate(Count),
    /// Of the actor system: `dead`.
    System(SystemMeasure),
    /// A figure of the scenario, in its own time: `abandonment`. The name is a known one.
    Figure(&'static str),
}

/// A value of a histogram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    /// The mean.
    Mean,
    /// What so many percent do not exceed.
    Percentile(f64),
    /// The longest.
    Max,
}

/// What the actor system is measured by besides timings and counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemMeasure {
    /// Messages lost with the actor that they were for.
    Dead,
    /// Messages that still waited when the run was over.
    Queued,
    /// The time that it would have taken to handle these.
    Backlog,
    /// Live conversations at the most.
    Live,
    /// Timers to come at the most.
    Timers,
    /// Bytes of the process at the most.
    Memory,
    /// Bytes that the process has gained from before the load to its end.
    MemoryGrowth,
    /// Bytes of a live conversation.
    MemoryPerConversation,
    /// Bytes of a timer.
    MemoryPerTimer,
    /// The longest time that it took to recover from a fault.
    Recovery,
    /// Faults from which the system did not recover within the run.
    NotRecovered,
}

/// What values of a measure are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// A whole number of occurrences.
    Count,
    /// Occurrences a second.
    Rate,
    /// Seconds.
    Time,
    /// Bytes.
    Memory,
    /// 0 to 1.
    Share,
    /// Any other number that is not negative.
    Number,
}

/// How a value is compared with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
}

impl Threshold {
    /// A threshold of our own; its limit is written as in a file.
    pub fn new(measure: Measure, operator: Operator, written: &str) -> Option<Self> {
        let limit = measure.dimension().limit(written)?;
        Some(Self { measure, stage: None, operator, limit, written: written.to_owned() })
    }

    /// Whether a measured value meets it.
    pub fn is_met_by(&self, value: f64) -> bool {
        match self.operator {
            Operator::Below => value < self.limit,
            Operator::AtMost => value <= self.limit,
            Operator::Above => value > self.limit,
            Operator::AtLeast => value >= self.limit,
            Operator::Equal => value == self.limit,
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = self.stage.as_ref().map(|stage| format!(" @ \"{stage}\"")).unwrap_or_default();
        write!(f, "{}{stage} {} {}", self.measure, self.operator.sign(), self.written)
    }
}

/// As it is written in a file.
impl From<Threshold> for String {
    fn from(threshold: Threshold) -> Self {
        threshold.to_string()
    }
}

/// What is wrong with the text, if it is no threshold.
impl TryFrom<String> for Threshold {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        reader::threshold(&text).map_err(|error| error.message)
    }
}

impl Measure {
    /// Whether its values are whole numbers, so that one may be asked for exactly.
    fn is_whole(self) -> bool {
        match self {
            Self::Figure(name) => {
                definitions::find(name).is_some_and(|figure| figure.kind == FigureKind::Count)
            }
            _ => self.dimension() == Dimension::Count,
        }
    }

    /// Whether it is known for each stage of the load.
    fn is_known_by_stage(self) -> bool {
        matches!(self, Self::Timing(..) | Self::Count(_) | Self::Rate(_))
    }

    /// What its values are.
    pub fn dimension(self) -> Dimension {
        match self {
            Self::Timing(..) => Dimension::Time,
            Self::Count(_) => Dimension::Count,
            Self::Rate(_) => Dimension::Rate,
            Self::System(measure) => measure.dimension(),
            Self::Figure(name) => match definitions::find(name).map(|figure| figure.unit) {
                Some(Unit::Share) => Dimension::Share,
                Some(Unit::Seconds) => Dimension::Time,
                _ => Dimension::Number,
            },
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timing(statistic, timing) => write!(f, "{statistic}({})", timing.name()),
            Self::Count(count) => f.write_str(count.name()),
            Self::Rate(count) => write!(f, "rate({})", count.name()),
            Self::System(measure) => f.write_str(measure.name()),
            Self::Figure(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mean => f.write_str("mean"),
            Self::Percentile(percent) => write!(f, "p{percent}"),
            Self::Max => f.write_str("max"),
        }
    }
}

impl SystemMeasure {
    /// All, in order.
    pub const ALL: [Self; 11] = [
        Self::Dead,
        Self::Queued,
        Self::Backlog,
        Self::Live,
        Self::Timers,
        Self::Memory,
        Self::MemoryGrowth,
        Self::MemoryPerConversation,
        Self::MemoryPerTimer,
        Self::Recovery,
        Self::NotRecovered,
    ];

    /// Whether it is about recovering from faults.
    pub(super) fn is_of_faults(self) -> bool {
        matches!(self, Self::Recovery | Self::NotRecovered)
    }

    /// Its name in thresholds.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dead => "dead",
            Self::Queued => "queued",
            Self::Backlog => "backlog",
            Self::Live => "live",
            Self::Timers => "timers",
            Self::Memory => "memory",
            Self::MemoryGrowth => "memory_growth",
            Self::MemoryPerConversation => "memory_per_conversation",
            Self::MemoryPerTimer => "memory_per_timer",
            Self::Recovery => "recovery",
            Self::NotRecovered => "not_recovered",
        }
    }

    fn dimension(self) -> Dimension {
        match self {
            Self::Dead | Self::Queued | Self::Live | Self::Timers | Self::NotRecovered => {
                Dimension::Count
            }
            Self::Backlog | Self::Recovery => Dimension::Time,
            Self::Memory
            | Self::MemoryGrowth
            | Self::MemoryPerConversation
            | Self::MemoryPerTimer => Dimension::Memory,
        }
    }
}

impl Dimension {
    /// The limit that a text names, in the base unit.
    fn limit(self, text: &str) -> Option<f64> {
        reader::limit(self, text)
    }

    /// The base unit, in results.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Count | Self::Number => "1",
            Self::Rate => "1/s",
            Self::Time => "s",
            Self::Memory => "B",
            Self::Share => "share",
        }
    }

    /// What may stand for a limit.
    fn allowed(self) -> &'static str {
        match self {
            Self::Count => "a whole number, such as 0",
            Self::Rate => "a number a second, such as 900/s",
            Self::Time => "a length of time with its unit, such as 10ms or 2s",
            Self::Memory => "an amount of memory with its unit (B, kB, MB, GB), such as 300 B",
            Self::Share => "a share, such as 5% or 0.05",
            Self::Number => "a number that is not negative, such as 2.5",
        }
    }

    /// The largest value there can be.
    fn most(self) -> f64 {
        if self == Self::Share { 1.0 } else { f64::INFINITY }
    }
}

impl Operator {
    /// All, the longer signs first.
    const ALL: [Self; 5] = [Self::AtMost, Self::AtLeast, Self::Equal, Self::Below, Self::Above];

    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Equal => "==",
        }
    }
}
