//! `report.html`: everything in one file that needs no network, no script to be complete, and no
//! trust in the names that come from a scenario. The template escapes every text; the content
//! security policy lets in one style and one script, both ours, by their hashes.

mod breakdown;
mod figures;
mod goals;
mod intervals;
mod method;
mod policy;

use askama::Template;

use self::goals::GoalsTable;
use self::intervals::VariantTable;
use self::method::Meaning;
use super::charts::{self, Chart};
use super::day::Day;
use super::material::Material;
use super::picture::{Key, Look, MOST_SERIES};
use super::table::Table;
use super::verdict::{Piece, Statement, verdict};

/// The page.
///
/// # Errors
///
/// What cannot be drawn: a bug.
pub(super) fn page(material: &Material<'_>) -> Result<String, String> {
    let day = Day::new(material);
    let verdict = verdict(material);
    let sections = charts::sections(material, &day).into_iter().map(|section| {
        let figures = section.charts.into_iter().map(Figure::new);
        let figures = figures.collect::<Result<_, String>>()?;
        Ok(Section { id: section.id, title: section.title, lead: section.lead, figures })
    });
    let standings = charts::standings(material).into_iter().map(Figure::new);
    let page = Page {
        policy: policy::policy(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
        name: material.name,
        question: material.question,
        description: &material.background.description,
        facts: method::facts(material),
        alerts: method::alerts(material),
        headline: verdict.headline,
        gist: verdict.gist,
        statements: verdict.points.iter().map(|point| Told::new(material, point)).collect(),
        goals: GoalsTable::new(material),
        standings: standings.collect::<Result<_, _>>()?,
        variants: material.variants.iter().map(|case| case.name).take(MOST_SERIES).collect(),
        hidden: material.variants.len().saturating_sub(MOST_SERIES),
        sections: sections.collect::<Result<_, String>>()?,
        intervals: intervals::tables(material, &day),
        intervals_note: intervals::note(material, &day),
        breakdowns: breakdown::tables(material),
        figures: figures::table(material),
        method: method::method(material),
        definitions: method::definitions(),
        notes: &material.notes,
        settings: &material.background.settings,
        source: method::cut_source(&material.background.source),
    };
    page.render().map_err(|error| error.to_string())
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    policy: String,
    style: &'static str,
    script: &'static str,
    name: &'a str,
    question: &'a str,
    description: &'a str,
    /// Under the title.
    facts: Vec<String>,
    /// What must not be overlooked.
    alerts: Vec<String>,
    headline: Vec<Piece>,
    gist: Vec<Piece>,
    statements: Vec<Told<'a>>,
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

/// Charts about one thing.
struct Section {
    id: &'static str,
    title: &'static str,
    lead: String,
    figures: Vec<Figure>,
}

/// A chart in two widths, with the table behind it.
struct Figure {
    name: String,
    title: String,
    keys: Vec<Key>,
    wide: String,
    narrow: String,
    table: Table,
}

impl Figure {
    fn new(chart: Chart) -> Result<Self, String> {
        let Chart { picture, table } = chart;
        let (wide, narrow) = (picture.markup(Look::Wide)?, picture.markup(Look::Narrow)?);
        Ok(Self {
            name: picture.name,
            title: picture.title,
            keys: picture.keys,
            wide,
            narrow,
            table,
        })
    }
}

/// What there is to say about a variant.
struct Told<'a> {
    variant: usize,
    name: &'a str,
    /// Class and word, if there are goals.
    badge: Option<(&'static str, &'static str)>,
    sentences: Vec<Vec<Piece>>,
}

impl<'a> Told<'a> {
    fn new(material: &Material<'a>, statement: &Statement) -> Self {
        Self {
            variant: statement.variant.min(MOST_SERIES),
            name: material.variants[statement.variant].name,
            badge: statement.standing.map(goals::badge_of_all),
            sentences: statement.sentences.clone(),
        }
    }
}

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
