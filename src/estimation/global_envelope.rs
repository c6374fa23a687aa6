//! Whether measured figures lie among simulated ones, all figures at once.

use std::cmp::Ordering;

use crate::base::stream::{Stream, uniform};

/// The range of simulated figures that all figures of a right scenario stay in with a stated error.
#[derive(Clone, Debug, PartialEq)]
pub struct GlobalEnvelope {
    /// Range of each figure.
    pub ranges: Vec<FigureRange>,
    /// The probability that a right scenario gives figures at least as extreme.
    pub probability: f64,
    /// The error with which a right scenario is refused.
    pub error: f64,
}

/// Where a figure is and where it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FigureRange {
    /// As measured.
    pub measured: f64,
    /// The least that is inside.
    pub low: f64,
    /// The most that is inside.
    pub high: f64,
}

impl FigureRange {
    /// Whether the measured figure is inside.
    pub fn is_inside(&self) -> bool {
        (self.low..=self.high).contains(&self.measured)
    }
}

impl GlobalEnvelope {
    /// The envelope of simulated replications, each with the same figures as were measured, all finite.
    ///
    /// Every replication, and what was measured as one more, gets the rank of its most extreme figure, the
    /// nearer to an end of that figure's values the more extreme; alike ones are told apart by their next
    /// most extreme figures (extreme rank lengths; Myllymäki et al. 2017, Journal of the Royal Statistical
    /// Society B 79, 381–404), and what is still alike by chance. The probability is the share of those not
    /// less extreme than what was measured, and exact because under a right scenario all orders are alike.
    /// The envelope reaches as far as all but the share `error` of most extreme ones.
    ///
    /// # Panics
    ///
    /// If a replication has fewer figures than were measured.
    pub fn of(measured: &[f64], simulated: &[Vec<f64>], error: f64, stream: &mut Stream) -> Self {
        let all = Vec::from_iter([measured].into_iter().chain(simulated.iter().map(Vec::as_slice)));
        let order = by_extremeness(&all, stream);
        let place = order.iter().position(|&one| one == 0).unwrap_or(0);
        let count = all.len() as f64;
        // The most extreme that together are no more than the error.
        let refused = libm::floor(error * count + 1e-9) as usize;
        let kept = &order[refused..];
        let range = |figure: usize| {
            let values = kept.iter().map(|&one| all[one][figure]);
            FigureRange {
                measured: measured[figure],
                low: values.clone().fold(f64::INFINITY, f64::min),
                high: values.fold(f64::NEG_INFINITY, f64::max),
            }
        };
        Self {
            ranges: (0..measured.len()).map(range).collect(),
            probability: (place + 1) as f64 / count,
            error,
        }
    }

    /// Whether what was measured is not among the most extreme.
    pub fn fits(&self) -> bool {
        self.probability > self.error + 1e-12
    }
}

/// The share of replications of another scenario that an envelope of the right one refuses: the power to
/// see the difference. 0 without replications.
pub fn power(right: &[Vec<f64>], other: &[Vec<f64>], error: f64, stream: &mut Stream) -> f64 {
    let refused = other.iter().filter(|one| !GlobalEnvelope::of(one, right, error, stream).fits());
    refused.count() as f64 / other.len().max(1) as f64
}

/// A power below this is too little data to call a scenario fitting.
pub const MIN_POWER: f64 = 0.5;

/// Positions, most extreme first.
fn by_extremeness(all: &[&[f64]], stream: &mut Stream) -> Vec<usize> {
    let mut ranks = vec![Vec::new(); all.len()];
    for figure in 0..all[0].len() {
        for (one, rank) in two_sided_ranks(all, figure).into_iter().enumerate() {
            ranks[one].push(rank);
        }
    }
    ranks.iter_mut().for_each(|ranks| ranks.sort_by(f64::total_cmp));
    let chance = Vec::from_iter(all.iter().map(|_| uniform(stream)));
    let mut order = Vec::from_iter(0..all.len());
    order.sort_by(|&one, &other| {
        let figures = ranks[one].iter().zip(&ranks[other]);
        let compared = figures.map(|(one, other)| one.total_cmp(other));
        let first = compared.fold(Ordering::Equal, Ordering::then);
        first.then(chance[one].total_cmp(&chance[other]))
    });
    order
}

/// How far from the nearer end each value of a figure is, from 1; alike values have the mean of their
/// ranks.
fn two_sided_ranks(all: &[&[f64]], figure: usize) -> Vec<f64> {
    let mut order = Vec::from_iter(0..all.len());
    order.sort_by(|&one, &other| all[one][figure].total_cmp(&all[other][figure]));
    let mut ranks = vec![0.0; all.len()];
    let mut before = 0;
    for alike in order.chunk_by(|&one, &other| all[one][figure] == all[other][figure]) {
        let from_low = before as f64 + (alike.len() as f64 + 1.0) / 2.0;
        let from_high = all.len() as f64 + 1.0 - from_low;
        alike.iter().for_each(|&one| ranks[one] = from_low.min(from_high));
        before += alike.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::special::normal_quantile;
    use crate::base::stream::open_uniform;
    use crate::base::testing::stream;

    /// Replications of figures that hang together, each shifted.
    fn replications(
        count: usize,
        figures: usize,
        shift: f64,
        stream: &mut Stream,
    ) -> Vec<Vec<f64>> {
        let mut normal = || normal_quantile(open_uniform(stream));
        let mut one = || {
            let common = normal();
            (0..figures).map(|_| common + normal() + shift).collect()
        };
        (0..count).map(|_| one()).collect()
    }

    #[test]
    fn nine_replications_by_hand() {
        let simulated = Vec::from_iter((1..10).map(|value| vec![f64::from(value), 5.0]));
        let mut stream = stream(250);
        let outside = GlobalEnvelope::of(&[11.0, 5.0], &simulated, 0.2, &mut stream);
        // 11 and 1 are the ends of ten values; which is more extreme is left to chance.
        assert!([0.1, 0.2].contains(&outside.probability) && !outside.fits(), "{outside:?}");
        assert_eq!((outside.ranges[0].low, outside.ranges[0].high), (2.0, 9.0));
        assert!(!outside.ranges[0].is_inside() && outside.ranges[1].is_inside());
        let inside = GlobalEnvelope::of(&[5.5, 5.0], &simulated, 0.2, &mut stream);
        assert!(inside.probability >= 0.9 && inside.fits(), "{inside:?}");
    }

    #[test]
    fn the_next_figure_tells_alike_ones_apart() {
        // The first two are each the least of one figure; the second is extreme in the other too.
        let all: [&[f64]; 5] = [&[1.0, 3.0], &[2.0, 1.0], &[3.0, 2.0], &[4.0, 4.0], &[5.0, 5.0]];
        assert_eq!(two_sided_ranks(&all, 0), [1.0, 2.0, 3.0, 2.0, 1.0]);
        assert_eq!(two_sided_ranks(&all, 1), [3.0, 1.0, 2.0, 2.0, 1.0]);
        assert_eq!(by_extremeness(&all, &mut stream(251)), [4, 1, 0, 3, 2]);
        let alike: [&[f64]; 4] = [&[0.0], &[0.0], &[0.0], &[7.0]];
        assert_eq!(two_sided_ranks(&alike, 0), [2.0, 2.0, 2.0, 1.0]);
    }

    #[test]
    fn a_right_scenario_is_refused_with_the_stated_error() {
        let mut stream = stream(252);
        let refused = (0..600).filter(|_| {
            let simulated = replications(39, 6, 0.0, &mut stream);
            let measured = replications(1, 6, 0.0, &mut stream).remove(0);
            let envelope = GlobalEnvelope::of(&measured, &simulated, 0.05, &mut stream);
            let is_outside = envelope.ranges.iter().any(|range| !range.is_inside());
            assert_ne!(is_outside, envelope.fits());
            is_outside
        });
        let refused = refused.count();
        // Binomial with p = .05: outside 14–49 with a probability below one in a thousand.
        assert!((14..=49).contains(&refused), "{refused}");
    }

    #[test]
    fn power_grows_with_the_difference() {
        let mut stream = stream(253);
        let right = replications(199, 4, 0.0, &mut stream);
        let [near, far] = [1.0, 6.0].map(|shift| {
            let other = replications(100, 4, shift, &mut stream);
            power(&right, &other, 0.05, &mut stream)
        });
        assert!(near < MIN_POWER && far > 0.95, "{near} {far}");
        assert_eq!(power(&right, &[], 0.05, &mut stream), 0.0);
    }
}
