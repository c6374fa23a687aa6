//! How a scenario comes into being: from an example, or from tables. Tables are dropped into the project
//! first.

use std::io::Write as _;

use axum::body::{Body, BodyDataStream};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use futures_core::Stream as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::base::storage::StoredFile;
use crate::scenario::draft::{DraftRefusal, DraftRequest, DraftTable, draft};
use crate::scenario::limits;

use super::api_refusal::{ApiRefusal, json_answer};
use super::api_scenarios::ScenarioText;
use super::planner_state::PlannerState;
use super::project_folder::{Expected, MarkedText, ProjectFolder, SaveRefusal};
use super::request_body::{JsonBody, PATIENCE, refuse_longer, too_large, too_slow};
use super::safe_name::{SafeName, TableFileName};

/// What a scenario is made from.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewScenarioBody {
    #[schemars(with = "String")]
    name: SafeName,
    /// One of the examples; otherwise it is made from tables.
    example: Option<String>,
    /// Tables of the project.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    tables: Vec<TableFileName>,
}

/// A table that is there now.
#[derive(Serialize, JsonSchema)]
pub(super) struct StoredTable {
    #[schemars(with = "String")]
    name: TableFileName,
    bytes: u64,
}

/// A scenario to begin with.
pub(super) struct ExampleScenario {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    text: &'static str,
}

/// Those that need no table.
pub(super) const EXAMPLES: [ExampleScenario; 5] = [
    ExampleScenario {
        name: "quickstart",
        about: "one team, one stream of chats, one question",
        text: include_str!("../../scenarios/quickstart.toml"),
    },
    ExampleScenario {
        name: "retail_day",
        about: "a day of chat at an online shop: which timeout?",
        text: include_str!("../../scenarios/retail_day.toml"),
    },
    ExampleScenario {
        name: "bank_messaging",
        about: "messaging over days, with skills and owners",
        text: include_str!("../../scenarios/bank_messaging.toml"),
    },
    ExampleScenario {
        name: "lunch",
        about: "breaks at noon, and what they cost",
        text: include_str!("../../scenarios/lunch.toml"),
    },
    ExampleScenario {
        name: "end_of_shift",
        about: "what becomes of conversations when a shift ends",
        text: include_str!("../../scenarios/end_of_shift.toml"),
    },
];

/// Bytes of a table, at most.
const MOST: u64 = 64 << 20;

pub(super) async fn create(
    State(state): State<PlannerState>,
    JsonBody(body): JsonBody<NewScenarioBody>,
) -> Result<Response, ApiRefusal> {
    let created = state.apart(move |state| created(&state, body)).await??;
    Ok(json_answer(StatusCode::CREATED, &created))
}

fn created(state: &PlannerState, body: NewScenarioBody) -> Result<ScenarioText, ApiRefusal> {
    let NewScenarioBody { name, example, tables } = body;
    let (text, told) = match &example {
        Some(example) => {
            let found = EXAMPLES.iter().find(|it| it.name == example);
            let found = found.ok_or_else(|| ApiRefusal::missing("example of such a name"))?;
            (found.text.to_owned(), Vec::new())
        }
        None => drafted(state, &name, &tables)?,
    };
    match state.project.save_scenario(&name, text, &Expected::Nothing) {
        Ok(MarkedText { text, mark }) => Ok(ScenarioText { name, text, mark, told }),
        Err(SaveRefusal::Io(error)) => Err(ApiRefusal::disk("save the scenario", &error)),
        Err(SaveRefusal::Changed(_)) => {
            let message = format!("there is a scenario {name} already: choose another name");
            Err(ApiRefusal::new(StatusCode::CONFLICT, message))
        }
    }
}

/// A first scenario from tables, as `shiftstorm new` writes it.
fn drafted(
    state: &PlannerState,
    name: &SafeName,
    tables: &[TableFileName],
) -> Result<(String, Vec<String>), ApiRefusal> {
    let table = |table: &TableFileName| {
        let path = state.project.file_inside(&state.project.path().join(table.as_str()));
        let path = path.map_err(|_| ApiRefusal::missing(format!("table {table}")))?;
        let size = path.metadata().map_or(0, |facts| facts.len());
        if size > limits::SHEET_BYTES as u64 {
            let most = limits::SHEET_BYTES >> 20;
            return Err(ApiRefusal::wrong(format!("{table} is larger than {most} MiB")));
        }
        let bytes = std::fs::read(path);
        let bytes = bytes.map_err(|error| ApiRefusal::disk("read the table", &error))?;
        Ok(DraftTable { name: table.to_string(), bytes })
    };
    let request = DraftRequest {
        name: name.to_string(),
        file: ProjectFolder::file_of(name),
        tables: tables.iter().map(table).collect::<Result<_, _>>()?,
        ..DraftRequest::default()
    };
    let made = draft(&request).map_err(|refusal| {
        ApiRefusal::wrong(match refusal {
            DraftRefusal::Unsound(findings) => format!("a table is not understood: {findings}"),
            DraftRefusal::NothingKnown(tables) => format!(
                "no table has volumes, staffing, a roster or contacts: {}",
                tables.join("; ")
            ),
        })
    })?;
    if let Err(findings) = state.read(name, made.text.clone()) {
        return Err(ApiRefusal::wrong(format!("the tables do not go together: {findings}")));
    }
    let left_out = made.left_out.iter().map(|line| format!("Left out: {line}"));
    let told = made.understood.iter().cloned().chain(left_out);
    Ok((made.text, told.collect()))
}

pub(super) async fn store_table(
    State(state): State<PlannerState>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiRefusal> {
    let name = TableFileName::try_from(name).map_err(ApiRefusal::wrong)?;
    refuse_longer(&headers, MOST)?;
    let project = &state.project;
    let unwritable = |error| ApiRefusal::disk("store the table", &error);
    let path = project.path().join(name.as_str());
    // Two at a time with one name do not mix.
    static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let unfinished = project.path().join(format!(".{name}.{number}.unfinished"));
    let file = project.storage().create(&unfinished).map_err(unwritable)?;
    let stored = write_pieces(file, body.into_data_stream()).await;
    let stored = stored.and_then(|bytes| {
        project.storage().rename(&unfinished, &path).map_err(unwritable)?;
        Ok(bytes)
    });
    if stored.is_err() {
        // What stays is known by its name to be unfinished.
        let _ = project.storage().remove(&unfinished);
    }
    Ok(json_answer(StatusCode::CREATED, &StoredTable { name, bytes: stored? }))
}

/// Writes what comes, a piece at a time; how much it was.
async fn write_pieces(mut file: StoredFile, mut pieces: BodyDataStream) -> Result<u64, ApiRefusal> {
    let mut length = 0;
    loop {
        let next =
            std::future::poll_fn(|context| std::pin::Pin::new(&mut pieces).poll_next(context));
        let piece = match timeout(PATIENCE, next).await {
            Err(_) => return Err(too_slow()),
            Ok(None) => break,
            Ok(Some(Err(error))) => return Err(ApiRefusal::wrong(format!("broken off: {error}"))),
            Ok(Some(Ok(piece))) => piece,
        };
        length += piece.len() as u64;
        if length > MOST {
            return Err(too_large(MOST));
        }
        file.write_all(&piece).map_err(|error| ApiRefusal::disk("store the table", &error))?;
    }
    file.sync().map_err(|error| ApiRefusal::disk("store the table", &error))?;
    Ok(length)
}
