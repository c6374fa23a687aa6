//! "What if": sliders, and what was tried with them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{PlannerFrame, shown};
use crate::serve::api_refusal::ApiRefusal;
use crate::serve::api_scenarios::{name_in_path, text_of};
use crate::serve::planner_run::PlannerRun;
use crate::serve::planner_state::PlannerState;
use crate::serve::safe_name::SafeName;
use crate::serve::scenario_edit::parsed;
use crate::serve::what_if::{MovableSliders, variant_names};

#[derive(Template)]
#[template(path = "what_if.html")]
struct WhatIfPage {
    frame: PlannerFrame,
    name: SafeName,
    sliders: Vec<ShownSlider>,
    tried: Vec<TriedVariant>,
}

/// A slider; at its start it changes nothing.
struct ShownSlider {
    key: &'static str,
    title: &'static str,
    unit: &'static str,
    least: i32,
    most: i32,
    step: i32,
    start: i32,
    is_movable: bool,
    why_not: &'static str,
}

/// A variant that was tried, and its last run.
struct TriedVariant {
    name: String,
    is_kept: bool,
    run: Option<PlannerRun>,
}

pub(super) async fn page(
    State(state): State<PlannerState>,
    Path(name): Path<String>,
) -> Result<Response, ApiRefusal> {
    let name = name_in_path(&name)?;
    let document = parsed(&text_of(&state, &name)?.text).map_err(ApiRefusal::wrong)?;
    let frame = PlannerFrame::new(&state, "what-if", format!("What if … ({name})"));
    let tried = tried(&state, &name, &variant_names(&document));
    let sliders = sliders(MovableSliders::of(&document));
    shown(&WhatIfPage { frame, sliders, tried, name })
}

fn sliders(movable: MovableSliders) -> Vec<ShownSlider> {
    let share = |key, title, is_movable, why_not| ShownSlider {
        key,
        title,
        unit: "%",
        least: 50,
        most: 200,
        step: 5,
        start: 100,
        is_movable,
        why_not,
    };
    // One step below nothing stands for what is written.
    let timeout = |key, title| ShownSlider {
        key,
        title,
        unit: "s",
        least: -30,
        most: 1800,
        step: 30,
        start: -30,
        is_movable: true,
        why_not: "",
    };
    vec![
        share("volume", "Volume", movable.volume, "Volumes come from a table: change them there."),
        share(
            "work",
            "Work of a reply",
            movable.work,
            "The scenario says no work in lengths of time.",
        ),
        share("agents", "Agents", movable.agents, "Agents come from a roster: change it there."),
        share("patience", "Patience", movable.patience, "Nobody loses patience in this scenario."),
        timeout("timeout_online", "Unassign after, agent online"),
        timeout("timeout_away", "Unassign after, agent away"),
        timeout("timeout_offline", "Unassign after, agent offline"),
    ]
}

/// What was tried, the last first.
fn tried(state: &PlannerState, name: &SafeName, known: &[String]) -> Vec<TriedVariant> {
    let Some(tried_name) = name.with("-what-if") else { return Vec::new() };
    let Ok(Some(text)) = state.project.scenario(&tried_name) else { return Vec::new() };
    let runs = state.queue.runs();
    let runs = Vec::from_iter(runs.into_iter().filter(|run| run.id.scenario == tried_name));
    let run_of = |name: &str| {
        let word = format!("--variant={name}");
        runs.iter().find(|run| run.arguments.contains(&word)).cloned()
    };
    let names = parsed(&text.text).map_or_else(|_| Vec::new(), |document| variant_names(&document));
    let tried = names.into_iter().rev().map(|name| TriedVariant {
        run: run_of(&name),
        is_kept: known.contains(&name),
        name,
    });
    // What stands in the scenario and was never tried is no news.
    tried.filter(|variant| variant.run.is_some() || !variant.is_kept).collect()
}
