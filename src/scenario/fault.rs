//! `[[stress.fault]]`: what is done to the system during a wall-clock run. All times here are
//! wall-clock time.

use serde::{Deserialize, Serialize};

use super::reader::ReaderSection;
use super::reader::compound::NameOf;
use super::reader::forms::{ChoiceForm, Duration, Flag, Number, Whole};
use super::wall_clock::{LONGEST, WALL};
use crate::base::ids::GroupId;
use crate::base::time::Span;

/// A fault and when it happens, from the start of the run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaultStep {
    /// When it begins.
    pub at: Span,
    /// How long it goes on; zero: all at once.
    pub over: Span,
    /// What.
    pub fault: Fault,
}

/// What is done to the system.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fault {
    /// The routers handle nothing for so long.
    Stall,
    /// The mailboxes of the routers are full for so long, and nothing in them is handled.
    MailboxFull,
    /// The clocks of the shards stand still for so long, then show the right time at once.
    ClockStall,
    /// Agents are logged out and kept out.
    LogOut(Whom),
    /// Agents who are kept out log in again.
    LogIn(Whom),
    /// Agents are logged out and let in again, so many times each.
    Flap(Whom, u32),
    /// So many arrivals besides those of the plan.
    Flood(u64),
    /// So many messages to one agent of each shard, of a group if there is one; they change nothing.
    HotAgent(Option<GroupId>, u64),
    /// The threads of so many shards stop; nobody takes their place.
    StopShards(u32),
    /// Actors die.
    Die(Victims, Death),
}

/// Agents whom a fault strikes: a share of a group, or of all, drawn with the seed of the run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Whom {
    /// `None` = of all agents.
    pub group: Option<GroupId>,
    /// From 0 to 1.
    pub share: f64,
}

/// Whose actors die.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Victims {
    /// Agents.
    Agents(Whom),
    /// So many, from 0 to 1, of the consumers whose conversations are open then, drawn with the
    /// seed of the run.
    Consumers(f64),
}

/// How an actor dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Death {
    /// It panics between two turns.
    Panic,
    /// It panics in its next turn, when it has changed its state and nothing of that has left it.
    PanicInTurn,
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
            Self::MailboxFull => "mailbox_full",
            Self::ClockStall => "clock_stall",
            Self::LogOut(_) => "log_out",
            Self::LogIn(_) => "log_in",
            Self::Flap(..) => "flap",
            Self::Flood(_) => "flood",
            Self::HotAgent(..) => "hot_agent",
            Self::StopShards(_) => "stop_shards",
            Self::Die(_, Death::Panic | Death::PanicInTurn) => "panic",
            Self::Die(_, Death::Stop) => "stop",
        }
    }

    /// Whom it strikes, where that is not plain from its key.
    pub fn of(&self) -> Option<&'static str> {
        matches!(self, Self::Die(Victims::Consumers(_), _)).then_some("consumers")
    }
}

pub(super) fn fault(section: &mut ReaderSection<'_>) -> Option<FaultStep> {
    let at = Duration::between(Span::ZERO, LONGEST);
    let at = section.required("at", at, "when it begins, from the start of the run");
    let over = Duration::between(Span::ZERO, LONGEST);
    let over = section.value(
        "over",
        over,
        "0s",
        "how long it goes on: those struck are struck at random instants within it, floods come \
         evenly; 0 = all at once; of no use with what has a length of its own",
    );
    let arrivals = Whole::<u64>::between(1, 10_000_000);
    let flood = section.optional("flood", arrivals, "arrivals besides those of the plan");
    let stop_shards = section.optional(
        "stop_shards",
        Whole::<u32>::between(1, 256),
        "shards whose threads stop, with all their actors and mailboxes. Each goes on on another thread \
         from what its router knew; what was said and not heard is said again, and who arrives \
         meanwhile is lost",
    );
    let with_own_length = stalls(section).into_iter().flatten();
    let mut named = Vec::from_iter(with_own_length);
    let others = [flood.map(Fault::Flood), stop_shards.map(Fault::StopShards)]
        .into_iter()
        .chain(faults_of_people(section)?);
    named.extend(others.flatten().map(|fault| (fault, over)));
    let [(fault, over)] = named[..] else {
        // Of one that cannot be read it has been said why.
        if KEYS.iter().filter(|key| section.has(key)).count() != 1 {
            let keys = Vec::from_iter(KEYS.map(|key| format!("`{key}`"))).join(", ");
            let message = format!("a fault has exactly one of {keys}");
            section.context.report(section.error("", message));
        }
        return None;
    };
    Some(FaultStep { at: at?, over, fault })
}

/// What a fault may be.
const KEYS: [&str; 11] = [
    "stall",
    "mailbox_full",
    "clock_stall",
    "flood",
    "log_out",
    "log_in",
    "flap",
    "hot_agent",
    "panic",
    "stop",
    "stop_shards",
];

/// What stands still, and for how long.
fn stalls(section: &mut ReaderSection<'_>) -> [Option<(Fault, Span)>; 3] {
    let mut stall = |key: &'static str, fault, text: &'static str| {
        section.optional(key, WALL, text).map(|length| (fault, length))
    };
    [
        stall("stall", Fault::Stall, "the routers handle nothing for so long"),
        stall(
            "mailbox_full",
            Fault::MailboxFull,
            "the mailboxes of the routers are filled to their bound with messages that say nothing, \
             and the routers handle nothing for so long: every arrival is refused",
        ),
        stall(
            "clock_stall",
            Fault::ClockStall,
            "the clocks of the shards stand still for so long, then show the right time at once: \
             messages are handled meanwhile, timers come late",
        ),
    ]
}

/// What strikes agents, or consumers.
fn faults_of_people(section: &mut ReaderSection<'_>) -> Option<[Option<Fault>; 6]> {
    let group = section.optional("group", NameOf::GROUP, "the group struck; left out: all agents");
    let group = group.map(|position| GroupId(position as u16));
    let mut share =
        |key: &'static str, text: &'static str| section.optional(key, Number::share(), text);
    let log_out = share("log_out", "share of the agents that are logged out and kept out");
    let log_in = share("log_in", "share of the agents that log in again, if they were kept out");
    let flap = share("flap", "share of the agents that are logged out and let in, `times` times");
    let panic = share("panic", "share of the actors `of` agents or consumers that panic");
    let stop = share("stop", "share of the actors `of` agents or consumers that stop");
    let messages = Whole::<u64>::between(1, 1_000_000);
    let hot_agent = section.optional(
        "hot_agent",
        messages,
        "messages to one agent of each shard besides those of the model; they change nothing",
    );
    let times = Whole::<u32>::between(1, 1000);
    let times = section.value("times", times, 10, "logouts of each agent that flaps");
    let of_consumers = section.value("of", VICTIMS, "agents", "whose actors panic or stop");
    if of_consumers && (group.is_some() || panic.or(stop).is_none()) {
        let message = "consumers only panic or stop, and are in no group";
        section.context.report(section.error("of", message));
        return None;
    }
    let in_turn = section.value(
        "in_turn",
        Flag,
        false,
        "whether they panic in the midst of their next turn: what they did in it never happened",
    );
    if in_turn && panic.is_none() {
        let message = "only what panics can do so in a turn";
        section.context.report(section.error("in_turn", message));
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
        hot_agent.map(|messages| Fault::HotAgent(group, messages)),
        panic.map(die(if in_turn { Death::PanicInTurn } else { Death::Panic })),
        stop.map(die(Death::Stop)),
    ])
}

const VICTIMS: ChoiceForm<bool> = ChoiceForm(&[
    ("agents", false, "agents: the new actor asks the router what it owns"),
    (
        "consumers",
        true,
        "consumers with an open conversation: the new actor asks the router what it has missed",
    ),
]);
