//! How long consumers wait, and how the rare long waits compare.

use crate::ledger::durations::Durations;
use crate::ledger::outcome::Outcome;
use crate::report::layout;
use crate::report::material::Material;
use crate::report::picture::{Axis, Body, Line, Mark, Panel, Panels, Picture, Shape, nines};
use crate::report::table::{Table, or_dash, whole_seconds};

use super::{Chart, Section, keys, shown};

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

/// Durations by the share that does not exceed them, on a scale of nines; none of nothing.
pub(super) fn percentiles(
    material: &Material<'_>,
    (name, title, unit): (&str, &str, &str),
    of: impl Fn(&Outcome) -> &Durations,
) -> Option<Chart> {
    let variants = shown(material).filter(|(.., outcome)| of(outcome).count() > 0);
    let variants = variants.map(|(position, _, outcome)| (position, of(outcome)));
    let variants = Vec::from_iter(variants);
    let most = variants.iter().map(|(_, durations)| durations.count()).max()?;
    if most < ENOUGH {
        return None;
    }
    // A percentile comes from ten durations at least.
    let decades = libm::log10(most as f64 / 10.0).clamp(1.0, 3.3);
    let steps = 64;
    let lines = variants.iter().map(|(position, durations)| {
        let points = (0..=steps).map(|step| {
            let at = decades * f64::from(step) / f64::from(steps);
            let enough = durations.count() as f64 >= 10.0 * libm::pow(10.0, at);
            let seconds = durations.quantile(1.0 - libm::pow(10.0, -at)).filter(|_| enough)?;
            Some((at, libm::log10(seconds.max(1.0))))
        });
        Line {
            colour: Some(*position),
            variant: Some(*position),
            shape: Shape::Line,
            points: points.collect(),
            band: Vec::new(),
        }
    });
    let lines = Vec::from_iter(lines);
    let heights = lines.iter().flat_map(|line| &line.points).flatten().map(|&(_, up)| up);
    let high = libm::pow(10.0, heights.fold(0.0, f64::max));
    // The shortest tenth would take half of the scale.
    let low = variants.iter().filter_map(|(_, durations)| durations.quantile(0.1));
    let y = Axis::seconds(unit, low.fold(high, f64::min), high);
    let x = Axis::nines("share of them that takes no longer", decades);
    let panels = vec![Panel { y, lines, marks: Vec::new() }];
    let table = table(material, title, decades, &of);
    let median = variants.iter().filter_map(|(position, durations)| {
        let name = material.variants[*position].name;
        let (half, ninety) = (durations.quantile(0.5)?, durations.quantile(0.9)?);
        let [half, ninety] = [half, ninety].map(layout::seconds);
        Some(format!("{name}: half within {half}, 90 % within {ninety}."))
    });
    let about = Vec::from_iter(median).join(" ");
    let body = Body::Panels(Panels { x, panels });
    let (name, title) = (format!("percentiles_{name}"), title.to_owned());
    Some(Chart { picture: Picture { name, title, about, keys: keys(material, true), body }, table })
}

fn table(
    material: &Material<'_>,
    title: &str,
    decades: f64,
    of: &impl Fn(&Outcome) -> &Durations,
) -> Table {
    let heads = shown(material).map(|(position, case, _)| (position, format!("{}, s", case.name)));
    let first = ["so many take longer".to_owned()];
    let mut table = Table::new(format!("{title}: seconds by share"), first).with(heads);
    for (share, text) in SHARES {
        if nines(share) > decades {
            break;
        }
        let cells = shown(material)
            .map(|(.., outcome)| or_dash(of(outcome).quantile(share), whole_seconds));
        let cells = std::iter::once(text.to_owned()).chain(cells).collect();
        table.push(Some(nines(share) / decades), cells);
    }
    table
}

/// Fewer durations have no distribution to look at.
const ENOUGH: u64 = 50;
const SHARES: [(f64, &str); 13] = [
    (0.1, "90 % (p10)"),
    (0.25, "75 % (p25)"),
    (0.5, "50 % (p50)"),
    (0.6, "40 % (p60)"),
    (0.7, "30 % (p70)"),
    (0.8, "20 % (p80)"),
    (0.9, "10 % (p90)"),
    (0.95, "5 % (p95)"),
    (0.98, "2 % (p98)"),
    (0.99, "1 % (p99)"),
    (0.995, "0.5 % (p99.5)"),
    (0.998, "0.2 % (p99.8)"),
    (0.999, "0.1 % (p99.9)"),
];
