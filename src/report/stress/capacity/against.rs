//! Two capacity searches side by side.

use crate::report::format::{nothing, number, percent};
use crate::stress::capacity::{Yardstick, swing};

use super::capacity_words::millions;
use super::saved_capacity::SavedCapacity;

/// An earlier capacity search and this one.
#[derive(Clone, Debug)]
pub struct Against {
    /// Arrivals a second between which each limit lies; `None` if a search found no such interval.
    limits: Option<[LimitInterval; 2]>,
    /// By what part of the largest the bare wheels of both searches differ.
    swing: f64,
    /// Timer operations a second in the middle.
    wheels: [f64; 2],
}

/// Arrivals a second that were held, and that were not.
#[derive(Clone, Copy, Debug, PartialEq)]
struct LimitInterval {
    held: f64,
    not_held: f64,
}

/// What to make of the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapacityChange {
    /// More is held, whatever the machines did.
    Better,
    /// Less is held, whatever the machines did.
    Worse,
    /// The intervals overlap when they are widened by what the machines did, or there is none.
    Unclear,
}

impl Against {
    /// An earlier search and a later one.
    pub fn of(then: &SavedCapacity, now: &SavedCapacity) -> Self {
        let searches = [then, now];
        let limits = searches.map(|search| {
            let (held, not_held) = search.held.zip(search.not_held)?;
            Some(LimitInterval { held: held.rate, not_held: not_held.rate })
        });
        let limits = limits[0].zip(limits[1]).map(|(then, now)| [then, now]);
        let yardsticks = searches.map(|search| Yardstick {
            before: search.bare_wheel.least,
            after: search.bare_wheel.most,
        });
        let wheels = searches.map(|search| search.bare_wheel.median);
        Self { limits, swing: swing(&yardsticks), wheels }
    }

    /// What to make of the difference.
    pub fn change(&self) -> CapacityChange {
        let Some(limits) = self.limits else { return CapacityChange::Unclear };
        let [then, now] = limits.map(|limit| limit.widened(self.swing));
        if now.held > then.not_held {
            CapacityChange::Better
        } else if now.not_held < then.held {
            CapacityChange::Worse
        } else {
            CapacityChange::Unclear
        }
    }

    /// What there is to say, on one line.
    pub(in crate::report::stress) fn told(&self) -> String {
        let lines =
            self.lines().into_iter().map(|(label, line)| format!("{}: {line}", label.trim()));
        Vec::from_iter(lines).join("; ")
    }

    /// What there is to say, each with its label.
    pub(super) fn lines(&self) -> Vec<(&'static str, String)> {
        let [then, now] = self.wheels;
        let wheel = format!(
            "{} then, {} now; they swing by {}",
            millions(then),
            millions(now),
            percent(self.swing)
        );
        let Some([then, now]) = self.limits else {
            let nothing = "unclear: one of the two found no interval".to_owned();
            return vec![(EARLIER, nothing), (WHEEL, wheel)];
        };
        let limits = format!("{} then, {} now", then.told(), now.told());
        let least = change(then.not_held, now.held);
        let most = change(then.held, now.not_held);
        let difference = format!("{}: {least} to {most}", self.change().name());
        vec![(EARLIER, limits), (DIFFERENCE, difference), (WHEEL, wheel)]
    }
}

impl CapacityChange {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Unclear => "unclear",
        }
    }
}

impl LimitInterval {
    /// Wider by a part of each end.
    fn widened(self, part: f64) -> Self {
        Self { held: self.held * (1.0 - part), not_held: self.not_held * (1.0 + part) }
    }

    fn told(self) -> String {
        format!("{} to {}/s", number(self.held.round()), number(self.not_held.round()))
    }
}

/// `+1.6 %`.
fn change(then: f64, now: f64) -> String {
    if then > 0.0 { format!("{:+.1} %", (now / then - 1.0) * 100.0) } else { nothing() }
}

const EARLIER: &str = "Against the earlier";
const DIFFERENCE: &str = "  difference";
const WHEEL: &str = "  bare wheel";

#[cfg(test)]
mod tests {
    use super::*;

    fn against(then: [f64; 2], now: [f64; 2], swing: f64) -> Against {
        let limits = [then, now].map(|[held, not_held]| LimitInterval { held, not_held });
        Against { limits: Some(limits), swing, wheels: [30e6, 31e6] }
    }

    /// 4,000 to 4,200 and 3,500 to 3,675 leave 8 % between them, 4 % of each.
    #[test]
    fn a_difference_is_one_only_beyond_what_the_machines_did() {
        let [high, low] = [[4_000.0, 4_200.0], [3_500.0, 3_675.0]];
        let change = |then, now, swing| against(then, now, swing).change();
        assert_eq!(change(high, low, 0.04), CapacityChange::Worse);
        assert_eq!(change(low, high, 0.04), CapacityChange::Better);
        assert_eq!(change(high, low, 0.05), CapacityChange::Unclear);
        assert_eq!(change(high, [4_199.0, 4_400.0], 0.0), CapacityChange::Unclear);
        let lines = against(high, low, 0.04).lines();
        assert_eq!(lines[0].1, "4,000 to 4,200/s then, 3,500 to 3,675/s now");
        assert_eq!(lines[1].1, "worse: -16.7 % to -8.1 %");
        assert_eq!(lines[2].1, "30.0 M then, 31.0 M now; they swing by 4.0 %");
        let nothing = Against { limits: None, ..against(high, low, 0.0) };
        assert_eq!(nothing.change(), CapacityChange::Unclear);
    }
}
