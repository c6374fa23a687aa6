//! `[[stress.fault]]`: what is done to the system during a wall-clock run. All times here are
//! wall-clock time.

use super::reader::Section;
use super::reader::compound::NameOf;
use super::reader::forms::{Choice, Duration, Number, Whole};
use super::stress::{LONGEST, WALL};
use crate::base::ids::GroupId;
use crate::base::time::Span;

/// A fault and when it happens, from the start of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaultStep {
    /// When it begins.
    pub at: Span,
    /// How long it goes on; zero: all at once.
    pub over: Span,
    /// What.
    pub fault: Fault,
}

/// What is done to the system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// The routers handle nothing for so long.
    Stall,
    /// Agents are logged out and kept out.
    LogOut(Whom),
    /// Agents who are kept out log in again.
    LogIn(Whom),
    /// Agents are logged out and let in again, so many times each.
    Flap(Whom, u32),
    /// So many arrivals besides those of the plan.
    Flood(u64),
    /// Actors die.
    Die(Victims, Death),
}

/// Agents whom a fault strikes: a share of a group, or of all, drawn with the seed of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Whom {
    /// `None` = of all agents.
    pub group: Option<GroupId>,
    /// From 0 to 1.
    pub share: f64,
}

/// Whose actors die.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Victims {
    /// Agents.
    Agents(Whom),
    /// So many, from 0 to 1, of the consumers whose conversations are open then, drawn with the
    /// seed of the run.
    Consumers(f64),
}

/// How an actor dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// It panics.
    Panic,
    /// It stops.
    Stop,
}

impl FaultStep {
    /// When it is over, from the start of the run.
    pub fn ends(&self) -> Span {
        self.at + self.over
    }
}

impl Fault {
    /// Its key in scenario files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Stall => "stall",
            Self::LogOut(_) => "log_out",
            Self::LogIn(_) => "log_in",
            Self::Flap(..) => "flap",
            Self::Flood(_) => "flood",
            Self::Die(_, Death::Panic) => "panic",
            Self::Die(_, Death::Stop) => "stop",
        }
    }

    /// Whom it strikes, where that is not plain from its key.
    pub fn of(&self) -> Option<&'static str> {
        matches!(self, Self::Die(Victims::Consumers(_), _)).then_some("consumers")
    }
}

pub(super) fn fault(section: &mut Section<'_>) -> Option<FaultStep> {
    let at = Duration::between(Span::ZERO, LONGEST);
    let at = section.required("at", at, "when it begins, from the start of the run");
    let over = Duration::between(Span::ZERO, LONGEST);
    let over = section.value(
        "over",
        over,
        "0s",
        "how long it goes on: those struck are struck at random instants within it, a flood comes \
         evenly; 0 = all at once; of no use with `stall`",
    );
    let stall = section.optional("stall", WALL, "the routers handle nothing for so long");
    let arrivals = Whole::<u64>::between(1, 10_000_000);
    let flood = section.optional("flood", arrivals, "arrivals besides those of the plan");
    let mut named = vec![stall.map(|_| Fault::Stall), flood.map(Fault::Flood)];
    named.extend(faults_of_people(section)?);
    let named = Vec::from_iter(named.into_iter().flatten());
    let [fault] = named.as_slice() else {
        let message = "a fault has exactly one of `stall`, `log_out`, `log_in`, `flap`, `flood`, \
                       `panic` and `stop`";
        section.context.report(section.error("", message));
        return None;
    };
    Some(FaultStep { at: at?, over: stall.unwrap_or(over), fault: *fault })
}

/// What strikes agents, or consumers.
fn faults_of_people(section: &mut Section<'_>) -> Option<[Option<Fault>; 5]> {
    let group = section.optional("group", NameOf::GROUP, "the group struck; left out: all agents");
    let group = group.map(|position| GroupId(position as u16));
    let mut share =
        |key: &'static str, text: &'static str| section.optional(key, Number::share(), text);
    let log_out = share("log_out", "share of the agents that are logged out and kept out");
    let log_in = share("log_in", "share of the agents that log in again, if they were kept out");
    let flap = share("flap", "share of the agents that are logged out and let in, `times` times");
    let panic = share("panic", "share of the actors `of` agents or consumers that panic");
    let stop = share("stop", "share of the actors `of` agents or consumers that stop");
    let times = Whole::<u32>::between(1, 1000);
    let times = section.value("times", times, 10, "logouts of each agent that flaps");
    let of_consumers = section.value("of", VICTIMS, "agents", "whose actors panic or stop");
    if of_consumers && (group.is_some() || panic.or(stop).is_none()) {
        let message = "consumers only panic or stop, and are in no group";
        section.context.report(section.error("of", message));
        return None;
    }
    let whom = |share| Whom { group, share };
    let die = |death| {
        move |share| match of_consumers {
            true => Fault::Die(Victims::Consumers(share), death),
            false => Fault::Die(Victims::Agents(whom(share)), death),
        }
    };
    Some([
        log_out.map(|share| Fault::LogOut(whom(share))),
        log_in.map(|share| Fault::LogIn(whom(share))),
        flap.map(|share| Fault::Flap(whom(share), times)),
        panic.map(die(Death::Panic)),
        stop.map(die(Death::Stop)),
    ])
}

const VICTIMS: Choice<bool> = Choice(&[
    ("agents", false, "agents: the new actor asks the router what it owns"),
    (
        "consumers",
        true,
        "consumers with an open conversation: the new actor asks the router what it has missed",
    ),
]);
