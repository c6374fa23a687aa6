//! A run while it goes on and when it is over; and all runs.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{PlannerFrame, shown};
use crate::serve::api_refusal::ApiRefusal;
use crate::serve::api_runs::id_in_path;
use crate::serve::planner_run::{PlannerRun, PlannerRunState};
use crate::serve::planner_state::PlannerState;
use crate::serve::report_files::{OFFERED, OfferedFile};

#[derive(Template)]
#[template(path = "run.html")]
struct RunPage {
    frame: PlannerFrame,
    run: PlannerRun,
    /// The scenario that it tried something on.
    tried_on: Option<String>,
    waits: &'static str,
    has_report: bool,
    files: Vec<&'static OfferedFile>,
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    frame: PlannerFrame,
    runs: Vec<PlannerRun>,
}

pub(super) async fn run(
    State(state): State<PlannerState>,
    Path(id): Path<String>,
) -> Result<Response, ApiRefusal> {
    let id = id_in_path(&id)?;
    let run = state.queue.run(&id)?;
    let folder = state.project.path().join(run.report_folder());
    let files = OFFERED.iter().filter(|file| folder.join(file.name).is_file());
    let files = Vec::from_iter(files.filter(|_| run.state.is_over()));
    let waits = match run.state {
        PlannerRunState::Waiting => "Another run goes first; this one begins by itself.",
        _ => "",
    };
    shown(&RunPage {
        frame: PlannerFrame::new(&state, "run", id.to_string()),
        tried_on: id.scenario.as_str().strip_suffix("-what-if").map(str::to_owned),
        waits,
        has_report: files.iter().any(|file| file.name == "report.html"),
        files,
        run,
    })
}

pub(super) async fn history(State(state): State<PlannerState>) -> Result<Response, ApiRefusal> {
    let runs = state.queue.runs();
    shown(&HistoryPage { frame: PlannerFrame::new(&state, "history", "History"), runs })
}
