//! How the figures came about.

use crate::base::time::Time;
use crate::ledger::definitions::{FIGURES, Unit, find};
use crate::ledger::objectives::{DifferenceThreshold, OBJECTIVES};
use crate::ledger::settings::{ServiceLevel, ServiceLevelAt, ServiceLevelOf};
use crate::report::format::{clock_of_day, number, percent};
use crate::report::report_data::ReportData;
use crate::report::table::ReportTable;

use super::Explanation;

/// What stands under the title.
pub(super) fn facts(data: &ReportData<'_>) -> Vec<String> {
    let (first, count) = (data.replications.start, data.planned());
    let mut facts = vec![match count {
        _ if let Some(interruption) = data.interruption() => interruption.count(),
        _ if data.batches => "one run".to_owned(),
        1 => format!("replication {first}"),
        _ => format!("{count} replications"),
    }];
    if let Some(case) = data.variants.iter().find(|case| case.outcome.is_some())
        && let Some(outcome) = case.outcome
    {
        let calendar = &case.particulars.calendar();
        let (start, end) = (Time::ZERO, outcome.frame.until);
        facts.push(format!("{} to {}", clock_of_day(calendar, start), clock_of_day(calendar, end)));
        let offered = outcome.flow.offered as f64 / outcome.replications.max(1) as f64;
        facts.push(format!("{} conversations a run", number(libm::round(offered))));
        facts.push(format!("{} agents", number(outcome.agents.len() as f64)));
    }
    facts.push(format!("seed {}", data.seed));
    facts.push(format!("Shiftstorm {}", data.version));
    facts
}

/// What must not be overlooked.
pub(in crate::report) fn alerts(data: &ReportData<'_>) -> Vec<String> {
    let mut alerts = Vec::new();
    for case in &data.variants {
        match case.failures.as_slice() {
            [] => {}
            [only] => alerts.push(format!("{}: {only}", case.name)),
            [first, others @ ..] => {
                alerts.push(format!("{}: {first} (and {} more)", case.name, others.len()));
            }
        }
    }
    alerts.extend(data.interruption().map(|interruption| interruption.sentence()));
    if !data.checked {
        alerts.push(crate::report::wording::UNCHECKED.to_owned());
    }
    alerts
}

/// How it was computed.
pub(in crate::report) fn method(data: &ReportData<'_>) -> Vec<Explanation> {
    let (first, count) = (data.replications.start, data.planned());
    let level = number(data.confidence() * 100.0);
    let seeds = data.variants.iter().filter(|case| case.seed != data.seed);
    let seeds = seeds.map(|case| format!(" {} has the seed {}.", case.name, case.seed));
    let seeds: String = seeds.collect();
    let last = data.replications.end.saturating_sub(1);
    let checked = match data.checked {
        true => {
            "What must hold in every run - no conversation lost, none with two owners, none kept \
                 past its deadline - was checked while it ran."
        }
        false => "The invariants were not checked.",
    };
    let how = match count {
        _ if let Some(interruption) = data.interruption() => {
            let ended = interruption.count();
            format!("was to be run {count} times, until it was interrupted after {ended}")
        }
        _ if data.batches => {
            "was run once, and its intervals come from stretches of that run (batches)".to_owned()
        }
        1 => format!("was run once (replication {first})"),
        _ => format!(
            "was run {count} times (replications {first} to {last}), with the same rules and other \
             chance each time; a figure is the mean over them"
        ),
    };
    let seed = data.seed;
    let intervals = format!(
        "Behind ± stands half of the {level} % interval: if all were repeated many times, about \
         {level} of 100 such intervals would hold the true figure. Means have Student's interval \
         over replications; shares and means over conversations are ratios of sums with an interval \
         by the delta method. Each interval holds by itself, not all of them at once."
    );
    let replications = format!("Each variant {how}. The seed is {seed}.{seeds} {checked}");
    let mut method = vec![
        Explanation::new("Replications", replications),
        Explanation::new("Intervals", intervals),
        Explanation::new("Comparisons", comparisons(data)),
    ];
    if let Some(outcome) = data.variants.iter().find_map(|case| case.outcome) {
        let text = "Automatic unassigns and ownership removals, for each conversation offered.";
        method.push(Explanation::new("Service level", service_level(&outcome.frame.service_level)));
        method.push(Explanation::new("Reassignments", text));
    }
    method.push(Explanation::version(data.version));
    method
}

fn comparisons(data: &ReportData<'_>) -> String {
    let thresholds = OBJECTIVES.iter().filter_map(|objective| {
        let figure = find(objective.figure)?;
        let name = objective.figure.replace('_', " ");
        Some(match (data.rule.thresholds.of(objective), figure.unit) {
            (DifferenceThreshold::Absolute(by), Unit::Share) => {
                format!("{name} by {} points", number(by * 100.0))
            }
            (DifferenceThreshold::Absolute(by), unit) => {
                format!("{name} by {} {}", number(by), unit.name())
            }
            (DifferenceThreshold::Relative(part), _) => format!("{name} by {}", percent(part)),
        })
    });
    format!(
        "All variants meet the same consumers with the same patience and the same work (common \
         random numbers), so a difference is taken replication by replication. It is called better \
         or worse if its interval leaves out zero, no different if all that the interval holds is \
         too small to matter, and otherwise it cannot be told yet. What matters: {}.",
        Vec::from_iter(thresholds).join(", ")
    )
}

fn service_level(level: &ServiceLevel) -> String {
    let reached = match level.at {
        ServiceLevelAt::Answer => "answered",
        ServiceLevelAt::Assignment => "assigned",
    };
    let within = level.within;
    match level.of {
        ServiceLevelOf::Offered => format!("{reached} within {within} / offered."),
        ServiceLevelOf::Answered => format!("{reached} within {within} / {reached}."),
        ServiceLevelOf::OfferedWithoutShortAbandons => {
            format!("{reached} within {within} / (offered − abandoned within {within}).")
        }
        ServiceLevelOf::ShortAbandonsCountAsServed => {
            format!("({reached} within {within} + abandoned within {within}) / offered.")
        }
    }
}

/// Every figure with its unit and definition.
pub(super) fn definitions() -> ReportTable {
    let mut table = ReportTable::new("Definitions", ["figure", "unit", "meaning"]);
    for figure in FIGURES {
        table.push(None, vec![figure.name, figure.unit.name(), figure.text]);
    }
    table
}

/// As much of the scenario as a page can hold.
pub(in crate::report) fn cut_source(source: &str) -> &str {
    let end = source.floor_char_boundary(MOST_SOURCE);
    &source[..end]
}

/// Bytes of a scenario that a page shows.
const MOST_SOURCE: usize = 64 << 10;
