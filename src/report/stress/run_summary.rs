//! The summary of a wall-clock run on the terminal: at most 80 columns.

use std::fmt::Write as _;

use super::run_report::StressReport;
use super::run_words::{QUANTILES, TIMINGS, label, load_of, mailboxes_of};
use super::thresholds;
use crate::ledger::definitions::find;
use crate::report::format::{fine, number, seconds};
use crate::report::table::{NumberUnit, ReportCell, ReportColumn, ReportTable, labelled};
use crate::report::terminal::{WIDTH, cut, wrapped};
use crate::stress::{Account, Count, Mailbox, StressResults, Timing};

/// The summary.
pub fn summary(report: &StressReport<'_>) -> String {
    let results = report.results;
    let parts = [
        heading(report),
        thresholds::text(results),
        load(results),
        faults(results),
        wall_clock(results),
        scenario_time(results),
        messages(results),
        machine(results),
    ];
    let parts = Vec::from_iter(parts.into_iter().filter(|part| !part.is_empty()));
    parts.join("\n")
}

fn heading(report: &StressReport<'_>) -> String {
    let StressResults { settings, shards, closed, length, .. } = report.results;
    let mut text = format!("{}\n", cut(report.name, WIDTH));
    if !report.question.is_empty() {
        let _ = writeln!(text, "{}", wrapped(report.question, 0));
    }
    let speed = match settings.speed {
        1.0 => String::new(),
        speed => format!(", {} times as fast as the clock", number(speed)),
    };
    let shards = if *shards == 1 { "1 shard".to_owned() } else { format!("{shards} shards") };
    let length = seconds(length.as_secs_f64());
    let line = format!(
        "Wall clock: variant {}, {length}, {shards}, seed {}{speed}",
        report.variant, report.results.seed
    );
    let _ = writeln!(text, "{}", wrapped(&line, 2));
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
    for note in notes(report.results) {
        let _ = writeln!(text, "{}", wrapped(&note, 2));
    }
    text
}

/// What a reader must know before any figure.
fn notes(results: &StressResults) -> Vec<String> {
    let mut notes = Vec::new();
    let settings = &results.settings;
    if results.interrupted {
        notes.push("Interrupted: the figures are those of the part that was run.".to_owned());
    }
    if !results.is_valid() {
        notes.push(format!(
            "INVALID: the load generator could not keep up. {} of {} arrivals were sent more than \
             {} late; the figures say nothing about the system.",
            number(results.figures.count(Count::Late) as f64),
            number(results.figures.count(Count::Scheduled) as f64),
            settings.late_after
        ));
    }
    let count = |count| results.figures.count(count);
    if count(Count::Stopped) > 0 {
        notes.push(format!(
            "Shards whose threads stopped: {}. They went on on others; whoever arrived meanwhile was \
             lost.",
            number(count(Count::Stopped) as f64)
        ));
    }
    if settings.speed > 1.0 {
        let grain = crate::stress::GRAIN.as_secs_f64() * settings.speed;
        notes.push(format!(
            "Grain: timers of the machine are good to 1 ms, which is {} of the scenario.",
            fine((grain * 1e9) as u64)
        ));
    }
    notes
}

fn load(results: &StressResults) -> String {
    let length = results.length.as_secs_f64();
    let mut table = table(["Load"]);
    for (label, count) in load_of(results) {
        let counted = results.figures.count(count);
        let rate = libm::round(counted as f64 / length);
        let rate = ReportCell::number(rate, NumberUnit::Rate);
        table.push(None, vec![label.into(), ReportCell::Count(counted), rate]);
    }
    table.text()
}

/// What came of each fault until the system had recovered.
fn faults(results: &StressResults) -> String {
    if results.recoveries.is_empty() {
        return String::new();
    }
    let mut table = table(["Faults", "recovered", "refused", "lost", "replaced", "deadline"]);
    for recovery in &results.recoveries {
        let count = |count| ReportCell::Count(recovery.count(count));
        let latest = recovery.longest(Timing::DeadlineLateness).unwrap_or_default();
        let recovered = recovery.recovered.map(|recovered| recovered.as_secs_f64());
        table.push(
            None,
            vec![
                label(&recovery.step).into(),
                recovered.map_or_else(|| "not".into(), ReportCell::seconds),
                count(Count::Refused),
                count(Count::Lost),
                count(Count::Replaced),
                ReportCell::number(latest.as_secs_f64(), NumberUnit::Latency),
            ],
        );
    }
    let mut text = table.text();
    let definition = format!(
        "Recovered: from the beginning to the end of the first whole second after it in which \
         nothing was refused or lost and no arrival, deadline or message to a router or an agent \
         waited longer than {}. Until then: arrivals refused, messages lost with actors, actors replaced, the \
         latest unassign deadline. No rule was broken.",
        results.settings.calm
    );
    let _ = writeln!(text, "{}", wrapped(&definition, 2));
    text
}

fn wall_clock(results: &StressResults) -> String {
    let mut table = durations("On the wall clock");
    for (label, timing) in TIMINGS {
        let histogram = results.figures.timing(timing);
        if !histogram.is_empty() {
            let quantiles = QUANTILES.map(|quantile| histogram.value_at_quantile(quantile));
            let times = quantiles.into_iter().chain([histogram.max()]);
            let times = times.map(ReportCell::nanos);
            table.push(None, labelled(label, times));
        }
    }
    table.text()
}

fn scenario_time(results: &StressResults) -> String {
    let outcome = &results.outcome;
    let times = &outcome.times;
    let mut table = durations("In the time of the scenario");
    for of in times.all().iter().filter(|of| SCENARIO_TIMES.contains(&of.name)) {
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

fn messages(results: &StressResults) -> String {
    let mut table = table(["Messages", "sent", "handled", "queued", "refused", "dead"]);
    for mailbox in mailboxes_of(results) {
        let Account { sent, handled, queued, refused, dead } = *results.account(mailbox);
        let label = match mailbox {
            Mailbox::Transfers => "between shards".to_owned(),
            _ => format!("to {}", mailbox.name()),
        };
        let counts = [sent, handled, queued, refused, dead].map(ReportCell::Count);
        table.push(None, labelled(label, counts));
    }
    table.text()
}

fn machine(results: &StressResults) -> String {
    let memory = &results.memory;
    let mut table = table(["Memory"]);
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

fn durations(title: &'static str) -> ReportTable {
    table([title, "half", "90 %", "99 %", "99.9 %", "longest"])
}

/// A table of up to five columns beside the labels of rows; its title stands over those.
fn table<const HEADS: usize>(heads: [&'static str; HEADS]) -> ReportTable {
    let mut heads = heads.into_iter();
    let first = ReportColumn::new(heads.next().unwrap_or_default()).left(28);
    let others = heads.chain(std::iter::repeat("")).take(5);
    let others = others.map(|head| ReportColumn::new(head).right(10));
    ReportTable::of("", std::iter::once(first).chain(others))
}

/// What is shown in the time of the scenario.
const SCENARIO_TIMES: [&str; 4] = ["first_response", "queue", "next_owner", "removal_delay"];
