//! Thousands of small random centres, each run with the ledger's checks on and then replayed fact
//! by fact against the rules by other means.
//!
//! A seed draws a whole scenario ([`plans`]). What it does is held against the rules ([`rules`]) in
//! a world rebuilt from the facts ([`world`], [`case`], [`replay`]). The situations that make such a centre
//! difficult ([`situations`]) must all have come up, or the swarm proves nothing.
//!
//! Replay one seed:   `SWARM_SEED=123 cargo test --test work swarm::`
//! A long run:        `SWARM_SEEDS=200000 cargo test --test work swarm:: -- --nocapture`
//! Table of the hits: `cargo test --test work swarm::random -- --nocapture`

mod case;
mod dice;
mod plans;
mod properties;
mod replay;
mod rules;
mod run;
mod situations;
mod world;

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

pub(crate) use plans::plan;
use situations::{Situation, Tally};

#[test]
fn random_centres_obey_the_rules() {
    name_the_seed_of_a_panic();
    if let Some(seed) = number("SWARM_SEED") {
        SEED.set(Some(seed));
        println!("{:#?}", plan(seed));
        println!("{:#?}", run::examine(seed, |at, fact| println!("{at}: {fact:?}")));
        return;
    }
    let seeds = number("SWARM_SEEDS").unwrap_or(SEEDS);
    let next = AtomicU64::new(0);
    let tally = thread::scope(|scope| {
        let work = || {
            let mut tally = Tally::new();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= seeds {
                    return tally;
                }
                SEED.set(Some(seed));
                add(&mut tally, run::examine(seed, |_, _| {}));
            }
        };
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        let mut tally = Tally::new();
        for worker in workers {
            match worker.join() {
                Ok(more) => add(&mut tally, more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        tally
    });
    for situation in Situation::ALL {
        println!("{:>8}  {situation:?}", tally.get(&situation).unwrap_or(&0));
    }
    let missed: Vec<_> = Situation::ALL.iter().filter(|which| !tally.contains_key(which)).collect();
    assert!(missed.is_empty(), "never met in {seeds} seeds: {missed:?}");
}

fn add(tally: &mut Tally, more: Tally) {
    for (situation, times) in more {
        *tally.entry(situation).or_default() += times;
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} must be a number, not {text:?}")))
}

/// The first line of a failure says how to see it again.
fn name_the_seed_of_a_panic() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if let Some(seed) = SEED.get() {
            eprintln!(
                "SEED={seed}, again with: SWARM_SEED={seed} cargo test --test work swarm::random"
            );
        }
        if let Some((at, fact)) = run::FACT.get() {
            eprintln!("at {at}: {fact:?}");
        }
        usual(panic);
    }));
}

thread_local! {
    /// What this thread examines.
    static SEED: Cell<Option<u64>> = const { Cell::new(None) };
}

const SEEDS: u64 = 10_000;
const THREADS: usize = 2;
