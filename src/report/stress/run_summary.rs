//! The summary of a wall-clock run on the terminal: at most 80 columns.

use std::fmt::Write as _;

use super::run_report::StressReport;
use super::run_words::QUANTILES;
use super::{run_notes, run_tables, thresholds};
use crate::ledger::definitions::find;
use crate::report::format::{number, plural, seconds};
use crate::report::run_title::heading as heading_of;
use crate::report::start_time::rfc3339;
use crate::report::table::{NumberUnit, ReportCell, ReportColumn, labelled};
use crate::report::terminal::wrapped;
use crate::stress::StressResults;

/// The summary.
pub fn summary(report: &StressReport<'_>) -> String {
    let results = report.results;
    let parts = [
        heading(report),
        thresholds::text(results),
        run_tables::load(results).text(),
        stages(results),
        faults(results),
        run_tables::timings(results).text(),
        scenario_time(results),
        run_tables::arrivals(results).text(),
        run_tables::messages(results).text(),
        machine(results),
    ];
    let parts = Vec::from_iter(parts.into_iter().filter(|part| !part.is_empty()));
    parts.join("\n")
}

fn heading(report: &StressReport<'_>) -> String {
    let StressResults { settings, shards, closed, length, .. } = report.results;
    let mut text = heading_of(report.title.name, report.title.question);
    let speed = match settings.speed {
        1.0 => String::new(),
        speed => format!(", {} times as fast as the clock", number(speed)),
    };
    let shards = plural(u64::from(*shards), "shard");
    let length = seconds(length.as_secs_f64());
    let line = format!(
        "Wall clock: variant {}, {length}, {shards}, seed {}{speed}",
        report.title.variant, report.results.seed
    );
    let _ = writeln!(text, "{}", wrapped(&line, 2));
    let _ = writeln!(text, "Started {}.", rfc3339(&report.results.started));
    let model = match closed {
        true => {
            "Closed model: the population waits for the system, so latencies say less than \
                 those of an open model."
        }
        false => {
            "Open model: arrivals are sent at their scheduled instants, whatever becomes of \
                  those before."
        }
    };
    let _ = writeln!(text, "{}", wrapped(model, 2));
    let results = report.results;
    for note in run_notes::of_ending(results).into_iter().chain(run_notes::warnings(results)) {
        let _ = writeln!(text, "{}", wrapped(&note, 2));
    }
    text
}

/// What came of each stage; nothing without several.
fn stages(results: &StressResults) -> String {
    let mut table = run_tables::stages(results);
    let more = table.rows.len().saturating_sub(MOST_STAGES);
    table.rows.truncate(MOST_STAGES);
    match (table.rows.len(), more) {
        (0 | 1, _) => String::new(),
        (_, 0) => table.text(),
        _ => format!("{}and {more} more stages, which are in stress.json\n", table.text()),
    }
}

/// What came of each fault; nothing without any.
fn faults(results: &StressResults) -> String {
    if results.recoveries.is_empty() {
        return String::new();
    }
    let definition = format!("{} No rule was broken.", run_tables::recovered(results));
    format!("{}{}\n", run_tables::faults(results).text(), wrapped(&definition, 2))
}

fn scenario_time(results: &StressResults) -> String {
    let outcome = &results.outcome;
    let heads = ["half", "90 %", "99 %", "99.9 %", "longest"];
    let title = "In the time of the scenario";
    let mut table = run_tables::table("", [title; 2], heads.map(ReportColumn::new));
    for of in outcome.times.all().iter().filter(|of| SCENARIO_TIMES.contains(&of.name)) {
        let Some(longest) = of.durations.longest() else { continue };
        let quantiles = QUANTILES.iter().filter_map(|&quantile| of.durations.quantile(quantile));
        let all = quantiles.chain([longest.as_secs_f64()]).map(ReportCell::seconds);
        table.push(None, labelled(of.label, all));
    }
    for figure in ["service_level", "abandonment"].into_iter().filter_map(find) {
        if let Some(share) = (figure.value)(outcome) {
            table.push(None, labelled(figure.label, [ReportCell::share(share)]));
        }
    }
    table.text()
}

fn machine(results: &StressResults) -> String {
    let memory = &results.memory;
    let mut table = run_tables::table("", ["Memory"; 2], [ReportColumn::default()]);
    for (label, bytes) in [
        ("process before the load", memory.before.map(|bytes| bytes as f64)),
        ("process at most", memory.most.map(|bytes| bytes as f64)),
        ("a live conversation", memory.per_conversation()),
        ("a timer", memory.per_timer()),
    ] {
        if bytes.is_some() {
            table.push(None, labelled(label, [ReportCell::number(bytes, NumberUnit::Memory)]));
        }
    }
    for (label, count) in
        [("live conversations at most", memory.live), ("timers at most", memory.timers)]
    {
        table.push(None, labelled(label, [ReportCell::Count(count)]));
    }
    table.text()
}

/// Stages that are shown.
const MOST_STAGES: usize = 12;
/// What is shown in the time of the scenario.
const SCENARIO_TIMES: [&str; 4] = ["first_response", "queue", "next_owner", "removal_delay"];
