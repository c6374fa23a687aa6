//! What a build server makes of the goals.

use std::path::PathBuf;

use clap::Args;

use crate::base::storage::Storage;
use crate::report::junit::{JunitResult, JunitSuite, write};

use super::search::{save, try_path};
use super::stop::{Exit, Stop};

/// What becomes of missed goals.
#[derive(Args)]
pub(super) struct GoalOptions {
    /// Write how the goals came out to this file, as JUnit XML.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// End with exit code 4 if a variant misses a goal.
    #[arg(long)]
    fail_on_missed_goals: bool,
}

impl GoalOptions {
    /// Finds out whether the file can be written, if it is wanted.
    pub(super) fn try_path(&self, storage: &Storage) -> Result<(), Stop> {
        try_path(storage, self.junit.as_deref())
    }

    /// Writes the file, if it is wanted.
    pub(super) fn save(
        &self,
        storage: &Storage,
        name: &str,
        suites: &[JunitSuite],
    ) -> Result<(), Stop> {
        match &self.junit {
            Some(path) => save(storage, path, |file| write(name, suites, file)),
            None => Ok(()),
        }
    }

    /// What was missed, if that is to be an error.
    pub(super) fn missed(&self, suites: &[JunitSuite]) -> Result<(), Stop> {
        let cases = suites.iter().flat_map(|suite| suite.cases.iter().map(move |it| (suite, it)));
        let missed = cases.filter(|(_, case)| matches!(case.ending, JunitResult::Failed(_)));
        let missed = missed.map(|(suite, case)| format!("{}: {}", suite.name, case.message));
        let missed = Vec::from_iter(missed).join("\nerror: ");
        match self.fail_on_missed_goals && !missed.is_empty() {
            true => Err(Stop::new(Exit::Threshold, missed)),
            false => Ok(()),
        }
    }
}
