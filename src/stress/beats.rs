//! One beat for each second: what all shards and the generator measured in it, put together.

use std::collections::BTreeMap;
use std::time::Duration;

use super::measures::Figures;
use super::memory;
use super::report::{Pulse, Source, State};

/// What was measured in one second of the run.
#[derive(Clone, Debug)]
pub struct Beat {
    /// Its end, since the start of the run.
    pub until: Duration,
    /// What was measured.
    pub figures: Figures,
    /// How things were at its end.
    pub state: State,
    /// Bytes of memory of the process, if the system tells.
    pub resident: Option<u64>,
}

/// Puts pulses together. A source that was blocked for some seconds tells of all of them in the
/// last.
pub(super) struct Beats {
    /// The second that each source has told of last, the generator behind the shards; `None` once
    /// it has nothing more to tell.
    told: Vec<Option<u64>>,
    /// How things were at each of them when it told last.
    states: Vec<State>,
    open: BTreeMap<u64, Open>,
}

/// A second of which not all have told.
#[derive(Default)]
struct Open {
    figures: Figures,
    states: Vec<(usize, State)>,
}

impl Beats {
    pub(super) fn new(shards: usize) -> Self {
        let states = vec![State::default(); shards + 1];
        Self { told: vec![Some(0); shards + 1], states, open: BTreeMap::new() }
    }

    /// Takes a pulse.
    pub(super) fn take(&mut self, pulse: &Pulse) {
        // A pulse is sent at the end of its second or a little later, the last one before it.
        let second = (pulse.until.elapsed().as_millis() as u64 + ROUNDING) / 1000;
        let position = self.position(pulse.source);
        let open = self.open.entry(second).or_default();
        open.figures.add(&pulse.figures);
        open.states.push((position, pulse.state));
        if let Some(told) = &mut self.told[position] {
            *told = second;
        }
    }

    /// A source has nothing more to tell.
    pub(super) fn end(&mut self, source: Source) {
        let position = self.position(source);
        self.told[position] = None;
    }

    /// The beats of which all sources have told, in order.
    pub(super) fn complete(&mut self) -> Vec<Beat> {
        let least = self.told.iter().flatten().min().copied();
        let mut complete = Vec::new();
        while let Some(first) = self.open.first_entry() {
            if least.is_some_and(|least| *first.key() > least) {
                break;
            }
            let (second, Open { figures, states }) = first.remove_entry();
            for (position, state) in states {
                self.states[position] = state;
            }
            let mut state = State::default();
            self.states.iter().for_each(|one| state.add(one));
            let (until, resident) = (Duration::from_secs(second), memory::resident());
            complete.push(Beat { until, figures, state, resident });
        }
        complete
    }

    fn position(&self, source: Source) -> usize {
        match source {
            Source::Shard(number) => number,
            Source::Generator => self.told.len() - 1,
        }
    }
}

/// Milliseconds before a second's end that count as its end.
const ROUNDING: u64 = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stress::clock::Moment;
    use crate::stress::measures::Count;

    fn pulse(source: Source, millis: u64, live: u64) -> Pulse {
        let mut figures = Figures::default();
        figures.tally(Count::Opened, 1);
        let state = State { live, ..State::default() };
        Pulse { source, until: Moment(millis * 1_000_000), figures, state }
    }

    #[test]
    fn a_second_is_complete_when_all_have_told_and_counts_everybody_once() {
        let mut beats = Beats::new(2);
        beats.take(&pulse(Source::Shard(0), 1_000, 5));
        beats.take(&pulse(Source::Generator, 1_001, 0));
        assert!(beats.complete().is_empty());
        // The second shard was blocked for a while.
        beats.take(&pulse(Source::Shard(0), 2_001, 6));
        beats.take(&pulse(Source::Generator, 2_000, 0));
        beats.take(&pulse(Source::Shard(1), 2_100, 7));
        let complete = beats.complete();
        let told = complete
            .iter()
            .map(|beat| (beat.until.as_secs(), beat.figures.count(Count::Opened), beat.state.live));
        assert_eq!(Vec::from_iter(told), [(1, 2, 5), (2, 3, 13)]);
        // The end: two pulses of one shard within a second, and nobody is waited for any more.
        beats.take(&pulse(Source::Shard(1), 3_000, 4));
        beats.take(&pulse(Source::Shard(1), 3_050, 3));
        beats.end(Source::Shard(0));
        beats.end(Source::Generator);
        let last = beats.complete();
        assert_eq!((last.len(), last[0].state.live), (1, 9));
    }
}
