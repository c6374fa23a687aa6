//! Charts in the making: the picture, its keys and the numbers behind it come from the same series.

use crate::report::plot::{
    Axis, LegendKey, LineShape, Panel, PanelLine, PanelMark, Panels, Picture, PlotBody, PlotGoal,
    PlotPoint, Points, Ranges,
};
use crate::report::table::{ReportCell, ReportColumn, ReportTable, labelled};

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
    pub(in crate::report) band: Option<[f64; 2]>,
    /// What stands in the table.
    pub(in crate::report) cell: ReportCell,
}

/// Two figures against each other.
pub(in crate::report) struct PointPairs {
    /// The axis across.
    pub(in crate::report) x: Axis,
    /// The axis up.
    pub(in crate::report) y: Axis,
    /// What is wanted of the figure up.
    pub(in crate::report) goal: Option<PlotGoal>,
    /// Whether a line leads from each to the next of the same colour.
    pub(in crate::report) joined: bool,
    /// What stands over the columns: whose figures, across and up.
    pub(in crate::report) heads: [ReportColumn; 3],
    pub(in crate::report) points: Vec<PointPair>,
}

/// A point.
pub(in crate::report) struct PointPair {
    /// What is drawn.
    pub(in crate::report) point: PlotPoint,
    /// Its name in the table.
    pub(in crate::report) name: String,
    /// Across and up in the table.
    pub(in crate::report) cells: [ReportCell; 2],
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
    pub(in crate::report) fn drawn(
        self,
        body: impl PlotBody + 'static,
        table: ReportTable,
    ) -> Chart {
        let Self { name, title, about, keys } = self;
        Chart { picture: Picture { name, title, about, keys, body: Box::new(body) }, table }
    }

    /// Figures with their intervals: whose they are, and what they are called.
    pub(in crate::report) fn ranges(self, whose: &str, figure: &str, ranges: Ranges) -> Chart {
        let mut table = ReportTable::new(&self.title, [whose, figure]);
        for range in &ranges.ranges {
            table.push(None, vec![range.name.clone(), range.text.clone()]);
        }
        self.drawn(ranges, table)
    }

    /// Two figures against each other.
    pub(in crate::report) fn points(self, caption: &str, of: PointPairs) -> Chart {
        let mut table = ReportTable::of(caption, of.heads);
        let points = of.points.into_iter().map(|PointPair { point, name, cells }| {
            table.push(None, labelled(name, cells));
            point
        });
        let points: Vec<PlotPoint> = points.collect();
        // Names of many points would stand in each other's way: where each has its colour, keys do.
        let is_named = points.len() <= NAMED || points.iter().any(|point| point.variant.is_none());
        let keys = points.iter().filter(|_| !is_named).map(|point| LegendKey {
            variant: point.variant,
            ..LegendKey::area(&point.name, point.colour)
        });
        let keys = Vec::from_iter(keys);
        let PointPairs { x, y, goal, joined, .. } = of;
        self.keys(keys).drawn(Points { x, y, goal, joined, is_named, points }, table)
    }

    /// Lines; a single one has a key only if it belongs to a variant.
    pub(in crate::report) fn lines(self, of: CommonLines) -> Chart {
        let is_single = of.series.len() == 1;
        let named = of.series.iter().filter(|line| !is_single || line.variant.is_some());
        let keys = named.map(|line| LegendKey::line(&line.name, line.colour, line.variant));
        let (keys, table) = (Vec::from_iter(keys), of.table());
        let lines = of.series.iter().map(|line| line.drawn(&of.places)).collect();
        let panels = vec![Panel { lines, y: of.y, marks: of.marks }];
        self.keys(keys).drawn(Panels { x: of.x, panels }, table)
    }
}

impl CommonLines {
    fn table(&self) -> ReportTable {
        let heads = self.series.iter().map(|line| (line.variant, line.head.clone()));
        let mut table = ReportTable::new(&self.caption, [&self.head]).with(heads);
        for (position, place) in self.places.iter().enumerate() {
            let cells = self.series.iter().map(|line| {
                let value = line.values.get(position).and_then(Option::as_ref);
                value.map_or(ReportCell::Nothing, |value| value.cell.clone())
            });
            table.push(Some(self.x.part(place.across)), labelled(place.name.clone(), cells));
        }
        table
    }
}

impl LineSeries {
    fn drawn(&self, places: &[LinePlace]) -> PanelLine {
        let values = || places.iter().map(|place| place.across).zip(&self.values);
        let points = values().map(|(across, value)| Some((across, value.as_ref()?.up)));
        let band = values().map(|(across, value)| {
            let [low, high] = value.as_ref()?.band?;
            Some((across, low, high))
        });
        PanelLine {
            variant: self.variant,
            band: band.collect(),
            ..PanelLine::new(LineShape::Line, Some(self.colour), points)
        }
    }
}

/// Points that have their names beside them, at most.
const NAMED: usize = 4;
