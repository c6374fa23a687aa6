//! What was understood of a table, for `check` to print.

use std::fmt::Write;

use jiff::civil::Date;

/// What was understood of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Echo {
    /// Name of the file.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Cells that were looked at: `A1:F98`.
    pub range: String,
    /// `UTF-8`, `Windows-1252`; none of workbooks.
    pub encoding: Option<String>,
    /// What separates fields; none of workbooks.
    pub separator: Option<char>,
    /// What stands before fractions, and why it is known: `comma: 1.250,5 in row 4, column B`.
    pub decimal: Option<String>,
    /// How dates are written, and why it is known: `day first: 13/03/2026 in row 14, column A`.
    pub dates: Option<String>,
    /// The layout in words: `a column a weekday`.
    pub layout: String,
    /// Rows with data that were taken.
    pub rows: usize,
    /// From when to when, in words: `Mon 2 Mar 2026 00:00 to Sun 8 Mar 2026 23:45, every 15 min`.
    pub span: String,
    /// Total by key and day.
    pub totals: Vec<KeyTotal>,
    /// Agents of a roster.
    pub agents: Option<usize>,
    /// Hours of presence of a roster, without breaks that are not worked.
    pub hours: Option<f64>,
    /// Columns with a meaning.
    pub used: Vec<UsedColumn>,
    /// Headings of columns that were not used.
    pub unused: Vec<String>,
}

/// A column and what it was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedColumn {
    /// Its heading, or its letter if it has none.
    pub heading: String,
    /// What it means.
    pub meaning: String,
}

/// Sum of the values of a key on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyTotal {
    /// Skill; none if the table has no skills.
    pub key: Option<String>,
    /// The day in words.
    pub day: String,
    /// Its date, if it has one.
    pub date: Option<Date>,
    /// The sum.
    pub total: f64,
}

impl Echo {
    /// Whether both are of the same rows, whatever was read of them.
    pub fn is_of_same_rows(&self, other: &Self) -> bool {
        let of_rows = |echo: &Self| {
            let (totals, used, unused) = (Vec::new(), Vec::new(), Vec::new());
            Self { totals, used, unused, decimal: None, ..echo.clone() }
        };
        of_rows(self) == of_rows(other)
    }

    /// The echo as lines of text.
    pub fn lines(&self) -> Vec<String> {
        let mut first = self.file.clone();
        if let Some(sheet) = &self.sheet {
            write!(first, ", sheet {sheet}").unwrap_or_default();
        }
        write!(first, ", {}", self.range).unwrap_or_default();
        if let Some(encoding) = &self.encoding {
            write!(first, ", {encoding}").unwrap_or_default();
        }
        if let Some(separator) = self.separator {
            let name = if separator == '\t' { "tabs".into() } else { format!("`{separator}`") };
            write!(first, ", separated by {name}").unwrap_or_default();
        }
        let rows = if self.rows == 1 { "row" } else { "rows" };
        let mut lines =
            vec![first, format!("{}, {} {rows}, {}", self.layout, self.rows, self.span)];
        let form =
            |name: &str, form: &Option<String>| form.as_ref().map(|form| format!("{name}: {form}"));
        lines.extend(form("decimals", &self.decimal));
        lines.extend(form("dates", &self.dates));
        if let (Some(agents), Some(hours)) = (self.agents, self.hours) {
            let noun = if agents == 1 { "agent" } else { "agents" };
            lines.push(format!("{agents} {noun}, {} hours", short(hours)));
        }
        lines.extend(self.totals.iter().map(|KeyTotal { key, day, total, .. }| {
            let key = key.as_ref().map_or_else(String::new, |key| format!("{key}, "));
            format!("{key}{day}: {}", short(*total))
        }));
        let used =
            self.used.iter().map(|column| format!("{} = {}", column.heading, column.meaning));
        lines.push(format!("columns used: {}", Vec::from_iter(used).join(", ")));
        if !self.unused.is_empty() {
            lines.push(format!("columns not used: {}", self.unused.join(", ")));
        }
        lines
    }
}

/// At most three decimals, no zeros behind them.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}
