//! The columns of a roster.

use super::cells::Cell;
use super::day_time::PlannedDay;
use super::finding::TableFinding;
use super::headed_rows::{Frame, TableKind};
use super::headings::Meaning;
use super::normal_forms::BreakKind;
use super::spelling::{date_of, day_words};
use super::table_options::DateOrder;

const BREAKS: [BreakKind; 4] =
    [BreakKind::Break, BreakKind::Lunch, BreakKind::Training, BreakKind::Meeting];

pub(super) const KIND: TableKind = TableKind {
    reads: &[Meaning::Agent, Meaning::Date, Meaning::Weekday, Meaning::Time, Meaning::End],
    matters: &[
        Meaning::Date,
        Meaning::Weekday,
        Meaning::Time,
        Meaning::End,
        Meaning::Activity,
        Meaning::Staff,
        Meaning::Volume,
        Meaning::Break(BreakKind::Break),
        Meaning::Break(BreakKind::Lunch),
        Meaning::Break(BreakKind::Training),
        Meaning::Break(BreakKind::Meeting),
    ],
    of_numbers: None,
    of_words: Some(Meaning::Agent),
};

/// The columns of a roster.
#[derive(Default)]
pub(super) struct ShiftColumns {
    pub(super) agent: usize,
    pub(super) team: Option<usize>,
    pub(super) skill: Option<usize>,
    pub(super) slots: Option<usize>,
    pub(super) speed: Option<usize>,
    pub(super) date: Option<usize>,
    pub(super) weekday: Option<usize>,
    pub(super) time: Option<usize>,
    pub(super) end: Option<usize>,
    pub(super) activity: Option<usize>,
    pub(super) breaks: Vec<BreakColumns>,
    pub(super) days: Vec<DayColumn>,
}

/// The columns of a break: of its start, or of both its ends.
pub(super) struct BreakColumns {
    pub(super) kind: BreakKind,
    pub(super) start: usize,
    pub(super) end: Option<usize>,
}

/// A column with the shifts of a day.
pub(super) struct DayColumn {
    pub(super) column: usize,
    pub(super) day: PlannedDay,
}

impl ShiftColumns {
    pub(super) fn find(frame: &mut Frame<'_>, order: DateOrder) -> Result<Self, TableFinding> {
        let file = frame.sheet.file.clone();
        let missing = |frame: &Frame<'_>, word: &str| {
            let headings = (0..frame.headings().len()).map(|column| frame.heading(column));
            TableFinding::error(format!("{file} has no column for {word}"))
                .allowed(Vec::from_iter(headings).join(", "))
                .help(format!("name it: `columns = {{ {word} = \"…\" }}`"))
        };
        let mut columns = Self {
            agent: frame.take(Meaning::Agent)?.ok_or_else(|| missing(frame, "agent"))?,
            team: frame.take(Meaning::Team)?,
            skill: frame.take(Meaning::Skill)?,
            slots: frame.take(Meaning::Slots)?,
            speed: frame.take(Meaning::Speed)?,
            date: frame.take(Meaning::Date)?,
            weekday: frame.take(Meaning::Weekday)?,
            time: frame.take(Meaning::Time)?,
            end: frame.take(Meaning::End)?,
            activity: frame.take(Meaning::Activity)?,
            ..Self::default()
        };
        columns.breaks = break_columns(frame)?;
        columns.days = day_columns(frame, order);
        for day in &columns.days {
            frame.note(day.column, format!("shifts of {}", day.day));
        }
        if columns.time.is_none() && columns.days.is_empty() {
            return Err(missing(frame, "time"));
        }
        if let (Some(time), Some(day)) = (columns.time, columns.days.first()) {
            let message = format!(
                "columns of shifts by their start and by day: `{}` and `{}`",
                frame.heading(time),
                frame.heading(day.column)
            );
            return Err(TableFinding::error(message).help("choose cells: `range = \"A1:F49\"`"));
        }
        Ok(columns)
    }

    pub(super) fn layout(&self) -> &'static str {
        match (self.activity, self.days.is_empty()) {
            (_, false) => "a row an agent, a column a day",
            (Some(_), true) => "a row an activity",
            (None, true) => "a row a shift",
        }
    }
}

/// Each start of a break with the first end of its kind that stands behind it.
fn break_columns(frame: &mut Frame<'_>) -> Result<Vec<BreakColumns>, TableFinding> {
    let mut breaks = Vec::new();
    for kind in BREAKS {
        let starts = Vec::from_iter(frame.columns_of(Meaning::Break(kind)));
        let ends = Vec::from_iter(frame.columns_of(Meaning::BreakEnd(kind)));
        for (position, &start) in starts.iter().enumerate() {
            let next = starts.get(position + 1).copied().unwrap_or(usize::MAX);
            let end = ends.iter().copied().find(|&end| end > start && end < next);
            frame.note(start, Meaning::Break(kind).word().to_owned());
            if let Some(end) = end {
                frame.note(end, Meaning::BreakEnd(kind).word().to_owned());
            }
            breaks.push(BreakColumns { kind, start, end });
        }
    }
    Ok(breaks)
}

fn day_columns(frame: &Frame<'_>, order: DateOrder) -> Vec<DayColumn> {
    let day = |label: &Cell| {
        let date = date_of(label, order).map(PlannedDay::Date);
        date.or_else(|| day_words(&label.to_string()))
    };
    let columns = (0..frame.headings().len()).filter(|&column| !frame.is_known(column));
    let days = columns
        .filter_map(|column| Some(DayColumn { column, day: day(&frame.headings()[column].own)? }));
    days.collect()
}
