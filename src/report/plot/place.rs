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

/// The parts of an upright line that lie in none of these labels.
pub(super) fn beside(x: i32, top: i32, bottom: i32, labels: &[PlotRectangle]) -> Vec<[i32; 2]> {
    let crossed = labels.iter().filter(|label| label.left < x && x < label.right);
    let mut crossed = Vec::from_iter(crossed.map(|label| [label.top, label.bottom]));
    crossed.sort_unstable();
    let mut from = top;
    let mut parts = Vec::new();
    for [start, end] in crossed.into_iter().chain([[bottom, bottom]]) {
        if start > from {
            parts.push([from, start.min(bottom)]);
        }
        from = from.max(end);
    }
    parts
}

impl PlotRectangle {
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    pub(super) fn is_inside(&self, other: &Self) -> bool {
        self.left >= other.left
            && self.right <= other.right
            && self.top >= other.top
            && self.bottom <= other.bottom
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_through_no_label() {
        let label = |left, top| PlotRectangle { left, top, right: left + 20, bottom: top + 10 };
        let labels = [label(0, 30), label(40, 0), label(10, 5)];
        assert_eq!(beside(15, 0, 100, &labels), [[0, 5], [15, 30], [40, 100]]);
        assert_eq!(beside(50, 0, 100, &labels), [[10, 100]]);
        assert_eq!(beside(90, 0, 100, &labels), [[0, 100]]);
        assert_eq!(beside(15, 0, 35, &labels), [[0, 5], [15, 30]]);
    }
}
