//! How long consumers wait, and how the rare long waits compare.

use crate::ledger::durations::Durations;
use crate::ledger::outcome::Outcome;
use crate::report::layout;
use crate::report::material::Material;
use crate::report::picture::{Axis, Body, Mark};
use crate::report::table::whole_seconds;

use super::percentiles::{Curve, Percentiles, Scale};
use super::{Chart, Section, shown};

/// Its charts.
pub(super) fn section(material: &Material<'_>) -> Section {
    let first = percentiles(
        material,
        ("first_response", "First response", "opening to first answer"),
        |outcome| &outcome.times.first_response,
    );
    let every = percentiles(
        material,
        ("response", "Every response", "first unanswered message to reply"),
        |outcome| &outcome.times.response,
    );
    let mark = shown(material).next().map(|(.., outcome)| outcome.frame.service_level.within);
    let marked = first.map(|mut chart| {
        if let (Body::Panels(panels), Some(within)) = (&mut chart.picture.body, mark)
            && let Some(panel) = panels.panels.first_mut()
        {
            let at = libm::log10(within.as_secs_f64().max(1.0));
            let text = format!("within {within}");
            panel.marks.extend((at < panel.y.range.1).then_some(Mark { at, text }));
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
    material: &Material<'_>,
    (name, title, about): (&str, &str, &str),
    of: impl Fn(&Outcome) -> &Durations,
) -> Option<Chart> {
    let curves = shown(material).map(|(position, case, outcome)| {
        let durations = of(outcome);
        Curve {
            name: case.name,
            colour: position,
            variant: Some(position),
            count: durations.count(),
            quantile: Box::new(|share| durations.quantile(share)),
        }
    });
    let curves = curves.collect();
    Percentiles { name, title, about, curves, scale: WAITS }.chart()
}

/// People wait for seconds and days.
pub(in crate::report) const WAITS: Scale = Scale {
    shortest: 1.0,
    decades: 3.3,
    axis: Axis::seconds,
    unit: ["seconds", "s"],
    written: whole_seconds,
    spoken: layout::seconds,
};
