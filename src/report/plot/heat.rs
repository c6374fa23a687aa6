//! A figure over two keys: a cell for each pair of values, the darker the more. Cells have few enough
//! shades to be told apart, all of one hue, and each of them bears the same ink.

use super::board::{
    BELOW, CENTRE, DrawResult, LEFT, PlotBoard, PlotRectangle, RIGHT, fine, fitting,
};
use super::canvas::width_of;
use super::{PlotBody, PlotSize, paint};

/// Cells to the same scale.
pub(in crate::report) struct Heat {
    /// What varies from row to row.
    pub(in crate::report) down: HeatLabels,
    /// What varies from column to column.
    pub(in crate::report) across: HeatLabels,
    /// Row by row; none where there is no figure.
    pub(in crate::report) cells: Vec<Vec<Option<HeatCell>>>,
    /// The lowest figure as it is written beside the shades, with the unit.
    pub(in crate::report) lowest: String,
    pub(in crate::report) highest: String,
}

/// A key and its values.
pub(in crate::report) struct HeatLabels {
    /// The key.
    pub(in crate::report) label: String,
    /// The values.
    pub(in crate::report) names: Vec<String>,
}

/// A figure.
pub(in crate::report) struct HeatCell {
    /// The figure.
    pub(in crate::report) value: f64,
    /// How it is written, if there is room.
    pub(in crate::report) text: String,
    /// Whether it is sure to meet its goal.
    pub(in crate::report) is_good: bool,
}

impl PlotBody for Heat {
    fn height(&self, measures: PlotSize) -> i32 {
        HEAD + self.row_height(measures) * self.cells.len() as i32 + FOOT
    }

    fn draw(&self, board: &PlotBoard, whole: PlotRectangle) -> DrawResult {
        let font = board.measures.font;
        let names = self.down.names.iter().map(|name| width_of(&short(name), font - 1.0) as i32);
        let left = whole.left + fine(names.max().unwrap_or_default().max(24) + 14);
        let (right, top) = (whole.right - fine(12), whole.top + fine(HEAD));
        let height = fine(self.row_height(board.measures));
        let bottom = top + height * self.cells.len() as i32;
        self.legend(board, left, whole.top + fine(12))?;
        let room = f64::from((right - whole.left) / fine(1) - 4);
        let label = fitting(&self.down.label, font - 1.0, room);
        board.label(&label, (whole.left + fine(4), top - fine(14)), LEFT)?;
        let every = (fine(15) + height - 1) / height;
        for (row, name) in self.down.names.iter().enumerate().step_by(every as usize) {
            let middle = top + height * row as i32 + height / 2;
            board.label(&short(name), (left - fine(6), middle), RIGHT)?;
        }
        let place = PlotRectangle { left, top, right, bottom };
        self.columns(board, place)?;
        let label = fitting(&self.across.label, font - 1.0, room);
        let width = fine(width_of(&label, font - 1.0) as i32);
        // In the middle below the cells, unless that would reach beyond the picture.
        let middle = ((left + right) / 2).min(whole.right - width / 2 - fine(4));
        board.label(&label, (middle, bottom + fine(26)), BELOW)?;
        self.rows(board, place)
    }
}

impl Heat {
    /// Rows are as high as a line of text needs, lower if there are many.
    fn row_height(&self, measures: PlotSize) -> i32 {
        (measures.height * 3 / 2 / (self.cells.len() as i32).max(1)).clamp(4, 30)
    }

    fn columns(&self, board: &PlotBoard, place: PlotRectangle) -> DrawResult {
        let count = self.across.names.len().max(1) as i32;
        let width = (place.right - place.left) / count;
        let names = self.across.names.iter();
        let widest = names.clone().map(|name| width_of(&short(name), board.measures.font - 1.0));
        let needed = fine(widest.fold(0.0, f64::max) as i32 + 8);
        let every = (needed + width - 1) / width.max(1);
        for (column, name) in names.enumerate().step_by(every.max(1) as usize) {
            let middle = place.left + width * column as i32 + width / 2;
            board.label(&short(name), (middle, place.bottom + fine(8)), BELOW)?;
        }
        Ok(())
    }

    fn rows(&self, board: &PlotBoard, place: PlotRectangle) -> DrawResult {
        let count = self.across.names.len().max(1) as i32;
        let width = (place.right - place.left) / count;
        let height = (place.bottom - place.top) / (self.cells.len() as i32).max(1);
        let figures = || self.cells.iter().flatten().flatten().map(|cell| cell.value);
        let lowest = figures().fold(f64::INFINITY, f64::min);
        let highest = figures().fold(f64::NEG_INFINITY, f64::max);
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let (left, top) =
                    (place.left + width * column as i32, place.top + height * row as i32);
                // A rim of the background keeps neighbours of one shade apart.
                let (right, bottom) = (left + width - fine(1), top + height - fine(1));
                let cell_place = PlotRectangle { left, top, right, bottom };
                match cell {
                    Some(cell) => cell.draw(board, cell_place, lowest, highest)?,
                    None => board.rectangle(cell_place, paint::SHADE, 0.3)?,
                }
            }
        }
        Ok(())
    }

    /// All shades, between the lowest and the highest figure.
    fn legend(&self, board: &PlotBoard, mut left: i32, middle: i32) -> DrawResult {
        let font = board.measures.font - 1.0;
        board.label(&self.lowest, (left, middle), LEFT)?;
        left += fine(width_of(&self.lowest, font) as i32 + 8);
        for opacity in SHADES {
            let (top, bottom) = (middle - fine(7), middle + fine(7));
            let place = PlotRectangle { left, top, right: left + fine(20), bottom };
            board.rectangle(place, paint::HEAT, opacity)?;
            left += fine(20);
        }
        board.label(&self.highest, (left + fine(8), middle), LEFT)
    }
}

impl HeatCell {
    fn draw(
        &self,
        board: &PlotBoard,
        place: PlotRectangle,
        lowest: f64,
        highest: f64,
    ) -> DrawResult {
        let part = if highest > lowest { (self.value - lowest) / (highest - lowest) } else { 0.0 };
        let shade = ((part * SHADES.len() as f64) as usize).min(SHADES.len() - 1);
        board.rectangle(place, paint::HEAT, SHADES[shade])?;
        let (width, height) = (place.right - place.left, place.bottom - place.top);
        let size = board.measures.font - 2.0;
        let fits = |text: &str| {
            fine(width_of(text, size) as i32 + 4) <= width && fine(size as i32) <= height
        };
        let marked = match self.is_good {
            true => format!("✓ {}", self.text),
            false => self.text.clone(),
        };
        let texts = [marked.as_str(), if self.is_good { "✓" } else { self.text.as_str() }];
        let Some(text) = texts.into_iter().find(|text| fits(text)) else { return Ok(()) };
        let middle = ((place.left + place.right) / 2, (place.top + place.bottom) / 2);
        board.text(text, middle, size, paint::INK, CENTRE)
    }
}

fn short(name: &str) -> String {
    crate::report::terminal::cut(name, LONGEST)
}

/// Opacities of the shades, from the lowest figure to the highest.
const SHADES: [f64; 7] = [0.07, 0.22, 0.38, 0.53, 0.69, 0.84, 1.0];
/// Above the cells: the shades and the key of the rows.
const HEAD: i32 = 52;
/// Below them: values and key of the columns.
const FOOT: i32 = 48;
/// Characters of a value.
const LONGEST: usize = 10;
