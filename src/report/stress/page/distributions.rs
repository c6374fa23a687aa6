//! How lateness and waiting are distributed, up to the rare long ones.

use crate::ledger::durations::Durations;
use crate::report::charts::{
    DurationScale, PercentileChart, PercentileCurve, PercentileTitle, Section, WAITS,
};
use crate::report::plot::Axis;
use crate::report::stress::run_tables::timings;
use crate::report::table::NumberUnit;
use crate::stress::{StressResults, Timing};

/// Its charts.
pub(super) fn section(results: &StressResults) -> Section {
    let plots = [
        on_the_clock(
            results,
            PercentileTitle {
                name: "late",
                title: "Lateness of deadlines",
                about: "due to handled",
            },
            &[
                ("unassign deadlines", 0, Timing::DeadlineLateness),
                ("other timers", 1, Timing::TimerLateness),
            ],
        ),
        on_the_clock(
            results,
            PercentileTitle {
                name: "admitted",
                title: "Arrival to opened",
                about: "until the router has opened the conversation",
            },
            &[
                ("from the scheduled instant", 0, Timing::Admission),
                ("from the sent instant", 1, Timing::AdmissionFromSent),
                ("if sent one at a time", 3, Timing::AdmissionOneAtATime),
            ],
        ),
        on_the_clock(
            results,
            PercentileTitle {
                name: "mailboxes",
                title: "Wait in mailboxes",
                about: "sent to handled",
            },
            &[
                ("routers", 0, Timing::RouterWait),
                ("agents", 1, Timing::AgentWait),
                ("consumers", 2, Timing::ConsumerWait),
            ],
        ),
        in_the_scenario(results),
    ];
    Section::new(
        "waiting",
        "Lateness and waiting",
        "Read it from below: the share that waits at most so long. To the right the rare long waits \
         stand out, each step a tenth of those before.",
    )
    .charts(plots.into_iter().filter_map(PercentileChart::chart))
    .tables([timings(results)])
}

fn on_the_clock<'a>(
    results: &'a StressResults,
    called: PercentileTitle<'a>,
    timings: &[(&'a str, usize, Timing)],
) -> PercentileChart<'a> {
    let curves = timings.iter().map(|&(name, colour, timing)| {
        let timed = results.timing(timing);
        let count = timed.all().len();
        let quantile = move |share| Some(timed.at_least(share) as f64 / 1e9);
        let quantile = Box::new(quantile);
        PercentileCurve { name, colour, variant: None, count, quantile }
    });
    let curves = curves.filter(|curve| curve.count > 0).collect();
    PercentileChart { called, curves, mark: None, scale: LATENCIES }
}

/// What the rules of the platform themselves take, in the time of the scenario.
fn in_the_scenario(results: &StressResults) -> PercentileChart<'_> {
    let times = &results.outcome.times;
    let curves: [(_, _, &Durations); 2] = [
        ("reassignment to next owner", 0, &times.next_owner),
        ("logout to ownership removal", 1, &times.removal_delay),
    ];
    let curves = curves.into_iter().map(|(name, colour, durations)| PercentileCurve {
        name,
        colour,
        variant: None,
        count: durations.count(),
        quantile: Box::new(|share| durations.quantile(share)),
    });
    let (shortest, decades, written) = (1e-3, 5.0, NumberUnit::Alike);
    PercentileChart {
        called: PercentileTitle {
            name: "owners",
            title: "Without the right owner",
            about: "in the time of the scenario",
        },
        curves: curves.filter(|curve| curve.count > 0).collect(),
        mark: None,
        scale: DurationScale { shortest, decades, axis: Axis::latency, written, ..WAITS },
    }
}

/// What takes machines from microseconds to seconds.
const LATENCIES: DurationScale = DurationScale {
    shortest: 1e-6,
    decades: 5.0,
    axis: Axis::latency,
    unit: ["milliseconds", "ms"],
    written: NumberUnit::Latency,
    spoken: NumberUnit::Latency,
};
