//! Days and clock times as a plan names them.

use std::cmp::Ordering;
use std::fmt;

use jiff::civil::{Date, Weekday};

/// Which day a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlannedDay {
    /// No date and no weekday: every day.
    Every,
    /// Every week on those days, from Monday on.
    Weekdays {
        /// The first of them.
        first: Weekday,
        /// The last of them.
        last: Weekday,
    },
    /// Every week on that day.
    Weekday(Weekday),
    /// Every public holiday.
    Holiday,
    /// Once.
    Date(Date),
}

impl PlannedDay {
    /// Every day first, then weekdays from Monday, then dates.
    fn rank(self) -> (u8, i32) {
        let weekday = |day: Weekday| i32::from(day.to_monday_zero_offset());
        match self {
            Self::Every => (0, 0),
            Self::Weekdays { first, last } => (1, weekday(first) * 7 + weekday(last)),
            Self::Weekday(day) => (2, weekday(day)),
            Self::Holiday => (3, 0),
            Self::Date(date) => (4, days_of(date)),
        }
    }

    /// Whether both are ranges of weekdays of which one does not stand above the other.
    pub(super) fn contradicts(self, other: Self) -> bool {
        let (Self::Weekdays { first, last }, Self::Weekdays { first: begins, last: ends }) =
            (self, other)
        else {
            return false;
        };
        let number = Weekday::to_monday_zero_offset;
        self != other && number(first) <= number(ends) && number(begins) <= number(last)
    }

    /// Its date, if it is one.
    pub fn date(self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(date),
            _ => None,
        }
    }
}

impl PartialOrd for PlannedDay {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PlannedDay {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl fmt::Display for PlannedDay {
    /// `every day`, `Mon-Fri`, `Mon`, `holidays`, `Mon 2 Mar 2026`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every => f.write_str("every day"),
            Self::Holiday => f.write_str("holidays"),
            Self::Weekdays { first, last } => {
                write!(f, "{}-{}", weekday_name(*first), weekday_name(*last))
            }
            Self::Weekday(day) => f.write_str(weekday_name(*day)),
            Self::Date(date) => {
                write!(f, "{} {}", weekday_name(date.weekday()), date.strftime("%-d %b %Y"))
            }
        }
    }
}

/// `Mon`
pub(super) fn weekday_name(day: Weekday) -> &'static str {
    const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    NAMES[usize::from(day.to_monday_zero_offset().unsigned_abs())]
}

/// Seconds after the midnight at which its day begins; 86,400 and more lie on the days after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayTime(u32);

impl DayTime {
    /// The midnight at which the day begins.
    pub const MIDNIGHT: Self = Self(0);
    /// The midnight at which it ends.
    pub const DAY_END: Self = Self(86_400);

    /// That many seconds after midnight.
    pub const fn from_seconds(seconds: u32) -> Self {
        Self(seconds)
    }

    /// Seconds after midnight.
    pub const fn seconds(self) -> u32 {
        self.0
    }

    /// Later by some seconds.
    #[must_use]
    pub const fn plus(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

impl fmt::Display for DayTime {
    /// `08:15`, `09:12:58`, `24:00`; `06:00 next day` for 30 hours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_next = self.0 > Self::DAY_END.0;
        let seconds = if is_next { self.0 - Self::DAY_END.0 } else { self.0 };
        write!(f, "{:02}:{:02}", seconds / 3600, seconds / 60 % 60)?;
        if !seconds.is_multiple_of(60) {
            write!(f, ":{:02}", seconds % 60)?;
        }
        f.write_str(if is_next { " next day" } else { "" })
    }
}

/// Days since 1899-12-30, from which workbooks count.
pub(super) fn days_of(date: Date) -> i32 {
    const EPOCH: Date = jiff::civil::date(1899, 12, 30);
    date.since(EPOCH).map_or(0, |span| span.get_days())
}

/// The date and the seconds after its midnight, rounded, of days since 1899-12-30.
pub(super) fn from_serial(days: f64) -> Option<SerialTime> {
    let seconds = (days * 86_400.0).round();
    if !(0.0..=2_958_466.0 * 86_400.0).contains(&seconds) {
        return None;
    }
    let day = (seconds / 86_400.0).floor();
    let clock = DayTime((seconds - day * 86_400.0) as u32);
    let date =
        jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(day as i64)).ok()?;
    Some(SerialTime { date: (day >= 1.0).then_some(date), clock })
}

/// A serial number of a workbook; without a date if it is less than a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SerialTime {
    pub(super) date: Option<Date>,
    pub(super) clock: DayTime,
}

pub(super) fn serial_text(days: f64) -> String {
    match from_serial(days) {
        Some(SerialTime { date: Some(date), clock: DayTime::MIDNIGHT }) => date.to_string(),
        Some(SerialTime { date: Some(date), clock }) => format!("{date} {clock}"),
        Some(SerialTime { date: None, clock }) => clock.to_string(),
        None => days.to_string(),
    }
}

pub(super) fn length_text(days: f64) -> String {
    let seconds = (days * 86_400.0).round().max(0.0) as u64;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
