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
    open: BTreeMap<u64, (Figures, State)>,
}

impl Beats {
    pub(super) fn new(shards: usize) -> Self {
        Self { told: vec![Some(0); shards + 1], open: BTreeMap::new() }
    }

    /// Takes a pulse.
    pub(super) fn take(&mut self, pulse: &Pulse) {
        // A pulse is sent at the end of its second or a little later.
        let second = (pulse.until.elapsed().as_millis() as u64 + ROUNDING) / 1000;
        let (figures, state) = self.open.entry(second).or_default();
        figures.add(&pulse.figures);
        state.add(&pulse.state);
        let position = self.position(pulse.source);
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
            let (second, (figures, state)) = first.remove_entry();
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
