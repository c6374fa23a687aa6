//! The pages: made here, with the style of a report and one script of their own.

mod compare_page;
mod project_pages;
mod run_pages;
mod what_if_page;

use askama::Template;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;

use crate::report::PAGE_STYLE;

use super::api_refusal::ApiRefusal;
use super::planner_state::PlannerState;
use super::report_files;

/// What every page has.
struct PlannerFrame {
    /// Which one, for the script.
    page: &'static str,
    title: String,
    lead: &'static str,
    /// Name of the folder.
    project: String,
}

impl PlannerFrame {
    fn new(state: &PlannerState, page: &'static str, title: impl Into<String>) -> Self {
        let folder = state.project.path().file_name().unwrap_or_default();
        let project = folder.to_string_lossy().into_owned();
        Self { page, title: title.into(), lead: "", project }
    }

    fn lead(self, lead: &'static str) -> Self {
        Self { lead, ..self }
    }
}

/// The routes of the pages.
pub(super) fn routes() -> Router<PlannerState> {
    Router::new()
        .route("/", get(project_pages::home))
        .route("/s/{name}", get(project_pages::editor))
        .route("/s/{name}/what-if", get(what_if_page::page))
        .route("/r/{id}", get(run_pages::run))
        .route("/history", get(run_pages::history))
        .route("/compare", get(compare_page::page))
        .route("/compare/{base}/{other}", get(report_files::comparison))
        .route("/page.css", get(style))
        .route("/page.js", get(script))
}

async fn style() -> Response {
    let style = format!("{PAGE_STYLE}\n{}", include_str!("planner.css"));
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], style).into_response()
}

async fn script() -> Response {
    let kind = "text/javascript; charset=utf-8";
    ([(CONTENT_TYPE, kind)], include_str!("planner.js")).into_response()
}

fn shown(page: &impl Template) -> Result<Response, ApiRefusal> {
    let text = page.render();
    let text = text.unwrap_or_else(|error| unreachable!("a text can be written: {error}"));
    Ok(Html(text).into_response())
}
