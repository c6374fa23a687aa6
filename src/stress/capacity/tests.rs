use std::cell::RefCell;

use super::*;
use crate::base::stream::{Purpose, Streams, uniform};

#[derive(Clone, Copy, Debug, PartialEq)]
struct Held {
    rate: f64,
    held: Option<bool>,
}

impl Attempt for Held {
    fn rate(&self) -> f64 {
        self.rate
    }
    fn held(&self) -> Option<bool> {
        self.held
    }
}

/// A machine that holds up to `capacity` arrivals a second; the plan has 100 a second.
fn machine(capacity: impl Fn() -> f64) -> FoundCapacity<Held> {
    let attempt = |_, pace: f64| -> Result<_, ()> {
        let rate = 100.0 * pace;
        Ok(Some(Held { rate, held: Some(rate <= capacity()) }))
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
        let at_held =
            found.trials.iter().filter(confirming).filter(|trial| trial.attempt.held == Some(true));
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
        Ok((made <= 5).then_some(Held { rate: pace, held: Some(pace < 3.0) }))
    };
    let found = search(CapacitySearch::default(), &mut attempt).unwrap();
    assert_eq!((found.ending, found.trials.len()), (SearchEnding::Interrupted, 5));
    assert_eq!(found.held.map(|held| held.pace), Some(8.0_f64.sqrt()));
    let few = CapacitySearch { at_most: 4, ..CapacitySearch::default() };
    let found =
        search(few, |_, pace: f64| Ok::<_, ()>(Some(Held { rate: pace, held: Some(pace < 3.0) })));
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
        Ok(Some(Held { rate: if held { 100.0 * pace } else { 300.0 }, held: Some(held) }))
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
        Ok(Some(Held { rate: 100.0 * pace.min(11.0), held: valid.then_some(true) }))
    };
    let found = search(CapacitySearch::default(), attempt).unwrap();
    assert_eq!(found.ending, SearchEnding::Confirmed);
    let (held, not_held) = (found.held.unwrap(), found.not_held.unwrap());
    assert!(held.pace <= 10.0 && not_held.pace > 10.0, "{found:?}");
    assert!(found.trials.len() <= 64, "{} trials", found.trials.len());
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
