//! Tables for people: a caption, columns, and rows whose cells say what they are. How a cell is
//! written is up to where the table is shown - a terminal, a page, a file in Markdown - and to its
//! unit, not to whoever made the table.

mod cell;
mod markdown;
mod page;
mod text;

pub(super) use self::cell::{NumberUnit, ReportCell, Standing, Units, plain};
pub(super) use self::text::TextTable;

/// A table.
#[derive(Debug)]
pub(super) struct ReportTable {
    /// What it shows.
    pub(super) caption: String,
    /// Its columns; the first names the rows.
    pub(super) columns: Vec<ReportColumn>,
    pub(super) rows: Vec<ReportRow>,
    /// Whether its cells are sentences, not numbers.
    pub(super) is_told: bool,
}

/// A column.
#[derive(Debug, Default)]
pub(super) struct ReportColumn {
    /// What stands at its head.
    pub(super) head: String,
    pub(super) meaning: String,
    /// Position of the variant that it is about.
    pub(super) variant: Option<usize>,
    /// Where the units of its numbers stand, if not where the medium has them.
    units: Option<Units>,
    /// Its head on a terminal, if another.
    brief: Option<&'static str>,
    /// What stands on a terminal over its head and those beside it that have the same.
    over: &'static str,
    /// Columns of a terminal; as wide as what stands in it if not given.
    width: Option<usize>,
    /// Spaces before it on a terminal.
    gap: usize,
    side: Option<Side>,
    /// Whether what stands in it is folded on a terminal, never cut; of the names of rows.
    is_whole: bool,
    /// Whether a terminal has no room for it.
    is_only_in_pages: bool,
}

/// Where cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// A row.
#[derive(Debug)]
pub(super) struct ReportRow {
    /// Its name and the cells behind it; only a name, if it is a heading.
    pub(super) cells: Vec<ReportCell>,
    /// Where it belongs on the axis of a chart, 0 to 1.
    at: Option<f64>,
    kind: RowKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowKind {
    Data,
    /// Over the rows that follow.
    Heading,
    /// About all rows.
    Total,
}

impl ReportTable {
    /// Columns of which only the heads are known.
    pub(super) fn new(
        caption: impl Into<String>,
        heads: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::of(caption, heads.into_iter().map(ReportColumn::new))
    }

    pub(super) fn of(
        caption: impl Into<String>,
        columns: impl IntoIterator<Item = ReportColumn>,
    ) -> Self {
        let (caption, columns) = (caption.into(), columns.into_iter().collect());
        Self { caption, columns, rows: Vec::new(), is_told: false }
    }

    /// More columns, each perhaps about a variant.
    #[must_use]
    pub(super) fn with(mut self, heads: impl IntoIterator<Item = (Option<usize>, String)>) -> Self {
        let columns = heads.into_iter();
        self.columns.extend(columns.map(|(at, head)| ReportColumn::new(head).about(at)));
        self
    }

    /// Its numbers have their units with them, wherever it is shown.
    #[must_use]
    pub(super) fn spoken(mut self) -> Self {
        self.columns.iter_mut().for_each(|column| column.units = Some(Units::InCell));
        self
    }

    /// One more row.
    pub(super) fn push(&mut self, at: Option<f64>, cells: Vec<impl Into<ReportCell>>) {
        self.add(RowKind::Data, at, cells);
    }

    /// A heading over the rows to come.
    pub(super) fn heading(&mut self, text: impl Into<ReportCell>) {
        self.add(RowKind::Heading, None, vec![text]);
    }

    /// Rows under a heading; nothing without any.
    pub(super) fn part(&mut self, heading: impl Into<ReportCell>, rows: Vec<Vec<ReportCell>>) {
        if !rows.is_empty() {
            self.heading(heading);
        }
        rows.into_iter().for_each(|row| self.push(None, row));
    }

    /// A row about all rows.
    pub(super) fn total(&mut self, cells: Vec<impl Into<ReportCell>>) {
        self.add(RowKind::Total, None, cells);
    }

    fn add(&mut self, kind: RowKind, at: Option<f64>, cells: Vec<impl Into<ReportCell>>) {
        let cells = cells.into_iter().map(Into::into).collect();
        self.rows.push(ReportRow { cells, at, kind });
    }
}

/// The name of a row and the cells behind it.
pub(super) fn labelled(
    label: impl Into<ReportCell>,
    cells: impl IntoIterator<Item = ReportCell>,
) -> Vec<ReportCell> {
    std::iter::once(label.into()).chain(cells).collect()
}

impl ReportColumn {
    pub(super) fn new(head: impl Into<String>) -> Self {
        Self { head: head.into(), ..Self::default() }
    }

    /// Names that are told apart by their ends: a terminal has all of them, over several lines.
    #[must_use]
    pub(super) fn whole(self) -> Self {
        Self { is_whole: true, ..self }
    }

    /// So wide on a terminal, what stands in it at the left.
    #[must_use]
    pub(super) fn left(self, width: usize) -> Self {
        Self { width: Some(width), side: Some(Side::Left), ..self }
    }

    /// So wide on a terminal, what stands in it at the right.
    #[must_use]
    pub(super) fn right(self, width: usize) -> Self {
        Self { width: Some(width), side: Some(Side::Right), ..self }
    }

    /// Behind so many spaces on a terminal.
    #[must_use]
    pub(super) fn behind(self, gap: usize) -> Self {
        Self { gap, ..self }
    }

    /// With another head on a terminal.
    #[must_use]
    pub(super) fn briefly(self, head: &'static str) -> Self {
        Self { brief: Some(head), ..self }
    }

    /// Not on a terminal.
    #[must_use]
    pub(super) fn only_in_pages(self) -> Self {
        Self { is_only_in_pages: true, ..self }
    }

    /// With this over its head on a terminal.
    #[must_use]
    pub(super) fn under(self, over: &'static str) -> Self {
        Self { over, ..self }
    }

    /// With the meaning of what stands in it.
    #[must_use]
    pub(super) fn meaning(self, meaning: &str) -> Self {
        Self { meaning: meaning.to_owned(), ..self }
    }

    /// About a variant, by its position.
    #[must_use]
    pub(super) fn about(self, variant: Option<usize>) -> Self {
        Self { variant, ..self }
    }

    /// With the units of its numbers here, wherever it is shown.
    #[must_use]
    pub(super) fn units(self, units: Units) -> Self {
        Self { units: Some(units), ..self }
    }

    /// Where cells stand: in the first column of a table at the left.
    fn side(&self, position: usize) -> Side {
        self.side.unwrap_or(if position == 0 { Side::Left } else { Side::Right })
    }
}
