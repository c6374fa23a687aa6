//! Files of reports, from a fixed list. A report is not trusted: it runs apart from our page.

use std::fs;
use std::path::PathBuf;

use axum::extract::{Path, State};
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use crate::report::comparison::{ComparedReport, ComparisonOptions, compare};
use crate::report::folder_lock::FolderLock;

use super::api_refusal::ApiRefusal;
use super::api_runs::id_in_path;
use super::planner_state::PlannerState;

/// A file of a run, as an address names it.
#[derive(Deserialize)]
pub(super) struct FileInPath {
    id: String,
    file: String,
}

/// Two runs, as an address names them.
#[derive(Deserialize)]
pub(super) struct PairInPath {
    base: String,
    other: String,
}

/// A file of a report that may be had.
pub(super) struct OfferedFile {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    kind: &'static str,
}

const fn offered(name: &'static str, about: &'static str, kind: &'static str) -> OfferedFile {
    OfferedFile { name, about, kind }
}

const CSV: &str = "text/csv; charset=utf-8";
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The files that may be had.
pub(super) const OFFERED: [OfferedFile; 14] = [
    offered(PAGE, "everything on one page", "text/html; charset=utf-8"),
    offered("results.xlsx", "for spreadsheets, with charts", WORKBOOK),
    offered("summary.txt", "as a terminal shows it", "text/plain; charset=utf-8"),
    offered("summary.json", "all figures, for programs", "application/json"),
    offered("figures.csv", "figures with intervals", CSV),
    offered("goals.csv", "goals and whether they are met", CSV),
    offered("intervals.csv", "by interval of the day", CSV),
    offered("days.csv", "by day", CSV),
    offered("agents.csv", "by agent", CSV),
    offered("skills.csv", "by skill", CSV),
    offered("groups.csv", "by group of agents", CSV),
    offered("percentiles.csv", "waits", CSV),
    offered("replications.csv", "each replication", CSV),
    offered("columns.csv", "what the columns mean", CSV),
];

const PAGE: &str = "report.html";

/// A page of ours that shows names of others runs without our origin: it can ask this server nothing.
const APART: &str = "sandbox allow-scripts allow-downloads allow-modals; frame-ancestors 'self'";

/// The report folder of a run, and nobody writes it as long as the lock is held.
fn report_of(state: &PlannerState, id: &str) -> Result<(PathBuf, Option<FolderLock>), ApiRefusal> {
    let id = id_in_path(id)?;
    let run = state.queue.run(&id)?;
    let folder = state.project.path().join(run.report_folder());
    let busy = |_| ApiRefusal::new(StatusCode::CONFLICT, format!("run {id} is being written"));
    let lock = FolderLock::to_read(&folder).map_err(busy)?;
    Ok((folder, lock))
}

pub(super) async fn file(
    State(state): State<PlannerState>,
    Path(FileInPath { id, file }): Path<FileInPath>,
) -> Result<Response, ApiRefusal> {
    let found = OFFERED.iter().find(|it| it.name == file);
    let found = found.ok_or_else(|| ApiRefusal::missing("file of this name to be had"))?;
    let (folder, _lock) = report_of(&state, &id)?;
    let path = state.project.file_inside(&folder.join(found.name));
    let path = path.map_err(|_| ApiRefusal::missing(format!("{} in this report", found.name)))?;
    let bytes = fs::read(path).map_err(|error| ApiRefusal::disk("read the file", &error))?;
    if found.name == PAGE {
        return Ok(apart(bytes));
    }
    let named = format!("attachment; filename=\"{id}-{}\"", found.name);
    Ok(([(CONTENT_TYPE, found.kind.to_owned()), (CONTENT_DISPOSITION, named)], bytes)
        .into_response())
}

pub(super) async fn comparison(
    State(state): State<PlannerState>,
    Path(PairInPath { base, other }): Path<PairInPath>,
) -> Result<Response, ApiRefusal> {
    let page = state.apart(move |state| compared(&state, &base, &other)).await??;
    Ok(apart(page.into_bytes()))
}

fn compared(state: &PlannerState, base: &str, other: &str) -> Result<String, ApiRefusal> {
    let (base, _base_lock) = report_of(state, base)?;
    let (other, _other_lock) = report_of(state, other)?;
    let read = |folder: &PathBuf| ComparedReport::read(folder).map_err(ApiRefusal::wrong);
    let (base, other) = (read(&base)?, read(&other)?);
    let how = ComparisonOptions { only: None, confidence: 0.95 };
    Ok(compare(&base, &other, &how).html())
}

/// A page that is shown in a frame and has nothing to do with ours.
fn apart(bytes: Vec<u8>) -> Response {
    let mut response = ([(CONTENT_TYPE, "text/html; charset=utf-8")], bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(APART));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}
