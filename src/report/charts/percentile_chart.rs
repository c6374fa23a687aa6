//! How durations are distributed, up to the rare long ones.

use crate::report::plot::{Axis, LegendKey, LineShape, Panel, PanelLine, Panels, PlotBody, nines};
use crate::report::table::{ReportColumn, ReportTable, or_dash};

use super::chart::Chart;
use super::chart_builder::ChartBuilder;

/// Durations to be seen by the share of them that does not exceed them.
pub(in crate::report) struct PercentileChart<'a> {
    /// Name of the chart; of ours.
    pub(in crate::report) name: &'a str,
    /// What it shows.
    pub(in crate::report) title: &'a str,
    /// What lasts so long.
    pub(in crate::report) about: &'a str,
    /// One line each.
    pub(in crate::report) curves: Vec<PercentileCurve<'a>>,
    /// How durations are shown.
    pub(in crate::report) scale: DurationScale,
}

/// Durations of one kind.
pub(in crate::report) struct PercentileCurve<'a> {
    /// What they are of.
    pub(in crate::report) name: &'a str,
    /// Position of its colour.
    pub(in crate::report) colour: usize,
    /// Position of the variant that they belong to.
    pub(in crate::report) variant: Option<usize>,
    /// How many there are.
    pub(in crate::report) count: u64,
    /// The seconds that a share of them does not exceed.
    pub(in crate::report) quantile: Box<dyn Fn(f64) -> Option<f64> + 'a>,
}

/// How durations are shown.
#[derive(Clone, Copy)]
pub(in crate::report) struct DurationScale {
    /// Seconds; what is shorter counts as that long.
    pub(in crate::report) shortest: f64,
    /// Powers of ten of the rarest share that is shown.
    pub(in crate::report) decades: f64,
    /// Seconds on an axis from the shortest to the longest.
    pub(in crate::report) axis: fn(&str, f64, f64) -> Axis,
    /// The unit of the table, whole and short.
    pub(in crate::report) unit: [&'static str; 2],
    /// A duration in the table.
    pub(in crate::report) written: fn(f64) -> String,
    /// A duration in a sentence.
    pub(in crate::report) spoken: fn(f64) -> String,
}

impl PercentileChart<'_> {
    /// Durations on a scale of nines; none of too few.
    pub(in crate::report) fn chart(self) -> Option<Chart> {
        let most = self.curves.iter().map(|curve| curve.count).max()?;
        if most < ENOUGH {
            return None;
        }
        // A percentile comes from ten durations at least.
        let decades = libm::log10(most as f64 / 10.0).clamp(1.0, self.scale.decades);
        let curves = || self.curves.iter().filter(|curve| curve.count > 0);
        let lines = Vec::from_iter(curves().map(|curve| self.line(curve, decades)));
        let heights = lines.iter().flat_map(|line| &line.points).flatten().map(|&(_, up)| up);
        let high = libm::pow(10.0, heights.fold(libm::log10(self.scale.shortest), f64::max));
        // The shortest tenth would take half of the scale.
        let low = curves().filter_map(|curve| (curve.quantile)(0.1));
        let low = low.fold(high, f64::min).max(self.scale.shortest);
        let y = (self.scale.axis)(self.about, low, high);
        let x = Axis::nines("share of them that takes no longer", decades);
        let panels = vec![Panel { y, lines, marks: Vec::new() }];
        let chart = ChartBuilder::new(format!("percentiles_{}", self.name), self.title);
        let chart = chart.about(self.spoken()).keys(self.keys());
        Some(chart.drawn(PlotBody::Panels(Panels { x, panels }), self.table(decades)))
    }

    fn line(&self, curve: &PercentileCurve<'_>, decades: f64) -> PanelLine {
        let points = (0..=STEPS).map(|step| {
            let at = decades * f64::from(step) / f64::from(STEPS);
            let enough = curve.count as f64 >= 10.0 * libm::pow(10.0, at);
            let seconds = (curve.quantile)(1.0 - libm::pow(10.0, -at)).filter(|_| enough)?;
            Some((at, libm::log10(seconds.max(self.scale.shortest))))
        });
        PanelLine {
            variant: curve.variant,
            ..PanelLine::new(LineShape::Line, Some(curve.colour), points)
        }
    }

    fn keys(&self) -> Vec<LegendKey> {
        let keys = self.curves.iter().map(|curve| LegendKey {
            name: curve.name.to_owned(),
            colour: curve.colour,
            is_line: true,
            variant: curve.variant,
        });
        keys.collect()
    }

    fn spoken(&self) -> String {
        let median = self.curves.iter().filter_map(|curve| {
            let (half, ninety) = ((curve.quantile)(0.5)?, (curve.quantile)(0.9)?);
            let [half, ninety] = [half, ninety].map(self.scale.spoken);
            Some(format!("{}: half within {half}, 90 % within {ninety}.", curve.name))
        });
        Vec::from_iter(median).join(" ")
    }

    fn table(&self, decades: f64) -> ReportTable {
        let DurationScale { unit: [unit, short], written, .. } = self.scale;
        let first = ["so many take longer".to_owned()];
        let mut table = ReportTable::new(format!("{}: {unit} by share", self.title), first);
        let columns = self.curves.iter().map(|curve| {
            ReportColumn::new(format!("{}, {short}", curve.name)).about(curve.variant)
        });
        table.columns.extend(columns);
        for (share, name) in SHARES {
            if nines(share) > decades {
                break;
            }
            let cells = self.curves.iter().map(|curve| or_dash((curve.quantile)(share), written));
            let cells = std::iter::once(name.to_owned()).chain(cells).collect();
            table.push(Some(nines(share) / decades), cells);
        }
        table
    }
}

/// Points of a line.
const STEPS: u32 = 64;
/// Fewer durations have no distribution to look at.
const ENOUGH: u64 = 50;
const SHARES: [(f64, &str); 15] = [
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
    (0.9999, "0.01 % (p99.99)"),
    (0.99999, "0.001 % (p99.999)"),
];
