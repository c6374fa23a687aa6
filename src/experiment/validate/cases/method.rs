//! Not the model but what is made of it: a search, intervals, a comparison.

use crate::experiment::validate::case::{ValidationCase, ValidationFigure};
use crate::experiment::validate::exact::Exact;
use crate::experiment::validate::experiments::{LEAST_STAFFING, ONE_AGENT_MORE, coverage};

pub(super) const V19: &[ValidationCase] = &[ValidationCase::new(
    "V19",
    "Erlang A (Palm 1957)",
    file!("v19_staffing"),
    &[
        ValidationFigure::found("least agents that do", Exact::Within(52.0, 52.0)),
        // They clear the goal by .0065 only: the first thirty replications cannot tell.
        ValidationFigure::found("replications to be sure", Exact::Within(31.0, f64::INFINITY)),
        // They reach .770517 of the .80.
        ValidationFigure::found("51 known to miss it", Exact::Within(1.0, 1.0)),
        ValidationFigure::found("SL with 52 agents", Exact::Probability(0.806_530)),
    ],
)
.by(LEAST_STAFFING)];

const BINOMIAL: &str = "Erlang B (Erlang 1917), binomial number of intervals";

/// How many intervals hold the exact value: bounds that leave out less than one in a thousand.
macro_rules! intervals {
    ($low:literal to $high:literal) => {
        &[
            ValidationFigure::found("hold it as simulated", Exact::Within($low, $high)),
            ValidationFigure::found("hold it when corrected", Exact::Within($low, $high)),
        ]
    };
}

pub(super) const V20: &[ValidationCase] = &[
    ValidationCase::new(
        "V20, 200 intervals",
        BINOMIAL,
        file!("v20_coverage"),
        intervals!(179.0 to 198.0),
    )
    .by(coverage::<200>()),
    ValidationCase::new(
        "V20, 400 intervals",
        BINOMIAL,
        file!("v20_coverage"),
        intervals!(364.0 to 393.0),
    )
    .by(coverage::<400>()),
    ValidationCase::new(
        "V20, 1000 intervals",
        BINOMIAL,
        file!("v20_coverage"),
        intervals!(926.0 to 971.0),
    )
    .by(coverage::<1000>()),
];

pub(super) const V21: &[ValidationCase] = &[ValidationCase::new(
    "V21",
    "Erlang A from empty (Kolmogorov's equations)",
    file!("v21_one_agent_more"),
    &[
        ValidationFigure::found("change of abandoned a day", Exact::Amount(-68.341_5)),
        ValidationFigure::found("variance times smaller", Exact::Within(8.0, f64::INFINITY)),
        ValidationFigure::found("better, of 100 × 20 days", Exact::Within(100.0, 100.0)),
    ],
)
.by(ONE_AGENT_MORE)];
