//! The actor that keeps the timers.

use std::marker::PhantomData;
use std::time::Duration;

use actix::{Actor, AsyncContext as _, Context, Handler, Message, MessageResult};
use hdrhistogram::Histogram;

use crate::base::time::{Span, Time};
use crate::stress::clock::RunClock;
use crate::stress::engines::{TimerEngine, TimerOwner};

use super::measurement::{BenchmarkPart, Lateness, MassDeadlines};
use super::operations::{ANSWERED, Operation};
use super::timer_counts::TimerCounts;

/// Keeps timers and says what became of them.
pub(super) struct TimerActor<T: TimerEngine> {
    timers: T,
    conversations: Vec<Option<T::Handle>>,
    clock: RunClock,
    /// Operations since the clock was read.
    since_look: u32,
    counts: TimerCounts,
    /// Live timers that nobody will cancel.
    to_fire: u64,
    part: PartMeasurement,
    mass: MassRun,
}

/// When a part is measured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) from: Time,
    pub(super) until: Time,
}

/// Where a measurement begins or ends.
#[derive(Clone, Copy)]
struct WindowMark {
    time: Time,
    processor_seconds: Option<f64>,
    counts: TimerCounts,
}

/// What is measured at present.
struct PartMeasurement {
    window: Window,
    /// When the first operation was done that counts, and the counts before it.
    begun: Option<WindowMark>,
    ended: Option<WindowMark>,
    /// Deadlines within the window that are still to be served.
    waiting: u64,
    lateness: Histogram<u64>,
    longest_turn: Span,
}

#[derive(Default)]
struct MassRun {
    timers: u64,
    fired: u64,
    out_of_order: bool,
    first: Option<Time>,
    last: Option<Time>,
}

impl<T: TimerEngine> TimerActor<T> {
    pub(super) fn new(live: u32, clock: RunClock) -> Self {
        let never = Window { from: Time::MAX, until: Time::MAX };
        Self {
            timers: T::with_capacity(live as usize, clock),
            conversations: (0..live + ANSWERED).map(|_| None).collect(),
            clock,
            since_look: 0,
            counts: TimerCounts::default(),
            to_fire: 0,
            part: PartMeasurement::new(never),
            mass: MassRun::default(),
        }
    }

    pub(super) fn now(&self) -> Time {
        self.clock.time(self.clock.now())
    }

    /// Arms a timer for every conversation but those that are answered, as long as there is time.
    pub(super) fn fill(&mut self, until: Time, far: Span, context: &mut Context<Self>) {
        let live = self.conversations.len() - ANSWERED as usize;
        let start = self.now();
        for conversation in 0..live {
            if conversation % 1024 == 0 && self.now() >= until {
                break;
            }
            // As if they had been armed one after the other, for the time until they are due.
            let share = conversation as f64 / live as f64;
            let due = start + far + Span::from_secs_f64(far.as_secs_f64() * share);
            self.arm(conversation as u32, due, context);
        }
    }

    /// Live timers, and what they take on the heap.
    pub(super) fn size(&self) -> (usize, Option<usize>) {
        (self.timers.len(), self.timers.bytes())
    }

    pub(super) fn open(&mut self, window: Window) {
        self.part = PartMeasurement::new(window);
    }

    /// Whether timers are live whose deadlines nobody will cancel.
    pub(super) fn has_timers_to_fire(&self) -> bool {
        self.to_fire > 0
    }

    /// Ends the part.
    pub(super) fn close(&mut self) -> BenchmarkPart {
        self.look();
        let end = WindowMark::now(self.now(), self.counts);
        let ended = *self.part.ended.get_or_insert(end);
        let begun = self.part.begun.unwrap_or(ended);
        let (before, after) = (begun.counts, ended.counts);
        let processor = ended.processor_seconds.zip(begun.processor_seconds);
        BenchmarkPart {
            seconds: (ended.time - begun.time).as_secs_f64(),
            processor_seconds: processor.map(|(ended, begun)| ended - begun),
            armed: after.armed - before.armed,
            cancelled: after.cancelled - before.cancelled,
            fired: after.fired - before.fired,
            lateness: Lateness::of(&self.part.lateness),
            unserved: self.part.waiting,
            longest_turn: self.part.longest_turn.as_secs_f64(),
        }
    }

    /// Arms timers that are all due in the same tick.
    pub(super) fn arm_mass(&mut self, timers: u64, context: &mut Context<Self>) {
        self.mass = MassRun { timers, ..MassRun::default() };
        let due = self.now() + Span::from_micros(300_000);
        for number in 0..timers {
            self.counts.arm(number | MASS);
            self.timers.arm(due, number | MASS, context);
        }
    }

    pub(super) fn mass(&self) -> MassDeadlines {
        let run = &self.mass;
        let blocked = run.first.zip(run.last).map_or(Span::ZERO, |(first, last)| last - first);
        MassDeadlines {
            timers: run.timers,
            fired: run.fired,
            in_order: !run.out_of_order,
            blocked: blocked.as_secs_f64(),
        }
    }

    /// Whether what is live is what was armed and neither fired nor was cancelled. Ask when nothing
    /// but the timers of conversations is live.
    pub(super) fn counts_balance(&self) -> bool {
        let conversations = self.conversations.iter().zip(0..);
        let live = conversations.filter_map(|(timer, number)| timer.is_some().then_some(number));
        self.counts.balances(live, self.timers.len())
    }

    pub(super) fn apply(&mut self, operation: Operation, context: &mut Context<Self>) {
        if self.part.ended.is_some() {
            // Nobody counts any more. What a conversation misses here, it does next time.
            return;
        }
        match operation {
            Operation::Arm { conversation, due } => {
                if self.conversations[conversation as usize].is_none() {
                    self.arm(conversation, due, context);
                }
            }
            Operation::Cancel { conversation } => {
                if let Some(handle) = self.conversations[conversation as usize].take() {
                    let found = self.timers.cancel(handle, context);
                    self.counts.cancel(conversation.into(), found);
                }
            }
            Operation::ArmToFire { due } => {
                let payload = due.as_micros() as u64 | TO_FIRE;
                self.counts.arm(payload);
                self.to_fire += 1;
                self.part.waiting += u64::from(self.part.window.contains(due));
                self.timers.arm(due, payload, context);
            }
        }
        self.since_look += 1;
        if self.since_look >= OPERATIONS_A_LOOK {
            self.look();
        }
    }

    fn arm(&mut self, conversation: u32, due: Time, context: &mut Context<Self>) {
        self.counts.arm(conversation.into());
        self.conversations[conversation as usize] =
            Some(self.timers.arm(due, conversation.into(), context));
    }

    /// Reads the clock and serves what is due.
    pub(super) fn look(&mut self) {
        self.since_look = 0;
        let start = self.now();
        self.part.pass(start, self.counts);
        if !T::ASKED {
            return;
        }
        let mut now = start;
        let mut fired = 0_u32;
        while let Some(payload) = self.timers.pop(now) {
            self.note_served(payload, now);
            fired += 1;
            if fired.is_multiple_of(OPERATIONS_A_LOOK) {
                now = self.now();
            }
        }
        if fired >= OPERATIONS_A_LOOK {
            self.part.longest_turn = self.part.longest_turn.max(self.now() - start);
        }
    }

    fn note_served(&mut self, payload: u64, now: Time) {
        self.counts.fire(payload);
        if payload & MASS != 0 {
            self.mass.fired(payload & !MASS, now);
            return;
        }
        if payload & TO_FIRE == 0 {
            self.conversations[payload as usize] = None;
            return;
        }
        self.to_fire -= 1;
        let due = Time::from_micros((payload & !TO_FIRE) as i64);
        if self.part.window.contains(due) {
            self.part.waiting = self.part.waiting.saturating_sub(1);
            self.part.lateness.saturating_record((now - due).as_micros().max(0) as u64);
        }
    }
}

impl Window {
    fn contains(&self, due: Time) -> bool {
        self.from <= due && due < self.until
    }
}

impl WindowMark {
    fn now(time: Time, counts: TimerCounts) -> Self {
        Self { time, processor_seconds: processor_seconds(), counts }
    }
}

/// Processor time of this thread, where the system tells.
fn processor_seconds() -> Option<f64> {
    // The figure is brought up to date when the thread is scheduled.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

impl PartMeasurement {
    fn new(window: Window) -> Self {
        Self {
            window,
            begun: None,
            ended: None,
            waiting: 0,
            lateness: Histogram::new_with_bounds(1, HOUR, 3).expect("bounds in order, 3 digits"),
            longest_turn: Span::ZERO,
        }
    }

    /// Begins and ends the measurement when it is time.
    fn pass(&mut self, now: Time, counts: TimerCounts) {
        if self.begun.is_none() && now >= self.window.from {
            self.begun = Some(WindowMark::now(now, counts));
        } else if self.ended.is_none() && now >= self.window.until {
            self.ended = Some(WindowMark::now(now, counts));
        }
    }
}

impl MassRun {
    fn fired(&mut self, number: u64, now: Time) {
        self.out_of_order |= number != self.fired;
        self.fired += 1;
        self.first = self.first.or(Some(now));
        self.last = Some(now);
    }
}

impl<T: TimerEngine> TimerOwner for TimerActor<T> {
    fn fired(&mut self, payload: u64) {
        self.note_served(payload, self.clock.time(self.clock.now()));
    }
}

impl<T: TimerEngine> Actor for TimerActor<T> {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Context<Self>) {
        context.set_mailbox_capacity(BATCH as usize);
        if T::ASKED {
            context.run_interval(Duration::from_millis(1), |actor, _| actor.look());
        }
    }
}

impl<T: TimerEngine> Handler<Operation> for TimerActor<T> {
    type Result = ();

    fn handle(&mut self, operation: Operation, context: &mut Context<Self>) {
        self.apply(operation, context);
    }
}

/// Something that is done inside the actor, after the messages sent before.
pub(super) struct InsideActor<F, R>(pub(super) F, pub(super) PhantomData<fn() -> R>);

impl<F, R: 'static> Message for InsideActor<F, R> {
    type Result = R;
}

impl<T: TimerEngine, F, R: 'static> Handler<InsideActor<F, R>> for TimerActor<T>
where
    F: FnOnce(&mut Self, &mut Context<Self>) -> R,
{
    type Result = MessageResult<InsideActor<F, R>>;

    fn handle(&mut self, visit: InsideActor<F, R>, context: &mut Context<Self>) -> Self::Result {
        MessageResult(visit.0(self, context))
    }
}

/// Operations that are handed over at once; the mailbox has room for as many.
pub(super) const BATCH: u64 = 256;

/// The clock is read, and timers are checked, at least this often.
const OPERATIONS_A_LOOK: u32 = 16;

/// Marks the payload of a timer that nobody will cancel: the rest is its deadline. Without a mark,
/// the payload is a conversation.
const TO_FIRE: u64 = 1 << 62;

/// Marks the payload of a timer of the mass: the rest is its number.
const MASS: u64 = 1 << 63;

/// The longest lateness told apart, in microseconds.
const HOUR: u64 = 3_600_000_000;
