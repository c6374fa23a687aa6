//! What stands in a cell, and how it is written: here it is known how many digits numbers have.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr as _;

use crate::base::calendar::Calendar;
use crate::base::time::{Span, Time};
use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Definition, Unit};
use crate::report::figure_format::FigureFormat;
use crate::report::format::{
    clock_of_day, decimals_for, fine, fixed, grouped, half_in, number, rough, size, value_in,
};

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) enum ReportCell {
    /// Nothing is known.
    Nothing,
    /// Nothing belongs there.
    Blank,
    /// Written by people: a name.
    Text(String),
    /// Words of ours.
    Word(Cow<'static, str>),
    /// How many there are.
    Count(u64),
    /// Time of day, since the midnight before the start of the run.
    Clock(Span),
    /// A number, with half its interval if it is an estimate.
    Number { value: f64, half: Option<f64>, unit: NumberUnit },
    /// One value less another, and that of the two as they are written, with half its interval.
    Difference { value: f64, written: f64, half: Option<f64>, format: FigureFormat },
    /// How something stands, and that in words.
    Verdict(Standing, Cow<'static, str>),
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Standing {
    Good,
    Open,
    Bad,
}

/// Where the units of numbers stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Units {
    /// With each number.
    InCell,
    /// In the head of the column: cells are what a spreadsheet takes for numbers.
    InHead,
}

/// What a number is of: how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum NumberUnit {
    /// The unit of a figure.
    Of(Unit),
    /// As all values of its figure.
    As(FigureFormat),
    /// An amount and half its interval with as many digits each.
    Alike,
    /// So many decimals.
    Fixed(usize),
    /// A change of a share, in percentage points.
    Points,
    /// As many digits as half its interval deserves, or six.
    Digits,
    /// How far off, with its sign.
    Deviations,
    /// Seconds that a machine takes, in milliseconds where the head has the unit.
    Latency,
    /// Seconds in two digits.
    Rough,
    /// Occurrences a second.
    Rate,
    /// Bytes.
    Memory,
}

impl ReportCell {
    pub(in crate::report) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(in crate::report) fn word(word: impl Into<Cow<'static, str>>) -> Self {
        Self::Word(word.into())
    }

    pub(in crate::report) fn verdict(
        standing: Standing,
        words: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Verdict(standing, words.into())
    }

    /// A number, if there is one.
    pub(in crate::report) fn number(value: impl Into<Option<f64>>, unit: NumberUnit) -> Self {
        let number = |value| Self::Number { value, half: None, unit };
        value.into().map_or(Self::Nothing, number)
    }

    /// A share, 0 to 1.
    pub(in crate::report) fn share(value: impl Into<Option<f64>>) -> Self {
        Self::number(value, NumberUnit::Of(Unit::Share))
    }

    pub(in crate::report) fn seconds(value: impl Into<Option<f64>>) -> Self {
        Self::number(value, NumberUnit::Of(Unit::Seconds))
    }

    pub(in crate::report) fn amount(value: impl Into<Option<f64>>) -> Self {
        Self::number(value, NumberUnit::Of(Unit::Times))
    }

    /// Nanoseconds that a machine takes.
    pub(in crate::report) fn nanos(nanos: u64) -> Self {
        Self::number(nanos as f64 / 1e9, NumberUnit::Latency)
    }

    /// An amount with so many decimals.
    pub(in crate::report) fn fixed(decimals: usize, value: impl Into<Option<f64>>) -> Self {
        Self::number(value, NumberUnit::Fixed(decimals))
    }

    /// The value of a figure.
    pub(in crate::report) fn figure(figure: &Definition, value: impl Into<Option<f64>>) -> Self {
        Self::number(value, NumberUnit::Of(figure.unit))
    }

    /// The estimate of a figure, if there is one, written like others of that figure.
    pub(in crate::report) fn estimate(
        format: FigureFormat,
        estimate: Option<&Estimate>,
        confidence: f64,
    ) -> Self {
        let half = estimate.and_then(|estimate| estimate.half_width(confidence));
        let value = estimate.map(|estimate| estimate.value);
        Self::number(value, NumberUnit::As(format)).within(half)
    }

    /// An estimate, of what was a number.
    #[must_use]
    pub(in crate::report) fn within(self, half: Option<f64>) -> Self {
        match self {
            Self::Number { value, unit, .. } => Self::Number { value, half, unit },
            other => other,
        }
    }

    /// An estimate by itself.
    #[must_use]
    pub(in crate::report) fn without_interval(self) -> Self {
        self.within(None)
    }

    /// As a sentence has it.
    pub(in crate::report) fn spoken(&self) -> String {
        self.written(Units::InCell, usize::MAX)
    }

    /// As a column has it that has the unit.
    pub(in crate::report) fn bare(&self) -> String {
        self.written(Units::InHead, usize::MAX)
    }

    /// With its unit, where there is room for little.
    pub(in crate::report) fn brief(&self) -> String {
        self.written(Units::InCell, ROOM)
    }

    /// As it is written; an estimate without its interval where there is no room for both.
    pub(super) fn written(&self, units: Units, room: usize) -> String {
        match self {
            Self::Nothing => "–".to_owned(),
            Self::Blank => String::new(),
            Self::Text(text) => text.clone(),
            Self::Word(words) | Self::Verdict(_, words) => words.clone().into_owned(),
            Self::Count(count) if units == Units::InCell => grouped(&count.to_string()),
            Self::Count(count) => count.to_string(),
            Self::Clock(time) => clock_of_day(&Calendar::without_date(*time), Time::ZERO),
            Self::Difference { written, half, format, .. } => {
                let unit = NumberUnit::As(*format);
                Self::Number { value: *written, half: *half, unit }.written(units, room)
            }
            Self::Number { value, half, unit: NumberUnit::Digits } => digits(*value, *half),
            Self::Number { value, half: None, unit } => unit.value(*value, units),
            Self::Number { value, half: Some(half), unit } => {
                let value = unit.value(*value, units);
                let both = format!("{value} ± {}", unit.half(*half, units));
                if both.width() > room { value } else { both }
            }
        }
    }
}

impl From<String> for ReportCell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&'static str> for ReportCell {
    fn from(word: &'static str) -> Self {
        Self::word(word)
    }
}

impl NumberUnit {
    fn value(self, value: f64, units: Units) -> String {
        match (self, units) {
            (Self::As(format), Units::InCell) => format.value(value),
            (Self::As(format), Units::InHead) => format.bare(value),
            (Self::Of(unit), Units::InCell) => value_in(unit, value),
            (Self::Of(Unit::Share), _) => format!("{:.1}", value * 100.0),
            (Self::Of(Unit::Seconds), _) => whole_seconds(value),
            (Self::Alike, Units::InCell) => number(value),
            (Self::Fixed(decimals), _) => fixed(value, decimals),
            (Self::Points, _) => format!("{:+.2}", value * 100.0),
            (Self::Digits, _) => six_digits(value),
            (Self::Deviations, _) if value.abs() < 0.05 => "0.0".to_owned(),
            (Self::Deviations, _) => format!("{value:+.1}"),
            (Self::Latency, Units::InCell) => fine(libm::round(value * 1e9) as u64),
            (Self::Latency, _) => plain(value * 1e3),
            (Self::Rough, Units::InCell) => rough(value),
            (Self::Rate, Units::InCell) => format!("{}/s", number(value)),
            (Self::Memory, Units::InCell) => size(value),
            (Self::Of(_) | Self::Alike | Self::Rough | Self::Rate | Self::Memory, _) => {
                plain(value)
            }
        }
    }

    fn half(self, half: f64, units: Units) -> String {
        match (self, units) {
            (Self::As(format), Units::InCell) => format.half(half),
            (Self::Of(unit), Units::InCell) => half_in(unit, half),
            (Self::Points, _) => format!("{:.2}", half * 100.0),
            _ => self.value(half, units),
        }
    }
}

/// Characters of an estimate with its unit; without its interval if it were longer.
const ROOM: usize = 16;

/// A number without separators, so that a spreadsheet takes it for one.
pub(in crate::report) fn plain(value: f64) -> String {
    number(value).replace(',', "")
}

/// Seconds, whole unless there are few.
pub(in crate::report) fn whole_seconds(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

/// A value to as many digits as half its interval has two of.
fn digits(value: f64, half: Option<f64>) -> String {
    match half {
        Some(half) if half > 0.0 && half.is_finite() => {
            let decimals = decimals_for(half, 2);
            format!("{value:.decimals$} ± {half:.decimals$}")
        }
        _ => six_digits(value),
    }
}

fn six_digits(value: f64) -> String {
    let text = format!("{value:.*}", decimals_for(value, 6));
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
    }
}
