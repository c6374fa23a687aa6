//! Two figures against each other, each point with the intervals of both.

use plotters::element::Circle;
use plotters::style::Color as _;

use super::board::{DrawResult, LEFT, PlotBoard, PlotRectangle, RIGHT, fine, fitting};
use super::canvas::width_of;
use super::{Axis, PlotBody, PlotGoal, PlotSize, PlotValue, paint};

/// Points in a plane.
pub(in crate::report) struct Points {
    /// The axis across.
    pub(in crate::report) x: Axis,
    /// The axis up.
    pub(in crate::report) y: Axis,
    /// What is wanted of the figure up.
    pub(in crate::report) goal: Option<PlotGoal>,
    /// Whether a line leads from each to the next of the same colour.
    pub(in crate::report) joined: bool,
    /// Whether names stand beside the points; where they do not, colours have keys.
    pub(in crate::report) is_named: bool,
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
    /// Across.
    pub(in crate::report) x: PlotValue,
    /// Up.
    pub(in crate::report) y: PlotValue,
}

impl PlotBody for Points {
    fn height(&self, measures: PlotSize) -> i32 {
        measures.height
    }

    fn draw(&self, board: &PlotBoard, whole: PlotRectangle) -> DrawResult {
        let font = board.measures.font;
        let widths = self.y.ticks.iter().map(|tick| width_of(&tick.text, font - 1.0) as i32);
        let left = whole.left + fine(widths.max().unwrap_or_default().max(24) + 14);
        let (right, top) = (whole.right - fine(22), whole.top + fine(28));
        let bottom = whole.bottom - fine(46);
        let place = PlotRectangle { left, top, right, bottom };
        let (across, up) = (self.x.between(left, right), self.y.between(bottom, top));
        if let Some(goal) = self.goal {
            let at = up(goal.within(&self.y));
            let (top, bottom) = if goal.at_least { (top, at) } else { (at, bottom) };
            board.rectangle(PlotRectangle { top, bottom, ..place }, paint::GOOD, 0.12)?;
            board.canvas.dash(Some("5 4"));
            board.stroke(&[(left, at), (right, at)], paint::GOOD, 1.8)?;
            board.canvas.dash(None);
        }
        board.label(&self.y.label, (whole.left + fine(4), top - fine(14)), LEFT)?;
        for tick in &self.y.ticks {
            let y = up(tick.at);
            board.stroke(&[(left, y), (right, y)], paint::GRID, 1.0)?;
            board.label(&tick.text, (left - fine(6), y), RIGHT)?;
        }
        self.x.draw(board, place, 7)?;
        let places = self.points.iter().map(|point| (across(point.x.value), up(point.y.value)));
        let places = Vec::from_iter(places);
        if self.joined {
            for run in self.runs(&places) {
                board.stroke(&run, paint::MUTED, 1.4)?;
            }
        }
        for (point, &place) in self.points.iter().zip(&places) {
            point.draw(board, place, &across, &up)?;
        }
        if self.is_named {
            let goal = self.goal.map(|goal| up(goal.within(&self.y)));
            board.canvas.halo(true);
            self.names(board, &places, place, goal)?;
            board.canvas.halo(false);
        }
        Ok(())
    }
}

impl Points {
    /// Places of neighbours of the same colour.
    fn runs(&self, places: &[(i32, i32)]) -> Vec<Vec<(i32, i32)>> {
        let pairs = Vec::from_iter(self.points.iter().zip(places));
        let runs = pairs.chunk_by(|(one, _), (other, _)| one.colour == other.colour);
        runs.map(|run| run.iter().map(|(_, place)| **place).collect()).collect()
    }

    /// Names beside the points, none over another.
    fn names(
        &self,
        board: &PlotBoard,
        places: &[(i32, i32)],
        within: PlotRectangle,
        goal: Option<i32>,
    ) -> DrawResult {
        let PlotRectangle { left, right, .. } = within;
        let font = board.measures.font;
        // No name stands on a point or on the goal.
        let reach = fine(6);
        let dots = places.iter().map(|&(x, y)| PlotRectangle {
            left: x - reach,
            top: y - reach,
            right: x + reach,
            bottom: y + reach,
        });
        let goal =
            goal.map(|y| PlotRectangle { left, right, top: y - fine(2), bottom: y + fine(2) });
        let mut taken = Vec::from_iter(dots.chain(goal));
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
            let rows = [-fine(11), fine(11), 0, -fine(24), fine(24), -fine(38), fine(38)];
            let choices = rows.iter().flat_map(|row| [(beside, y + row), (before, y + row)]);
            let mut choices = choices.map(|(left, middle)| place_at(left, middle));
            let free = choices.find(|place| {
                let inside = place.left >= left
                    && place.right <= right
                    && place.top >= within.top
                    && place.bottom <= within.bottom;
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
            if self.x.half.is_some() {
                board.stroke(&self.x.ends().map(|end| (across(end), y)), colour, 1.6)?;
            }
            if self.y.half.is_some() {
                board.stroke(&self.y.ends().map(|end| (x, up(end))), colour, 1.6)?;
            }
            board.area.draw(&Circle::new((x, y), fine(5), colour.filled()))
        })
    }
}
