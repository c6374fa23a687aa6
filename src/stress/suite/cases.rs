//! The cases of the suite.

use std::path::Path;

use crate::scenario::{self, Diagnostics, Scenario, Source};

/// A case of the suite.
#[derive(Debug)]
pub struct SuiteCase {
    /// Its name, which never changes.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    pub(super) kind: CaseKind,
    text: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum CaseKind {
    /// The scenario as it is.
    AsIs,
    /// So many times the capacity of the machine.
    Overload(f64),
    /// All orders of what can come together.
    Races,
}

/// All cases, in order.
pub static CASES: [SuiteCase; 13] = [
    SuiteCase {
        name: "arm_storm",
        about: "timers armed and cancelled by the ten thousand a second",
        kind: CaseKind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/arm_storm.toml"),
    },
    SuiteCase {
        name: "mass_logout",
        about: "10,000 agents with 5 conversations each log out in one tick",
        kind: CaseKind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/mass_logout.toml"),
    },
    SuiteCase {
        name: "mass_logout_1s",
        about: "the same, spread over a second",
        kind: CaseKind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/mass_logout_1s.toml"),
    },
    SuiteCase {
        name: "mass_logout_60s",
        about: "the same, spread over a minute",
        kind: CaseKind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/mass_logout_60s.toml"),
    },
    SuiteCase {
        name: "overload_0.5",
        about: "half the capacity of the machine",
        kind: CaseKind::Overload(0.5),
        text: OVERLOAD,
    },
    SuiteCase {
        name: "overload_0.9",
        about: "nine tenths of it",
        kind: CaseKind::Overload(0.9),
        text: OVERLOAD,
    },
    SuiteCase {
        name: "overload_1.1",
        about: "a tenth more than it: nothing is lost, no deadline starved",
        kind: CaseKind::Overload(1.1),
        text: OVERLOAD,
    },
    SuiteCase {
        name: "overload_2",
        about: "twice as much: nothing is lost, no deadline starved",
        kind: CaseKind::Overload(2.0),
        text: OVERLOAD,
    },
    SuiteCase {
        name: "crash",
        about: "actors panic and stop under load, half the agents, all, all consumers: nothing is lost",
        kind: CaseKind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/crash.toml"),
    },
    SuiteCase {
        name: "races",
        about: "reply, deadline, logout, close and transfer in one tick, in all orders",
        kind: CaseKind::Races,
        text: include_str!("../../../scenarios/stress/suite/races.toml"),
    },
    SuiteCase {
        name: "stall",
        about: "the routers stand still for half a second",
        kind: CaseKind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/stall.toml"),
    },
    SuiteCase {
        name: "flap",
        about: "agents come and go several times a second",
        kind: CaseKind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/flap.toml"),
    },
    SuiteCase {
        name: "soak",
        about: "a steady load; memory stays flat",
        kind: CaseKind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/soak.toml"),
    },
];

const OVERLOAD: &str = include_str!("../../../scenarios/stress/suite/overload.toml");

/// The case of this name.
pub fn find(name: &str) -> Option<&'static SuiteCase> {
    CASES.iter().find(|case| case.name == name)
}

impl SuiteCase {
    /// Its scenario.
    ///
    /// # Errors
    ///
    /// The program came with a scenario that it cannot read, which is a bug.
    pub fn scenario(&self) -> Result<Scenario, Diagnostics> {
        let source = Source { name: format!("{}.toml", self.name), text: self.text.to_owned() };
        scenario::parse(source, Path::new(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_the_same_for_ever_and_every_scenario_is_sound() {
        let names = [
            "arm_storm",
            "mass_logout",
            "mass_logout_1s",
            "mass_logout_60s",
            "overload_0.5",
            "overload_0.9",
            "overload_1.1",
            "overload_2",
            "crash",
            "races",
            "stall",
            "flap",
            "soak",
        ];
        assert_eq!(CASES.each_ref().map(|case| case.name), names);
        for case in &CASES {
            let scenario = case.scenario().unwrap_or_else(|findings| panic!("{findings}"));
            assert!(scenario.warnings.is_empty(), "{}: {:?}", case.name, scenario.warnings);
            let judges = !scenario.stress.thresholds.is_empty();
            assert!(judges || matches!(case.kind, CaseKind::Races), "{}", case.name);
        }
    }
}
