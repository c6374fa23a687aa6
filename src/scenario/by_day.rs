//! Values that differ by weekday and date: one for every day, or a table of days.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use jiff::civil::{Date, Weekday};
use serde_json::{Value as Json, json};

use super::plan::RunSettings;
use super::reader::diagnostic::{Diagnostic, Severity, nearest};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use crate::base::calendar::{Calendar, CalendarDay};

/// A value for every day, or a table of values by day: `daily`, `mon` to `sun`, ranges such as
/// `mon-fri`, `holiday`, and dates.
#[derive(Clone, Copy)]
pub(super) struct ByDayForm<'a, F> {
    pub(super) form: F,
    pub(super) calendar: &'a Calendar,
}

/// Values by day. The more particular rule counts: a date before `holiday`, a weekday before a range
/// of them, every day last.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ByDay<T> {
    rules: Vec<(DayRule, T)>,
}

/// Which days a value is for, from the least particular on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DayRule {
    Every,
    /// Counted from Monday, 0.
    Weekdays {
        first: i8,
        last: i8,
    },
    Weekday(i8),
    Holiday,
    Date(Date),
}

impl DayRule {
    /// The rule that a word stands for.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let weekday =
            |text: &str| WEEKDAYS.iter().position(|word| *word == text).map(|at| at as i8);
        match text {
            "daily" => return Some(Self::Every),
            "holiday" => return Some(Self::Holiday),
            _ => {}
        }
        if let Some(weekday) = weekday(text) {
            return Some(Self::Weekday(weekday));
        }
        if let Some((first, last)) = text.split_once('-')
            && let (Some(first), Some(last)) = (weekday(first), weekday(last))
        {
            return (first < last).then_some(Self::Weekdays { first, last });
        }
        Date::from_str(text).ok().filter(|_| text.len() == 10).map(Self::Date)
    }

    /// Whether it is for a day.
    pub(super) fn holds(self, day: CalendarDay, calendar: &Calendar) -> bool {
        let weekday = day.weekday().map(Weekday::to_monday_zero_offset);
        match self {
            Self::Every => true,
            Self::Weekdays { first, last } => {
                weekday.is_some_and(|weekday| (first..=last).contains(&weekday))
            }
            Self::Weekday(own) => weekday == Some(own),
            Self::Holiday => day.date.is_some_and(|date| calendar.is_holiday(date)),
            Self::Date(date) => day.date == Some(date),
        }
    }

    fn rank(self) -> u8 {
        match self {
            Self::Every => 0,
            Self::Weekdays { .. } => 1,
            Self::Weekday(_) => 2,
            Self::Holiday => 3,
            Self::Date(_) => 4,
        }
    }
}

impl<T> ByDay<T> {
    /// The same every day.
    pub(super) fn daily(value: T) -> Self {
        Self { rules: vec![(DayRule::Every, value)] }
    }

    /// Values of kinds of days.
    pub(super) fn of_rules(rules: Vec<(DayRule, T)>) -> Self {
        Self { rules }
    }

    /// The value of every day, if it is all that there is.
    pub(super) fn of_every_day(&self) -> Option<&T> {
        match self.rules.as_slice() {
            [(DayRule::Every, value)] => Some(value),
            _ => None,
        }
    }

    /// The value of a day; none if no rule is for it.
    pub(super) fn on(&self, day: CalendarDay, calendar: &Calendar) -> Option<&T> {
        let holding = self.rules.iter().filter(|(rule, _)| rule.holds(day, calendar));
        holding.max_by_key(|(rule, _)| rule.rank()).map(|(_, value)| value)
    }

    /// The same rules with other values.
    pub(super) fn map<U>(&self, value: impl Fn(&T) -> U) -> ByDay<U> {
        ByDay { rules: self.rules.iter().map(|(rule, own)| (*rule, value(own))).collect() }
    }

    /// All values.
    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.rules.iter().map(|(_, value)| value)
    }
}

impl<F: Form> Form for ByDayForm<'_, F> {
    type Value = ByDay<F::Value>;

    fn read(&self, input: Input<'_>) -> Option<Self::Value> {
        let Value::Table(_) = &input.node.value else {
            return self.form.read(input).map(ByDay::daily);
        };
        let mut rules: Vec<(DayRule, F::Value)> = Vec::new();
        let mut is_sound = true;
        for (entry, own) in input.entries()? {
            let text = entry.key.text.as_str();
            let place = |message: String| own.error(message).at(entry.key.span.clone());
            let refuse = |finding: Diagnostic| input.context.report(finding);
            let Some(rule) = DayRule::of_text(text) else {
                let meant = nearest(text, WORDS).map(|it| format!("did you mean \"{it}\"?"));
                let mut finding = place(format!("`{text}` is no day")).allowed(DAYS);
                finding.help = meant;
                refuse(finding);
                is_sound = false;
                continue;
            };
            if self.calendar.first_date().is_none() && rule != DayRule::Every {
                let help = "set `run.from` to the date of the first day, such as \"2026-03-23\"";
                refuse(
                    place(format!("the days of this run have no date, so none is `{text}`"))
                        .help(help),
                );
                is_sound = false;
                continue;
            }
            if let DayRule::Weekdays { first, last } = rule
                && let Some((other, _)) = rules.iter().find(|(other, _)| {
                    matches!(other, DayRule::Weekdays { first: begins, last: ends }
                        if first <= *ends && *begins <= last)
                })
            {
                refuse(place(format!("`{text}` overlaps `{}`", other.written())));
                is_sound = false;
            }
            match self.form.read(own) {
                Some(value) => rules.push((rule, value)),
                None => is_sound = false,
            }
        }
        if rules.is_empty() && is_sound {
            input.refuse(format!("a value for at least one day: {DAYS}"));
            return None;
        }
        is_sound.then_some(ByDay { rules })
    }

    fn schema(&self) -> Json {
        let own = self.form.schema();
        let pattern = "^(daily|holiday|(mon|tue|wed|thu|fri|sat|sun)(-(tue|wed|thu|fri|sat|sun))?|[0-9]{4}-[0-9]{2}-[0-9]{2})$";
        json!({ "anyOf": [own, {
            "type": "object",
            "patternProperties": { pattern: own },
            "additionalProperties": false,
            "description": "by day: the more particular counts, a date before a weekday",
        }] })
    }
}

impl DayRule {
    /// As it is written.
    pub(super) fn written(self) -> String {
        let weekday = |at: i8| WEEKDAYS[at as usize];
        match self {
            Self::Every => "daily".to_owned(),
            Self::Holiday => "holiday".to_owned(),
            Self::Weekdays { first, last } => format!("{}-{}", weekday(first), weekday(last)),
            Self::Weekday(at) => weekday(at).to_owned(),
            Self::Date(date) => date.to_string(),
        }
    }
}

/// Days of one kind: a weekday, a range of them, or `holiday`.
#[derive(Clone, Copy)]
pub(super) struct DayForm<'a> {
    pub(super) calendar: &'a Calendar,
}

impl Form for DayForm<'_> {
    type Value = DayRule;

    fn read(&self, input: Input<'_>) -> Option<DayRule> {
        let rule = match &input.node.value {
            Value::Text(text) => DayRule::of_text(text),
            _ => None,
        };
        let rule = rule.filter(|rule| !matches!(rule, DayRule::Every | DayRule::Date(_)));
        if rule.is_none() {
            input.refuse("mon to sun, a range such as mon-fri, or holiday");
            return None;
        }
        if self.calendar.first_date().is_none() {
            let help = "set `run.from` to the date of the first day".to_owned();
            input.refuse_with_help("no weekday where the run has no date", Some(help));
            return None;
        }
        rule
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "examples": ["fri", "mon-fri", "holiday"] })
    }
}

/// A date, with or without quotes.
#[derive(Clone, Copy)]
pub(super) struct DateForm;

impl Form for DateForm {
    type Value = Date;

    fn read(&self, input: Input<'_>) -> Option<Date> {
        let date = match &input.node.value {
            Value::Text(text) | Value::DateTime(text) if text.trim().len() == 10 => {
                Date::from_str(text.trim()).ok()
            }
            _ => None,
        };
        if date.is_none() {
            input.refuse("a date such as \"2026-03-23\": year, month, day");
        }
        date
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "format": "date", "examples": ["2026-03-23"] })
    }
}

impl ReaderSection<'_> {
    /// Says which rules are for dates that the run does not have.
    pub(super) fn note_days_outside<T>(&self, key: &str, values: &ByDay<T>, run: &RunSettings) {
        let days = run.calendar.days_until(run.until).filter_map(|day| day.date);
        let days = BTreeSet::from_iter(days);
        let dates = values.rules.iter().filter_map(|(rule, _)| match rule {
            DayRule::Date(date) => Some(*date),
            _ => None,
        });
        let outside = BTreeSet::from_iter(dates.filter(|date| !days.contains(date)));
        let Some(first) = outside.first() else { return };
        let message = match outside.len() - 1 {
            0 => format!("{first} is no day of the run, so it changes nothing"),
            others => {
                let dates = if others == 1 { "other date" } else { "other dates" };
                format!(
                    "{first} and {others} {dates} are no days of the run, so they change nothing"
                )
            }
        };
        let mut finding = self.error(key, message);
        finding.severity = Severity::Warning;
        self.context.report(finding);
    }
}

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const WORDS: [&str; 11] =
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "mon-fri", "sat-sun", "daily", "holiday"];
const DAYS: &str =
    "mon to sun, ranges such as mon-fri, holiday, daily, or a date such as 2026-03-23";
