//! How long consumers wait, and how the rare long waits compare.

use crate::ledger::definitions::Unit;
use crate::ledger::outcome::Times;
use crate::ledger::times::NamedDurations;
use crate::report::plot::{Axis, PanelMark};
use crate::report::report_data::ReportData;
use crate::report::table::NumberUnit;
use crate::report::wording::{capital, lower};

use super::chart::{Chart, Section, shown};
use super::percentile_chart::{DurationScale, PercentileChart, PercentileCurve, PercentileTitle};

/// Its charts.
pub(super) fn section(data: &ReportData<'_>) -> Section {
    let mark = shown(data).next().map(|(.., outcome)| {
        let within = outcome.frame.service_level.within;
        let at = libm::log10(within.as_secs_f64().max(1.0));
        PanelMark { at, text: format!("within {within}") }
    });
    let charts = [percentiles(data, "first_response", mark), percentiles(data, "response", None)];
    Section::new(
        "waiting",
        "Waiting",
        "Read it from below: the share of consumers who wait at most so long. To the right the rare \
         long waits stand out, each step a tenth of those before.",
    )
    .charts(charts.into_iter().flatten())
}

/// Durations of the catalogue by the share that does not exceed them; none of too few.
pub(super) fn percentiles(
    data: &ReportData<'_>,
    name: &str,
    mark: Option<PanelMark>,
) -> Option<Chart> {
    let none = Times::default();
    let NamedDurations { label, text, .. } = named(&none, name)?;
    let curves = shown(data).filter_map(|(position, case, outcome)| {
        let durations = named(&outcome.times, name)?.durations;
        Some(PercentileCurve {
            name: case.name,
            colour: position,
            variant: Some(position),
            count: durations.count(),
            quantile: Box::new(|share| durations.quantile(share)),
        })
    });
    let (title, about) = (capital(label), lower(text.trim_end_matches('.')));
    let called = PercentileTitle { name, title: &title, about: &about };
    PercentileChart { called, curves: curves.collect(), mark, scale: WAITS }.chart()
}

fn named<'a>(times: &'a Times, name: &str) -> Option<NamedDurations<'a>> {
    times.all().into_iter().find(|of| of.name == name)
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
