//! Conversations of several messages.

use crate::experiment::validate::case::{ValidationCase, ValidationFigure};
use crate::ledger::gauge::Gauge;

use super::read::{hours, latency_after_assignment, mean_wait};

/// Figures of an agent who holds conversations that never end, in the order of the table of V13 a.
macro_rules! closed_conversations {
    ($values:expr) => {{
        const VALUES: [f64; 3] = $values;
        &[
            ValidationFigure::probability("busy", VALUES[0], |o| o.mean(Gauge::Busy)),
            ValidationFigure::amount("replies/min", VALUES[1], |o| {
                Some(o.counts.answers as f64 / hours(o) / 60.0)
            }),
            ValidationFigure::amount("latency, s", VALUES[2], |o| o.flow.response.mean()),
        ]
    }};
}

/// Figures of an agent with slots, in the order of the table of V13 c.
macro_rules! slots {
    ($values:expr) => {{
        const VALUES: [f64; 6] = $values;
        &[
            ValidationFigure::probability("P(abandon)", VALUES[0], |o| o.flow.abandonment()),
            ValidationFigure::amount("queue wait, s", VALUES[1], mean_wait),
            ValidationFigure::probability("busy", VALUES[2], |o| o.mean(Gauge::Busy)),
            ValidationFigure::amount("in a slot", VALUES[3], |o| o.mean(Gauge::SlotsUsed)),
            ValidationFigure::amount("latency, s", VALUES[4], latency_after_assignment),
            ValidationFigure::amount("conversations/h", VALUES[5], |o| {
                Some(o.flow.answered as f64 / hours(o))
            }),
        ]
    }};
}

pub(super) const V13: &[ValidationCase] = &[
    ValidationCase::new(
        "V13 a, K 3",
        MACHINE_REPAIR,
        file!("v13_closed_conversations"),
        closed_conversations!([0.865_672, 1.731_34, 58.965_5]),
    ),
    ValidationCase::new(
        "V13 a, K 3, fixed think time",
        MACHINE_REPAIR,
        file!("v13_closed_conversations"),
        closed_conversations!([0.865_672, 1.731_34, 58.965_5]),
    )
    .variant(1),
    ValidationCase::new(
        "V13 a, K 4",
        MACHINE_REPAIR,
        file!("v13_closed_conversations"),
        closed_conversations!([0.793_893, 2.381_68, 40.769_2]),
    )
    .variant(2),
    ValidationCase::new(
        "V13 a, K 2",
        MACHINE_REPAIR,
        file!("v13_closed_conversations"),
        closed_conversations!([0.8, 1.2, 60.0]),
    )
    .variant(3),
    ValidationCase::new(
        "V13 b",
        "Open network of queues (Jackson 1957)",
        file!("v13_open_conversations"),
        &[
            ValidationFigure::probability("busy", 0.3, |o| o.mean(Gauge::Busy)),
            ValidationFigure::amount("thinking", 1.0, |o| {
                let new = o.times.handle.total().micros as f64 / 3.6e9 / hours(o);
                Some(o.mean(Gauge::Open)? - new)
            }),
            ValidationFigure::amount("wait, s", 12.857_1, |o| o.times.start_of_writing.mean()),
            ValidationFigure::amount("latency, s", 42.857_1, |o| o.flow.response.mean()),
            ValidationFigure::amount("conversation, min", 14.285_7, |o| {
                Some(o.mean(Gauge::Open)? * hours(o) * 60.0 / o.flow.offered as f64)
            }),
        ],
    ),
    ValidationCase::new(
        "V13 c, K 1",
        SLOTS,
        file!("v13_slots"),
        slots!([0.631_364, 113.646, 0.230_397, 0.783_351, 30.0, 5.529_54]),
    ),
    ValidationCase::new(
        "V13 c, K 3",
        SLOTS,
        file!("v13_slots"),
        slots!([0.218_768, 39.378_2, 0.488_270, 1.890_09, 44.129_6, 11.718_5]),
    )
    .variant(1),
];

const MACHINE_REPAIR: &str = "Machine repair model, M/M/1//K";
const SLOTS: &str = "Markov chain (at the agent, thinking, queued)";
