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

    /// Names beside the points: none over another, on a point or on the goal, and on a line between points
    /// only if there is no other room.
    fn names(
        &self,
        board: &PlotBoard,
        places: &[(i32, i32)],
        within: PlotRectangle,
        goal: Option<i32>,
    ) -> DrawResult {
        let PlotRectangle { left, right, .. } = within;
        let goal =
            goal.map(|y| PlotRectangle { left, right, top: y - fine(2), bottom: y + fine(2) });
        let dots = places.iter().map(|&point| around(point, fine(6)));
        let mut taken = Vec::from_iter(dots.chain(goal));
        let lines = if self.joined { self.lines(places) } else { Vec::new() };
        for (point, &at) in self.points.iter().zip(places) {
            let found = choices(&point.name, at, board.measures.font).find(|choice| {
                choice.place.is_inside(&within)
                    && !taken.iter().any(|other| other.overlaps(&choice.place))
                    && (choice.may_cross || !lines.iter().any(|on| on.overlaps(&choice.place)))
            });
            // A name that finds no room is left to the table.
            let Some(NameChoice { name, place, .. }) = found else { continue };
            board.of(point.variant, || {
                let at = (place.left, (place.top + place.bottom) / 2);
                board.text(&name, at, board.measures.font, paint::INK, LEFT)
            })?;
            taken.push(place);
        }
        Ok(())
    }

    /// The lines between points, as steps of a few units.
    fn lines(&self, places: &[(i32, i32)]) -> Vec<PlotRectangle> {
        let mut steps = Vec::new();
        for run in self.runs(places) {
            for pair in run.windows(2) {
                let [(x, y), (next_x, next_y)] = [pair[0], pair[1]];
                let (across, up) = (next_x - x, next_y - y);
                let count = across.abs().max(up.abs()) / fine(4) + 1;
                let step = |at: i32| (x + across * at / count, y + up * at / count);
                steps.extend((0..=count).map(|at| around(step(at), fine(2))));
            }
        }
        steps
    }
}

/// Where a name may stand, and how much of it.
struct NameChoice {
    name: String,
    place: PlotRectangle,
    /// Whether it may stand on a line between points.
    may_cross: bool,
}

/// Places for the name of a point, the best first: whole rather than cut, off the lines rather than on
/// them, near rather than far.
fn choices(name: &str, at: (i32, i32), font: f64) -> impl Iterator<Item = NameChoice> {
    let (x, y) = at;
    let rows = [-11, 11, 0, -24, 24, -38, 38].map(|row| y + fine(row));
    let texts = [f64::INFINITY, 150.0].map(|width| fitting(name, font, width));
    let texts = texts.into_iter().flat_map(|name| [(name.clone(), false), (name, true)]);
    texts.flat_map(move |(name, may_cross)| {
        let width = fine(width_of(&name, font) as i32);
        let sides = [x + fine(9), x - fine(9) - width];
        let corners = rows.into_iter().flat_map(move |middle| sides.map(|left| (left, middle)));
        corners.map(move |(left, middle)| {
            let (top, bottom) = (middle - fine(8), middle + fine(8));
            let place = PlotRectangle { left, top, right: left + width, bottom };
            NameChoice { name: name.clone(), place, may_cross }
        })
    })
}

/// So far around a point on every side.
fn around(point: (i32, i32), reach: i32) -> PlotRectangle {
    let (x, y) = point;
    PlotRectangle { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_only_where_no_place_has_room_for_all_of_it() {
        let name = "chat 11, online 1m 30s, away 2m, offline 30s";
        let choices = Vec::from_iter(choices(name, (0, 0), 12.0));
        let ranks = Vec::from_iter(choices.iter().map(|it| (it.name != name, it.may_cross)));
        assert!(ranks.is_sorted() && ranks[0] == (false, false));
        assert_eq!(ranks.last(), Some(&(true, true)));
        assert!(choices.iter().all(|it| !it.place.overlaps(&around((0, 0), fine(6)))));
    }
}
