//! Time in whole microseconds: integer, so that sums are exact and runs are reproducible.

use std::fmt;
use std::iter::Sum;
use std::num::NonZeroU64;
use std::ops::{Add, AddAssign, Mul, Sub, SubAssign};

use serde::{Deserialize, Serialize};

/// An instant, in microseconds since the start of the run. May be negative (a shift that began
/// before the run did).
///
/// Kept with the sign bit flipped, which keeps the order and leaves the pattern zero unused: an
/// `Option<Time>` then takes no more room than a `Time`, and every live conversation has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Span", into = "Span")]
pub struct Time(NonZeroU64);

/// A length of time in microseconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span(i64);

impl Time {
    /// The start of the run.
    pub const ZERO: Self = Self::from_micros(0);
    /// Later than every instant of a run.
    pub const MAX: Self = Self::from_micros(i64::MAX);

    /// The instant `microseconds` after the start of the run.
    pub const fn from_micros(microseconds: i64) -> Self {
        match NonZeroU64::new(microseconds as u64 ^ SIGN) {
            Some(flipped) => Self(flipped),
            None => Self(NonZeroU64::MIN),
        }
    }

    /// The instant `seconds` after the start of the run.
    pub const fn from_secs(seconds: i64) -> Self {
        Self::from_micros(seconds * MICROS_PER_SECOND)
    }

    /// Microseconds since the start of the run.
    pub const fn as_micros(self) -> i64 {
        (self.0.get() ^ SIGN) as i64
    }

    /// A number without sign that grows with the instant, for packed sort keys.
    pub const fn ordinal(self) -> u64 {
        self.0.get()
    }

    /// Seconds since the start of the run.
    pub fn as_secs_f64(self) -> f64 {
        self.since_start().as_secs_f64()
    }

    /// The time since the start of the run.
    pub const fn since_start(self) -> Span {
        Span(self.as_micros())
    }
}

impl Default for Time {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// Longer than any run: what a draw beyond it is cut to (about 146,000 years).
    pub const MAX: Self = Self(i64::MAX / 2);

    /// A span of whole microseconds.
    pub const fn from_micros(microseconds: i64) -> Self {
        Self(microseconds)
    }

    /// A span of whole seconds.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds * MICROS_PER_SECOND)
    }

    /// A span of whole minutes.
    pub const fn from_mins(minutes: i64) -> Self {
        Self::from_secs(minutes * 60)
    }

    /// A span of whole hours.
    pub const fn from_hours(hours: i64) -> Self {
        Self::from_mins(hours * 60)
    }

    /// A span from seconds, rounded to the nearest microsecond and cut to `0..=Span::MAX`.
    /// A NaN is a bug of the caller.
    pub fn from_secs_f64(seconds: f64) -> Self {
        debug_assert!(!seconds.is_nan(), "a span from NaN");
        let microseconds = libm::round(seconds * MICROS_PER_SECOND as f64);
        if microseconds >= Self::MAX.0 as f64 {
            Self::MAX
        } else {
            Self((microseconds as i64).max(0))
        }
    }

    /// Microseconds.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Seconds.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / MICROS_PER_SECOND as f64
    }

    /// Whether this is no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// Saved as the time since the start of the run.
impl From<Time> for Span {
    fn from(time: Time) -> Self {
        time.since_start()
    }
}

impl From<Span> for Time {
    fn from(since_start: Span) -> Self {
        Self::ZERO + since_start
    }
}

impl Add<Span> for Time {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self::from_micros(self.as_micros().saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub for Time {
    type Output = Span;
    fn sub(self, earlier: Self) -> Span {
        Span(self.as_micros() - earlier.as_micros())
    }
}

impl Sub<Span> for Time {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self::from_micros(self.as_micros().saturating_sub(span.0))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl SubAssign for Span {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Mul<i64> for Span {
    type Output = Self;
    fn mul(self, times: i64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

impl Sum for Span {
    fn sum<I: Iterator<Item = Self>>(spans: I) -> Self {
        spans.fold(Self::ZERO, Add::add)
    }
}

/// `90s`, `2m 30s`, `1h 5m`, `1.25s`: the notation of scenario files, so that it can be read back.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            return write!(f, "-{}", Self(-self.0));
        }
        let (whole, fraction) = (self.0 / MICROS_PER_SECOND, self.0 % MICROS_PER_SECOND);
        let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
        let mut parts = Vec::new();
        if hours > 0 {
            parts.push(format!("{hours}h"));
        }
        if minutes > 0 {
            parts.push(format!("{minutes}m"));
        }
        if fraction > 0 {
            let digits = format!("{fraction:06}");
            parts.push(format!("{seconds}.{}s", digits.trim_end_matches('0')));
        } else if seconds > 0 || parts.is_empty() {
            parts.push(format!("{seconds}s"));
        }
        f.write_str(&parts.join(" "))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.since_start().fmt(f)
    }
}

const MICROS_PER_SECOND: i64 = 1_000_000;
const SIGN: u64 = 1 << 63;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_optional_time_is_small_and_times_are_ordered_across_zero() {
        assert_eq!(size_of::<Option<Time>>(), size_of::<u64>());
        let times = [i64::MIN + 1, -5, 0, 5, i64::MAX].map(Time::from_micros);
        assert!(times.is_sorted());
        assert_eq!(times.map(Time::as_micros), [i64::MIN + 1, -5, 0, 5, i64::MAX]);
        assert_eq!(Time::from_secs(3) - Time::from_secs(-2), Span::from_secs(5));
    }

    #[test]
    fn spans_read_as_in_scenario_files() {
        let texts = [
            (Span::ZERO, "0s"),
            (Span::from_secs(90), "1m 30s"),
            (Span::from_hours(25), "25h"),
            (Span::from_micros(1_250_000), "1.25s"),
            (Span::from_micros(-60_000_000), "-1m"),
        ];
        for (span, text) in texts {
            assert_eq!(span.to_string(), text);
        }
    }

    #[test]
    fn seconds_are_rounded_and_cut_never_wrapped() {
        assert_eq!(Span::from_secs_f64(0.000_000_6), Span::from_micros(1));
        assert_eq!(Span::from_secs_f64(-1.0), Span::ZERO);
        assert_eq!(Span::from_secs_f64(f64::INFINITY), Span::MAX);
    }
}
