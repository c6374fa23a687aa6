//! Amounts made of parts: a bar a variant, its name above it.

use super::board::{DrawResult, LEFT, PlotBoard, PlotRectangle, PlotRow, RIGHT, fine, fitting};
use super::canvas::width_of;
use super::{PlotBody, PlotSize, paint};

/// Bars one below the other, to the same scale.
pub(in crate::report) struct Bars {
    /// What they count, with the unit.
    pub(in crate::report) label: String,
    /// From the top.
    pub(in crate::report) bars: Vec<Bar>,
}

/// A bar.
pub(in crate::report) struct Bar {
    /// Position of the variant that it belongs to.
    pub(in crate::report) variant: usize,
    /// Whose amount it is.
    pub(in crate::report) name: String,
    /// From the left.
    pub(in crate::report) parts: Vec<BarPart>,
    /// What is written behind its name.
    pub(in crate::report) total: String,
}

/// A part of a bar.
pub(in crate::report) struct BarPart {
    /// Position of its colour.
    pub(in crate::report) colour: usize,
    /// How much it is.
    pub(in crate::report) amount: f64,
    /// What is written into it, if there is room.
    pub(in crate::report) text: String,
}

impl PlotBody for Bars {
    fn height(&self, _: PlotSize) -> i32 {
        self.bars.len() as i32 * ROW + 34
    }

    fn draw(&self, board: &PlotBoard, whole: PlotRectangle) -> DrawResult {
        let (left, right) = (whole.left + fine(16), whole.right - fine(16));
        let sum = |bar: &Bar| bar.parts.iter().map(|part| part.amount).sum::<f64>();
        let most = self.bars.iter().map(sum).fold(0.0_f64, f64::max);
        board.label(&self.label, (left, whole.top + fine(14)), LEFT)?;
        for (row, bar) in self.bars.iter().enumerate() {
            let top = whole.top + fine(28 + row as i32 * ROW);
            let scale = if most > 0.0 { f64::from(right - left) / most } else { 0.0 };
            board.of(Some(bar.variant), || bar.draw(board, PlotRow { left, top, right }, scale))?;
        }
        Ok(())
    }
}

impl Bar {
    fn draw(&self, board: &PlotBoard, row: PlotRow, scale: f64) -> DrawResult {
        let (PlotRow { left, top, right }, font) = (row, board.measures.font);
        let room = f64::from((right - left) / fine(1)) - width_of(&self.total, font) - 16.0;
        let name = fitting(&self.name, font, room);
        board.text(&name, (left, top + fine(9)), font, paint::INK, LEFT)?;
        board.text(&self.total, (right, top + fine(9)), font, paint::INK, RIGHT)?;
        let (top, bottom) = (top + fine(20), top + fine(38));
        board.rectangle(PlotRectangle { left, top, right, bottom }, paint::SHADE, 0.55)?;
        let mut from = left;
        for BarPart { colour, amount, text } in &self.parts {
            let to = from + libm::round(amount * scale) as i32;
            if to > from {
                let place = PlotRectangle { left: from, top, right: to, bottom };
                board.rectangle(place, paint::series(*colour), 1.0)?;
            }
            let size = font - 1.0;
            if f64::from((to - from) / fine(1)) > width_of(text, size) + 8.0 {
                let (at, ink) = ((from + fine(5), (top + bottom) / 2), paint::ink_on(*colour));
                board.text(text, at, size, ink, LEFT)?;
            }
            from = to;
        }
        Ok(())
    }
}

const ROW: i32 = 50;
