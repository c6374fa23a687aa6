//! What goes on side by side: lanes of episodes over a common axis, each lane under its name.

use super::board::{DrawResult, LEFT, PlotBoard, PlotRectangle, fine};
use super::canvas::width_of;
use super::{Axis, PlotBody, PlotSize, paint};

/// Lanes over an axis.
pub(in crate::report) struct Timeline {
    /// The axis across.
    pub(in crate::report) axis: Axis,
    /// From the top.
    pub(in crate::report) lanes: Vec<Lane>,
}

/// Episodes one after the other.
pub(in crate::report) struct Lane {
    /// What they are about.
    pub(in crate::report) name: String,
    /// None over another.
    pub(in crate::report) episodes: Vec<LaneEpisode>,
}

/// Something that goes on for a while.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct LaneEpisode {
    /// Where it begins on the axis.
    pub(in crate::report) from: f64,
    /// Where it ends.
    pub(in crate::report) to: f64,
    /// Position among the colours; none: grey.
    pub(in crate::report) colour: Option<usize>,
    /// What is written into it, if there is room for all of it.
    pub(in crate::report) text: String,
}

impl PlotBody for Timeline {
    fn height(&self, _: PlotSize) -> i32 {
        self.lanes.len() as i32 * ROW + 58
    }

    fn draw(&self, board: &PlotBoard, whole: PlotRectangle) -> DrawResult {
        let (left, right) = (whole.left + fine(20), whole.right - fine(26));
        let (top, bottom) = (whole.top + fine(8), whole.bottom - fine(48));
        let across = self.axis.between(left, right);
        let most = (right - left) / fine(TICK_WIDTH);
        self.axis.draw(board, PlotRectangle { left, top, right, bottom }, most as usize)?;
        for (row, lane) in self.lanes.iter().enumerate() {
            let top = top + fine(row as i32 * ROW);
            board.canvas.halo(true);
            board.label(&lane.name, (left, top + fine(9)), LEFT)?;
            board.canvas.halo(false);
            for episode in &lane.episodes {
                episode.draw(board, top + fine(20), &across)?;
            }
        }
        Ok(())
    }
}

impl LaneEpisode {
    fn draw(&self, board: &PlotBoard, top: i32, across: &dyn Fn(f64) -> i32) -> DrawResult {
        // What is too short to be seen is drawn a little longer.
        let (left, right) = (across(self.from), across(self.to));
        let (right, bottom) = (right.max(left + fine(2)), top + fine(20));
        let colour = self.colour.map_or(paint::SHADE, paint::series);
        board.rectangle(PlotRectangle { left, top, right, bottom }, colour, 1.0)?;
        // A rim keeps neighbours of the same colour apart.
        board.stroke(&[(left, top), (left, bottom)], paint::PAPER, 1.0)?;
        let size = board.measures.font - 1.0;
        if width_of(&self.text, size) > f64::from((right - left) / fine(1)) - 8.0 {
            return Ok(());
        }
        let ink = self.colour.map_or(paint::INK, paint::ink_on);
        board.text(&self.text, (left + fine(5), (top + bottom) / 2), size, ink, LEFT)
    }
}

const ROW: i32 = 50;
/// Room for a text under a tick.
const TICK_WIDTH: i32 = 64;
