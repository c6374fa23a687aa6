//! What an agent does at the end of its shift (semantics, *People*): it goes Away some time before,
//! gives New conversations back by hand, and asks for extra time on those that it keeps.

use crate::base::ids::ReasonId;
use crate::base::stream::{Purpose, Stream, uniform};
use crate::base::time::Time;
use crate::model::behaviour::Outbox;
use crate::model::effort::turn_stream;
use crate::model::event::{AnswerTaken, Event};
use crate::model::message::{Act, AgentTimer, Task};
use crate::model::settings::Finish;

use super::Agent;
use super::presence::EndOfShift;
use super::work::act_on;
use super::workload::{Focus, Work, WorkState};

impl Finish {
    /// Whether anything is done at the end of a shift.
    fn has_routine(&self) -> bool {
        self.away_before.is_some() || self.hand_back > 0.0 || self.manual_sla.is_some()
    }
}

impl Agent {
    /// A shift begins: sets the time at which the agent goes Away before its planned end.
    pub(super) fn plans_end_of_shift(&mut self, now: Time, outbox: &mut Outbox) {
        self.presence.end_of_shift = EndOfShift::Ahead;
        let away = self.group().finish.away_before.filter(|_| self.presence.on_shift);
        if let Some((away, end)) = away.zip(self.shift_ends(now)) {
            let shift = self.presence.shift;
            self.remind(now.max(end - away.before), AgentTimer::Leaves { shift }, outbox);
        }
    }

    /// It is time to go Away.
    pub(super) fn comes_to_leave(&mut self, now: Time, shift: u32, outbox: &mut Outbox) {
        if shift == self.presence.shift && self.presence.end_of_shift == EndOfShift::Ahead {
            self.presence.end_of_shift = EndOfShift::Due;
            self.announces(now, outbox);
        }
    }

    /// What is due is done, if the agent is there. Tells whether it was.
    pub(super) fn leaves_if_due(&mut self, now: Time, outbox: &mut Outbox) -> bool {
        let is_there = self.presence.state().is_logged_in() && self.presence.is_responsive();
        let leaves = self.presence.end_of_shift == EndOfShift::Due && is_there;
        if leaves {
            self.settles_work(now, outbox);
        }
        leaves
    }

    /// The agent logs out because its shift is over: what was not done yet is done now, by one who is
    /// there. Who is interrupted or cut off misses it.
    pub(super) fn ends_shift(&mut self, now: Time, outbox: &mut Outbox) {
        let is_left =
            self.group().finish.has_routine() && self.presence.end_of_shift != EndOfShift::Done;
        if !is_left {
            return;
        }
        if self.is_interrupted() {
            outbox.record(Event::EndOfShiftMissed { agent: self.id });
            self.presence.end_of_shift = EndOfShift::Done;
        } else if self.presence.state().is_logged_in() {
            self.settles_work(now, outbox);
        }
    }

    /// Why the agent is Away until it logs out.
    pub(super) fn reason_of_leaving(&self) -> Option<ReasonId> {
        let has_left = self.presence.end_of_shift == EndOfShift::Done;
        self.group().finish.away_before.filter(|_| has_left).map(|away| away.reason)
    }

    /// Gives New conversations back, in the order of their names, and sets a manual SLA on each that
    /// it keeps. Pending ones stay (B2).
    fn settles_work(&mut self, now: Time, outbox: &mut Outbox) {
        self.presence.end_of_shift = EndOfShift::Done;
        let is_new = |work: &&Work| !matches!(work.state, WorkState::Parked | WorkState::Sent);
        let mut works: Vec<Work> = self.workload.works.iter().filter(is_new).copied().collect();
        works.sort_unstable_by_key(|work| work.task.id);
        let mut kept: Vec<(Task, Stream)> = Vec::new();
        for work in works {
            let streams = &self.context.streams;
            let mut stream = turn_stream(streams, Purpose::EndOfShift, &work.task);
            if uniform(&mut stream) < self.group().finish.hand_back {
                self.gives_back(now, &work, outbox);
            } else {
                kept.push((work.task, stream));
            }
        }
        if let Some(length) = &self.group().finish.manual_sla {
            for (task, mut stream) in kept {
                let act = Act::SetManualSla { length: length.span(&mut stream) };
                outbox.router(act_on(self.id, &task, act));
            }
        }
    }

    /// A10, by hand at the end of the shift: an answer that was begun is lost (D14).
    fn gives_back(&mut self, now: Time, work: &Work, outbox: &mut Outbox) {
        let conversation = work.task.conversation;
        self.workload.works.retain(|other| other.task.conversation != conversation);
        if self.workload.focus == Focus::On(conversation) {
            self.workload.focus = Focus::Free;
        }
        self.notes_lost_answer(now, work, AnswerTaken::ByHandBack, outbox);
        outbox.router(act_on(self.id, &work.task, Act::Return));
    }
}
