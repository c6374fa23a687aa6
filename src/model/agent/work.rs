//! Attention: which conversation is worked on, what the agent does with it, and what interrupts it.

use crate::base::ids::{AgentId, ConversationKey};
use crate::base::stream::{Purpose, uniform};
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::effort::{at_speed, effort, turn_stream};
use crate::model::event::{AnswerTaken, Event, WrittenAnswer};
use crate::model::message::{Act, AgentTimer, RouterMessage, Task, Timer};
use crate::model::settings::{Attention, BoomerangThen, ManualSla};

use super::workload::{Focus, Work, WorkPiece, WorkResult, WorkState};
use super::{Agent, note_change};

impl Agent {
    /// A conversation asks for work.
    pub(super) fn gets_work(&mut self, now: Time, task: Task, outbox: &mut Outbox) {
        self.workload.takes(task);
        self.turns_to_next(now, outbox);
    }

    /// Begins or resumes what the agent may begin: one piece with serial attention, all with
    /// parallel.
    fn turns_to_next(&mut self, now: Time, outbox: &mut Outbox) {
        if self.can_write() {
            match self.group().attention {
                Attention::Serial if self.workload.focus == Focus::Free => {
                    if let Some(position) = self.workload.next() {
                        self.workload.focus =
                            Focus::On(self.workload.works[position].task.conversation);
                        self.works_on(now, position, outbox);
                    }
                }
                Attention::Serial => {}
                Attention::Parallel => {
                    for position in 0..self.workload.works.len() {
                        self.works_on(now, position, outbox);
                    }
                }
            }
        }
        self.notes_busy(outbox);
    }

    fn notes_busy(&mut self, outbox: &mut Outbox) {
        let busy = self.workload.is_busy();
        note_change(&mut self.workload.busy, busy, Event::Busy { agent: self.id, busy }, outbox);
    }

    /// Begins or resumes one conversation.
    fn works_on(&mut self, now: Time, position: usize, outbox: &mut Outbox) {
        let work = self.workload.works[position];
        let (piece, left) = match work.state {
            WorkState::Waiting => {
                let (step, takes) = self.begins_turn(&work);
                let number = self.workload.next_generation();
                if step == WorkResult::Answer {
                    let conversation = work.task.conversation;
                    outbox.record(Event::AnswerBegun { conversation, agent: self.id });
                }
                (WorkPiece { step, started: now, number, worked: Span::ZERO }, takes)
            }
            WorkState::Paused { piece, left } => (piece, left),
            WorkState::Parked | WorkState::Active { .. } | WorkState::Sent => return,
        };
        let takes = self.slowdown_of(piece.step).time_for(left);
        let (ends, generation) = (now + takes, self.workload.next_generation());
        self.workload.works[position].state =
            WorkState::Active { piece, since: now, ends, generation };
        let reply = piece.step == WorkResult::Answer;
        self.remind(ends, AgentTimer::Done { generation, reply }, outbox);
        if work.state == WorkState::Waiting && reply {
            self.asks_for_time(now, &work.task, left, piece.number, outbox);
        }
    }

    /// What the agent does with a turn, and how long it takes: answer, or, once a turn and only as
    /// its first owner, park or hand over.
    fn begins_turn(&self, work: &Work) -> (WorkResult, Span) {
        let (task, group) = (&work.task, self.group());
        let streams = &self.context.streams;
        if !task.unanswered && task.then == BoomerangThen::Resolve {
            return (WorkResult::Resolve, Span::ZERO);
        }
        let is_first = task.attempt == 0 && task.unanswered && !work.tried;
        if is_first && (group.parking.is_some() || !group.hand_overs.is_empty()) {
            let mut stream = turn_stream(streams, Purpose::Step, task);
            let mut left = uniform(&mut stream);
            for (position, hand_over) in group.hand_overs.iter().enumerate() {
                left -= hand_over.share;
                if left < 0.0 {
                    let step = WorkResult::HandOver(position as u8);
                    return (step, hand_over.after.span(&mut stream));
                }
            }
            if let Some(parking) = group.parking.as_ref().filter(|parking| left < parking.share) {
                return (WorkResult::Park, parking.after.span(&mut stream));
            }
        }
        let reply_time = self.context.centre.reply_time(self.group, task.skill);
        let speed = group.speed_of(self.presence.member);
        (WorkResult::Answer, at_speed(effort(streams, task, reply_time), speed))
    }

    /// Use of the manual SLA (D5) on an answer just begun.
    fn asks_for_time(
        &mut self,
        now: Time,
        task: &Task,
        takes: Span,
        answer: u32,
        outbox: &mut Outbox,
    ) {
        let Some(ManualSla { share, if_longer_than, length, cancel_after }) =
            &self.group().manual_sla
        else {
            return;
        };
        let mut stream = turn_stream(&self.context.streams, Purpose::ManualSla, task);
        if !task.unanswered || uniform(&mut stream) >= *share || takes < *if_longer_than {
            return;
        }
        let act = Act::SetManualSla { length: length.span(&mut stream) };
        outbox.router(act_on(self.id, task, act));
        if let Some(after) = cancel_after {
            let timer = AgentTimer::CancelManualSla { answer };
            outbox.at(now + after.span(&mut stream), Timer::Agent(self.id, timer));
        }
    }

    /// The agent cancels the manual SLA, if it is at the answer for which it was set: not while it
    /// is interrupted, but also after.
    pub(super) fn cancels_manual_sla(&mut self, answer: u32, outbox: &mut Outbox) {
        let mut works = self.workload.works.iter();
        let at_it = works.find(
            |work| matches!(work.state, WorkState::Active { piece, .. } if piece.number == answer),
        );
        if let Some(work) = at_it {
            outbox.router(act_on(self.id, &work.task, Act::CancelManualSla));
        }
    }

    /// Position of the piece of work under way with this generation.
    fn active(&self, wanted: u32) -> Option<usize> {
        self.workload.works.iter().position(
            |work| matches!(work.state, WorkState::Active { generation, .. } if generation == wanted),
        )
    }

    /// A piece of work is done, unless it was stopped or taken away meanwhile.
    pub(super) fn finishes(&mut self, now: Time, generation: u32, outbox: &mut Outbox) {
        let Some(position) = self.active(generation) else { return };
        let work = &mut self.workload.works[position];
        let Some(WorkPiece { step, started, worked, .. }) = work.begun(now) else { return };
        let task = work.task;
        match step {
            WorkResult::Answer => {
                work.state = WorkState::Sent;
                let answer = WrittenAnswer { started, worked };
                let boomerang = self.reply_boomerang(&task);
                outbox.router(act_on(self.id, &task, Act::Reply { answer, boomerang }));
                return;
            }
            WorkResult::Resolve => {
                self.workload.works.swap_remove(position);
                outbox.router(act_on(self.id, &task, Act::Resolve));
            }
            WorkResult::Park => {
                work.state = WorkState::Parked;
                work.tried = true;
                let boomerang = self.boomerang(&task);
                outbox.router(act_on(self.id, &task, Act::Park { boomerang }));
            }
            WorkResult::HandOver(position_in_list) => {
                let act = self.hand_over(&task, usize::from(position_in_list));
                match act {
                    Some(act) => {
                        self.workload.works.swap_remove(position);
                        outbox.router(act_on(self.id, &task, act));
                    }
                    None => self.workload.works[position].turn_down_hand_over(),
                }
            }
        }
        self.workload.focus = Focus::Free;
        self.turns_to_next(now, outbox);
        self.goes_when_finished(now, outbox);
    }

    /// The reply was delivered. After the one to the last message comes the wrap-up, which holds
    /// attention.
    pub(super) fn ends_reply(
        &mut self,
        now: Time,
        conversation: ConversationKey,
        answers_last: bool,
        resolved: bool,
        outbox: &mut Outbox,
    ) {
        let Some(position) = self.workload.position(conversation) else { return };
        let task = self.workload.works[position].task;
        if resolved {
            self.workload.works.swap_remove(position);
        } else {
            self.workload.rests(position);
        }
        if self.workload.focus == Focus::On(conversation) {
            self.workload.focus = Focus::Free;
            let wrap_up = if answers_last { self.wrap_up(&task) } else { Span::ZERO };
            if !wrap_up.is_zero() {
                self.wraps_up(now, wrap_up, outbox);
            }
        }
        self.turns_to_next(now, outbox);
        self.goes_when_finished(now, outbox);
    }

    fn wrap_up(&self, task: &Task) -> Span {
        self.group().wrap_up.span(&mut turn_stream(&self.context.streams, Purpose::WrapUp, task))
    }

    fn wraps_up(&mut self, now: Time, left: Span, outbox: &mut Outbox) {
        let (ends, generation) = (now + left, self.workload.next_generation());
        self.workload.focus = Focus::WrapUp { ends, generation };
        self.remind(ends, AgentTimer::WrapUpDone { generation }, outbox);
    }

    pub(super) fn ends_wrap_up(&mut self, now: Time, done: u32, outbox: &mut Outbox) {
        if matches!(self.workload.focus, Focus::WrapUp { generation, .. } if generation == done) {
            self.workload.focus = Focus::Free;
            self.turns_to_next(now, outbox);
            self.goes_when_finished(now, outbox);
        }
    }

    /// A conversation is taken away: an answer in hand is lost (D14), and the agent turns to the
    /// next at once.
    pub(super) fn loses(
        &mut self,
        now: Time,
        conversation: ConversationKey,
        taken: AnswerTaken,
        outbox: &mut Outbox,
    ) {
        if let Some(position) = self.workload.position(conversation) {
            let work = self.workload.works.swap_remove(position);
            self.notes_lost_answer(now, &work, taken, outbox);
        } else if !self.workload.forgets_resting(conversation) {
            return;
        }
        if self.workload.focus == Focus::On(conversation) {
            self.workload.focus = Focus::Free;
        }
        self.turns_to_next(now, outbox);
        self.goes_when_finished(now, outbox);
    }

    /// D14: an answer that was begun goes with its conversation. What is begun in this very instant, as
    /// several conversations are taken away in it, is not; what ends in parking or a hand-over is no
    /// answer.
    pub(super) fn notes_lost_answer(
        &self,
        now: Time,
        work: &Work,
        taken: AnswerTaken,
        outbox: &mut Outbox,
    ) {
        let begun = work.begun(now).filter(|piece| piece.started < now);
        if let Some(WorkPiece { step: WorkResult::Answer, worked, .. }) = begun {
            let conversation = work.task.conversation;
            outbox.record(Event::AnswerLost { conversation, agent: self.id, taken, worked });
        }
    }

    /// After a change of presence: what is in hand stops, or goes on where it stopped. A logout
    /// ends a wrap-up.
    pub(super) fn stops_or_resumes(&mut self, now: Time, outbox: &mut Outbox) {
        if !self.can_write() {
            for position in 0..self.workload.works.len() {
                let work = self.workload.works[position];
                if let (WorkState::Active { ends, .. }, Some(piece)) = (work.state, work.begun(now))
                {
                    let time = (ends - now).max(Span::ZERO);
                    let left = self.slowdown_of(piece.step).work_in(time);
                    self.workload.works[position].state = WorkState::Paused { piece, left };
                }
            }
            let logged_in = self.presence.state().is_logged_in();
            self.workload.focus = match self.workload.focus {
                Focus::WrapUp { ends, .. } if logged_in => {
                    Focus::WrapUpPaused { left: (ends - now).max(Span::ZERO) }
                }
                Focus::WrapUp { .. } | Focus::WrapUpPaused { .. } if !logged_in => Focus::Free,
                focus => focus,
            };
            self.notes_busy(outbox);
            self.goes_when_finished(now, outbox);
            return;
        }
        match self.workload.focus {
            Focus::WrapUpPaused { left } => self.wraps_up(now, left, outbox),
            Focus::On(conversation) => {
                if let Some(position) = self.workload.position(conversation) {
                    self.works_on(now, position, outbox);
                }
            }
            Focus::Free | Focus::WrapUp { .. } => {}
        }
        self.turns_to_next(now, outbox);
    }
}

impl Work {
    /// The agent keeps the turn and answers it itself.
    fn turn_down_hand_over(&mut self) {
        self.state = WorkState::Waiting;
        self.tried = true;
    }
}

pub(super) fn act_on(agent: AgentId, task: &Task, act: Act) -> RouterMessage {
    RouterMessage::Act { agent, conversation: task.conversation, epoch: task.epoch, act }
}
