//! Runs one after the other: at most ten wait. A run is a process of its own - this program with the
//! command that is shown - so that it makes the same bytes, can be stopped, and takes its memory along.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::report::LiveFigures;
use crate::report::folder_lock::FolderLock;

use super::api_refusal::ApiRefusal;
use super::child_run::{ChildRun, Ending, StopHandle};
use super::planner_run::{PlannerRun, PlannerRunState, SCHEMA};
use super::project_folder::ProjectFolder;
use super::project_runs::ProjectRuns;
use super::run_events::{RunEvent, RunEvents};
use super::safe_name::{RunId, SafeName};

/// All runs of a project, and who is next.
pub(super) struct RunQueue {
    project: Arc<ProjectFolder>,
    /// What runs are made with: our own program.
    program: PathBuf,
    pub(super) events: RunEvents,
    state: Mutex<QueueState>,
}

#[derive(Default)]
struct QueueState {
    runs: BTreeMap<RunId, PlannerRun>,
    waiting: VecDeque<RunId>,
    running: Option<RunningNow>,
    /// The server ends: nothing more begins.
    is_ending: bool,
}

struct RunningNow {
    id: RunId,
    stop: StopHandle,
}

/// A run as the pages know it.
#[derive(Serialize, JsonSchema)]
pub(super) struct ShownRun<'a> {
    #[serde(flatten)]
    pub(super) run: &'a PlannerRun,
    /// What does the same in a terminal, in the folder of the project.
    pub(super) command: String,
    pub(super) can_resume: bool,
}

/// Runs that wait, at most.
const MOST_WAITING: usize = 10;

impl<'a> ShownRun<'a> {
    pub(super) fn of(run: &'a PlannerRun) -> Self {
        Self { run, command: run.command(), can_resume: run.can_resume() }
    }
}

impl RunQueue {
    /// With what is known of earlier runs.
    pub(super) fn new(project: Arc<ProjectFolder>, program: PathBuf) -> Self {
        let runs = ProjectRuns(&project).read();
        let state = QueueState { runs, ..QueueState::default() };
        Self { project, program, events: RunEvents::default(), state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All runs, those asked for last first.
    pub(super) fn runs(&self) -> Vec<PlannerRun> {
        let mut runs = Vec::from_iter(self.state().runs.values().cloned());
        runs.sort_by(|one, other| other.asked_at.cmp(&one.asked_at).then(other.id.cmp(&one.id)));
        runs
    }

    pub(super) fn run(&self, id: &RunId) -> Result<PlannerRun, ApiRefusal> {
        known(&self.state(), id)
    }

    /// Asks for a run of a scenario; `arguments` follow the name of its file.
    pub(super) fn ask(
        self: &Arc<Self>,
        scenario: &SafeName,
        arguments: Vec<String>,
        note: String,
    ) -> Result<PlannerRun, ApiRefusal> {
        let mut state = self.state();
        refuse_full(&state)?;
        let unwritable = |error| ApiRefusal::disk("begin a run", &error);
        let folder = ProjectRuns(&self.project);
        let id = folder.next(scenario).map_err(unwritable)?;
        let mut all = vec!["run".to_owned(), ProjectFolder::file_of(scenario)];
        all.extend(arguments);
        all.extend(["--out".to_owned(), format!("{}/report", id.folder())]);
        let run = PlannerRun {
            schema: SCHEMA.to_owned(),
            id: id.clone(),
            arguments: all,
            state: PlannerRunState::Waiting,
            asked_at: now(),
            started_at: None,
            ended_at: None,
            note,
            message: String::new(),
            figures: LiveFigures::default(),
        };
        folder.save(&run).map_err(unwritable)?;
        self.enqueue(&mut state, run.clone());
        Ok(run)
    }

    /// Asks for a run to go on from where it was interrupted.
    pub(super) fn resume(self: &Arc<Self>, id: &RunId) -> Result<PlannerRun, ApiRefusal> {
        let mut state = self.state();
        let mut run = known(&state, id)?;
        if !run.can_resume() {
            let message = format!(
                "run {id} is {}: only one that has not come to its end goes on",
                run.state.word()
            );
            return Err(ApiRefusal::new(StatusCode::CONFLICT, message));
        }
        if FolderLock::to_read(&self.project.path().join(run.report_folder())).is_err() {
            let message = "what it had come to is still being put together: try again in a moment";
            return Err(ApiRefusal::new(StatusCode::CONFLICT, message));
        }
        refuse_full(&state)?;
        if !run.arguments.iter().any(|word| word == RESUME) {
            run.arguments.push(RESUME.to_owned());
        }
        (run.state, run.message, run.ended_at) = (PlannerRunState::Waiting, String::new(), None);
        self.enqueue(&mut state, run.clone());
        Ok(run)
    }

    /// Stops a run, or lets it wait no more.
    pub(super) fn stop(&self, id: &RunId) -> Result<PlannerRun, ApiRefusal> {
        let mut state = self.state();
        let mut run = known(&state, id)?;
        if let Some(running) = state.running.as_ref().filter(|running| running.id == *id) {
            running.stop.stop();
            return Ok(run);
        }
        if run.state == PlannerRunState::Waiting {
            state.waiting.retain(|waiting| waiting != id);
            (run.state, run.ended_at) = (PlannerRunState::Stopped, Some(now()));
            self.put(&mut state, run.clone());
        }
        Ok(run)
    }

    /// Writes a note to a run.
    pub(super) fn note(&self, id: &RunId, note: String) -> Result<PlannerRun, ApiRefusal> {
        let mut state = self.state();
        let mut run = known(&state, id)?;
        run.note = note;
        let saved = ProjectRuns(&self.project).save(&run);
        saved.map_err(|error| ApiRefusal::disk("save the note", &error))?;
        self.put(&mut state, run.clone());
        Ok(run)
    }

    /// Throws a run into the bin.
    pub(super) fn throw_away(&self, id: &RunId) -> Result<(), ApiRefusal> {
        let mut state = self.state();
        let run = known(&state, id)?;
        if !run.state.is_over() {
            let message = format!("run {id} is {}: stop it first", run.state.word());
            return Err(ApiRefusal::new(StatusCode::CONFLICT, message));
        }
        let thrown = ProjectRuns(&self.project).throw_away(id);
        thrown.map_err(|error| ApiRefusal::disk("throw the run away", &error))?;
        state.runs.remove(id);
        let data = serde_json::json!({ "id": id.to_string() }).to_string();
        self.events.tell(&RunEvent { kind: "gone", data });
        Ok(())
    }

    /// Takes a run out of the bin.
    pub(super) fn take_back(&self, id: &RunId) -> Result<PlannerRun, ApiRefusal> {
        let taken = ProjectRuns(&self.project).take_back(id);
        let run = taken.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ApiRefusal::missing(format!("run {id} in the bin")),
            _ => ApiRefusal::disk("take the run back", &error),
        })?;
        self.put(&mut self.state(), run.clone());
        Ok(run)
    }

    /// Everything that is known, for who begins to watch.
    pub(super) fn snapshot(&self) -> RunEvent {
        let runs = self.runs();
        let shown = Vec::from_iter(runs.iter().map(ShownRun::of));
        RunEvent { kind: "snapshot", data: serde_json::to_string(&shown).unwrap_or_default() }
    }

    fn enqueue(self: &Arc<Self>, state: &mut QueueState, run: PlannerRun) {
        state.waiting.push_back(run.id.clone());
        self.put(state, run);
        self.begin_next(state);
    }

    /// Begins what waits, if nothing runs.
    fn begin_next(self: &Arc<Self>, state: &mut QueueState) {
        while state.running.is_none()
            && !state.is_ending
            && let Some(id) = state.waiting.pop_front()
        {
            let Some(mut run) = state.runs.get(&id).cloned() else { continue };
            run.started_at = Some(now());
            match ChildRun::start(&self.program, self.project.path(), &run.arguments) {
                Ok(child) => {
                    run.state = PlannerRunState::Running;
                    state.running = Some(RunningNow { id: id.clone(), stop: child.stop_handle() });
                    self.keep(state, run);
                    let queue = Arc::clone(self);
                    thread::spawn(move || queue.follow(&id, child));
                }
                Err(error) => {
                    (run.state, run.ended_at) = (PlannerRunState::Failed, Some(now()));
                    run.message = format!("cannot be started: {error}");
                    self.keep(state, run);
                }
            }
        }
    }

    /// Interrupts what runs, and gives it the time to save what it has come to.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.is_ending = true;
        if let Some(running) = &state.running {
            running.stop.stop();
        }
        drop(state);
        let asked = Instant::now();
        while self.state().running.is_some() && asked.elapsed() < MOST_ENDING {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sees a run to its end.
    fn follow(self: &Arc<Self>, id: &RunId, child: ChildRun) {
        let ending = child.follow(|figures| self.tell_figures(id, figures));
        let mut state = self.state();
        let was_stopped = state.running.take().is_some_and(|running| running.stop.is_stopped());
        if let Some(mut run) = state.runs.get(id).cloned() {
            run.ended_at = Some(now());
            (run.state, run.message) = match ending {
                Ending::Well => (PlannerRunState::Ended, String::new()),
                Ending::Interrupted if was_stopped && !state.is_ending => {
                    (PlannerRunState::Stopped, String::new())
                }
                Ending::Interrupted => (PlannerRunState::Interrupted, String::new()),
                Ending::Badly(message) => (PlannerRunState::Failed, message),
            };
            self.keep(&mut state, run);
        }
        self.begin_next(&mut state);
    }

    fn tell_figures(&self, id: &RunId, figures: LiveFigures) {
        let mut state = self.state();
        if let Some(mut run) = state.runs.get(id).cloned() {
            run.figures = figures;
            self.put(&mut state, run);
        }
    }

    /// Puts a run in its place, on disk too.
    fn keep(&self, state: &mut QueueState, mut run: PlannerRun) {
        if let Err(error) = ProjectRuns(&self.project).save(&run) {
            let trouble = format!("what is known of the run cannot be saved: {error}");
            let messages = [std::mem::take(&mut run.message), trouble];
            run.message =
                Vec::from_iter(messages.into_iter().filter(|it| !it.is_empty())).join("\n");
        }
        self.put(state, run);
    }

    /// Puts a run in its place and tells who watches.
    fn put(&self, state: &mut QueueState, run: PlannerRun) {
        let data = serde_json::to_string(&ShownRun::of(&run)).unwrap_or_default();
        state.runs.insert(run.id.clone(), run);
        self.events.tell(&RunEvent { kind: "change", data });
    }
}

fn known(state: &QueueState, id: &RunId) -> Result<PlannerRun, ApiRefusal> {
    let found = state.runs.get(id).cloned();
    found.ok_or_else(|| ApiRefusal::missing(format!("run {id}")))
}

fn refuse_full(state: &QueueState) -> Result<(), ApiRefusal> {
    if state.waiting.len() < MOST_WAITING {
        return Ok(());
    }
    let message = format!("{MOST_WAITING} runs are waiting already: wait, or stop some of them");
    Err(ApiRefusal::new(StatusCode::TOO_MANY_REQUESTS, message))
}

fn now() -> String {
    Timestamp::now().strftime("%F %T UTC").to_string()
}

/// How long a run may take to end.
const MOST_ENDING: Duration = Duration::from_secs(10);

const RESUME: &str = "--resume";
