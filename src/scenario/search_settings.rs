//! `[optimize]`: what may move, and how sure the answer must be.

use super::limits;
use super::reader::ReaderSection;
use super::reader::compound::{InTable, List, NameOf, NamedForm, unless_off};
use super::reader::forms::{Duration, Number, Whole};
use super::reader::tree::Word;
use crate::base::ids::GroupId;
use crate::base::time::Span;

/// What a search for the least cost may move.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchSettings {
    /// Probability with which the answer is right, for differences of at least `tolerance`.
    pub confidence: f64,
    /// A goal that is met or missed by less than this counts as either: in the unit of a share or of a
    /// number a conversation, otherwise as a part of the goal.
    pub tolerance: f64,
    /// Replications before anything is decided about a choice.
    pub first_replications: u32,
    /// Replications after which a choice counts as undecided.
    pub at_most: u32,
    /// Numbers of agents of groups.
    pub agents: Vec<(GroupId, AgentRange)>,
    /// Slots of each agent of groups.
    pub concurrency: Vec<(GroupId, Vec<u32>)>,
    /// Unassign timeouts.
    pub timeouts: TimeoutChoices,
}

/// Numbers of agents, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgentRange {
    /// Fewest.
    pub from: u32,
    /// Most.
    pub to: u32,
}

/// Unassign timeouts by state of the agent, `None` = off; an empty list leaves what is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimeoutChoices {
    /// Of Online agents.
    pub online: Vec<Option<Span>>,
    /// Of Away agents.
    pub away: Vec<Option<Span>>,
    /// Of Offline agents.
    pub offline: Vec<Option<Span>>,
}

impl SearchSettings {
    /// Whether nothing may move.
    pub fn is_empty(&self) -> bool {
        let timeouts = &self.timeouts;
        self.agents.is_empty()
            && self.concurrency.is_empty()
            && [&timeouts.online, &timeouts.away, &timeouts.offline].iter().all(|c| c.is_empty())
    }
}

/// `[optimize]`.
pub(super) fn search(section: &mut ReaderSection<'_>) -> Option<SearchSettings> {
    let confidence = section.value(
        "confidence",
        Number::share_between(0.5, 0.999_999),
        0.95,
        "probability with which the answer is right",
    );
    let tolerance = section.value(
        "tolerance",
        Number::share_between(1e-6, 1.0),
        0.005,
        "a goal that is met or missed by less than this counts as either",
    );
    let first_replications = section.value(
        "first_replications",
        Whole::<u32>::between(5, 1_000_000),
        30,
        "replications before anything is decided about a choice",
    );
    let at_most = section.value(
        "at_most",
        Whole::<u32>::between(5, 1_000_000),
        2000,
        "replications after which a choice counts as undecided",
    );
    let agents = NamedForm { form: InTable(range), at_most: limits::GROUPS };
    let agents = section.optional("agents", agents, "numbers of agents to choose from, by group");
    let slots = List(Whole::<u32>::between(1, 1_000_000));
    let concurrency = NamedForm { form: slots, at_most: limits::GROUPS };
    let concurrency = section.optional(
        "concurrency",
        concurrency,
        "slots of each agent to choose from, by group",
    );
    let timeouts = section.table(
        "timeout",
        timeouts,
        "unassign timeouts to choose from; they switch automatic unassignment on",
    )?;
    let agents = groups(section, "agents", agents.unwrap_or_default())?;
    let concurrency = groups(section, "concurrency", concurrency.unwrap_or_default())?;
    Some(SearchSettings {
        confidence,
        tolerance,
        first_replications,
        at_most: at_most.max(first_replications),
        agents,
        concurrency,
        timeouts,
    })
}

fn range(section: &mut ReaderSection<'_>) -> Option<AgentRange> {
    let agents = || Whole::<u32>::between(1, limits::AGENTS as i64);
    let from = section.required("from", agents(), "fewest agents");
    let to = section.required("to", agents(), "most agents");
    let (from, to) = (from?, to?);
    if from > to {
        section.context.report(section.error("to", "`to` is less than `from`"));
        return None;
    }
    Some(AgentRange { from, to })
}

fn timeouts(section: &mut ReaderSection<'_>) -> Option<TimeoutChoices> {
    let mut state = |key, documentation| {
        let form = List(unless_off(Duration::at_least(Span::from_secs(1))));
        section.optional(key, form, documentation).unwrap_or_default()
    };
    Some(TimeoutChoices {
        online: state("online", "timeouts of Online agents; or \"off\""),
        away: state("away", "timeouts of Away agents; or \"off\""),
        offline: state("offline", "timeouts of Offline agents; or \"off\""),
    })
}

/// The groups by number instead of name.
fn groups<T>(
    section: &ReaderSection<'_>,
    key: &'static str,
    named: Vec<(Word, T)>,
) -> Option<Vec<(GroupId, T)>> {
    let numbered = named.into_iter().map(|(name, value)| {
        let mut input = section.input(key)?;
        input.path = super::reader::join(&input.path, &name.text);
        let position = NameOf::GROUP.position(&name.text, &input)?;
        Some((GroupId(u16::try_from(position).ok()?), value))
    });
    numbered.collect()
}
