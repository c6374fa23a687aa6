//! The turns of the actors. Whoever has handled something hands over what is in the outbox: facts to
//! the ledger, timers to the wheel, letters to mailboxes.

use std::sync::Arc;

use crate::base::ids::{ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::ledger::journal::{Addressee, TurnInput, conversation_of};
use crate::model::behaviour::Reminder;
use crate::model::consumer::Consumer;
use crate::model::event::Event;
use crate::model::message::{ClientHistory, ConsumerMessage, Letter, RouterTimer, Timer};
use crate::stress::actor_messages::ConsumerArrives;
use crate::stress::actors::{Admission, HostedConversation, ReminderTimes};
use crate::stress::clock::Moment;
use crate::stress::message_accounting::Receipt;
use crate::stress::shard_transfer::{ArrivalTimes, CountedConversation};
use crate::stress::stress_figures::{Count, Timing};

use super::state::Shard;

/// Somebody who comes.
struct NewConversation {
    id: ConversationId,
    history: ClientHistory,
    arrival: ArrivalTimes,
    /// Whether it comes by the plan of arrivals, and not again.
    is_planned: bool,
    counted: CountedConversation,
}

impl Shard {
    /// Somebody's turn begins. Returns the time.
    pub(crate) fn begin_turn(
        &mut self,
        place: Addressee,
        receipt: Option<&Receipt>,
        input: TurnInput,
    ) -> Time {
        self.began = self.context.clock.now();
        self.looked_at = self.began;
        self.now = self.context.clock.time(self.began);
        // What happens in this turn belongs to the second in which it began.
        self.report_second_if_over(self.began);
        if let Some(receipt) = receipt {
            self.note_wait(place, receipt, self.began);
        }
        if let TurnInput::Timer { due, timer } = input {
            self.note_lateness(due, &timer);
            if let Timer::Consumer(conversation, timer) = timer {
                self.actors.remove_told(conversation, due, timer);
            }
        }
        self.recorder.note_input(self.now, input);
        self.handled = Some(input);
        self.now
    }

    /// Somebody handles a message that says nothing.
    pub(crate) fn handle_empty(&mut self, place: Addressee, receipt: Receipt) {
        self.note_wait(place, &receipt, self.context.clock.now());
        self.mark_handled(receipt);
    }

    /// A message has been handled.
    pub(crate) fn mark_handled(&mut self, receipt: Receipt) {
        if receipt.mark_handled() {
            self.tally(Count::Messages, 1);
        }
    }

    /// Counts something, for the load as long as that lasts.
    pub(super) fn tally(&mut self, count: Count, by: u64) {
        match self.looked_at < self.context.window.load_ends {
            true => self.figures.tally(count, by),
            false => self.figures.tally_after_load(count, by),
        }
        self.stages.tally(count, self.looked_at, by);
    }

    /// Times something, if it was scheduled, due or sent in the time that is measured.
    pub(super) fn record(&mut self, timing: Timing, began: Moment, ended: Moment) {
        if self.context.window.is_timed(began) {
            self.figures.record(timing, ended.since(began));
            self.stages.record(timing, began, ended.since(began));
        }
    }

    fn note_wait(&mut self, place: Addressee, receipt: &Receipt, moment: Moment) {
        let wait = match place {
            Addressee::Router => Timing::RouterWait,
            Addressee::Agent(_) => Timing::AgentWait,
            Addressee::Consumer(_) => Timing::ConsumerWait,
        };
        self.record(wait, receipt.sent(), moment);
    }

    fn note_lateness(&mut self, due: Time, timer: &Timer) {
        let Some(timing) = lateness_of(timer) else { return };
        self.record(timing, self.context.clock.moment(due), self.began);
    }

    /// Somebody's turn ends: what it did is carried out, and now and then the timers are looked at.
    pub(crate) fn end_turn(&mut self, place: Addressee) {
        let mut outbox = std::mem::take(&mut self.outbox);
        self.note(&outbox.events);
        outbox.events.clear();
        let sent = self.context.clock.now();
        outbox.timers.drain(..).for_each(|reminder| self.set(reminder, sent));
        outbox.letters.drain(..).for_each(|letter| self.actors.post(letter, sent));
        self.departing
            .drain(..)
            .for_each(|conversation| self.actors.prepare_transfer(conversation, sent));
        self.outbox = outbox;
        let ended = self.context.clock.now();
        let timing = match place {
            Addressee::Router => Timing::RouterHandler,
            Addressee::Agent(_) => Timing::AgentHandler,
            Addressee::Consumer(_) => Timing::ConsumerHandler,
        };
        self.record(timing, self.began, ended);
        self.unchecked += 1;
        if self.unchecked >= TURNS_UNCHECKED {
            self.check_timers(ended);
        }
    }

    fn note(&mut self, events: &[Event]) {
        self.recorder.note(self.now, self.timers.handled_until(), events);
        for event in events {
            if let Some(count) = Count::of(event) {
                self.tally(count, 1);
            }
            if let Event::Opened { conversation, id, .. } = *event
                && id.part() == 0
            {
                self.record_admission(conversation);
            }
            self.departing.extend(self.conversation_for_another_shard(event));
        }
        self.over |= self.recorder.has_failed();
    }

    fn record_admission(&mut self, conversation: ConversationKey) {
        let Some(live) = self.actors.live.get_mut(conversation) else { return };
        let admission = std::mem::replace(&mut live.admission, Admission::Opened);
        let ArrivalTimes { scheduled, sent } = live.arrival;
        if admission != Admission::Opened {
            self.unadmitted = self.unadmitted.saturating_sub(1);
        }
        self.tally(Count::ArrivalsOpened, u64::from(admission == Admission::Planned));
        self.record(Timing::Admission, scheduled, self.began);
        self.record(Timing::AdmissionFromSent, sent, self.began);
        if sent >= self.waiting_tool_is_free {
            self.record(Timing::AdmissionOneAtATime, sent, self.began);
            self.waiting_tool_is_free = self.began;
        }
    }

    /// Sets a timer; one for right now comes due at once.
    pub(super) fn set(&mut self, reminder: Reminder, sent: Moment) {
        let Reminder { due, timer, .. } = reminder;
        let is_visit = matches!(timer, Timer::Visit(..));
        if is_visit && self.context.clock.moment(due) >= self.context.window.load_ends {
            return;
        }
        if due <= self.now {
            return self.fire(due, timer, sent);
        }
        let handle = self.timers.arm(due, timer);
        self.tally(Count::Armed, 1);
        if let Some(conversation) = conversation_of(&timer) {
            self.actors.note_timer(conversation, due, handle);
        }
    }

    /// Gives a due timer to whom it is for.
    pub(super) fn fire(&mut self, due: Time, timer: Timer, now: Moment) {
        match timer {
            Timer::Router(timer) => self.timers.hand_over_at_once(due, timer),
            Timer::Agent(..) | Timer::Consumer(..) => {
                let moment = self.context.clock.moment(due);
                self.actors.remind(due, timer, ReminderTimes { due: moment, sent: now });
            }
            Timer::Visit(visit) => {
                let input = TurnInput::Timer { due, timer };
                self.recorder.note_input(self.context.clock.time(now), input);
                let counted = CountedConversation::new(&self.context.exchange);
                let scheduled = self.context.clock.moment(due);
                let arrival = ArrivalTimes { scheduled, sent: now };
                let (id, history, is_planned) = (visit.id(), visit.history, false);
                self.visit(NewConversation { id, history, arrival, is_planned, counted });
            }
        }
    }

    /// A letter from nobody: the run begins.
    pub(crate) fn send_letter(&self, letter: Letter) {
        self.actors.post(letter, self.context.clock.now());
    }

    /// A consumer arrives by the plan of arrivals.
    pub(crate) fn admit_arrival(&mut self, arrival: ConsumerArrives) {
        let ConsumerArrives { id, counted, receipt } = arrival;
        let (scheduled, sent) = (receipt.due(), receipt.sent());
        self.begin_turn(Addressee::Router, Some(&receipt), TurnInput::Visit(id));
        let arrival = ArrivalTimes { scheduled, sent };
        self.visit(NewConversation {
            id,
            history: ClientHistory::default(),
            arrival,
            is_planned: true,
            counted,
        });
        self.end_turn(Addressee::Router);
        self.mark_handled(receipt);
    }

    /// A consumer visits: its actor starts and is told to open its conversation.
    fn visit(&mut self, new: NewConversation) {
        let NewConversation { id, history, arrival, is_planned, counted } = new;
        let Some(shard) = self.me.upgrade() else { return };
        let (crowd, start) = (Arc::clone(&self.crowd), self.starters.consumer);
        let conversation = self.actors.live.insert(|key| {
            let consumer = start(Consumer::new(crowd, key, id, history), shard);
            let admission = if is_planned { Admission::Planned } else { Admission::Again };
            let hosted = HostedConversation::new(id, consumer, arrival, counted);
            HostedConversation { admission, ..hosted }
        });
        self.unadmitted += 1;
        self.send_letter(Letter::Consumer(conversation, ConsumerMessage::Start));
    }

    /// A consumer's conversation is over: its actor ends and every timer of it is dead (A12).
    pub(crate) fn end_conversation(&mut self, place: Addressee) {
        let Addressee::Consumer(conversation) = place else { return };
        let Some(live) = self.actors.live.remove(conversation) else { return };
        for (_, handle) in live.timers {
            let cancelled = self.timers.cancel(handle);
            self.tally(Count::Cancelled, u64::from(cancelled));
        }
    }
}

/// What the lateness of a timer is counted as. Service of the queue is set for the instant in which it
/// is asked for, so it has none.
pub(super) fn lateness_of(timer: &Timer) -> Option<Timing> {
    match timer {
        Timer::Router(RouterTimer::Serve) => None,
        Timer::Router(RouterTimer::Unassign { .. }) => Some(Timing::DeadlineLateness),
        _ => Some(Timing::TimerLateness),
    }
}

/// The timers are looked at after so many turns, if not before.
const TURNS_UNCHECKED: u32 = 16;
