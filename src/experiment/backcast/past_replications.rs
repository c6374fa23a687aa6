//! Replications of a past: run, recorded and measured like its log.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::base::time::Time;
use crate::experiment::recording::{RecordedRow, RunRecorder};
use crate::fitting::{FigureList, LogMeter, MeasuredLog, ObservedAgents};
use crate::ledger::rows::{ConversationRow, Rows};
use crate::log::form::{LoggedState, SESSION_TIMEOUT};
use crate::log::{LogRow, LoggedConversation, PresenceLog, PresenceRow, RowTaker as _};
use crate::model::event::{AgentState, Change, Event};
use crate::model::settings::Centre;
use crate::scenario::Plan;
use crate::simulation::{Failure, Job, Recording};

use super::replayed_past::ReplayedPast;

/// Why replications come to nothing.
#[derive(Debug)]
pub enum BackcastTrouble {
    /// The user has stopped it.
    Stopped,
    /// A broken invariant: a bug.
    Failed(Box<Failure>),
}

impl fmt::Display for BackcastTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => f.write_str("interrupted; there is nothing to report yet"),
            Self::Failed(failure) => failure.fmt(f),
        }
    }
}

/// Where replications run.
pub(super) struct PastRunner<'a> {
    pub(super) replication: PastReplication<'a>,
    pub(super) figures: &'a FigureList,
    pub(super) threads: usize,
    /// Is told of each replication that has ended.
    pub(super) ended: &'a dyn Fn(),
}

/// What each is made of.
#[derive(Clone, Copy)]
pub(super) struct PastReplication<'a> {
    pub(super) past: &'a ReplayedPast,
    pub(super) stop: &'a AtomicBool,
}

type Figures = Result<Vec<f64>, BackcastTrouble>;

struct EndedReplication {
    number: u64,
    figures: Figures,
}

/// Rows of a run that is under way.
#[derive(Clone)]
struct CollectedRows(Arc<Mutex<Collection>>);

struct Collection {
    recorder: RunRecorder,
    rows: Vec<RecordedRow>,
}

impl Rows for CollectedRows {
    fn event(&mut self, at: Time, event: &Event) {
        let mut collection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Collection { recorder, rows } = &mut *collection;
        recorder.record(at, event, rows);
    }

    fn change(&mut self, _: Time, _: &Change) {}

    fn conversation(&mut self, _: &ConversationRow) {}
}

/// Events of the agenda between two looks at whether to stop.
const STEP: usize = 10_000;

impl PastRunner<'_> {
    /// Figures of replications of centres, in order, whatever the number of threads.
    pub(super) fn run(
        &self,
        first: u64,
        count: u64,
        centre_of: &(dyn Fn(u64) -> Centre + Sync),
    ) -> Result<Vec<Vec<f64>>, BackcastTrouble> {
        let (figures, replication) = (self.figures, self.replication);
        let next = AtomicU64::new(0);
        let mut lists = Vec::from_iter((0..count).map(|_| None));
        let (sender, ended) = mpsc::channel();
        let work = |sender: Sender<EndedReplication>| {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count || replication.stop.load(Ordering::Relaxed) {
                    return;
                }
                let plan = replication.past.plan_of(centre_of(first + number), first + number);
                let measured = replication.measure(plan, first + number);
                let figures = measured.map(|log| figures.values(&log));
                let goes_on = figures.is_ok();
                // Nobody is there any more to hear of it only where all is given up.
                if sender.send(EndedReplication { number, figures }).is_err() || !goes_on {
                    return;
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                let (work, sender) = (&work, sender.clone());
                scope.spawn(move || work(sender));
            }
            drop(sender);
            for EndedReplication { number, figures } in ended {
                lists[number as usize] = Some(figures);
                (self.ended)();
            }
        });
        // Of several failures the first.
        let failed = |list: &Option<Figures>| matches!(list, Some(Err(BackcastTrouble::Failed(_))));
        if let Some(position) = lists.iter().position(failed) {
            lists.drain(..position);
        }
        lists.into_iter().map(|list| list.unwrap_or(Err(BackcastTrouble::Stopped))).collect()
    }
}

impl PastReplication<'_> {
    /// Runs one replication and measures its rows.
    pub(super) fn measure(
        &self,
        plan: Arc<Plan>,
        replication: u64,
    ) -> Result<MeasuredLog, BackcastTrouble> {
        let (agents, messages) = self.record(plan, replication)?;
        let mut meter = LogMeter::new(&agents, &self.past.settings);
        messages.iter().for_each(|row| meter.take(row));
        Ok(meter.finish())
    }

    /// The rows of one replication, as a log has them.
    pub(super) fn record(
        &self,
        plan: Arc<Plan>,
        replication: u64,
    ) -> Result<(ObservedAgents, Vec<LogRow>), BackcastTrouble> {
        let recorder = RunRecorder::new(Arc::clone(&plan));
        let collection = Arc::new(Mutex::new(Collection { recorder, rows: Vec::new() }));
        let rows: Option<Box<dyn Rows + Send>> =
            Some(Box::new(CollectedRows(Arc::clone(&collection))));
        // The first stands for all: invariants are those of any run.
        let recording = if replication == 0 { Recording::Checked } else { Recording::Unchecked };
        let mut world = Job { plan, replication, recording, rows }.begin();
        while world.advance(STEP).map_err(BackcastTrouble::Failed)?.is_none() {
            if self.stop.load(Ordering::Relaxed) {
                return Err(BackcastTrouble::Stopped);
            }
        }
        let mut collection = collection.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(self.as_logged(std::mem::take(&mut collection.rows)))
    }

    /// Rows of a run as a reader of logs has them.
    fn as_logged(&self, rows: Vec<RecordedRow>) -> (ObservedAgents, Vec<LogRow>) {
        let ReplayedPast { clock, agents, skills, settings, .. } = self.past;
        let tick = settings.tick.as_micros().max(1);
        let logged = |at: Time| {
            let micros = clock.in_log(at).as_micros();
            Time::from_micros(micros - micros.rem_euclid(tick))
        };
        let mut presence = PresenceLog::default();
        let timeout = presence.causes.number(SESSION_TIMEOUT);
        let mut messages = Vec::new();
        for (position, row) in (1..).zip(rows) {
            match row {
                RecordedRow::State(state) => presence.rows.push(PresenceRow {
                    at: logged(state.at),
                    agent: agents[state.agent.0 as usize],
                    state: state_of(state.state),
                    cause: state.is_session_timeout.then_some(timeout),
                    offset_minutes: clock.offset_minutes(state.at),
                }),
                RecordedRow::Message(message) => messages.push(LogRow {
                    at: logged(message.at),
                    position,
                    part: 0,
                    offset_minutes: clock.offset_minutes(message.at),
                    conversation: LoggedConversation(message.conversation),
                    skill: skills[usize::from(message.skill.0)],
                    event: message.fact.event,
                    from: Some(message.fact.from),
                    agent: message.fact.agent.map(|agent| agents[agent.0 as usize]),
                    cause: message.fact.cause,
                    state: message.fact.state.map(state_of),
                    digest: 0,
                }),
            }
        }
        (ObservedAgents { presence, ..ObservedAgents::default() }, messages)
    }
}

fn state_of(state: AgentState) -> LoggedState {
    match state {
        AgentState::Online => LoggedState::Online,
        AgentState::Away(_) => LoggedState::Away,
        AgentState::Offline => LoggedState::Offline,
    }
}
