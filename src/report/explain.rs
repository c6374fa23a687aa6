//! The story of one conversation in plain sentences, with clock times and the rules behind it.

use std::fmt::Write as _;

use crate::base::ids::{AgentId, ConversationId, SkillId};
use crate::base::time::{Span, Time};
use crate::experiment::ConversationTrace;
use crate::ledger::settings::MeasureSettings;
use crate::model::event::{Actor, AgentState, Cause, Change, Event, Status};
use crate::model::settings::{Centre, Resolve};
use crate::scenario::Plan;

use super::format::{clock, span};
use super::names::CentreNames;
use super::terminal::{visible, wrapped};

mod owners;
mod queue_waits;

/// The conversation that a person means by `17`, `17.2` or `web-17`.
///
/// # Errors
///
/// What such a name looks like, and which kinds there are.
pub fn conversation(centre: &Centre, name: &str) -> Result<ConversationId, String> {
    let kinds = || (0..).map(crate::base::ids::KindId).zip(&centre.kinds);
    let prefixed = kinds()
        .find_map(|(id, kind)| Some((id, name.strip_prefix(&kind.name)?.strip_prefix('-')?)));
    let (kind, number) = match (prefixed, centre.kinds.as_slice()) {
        (Some(found), _) => found,
        (None, [_]) => (crate::base::ids::KindId(0), name),
        (None, _) => {
            let names = Vec::from_iter(kinds().map(|(_, kind)| format!("`{}`", kind.name)));
            return Err(format!(
                "`{name}` does not name a conversation: KIND-NUMBER or KIND-NUMBER.VISIT, where KIND is one of {}",
                names.join(", ")
            ));
        }
    };
    ConversationId::read(kind, number).ok_or_else(|| {
        format!(
            "`{name}` does not name a conversation: NUMBER, NUMBER.VISIT or NUMBER.VISIT.PART, such \
             as 17, 17.2 or 17.2.1"
        )
    })
}

/// Which conversation a story is about.
pub struct ConversationOf<'a> {
    /// Name of the variant.
    pub variant: &'a str,
    /// What was run.
    pub plan: &'a Plan,
    /// Replication, from 0.
    pub replication: u64,
    /// The conversation.
    pub id: ConversationId,
}

/// Tells what happened, a sentence a line.
pub fn story(of: &ConversationOf<'_>, trace: &ConversationTrace) -> String {
    let plan = of.plan;
    let title = format!(
        "Conversation {} of {}: variant {}, replication {}, seed {}",
        of.id,
        CentreNames::new(&plan.centre).kind(of.id.kind()),
        of.variant,
        of.replication,
        plan.run.seed
    );
    let mut text = format!("{}\n\n", wrapped(&title, 2));
    for (at, sentence) in sentences(plan, trace) {
        let line = format!("{}  {sentence}", clock(&plan.run.calendar, at));
        let indent = clock(&plan.run.calendar, at).len() + 2;
        let _ = writeln!(text, "{}", wrapped_line(&line, indent));
    }
    if !is_resolved(trace) {
        text.push_str("It is still open at the end of the run.\n");
    }
    text
}

/// What happened, and when.
pub(super) fn sentences(plan: &Plan, trace: &ConversationTrace) -> Vec<(Time, String)> {
    let mut teller = Narrator {
        names: CentreNames::new(&plan.centre),
        centre: &plan.centre,
        measure: &plan.measure,
        opened: opened(trace).unwrap_or_default(),
        asked: SkillId(0),
        answered: false,
        is_pending: false,
        silent: None,
        logged_out: None,
    };
    let mut waits = trace.waits.iter().peekable();
    let mut told = Vec::new();
    for (position, (at, event)) in trace.events.iter().enumerate() {
        while let Some((since, why)) = waits.next_if(|(since, _)| since < at) {
            told.push((*since, teller.waits(why)));
        }
        let next = trace.events.get(position + 1).map(|(_, event)| event);
        told.extend(teller.sentence(*at, event, next).map(|sentence| (*at, sentence)));
    }
    told.extend(waits.map(|(since, why)| (*since, teller.waits(why))));
    told
}

/// Whether its story has an end.
pub(super) fn is_resolved(trace: &ConversationTrace) -> bool {
    let resolved =
        |event: &Event| matches!(event, Event::Change(Change { status: Status::Resolved, .. }));
    trace.events.iter().any(|(_, event)| resolved(event))
}

struct Narrator<'a> {
    names: CentreNames<'a>,
    centre: &'a Centre,
    measure: &'a MeasureSettings,
    opened: Time,
    /// The skill asked for at the opening.
    asked: SkillId,
    /// Whether the first answer has come.
    answered: bool,
    /// Whether it waits for the consumer.
    is_pending: bool,
    /// Who stopped responding last, and when.
    silent: Option<(AgentId, Time)>,
    /// Which owner logged out last, and when.
    logged_out: Option<(AgentId, Time)>,
}

/// An answer of an agent.
struct Reply {
    agent: String,
    /// Since when the consumer waited for it, if so.
    waiting_since: Option<Time>,
    started: Time,
    is_wasted: bool,
}

impl Narrator<'_> {
    /// What to say about an event; nothing if the one after it says it all.
    fn sentence(&mut self, at: Time, event: &Event, next: Option<&Event>) -> Option<String> {
        Some(match *event {
            Event::Opened { id, skill, priority, .. } => {
                self.asked = skill;
                self.opened(id, skill, priority)
            }
            Event::Change(ref change) => {
                self.is_pending = change.status == Status::Pending;
                return self.change(change);
            }
            Event::ConsumerMessage { further, moved_deadline, .. } => {
                if at == self.opened && !further {
                    return None;
                }
                match (further, moved_deadline) {
                    (false, _) => "The consumer writes.".to_owned(),
                    (true, false) => "The consumer writes again before the answer (A3).".to_owned(),
                    (true, true) => {
                        "The consumer writes again before the answer; the unassign deadline moves (A3, D1).".to_owned()
                    }
                }
            }
            Event::Answered { agent, waiting_since, started, wasted, .. } => {
                let agent = self.names.agent(agent);
                self.answered(at, &Reply { agent, waiting_since, started, is_wasted: wasted }, next)
            }
            Event::Abandoned { silent: true, .. } => {
                "The consumer's patience ends, and it leaves without a word; the platform does not know (A11).".to_owned()
            }
            Event::Abandoned { silent: false, .. } => return None,
            Event::ManualSla { until: Some(until), .. } => format!(
                "The owner asks for extra time: a manual SLA of {}; until it ends no deadline is carried out (A8, D5).",
                span(until - at)
            ),
            Event::ManualSla { until: None, .. } => "The manual SLA has ended (A8, D5).".to_owned(),
            Event::DeadlineSuppressed { .. } => {
                "The unassign deadline falls due, but the manual SLA exempts the conversation: nothing happens (A7).".to_owned()
            }
            Event::AnswerLost { .. } | Event::LateReply { .. } => return self.undelivered(event),
            Event::AgentState { agent, state } => self.owner_state(at, agent, state),
            Event::Unresponsive { agent, unresponsive: true } => {
                self.silent = Some((agent, at));
                let agent = self.names.agent(agent);
                format!("{agent} stops responding, and the platform does not notice (D12).")
            }
            Event::Unresponsive { agent, unresponsive: false } => {
                let logs_out = Event::AgentState { agent, state: AgentState::Offline };
                if next == Some(&logs_out) || self.logged_out == Some((agent, at)) {
                    return None;
                }
                self.silent = None;
                format!("{} responds again.", self.names.agent(agent))
            }
            Event::Closing { agent, closing: true } => {
                format!("The shift of {} is over; it takes nothing new and finishes first.", self.names.agent(agent))
            }
            Event::Notified { agent, stale, .. } => {
                let agent = self.names.agent(agent);
                if stale {
                    format!("{agent} logs in and is told of an assignment that has gone meanwhile (E11).")
                } else {
                    format!("{agent} logs in and is told of the conversation (B6).")
                }
            }
            _ => return None,
        })
    }

    fn opened(&self, id: ConversationId, skill: SkillId, priority: i16) -> String {
        let again = match (id.need(), id.part()) {
            (_, 1..) => " after the close (A14)".to_owned(),
            (0, 0) => String::new(),
            (need, 0) => format!(" for the {} time", ordinal(u64::from(need) + 1)),
        };
        let skill = match self.centre.skills.len() {
            0 | 1 => String::new(),
            _ => format!(", asking for {}", self.names.skill(skill)),
        };
        let priority = match priority {
            0 => String::new(),
            priority => format!(", with priority {priority}"),
        };
        format!(
            "A consumer writes{again}{skill}{priority}: the conversation is New and in the queue."
        )
    }

    /// A reply, and what comes of it.
    fn answered(&mut self, at: Time, reply: &Reply, next: Option<&Event>) -> String {
        let Reply { agent, waiting_since, started, is_wasted } = reply;
        let first = !std::mem::replace(&mut self.answered, true);
        let mut text = match waiting_since {
            Some(since) => format!(
                "{agent} replies, {} after the message{} (A4)",
                span(at - *since),
                begun(*started - *since)
            ),
            None => format!("{agent} follows up; no message was waiting (D6)"),
        };
        if first && !is_wasted {
            let of_centre = self.measure.service_level.within;
            let threshold = self.centre.threshold(self.asked, of_centre);
            let within = if at - self.opened <= threshold { "within" } else { "beyond" };
            let _ = write!(text, "; the first answer, {within} {}", span(threshold));
        }
        if *is_wasted {
            text.push_str("; wasted: the consumer has left");
        }
        match next {
            Some(Event::Change(Change { cause: Cause::ResolvedByAgent, .. })) => {
                text.push_str(". It was the consumer's last message");
            }
            Some(Event::Change(Change { cause: Cause::ReplyWithBoomerang, .. })) => {
                text.push_str("; Pending, with a boomerang if the consumer is silent (B9)");
            }
            _ => text.push_str("; Pending"),
        }
        text + "."
    }

    fn change(&self, change: &Change) -> Option<String> {
        let from = change.from.map(|agent| self.names.agent(agent)).unwrap_or_default();
        let to = change.to.map(|agent| self.names.agent(agent)).unwrap_or_default();
        let actor = self.names.actor(change.actor);
        let skill = self.names.skill(change.skill);
        Some(match change.cause {
            Cause::Opened | Cause::Reply | Cause::ReplyWithBoomerang => return None,
            Cause::Assigned => format!("The router gives it to {to} (A1)."),
            Cause::Claimed => format!("{to} claims it from the queue (A1, E13)."),
            Cause::ConsumerMessage if change.from.is_some() => {
                format!("The conversation is New again, and still {from}'s (A2, B5).")
            }
            Cause::ConsumerMessage => "The conversation is New again (A2).".to_owned(),
            Cause::InboundWhileOffline => format!(
                "{from} is logged out: with this message the conversation is New and unowned in one step (B3)."
            ),
            Cause::AutoUnassigned { state, waited } => format!(
                "{from}, {}, has left the consumer waiting for {}: automatically unassigned, back to the queue (A6).",
                self.names.state(state),
                span(waited)
            ),
            Cause::OwnerLoggedOut => {
                format!("Ownership removed, as {from} is logged out: New and unowned (B1).")
            }
            Cause::Boomerang => {
                let owner = if to.is_empty() { String::new() } else { format!(", still {to}'s") };
                format!("The boomerang brings it back: New{owner} (B5).")
            }
            Cause::BoomerangWhileOffline => format!(
                "The boomerang fires while {from} is logged out: New and unowned in one step (B4)."
            ),
            Cause::Parked => format!("{actor} parks it: Pending (B7)."),
            Cause::ManualReturn => format!("{actor} gives it back to the queue (A10)."),
            Cause::TransferredToSkill => {
                format!("{actor} transfers it to the queue of {skill} (A10).")
            }
            Cause::TransferredToAgent => format!("{actor} transfers it to {to} (A10, B10)."),
            Cause::AssignedOffline => {
                let status = if change.status == Status::Pending { "Pending" } else { "New" };
                format!("{actor} assigns it to {to}, who is Offline: {status} (B6).")
            }
            Cause::Reserved { agent, .. } => {
                let agent = self.names.agent(agent);
                format!(
                    "{actor} reserves it for {agent}: it waits in the queue of {skill} (A10, B10, E16)."
                )
            }
            Cause::FellBack => {
                format!(
                    "Nobody waits longer for one agent: it is for everybody who has {skill} (E16)."
                )
            }
            Cause::TakenUp => format!("{to} takes it up: New (B6)."),
            Cause::CarriedOver => {
                let status = if change.status == Status::Pending { "Pending" } else { "New" };
                format!("It is {to}'s when the run begins: {status}.")
            }
            Cause::ResolvedByAgent
            | Cause::ResolvedByConsumer
            | Cause::Abandoned
            | Cause::AutoClosed
            | Cause::Reopened => self.closed(change),
        })
    }

    /// A close, or what undoes it.
    fn closed(&self, change: &Change) -> String {
        let to = change.to.map(|agent| self.names.agent(agent)).unwrap_or_default();
        let actor = self.names.actor(change.actor);
        match change.cause {
            Cause::ResolvedByConsumer => {
                "The consumer closes the conversation: Resolved (A12).".to_owned()
            }
            Cause::Abandoned => {
                "The consumer's patience ends: it leaves, and the conversation is Resolved (A11)."
                    .to_owned()
            }
            Cause::AutoClosed => {
                let who = if change.actor == Actor::System { "The platform" } else { &actor };
                format!("{who} closes it for silence: Resolved (A12).")
            }
            Cause::Reopened => {
                let whose = if to.is_empty() {
                    "unowned, as nobody who had it is logged in".to_owned()
                } else {
                    format!("{to}'s again")
                };
                format!(
                    "The consumer writes after the close: the conversation is New, {whose} (A14)."
                )
            }
            _ => match self.centre.resolve {
                Resolve::WithLastReply => format!("{actor} resolves it (A13, A12)."),
                Resolve::After(after) => format!(
                    "Nobody has written for {}: {actor} resolves it, not knowing whether the consumer means to write again (A15, A12).",
                    span(after)
                ),
            },
        }
    }
}

pub(super) fn opened(trace: &ConversationTrace) -> Option<Time> {
    let is_opening = |event: &Event| matches!(event, Event::Opened { .. });
    trace.events.iter().find(|(_, event)| is_opening(event)).map(|&(at, _)| at)
}

fn begun(after: Span) -> String {
    if after <= Span::ZERO { String::new() } else { format!(" and begun {} after it", span(after)) }
}

fn ordinal(number: u64) -> String {
    match number {
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        _ => format!("{number}th"),
    }
}

/// Keeps the two spaces after the clock, which wrapping between words would lose.
fn wrapped_line(line: &str, indent: usize) -> String {
    let (time, sentence) = line.split_at(indent);
    let filler = "x".repeat(indent - 1);
    let wrapped = wrapped(&format!("{filler} {}", visible(sentence)), indent);
    format!("{time}{}", &wrapped[indent..])
}
