//! What a suite tells while it runs.

use std::sync::atomic::AtomicBool;

use crate::scenario::stress::Stress;
use crate::stress::snapshots::SystemSnapshot;

use super::cases::SuiteCase;

/// What the suite does.
#[derive(Debug)]
pub enum SuiteProgress<'a> {
    /// A case begins.
    Case(&'static SuiteCase),
    /// A run of it, what for, and how it is made.
    Run(&'a str, &'a Stress),
    /// A second of the run.
    Snapshot(&'a SystemSnapshot),
}

/// Who watches the suite and may stop it.
pub(super) struct SuiteObserver<'a> {
    pub(super) stop: &'a AtomicBool,
    pub(super) watch: &'a mut dyn FnMut(SuiteProgress<'_>),
}
