//! The page of a sweep: what it says, each measure over the keys, the trade, and all points.

use crate::report::charts::Section;
use crate::report::format::percent;
use crate::report::page::{Document, Explanation, PageFrame, html, method};
use crate::report::plot::Picture;
use crate::report::report_data::ReportData;
use crate::report::table::{ReportCell, ReportTable};

use crate::scenario::vary::Vary;

use super::study::SweepFigures;
use super::{sentences, sweep_charts};

/// The page, and all charts of it by themselves.
///
/// # Errors
///
/// What varies is no sweep.
pub(in crate::report) fn page(data: &ReportData<'_>) -> Result<(String, Vec<Picture>), String> {
    let study = SweepFigures::new(data)?;
    let charts = sweep_charts::measures(&study).into_iter().chain(sweep_charts::trade(&study));
    let page = html(&Document {
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
        sections: sections(&study),
        method: how(&study),
        notes: data.notes.clone(),
        source: &data.background.source,
        ..Document::default()
    });
    Ok((page, charts.map(|chart| chart.picture).collect()))
}

fn facts(study: &SweepFigures<'_>) -> Vec<String> {
    let keys = study.varies.iter().map(|vary| match vary.values.as_slice() {
        [only] => format!("{} {only}", vary.name()),
        [first, .., last] => format!("{} {first} to {last}", vary.name()),
        [] => vary.name(),
    });
    let points = format!("{} choices of values", study.points.len());
    let replications = match study.data.planned() {
        _ if let Some(interruption) = study.data.interruption() => {
            format!("{} each", interruption.count())
        }
        _ if study.data.batches => "one run each".to_owned(),
        1 => "1 replication each".to_owned(),
        count => format!("{count} replications each"),
    };
    let seed = format!("seed {}", study.data.seed);
    let version = format!("Shiftstorm {}", study.data.version);
    let variant = format!("variant {}", study.data.background.swept);
    keys.chain([variant, points, replications, seed, version]).collect()
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
    let lead_of_trade = "What a setting takes from agents against what it saves: each point with the \
                         intervals of both, a line from each value to the next.";
    let lead_of_points =
        "Every choice of values; a click on a head sorts. sweep.csv has all figures.";
    Section::shown([
        Section::new("measures", title, lead).charts(sweep_charts::measures(study)),
        Section::new("trade", "The trade", lead_of_trade).charts(sweep_charts::trade(study)),
        Section::new("points", "All choices of values", lead_of_points).tables([points(study)]),
    ])
}

/// A row a point.
fn points(study: &SweepFigures<'_>) -> ReportTable {
    let keys = study.varies.iter().map(Vary::name);
    let goals = (study.goals > 0).then(|| "goals".to_owned());
    let heads = keys.chain(study.measures.iter().map(sweep_charts::head)).chain(goals.clone());
    let level = percent(study.data.confidence());
    let mut table = ReportTable::new(format!("All choices of values; ±: {level} interval"), heads);
    for (at, point) in study.points.iter().enumerate() {
        let values = point.iter().map(|varied| ReportCell::text(&varied.value));
        let figures = study.measures.iter().map(|measure| measure.cell(at));
        let standing = study.badges[at].clone().map(ReportCell::from);
        let standing = goals.as_ref().map(|_| standing.unwrap_or(ReportCell::Nothing));
        table.push(None, values.chain(figures).chain(standing).collect());
    }
    table
}

fn how(study: &SweepFigures<'_>) -> Vec<Explanation> {
    let keys = study.varies.iter().map(Vary::name);
    let keys = Vec::from_iter(keys).join(" and ");
    let sweep = format!(
        "The variant {} was run once for every choice of values of {keys}, everything else as \
         written: each choice is a variant. Two of them are told apart here only if their intervals \
         have nothing in common, or, against the first, if the interval of their difference says so.",
        study.data.background.swept
    );
    let sweep = Explanation::new("Sweep", sweep);
    std::iter::once(sweep).chain(method::method(study.data)).collect()
}
