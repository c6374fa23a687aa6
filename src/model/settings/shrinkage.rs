//! Rostered agents who are not there for a day: ill, on leave, in training.

use std::sync::Arc;

use super::Shift;
use crate::base::time::{Span, Time};

/// Which share of a group is absent on each day (*The calendar*). Who is absent takes none of the
/// shifts that begin on the day; one who is always on duty is absent from the start to the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrinkage {
    /// In order, from before the first shift to the end of the run.
    pub days: Arc<[ShrinkageDay]>,
    /// Whether each agent is absent by itself with that probability; else exactly the share is, rounded
    /// to whole agents, of those who have a shift that day.
    pub is_random: bool,
    /// Instead of days: which share of those on shift is Away in each interval, as absences of the group
    /// have been laid out.
    pub intervals: Option<IntervalShares>,
}

/// Shares by interval.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalShares {
    /// Length of the stretches that have a share, from the start of the run on.
    pub step: Span,
    /// The share of each; none where no interval lies.
    pub shares: Arc<[Option<f64>]>,
    /// Where intervals begin, in order; one lasts to the next, or as long as its share is the same.
    pub starts: Arc<[Time]>,
}

/// An interval and its share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShrinkageInterval {
    /// From when to when.
    pub stretch: Shift,
    /// 0 to 1.
    pub share: f64,
}

impl IntervalShares {
    /// The intervals to an instant, in order.
    pub fn intervals(&self, until: Time) -> Vec<ShrinkageInterval> {
        let mut intervals: Vec<ShrinkageInterval> = Vec::new();
        for (position, share) in self.shares.iter().enumerate() {
            let start = Time::ZERO + self.step * position as i64;
            let Some(share) = share.filter(|_| start < until) else { continue };
            let end = (start + self.step).min(until);
            match intervals.last_mut() {
                Some(last)
                    if last.stretch.end == start
                        && last.share == share
                        && self.starts.binary_search(&start).is_err() =>
                {
                    last.stretch.end = end;
                }
                _ => intervals.push(ShrinkageInterval { stretch: Shift { start, end }, share }),
            }
        }
        intervals
    }

    fn at(&self, instant: Time) -> f64 {
        let position = instant.since_start().as_micros() / self.step.as_micros().max(1);
        let share = usize::try_from(position).ok().and_then(|at| self.shares.get(at));
        share.copied().flatten().unwrap_or(0.0)
    }
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

    /// The share that is absent from shifts that begin at an instant, or Away then.
    pub fn share_at(&self, instant: Time) -> f64 {
        if let Some(intervals) = &self.intervals {
            return intervals.at(instant);
        }
        self.days.get(self.day_at(instant)).map_or(0.0, |day| day.share)
    }
}
