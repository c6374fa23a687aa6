//! When consumers arrive.

mod rates;
#[cfg(test)]
mod tests;
mod trace;

pub use rates::PiecewiseRates;
pub use trace::Trace;

use std::fmt;

use super::distribution::Distribution;
use super::ids::KindId;
use super::stream::{Purpose, Stream, Streams, uniform};
use super::time::{Span, Time};
use rates::{MICROS_PER_HOUR, RatePiece};

/// When consumers of one kind arrive.
#[derive(Clone, Debug, PartialEq)]
pub enum ArrivalProcess {
    /// A Poisson process of constant rate.
    Constant {
        /// Consumers an hour.
        per_hour: f64,
    },
    /// A Poisson process whose rate changes from interval to interval.
    Piecewise(PiecewiseRates),
    /// Given instants.
    Trace(Trace),
    /// A fixed population. Each member opens its first conversation at the start of the run and
    /// the next one a pause after the last has ended.
    Closed {
        /// Members.
        population: u64,
        /// Members of the whole of which these are a part: so far apart are the numbers of the
        /// visits of one member.
        whole: u64,
        /// Time between conversations, seconds.
        pause: Distribution,
    },
}

impl ArrivalProcess {
    /// A Poisson process of constant rate, `per_hour` from 0 to 3.6·10¹⁰ (10⁷ a second).
    pub fn constant(per_hour: f64) -> Result<Self, ArrivalError> {
        rates::check(per_hour)?;
        Ok(Self::Constant { per_hour })
    }

    /// The same process with `factor` times as many consumers: rates are multiplied, a closed
    /// population grows to the nearest whole number. `None` if that changes nothing, and for given
    /// instants, which nothing can be added to.
    pub fn scaled(&self, factor: f64) -> Option<Self> {
        let scaled = match self {
            Self::Constant { per_hour } => {
                Self::Constant { per_hour: (per_hour * factor).min(rates::MAX_PER_HOUR) }
            }
            Self::Piecewise(rates) => Self::Piecewise(rates.scaled(factor)),
            Self::Trace(_) => return None,
            Self::Closed { population, whole, pause } => {
                let [population, whole] =
                    [population, whole].map(|members| libm::round(*members as f64 * factor) as u64);
                Self::Closed { population, whole, pause: pause.clone() }
            }
        };
        (scaled != *self).then_some(scaled)
    }

    /// The expected number of arrivals from `start` up to and without `end`: exact for a trace; for
    /// a closed population the first openings only.
    pub fn expected(&self, start: Time, end: Time) -> f64 {
        let start = start.max(Time::ZERO);
        if end <= start {
            return 0.0;
        }
        match self {
            Self::Constant { per_hour } => {
                per_hour * (end - start).as_micros() as f64 / MICROS_PER_HOUR
            }
            Self::Piecewise(rates) => rates.expected(start, end),
            Self::Trace(trace) => trace.count(start, end) as f64,
            Self::Closed { population, .. } if start == Time::ZERO => *population as f64,
            Self::Closed { .. } => 0.0,
        }
    }

    /// Variance of the factor that makes days busier than others, whose mean is 1; 0 where there is none.
    pub fn busyness_variance(&self) -> f64 {
        match self {
            Self::Piecewise(rates) => rates.busyness_variance(),
            Self::Constant { .. } | Self::Trace(_) | Self::Closed { .. } => 0.0,
        }
    }

    /// Whether consumers arrive at rates, so that chance decides how many, and the mean is known.
    pub fn is_at_rates(&self) -> bool {
        matches!(self, Self::Constant { .. } | Self::Piecewise(_))
    }

    /// The highest rate, consumers an hour, before any busyness factor: of a trace the most
    /// arrivals within an hour; of a closed population its rate if all members paused all the
    /// time, infinite if they never pause.
    pub fn peak_per_hour(&self) -> f64 {
        match self {
            Self::Constant { per_hour } => *per_hour,
            Self::Piecewise(rates) => rates.peak_per_hour(),
            Self::Trace(trace) => trace.most_within(Span::from_hours(1)) as f64,
            Self::Closed { population: 0, .. } => 0.0,
            Self::Closed { population, pause, .. } => *population as f64 * 3600.0 / pause.mean(),
        }
    }
}

/// What is wrong with an arrival process, in words that say what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivalError(String);

impl fmt::Display for ArrivalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ArrivalError {}

/// The arrival instants of one kind in one replication, in order, from the start of the run and
/// before `until`. Of a closed population these are the first openings.
///
/// Gaps are drawn from one stream of the kind, so that they depend on nothing but seed,
/// replication, kind and process. Instants are cut to the microsecond; several may be equal.
#[derive(Debug)]
pub struct Arrivals {
    source: ArrivalSource,
    until: Time,
}

#[derive(Debug)]
enum ArrivalSource {
    Poisson(Poisson),
    Trace { trace: Trace, next: usize },
    Together(u64),
}

impl Arrivals {
    /// The arrivals of `kind` before `until`.
    pub fn new(process: &ArrivalProcess, streams: &Streams, kind: KindId, until: Time) -> Self {
        let source = match process {
            ArrivalProcess::Constant { per_hour } => {
                let piece = RatePiece { per_hour: *per_hour, end: Time::MAX };
                ArrivalSource::Poisson(Poisson::new(piece, None, streams, kind))
            }
            ArrivalProcess::Piecewise(rates) => {
                // Rates of 0 would be searched for an arrival to the end of time.
                let rates = Some(rates.clone()).filter(|rates| rates.peak_per_hour() > 0.0);
                let never = RatePiece { per_hour: 0.0, end: Time::MAX };
                let piece = rates.as_ref().map_or(never, |rates| rates.piece(Time::ZERO));
                ArrivalSource::Poisson(Poisson::new(piece, rates, streams, kind))
            }
            ArrivalProcess::Trace(trace) => ArrivalSource::Trace { trace: trace.clone(), next: 0 },
            ArrivalProcess::Closed { population, .. } => ArrivalSource::Together(*population),
        };
        Self { source, until }
    }
}

impl Iterator for Arrivals {
    type Item = Time;

    fn next(&mut self) -> Option<Time> {
        match &mut self.source {
            ArrivalSource::Poisson(poisson) => poisson.next(self.until),
            ArrivalSource::Trace { trace, next } => {
                let instant = trace.instants().get(*next).copied();
                *next += 1;
                instant.filter(|&time| time < self.until)
            }
            ArrivalSource::Together(left) => {
                *left = left.checked_sub(1)?;
                Some(Time::ZERO).filter(|&time| time < self.until)
            }
        }
    }
}

/// A Poisson process by inversion of its cumulative rate: the rate between two arrivals adds up to
/// an exponential number of mean 1 (Çinlar 1975, Introduction to Stochastic Processes, chapter 4).
#[derive(Debug)]
struct Poisson {
    streams: Streams,
    kind: KindId,
    gaps: Stream,
    rates: Option<PiecewiseRates>,
    now: Time,
    /// How far the process is past `now`, in microseconds below 1: without it gaps below a
    /// microsecond would round to nothing.
    fraction: f64,
    /// Where the present rate ends.
    end: Time,
    per_micro: f64,
}

impl Poisson {
    fn new(
        first: RatePiece,
        rates: Option<PiecewiseRates>,
        streams: &Streams,
        kind: KindId,
    ) -> Self {
        let gaps = streams.stream(Purpose::Arrivals, u64::from(kind.0), 0);
        let mut poisson = Self {
            streams: *streams,
            kind,
            gaps,
            rates,
            now: Time::ZERO,
            fraction: 0.0,
            end: Time::ZERO,
            per_micro: 0.0,
        };
        poisson.enter(first);
        poisson
    }

    fn next(&mut self, until: Time) -> Option<Time> {
        let mut needed = -libm::log1p(-uniform(&mut self.gaps));
        loop {
            let end = self.end.min(until);
            let left = (end - self.now).as_micros() as f64 - self.fraction;
            let gap = needed / self.per_micro;
            // Not so for a rate of 0, whose gap is infinite or not a number.
            if (0.0..left).contains(&gap) {
                let ahead = self.fraction + gap;
                let whole = libm::floor(ahead);
                self.fraction = ahead - whole;
                self.now += Span::from_micros(whole as i64);
                return Some(self.now).filter(|&now| now < until);
            }
            needed = (needed - left * self.per_micro).max(0.0);
            self.now = end;
            self.fraction = 0.0;
            if end >= until {
                return None;
            }
            self.enter(self.rates.as_ref()?.piece(end));
        }
    }

    fn enter(&mut self, piece: RatePiece) {
        let factor = self.rates.as_ref().map_or(1.0, |rates| {
            rates.busyness(self.now, |day| {
                self.streams.stream(Purpose::Busyness, u64::from(self.kind.0), day)
            })
        });
        self.per_micro = piece.per_hour * factor / MICROS_PER_HOUR;
        self.end = piece.end;
    }
}
