//! Rates that change from interval to interval.

use std::sync::Arc;

use super::ArrivalError;
use crate::base::distribution::Distribution;
use crate::base::stream::Stream;
use crate::base::time::{Span, Time};

/// Rates in consecutive intervals of equal length, 0 outside; once, or again every 24 hours.
#[derive(Clone, Debug, PartialEq)]
pub struct PiecewiseRates {
    start: Time,
    interval: Span,
    per_hour: Arc<[f64]>,
    daily: bool,
    busyness: Option<Distribution>,
    /// Where days begin, the first before or at the start of the run; none if every 24 hours.
    days: Option<Arc<[Time]>>,
}

/// A stretch of constant rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RatePiece {
    pub(super) per_hour: f64,
    pub(super) end: Time,
}

impl PiecewiseRates {
    /// Consumers an hour in each `interval`, the first of which begins at `start`, which may be
    /// before the run.
    ///
    /// Fails without rates, if a rate is not between 0 and 3.6·10¹⁰ an hour, if the interval is
    /// shorter than a second, or if start or interval exceed a thousand years.
    pub fn new(start: Time, interval: Span, per_hour: Vec<f64>) -> Result<Self, ArrivalError> {
        if per_hour.is_empty() {
            return Err(ArrivalError("there must be at least one interval".into()));
        }
        for &rate in &per_hour {
            check(rate)?;
        }
        if interval < SHORTEST {
            let message = format!("intervals must last at least {SHORTEST}, but last {interval}");
            return Err(ArrivalError(message));
        }
        if interval > FAR || start > Time::ZERO + FAR || start < Time::ZERO - FAR {
            let message = "intervals must lie within a thousand years of the start of the run";
            return Err(ArrivalError(message.into()));
        }
        Ok(Self {
            start,
            interval,
            per_hour: per_hour.into(),
            daily: false,
            busyness: None,
            days: None,
        })
    }

    /// As [`PiecewiseRates::new`], from the expected number of consumers in each interval.
    pub fn from_volumes(
        start: Time,
        interval: Span,
        volumes: &[f64],
    ) -> Result<Self, ArrivalError> {
        let hours = interval.as_micros() as f64 / MICROS_PER_HOUR;
        Self::new(start, interval, volumes.iter().map(|volume| volume / hours).collect())
    }

    /// The same every 24 hours, before `start` as well as after. Fails if the intervals last longer
    /// than 24 hours together.
    pub fn daily(self) -> Result<Self, ArrivalError> {
        let length = self.length();
        if length > DAY {
            let message =
                format!("intervals that repeat daily must fit into 24h, but last {length}");
            return Err(ArrivalError(message));
        }
        Ok(Self { daily: true, ..self })
    }

    /// Days for a busyness factor begin at these instants, in order, the first at or before the start
    /// of the run.
    #[must_use]
    pub fn with_days(self, starts: Vec<Time>) -> Self {
        Self { days: Some(starts.into()), ..self }
    }

    /// Multiplies the rates of each day by one draw from a gamma distribution of mean 1 and this
    /// shape; its variance is 1 / shape. Without [`PiecewiseRates::with_days`] days are stretches of 24
    /// hours from `start`, so that the
    /// factor of a night shift does not change at midnight. Fails if the shape is not between
    /// 10⁻⁶ and 10⁶.
    pub fn with_busyness(self, shape: f64) -> Result<Self, ArrivalError> {
        let factor = Distribution::gamma_by_shape(1.0, shape)
            .map_err(|error| ArrivalError(format!("busyness: {error}")))?;
        Ok(Self { busyness: Some(factor), ..self })
    }

    /// The same with all rates multiplied, up to the highest rate allowed.
    pub(super) fn scaled(&self, factor: f64) -> Self {
        let per_hour = self.per_hour.iter().map(|rate| (rate * factor).min(MAX_PER_HOUR));
        Self { per_hour: per_hour.collect(), ..self.clone() }
    }

    pub(super) fn expected(&self, start: Time, end: Time) -> f64 {
        let mut sum = 0.0;
        let mut now = start;
        while now < end {
            let piece = self.piece(now);
            let until = piece.end.min(end);
            sum += piece.per_hour * (until - now).as_micros() as f64 / MICROS_PER_HOUR;
            now = until;
        }
        sum
    }

    /// Variance of the busyness factor of a day, whose mean is 1.
    pub(super) fn busyness_variance(&self) -> f64 {
        self.busyness.as_ref().map_or(0.0, Distribution::variance)
    }

    pub(super) fn peak_per_hour(&self) -> f64 {
        self.per_hour.iter().copied().fold(0.0, f64::max)
    }

    /// The rate at an instant, and until when it stays.
    pub(super) fn piece(&self, now: Time) -> RatePiece {
        let since = (now - self.start).as_micros();
        let (day, since_day) =
            (since.div_euclid(DAY.as_micros()), since.rem_euclid(DAY.as_micros()));
        let tomorrow = self.day_start(day + 1);
        let offset = if self.daily { since_day } else { since };
        if offset < 0 {
            return RatePiece { per_hour: 0.0, end: self.start };
        }
        let index = offset / self.interval.as_micros();
        match self.per_hour.get(index as usize) {
            Some(&per_hour) => {
                let end = now + Span::from_micros((index + 1) * self.interval.as_micros() - offset);
                let end = if self.busyness.is_some() { end.min(self.next_day(now)) } else { end };
                RatePiece { per_hour, end }
            }
            None if self.daily => RatePiece { per_hour: 0.0, end: tomorrow },
            None => RatePiece { per_hour: 0.0, end: Time::MAX },
        }
    }

    /// The factor of the day around `now`; `stream` gives the stream for a day.
    pub(super) fn busyness(&self, now: Time, stream: impl Fn(u64) -> Stream) -> f64 {
        let day = self.day(now);
        self.busyness.as_ref().map_or(1.0, |factor| factor.sample(&mut stream(day as u64)))
    }

    /// Number of the day of an instant.
    fn day(&self, now: Time) -> i64 {
        match &self.days {
            Some(starts) => starts.partition_point(|start| *start <= now) as i64 - 1,
            None => (now - self.start).as_micros().div_euclid(DAY.as_micros()),
        }
    }

    /// When the day after that of an instant begins.
    fn next_day(&self, now: Time) -> Time {
        match &self.days {
            Some(starts) => {
                let next = starts.partition_point(|start| *start <= now);
                starts.get(next).copied().unwrap_or(Time::MAX)
            }
            None => self.day_start(self.day(now) + 1),
        }
    }

    fn day_start(&self, day: i64) -> Time {
        self.start + Span::from_micros(day.saturating_mul(DAY.as_micros()))
    }

    fn length(&self) -> Span {
        self.interval * self.per_hour.len() as i64
    }
}

pub(super) fn check(per_hour: f64) -> Result<(), ArrivalError> {
    if (0.0..=MAX_PER_HOUR).contains(&per_hour) {
        return Ok(());
    }
    let message = format!(
        "arrivals an hour must be between 0 and {MAX_PER_HOUR} (ten million a second), \
         but are {per_hour}"
    );
    Err(ArrivalError(message))
}

pub(super) const MICROS_PER_HOUR: f64 = 3.6e9;

pub(super) const MAX_PER_HOUR: f64 = 3.6e10;
const FAR: Span = Span::from_hours(24 * 365 * 1000);
const DAY: Span = Span::from_hours(24);
/// Years of intervals without arrivals are skipped one by one.
const SHORTEST: Span = Span::from_secs(1);
