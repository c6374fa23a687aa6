//! Clients over several contacts.

use crate::experiment::validate::case::{ValidationCase, ValidationFigure};
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::Outcome;

use super::read::{mean_wait, minutes};

pub(super) const V24: &[ValidationCase] = &[ValidationCase::new(
    "V24",
    "Feedback queue (Jackson 1957)",
    file!("v24_repeat_contacts"),
    &[
        ValidationFigure::amount("L", 4.0, |o| o.mean(Gauge::Open)),
        ValidationFigure::amount("Wq, min", 4.0, |o| minutes(mean_wait(o))),
        ValidationFigure::probability("busy", 0.8, |o| o.mean(Gauge::Busy)),
        ValidationFigure::amount("contacts a client", 1.333_33, contacts),
    ],
)];

pub(super) const V25: &[ValidationCase] = &[
    ValidationCase::new(
        "V25",
        AFTER_CLOSE,
        file!("v25_after_close"),
        &[
            ValidationFigure::probability("after a close", 0.778_801, after_close),
            ValidationFigure::amount("contacts a client", 4.894_00, contacts),
        ],
    ),
    ValidationCase::new(
        "V25 opened again",
        AFTER_CLOSE,
        file!("v25_after_close"),
        &[
            ValidationFigure::probability("after a close", 0.778_801, after_close),
            ValidationFigure::amount("closes a client", 4.894_00, |o| {
                Some(o.times.handle.count() as f64 / o.clients.clients as f64)
            }),
        ],
    )
    .variant(1),
];

const AFTER_CLOSE: &str = "Exponential think time beyond a fixed time";

fn contacts(outcome: &Outcome) -> Option<f64> {
    Some(outcome.clients.contacts as f64 / outcome.clients.clients as f64)
}

/// Of the turns after the first.
fn after_close(outcome: &Outcome) -> Option<f64> {
    let later = outcome.flow.messages - outcome.clients.clients;
    Some(outcome.counts.after_close as f64 / later as f64)
}
