//! Tables for people who look at a page or copy from it: cells hold plain numbers, units stand in
//! the head.

use super::format::number;

/// A table.
#[derive(Debug)]
pub(super) struct PageTable {
    /// What it shows.
    pub(super) caption: String,
    /// Its columns; the first names the rows.
    pub(super) columns: Vec<PageColumn>,
    /// Its rows.
    pub(super) rows: Vec<PageRow>,
    /// Cells of a row about all rows.
    pub(super) total: Option<Vec<String>>,
    /// Whether its cells are sentences, not numbers.
    pub(super) is_told: bool,
}

/// A column.
#[derive(Debug)]
pub(super) struct PageColumn {
    /// What stands at its head.
    pub(super) head: String,
    /// What it means.
    pub(super) meaning: String,
    /// Position of the variant that it is about.
    pub(super) variant: Option<usize>,
}

/// A row.
#[derive(Debug, Default)]
pub(super) struct PageRow {
    /// Where it belongs on the axis of a chart, 0 to 1.
    pub(super) at: Option<f64>,
    /// Its name and the cells behind it; only a name, if it is a heading.
    pub(super) cells: Vec<String>,
    /// How what it is about stands, `good`, `open` or `bad`: its last cell says so in words.
    pub(super) standing: Option<&'static str>,
}

impl PageTable {
    /// Columns without explanations.
    pub(super) fn new(caption: impl Into<String>, heads: impl IntoIterator<Item = String>) -> Self {
        let columns = heads.into_iter();
        let columns =
            columns.map(|head| PageColumn { head, meaning: String::new(), variant: None });
        let (columns, caption) = (columns.collect(), caption.into());
        Self { caption, columns, rows: Vec::new(), total: None, is_told: false }
    }

    /// More columns, each about a variant.
    #[must_use]
    pub(super) fn with(mut self, heads: impl IntoIterator<Item = (usize, String)>) -> Self {
        let columns = heads.into_iter().map(|(variant, head)| {
            let (meaning, variant) = (String::new(), Some(variant));
            PageColumn { head, meaning, variant }
        });
        self.columns.extend(columns);
        self
    }

    /// One more row.
    pub(super) fn push(&mut self, at: Option<f64>, cells: Vec<String>) {
        self.rows.push(PageRow { at, cells, standing: None });
    }

    /// One more row whose last cell says how what it is about stands.
    pub(super) fn judge(&mut self, standing: &'static str, cells: Vec<String>) {
        self.rows.push(PageRow { at: None, cells, standing: Some(standing) });
    }
}

impl PageRow {
    /// Its place on the axis as an attribute has it.
    pub(super) fn place(&self) -> Option<String> {
        self.at.map(|at| format!("{at:.4}"))
    }

    /// Whether it is a heading over those that follow.
    pub(super) fn is_heading(&self) -> bool {
        self.cells.len() == 1
    }
}

/// A share in percent, without the sign.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// A share in percent and half its interval, without the sign.
pub(super) fn percent_with(share: f64, half: Option<f64>) -> String {
    match half {
        Some(half) => format!("{} ± {}", percent(share), percent(half)),
        None => percent(share),
    }
}

/// A number without separators, so that a spreadsheet takes it for one.
pub(super) fn plain(value: f64) -> String {
    number(value).replace(',', "")
}

/// Seconds, whole unless there are few.
pub(super) fn whole_seconds(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

/// What stands where there is nothing.
pub(super) fn or_dash(value: Option<f64>, text: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), text)
}
