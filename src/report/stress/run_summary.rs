//! The summary of a wall-clock run on the terminal: at most 80 columns.

use std::fmt::Write as _;

use hdrhistogram::Histogram;

use super::run_report::StressReport;
use super::run_words::{QUANTILES, TIMINGS, label, load_of, mailboxes_of, size};
use super::thresholds;
use crate::ledger::definitions::find;
use crate::ledger::durations::Durations;
use crate::report::format::{fine, number, percent, seconds};
use crate::report::terminal::{WIDTH, cut, left, right, wrapped};
use crate::stress::{Account, Count, Mailbox, StressResults, Timing};

/// The summary.
pub fn summary(report: &StressReport<'_>) -> String {
    let results = report.results;
    let parts = [
        heading(report),
        thresholds::table(results),
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
    let count = |count| results.figures.count(count);
    let length = results.length.as_secs_f64();
    let line = |label, counted| {
        let rate = format!("{}/s", number(libm::round(counted as f64 / length)));
        row(label, &[number(counted as f64), rate])
    };
    let mut text = "Load\n".to_owned();
    for (label, counted) in load_of(results) {
        text += &line(label, count(counted));
    }
    text
}

/// What came of each fault until the system had recovered.
fn faults(results: &StressResults) -> String {
    if results.recoveries.is_empty() {
        return String::new();
    }
    let names = ["recovered", "refused", "lost", "replaced", "deadline"].map(str::to_owned);
    let mut text = row("Faults", &names);
    for recovery in &results.recoveries {
        let count = |count| number(recovery.count(count) as f64);
        let latest = recovery.longest(Timing::DeadlineLateness).unwrap_or_default();
        let recovered = recovery.recovered.map(|recovered| seconds(recovered.as_secs_f64()));
        let cells = [
            recovered.unwrap_or_else(|| "not".to_owned()),
            count(Count::Refused),
            count(Count::Lost),
            count(Count::Replaced),
            fine(latest.as_nanos() as u64),
        ];
        text += &row(&label(&recovery.step), &cells);
    }
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
    let mut text = header("On the wall clock");
    for (label, timing) in TIMINGS {
        text += &timed(label, results.figures.timing(timing));
    }
    text
}

fn timed(label: &str, histogram: &Histogram<u64>) -> String {
    if histogram.is_empty() {
        return String::new();
    }
    let quantiles = QUANTILES.map(|quantile| fine(histogram.value_at_quantile(quantile)));
    let cells = Vec::from_iter(quantiles.into_iter().chain([fine(histogram.max())]));
    row(label, &cells)
}

fn scenario_time(results: &StressResults) -> String {
    let outcome = &results.outcome;
    let times = &outcome.times;
    let mut text = header("In the time of the scenario");
    for of in times.all().iter().filter(|of| SCENARIO_TIMES.contains(&of.name)) {
        text += &lasted(of.label, of.durations);
    }
    for figure in ["service_level", "abandonment"].into_iter().filter_map(find) {
        let share = (figure.value)(outcome);
        text += &share.map(|share| row(figure.label, &[percent(share)])).unwrap_or_default();
    }
    text
}

fn lasted(label: &str, durations: &Durations) -> String {
    let Some(longest) = durations.longest() else { return String::new() };
    let quantiles = QUANTILES.iter().filter_map(|&quantile| durations.quantile(quantile));
    let all = quantiles.chain([longest.as_secs_f64()]).map(seconds);
    row(label, &Vec::from_iter(all))
}

fn messages(results: &StressResults) -> String {
    let names = ["sent", "handled", "queued", "refused", "dead"];
    let mut text = row("Messages", &names.map(str::to_owned));
    for mailbox in mailboxes_of(results) {
        let Account { sent, handled, queued, refused, dead } = *results.account(mailbox);
        let cells = [sent, handled, queued, refused, dead].map(|count| number(count as f64));
        let label = match mailbox {
            Mailbox::Transfers => "between shards".to_owned(),
            _ => format!("to {}", mailbox.name()),
        };
        text += &row(&label, &cells);
    }
    text
}

fn machine(results: &StressResults) -> String {
    let memory = &results.memory;
    let mut text = "Memory\n".to_owned();
    let mut line = |label, bytes: Option<f64>| {
        if let Some(bytes) = bytes {
            text += &row(label, &[size(bytes)]);
        }
    };
    line("process before the load", memory.before.map(|bytes| bytes as f64));
    line("process at most", memory.most.map(|bytes| bytes as f64));
    line("a live conversation", memory.per_conversation());
    line("a timer", memory.per_timer());
    text += &row("live conversations at most", &[number(memory.live as f64)]);
    text += &row("timers at most", &[number(memory.timers as f64)]);
    text
}

fn header(title: &str) -> String {
    let names = ["half", "90 %", "99 %", "99.9 %", "longest"].map(str::to_owned);
    row(title, &names)
}

fn row(label: &str, cells: &[String]) -> String {
    let mut line = left(label, LABEL);
    for cell in cells {
        line += &right(cell, CELL);
    }
    line + "\n"
}

/// What is shown in the time of the scenario.
const SCENARIO_TIMES: [&str; 4] = ["first_response", "queue", "next_owner", "removal_delay"];
const LABEL: usize = 28;
const CELL: usize = 10;
const _: () = assert!(LABEL + 5 * CELL <= WIDTH);
