//! The standard suite: the same cases under the same names for ever, so that machines and versions
//! can be compared. Each case is a scenario that comes with the program.

mod overload;
pub mod races;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::time::Span;
use crate::scenario::stress::Stress;
use crate::scenario::{self, Diagnostics, Scenario, Source};

use super::beats::Beat;
use super::failure::Failure;
use super::results::Results;
use super::run::Job;
use super::verdict::{Judged, Verdict};

pub use self::overload::Overload;
use self::races::{Lost, Races, races};

/// A case of the suite.
#[derive(Debug)]
pub struct Case {
    /// Its name, which never changes.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    kind: Kind,
    text: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// The scenario as it is.
    AsIs,
    /// So many times the capacity of the machine.
    Overload(f64),
    /// All orders of what can come together.
    Races,
}

/// What came of a case.
#[derive(Debug)]
pub struct Done {
    /// The case.
    pub case: &'static Case,
    /// What came of it.
    pub ending: Ending,
}

/// What came of a case.
#[derive(Debug)]
pub enum Ending {
    /// A run.
    Run(Box<Results>),
    /// All orders of a race.
    Races(Races),
    /// The machine holds nothing, so there is nothing to overload.
    NoCapacity,
}

/// What came of the suite.
#[derive(Debug)]
pub struct SuiteResults {
    /// The cases that were run, in order.
    pub done: Vec<Done>,
    /// Those that the user stopped, or that were to come after it.
    pub left: Vec<&'static Case>,
}

/// Why the suite came to nothing.
#[derive(Debug)]
pub enum Halt {
    /// A run ended in a bug.
    Failed(Failure),
    /// An order of a race broke a rule.
    Lost(Box<Lost>),
    /// A scenario of the suite cannot be read.
    Unreadable(Diagnostics),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// What the suite does.
#[derive(Debug)]
pub enum News<'a> {
    /// A case begins.
    Case(&'static Case),
    /// A run of it, what for, and how it is made.
    Run(&'a str, &'a Stress),
    /// A second of the run.
    Beat(&'a Beat),
}

/// How the suite is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Suite {
    /// Shards, instead of what suits the machine.
    pub shards: Option<u32>,
    /// How long the load of each case lasts, instead of its own length.
    pub length: Option<Span>,
}

/// All cases, in order.
pub static CASES: [Case; 13] = [
    Case {
        name: "arm_storm",
        about: "timers armed and cancelled by the ten thousand a second",
        kind: Kind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/arm_storm.toml"),
    },
    Case {
        name: "mass_logout",
        about: "10,000 agents with 5 conversations each log out in one tick",
        kind: Kind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/mass_logout.toml"),
    },
    Case {
        name: "mass_logout_1s",
        about: "the same, spread over a second",
        kind: Kind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/mass_logout_1s.toml"),
    },
    Case {
        name: "mass_logout_60s",
        about: "the same, spread over a minute",
        kind: Kind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/mass_logout_60s.toml"),
    },
    Case {
        name: "overload_0.5",
        about: "half the capacity of the machine",
        kind: Kind::Overload(0.5),
        text: OVERLOAD,
    },
    Case {
        name: "overload_0.9",
        about: "nine tenths of it",
        kind: Kind::Overload(0.9),
        text: OVERLOAD,
    },
    Case {
        name: "overload_1.1",
        about: "a tenth more than it: nothing is lost, no deadline starved",
        kind: Kind::Overload(1.1),
        text: OVERLOAD,
    },
    Case {
        name: "overload_2",
        about: "twice as much: nothing is lost, no deadline starved",
        kind: Kind::Overload(2.0),
        text: OVERLOAD,
    },
    Case {
        name: "crash",
        about: "actors panic and stop under load, half the agents, all, all consumers: nothing is lost",
        kind: Kind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/crash.toml"),
    },
    Case {
        name: "races",
        about: "reply, deadline, logout, close and transfer in one tick, in all orders",
        kind: Kind::Races,
        text: include_str!("../../../scenarios/stress/suite/races.toml"),
    },
    Case {
        name: "stall",
        about: "the routers stand still for half a second",
        kind: Kind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/stall.toml"),
    },
    Case {
        name: "flap",
        about: "agents come and go several times a second",
        kind: Kind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/flap.toml"),
    },
    Case {
        name: "soak",
        about: "a steady load; memory stays flat",
        kind: Kind::AsIs,
        text: include_str!("../../../scenarios/stress/suite/soak.toml"),
    },
];

const OVERLOAD: &str = include_str!("../../../scenarios/stress/suite/overload.toml");

/// The case of this name.
pub fn find(name: &str) -> Option<&'static Case> {
    CASES.iter().find(|case| case.name == name)
}

impl Case {
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

impl Suite {
    /// Runs some cases, one after the other. `watch` hears of each before it begins and of all that it
    /// does. When `stop` is set, the case under way ends early and counts as not run.
    ///
    /// # Errors
    ///
    /// A bug.
    pub fn run(
        &self,
        cases: &[&'static Case],
        stop: &AtomicBool,
        mut watch: impl FnMut(News<'_>),
    ) -> Result<SuiteResults, Halt> {
        let mut overload = Overload::default();
        let mut done = Vec::new();
        for &case in cases {
            watch(News::Case(case));
            let ending = self.ending(case, &mut overload, (stop, &mut watch))?;
            if stop.load(Ordering::Relaxed) {
                break;
            }
            done.push(Done { case, ending });
        }
        let left = cases[done.len()..].to_vec();
        Ok(SuiteResults { done, left })
    }

    fn ending(
        &self,
        case: &'static Case,
        overload: &mut Overload,
        (stop, watch): (&AtomicBool, &mut dyn FnMut(News<'_>)),
    ) -> Result<Ending, Halt> {
        let scenario = case.scenario().map_err(Halt::Unreadable)?;
        let Some(plan) = scenario.variants.first().map(|variant| variant.plan.clone()) else {
            return Ok(Ending::NoCapacity);
        };
        let mut settings = scenario.stress;
        settings.shards = self.shards;
        if let Some(length) = self.length {
            settings.length = length;
        }
        match case.kind {
            Kind::Races => races(&plan).map(Ending::Races).map_err(Halt::Lost),
            Kind::AsIs => {
                let job = Job { plan, settings, journal: false };
                watch(News::Run("", &job.settings));
                Ok(Ending::Run(Box::new(job.run(stop, |beat| watch(News::Beat(beat)))?)))
            }
            Kind::Overload(factor) => {
                let results = overload.run(plan, settings, factor, (stop, watch))?;
                Ok(results.map_or(Ending::NoCapacity, |results| Ending::Run(Box::new(results))))
            }
        }
    }
}

impl Done {
    /// Whether it says anything: whether the load generator kept up.
    pub fn is_valid(&self) -> bool {
        match &self.ending {
            Ending::Run(results) => results.is_valid(),
            Ending::Races(_) => true,
            Ending::NoCapacity => false,
        }
    }

    /// Its thresholds that were not met.
    pub fn missed(&self) -> Vec<Judged> {
        let Ending::Run(results) = &self.ending else { return Vec::new() };
        let judged = results.judged().into_iter();
        judged.filter(|judged| judged.verdict() != Verdict::Met).collect()
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
            assert!(judges || matches!(case.kind, Kind::Races), "{}", case.name);
        }
    }
}
