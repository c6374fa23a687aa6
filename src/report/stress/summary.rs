//! The summary of a wall-clock run on the terminal: at most 80 columns.

use std::fmt::Write as _;

use hdrhistogram::Histogram;

use crate::ledger::durations::Durations;
use crate::report::format::{fine, number, percent, seconds};
use crate::report::terminal::{WIDTH, cut, left, right, wrapped};
use crate::scenario::stress::FaultStep;
use crate::stress::{Account, Count, Mailbox, Results, Timing};

use super::{StressReport, thresholds};

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
    let Results { settings, shards, closed, length, .. } = report.results;
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
fn notes(results: &Results) -> Vec<String> {
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

fn load(results: &Results) -> String {
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
fn faults(results: &Results) -> String {
    if results.aftermaths.is_empty() {
        return String::new();
    }
    let names = ["recovered", "refused", "lost", "replaced", "deadline"].map(str::to_owned);
    let mut text = row("Faults", &names);
    for aftermath in &results.aftermaths {
        let count = |count| number(aftermath.count(count) as f64);
        let latest = aftermath.longest(Timing::DeadlineLateness).unwrap_or_default();
        let recovered = aftermath.recovered.map(|recovered| seconds(recovered.as_secs_f64()));
        let cells = [
            recovered.unwrap_or_else(|| "not".to_owned()),
            count(Count::Refused),
            count(Count::Lost),
            count(Count::Replaced),
            fine(latest.as_nanos() as u64),
        ];
        text += &row(&label(&aftermath.step), &cells);
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

/// A fault in a few words.
pub(super) fn label(step: &FaultStep) -> String {
    let over = if step.over.is_zero() { String::new() } else { format!(", {}", step.over) };
    let of = step.fault.of().map(|of| format!(" of {of}")).unwrap_or_default();
    format!("{}{of} at {}{over}", step.fault.name(), step.at)
}

fn wall_clock(results: &Results) -> String {
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

fn scenario_time(results: &Results) -> String {
    let outcome = &results.outcome;
    let times = &outcome.times;
    let mut text = header("In the time of the scenario");
    for (label, durations) in [
        ("first response", &times.first_response),
        ("stay in the queue", &times.queue),
        ("unassigned to next owner", &times.next_owner),
        ("logout to removal", &times.removal_delay),
    ] {
        text += &lasted(label, durations);
    }
    let share = |label, share: Option<f64>| {
        share.map(|share| row(label, &[percent(share)])).unwrap_or_default()
    };
    text += &share("service level", outcome.service_level());
    text += &share("abandoned before an answer", outcome.flow.abandonment());
    text
}

fn lasted(label: &str, durations: &Durations) -> String {
    let Some(longest) = durations.longest() else { return String::new() };
    let quantiles = QUANTILES.iter().filter_map(|&quantile| durations.quantile(quantile));
    let all = quantiles.chain([longest.as_secs_f64()]).map(seconds);
    row(label, &Vec::from_iter(all))
}

fn messages(results: &Results) -> String {
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

/// What is counted of a run; of a single shard not what several have.
pub(super) fn load_of(results: &Results) -> impl Iterator<Item = (&'static str, Count)> {
    let several = results.shards > 1;
    LOAD.into_iter().filter(move |(_, count)| several || *count != Count::Transferred)
}

/// The mailboxes of a run, likewise.
pub(super) fn mailboxes_of(results: &Results) -> impl Iterator<Item = Mailbox> {
    let several = results.shards > 1;
    Mailbox::ALL.into_iter().filter(move |mailbox| several || *mailbox != Mailbox::Transfers)
}

fn machine(results: &Results) -> String {
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

/// Bytes.
pub(super) fn size(bytes: f64) -> String {
    match bytes {
        ..10_000.0 => format!("{} B", number(libm::round(bytes))),
        ..10_000_000.0 => format!("{} kB", number(libm::round(bytes / 1e3))),
        _ => format!("{} MB", number(libm::round(bytes / 1e6))),
    }
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

/// What is counted, for people.
pub(super) const LOAD: [(&str, Count); 12] = [
    ("arrivals scheduled", Count::Scheduled),
    ("arrivals refused", Count::Refused),
    ("conversations opened", Count::Opened),
    ("conversations over", Count::Closed),
    ("replies", Count::Answered),
    ("messages handled", Count::Messages),
    ("timers armed", Count::Armed),
    ("timers cancelled", Count::Cancelled),
    ("timers fired", Count::Fired),
    ("automatic unassignments", Count::Unassigned),
    ("ownership removals", Count::Removed),
    ("transfers between shards", Count::Transferred),
];

/// What is timed, for people; what is indented is a part of what stands before.
pub(super) const TIMINGS: [(&str, Timing); 13] = [
    ("scheduled to opened", Timing::Admission),
    ("  sent to opened", Timing::AdmissionFromSent),
    ("  sent one at a time", Timing::AdmissionOneAtATime),
    ("deadline to handled", Timing::DeadlineLateness),
    ("other timer to handled", Timing::TimerLateness),
    ("wait for the router", Timing::RouterWait),
    ("wait for an agent", Timing::AgentWait),
    ("wait for a consumer", Timing::ConsumerWait),
    ("a router's turn", Timing::RouterHandler),
    ("an agent's turn", Timing::AgentHandler),
    ("a consumer's turn", Timing::ConsumerHandler),
    ("transfer between shards", Timing::Transfer),
    ("lag of the generator", Timing::GeneratorLag),
];

pub(super) const QUANTILES: [f64; 4] = [0.5, 0.9, 0.99, 0.999];
const LABEL: usize = 28;
const CELL: usize = 10;
const _: () = assert!(LABEL + 5 * CELL <= WIDTH);
