//! `report.html`: everything in one file that needs no network, no script to be complete, and no
//! trust in the names that come from a scenario. The template escapes every text; the content
//! security policy lets in one style and one script, both ours, by their hashes.

mod breakdown;
mod document;
mod figures;
mod frame;
mod goals;
mod intervals;
pub(super) mod method;
mod policy;
mod section;

use askama::Template;

pub(in crate::report) use self::document::{Document, Meaning, Told};
pub(in crate::report) use self::frame::Frame;
use self::goals::GoalsTable;
pub(in crate::report) use self::goals::badge_of_all;
use self::intervals::VariantTable;
pub(in crate::report) use self::method::cut_source;
use self::section::{Figure, Section};
use super::charts;
use super::day::Day;
use super::material::Material;
use super::picture::MOST_SERIES;
use super::table::Table;
use super::verdict::{Piece, Statement, verdict};

/// The page of a run.
///
/// # Errors
///
/// What cannot be drawn: a bug.
pub(super) fn page(material: &Material<'_>) -> Result<String, String> {
    let day = Day::new(material);
    let verdict = verdict(material);
    let sections = charts::sections(material, &day).into_iter().map(Section::new);
    let standings = charts::standings(material).into_iter().map(Figure::new);
    let page = Page {
        frame: Frame {
            kind: "report",
            name: material.name,
            question: material.question,
            facts: method::facts(material),
            alerts: method::alerts(material),
        },
        description: &material.background.description,
        headline: verdict.headline,
        gist: verdict.gist,
        statements: verdict.points.iter().map(|point| told(material, point)).collect(),
        goals: GoalsTable::new(material),
        standings: standings.collect::<Result<_, _>>()?,
        variants: material.variants.iter().map(|case| case.name).take(MOST_SERIES).collect(),
        hidden: material.variants.len().saturating_sub(MOST_SERIES),
        sections: sections.collect::<Result<_, _>>()?,
        intervals: intervals::tables(material, &day),
        intervals_note: intervals::note(material, &day),
        breakdowns: breakdown::tables(material),
        figures: figures::table(material),
        method: method::method(material),
        definitions: method::definitions(),
        notes: &material.notes,
        settings: &material.background.settings,
        source: cut_source(&material.background.source),
    };
    page.render().map_err(|error| error.to_string())
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    frame: Frame<'a>,
    description: &'a str,
    headline: Vec<Piece>,
    gist: Vec<Piece>,
    statements: Vec<Told>,
    goals: Option<GoalsTable>,
    standings: Vec<Figure>,
    /// Names of the variants that charts show.
    variants: Vec<&'a str>,
    /// How many more there are.
    hidden: usize,
    sections: Vec<Section>,
    intervals: Vec<VariantTable<'a>>,
    intervals_note: Vec<String>,
    breakdowns: Vec<Table>,
    figures: Table,
    method: Vec<Meaning>,
    definitions: Table,
    notes: &'a [String],
    settings: &'a [String],
    source: &'a str,
}

/// What there is to say about a variant.
fn told(material: &Material<'_>, statement: &Statement) -> Told {
    Told {
        colour: statement.variant.min(MOST_SERIES),
        name: material.variants[statement.variant].name.to_owned(),
        badge: statement.standing.map(badge_of_all),
        sentences: statement.sentences.clone(),
    }
}
