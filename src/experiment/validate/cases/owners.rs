//! Agents who lose conversations: automatic unassignment and ownership removal.

use crate::experiment::validate::case::{ValidationCase, ValidationFigure};
use crate::ledger::gauge::Gauge;

use super::read::{hours, seconds};

/// Figures of a timeout with plenty of agents, in the order of the table of V15 f.
macro_rules! plenty_of_agents {
    ($values:expr) => {{
        const VALUES: [f64; 4] = $values;
        &[
            ValidationFigure::probability("P(R > T)", VALUES[0], |o| {
                let (lost, sent) = (o.counts.auto_unassigned(), o.counts.answers);
                Some(lost as f64 / (lost + sent) as f64)
            }),
            ValidationFigure::amount("unassigns a message", VALUES[1], |o| {
                Some(o.counts.auto_unassigned() as f64 / o.flow.messages as f64)
            }),
            ValidationFigure::amount("wait for the answer, s", VALUES[2], |o| {
                o.flow.response.mean()
            }),
            ValidationFigure::probability("untouched", VALUES[3], |o| {
                Some(o.counts.conversations_by_unassigns[0] as f64 / o.flow.offered as f64)
            }),
        ]
    }};
}

/// Figures of a timeout with one agent and exponential answers.
macro_rules! one_agent {
    ($unassigns:expr) => {
        &[
            ValidationFigure::amount("Wq, s", 60.0, |o| o.flow.assignment.mean()),
            ValidationFigure::amount("L", 1.0, |o| o.mean(Gauge::Open)),
            ValidationFigure::amount("unassigns a conversation", $unassigns, |o| {
                Some(o.counts.auto_unassigned() as f64 / o.flow.offered as f64)
            }),
        ]
    };
}

/// Figures of a timeout with one agent and lognormal answers, in the order of the table of V15 h.
macro_rules! one_agent_lognormal {
    ($values:expr) => {{
        const VALUES: [f64; 4] = $values;
        &[
            ValidationFigure::amount("work, s", VALUES[0], |o| {
                Some(o.mean(Gauge::Busy)? * hours(o) * 3600.0 / o.flow.offered as f64)
            }),
            ValidationFigure::probability("occupancy", VALUES[1], |o| o.agent_times().occupancy()),
            ValidationFigure::amount("Wq, s", VALUES[2], |o| o.flow.assignment.mean()),
            ValidationFigure::amount("L", VALUES[3], |o| o.mean(Gauge::Open)),
        ]
    }};
}

pub(super) const V15: &[ValidationCase] = &[
    ValidationCase::new(
        "V15 f, T 60 s",
        GEOMETRIC,
        file!("v15_plenty_of_agents"),
        plenty_of_agents!([0.293_624, 0.415_676, 49.881_1, 0.124_227]),
    ),
    ValidationCase::new(
        "V15 f, T 120 s",
        GEOMETRIC,
        file!("v15_plenty_of_agents"),
        plenty_of_agents!([0.118_744, 0.134_745, 52.805_2, 0.468_394]),
    )
    .variant(1),
    ValidationCase::new(
        "V15 f, T 180 s",
        GEOMETRIC,
        file!("v15_plenty_of_agents"),
        plenty_of_agents!([0.060_001_5, 0.063_831_5, 54.926_0, 0.689_863]),
    )
    .variant(2),
    ValidationCase::new(
        "V15 f, T 300 s",
        GEOMETRIC,
        file!("v15_plenty_of_agents"),
        plenty_of_agents!([0.021_419_2, 0.021_888_0, 57.229_2, 0.878_173]),
    )
    .variant(3),
    ValidationCase::new("V15 g, T 30 s", MEMORYLESS, file!("v15_one_agent"), one_agent!(1.541_494)),
    ValidationCase::new("V15 g, T 60 s", MEMORYLESS, file!("v15_one_agent"), one_agent!(0.581_977))
        .variant(1),
    ValidationCase::new(
        "V15 g, T 120 s",
        MEMORYLESS,
        file!("v15_one_agent"),
        one_agent!(0.156_518),
    )
    .variant(2),
    ValidationCase::new(
        "V15 h, T 120 s",
        BEGUN_AFRESH,
        file!("v15_one_agent_lognormal"),
        one_agent_lognormal!([52.805_2, 0.440_043, 43.058_0, 0.798_859]),
    ),
    ValidationCase::new(
        "V15 h, T 60 s",
        BEGUN_AFRESH,
        file!("v15_one_agent_lognormal"),
        one_agent_lognormal!([49.881_1, 0.415_676, 34.520_4, 0.703_346]),
    )
    .variant(1),
];

pub(super) const V16: &[ValidationCase] = &[
    ValidationCase::new(
        "V16 a",
        BREAKDOWNS,
        file!("v16_logouts"),
        &[
            ValidationFigure::amount("L", 0.84, |o| o.mean(Gauge::Open)),
            ValidationFigure::amount("ownership removals/h", 1.8, |o| {
                Some(o.counts.ownership_removed() as f64 / hours(o))
            }),
            ValidationFigure::bounded("stranded", 0.0, 0.0, |o| o.mean(Gauge::Stranded)),
        ],
    ),
    ValidationCase::new(
        "V16 b",
        BREAKDOWNS,
        file!("v16_logouts"),
        &[
            ValidationFigure::amount("L", 0.84, |o| o.mean(Gauge::Open)),
            ValidationFigure::amount("stranded", 0.075, |o| o.mean(Gauge::Stranded)),
            ValidationFigure::bounded("ownership removals", 0.0, 0.0, |o| {
                Some(o.counts.ownership_removed() as f64)
            }),
        ],
    )
    .variant(1),
    ValidationCase::new(
        "V16 c",
        "Uniform delay",
        file!("v16_removal_delay"),
        &[
            ValidationFigure::amount("mean delay, s", 60.0, |o| o.times.removal_delay.mean()),
            ValidationFigure::amount("q95, s", 114.0, |o| o.times.removal_delay.quantile(0.95)),
            // The platform promises two minutes.
            ValidationFigure::bounded("longest, s", 0.0, 120.0, |o| {
                seconds(o.times.removal_delay.longest())
            }),
        ],
    ),
    ValidationCase::new(
        "V16 d",
        "Rules A7 and D5",
        file!("v16_manual_sla"),
        &[
            ValidationFigure::bounded("unassigned after, s", 510.0, 510.0, |o| {
                seconds(o.times.unassign_delay.longest())
            }),
            ValidationFigure::bounded("deadlines suppressed", 1.0, 1.0, |o| {
                Some(o.counts.suppressed_by_manual_sla as f64)
            }),
        ],
    ),
];

const GEOMETRIC: &str = "Geometric number of attempts";
const MEMORYLESS: &str = "M/M/1: what has no memory loses nothing";
const BEGUN_AFRESH: &str = "M/G/1 (Pollaczek 1930, Khinchin 1932)";
const BREAKDOWNS: &str = "M/M/1 with breakdowns (White and Christie 1958)";
