use std::cell::RefCell;

use super::*;
use crate::base::stream::{Purpose, Streams, uniform};

#[derive(Clone, Copy, Debug, PartialEq)]
struct Held {
    rate: f64,
    outcome: TrialOutcome,
    yardstick: Yardstick,
}

impl Held {
    fn new(rate: f64, outcome: TrialOutcome) -> Self {
        Self { rate, outcome, yardstick: Yardstick { before: 3e7, after: 3e7 } }
    }

    fn if_holds(rate: f64, holds: bool) -> Self {
        Self::new(rate, if holds { TrialOutcome::Held } else { TrialOutcome::NotHeld })
    }
}

impl Attempt for Held {
    fn rate(&self) -> f64 {
        self.rate
    }
    fn outcome(&self) -> TrialOutcome {
        self.outcome
    }
    fn yardstick(&self) -> Yardstick {
        self.yardstick
    }
}

/// A machine that holds up to `capacity` arrivals a second; the plan has 100 a second.
fn machine(capacity: impl Fn() -> f64) -> FoundCapacity<Held> {
    let attempt = |_, pace: f64| -> Result<_, ()> {
        let rate = 100.0 * pace;
        Ok(Some(Held::if_holds(rate, rate <= capacity())))
    };
    search(CapacitySearch::default(), attempt).unwrap()
}

#[test]
fn a_sharp_limit_is_enclosed_and_confirmed_whether_above_or_below_the_first_trial() {
    for capacity in [0.7, 99.0, 100.0, 101.0, 7_341.0, 40_000_000.0] {
        let found = machine(|| capacity);
        let (held, not_held) = (found.held.unwrap(), found.not_held.unwrap());
        assert_eq!(found.ending, SearchEnding::Confirmed);
        assert!(held.rate <= capacity && capacity < not_held.rate, "{capacity}: {found:?}");
        assert!(not_held.rate <= held.rate * 1.05 * (1.0 + 1e-9), "{capacity}: {found:?}");
        assert!(found.trials.len() <= 64, "{capacity}: {} trials", found.trials.len());
        let confirming = |trial: &&CapacityTrial<Held>| trial.phase == TrialPhase::Confirmation;
        let at_held = found
            .trials
            .iter()
            .filter(confirming)
            .filter(|trial| trial.attempt.outcome == TrialOutcome::Held);
        assert_eq!(at_held.count(), 3);
    }
}

#[test]
fn a_limit_that_is_nowhere_is_said_to_be_so() {
    let (nothing, everything) = (machine(|| 0.0), machine(|| f64::INFINITY));
    assert_eq!((nothing.ending, nothing.held), (SearchEnding::NothingHeld, None));
    assert_eq!((everything.ending, everything.not_held), (SearchEnding::EverythingHeld, None));
    assert!(everything.held.unwrap().pace > 5e5);
}

#[test]
fn trials_come_to_an_end() {
    let mut made = 0;
    let mut attempt = |_, pace: f64| -> Result<_, ()> {
        made += 1;
        Ok((made <= 5).then_some(Held::if_holds(pace, pace < 3.0)))
    };
    let found = search(CapacitySearch::default(), &mut attempt).unwrap();
    assert_eq!((found.ending, found.trials.len()), (SearchEnding::Interrupted, 5));
    assert_eq!(found.held.map(|held| held.pace), Some(8.0_f64.sqrt()));
    let few = CapacitySearch { at_most: 4, ..CapacitySearch::default() };
    let found = search(few, |_, pace: f64| Ok::<_, ()>(Some(Held::if_holds(pace, pace < 3.0))));
    let found = found.unwrap();
    assert_eq!((found.ending, found.trials.len()), (SearchEnding::OutOfTrials, 4));
    let broken = search(few, |_, _| Err::<Option<Held>, _>("broken"));
    assert_eq!(broken.unwrap_err(), "broken");
}

/// A system that breaks down gets fewer arrivals than one that holds.
#[test]
fn a_rate_that_falls_under_overload_does_not_mislead() {
    let attempt = |_, pace: f64| -> Result<_, ()> {
        let held = pace <= 10.0;
        Ok(Some(Held::if_holds(if held { 100.0 * pace } else { 300.0 }, held)))
    };
    let found = search(CapacitySearch::default(), attempt).unwrap();
    let (held, not_held) = (found.held.unwrap(), found.not_held.unwrap());
    assert!(held.pace <= 10.0 && not_held.pace > 10.0, "{found:?}");
    assert!(not_held.pace / held.pace <= 1.05 + 1e-9, "{found:?}");
}

/// More than the generator can send is not held; what is invalid by accident is tried again.
#[test]
fn an_invalid_trial_says_nothing_unless_all_are() {
    let mut made = 0;
    let attempt = |_, pace: f64| -> Result<_, ()> {
        made += 1;
        let valid = pace <= 10.0 && made % 3 != 0;
        let outcome = if valid { TrialOutcome::Held } else { TrialOutcome::Invalid };
        Ok(Some(Held::new(100.0 * pace.min(11.0), outcome)))
    };
    let found = search(CapacitySearch::default(), attempt).unwrap();
    assert_eq!(found.ending, SearchEnding::Confirmed);
    let (held, not_held) = (found.held.unwrap(), found.not_held.unwrap());
    assert!(held.pace <= 10.0 && not_held.pace > 10.0, "{found:?}");
    assert!(found.trials.len() <= 64, "{} trials", found.trials.len());
}

/// A machine that holds up to 5,000 a second and shows too little to judge below `least`.
fn measured_from(least: f64) -> FoundCapacity<Held> {
    let attempt = |_, pace: f64| -> Result<_, ()> {
        let rate = 100.0 * pace;
        let unknown = rate < least && rate <= 5_000.0;
        let outcome = if unknown { TrialOutcome::Unknown } else { TrialOutcome::Held };
        let found = Held::new(rate, outcome);
        Ok(Some(if rate <= 5_000.0 { found } else { Held::if_holds(rate, false) }))
    };
    search(CapacitySearch::default(), attempt).unwrap()
}

/// More load gives more to measure; where even what does not hold has too little below it, nothing is
/// held.
#[test]
fn what_is_unknown_never_counts_as_held() {
    let found = measured_from(1_000.0);
    assert_eq!(found.ending, SearchEnding::Confirmed);
    assert!(found.held.unwrap().rate > 4_700.0 && found.not_held.unwrap().rate > 5_000.0);
    let found = measured_from(f64::INFINITY);
    assert_eq!((found.ending, found.held), (SearchEnding::TooFew, None));
    assert!(found.not_held.unwrap().rate > 5_000.0);
    let never = |_, pace: f64| Ok::<_, ()>(Some(Held::new(pace, TrialOutcome::Unknown)));
    let found = search(CapacitySearch::default(), never).unwrap();
    assert_eq!((found.ending, found.held, found.not_held), (SearchEnding::TooFew, None, None));
}

/// Of the two machines one does 20 % less after each third confirmation.
#[test]
fn a_machine_that_swings_has_no_capacity() {
    let on_a_machine = |low: f64| {
        let mut confirmed = 0;
        let attempt = |phase, pace: f64| -> Result<_, ()> {
            confirmed += usize::from(phase == TrialPhase::Confirmation);
            let after = if confirmed == 3 { low } else { 3e7 };
            // Before the ends are confirmed the machine may do what it likes.
            let before = if phase == TrialPhase::Doubling { 1e6 } else { 3e7 };
            let yardstick = Yardstick { before, after };
            Ok(Some(Held { yardstick, ..Held::if_holds(pace, pace < 3.0) }))
        };
        search(CapacitySearch::default(), attempt).unwrap()
    };
    assert_eq!(on_a_machine(2.6e7).ending, SearchEnding::Confirmed);
    let noisy = on_a_machine(2.4e7);
    assert_eq!((noisy.ending, noisy.held, noisy.not_held), (SearchEnding::TooNoisy, None, None));
    assert!((swing(&noisy.yardsticks()) - 0.2).abs() < 1e-9);
}

/// Near its limit a machine holds by chance, and one trial in ten is disturbed. `width` = how far its
/// limit wanders, as a part of it. Returns how many of 200 pairs of searches agree within a tenth.
fn agreeing(width: f64) -> usize {
    let limits = Vec::from_iter((0..400).map(|seed| {
        let dice = RefCell::new(Streams::new(seed, 0).stream(Purpose::Test, 0, 0));
        let found = machine(|| {
            let mut dice = dice.borrow_mut();
            let (jitter, disturbed) = (uniform(&mut dice), uniform(&mut dice));
            if disturbed < 0.1 { 0.0 } else { 5_000.0 * (1.0 + width * (jitter - 0.5)) }
        });
        assert!(found.trials.len() <= 64);
        found.held.map_or(0.0, |held| held.rate)
    }));
    limits.chunks(2).filter(|pair| (pair[0] / pair[1] - 1.0).abs() <= 0.1).count()
}

#[test]
fn searches_on_a_noisy_machine_agree() {
    let (narrow, wide) = (agreeing(0.06), agreeing(0.25));
    assert!(narrow >= 190, "only {narrow} of 200 pairs agree");
    assert!(wide >= 180, "only {wide} of 200 pairs agree");
}

/// A machine that holds 5,000 a second, and half of that while something else runs on it, which also its
/// bare wheel shows: one trial in twenty that begins, the next ones with a chance of two thirds.
fn search_on_a_machine_in_use(seed: u64) -> FoundCapacity<Held> {
    let mut dice = Streams::new(seed, 0).stream(Purpose::Test, 0, 0);
    let mut is_in_use = false;
    let attempt = |_, pace: f64| -> Result<_, ()> {
        let before = is_in_use;
        is_in_use = uniform(&mut dice) < if is_in_use { 2.0 / 3.0 } else { 0.05 };
        let wheel = |in_use| if in_use { 1.5e7 } else { 3e7 };
        let yardstick = Yardstick { before: wheel(before), after: wheel(is_in_use) };
        let limit = if is_in_use { 2_500.0 } else { 5_000.0 };
        let rate = 100.0 * pace;
        Ok(Some(Held { yardstick, ..Held::if_holds(rate, rate <= limit) }))
    };
    search(CapacitySearch::default(), attempt).unwrap()
}

#[test]
fn searches_on_a_machine_in_use_agree_or_say_that_they_cannot() {
    let found = Vec::from_iter((0..100).map(search_on_a_machine_in_use));
    let cannot = found.iter().filter(|found| found.ending == SearchEnding::TooNoisy).count();
    let held = found.iter().filter_map(|found| found.held.map(|held| held.rate));
    let held = Vec::from_iter(held);
    assert_eq!(held.len() + cannot, 100);
    assert!(held.len() > 40 && cannot > 10, "{} held, {cannot} cannot", held.len());
    let wrong = held.iter().filter(|held| !(4_700.0..=5_000.0).contains(*held));
    assert_eq!(wrong.count(), 0, "{held:?}");
}
