//! The folder of a log: the runs are made one after the other and written down while they go on.

use std::fmt;
use std::io::{self, BufWriter};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use crate::base::calendar::{Calendar, Repeated};
use crate::base::storage::StoredFile;
use crate::base::time::Time;
use crate::ledger::rows::{ConversationRow, Rows};
use crate::log::form::{AGENTS, MESSAGES, PRESENCE, ROSTER};
use crate::model::event::{Change, Event};
use crate::report::columns::CsvTable;
use crate::report::folder::{FolderLayout, ReportFolder};
use crate::report::json_file::{FileHead, ScenarioName};
use crate::scenario::Plan;
use crate::simulation::{Failure, Job, Recording};

use super::log_recorder::{LogOutputs, LogRecorder, RecordedRows};
use super::planned_rows::{agent_rows, roster_header, roster_rows};

/// The files of a log; the last tells that it is whole.
pub const LOG_LAYOUT: FolderLayout =
    FolderLayout { schema: SCHEMA, files: &[MESSAGES, PRESENCE, ROSTER, AGENTS, MAIN] };

const SCHEMA: &str = "shiftstorm.log/1";
const MAIN: &str = "log.json";

/// Events of the agenda between two looks at whether to stop.
const STEP: usize = 10_000;

/// A log to be made.
#[derive(Clone, Debug)]
pub struct LogRecording {
    /// Variant.
    pub variant: String,
    /// What is run.
    pub plan: Arc<Plan>,
    /// The first replication.
    pub replication: u64,
    /// What the dates of each run are: one long run, or a replication a day.
    pub stretches: Vec<Calendar>,
}

/// Why there is no log.
#[derive(Debug)]
pub enum RecordingRefusal {
    /// The user has stopped it.
    Stopped,
    /// A broken invariant: a bug.
    Failed(Box<Failure>),
    /// It cannot be written.
    Io(io::Error),
}

impl From<io::Error> for RecordingRefusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for RecordingRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => f.write_str("interrupted; there is no log"),
            Self::Failed(failure) => write!(f, "a bug in Shiftstorm: {failure}"),
            Self::Io(error) => write!(f, "cannot write the log: {error}"),
        }
    }
}

impl LogRecording {
    /// Runs it and writes the log, which appears when it is whole. `progress` is told how much is done,
    /// 0 to 1.
    ///
    /// # Errors
    ///
    /// It was stopped, met a bug, or cannot be written.
    pub fn write(
        &self,
        folder: &ReportFolder,
        stop: &AtomicBool,
        progress: &dyn Fn(f64),
    ) -> Result<RecordedRows, RecordingRefusal> {
        let create = |name| folder.storage().create(&folder.unfinished().join(name));
        let [messages, presence] = [create(MESSAGES)?, create(PRESENCE)?].map(BufWriter::new);
        let mut roster = CsvTable::new(BufWriter::new(create(ROSTER)?));
        roster_header(&mut roster)?;
        let recorder =
            LogRecorder::begin(Arc::clone(&self.plan), LogOutputs { messages, presence })?;
        let shared = SharedRecorder(Arc::new(Mutex::new(RecorderState {
            recorder: Some(recorder),
            trouble: None,
        })));
        for (position, calendar) in self.stretches.iter().enumerate() {
            let done = position as f64 / self.stretches.len() as f64;
            let progress = |share: f64| progress(done + share / self.stretches.len() as f64);
            shared.with(|recorder| {
                recorder.begin_stretch(calendar.clone());
                Ok(())
            })?;
            let ended = self.run(self.replication + position as u64, &shared, stop, &progress)?;
            let next = self.stretches.get(position + 1).and_then(|next| start_of(next, calendar));
            if let Some(next) = next {
                shared.with(|recorder| recorder.end_stretch(ended, next))?;
            }
            roster_rows(&self.plan, calendar, position == 0, &mut roster)?;
        }
        roster.finish()?;
        let rows = shared.finish()?;
        folder.table(AGENTS, |table| agent_rows(&self.plan, table))?;
        folder.publish_main(&self.main(folder, rows))?;
        Ok(rows)
    }

    fn run(
        &self,
        replication: u64,
        shared: &SharedRecorder,
        stop: &AtomicBool,
        progress: &dyn Fn(f64),
    ) -> Result<Time, RecordingRefusal> {
        let plan = Arc::clone(&self.plan);
        let rows: Option<Box<dyn Rows + Send>> = Some(Box::new(shared.clone()));
        let recording = Recording::Checked;
        let mut world = Job { plan, replication, recording, rows }.begin();
        loop {
            let advanced = world.advance(STEP).map_err(RecordingRefusal::Failed)?;
            shared.with(|_| Ok(()))?;
            if let Some(finished) = advanced {
                return Ok(finished.ended);
            }
            if stop.load(Ordering::Relaxed) {
                return Err(RecordingRefusal::Stopped);
            }
            progress(world.progress());
        }
    }

    fn main(&self, folder: &ReportFolder, rows: RecordedRows) -> LogMain {
        let name = ScenarioName { name: folder.name().to_owned() };
        LogMain {
            head: FileHead::new(SCHEMA, name),
            variant: self.variant.clone(),
            seed: self.plan.run.seed,
            replications: self.stretches.len() as u64,
            from: self.stretches.first().and_then(|first| first.written(Time::ZERO)),
            messages: rows.messages,
            conversations: rows.conversations,
            presence: rows.presence,
        }
    }
}

/// When a stretch begins, by the time since the start of an earlier one.
fn start_of(next: &Calendar, earlier: &Calendar) -> Option<Time> {
    let day = earlier.day_of(next.first_date()?)?;
    Some(earlier.instant(day, next.starts_at(), Repeated::First))
}

/// What stands in `log.json`.
#[derive(Serialize)]
struct LogMain {
    #[serde(flatten)]
    head: FileHead,
    variant: String,
    seed: u64,
    /// Runs that follow each other.
    replications: u64,
    /// Start of the first.
    from: Option<String>,
    messages: u64,
    conversations: u64,
    presence: u64,
}

type FileRecorder = LogRecorder<BufWriter<StoredFile>>;

/// The run tells it what happens; it is asked between its steps.
#[derive(Clone)]
struct SharedRecorder(Arc<Mutex<RecorderState>>);

struct RecorderState {
    /// Until the log ends.
    recorder: Option<FileRecorder>,
    /// The first thing that went wrong since it was asked.
    trouble: Option<io::Error>,
}

impl SharedRecorder {
    fn with(&self, act: impl FnOnce(&mut FileRecorder) -> io::Result<()>) -> io::Result<()> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let RecorderState { recorder, trouble } = &mut *shared;
        match trouble.take() {
            Some(error) => Err(error),
            None => recorder.as_mut().map_or(Ok(()), act),
        }
    }

    fn finish(&self) -> io::Result<RecordedRows> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (shared.recorder.take(), shared.trouble.take()) {
            (Some(recorder), None) => recorder.finish(),
            (_, trouble) => Err(trouble.unwrap_or_else(|| io::Error::other("it was given up"))),
        }
    }
}

impl Rows for SharedRecorder {
    fn event(&mut self, at: Time, event: &Event) {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let RecorderState { recorder, trouble } = &mut *shared;
        if let (Some(recorder), None) = (recorder, &trouble) {
            *trouble = recorder.record(at, event).err();
        }
    }

    fn change(&mut self, _: Time, _: &Change) {}

    fn conversation(&mut self, _: &ConversationRow) {}
}

impl fmt::Display for RecordedRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { messages, conversations, presence } = self;
        write!(f, "{conversations} conversations in {messages} rows, {presence} states of agents")
    }
}
