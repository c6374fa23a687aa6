//! A table in Markdown.

use super::{ReportTable, RowKind, Side, Units};
use crate::report::terminal::visible;

impl ReportTable {
    /// Its head and a line a row; headings and totals are bold.
    pub(in crate::report) fn markdown(&self) -> String {
        let rule = |(position, column): (usize, &super::ReportColumn)| match column.side(position) {
            Side::Left => "---|",
            Side::Right => "--:|",
        };
        let heads = line(self.columns.iter().map(|column| column.head.clone()));
        let rule = String::from_iter(self.columns.iter().enumerate().map(rule));
        let rows = self.rows.iter().map(|row| {
            let cells = row.cells.iter().zip(&self.columns).map(|(cell, column)| {
                let text = cell.written(column.units.unwrap_or(Units::InCell), usize::MAX);
                let is_bold = row.kind != RowKind::Data && !text.is_empty();
                if is_bold { format!("**{text}**") } else { text }
            });
            let more = self.columns.len() - row.cells.len().min(self.columns.len());
            line(cells.chain(std::iter::repeat_n(String::new(), more)))
        });
        format!("{heads}|{rule}\n{}", String::from_iter(rows))
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells = cells.map(|cell| format!(" {} |", visible(&cell).replace('|', "\\|")));
    format!("|{}\n", String::from_iter(cells))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::ReportCell;

    #[test]
    fn cells_stand_under_their_heads_and_no_name_ends_one() {
        let mut table = ReportTable::new("", ["name", "share", "count"]);
        table.heading("All");
        table.push(
            None,
            vec![
                ReportCell::text("a|b\nc"),
                ReportCell::share(0.5).within(Some(0.01)),
                ReportCell::Nothing,
            ],
        );
        table.total(vec!["sum".into(), ReportCell::Blank, ReportCell::Count(1234)]);
        let expected = "| name | share | count |\n|---|--:|--:|\n| **All** |  |  |\n\
                        | a\\|b\u{fffd}c | 50.0 % ± 1.0 | – |\n| **sum** |  | **1,234** |\n";
        assert_eq!(table.markdown(), expected);
    }
}
