//! Two figures against each other, each point with the intervals of both.

use plotters::element::Circle;
use plotters::style::Color as _;

use super::board::{BELOW, DrawResult, LEFT, PlotBoard, PlotRectangle, RIGHT, fine, fitting};
use super::canvas::width_of;
use super::{Axis, paint};

/// Points in a plane.
pub(in crate::report) struct Points {
    /// The axis across.
    pub(in crate::report) x: Axis,
    /// The axis up.
    pub(in crate::report) y: Axis,
    /// The goal of the figure up, and whether at least that is wanted.
    pub(in crate::report) goal: Option<(f64, bool)>,
    /// Whether a line leads from each to the next of the same colour.
    pub(in crate::report) joined: bool,
    /// The points.
    pub(in crate::report) points: Vec<PlotPoint>,
}

/// A point.
pub(in crate::report) struct PlotPoint {
    /// Position among the colours.
    pub(in crate::report) colour: usize,
    /// Position of the variant that it belongs to, to be shown and hidden with it.
    pub(in crate::report) variant: Option<usize>,
    /// What is written beside it.
    pub(in crate::report) name: String,
    /// Across and half the interval.
    pub(in crate::report) x: (f64, Option<f64>),
    /// Up and half the interval.
    pub(in crate::report) y: (f64, Option<f64>),
}

impl Points {
    pub(super) fn draw(&self, board: &PlotBoard, whole: PlotRectangle) -> DrawResult {
        let font = board.measures.font;
        let widths = self.y.ticks.iter().map(|tick| width_of(&tick.text, font - 1.0) as i32);
        let left = whole.left + fine(widths.max().unwrap_or_default().max(24) + 14);
        let (right, top) = (whole.right - fine(22), whole.top + fine(28));
        let bottom = whole.bottom - fine(46);
        let ((x_low, x_high), (y_low, y_high)) = (self.x.range, self.y.range);
        let x_scale = f64::from(right - left) / (x_high - x_low);
        let y_scale = f64::from(bottom - top) / (y_high - y_low);
        let across = |value: f64| left + libm::round((value - x_low) * x_scale) as i32;
        let up = |value: f64| bottom - libm::round((value - y_low) * y_scale) as i32;
        if let Some((goal, at_least)) = self.goal {
            let goal = up(goal.clamp(y_low, y_high));
            let (from, to) = if at_least { (top, goal) } else { (goal, bottom) };
            board.rectangle(
                PlotRectangle { left, top: from, right, bottom: to },
                paint::GOOD,
                0.12,
            )?;
            board.canvas.dash(Some("5 4"));
            board.stroke(&[(left, goal), (right, goal)], paint::GOOD, 1.8)?;
            board.canvas.dash(None);
        }
        board.label(&self.y.label, (whole.left + fine(4), top - fine(14)), LEFT)?;
        for tick in &self.y.ticks {
            let y = up(tick.at);
            board.stroke(&[(left, y), (right, y)], paint::GRID, 1.0)?;
            board.label(&tick.text, (left - fine(6), y), RIGHT)?;
        }
        for tick in self.x.sparse(7) {
            let x = across(tick.at);
            board.stroke(&[(x, top), (x, bottom)], paint::GRID, 1.0)?;
            board.label(&tick.text, (x, bottom + fine(8)), BELOW)?;
        }
        board.label(&self.x.label, ((left + right) / 2, bottom + fine(26)), BELOW)?;
        let places = self.points.iter().map(|point| (across(point.x.0), up(point.y.0)));
        let places = Vec::from_iter(places);
        if self.joined {
            for run in self.runs(&places) {
                board.stroke(&run, paint::MUTED, 1.4)?;
            }
        }
        for (point, &place) in self.points.iter().zip(&places) {
            point.draw(board, place, &across, &up)?;
        }
        self.names(board, &places, left, right)
    }

    /// Places of neighbours of the same colour.
    fn runs(&self, places: &[(i32, i32)]) -> Vec<Vec<(i32, i32)>> {
        let pairs = Vec::from_iter(self.points.iter().zip(places));
        let runs = pairs.chunk_by(|(one, _), (other, _)| one.colour == other.colour);
        runs.map(|run| run.iter().map(|(_, place)| **place).collect()).collect()
    }

    /// Names beside the points, none over another.
    fn names(&self, board: &PlotBoard, places: &[(i32, i32)], left: i32, right: i32) -> DrawResult {
        let font = board.measures.font;
        let mut taken: Vec<PlotRectangle> = Vec::new();
        for (point, &(x, y)) in self.points.iter().zip(places) {
            let name = fitting(&point.name, font, 150.0);
            let width = fine(width_of(&name, font) as i32);
            let height = fine(16);
            let place_at = |left: i32, middle: i32| PlotRectangle {
                left,
                top: middle - height / 2,
                right: left + width,
                bottom: middle + height / 2,
            };
            let (beside, before) = (x + fine(9), x - fine(9) - width);
            let rows = [-fine(11), fine(11), 0, -fine(24), fine(24)];
            let choices = rows.iter().flat_map(|row| [(beside, y + row), (before, y + row)]);
            let mut choices = choices.map(|(left, middle)| place_at(left, middle));
            let free = choices.find(|place| {
                let inside = place.left >= left && place.right <= right;
                inside && !taken.iter().any(|other| other.overlaps(place))
            });
            board.of(point.variant, || {
                // A name that finds no room is left to the table.
                let Some(place) = free else { return Ok(()) };
                let at = (place.left, (place.top + place.bottom) / 2);
                board.text(&name, at, font, paint::INK, LEFT)
            })?;
            taken.extend(free);
        }
        Ok(())
    }
}

impl PlotPoint {
    fn draw(
        &self,
        board: &PlotBoard,
        place: (i32, i32),
        across: &dyn Fn(f64) -> i32,
        up: &dyn Fn(f64) -> i32,
    ) -> DrawResult {
        let (x, y) = place;
        let colour = paint::series(self.colour);
        board.of(self.variant, || {
            if let (value, Some(half)) = self.x {
                board.stroke(
                    &[(across(value - half), y), (across(value + half), y)],
                    colour,
                    1.6,
                )?;
            }
            if let (value, Some(half)) = self.y {
                board.stroke(&[(x, up(value - half)), (x, up(value + half))], colour, 1.6)?;
            }
            board.area.draw(&Circle::new((x, y), fine(5), colour.filled()))
        })
    }
}
