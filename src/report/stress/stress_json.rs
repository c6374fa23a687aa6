//! `stress.json`: everything that a wall-clock run came to; times in seconds, memory in bytes.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use super::run_report::StressReport;
use super::stress_blocks::blocks;
use super::thresholds;
use crate::ledger::definitions::{FIGURES, Parts};
use crate::report::json_file::{FileHead, ScenarioTitle};
use crate::report::start_time::rfc3339;
use crate::stress::{
    Account, ArrivalAccount, Count, Mailbox, MemoryUse, Recovery, StageResult, StressResults,
    Timing, TimingResult,
};

/// Name of the file.
pub(super) const MAIN: &str = "stress.json";

/// Version of the form of `stress.json`.
pub(super) const SCHEMA: &str = "shiftstorm/stress/1";

#[derive(Serialize)]
pub(super) struct SavedStressRun {
    #[serde(flatten)]
    head: FileHead<ScenarioTitle>,
    #[serde(flatten)]
    run: Json,
    #[serde(flatten)]
    measures: Json,
    definitions: Json,
    /// On one line: it is for machines.
    outcome: Box<RawValue>,
    /// All that the page shows, on one line, for Shiftstorm itself.
    page: Box<RawValue>,
}

/// What the page of a run is made of, apart from what else stands in the file.
#[derive(Serialize)]
pub(super) struct PageParts<'a> {
    pub(super) source: &'a str,
    pub(super) results: &'a StressResults,
}

/// What comes into `stress.json`.
pub(super) fn saved(report: &StressReport<'_>) -> io::Result<SavedStressRun> {
    let results = report.results;
    let figures = FIGURES.iter();
    let definitions = json!({
        "counts": BTreeMap::from(Count::ALL.map(|count| (count.name(), count.text()))),
        "timings": BTreeMap::from(Timing::ALL.map(|timing| (timing.name(), timing.text()))),
        "figures": BTreeMap::from_iter(figures.map(|figure| (figure.name, figure.text))),
    });
    Ok(SavedStressRun {
        head: FileHead::new(SCHEMA, ScenarioTitle::new(report.title.name, report.title.question)),
        run: run(report),
        measures: measures(results),
        definitions,
        outcome: serde_json::value::to_raw_value(&results.outcome)?,
        page: serde_json::value::to_raw_value(&PageParts { source: report.title.source, results })?,
    })
}

fn run(report: &StressReport<'_>) -> Json {
    let (results, settings) = (report.results, &report.results.settings);
    let messages = Mailbox::ALL.map(|it| (it.name(), account(results.account(it))));
    let figures = FIGURES
        .iter()
        .map(|figure| (figure.name, figure.parts(&results.outcome).and_then(Parts::quotient)));
    json!({
        "variant": report.title.variant,
        "seed": results.seed,
        // By the clock on the wall, RFC 3339.
        "started": rfc3339(&results.started),
        "model": results.model(),
        "speed": settings.speed,
        "shards": results.shards,
        "mailbox": settings.mailbox,
        // Seconds that the load was to last and did; rates are over these.
        "load": settings.load().as_secs_f64(),
        "loaded": results.load.as_secs_f64(),
        "length": results.length.as_secs_f64(),
        "complete": !results.interrupted,
        // Whether the load generator kept up.
        "valid": results.is_valid(),
        "late_after": settings.late_after.as_secs_f64(),
        "calm": settings.calm.as_secs_f64(),
        "stages": Vec::from_iter(results.stages().map(stage)),
        "arrivals": arrivals(&results.arrivals),
        "messages": BTreeMap::from(messages),
        "memory": memory(&results.memory),
        // Keys that were set from outside.
        "settings": report.settings,
        // Timer operations a second of the machine's bare wheel.
        "yardstick": report.yardstick,
        // Rates a second, shares and seconds of stretches of ten seconds, to compare runs by.
        "blocks": blocks(results),
        // Of the scenario, in its own time, all shards together.
        "figures": BTreeMap::from_iter(figures),
    })
}

/// What was measured, of a run and of a case of the suite.
pub(super) fn measures(results: &StressResults) -> Json {
    let figures = &results.figures;
    let timings = Timing::ALL.map(|it| (it.name(), timing(&results.timing(it))));
    json!({
        "faults": Vec::from_iter(results.recoveries.iter().map(fault)),
        "thresholds": thresholds::saved(results),
        "counts": BTreeMap::from(Count::ALL.map(|count| (count.name(), figures.count(count)))),
        "timings": BTreeMap::from(timings),
        // A second, while the load lasted.
        "rates": BTreeMap::from(Count::ALL.map(|count| (count.name(), results.rate(count)))),
    })
}

fn stage(StageResult { stage, figures, length }: StageResult<'_>) -> Json {
    let timings = Timing::ALL.into_iter();
    let timings = timings.filter_map(|it| Some((it.name(), timing(&figures.timing(it)?))));
    json!({
        "name": stage.name,
        "length": stage.length.as_secs_f64(),
        "from": stage.from,
        "to": stage.to,
        // Seconds of it that were run: rates are over these.
        "loaded": length.as_secs_f64(),
        "counts": BTreeMap::from(Count::ALL.map(|count| (count.name(), figures.count(count)))),
        // Those that thresholds ask for.
        "timings": BTreeMap::from_iter(timings),
    })
}

fn arrivals(arrivals: &ArrivalAccount) -> Json {
    let ArrivalAccount { scheduled, opened, started, waiting, refused, lost } = arrivals;
    json!({
        "scheduled": scheduled,
        "opened": opened,
        "started": started,
        "waiting": waiting,
        "refused": refused,
        "lost": lost,
    })
}

fn account(account: &Account) -> Json {
    let Account { sent, handled, queued, refused, dead } = account;
    json!({ "sent": sent, "handled": handled, "queued": queued, "refused": refused, "dead": dead })
}

fn memory(memory: &MemoryUse) -> Json {
    json!({
        "before": memory.before,
        "most": memory.most,
        "after": memory.after,
        "most_live": memory.live,
        "per_conversation": memory.per_conversation(),
        "most_timers": memory.timers,
        "per_timer": memory.per_timer(),
    })
}

fn fault(recovery: &Recovery) -> Json {
    let longest = Timing::ALL.into_iter();
    let longest = longest.filter_map(|it| Some((it.name(), recovery.longest(it)?.as_secs_f64())));
    json!({
        "at": recovery.step.at.as_secs_f64(),
        "fault": recovery.step.fault.name(),
        // Whom it struck, where that is not plain.
        "of": recovery.step.fault.of(),
        "length": recovery.step.over.as_secs_f64(),
        // Since its beginning; null = not within the run.
        "recovered": recovery.recovered.map(|recovered| recovered.as_secs_f64()),
        // From its beginning until recovered.
        "counts": BTreeMap::from(Count::ALL.map(|count| (count.name(), recovery.count(count)))),
        "longest": BTreeMap::from_iter(longest),
    })
}

/// What was unfinished at the end is in with what it had taken until then, so these are lower bounds.
fn timing(timed: &TimingResult) -> Json {
    let histogram = timed.all();
    // Nothing measured is null, never 0.
    let measured = |value: f64| (!histogram.is_empty()).then_some(value / 1e9);
    let quantile = |quantile| measured(timed.at_least(quantile) as f64);
    json!({
        "count": histogram.len(),
        "unfinished": timed.unfinished(),
        "mean": measured(histogram.mean()),
        "p50": quantile(0.5),
        "p90": quantile(0.9),
        "p99": quantile(0.99),
        "p999": quantile(0.999),
        "max": measured(histogram.max() as f64),
    })
}
