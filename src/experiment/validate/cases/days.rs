//! Days whose load and staffing change by the hour.

use crate::base::moments::Moments;
use crate::base::statistics::RunningStatistics;
use crate::experiment::validate::case::{ValidationCase, ValidationFigure};
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::Outcome;

use super::read::{mean_wait, open_at};

pub(super) const V9: &[ValidationCase] = &[ValidationCase::new(
    "V9",
    "M(t)/G/∞ (Eick, Massey and Whitt 1993)",
    file!("v9_infinite_servers"),
    &[
        ValidationFigure::amount("busy at 1 h", 16.489_3, |o| open_at(o, 0)),
        ValidationFigure::amount("busy at 2 h", 24.893_3, |o| open_at(o, 1)),
        ValidationFigure::amount("busy at 5 h", 33.291_6, |o| open_at(o, 2)),
        ValidationFigure::amount("busy at 8 h", 25.001_4, |o| open_at(o, 3)),
        ValidationFigure::amount("busy at 13 h", 10.020_6, |o| open_at(o, 4)),
        // Poisson: the second moment is m + m².
        ValidationFigure::amount("busy² at 5 h", 33.291_6 + 33.291_6 * 33.291_6, |o| {
            Some(o.instants[2].open.squares as f64 / o.replications as f64)
        }),
    ],
)];

/// A day that is busy as a whole or quiet as a whole.
pub(super) const V10: &[ValidationCase] = &[ValidationCase::new(
    "V10",
    "Gamma mixture of Poisson processes",
    file!("v10_busyness"),
    &[
        ValidationFigure::amount("arrivals a day", 1660.0, offered),
        ValidationFigure::statistic(
            "variance of that",
            277_220.0,
            |o| [o.flow.offered as f64, 0.0],
            |rows| rows.map(|[day, _]| day).collect::<RunningStatistics>().variance(),
        ),
        ValidationFigure::statistic(
            "correlation of hours 1, 5",
            0.930_484,
            |o| [0, 4].map(|hour| o.intervals[hour].flow.offered as f64),
            correlation,
        ),
    ],
)];

/// Figures of a day of thirteen hours: in each hour and in the whole day the share within the
/// threshold, of those who did not leave earlier.
macro_rules! levels {
    ([$($hour:literal $from:literal $level:literal),+], $day:literal, $($figure:expr),* $(,)?) => {
        &[
            $($figure,)*
            ValidationFigure::probability("SL of the day", $day, |o| o.service_level()),
            $(ValidationFigure::probability(concat!("SL from ", $from), $level, |o| {
                level_from(o, $hour)
            }),)+
        ]
    };
}

/// The exact values are solved for in `tests/theory/day.rs`.
pub(super) const V11: &[ValidationCase] = &[
    ValidationCase::new(
        "V11, 20 s",
        KOLMOGOROV,
        file!("v11_day"),
        levels!(
            [
                0 "08:00" 0.783_97, 1 "09:00" 0.852_96, 2 "10:00" 0.975_67, 3 "11:00" 0.939_91,
                4 "12:00" 0.898_57, 5 "13:00" 0.935_31, 6 "14:00" 0.976_02, 7 "15:00" 0.976_13,
                8 "16:00" 0.938_17, 9 "17:00" 0.970_16, 10 "18:00" 0.880_61, 11 "19:00" 0.917_12,
                12 "20:00" 0.948_63
            ],
            0.925_70,
            ValidationFigure::probability("P(abandon)", 0.019_354_0, |o| o.flow.abandonment()),
            ValidationFigure::amount("wait, s", 4.554_61, mean_wait),
            ValidationFigure::amount("abandoned a day", 32.127_6, |o| {
                Some(o.flow.abandoned() as f64 / o.replications as f64)
            }),
        ),
    ),
    ValidationCase::new(
        "V11, 30 s",
        KOLMOGOROV,
        file!("v11_day"),
        levels!(
            [
                0 "08:00" 0.820_05, 1 "09:00" 0.886_73, 2 "10:00" 0.984_45, 3 "11:00" 0.959_07,
                4 "12:00" 0.927_60, 5 "13:00" 0.954_47, 6 "14:00" 0.984_73, 7 "15:00" 0.984_80,
                8 "16:00" 0.955_41, 9 "17:00" 0.979_35, 10 "18:00" 0.904_58, 11 "19:00" 0.935_05,
                12 "20:00" 0.960_68
            ],
            0.944_68,
        ),
    )
    .variant(1),
];

const KOLMOGOROV: &str = "M(t)/M/n(t)+G (Kolmogorov's equations)";

/// The exact values are solved for in `tests/theory/clock_changes.rs`.
pub(super) const V28: &[ValidationCase] = &[
    ValidationCase::new(
        "V28, spring",
        KOLMOGOROV,
        file!("v28_clock_change"),
        &[
            ValidationFigure::amount("offered", 6570.0, offered),
            ValidationFigure::probability("P(abandon)", 0.016_672_98, |o| o.flow.abandonment()),
            ValidationFigure::amount("wait, s", 3.837_194, mean_wait),
            ValidationFigure::amount("open from 31 h", 4.447_186, |o| open_in(o, 31)),
            ValidationFigure::amount("open from 32 h", 5.060_793, |o| open_in(o, 32)),
            ValidationFigure::amount("open from 33 h", 5.079_838, |o| open_in(o, 33)),
            ValidationFigure::amount("open from 56 h", 5.060_793, |o| open_in(o, 56)),
        ],
    ),
    ValidationCase::new(
        "V28, autumn",
        KOLMOGOROV,
        file!("v28_clock_change"),
        &[
            ValidationFigure::amount("offered", 6630.0, offered),
            ValidationFigure::probability("P(abandon)", 0.016_851_68, |o| o.flow.abandonment()),
            ValidationFigure::amount("wait, s", 3.928_819, mean_wait),
            ValidationFigure::amount("open from 31 h", 2.299_520, |o| open_in(o, 31)),
            ValidationFigure::amount("open from 32 h", 3.365_252, |o| open_in(o, 32)),
            ValidationFigure::amount("open from 33 h", 4.447_186, |o| open_in(o, 33)),
            ValidationFigure::amount("open from 56 h", 3.365_252, |o| open_in(o, 56)),
        ],
    )
    .variant(1),
];

fn offered(outcome: &Outcome) -> Option<f64> {
    Some(outcome.flow.offered as f64 / outcome.replications as f64)
}

/// Mean number of open conversations in an hour of the run.
fn open_in(outcome: &Outcome, hour: usize) -> Option<f64> {
    outcome.intervals.get(hour)?.mean(Gauge::Open)
}

/// What holds in every run, and in a limit.
pub(super) const V22: &[ValidationCase] = &[
    ValidationCase::new(
        "V22, conservation",
        "Little's law (Little 1961)",
        file!("v11_day"),
        &[
            ValidationFigure::bounded("lost or doubled", 0.0, 0.0, |o| {
                Some(if o.flow.balances() { 0.0 } else { 1.0 })
            }),
            ValidationFigure::bounded("L / λW of the queue", 1.0, 1.0, |o| {
                Some(area(o, Gauge::Queue) / o.times.queue.total().micros as f64)
            }),
            // One message a conversation: it is open as long as it is New.
            ValidationFigure::bounded("L / λW of what is open", 1.0, 1.0, |o| {
                Some(area(o, Gauge::Open) / o.times.handle.total().micros as f64)
            }),
        ],
    ),
    ValidationCase::new(
        "V22, T → ∞",
        "nobody exceeds an endless timeout",
        file!("v15_plenty_of_agents"),
        &[ValidationFigure::bounded("unassigns", 0.0, 0.0, |o| {
            Some(o.counts.auto_unassigned() as f64)
        })],
    )
    .variant(4),
];

/// Time-weighted sum over the whole run, microseconds.
fn area(outcome: &Outcome, gauge: Gauge) -> f64 {
    let level = outcome.levels[gauge as usize];
    (level.horizon + level.drain) as f64
}

fn level_from(outcome: &Outcome, hour: usize) -> Option<f64> {
    outcome.intervals[hour].flow.service_level(outcome.frame.service_level.of)
}

/// Of the two numbers of each row.
fn correlation(rows: &mut dyn Iterator<Item = [f64; 2]>) -> Option<f64> {
    let mut moments = Moments::<2>::default();
    rows.for_each(|row| moments.push(row));
    let of = |i, j| moments.covariance(i, j);
    Some(of(0, 1)? / libm::sqrt(of(0, 0)? * of(1, 1)?))
}
