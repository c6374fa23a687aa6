//! Durations as a fold: exact count, sum and extremes beside an HDR histogram for the quantiles.

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::base::time::Span;

use super::merge::Merge;
use super::number_rows::numbers_by_field;

/// Number and exact sum of some durations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// How many.
    pub count: u64,
    /// Their sum, microseconds.
    pub micros: u128,
}

numbers_by_field!(Total { count, micros });

impl Total {
    /// Adds one duration; a negative one counts as zero.
    pub fn add(&mut self, span: Span) {
        self.count += 1;
        self.micros += micros(span) as u128;
    }

    /// Mean in seconds; `None` of nothing.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.micros as f64 / self.count as f64 / 1e6)
    }
}

/// Durations of one figure.
///
/// Count, sum, longest and the number of zeros are exact. Quantiles come from a histogram over
/// milliseconds (rounded to the nearest) with a relative error of 10^-digits, up to
/// [`Durations::LIMIT`]; longer ones are put at the limit and counted in
/// [`Durations::saturated`]. The histogram is made at the first value and grows with the longest:
/// with 3 digits 16 KiB up to 2 s, 100 KiB up to 30 min, at most 190 KiB; with 2 digits an eighth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "SavedDurations", try_from = "SavedDurations")]
pub struct Durations {
    total: Total,
    zero: u64,
    longest: Span,
    saturated: u64,
    digits: u8,
    histogram: Option<Histogram<u64>>,
}

impl Durations {
    /// What the histogram tells apart at most: 30 days.
    pub const LIMIT: Span = Span::from_hours(24 * 30);

    /// Nothing yet; `digits` (1 to 5) significant decimal digits for quantiles.
    pub const fn new(digits: u8) -> Self {
        Self {
            total: Total { count: 0, micros: 0 },
            zero: 0,
            longest: Span::ZERO,
            saturated: 0,
            digits,
            histogram: None,
        }
    }

    /// Records one duration; a negative one counts as zero.
    pub fn record(&mut self, span: Span) {
        self.total.add(span);
        self.zero += u64::from(span <= Span::ZERO);
        self.longest = self.longest.max(span);
        self.saturated += u64::from(span > Self::LIMIT);
        let value = (micros(span.min(Self::LIMIT)) + 500) / 1000;
        self.record_in_histogram(value, 1);
    }

    /// How many were recorded.
    pub fn count(&self) -> u64 {
        self.total.count
    }

    /// Count and exact sum.
    pub fn total(&self) -> Total {
        self.total
    }

    /// Exact mean in seconds.
    pub fn mean(&self) -> Option<f64> {
        self.total.mean()
    }

    /// How many were zero.
    pub fn zero(&self) -> u64 {
        self.zero
    }

    /// Share of zeros.
    pub fn share_zero(&self) -> Option<f64> {
        (self.total.count > 0).then(|| self.zero as f64 / self.total.count as f64)
    }

    /// The longest, exactly.
    pub fn longest(&self) -> Option<Span> {
        (self.total.count > 0).then_some(self.longest)
    }

    /// How many exceeded [`Durations::LIMIT`].
    pub fn saturated(&self) -> u64 {
        self.saturated
    }

    /// The duration that a share `quantile` (0 to 1) does not exceed, in seconds, never more than
    /// the longest.
    pub fn quantile(&self, quantile: f64) -> Option<f64> {
        let histogram = self.histogram.as_ref().filter(|histogram| !histogram.is_empty())?;
        let seconds = histogram.value_at_quantile(quantile) as f64 / 1e3;
        Some(seconds.min(self.longest.as_secs_f64()))
    }

    /// As [`Durations::quantile`], but even inside a bucket: values are taken to lie evenly between
    /// its edges, which makes up for a histogram of few digits.
    pub fn even_quantile(&self, quantile: f64) -> Option<f64> {
        let histogram = self.histogram.as_ref().filter(|histogram| !histogram.is_empty())?;
        let wanted = quantile * histogram.len() as f64;
        let mut below = 0.0;
        for step in histogram.iter_recorded() {
            let count = step.count_since_last_iteration() as f64;
            if below + count >= wanted {
                let value = step.value_iterated_to();
                let low = histogram.lowest_equivalent(value) as f64 / 1e3;
                let high = histogram.highest_equivalent(value) as f64 / 1e3;
                let high = high.min(self.longest.as_secs_f64());
                let share = ((wanted - below) / count).clamp(0.0, 1.0);
                return Some(low.min(high) + share * (high - low).max(0.0));
            }
            below += count;
        }
        None
    }

    /// The histogram over milliseconds, if anything was recorded.
    pub fn histogram(&self) -> Option<&Histogram<u64>> {
        self.histogram.as_ref()
    }

    fn record_in_histogram(&mut self, value: u64, count: u64) {
        let histogram = self.histogram.get_or_insert_with(|| empty_histogram(self.digits));
        // A growing histogram refuses no value; counts saturate.
        let recorded = histogram.record_n(value, count);
        debug_assert!(recorded.is_ok());
    }
}

impl Merge for Durations {
    fn merge(&mut self, other: &Self) {
        self.total.merge(&other.total);
        self.zero.merge(&other.zero);
        self.longest = self.longest.max(other.longest);
        self.saturated.merge(&other.saturated);
        let Some(theirs) = &other.histogram else { return };
        let mine = self.histogram.get_or_insert_with(|| empty_histogram(self.digits));
        let added = mine.add(theirs);
        debug_assert!(added.is_ok());
    }
}

/// The form on disk: the filled buckets only.
#[derive(Serialize, Deserialize)]
struct SavedDurations {
    total: Total,
    zero: u64,
    longest: Span,
    saturated: u64,
    digits: u8,
    /// Milliseconds (highest of the bucket) and count.
    buckets: Vec<(u64, u64)>,
}

impl From<Durations> for SavedDurations {
    fn from(durations: Durations) -> Self {
        let buckets = durations.histogram.iter().flat_map(|histogram| {
            histogram
                .iter_recorded()
                .map(|step| (step.value_iterated_to(), step.count_since_last_iteration()))
        });
        Self {
            total: durations.total,
            zero: durations.zero,
            longest: durations.longest,
            saturated: durations.saturated,
            digits: durations.digits,
            buckets: buckets.collect(),
        }
    }
}

impl TryFrom<SavedDurations> for Durations {
    type Error = String;

    fn try_from(saved: SavedDurations) -> Result<Self, String> {
        if !(1..=5).contains(&saved.digits) {
            return Err(format!("a histogram has 1 to 5 digits, not {}", saved.digits));
        }
        let highest = 2 * micros(Self::LIMIT) / 1000;
        let mut durations = Self::new(saved.digits);
        for &(value, count) in &saved.buckets {
            if value > highest {
                return Err(format!("a bucket at {value} ms exceeds the limit of 30 days"));
            }
            durations.record_in_histogram(value, count);
        }
        Ok(Self {
            total: saved.total,
            zero: saved.zero,
            longest: saved.longest,
            saturated: saved.saturated,
            ..durations
        })
    }
}

fn empty_histogram(digits: u8) -> Histogram<u64> {
    Histogram::new(digits).unwrap_or_else(|error| unreachable!("{digits} digits: {error}"))
}

fn micros(span: Span) -> u64 {
    span.as_micros().max(0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(milliseconds: &[i64]) -> Durations {
        let mut durations = Durations::new(3);
        for &value in milliseconds {
            durations.record(Span::from_micros(value * 1000));
        }
        durations
    }

    #[test]
    fn sums_are_exact_and_quantiles_are_good_to_three_digits() {
        let durations = of(&(0..=10_000).collect::<Vec<_>>());
        assert_eq!(durations.total(), Total { count: 10_001, micros: 50_005_000_000 });
        assert_eq!((durations.zero(), durations.longest()), (1, Some(Span::from_secs(10))));
        let median = durations.quantile(0.5).unwrap();
        assert!((median / 5.0 - 1.0).abs() < 1e-3, "{median}");
        assert_eq!(durations.quantile(1.0), Some(10.0));
        assert_eq!(of(&[]).quantile(0.5), None);
    }

    #[test]
    fn with_one_digit_an_even_quantile_is_good_to_two() {
        let mut durations = Durations::new(1);
        for value in 0..100_000 {
            durations.record(Span::from_micros(value * 1000));
        }
        for quantile in [0.1, 0.5, 0.9, 0.99] {
            let found = durations.even_quantile(quantile).unwrap();
            assert!((found / (quantile * 100.0) - 1.0).abs() < 5e-3, "{quantile}: {found}");
        }
        assert_eq!(of(&[]).even_quantile(0.5), None);
        assert_eq!(of(&[7000]).even_quantile(0.9), Some(7.0));
    }

    #[test]
    fn merging_equals_recording_everything_in_one() {
        let mut left = of(&[1, 5, 70_000]);
        left.merge(&of(&[3_600_000, 0]));
        assert_eq!(left, of(&[1, 5, 70_000, 3_600_000, 0]));
        let mut empty = of(&[]);
        empty.merge(&left);
        assert_eq!(empty, left);
    }

    #[test]
    fn what_is_too_long_is_put_at_the_limit_and_counted() {
        let mut durations = Durations::new(3);
        durations.record(Span::from_hours(24 * 365));
        assert_eq!((durations.count(), durations.saturated()), (1, 1));
        let limit = Durations::LIMIT.as_secs_f64();
        let top = durations.quantile(1.0).unwrap();
        assert!(top >= limit && top < limit * 1.001, "{top}");
        let buckets = durations.histogram().unwrap().distinct_values();
        assert!(buckets * 8 <= 190 << 10, "{buckets} buckets");
    }

    #[test]
    fn saving_keeps_every_bucket() {
        let durations = of(&[0, 1, 2_047, 2_049, 98_765, 86_400_000]);
        let text = serde_json::to_string(&durations).unwrap();
        assert_eq!(serde_json::from_str::<Durations>(&text).unwrap(), durations);
        let broken = text.replace("\"digits\":3", "\"digits\":9");
        assert!(serde_json::from_str::<Durations>(&broken).is_err());
    }
}
