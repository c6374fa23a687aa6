//! Scenes: a small scenario as text, run through the real path (file text, plan, actors in virtual
//! time, audit trail) and told as lines that a test can compare.
//!
//! Durations are fixed and arrivals traced, so that every instant is exact.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use shiftstorm::base::ids::{AgentId, ConversationId, ConversationKey};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::ledger::outcome::{Outcome, Times};
use shiftstorm::ledger::rows::{ConversationRow, Rows};
use shiftstorm::model::event::{AgentState, Cause, Change, Event, Stale, Status};
use shiftstorm::model::settings::Centre;
use shiftstorm::scenario::{self, Plan, Scenario, Source};
use shiftstorm::simulation::{Finished, Job, Recording};

/// A scenario in the making: dotted TOML keys, so that more can be added.
#[derive(Clone)]
pub(crate) struct Scene {
    toml: String,
    traces: Vec<(String, String)>,
}

/// A scene with these settings. Unless it says otherwise it lasts an hour and is cut there.
pub(crate) fn scene(toml: &str) -> Scene {
    Scene { toml: toml.to_owned(), traces: Vec::new() }
}

impl Scene {
    /// More settings.
    #[must_use]
    pub(crate) fn with(mut self, toml: &str) -> Self {
        self.toml.push('\n');
        self.toml.push_str(toml);
        self
    }

    /// The same settings but for one text.
    #[must_use]
    pub(crate) fn replacing(mut self, text: &str, by: &str) -> Self {
        assert!(self.toml.contains(text), "there is no {text}");
        self.toml = self.toml.replace(text, by);
        self
    }

    /// Consumers of a kind arrive at these seconds: `"0 30 60"`.
    #[must_use]
    pub(crate) fn visits(mut self, kind: &str, seconds: &str) -> Self {
        self.traces.push((kind.to_owned(), seconds.to_owned()));
        self.with(&format!("consumers.{kind}.arrivals.trace = '{kind}.csv'"))
    }

    /// Reads the scenario as the file that it would be.
    pub(crate) fn read(&self) -> Scenario {
        let directory = fresh_directory();
        for (kind, seconds) in &self.traces {
            let rows: String = seconds.split_whitespace().map(|at| format!("{at}\n")).collect();
            fs::write(directory.join(format!("{kind}.csv")), format!("at\n{rows}"))
                .expect("the directory is new and writable");
        }
        let mut text = self.toml.clone();
        if !text.contains("run.until") {
            text.push_str("\nrun.until = '1h'");
        }
        if !text.contains("run.end") {
            text.push_str("\nrun.end = 'cut'");
        }
        let read = scenario::parse(Source { name: "scene.toml".to_owned(), text }, &directory);
        // What is left behind does no harm.
        let _ = fs::remove_dir_all(&directory);
        match read {
            Ok(scenario) => scenario,
            Err(findings) => panic!("the scene is not sound: {findings}\n{}", self.toml),
        }
    }

    /// Runs it.
    pub(crate) fn run(&self) -> Tale {
        Tale::of(&self.read().variants[0].plan)
    }
}

/// Runs the variants of a scenario file, by name.
pub(crate) fn run_file(path: &Path) -> BTreeMap<String, Tale> {
    let scenario = match scenario::load(path) {
        Ok(scenario) => scenario,
        Err(findings) => panic!("{} is not sound: {findings}", path.display()),
    };
    let tales = scenario.variants.iter();
    tales.map(|variant| (variant.name.clone(), Tale::of(&variant.plan))).collect()
}

/// Everything that happened in one replication.
pub(crate) struct Tale {
    centre: Centre,
    facts: Vec<(Time, Event)>,
    rows: Vec<ConversationRow>,
    pub(crate) finished: Finished,
}

impl Tale {
    /// Runs the first replication of a plan, invariants checked.
    pub(crate) fn of(plan: &Arc<Plan>) -> Self {
        Self::of_replication(plan, 0)
    }

    /// Runs one replication of a plan, invariants checked.
    pub(crate) fn of_replication(plan: &Arc<Plan>, replication: u64) -> Self {
        let notebook = Notebook::default();
        let rows: Option<Box<dyn Rows + Send>> = Some(Box::new(notebook.clone()));
        let recording = Recording::Checked;
        let job = Job { plan: Arc::clone(plan), replication, recording, rows };
        let finished = job.run().unwrap_or_else(|failure| panic!("{failure}"));
        let mut pages = notebook.0.lock().expect("nobody panicked while writing");
        let Pages { facts, rows } = std::mem::take(&mut *pages);
        Self { centre: plan.centre.clone(), facts, rows, finished }
    }

    /// The audit trail of a conversation, `"web 1"`: time, cause, owner and status of each record.
    pub(crate) fn trail(&self, conversation: &str) -> Vec<String> {
        self.changes()
            .filter(|(_, change)| self.name(change.id) == conversation)
            .map(|(at, change)| {
                let (cause, owner) = (self.cause(change.cause), self.owner(change.to));
                format!("{} {cause} {owner} {:?}", seconds(at), change.status)
            })
            .collect()
    }

    /// Every fact of these kinds in order; [`Tale::line`] tells how each is written.
    pub(crate) fn facts(&self, words: &str) -> Vec<String> {
        let wanted: Vec<_> = words.split_whitespace().collect();
        let lines = self.facts.iter().map(|(at, event)| self.line(*at, event));
        lines
            .filter(|line| {
                let word = line.split([' ', '(']).nth(1).unwrap_or_default();
                wanted.contains(&word)
            })
            .collect()
    }

    /// All facts of one instant, in order.
    pub(crate) fn at(&self, instant: i64) -> Vec<String> {
        let of_instant = self.facts.iter().filter(|(at, _)| *at == Time::from_secs(instant));
        of_instant.map(|(at, event)| self.line(*at, event)).collect()
    }

    /// The assignment epochs of a conversation's audit records.
    pub(crate) fn epochs(&self, conversation: &str) -> Vec<u32> {
        let changes = self.changes().filter(|(_, change)| self.name(change.id) == conversation);
        changes.map(|(_, change)| change.epoch.0).collect()
    }

    /// The instant of the first fact of this kind.
    pub(crate) fn first(&self, word: &str) -> Time {
        let lines = self.facts.iter();
        let mut hits = lines
            .filter(|(at, event)| self.line(*at, event).split([' ', '(']).nth(1) == Some(word));
        hits.next().unwrap_or_else(|| panic!("nothing of kind {word} happened")).0
    }

    /// The row of a conversation.
    pub(crate) fn row(&self, conversation: &str) -> &ConversationRow {
        let mut rows = self.rows.iter().filter(|row| self.name(row.id) == conversation);
        rows.next().unwrap_or_else(|| panic!("there is no row of {conversation}"))
    }

    /// What was measured.
    pub(crate) fn outcome(&self) -> &Outcome {
        self.finished.outcome.as_ref().expect("every scene is recorded")
    }

    /// The durations of the outcome.
    pub(crate) fn times(&self) -> &Times {
        &self.finished.outcome.as_ref().expect("every scene is recorded").times
    }

    /// The rows of all conversations.
    pub(crate) fn rows(&self) -> &[ConversationRow] {
        &self.rows
    }

    /// All facts as they were told.
    pub(crate) fn events(&self) -> &[(Time, Event)] {
        &self.facts
    }

    /// All audit records.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (Time, &Change)> {
        self.facts.iter().filter_map(|(at, event)| match event {
            Event::Change(change) => Some((*at, change)),
            _ => None,
        })
    }

    /// One fact as a line: time in seconds, kind, and what it is about.
    fn line(&self, at: Time, event: &Event) -> String {
        let what = match *event {
            Event::Opened { id, priority, .. } => {
                format!("visit {} priority {priority}", self.name(id))
            }
            Event::Change(change) => {
                let (cause, name) = (self.cause(change.cause), self.name(change.id));
                format!("{cause} {name} {} {:?}", self.owner(change.to), change.status)
            }
            Event::ConsumerMessage { conversation, further, moved_deadline } => {
                let further = if further { " further" } else { "" };
                let moved = if moved_deadline { " moves_deadline" } else { "" };
                format!("message {}{further}{moved}", self.known(at, conversation))
            }
            Event::Answered { conversation, agent, waiting_since, started, wasted, .. } => {
                let waited = waiting_since
                    .map_or_else(|| "for_nothing".to_owned(), |since| span(at - since));
                let (name, agent) = (self.known(at, conversation), self.agent(agent));
                let wasted = if wasted { " wasted" } else { "" };
                format!(
                    "answered {name} {agent} waited {waited} wrote {}{wasted}",
                    span(at - started)
                )
            }
            Event::Abandoned { conversation, silent } => {
                let how = if silent { "silently" } else { "openly" };
                format!("leaves {} {how}", self.known(at, conversation))
            }
            Event::ManualSla { conversation, until } => {
                let until = until
                    .map_or_else(|| "over".to_owned(), |until| format!("until {}", seconds(until)));
                format!("manual_sla {} {until}", self.known(at, conversation))
            }
            Event::ClosedForGood { conversation } => {
                format!("closed_for_good {}", self.known(at, conversation))
            }
            Event::ComesAgain { conversation, next } => {
                format!("comes_again {} {}", self.known(at, conversation), self.name(next))
            }
            Event::DeadlineSuppressed { conversation } => {
                format!("suppressed {}", self.known(at, conversation))
            }
            Event::AnswerBegun { conversation, agent } => {
                format!("begun {} {}", self.known(at, conversation), self.agent(agent))
            }
            Event::AnswerLost { conversation, agent, taken, worked } => {
                let (name, agent) = (self.known(at, conversation), self.agent(agent));
                format!("lost {name} {agent} {taken:?} worked {}", span(worked))
            }
            Event::LateReply { agent, .. } => format!("late_reply {}", self.agent(agent)),
            Event::Stale(stale) => format!("stale {}", name_of_stale(stale)),
            Event::ClaimRefused { agent } => format!("claim_refused {}", self.agent(agent)),
            Event::Overshoot { agent, .. } => format!("overshoot {}", self.agent(agent)),
            Event::SlotsInUse { agent, used } => {
                format!("slots {} {}", self.agent(agent), f64::from(used.0) / 1000.0)
            }
            Event::AgentState { agent, state } => {
                format!("state {} {}", self.agent(agent), self.state(state))
            }
            Event::Unresponsive { agent, unresponsive } => {
                format!("unresponsive {} {unresponsive}", self.agent(agent))
            }
            Event::Busy { agent, busy } => format!("busy {} {busy}", self.agent(agent)),
            Event::Closing { agent, closing } => format!("closing {} {closing}", self.agent(agent)),
            Event::PlanLate { agent, delay, lost } => {
                let delay = delay.map_or_else(|| "never".to_owned(), span);
                format!("plan_late {} {delay} lost {}", self.agent(agent), span(lost))
            }
            Event::EndOfShiftMissed { agent } => {
                format!("end_of_shift_missed {}", self.agent(agent))
            }
            Event::Notified { agent, id, stale } => {
                let stale = if stale { " stale" } else { "" };
                format!("notified {} {}{stale}", self.agent(agent), self.name(id))
            }
        };
        format!("{} {what}", seconds(at))
    }

    fn cause(&self, cause: Cause) -> String {
        let name = match cause {
            Cause::Opened => "opened",
            Cause::Assigned => "assigned",
            Cause::Claimed => "claimed",
            Cause::ConsumerMessage => "message_wakes",
            Cause::InboundWhileOffline => "inbound_while_offline",
            Cause::Reply => "reply",
            Cause::ReplyWithBoomerang => "reply_with_boomerang",
            Cause::AutoUnassigned { state, waited } => {
                let state = self.state(state);
                let state = state.split('(').next().unwrap_or_default();
                return format!("auto_unassigned({state},{})", span(waited));
            }
            Cause::OwnerLoggedOut => "ownership_removed",
            Cause::Boomerang => "boomerang",
            Cause::BoomerangWhileOffline => "boomerang_while_offline",
            Cause::Parked => "parked",
            Cause::ManualReturn => "manual_return",
            Cause::TransferredToSkill => "transferred_to_skill",
            Cause::TransferredToAgent => "transferred_to_agent",
            Cause::AssignedOffline => "assigned_offline",
            Cause::Reserved { agent, until } => {
                return format!("reserved({},{})", self.agent(agent), seconds(until));
            }
            Cause::FellBack => "fell_back",
            Cause::TakenUp => "taken_up",
            Cause::ResolvedByAgent => "resolved_by_agent",
            Cause::ResolvedByConsumer => "resolved_by_consumer",
            Cause::Abandoned => "abandoned",
            Cause::AutoClosed => "auto_closed",
            Cause::Reopened => "reopened",
            Cause::CarriedOver => "carried_over",
        };
        name.to_owned()
    }

    pub(crate) fn state(&self, state: AgentState) -> String {
        match state {
            AgentState::Online => "online".to_owned(),
            AgentState::Away(reason) => {
                format!("away({})", self.centre.reasons[usize::from(reason.0)].name)
            }
            AgentState::Offline => "offline".to_owned(),
        }
    }

    fn owner(&self, owner: Option<AgentId>) -> String {
        owner.map_or_else(|| "-".to_owned(), |owner| self.agent(owner))
    }

    /// `ann`, or `ann 2` for the second of a group.
    fn agent(&self, agent: AgentId) -> String {
        let (group, settings) =
            self.centre.agents().nth(agent.0 as usize).expect("an agent of the centre");
        if settings.count == 1 {
            return settings.name.clone();
        }
        let before: u32 =
            self.centre.groups[..usize::from(group.0)].iter().map(|group| group.count).sum();
        format!("{} {}", settings.name, agent.0 - before + 1)
    }

    /// What was opened last in this place by then.
    fn known(&self, at: Time, key: ConversationKey) -> String {
        let so_far = self.facts.iter().rev().skip_while(|(then, _)| *then > at);
        let opened = so_far.map(|(_, event)| event).find_map(|event| match event {
            Event::Opened { conversation, id, .. } if *conversation == key => Some(*id),
            _ => None,
        });
        self.name(opened.expect("a conversation is opened before anything else happens to it"))
    }

    fn name(&self, id: ConversationId) -> String {
        format!("{} {id}", self.centre.kinds[usize::from(id.kind().0)].name)
    }
}

/// Seconds without needless decimals.
pub(crate) fn seconds(at: Time) -> String {
    span(at.since_start())
}

fn span(length: Span) -> String {
    let (whole, rest) = (length.as_micros() / 1_000_000, length.as_micros() % 1_000_000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:06}").trim_end_matches('0').to_owned()
}

fn name_of_stale(stale: Stale) -> &'static str {
    match stale {
        Stale::Deadline => "deadline",
        Stale::ManualSla => "manual_sla",
        Stale::OwnershipRemoval => "ownership_removal",
        Stale::AgentAct => "agent_act",
        Stale::Boomerang => "boomerang",
    }
}

/// Replays the audit trail (E15): status and owner of every conversation that is not resolved.
pub(crate) fn replay<'a>(
    changes: impl Iterator<Item = (Time, &'a Change)>,
) -> BTreeMap<ConversationId, (Status, Option<AgentId>)> {
    let mut live: BTreeMap<ConversationId, (Status, Option<AgentId>)> = BTreeMap::new();
    for (at, change) in changes {
        let before = live.get(&change.id).and_then(|&(_, owner)| owner);
        assert_eq!(before, change.from, "the owner before, at {}", seconds(at));
        if change.status == Status::Resolved {
            live.remove(&change.id);
        } else {
            live.insert(change.id, (change.status, change.to));
        }
    }
    live
}

/// Keeps what a run tells.
#[derive(Clone, Default)]
pub(crate) struct Notebook(Arc<Mutex<Pages>>);

#[derive(Default)]
struct Pages {
    facts: Vec<(Time, Event)>,
    rows: Vec<ConversationRow>,
}

impl Notebook {
    /// All facts so far.
    pub(crate) fn facts(&self) -> Vec<(Time, Event)> {
        self.0.lock().expect("nobody panicked while writing").facts.clone()
    }
}

impl Rows for Notebook {
    fn event(&mut self, at: Time, event: &Event) {
        self.0.lock().expect("nobody panicked while writing").facts.push((at, *event));
    }

    fn change(&mut self, _at: Time, _change: &Change) {}

    fn conversation(&mut self, row: &ConversationRow) {
        self.0.lock().expect("nobody panicked while writing").rows.push(row.clone());
    }
}

fn fresh_directory() -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("scene-{}-{number}", std::process::id());
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&directory).expect("the target directory is writable");
    directory
}
