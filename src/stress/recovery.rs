//! When the system had recovered from each fault, and what came of it until then.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::time::Span;
use crate::scenario::stress::FaultStep;

use super::snapshots::SystemSnapshot;
use super::stress_figures::{Count, StressFigures, Timing};

/// What came of a fault, from its beginning until the system had recovered from it, or the run was
/// over. It goes by whole seconds: what else happened in them is counted too.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recovery {
    /// The fault.
    pub step: FaultStep,
    /// From its beginning to the end of the first whole second after it in which nothing was refused
    /// or lost and all waiting was below [`calm`](crate::scenario::stress::Stress::calm). `None` = not
    /// within the run.
    pub recovered: Option<Duration>,
    counts: [u64; Count::ALL.len()],
    longest: [Option<u64>; WAITING.len()],
    /// The end of the last second taken note of.
    noted: Duration,
}

impl Recovery {
    pub(super) fn new(step: FaultStep) -> Self {
        let (counts, longest) = ([0; Count::ALL.len()], [None; WAITING.len()]);
        Self { step, recovered: None, counts, longest, noted: Duration::ZERO }
    }

    /// How often something happened.
    pub fn count(&self, count: Count) -> u64 {
        self.counts[count as usize]
    }

    /// The longest of a timing, if it is watched and there was any.
    pub fn longest(&self, timing: Timing) -> Option<Duration> {
        let position = WAITING.iter().position(|watched| *watched == timing)?;
        self.longest[position].map(Duration::from_nanos)
    }

    /// Takes note of the next second, or of what is told of the last one in addition, which says
    /// nothing about it as a whole.
    pub(super) fn note(&mut self, snapshot: &SystemSnapshot, calm: Span) {
        let begins = wall(self.step.at);
        if self.recovered.is_some() || snapshot.until <= begins {
            return;
        }
        for (mine, count) in self.counts.iter_mut().zip(Count::ALL) {
            *mine += snapshot.figures.count(count);
        }
        self.note_longest(&snapshot.figures);
        let is_whole = std::mem::replace(&mut self.noted, snapshot.until) != snapshot.until;
        let is_over = is_whole && snapshot.until >= wall(self.step.ends()) + SECOND;
        if is_over && is_calm(&snapshot.figures, wall(calm)) {
            self.recovered = Some(snapshot.until - begins);
        }
    }

    /// The run is over: what was unfinished then took so long at least.
    pub(super) fn note_unfinished(&mut self, unfinished: &StressFigures) {
        if self.recovered.is_none() {
            self.note_longest(unfinished);
        }
    }

    fn note_longest(&mut self, figures: &StressFigures) {
        for (mine, timing) in self.longest.iter_mut().zip(WAITING) {
            let timed = Some(figures.timing(timing)).filter(|timed| !timed.is_empty());
            *mine = (*mine).max(timed.map(|timed| timed.max()));
        }
    }
}

fn is_calm(figures: &StressFigures, calm: Duration) -> bool {
    let waited = WAITING.iter().map(|&timing| figures.timing(timing).max()).max();
    let losses = [Count::Refused, Count::Lost];
    let nothing_lost = losses.iter().all(|&count| figures.count(count) == 0);
    nothing_lost && Duration::from_nanos(waited.unwrap_or_default()) <= calm
}

fn wall(span: Span) -> Duration {
    Duration::from_micros(span.as_micros().max(0) as u64)
}

/// Who must not wait for long.
const WAITING: [Timing; 4] =
    [Timing::Admission, Timing::DeadlineLateness, Timing::RouterWait, Timing::AgentWait];
const SECOND: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::stress::Fault;
    use crate::stress::system_state::SystemState;

    #[test]
    fn recovered_is_the_first_calm_second_after_the_end() {
        let (at, over) = (Span::from_micros(1_500_000), Span::from_secs(1));
        let mut recovery = Recovery::new(FaultStep { at, over, fault: Fault::Stall });
        let longest_wait = [900, 1, 1, 800, 1, 900];
        for (second, millis) in (1..).zip(longest_wait) {
            let mut figures = StressFigures::default();
            figures.record(Timing::RouterWait, millis * 1_000_000);
            figures.tally(Count::Refused, u64::from(second == 2));
            let (until, state) = (Duration::from_secs(second), SystemState::default());
            let snapshot = SystemSnapshot { until, figures, state, resident: None };
            recovery.note(&snapshot, Span::from_micros(50_000));
        }
        // The second before it does not count, the third is not whole, the fourth is not calm.
        assert_eq!(recovery.recovered, Some(Duration::from_millis(3_500)));
        assert_eq!(recovery.count(Count::Refused), 1);
        let longest = recovery.longest(Timing::RouterWait).map(|longest| longest.as_millis());
        assert!(longest.is_some_and(|millis| (800..802).contains(&millis)), "{longest:?}");
    }

    #[test]
    fn what_is_told_of_a_second_in_addition_makes_it_no_calm_one() {
        let (at, over) = (Span::ZERO, Span::ZERO);
        let mut recovery = Recovery::new(FaultStep { at, over, fault: Fault::Stall });
        for lost in [1, 0] {
            let mut figures = StressFigures::default();
            figures.tally(Count::Lost, lost);
            let (until, state) = (Duration::from_secs(1), SystemState::default());
            recovery.note(
                &SystemSnapshot { until, figures, state, resident: None },
                Span::from_secs(1),
            );
        }
        assert_eq!((recovery.recovered, recovery.count(Count::Lost)), (None, 1));
    }
}
