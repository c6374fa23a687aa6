//! How long consumers wait, and how the rare long waits compare.

use crate::ledger::durations::Durations;
use crate::ledger::outcome::Outcome;
use crate::report::format;
use crate::report::plot::{Axis, PanelMark, PlotBody};
use crate::report::report_data::ReportData;
use crate::report::table::whole_seconds;

use super::chart::{Chart, Section, shown};
use super::percentile_chart::{DurationScale, PercentileChart, PercentileCurve};

/// Its charts.
pub(super) fn section(data: &ReportData<'_>) -> Section {
    let first = percentiles(
        data,
        "first_response",
        "First response",
        "opening to first answer",
        |outcome| &outcome.times.first_response,
    );
    let every = percentiles(
        data,
        "response",
        "Every response",
        "first unanswered message to reply",
        |outcome| &outcome.times.response,
    );
    let mark = shown(data).next().map(|(.., outcome)| outcome.frame.service_level.within);
    let marked = first.map(|mut chart| {
        if let (PlotBody::Panels(panels), Some(within)) = (&mut chart.picture.body, mark)
            && let Some(panel) = panels.panels.first_mut()
        {
            let at = libm::log10(within.as_secs_f64().max(1.0));
            let text = format!("within {within}");
            panel.marks.extend((at < panel.y.range.1).then_some(PanelMark { at, text }));
        }
        chart
    });
    Section {
        id: "waiting",
        title: "Waiting",
        lead: "Read it from below: the share of consumers who wait at most so long. To the right \
               the rare long waits stand out, each step a tenth of those before."
            .to_owned(),
        charts: [marked, every].into_iter().flatten().collect(),
        tables: Vec::new(),
    }
}

/// Durations by the share that does not exceed them; none of nothing.
pub(super) fn percentiles(
    data: &ReportData<'_>,
    name: &str,
    title: &str,
    about: &str,
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
    let curves = curves.collect();
    PercentileChart { name, title, about, curves, scale: WAITS }.chart()
}

/// People wait for seconds and days.
pub(in crate::report) const WAITS: DurationScale = DurationScale {
    shortest: 1.0,
    decades: 3.3,
    axis: Axis::seconds,
    unit: ["seconds", "s"],
    written: whole_seconds,
    spoken: format::seconds,
};
