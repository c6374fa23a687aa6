//! What a reader must know before any figure of a run: shared by summary and page.

use crate::report::format::{fine, number, seconds};
use crate::stress::{Count, SeriesRow, StressResults, Timing};

/// Whether the figures are of the whole run, and of the system at all.
pub(super) fn of_ending(results: &StressResults) -> Vec<String> {
    let mut notes = Vec::new();
    if results.interrupted {
        notes.push("Interrupted: the figures are those of the part that was run.".to_owned());
    }
    if !results.is_valid() {
        notes.push(format!(
            "INVALID: the load generator could not keep up. {} of {} arrivals were sent more than \
             {} late, {} of them not at all; the figures say nothing about the system.",
            number(results.late() as f64),
            number(results.due() as f64),
            results.settings.late_after,
            number(results.figures.count(Count::Unsent) as f64)
        ));
    }
    notes
}

/// What a reader must know besides before any figure.
pub(super) fn warnings(results: &StressResults) -> Vec<String> {
    let mut notes = Vec::from_iter(caught_up(results));
    let settings = &results.settings;
    if results.due() == 0 {
        notes.push("Nothing was to arrive: there is nothing to judge.".to_owned());
    }
    let (load, planned) = (settings.load().as_secs_f64(), results.planned.as_secs_f64());
    if planned < load {
        notes.push(format!(
            "The plan of arrivals ended after {} of {}: `run.until` is earlier; rates are over that \
             time.",
            seconds(planned),
            seconds(load)
        ));
    }
    if results.backlog > 0 {
        notes.push(format!(
            "The backlog of {} is left out: a run on the wall clock begins with nobody waiting.",
            number(results.backlog as f64)
        ));
    }
    notes.extend(ended_early(results));
    notes.extend(unfinished(results));
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

/// When arrivals ended, if that was long before the load did.
fn ended_early(results: &StressResults) -> Option<String> {
    let load = results.load.as_secs_f64();
    let due = |row: &&SeriesRow| row.count(Count::Scheduled) + row.count(Count::Unsent) > 0;
    let last = results.series.rows().iter().rfind(due)?;
    let ended = last.until.as_secs_f64();
    (load - ended >= last.length.as_secs_f64()).then(|| {
        format!(
            "Nobody was to arrive in the last {} of the load of {}; rates are over all of it.",
            seconds(load - ended),
            seconds(load)
        )
    })
}

/// A run that is valid although it was to be feared meanwhile that it would not be.
fn caught_up(results: &StressResults) -> Option<String> {
    let (mut late, mut due) = (0, 0);
    let was_late = results.series.rows().iter().any(|row| {
        late += row.count(Count::Late) + row.count(Count::Unsent);
        due += row.count(Count::Scheduled) + row.count(Count::Unsent);
        late * 100 > due
    });
    (was_late && results.is_valid()).then(|| {
        format!(
            "The load generator was late for a while and caught up: {} of {} arrivals were late over \
             the whole run, and 1 % may be.",
            number(results.late() as f64),
            number(results.due() as f64)
        )
    })
}

/// What was unfinished at the end, if anything was.
fn unfinished(results: &StressResults) -> Option<String> {
    let kinds = [
        (Timing::Admission, "arrival not opened", "arrivals not opened"),
        (Timing::DeadlineLateness, "unassign deadline overdue", "unassign deadlines overdue"),
        (Timing::TimerLateness, "other timer overdue", "other timers overdue"),
    ];
    let counted = kinds.map(|(timing, one, many)| (results.timing(timing).unfinished(), one, many));
    let parts = counted.into_iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| {
        format!("{} {}", number(count as f64), if count == 1 { one } else { many })
    });
    let parts = Vec::from_iter(parts).join(", ");
    (!parts.is_empty()).then(|| {
        format!(
            "Unfinished at the end: {parts}. They count with the time that they had taken by then, so \
             these percentiles are lower bounds."
        )
    })
}
