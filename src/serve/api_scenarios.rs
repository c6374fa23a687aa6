//! Scenarios: their texts, what is wrong with them, and changes of single values.

use axum::extract::{Path, State};
use axum::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::findings::CheckedScenario;
use crate::report::load_page;

use super::api_refusal::{ApiRefusal, json_answer};
use super::form_fields::{FormField, form_fields};
use super::planner_state::PlannerState;
use super::project_folder::{Expected, MarkedText, ProjectFolder, SaveRefusal};
use super::request_body::JsonBody;
use super::safe_name::{SafeName, TableFileName};
use super::scenario_edit::{FieldEdit, edited, parsed};
use super::what_if::MovableSliders;

/// What there is in a project.
#[derive(Serialize, JsonSchema)]
pub(super) struct ProjectContents {
    #[schemars(with = "Vec<String>")]
    scenarios: Vec<SafeName>,
    #[schemars(with = "Vec<String>")]
    tables: Vec<TableFileName>,
}

/// A text with the mark that a change of it must name in `If-Match`; the header `ETag` has it too.
#[derive(Serialize, JsonSchema)]
pub(super) struct ScenarioText {
    #[schemars(with = "String")]
    pub(super) name: SafeName,
    pub(super) text: String,
    pub(super) mark: String,
    /// What was made of it, in words; empty if it was only read.
    pub(super) told: Vec<String>,
}

/// The text of a scenario.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TextBody {
    text: String,
}

/// Somebody else has changed the text meanwhile.
#[derive(Serialize, JsonSchema)]
pub(super) struct ChangedMeanwhile {
    error: String,
    /// The text that is there now; null if there is none.
    there: Option<String>,
    /// Its mark.
    mark: Option<String>,
    /// The text that was to be saved.
    yours: String,
}

/// What is found about a text.
#[derive(Serialize, JsonSchema)]
pub(super) struct CheckedText {
    checked: CheckedScenario,
    /// Work against staff, as a part of a page; empty unless the text is sound.
    load: String,
    /// The values that can be changed by themselves; none if the text is no TOML.
    fields: Vec<FormField>,
    movable: Option<MovableSliders>,
    /// Names of the variants, the base first; none unless the text is sound.
    variants: Vec<String>,
}

/// A text and changes of its values.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditBody {
    text: String,
    edits: Vec<FieldEdit>,
}

/// The text with its values changed.
#[derive(Serialize, JsonSchema)]
pub(super) struct EditedText {
    text: String,
}

/// The name of a scenario in a path.
pub(super) fn name_in_path(text: &str) -> Result<SafeName, ApiRefusal> {
    SafeName::new(text).ok_or_else(|| ApiRefusal::missing("scenario of such a name"))
}

/// The text of a scenario that is there.
pub(super) fn text_of(state: &PlannerState, name: &SafeName) -> Result<MarkedText, ApiRefusal> {
    let read = state.project.scenario(name);
    let read = read.map_err(|error| ApiRefusal::wrong(format!("{name}.toml: {error}")))?;
    read.ok_or_else(|| ApiRefusal::missing(format!("scenario {name}")))
}

pub(super) async fn list(State(state): State<PlannerState>) -> Response {
    let (scenarios, tables) = (state.project.scenarios(), state.project.tables());
    json_answer(StatusCode::OK, &ProjectContents { scenarios, tables })
}

pub(super) async fn read(
    State(state): State<PlannerState>,
    Path(name): Path<String>,
) -> Result<Response, ApiRefusal> {
    let name = name_in_path(&name)?;
    let MarkedText { text, mark } = text_of(&state, &name)?;
    let answer = ScenarioText { name, text, mark: mark.clone(), told: Vec::new() };
    Ok(([(ETAG, mark)], json_answer(StatusCode::OK, &answer)).into_response())
}

pub(super) async fn save(
    State(state): State<PlannerState>,
    Path(name): Path<String>,
    headers: HeaderMap,
    JsonBody(TextBody { text }): JsonBody<TextBody>,
) -> Result<Response, ApiRefusal> {
    let name = name_in_path(&name)?;
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let expected = match (header(IF_MATCH), header(IF_NONE_MATCH)) {
        (Some(mark), None) => Expected::Mark(mark.to_owned()),
        (None, Some("*")) => Expected::Nothing,
        _ => {
            let message =
                "say with If-Match which text is changed, or with If-None-Match: * that it is new";
            return Err(ApiRefusal::new(StatusCode::PRECONDITION_REQUIRED, message));
        }
    };
    match state.project.save_scenario(&name, text.clone(), &expected) {
        Ok(MarkedText { text, mark }) => {
            let answer = ScenarioText { name, text, mark: mark.clone(), told: Vec::new() };
            Ok(([(ETAG, mark)], json_answer(StatusCode::OK, &answer)).into_response())
        }
        Err(SaveRefusal::Io(error)) => Err(ApiRefusal::disk("save the scenario", &error)),
        Err(SaveRefusal::Changed(there)) => {
            let error = match &there {
                Some(_) => "the file has been changed meanwhile, and was not saved: see both texts",
                None => "the file is gone, and was not saved",
            };
            let (there, mark) = there.map(|it| (it.text, it.mark)).unzip();
            let answer = ChangedMeanwhile { error: error.to_owned(), there, mark, yours: text };
            Ok(json_answer(StatusCode::PRECONDITION_FAILED, &answer))
        }
    }
}

pub(super) async fn check(
    State(state): State<PlannerState>,
    Path(name): Path<String>,
    JsonBody(TextBody { text }): JsonBody<TextBody>,
) -> Result<Response, ApiRefusal> {
    let name = name_in_path(&name)?;
    let checked = state.apart(move |state| checked(&state, &name, text)).await?;
    Ok(json_answer(StatusCode::OK, &checked))
}

fn checked(state: &PlannerState, name: &SafeName, text: String) -> CheckedText {
    let document = parsed(&text).ok();
    let fields = document.as_ref().map_or_else(Vec::new, form_fields);
    let movable = document.as_ref().map(MovableSliders::of);
    let file = ProjectFolder::file_of(name);
    let (checked, load, variants) = match state.read(name, text) {
        Ok(scenario) => (
            CheckedScenario::new(file, &scenario.warnings),
            load_page::beside(&scenario),
            scenario.variants.into_iter().map(|variant| variant.name).collect(),
        ),
        Err(findings) => (CheckedScenario::new(file, &findings), String::new(), Vec::new()),
    };
    CheckedText { checked, load, fields, movable, variants }
}

pub(super) async fn edit(
    Path(name): Path<String>,
    JsonBody(EditBody { text, edits }): JsonBody<EditBody>,
) -> Result<Response, ApiRefusal> {
    name_in_path(&name)?;
    let text = edited(&text, &edits).map_err(ApiRefusal::wrong)?;
    Ok(json_answer(StatusCode::OK, &EditedText { text }))
}
