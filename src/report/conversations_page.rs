//! A few conversations that stand for the others, told as text and as a page of timelines.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::base::ids::AgentId;
use crate::base::time::Time;
use crate::experiment::ConversationTrace;
use crate::experiment::representatives::{Role, bounces, wait};
use crate::ledger::rows::ConversationRow;
use crate::model::event::{Change, Event, Status};
use crate::scenario::{Plan, Scenario, Variant};

use super::charts::{Chart, ChartBuilder, Section};
use super::explain::{ConversationOf, is_resolved, opened, sentences, story};
use super::format::{clock, span};
use super::names::CentreNames;
use super::page::{Document, Explanation, PageFrame, html};
use super::plot::{Axis, Lane, LaneEpisode, LegendKey, Timeline};
use super::rules::named_in;
use super::sentence::{Figure, Sentence, sentence};
use super::table::{ReportCell, ReportTable};
use super::terminal::wrapped;
use super::wording::capital;

/// Conversations of one replication, and why they are told.
pub struct ConversationsPage<'a> {
    /// What was run.
    pub scenario: &'a Scenario,
    /// The variant of it.
    pub variant: &'a Variant,
    /// Replication, from 0.
    pub replication: u64,
    /// In the order in which they are told.
    pub tales: Vec<TracedConversation>,
}

/// A conversation that stands for something.
pub struct TracedConversation {
    /// What for.
    pub role: Role,
    /// What came of it.
    pub row: ConversationRow,
    /// What happened to it.
    pub trace: ConversationTrace,
}

impl ConversationsPage<'_> {
    /// One story after the other; nothing is told twice.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (position, tale) in self.tales.iter().enumerate() {
            let gap = if position > 0 { "\n" } else { "" };
            let reason = self.reason(tale);
            let reason = wrapped(&format!("{}: {reason}", title(tale.role)), 2);
            let _ = writeln!(text, "{gap}{reason}");
            match self.told_before(position) {
                Some(role) => {
                    let _ = writeln!(text, "See above, {}.", title(role).to_lowercase());
                }
                None => text += &story(&self.of(tale), &tale.trace),
            }
        }
        if self.tales.is_empty() {
            text.push_str("No conversation counts in this replication.\n");
        }
        text
    }

    /// The page.
    pub fn html(&self) -> String {
        let plan = &self.variant.plan;
        let sections = self.tales.iter().enumerate().map(|(position, tale)| {
            let (id, heading, lead) = (id(tale.role), title(tale.role), self.reason(tale));
            let lead = capital(&lead);
            match self.told_before(position) {
                None => Section::new(id, heading, lead)
                    .charts([self.chart(tale)])
                    .tables([self.table(tale)]),
                Some(role) => {
                    let lead = format!("{lead} It is told above: {}.", title(role));
                    Section::new(id, heading, lead)
                }
            }
        });
        html(&Document {
            frame: PageFrame {
                kind: "conversations",
                name: &self.scenario.name,
                question: "What happens to single conversations, and by which rules?",
                facts: vec![
                    format!("variant {}", self.variant.name),
                    format!("replication {}", self.replication),
                    format!("seed {}", plan.run.seed),
                    format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")),
                ],
                alerts: Vec::new(),
            },
            headline: self.headline(),
            sections: sections.chain([self.rules()]).collect(),
            method: method(),
            source: &self.scenario.source,
            ..Document::default()
        })
    }

    /// What the rules say that stand behind the sentences.
    fn rules(&self) -> Section {
        let told = self.tales.iter().flat_map(|tale| sentences(&self.variant.plan, &tale.trace));
        let told = Vec::from_iter(told.map(|(_, sentence)| sentence));
        let mut table = ReportTable::new("Rules behind the sentences", ["rule", "what it says"]);
        table.is_told = true;
        for (id, text) in named_in(&told) {
            table.push(None, vec![id.to_owned(), text]);
        }
        Section::new(
            "rules",
            "The rules",
            "What stands in brackets behind a sentence is the rule of the platform that acted; \
             docs/rules.md and explain --rules A6 tell all of it.",
        )
        .tables([table])
    }

    fn of<'b>(&'b self, tale: &TracedConversation) -> ConversationOf<'b> {
        let (variant, plan) = (self.variant.name.as_str(), &*self.variant.plan);
        ConversationOf { variant, plan, replication: self.replication, id: tale.row.id }
    }

    /// The role under which an earlier tale told the same conversation.
    fn told_before(&self, position: usize) -> Option<Role> {
        let (before, tale) = (&self.tales[..position], &self.tales[position]);
        before.iter().find(|other| other.row.id == tale.row.id).map(|other| other.role)
    }

    fn headline(&self) -> Sentence {
        let Some(worst) = self.tales.iter().find(|tale| tale.role == Role::WorstWait) else {
            return sentence!("Nobody waited for an answer in this run.");
        };
        let end = match worst.row {
            ConversationRow { answered: Some(_), .. } => " for the first answer.",
            ConversationRow { abandoned: Some(_), .. } => ", and left without one.",
            _ => " for an answer that never came.",
        };
        let longest = Figure(span(wait(&worst.row)));
        sentence!("In this one run nobody waited longer than {longest}{end}")
    }

    /// Why a conversation is told.
    fn reason(&self, tale: &TracedConversation) -> String {
        let row = &tale.row;
        let name = CentreNames::new(&self.variant.plan.centre).conversation(row.id);
        let answer = match (row.answered, row.abandoned) {
            (Some(_), _) => format!("first answered after {}", span(wait(row))),
            (None, Some(_)) => format!("left unanswered after {}", span(wait(row))),
            (None, None) => format!("not answered in {}", span(wait(row))),
        };
        let why = match tale.role {
            Role::Typical => {
                let messages = row.messages;
                format!("of the middle length ({messages} messages of the consumer), {answer}")
            }
            Role::WorstWait => format!("{answer}: nobody waited longer"),
            Role::MostBounced => format!(
                "taken from its owners {}: automatic unassigns {}, ownership removals {}",
                times(bounces(row)),
                row.auto_unassigns,
                row.ownership_removals
            ),
            Role::LongestStranded => {
                format!("New for {} while its owner was logged out", span(row.stranded))
            }
        };
        format!("conversation {name}, {why}.")
    }

    fn table(&self, tale: &TracedConversation) -> ReportTable {
        let plan = &*self.variant.plan;
        let start = opened(&tale.trace).unwrap_or_default();
        let name = CentreNames::new(&plan.centre).conversation(tale.row.id);
        let heads = ["time", "what happened, and the rule"];
        let mut table = ReportTable::new(format!("Conversation {name}"), heads);
        table.is_told = true;
        for (at, sentence) in sentences(plan, &tale.trace) {
            let after = match at >= start {
                true => format!("{} (+{})", clock(&plan.run.calendar, at), span(at - start)),
                false => clock(&plan.run.calendar, at),
            };
            table.push(None, vec![after, sentence]);
        }
        if !is_resolved(&tale.trace) {
            table.push(None, vec!["end of run", "It is still open."]);
        }
        table
    }

    fn chart(&self, tale: &TracedConversation) -> Chart {
        let plan = &*self.variant.plan;
        let lanes = TimelineLanes::of(plan, tale);
        let whole = tale.row.ended - tale.row.opened;
        let axis = Axis::times("time since the opening", 0.0, whole.as_secs_f64().max(1.0));
        let mut table = ReportTable::new("Episodes", ["what", "from, s", "to, s", "who"]);
        for lane in &lanes.0 {
            for LaneEpisode { from, to, text, .. } in &lane.episodes {
                let [from, to] = [from, to].map(|at| ReportCell::fixed(1, *at));
                let [what, who] = [&lane.name, text].map(ReportCell::text);
                table.push(None, vec![what, from, to, who]);
            }
        }
        let name = format!("timeline_{}", id(tale.role));
        let chart = ChartBuilder::new(name, "Who has it, and who waits");
        let keys = KEYS.iter().map(|&(name, colour)| LegendKey::area(name, colour));
        let chart = chart.about(capital(&self.reason(tale))).keys(keys);
        chart.drawn(Timeline { axis, lanes: lanes.0 }, table)
    }
}

/// Lanes in the making.
struct TimelineLanes(Vec<Lane>);

impl TimelineLanes {
    fn of(plan: &Plan, tale: &TracedConversation) -> Self {
        let names = CentreNames::new(&plan.centre);
        let (start, end) = (tale.row.opened, tale.row.ended);
        let mut waiting = LaneBuilder::new(start, end);
        let mut owned = LaneBuilder::new(start, end);
        let mut gone = LaneBuilder::new(start, end);
        let (mut owner, mut unresponsive) = (None, BTreeSet::new());
        for &(at, ref event) in &tale.trace.events {
            match *event {
                Event::Opened { .. } => owned.begin(at, None, "queue".to_owned()),
                Event::ConsumerMessage { further: false, .. } => {
                    waiting.begin(at, Some(WAITING), String::new());
                }
                Event::Answered { waiting_since: Some(_), .. } | Event::Abandoned { .. } => {
                    waiting.end(at);
                }
                Event::Unresponsive { agent, unresponsive: true } => {
                    unresponsive.insert(agent);
                }
                Event::Unresponsive { agent, unresponsive: false } => {
                    unresponsive.remove(&agent);
                }
                Event::Change(Change { status: Status::Resolved, .. }) => {
                    [&mut waiting, &mut owned].into_iter().for_each(|track| track.end(at));
                    owner = None;
                }
                Event::Change(Change { to, .. }) if to != owner => {
                    owner = to;
                    let name = |agent: AgentId| (Some(OWNED), names.agent(agent));
                    let (colour, text) = to.map_or_else(|| (None, "queue".to_owned()), name);
                    owned.begin(at, colour, text);
                }
                _ => {}
            }
            match owner.filter(|owner| unresponsive.contains(owner)) {
                Some(owner) => gone.goes_on(at, Some(GONE), &names.agent(owner)),
                None => gone.end(at),
            }
        }
        let lanes = [
            ("consumer waits for a reply", waiting),
            ("in the hands of", owned),
            ("owner does not respond", gone),
        ];
        let lanes =
            lanes.map(|(name, track)| Lane { name: name.to_owned(), episodes: track.finish() });
        Self(lanes.into_iter().filter(|lane| !lane.episodes.is_empty()).collect())
    }
}

/// Episodes in the making.
struct LaneBuilder {
    start: Time,
    end: Time,
    episodes: Vec<LaneEpisode>,
    open: Option<(Time, Option<usize>, String)>,
}

impl LaneBuilder {
    fn new(start: Time, end: Time) -> Self {
        Self { start, end, episodes: Vec::new(), open: None }
    }

    /// An episode begins, and the one before ends.
    fn begin(&mut self, at: Time, colour: Option<usize>, text: String) {
        self.end(at);
        self.open = Some((at, colour, text));
    }

    fn end(&mut self, at: Time) {
        let Some((from, colour, text)) = self.open.take() else { return };
        let since = |time: Time| (time.max(self.start) - self.start).as_secs_f64();
        let (from, to) = (since(from), since(at));
        if to > from {
            self.episodes.push(LaneEpisode { from, to, colour, text });
        }
    }

    /// An episode goes on, or begins if none of this text does.
    fn goes_on(&mut self, at: Time, colour: Option<usize>, text: &str) {
        if self.open.as_ref().is_none_or(|(.., open)| open != text) {
            self.begin(at, colour, text.to_owned());
        }
    }

    fn finish(mut self) -> Vec<LaneEpisode> {
        self.end(self.end);
        self.episodes
    }
}

fn method() -> Vec<Explanation> {
    vec![
        Explanation::new(
            "Chosen",
            "From all conversations of one replication that count. Typical: of those that an agent \
             resolved, one with as many messages as the middle one, and of these the one with the \
             middle first response. Worst wait: the longest time to the first answer, or until the \
             consumer left without one. Most bounced: taken from its owners most often. Stranded: \
             the longest time New while its owner was logged out.",
        ),
        Explanation::new(
            "Told",
            "From the audit trail of that replication, which was run again. Behind each sentence \
             stands the rule that acted.",
        ),
    ]
}

fn title(role: Role) -> &'static str {
    match role {
        Role::Typical => "Typical",
        Role::WorstWait => "Worst wait",
        Role::MostBounced => "Most bounced",
        Role::LongestStranded => "Stranded",
    }
}

fn id(role: Role) -> &'static str {
    match role {
        Role::Typical => "typical",
        Role::WorstWait => "worst_wait",
        Role::MostBounced => "most_bounced",
        Role::LongestStranded => "stranded",
    }
}

fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}

/// Positions among the colours.
const OWNED: usize = 0;
const GONE: usize = 1;
const WAITING: usize = 4;
const KEYS: [(&str, usize); 3] =
    [("waits", WAITING), ("has an owner", OWNED), ("owner does not respond", GONE)];
