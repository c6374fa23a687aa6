//! The parts of the page put together.

use crate::report::charts::Section;
use crate::report::format::{number, plural, seconds};
use crate::report::page::{Document, PageFrame, html};
use crate::report::start_time::rfc3339;
use crate::report::stress::run_report::StressReport;
use crate::report::stress::{run_notes, run_tables, thresholds};
use crate::stress::{StressResults, ThresholdVerdict};

use super::{distributions, over_time, run_method, run_verdict};

/// The page.
pub(crate) fn page(report: &StressReport<'_>) -> String {
    let results = report.results;
    let verdict = run_verdict::verdict(results);
    html(&Document {
        frame: PageFrame {
            kind: "stress run",
            name: report.title.name,
            question: report.title.question,
            facts: facts(report),
            alerts: alerts(results),
        },
        headline: verdict.headline,
        gist: verdict.gist,
        statements: verdict.cards,
        sections: sections(results),
        method: run_method::method(report),
        notes: run_method::notes(report),
        source: report.title.source,
        ..Document::default()
    })
}

/// What stands under the title.
fn facts(report: &StressReport<'_>) -> Vec<String> {
    let StressResults { settings, started, shards, length, seed, .. } = report.results;
    let mut facts = vec![
        format!("variant {}", report.title.variant),
        format!("{} on the wall clock", seconds(length.as_secs_f64())),
        format!("started {}", rfc3339(started)),
        plural(u64::from(*shards), "shard"),
        format!("{} model", report.results.model()),
        format!("seed {seed}"),
        format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")),
    ];
    if settings.speed != 1.0 {
        facts.insert(2, format!("{} times as fast as the clock", number(settings.speed)));
    }
    facts
}

/// What must not be overlooked.
fn alerts(results: &StressResults) -> Vec<String> {
    let mut alerts = Vec::new();
    if !results.is_valid() {
        alerts.push(
            "this run is invalid. What stands below is what was measured, but it says as much about \
             the load generator as about the system."
                .to_owned(),
        );
    }
    if results.interrupted {
        let text = "this run was interrupted: the figures are those of the part that was run.";
        alerts.push(text.to_owned());
    }
    alerts.extend(run_notes::warnings(results));
    alerts
}

fn sections(results: &StressResults) -> Vec<Section> {
    let lead = "What the run must come to, and what was measured.";
    let thresholds = Section::new("thresholds", "Thresholds", lead)
        .tables(thresholds::table(results, ThresholdVerdict::name));
    let stages = Some(run_tables::stages(results)).filter(|table| table.rows.len() > 1);
    let faults = Some(run_tables::faults(results)).filter(|table| !table.rows.is_empty());
    let messages = Section::new(
        "messages",
        "Messages",
        "Every message is counted where something becomes of it: sent = handled + queued at the end \
         + refused + dead. Of the arrivals, scheduled = opened + started, whose first message was not \
         handled at the end, + waiting for the router + refused + lost. Were one missing or doubled, \
         there would be no report.",
    )
    .tables([
        run_tables::arrivals(results),
        run_tables::messages(results),
        run_tables::load(results),
    ]);
    Section::shown([
        thresholds,
        over_time::section(results).tables(stages),
        distributions::section(results),
        Section::new("faults", "Faults", run_tables::recovered(results)).tables(faults),
        messages,
    ])
}
