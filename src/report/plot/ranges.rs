//! Figures with their intervals, one below the other, against a goal.

use super::board::{
    BELOW, DrawResult, LEFT, PlotBoard, PlotRectangle, PlotRow, RIGHT, fine, fitting,
};
use super::canvas::width_of;
use super::{Axis, paint};

/// Figures to the same scale.
pub(in crate::report) struct Ranges {
    /// The axis.
    pub(in crate::report) axis: Axis,
    /// The goal and whether at least that is wanted.
    pub(in crate::report) goal: Option<(f64, bool)>,
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
    pub(in crate::report) value: f64,
    /// Half its interval.
    pub(in crate::report) half: Option<f64>,
    /// How it is written.
    pub(in crate::report) text: String,
}

impl Ranges {
    /// Every figure in words.
    pub(in crate::report) fn told(&self) -> String {
        let told = self.ranges.iter().map(|range| format!("{}: {}.", range.name, range.text));
        Vec::from_iter(told).join(" ")
    }

    pub(super) fn height(&self) -> i32 {
        self.ranges.len() as i32 * ROW + 58
    }

    pub(super) fn draw(&self, board: &PlotBoard, whole: PlotRectangle) -> DrawResult {
        let (left, right) = (whole.left + fine(30), whole.right - fine(30));
        let (top, bottom) = (whole.top + fine(8), whole.bottom - fine(48));
        let (low, high) = self.axis.range;
        let scale = f64::from(right - left) / (high - low);
        let across = |value: f64| left + libm::round((value - low) * scale) as i32;
        if let Some((goal, at_least)) = self.goal {
            let goal = across(goal.clamp(low, high));
            let (from, to) = if at_least { (goal, right) } else { (left, goal) };
            board.rectangle(
                PlotRectangle { left: from, top, right: to, bottom },
                paint::GOOD,
                0.12,
            )?;
        }
        for tick in self.axis.sparse(6) {
            let x = across(tick.at);
            board.stroke(&[(x, top), (x, bottom)], paint::GRID, 1.0)?;
            board.label(&tick.text, (x, bottom + fine(8)), BELOW)?;
        }
        board.label(&self.axis.label, ((left + right) / 2, bottom + fine(26)), BELOW)?;
        if let Some((goal, _)) = self.goal {
            let goal = across(goal.clamp(low, high));
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
    /// Both ends of its interval.
    pub(in crate::report) fn ends(&self) -> [f64; 2] {
        let half = self.half.unwrap_or(0.0);
        [self.value - half, self.value + half]
    }

    fn draw(&self, board: &PlotBoard, row: PlotRow, across: impl Fn(f64) -> i32) -> DrawResult {
        let PlotRow { left, top, right } = row;
        let (font, line) = (board.measures.font, top + fine(9));
        let room = f64::from((right - left) / fine(1)) - width_of(&self.text, font) - 16.0;
        board.text(&fitting(&self.name, font, room), (left, line), font, paint::INK, LEFT)?;
        board.text(&self.text, (right, line), font, paint::INK, RIGHT)?;
        let (colour, middle) = (paint::series(self.variant), top + fine(25));
        if let Some(half) = self.half {
            let (from, to) = (across(self.value - half), across(self.value + half));
            board.stroke(&[(from, middle), (to, middle)], colour, 3.0)?;
            for end in [from, to] {
                board.stroke(&[(end, middle - fine(5)), (end, middle + fine(5))], colour, 2.0)?;
            }
        }
        let dot = plotters::element::Circle::new(
            (across(self.value), middle),
            fine(5),
            plotters::style::Color::filled(&colour),
        );
        board.area.draw(&dot)
    }
}

const ROW: i32 = 46;
