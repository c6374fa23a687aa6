//! How much busier one day is than another, beyond chance.

use super::confidence::{CONFIDENCE, ConfidenceInterval, Estimated, chi_squared_bound, invert};
use crate::base::special::{beta_cdf, gamma_cdf, gamma_survival};

/// The contacts of one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayTotal {
    /// Days of the same number are alike but for chance, busyness and trend: a day of the week.
    pub group: usize,
    /// Days since some first day.
    pub day: f64,
    /// How many came.
    pub count: u64,
}

/// The variance of the busyness factor of a day, which is gamma of mean 1.
#[derive(Clone, Debug, PartialEq)]
pub enum BusynessFinding {
    /// Estimated; the value is 0 if the days differ no more than chance lets them.
    Estimated {
        /// The variance; its interval reaches down to 0 if there may be no busyness.
        variance: Estimated,
        /// Whether no busyness at all explains the days as well.
        is_none: bool,
    },
    /// Fewer days than [`MIN_BUSYNESS_DAYS`], so many.
    TooFewDays(usize),
}

/// Days that are needed to tell busyness from chance.
pub const MIN_BUSYNESS_DAYS: usize = 60;

/// A day and what was expected of its group, relative to the other days of the group.
#[derive(Clone, Copy)]
pub(super) struct ExpectedDay {
    pub(super) total: DayTotal,
    pub(super) relative: f64,
}

/// Days of the same group with their mean.
struct DayGroup {
    /// Counts and their means.
    days: Vec<CountAndMean>,
    mean: f64,
}

#[derive(Clone, Copy)]
struct CountAndMean {
    count: f64,
    mean: f64,
}

/// The busyness of days, by maximum likelihood.
///
/// Counts of the intervals of a day that are Poisson given a common gamma factor are negative
/// multinomial. That likelihood is the product of the negative binomial of the day's total and of a
/// multinomial of its intervals that knows nothing of the factor, as long as days of a group have the same
/// profile (Johnson, Kotz and Balakrishnan 1997, Discrete Multivariate Distributions, chapter 36): the
/// totals are enough. The means of the groups are profiled out with the adjustment of Cox and Reid 1987
/// (Journal of the Royal Statistical Society B 49, 1–39), half the logarithm of their information, without
/// which the variance is too small by the share of groups among the days. The interval is that of the
/// adjusted profile.
pub fn busyness(days: &[DayTotal]) -> BusynessFinding {
    let days = days.iter().map(|&total| ExpectedDay { total, relative: 1.0 });
    busyness_beside_trend(&Vec::from_iter(days))
}

pub(super) fn busyness_beside_trend(days: &[ExpectedDay]) -> BusynessFinding {
    if days.len() < MIN_BUSYNESS_DAYS {
        return BusynessFinding::TooFewDays(days.len());
    }
    let groups = groups(days);
    let profile = |variance: f64| adjusted_profile(&groups, variance);
    let none = profile(0.0);
    let value = highest(&profile);
    let level = profile(value) - chi_squared_bound(CONFIDENCE) / 2.0;
    let below = |variance: f64| level - profile(variance);
    let low = match none < level {
        true => invert(0.0, value, 0.0, |variance| -below(variance)),
        false => 0.0,
    };
    let high = invert(value, MAX_VARIANCE, 0.0, below);
    let interval = ConfidenceInterval { low, high };
    BusynessFinding::Estimated {
        variance: Estimated { value, interval, observations: days.len() as u64 },
        // On the edge of what is possible half of the chance lies on the edge.
        is_none: 2.0 * (profile(value) - none) <= chi_squared_bound(1.0 - 2.0 * (1.0 - CONFIDENCE)),
    }
}

/// The most likely variance, from however few days.
pub(super) fn likeliest_variance(days: &[ExpectedDay]) -> f64 {
    let groups = groups(days);
    highest(&|variance| adjusted_profile(&groups, variance))
}

/// The mean count of each group's days at a relative expectation of 1, by group; 0 for groups without days.
pub(super) fn group_means(days: &[ExpectedDay]) -> Vec<f64> {
    let size = days.iter().map(|day| day.total.group + 1).max().unwrap_or(0);
    let (mut counts, mut relatives) = (vec![0.0; size], vec![0.0; size]);
    for day in days {
        counts[day.total.group] += day.total.count as f64;
        relatives[day.total.group] += day.relative;
    }
    let means = counts.into_iter().zip(relatives);
    means.map(|(count, relative)| if relative > 0.0 { count / relative } else { 0.0 }).collect()
}

fn groups(days: &[ExpectedDay]) -> Vec<DayGroup> {
    let means = group_means(days);
    let mut groups = Vec::from_iter(means.iter().map(|&mean| DayGroup { days: Vec::new(), mean }));
    for day in days {
        let mean = means[day.total.group] * day.relative;
        groups[day.total.group].days.push(CountAndMean { count: day.total.count as f64, mean });
    }
    groups.retain(|group| group.mean > 0.0);
    groups
}

fn adjusted_profile(groups: &[DayGroup], variance: f64) -> f64 {
    let of_group = |group: &DayGroup| {
        let days = group.days.iter();
        let likelihood: f64 = days.clone().map(|&day| log_probability(day, variance)).sum();
        // Information about the logarithm of the group's mean.
        let information: f64 = days.map(|day| day.mean / (1.0 + variance * day.mean)).sum();
        likelihood - libm::log(information) / 2.0
    };
    groups.iter().map(of_group).sum()
}

/// Of the negative binomial distribution, without what does not depend on mean or variance.
fn log_probability(day: CountAndMean, variance: f64) -> f64 {
    let CountAndMean { count, mean } = day;
    if variance < POISSON {
        return count * libm::log(mean) - mean;
    }
    let shape = 1.0 / variance;
    let rising = libm::lgamma(count + shape) - libm::lgamma(shape) + count * libm::log(variance);
    rising + count * libm::log(mean) - (count + shape) * libm::log1p(variance * mean)
}

/// The variance with the highest profile, 0 unless a larger one is better: by tenths of a decade, then by
/// golden section.
fn highest(profile: &impl Fn(f64) -> f64) -> f64 {
    let at = |exponent: f64| profile(libm::exp10(exponent));
    let grid = (-80..=10).map(|tenths| f64::from(tenths) / 10.0);
    let Some(best) = grid.max_by(|&one, &other| at(one).total_cmp(&at(other))) else { return 0.0 };
    let golden = 0.618_033_988_749_894_9;
    let (mut low, mut high) = (best - 0.1, best + 0.1);
    while high - low > 1e-7 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if at(left) < at(right) { low = left } else { high = right }
    }
    let highest = libm::exp10(low.midpoint(high));
    if profile(highest) > profile(0.0) { highest } else { 0.0 }
}

/// How probable it is that a count is so far from its mean, to either side, under a busyness of this
/// variance.
pub(super) fn two_sided_probability(count: u64, mean: f64, variance: f64) -> f64 {
    let count = count as f64;
    let [lower, upper] = if variance * mean < NEGLIGIBLE {
        [gamma_survival(count + 1.0, mean), gamma_cdf(count, mean)]
    } else {
        let shape = 1.0 / variance;
        let share = 1.0 / (1.0 + variance * mean);
        [beta_cdf(shape, count + 1.0, share), beta_cdf(count, shape, 1.0 - share)]
    };
    // Nobody is always at least none.
    let upper = if count == 0.0 { 1.0 } else { upper };
    (2.0 * lower.min(upper)).min(1.0)
}

const MAX_VARIANCE: f64 = 20.0;
/// Less variance than this is none.
const POISSON: f64 = 1e-9;
/// Less variance than this, against that of chance, changes no tail.
const NEGLIGIBLE: f64 = 1e-5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::estimation::drawn::days;

    /// Counts of 13 hours on 100 days, drawn by the authors of the library ContactCenters from a Poisson
    /// process (`doc/msk/singleQueueMLE.xml`, Apache-2.0): totals of the days.
    const HUNDRED_DAYS: [u64; 100] = [
        1625, 1624, 1714, 1645, 1636, 1735, 1674, 1686, 1700, 1617, 1650, 1626, 1705, 1651, 1676,
        1662, 1717, 1763, 1602, 1628, 1631, 1728, 1667, 1626, 1683, 1593, 1655, 1611, 1716, 1600,
        1654, 1608, 1682, 1597, 1619, 1633, 1678, 1645, 1629, 1626, 1667, 1677, 1597, 1680, 1648,
        1664, 1618, 1647, 1686, 1677, 1663, 1609, 1699, 1678, 1663, 1718, 1627, 1662, 1677, 1663,
        1660, 1671, 1703, 1623, 1728, 1650, 1652, 1657, 1564, 1651, 1643, 1641, 1684, 1629, 1566,
        1649, 1649, 1649, 1738, 1665, 1585, 1685, 1650, 1628, 1650, 1686, 1676, 1648, 1709, 1684,
        1634, 1664, 1720, 1630, 1683, 1674, 1692, 1606, 1674, 1643,
    ];

    fn alike(counts: &[u64]) -> Vec<DayTotal> {
        let day =
            |(number, &count): (usize, &u64)| DayTotal { group: 0, day: number as f64, count };
        counts.iter().enumerate().map(day).collect()
    }

    #[test]
    fn a_hundred_days_of_a_poisson_process_have_no_busyness() {
        let found = busyness(&alike(&HUNDRED_DAYS));
        let BusynessFinding::Estimated { variance, is_none } = found else { panic!("{found:?}") };
        assert!(is_none && variance.value == 0.0 && variance.interval.low == 0.0, "{variance:?}");
        // They differ by less than chance, whose relative variance is 1 / 1657.
        assert!(variance.interval.high < 1.0 / 1657.0, "{variance:?}");
    }

    #[test]
    fn two_counts_have_the_variance_where_the_derivative_is_zero() {
        // Many days, half with 50, half with 150: the variance of moments is (2500 − 100) / 100².
        let counts = Vec::from_iter((0..200).map(|day| if day % 2 == 0 { 50 } else { 150 }));
        let BusynessFinding::Estimated { variance, is_none } = busyness(&alike(&counts)) else {
            panic!()
        };
        // The likelihood knows the shape too: it is near, not the same.
        assert!((variance.value - 0.24).abs() < 0.08 && !is_none, "{variance:?}");
        let groups = groups(&Vec::from_iter(
            alike(&counts).into_iter().map(|total| ExpectedDay { total, relative: 1.0 }),
        ));
        let at = |variance: f64| adjusted_profile(&groups, variance);
        let slope = (at(variance.value + 1e-4) - at(variance.value - 1e-4)) / 2e-4;
        assert!(slope.abs() < 0.05, "{slope}");
        let drop = 2.0 * (at(variance.value) - at(variance.interval.high));
        assert!((drop - 3.841_459).abs() < 1e-6, "{drop}");
    }

    #[test]
    fn intervals_hold_the_true_variance_as_often_as_they_say() {
        for variance in [0.0, 0.01] {
            let factor = match variance {
                0.0 => Distribution::fixed(1.0),
                _ => Distribution::gamma_by_shape(1.0, 1.0 / variance),
            };
            let factor = factor.unwrap();
            let covered = (0..200).filter(|number| {
                let days = days(&[400.0, 500.0, 300.0, 300.0, 500.0], 12, &factor, 4_000 + number);
                match busyness(&days) {
                    BusynessFinding::Estimated { variance: found, .. } => {
                        found.interval.contains(variance)
                    }
                    BusynessFinding::TooFewDays(days) => panic!("{days}"),
                }
            });
            let covered = covered.count();
            // Binomial with p = .95: below 178 with a probability below one in a thousand. At the edge
            // more are held.
            assert!(covered >= 178 && (variance == 0.0 || covered <= 199), "{variance}: {covered}");
        }
    }

    #[test]
    fn sixty_days_are_needed() {
        assert_eq!(busyness(&alike(&[100; 59])), BusynessFinding::TooFewDays(59));
    }

    #[test]
    fn tails_of_counts_by_hand() {
        let none = libm::exp(-3.0);
        assert!((two_sided_probability(0, 3.0, 0.0) - 2.0 * none).abs() < 1e-12);
        // Geometric, of mean 3: P(0) = 1/4, P(≥ 10) = .75^10.
        assert!((two_sided_probability(0, 3.0, 1.0) - 0.5).abs() < 1e-12);
        let tail = libm::pow(0.75, 10.0);
        assert!((two_sided_probability(10, 3.0, 1.0) - 2.0 * tail).abs() < 1e-12);
        let [poisson, near] = [0.0, 1.1e-7].map(|v| two_sided_probability(150, 100.0, v));
        assert!((near / poisson - 1.0).abs() < 1e-3, "{poisson} {near}");
    }
}
