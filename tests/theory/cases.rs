//! The table of cases: scenario, figure, exact value, and how the figure is read from an outcome.
//! The sources of the values are in the scenario files.

use shiftstorm::ledger::Outcome;
use shiftstorm::ledger::gauge::Gauge;
use shiftstorm::ledger::settings::ServiceLevelOf;

use super::harness::{Case, Figure};

pub(crate) const V1: &[Case] = &[
    Case {
        name: "V1",
        file: "v1_m_m_1",
        variant: 0,
        figures: &[
            Figure::amount("L", 4.0, |o| o.mean(Gauge::Open)),
            Figure::amount("Wq, min", 4.0, |o| minutes(mean_wait(o))),
            Figure::amount("W, min", 5.0, |o| minutes(o.times.first_response.mean())),
            Figure::probability("wait ≤ 1 min", 0.345_015, |o| o.service_level()),
            Figure::amount("q50, min", 2.350_02, |o| minutes(o.times.assignment.quantile(0.5))),
            Figure::amount("q90, min", 10.397_2, |o| minutes(o.times.assignment.quantile(0.9))),
            Figure::amount("q95, min", 13.862_9, |o| minutes(o.times.assignment.quantile(0.95))),
            Figure::amount("q99, min", 21.910_1, |o| minutes(o.times.assignment.quantile(0.99))),
        ],
    },
    Case {
        name: "V1 from empty",
        file: "v1_m_m_1_from_empty",
        variant: 0,
        figures: &[
            Figure::amount("L(5)", 1.469_46, |o| open_at(o, 0)),
            Figure::amount("L(20)", 2.647_63, |o| open_at(o, 1)),
            Figure::amount("L(100)", 3.791_87, |o| open_at(o, 2)),
        ],
    },
];

pub(crate) const V2: &[Case] = &[
    Case {
        name: "V2 a",
        file: "v2_erlang_c_a",
        variant: 0,
        figures: &[
            Figure::probability("P(wait)", 0.183_889, share_waiting),
            Figure::amount("Wq, s", 6.129_62, mean_wait),
            Figure::probability("SL", 0.899_080, |o| o.service_level()),
            Figure::amount("q95, s", 43.410_2, |o| o.times.assignment.quantile(0.95)),
        ],
    },
    Case {
        name: "V2 b",
        file: "v2_erlang_c_b",
        variant: 0,
        figures: &[
            Figure::probability("P(wait)", 0.694_456, share_waiting),
            Figure::amount("Wq, s", 20.833_7, mean_wait),
            Figure::amount("queue", 16.666_9, |o| o.mean(Gauge::Queue)),
            Figure::amount("q90, s", 58.138_7, |o| o.times.assignment.quantile(0.9)),
        ],
    },
    Case {
        name: "V2 c",
        file: "v2_erlang_c_c",
        variant: 0,
        figures: &[
            Figure::probability("P(wait)", 0.174_132, share_waiting),
            Figure::amount("Wq, s", 7.835_94, mean_wait),
            Figure::probability("SL", 0.888_350, |o| o.service_level()),
        ],
    },
];

/// Figures of a case of Erlang A, in the order of the table of V3.
macro_rules! erlang_a {
    ($values:expr) => {{
        const VALUES: [f64; 10] = $values;
        &[
            Figure::probability("P(wait)", VALUES[0], share_waiting),
            Figure::probability("P(abandon)", VALUES[1], |o| o.flow.abandonment()),
            Figure::amount("wait, s", VALUES[2], mean_wait),
            Figure::amount("wait of assigned, s", VALUES[3], |o| o.flow.assignment.mean()),
            Figure::amount("queue", VALUES[4], |o| o.mean(Gauge::Queue)),
            Figure::probability("slot use", VALUES[5], |o| o.agent_times().slot_use()),
            Figure::probability("SL of offered", VALUES[6], |o| {
                o.flow.service_level(ServiceLevelOf::Offered)
            }),
            Figure::probability("SL of answered", VALUES[7], |o| {
                o.flow.service_level(ServiceLevelOf::Answered)
            }),
            Figure::probability("SL without short abandons", VALUES[8], |o| {
                o.flow.service_level(ServiceLevelOf::OfferedWithoutShortAbandons)
            }),
            Figure::probability("SL with short abandons", VALUES[9], |o| {
                o.flow.service_level(ServiceLevelOf::ShortAbandonsCountAsServed)
            }),
        ]
    }};
}

pub(crate) const V3: &[Case] = &[
    Case {
        name: "V3 a",
        file: "v3_erlang_a_a",
        variant: 0,
        figures: erlang_a!([
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
    },
    Case {
        name: "V3 c",
        file: "v3_erlang_a_c",
        variant: 0,
        figures: erlang_a!([
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
    },
    Case {
        name: "V3 d",
        file: "v3_erlang_a_d",
        variant: 0,
        figures: erlang_a!([
            0.906_279, 0.345_573, 82.937_5, 89.482_9, 4.146_88, 0.981_641, 0.263_622, 0.402_829,
            0.322_321, 0.445_736,
        ]),
    },
];

/// Figures of a law of patience, in the order of the table of V4.
macro_rules! patience {
    ($values:expr) => {{
        const VALUES: [f64; 5] = $values;
        &[
            Figure::probability("P(wait)", VALUES[0], share_waiting),
            Figure::probability("P(abandon)", VALUES[1], |o| o.flow.abandonment()),
            Figure::amount("wait, s", VALUES[2], mean_wait),
            Figure::amount("queue", VALUES[3], |o| o.mean(Gauge::Queue)),
            Figure::probability("answered ≤ 20 s", VALUES[4], |o| o.service_level()),
        ]
    }};
}

pub(crate) const V4: &[Case] = &[
    Case {
        name: "V4 exponential",
        file: "v4_patience",
        variant: 0,
        figures: patience!([0.496_853, 0.137_464, 16.495_7, 0.916_426, 0.639_941]),
    },
    Case {
        name: "V4 fixed",
        file: "v4_patience",
        variant: 1,
        figures: patience!([0.676_856, 0.088_285_5, 45.908_5, 2.550_47, 0.421_239]),
    },
    Case {
        name: "V4 lognormal",
        file: "v4_patience",
        variant: 2,
        figures: patience!([0.490_283, 0.139_259, 15.304_7, 0.850_260, 0.654_912]),
    },
];

pub(crate) const V5: &[Case] = &[
    Case {
        name: "V5 exponential",
        file: "v5_m_g_1",
        variant: 0,
        figures: &[Figure::amount("Wq, min", 4.0, |o| minutes(mean_wait(o)))],
    },
    Case {
        name: "V5 fixed",
        file: "v5_m_g_1",
        variant: 1,
        figures: &[Figure::amount("Wq, min", 2.0, |o| minutes(mean_wait(o)))],
    },
    Case {
        name: "V5 Erlang-2",
        file: "v5_m_g_1",
        variant: 2,
        figures: &[Figure::amount("Wq, min", 3.0, |o| minutes(mean_wait(o)))],
    },
    Case {
        name: "V5 lognormal",
        file: "v5_m_g_1",
        variant: 3,
        figures: &[Figure::amount("Wq, min", 4.88, |o| minutes(mean_wait(o)))],
    },
];

const ERLANG_B: &[Figure] = &[
    Figure::probability("blocked", 0.121_661, |o| o.flow.abandonment()),
    Figure::amount("carried", 7.026_71, |o| o.mean(Gauge::SlotsUsed)),
];

pub(crate) const V7: &[Case] = &[
    Case { name: "V7 exponential", file: "v7_erlang_b", variant: 0, figures: ERLANG_B },
    Case { name: "V7 lognormal", file: "v7_erlang_b", variant: 1, figures: ERLANG_B },
];

pub(crate) const V9: &[Case] = &[Case {
    name: "V9",
    file: "v9_infinite_servers",
    variant: 0,
    figures: &[
        Figure::amount("busy at 1 h", 16.489_3, |o| open_at(o, 0)),
        Figure::amount("busy at 2 h", 24.893_3, |o| open_at(o, 1)),
        Figure::amount("busy at 5 h", 33.291_6, |o| open_at(o, 2)),
        Figure::amount("busy at 8 h", 25.001_4, |o| open_at(o, 3)),
        Figure::amount("busy at 13 h", 10.020_6, |o| open_at(o, 4)),
        // Poisson: the second moment is m + m².
        Figure::amount("busy² at 5 h", 33.291_6 + 33.291_6 * 33.291_6, |o| {
            Some(o.instants[2].open.squares as f64 / o.replications as f64)
        }),
    ],
}];

/// Figures of an agent who holds conversations that never end, in the order of the table of V13 a.
macro_rules! closed_conversations {
    ($values:expr) => {{
        const VALUES: [f64; 3] = $values;
        &[
            Figure::probability("busy", VALUES[0], |o| o.mean(Gauge::Busy)),
            Figure::amount("replies/min", VALUES[1], |o| {
                Some(o.counts.answers as f64 / hours(o) / 60.0)
            }),
            Figure::amount("latency, s", VALUES[2], |o| o.flow.response.mean()),
        ]
    }};
}

/// Figures of an agent with slots, in the order of the table of V13 c.
macro_rules! slots {
    ($values:expr) => {{
        const VALUES: [f64; 6] = $values;
        &[
            Figure::probability("P(abandon)", VALUES[0], |o| o.flow.abandonment()),
            Figure::amount("queue wait, s", VALUES[1], mean_wait),
            Figure::probability("busy", VALUES[2], |o| o.mean(Gauge::Busy)),
            Figure::amount("in a slot", VALUES[3], |o| o.mean(Gauge::SlotsUsed)),
            Figure::amount("latency, s", VALUES[4], latency_after_assignment),
            Figure::amount("conversations/h", VALUES[5], |o| {
                Some(o.flow.answered as f64 / hours(o))
            }),
        ]
    }};
}

pub(crate) const V13: &[Case] = &[
    Case {
        name: "V13 a, K 3",
        file: "v13_closed_conversations",
        variant: 0,
        figures: closed_conversations!([0.865_672, 1.731_34, 58.965_5]),
    },
    Case {
        name: "V13 a, K 3, fixed think time",
        file: "v13_closed_conversations",
        variant: 1,
        figures: closed_conversations!([0.865_672, 1.731_34, 58.965_5]),
    },
    Case {
        name: "V13 a, K 4",
        file: "v13_closed_conversations",
        variant: 2,
        figures: closed_conversations!([0.793_893, 2.381_68, 40.769_2]),
    },
    Case {
        name: "V13 a, K 2",
        file: "v13_closed_conversations",
        variant: 3,
        figures: closed_conversations!([0.8, 1.2, 60.0]),
    },
    Case {
        name: "V13 b",
        file: "v13_open_conversations",
        variant: 0,
        figures: &[
            Figure::probability("busy", 0.3, |o| o.mean(Gauge::Busy)),
            Figure::amount("thinking", 1.0, |o| {
                let new = o.times.handle.total().micros as f64 / 3.6e9 / hours(o);
                Some(o.mean(Gauge::Open)? - new)
            }),
            Figure::amount("wait, s", 12.857_1, |o| o.times.start_of_writing.mean()),
            Figure::amount("latency, s", 42.857_1, |o| o.flow.response.mean()),
            Figure::amount("conversation, min", 14.285_7, |o| {
                Some(o.mean(Gauge::Open)? * hours(o) * 60.0 / o.flow.offered as f64)
            }),
        ],
    },
    Case {
        name: "V13 c, K 1",
        file: "v13_slots",
        variant: 0,
        figures: slots!([0.631_364, 113.646, 0.230_397, 0.783_351, 30.0, 5.529_54]),
    },
    Case {
        name: "V13 c, K 3",
        file: "v13_slots",
        variant: 1,
        figures: slots!([0.218_768, 39.378_2, 0.488_270, 1.890_09, 44.129_6, 11.718_5]),
    },
];

/// Figures of a timeout with plenty of agents, in the order of the table of V15 f.
macro_rules! plenty_of_agents {
    ($values:expr) => {{
        const VALUES: [f64; 4] = $values;
        &[
            Figure::probability("P(R > T)", VALUES[0], |o| {
                let (lost, sent) = (o.counts.auto_unassigned(), o.counts.answers);
                Some(lost as f64 / (lost + sent) as f64)
            }),
            Figure::amount("unassigns a message", VALUES[1], |o| {
                Some(o.counts.auto_unassigned() as f64 / o.flow.messages as f64)
            }),
            Figure::amount("wait for the answer, s", VALUES[2], |o| o.flow.response.mean()),
            Figure::probability("untouched", VALUES[3], |o| {
                Some(o.counts.conversations_by_unassigns[0] as f64 / o.flow.offered as f64)
            }),
        ]
    }};
}

/// Figures of a timeout with one agent and exponential answers.
macro_rules! one_agent {
    ($unassigns:expr) => {
        &[
            Figure::amount("Wq, s", 60.0, |o| o.flow.assignment.mean()),
            Figure::amount("L", 1.0, |o| o.mean(Gauge::Open)),
            Figure::amount("unassigns a conversation", $unassigns, |o| {
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
            Figure::amount("work, s", VALUES[0], |o| {
                Some(o.mean(Gauge::Busy)? * hours(o) * 3600.0 / o.flow.offered as f64)
            }),
            Figure::probability("occupancy", VALUES[1], |o| o.agent_times().occupancy()),
            Figure::amount("Wq, s", VALUES[2], |o| o.flow.assignment.mean()),
            Figure::amount("L", VALUES[3], |o| o.mean(Gauge::Open)),
        ]
    }};
}

pub(crate) const V15: &[Case] = &[
    Case {
        name: "V15 f, T 60 s",
        file: "v15_plenty_of_agents",
        variant: 0,
        figures: plenty_of_agents!([0.293_624, 0.415_676, 49.881_1, 0.124_227]),
    },
    Case {
        name: "V15 f, T 120 s",
        file: "v15_plenty_of_agents",
        variant: 1,
        figures: plenty_of_agents!([0.118_744, 0.134_745, 52.805_2, 0.468_394]),
    },
    Case {
        name: "V15 f, T 180 s",
        file: "v15_plenty_of_agents",
        variant: 2,
        figures: plenty_of_agents!([0.060_001_5, 0.063_831_5, 54.926_0, 0.689_863]),
    },
    Case {
        name: "V15 f, T 300 s",
        file: "v15_plenty_of_agents",
        variant: 3,
        figures: plenty_of_agents!([0.021_419_2, 0.021_888_0, 57.229_2, 0.878_173]),
    },
    Case {
        name: "V15 g, T 30 s",
        file: "v15_one_agent",
        variant: 0,
        figures: one_agent!(1.541_494),
    },
    Case {
        name: "V15 g, T 60 s",
        file: "v15_one_agent",
        variant: 1,
        figures: one_agent!(0.581_977),
    },
    Case {
        name: "V15 g, T 120 s",
        file: "v15_one_agent",
        variant: 2,
        figures: one_agent!(0.156_518),
    },
    Case {
        name: "V15 h, T 120 s",
        file: "v15_one_agent_lognormal",
        variant: 0,
        figures: one_agent_lognormal!([52.805_2, 0.440_043, 43.058_0, 0.798_859]),
    },
    Case {
        name: "V15 h, T 60 s",
        file: "v15_one_agent_lognormal",
        variant: 1,
        figures: one_agent_lognormal!([49.881_1, 0.415_676, 34.520_4, 0.703_346]),
    },
];

pub(crate) const V16: &[Case] = &[
    Case {
        name: "V16 a",
        file: "v16_logouts",
        variant: 0,
        figures: &[
            Figure::amount("L", 0.84, |o| o.mean(Gauge::Open)),
            Figure::amount("removals/h", 1.8, |o| {
                Some(o.counts.ownership_removed() as f64 / hours(o))
            }),
        ],
    },
    Case {
        name: "V16 b",
        file: "v16_logouts",
        variant: 1,
        figures: &[
            Figure::amount("L", 0.84, |o| o.mean(Gauge::Open)),
            Figure::amount("stranded", 0.075, |o| o.mean(Gauge::Stranded)),
        ],
    },
    Case {
        name: "V16 c",
        file: "v16_removal_delay",
        variant: 0,
        figures: &[
            Figure::amount("mean delay, s", 60.0, |o| o.times.removal_delay.mean()),
            Figure::amount("q95, s", 114.0, |o| o.times.removal_delay.quantile(0.95)),
        ],
    },
];

pub(crate) const V18: &[Case] = &[Case {
    name: "V18",
    file: "v18_priorities",
    variant: 0,
    figures: &[
        Figure::amount("Wq high, min", 0.477_665, |o| minutes(o.skills[0].queue.mean())),
        Figure::amount("Wq low, min", 4.776_65, |o| minutes(o.skills[1].queue.mean())),
    ],
}];

/// Share of the conversations offered that waited for an assignment at all.
fn share_waiting(outcome: &Outcome) -> Option<f64> {
    let at_once = outcome.times.assignment.zero() as f64;
    Some(1.0 - at_once / outcome.flow.offered as f64)
}

/// Mean time in the queue of the conversations offered, abandoned ones too, in seconds.
fn mean_wait(outcome: &Outcome) -> Option<f64> {
    Some(outcome.times.queue.total().micros as f64 / 1e6 / outcome.flow.offered as f64)
}

/// Mean time from a message, or the assignment if that is later, to the reply, in seconds.
fn latency_after_assignment(outcome: &Outcome) -> Option<f64> {
    let (response, queue) = (outcome.flow.response, outcome.flow.assignment);
    Some((response.micros - queue.micros) as f64 / 1e6 / response.count as f64)
}

/// Mean number of open conversations at an instant of `measure.at`.
fn open_at(outcome: &Outcome, instant: usize) -> Option<f64> {
    Some(outcome.instants[instant].open.sum as f64 / outcome.replications as f64)
}

/// Hours from the end of the warm-up to the horizon, of all replications.
fn hours(outcome: &Outcome) -> f64 {
    outcome.horizon() as f64 / 3.6e9
}

fn minutes(seconds: Option<f64>) -> Option<f64> {
    seconds.map(|seconds| seconds / 60.0)
}
