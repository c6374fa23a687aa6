//! Figures that hold for a while: their areas under the curve, maxima and time series.

use serde::{Deserialize, Serialize};

use super::merge::{Merge, merge_by_field};

/// What is watched all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gauge {
    /// `New` conversations without an owner: the queue.
    Queue,
    /// Conversations that are not resolved.
    Open,
    /// Open conversations without an owner.
    Unowned,
    /// `New` conversations whose owner is Offline.
    Stranded,
    /// Agents Online.
    Online,
    /// Agents Away.
    Away,
    /// Agents Offline.
    Offline,
    /// Logged-in agents at work: writing, deciding on a hand-over, wrapping up; not while
    /// unresponsive.
    Busy,
    /// Logged-in agents who are interrupted or cut off.
    Unresponsive,
    /// Logged-in agents whose shift is over and who finish first.
    Closing,
    /// Thousandths of slots used by open conversations of logged-in agents.
    SlotsUsed,
    /// Thousandths of slots of logged-in agents.
    SlotCapacity,
}

impl Gauge {
    /// How many there are.
    pub const COUNT: usize = 12;

    /// All, in order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Queue,
        Self::Open,
        Self::Unowned,
        Self::Stranded,
        Self::Online,
        Self::Away,
        Self::Offline,
        Self::Busy,
        Self::Unresponsive,
        Self::Closing,
        Self::SlotsUsed,
        Self::SlotCapacity,
    ];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Open => "open",
            Self::Unowned => "unowned",
            Self::Stranded => "stranded",
            Self::Online => "online",
            Self::Away => "away",
            Self::Offline => "offline",
            Self::Busy => "busy",
            Self::Unresponsive => "unresponsive",
            Self::Closing => "closing",
            Self::SlotsUsed => "slots_used",
            Self::SlotCapacity => "slots",
        }
    }

    /// Units of the gauge that make one in a report: slots are kept in thousandths.
    pub fn scale(self) -> f64 {
        match self {
            Self::SlotsUsed | Self::SlotCapacity => 1000.0,
            _ => 1.0,
        }
    }
}

/// A gauge over a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelFigure {
    /// Value × microseconds from the end of the warm-up to the horizon.
    pub horizon: u128,
    /// Value × microseconds from the horizon to the end of the run.
    pub drain: u128,
    /// Highest value held for any time at all after the warm-up.
    pub maximum: u64,
}

impl LevelFigure {
    /// Adds a stretch of time before the horizon, or of the drain after it.
    pub(super) fn add(&mut self, level: IntervalLevel, is_drain: bool) {
        *(if is_drain { &mut self.drain } else { &mut self.horizon }) += level.area;
        self.maximum = self.maximum.max(level.maximum);
    }
}

impl Merge for LevelFigure {
    fn merge(&mut self, other: &Self) {
        self.horizon.merge(&other.horizon);
        self.drain.merge(&other.drain);
        self.maximum = self.maximum.max(other.maximum);
    }
}

/// A gauge over one interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntervalLevel {
    /// Value × microseconds.
    pub area: u128,
    /// Highest value held for any time at all.
    pub maximum: u64,
}

impl Merge for IntervalLevel {
    fn merge(&mut self, other: &Self) {
        self.area.merge(&other.area);
        self.maximum = self.maximum.max(other.maximum);
    }
}

/// Values seen at one instant, over replications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sampled {
    /// Their sum.
    pub sum: u128,
    /// The sum of their squares.
    pub squares: u128,
}

merge_by_field!(Sampled { sum, squares });

impl Sampled {
    /// The value of one replication.
    pub fn of(value: u64) -> Self {
        Self { sum: value.into(), squares: u128::from(value) * u128::from(value) }
    }
}

/// How part and whole of a share vary: sums over replications of their squares and products.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// Of part × part.
    pub part: u128,
    /// Of part × whole.
    pub both: u128,
    /// Of whole × whole.
    pub whole: u128,
}

merge_by_field!(Spread { part, both, whole });

impl Spread {
    /// Of one replication.
    pub fn of(part: u64, whole: u64) -> Self {
        let [part, whole] = [part, whole].map(u128::from);
        Self { part: part * part, both: part * whole, whole: whole * whole }
    }
}

/// How a share and that of the base vary together, over the replications that both have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairedSpread {
    /// Replications that both have.
    pub pairs: u64,
    /// Sum of part × part of the base.
    pub parts: u128,
    /// Sum of part × whole of the base.
    pub part_whole: u128,
    /// Sum of whole × part of the base.
    pub whole_part: u128,
    /// Sum of whole × whole of the base.
    pub wholes: u128,
}

merge_by_field!(PairedSpread { pairs, parts, part_whole, whole_part, wholes });

impl PairedSpread {
    /// Of one replication: part and whole, and those of the base.
    pub fn of(own: [u64; 2], base: [u64; 2]) -> Self {
        let [[part, whole], [base_part, base_whole]] =
            [own, base].map(|share| share.map(u128::from));
        Self {
            pairs: 1,
            parts: part * base_part,
            part_whole: part * base_whole,
            whole_part: whole * base_part,
            wholes: whole * base_whole,
        }
    }
}
