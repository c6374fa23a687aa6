//! The page of a sweep: what it says, each measure over the keys, the trade, and all points.

use crate::report::charts::Section;
use crate::report::format::{nothing, percent};
use crate::report::page::{Document, Explanation, PageFrame, badge_of_all, cut_source, method};
use crate::report::plot::Picture;
use crate::report::report_data::ReportData;
use crate::report::table::ReportTable;

use super::study::SweepFigures;
use super::{sentences, sweep_charts};

/// The page.
///
/// # Errors
///
/// What cannot be drawn: a bug.
pub(in crate::report) fn page(data: &ReportData<'_>) -> Result<String, String> {
    let study = SweepFigures::new(data)?;
    let document = Document {
        frame: PageFrame {
            kind: "sweep",
            name: data.name,
            question: data.question,
            facts: facts(&study),
            alerts: method::alerts(data),
        },
        headline: sentences::headline(&study),
        gist: sentences::gist(&study),
        statements: sentences::told(&study),
        variants: Vec::new(),
        sections: sections(&study),
        method: how(&study),
        notes: data.notes.clone(),
        source: cut_source(&data.background.source),
    };
    document.html()
}

/// All charts of the page, one by one.
pub(in crate::report) fn pictures(data: &ReportData<'_>) -> Vec<Picture> {
    // What is no sweep has no page either, which says why.
    let Ok(study) = SweepFigures::new(data) else { return Vec::new() };
    let charts = sweep_charts::measures(&study).into_iter().chain(sweep_charts::trade(&study));
    charts.map(|chart| chart.picture).collect()
}

fn facts(study: &SweepFigures<'_>) -> Vec<String> {
    let keys = study.varies.iter().map(|vary| match vary.values.as_slice() {
        [only] => format!("{} {only}", vary.key),
        [first, .., last] => format!("{} {first} to {last}", vary.key),
        [] => vary.key.clone(),
    });
    let points = format!("{} choices of values", study.points.len());
    let replications = match study.data.planned() {
        _ if study.data.batches => "one run each".to_owned(),
        1 => "1 replication each".to_owned(),
        count => format!("{count} replications each"),
    };
    let seed = format!("seed {}", study.data.seed);
    let version = format!("Shiftstorm {}", study.data.version);
    keys.chain([points, replications, seed, version]).collect()
}

fn sections(study: &SweepFigures<'_>) -> Vec<Section> {
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
    let measures = sweep_charts::measures(study);
    let trade = Vec::from_iter(sweep_charts::trade(study));
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
fn points(study: &SweepFigures<'_>) -> ReportTable {
    let keys = study.varies.iter().map(|vary| vary.key.clone());
    let goals = (study.goals > 0).then(|| "goals".to_owned());
    let heads = keys.chain(study.measures.iter().map(sweep_charts::head)).chain(goals.clone());
    let level = percent(study.data.confidence());
    let mut table = ReportTable::new(format!("All choices of values; ±: {level} interval"), heads);
    for (at, point) in study.points.iter().enumerate() {
        let values = point.iter().map(|setting| setting.value.clone());
        let figures = study.measures.iter().map(|measure| {
            let known = measure.points[at].as_ref();
            known.map_or_else(nothing, |known| sweep_charts::cell(measure, known, study))
        });
        let standing = study.standings[at].map(|standing| badge_of_all(standing).1.to_owned());
        let standing = goals.as_ref().map(|_| standing.unwrap_or_else(nothing));
        table.push(None, values.chain(figures).chain(standing).collect());
    }
    table
}

fn how(study: &SweepFigures<'_>) -> Vec<Explanation> {
    let keys = study.varies.iter().map(|vary| vary.key.as_str());
    let keys = Vec::from_iter(keys).join(" and ");
    let sweep = Explanation {
        word: "Sweep",
        text: format!(
            "The scenario was run once more for every choice of values of {keys}, everything else \
             as written: each choice is a variant. Two of them are told apart here only if their \
             intervals have nothing in common, or, against the first, if the interval of their \
             difference says so."
        ),
    };
    std::iter::once(sweep).chain(method::method(study.data)).collect()
}
