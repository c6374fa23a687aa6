//! How an engine is measured.

use actix::System;

use crate::base::time::Span;
use crate::stress::clock::RunClock;
use crate::stress::engines::{
    DelayQueueTimers, Engine, HeapTimers, RunLaterTimers, TimerEngine, WheelTimers,
};
use crate::stress::memory;

use super::actor_host::{ActorHost, DirectHost, MailboxHost};
use super::measurement::{BenchmarkPart, EngineMeasurement, MassDeadlines, TimerBenchmark};
use super::operations::{LONGEST_WAIT, OperationStream};
use super::timer_actor::{BATCH, TimerActor, Window};

/// Runs the benchmark on this thread. An engine that is too slow does what it can in the time it has.
pub fn run(engine: Engine, benchmark: TimerBenchmark) -> EngineMeasurement {
    let clock = RunClock::start(1.0);
    System::new().block_on(async move {
        match engine {
            Engine::BareWheel => {
                measure(engine, benchmark, DirectHost::<WheelTimers>::start(benchmark.live, clock))
                    .await
            }
            Engine::Wheel => hosted::<WheelTimers>(engine, benchmark, clock).await,
            Engine::Heap => hosted::<HeapTimers>(engine, benchmark, clock).await,
            Engine::DelayQueue => hosted::<DelayQueueTimers>(engine, benchmark, clock).await,
            Engine::RunLater => hosted::<RunLaterTimers>(engine, benchmark, clock).await,
        }
    })
}

async fn hosted<T: TimerEngine>(
    engine: Engine,
    benchmark: TimerBenchmark,
    clock: RunClock,
) -> EngineMeasurement {
    measure(engine, benchmark, MailboxHost::<T>::start(benchmark.live, clock)).await
}

async fn measure<T: TimerEngine>(
    engine: Engine,
    benchmark: TimerBenchmark,
    mut host: impl ActorHost<T>,
) -> EngineMeasurement {
    let before = memory::resident();
    let far = Span::from_mins(2) + benchmark.measure * 10;
    let limit = benchmark.measure.max(Span::from_secs(5));
    let filling = move |actor: &mut TimerActor<T>, context: &mut _| {
        let started = actor.now();
        actor.fill(started + limit, far, context);
        actor.now() - started
    };
    let filled_in = host.visit(filling).await.as_secs_f64();
    // Actix takes new futures over after the message.
    let (live, held) = host.visit(|actor, _| actor.size()).await;
    let each = |bytes: u64| bytes as f64 / live as f64;
    let bytes_resident =
        before.zip(memory::resident()).map(|(before, now)| each(now.saturating_sub(before)));

    let mut load = OperationStream::new(benchmark.live, far, benchmark.seed);
    let flat_out = part(&mut host, &mut load, benchmark.measure, None).await;
    let half = flat_out.rate() / 2.0;
    let paced = part(&mut host, &mut load, benchmark.measure, Some(half)).await;
    let mass = mass(&mut host, limit).await;
    let is_over =
        mass.fired == mass.timers && !host.visit(|actor, _| actor.has_timers_to_fire()).await;
    let books_balance = match is_over {
        true => Some(host.visit(|actor, _| actor.counts_balance()).await),
        false => None,
    };
    EngineMeasurement {
        engine,
        benchmark,
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
async fn part<T: TimerEngine>(
    host: &mut impl ActorHost<T>,
    load: &mut OperationStream,
    measure: Span,
    rate: Option<f64>,
) -> BenchmarkPart {
    let begin = move |actor: &mut TimerActor<T>, _: &mut _| {
        let start = actor.now();
        let from = start + WARM_UP;
        actor.open(Window { from, until: from + measure });
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
    while host.visit(|actor, _| actor.has_timers_to_fire()).await && host.now() < patience {
        host.rest().await;
    }
    host.visit(|actor, _| actor.close()).await
}

/// The best of some attempts: what disturbs one is not the engine.
async fn mass<T: TimerEngine>(host: &mut impl ActorHost<T>, limit: Span) -> MassDeadlines {
    let until = host.now() + limit;
    let mut best: Option<MassDeadlines> = None;
    for _ in 0..ATTEMPTS {
        host.visit(|actor, context| actor.arm_mass(MASS, context)).await;
        while host.visit(|actor, _| actor.mass().fired < MASS).await && host.now() < until {
            host.rest().await;
        }
        let mass = host.visit(|actor, _| actor.mass()).await;
        best = Some(best.map_or(mass, |best| best.better(mass)));
        if mass.fired < MASS {
            return mass;
        }
    }
    best.unwrap_or_default()
}

/// Until timers fire as often as they are armed to.
const WARM_UP: Span = Span::from_micros(LONGEST_WAIT.as_micros() + 100_000);

/// How long to wait at least for deadlines after the load has ended.
const PATIENCE: Span = Span::from_secs(2);

/// Nobody sends a message for a timer that fires.
const MESSAGES_AN_OPERATION: f64 = 0.9;

const MASS: u64 = 50_000;
const ATTEMPTS: u32 = 5;
