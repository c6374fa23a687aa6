//! Figures with their intervals, one below the other, against a goal.

use crate::experiment::interval::Estimate;

use super::board::{DrawResult, LEFT, PlotBoard, PlotRectangle, PlotRow, RIGHT, fine, fitting};
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
        self.axis.draw(board, place, 6)?;
        if let Some((goal, _)) = goal {
            board.canvas.dash(Some("5 4"));
            board.stroke(&[(goal, top), (goal, bottom)], paint::GOOD, 1.8)?;
            board.canvas.dash(None);
        }
        for (row, range) in self.ranges.iter().enumerate() {
            let top = top + fine(4 + row as i32 * ROW);
            board.of(Some(range.variant), || {
                range.draw(board, PlotRow { left, top, right }, across)
            })?;
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

    fn draw(&self, board: &PlotBoard, row: PlotRow, across: impl Fn(f64) -> i32) -> DrawResult {
        let PlotRow { left, top, right } = row;
        let (font, line) = (board.measures.font, top + fine(9));
        let room = f64::from((right - left) / fine(1)) - width_of(&self.text, font) - 16.0;
        board.text(&fitting(&self.name, font, room), (left, line), font, paint::INK, LEFT)?;
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
