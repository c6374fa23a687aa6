//! `stress.json`: everything that a wall-clock run came to.

use std::collections::BTreeMap;
use std::io;

use hdrhistogram::Histogram;
use serde::Serialize;
use serde_json::value::RawValue;

use super::run_report::StressReport;
use super::thresholds::{self, SavedThreshold};
use crate::ledger::definitions::{FIGURES, Parts};
use crate::report::json_file::{FileHead, ScenarioTitle};
use crate::scenario::stress::Stress;
use crate::stress::{Account, Count, Mailbox, Recovery, StressResults, Timing};

/// Version of the form of `stress.json`.
pub(super) const SCHEMA: &str = "shiftstorm/stress/1";

/// What comes into `stress.json`.
pub(super) fn saved<'a>(report: &StressReport<'a>) -> io::Result<SavedStressRun<'a>> {
    let results = report.results;
    let settings = &results.settings;
    let memory = &results.memory;
    Ok(SavedStressRun {
        head: FileHead::new(SCHEMA, ScenarioTitle::new(report.name, report.question)),
        variant: report.variant,
        seed: results.seed,
        model: results.model(),
        speed: settings.speed,
        shards: results.shards,
        mailbox: settings.mailbox,
        load: settings.load().as_secs_f64(),
        length: results.length.as_secs_f64(),
        complete: !results.interrupted,
        valid: results.is_valid(),
        late_after: settings.late_after.as_secs_f64(),
        calm: settings.calm.as_secs_f64(),
        stages: stages(settings),
        measures: SavedMeasures::of(results),
        messages: Mailbox::ALL
            .map(|mailbox| (mailbox.name(), SavedMessages::of(results.account(mailbox))))
            .into(),
        memory: SavedMemory {
            before: memory.before,
            most: memory.most,
            after: memory.after,
            most_live: memory.live,
            per_conversation: memory.per_conversation(),
            most_timers: memory.timers,
            per_timer: memory.per_timer(),
        },
        figures: FIGURES
            .iter()
            .map(|figure| (figure.name, figure.parts(&results.outcome).and_then(Parts::quotient)))
            .collect(),
        outcome: serde_json::value::to_raw_value(&results.outcome)?,
        definitions: StressDefinitions {
            counts: Count::ALL.map(|count| (count.name(), count.text())).into(),
            timings: Timing::ALL.map(|timing| (timing.name(), timing.text())).into(),
            figures: FIGURES.iter().map(|figure| (figure.name, figure.text)).collect(),
        },
    })
}

fn stages(settings: &Stress) -> Vec<StressStage> {
    let stages = settings.stages.iter().map(|stage| {
        let length = stage.length.as_secs_f64();
        StressStage { length, from: stage.from, to: stage.to }
    });
    stages.collect()
}

/// Times in seconds, memory in bytes.
#[derive(Serialize)]
pub(super) struct SavedStressRun<'a> {
    #[serde(flatten)]
    head: FileHead<ScenarioTitle>,
    variant: &'a str,
    seed: u64,
    model: &'static str,
    speed: f64,
    shards: u32,
    mailbox: u64,
    load: f64,
    length: f64,
    complete: bool,
    /// Whether the load generator kept up.
    valid: bool,
    late_after: f64,
    calm: f64,
    stages: Vec<StressStage>,
    #[serde(flatten)]
    measures: SavedMeasures,
    messages: BTreeMap<&'static str, SavedMessages>,
    memory: SavedMemory,
    /// Of the scenario, in its own time, all shards together.
    figures: BTreeMap<&'static str, Option<f64>>,
    /// On one line: it is for machines.
    outcome: Box<RawValue>,
    definitions: StressDefinitions,
}

#[derive(Serialize)]
struct StressDefinitions {
    counts: BTreeMap<&'static str, &'static str>,
    timings: BTreeMap<&'static str, &'static str>,
    figures: BTreeMap<&'static str, &'static str>,
}

/// What was measured, of a run and of a case of the suite.
#[derive(Serialize)]
pub(super) struct SavedMeasures {
    faults: Vec<SavedFault>,
    thresholds: Vec<SavedThreshold>,
    counts: BTreeMap<&'static str, u64>,
    timings: BTreeMap<&'static str, SavedTiming>,
}

#[derive(Serialize)]
struct StressStage {
    length: f64,
    from: f64,
    to: f64,
}

#[derive(Serialize)]
struct SavedFault {
    at: f64,
    fault: &'static str,
    /// Whom it struck, where that is not plain.
    of: Option<&'static str>,
    length: f64,
    /// Since its beginning; null = not within the run.
    recovered: Option<f64>,
    /// From its beginning until recovered.
    counts: BTreeMap<&'static str, u64>,
    longest: BTreeMap<&'static str, f64>,
}

#[derive(Serialize)]
struct SavedTiming {
    count: u64,
    mean: f64,
    p50: f64,
    p90: f64,
    p99: f64,
    p999: f64,
    max: f64,
}

#[derive(Serialize)]
struct SavedMessages {
    sent: u64,
    handled: u64,
    queued: u64,
    refused: u64,
    dead: u64,
}

#[derive(Serialize)]
struct SavedMemory {
    before: Option<u64>,
    most: Option<u64>,
    after: Option<u64>,
    most_live: u64,
    per_conversation: Option<f64>,
    most_timers: u64,
    per_timer: Option<f64>,
}

impl SavedMeasures {
    pub(super) fn of(results: &StressResults) -> Self {
        let figures = &results.figures;
        let timing = |timing: Timing| (timing.name(), SavedTiming::of(figures.timing(timing)));
        Self {
            faults: results.recoveries.iter().map(SavedFault::of).collect(),
            thresholds: thresholds::saved(results),
            counts: Count::ALL.map(|count| (count.name(), figures.count(count))).into(),
            timings: Timing::ALL.map(timing).into(),
        }
    }
}

impl SavedFault {
    fn of(recovery: &Recovery) -> Self {
        let longest = Timing::ALL
            .into_iter()
            .filter_map(|timing| Some((timing.name(), recovery.longest(timing)?.as_secs_f64())));
        Self {
            at: recovery.step.at.as_secs_f64(),
            fault: recovery.step.fault.name(),
            of: recovery.step.fault.of(),
            length: recovery.step.over.as_secs_f64(),
            recovered: recovery.recovered.map(|recovered| recovered.as_secs_f64()),
            counts: Count::ALL.map(|count| (count.name(), recovery.count(count))).into(),
            longest: longest.collect(),
        }
    }
}

impl SavedTiming {
    fn of(histogram: &Histogram<u64>) -> Self {
        let seconds = |nanos: u64| nanos as f64 / 1e9;
        let quantile = |quantile| seconds(histogram.value_at_quantile(quantile));
        Self {
            count: histogram.len(),
            mean: histogram.mean() / 1e9,
            p50: quantile(0.5),
            p90: quantile(0.9),
            p99: quantile(0.99),
            p999: quantile(0.999),
            max: seconds(histogram.max()),
        }
    }
}

impl SavedMessages {
    fn of(account: &Account) -> Self {
        let Account { sent, handled, queued, refused, dead } = *account;
        Self { sent, handled, queued, refused, dead }
    }
}
