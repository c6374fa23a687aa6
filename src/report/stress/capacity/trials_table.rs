//! All trials of a capacity search, for a terminal and for a page.

use crate::report::table::{NumberUnit, ReportCell, ReportColumn, ReportTable, Standing, labelled};
use crate::stress::capacity::{Attempt as _, CapacityTrial, TrialOutcome, TrialResult};

use super::capacity_words::reasons;

/// A row a trial; on a terminal there is room for what was missed below it only.
pub(super) fn trials_table(trials: &[CapacityTrial<TrialResult>]) -> ReportTable {
    let columns = [
        ReportColumn::new("trial").left(15).briefly("Trial"),
        ReportColumn::new("pace").right(11),
        ReportColumn::new("arrivals/s").right(11),
        ReportColumn::new("opened/s").right(11),
        ReportColumn::new("timers/s").right(11),
        ReportColumn::new("late 99 %, ms").right(11).briefly("late 99 %"),
        ReportColumn::new("bare wheel before, M/s").only_in_pages(),
        ReportColumn::new("bare wheel after, M/s").only_in_pages(),
        ReportColumn::new("because").only_in_pages(),
        ReportColumn::new("verdict").left(8).behind(2).briefly(""),
    ];
    let mut table = ReportTable::of("All trials", columns);
    for (number, trial) in (1..).zip(trials) {
        let CapacityTrial { phase, pace, attempt } = trial;
        let late = attempt.lateness.map(|late| late.as_secs_f64());
        let outcome = attempt.outcome();
        let standing = match outcome {
            TrialOutcome::Held => Standing::Good,
            TrialOutcome::NotHeld => Standing::Bad,
            TrialOutcome::Unknown | TrialOutcome::Invalid => Standing::Open,
        };
        let cells = [
            ReportCell::amount(*pace),
            ReportCell::amount(attempt.rate.round()),
            ReportCell::amount(attempt.opened.round()),
            ReportCell::amount(attempt.timers.round()),
            ReportCell::number(late, NumberUnit::Latency),
            ReportCell::amount(attempt.yardstick.before / 1e6),
            ReportCell::amount(attempt.yardstick.after / 1e6),
            ReportCell::text(reasons(attempt).join("; ")),
            ReportCell::verdict(standing, outcome.name()),
        ];
        table.push(None, labelled(format!("{number:>2} {}", phase.name()), cells));
    }
    table
}
