//! Volumes of a log against those of a scenario, outside of the simulation, which replays them.

use std::collections::BTreeMap;

use crate::base::time::{Span, Time};
use crate::estimation::{DayVolume, VolumeTest};
use crate::fitting::MeasuredLog;
use crate::scenario::Plan;

use super::replay_clock::{DAY, ReplayClock};

/// The test; none where the scenario's volumes are no rates, or hang on who comes again. `fitted` are the
/// conversations that its rates were estimated from; none if they are given.
pub(super) fn volume_test(
    plan: &Plan,
    log: &MeasuredLog,
    clock: &ReplayClock,
    fitted: Option<u64>,
) -> Option<VolumeTest> {
    let kinds = &plan.centre.kinds;
    let are_rates = kinds.iter().all(|kind| {
        kind.arrivals.is_at_rates() && kind.returns.is_none() && kind.recontacts.is_none()
    });
    let opening = log.openings.first().filter(|_| are_rates)?;
    let has_dates = plan.run.calendar.first_date().is_some();
    let mut counts = BTreeMap::<i32, u64>::new();
    for opening in &log.openings {
        *counts.entry(opening.day).or_default() += 1;
    }
    let offset = Span::from_mins(1) * i64::from(opening.offset_minutes);
    let range = |day: i32| match has_dates {
        true => {
            let begins = clock.in_run(Time::ZERO + DAY * i64::from(day) - offset);
            [begins, begins + DAY]
        }
        false => [Time::ZERO, plan.run.until],
    };
    // Each weekday has rates of its own.
    let relative =
        fitted.map_or(0.0, |count| if has_dates { 7.0 } else { 1.0 } / count.max(1) as f64);
    let days = counts.into_iter().map(|(day, count)| {
        let [from, to] = range(day);
        let of_kinds = kinds.iter().map(|kind| {
            let mean = kind.arrivals.expected(from, to);
            DayVolume {
                count: 0,
                expected: mean,
                variance: mean + mean * mean * kind.arrivals.busyness_variance(),
            }
        });
        let mut sum = DayVolume { count, expected: 0.0, variance: 0.0 };
        for kind in of_kinds {
            sum.expected += kind.expected;
            sum.variance += kind.variance;
        }
        sum.variance += sum.expected * sum.expected * relative;
        sum
    });
    let shared = fitted.map_or(0.0, |count| 1.0 / libm::sqrt(count.max(1) as f64));
    VolumeTest::of(&Vec::from_iter(days), shared)
}
