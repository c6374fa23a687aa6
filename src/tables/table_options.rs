//! What a planner says of a table in the scenario.

/// Order of day and month where digits alone do not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `02/03/2026` is the second of March: `dates = "dmy"`.
    DayFirst,
    /// `02/03/2026` is the third of February: `dates = "mdy"`.
    MonthFirst,
}

/// What stands before the fraction of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `1,250.5`
    Point,
    /// `1.250,5`
    Comma,
}

/// What a planner says of a table in the scenario; all of it may be left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableOptions {
    /// Name of the sheet.
    pub sheet: Option<String>,
    /// Cells of the sheet: `B3:H40`.
    pub range: Option<String>,
    /// Heading by the word for its meaning ([`Meaning::word`](super::Meaning::word)): `time = "Beginn"`.
    pub columns: Vec<NamedColumn>,
    /// Rows to take: those whose cell under each of these headings (or words) is equal, case-folded.
    pub only: Vec<Condition>,
    /// Words for activities in the file (`heading`), by a word that is known (`meaning`).
    pub activities: Vec<NamedColumn>,
    /// Order of day and month.
    pub dates: Option<DateOrder>,
    /// What stands before the fraction.
    pub decimal: Option<DecimalMark>,
}

/// A column that the scenario names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedColumn {
    /// Word for the meaning.
    pub meaning: String,
    /// Its heading in the file.
    pub heading: String,
}

/// A line of `where`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Heading in the file, or the word for its meaning.
    pub column: String,
    /// What must stand there.
    pub value: String,
}
