//! One finding a cause, however many cells it spoils.

use super::finding::TableFinding;

/// Findings by what they say.
#[derive(Default)]
pub(super) struct Causes(Vec<CellCause>);

struct CellCause {
    finding: TableFinding,
    cells: usize,
}

impl Causes {
    /// One more cell.
    pub(super) fn add(&mut self, finding: TableFinding) {
        let is_same = |cause: &&mut CellCause| cause.finding.message == finding.message;
        match self.0.iter_mut().find(is_same) {
            Some(cause) => cause.cells += 1,
            None => self.0.push(CellCause { finding, cells: 1 }),
        }
    }

    /// The findings, each with count and first place.
    pub(super) fn findings(self) -> Vec<TableFinding> {
        let told = |CellCause { mut finding, cells }: CellCause| {
            let place = finding.place.as_ref().map(ToString::to_string);
            finding.message = match (cells, place) {
                (1, Some(place)) => format!("{}: {place}", finding.message),
                (_, Some(place)) => {
                    format!("{}: {cells} cells, the first in {place}", finding.message)
                }
                (_, None) => finding.message,
            };
            finding
        };
        self.0.into_iter().map(told).collect()
    }
}
