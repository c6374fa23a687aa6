//! The page of a calibration: the valley of pairs, and all that was tried.

use crate::experiment::calibration::REPLICATIONS;
use crate::report::charts::{
    Chart, ChartBuilder, CommonLines, LinePlace, LineSeries, LineValue, Section,
};
use crate::report::format::{grouped, percent};
use crate::report::page::{Document, Explanation, PageFrame, PageStatement, html};
use crate::report::plot::{Axis, Tick};
use crate::report::sentence::sentence;
use crate::report::table::{ReportCell, Standing};

use super::{CalibrationReport, factor, headline, notes, tried_table, valley_table};

/// The page.
pub fn page(report: &CalibrationReport<'_>) -> String {
    let (found, measured) = (report.found, &report.found.measured);
    let badge = match found.valley.is_empty() {
        true => (Standing::Bad, "not reproduced"),
        false => (Standing::Open, "several pairs"),
    };
    let told = notes(report).into_iter().map(|note| sentence!("{}", note));
    let lead = "Each factor of the work with the patience that reproduces the totals beside it.";
    let valley = Section::new("valley", "Pairs that reproduce the totals", lead);
    let valley = match found.valley.is_empty() {
        true => valley,
        false => valley.charts([chart(report)]).tables([valley_table(found)]),
    };
    let lead = "All pairs face the same consumers.";
    let tried = Section::new("tried", "Pairs that were tried", lead).tables([tried_table(found)]);
    html(&Document {
        frame: PageFrame {
            kind: "calibration",
            name: report.title.name,
            question: report.title.question,
            facts: vec![
                format!("variant {}", report.title.variant),
                format!("{} contacts", grouped(&format!("{:.0}", measured.offered))),
                format!("service level {}", percent(measured.service_level)),
                format!("abandoned {}", percent(measured.abandonment)),
                format!("{} pairs tried", found.tried.len()),
                format!("seed {}", report.seed),
                format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")),
            ],
            alerts: Vec::new(),
        },
        headline: sentence!("{}", headline(report)),
        statements: vec![PageStatement::new("What totals tell", Some(badge), told)],
        sections: Section::shown([valley, tried]),
        method: vec![
            Explanation::new(
                "Pairs",
                "All patience and all work of the scenario are multiplied by a factor each. For a few factors of \
                 the work the patience is looked for at which as many leave as in the table.",
            ),
            Explanation::new(
                "Reproduced",
                format!(
                    "Service level and abandonment of the table lie within what single replications of the pair \
                     do with 95 %, both together (Hotelling), from {REPLICATIONS} replications. Those who leave \
                     silently count as answered, as a platform sees them."
                ),
            ),
            Explanation::version(env!("CARGO_PKG_VERSION")),
        ],
        source: report.title.source,
        ..Document::default()
    })
}

fn chart(report: &CalibrationReport<'_>) -> Chart {
    let valley = &report.found.valley;
    let highest = valley.iter().map(|row| row.most_patience).fold(0.0, f64::max);
    let values = valley.iter().map(|row| {
        let (low, high) = (row.least_patience, row.most_patience);
        let up = libm::sqrt(low * high);
        Some(LineValue { up, band: Some([low, high]), cell: ReportCell::text(factor(up)) })
    });
    let places = valley
        .iter()
        .map(|row| LinePlace { name: ReportCell::text(factor(row.work)), across: row.work });
    let (first, last) = (valley[0].work, valley[valley.len() - 1].work);
    let room = ((last - first) * 0.05).max(0.01);
    let ticks = valley.iter().map(|row| Tick { at: row.work, text: factor(row.work) });
    let name = "patience".to_owned();
    let series = LineSeries {
        head: "factor of patience".into(),
        name,
        colour: 0,
        variant: None,
        values: values.collect(),
    };
    let of = CommonLines {
        caption: "Pairs that reproduce the totals".into(),
        head: "work".into(),
        x: Axis::new("factor of the work", first - room, last + room, ticks),
        y: Axis::amount("factor of patience", highest, 1.0),
        marks: Vec::new(),
        places: places.collect(),
        series: vec![series],
    };
    let chart = ChartBuilder::new("valley", "Patience that goes with the work");
    chart.about("All pairs within the band reproduce the totals.").lines(of)
}
