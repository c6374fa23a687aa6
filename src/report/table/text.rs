//! A table on a terminal of 80 columns. What is too wide goes on in another block of columns, each
//! with the names of the rows; no two names are cut to the same.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthStr as _;

use super::{ReportColumn, ReportRow, ReportTable, RowKind, Side, Units};
use crate::report::terminal::{WIDTH, broken, cut, folded, folded_whole, visible};

/// A table that is written row by row.
pub(in crate::report) struct TextTable<'a> {
    columns: &'a [ReportColumn],
    widths: Vec<usize>,
    /// The lines of each head.
    heads: Vec<Vec<String>>,
    /// The lines of each name of a row.
    names: BTreeMap<String, Vec<String>>,
    /// Positions of columns beside each other.
    blocks: Vec<Vec<usize>>,
}

impl ReportTable {
    /// Its heads and rows, for a terminal.
    pub(in crate::report) fn text(&self) -> String {
        let text = TextTable::new(self);
        let blocks = text.blocks.iter().map(|block| {
            let rows = self.rows.iter().map(|row| text.lines(block, row));
            text.heads(block) + &String::from_iter(rows)
        });
        blocks.collect()
    }
}

impl<'a> TextTable<'a> {
    pub(in crate::report) fn new(table: &'a ReportTable) -> Self {
        let columns = table.columns.as_slice();
        let widths = widths(table);
        let width = widths.first().copied().unwrap_or(WIDTH);
        let names = table.rows.iter().filter(|row| row.kind != RowKind::Heading);
        let names = Vec::from_iter(names.map(|row| (written(columns, row, 0), width)));
        let is_whole = columns.first().is_some_and(|first| first.is_whole);
        let short = distinct(&names, |name, width| match is_whole {
            true => folded_whole(name, width),
            false => vec![cut(name, width)],
        });
        let names = names.into_iter().map(|(name, _)| name).zip(short).collect();
        let heads = columns.iter().map(|column| column.brief().to_owned());
        let heads = Vec::from_iter(heads.zip(widths.iter().copied()));
        let heads = distinct(&heads, |head, width| folded(head, width, LINES_A_HEAD));
        let blocks = blocks(columns, &widths);
        Self { columns, widths, heads, names, blocks }
    }

    /// What stands over the rows.
    pub(in crate::report) fn head(&self) -> String {
        self.blocks.first().map_or_else(String::new, |block| self.heads(block))
    }

    /// A row; of a table of several blocks what stands in the first.
    pub(in crate::report) fn row(&self, row: &ReportRow) -> String {
        self.blocks.first().map_or_else(String::new, |block| self.lines(block, row))
    }

    fn heads(&self, block: &[usize]) -> String {
        let height = block.iter().map(|&at| match self.heads[at].as_slice() {
            [only] if only.is_empty() => 0,
            lines => lines.len() + usize::from(!self.columns[at].over.is_empty()),
        });
        let height = height.max().unwrap_or(0);
        let line = |line: usize| {
            let mut text = String::new();
            let mut block = block.iter().copied().peekable();
            while let Some(at) = block.next() {
                let (column, lines) = (&self.columns[at], &self.heads[at]);
                let above = height - lines.len().min(height);
                let head = line.checked_sub(above).and_then(|line| lines.get(line));
                let mut head = head.map_or("", String::as_str);
                let mut width = self.widths[at];
                if line == 0 && above > 0 && !column.over.is_empty() {
                    head = column.over;
                    while let Some(next) = block.next_if(|&next| self.columns[next].over == head) {
                        width += self.columns[next].gap(next) + self.widths[next];
                    }
                }
                text += &" ".repeat(column.gap(at));
                text += &placed(head, width, column.side(at));
            }
            format!("{}\n", text.trim_end())
        };
        (0..height).map(line).collect()
    }

    fn lines(&self, block: &[usize], row: &ReportRow) -> String {
        let name = written(self.columns, row, 0);
        if row.kind == RowKind::Heading {
            return format!("\n{}\n", cut(&name, WIDTH));
        }
        let mut lines = self.names.get(&name).cloned().unwrap_or_else(|| vec![name]).into_iter();
        let first = lines.next().unwrap_or_default();
        let mut text = placed(&first, self.widths[0], self.columns[0].side(0));
        for &at in block.get(1..).unwrap_or_default() {
            let (column, width) = (&self.columns[at], self.widths[at]);
            let units = column.units.unwrap_or(Units::InCell);
            let cell = row.cells.get(at).map(|cell| cell.written(units, width));
            text += &" ".repeat(column.gap(at));
            text += &placed(&cell.unwrap_or_default(), width, column.side(at));
        }
        let lines = std::iter::once(text).chain(lines);
        lines.map(|line| format!("{}\n", line.trim_end())).collect()
    }
}

impl ReportColumn {
    fn brief(&self) -> &str {
        self.brief.unwrap_or(&self.head)
    }

    /// Spaces before it.
    fn gap(&self, at: usize) -> usize {
        match at {
            0 => 0,
            _ if self.width.is_none() => self.gap.max(2),
            _ => self.gap,
        }
    }
}

/// What stands in a cell.
fn written(columns: &[ReportColumn], row: &ReportRow, at: usize) -> String {
    written_in(columns, row, at, WIDTH)
}

/// What stands in a cell where there is room for so many columns.
fn written_in(columns: &[ReportColumn], row: &ReportRow, at: usize, room: usize) -> String {
    let units = columns.get(at).and_then(|column| column.units).unwrap_or(Units::InCell);
    row.cells.get(at).map_or_else(String::new, |cell| cell.written(units, room))
}

/// How wide each column is: as given, or as what stands in it; no name so wide that no cell fits
/// beside it.
fn widths(table: &ReportTable) -> Vec<usize> {
    let own = table.columns.iter().enumerate().map(|(at, column)| {
        let rows = table.rows.iter().filter(|row| row.kind != RowKind::Heading);
        let room = column.width.unwrap_or(WIDTH);
        let widest = rows.map(|row| visible(&written_in(&table.columns, row, at, room)).width());
        let widest = widest.max().unwrap_or(0);
        match column.width {
            // A number is never cut, and never runs together with the one before it.
            Some(width) if at > 0 && column.side(at) == Side::Right => {
                width.max(widest + usize::from(column.gap == 0))
            }
            Some(width) => width,
            None => widest.max(column.brief().width()).max(2),
        }
    });
    let mut widths = Vec::from_iter(own);
    let gaps = Vec::from_iter(table.columns.iter().enumerate().map(|(at, column)| column.gap(at)));
    let shown = (1..widths.len()).filter(|&at| !table.columns[at].is_only_in_pages);
    let others = shown.map(|at| gaps[at] + widths[at]).sum::<usize>();
    let most = if others == 0 { WIDTH } else { WIDTH.saturating_sub(others).max(WIDTH / 2) };
    let first = widths.first().map_or(0, |first| most.min(*first));
    for (at, width) in widths.iter_mut().enumerate() {
        *width = (*width).min(if at == 0 { first } else { WIDTH - first - gaps[at] });
    }
    widths
}

/// As many columns beside each other as fit, the first in each block.
fn blocks(columns: &[ReportColumn], widths: &[usize]) -> Vec<Vec<usize>> {
    let Some(first) = widths.first() else { return Vec::new() };
    let (mut blocks, mut used) = (vec![vec![0]], *first);
    for at in (1..widths.len()).filter(|&at| !columns[at].is_only_in_pages) {
        let width = columns[at].gap(at) + widths[at];
        if used + width > WIDTH {
            blocks.push(vec![0]);
            used = *first;
        }
        used += width;
        if let Some(block) = blocks.last_mut() {
            block.push(at);
        }
    }
    blocks
}

/// Texts made short to their widths, but in full, over several lines, where two of them would read
/// the same.
fn distinct(
    texts: &[(String, usize)],
    shorten: impl Fn(&str, usize) -> Vec<String>,
) -> Vec<Vec<String>> {
    let short = texts.iter().map(|(text, width)| shorten(text, *width));
    let short = Vec::from_iter(short);
    let mut of: BTreeMap<&[String], BTreeSet<&str>> = BTreeMap::new();
    for (lines, (text, _)) in short.iter().zip(texts) {
        of.entry(lines).or_default().insert(text);
    }
    let lines = short.iter().zip(texts).map(|(lines, (text, width))| {
        if of[lines.as_slice()].len() > 1 { broken(text, *width) } else { lines.clone() }
    });
    lines.collect()
}

/// Padded to so many columns, and cut to them.
fn placed(text: &str, width: usize, side: Side) -> String {
    let text = cut(text, width);
    let padding = " ".repeat(width - text.width().min(width));
    match side {
        Side::Left => text + &padding,
        Side::Right => padding + &text,
    }
}

const LINES_A_HEAD: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Span;
    use crate::report::table::{NumberUnit, ReportCell, Standing, labelled};

    #[test]
    fn a_number_that_is_too_wide_makes_its_column_wider_and_touches_no_other() {
        let [name, one, other] = ["", "one", "other"].map(ReportColumn::new);
        let mut table = ReportTable::of("", [name.left(8), one.right(10), other.right(10)]);
        let counts = [1_234_567_890, 55].map(ReportCell::Count);
        table.push(None, labelled("all", counts));
        table.push(None, labelled("some", [99_999_999, 7].map(ReportCell::Count)));
        let expected = [
            "                   one     other",
            "all      1,234,567,890        55",
            "some        99,999,999         7",
        ];
        assert_eq!(Vec::from_iter(table.text().lines()), expected);
    }

    #[test]
    fn cells_are_written_with_their_units_and_fit_their_columns() {
        let [name, one, other] = ["", "one", "other"].map(ReportColumn::new);
        let columns = [name.left(6), one.right(14), other.right(9).behind(1)];
        let mut table = ReportTable::of("", columns);
        table.heading("Part");
        table.push(None, vec!["share".into(), ReportCell::share(0.831).within(Some(0.01))]);
        table.push(
            None,
            vec![
                ReportCell::Clock(Span::from_mins(545)),
                ReportCell::seconds(750.0).within(Some(5.0)),
                ReportCell::Nothing,
            ],
        );
        table.push(
            None,
            vec![
                ReportCell::text("客服客服"),
                ReportCell::Count(1234),
                ReportCell::verdict(Standing::Bad, "missed"),
            ],
        );
        let expected = [
            "                 one     other",
            "",
            "Part",
            "share   83.1 % ± 1.0",
            "09:05        12m 30s         –",
            "客服…          1,234    missed",
        ];
        assert_eq!(Vec::from_iter(table.text().lines()), expected);
        let cells = [
            (ReportCell::amount(1234.5), "1,234"),
            (ReportCell::number(0.5, NumberUnit::Alike).within(Some(0.123)), "0.500 ± 0.123"),
            (ReportCell::fixed(2, 1.0), "1.00"),
            (ReportCell::number(-0.01, NumberUnit::Points).within(Some(0.002)), "-1.00 ± 0.20"),
            (ReportCell::number(2.5, NumberUnit::Deviations), "+2.5"),
            (ReportCell::number(0.0123, NumberUnit::Latency), "12.3 ms"),
            (ReportCell::number(0.0123, NumberUnit::Rough), "12 ms"),
            (ReportCell::number(12.0, NumberUnit::Rate), "12/s"),
            (ReportCell::number(28e6, NumberUnit::Memory), "28 MB"),
            (ReportCell::Blank, ""),
        ];
        for (cell, text) in cells {
            assert_eq!(cell.written(Units::InCell, WIDTH), text);
        }
    }

    #[test]
    fn no_line_is_too_wide_and_no_two_names_read_the_same() {
        let long = |end: &str| "客服 a very long name ".repeat(9) + end;
        for (columns, width) in [1, 2, 5, 30]
            .into_iter()
            .flat_map(|columns| [None, Some(7), Some(100)].map(move |width| (columns, width)))
        {
            let heads = (0..columns).map(|at| ReportColumn::new(long(&at.to_string())));
            let heads = heads.map(|head| match width {
                Some(width) => head.right(width),
                None => head,
            });
            let mut table = ReportTable::of("", heads);
            for end in ["one", "two"] {
                table.push(None, vec![long(end); columns]);
            }
            let text = table.text();
            let widest = text.lines().map(|line| line.width()).max();
            assert!(widest <= Some(WIDTH), "{text}");
            let read = TextTable::new(&table);
            let names = BTreeSet::from_iter(read.names.values());
            let heads = BTreeSet::from_iter(&read.heads);
            assert_eq!((names.len(), heads.len()), (2, columns), "{text}");
        }
    }

    #[test]
    fn what_two_heads_have_in_common_stands_over_both() {
        let [name, one, other] = ["", "half", "all"].map(ReportColumn::new);
        let columns =
            [name.left(4), one.right(8).under("late by"), other.right(8).under("late by")];
        let mut table = ReportTable::of("", columns);
        table.push(None, vec!["row", "1", "2"]);
        let expected = ["             late by", "        half     all", "row        1       2"];
        assert_eq!(Vec::from_iter(table.text().lines()), expected);
    }
}
