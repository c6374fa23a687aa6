//! How long consumers wait, and how the rare long waits compare.

use crate::ledger::definitions::Unit;
use crate::ledger::durations::Durations;
use crate::ledger::outcome::Outcome;
use crate::report::plot::{Axis, PanelMark};
use crate::report::report_data::ReportData;
use crate::report::table::NumberUnit;

use super::chart::{Chart, Section, shown};
use super::percentile_chart::{DurationScale, PercentileChart, PercentileCurve, PercentileTitle};

/// Its charts.
pub(super) fn section(data: &ReportData<'_>) -> Section {
    let first = PercentileTitle {
        name: "first_response",
        title: "First response",
        about: "opening to first answer",
    };
    let every = PercentileTitle {
        name: "response",
        title: "Every response",
        about: "first unanswered message to reply",
    };
    let mark = shown(data).next().map(|(.., outcome)| {
        let within = outcome.frame.service_level.within;
        let at = libm::log10(within.as_secs_f64().max(1.0));
        PanelMark { at, text: format!("within {within}") }
    });
    let charts = [
        percentiles(data, first, mark, |outcome| &outcome.times.first_response),
        percentiles(data, every, None, |outcome| &outcome.times.response),
    ];
    Section::new(
        "waiting",
        "Waiting",
        "Read it from below: the share of consumers who wait at most so long. To the right the rare \
         long waits stand out, each step a tenth of those before.",
    )
    .charts(charts.into_iter().flatten())
}

/// Durations by the share that does not exceed them; none of nothing.
pub(super) fn percentiles(
    data: &ReportData<'_>,
    called: PercentileTitle<'_>,
    mark: Option<PanelMark>,
    of: impl Fn(&Outcome) -> &Durations,
) -> Option<Chart> {
    let curves = shown(data).map(|(position, case, outcome)| {
        let durations = of(outcome);
        PercentileCurve {
            name: case.name,
            colour: position,
            variant: Some(position),
            count: durations.count(),
            quantile: Box::new(|share| durations.quantile(share)),
        }
    });
    PercentileChart { called, curves: curves.collect(), mark, scale: WAITS }.chart()
}

/// People wait for seconds and days.
pub(in crate::report) const WAITS: DurationScale = DurationScale {
    shortest: 1.0,
    decades: 3.3,
    axis: Axis::seconds,
    unit: ["seconds", "s"],
    written: NumberUnit::Of(Unit::Seconds),
    spoken: NumberUnit::Of(Unit::Seconds),
};
