//! A consumer: writes, waits, thinks, leaves. One actor for each visit, which is one conversation, or
//! several if it is closed before the consumer has said all (A14).
//!
//! Every draw is named by the conversation and the turn, so that two policies face the same
//! people.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::base::arrivals::ArrivalProcess;
use crate::base::distribution::Distribution;
use crate::base::ids::{ConversationId, ConversationKey, SkillId};
use crate::base::stream::{Purpose, Stream, Streams, uniform};
use crate::base::time::{Span, Time};

use super::behaviour::{Behaviour, Outbox};
use super::event::Event;
use super::message::{
    ClientHistory, ConsumerAct, ConsumerMessage, ConsumerTimer, RouterMessage, Timer, Visit,
};
use super::settings::{AfterClose, BacklogConversation, Centre, ConsumerKind, Turns};

/// What all consumers of a replication share.
#[derive(Debug)]
pub struct ConsumerContext {
    centre: Arc<Centre>,
    streams: Streams,
}

impl ConsumerContext {
    /// The consumers of a centre under the streams of one replication.
    pub fn new(centre: Arc<Centre>, streams: Streams) -> Self {
        Self { centre, streams }
    }
}

/// One visit of a consumer.
#[derive(Clone, Debug)]
pub struct Consumer {
    context: Arc<ConsumerContext>,
    key: ConversationKey,
    id: ConversationId,
    history: ClientHistory,
    /// Turns written so far, the present one included, less one.
    turn: u32,
    /// Counts the waits from 1, the time before the conversation is open: the patience of an
    /// earlier wait is void.
    wait: NonZeroU32,
    /// Messages of the present turn still to write.
    burst_left: u16,
    state: ConsumerState,
    /// Whether the present turn is the last.
    last_turn: bool,
    /// Whether an agent has answered in the present conversation.
    was_answered: bool,
    /// The last that it said since the opening, and how often it said something.
    said: Option<(ConsumerAct, NonZeroU32)>,
}

/// What the consumer is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ConsumerState {
    /// Awaits an answer.
    Waiting,
    /// Was answered; thinks, or goes on writing.
    Answered,
    /// Has gone, for the platform to see or not.
    Gone,
}

impl Consumer {
    /// The consumer of conversation `id`, whom the host keeps at `key`.
    pub fn new(
        context: Arc<ConsumerContext>,
        key: ConversationKey,
        id: ConversationId,
        history: ClientHistory,
    ) -> Self {
        let (turn, wait, burst_left) = (0, NonZeroU32::MIN, 0);
        let (state, last_turn, was_answered, said) = (ConsumerState::Waiting, false, false, None);
        Self {
            context,
            key,
            id,
            history,
            turn,
            wait,
            burst_left,
            state,
            last_turn,
            was_answered,
            said,
        }
    }

    /// Where its host keeps it.
    pub fn key(&self) -> ConversationKey {
        self.key
    }

    /// The same, kept elsewhere from now on. What it draws stays what it was.
    #[must_use]
    pub fn kept_at(self, key: ConversationKey) -> Self {
        Self { key, ..self }
    }

    /// What asks the router for what it has missed.
    pub fn asks(&self) -> RouterMessage {
        let (conversation, awaits, said) =
            (self.key, self.state == ConsumerState::Waiting, self.said);
        RouterMessage::CatchUp { conversation, awaits, said }
    }

    /// How often it has said something since the opening.
    pub fn said_times(&self) -> u32 {
        self.said.map_or(0, |(_, times)| times.get())
    }

    /// The name of the conversation that it opened first.
    pub fn id(&self) -> ConversationId {
        self.id
    }

    fn kind(&self) -> &ConsumerKind {
        &self.context.centre.kinds[usize::from(self.id.kind().0)]
    }

    /// The stream for one purpose of this visit.
    fn stream(&self, purpose: Purpose, index: u64) -> Stream {
        self.context.streams.stream(purpose, self.id.stream_key(), index)
    }

    /// A draw for this turn.
    fn uniform(&self, purpose: Purpose) -> f64 {
        uniform(&mut self.stream(purpose, u64::from(self.turn)))
    }

    /// A time drawn for this turn.
    fn draw(&self, purpose: Purpose, distribution: &Distribution) -> Span {
        distribution.span(&mut self.stream(purpose, u64::from(self.turn)))
    }

    /// Opens its conversation, or opens it again if the first message was lost.
    fn opens(&mut self, now: Time, outbox: &mut Outbox) {
        self.said = None;
        let skill = self.skill();
        self.begins_turn();
        let row = self.context.centre.backlog_row(self.id).copied();
        if let Some(row) = row {
            self.goes_on_from(row);
        }
        let last = self.writes_nothing_more();
        let (conversation, id) = (self.key, self.id);
        let priority = self.context.centre.priority(id.kind(), skill);
        outbox.router(RouterMessage::Open { conversation, id, skill, priority, last });
        match row {
            None => {
                self.starts_waiting(now, outbox);
                self.goes_on_writing(now, outbox);
            }
            Some(row) => self.carries_on(row, outbox),
        }
    }

    /// It is one of those whose conversations are open when the run begins: one more message at most
    /// before that, and in a Pending one something is left to say, or the answer would have resolved it.
    fn goes_on_from(&mut self, row: BacklogConversation) {
        self.burst_left = u16::from(!row.is_pending && row.last_message > row.opened);
        self.last_turn &= !row.is_pending || self.kind().messages == Turns::Fixed(1);
    }

    /// Waits or thinks on: for as long as it is drawn, given that it has not come to an end by the start.
    fn carries_on(&mut self, row: BacklogConversation, outbox: &mut Outbox) {
        let age = |since: Time| Time::ZERO - since;
        if self.burst_left > 0 {
            outbox.at(row.last_message, Timer::Consumer(self.key, ConsumerTimer::Write));
        }
        if row.is_pending {
            (self.state, self.was_answered) = (ConsumerState::Answered, true);
            if !self.last_turn {
                let mut stream = self.stream(Purpose::Think, u64::from(self.turn));
                let think = self.kind().think.span_beyond(age(row.last_message), &mut stream);
                let write = Timer::Consumer(self.key, ConsumerTimer::Write);
                outbox.at(row.last_message + think, write);
            }
            return;
        }
        self.wait = self.wait.saturating_add(1);
        if let Some(patience) = &self.kind().patience.first {
            let mut stream = self.stream(Purpose::Patience, u64::from(self.turn));
            let ends = row.opened + patience.span_beyond(age(row.opened), &mut stream);
            let timer = ConsumerTimer::PatienceEnds(self.wait);
            outbox.at(ends, Timer::Consumer(self.key, timer));
        }
    }

    /// Stands in for an actor that has died, and remembers what that one did, as people do. It opens
    /// its conversation if that is still to be done; else it asks what was said meanwhile, and says
    /// what it said last.
    fn restarts(&mut self, now: Time, outbox: &mut Outbox) {
        if self.wait == NonZeroU32::MIN {
            return self.opens(now, outbox);
        }
        outbox.router(self.asks());
    }

    fn says(&mut self, said: ConsumerAct, outbox: &mut Outbox) {
        let times = self.said.map_or(NonZeroU32::MIN, |(_, times)| times.saturating_add(1));
        self.said = Some((said, times));
        outbox.router(RouterMessage::Say { conversation: self.key, said });
    }

    fn skill(&self) -> SkillId {
        let skills = &self.kind().skills;
        let need = u32::from(self.history.skill_of);
        let drawn = ConversationId::new(self.id.kind(), self.id.number(), need).stream_key();
        let mut stream = self.context.streams.stream(Purpose::Skill, drawn, 0);
        let mut left = if skills.len() > 1 { uniform(&mut stream) } else { 0.0 };
        let hit = skills.iter().find(|(_, share)| {
            left -= share;
            left < 0.0
        });
        hit.or_else(|| skills.last()).map_or(SkillId(0), |&(skill, _)| skill)
    }

    fn writes(&mut self, now: Time, outbox: &mut Outbox) {
        if self.state == ConsumerState::Gone {
            return;
        }
        if self.burst_left > 0 {
            self.burst_left -= 1;
        } else {
            self.turn += 1;
            self.begins_turn();
        }
        self.says(ConsumerAct::Write { last: self.writes_nothing_more() }, outbox);
        if self.state == ConsumerState::Answered {
            self.state = ConsumerState::Waiting;
            self.starts_waiting(now, outbox);
        }
        self.goes_on_writing(now, outbox);
    }

    fn begins_turn(&mut self) {
        self.burst_left = self.burst_size() - 1;
        self.last_turn = self.draws_last_turn();
    }

    fn burst_size(&self) -> u16 {
        let Some(burst) = &self.kind().burst else { return 1 };
        let index = u64::from(self.turn) << 16;
        let mut stream = self.stream(Purpose::Burst, index);
        libm::round(burst.size.sample(&mut stream)).clamp(1.0, f64::from(u16::MAX)) as u16
    }

    fn goes_on_writing(&self, now: Time, outbox: &mut Outbox) {
        if let (Some(burst), 1..) = (&self.kind().burst, self.burst_left) {
            let index = (u64::from(self.turn) << 16) | u64::from(self.burst_left);
            let gap = burst.gap.span(&mut self.stream(Purpose::Burst, index));
            outbox.at(now + gap, Timer::Consumer(self.key, ConsumerTimer::Write));
        }
    }

    /// Whether nothing follows the message just written.
    fn writes_nothing_more(&self) -> bool {
        self.burst_left == 0 && self.last_turn
    }

    fn draws_last_turn(&self) -> bool {
        match self.kind().messages {
            Turns::Fixed(turns) => self.turn + 1 >= turns,
            Turns::Geometric(probability) => self.uniform(Purpose::Turns) < probability,
            Turns::Unlimited => false,
        }
    }

    fn starts_waiting(&mut self, now: Time, outbox: &mut Outbox) {
        self.wait = self.wait.saturating_add(1);
        let patience = &self.kind().patience;
        let patience = if self.was_answered { &patience.later } else { &patience.first };
        if let Some(patience) = patience {
            // A reply in the middle of a burst makes two waits in one turn: one draw for each.
            let index = u64::from(self.turn) | u64::from(self.burst_left) << 32;
            let ends = now + patience.span(&mut self.stream(Purpose::Patience, index));
            let timer = ConsumerTimer::PatienceEnds(self.wait);
            outbox.at(ends, Timer::Consumer(self.key, timer));
        }
    }

    /// An answer ends the wait. The consumer goes on with its burst, thinks about its next turn, or
    /// is done. A reply that it does not await (a follow-up) changes nothing.
    fn takes_answer(&mut self, now: Time, outbox: &mut Outbox) {
        if self.state != ConsumerState::Waiting {
            return;
        }
        self.state = ConsumerState::Answered;
        self.was_answered = true;
        if self.burst_left > 0 {
            return;
        }
        if !self.last_turn {
            let think = self.draw(Purpose::Think, &self.kind().think);
            outbox.at(now + think, Timer::Consumer(self.key, ConsumerTimer::Write));
        } else if self.uniform(Purpose::Closes) < self.kind().closes_share {
            self.says(ConsumerAct::Close, outbox);
        }
    }

    /// A11: leaves, openly or silently, and may come back.
    fn loses_patience(&mut self, now: Time, outbox: &mut Outbox) {
        self.state = ConsumerState::Gone;
        let silent = self.uniform(Purpose::Silent) < self.kind().silent_share;
        let next = self.next_return();
        self.says(ConsumerAct::Leave { silent, returns: next.is_some() }, outbox);
        match next {
            Some((after, visit)) => outbox.at(now + after, Timer::Visit(visit)),
            None => self.pauses(now, outbox),
        }
    }

    /// How long after it has left it comes back, and for what, if it does.
    fn next_return(&self) -> Option<(Span, Visit)> {
        let settings = self.kind().returns.as_ref()?;
        let mut stream = self.stream(Purpose::Return, 0);
        let returns = self.history.returns.saturating_add(1);
        let comes = u32::from(returns) < settings.at_most && uniform(&mut stream) < settings.share;
        let id = self.id.next_need().filter(|_| comes)?;
        let history = ClientHistory { skill_of: id.need() as u8, returns };
        Some((settings.after.span(&mut stream), Visit::new(id, history)))
    }

    /// Its conversation is closed. Unless it means to write again (A14) it has done, and may come
    /// again about the same skill.
    fn sees_close(&mut self, now: Time, kept: bool, outbox: &mut Outbox) {
        if kept {
            self.was_answered &= self.context.centre.after_close == AfterClose::Reopen;
            return;
        }
        if self.state == ConsumerState::Gone {
            return;
        }
        self.state = ConsumerState::Gone;
        let mut stream = self.stream(Purpose::Recontact, 0);
        if let Some(recontacts) = &self.kind().recontacts
            && uniform(&mut stream) < recontacts.share
            && let Some(id) = self.id.next_need()
        {
            outbox.record(Event::ComesAgain { conversation: self.key, next: id });
            let at = now + recontacts.after.span(&mut stream);
            outbox.at(at, Timer::Visit(Visit::new(id, self.history)));
        } else {
            self.pauses(now, outbox);
        }
    }

    /// A member of a closed population opens its next conversation a pause after this one; who comes
    /// again after this one does so after that.
    fn pauses(&self, now: Time, outbox: &mut Outbox) {
        if let ArrivalProcess::Closed { whole, pause, .. } = &self.kind().arrivals {
            let next = ConversationId::new(self.id.kind(), self.id.number() + whole, 0);
            let pause = self.draw(Purpose::Pause, pause);
            outbox.at(now + pause, Timer::Visit(Visit::new(next, ClientHistory::default())));
        }
    }
}

impl Behaviour for Consumer {
    type Message = ConsumerMessage;
    type Timer = ConsumerTimer;

    fn receive(&mut self, now: Time, message: ConsumerMessage, outbox: &mut Outbox) {
        match message {
            ConsumerMessage::Start => self.opens(now, outbox),
            ConsumerMessage::Restart => self.restarts(now, outbox),
            ConsumerMessage::Assigned => {
                if !self.was_answered {
                    self.wait = self.wait.saturating_add(1);
                }
            }
            ConsumerMessage::Replied => self.takes_answer(now, outbox),
            ConsumerMessage::Resolved { kept } => self.sees_close(now, kept, outbox),
        }
    }

    fn due(&mut self, now: Time, timer: ConsumerTimer, outbox: &mut Outbox) {
        match timer {
            ConsumerTimer::Write => self.writes(now, outbox),
            ConsumerTimer::PatienceEnds(wait) => {
                if wait == self.wait && self.state == ConsumerState::Waiting {
                    self.loses_patience(now, outbox);
                }
            }
        }
    }
}
