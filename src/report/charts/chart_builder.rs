//! Charts in the making: the picture, its keys and the numbers behind it come from the same series.

use crate::report::plot::{
    Axis, LegendKey, LineShape, Panel, PanelLine, PanelMark, Panels, Picture, PlotBody, Ranges,
};
use crate::report::table::{ReportCell, ReportTable, labelled};

use super::chart::Chart;

/// A chart in the making.
pub(in crate::report) struct ChartBuilder {
    name: String,
    title: String,
    about: String,
    keys: Vec<LegendKey>,
}

/// Lines over places that they have in common, each with a column of its own in the table.
pub(in crate::report) struct CommonLines {
    /// What the table shows.
    pub(in crate::report) caption: String,
    /// What stands over the names of the places.
    pub(in crate::report) head: String,
    /// The axis across.
    pub(in crate::report) x: Axis,
    /// The axis up.
    pub(in crate::report) y: Axis,
    /// Values worth a line of their own.
    pub(in crate::report) marks: Vec<PanelMark>,
    /// From the left.
    pub(in crate::report) places: Vec<LinePlace>,
    /// The lines.
    pub(in crate::report) series: Vec<LineSeries>,
}

/// A place at which lines have values.
pub(in crate::report) struct LinePlace {
    /// Its name in the table.
    pub(in crate::report) name: ReportCell,
    /// Where it stands on the axis across.
    pub(in crate::report) across: f64,
}

/// A line.
pub(in crate::report) struct LineSeries {
    /// What it is of.
    pub(in crate::report) name: String,
    /// The same with its unit, over its column.
    pub(in crate::report) head: String,
    /// Position of its colour.
    pub(in crate::report) colour: usize,
    /// Position of the variant that it belongs to.
    pub(in crate::report) variant: Option<usize>,
    /// One for each place; none where there is nothing.
    pub(in crate::report) values: Vec<Option<LineValue>>,
}

/// A value of a line.
pub(in crate::report) struct LineValue {
    /// Where it stands on the axis up.
    pub(in crate::report) up: f64,
    /// Lowest and highest of its interval.
    pub(in crate::report) band: Option<(f64, f64)>,
    /// What stands in the table.
    pub(in crate::report) cell: ReportCell,
}

impl ChartBuilder {
    /// A chart of this name and title.
    pub(in crate::report) fn new(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self { name: name.into(), title: title.into(), about: String::new(), keys: Vec::new() }
    }

    /// What there is to see, in a sentence.
    #[must_use]
    pub(in crate::report) fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// What the colours stand for.
    #[must_use]
    pub(in crate::report) fn keys(mut self, keys: impl IntoIterator<Item = LegendKey>) -> Self {
        self.keys.extend(keys);
        self
    }

    /// The chart, with a table of its own.
    pub(in crate::report) fn drawn(self, body: PlotBody, table: ReportTable) -> Chart {
        let Self { name, title, about, keys } = self;
        Chart { picture: Picture { name, title, about, keys, body }, table }
    }

    /// Figures with their intervals: whose they are, and what they are called.
    pub(in crate::report) fn ranges(self, whose: &str, figure: &str, ranges: Ranges) -> Chart {
        let mut table = ReportTable::new(&self.title, [whose, figure]);
        for range in &ranges.ranges {
            table.push(None, vec![range.name.clone(), range.text.clone()]);
        }
        self.drawn(PlotBody::Ranges(ranges), table)
    }

    /// Lines; a single one has a key only if it belongs to a variant.
    pub(in crate::report) fn lines(self, of: CommonLines) -> Chart {
        let is_single = of.series.len() == 1;
        let named = of.series.iter().filter(|line| !is_single || line.variant.is_some());
        let keys = Vec::from_iter(named.map(|line| LegendKey {
            name: line.name.clone(),
            colour: line.colour,
            is_line: true,
            variant: line.variant,
        }));
        let (table, lines) = (of.table(), of.series.iter().map(|line| line.drawn(&of.places)));
        let panel = Panel { lines: lines.collect(), y: of.y, marks: of.marks };
        let panels = Panels { x: of.x, panels: vec![panel] };
        self.keys(keys).drawn(PlotBody::Panels(panels), table)
    }
}

impl CommonLines {
    fn table(&self) -> ReportTable {
        let own = self.series.iter().filter(|line| line.variant.is_none());
        let heads = std::iter::once(&self.head).chain(own.map(|line| &line.head)).cloned();
        let of_variants =
            self.series.iter().filter_map(|line| Some((line.variant?, line.head.clone())));
        let mut table = ReportTable::new(&self.caption, heads).with(of_variants);
        let (first, last) = self.x.range;
        for (position, place) in self.places.iter().enumerate() {
            let cells = self.series.iter().map(|line| {
                let value = line.values.get(position).and_then(Option::as_ref);
                value.map_or(ReportCell::Nothing, |value| value.cell.clone())
            });
            let at = (place.across - first) / (last - first).max(f64::MIN_POSITIVE);
            table.push(Some(at), labelled(place.name.clone(), cells));
        }
        table
    }
}

impl LineSeries {
    fn drawn(&self, places: &[LinePlace]) -> PanelLine {
        let values = || places.iter().map(|place| place.across).zip(&self.values);
        let points = values().map(|(across, value)| Some((across, value.as_ref()?.up)));
        let band = values().map(|(across, value)| {
            let (low, high) = value.as_ref()?.band?;
            Some((across, low, high))
        });
        PanelLine {
            variant: self.variant,
            band: band.collect(),
            ..PanelLine::new(LineShape::Line, Some(self.colour), points)
        }
    }
}
