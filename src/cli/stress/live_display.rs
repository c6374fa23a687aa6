//! What standard error shows while a wall-clock run goes on: on a terminal a few lines that are drawn
//! anew twice a second, elsewhere a line now and then.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::report::stress::{LiveSecond, RunMetrics, RunStatus};
use crate::scenario::stress::Stress;
use crate::stress::{Count, SystemSnapshot};

use super::super::output::complain;
use super::metrics_server::{MetricsServer, SharedMetrics};

/// Shows one run after the other.
pub(super) struct LiveDisplay {
    mode: DisplayMode,
    state: Arc<Mutex<Option<DisplayState>>>,
    served: Option<ServedMetrics>,
}

/// What is served of the runs of a scenario.
struct ServedMetrics {
    scenario: String,
    metrics: SharedMetrics,
    /// Listens as long as this is there.
    _server: MetricsServer,
}

enum DisplayMode {
    Quiet,
    Plain,
    Drawn(Drawer),
}

/// A run as it is shown.
struct DisplayState {
    what: String,
    settings: Stress,
    started: Instant,
    second: LiveSecond,
    late: (u64, u64),
    /// What went on when a line was last said, and when that was.
    said: (Option<String>, Instant),
}

/// Draws until it is dropped.
struct Drawer {
    bar: ProgressBar,
    /// Dropped to end the thread.
    end: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl LiveDisplay {
    pub(super) fn new(quiet: bool) -> Self {
        let state = Arc::new(Mutex::new(None));
        let mode = match quiet {
            true => DisplayMode::Quiet,
            false => Drawer::start(&state).map_or(DisplayMode::Plain, DisplayMode::Drawn),
        };
        Self { mode, state, served: None }
    }

    /// The same, and what is measured is served.
    pub(super) fn serving(self, scenario: &str, address: SocketAddr) -> io::Result<Self> {
        let metrics = SharedMetrics::default();
        let server = MetricsServer::start(address, Arc::clone(&metrics))?;
        self.say(&format!("Metrics: http://{}/metrics", server.address()));
        let scenario = scenario.to_owned();
        Ok(Self { served: Some(ServedMetrics { scenario, metrics, _server: server }), ..self })
    }

    /// A run begins.
    pub(super) fn begin(&self, what: String, settings: &Stress) {
        let (started, settings) = (Instant::now(), settings.clone());
        let (second, late, said) = (LiveSecond::default(), (0, 0), (None, started));
        if let Some(ServedMetrics { scenario, metrics, .. }) = &self.served {
            *lock(metrics) = Some(RunMetrics::new(scenario, &what));
        }
        *lock(&self.state) = Some(DisplayState { what, settings, started, second, late, said });
    }

    /// A second of it is over.
    pub(super) fn snapshot(&self, snapshot: &SystemSnapshot) {
        if let Some(served) = &self.served
            && let Some(metrics) = lock(&served.metrics).as_mut()
        {
            metrics.add(snapshot);
        }
        let mut state = lock(&self.state);
        let Some(state) = state.as_mut() else { return };
        state.second = LiveSecond::from(snapshot);
        let late = [Count::Late, Count::Unsent].map(|count| snapshot.figures.count(count));
        state.late.0 += late.iter().sum::<u64>();
        state.late.1 += snapshot.figures.count(Count::Scheduled) + late[1];
        if let DisplayMode::Plain = self.mode
            && let Some(line) = state.news()
        {
            complain(&line);
        }
    }

    /// Something to be kept in sight.
    pub(super) fn say(&self, text: &str) {
        match &self.mode {
            DisplayMode::Quiet => {}
            DisplayMode::Plain => complain(text),
            DisplayMode::Drawn(drawer) => drawer.bar.suspend(|| complain(text)),
        }
    }
}

impl DisplayState {
    fn status(&self) -> RunStatus<'_> {
        let Self { what, settings, started, second, late, .. } = self;
        RunStatus { what, settings, elapsed: started.elapsed(), second, late: *late }
    }

    /// A line, if something has changed or nothing was said for long.
    fn news(&mut self) -> Option<String> {
        let status = self.status();
        let (now, line) = (status.going_on(), status.line());
        let (before, at) = &self.said;
        let is_due = at.elapsed() >= EVERY || (now.is_some() && now != *before);
        is_due.then(|| {
            self.said = (now, Instant::now());
            line
        })
    }
}

impl Drawer {
    /// None if standard error is no terminal.
    fn start(state: &Arc<Mutex<Option<DisplayState>>>) -> Option<Self> {
        let target = ProgressDrawTarget::stderr();
        if target.is_hidden() {
            return None;
        }
        let style = ProgressStyle::with_template("{msg}").ok()?;
        let bar = ProgressBar::with_draw_target(None, target).with_style(style);
        let (end, ended) = mpsc::channel::<()>();
        let (drawn, state) = (bar.clone(), Arc::clone(state));
        let draw = move || {
            while ended.recv_timeout(REDRAW) == Err(mpsc::RecvTimeoutError::Timeout) {
                // The terminal may have another size by now.
                let width = usize::from(Term::stderr().size().1);
                let lines = lock(&state).as_ref().map(|state| state.status().dashboard(width));
                if let Some(lines) = lines {
                    drawn.set_message(lines.join("\n"));
                }
            }
        };
        let thread = thread::Builder::new().name("terminal".to_owned()).spawn(draw).ok()?;
        Some(Self { bar, end: Some(end), thread: Some(thread) })
    }
}

/// Leaves nothing of it on the terminal.
impl Drop for Drawer {
    fn drop(&mut self) {
        self.end = None;
        if let Some(thread) = self.thread.take() {
            // If it has panicked, there is nothing to wait for.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

/// What a thread that panicked left is still to be shown.
fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

const REDRAW: Duration = Duration::from_millis(500);
/// Between two lines where nothing can be drawn.
const EVERY: Duration = Duration::from_secs(5);
