//! The last facts, for the report of a bug.

use std::collections::VecDeque;

use crate::base::time::Time;
use crate::model::event::Event;

/// The last facts of a run, oldest first.
#[derive(Clone, Debug, Default)]
pub struct RecentEvents(VecDeque<(Time, Event)>);

impl RecentEvents {
    /// Takes note of one; the oldest gives way.
    pub fn note(&mut self, now: Time, event: &Event) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back((now, *event));
    }

    /// Those that are kept.
    pub fn to_vec(&self) -> Vec<(Time, Event)> {
        self.0.iter().copied().collect()
    }
}

const KEPT: usize = 32;
