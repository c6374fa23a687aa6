//! Consumers who do not wait for ever, or not at all.

use crate::experiment::validate::case::{ValidationCase, ValidationFigure};
use crate::experiment::validate::experiments::BLOCKED;
use crate::ledger::gauge::Gauge;
use crate::ledger::settings::ServiceLevelOf;

use super::read::{mean_wait, share_waiting};

/// Figures of a case of Erlang A, in the order of the table of V3.
macro_rules! erlang_a {
    ($values:expr) => {{
        const VALUES: [f64; 10] = $values;
        &[
            ValidationFigure::probability("P(wait)", VALUES[0], share_waiting),
            ValidationFigure::probability("P(abandon)", VALUES[1], |o| o.flow.abandonment()),
            ValidationFigure::amount("wait, s", VALUES[2], mean_wait),
            ValidationFigure::amount("wait of assigned, s", VALUES[3], |o| {
                o.flow.assignment.mean()
            }),
            ValidationFigure::amount("queue", VALUES[4], |o| o.mean(Gauge::Queue)),
            ValidationFigure::probability("slot use", VALUES[5], |o| o.agent_times().slot_use()),
            ValidationFigure::probability("SL of offered", VALUES[6], |o| {
                o.flow.service_level(ServiceLevelOf::Offered)
            }),
            ValidationFigure::probability("SL of answered", VALUES[7], |o| {
                o.flow.service_level(ServiceLevelOf::Answered)
            }),
            ValidationFigure::probability("SL without short abandons", VALUES[8], |o| {
                o.flow.service_level(ServiceLevelOf::OfferedWithoutShortAbandons)
            }),
            ValidationFigure::probability("SL with short abandons", VALUES[9], |o| {
                o.flow.service_level(ServiceLevelOf::ShortAbandonsCountAsServed)
            }),
        ]
    }};
}

pub(super) const V3: &[ValidationCase] = &[
    ValidationCase::new(
        "V3 a",
        "Erlang A (Palm 1957)",
        file!("v3_erlang_a_a"),
        erlang_a!([
            0.467_774,
            0.030_912_2,
            3.709_47,
            3.615_90,
            2.967_58,
            0.930_324,
            0.943_019,
            0.973_100,
            0.972_030,
            0.972_864,
        ]),
    ),
    ValidationCase::new(
        "V3 c",
        "Erlang A (Palm 1957)",
        file!("v3_erlang_a_c"),
        erlang_a!([
            0.145_260,
            0.013_983_7,
            4.195_12,
            3.878_48,
            0.233_062,
            0.704_297,
            0.916_792,
            0.929_794,
            0.923_407,
            0.923_956,
        ]),
    ),
    ValidationCase::new(
        "V3 d",
        "Erlang A (Palm 1957)",
        file!("v3_erlang_a_d"),
        erlang_a!([
            0.906_279, 0.345_573, 82.937_5, 89.482_9, 4.146_88, 0.981_641, 0.263_622, 0.402_829,
            0.322_321, 0.445_736,
        ]),
    ),
];

/// Figures of a law of patience, in the order of the table of V4.
macro_rules! patience {
    ($values:expr) => {{
        const VALUES: [f64; 5] = $values;
        &[
            ValidationFigure::probability("P(wait)", VALUES[0], share_waiting),
            ValidationFigure::probability("P(abandon)", VALUES[1], |o| o.flow.abandonment()),
            ValidationFigure::amount("wait, s", VALUES[2], mean_wait),
            ValidationFigure::amount("queue", VALUES[3], |o| o.mean(Gauge::Queue)),
            ValidationFigure::probability("answered ≤ 20 s", VALUES[4], |o| o.service_level()),
        ]
    }};
}

pub(super) const V4: &[ValidationCase] = &[
    ValidationCase::new(
        "V4 exponential",
        "M/M/n+G (Baccelli and Hebuterne 1981)",
        file!("v4_patience"),
        patience!([0.496_853, 0.137_464, 16.495_7, 0.916_426, 0.639_941]),
    ),
    ValidationCase::new(
        "V4 fixed",
        "M/M/n+G (Baccelli and Hebuterne 1981)",
        file!("v4_patience"),
        patience!([0.676_856, 0.088_285_5, 45.908_5, 2.550_47, 0.421_239]),
    )
    .variant(1),
    ValidationCase::new(
        "V4 lognormal",
        "M/M/n+G (Baccelli and Hebuterne 1981)",
        file!("v4_patience"),
        patience!([0.490_283, 0.139_259, 15.304_7, 0.850_260, 0.654_912]),
    )
    .variant(2),
];

const ERLANG_B: &[ValidationFigure] = &[
    ValidationFigure::probability("blocked", BLOCKED, |o| o.flow.abandonment()),
    ValidationFigure::amount("carried", 7.026_71, |o| o.mean(Gauge::SlotsUsed)),
];

pub(super) const V7: &[ValidationCase] = &[
    ValidationCase::new("V7 exponential", "Erlang B (Erlang 1917)", file!("v7_erlang_b"), ERLANG_B),
    ValidationCase::new("V7 lognormal", "Erlang B (Erlang 1917)", file!("v7_erlang_b"), ERLANG_B)
        .variant(1),
];
