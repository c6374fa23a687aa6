//! Rostered agents who are not there for a day: ill, on leave, in training.

use std::sync::Arc;

use crate::base::time::Time;

/// Which share of a group is absent on each day (*The calendar*). Who is absent takes none of the
/// shifts that begin on the day; one who is always on duty is absent from the start to the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrinkage {
    /// In order, from before the first shift to the end of the run.
    pub days: Arc<[ShrinkageDay]>,
    /// Whether each agent is absent by itself with that probability; else exactly the share is, rounded
    /// to whole agents, of those who have a shift that day.
    pub is_random: bool,
}

/// A day and the share that is absent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShrinkageDay {
    /// Where it begins.
    pub start: Time,
    /// 0 to 1.
    pub share: f64,
}

impl Shrinkage {
    /// The number of the day of an instant; the first for one before it.
    pub fn day_at(&self, instant: Time) -> usize {
        self.days.partition_point(|day| day.start <= instant).saturating_sub(1)
    }

    /// The share that is absent from shifts that begin at an instant.
    pub fn share_at(&self, instant: Time) -> f64 {
        self.days.get(self.day_at(instant)).map_or(0.0, |day| day.share)
    }
}
