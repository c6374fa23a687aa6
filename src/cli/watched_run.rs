//! A run that another program has started and watches.

use std::io::{self, Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::experiment::Results;
use crate::ledger::objectives::DifferenceThresholds;
use crate::report::{LiveFigures, Report};

/// For programs that start a run and watch it.
#[derive(Args)]
pub(super) struct WatchedRunOptions {
    /// Stop as with Ctrl-C when standard input ends: the run does not outlive the program that started
    /// it.
    #[arg(long)]
    with_stdin: bool,
    /// Print how far the run is and what it comes to, a line of JSON each time, instead of the summary.
    #[arg(long, value_name = "FORM", conflicts_with_all = ["json", "quiet"])]
    progress: Option<ProgressForm>,
}

/// How progress is told to a program.
#[derive(Clone, Copy, ValueEnum)]
enum ProgressForm {
    /// A line of JSON each time.
    Json,
}

impl WatchedRunOptions {
    /// Whether progress is told in place of the summary.
    pub(super) fn is_told(&self) -> bool {
        self.progress.is_some()
    }

    /// Sets `stop` when standard input ends, if that was asked for.
    pub(super) fn stop_with_stdin(&self, stop: &Arc<AtomicBool>) {
        if !self.with_stdin {
            return;
        }
        let stop = Arc::clone(stop);
        let wait = move || {
            // What comes is of no matter; an error is an end as well.
            let _ = io::copy(&mut io::stdin().lock().by_ref(), &mut io::sink());
            stop.store(true, Ordering::Relaxed);
        };
        // Without a thread the run is stopped by a signal only.
        let _ = thread::Builder::new().name("stdin".to_owned()).spawn(wait);
    }

    /// Where progress is told, if it is.
    pub(super) fn lines(&self, thresholds: DifferenceThresholds) -> Option<ProgressLines> {
        self.progress.map(|ProgressForm::Json| ProgressLines {
            thresholds,
            figures: LiveFigures::default(),
            told: None,
        })
    }
}

/// Tells progress as lines of JSON on standard output, not too often.
pub(super) struct ProgressLines {
    thresholds: DifferenceThresholds,
    figures: LiveFigures,
    told: Option<Instant>,
}

impl ProgressLines {
    /// So much of the work is done, 0 to 1.
    pub(super) fn progress(&mut self, done: f64) {
        self.figures.done = done;
        if self.is_due() {
            self.tell();
        }
    }

    /// What has come of it so far.
    pub(super) fn so_far(&mut self, results: &Results) {
        if self.is_due() {
            self.figures = LiveFigures::so_far(results, self.thresholds, self.figures.done);
            self.tell();
        }
    }

    /// What it came to.
    pub(super) fn ended(mut self, report: &Report<'_>) {
        self.figures = LiveFigures::ended(report);
        self.tell();
    }

    fn is_due(&self) -> bool {
        self.told.is_none_or(|told| told.elapsed() >= BETWEEN)
    }

    fn tell(&mut self) {
        self.told = Some(Instant::now());
        let line = serde_json::to_string(&self.figures).unwrap_or_default();
        let mut stdout = io::stdout().lock();
        // Whoever listened has gone: the run goes on all the same, unless standard input ends too.
        let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
    }
}

/// The least time from one line to the next.
const BETWEEN: Duration = Duration::from_millis(250);
