//! Answers that take longer the more conversations are open.

use crate::experiment::validate::case::{ValidationCase, ValidationFigure};
use crate::ledger::gauge::Gauge;

use super::read::share_waiting;

/// Figures of an agent with slots, in the order of the table of V23 a and b.
macro_rules! slots {
    ($values:expr) => {{
        const VALUES: [f64; 4] = $values;
        &[
            ValidationFigure::probability("P(wait)", VALUES[0], share_waiting),
            ValidationFigure::probability("occupancy", VALUES[1], |o| o.agent_times().occupancy()),
            ValidationFigure::amount("L", VALUES[2], |o| o.mean(Gauge::Open)),
            ValidationFigure::amount("W, s", VALUES[3], |o| o.times.first_response.mean()),
        ]
    }};
}

const ANY_LAW: &[ValidationFigure] = &[
    ValidationFigure::probability("occupancy", 0.681_279, |o| o.agent_times().occupancy()),
    ValidationFigure::amount("L", 1.330_69, |o| o.mean(Gauge::Open)),
    ValidationFigure::amount("W, s", 79.841_1, |o| o.times.first_response.mean()),
];

pub(super) const V23: &[ValidationCase] = &[
    ValidationCase::new(
        "V23 a",
        "Limited processor sharing, birth and death",
        file!("v23_slowdown"),
        slots!([0.142_871, 0.750_966, 2.246_09, 149.739]),
    ),
    ValidationCase::new(
        "V23 b",
        "M/M/1 with rates that depend on the state",
        file!("v23_slowdown"),
        slots!([0.194_131, 0.522_858, 1.355_68, 180.757]),
    )
    .variant(1),
    ValidationCase::new("V23 c, exponential", SYMMETRIC, file!("v23_any_law"), ANY_LAW),
    ValidationCase::new("V23 c, fixed", SYMMETRIC, file!("v23_any_law"), ANY_LAW).variant(1),
    ValidationCase::new("V23 c, lognormal", SYMMETRIC, file!("v23_any_law"), ANY_LAW).variant(2),
];

const SYMMETRIC: &str = "Symmetric queue (Kelly 1979)";
