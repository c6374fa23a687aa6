//! What a run does as its replications end: rows, checkpoints, and the bar.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::experiment::{Results, Watch};
use crate::ledger::definitions::Parts;
use crate::report::{ReplicationsFile, RowFiles};

use super::session::Session;

/// Where everything is put while a run goes on.
pub(super) struct RunFiles<'a> {
    pub(super) files: RowFiles,
    pub(super) values: ReplicationsFile,
    /// Saves what is needed to go on from here.
    pub(super) save: &'a dyn Fn(&Results) -> std::io::Result<()>,
}

/// Sees to the files as replications end, and to the bar.
pub(super) struct RunWatch<'a> {
    pub(super) names: Vec<String>,
    pub(super) keeping: RunFiles<'a>,
    pub(super) written: std::io::Result<()>,
    pub(super) saved: Instant,
    pub(super) every: Duration,
    pub(super) session: &'a Session,
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
    }

    fn merged(&mut self, variant: usize, replication: u64, figures: Option<&[Option<Parts>]>) {
        self.write(|watching| {
            watching.keeping.files.merged(variant, replication, figures.is_some())?;
            let Some(figures) = figures else { return Ok(()) };
            watching.keeping.values.row(&watching.names[variant], replication, figures)
        });
    }

    fn so_far(&mut self, results: &Results) {
        if self.saved.elapsed() >= self.every {
            self.write(|watching| {
                watching.keeping.values.flush()?;
                (watching.keeping.save)(results)
            });
            self.saved = Instant::now();
        }
    }
}
