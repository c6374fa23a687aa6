//! Where the replications of a command run: threads, the user's Ctrl-C, and a bar.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::experiment::runner::{Runner, RunnerError};
use crate::experiment::warm_up::{WarmUp, settle};
use crate::report::terminal::{self, WIDTH};
use crate::scenario::Variant;

use super::output::complain;
use super::stop::{Exit, Stop};
use super::{machine, select, signals};

/// Threads, a flag that the user sets with Ctrl-C, and a bar.
pub(super) struct Session {
    pub(super) threads: usize,
    pub(super) stop: Arc<AtomicBool>,
    quiet: bool,
    bar: Option<ProgressBar>,
    stage: RefCell<String>,
}

impl Session {
    /// All processors unless told otherwise; a quiet one has no bar.
    pub(super) fn new(threads: Option<u16>, quiet: bool) -> Self {
        let bar = if quiet { None } else { bar() };
        let shown = bar.clone();
        let stop = signals::stop_on_signal(move |word| match &shown {
            Some(bar) => bar.suspend(|| complain(word)),
            None => complain(word),
        });
        Self {
            threads: threads.map_or_else(machine::processors, usize::from),
            stop,
            quiet,
            bar,
            stage: RefCell::default(),
        }
    }

    /// Says something that is no error, unless it is to be quiet.
    pub(super) fn say(&self, text: &str) {
        match &self.bar {
            _ if self.quiet => {}
            Some(bar) => bar.suspend(|| complain(text)),
            None => complain(text),
        }
    }

    /// Something begins that takes its time.
    pub(super) fn begin(&self, stage: &'static str) {
        *self.stage.borrow_mut() = stage.to_owned();
        if let Some(bar) = &self.bar {
            bar.reset_elapsed();
        }
        self.progress(0.0);
    }

    /// What has begun goes on with a stretch of which the bar shows by itself how much is done; how
    /// many stretches are to come is not known.
    pub(super) fn stage(&self, stage: String) {
        let Some(bar) = &self.bar else { return };
        if let Ok(style) = ProgressStyle::with_template(STRETCHES) {
            bar.set_style(style);
        }
        *self.stage.borrow_mut() = terminal::cut(&stage, WIDTH - 30);
        self.progress(0.0);
    }

    /// So much of it is done, 0 to 1; from 0 on the time left is measured. The bar shows itself when
    /// what has begun is not over at once.
    pub(super) fn progress(&self, done: f64) {
        let Some(bar) = &self.bar else { return };
        if done == 0.0 {
            bar.reset_eta();
        }
        if bar.elapsed() > PATIENCE {
            bar.set_message(self.stage.borrow().clone());
            bar.set_position((done * STEPS as f64) as u64);
        }
    }

    /// Nothing more of the bar.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Runs an experiment.
    pub(super) fn run<T>(
        &self,
        stage: &'static str,
        experiment: impl FnOnce(&Runner<'_>) -> Result<T, RunnerError>,
    ) -> Result<T, Stop> {
        self.begin(stage);
        let progress = |share: f64| self.progress(share);
        let runner = Runner { threads: self.threads, stop: &self.stop, progress: &progress };
        let result = experiment(&runner);
        self.end();
        result.map_err(|ended| match ended {
            RunnerError::Interrupted => {
                Stop::new(Exit::Interrupted, "interrupted; there is nothing to report yet")
            }
            RunnerError::Failed(failure) => {
                complain(&format!("error: a bug in Shiftstorm: {failure}"));
                for (at, event) in &failure.last_events {
                    complain(&format!("  {at}  {event:?}"));
                }
                let command = Vec::from_iter(std::env::args());
                complain(&format!("  while running: {}", select::quoted(&command)));
                Stop::new(Exit::Bug, "a replication failed")
            }
        })
    }

    /// Finds the warm-up of the variants that ask for it.
    pub(super) fn settle(&self, variants: &mut [Variant]) -> Result<Option<WarmUp>, Stop> {
        match variants.iter().any(|variant| variant.plan.run.seeks_warm_up) {
            true => self.run("warm-up ", |runner| settle(variants, runner)),
            false => Ok(None),
        }
    }
}

fn bar() -> Option<ProgressBar> {
    let target = ProgressDrawTarget::stderr_with_hz(5);
    if target.is_hidden() {
        return None;
    }
    let style = ProgressStyle::with_template("{msg}{bar:40} {percent:>3} %  {eta} left").ok()?;
    Some(ProgressBar::with_draw_target(Some(STEPS), target).with_style(style))
}

/// A bar of one of several stretches.
const STRETCHES: &str = "{bar:20} {percent:>3} %  {msg}";
/// Steps of the bar.
const STEPS: u64 = 1000;
/// What is over by then needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);
