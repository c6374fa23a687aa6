//! How lateness and waiting are distributed, up to the rare long ones.

use crate::ledger::durations::Durations;
use crate::report::charts::{DurationScale, PercentileChart, PercentileCurve, Section, WAITS};
use crate::report::format::fine;
use crate::report::stress::latency_axis::latency;
use crate::report::stress::run_words::{QUANTILES, TIMINGS};
use crate::report::table::{ReportCell, ReportTable, labelled, plain};
use crate::stress::{StressResults, Timing};

/// Its charts.
pub(super) fn section(results: &StressResults) -> Section {
    let plots = [
        on_the_clock(
            results,
            PlotTitle { name: "late", title: "Lateness of deadlines", about: "due to handled" },
            &[
                ("unassign deadlines", 0, Timing::DeadlineLateness),
                ("other timers", 1, Timing::TimerLateness),
            ],
        ),
        on_the_clock(
            results,
            PlotTitle {
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
            PlotTitle { name: "mailboxes", title: "Wait in mailboxes", about: "sent to handled" },
            &[
                ("routers", 0, Timing::RouterWait),
                ("agents", 1, Timing::AgentWait),
                ("consumers", 2, Timing::ConsumerWait),
            ],
        ),
        in_the_scenario(results),
    ];
    Section {
        id: "waiting",
        title: "Lateness and waiting",
        lead:
            "Read it from below: the share that waits at most so long. To the right the rare long \
               waits stand out, each step a tenth of those before."
                .to_owned(),
        charts: plots.into_iter().filter_map(PercentileChart::chart).collect(),
        tables: vec![timings(results)],
    }
}

/// What a plot is called.
struct PlotTitle<'a> {
    name: &'a str,
    title: &'a str,
    about: &'a str,
}

fn on_the_clock<'a>(
    results: &'a StressResults,
    called: PlotTitle<'a>,
    timings: &[(&'a str, usize, Timing)],
) -> PercentileChart<'a> {
    let curves = timings.iter().map(|&(name, colour, timing)| {
        let histogram = results.figures.timing(timing);
        let quantile = |share| Some(histogram.value_at_quantile(share) as f64 / 1e9);
        let (count, quantile) = (histogram.len(), Box::new(quantile));
        PercentileCurve { name, colour, variant: None, count, quantile }
    });
    let curves = curves.filter(|curve| curve.count > 0).collect();
    let PlotTitle { name, title, about } = called;
    PercentileChart { name, title, about, curves, scale: LATENCIES }
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
    PercentileChart {
        name: "owners",
        title: "Without the right owner",
        about: "in the time of the scenario",
        curves: curves.filter(|curve| curve.count > 0).collect(),
        scale: DurationScale {
            shortest: 1e-3,
            decades: 5.0,
            axis: latency,
            written: plain,
            ..WAITS
        },
    }
}

/// Every timing of the wall clock.
fn timings(results: &StressResults) -> ReportTable {
    let heads = ["what", "number", "half", "90 %", "99 %", "99.9 %", "longest"];
    let caption = "On the wall clock: milliseconds within which so many were handled";
    let mut table = ReportTable::new(caption, heads);
    for (label, timing) in TIMINGS {
        let histogram = results.figures.timing(timing);
        if histogram.is_empty() {
            continue;
        }
        let quantiles = QUANTILES.map(|quantile| histogram.value_at_quantile(quantile));
        let times = quantiles.into_iter().chain([histogram.max()]);
        let count = std::iter::once(ReportCell::Count(histogram.len()));
        let times = times.map(ReportCell::nanos);
        table.push(None, labelled(label.trim_start(), count.chain(times)));
    }
    table
}

/// What takes machines from microseconds to seconds.
const LATENCIES: DurationScale = DurationScale {
    shortest: 1e-6,
    decades: 5.0,
    axis: latency,
    unit: ["milliseconds", "ms"],
    written: |seconds| plain(seconds * 1e3),
    spoken: |seconds| fine((seconds * 1e9) as u64),
};
