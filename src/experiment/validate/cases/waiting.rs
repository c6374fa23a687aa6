//! Queues of patient consumers.

use crate::experiment::validate::case::{ValidationCase, ValidationFigure};
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::Outcome;

use super::read::{mean_wait, minutes, open_at, share_waiting};

pub(super) const V1: &[ValidationCase] = &[
    ValidationCase::new(
        "V1",
        "M/M/1",
        file!("v1_m_m_1"),
        &[
            ValidationFigure::amount("L", 4.0, |o| o.mean(Gauge::Open)),
            ValidationFigure::amount("Wq, min", 4.0, |o| minutes(mean_wait(o))),
            ValidationFigure::amount("W, min", 5.0, |o| minutes(o.times.first_response.mean())),
            ValidationFigure::probability("wait ≤ 1 min", 0.345_015, |o| o.service_level()),
            ValidationFigure::amount("q50, min", 2.350_02, |o| {
                minutes(o.times.assignment.quantile(0.5))
            }),
            ValidationFigure::amount("q90, min", 10.397_2, |o| {
                minutes(o.times.assignment.quantile(0.9))
            }),
            ValidationFigure::amount("q95, min", 13.862_9, |o| {
                minutes(o.times.assignment.quantile(0.95))
            }),
            ValidationFigure::amount("q99, min", 21.910_1, |o| {
                minutes(o.times.assignment.quantile(0.99))
            }),
        ],
    ),
    ValidationCase::new(
        "V1 from empty",
        "M/M/1",
        file!("v1_m_m_1_from_empty"),
        &[
            ValidationFigure::amount("L(5)", 1.469_46, |o| open_at(o, 0)),
            ValidationFigure::amount("L(20)", 2.647_63, |o| open_at(o, 1)),
            ValidationFigure::amount("L(100)", 3.791_87, |o| open_at(o, 2)),
        ],
    ),
];

/// Mean stay in the queue of a skill, in minutes.
fn wait_of(outcome: &Outcome, skill: usize) -> Option<f64> {
    minutes(outcome.skills[skill].queue.mean())
}

pub(super) const V27: &[ValidationCase] = &[ValidationCase::new(
    "V27",
    "Priority without interruption (Cobham 1954)",
    file!("v27_two_skills"),
    &[
        ValidationFigure::amount("Wq of chats, min", 6.666_67, |o| wait_of(o, 0)),
        ValidationFigure::amount("Wq of mails, min", 33.333_3, |o| wait_of(o, 1)),
        ValidationFigure::probability("busy", 0.8, |o| o.mean(Gauge::Busy)),
    ],
)];

pub(super) const V2: &[ValidationCase] = &[
    ValidationCase::new(
        "V2 a",
        "Erlang C (Erlang 1917)",
        file!("v2_erlang_c_a"),
        &[
            ValidationFigure::probability("P(wait)", 0.183_889, share_waiting),
            ValidationFigure::amount("Wq, s", 6.129_62, mean_wait),
            ValidationFigure::probability("SL", 0.899_080, |o| o.service_level()),
            ValidationFigure::amount("q95, s", 43.410_2, |o| o.times.assignment.quantile(0.95)),
        ],
    ),
    ValidationCase::new(
        "V2 b",
        "Erlang C (Erlang 1917)",
        file!("v2_erlang_c_b"),
        &[
            ValidationFigure::probability("P(wait)", 0.694_456, share_waiting),
            ValidationFigure::amount("Wq, s", 20.833_7, mean_wait),
            ValidationFigure::amount("queue", 16.666_9, |o| o.mean(Gauge::Queue)),
            ValidationFigure::amount("q90, s", 58.138_7, |o| o.times.assignment.quantile(0.9)),
        ],
    ),
    ValidationCase::new(
        "V2 c",
        "Erlang C (Erlang 1917)",
        file!("v2_erlang_c_c"),
        &[
            ValidationFigure::probability("P(wait)", 0.174_132, share_waiting),
            ValidationFigure::amount("Wq, s", 7.835_94, mean_wait),
            ValidationFigure::probability("SL", 0.888_350, |o| o.service_level()),
        ],
    ),
];

pub(super) const V5: &[ValidationCase] = &[
    ValidationCase::new(
        "V5 exponential",
        "M/G/1 (Pollaczek 1930, Khinchin 1932)",
        file!("v5_m_g_1"),
        &[ValidationFigure::amount("Wq, min", 4.0, |o| minutes(mean_wait(o)))],
    ),
    ValidationCase::new(
        "V5 fixed",
        "M/G/1 (Pollaczek 1930, Khinchin 1932)",
        file!("v5_m_g_1"),
        &[ValidationFigure::amount("Wq, min", 2.0, |o| minutes(mean_wait(o)))],
    )
    .variant(1),
    ValidationCase::new(
        "V5 Erlang-2",
        "M/G/1 (Pollaczek 1930, Khinchin 1932)",
        file!("v5_m_g_1"),
        &[ValidationFigure::amount("Wq, min", 3.0, |o| minutes(mean_wait(o)))],
    )
    .variant(2),
    ValidationCase::new(
        "V5 lognormal",
        "M/G/1 (Pollaczek 1930, Khinchin 1932)",
        file!("v5_m_g_1"),
        &[ValidationFigure::amount("Wq, min", 4.88, |o| minutes(mean_wait(o)))],
    )
    .variant(3),
];

/// Consumers who wait for ever and ten agents with answers of any law. Mean waits in minutes.
pub(super) const V6: &[ValidationCase] = &[
    ValidationCase::new(
        "V6 fixed",
        "M/D/n (Crommelin 1932)",
        file!("v6_m_g_10"),
        &[ValidationFigure::amount("Wq, min", 0.109_828, |o| minutes(mean_wait(o)))],
    ),
    ValidationCase::new(
        "V6 Erlang-2",
        "M/E2/n",
        file!("v6_m_g_10"),
        &[ValidationFigure::amount("Wq, min", 0.158_122, |o| minutes(mean_wait(o)))],
    )
    .variant(1),
    ValidationCase::new(
        "V6 exponential",
        "Erlang C (Erlang 1917)",
        file!("v6_m_g_10"),
        &[ValidationFigure::amount("Wq, min", 0.204_590, |o| minutes(mean_wait(o)))],
    )
    .variant(2),
    ValidationCase::new(
        "V6 lognormal",
        "known from another simulator",
        file!("v6_m_g_10"),
        &[
            // 95 % interval .22805 ± .00056.
            ValidationFigure::simulated("Wq, min", 0.228_05, 0.000_56 / 1.96, |o| {
                minutes(mean_wait(o))
            }),
        ],
    )
    .variant(3),
];

pub(super) const V18: &[ValidationCase] = &[ValidationCase::new(
    "V18",
    "M/M/n with priorities (Cobham 1954)",
    file!("v18_priorities"),
    &[
        ValidationFigure::amount("Wq high, min", 0.477_665, |o| minutes(o.skills[0].queue.mean())),
        ValidationFigure::amount("Wq low, min", 4.776_65, |o| minutes(o.skills[1].queue.mean())),
    ],
)];
