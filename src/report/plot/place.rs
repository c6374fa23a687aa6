//! Places in a picture, in drawing units.

/// A rectangle.
#[derive(Clone, Copy)]
pub(in crate::report) struct PlotRectangle {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

/// A row that goes on below as far as what is drawn in it.
#[derive(Clone, Copy)]
pub(super) struct PlotRow {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
}

impl PlotRectangle {
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}
