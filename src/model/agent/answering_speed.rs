//! How fast an agent answers (D26).

use crate::base::time::Time;
use crate::model::behaviour::Outbox;
use crate::model::message::AgentTimer;

use super::Agent;
use super::slowdown::Slowdown;
use super::workload::{WorkResult, WorkState};

impl Agent {
    /// D26. Parking and handing over are not slowed.
    pub(super) fn slowdown_of(&self, step: WorkResult) -> Slowdown {
        match step {
            WorkResult::Answer => self.workload.slowdown,
            WorkResult::Park | WorkResult::Resolve | WorkResult::HandOver(_) => Slowdown::default(),
        }
    }

    /// D26: the number of open conversations has changed; the rest of every answer in hand goes on at
    /// the new speed.
    pub(super) fn notes_load(&mut self, now: Time, open: u32, outbox: &mut Outbox) {
        let after = Slowdown::with(open, &self.group().slowdown);
        let before = std::mem::replace(&mut self.workload.slowdown, after);
        if before == after {
            return;
        }
        for position in 0..self.workload.works.len() {
            let state = self.workload.works[position].state;
            if let WorkState::Active { piece, since, ends, .. } = state
                && piece.step == WorkResult::Answer
                && ends > now
            {
                let ends = now + after.time_for(before.work_in(ends - now));
                let generation = self.workload.next_generation();
                self.workload.works[position].state =
                    WorkState::Active { piece, since, ends, generation };
                self.remind(ends, AgentTimer::Done { generation, reply: true }, outbox);
            }
        }
    }
}
