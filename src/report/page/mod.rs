//! `report.html`: everything in one file that needs no network, no script to be complete, and no
//! trust in the names that come from a scenario. The template escapes every text; the content
//! security policy lets in one style and one script, both ours, by their hashes.

mod breakdown;
mod document;
mod figures_table;
mod frame;
mod goals_table;
mod intervals_table;
pub(super) mod method;
mod policy;
mod section;

use askama::Template;

pub(in crate::report) use self::document::{Document, Explanation, PageStatement};
pub(in crate::report) use self::frame::PageFrame;
use self::goals_table::GoalsTable;
pub(in crate::report) use self::goals_table::badge_of_all;
use self::intervals_table::VariantTable;
pub(in crate::report) use self::method::cut_source;
use self::section::{DrawnChart, DrawnSection};
use super::charts;
use super::day::Day;
use super::plot::MOST_SERIES;
use super::report_data::ReportData;
use super::sentence::{Piece, Sentence};
use super::table::ReportTable;
use super::verdict::{VariantStatement, verdict};

/// The page of a run.
///
/// # Errors
///
/// What cannot be drawn: a bug.
pub(super) fn page(data: &ReportData<'_>) -> Result<String, String> {
    let day = Day::new(data);
    let verdict = verdict(data);
    let sections = charts::sections(data, &day).into_iter().map(DrawnSection::new);
    let standings = charts::standings(data).into_iter().map(DrawnChart::new);
    let page = RunTemplate {
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
        goals: GoalsTable::new(data),
        standings: standings.collect::<Result<_, _>>()?,
        variants: data.variants.iter().map(|case| case.name).take(MOST_SERIES).collect(),
        hidden: data.variants.len().saturating_sub(MOST_SERIES),
        sections: sections.collect::<Result<_, _>>()?,
        intervals: intervals_table::tables(data, &day),
        intervals_note: intervals_table::note(data, &day),
        breakdowns: breakdown::tables(data),
        figures: figures_table::table(data),
        method: method::method(data),
        definitions: method::definitions(),
        notes: &data.notes,
        settings: &data.background.settings,
        source: cut_source(&data.background.source),
    };
    page.render().map_err(|error| error.to_string())
}

#[derive(Template)]
#[template(path = "page.html")]
struct RunTemplate<'a> {
    frame: PageFrame<'a>,
    description: &'a str,
    headline: Sentence,
    gist: Sentence,
    statements: Vec<PageStatement>,
    goals: Option<GoalsTable>,
    standings: Vec<DrawnChart>,
    /// Names of the variants that charts show.
    variants: Vec<&'a str>,
    /// How many more there are.
    hidden: usize,
    sections: Vec<DrawnSection>,
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
        badge: statement.standing.map(badge_of_all),
        sentences: statement.sentences.clone(),
    }
}
