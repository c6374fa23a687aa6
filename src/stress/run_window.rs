//! The stretches of a run on the wall clock: warm-up, load, and what comes after it.

use crate::base::time::Span;

use super::clock::Moment;
use super::stage_figures::StageWindows;

/// The stretches of a run.
#[derive(Clone, Debug)]
pub(super) struct RunWindow {
    /// End of the warm-up.
    pub(super) warmed_up: Moment,
    /// When arrivals end.
    pub(super) load_ends: Moment,
    /// How long open conversations are worked off after it, at most.
    pub(super) drain: Span,
    /// The stages of the load.
    pub(super) stages: StageWindows,
}

impl RunWindow {
    /// A load without an end.
    #[cfg(test)]
    pub(super) fn endless() -> Self {
        let (drain, stages) = (Span::ZERO, StageWindows::default());
        Self { warmed_up: Moment(0), load_ends: Moment(u64::MAX), drain, stages }
    }

    /// Whether something is timed that was scheduled, due or sent at a moment.
    pub(super) fn is_timed(&self, moment: Moment) -> bool {
        (self.warmed_up..self.load_ends).contains(&moment)
    }

    /// When the run ends at the latest. What was still to be handled at the end of the load has some
    /// time for it also without a drain.
    pub(super) fn ends(&self) -> Moment {
        self.load_ends + self.drain.max(SETTLING)
    }

    /// When the load ends, and the drain if there is one; what is left to handle then belongs to the
    /// last second before.
    pub(super) fn drain_ends(&self) -> Moment {
        self.load_ends + self.drain
    }

    /// The second in which something told of at a moment is counted.
    pub(super) fn second_of(&self, moment: Moment) -> Moment {
        let last = self.drain_ends().end_of_second().max(Moment::default().next_second());
        moment.min(last)
    }
}

/// How long shards have after the load for what was scheduled or due within it.
const SETTLING: Span = Span::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(millis: u64) -> Moment {
        Moment(millis * 1_000_000)
    }

    #[test]
    fn what_is_late_has_a_second_or_the_drain_and_belongs_to_the_last_row() {
        let window = |drain| RunWindow {
            warmed_up: millis(500),
            load_ends: millis(2_500),
            drain: Span::from_secs(drain),
            stages: StageWindows::default(),
        };
        assert_eq!((window(0).ends(), window(8).ends()), (millis(3_500), millis(10_500)));
        assert_eq!(window(0).second_of(millis(3_400)), millis(3_000));
        assert_eq!(window(8).second_of(millis(3_400)), millis(3_400));
        let timed = [499, 500, 2_499, 2_500].map(|at| window(8).is_timed(millis(at)));
        assert_eq!(timed, [false, true, true, false]);
    }
}
