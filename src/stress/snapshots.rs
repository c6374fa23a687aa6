//! One snapshot for each second: what all shards and the generator measured in it, put together.

use std::collections::BTreeMap;
use std::time::Duration;

use super::clock::Moment;
use super::memory;
use super::stress_figures::StressFigures;
use super::system_state::SystemState;

/// What was measured in one second of the run.
#[derive(Clone, Debug)]
pub struct SystemSnapshot {
    /// Its end, since the start of the run.
    pub until: Duration,
    /// What was measured.
    pub figures: StressFigures,
    /// How things were at its end.
    pub state: SystemState,
    /// Bytes of memory of the process, if the system tells.
    pub resident: Option<u64>,
}

/// Who measured something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SnapshotSource {
    Shard(usize),
    Generator,
}

/// What one source measured since its last snapshot, and how things are there now.
pub(super) struct SourceSnapshot {
    pub(super) source: SnapshotSource,
    pub(super) until: Moment,
    pub(super) figures: StressFigures,
    pub(super) state: SystemState,
}

/// Puts the snapshots of all sources together. A source that was blocked for some seconds tells of
/// all of them in the last.
pub(super) struct SnapshotAssembly {
    /// The second that each source has told of last, the generator behind the shards; `None` once
    /// it has nothing more to tell.
    told: Vec<Option<u64>>,
    /// How things were at each of them when it told last.
    states: Vec<SystemState>,
    open: BTreeMap<u64, OpenSecond>,
}

/// A second of which not all have told.
#[derive(Default)]
struct OpenSecond {
    figures: StressFigures,
    states: Vec<(usize, SystemState)>,
}

impl SnapshotAssembly {
    pub(super) fn new(shards: usize) -> Self {
        let states = vec![SystemState::default(); shards + 1];
        Self { told: vec![Some(0); shards + 1], states, open: BTreeMap::new() }
    }

    /// Takes a snapshot.
    pub(super) fn take(&mut self, snapshot: &SourceSnapshot) {
        // A snapshot is sent at the end of its second or a little later, the last one before it.
        let second = (snapshot.until.elapsed().as_millis() as u64 + ROUNDING) / 1000;
        let position = self.position(snapshot.source);
        let open = self.open.entry(second).or_default();
        open.figures.add(&snapshot.figures);
        open.states.push((position, snapshot.state));
        if let Some(told) = &mut self.told[position] {
            *told = second;
        }
    }

    /// A source has nothing more to tell.
    pub(super) fn end(&mut self, source: SnapshotSource) {
        let position = self.position(source);
        self.told[position] = None;
    }

    /// The snapshots of which all sources have told, in order.
    pub(super) fn complete(&mut self) -> Vec<SystemSnapshot> {
        let least = self.told.iter().flatten().min().copied();
        let mut complete = Vec::new();
        while let Some(first) = self.open.first_entry() {
            if least.is_some_and(|least| *first.key() > least) {
                break;
            }
            let (second, OpenSecond { figures, states }) = first.remove_entry();
            for (position, state) in states {
                self.states[position] = state;
            }
            let mut state = SystemState::default();
            self.states.iter().for_each(|one| state.add(one));
            let (until, resident) = (Duration::from_secs(second), memory::resident());
            complete.push(SystemSnapshot { until, figures, state, resident });
        }
        complete
    }

    fn position(&self, source: SnapshotSource) -> usize {
        match source {
            SnapshotSource::Shard(number) => number,
            SnapshotSource::Generator => self.told.len() - 1,
        }
    }
}

/// Milliseconds before a second's end that count as its end.
const ROUNDING: u64 = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stress::stress_figures::Count;

    fn snapshot(source: SnapshotSource, millis: u64, live: u64) -> SourceSnapshot {
        let mut figures = StressFigures::default();
        figures.tally(Count::Opened, 1);
        let state = SystemState { live, ..SystemState::default() };
        SourceSnapshot { source, until: Moment(millis * 1_000_000), figures, state }
    }

    #[test]
    fn a_second_is_complete_when_all_have_told_and_counts_everybody_once() {
        let mut snapshots = SnapshotAssembly::new(2);
        snapshots.take(&snapshot(SnapshotSource::Shard(0), 1_000, 5));
        snapshots.take(&snapshot(SnapshotSource::Generator, 1_001, 0));
        assert!(snapshots.complete().is_empty());
        // The second shard was blocked for a while.
        snapshots.take(&snapshot(SnapshotSource::Shard(0), 2_001, 6));
        snapshots.take(&snapshot(SnapshotSource::Generator, 2_000, 0));
        snapshots.take(&snapshot(SnapshotSource::Shard(1), 2_100, 7));
        let complete = snapshots.complete();
        let told = complete.iter().map(|snapshot| {
            (snapshot.until.as_secs(), snapshot.figures.count(Count::Opened), snapshot.state.live)
        });
        assert_eq!(Vec::from_iter(told), [(1, 2, 5), (2, 3, 13)]);
        // The end: two snapshots of one shard within a second, and nobody is waited for any more.
        snapshots.take(&snapshot(SnapshotSource::Shard(1), 3_000, 4));
        snapshots.take(&snapshot(SnapshotSource::Shard(1), 3_050, 3));
        snapshots.end(SnapshotSource::Shard(0));
        snapshots.end(SnapshotSource::Generator);
        let last = snapshots.complete();
        assert_eq!((last.len(), last[0].state.live), (1, 9));
    }
}
