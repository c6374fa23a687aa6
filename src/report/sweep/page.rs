//! The page of a sweep: what it says, each measure over the keys, the trade, and all points.

use crate::report::charts::Section;
use crate::report::grid::nothing;
use crate::report::layout::percent;
use crate::report::material::Material;
use crate::report::page::{Document, Frame, Meaning, badge_of_all, cut_source, method};
use crate::report::picture::Picture;
use crate::report::table::Table;

use super::study::Study;
use super::{charts, verdict};

/// The page.
///
/// # Errors
///
/// What cannot be drawn: a bug.
pub(in crate::report) fn page(material: &Material<'_>) -> Result<String, String> {
    let study = Study::new(material)?;
    let document = Document {
        frame: Frame {
            kind: "sweep",
            name: material.name,
            question: material.question,
            facts: facts(&study),
            alerts: method::alerts(material),
        },
        headline: verdict::headline(&study),
        gist: verdict::gist(&study),
        statements: verdict::told(&study),
        variants: Vec::new(),
        sections: sections(&study),
        method: how(&study),
        notes: material.notes.clone(),
        source: cut_source(&material.background.source),
    };
    document.html()
}

/// All charts of the page, one by one.
pub(in crate::report) fn pictures(material: &Material<'_>) -> Vec<Picture> {
    // What is no sweep has no page either, which says why.
    let Ok(study) = Study::new(material) else { return Vec::new() };
    let charts = charts::measures(&study).into_iter().chain(charts::trade(&study));
    charts.map(|chart| chart.picture).collect()
}

fn facts(study: &Study<'_>) -> Vec<String> {
    let keys = study.varies.iter().map(|vary| match vary.values.as_slice() {
        [only] => format!("{} {only}", vary.key),
        [first, .., last] => format!("{} {first} to {last}", vary.key),
        [] => vary.key.clone(),
    });
    let points = format!("{} choices of values", study.points.len());
    let replications = match study.material.replications.1 {
        _ if study.material.batches => "one run each".to_owned(),
        1 => "1 replication each".to_owned(),
        count => format!("{count} replications each"),
    };
    let seed = format!("seed {}", study.material.seed);
    let version = format!("Shiftstorm {}", study.material.version);
    keys.chain([points, replications, seed, version]).collect()
}

fn sections(study: &Study<'_>) -> Vec<Section> {
    let (title, lead) = match study.varies.len() {
        1 => (
            "Over the key",
            "Each figure over the values of the key; the band is its interval, the dashed line a goal.",
        ),
        _ => (
            "Over both keys",
            "Each figure over the values of both keys: the darker, or in a dark page the brighter, \
             the more; ✓ is sure to meet its goal. The numbers have the intervals.",
        ),
    };
    let measures = charts::measures(study);
    let trade = Vec::from_iter(charts::trade(study));
    let section = |id, title, lead: &str, charts, tables| Section {
        id,
        title,
        lead: lead.to_owned(),
        charts,
        tables,
    };
    let lead_of_trade = "What a setting takes from agents against what it saves: each point with the \
                         intervals of both, a line from each value to the next.";
    let lead_of_points =
        "Every choice of values; a click on a head sorts. sweep.csv has all figures.";
    let sections = [
        section("measures", title, lead, measures, Vec::new()),
        section("trade", "The trade", lead_of_trade, trade, Vec::new()),
        section("points", "All choices of values", lead_of_points, Vec::new(), vec![points(study)]),
    ];
    let told = |section: &Section| !section.charts.is_empty() || !section.tables.is_empty();
    sections.into_iter().filter(told).collect()
}

/// A row a point.
fn points(study: &Study<'_>) -> Table {
    let keys = study.varies.iter().map(|vary| vary.key.clone());
    let goals = (study.goals > 0).then(|| "goals".to_owned());
    let heads = keys.chain(study.measures.iter().map(charts::head)).chain(goals.clone());
    let level = percent(study.material.confidence());
    let mut table = Table::new(format!("All choices of values; ±: {level} interval"), heads);
    for (at, point) in study.points.iter().enumerate() {
        let values = point.iter().map(|setting| setting.value.clone());
        let figures = study.measures.iter().map(|measure| {
            let known = measure.points[at].as_ref();
            known.map_or_else(nothing, |known| charts::cell(measure, known, study))
        });
        let standing = study.standings[at].map(|standing| badge_of_all(standing).1.to_owned());
        let standing = goals.as_ref().map(|_| standing.unwrap_or_else(nothing));
        table.push(None, values.chain(figures).chain(standing).collect());
    }
    table
}

fn how(study: &Study<'_>) -> Vec<Meaning> {
    let keys = study.varies.iter().map(|vary| vary.key.as_str());
    let keys = Vec::from_iter(keys).join(" and ");
    let sweep = Meaning {
        word: "Sweep",
        text: format!(
            "The scenario was run once more for every choice of values of {keys}, everything else \
             as written: each choice is a variant. Two of them are told apart here only if their \
             intervals have nothing in common, or, against the first, if the interval of their \
             difference says so."
        ),
    };
    std::iter::once(sweep).chain(method::method(study.material)).collect()
}
