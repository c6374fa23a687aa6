//! The project, and a scenario in its editor.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{PlannerFrame, shown};
use crate::serve::api_new::{EXAMPLES, ExampleScenario};
use crate::serve::api_refusal::ApiRefusal;
use crate::serve::api_scenarios::{name_in_path, text_of};
use crate::serve::planner_run::PlannerRun;
use crate::serve::planner_state::PlannerState;
use crate::serve::project_folder::{MarkedText, table_endings};
use crate::serve::safe_name::{SafeName, TableFileName};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: PlannerFrame,
    scenarios: Vec<SafeName>,
    tables: Vec<TableFileName>,
    runs: Vec<PlannerRun>,
    examples: &'static [ExampleScenario],
    endings: String,
}

#[derive(Template)]
#[template(path = "editor.html")]
struct EditorPage {
    frame: PlannerFrame,
    name: SafeName,
    text: String,
    mark: String,
}

/// Runs on the first page.
const LATEST: usize = 10;

pub(super) async fn home(State(state): State<PlannerState>) -> Result<Response, ApiRefusal> {
    let mut runs = state.queue.runs();
    runs.truncate(LATEST);
    shown(&HomePage {
        frame: PlannerFrame::new(&state, "home", "Project"),
        scenarios: state.project.scenarios(),
        tables: state.project.tables(),
        runs,
        examples: &EXAMPLES,
        endings: table_endings(),
    })
}

pub(super) async fn editor(
    State(state): State<PlannerState>,
    Path(name): Path<String>,
) -> Result<Response, ApiRefusal> {
    let name = name_in_path(&name)?;
    let MarkedText { text, mark } = text_of(&state, &name)?;
    let frame = PlannerFrame::new(&state, "editor", name.to_string());
    let frame =
        frame.lead("What is wrong is shown as you type; nothing is saved until you say so.");
    shown(&EditorPage { frame, name, text, mark })
}
