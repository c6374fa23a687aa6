//! The normal forms into which every layout is brought.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::cells::Place;
use super::day_time::{DayTime, PlannedDay};
use super::echo::Echo;
use super::finding::TableFinding;

/// What the values of a table of intervals are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Contacts offered in the interval.
    Volume,
    /// Seconds of handle time.
    HandleTime,
    /// People.
    Staff,
}

/// A value for an interval of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeRow {
    /// The day on which the interval starts.
    pub day: PlannedDay,
    /// Whether the day stands in a column or heading of its own, so that every row has one.
    pub is_day_of_file: bool,
    /// Its start.
    pub start: DayTime,
    /// Its end, at most 24:00.
    pub end: DayTime,
    /// Whether the file gives the end of the interval only.
    pub is_label_end: bool,
    /// Offset from UTC of the start, where the file has one.
    pub offset: Option<Offset>,
    /// Skill, as first written; none if the table has no skills.
    pub key: Option<String>,
    /// Contacts, seconds or people.
    pub value: f64,
    /// Where the value stands.
    pub place: Place,
}

/// Values by interval, sorted by key in order of the file, day and start.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeTable {
    /// The rows; intervals that are missing have none.
    pub rows: Vec<VolumeRow>,
    /// Keys in order of the file; empty if the table has no skills.
    pub keys: Vec<String>,
    /// Smallest step of the clock, in seconds.
    pub step_seconds: u32,
    /// What was understood.
    pub echo: Echo,
    /// Warnings.
    pub findings: Vec<TableFinding>,
}

/// Values of consecutive intervals whose clock times the file does not give.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueList {
    /// The values.
    pub values: Vec<f64>,
    /// What was understood.
    pub echo: Echo,
    /// Warnings.
    pub findings: Vec<TableFinding>,
}

/// A table of intervals.
#[derive(Clone, Debug, PartialEq)]
pub enum IntervalTable {
    /// Rows or columns have clock times.
    WithClock(VolumeTable),
    /// They follow each other.
    WithoutClock(ValueList),
}

/// What an agent does who is on shift and not at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BreakKind {
    /// A short rest.
    Break,
    /// A meal.
    Lunch,
    /// Training, coaching.
    Training,
    /// A meeting.
    Meeting,
}

/// From one time to another, in seconds after the midnight of the day of the shift; the end lies
/// behind the start, after 24:00 if the shift goes on past midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlannedStretch {
    /// Its start.
    pub start: DayTime,
    /// Its end.
    pub end: DayTime,
}

/// A stretch of a shift that is not worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlannedBreak {
    /// When.
    pub stretch: PlannedStretch,
    /// What it is.
    pub kind: BreakKind,
}

/// A day of an agent. No presence is a day off that replaces what a wider day says.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentDay {
    /// The day on which the shifts start.
    pub day: PlannedDay,
    /// Shifts, sorted, with their breaks inside.
    pub presence: Vec<PlannedStretch>,
    /// Breaks, sorted.
    pub breaks: Vec<PlannedBreak>,
}

/// An agent of a roster.
#[derive(Clone, Debug, PartialEq)]
pub struct TableAgent {
    /// Name, as first written.
    pub name: String,
    /// Group or team.
    pub group: Option<String>,
    /// Skills; none if the table does not say.
    pub skills: Option<Vec<String>>,
    /// Conversations at a time.
    pub slots: Option<u32>,
    /// 1.25 is a quarter faster.
    pub speed: Option<f64>,
    /// Days, sorted.
    pub days: Vec<AgentDay>,
    /// Where the name stands first.
    pub place: Place,
}

/// Agents in order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct ShiftTable {
    /// The agents.
    pub agents: Vec<TableAgent>,
    /// What was understood.
    pub echo: Echo,
    /// Warnings.
    pub findings: Vec<TableFinding>,
}

/// When something happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CivilMoment {
    /// Date and clock time, with the offset from UTC where the file has one.
    Civil {
        /// Date and clock time.
        at: DateTime,
        /// Offset from UTC.
        offset: Option<Offset>,
    },
    /// Clock time of no particular day.
    Clock(DayTime),
    /// Seconds since the start of the run.
    Elapsed(f64),
}

impl CivilMoment {
    /// What kind of moment it is.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Civil { .. } => "a date and clock time",
            Self::Clock(_) => "a clock time",
            Self::Elapsed(_) => "a time since the start",
        }
    }

    /// Its day in words.
    pub(super) fn day(&self) -> String {
        match self {
            Self::Civil { at, .. } => PlannedDay::Date(at.date()).to_string(),
            Self::Clock(_) | Self::Elapsed(_) => "all rows".into(),
        }
    }

    /// Its date, if it has one.
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::Civil { at, .. } => Some(at.date()),
            Self::Clock(_) | Self::Elapsed(_) => None,
        }
    }

    /// Moments of one kind in the order of time, clocks that change apart.
    pub(super) fn order(&self) -> f64 {
        match self {
            Self::Civil { at, .. } => {
                let seconds = at.time().duration_since(jiff::civil::Time::midnight()).as_secs_f64();
                f64::from(super::day_time::days_of(at.date())) * 86_400.0 + seconds
            }
            Self::Clock(time) => f64::from(time.seconds()),
            Self::Elapsed(seconds) => *seconds,
        }
    }
}

impl std::fmt::Display for CivilMoment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Civil { at, .. } => {
                write!(f, "{} {}", PlannedDay::Date(at.date()), at.strftime("%H:%M:%S"))
            }
            Self::Clock(time) => write!(f, "{time}"),
            Self::Elapsed(seconds) if *seconds >= 60.0 => {
                let text = super::day_time::length_text(*seconds / 86_400.0);
                write!(f, "{text} after the start")
            }
            Self::Elapsed(seconds) => write!(f, "{seconds} s after the start"),
        }
    }
}

/// One contact.
#[derive(Clone, Debug, PartialEq)]
pub struct InstantRow {
    /// When it came.
    pub moment: CivilMoment,
    /// Skill, if the table has skills.
    pub key: Option<String>,
    /// Where its time stands.
    pub place: Place,
}

/// Contacts one by one, all with the same kind of [`CivilMoment`], in order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct InstantTable {
    /// The contacts.
    pub rows: Vec<InstantRow>,
    /// Skills in order of the file; empty if the table has none.
    pub keys: Vec<String>,
    /// What was understood.
    pub echo: Echo,
    /// Warnings.
    pub findings: Vec<TableFinding>,
}

/// A conversation that is open when a run begins.
#[derive(Clone, Debug, PartialEq)]
pub struct BacklogRow {
    /// When it was opened: with a date, or at the last such clock time.
    pub opened: CivilMoment,
    /// Skill, if the table has skills.
    pub key: Option<String>,
    /// Whose it is.
    pub owner: Option<String>,
    /// Whether its agent has spoken last; none if the table does not say.
    pub is_pending: Option<bool>,
    /// The last message.
    pub last_message: Option<CivilMoment>,
    /// Where its time stands.
    pub place: Place,
}

/// Conversations that are open when a run begins, in order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct BacklogTable {
    /// The conversations.
    pub rows: Vec<BacklogRow>,
    /// Skills in order of the file; empty if the table has none.
    pub keys: Vec<String>,
    /// What was understood.
    pub echo: Echo,
    /// Warnings.
    pub findings: Vec<TableFinding>,
}

/// The rows of a kind of consumers: those with its name or skill as key, compared without case.
///
/// `names` are tried in turn (its skill, then its own name). A table without keys gives all rows.
///
/// # Errors
///
/// If no key is equal to any of the names; the error lists the keys.
pub fn choose<'a>(keys: &'a [String], names: &[String]) -> Result<Option<&'a str>, TableFinding> {
    if keys.is_empty() {
        return Ok(None);
    }
    let folded = |text: &str| text.trim().to_lowercase();
    for name in names {
        if let Some(key) = keys.iter().find(|key| folded(key) == folded(name)) {
            return Ok(Some(key));
        }
    }
    Err(TableFinding::error(format!("no rows for `{}`", names.join("` or `")))
        .allowed(keys.join(", "))
        .help("choose rows: `where = { skill = \"…\" }`"))
}
