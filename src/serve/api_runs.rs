//! Runs: asked for, watched, stopped, gone on with, thrown away; and "what if".

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use futures_core::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::api_refusal::{ApiRefusal, json_answer};
use super::api_scenarios::{ScenarioText, name_in_path, text_of};
use super::planner_state::PlannerState;
use super::project_folder::{Expected, MarkedText, SaveRefusal};
use super::request_body::JsonBody;
use super::run_events::RunEvent;
use super::run_queue::ShownRun;
use super::safe_name::{RunId, SafeName};
use super::what_if::{Sliders, with_kept, with_variant, with_variants_of};

/// A run to be made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RunBody {
    #[schemars(with = "String")]
    scenario: SafeName,
    /// Only these variants; all if there is none.
    #[serde(default)]
    variants: Vec<String>,
    /// Instead of the scenario's.
    replications: Option<u32>,
    /// Instead of the scenario's.
    seed: Option<u32>,
    #[serde(default)]
    note: String,
}

/// What is written to a run.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoteBody {
    note: String,
}

/// A variant that was tried.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeepBody {
    variant: String,
}

/// Nothing more is to be said.
#[derive(Serialize, JsonSchema)]
pub(super) struct DoneAnswer {
    done: bool,
}

/// Signs of a note, at most.
const LONGEST_NOTE: usize = 2000;

/// The id of a run in a path.
pub(super) fn id_in_path(text: &str) -> Result<RunId, ApiRefusal> {
    RunId::new(text).ok_or_else(|| ApiRefusal::missing("run of such an id"))
}

fn note_of(text: String) -> Result<String, ApiRefusal> {
    if text.chars().count() > LONGEST_NOTE {
        return Err(ApiRefusal::wrong(format!("a note has at most {LONGEST_NOTE} signs")));
    }
    Ok(text)
}

pub(super) async fn list(State(state): State<PlannerState>) -> Response {
    let runs = state.queue.runs();
    json_answer(StatusCode::OK, &Vec::from_iter(runs.iter().map(ShownRun::of)))
}

pub(super) async fn start(
    State(state): State<PlannerState>,
    JsonBody(body): JsonBody<RunBody>,
) -> Result<Response, ApiRefusal> {
    let RunBody { scenario, variants, replications, seed, note } = body;
    text_of(&state, &scenario)?;
    let mut arguments = Vec::new();
    if let Some(replications) = replications {
        arguments.extend(["-n".to_owned(), replications.to_string()]);
    }
    if let Some(seed) = seed {
        arguments.extend(["--seed".to_owned(), seed.to_string()]);
    }
    // As one word each, so that no name is taken for an option.
    arguments.extend(variants.iter().map(|name| format!("--variant={name}")));
    let run = state.queue.ask(&scenario, arguments, note_of(note)?)?;
    Ok(json_answer(StatusCode::CREATED, &ShownRun::of(&run)))
}

/// Tries what the sliders say: the scenario with their variant below goes into a file beside it, of
/// which the base and that variant are run.
pub(super) async fn what_if(
    State(state): State<PlannerState>,
    Path(name): Path<String>,
    JsonBody(sliders): JsonBody<Sliders>,
) -> Result<Response, ApiRefusal> {
    let name = name_in_path(&name)?;
    let run = state.apart(move |state| tried(&state, &name, &sliders)).await??;
    Ok(json_answer(StatusCode::CREATED, &ShownRun::of(&run)))
}

fn tried(
    state: &PlannerState,
    name: &SafeName,
    sliders: &Sliders,
) -> Result<super::planner_run::PlannerRun, ApiRefusal> {
    let tried_name = tried_name(name)?;
    let text = text_of(state, name)?.text;
    let unreadable =
        |error: std::io::Error| ApiRefusal::wrong(format!("{tried_name}.toml: {error}"));
    let earlier = state.project.scenario(&tried_name).map_err(unreadable)?;
    let whole = match &earlier {
        // What was tried before and is no TOML any more is begun anew.
        Some(earlier) => with_variants_of(&text, &earlier.text).unwrap_or_else(|_| text.clone()),
        None => text,
    };
    let whole = with_variant(&whole, sliders).map_err(ApiRefusal::wrong)?;
    let scenario = state.read(&tried_name, whole.clone());
    let scenario = scenario.map_err(|findings| ApiRefusal::wrong(findings.to_string()))?;
    let base = scenario.variants.first().map(|base| base.name.clone()).unwrap_or_default();
    let expected = earlier.map_or(Expected::Nothing, |earlier| Expected::Mark(earlier.mark));
    saved(state, &tried_name, whole, &expected)?;
    let variants = [base, sliders.name()].map(|name| format!("--variant={name}"));
    state.queue.ask(&tried_name, variants.to_vec(), format!("what if: {}", sliders.name()))
}

/// Where what was tried on a scenario is written.
fn tried_name(name: &SafeName) -> Result<SafeName, ApiRefusal> {
    let too_long = || ApiRefusal::wrong(format!("the name {name} is too long to try something"));
    name.with("-what-if").ok_or_else(too_long)
}

fn saved(
    state: &PlannerState,
    name: &SafeName,
    text: String,
    expected: &Expected,
) -> Result<MarkedText, ApiRefusal> {
    state.project.save_scenario(name, text, expected).map_err(|refusal| match refusal {
        SaveRefusal::Io(error) => ApiRefusal::disk("save the scenario", &error),
        SaveRefusal::Changed(_) => {
            ApiRefusal::new(StatusCode::CONFLICT, format!("{name}.toml has changed meanwhile"))
        }
    })
}

/// Writes a variant that was tried into the scenario.
pub(super) async fn keep(
    State(state): State<PlannerState>,
    Path(name): Path<String>,
    JsonBody(KeepBody { variant }): JsonBody<KeepBody>,
) -> Result<Response, ApiRefusal> {
    let name = name_in_path(&name)?;
    let before = text_of(&state, &name)?;
    let tried = text_of(&state, &tried_name(&name)?)?;
    let kept = with_kept(&before.text, &tried.text, &variant).map_err(ApiRefusal::wrong)?;
    let MarkedText { text, mark } = saved(&state, &name, kept, &Expected::Mark(before.mark))?;
    let told = vec![format!("variant {variant} is kept")];
    Ok(json_answer(StatusCode::OK, &ScenarioText { name, text, mark, told }))
}

pub(super) async fn one(
    State(state): State<PlannerState>,
    Path(id): Path<String>,
) -> Result<Response, ApiRefusal> {
    let run = state.queue.run(&id_in_path(&id)?)?;
    Ok(json_answer(StatusCode::OK, &ShownRun::of(&run)))
}

pub(super) async fn stop(
    State(state): State<PlannerState>,
    Path(id): Path<String>,
) -> Result<Response, ApiRefusal> {
    let run = state.queue.stop(&id_in_path(&id)?)?;
    Ok(json_answer(StatusCode::ACCEPTED, &ShownRun::of(&run)))
}

pub(super) async fn resume(
    State(state): State<PlannerState>,
    Path(id): Path<String>,
) -> Result<Response, ApiRefusal> {
    let run = state.queue.resume(&id_in_path(&id)?)?;
    Ok(json_answer(StatusCode::ACCEPTED, &ShownRun::of(&run)))
}

pub(super) async fn note(
    State(state): State<PlannerState>,
    Path(id): Path<String>,
    JsonBody(NoteBody { note }): JsonBody<NoteBody>,
) -> Result<Response, ApiRefusal> {
    let run = state.queue.note(&id_in_path(&id)?, note_of(note)?)?;
    Ok(json_answer(StatusCode::OK, &ShownRun::of(&run)))
}

pub(super) async fn throw_away(
    State(state): State<PlannerState>,
    Path(id): Path<String>,
) -> Result<Response, ApiRefusal> {
    state.queue.throw_away(&id_in_path(&id)?)?;
    Ok(json_answer(StatusCode::OK, &DoneAnswer { done: true }))
}

pub(super) async fn take_back(
    State(state): State<PlannerState>,
    Path(id): Path<String>,
) -> Result<Response, ApiRefusal> {
    let run = state.queue.take_back(&id_in_path(&id)?)?;
    Ok(json_answer(StatusCode::OK, &ShownRun::of(&run)))
}

/// Everything first, then what changes, until whoever watches leaves.
pub(super) async fn events(State(state): State<PlannerState>) -> Result<Response, ApiRefusal> {
    let events = state.queue.events.watch(state.queue.snapshot());
    let events = events.ok_or_else(|| {
        let message = "too many pages watch already: close some";
        ApiRefusal::new(StatusCode::SERVICE_UNAVAILABLE, message)
    })?;
    let mut signs = interval_at(Instant::now() + SIGN_OF_LIFE, SIGN_OF_LIFE);
    signs.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stream = Body::from_stream(EventStream { events, signs });
    Ok(([(CONTENT_TYPE, "text/event-stream")], stream).into_response())
}

/// How often a stream says that it is there: so that one whose other end is gone without a word ends.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

struct EventStream {
    events: mpsc::Receiver<RunEvent>,
    signs: Interval,
}

impl Stream for EventStream {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Poll::Ready(event) = self.events.poll_recv(context) {
            let text =
                event.map(|RunEvent { kind, data }| format!("event: {kind}\ndata: {data}\n\n"));
            return Poll::Ready(text.map(|text| Ok(Bytes::from(text))));
        }
        self.signs.poll_tick(context).map(|_| Some(Ok(Bytes::from_static(b":\n\n"))))
    }
}
