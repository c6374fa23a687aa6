//! `report.html`: everything in one file that needs no network, no script to be complete, and no
//! trust in the names that come from a scenario. The template escapes every text; the content
//! security policy lets in one style and one script, both ours, by their hashes.

mod breakdown;
mod document;
mod frame;
mod goals_table;
mod intervals_table;
pub(super) mod method;

use askama::Template;

pub(in crate::report) use self::document::{Document, Explanation, PageStatement, html};
pub(in crate::report) use self::frame::PageFrame;
pub use self::frame::STYLE;
use self::goals_table::GoalRow;
use self::intervals_table::VariantTable;
pub(in crate::report) use self::method::cut_source;
use super::charts::{self, Chart, Section};
use super::day::Day;
use super::goals::GoalStanding;
use super::plot::MOST_SERIES;
use super::report_data::ReportData;
use super::sentence::{Piece, Sentence};
use super::summary_rows::SummaryRows;
use super::table::ReportTable;
use super::verdict::{VariantStatement, verdict};

/// The page of a run.
pub(super) fn page(data: &ReportData<'_>) -> String {
    let day = Day::new(data);
    let verdict = verdict(data);
    html(&RunTemplate {
        frame: PageFrame {
            kind: "report",
            name: data.name,
            question: data.question,
            facts: method::facts(data),
            alerts: method::alerts(data),
        },
        description: &data.background.description,
        headline: verdict.headline,
        gist: verdict.gist,
        statements: verdict.points.iter().map(|point| told(data, point)).collect(),
        goals: goals_table::rows(data),
        standings: charts::standings(data),
        variants: data.variants.iter().map(|case| case.name).collect(),
        sections: charts::sections(data, &day),
        intervals: intervals_table::tables(data, &day),
        intervals_note: intervals_table::note(data, &day),
        breakdowns: breakdown::tables(data),
        figures: figures(data),
        method: method::method(data),
        definitions: method::definitions(),
        notes: &data.notes,
        settings: &data.background.settings,
        source: &data.background.source,
    })
}

#[derive(Template)]
#[template(path = "page.html")]
struct RunTemplate<'a> {
    frame: PageFrame<'a>,
    description: &'a str,
    headline: Sentence,
    gist: Sentence,
    statements: Vec<PageStatement>,
    goals: Vec<GoalRow>,
    standings: Vec<Chart>,
    /// Names of all variants.
    variants: Vec<&'a str>,
    sections: Vec<Section>,
    intervals: Vec<VariantTable<'a>>,
    intervals_note: Vec<String>,
    breakdowns: Vec<ReportTable>,
    figures: ReportTable,
    method: Vec<Explanation>,
    definitions: ReportTable,
    notes: &'a [String],
    settings: &'a [String],
    source: &'a str,
}

/// What there is to say about a variant.
fn told(data: &ReportData<'_>, statement: &VariantStatement) -> PageStatement {
    PageStatement {
        colour: statement.variant.min(MOST_SERIES),
        name: data.variants[statement.variant].name.to_owned(),
        badge: GoalStanding::badge_of_all(&statement.standings),
        sentences: statement.sentences.clone(),
    }
}

/// All figures of all variants side by side, as on the terminal.
fn figures(data: &ReportData<'_>) -> ReportTable {
    let variants = Vec::from_iter(data.variants.iter().filter(|case| case.outcome.is_some()));
    let heads = std::iter::once("figure").chain(variants.iter().map(|case| case.name));
    let mut table = ReportTable::new("All figures, means of one run", heads).spoken();
    SummaryRows { variants, rule: data.rule }.figures(&mut table);
    table
}
