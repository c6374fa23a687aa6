//! Two capacity searches side by side.

use crate::report::format::{nothing, number};

use super::capacity_words::millions;
use super::saved_capacity::{BareWheelRates, SavedCapacity};

/// An earlier capacity search and this one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Against {
    /// Arrivals a second held.
    held: Option<(f64, f64)>,
    wheel: (BareWheelRates, BareWheelRates),
}

/// What to make of the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CapacityChange {
    Same,
    Better,
    Worse,
    /// The machine itself was not the same, so nobody knows.
    OfTheMachine,
}

impl Against {
    pub(super) fn of(then: &SavedCapacity, now: &SavedCapacity) -> Self {
        let held = then.held.zip(now.held).map(|(then, now)| (then.rate, now.rate));
        Self { held, wheel: (then.bare_wheel, now.bare_wheel) }
    }

    /// What there is to say, each with its label.
    pub(super) fn lines(&self) -> [(&'static str, String); 2] {
        let (then, now) = (self.wheel.0.median, self.wheel.1.median);
        let wheel =
            format!("{} then, {} now: {}", millions(then), millions(now), change(then, now));
        let Some((then, now)) = self.held else {
            let nothing = "one of the two held nothing".to_owned();
            return [(EARLIER, nothing), (WHEEL, wheel)];
        };
        let verdict = match self.change(then, now) {
            CapacityChange::Same => "within 10 %",
            CapacityChange::Better => "better",
            CapacityChange::Worse => "worse",
            CapacityChange::OfTheMachine => "machine changed",
        };
        let (before, after) = (number(then.round()), number(now.round()));
        let held = format!("{before}/s then, {after}/s now: {}, {verdict}", change(then, now));
        [(EARLIER, held), (WHEEL, wheel)]
    }

    fn change(&self, then: f64, now: f64) -> CapacityChange {
        let (wheel_then, wheel_now) = (self.wheel.0.median, self.wheel.1.median);
        if is_near(then, now) {
            CapacityChange::Same
        } else if !is_near(wheel_then, wheel_now) {
            CapacityChange::OfTheMachine
        } else if now > then {
            CapacityChange::Better
        } else {
            CapacityChange::Worse
        }
    }
}

fn is_near(then: f64, now: f64) -> bool {
    (now - then).abs() <= NEAR * then.max(now)
}

/// `+1.6 %`.
fn change(then: f64, now: f64) -> String {
    if then > 0.0 { format!("{:+.1} %", (now / then - 1.0) * 100.0) } else { nothing() }
}

const EARLIER: &str = "Against the earlier";
const WHEEL: &str = "  bare wheel";
/// A difference of a tenth of the larger is none.
const NEAR: f64 = 0.1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_one_only_if_the_machine_was_the_same() {
        let wheel = |median| BareWheelRates { median, least: median, most: median };
        let change = |then: f64, now: f64, wheel_now: f64| {
            let against =
                Against { held: Some((then, now)), wheel: (wheel(30e6), wheel(wheel_now)) };
            against.change(then, now)
        };
        assert_eq!(change(4_000.0, 4_300.0, 10e6), CapacityChange::Same);
        assert_eq!(change(4_000.0, 4_500.0, 29e6), CapacityChange::Better);
        assert_eq!(change(4_000.0, 3_500.0, 31e6), CapacityChange::Worse);
        assert_eq!(change(4_000.0, 3_500.0, 20e6), CapacityChange::OfTheMachine);
        let against = Against { held: Some((4_000.0, 3_500.0)), wheel: (wheel(30e6), wheel(31e6)) };
        let [(_, held), (_, wheel)] = against.lines();
        assert_eq!(held, "4,000/s then, 3,500/s now: -12.5 %, worse");
        assert_eq!(wheel, "30.0 M then, 31.0 M now: +3.3 %");
    }
}
