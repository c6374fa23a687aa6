//! How a wall-clock run is measured.

use crate::report::format::{fine, number, plural};
use crate::report::page::Explanation;
use crate::report::stress::run_report::StressReport;
use crate::report::stress::run_words::{LOAD, TIMINGS};
use crate::stress::{GRAIN, StressResults, Timing};

/// The words of the page and what they mean.
pub(super) fn method(report: &StressReport<'_>) -> Vec<Explanation> {
    let results = report.results;
    let settings = &results.settings;
    let system = format!(
        "Router, agents and consumers are actix actors with real mailboxes and timers. The centre is \
         split into {}, each a router with its part of agents and arrivals on a thread of its own; a \
         conversation that nobody there has the skill for goes over to another. What must hold in \
         every run - no conversation lost, none with two owners, none kept past its deadline once \
         that was handled - was checked while it ran.",
        plural(u64::from(results.shards), "shard")
    );
    let valid = format!(
        "An arrival that is sent more than {} after its scheduled instant was sent late. If more than \
         1 % were, the load generator did not keep up, and the run says nothing about the system.",
        settings.late_after
    );
    let version = concat!(
        "Shiftstorm ",
        env!("CARGO_PKG_VERSION"),
        ". Who arrives and who is struck by faults comes from the seed; how fast it went is what \
         this machine did this time."
    );
    let mut method = vec![
        Explanation::new("Model", model(results)),
        Explanation::new("System", system),
        Explanation::new("Speed and grain", grain(settings.speed)),
        Explanation::new("Load", load(results)),
        Explanation::new(
            "Lateness",
            "From the instant at which a deadline was due, by the plan and not by when anybody \
             looked at the clock, to the moment at which the router handled it.",
        ),
        Explanation::new("Valid", valid),
        Explanation::new(
            "Percentiles",
            "From histograms with three significant digits over everything that was measured \
             (histograms.hlog), not from samples; over time with two digits.",
        ),
        Explanation::new("Version", version),
    ];
    let timings = TIMINGS.into_iter();
    let timings = timings.filter(|(_, timing)| !results.timing(*timing).all().is_empty());
    let explained =
        |(word, timing): (&'static str, Timing)| Explanation::new(word.trim_start(), timing.text());
    method.extend(timings.map(explained));
    method.extend(LOAD.map(|(word, count)| Explanation::new(word, count.text())));
    method
}

/// What a reader must know besides.
pub(super) fn notes(report: &StressReport<'_>) -> Vec<String> {
    report.settings.iter().map(|setting| format!("Set from outside the file: {setting}")).collect()
}

fn model(results: &StressResults) -> String {
    match results.closed {
        true => "Closed: a population that waits for the system. A system that stands still gets no \
                 load meanwhile, so latencies say less than those of an open model."
            .to_owned(),
        false => "Open: arrivals are sent at their scheduled instants, whatever becomes of those \
                  before, and their latency counts from the scheduled instant. A tool that waits for \
                  each answer before it sends again would meet a standstill only once; what it would \
                  have reported is shown as \"sent one at a time\"."
            .to_owned(),
    }
}

fn grain(speed: f64) -> String {
    let grain = GRAIN.as_secs_f64();
    let pace = match speed {
        1.0 => "One second of the scenario passes in one second.".to_owned(),
        _ => format!("{} seconds of the scenario pass in one second.", number(speed)),
    };
    format!(
        "{pace} Timers of the machine are good to {}, which is {} of the scenario.",
        fine((grain * 1e9) as u64),
        fine((grain * speed * 1e9) as u64)
    )
}

fn load(results: &StressResults) -> String {
    let settings = &results.settings;
    let stages = settings.stages.iter().map(|stage| match stage.from == stage.to {
        true => format!("{} at pace {}", stage.length, number(stage.from)),
        false => {
            format!("{} from pace {} to {}", stage.length, number(stage.from), number(stage.to))
        }
    });
    let stages = Vec::from_iter(stages.take(MOST_STAGES)).join(", ");
    let stages = match settings.stages.len() {
        0 => "at the pace of the scenario".to_owned(),
        all if all > MOST_STAGES => format!("in {all} stages: {stages}, …"),
        _ => format!("in stages: {stages}"),
    };
    format!(
        "{} of arrivals, {stages}. At most {} messages may wait for a router before arrivals are \
         refused. Open conversations were worked off for at most {} afterwards.",
        settings.load(),
        number(settings.mailbox as f64),
        settings.drain
    )
}

/// Stages that are told one by one.
const MOST_STAGES: usize = 12;
