//! What every answer may need.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::project_folder::ProjectFolder;
use super::run_queue::RunQueue;
use crate::scenario::{self, Diagnostics, Scenario, ScenarioFolder, Source};

use super::api_refusal::ApiRefusal;
use super::safe_name::SafeName;

/// The project and its runs.
#[derive(Clone)]
pub(super) struct PlannerState {
    pub(super) project: Arc<ProjectFolder>,
    pub(super) queue: Arc<RunQueue>,
    /// Scenarios are read one at a time, as a large one takes memory.
    reading: Arc<Semaphore>,
}

impl PlannerState {
    pub(super) fn new(project: ProjectFolder, program: PathBuf) -> Self {
        let project = Arc::new(project);
        let queue = Arc::new(RunQueue::new(Arc::clone(&project), program));
        Self { project, queue, reading: Arc::new(Semaphore::new(1)) }
    }

    /// Does what takes its time, one at a time, while others are answered.
    pub(super) async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(Self) -> T + Send + 'static,
    ) -> Result<T, ApiRefusal> {
        let bug = "this met a bug in Shiftstorm; the terminal in which the server runs says more";
        let refused = || ApiRefusal::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, bug);
        let permit = Arc::clone(&self.reading).acquire_owned().await.map_err(|_| refused())?;
        let state = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let done = work(state);
            drop(permit);
            done
        });
        done.await.map_err(|_| refused())
    }

    /// Reads a text as the scenario of a name; no file outside of the project is read.
    pub(super) fn read(&self, name: &SafeName, text: String) -> Result<Scenario, Diagnostics> {
        let source = Source { name: ProjectFolder::file_of(name), text };
        let path = self.project.path().to_owned();
        scenario::parse(source, ScenarioFolder { path, allow_outside: false })
    }
}
