//! A storm for timers alone: one actor that keeps them, one message for each timer that is armed
//! or cancelled, and nothing else.
//!
//! Each conversation has a timer that is armed when the consumer writes and cancelled when the
//! agent replies. Of ten operations five arm, four cancel, and one is a timer that fires: for each
//! four conversations that are answered in time, one is not. A run has four parts: *fill* arms the
//! live timers; *flat out* hands operations over as fast as they are taken; *paced* does so at
//! scheduled instants, at half the rate found, and lateness counts from the deadline that follows
//! from the scheduled instant; *mass* is many deadlines in one tick.

mod books;
mod host;
mod keeper;
mod load;

use std::time::Duration;

use actix::System;
use serde::{Deserialize, Serialize};

use crate::base::time::Span;

use super::clock::Clock;
use super::engines::{DelayQueueTimers, Engine, HeapTimers, RunLaterTimers, Timers, WheelTimers};

use super::memory;

use self::host::{Bare, Host, Mailbox};
use self::keeper::Window;
use self::load::Load;

pub use self::books::{Lateness, Part};
pub(super) use self::keeper::Keeper;

/// What is asked for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Storm {
    /// Live timers.
    pub live: u32,
    /// How long to measure, flat out and paced each; as long at most for filling, but at least 5 s.
    pub measure: Span,
    /// Seed of the order in which conversations are answered, and of the deadlines that pass.
    pub seed: u64,
}

/// What an engine did.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
    /// The engine.
    pub engine: Engine,
    /// What was asked for.
    pub storm: Storm,
    /// Live timers after filling: fewer than asked for if there was no time to arm them all.
    pub live: u64,
    /// Seconds that filling took.
    pub filled_in: f64,
    /// Bytes that the engine holds on its heap for a live timer, where it can tell.
    pub bytes_held: Option<f64>,
    /// Bytes by which the process grew for a live timer, where the system tells.
    pub bytes_resident: Option<f64>,
    /// As fast as it could.
    pub flat_out: Part,
    /// At half that rate.
    pub paced: Part,
    /// Many deadlines in one tick.
    pub mass: Mass,
    /// Whether timers armed = cancelled + fired + live, by number and by a checksum over them; left
    /// open if some were still to fire when the engine's time was over.
    pub books_balance: Option<bool>,
}

/// Deadlines that are due at once.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Mass {
    /// How many.
    pub timers: u64,
    /// How many fired.
    pub fired: u64,
    /// Whether they fired in the order of arming.
    pub in_order: bool,
    /// Seconds from the first to the last, during which the actor does nothing else; the least of
    /// five attempts.
    pub blocked: f64,
}

impl Mass {
    fn better(self, other: Self) -> Self {
        let in_order = self.in_order && other.in_order;
        Self { in_order, blocked: self.blocked.min(other.blocked), ..self }
    }
}

/// Runs a storm on this thread. An engine that is too slow does what it can in the time it has.
pub fn run(engine: Engine, storm: Storm) -> Measured {
    let clock = Clock::start(1.0);
    System::new().block_on(async move {
        match engine {
            Engine::BareWheel => {
                measure(engine, storm, Bare::<WheelTimers>::start(storm.live, clock)).await
            }
            Engine::Wheel => hosted::<WheelTimers>(engine, storm, clock).await,
            Engine::Heap => hosted::<HeapTimers>(engine, storm, clock).await,
            Engine::DelayQueue => hosted::<DelayQueueTimers>(engine, storm, clock).await,
            Engine::RunLater => hosted::<RunLaterTimers>(engine, storm, clock).await,
        }
    })
}

async fn hosted<T: Timers>(engine: Engine, storm: Storm, clock: Clock) -> Measured {
    measure(engine, storm, Mailbox::<T>::start(storm.live, clock)).await
}

async fn measure<T: Timers>(engine: Engine, storm: Storm, mut host: impl Host<T>) -> Measured {
    let before = memory::resident();
    let far = Span::from_mins(2) + storm.measure * 10;
    let limit = storm.measure.max(Span::from_secs(5));
    let filling = move |keeper: &mut Keeper<T>, context: &mut _| {
        let started = keeper.now();
        keeper.fill(started + limit, far, context);
        keeper.now() - started
    };
    let filled_in = host.visit(filling).await.as_secs_f64();
    // Actix takes new futures over after the message.
    let (live, held) = host.visit(|keeper, _| keeper.size()).await;
    let each = |bytes: u64| bytes as f64 / live as f64;
    let bytes_resident =
        before.zip(memory::resident()).map(|(before, now)| each(now.saturating_sub(before)));

    let mut load = Load::new(storm.live, far, storm.seed);
    let flat_out = part(&mut host, &mut load, storm.measure, None).await;
    let half = flat_out.rate() / 2.0;
    let paced = part(&mut host, &mut load, storm.measure, Some(half)).await;
    let mass = mass(&mut host, limit).await;
    let is_over = mass.fired == mass.timers && !host.visit(|keeper, _| keeper.is_waiting()).await;
    let books_balance = match is_over {
        true => Some(host.visit(|keeper, _| keeper.books_balance()).await),
        false => None,
    };
    Measured {
        engine,
        storm,
        live: live as u64,
        filled_in,
        bytes_held: held.map(|bytes| each(bytes as u64)),
        bytes_resident,
        flat_out,
        paced,
        mass,
        books_balance,
    }
}

/// Hands over operations for a while, at a rate or as fast as they are taken.
async fn part<T: Timers>(
    host: &mut impl Host<T>,
    load: &mut Load,
    measure: Span,
    rate: Option<f64>,
) -> Part {
    let begin = move |keeper: &mut Keeper<T>, _: &mut _| {
        let start = keeper.now();
        let from = start + WARM_UP;
        keeper.open(Window { from, until: from + measure });
        (start, from + measure)
    };
    let (start, until) = host.visit(begin).await;
    let mut sent = 0_u64;
    loop {
        let now = host.now();
        if now >= until {
            break;
        }
        match rate.map(|rate| rate * MESSAGES_AN_OPERATION) {
            None => host.hand_over((0..BATCH).map(|_| load.next(now))).await,
            Some(rate) => {
                let scheduled = ((now - start).as_secs_f64() * rate) as u64;
                if scheduled == sent {
                    host.rest().await;
                    continue;
                }
                let operations = (sent..scheduled).take(BATCH as usize).map(|number| {
                    let seconds = number as f64 / rate;
                    load.next(start + Span::from_secs_f64(seconds))
                });
                host.hand_over(operations).await;
                sent = scheduled.min(sent + BATCH);
            }
        }
    }
    // What is late by then counts as missing.
    let patience = until + measure.max(PATIENCE);
    while host.visit(|keeper, _| keeper.is_waiting()).await && host.now() < patience {
        host.rest().await;
    }
    host.visit(|keeper, _| keeper.close()).await
}

/// The best of some attempts: what disturbs one is not the engine.
async fn mass<T: Timers>(host: &mut impl Host<T>, limit: Span) -> Mass {
    let until = host.now() + limit;
    let mut best: Option<Mass> = None;
    for _ in 0..ATTEMPTS {
        host.visit(|keeper, context| keeper.arm_mass(MASS, context)).await;
        while host.visit(|keeper, _| keeper.mass().fired < MASS).await && host.now() < until {
            host.rest().await;
        }
        let mass = host.visit(|keeper, _| keeper.mass()).await;
        best = Some(best.map_or(mass, |best| best.better(mass)));
        if mass.fired < MASS {
            return mass;
        }
    }
    best.unwrap_or_default()
}

/// Until timers fire as often as they are armed to.
const WARM_UP: Span = Span::from_micros(LONGEST_WAIT.as_micros() + 100_000);

/// The longest time to a deadline that will pass.
const LONGEST_WAIT: Span = Span::from_micros(500_000);

/// How long to wait at least for deadlines after the load has ended.
const PATIENCE: Span = Span::from_secs(2);

/// Nobody sends a message for a timer that fires.
const MESSAGES_AN_OPERATION: f64 = 0.9;

/// Operations that are handed over at once; the mailbox has room for as many.
const BATCH: u64 = 256;

const MASS: u64 = 50_000;
const ATTEMPTS: u32 = 5;

/// How long a host rests that has nothing to do.
const REST: Duration = Duration::from_millis(1);
