//! Durations of a log in logarithmic bins.

use std::collections::BTreeMap;

use crate::base::time::Span;

/// Durations in bins of 1/64 of an octave (1.1 %), those that ended apart from those of which only a
/// beginning was seen (right-censored).
///
/// Memory does not grow with their number. A bin keeps count and sum, and all together sum and squares of
/// the logarithms, as integers: moments are exact, and neither the order of adding nor of merging leaves a
/// trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationBins {
    tick: Span,
    ended: BTreeMap<u16, BinSums>,
    censored: BTreeMap<u16, BinSums>,
    logarithms: i128,
    squares: i128,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct BinSums {
    count: u64,
    micros: u128,
}

/// Times with weights, as fits take them.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Times that ended are known to ± half of this, seconds; 0 if they are exact.
    pub tick: f64,
    /// Times that ended within this are told to have ended at once, seconds: some time up to it.
    pub at_once: f64,
    /// Times that ended, ascending.
    pub ended: Vec<WeightedTime>,
    /// Times that were cut, ascending: the whole one is longer.
    pub censored: Vec<WeightedTime>,
}

/// A time that was seen a number of times.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WeightedTime {
    /// The time, seconds.
    pub seconds: f64,
    /// How often; need not be whole.
    pub weight: f64,
}

impl DurationBins {
    /// None yet, of a log whose clock is exact to the microsecond.
    pub fn exact() -> Self {
        Self::of_ticks(Span::ZERO)
    }

    /// None yet, of a log whose clock has ticks of this length: durations are known to ± half a tick.
    pub fn of_ticks(tick: Span) -> Self {
        let (ended, censored) = (BTreeMap::new(), BTreeMap::new());
        Self { tick, ended, censored, logarithms: 0, squares: 0 }
    }

    /// Adds a duration that ended; a negative one counts as zero.
    pub fn add(&mut self, duration: Span) {
        let micros = micros(duration);
        push(&mut self.ended, micros);
        if micros > 0 {
            let logarithm = libm::log(micros as f64 / 1e6);
            self.logarithms += fixed(logarithm);
            self.squares += fixed(logarithm * logarithm);
        }
    }

    /// Adds a duration of which only a beginning was seen.
    pub fn add_censored(&mut self, seen: Span) {
        push(&mut self.censored, micros(seen));
    }

    /// Adds all of another log; the coarser clock counts.
    pub fn merge(&mut self, other: &Self) {
        self.tick = self.tick.max(other.tick);
        for (own, others) in
            [(&mut self.ended, &other.ended), (&mut self.censored, &other.censored)]
        {
            for (bin, sums) in others {
                let own = own.entry(*bin).or_default();
                own.count += sums.count;
                own.micros += sums.micros;
            }
        }
        self.logarithms += other.logarithms;
        self.squares += other.squares;
    }

    /// How many ended.
    pub fn ended(&self) -> u64 {
        self.ended.values().map(|sums| sums.count).sum()
    }

    /// How many ended at once: after no time at all, as far as the clock tells.
    pub fn zeros(&self) -> u64 {
        self.ended.get(&0).map_or(0, |sums| sums.count)
    }

    /// How many were cut.
    pub fn censored(&self) -> u64 {
        self.censored.values().map(|sums| sums.count).sum()
    }

    /// Sum of all, ended and cut, seconds.
    pub fn total(&self) -> f64 {
        (total(&self.ended) + total(&self.censored)) as f64 / 1e6
    }

    /// The plain mean of those that ended, seconds: too low if any were cut. None of nothing.
    pub fn mean_of_ended(&self) -> Option<f64> {
        let count = self.ended();
        (count > 0).then(|| total(&self.ended) as f64 / 1e6 / count as f64)
    }

    /// Mean of the logarithms (of seconds) of those that ended after more than no time.
    pub fn mean_logarithm(&self) -> Option<f64> {
        let count = self.ended() - self.zeros();
        (count > 0).then(|| loose(self.logarithms) / count as f64)
    }

    /// Variance of those logarithms, divided by their number.
    pub fn variance_of_logarithms(&self) -> Option<f64> {
        let count = (self.ended() - self.zeros()) as f64;
        let mean = self.mean_logarithm()?;
        Some((loose(self.squares) / count - mean * mean).max(0.0))
    }

    /// As fits take them: each bin is the mean of what is in it.
    pub fn sample(&self) -> Sample {
        Sample {
            tick: self.tick.as_secs_f64(),
            at_once: self.tick.as_secs_f64() / 2.0,
            ended: weighted(&self.ended),
            censored: weighted(&self.censored),
        }
    }
}

impl Sample {
    /// The same, with what ended within a time told to have ended at once.
    #[must_use]
    pub fn with_at_once(mut self, within: Span) -> Self {
        self.at_once = self.at_once.max(within.as_secs_f64());
        self
    }

    /// All times multiplied by a factor.
    #[must_use]
    pub(super) fn times(&self, factor: f64) -> Self {
        let scaled = |times: &[WeightedTime]| {
            let time =
                |time: &WeightedTime| WeightedTime { seconds: time.seconds * factor, ..*time };
            times.iter().map(time).collect()
        };
        let (ended, censored) = (scaled(&self.ended), scaled(&self.censored));
        Self { ended, censored, tick: self.tick * factor, at_once: self.at_once * factor }
    }

    /// Several samples as one, in the same bins as those of [`DurationBins`]; the coarsest clock counts.
    pub(super) fn pooled(samples: impl IntoIterator<Item = Self>) -> Self {
        let (mut ended, mut censored) = (BTreeMap::new(), BTreeMap::new());
        let (mut tick, mut at_once) = (0.0_f64, 0.0_f64);
        for sample in samples {
            (tick, at_once) = (tick.max(sample.tick), at_once.max(sample.at_once));
            for (pool, times) in [(&mut ended, sample.ended), (&mut censored, sample.censored)] {
                for time in times {
                    let micros = libm::round(time.seconds * 1e6) as u64;
                    let own: &mut WeightedTime = pool.entry(bin(micros)).or_default();
                    let weight = own.weight + time.weight;
                    own.seconds += (time.seconds - own.seconds) * time.weight / weight;
                    own.weight = weight;
                }
            }
        }
        let [ended, censored] = [ended, censored].map(|pool| pool.into_values().collect());
        Self { tick, at_once, ended, censored }
    }

    /// Weight of what ended.
    pub fn ends(&self) -> f64 {
        self.ended.iter().map(|time| time.weight).sum()
    }

    /// Weight of what ended at once.
    pub fn ends_at_once(&self) -> f64 {
        let at_once = self.ended.iter().take_while(|time| time.seconds <= self.at_once);
        at_once.map(|time| time.weight).sum()
    }

    /// Weight of what was cut.
    pub fn cuts(&self) -> f64 {
        self.censored.iter().map(|time| time.weight).sum()
    }

    /// Time seen, ended or cut, weighted, seconds.
    pub fn exposure(&self) -> f64 {
        let times = self.ended.iter().chain(&self.censored);
        times.map(|time| time.seconds * time.weight).sum()
    }

    /// All times that this one stands for: those of the clock's tick, or of its bin.
    pub(super) fn bin(&self, seconds: f64) -> EndedWithin {
        let place = self.place(seconds);
        if place.from < place.to {
            return place;
        }
        let half = libm::exp2(0.5 / BINS_AN_OCTAVE);
        EndedWithin { from: seconds / half, to: seconds * half }
    }

    /// Where a time that ended may really lie; the same twice if its bin is wider than a tick, or it is
    /// exact.
    pub(super) fn place(&self, seconds: f64) -> EndedWithin {
        if seconds <= self.at_once {
            return EndedWithin { from: 0.0, to: self.at_once.max(SHORTEST) };
        }
        if self.tick * BINS_AN_OCTAVE < seconds {
            return EndedWithin { from: seconds, to: seconds };
        }
        let half = self.tick / 2.0;
        EndedWithin { from: (seconds - half).max(self.at_once), to: seconds + half }
    }
}

/// An interval in which a time ended, seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct EndedWithin {
    pub(super) from: f64,
    pub(super) to: f64,
}

fn micros(span: Span) -> u64 {
    span.as_micros().max(0) as u64
}

fn push(bins: &mut BTreeMap<u16, BinSums>, micros: u64) {
    let sums = bins.entry(bin(micros)).or_default();
    sums.count += 1;
    sums.micros += u128::from(micros);
}

/// Bin 0 is no time at all; bin 1 + 64 k begins at 2^k µs.
fn bin(micros: u64) -> u16 {
    match micros {
        0 => 0,
        _ => 1 + libm::floor(BINS_AN_OCTAVE * libm::log2(micros as f64)) as u16,
    }
}

fn total(bins: &BTreeMap<u16, BinSums>) -> u128 {
    bins.values().map(|sums| sums.micros).sum()
}

fn weighted(bins: &BTreeMap<u16, BinSums>) -> Vec<WeightedTime> {
    let times = bins.values().map(|sums| {
        let weight = sums.count as f64;
        WeightedTime { seconds: sums.micros as f64 / weight / 1e6, weight }
    });
    times.collect()
}

/// A number as a whole count of 2⁻⁴⁰, so that sums are exact.
fn fixed(value: f64) -> i128 {
    libm::round(value * FIXED) as i128
}

fn loose(value: i128) -> f64 {
    value as f64 / FIXED
}

const BINS_AN_OCTAVE: f64 = 64.0;
/// Half a microsecond: what an exact clock calls no time.
const SHORTEST: f64 = 5e-7;
const FIXED: f64 = (1_u64 << 40) as f64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::testing::stream;
    use crate::estimation::drawn::durations;

    #[test]
    fn a_few_durations_by_hand() {
        let mut bins = DurationBins::exact();
        for seconds in [1, 1, 4, 0] {
            bins.add(Span::from_secs(seconds));
        }
        bins.add_censored(Span::from_secs(10));
        assert_eq!((bins.ended(), bins.zeros(), bins.censored()), (4, 1, 1));
        assert_eq!((bins.total(), bins.mean_of_ended()), (16.0, Some(1.5)));
        let log_4 = libm::log(4.0);
        assert!((bins.mean_logarithm().unwrap() - log_4 / 3.0).abs() < 1e-11);
        assert!((bins.variance_of_logarithms().unwrap() - log_4 * log_4 * 2.0 / 9.0).abs() < 1e-11);
        let sample = bins.sample();
        let times = Vec::from_iter(sample.ended.iter().map(|time| (time.seconds, time.weight)));
        assert_eq!(times, [(0.0, 1.0), (1.0, 2.0), (4.0, 1.0)]);
        assert_eq!((sample.ends(), sample.cuts(), sample.exposure()), (4.0, 1.0, 16.0));
    }

    #[test]
    fn a_bin_is_a_64th_of_an_octave() {
        assert_eq!([0, 1, 2, 4].map(bin), [0, 1, 65, 129]);
        assert_eq!(bin(1 << 30) + 1, bin(libm::ceil(libm::exp2(30.0 + 1.0 / 64.0)) as u64));
        assert_eq!(bin(i64::MAX as u64), 1 + 63 * 64);
    }

    #[test]
    fn neither_order_nor_parts_leave_a_trace_and_memory_stays() {
        let lognormal = Distribution::lognormal(60.0, 1.5).unwrap();
        let mut parts =
            Vec::from_iter((0..3).map(|part| {
                durations(20_000, &lognormal, Some(&lognormal), &mut stream(171 + part))
            }));
        let merged = |parts: &[DurationBins]| {
            let mut all = DurationBins::exact();
            parts.iter().for_each(|part| all.merge(part));
            all
        };
        let forwards = merged(&parts);
        parts.reverse();
        assert_eq!(merged(&parts), forwards);
        assert_eq!(forwards.ended() + forwards.censored(), 60_000);
        // Times from 1 ms to 11 days have 30 octaves.
        assert!(forwards.ended.len() < 30 * 64 / 2, "{}", forwards.ended.len());
    }

    #[test]
    fn pooled_samples_are_those_of_pooled_bins() {
        let lognormal = Distribution::lognormal(60.0, 1.0).unwrap();
        let parts = [174, 175]
            .map(|entity| durations(2_000, &lognormal, Some(&lognormal), &mut stream(entity)));
        let mut all = parts[0].clone();
        all.merge(&parts[1]);
        let pooled = Sample::pooled(parts.iter().map(DurationBins::sample));
        assert_eq!(
            (pooled.ended.len(), pooled.censored.len()),
            (all.ended.len(), all.censored.len())
        );
        assert!((pooled.exposure() / all.total() - 1.0).abs() < 1e-12);
        let doubled = pooled.times(2.0);
        assert!((doubled.exposure() / all.total() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn short_times_of_a_coarse_clock_are_cells_and_long_ones_points() {
        let within = |from: f64, to: f64| EndedWithin { from, to };
        let sample = DurationBins::of_ticks(Span::from_secs(1)).sample();
        assert_eq!(sample.place(0.0), within(0.0, 0.5));
        assert_eq!(sample.place(3.0), within(2.5, 3.5));
        assert_eq!(sample.place(100.0), within(100.0, 100.0));
        let patient = sample.with_at_once(Span::from_secs(2));
        assert_eq!(patient.place(1.0), within(0.0, 2.0));
        assert_eq!(patient.place(2.1), within(2.0, 2.6));
        let exact = DurationBins::exact().sample();
        assert_eq!(exact.place(3.0), within(3.0, 3.0));
        assert_eq!(exact.place(0.0), within(0.0, 5e-7));
    }
}
