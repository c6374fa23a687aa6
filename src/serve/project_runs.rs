//! The runs of a project on disk: `runs/NAME/0007/` with `run.json` and `report/`, and a bin.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::report::folder_lock::FolderLock;

use super::planner_run::{PlannerRun, PlannerRunState, SCHEMA};
use super::project_folder::ProjectFolder;
use super::safe_name::{RunId, SafeName};

/// Reads and writes what is kept of runs.
pub(super) struct ProjectRuns<'a>(pub(super) &'a ProjectFolder);

/// Folder of the runs.
const RUNS: &str = "runs";
/// Folder of those that were thrown away, within that of the runs: no name of a scenario begins so.
const BIN: &str = "runs/.bin";
/// What is kept of a run.
const FILE: &str = "run.json";

impl ProjectRuns<'_> {
    /// All runs that are known. One that has not ended, and that nobody is running, was interrupted.
    pub(super) fn read(&self) -> BTreeMap<RunId, PlannerRun> {
        let ids = self.ids(&self.0.path().join(RUNS));
        let runs = ids.into_iter().filter_map(|id| {
            let mut run = self.run(&self.0.path().join(id.folder()))?;
            // A folder that was renamed is what its name says.
            run.id = id.clone();
            if !run.state.is_over() {
                run.state = PlannerRunState::Interrupted;
                run.message = "the server was ended before the run".to_owned();
            }
            Some((id, run))
        });
        runs.collect()
    }

    fn run(&self, folder: &Path) -> Option<PlannerRun> {
        let path = self.0.file_inside(&folder.join(FILE)).ok()?;
        let run: PlannerRun = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        (run.schema == SCHEMA).then_some(run)
    }

    fn ids(&self, runs: &Path) -> Vec<RunId> {
        let names = |path: &Path| {
            let entries = fs::read_dir(path).into_iter().flatten().flatten();
            Vec::from_iter(entries.filter_map(|entry| entry.file_name().into_string().ok()))
        };
        let mut ids = Vec::new();
        for scenario in names(runs) {
            let numbers = names(&runs.join(&scenario)).into_iter();
            ids.extend(numbers.filter_map(|number| RunId::new(&format!("{scenario}-{number}"))));
        }
        ids
    }

    /// Takes the next number of a scenario, which was never given before, and makes its folder.
    ///
    /// # Errors
    ///
    /// It cannot be made.
    pub(super) fn next(&self, scenario: &SafeName) -> io::Result<RunId> {
        let binned = fs::read_dir(self.0.path().join(BIN)).into_iter().flatten().flatten();
        let binned = binned.filter_map(|entry| RunId::new(entry.file_name().to_str()?));
        let known = self.ids(&self.0.path().join(RUNS)).into_iter().chain(binned);
        let last = known.filter(|id| id.scenario == *scenario).map(|id| id.number).max();
        let id = RunId { scenario: scenario.clone(), number: last.unwrap_or(0) + 1 };
        self.0.folder_inside(&id.folder())?;
        Ok(id)
    }

    /// Keeps what is known of a run.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub(super) fn save(&self, run: &PlannerRun) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(run)?;
        self.0.write(&format!("{}/{FILE}", run.id.folder()), &text)
    }

    /// Moves a run into the bin.
    ///
    /// # Errors
    ///
    /// Somebody writes its report, or it cannot be moved.
    pub(super) fn throw_away(&self, id: &RunId) -> io::Result<()> {
        let bin = self.0.folder_inside(BIN)?;
        let folder = self.0.path().join(id.folder());
        if FolderLock::to_read(&folder.join("report")).is_err() {
            return Err(io::Error::other("somebody is writing its report"));
        }
        self.0.storage().rename(&folder, &bin.join(id.to_string()))
    }

    /// Takes a run out of the bin.
    ///
    /// # Errors
    ///
    /// It is not there, or cannot be moved.
    pub(super) fn take_back(&self, id: &RunId) -> io::Result<PlannerRun> {
        let binned: PathBuf = self.0.path().join(BIN).join(id.to_string());
        let missing = || io::Error::new(io::ErrorKind::NotFound, "it is not in the bin");
        let run = self.run(&binned).ok_or_else(missing)?;
        self.0.folder_inside(&format!("{RUNS}/{}", id.scenario))?;
        self.0.storage().rename(&binned, &self.0.path().join(id.folder()))?;
        Ok(run)
    }
}
