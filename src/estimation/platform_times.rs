//! Timeouts that a platform was set to, recognized from the delays they made.

use super::confidence::Estimated;
use super::duration_bins::{DurationBins, Sample};

/// A constant that delays gather at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecognizedTime {
    /// The constant, seconds.
    pub seconds: f64,
    /// Share of the delays that are within [`RecognizedTime::WIDTH`] of it.
    pub share: Estimated,
}

impl RecognizedTime {
    /// How far apart delays may be that are the same constant, as a share of it; of a coarse clock a tick.
    pub const WIDTH: f64 = 0.05;
    /// Share of the delays that must be together.
    pub const SHARE: f64 = 0.5;
    /// Delays that are needed.
    pub const COUNT: u64 = 10;

    /// The constant of most of the delays, between an assignment (or a message, or a logout) and what the
    /// platform did: the stretch of relative width [`RecognizedTime::WIDTH`] that holds most of them, as in
    /// Chernoff 1964 (Annals of the Institute of Statistical Mathematics 16, 31–41), and the median in it. None if fewer than half are together, which says that the delays have another
    /// cause: an agent's hand, or timeouts that differ.
    pub fn of(delays: &DurationBins) -> Option<Self> {
        let sample = delays.sample();
        let count = delays.ended();
        let best = densest(&sample)?;
        let together = &sample.ended[best.first..best.end];
        let seconds = median(together, best.weight);
        let share = Estimated::share(libm::round(best.weight) as u64, count)?;
        (count >= Self::COUNT && share.value >= Self::SHARE).then_some(Self { seconds, share })
    }
}

struct Gathering {
    first: usize,
    end: usize,
    weight: f64,
}

/// The earliest of the heaviest.
fn densest(sample: &Sample) -> Option<Gathering> {
    let times = &sample.ended;
    let mut best: Option<Gathering> = None;
    let (mut end, mut weight) = (0, 0.0);
    for first in 0..times.len() {
        let longest = (times[first].seconds * (1.0 + RecognizedTime::WIDTH))
            .max(times[first].seconds + sample.tick);
        while end < times.len() && times[end].seconds <= longest {
            weight += times[end].weight;
            end += 1;
        }
        if best.as_ref().is_none_or(|best| weight > best.weight) {
            best = Some(Gathering { first, end, weight });
        }
        weight -= times[first].weight;
    }
    best
}

fn median(times: &[super::WeightedTime], weight: f64) -> f64 {
    let mut left = weight / 2.0;
    let reaches = |time: &&super::WeightedTime| {
        left -= time.weight;
        left <= 0.0
    };
    times.iter().find(reaches).map_or(0.0, |time| time.seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::testing::stream;
    use crate::base::time::Span;
    use crate::estimation::drawn::{durations, in_whole_seconds};

    #[test]
    fn a_constant_is_recognized_among_other_delays() {
        let other = Distribution::exponential(100.0).unwrap();
        let mut delays = durations(40, &other, None, &mut stream(240));
        (0..60).for_each(|_| delays.add(Span::from_secs(90)));
        let found = RecognizedTime::of(&delays).unwrap();
        assert!((found.seconds - 90.0).abs() < 0.5, "{found:?}");
        assert!((0.6..0.66).contains(&found.share.value) && found.share.observations == 100);
    }

    #[test]
    fn a_clock_of_seconds_and_a_late_platform_blur_it_a_little() {
        let late = Distribution::uniform(60.0, 62.0).unwrap();
        let mut delays = DurationBins::of_ticks(Span::from_secs(1));
        let mut stream = stream(241);
        (0..200).for_each(|_| delays.add(in_whole_seconds(late.span(&mut stream))));
        let found = RecognizedTime::of(&delays).unwrap();
        assert!((60.0..=62.0).contains(&found.seconds) && found.share.value == 1.0, "{found:?}");
    }

    #[test]
    fn delays_of_people_have_no_constant_and_few_are_not_enough() {
        let people = Distribution::lognormal(90.0, 0.8).unwrap();
        let delays = durations(1_000, &people, None, &mut stream(242));
        assert_eq!(RecognizedTime::of(&delays), None);
        let mut few = DurationBins::exact();
        (0..9).for_each(|_| few.add(Span::from_secs(60)));
        assert_eq!(RecognizedTime::of(&few), None);
        few.add(Span::from_secs(60));
        assert_eq!(RecognizedTime::of(&few).unwrap().seconds, 60.0);
        assert_eq!(RecognizedTime::of(&DurationBins::exact()), None);
    }
}
