//! When a run starts and ends: date, clock times, time zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::by_day::DateForm;
use super::reader::compound::List;
use super::reader::diagnostic::nearest;
use super::reader::forms::{ClockTime, Duration, Whole};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use crate::base::calendar::{Calendar, Repeated};
use crate::base::time::{Span, Time};

/// When the run starts, and on which days.
pub(super) fn run_calendar(section: &mut ReaderSection<'_>) -> Option<Calendar> {
    let starts_at = section.value(
        "starts_at",
        StartClock,
        "00:00",
        "clock time at which the run starts; a date stands in `from`",
    );
    let from = section.optional(
        "from",
        StartForm,
        "date on which the run starts, such as \"2026-03-23\", or date and clock time; without, days \
         have 24 hours and no weekday",
    );
    let zone = section.optional(
        "time_zone",
        ZoneForm,
        "time zone of all dates and clock times, such as \"Europe/Berlin\"; without, all days have 24 \
         hours",
    );
    let Some((date, clock)) = from else {
        let has_day = section.has("from") || section.context.first_day.is_some();
        if section.has("time_zone") && !has_day {
            let message = "a time zone needs a date, as clocks change on some";
            let help = "set `run.from` to the date of the first day";
            section.context.report(section.error("time_zone", message).help(help));
        }
        let first = section.context.first_day.filter(|_| !section.has("from"));
        let dated = first.map(|first| {
            let zone = zone.unwrap_or(TimeZone::UTC);
            Calendar::from_date(first, starts_at, zone)
        });
        return match dated {
            Some(Ok(calendar)) => Some(calendar),
            _ => Some(Calendar::without_date(starts_at)),
        };
    };
    if clock.is_some() && section.has("starts_at") {
        let message = "`from` and `starts_at` both say at which clock time the run starts";
        section.context.report(section.error("starts_at", message).help("leave one of them out"));
    }
    let starts_at = clock.unwrap_or(starts_at);
    match Calendar::from_date(date, starts_at, zone.unwrap_or(TimeZone::UTC)) {
        Ok(calendar) => Some(calendar),
        Err(why) => {
            let message = format!("the start of the run {why}");
            section.context.report(section.error("from", message));
            Some(Calendar::without_date(starts_at))
        }
    }
}

/// `[calendar]`.
pub(super) fn holidays(section: &mut ReaderSection<'_>) -> Option<Vec<Date>> {
    let holidays = section.optional(
        "holidays",
        List(DateForm),
        "public holidays, such as [\"2026-04-03\"]: days for which `holiday` stands where values differ \
         by day",
    );
    Some(holidays.unwrap_or_default())
}

/// A clock time; where people write a date too, it says where that belongs.
struct StartClock;

impl Form for StartClock {
    type Value = Span;

    fn read(&self, input: Input<'_>) -> Option<Span> {
        if let Value::Text(text) | Value::DateTime(text) = &input.node.value
            && StartForm::of_text(text).is_some()
        {
            let help = format!("a date stands in `run.from`: from = \"{}\"", text.trim());
            input.refuse_with_help("a clock time in quotes, such as \"08:30\"", Some(help));
            return None;
        }
        ClockTime.read(input)
    }

    fn schema(&self) -> Json {
        ClockTime.schema()
    }
}

/// A date, or a date and a clock time, without an offset.
pub(super) struct StartForm;

impl StartForm {
    pub(super) fn of_text(text: &str) -> Option<(Date, Option<Span>)> {
        let text = text.trim();
        if text.len() == 10 {
            return Some((text.parse().ok()?, None));
        }
        let (date, clock) = text.split_once(['T', ' '])?;
        Some((date.parse().ok()?, Some(ClockTime::of_text(clock)?)))
    }
}

impl Form for StartForm {
    type Value = (Date, Option<Span>);

    fn read(&self, input: Input<'_>) -> Option<Self::Value> {
        let start = match &input.node.value {
            Value::Text(text) | Value::DateTime(text) => Self::of_text(text),
            _ => None,
        };
        if start.is_none() {
            let help = "the time zone stands in `run.time_zone`".to_owned();
            input.refuse_with_help(
                "a date such as \"2026-03-23\", or with a clock time \"2026-03-23T08:00\"",
                Some(help),
            );
        }
        start
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "examples": ["2026-03-23", "2026-03-23T08:00"] })
    }
}

/// A time zone by its IANA name.
struct ZoneForm;

impl Form for ZoneForm {
    type Value = TimeZone;

    fn read(&self, input: Input<'_>) -> Option<TimeZone> {
        let Value::Text(name) = &input.node.value else {
            input.refuse("the name of a time zone, in quotes, such as \"Europe/Berlin\"");
            return None;
        };
        let zone = Calendar::zone(name);
        if zone.is_none() {
            let zones = Calendar::zones();
            let meant = nearest(name, zones.iter().map(String::as_str));
            let help = meant.map(|meant| format!("did you mean \"{meant}\"?"));
            input.refuse_with_help(
                "a time zone of the IANA database, such as \"Europe/Berlin\" or \"UTC\"",
                help,
            );
        }
        zone
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "examples": ["Europe/Berlin", "America/New_York", "UTC"] })
    }
}

/// How long after the start arrivals stop.
pub(super) fn horizon(section: &mut ReaderSection<'_>, calendar: &Calendar) -> Span {
    let days = section.optional(
        "days",
        Whole::<u32>::between(1, 3660),
        "arrivals stop at midnight after so many days, the first included, instead of `until`",
    );
    let until = section.value(
        "until",
        Horizon { calendar },
        "24h",
        "arrivals stop this long after the start, at this clock time (the first after the start), or \
         of a run with a date at a date and clock time such as \"2026-03-29T20:00\"",
    );
    match days {
        Some(_) if section.has("until") => {
            let message = "`days` and `until` both say when arrivals stop";
            section.context.report(section.error("days", message).help("leave one of them out"));
            until
        }
        Some(days) => {
            let day = calendar.day(i64::from(days));
            calendar.instant(day, Span::ZERO, Repeated::First).since_start()
        }
        None => until,
    }
}

/// Days that differ are no stretches of a run that goes on alike.
pub(super) fn refuse_what_needs_days_alike(
    section: &ReaderSection<'_>,
    calendar: &Calendar,
    batch_means: bool,
    seeks_warm_up: bool,
) {
    if calendar.first_date().is_some() {
        let message = |what| format!("{what} of a run with a date, whose days differ");
        if seeks_warm_up {
            section.context.report(section.error("warm_up", message("there is no \"mser-5\"")));
        }
        if batch_means {
            let message = message("there are no batch means");
            section.context.report(section.error("replications", message));
        }
    }
}

/// A length of time, a clock time, or a date with one, as the time from the start of the run.
struct Horizon<'a> {
    calendar: &'a Calendar,
}

impl Form for Horizon<'_> {
    type Value = Span;

    fn read(&self, input: Input<'_>) -> Option<Span> {
        let calendar = self.calendar;
        let after = |time: Time| {
            let after = time.since_start();
            if after <= Span::ZERO {
                input.refuse("an instant after the start of the run");
            }
            (after > Span::ZERO).then_some(after)
        };
        if let Value::Text(text) | Value::DateTime(text) = &input.node.value {
            if let Some(clock) = ClockTime::of_text(text) {
                let on = |day| calendar.instant(calendar.day(day), clock, Repeated::First);
                return Some([on(0), on(1)].into_iter().find(|at| *at > Time::ZERO)?.since_start());
            }
            if let Some((date, clock)) = StartForm::of_text(text) {
                let Some(day) = calendar.day_of(date) else {
                    let help = "set `run.from` to the date of the first day".to_owned();
                    input.refuse_with_help("no date where the run has none", Some(help));
                    return None;
                };
                let Some(clock) = clock else {
                    let help = format!("\"{date}T24:00\" if that day belongs to the run");
                    input.refuse_with_help("a date with a clock time, or `days`", Some(help));
                    return None;
                };
                return after(calendar.instant(day, clock, Repeated::Second));
            }
        }
        Duration::at_least(Span::from_secs(1)).read(input)
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "examples": ["12h", "20:00", "2026-03-29T20:00"] })
    }
}
