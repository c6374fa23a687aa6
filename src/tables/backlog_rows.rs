//! Conversations that are open when a run begins, a row each.

use super::cell_causes::Causes;
use super::finding::{TableFinding, TableResult};
use super::headed_rows::{Frame, TableKind, cell};
use super::headings::{Meaning, folded};
use super::instants::InstantReader;
use super::normal_forms::{BacklogRow, BacklogTable, CivilMoment};
use super::sheet::{Sheet, SheetRow};
use super::spelling;
use super::table_options::{DecimalMark, TableOptions};
use super::volume_rows::{as_first_written, sound};

const KIND: TableKind = TableKind {
    reads: &[
        Meaning::Date,
        Meaning::Time,
        Meaning::Skill,
        Meaning::Agent,
        Meaning::Status,
        Meaning::LastMessage,
    ],
    matters: &[
        Meaning::Date,
        Meaning::Weekday,
        Meaning::Time,
        Meaning::Skill,
        Meaning::Volume,
        Meaning::Agent,
        Meaning::Status,
        Meaning::LastMessage,
    ],
    of_numbers: None,
    of_words: None,
};

/// Reads conversations that are open: when each was opened, and if the table says so its skill, owner,
/// status and last message.
///
/// # Errors
///
/// What keeps the table from being understood, each cause once.
pub fn read_backlog(sheet: &Sheet, options: &TableOptions) -> TableResult<BacklogTable> {
    let mut frame = Frame::new(sheet, &KIND, options)?;
    let dates = spelling::date_order(&frame.written_dates(), options.dates)?;
    let (date, time) = (frame.take(Meaning::Date)?, frame.take(Meaning::Time)?);
    let skill = frame.take(Meaning::Skill)?;
    let owner = frame.take(Meaning::Agent)?;
    let status = frame.take(Meaning::Status)?;
    let last_message = frame.take(Meaning::LastMessage)?;
    let Some(column) = time.or(date) else {
        return Err(TableFinding::error(format!("{} has no column for the time", sheet.file))
            .help("name it: `columns = { time = \"…\" }`")
            .into());
    };
    frame.refuse_what_matters(&KIND)?;
    let moments = |date: Option<usize>, time: usize| InstantReader {
        frame: &frame,
        date,
        time,
        skill,
        dates: dates.choice,
        decimal: DecimalMark::Point,
    };
    let opened = moments(date.filter(|_| time.is_some()), column);
    let last_message = last_message.map(|column| moments(None, column));
    let mut causes = Causes::default();
    let (mut rows, mut keys) = (Vec::new(), Vec::new());
    for row in &frame.rows {
        let read = || {
            let opening = opened.row(row)?;
            Ok(BacklogRow {
                opened: civil(&opened, row, opening.moment)?,
                key: opening.key,
                owner: owner.map(|it| cell(row, it).to_string()).filter(|it| !it.is_empty()),
                is_pending: status.map(|column| pending_of(&frame, row, column)).transpose()?,
                last_message: match &last_message {
                    Some(reader) if !cell(row, reader.time).is_empty() => {
                        Some(civil(reader, row, reader.moment(row)?)?)
                    }
                    _ => None,
                },
                place: opening.place,
            })
        };
        match read() {
            Ok(mut read) => {
                read.key = read.key.map(|key| as_first_written(key, &mut keys));
                rows.push(read);
            }
            Err(finding) => causes.add(finding),
        }
    }
    let findings = sound(frame.findings.clone(), causes)?;
    let mut echo = frame.echo("a row a conversation");
    echo.dates = dates.why;
    let mut moments = Vec::from_iter(rows.iter().map(|row: &BacklogRow| row.opened));
    moments.sort_by(|one, other| one.order().total_cmp(&other.order()));
    if let (Some(first), Some(last)) = (moments.first(), moments.last()) {
        echo.span = format!("opened {first} to {last}");
    }
    Ok(BacklogTable { rows, keys, echo, findings })
}

/// A time since the start of the run says nothing of what lies before it.
fn civil(
    reader: &InstantReader<'_>,
    row: &SheetRow,
    moment: CivilMoment,
) -> Result<CivilMoment, TableFinding> {
    match moment {
        CivilMoment::Civil { .. } | CivilMoment::Clock(_) => Ok(moment),
        CivilMoment::Elapsed(_) => Err(reader
            .frame
            .wrong(row, reader.time, "a time since the start, of what lies before it")
            .allowed("a date and clock time, or a clock time")),
    }
}

/// Whether a status says that the agent spoke last.
fn pending_of(frame: &Frame<'_>, row: &SheetRow, column: usize) -> Result<bool, TableFinding> {
    let word = folded(&cell(row, column).to_string());
    let is_one_of = |words: &str| words.split('|').any(|known| known == word);
    match () {
        () if is_one_of(NEW) => Ok(false),
        () if is_one_of(PENDING) => Ok(true),
        () => Err(frame
            .wrong(row, column, "no status of an open conversation")
            .allowed("new or open (the consumer waits), pending (the agent spoke last)")
            .help("choose rows: `where = { status = \"…\" }`")),
    }
}

/// Folded.
const NEW: &str = "new|open|neu|offen|nouveau|ouvert|nuevo|abierto";
const PENDING: &str =
    "pending|waiting|on hold|wartend|zuruckgestellt|en attente|pendiente|en espera";
