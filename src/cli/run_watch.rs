//! What a run does as its replications end: rows, checkpoints, and the bar.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::experiment::{Results, Watch};
use crate::ledger::definitions::Parts;
use crate::report::{RowFiles, SavedProgress};

use super::session::Session;
use super::watched_run::ProgressLines;

/// Where everything is put while a run goes on.
pub(super) struct RunFiles {
    pub(super) rows: RowFiles,
    pub(super) progress: SavedProgress,
}

/// Sees to the files as replications end, and to the bar.
pub(super) struct RunWatch<'a> {
    pub(super) files: RunFiles,
    pub(super) written: std::io::Result<()>,
    pub(super) saved: Instant,
    pub(super) every: Duration,
    pub(super) session: &'a Session,
    pub(super) lines: Option<&'a mut ProgressLines>,
}

impl RunWatch<'_> {
    /// Writes something unless that has failed before.
    fn write(&mut self, write: impl FnOnce(&mut Self) -> std::io::Result<()>) {
        if self.written.is_ok() {
            self.written = write(self);
            if self.written.is_err() {
                // No use in going on: the report cannot be written.
                self.session.stop.store(true, Ordering::Relaxed);
            }
        }
    }
}

impl Watch for RunWatch<'_> {
    fn progress(&mut self, done: f64) {
        self.session.progress(done);
        if let Some(lines) = &mut self.lines {
            lines.progress(done);
        }
    }

    fn merged(&mut self, variant: usize, replication: u64, figures: Option<&[Option<Parts>]>) {
        self.write(|watching| {
            watching.files.rows.merged(variant, replication, figures.is_some())?;
            watching.files.progress.row(variant, replication, figures)
        });
    }

    fn so_far(&mut self, results: &Results) {
        if let Some(lines) = &mut self.lines {
            lines.so_far(results);
        }
        if self.saved.elapsed() >= self.every {
            self.write(|watching| watching.files.progress.save(results));
            self.saved = Instant::now();
        }
    }
}
