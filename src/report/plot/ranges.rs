//! Figures with their intervals, one below the other, against a goal.

use crate::experiment::interval::Estimate;

use super::board::{
    DrawResult, LEFT, PlotBoard, PlotRectangle, PlotRow, RIGHT, Upright, fine, fitting,
};
use super::canvas::width_of;
use super::{Axis, PlotBody, PlotGoal, PlotSize, PlotValue, paint};

/// Figures to the same scale.
pub(in crate::report) struct Ranges {
    pub(in crate::report) axis: Axis,
    /// What is wanted.
    pub(in crate::report) goal: Option<PlotGoal>,
    /// From the top.
    pub(in crate::report) ranges: Vec<PlotRange>,
}

/// A figure.
pub(in crate::report) struct PlotRange {
    /// Position of the variant that it belongs to.
    pub(in crate::report) variant: usize,
    /// Whose figure it is.
    pub(in crate::report) name: String,
    /// The figure.
    pub(in crate::report) value: PlotValue,
    /// How it is written.
    pub(in crate::report) text: String,
}

impl Ranges {
    /// Every figure in words.
    pub(in crate::report) fn told(&self) -> String {
        let told = self.ranges.iter().map(|range| format!("{}: {}.", range.name, range.text));
        Vec::from_iter(told).join(" ")
    }
}

impl PlotBody for Ranges {
    fn height(&self, _: PlotSize) -> i32 {
        self.ranges.len() as i32 * ROW + 58
    }

    fn draw(&self, board: &PlotBoard, whole: PlotRectangle) -> DrawResult {
        let (left, right) = (whole.left + fine(30), whole.right - fine(30));
        let (top, bottom) = (whole.top + fine(8), whole.bottom - fine(48));
        let place = PlotRectangle { left, top, right, bottom };
        let across = self.axis.between(left, right);
        let goal = self.goal.map(|goal| (across(goal.within(&self.axis)), goal.at_least));
        if let Some((goal, at_least)) = goal {
            let (left, right) = if at_least { (goal, right) } else { (left, goal) };
            board.rectangle(PlotRectangle { left, right, ..place }, paint::GOOD, 0.12)?;
        }
        let row = |position: usize| {
            let top = top + fine(4 + position as i32 * ROW);
            PlotRow { left, top, right }
        };
        let rows = || self.ranges.iter().enumerate().map(|(position, it)| (it, row(position)));
        let labels = rows().flat_map(|(range, row)| {
            board.rooms(row, &range.fitting_name(board, row), &range.text)
        });
        let labels = Vec::from_iter(labels);
        self.axis.draw_beside(board, place, 6, &labels)?;
        if let Some((x, _)) = goal {
            let line = Upright { x, top, bottom, colour: paint::GOOD, width: 1.8 };
            board.canvas.dash(Some("5 4"));
            board.upright(line, &labels)?;
            board.canvas.dash(None);
        }
        for (range, row) in rows() {
            board.of(Some(range.variant), || range.draw(board, row, across))?;
        }
        Ok(())
    }
}

impl PlotRange {
    /// A figure with its interval, and how it is written.
    pub(in crate::report) fn estimate(
        variant: usize,
        name: String,
        estimate: &Estimate,
        text: String,
        confidence: f64,
    ) -> Self {
        Self { variant, name, value: PlotValue::estimate(estimate, confidence), text }
    }

    /// Its name, as far as there is room beside the text.
    fn fitting_name(&self, board: &PlotBoard, row: PlotRow) -> String {
        let font = board.measures.font;
        let room = f64::from((row.right - row.left) / fine(1)) - width_of(&self.text, font) - 16.0;
        fitting(&self.name, font, room)
    }

    fn draw(&self, board: &PlotBoard, row: PlotRow, across: impl Fn(f64) -> i32) -> DrawResult {
        let PlotRow { left, top, right } = row;
        let (font, line) = (board.measures.font, top + fine(9));
        board.text(&self.fitting_name(board, row), (left, line), font, paint::INK, LEFT)?;
        board.text(&self.text, (right, line), font, paint::INK, RIGHT)?;
        let (colour, middle) = (paint::series(self.variant), top + fine(25));
        if self.value.half.is_some() {
            let ends = self.value.ends().map(&across);
            board.stroke(&ends.map(|end| (end, middle)), colour, 3.0)?;
            for end in ends {
                board.stroke(&[(end, middle - fine(5)), (end, middle + fine(5))], colour, 2.0)?;
            }
        }
        let dot = plotters::element::Circle::new(
            (across(self.value.value), middle),
            fine(5),
            plotters::style::Color::filled(&colour),
        );
        board.area.draw(&dot)
    }
}

const ROW: i32 = 46;
