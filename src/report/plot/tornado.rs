//! How far each input moves a figure, less of it and more of it, from how it stands.

use super::board::{
    BELOW, DrawResult, LEFT, PlotBoard, PlotLook, PlotRectangle, PlotRow, RIGHT, Upright, fine,
    fitting,
};
use super::canvas::width_of;
use super::{Axis, PlotBody, PlotSize, PlotValue, paint};

/// Inputs to the same scale.
pub(in crate::report) struct Tornado {
    /// The axis, of changes.
    pub(in crate::report) axis: Axis,
    /// From the top.
    pub(in crate::report) swings: Vec<Swing>,
}

/// An input.
pub(in crate::report) struct Swing {
    pub(in crate::report) name: String,
    /// With less of it and with more.
    pub(in crate::report) sides: [Option<SwingSide>; 2],
}

/// An input moved one way.
pub(in crate::report) struct SwingSide {
    /// The change.
    pub(in crate::report) value: PlotValue,
    /// How far the input was moved, and what that changes.
    pub(in crate::report) text: String,
}

impl PlotBody for Tornado {
    fn height(&self, measures: PlotSize) -> i32 {
        self.swings.len() as i32 * row(measures) + 62
    }

    fn draw(&self, board: &PlotBoard, whole: PlotRectangle) -> DrawResult {
        let (left, right) = (whole.left + fine(16), whole.right - fine(16));
        let (top, bottom) = (whole.top + fine(8), whole.bottom - fine(48));
        // Texts at the ends of the axis stay inside.
        let across = self.axis.between(left + fine(14), right - fine(14));
        let rows = self.swings.iter().enumerate().flat_map(|(position, swing)| {
            let top = top + fine(4 + position as i32 * row(board.measures));
            swing.rooms(board, PlotRow { left, top, right })
        });
        let labels = Vec::from_iter(rows);
        for tick in self.axis.sparse(6) {
            let x = across(tick.at);
            let (colour, width) =
                if tick.at == 0.0 { (paint::MUTED, 1.6) } else { (paint::GRID, 1.0) };
            board.upright(Upright { x, top, bottom, colour, width }, &labels)?;
            board.label(&tick.text, (x, bottom + fine(8)), BELOW)?;
        }
        board.label(&self.axis.label, ((left + right) / 2, bottom + fine(26)), BELOW)?;
        for (position, swing) in self.swings.iter().enumerate() {
            let top = top + fine(4 + position as i32 * row(board.measures));
            swing.draw(board, PlotRow { left, top, right }, across)?;
        }
        Ok(())
    }
}

impl Swing {
    /// What is said of both sides.
    fn text(&self) -> String {
        let texts = self.sides.iter().flatten().map(|side| side.text.as_str());
        Vec::from_iter(texts).join("; ")
    }

    /// Where its texts stand.
    fn rooms(&self, board: &PlotBoard, row: PlotRow) -> Vec<PlotRectangle> {
        if !is_folded(board.measures) {
            return board.rooms(row, &self.name, &self.text()).to_vec();
        }
        let below = PlotRow { top: row.top + fine(LINE), ..row };
        let lines = [board.rooms(row, &self.name, ""), board.rooms(below, &self.text(), "")];
        lines.map(|[name, _]| name).to_vec()
    }

    fn draw(&self, board: &PlotBoard, row: PlotRow, across: impl Fn(f64) -> i32) -> DrawResult {
        let PlotRow { left, top, right } = row;
        let (font, small) = (board.measures.font, board.measures.font - 1.0);
        let text = self.text();
        let mut room = f64::from((right - left) / fine(1));
        let mut line = top + fine(8);
        board.canvas.halo(true);
        if is_folded(board.measures) {
            board.text(&fitting(&self.name, font, room), (left, line), font, paint::INK, LEFT)?;
            line += fine(LINE);
            board.label(&fitting(&text, small, room), (left, line), LEFT)?;
        } else {
            room -= width_of(&text, small) + 16.0;
            board.text(&fitting(&self.name, font, room), (left, line), font, paint::INK, LEFT)?;
            board.label(&text, (right, line), RIGHT)?;
        }
        board.canvas.halo(false);
        line += fine(10);
        for (position, side) in self.sides.iter().enumerate() {
            let top = line + fine(position as i32 * BAR);
            if let Some(side) = side {
                side.draw(board, top, paint::series(position), &across)?;
            }
        }
        Ok(())
    }
}

impl SwingSide {
    fn draw(
        &self,
        board: &PlotBoard,
        top: i32,
        colour: plotters::style::RGBColor,
        across: impl Fn(f64) -> i32,
    ) -> DrawResult {
        let (zero, end) = (across(0.0), across(self.value.value));
        let (left, right, bottom) = (zero.min(end), zero.max(end), top + fine(BAR - 1));
        if right > left {
            board.rectangle(PlotRectangle { left, top, right, bottom }, colour, 0.85)?;
        }
        if self.value.half.is_none_or(|half| half <= 0.0) {
            return Ok(());
        }
        let (ends, middle) = (self.value.ends().map(across), (top + bottom) / 2);
        board.stroke(&ends.map(|end| (end, middle)), paint::INK, 1.4)?;
        for end in ends {
            let (top, bottom) = (middle - fine(3), middle + fine(3));
            board.stroke(&[(end, top), (end, bottom)], paint::INK, 1.4)?;
        }
        Ok(())
    }
}

/// Whether figures stand in a line of their own, below the name of their input.
fn is_folded(measures: PlotSize) -> bool {
    measures.width < PlotLook::Wide.measures().width
}

fn row(measures: PlotSize) -> i32 {
    44 + if is_folded(measures) { LINE } else { 0 }
}

const LINE: i32 = 16;
/// Height of a bar.
const BAR: i32 = 9;
