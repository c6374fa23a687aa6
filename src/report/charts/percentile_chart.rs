//! How durations are distributed, up to the rare long ones.

use crate::report::plot::{Axis, LegendKey, LineShape, Panel, PanelLine, PanelMark, Panels, nines};
use crate::report::table::{NumberUnit, ReportCell, ReportTable, labelled};

use super::chart::Chart;
use super::chart_builder::ChartBuilder;

/// Durations to be seen by the share of them that does not exceed them.
pub(in crate::report) struct PercentileChart<'a> {
    pub(in crate::report) called: PercentileTitle<'a>,
    /// One line each.
    pub(in crate::report) curves: Vec<PercentileCurve<'a>>,
    /// A duration worth a line of its own.
    pub(in crate::report) mark: Option<PanelMark>,
    /// How durations are shown.
    pub(in crate::report) scale: DurationScale,
}

/// What such a chart is called.
#[derive(Clone, Copy)]
pub(in crate::report) struct PercentileTitle<'a> {
    /// Name of the chart; of ours.
    pub(in crate::report) name: &'a str,
    /// What it shows.
    pub(in crate::report) title: &'a str,
    /// What lasts so long.
    pub(in crate::report) about: &'a str,
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
    /// How they are written in the table.
    pub(in crate::report) written: NumberUnit,
    /// How they are written in a sentence.
    pub(in crate::report) spoken: NumberUnit,
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
        let PercentileTitle { name, title, about } = self.called;
        let y = (self.scale.axis)(about, low, high);
        let x = Axis::nines("share of them that takes no longer", decades);
        let keys = self.curves.iter();
        let keys = keys.map(|curve| LegendKey::line(curve.name, curve.colour, curve.variant));
        let chart = ChartBuilder::new(format!("percentiles_{name}"), title);
        let (chart, table) = (chart.about(self.told()).keys(keys), self.table(decades));
        let marks = self.mark.into_iter().filter(|mark| mark.at < y.last).collect();
        Some(chart.drawn(Panels { x, panels: vec![Panel { y, lines, marks }] }, table))
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

    fn told(&self) -> String {
        let median = self.curves.iter().filter_map(|curve| {
            let (half, ninety) = ((curve.quantile)(0.5)?, (curve.quantile)(0.9)?);
            let [half, ninety] =
                [half, ninety].map(|it| ReportCell::number(it, self.scale.spoken).spoken());
            Some(format!("{}: half within {half}, 90 % within {ninety}.", curve.name))
        });
        Vec::from_iter(median).join(" ")
    }

    fn table(&self, decades: f64) -> ReportTable {
        let DurationScale { unit: [unit, short], written, .. } = self.scale;
        let heads = self.curves.iter();
        let heads = heads.map(|curve| (curve.variant, format!("{}, {short}", curve.name)));
        let caption = format!("{}: {unit} by share", self.called.title);
        let mut table = ReportTable::new(caption, ["so many take longer"]).with(heads);
        for (share, name) in SHARES.into_iter().take_while(|(share, _)| nines(*share) <= decades) {
            let curves = self.curves.iter();
            let cells = curves.map(|curve| ReportCell::number((curve.quantile)(share), written));
            table.push(Some(nines(share) / decades), labelled(name, cells));
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
