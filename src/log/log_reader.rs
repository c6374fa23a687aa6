//! The rows of a log of messages, or of a list of contacts.

use jiff::tz::TimeZone;

use crate::base::time::Span;
use crate::tables::{DateOrder, NamedColumn};

use super::log_columns::{LogColumn, LogColumns};
use super::log_finding::LogFinding;
use super::log_rows::{LogLayout, LogRow, LogVocabulary};
use super::log_times::{SampledTimes, TimeReader, TimeTrouble, sample};
use super::row_reading::{Places, RowReading, instant_text};
use super::row_tally::RowTally;
use super::text_table::{LogInput, LogText};

/// What a planner says of a log; all of it may be left out.
#[derive(Clone, Debug, Default)]
pub struct LogOptions {
    /// Headings, by the words for columns ([`LogColumn::word`]).
    pub columns: Vec<NamedColumn>,
    /// Words of the log (`heading`), by those of the form (`meaning`).
    pub words: Vec<NamedColumn>,
    /// Order of day and month.
    pub dates: Option<DateOrder>,
    /// Zone of clock times without an offset, in which days are counted.
    pub zone: Option<TimeZone>,
}

/// A log whose columns are known.
pub struct LogReader<'a> {
    input: &'a LogInput,
    options: &'a LogOptions,
    form: LogText,
    sampled: SampledTimes,
    layout: LogLayout,
}

const WANTED: [LogColumn; 14] = [
    LogColumn::Sequence,
    LogColumn::Conversation,
    LogColumn::Skill,
    LogColumn::Date,
    LogColumn::Time,
    LogColumn::From,
    LogColumn::Agent,
    LogColumn::Event,
    LogColumn::Cause,
    LogColumn::State,
    LogColumn::Opened,
    LogColumn::Answered,
    LogColumn::Abandoned,
    LogColumn::Closed,
];

impl<'a> LogReader<'a> {
    /// Finds out how a log is written.
    ///
    /// # Errors
    ///
    /// A column is missing, or its instants are not understood.
    pub fn open(input: &'a LogInput, options: &'a LogOptions) -> Result<Self, LogFinding> {
        let form = LogText::find(input, &options.columns, &WANTED)?;
        let layout = match form.columns.has(LogColumn::Opened) && !form.columns.has(LogColumn::Time)
        {
            true => LogLayout::Contacts,
            false => LogLayout::Messages,
        };
        let first = match layout {
            LogLayout::Messages => {
                form.columns.required(LogColumn::Conversation)?;
                form.columns.required(LogColumn::Time)?
            }
            LogLayout::Contacts => form.columns.required(LogColumn::Opened)?,
        };
        let texts = form.sampled(input, |row| {
            instant_text(row, form.columns.place(LogColumn::Date), Some(first))
        })?;
        let sampled =
            sample(texts.iter().map(String::as_str), options.dates).map_err(|trouble| {
                let finding = LogFinding::new(&input.name, trouble.message()).at(2, first);
                match (texts.first(), trouble) {
                    (Some(text), TimeTrouble::Order | TimeTrouble::BothOrders) => finding
                        .found(text)
                        .help("say which comes first: --dates dmy or --dates mdy"),
                    (Some(text), _) => finding.found(text).allowed(ALLOWED_TIMES),
                    (None, _) => {
                        let message = "no row below the headings has an instant";
                        LogFinding::new(&input.name, message).at(2, first).allowed(ALLOWED_TIMES)
                    }
                }
            })?;
        Ok(Self { input, options, form, sampled, layout })
    }

    /// Name of the file.
    pub fn name(&self) -> &str {
        &self.input.name
    }

    /// What a row stands for.
    pub fn layout(&self) -> LogLayout {
        self.layout
    }

    /// Its columns.
    pub fn columns(&self) -> &LogColumns {
        &self.form.columns
    }

    /// Encoding of the file.
    pub fn encoding(&self) -> &'static str {
        self.form.encoding.name()
    }

    /// What separates its fields.
    pub fn separator(&self) -> char {
        char::from(self.form.separator)
    }

    /// The finest step of its clock.
    pub fn tick(&self) -> Span {
        Span::from_micros(if self.sampled.tick == 1 { 0 } else { self.sampled.tick })
    }

    /// Whether its instants say how far they are from UTC.
    pub fn has_offset(&self) -> bool {
        self.sampled.has_offset
    }

    /// Hands out the rows in the order of the file; those that are not understood go to the tally.
    ///
    /// # Errors
    ///
    /// It cannot be read, or whoever takes the rows has enough.
    pub fn read<E: From<LogFinding>>(
        &self,
        vocabulary: &mut LogVocabulary,
        tally: &mut RowTally,
        take: &mut dyn FnMut(LogRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rows = self.form.rows(self.input)?;
        let columns = Places::of(&self.form.columns);
        let headings = rows.headings();
        let zone = self.options.zone.clone();
        let mut times = TimeReader::new(self.sampled.form, zone);
        while let Some(row) = rows.next_row()? {
            let position = tally.row();
            let mut reading = RowReading {
                file: &self.input.name,
                words: &self.options.words,
                layout: self.layout,
                columns: &columns,
                vocabulary,
                times: &mut times,
                position,
            };
            let read = match row.fields.len() < headings.min(columns.last + 1) {
                true => Err(reading.wrong(&row, row.fields.len(), "fewer fields than headings")),
                false => reading.row(&row),
            };
            match read {
                Ok(found) => found.into_iter().flatten().try_for_each(&mut *take)?,
                Err(finding) => tally.bad(finding),
            }
        }
        Ok(())
    }
}

const ALLOWED_TIMES: &str =
    "2026-03-02T09:00:48+01:00, 2026-03-02 09:00:48, 02.03.2026 09:00:48, seconds since 1970";
