//! Lines over a common axis, with bands for their intervals, in one panel or several.

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::element::{Circle, PathElement, Polygon};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, RGBColor};

use super::board::{BELOW, DrawResult, LEFT, PlotBoard, PlotLook, PlotRectangle, RIGHT, fine};
use super::canvas::{Canvas, width_of};
use super::{Axis, FINE, PlotBody, PlotSize, Stretch, Tick, paint};

/// Panels one above the other.
pub(in crate::report) struct Panels {
    /// The axis across.
    pub(in crate::report) x: Axis,
    /// From the top.
    pub(in crate::report) panels: Vec<Panel>,
}

/// A panel.
pub(in crate::report) struct Panel {
    /// The axis up.
    pub(in crate::report) y: Axis,
    /// What is drawn, the lowest first.
    pub(in crate::report) lines: Vec<PanelLine>,
    /// Values worth a line of their own.
    pub(in crate::report) marks: Vec<PanelMark>,
}

/// A line.
pub(in crate::report) struct PanelLine {
    /// Position among the colours; none: grey.
    pub(in crate::report) colour: Option<usize>,
    /// Position of the variant that it belongs to, to be shown and hidden with it.
    pub(in crate::report) variant: Option<usize>,
    /// How it is drawn.
    pub(in crate::report) shape: LineShape,
    /// Across and up; none where there is no value.
    pub(in crate::report) points: Vec<Option<(f64, f64)>>,
    /// Across, lowest and highest of its interval.
    pub(in crate::report) band: Vec<Option<(f64, f64, f64)>>,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum LineShape {
    /// In the manner of its colour.
    Line,
    /// Thin and dotted: a second figure of the same variant.
    Dotted,
    /// Filled down to zero.
    Area,
    /// A dot for each value.
    Dots,
    /// A ring for each value.
    Rings,
}

/// A value with a name.
pub(in crate::report) struct PanelMark {
    /// The value.
    pub(in crate::report) at: f64,
    /// What it is.
    pub(in crate::report) text: String,
}

type PanelChart<'a> = ChartContext<'a, Canvas, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

impl PlotBody for Panels {
    fn height(&self, measures: PlotSize) -> i32 {
        measures.height + (self.panels.len() as i32 - 1).max(0) * (LOWER + GAP)
    }

    fn place(&self, measures: PlotSize) -> Option<PlotRectangle> {
        Some(self.within(measures))
    }

    fn draw(&self, board: &PlotBoard, whole: PlotRectangle) -> DrawResult {
        let place = self.within(board.measures);
        let place =
            PlotRectangle { top: whole.top + place.top, bottom: whole.top + place.bottom, ..place };
        let mut top = place.top;
        for (position, panel) in self.panels.iter().enumerate() {
            let below = (self.panels.len() - 1 - position) as i32;
            let height = if position == 0 {
                place.bottom - top - below * fine(LOWER + GAP)
            } else {
                fine(LOWER)
            };
            let within = PlotRectangle { top, bottom: top + height, ..place };
            self.draw_panel(board, position, panel, within)?;
            top = within.bottom + fine(GAP);
        }
        self.draw_ticks(board, place)
    }
}

impl Panels {
    /// The part within the axes, from the top of the first panel to the bottom of the last.
    fn within(&self, measures: PlotSize) -> PlotRectangle {
        let ticks = self.panels.iter().flat_map(|panel| &panel.y.ticks);
        let widths = ticks.map(|tick| width_of(&tick.text, measures.font - 1.0) as i32);
        let left = widths.max().unwrap_or_default().max(24) + 14;
        PlotRectangle {
            left: fine(left),
            top: fine(TOP),
            right: fine(measures.width - RIGHT_MARGIN),
            bottom: fine(self.height(measures) - BOTTOM),
        }
    }

    fn draw_panel(
        &self,
        board: &PlotBoard,
        position: usize,
        panel: &Panel,
        place: PlotRectangle,
    ) -> DrawResult {
        let size = ((place.right - place.left) as u32, (place.bottom - place.top) as u32);
        let area = board.area.clone().shrink((place.left, place.top), size);
        let (first, low) = (self.x.first, panel.y.first);
        let (x, y) = (first..self.x.last, low..panel.y.last);
        let mut chart = ChartBuilder::on(&area).build_cartesian_2d(x, y)?;
        board.label(&panel.y.label, (fine(4), place.top - fine(14)), LEFT)?;
        for tick in &panel.y.ticks {
            let (_, y) = chart.backend_coord(&(first, tick.at));
            board.stroke(&[(place.left, y), (place.right, y)], paint::GRID, 1.0)?;
            board.label(&tick.text, (place.left - fine(6), y), RIGHT)?;
        }
        self.draw_stretches(board, &chart, place)?;
        let id = format!("{}-{position}", board.id);
        let (top, bottom) = (place.top - fine(2), place.bottom + fine(2));
        let inside = PlotRectangle { top, bottom, ..place };
        board.canvas.clipped(&id, inside, || {
            board.canvas.open("plot");
            panel.lines.iter().try_for_each(|line| line.draw(board, &mut chart, low))?;
            board.canvas.close();
            DrawResult::Ok(())
        })?;
        for mark in &panel.marks {
            let (_, y) = chart.backend_coord(&(first, mark.at));
            board.canvas.dash(Some("5 4"));
            board.stroke(&[(place.left, y), (place.right, y)], paint::INK, 1.2)?;
            board.canvas.dash(None);
            let (at, anchor) = ((place.right, y - fine(2)), Pos::new(HPos::Right, VPos::Bottom));
            board.canvas.halo(true);
            board.text(&mark.text, at, board.measures.font - 1.0, paint::INK, anchor)?;
            board.canvas.halo(false);
        }
        if position == 0 { self.name_stretches(board, &chart, place) } else { Ok(()) }
    }

    /// Parts of the axis across, behind everything.
    fn draw_stretches(
        &self,
        board: &PlotBoard,
        chart: &PanelChart<'_>,
        place: PlotRectangle,
    ) -> DrawResult {
        for stretch in &self.x.stretches {
            let [from, to] = self.ends(stretch, chart);
            let shaded = PlotRectangle { left: from, right: to, ..place };
            board.rectangle(shaded, paint::SHADE, 0.75)?;
            for x in [from, to] {
                board.canvas.dash(Some("2 3"));
                board.stroke(&[(x, place.top), (x, place.bottom)], paint::MUTED, 1.2)?;
            }
            board.canvas.dash(None);
        }
        Ok(())
    }

    /// Names of the parts, in rows at the top, none over another. One that finds no room is left to
    /// the tables.
    fn name_stretches(
        &self,
        board: &PlotBoard,
        chart: &PanelChart<'_>,
        place: PlotRectangle,
    ) -> DrawResult {
        let font = board.measures.font - 1.0;
        let mut rows = [place.left; STRETCH_ROWS];
        for stretch in &self.x.stretches {
            let [from, to] = self.ends(stretch, chart);
            let width = fine(width_of(&stretch.text, font) as i32 + 6);
            // Beside the line, or before it at the end of the axis.
            let left = if from + width > place.right { to - width } else { from + fine(4) };
            let Some(row) = rows.iter().position(|taken| *taken <= left) else { continue };
            rows[row] = left + width;
            let at = (left, place.top + fine(9 + 15 * row as i32));
            board.canvas.halo(true);
            board.text(&stretch.text, at, font, paint::INK, LEFT)?;
            board.canvas.halo(false);
        }
        Ok(())
    }

    /// Where a part of the axis begins and ends.
    fn ends(&self, stretch: &Stretch, chart: &PanelChart<'_>) -> [i32; 2] {
        let inside = |at: f64| at.clamp(self.x.first, self.x.last);
        [stretch.from, stretch.to].map(|at| chart.backend_coord(&(inside(at), 0.0)).0)
    }

    /// Ticks and name of the axis across. Finer ticks are there for a page that looks closer.
    fn draw_ticks(&self, board: &PlotBoard, place: PlotRectangle) -> DrawResult {
        let across = self.x.between(place.left, place.right);
        let widths = self.x.ticks.iter();
        let widths = widths.map(|tick| width_of(&tick.text, board.measures.font - 1.0) as i32 + 10);
        let width = widths.max().unwrap_or_default().max(TICK_WIDTH);
        let most = ((place.right - place.left) / fine(width)).max(1);
        let write = |class: &str, ticks: Vec<&Tick>| {
            board.canvas.open(class);
            for tick in ticks {
                // A wide text under the last tick stays within the picture.
                let half = fine(width_of(&tick.text, board.measures.font - 1.0) as i32) / 2;
                let middle = across(tick.at).min(fine(board.measures.width - 2) - half);
                board.label(&tick.text, (middle, place.bottom + fine(8)), BELOW)?;
            }
            board.canvas.close();
            DrawResult::Ok(())
        };
        write("ticks", self.x.sparse(most as usize).collect())?;
        if board.look != PlotLook::Alone && !self.x.finer.is_empty() {
            write("finer", self.x.finer.iter().collect())?;
        }
        let middle = (place.left + place.right) / 2;
        board.label(&self.x.label, (middle, place.bottom + fine(26)), BELOW)
    }
}

impl PanelLine {
    /// A line of no variant, without intervals.
    pub(in crate::report) fn new(
        shape: LineShape,
        colour: Option<usize>,
        points: impl IntoIterator<Item = Option<(f64, f64)>>,
    ) -> Self {
        let points = points.into_iter().collect();
        Self { colour, variant: None, shape, points, band: Vec::new() }
    }

    fn draw(&self, board: &PlotBoard, chart: &mut PanelChart<'_>, floor: f64) -> DrawResult {
        board.of(self.variant, || self.draw_all(board, chart, floor))
    }

    fn draw_all(&self, board: &PlotBoard, chart: &mut PanelChart<'_>, floor: f64) -> DrawResult {
        let colour = self.ink();
        for run in runs(&self.band) {
            let back = run.iter().rev().map(|&(x, low, _)| (x, low));
            let outline = run.iter().map(|&(x, _, high)| (x, high)).chain(back);
            let outline = Vec::from_iter(outline);
            chart.draw_series([Polygon::new(outline, colour.mix(0.13))])?;
        }
        if let LineShape::Dots | LineShape::Rings = self.shape {
            let style = match self.shape {
                LineShape::Dots => colour.filled(),
                _ => colour.stroke_width(2 * FINE as u32),
            };
            let dots = self.points.iter().flatten();
            chart.draw_series(dots.map(|&at| Circle::new(at, fine(4), style)))?;
            return Ok(());
        }
        for run in runs(&self.points) {
            self.draw_run(board, chart, run, floor)?;
        }
        Ok(())
    }

    fn ink(&self) -> RGBColor {
        let grey = if self.shape == LineShape::Area { paint::SHADE } else { paint::INK };
        self.colour.map_or(grey, paint::series)
    }

    fn draw_run(
        &self,
        board: &PlotBoard,
        chart: &mut PanelChart<'_>,
        mut run: Vec<(f64, f64)>,
        floor: f64,
    ) -> DrawResult {
        let (Some(&(first, _)), Some(&(last, _))) = (run.first(), run.last()) else {
            return Ok(());
        };
        let (colour, width) = (self.ink(), |units: f64| (units * f64::from(FINE)) as u32);
        match self.shape {
            LineShape::Area => {
                run.extend([(last, floor), (first, floor)]);
                chart.draw_series([Polygon::new(run, colour.mix(0.9))])?;
            }
            LineShape::Dotted => {
                board.canvas.dash(Some("1.5 3"));
                chart.draw_series([PathElement::new(run, colour.stroke_width(width(1.6)))])?;
            }
            LineShape::Line => {
                board.canvas.dash(self.colour.and_then(paint::dash));
                if first == last {
                    // A value without neighbours would not be seen.
                    let (x, y) = run[0];
                    let reach = (chart.x_range().end - chart.x_range().start) / 200.0;
                    run = vec![(x - reach, y), (x + reach, y)];
                }
                chart.draw_series([PathElement::new(run, colour.stroke_width(width(2.2)))])?;
            }
            LineShape::Dots | LineShape::Rings => {}
        }
        board.canvas.dash(None);
        Ok(())
    }
}

/// Stretches without a gap.
fn runs<T: Copy>(values: &[Option<T>]) -> Vec<Vec<T>> {
    let stretches = values.split(Option::is_none).filter(|run| !run.is_empty());
    stretches.map(|run| run.iter().flatten().copied().collect()).collect()
}

const TOP: i32 = 28;
const BOTTOM: i32 = 46;
const RIGHT_MARGIN: i32 = 22;
/// Height of a lower panel, and what lies between two.
const LOWER: i32 = 96;
const GAP: i32 = 34;
/// Rows of names at the top.
const STRETCH_ROWS: usize = 3;
/// Room for a text under a tick, at least.
const TICK_WIDTH: i32 = 52;
