//! How a file writes dates and times. Only proof decides, over the whole file.

use jiff::civil::{Date, Weekday};
use jiff::tz::Offset;

use super::cells::Cell;
use super::day_time::{DayTime, PlannedDay, from_serial};
use super::finding::TableFinding;
use super::headings::folded;
use super::table_options::DateOrder;
pub(super) use super::written_numbers::{Decided, Written, decimal_mark, length, number};

/// Numbers of a date with slashes or dashes, in order; none of other forms.
pub(super) fn slashed(text: &str) -> Option<[i16; 3]> {
    let text = text.split_whitespace().next()?;
    let parts = Vec::from_iter(text.split(['/', '-']).map(|part| part.parse::<i16>().ok()));
    match parts[..] {
        [Some(first), Some(second), Some(year)] if first <= 31 => Some([first, second, year]),
        _ => None,
    }
}

/// Order of day and month, over all dates of the file.
pub(super) fn date_order(
    cells: &[Written<'_>],
    wanted: Option<DateOrder>,
) -> Result<Decided<DateOrder>, TableFinding> {
    if let Some(choice) = wanted {
        return Ok(Decided { choice, why: Some("as the scenario says".into()) });
    }
    let find = |is_meant: fn([i16; 3]) -> bool| {
        cells.iter().find(|cell| slashed(cell.text).is_some_and(is_meant))
    };
    let (day, month) = (find(|[first, ..]| first > 12), find(|[_, second, _]| second > 12));
    let help = "say which comes first: `dates = \"dmy\"` or `dates = \"mdy\"`";
    let why = |cell: &Written<'_>| Some(format!("{} in {}", cell.text, cell.place));
    match (day, month) {
        (Some(_), Some(cell)) => {
            Err(TableFinding::error("dates with the day first and with the month first")
                .at(&cell.place)
                .found(cell.text)
                .help(help))
        }
        (Some(cell), None) => Ok(Decided { choice: DateOrder::DayFirst, why: why(cell) }),
        (None, Some(cell)) => Ok(Decided { choice: DateOrder::MonthFirst, why: why(cell) }),
        (None, None) => match find(|_| true) {
            Some(cell) => {
                Err(TableFinding::error("day and month of the dates cannot be told apart")
                    .at(&cell.place)
                    .found(cell.text)
                    .help(help))
            }
            None => Ok(Decided { choice: DateOrder::DayFirst, why: None }),
        },
    }
}

/// A date and the text behind it.
pub(super) struct DateAndRest<'a> {
    pub(super) date: Date,
    pub(super) rest: &'a str,
}

/// A date; what follows it in the text is left alone.
pub(super) fn date(text: &str, order: DateOrder) -> Option<Date> {
    date_and_rest(text, order).map(|it| it.date)
}

/// A date at the start of a text, behind the name of its weekday if need be.
pub(super) fn date_and_rest(text: &str, order: DateOrder) -> Option<DateAndRest<'_>> {
    let text = text.trim_start();
    // Most dates have no names in them.
    if text.chars().filter(|c| c.is_alphabetic()).count() < 2 {
        return split_numeric_date(text, order);
    }
    // `Mar` is a month and a weekday.
    if let Some(named) = date_with_month(text) {
        return Some(named);
    }
    let first = text.split([' ', ',']).next()?;
    let text = match weekday(first.trim_end_matches('.')) {
        Some(_) => text[first.len()..].trim_start_matches([' ', ',', '.']),
        None => text,
    };
    if let Some(named) = date_with_month(text) {
        return Some(named);
    }
    split_numeric_date(text, order)
}

fn split_numeric_date(text: &str, order: DateOrder) -> Option<DateAndRest<'_>> {
    let end = text.find(['T', ' ']).unwrap_or(text.len());
    let rest = text.get(end + 1..).unwrap_or_default();
    Some(DateAndRest { date: numeric_date(&text[..end], order)?, rest })
}

fn civil_date(year: i16, month: i16, day: i16) -> Option<Date> {
    let year = if year < 100 { year + 2000 } else { year };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `2 Mar 2026`, `2-Mar-26`, `2. März 2026`, `March 2, 2026`.
fn date_with_month(text: &str) -> Option<DateAndRest<'_>> {
    let mut rest = text;
    let mut words = Vec::new();
    for _ in 0..3 {
        let end = rest.find([' ', '-', '.', ',', '/']).unwrap_or(rest.len());
        words.push(&rest[..end]);
        rest = rest[end..].trim_start_matches([' ', '-', '.', ',', '/']);
    }
    let number = |word: &str| word.parse::<i16>().ok();
    let (day, month, year) = match (month(words[0]), month(words[1])) {
        (Some(month), None) => (number(words[1])?, month, number(words[2])?),
        (None, Some(month)) => (number(words[0])?, month, number(words[2])?),
        _ => return None,
    };
    Some(DateAndRest { date: civil_date(year, month, day)?, rest })
}

/// The number of a month by its name or short name in four languages.
fn month(word: &str) -> Option<i16> {
    const NAMES: [&str; 12] = [
        "january jan januar janv janvier ene enero",
        "february feb februar fev fevrier febrero",
        "march mar marz mrz mars marzo",
        "april apr avr avril abr abril",
        "may mai mayo",
        "june jun juni juin junio",
        "july jul juli juil juillet julio",
        "august aug aout ago agosto",
        "september sep sept septembre septiembre",
        "october oct oktober okt octobre octubre",
        "november nov novembre noviembre",
        "december dec dezember dez decembre dic diciembre",
    ];
    let folded = folded(word);
    let at = NAMES.iter().position(|names| names.split(' ').any(|name| name == folded))?;
    i16::try_from(at + 1).ok()
}

fn numeric_date(word: &str, order: DateOrder) -> Option<Date> {
    if word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return civil_date(
            word[..4].parse().ok()?,
            word[4..6].parse().ok()?,
            word[6..].parse().ok()?,
        );
    }
    if let Some([first, second, year]) = slashed(word) {
        return match order {
            DateOrder::DayFirst => civil_date(year, second, first),
            DateOrder::MonthFirst => civil_date(year, first, second),
        };
    }
    let parts = Vec::from_iter(word.split(['.', '/', '-']).map(|part| part.parse::<i16>().ok()));
    match parts[..] {
        [Some(day), Some(month), Some(year)] if word.contains('.') => civil_date(year, month, day),
        [Some(year), Some(month), Some(day)] if year > 31 => civil_date(year, month, day),
        _ => None,
    }
}

/// A clock time: `8:00`, `08:00:00`, `9h30`, `9h`, `8:00 PM`, `24:00`.
pub(super) fn clock(text: &str) -> Option<DayTime> {
    let lower = text.trim().to_lowercase().replace("a.m.", "am").replace("p.m.", "pm");
    let (digits, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(rest), _) => (rest, Some(0)),
        (_, Some(rest)) => (rest, Some(12)),
        _ => (lower.as_str(), None),
    };
    let digits = digits.trim().trim_end_matches(" uhr");
    if half.is_none() && !digits.contains([':', 'h']) {
        return None;
    }
    let digits = digits.trim_end_matches('h');
    // Databases write parts of seconds.
    let digits = digits
        .split_once('.')
        .filter(|it| it.0.matches(':').count() == 2)
        .map_or(digits, |it| it.0);
    let parts = digits.split([':', 'h']).map(|part| part.trim().parse::<u32>().ok());
    let parts = parts.collect::<Option<Vec<_>>>()?;
    let part = |index| parts.get(index).copied().unwrap_or(0);
    let hours = match half {
        Some(half) if (1..=12).contains(&part(0)) => part(0) % 12 + half,
        Some(_) => return None,
        None => part(0),
    };
    let time = DayTime::from_seconds(hours * 3600 + part(1) * 60 + part(2));
    let is_clock = parts.len() <= 3 && hours <= 24 && part(1) < 60 && part(2) < 60;
    (is_clock && time <= DayTime::DAY_END).then_some(time)
}

/// What a cell says of the clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ClockCell {
    pub(super) start: DayTime,
    /// Of `08:00-08:30`.
    pub(super) end: Option<DayTime>,
    /// Of `2026-03-02T08:00+01:00`.
    pub(super) offset: Option<Offset>,
}

/// The text behind a date.
fn after_date(text: &str) -> &str {
    // Where the order matters, either is a date.
    let date = |order| date_and_rest(text, order).map(|it| it.rest);
    date(DateOrder::DayFirst).or_else(|| date(DateOrder::MonthFirst)).unwrap_or(text)
}

/// A clock time of a cell, or two of them, whether or not a date stands before.
pub(super) fn clock_of(cell: &Cell) -> Option<ClockCell> {
    let only = |start| ClockCell { start, end: None, offset: None };
    match cell {
        Cell::Text(text) => {
            let (rest, is_iso) = (after_date(text), text.contains('T'));
            if let Some(ClockAtOffset { clock, offset }) = with_offset(rest, is_iso) {
                return Some(ClockCell { start: clock, end: None, offset: Some(offset) });
            }
            clock(rest).map(only).or_else(|| clock_span(rest))
        }
        Cell::Serial(days) => from_serial(*days).map(|time| only(time.clock)),
        Cell::Length(days) | Cell::Number(days) if (0.0..=1.0).contains(days) => {
            Some(only(DayTime::from_seconds((days * 86_400.0).round() as u32)))
        }
        _ => None,
    }
}

struct ClockAtOffset {
    clock: DayTime,
    offset: Offset,
}

/// `08:00+01:00`, `08:00Z`; a minus counts behind a `T` only, where it is not that of `08:00-08:30`.
fn with_offset(text: &str, is_iso: bool) -> Option<ClockAtOffset> {
    if let Some(rest) = text.strip_suffix(['Z', 'z']) {
        return Some(ClockAtOffset { clock: clock(rest)?, offset: Offset::UTC });
    }
    let at = text.rfind('+').or_else(|| text.rfind('-').filter(|_| is_iso))?;
    let digits = text[at + 1..].replace(':', "");
    if !matches!(digits.len(), 2 | 4) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let minutes = if digits.len() == 2 { number * 60 } else { number / 100 * 60 + number % 100 };
    let sign = if text[at..].starts_with('-') { -60 } else { 60 };
    Some(ClockAtOffset {
        clock: clock(&text[..at])?,
        offset: Offset::from_seconds(sign * minutes).ok()?,
    })
}

/// `08:00-08:30`, `8:00 – 8:30`, `08:00 to 08:30`.
pub(super) fn clock_span(text: &str) -> Option<ClockCell> {
    let (start, end) = [" to ", " bis ", " à ", " a ", "–", "—", "-"]
        .into_iter()
        .find_map(|between| text.split_once(between))?;
    let (start, end) = (start.trim(), end.trim());
    let end = clock(end.strip_suffix(" Uhr").unwrap_or(end))?;
    Some(ClockCell { start: clock(start)?, end: Some(end), offset: None })
}

/// A whole hour: `8` in a column of hours.
pub(super) fn whole_hour(cell: &Cell) -> Option<DayTime> {
    let hour = match cell {
        Cell::Number(hour) => *hour,
        Cell::Text(text) => f64::from(text.parse::<u8>().ok()?),
        _ => return None,
    };
    let is_hour = hour.fract() == 0.0 && (0.0..=24.0).contains(&hour);
    is_hour.then(|| DayTime::from_seconds(hour as u32 * 3600))
}

/// A date of a cell, whether or not a clock time follows.
pub(super) fn date_of(cell: &Cell, order: DateOrder) -> Option<Date> {
    match cell {
        Cell::Text(text) => date(text, order),
        Cell::Serial(days) => from_serial(*days)?.date,
        _ => None,
    }
}

/// A weekday by its name or short name in four languages.
pub(super) fn weekday(text: &str) -> Option<Weekday> {
    const NAMES: [(Weekday, &str); 7] = [
        (Weekday::Monday, "monday mon mo montag lundi lun lunes"),
        (Weekday::Tuesday, "tuesday tue tues tu di dienstag mardi mar martes"),
        (Weekday::Wednesday, "wednesday wed we mi mittwoch mercredi mer miercoles mie"),
        (Weekday::Thursday, "thursday thu thur thurs th do donnerstag jeudi jeu jueves jue"),
        (Weekday::Friday, "friday fri fr freitag vendredi ven viernes vie"),
        (Weekday::Saturday, "saturday sat sa samstag sonnabend samedi sam sabado sab"),
        (Weekday::Sunday, "sunday sun su so sonntag dimanche dim domingo dom"),
    ];
    let folded = folded(text);
    let row = NAMES.iter().find(|(_, names)| names.split(' ').any(|name| name == folded));
    row.map(|&(day, _)| day)
}

/// Days by a word: a weekday, `Mon-Fri`, `holiday`, `daily`.
pub(super) fn day_words(text: &str) -> Option<PlannedDay> {
    const HOLIDAY: [&str; 5] = ["holiday", "holidays", "feiertag", "jour ferie", "festivo"];
    const DAILY: [&str; 6] =
        ["daily", "every day", "taglich", "jeden tag", "tous les jours", "todos los dias"];
    if let Some(day) = weekday(text) {
        return Some(PlannedDay::Weekday(day));
    }
    let word = folded(text);
    if HOLIDAY.contains(&word.as_str()) {
        return Some(PlannedDay::Holiday);
    }
    if DAILY.contains(&word.as_str()) {
        return Some(PlannedDay::Every);
    }
    let (first, last) =
        [" to ", " bis ", "–", "-"].into_iter().find_map(|it| text.split_once(it))?;
    let (first, last) = (weekday(first)?, weekday(last)?);
    let is_ordered = first.to_monday_zero_offset() < last.to_monday_zero_offset();
    is_ordered.then_some(PlannedDay::Weekdays { first, last })
}
