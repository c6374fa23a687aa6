//! Forms of single values: numbers, durations, clock times, choices.

use std::marker::PhantomData;

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use super::diagnostic::{listing, nearest};
use super::input::{Form, Input};
use super::tree::Value;
use crate::base::time::Span;
use crate::scenario::limits;

/// `true` or `false`.
pub(crate) struct Flag;

impl Form for Flag {
    type Value = bool;

    fn read(&self, input: Input<'_>) -> Option<bool> {
        if let Value::Boolean(flag) = input.node.value {
            return Some(flag);
        }
        input.refuse("true or false, without quotes");
        None
    }

    fn schema(&self) -> Json {
        json!({ "type": "boolean" })
    }
}

/// Words for people.
pub(crate) struct TextForm;

impl Form for TextForm {
    type Value = String;

    fn read(&self, input: Input<'_>) -> Option<String> {
        match &input.node.value {
            Value::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                input.refuse("a text that is not empty");
                None
            }
        }
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "minLength": 1 })
    }
}

/// A whole number between two bounds, both included.
pub(crate) struct Whole<T> {
    from: i64,
    to: i64,
    number: PhantomData<T>,
}

impl<T> Whole<T> {
    pub(crate) const fn between(from: i64, to: i64) -> Self {
        Self { from, to, number: PhantomData }
    }
}

impl<T: TryFrom<i64>> Form for Whole<T> {
    type Value = T;

    fn read(&self, input: Input<'_>) -> Option<T> {
        if let Value::Integer(number) = input.node.value
            && (self.from..=self.to).contains(&number)
            && let Ok(number) = T::try_from(number)
        {
            return Some(number);
        }
        input.refuse(format!("a whole number from {} to {}", self.from, self.to));
        None
    }

    fn schema(&self) -> Json {
        json!({ "type": "integer", "minimum": self.from, "maximum": self.to })
    }
}

/// A number between two bounds, both included.
pub(crate) struct Number {
    from: f64,
    to: f64,
    /// Whether it is a part of a whole, which may be written as a percentage.
    is_share: bool,
}

impl Number {
    pub(crate) const fn between(from: f64, to: f64) -> Self {
        Self { from, to, is_share: false }
    }

    /// A probability or a part of a whole.
    pub(crate) const fn share() -> Self {
        Self::share_between(0.0, 1.0)
    }

    /// A part of a whole between two bounds: `0.8` or `"80%"`.
    pub(crate) const fn share_between(from: f64, to: f64) -> Self {
        Self { from, to, is_share: true }
    }
}

impl Form for Number {
    type Value = f64;

    fn read(&self, input: Input<'_>) -> Option<f64> {
        let number = match &input.node.value {
            Value::Integer(number) => *number as f64,
            Value::Float(number) => *number,
            Value::Text(text) if self.is_share => percentage(text).unwrap_or(f64::NAN),
            _ => f64::NAN,
        };
        if (self.from..=self.to).contains(&number) {
            return Some(number);
        }
        let (from, to) = (self.from, self.to);
        input.refuse(match self.is_share {
            true => format!("a number from {from} to {to}, or a percentage such as \"5%\""),
            false => format!("a number from {from} to {to}"),
        });
        None
    }

    fn schema(&self) -> Json {
        let number = json!({ "type": "number", "minimum": self.from, "maximum": self.to });
        if !self.is_share {
            return number;
        }
        let percentage =
            json!({ "type": "string", "pattern": PERCENTAGE_PATTERN, "examples": ["5%"] });
        json!({ "anyOf": [number, percentage] })
    }
}

/// `80%` or `0.5 %`, as a part of one.
pub(crate) fn percentage(text: &str) -> Option<f64> {
    let percent = text.trim().strip_suffix('%')?.trim_end();
    // Not divided by 100: so it is the very number that the same digits as a part of one are.
    format!("{percent}e-2").parse().ok()
}

/// What [`percentage`] reads.
pub(crate) const PERCENTAGE_PATTERN: &str = r"^\s*[0-9.]+\s*%\s*$";

/// A length of time with its unit, such as `"90s"`, between two bounds, both included.
#[derive(Clone, Copy)]
pub(crate) struct Duration {
    from: Span,
    to: Span,
}

impl Duration {
    /// Any length up to ten years.
    pub(crate) const fn any() -> Self {
        Self::between(Span::ZERO, limits::HORIZON)
    }

    pub(crate) const fn at_least(from: Span) -> Self {
        Self::between(from, limits::HORIZON)
    }

    pub(crate) const fn between(from: Span, to: Span) -> Self {
        Self { from, to }
    }

    /// The length that a text names, if it is one and within the bounds.
    pub(crate) fn of_text(&self, text: &str) -> Option<Span> {
        let duration: SignedDuration = text.trim().parse().ok()?;
        let span = Span::from_micros(i64::try_from(duration.as_micros()).ok()?);
        (self.from..=self.to).contains(&span).then_some(span)
    }

    pub(crate) fn allowed(&self) -> String {
        let unbounded = self.to == limits::HORIZON;
        let bounds = match (self.from, self.to) {
            (Span::ZERO, _) if unbounded => "not negative, at most ten years".to_owned(),
            (from, _) if unbounded => format!("at least {from}, at most ten years"),
            (from, to) => format!("from {from} to {to}"),
        };
        format!("a length of time with its unit, such as \"90s\" or \"2m 30s\", {bounds}")
    }
}

impl Form for Duration {
    type Value = Span;

    fn read(&self, input: Input<'_>) -> Option<Span> {
        let help = match &input.node.value {
            Value::Text(text) => match self.of_text(text) {
                Some(span) => return Some(span),
                None if text.contains(['d', 'w']) => {
                    Some("write days and weeks in hours: a day is \"24h\"".to_owned())
                }
                None => None,
            },
            Value::Integer(number) => Some(format!("write the unit: \"{number}s\"")),
            Value::Float(number) if number.is_finite() => {
                Some(format!("write the unit: \"{number}s\""))
            }
            _ => None,
        };
        input.refuse_with_help(self.allowed(), help);
        None
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "examples": ["90s", "2m 30s", "1h30m"] })
    }
}

/// A clock time, `"HH:MM"` or `"HH:MM:SS"`, as the time since midnight; `"24:00"` is allowed.
#[derive(Clone, Copy)]
pub(crate) struct ClockTime;

impl ClockTime {
    /// The clock time that a text names.
    pub(crate) fn of_text(text: &str) -> Option<Span> {
        let mut parts = text.trim().split(':');
        let mut part = |longest: usize| -> Option<i64> {
            let digits = parts.next()?;
            let valid = (1..=longest).contains(&digits.len())
                && digits.bytes().all(|byte| byte.is_ascii_digit());
            valid.then(|| digits.parse().ok()).flatten()
        };
        let (hours, minutes) = (part(2)?, part(2)?);
        let seconds = if text.matches(':').count() == 2 { part(2)? } else { 0 };
        let rest = parts.next();
        let span = Span::from_secs(hours * 3600 + minutes * 60 + seconds);
        (rest.is_none() && minutes < 60 && seconds < 60 && span <= DAY).then_some(span)
    }
}

impl Form for ClockTime {
    type Value = Span;

    fn read(&self, input: Input<'_>) -> Option<Span> {
        let clock = match &input.node.value {
            Value::Text(text) => Self::of_text(text),
            _ => None,
        };
        if clock.is_none() {
            input.refuse("a clock time in quotes, from \"00:00\" to \"24:00\", such as \"08:30\"");
        }
        clock
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "pattern": CLOCK_PATTERN, "examples": ["08:30"] })
    }
}

/// One of a few words, each with its meaning.
pub(crate) struct ChoiceForm<T: 'static>(pub(crate) &'static [(&'static str, T, &'static str)]);

impl<T: Copy> Form for ChoiceForm<T> {
    type Value = T;

    fn read(&self, input: Input<'_>) -> Option<T> {
        let words = || self.0.iter().map(|(word, ..)| *word);
        let Value::Text(text) = &input.node.value else {
            input.refuse(format!("one of {}, in quotes", listing(words())));
            return None;
        };
        let chosen = self.0.iter().find(|(word, ..)| word == text).map(|&(_, value, _)| value);
        if chosen.is_none() {
            let help = nearest(text, words()).map(|meant| format!("did you mean \"{meant}\"?"));
            input.refuse_with_help(format!("one of {}", listing(words())), help);
        }
        chosen
    }

    fn schema(&self) -> Json {
        let words: Vec<_> = self
            .0
            .iter()
            .map(|(word, _, meaning)| json!({ "const": word, "description": meaning }))
            .collect();
        json!({ "oneOf": words })
    }
}

/// 24 hours.
pub(crate) const DAY: Span = Span::from_hours(24);

const CLOCK_PATTERN: &str = "^([01]?[0-9]|2[0-4]):[0-5]?[0-9](:[0-5]?[0-9])?$";
