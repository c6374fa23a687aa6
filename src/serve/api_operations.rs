//! The API: every operation once, with its types. Routes and `openapi.json` are made from this list.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, patch, post, put};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::api_new::{self, NewScenarioBody, StoredTable};
use super::api_refusal::{ErrorAnswer, json_answer};
use super::api_runs::{self, DoneAnswer, KeepBody, NoteBody, RunBody};
use super::api_scenarios::{
    self, ChangedMeanwhile, CheckedText, EditBody, EditedText, ProjectContents, ScenarioText,
    TextBody,
};
use super::planner_state::PlannerState;
use super::report_files;
use super::run_queue::ShownRun;
use super::what_if::Sliders;

/// Something that can be asked of the server.
struct ApiOperation {
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    takes: ApiBody,
    gives: ApiBody,
    status: StatusCode,
    route: fn() -> MethodRouter<PlannerState>,
}

/// What a request or an answer has.
enum ApiBody {
    Nothing,
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// Of another kind.
    Bytes(&'static str),
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

macro_rules! operations {
    ($($verb:ident $path:literal $summary:literal $takes:expr => $status:ident $gives:expr, $handler:path;)*) => {
        [$(ApiOperation {
            method: stringify!($verb),
            path: $path,
            summary: $summary,
            takes: $takes,
            gives: $gives,
            status: StatusCode::$status,
            route: || $verb($handler),
        },)*]
    };
}

#[rustfmt::skip]
const OPERATIONS: [ApiOperation; 20] = operations! {
    get "/api/openapi.json" "This description." ApiBody::Nothing => OK ApiBody::Json(of::<Value>), description;
    get "/api/scenarios" "Scenarios and tables of the project." ApiBody::Nothing => OK ApiBody::Json(of::<ProjectContents>), api_scenarios::list;
    post "/api/scenarios" "A new scenario, from an example or from tables." ApiBody::Json(of::<NewScenarioBody>) => CREATED ApiBody::Json(of::<ScenarioText>), api_new::create;
    get "/api/scenarios/{name}" "The text of a scenario." ApiBody::Nothing => OK ApiBody::Json(of::<ScenarioText>), api_scenarios::read;
    put "/api/scenarios/{name}" "Saves a text, if If-Match names the text that is there." ApiBody::Json(of::<TextBody>) => OK ApiBody::Json(of::<ScenarioText>), api_scenarios::save;
    post "/api/scenarios/{name}/check" "What is wrong with a text, its load, and its fields." ApiBody::Json(of::<TextBody>) => OK ApiBody::Json(of::<CheckedText>), api_scenarios::check;
    post "/api/scenarios/{name}/edit" "A text with some of its values changed." ApiBody::Json(of::<EditBody>) => OK ApiBody::Json(of::<EditedText>), api_scenarios::edit;
    post "/api/scenarios/{name}/what-if" "Tries what sliders say, as a variant." ApiBody::Json(of::<Sliders>) => CREATED ApiBody::Json(of::<ShownRun<'_>>), api_runs::what_if;
    post "/api/scenarios/{name}/keep" "Writes a variant that was tried into the scenario." ApiBody::Json(of::<KeepBody>) => OK ApiBody::Json(of::<ScenarioText>), api_runs::keep;
    put "/api/tables/{name}" "Stores a table of at most 64 MiB." ApiBody::Bytes("application/octet-stream") => CREATED ApiBody::Json(of::<StoredTable>), api_new::store_table;
    get "/api/runs" "All runs, those asked for last first." ApiBody::Nothing => OK ApiBody::Json(of::<Vec<ShownRun<'_>>>), api_runs::list;
    post "/api/runs" "Asks for a run." ApiBody::Json(of::<RunBody>) => CREATED ApiBody::Json(of::<ShownRun<'_>>), api_runs::start;
    get "/api/runs/{id}" "A run." ApiBody::Nothing => OK ApiBody::Json(of::<ShownRun<'_>>), api_runs::one;
    patch "/api/runs/{id}" "Writes a note to a run." ApiBody::Json(of::<NoteBody>) => OK ApiBody::Json(of::<ShownRun<'_>>), api_runs::note;
    delete "/api/runs/{id}" "Throws a run into the bin." ApiBody::Nothing => OK ApiBody::Json(of::<DoneAnswer>), api_runs::throw_away;
    post "/api/runs/{id}/stop" "Stops a run." ApiBody::Nothing => ACCEPTED ApiBody::Json(of::<ShownRun<'_>>), api_runs::stop;
    post "/api/runs/{id}/resume" "Goes on with a run that has not come to its end." ApiBody::Nothing => ACCEPTED ApiBody::Json(of::<ShownRun<'_>>), api_runs::resume;
    post "/api/runs/{id}/take-back" "Takes a run out of the bin." ApiBody::Nothing => OK ApiBody::Json(of::<ShownRun<'_>>), api_runs::take_back;
    get "/api/runs/{id}/files/{file}" "A file of a report." ApiBody::Nothing => OK ApiBody::Bytes("*/*"), report_files::file;
    get "/api/events" "All runs first, then each that changes." ApiBody::Nothing => OK ApiBody::Bytes("text/event-stream"), api_runs::events;
};

/// The routes of the API.
pub(super) fn routes() -> Router<PlannerState> {
    OPERATIONS
        .iter()
        .fold(Router::new(), |router, operation| router.route(operation.path, (operation.route)()))
}

async fn description() -> Response {
    json_answer(StatusCode::OK, &openapi())
}

/// The description of the API.
fn openapi() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for operation in &OPERATIONS {
        let described = described(operation, &mut generator);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = described;
    }
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Shiftstorm's page", "version": env!("CARGO_PKG_VERSION") },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn described(operation: &ApiOperation, generator: &mut SchemaGenerator) -> Value {
    let mut content = |body: &ApiBody| match body {
        ApiBody::Nothing => None,
        ApiBody::Json(schema) => {
            Some(json!({ "application/json": { "schema": schema(generator) } }))
        }
        ApiBody::Bytes(kind) => Some(json!({ *kind: {} })),
    };
    let refused = content(&ApiBody::Json(of::<ErrorAnswer>));
    let mut responses = json!({ "4XX": { "description": "Refused.", "content": refused } });
    responses["5XX"] = json!({ "description": "The disk says no.", "content": refused });
    let mut answer = json!({ "description": operation.summary });
    if let Some(content) = content(&operation.gives) {
        answer["content"] = content;
    }
    responses[operation.status.as_str()] = answer;
    if (operation.method, operation.path) == ("put", "/api/scenarios/{name}") {
        let changed = content(&ApiBody::Json(of::<ChangedMeanwhile>));
        responses["412"] = json!({ "description": "Changed meanwhile.", "content": changed });
    }
    let names = operation.path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let parameters = names.map(|name| {
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
    });
    let parameters = Vec::from_iter(parameters);
    let mut described = json!({
        "summary": operation.summary, "parameters": parameters, "responses": responses,
    });
    if let Some(content) = content(&operation.takes) {
        described["requestBody"] = json!({ "required": true, "content": content });
    }
    described
}
