//! A shard: a router with its agents and consumers on one thread, around one set of timers.
//!
//! The actors share what is here; they all live on one thread, so they share it without a lock.
//! Whoever has handled something hands over what is in the outbox: facts to the ledger, timers to
//! the wheel, letters to mailboxes.

pub(super) mod harm;
mod moves;
pub(super) mod remains;

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use actix::Actor;

use crate::base::ids::{ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::ledger::invariants::Snapshot;
use crate::ledger::journal::{Addressee, TurnInput, conversation_of};
use crate::model::behaviour::{Outbox, Reminder};
use crate::model::consumer::{Consumer, ConsumerContext};
use crate::model::event::Event;
use crate::model::message::{ConsumerMessage, Letter, Timer};
use crate::model::router::Router;

use super::books::{Books, Ticket};
use super::clock::{Clock, Moment};
use super::desk::Arrive;
use super::host::{Heir, Host};
use super::measures::{Count, Figures, Timing};
use super::moves::{Alive, Commons};
use super::partition::Elsewhere;
use super::people::{Live, People};
use super::recorder::Recorder;
use super::report::{Finished, Pulse, Report, Source, State};
use super::timers::Timers;

/// A shard as its actors share it.
pub(super) type Shared = Rc<RefCell<Shard>>;

/// What the actors of a shard share.
pub(super) struct Shard {
    me: Weak<RefCell<Self>>,
    frame: Frame,
    recorder: Recorder,
    crowd: Arc<ConsumerContext>,
    pub(super) people: People,
    pub(super) timers: Timers,
    /// What the actor whose turn it is does.
    pub(super) outbox: Outbox,
    /// The turn: its beginning, also in the time of the scenario.
    began: Moment,
    now: Time,
    /// What is handled in it.
    handled: Option<TurnInput>,
    /// Turns since the timers were last looked at.
    unchecked: u32,
    /// Whether the router has been told of something to do and has not come to it yet.
    router_awake: bool,
    /// A tool that waits for each answer could send again.
    waiting_tool_is_free: Moment,
    /// Conversations that wait, since this turn, for somebody who is in another shard only.
    leaving: Vec<ConversationKey>,
    figures: Figures,
    next_pulse: Moment,
    /// Who will take the places of actors that have died.
    heirs: Vec<Heir>,
    /// The router, once its thread has stopped.
    router: Option<Box<Router>>,
    over: bool,
}

/// What a shard is given.
#[derive(Clone)]
pub(super) struct Frame {
    pub(super) number: usize,
    pub(super) clock: Clock,
    pub(super) books: Arc<Books>,
    pub(super) reports: Sender<Report>,
    /// When arrivals end, and the run at the latest.
    pub(super) load_ends: Moment,
    pub(super) ends: Moment,
    /// Set when the run is to end now.
    pub(super) stop: Arc<AtomicBool>,
    /// Where the skills are that nobody here has.
    pub(super) elsewhere: Elsewhere,
    pub(super) commons: Arc<Commons>,
}

impl Shard {
    pub(super) fn new(frame: Frame, recorder: Recorder, crowd: Arc<ConsumerContext>) -> Shared {
        let people = People::new(Arc::clone(&frame.books));
        Rc::new_cyclic(|me| {
            RefCell::new(Self {
                me: Weak::clone(me),
                next_pulse: Moment::default().next_second(),
                frame,
                recorder,
                crowd,
                people,
                timers: Timers::default(),
                outbox: Outbox::default(),
                began: Moment::default(),
                now: Time::ZERO,
                handled: None,
                unchecked: 0,
                router_awake: false,
                waiting_tool_is_free: Moment::default(),
                leaving: Vec::new(),
                figures: Figures::default(),
                heirs: Vec::new(),
                router: None,
                over: false,
            })
        })
    }

    /// Somebody's turn begins. Returns the time.
    pub(super) fn begins(
        &mut self,
        place: Addressee,
        ticket: Option<&Ticket>,
        input: TurnInput,
    ) -> Time {
        self.began = self.frame.clock.now();
        self.now = self.frame.clock.time(self.began);
        // What happens in this turn belongs to the second in which it began.
        self.pulse_if_due(self.began);
        if let Some(ticket) = ticket {
            self.takes(place, ticket, self.began);
        }
        if let TurnInput::Timer { due, timer } = input {
            self.note_lateness(due, &timer);
            if let Timer::Consumer(conversation, timer) = timer {
                self.people.strike_told(conversation, due, timer);
            }
        }
        self.recorder.note_input(self.now, input);
        self.handled = Some(input);
        self.now
    }

    /// Somebody handles a message that says nothing.
    pub(super) fn passes_over(&mut self, place: Addressee, ticket: Ticket) {
        self.takes(place, &ticket, self.frame.clock.now());
        ticket.handled();
    }

    fn takes(&mut self, place: Addressee, ticket: &Ticket, moment: Moment) {
        let wait = match place {
            Addressee::Router => Timing::RouterWait,
            Addressee::Agent(_) => Timing::AgentWait,
            Addressee::Consumer(_) => Timing::ConsumerWait,
        };
        self.figures.record(wait, moment.since(ticket.sent()));
        self.figures.tally(Count::Messages, 1);
    }

    fn note_lateness(&mut self, due: Time, timer: &Timer) {
        use crate::model::message::RouterTimer::{Serve, Unassign};
        let timing = match timer {
            // Service of the queue is set for the instant in which it is asked for.
            Timer::Router(Serve) => return,
            Timer::Router(Unassign { .. }) => Timing::DeadlineLateness,
            _ => Timing::TimerLateness,
        };
        self.figures.record(timing, self.began.since(self.frame.clock.moment(due)));
    }

    /// Somebody's turn ends: what it did is carried out, and now and then the timers are looked at.
    pub(super) fn ends(&mut self, place: Addressee) {
        let mut outbox = std::mem::take(&mut self.outbox);
        self.note(&outbox.events);
        outbox.events.clear();
        let sent = self.frame.clock.now();
        outbox.timers.drain(..).for_each(|reminder| self.set(reminder, sent));
        outbox.letters.drain(..).for_each(|letter| self.people.post(letter, sent));
        self.leaving.drain(..).for_each(|leaving| self.people.ask_to_pack(leaving, sent));
        self.outbox = outbox;
        let ended = self.frame.clock.now();
        let timing = match place {
            Addressee::Router => Timing::RouterHandler,
            Addressee::Agent(_) => Timing::AgentHandler,
            Addressee::Consumer(_) => Timing::ConsumerHandler,
        };
        self.figures.record(timing, ended.since(self.began));
        self.unchecked += 1;
        if self.unchecked >= TURNS_UNCHECKED {
            self.look_at(ended);
        }
    }

    fn note(&mut self, events: &[Event]) {
        self.recorder.note(self.now, self.timers.handled_until(), events);
        for event in events {
            if let Some(count) = Count::of(event) {
                self.figures.tally(count, 1);
            }
            if let Event::Opened { conversation, .. } = *event {
                self.admits(conversation);
            }
            self.leaving.extend(self.waits_for_another_shard(event));
        }
        self.over |= self.recorder.has_failed();
    }

    fn admits(&mut self, conversation: ConversationKey) {
        let Some(live) = self.people.live.get(conversation) else { return };
        let from_sent = self.began.since(live.sent);
        self.figures.record(Timing::Admission, self.began.since(live.scheduled));
        self.figures.record(Timing::AdmissionFromSent, from_sent);
        if live.sent >= self.waiting_tool_is_free {
            self.figures.record(Timing::AdmissionOneAtATime, from_sent);
            self.waiting_tool_is_free = self.began;
        }
    }

    /// Sets a timer; one for right now comes due at once.
    fn set(&mut self, reminder: Reminder, sent: Moment) {
        let Reminder { due, timer, .. } = reminder;
        let is_visit = matches!(timer, Timer::Visit(_));
        if is_visit && self.frame.clock.moment(due) >= self.frame.load_ends {
            return;
        }
        if due <= self.now {
            return self.fire(due, timer, sent);
        }
        let handle = self.timers.arm(due, timer);
        self.figures.tally(Count::Armed, 1);
        if let Some(conversation) = conversation_of(&timer) {
            self.people.note_timer(conversation, due, handle);
        }
    }

    /// Gives a due timer to whom it is for.
    fn fire(&mut self, due: Time, timer: Timer, now: Moment) {
        match timer {
            Timer::Router(timer) => self.timers.hand_over_at_once(due, timer),
            Timer::Agent(..) | Timer::Consumer(..) => self.people.remind(due, timer, now),
            Timer::Visit(id) => {
                let input = TurnInput::Timer { due, timer };
                self.recorder.note_input(self.frame.clock.time(now), input);
                let alive = Alive::new(&self.frame.commons);
                self.visit(id, (self.frame.clock.moment(due), now), alive);
            }
        }
    }

    /// A letter from nobody: the run begins.
    pub(super) fn tell(&self, letter: Letter) {
        self.people.post(letter, self.frame.clock.now());
    }

    /// A consumer arrives by the plan of arrivals.
    pub(super) fn arrives(&mut self, arrival: Arrive) {
        let Arrive { id, scheduled, alive, ticket } = arrival;
        let sent = ticket.sent();
        self.begins(Addressee::Router, Some(&ticket), TurnInput::Visit(id));
        self.visit(id, (scheduled, sent), alive);
        self.ends(Addressee::Router);
        ticket.handled();
    }

    /// A consumer visits: its actor starts and is told to open its conversation.
    fn visit(&mut self, id: ConversationId, moments: (Moment, Moment), alive: Alive) {
        let Some(shard) = self.me.upgrade() else { return };
        let crowd = Arc::clone(&self.crowd);
        let conversation = self.people.live.insert(|key| {
            let behaviour = Consumer::new(crowd, key, id);
            let consumer = Host::new(behaviour, Addressee::Consumer(key), shard).start();
            Live::new((id, consumer), moments, alive)
        });
        self.tell(Letter::Consumer(conversation, ConsumerMessage::Start));
    }

    /// A consumer's conversation is over: its actor ends and every timer of it is dead (A12).
    pub(super) fn forget(&mut self, place: Addressee) {
        let Addressee::Consumer(conversation) = place else { return };
        let Some(live) = self.people.live.remove(conversation) else { return };
        for (_, handle) in live.timers {
            let cancelled = self.timers.cancel(handle);
            self.figures.tally(Count::Cancelled, u64::from(cancelled));
        }
    }

    /// Looks at the clock: timers, the second that is over, the end of the run.
    pub(super) fn look(&mut self) {
        let now = self.frame.clock.now();
        self.looks_for_left(now);
        self.look_at(now);
    }

    fn look_at(&mut self, moment: Moment) {
        self.unchecked = 0;
        let now = self.frame.clock.time(moment);
        let live = &self.people.live;
        let name = |key| live.get(key).map(|live| live.id.bits());
        for due in self.timers.take_due(now, name) {
            self.figures.tally(Count::Fired, 1);
            if let Some(conversation) = conversation_of(&due.timer) {
                self.people.strike_timer(conversation, due.due);
            }
            match due.timer {
                Timer::Router(timer) => self.timers.hand_over(due.with(timer)),
                timer => self.fire(due.due, timer, moment),
            }
        }
        self.pulse_if_due(moment);
        let drained = moment >= self.frame.load_ends && self.frame.commons.is_empty();
        self.over |=
            drained || moment >= self.frame.ends || self.frame.stop.load(Ordering::Relaxed);
        self.wake_router_if_due();
    }

    /// Sees to it that the router has a turn if there is something to do besides messages.
    pub(super) fn wake_router_if_due(&mut self) {
        if (self.timers.router_has_due() || self.over) && !self.router_awake {
            self.router_awake = true;
            self.people.wake_router();
        }
    }

    pub(super) fn router_is_awake(&mut self) {
        self.router_awake = false;
    }

    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Tells of the second that is over, if one is.
    fn pulse_if_due(&mut self, moment: Moment) {
        if moment >= self.next_pulse {
            self.pulse(moment);
        }
    }

    fn pulse(&mut self, moment: Moment) {
        self.next_pulse = moment.next_second();
        let state = State {
            live: self.people.live.len() as u64,
            timers: self.timers.len() as u64,
            timer_bytes: self.timers.bytes() as u64,
            waiting: self.frame.books.waiting_for_router(),
        };
        self.tell_state(moment, state);
    }

    fn tell_state(&mut self, moment: Moment, state: State) {
        self.figures.tally(Count::Lost, self.frame.books.newly_lost());
        let (source, figures) =
            (Source::Shard(self.frame.number), std::mem::take(&mut self.figures));
        let pulse = Pulse { source, until: moment, figures, state };
        // Nobody listens any more only when the run has been given up.
        let _ = self.frame.reports.send(Report::Pulse(Box::new(pulse)));
    }

    /// The run ends here and now: nothing handled after this counts.
    pub(super) fn finish(&mut self, live: impl Iterator<Item = Snapshot>) {
        self.ends_record(live, |shard, moment| {
            shard.frame.books.close();
            shard.pulse(moment.end_of_second());
        });
    }

    /// The record ends; `last` is told just before that is reported. Nothing happens if it has ended
    /// before.
    fn ends_record(
        &mut self,
        live: impl Iterator<Item = Snapshot>,
        last: impl FnOnce(&mut Self, Moment),
    ) {
        let moment = self.frame.clock.now();
        let (now, handled_until) = (self.frame.clock.time(moment), self.timers.handled_until());
        let Some(recorded) = self.recorder.finish(now, handled_until, live) else { return };
        self.over = true;
        last(self, moment);
        let finished = Finished { shard: self.frame.number, ended: moment, recorded };
        let _ = self.frame.reports.send(Report::Finished(Box::new(finished)));
    }
}

/// The timers are looked at after so many turns, if not before.
const TURNS_UNCHECKED: u32 = 16;
