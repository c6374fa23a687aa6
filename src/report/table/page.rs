//! A table as the template of pages asks for it.

use super::{ReportCell, ReportRow, ReportTable, RowKind, Standing, Units};

/// A cell as a page shows it.
pub(in crate::report) struct ShownCell {
    pub(in crate::report) text: String,
    /// Class of how what it is about stands.
    pub(in crate::report) badge: Option<&'static str>,
}

impl ReportTable {
    /// All rows but that about all.
    pub(in crate::report) fn body(&self) -> impl Iterator<Item = &ReportRow> {
        self.rows.iter().filter(|row| row.kind != RowKind::Total)
    }

    /// The row about all rows.
    pub(in crate::report) fn foot(&self) -> Option<&ReportRow> {
        self.rows.iter().find(|row| row.kind == RowKind::Total)
    }

    /// The cells of a row.
    pub(in crate::report) fn shown(&self, row: &ReportRow) -> Vec<ShownCell> {
        let cells = row.cells.iter().enumerate().map(|(position, cell)| {
            let units = self.columns.get(position).and_then(|column| column.units);
            let text = match units {
                Some(Units::InCell) => cell.brief(),
                _ => cell.bare(),
            };
            ShownCell { text, badge: cell.badge() }
        });
        cells.collect()
    }
}

impl ReportRow {
    /// Its place on the axis as an attribute has it.
    pub(in crate::report) fn place(&self) -> Option<String> {
        self.at.map(|at| format!("{at:.4}"))
    }

    /// Whether it is a heading over those that follow.
    pub(in crate::report) fn is_heading(&self) -> bool {
        self.kind == RowKind::Heading
    }
}

impl ReportCell {
    fn badge(&self) -> Option<&'static str> {
        match self {
            Self::Verdict(standing, _) => Some(standing.class()),
            _ => None,
        }
    }
}

impl Standing {
    /// Its class in a page.
    pub(in crate::report) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Open => "open",
            Self::Bad => "bad",
        }
    }
}
