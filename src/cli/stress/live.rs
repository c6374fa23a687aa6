//! What standard error shows while a wall-clock run goes on: on a terminal a few lines that are drawn
//! anew twice a second, elsewhere a line now and then.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::report::stress::{Glance, Second};
use crate::scenario::stress::Stress;
use crate::stress::{Beat, Count};

use super::super::output::complain;

/// Shows one run after the other.
pub(super) struct Live {
    how: How,
    state: Arc<Mutex<Option<State>>>,
}

enum How {
    Quiet,
    Plain,
    Drawn(Drawer),
}

/// A run as it is shown.
struct State {
    what: String,
    settings: Stress,
    started: Instant,
    second: Second,
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

impl Live {
    pub(super) fn new(quiet: bool) -> Self {
        let state = Arc::new(Mutex::new(None));
        let how = match quiet {
            true => How::Quiet,
            false => Drawer::start(&state).map_or(How::Plain, How::Drawn),
        };
        Self { how, state }
    }

    /// A run begins.
    pub(super) fn begin(&self, what: String, settings: &Stress) {
        let (started, settings) = (Instant::now(), settings.clone());
        let (second, late, said) = (Second::default(), (0, 0), (None, started));
        *lock(&self.state) = Some(State { what, settings, started, second, late, said });
    }

    /// A second of it is over.
    pub(super) fn beat(&self, beat: &Beat) {
        let mut state = lock(&self.state);
        let Some(state) = state.as_mut() else { return };
        state.second = Second::from(beat);
        state.late.0 += beat.figures.count(Count::Late);
        state.late.1 += beat.figures.count(Count::Scheduled);
        if let How::Plain = self.how
            && let Some(line) = state.news()
        {
            complain(&line);
        }
    }

    /// Something to be kept in sight.
    pub(super) fn say(&self, text: &str) {
        match &self.how {
            How::Quiet => {}
            How::Plain => complain(text),
            How::Drawn(drawer) => drawer.bar.suspend(|| complain(text)),
        }
    }
}

impl State {
    fn glance(&self) -> Glance<'_> {
        let Self { what, settings, started, second, late, .. } = self;
        Glance { what, settings, elapsed: started.elapsed(), second, late: *late }
    }

    /// A line, if something has changed or nothing was said for long.
    fn news(&mut self) -> Option<String> {
        let glance = self.glance();
        let (now, line) = (glance.going_on(), glance.line());
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
    fn start(state: &Arc<Mutex<Option<State>>>) -> Option<Self> {
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
                let lines = lock(&state).as_ref().map(|state| state.glance().dashboard(width));
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
fn lock(state: &Mutex<Option<State>>) -> MutexGuard<'_, Option<State>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

const REDRAW: Duration = Duration::from_millis(500);
/// Between two lines where nothing can be drawn.
const EVERY: Duration = Duration::from_secs(5);
