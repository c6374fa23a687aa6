//! Where the values of a table of intervals stand: in a column of their own, or in one a weekday, date,
//! interval or skill.

use super::cells::Cell;
use super::contents::Content;
use super::day_time::{DayTime, PlannedDay};
use super::finding::TableFinding;
use super::headed_rows::{Frame, HeadingCells, TableKind, cell};
use super::headings::{Meaning, folded, is_total, seconds_of_unit, unit};
use super::normal_forms::Quantity;
use super::spelling::{clock_of, date_of, day_words};
use super::table_options::DateOrder;

/// A column of values, and what its heading says of them.
#[derive(Clone, Debug, Default)]
pub(super) struct ValueColumn {
    pub(super) column: usize,
    pub(super) day: Option<PlannedDay>,
    pub(super) start: Option<DayTime>,
    pub(super) end: Option<DayTime>,
    pub(super) key: Option<String>,
}

/// The columns of a table of intervals.
pub(super) struct IntervalColumns {
    pub(super) date: Option<usize>,
    pub(super) weekday: Option<usize>,
    pub(super) time: Option<usize>,
    pub(super) end: Option<usize>,
    pub(super) skill: Option<usize>,
    pub(super) values: Vec<ValueColumn>,
    /// Sums of each row.
    pub(super) sums: Vec<usize>,
    /// By how much values are multiplied: 60 where handle times are minutes.
    pub(super) factor: f64,
    pub(super) layout: &'static str,
}

/// What each quantity is read from.
pub(super) fn kind_of(quantity: Quantity) -> TableKind {
    const READS: [Meaning; 8] = [
        Meaning::Date,
        Meaning::Weekday,
        Meaning::Time,
        Meaning::End,
        Meaning::Skill,
        Meaning::Volume,
        Meaning::HandleTime,
        Meaning::Staff,
    ];
    TableKind {
        reads: &READS,
        matters: &[
            Meaning::Date,
            Meaning::Weekday,
            Meaning::Time,
            Meaning::End,
            Meaning::Skill,
            Meaning::Agent,
            Meaning::Team,
            Meaning::Activity,
        ],
        of_numbers: Some(meaning_of(quantity)),
        of_words: None,
    }
}

pub(super) fn meaning_of(quantity: Quantity) -> Meaning {
    match quantity {
        Quantity::Volume => Meaning::Volume,
        Quantity::HandleTime => Meaning::HandleTime,
        Quantity::Staff => Meaning::Staff,
    }
}

impl IntervalColumns {
    pub(super) fn find(
        frame: &mut Frame<'_>,
        quantity: Quantity,
        order: DateOrder,
    ) -> Result<Self, TableFinding> {
        let (date, weekday) = (frame.take(Meaning::Date)?, frame.take(Meaning::Weekday)?);
        let (time, end) = (frame.take(Meaning::Time)?, frame.take(Meaning::End)?);
        let skill = frame.take(Meaning::Skill)?;
        let mut columns = Self {
            date,
            weekday,
            time,
            end,
            skill,
            values: Vec::new(),
            sums: Vec::new(),
            factor: 1.0,
            layout: "a row an interval",
        };
        let meaning = meaning_of(quantity);
        let own = Vec::from_iter(frame.columns_of(meaning));
        let wide = columns.labelled_columns(frame, order);
        if let (Some(&column), false) = (own.first(), wide.len() < 2) {
            return Err(TableFinding::error(
                "a column of values, and columns of days or clock times",
            )
            .found(frame.heading(column))
            .help("choose cells: `range = \"A1:F49\"`"));
        }
        columns.values = match own.as_slice() {
            [] if !wide.is_empty() => wide,
            [] => columns.skill_columns(frame, meaning, order),
            [column] => vec![ValueColumn { column: *column, ..ValueColumn::default() }],
            several => columns.columns_under_labels(frame, several, order)?,
        };
        if columns.values.is_empty() {
            let word = meaning.word();
            return Err(TableFinding::error(format!(
                "{} has no column for {word}",
                frame.sheet.file
            ))
            .allowed(
                Vec::from_iter((0..frame.headings().len()).map(|it| frame.heading(it))).join(", "),
            )
            .help(format!("name it: `columns = {{ {word} = \"…\" }}`")));
        }
        if columns.values.len() > 1 {
            let all = (0..frame.headings().len()).filter(|&column| !frame.is_known(column));
            columns.sums = all.filter(|&column| is_total(&frame.heading(column))).collect();
        }
        columns.factor = factor(frame, &columns.values, quantity)?;
        columns.layout = columns.layout_in_words();
        for value in &columns.values {
            frame.note(value.column, format!("{}{}", meaning.word(), value.of_what()));
        }
        for &sum in &columns.sums {
            frame.note(sum, "sum of the row, checked".to_owned());
        }
        Ok(columns)
    }

    /// Columns over which a weekday, date or clock time stands.
    fn labelled_columns(&self, frame: &Frame<'_>, order: DateOrder) -> Vec<ValueColumn> {
        let columns = 0..frame.headings().len();
        let labelled = columns.filter(|&column| !frame.is_known(column)).filter_map(|column| {
            let mut value = ValueColumn { column, ..ValueColumn::default() };
            value.label(&frame.headings()[column].own, order).then_some(value)
        });
        Vec::from_iter(labelled)
    }

    /// Columns of numbers under headings that are not known: those of skills.
    fn skill_columns(
        &self,
        frame: &Frame<'_>,
        meaning: Meaning,
        order: DateOrder,
    ) -> Vec<ValueColumn> {
        let has_clock = self.time.or(self.end).is_some();
        if !has_clock || self.skill.is_some() {
            return Vec::new();
        }
        let mut values = Vec::new();
        for (column, HeadingCells { own, .. }) in frame.headings().iter().enumerate() {
            let cells = frame.all_rows.iter().map(|row| cell(row, column));
            let is_numbers = matches!(Content::of(cells), Content::Number | Content::Nothing);
            if frame.is_known(column) || own.is_empty() || !is_numbers {
                continue;
            }
            let text = own.to_string();
            if is_total(&text) {
                continue;
            }
            match skill_of_heading(&text) {
                // Handle times beside the volumes of a skill, say.
                Some(SkillHeading { quantity: Some(other), .. }) if other != meaning => {}
                Some(SkillHeading { skill, .. }) => {
                    values.push(ValueColumn { column, key: Some(skill), ..ValueColumn::default() });
                }
                None => {}
            }
        }
        let is_twice = |value: &ValueColumn| {
            values.iter().filter(|other| other.of_what() == value.of_what()).count() > 1
        };
        if values.iter().any(is_twice) {
            for value in &mut values {
                let above = frame.headings()[value.column].above.clone();
                value.label(&above, order);
            }
        }
        values
    }

    /// Several columns of the quantity, each under the label of a skill, day or clock time.
    fn columns_under_labels(
        &self,
        frame: &mut Frame<'_>,
        columns: &[usize],
        order: DateOrder,
    ) -> Result<Vec<ValueColumn>, TableFinding> {
        let mut values = Vec::<ValueColumn>::new();
        for &column in columns {
            let above = frame.headings()[column].above.clone();
            let mut value = ValueColumn { column, ..ValueColumn::default() };
            if above.is_empty() || is_total(&above.to_string()) {
                // Says which two there are.
                frame.take(Meaning::of(&frame.heading(column)).unwrap_or(Meaning::Volume))?;
            }
            if !value.label(&above, order) {
                value.key = Some(above.to_string());
            }
            let is_same = |known: &ValueColumn| known.of_what() == value.of_what();
            if values.iter().any(is_same) {
                frame.take(Meaning::of(&frame.heading(column)).unwrap_or(Meaning::Volume))?;
            }
            values.push(value);
        }
        Ok(values)
    }

    fn layout_in_words(&self) -> &'static str {
        match self.values.first() {
            Some(ValueColumn { day: Some(PlannedDay::Date(_)), .. }) => "a column a date",
            Some(ValueColumn { day: Some(_), .. }) => "a column a weekday",
            Some(ValueColumn { start: Some(_), .. }) => "a column an interval",
            Some(ValueColumn { key: Some(_), .. }) => "a column a skill",
            _ => "a row an interval",
        }
    }
}

impl ValueColumn {
    /// Takes what a label says of day or clock; whether it says either.
    fn label(&mut self, label: &Cell, order: DateOrder) -> bool {
        let text = label.to_string();
        if let Some(day) = day_words(&text) {
            self.day = Some(day);
        } else if let Some(clock) = clock_of(label).filter(|_| date_of(label, order).is_none()) {
            (self.start, self.end) = (Some(clock.start), clock.end);
        } else if let Some(date) = date_of(label, order) {
            self.day = Some(PlannedDay::Date(date));
        }
        self.day.is_some() || self.start.is_some()
    }

    fn of_what(&self) -> String {
        let day = self.day.map(|day| format!(" of {day}"));
        let start = self.start.map(|start| format!(" from {start}"));
        let key = self.key.as_ref().map(|key| format!(" of {key}"));
        [day, start, key].into_iter().flatten().collect()
    }
}

struct SkillHeading {
    skill: String,
    quantity: Option<Meaning>,
}

/// `Billing`, or with what is counted before or behind: `Billing volume`, `AHT Orders`.
fn skill_of_heading(text: &str) -> Option<SkillHeading> {
    let plain = text.split(['(', '[']).next().unwrap_or_default().trim();
    let counted = |word: &str| {
        let meaning = Meaning::of(word)?;
        let counts = [Meaning::Volume, Meaning::HandleTime, Meaning::Staff];
        counts.contains(&meaning).then_some(meaning)
    };
    let trimmed = |skill: &str| skill.trim_matches([' ', '-', '_', ':', '–', '/']).to_owned();
    if let Some((skill, word)) = plain.rsplit_once([' ', '_'])
        && let Some(meaning) = counted(word)
    {
        return Some(SkillHeading { skill: trimmed(skill), quantity: Some(meaning) });
    }
    if let Some((word, skill)) = plain.split_once([' ', '_'])
        && let Some(meaning) = counted(word)
    {
        return Some(SkillHeading { skill: trimmed(skill), quantity: Some(meaning) });
    }
    (!folded(plain).is_empty()).then(|| SkillHeading { skill: plain.to_owned(), quantity: None })
}

/// Minutes that are read as seconds are a wrong answer that nobody sees.
fn factor(
    frame: &Frame<'_>,
    values: &[ValueColumn],
    quantity: Quantity,
) -> Result<f64, TableFinding> {
    let mut factor = None;
    for &ValueColumn { column, .. } in values {
        let heading = frame.heading(column);
        let own = match (unit(&heading), quantity) {
            (None, _) => 1.0,
            (Some(unit), Quantity::HandleTime) => seconds_of_unit(&unit).ok_or_else(|| {
                wrong_unit(&heading).allowed("no unit, seconds, minutes or hours: `AHT (sec)`")
            })?,
            (Some(unit), _) if is_count(&unit) => 1.0,
            (Some(_), _) => {
                return Err(wrong_unit(&heading)
                    .allowed("no unit, or what is counted: `volume (contacts)`"));
            }
        };
        if factor.is_some_and(|known| known != own) {
            return Err(wrong_unit(&heading).allowed("one unit for all columns"));
        }
        factor = Some(own);
    }
    Ok(factor.unwrap_or(1.0))
}

fn wrong_unit(heading: &str) -> TableFinding {
    TableFinding::error("a unit that is not read").found(heading)
}

fn is_count(unit: &str) -> bool {
    matches!(Meaning::of(unit), Some(Meaning::Volume | Meaning::Staff))
        || matches!(unit, "" | "number" | "count" | "no" | "anzahl" | "nombre" | "numero")
}
