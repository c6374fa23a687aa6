//! Arrivals by day and interval: rates, trend, days out of the ordinary, and what moves together.

use super::busyness::{
    BusynessFinding, DayTotal, ExpectedDay, busyness_beside_trend, group_means, likeliest_variance,
    two_sided_probability,
};
use super::confidence::{
    CONFIDENCE, ConfidenceInterval, Estimated, count_interval, two_sided_bound,
};
use super::holm::holm;
use crate::base::moments::Moments;
use crate::base::special::student_bound;

/// What the totals of days show.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrivalDays {
    /// How much more come each day than the day before, as a share; none unless days without a trend show
    /// so large a one with a probability below 1 − [`ArrivalDays::ORDINARY`].
    pub trend: Option<Estimated>,
    /// The busyness of the days that are not out of the ordinary, beside the trend.
    pub busyness: BusynessFinding,
    /// Days out of the ordinary, in order; they should not be averaged in.
    pub unusual: Vec<UnusualDay>,
}

/// A day on which so few or so many do not come by chance or busyness.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnusualDay {
    /// Its place in the list of days.
    pub position: usize,
    /// How many were expected.
    pub expected: f64,
    /// The probability that any of the days is so far off.
    pub probability: f64,
}

impl ArrivalDays {
    /// The probability with which ordinary days show none that is called unusual, and with which they show
    /// no trend.
    pub const ORDINARY: f64 = 0.999;

    /// Trend, busyness and unusual days, each without being misled by the others: unusual days are first
    /// told by medians, then left out of the fit that tells them, until their list stays the same.
    pub fn of(days: &[DayTotal]) -> Self {
        let mut unusual = told_by(days, &RobustDays::of(days));
        for _ in 0..ROUNDS {
            let fitted = FittedDays::of(days, &unusual);
            let now = told_by(days, &fitted);
            let is_settled = positions(&now) == positions(&unusual);
            unusual = now;
            if is_settled {
                break;
            }
        }
        let FittedDays { trend, busyness, .. } = FittedDays::of(days, &unusual);
        Self { trend, busyness, unusual }
    }
}

/// What is expected of a day.
trait ExpectDays {
    fn expected(&self, day: &DayTotal) -> f64;
    /// Variance of the busyness factor.
    fn variance(&self) -> f64;
}

/// Two-sided tails of all days, together, after Holm.
fn told_by(days: &[DayTotal], expect: &impl ExpectDays) -> Vec<UnusualDay> {
    let tail =
        |day: &DayTotal| two_sided_probability(day.count, expect.expected(day), expect.variance());
    let adjusted = holm(&Vec::from_iter(days.iter().map(tail)));
    let days = days.iter().zip(adjusted).enumerate();
    let days = days.filter(|(_, (_, probability))| *probability < 1.0 - ArrivalDays::ORDINARY);
    let unusual = days.map(|(position, (day, probability))| UnusualDay {
        position,
        expected: expect.expected(day),
        probability,
    });
    unusual.collect()
}

fn positions(unusual: &[UnusualDay]) -> Vec<usize> {
    unusual.iter().map(|day| day.position).collect()
}

/// By medians, which a few unusual days do not move.
struct RobustDays {
    medians: Vec<f64>,
    variance: f64,
}

impl RobustDays {
    fn of(days: &[DayTotal]) -> Self {
        let size = days.iter().map(|day| day.group + 1).max().unwrap_or(0);
        let medians = Vec::from_iter((0..size).map(|group| {
            let counts = days.iter().filter(|day| day.group == group);
            median(counts.map(|day| day.count as f64).collect())
        }));
        let known = days.iter().filter(|day| medians[day.group] > 0.0);
        let away = known.clone().map(|day| (day.count as f64 / medians[day.group] - 1.0).abs());
        // The standard deviation of a normal variable is 1.4826 times its median distance.
        let spread = 1.4826 * median(away.collect());
        let chance = known.clone().map(|day| 1.0 / medians[day.group]).sum::<f64>()
            / known.count().max(1) as f64;
        Self { medians, variance: (spread * spread - chance).max(0.0) }
    }
}

impl ExpectDays for RobustDays {
    fn expected(&self, day: &DayTotal) -> f64 {
        self.medians[day.group]
    }

    fn variance(&self) -> f64 {
        self.variance
    }
}

/// The middle one, or the mean of the two in the middle; 0 of nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        _ if values.is_empty() => 0.0,
        0 => values[middle - 1].midpoint(values[middle]),
        _ => values[middle],
    }
}

/// By likelihood, from all days but some.
struct FittedDays {
    trend: Option<Estimated>,
    busyness: BusynessFinding,
    variance: f64,
    means: Vec<f64>,
}

impl FittedDays {
    fn of(days: &[DayTotal], without: &[UnusualDay]) -> Self {
        let without = positions(without);
        let days = days.iter().enumerate().filter(|(position, _)| !without.contains(position));
        let days = Vec::from_iter(days.map(|(_, &total)| ExpectedDay { total, relative: 1.0 }));
        let trend = trend(&days).filter(|trend| trend.is_sure()).map(|trend| trend.a_day());
        let beside = days
            .iter()
            .map(|day| ExpectedDay { relative: relative(trend.as_ref(), &day.total), ..*day });
        let beside = Vec::from_iter(beside);
        let busyness = busyness_beside_trend(&beside);
        // Too few days to tell of busyness are still enough not to take it for something unusual.
        let variance = likeliest_variance(&beside);
        Self { trend, busyness, variance, means: group_means(&beside) }
    }
}

impl ExpectDays for FittedDays {
    fn expected(&self, day: &DayTotal) -> f64 {
        let mean = self.means.get(day.group).copied().unwrap_or(0.0);
        // Of a group all of whose days are unusual nothing is known: each is as expected.
        if mean > 0.0 { mean * relative(self.trend.as_ref(), day) } else { day.count as f64 }
    }

    fn variance(&self) -> f64 {
        self.variance
    }
}

fn relative(trend: Option<&Estimated>, day: &DayTotal) -> f64 {
    trend.map_or(1.0, |trend| libm::exp(libm::log1p(trend.value) * day.day))
}

/// The slope of the logarithm of the mean over the days, by quasi-likelihood (Wedderburn 1974, Biometrika
/// 61, 439–447): means of the groups times exp(slope × day), a variance that is a multiple of the mean, and
/// that multiple from Pearson's statistic. None if the days do not determine it.
fn trend(days: &[ExpectedDay]) -> Option<Trend> {
    let groups = group_means(days).iter().filter(|mean| **mean > 0.0).count();
    let freedom = days.len().checked_sub(groups + 1).filter(|&freedom| freedom > 0)? as f64;
    let mut slope = 0.0;
    let mut information = 0.0;
    for _ in 0..50 {
        let TrendScore { score, information: now } = TrendScore::of(days, slope);
        information = now;
        let step = score / information;
        slope += step;
        if !step.is_finite() || step.abs() < 1e-12 {
            break;
        }
    }
    let means = with_slope(days, slope);
    let distance = |day: &ExpectedDay| {
        let mean = means[day.total.group] * libm::exp(slope * day.total.day);
        let away = day.total.count as f64 - mean;
        if mean > 0.0 { away * away / mean } else { 0.0 }
    };
    let dispersion = days.iter().map(distance).sum::<f64>() / freedom;
    let error = libm::sqrt(dispersion / information);
    let trend = Trend { slope, error, freedom, days: days.len() };
    (slope.is_finite() && error.is_finite()).then_some(trend)
}

/// The slope of the logarithm of the mean, a day.
#[derive(Debug)]
struct Trend {
    slope: f64,
    error: f64,
    freedom: f64,
    days: usize,
}

impl Trend {
    /// Whether days without a trend seldom show one as large.
    fn is_sure(&self) -> bool {
        self.slope.abs() > student_bound(ArrivalDays::ORDINARY, self.freedom) * self.error
    }

    /// As a share a day.
    fn a_day(&self) -> Estimated {
        let half = student_bound(CONFIDENCE, self.freedom) * self.error;
        let interval = ConfidenceInterval { low: self.slope - half, high: self.slope + half };
        Estimated {
            value: libm::expm1(self.slope),
            interval: interval.map(libm::expm1),
            observations: self.days as u64,
        }
    }
}

/// Derivative of the log-likelihood by the slope, and the information about it beside the means.
struct TrendScore {
    score: f64,
    information: f64,
}

impl TrendScore {
    fn of(days: &[ExpectedDay], slope: f64) -> Self {
        let means = with_slope(days, slope);
        let mut score = 0.0;
        let mut sums = vec![[0.0; 3]; means.len()];
        for ExpectedDay { total, .. } in days {
            let mean = means[total.group] * libm::exp(slope * total.day);
            score += (total.count as f64 - mean) * total.day;
            let [all, days, squares] = &mut sums[total.group];
            *all += mean;
            *days += mean * total.day;
            *squares += mean * total.day * total.day;
        }
        let known = sums.iter().filter(|[all, ..]| *all > 0.0);
        let information = known.map(|[all, days, squares]| squares - days * days / all).sum();
        Self { score, information }
    }
}

fn with_slope(days: &[ExpectedDay], slope: f64) -> Vec<f64> {
    let relative =
        |day: &ExpectedDay| ExpectedDay { relative: libm::exp(slope * day.total.day), ..*day };
    group_means(&Vec::from_iter(days.iter().map(relative)))
}

/// The mean rate of an interval of the day, an hour, from its counts on some days: with the exact
/// interval of a Poisson variable ([`count_interval`]), or, if a busyness factor of this variance makes days
/// vary more, with that of Wald on the logarithm. None without days.
pub fn interval_rate(counts: &[u64], hours_a_day: f64, busyness: f64) -> Option<Estimated> {
    let days = counts.len() as f64;
    let sum: u64 = counts.iter().sum();
    let hours = days * hours_a_day;
    let interval = if busyness > 0.0 && sum > 0 {
        let error = libm::sqrt(1.0 / sum as f64 + busyness / days);
        let factor = libm::exp(two_sided_bound(CONFIDENCE) * error);
        ConfidenceInterval { low: sum as f64 / factor, high: sum as f64 * factor }
    } else {
        count_interval(sum, CONFIDENCE)
    };
    let interval = interval.map(|count| count / hours);
    let value = sum as f64 / hours;
    (!counts.is_empty()).then_some(Estimated { value, interval, observations: sum })
}

/// The correlation of the days of two skills, each relative to the mean of its group, with the interval of
/// Fisher 1921 (Metron 1, 3–32): the inverse hyperbolic tangent has nearly the variance 1 / (n − 3), here with
/// one day fewer for each further group. The lists are of the same days. None if there are too few, or one
/// never varies.
pub fn correlation(one: &[DayTotal], other: &[DayTotal]) -> Option<Estimated> {
    let expected = |days: &[DayTotal]| {
        let days = days.iter().map(|&total| ExpectedDay { total, relative: 1.0 });
        group_means(&Vec::from_iter(days))
    };
    let means = [expected(one), expected(other)];
    let mut moments = Moments::<2>::default();
    for (one, other) in one.iter().zip(other) {
        let [left, right] = [means[0][one.group], means[1][other.group]];
        if left > 0.0 && right > 0.0 {
            moments.push([one.count as f64 / left, other.count as f64 / right]);
        }
    }
    let variances = moments.covariance(0, 0)? * moments.covariance(1, 1)?;
    let value = moments.covariance(0, 1)? / libm::sqrt(variances);
    let groups = means[0].iter().filter(|mean| **mean > 0.0).count() as f64;
    let freedom = moments.count() as f64 - groups - 2.0;
    if freedom <= 0.0 || !value.is_finite() {
        return None;
    }
    let error = 1.0 / libm::sqrt(freedom);
    let interval = ConfidenceInterval::wald(libm::atanh(value), error, CONFIDENCE).map(libm::tanh);
    Some(Estimated { value, interval, observations: moments.count() })
}

/// The list of unusual days settles in two or three.
const ROUNDS: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::estimation::drawn::{days, is_near};

    const WEEK: [f64; 5] = [400.0, 500.0, 300.0, 300.0, 500.0];

    fn no_busyness() -> Distribution {
        Distribution::fixed(1.0).unwrap()
    }

    #[test]
    fn ordinary_days_have_neither_trend_nor_unusual_ones() {
        let busy = Distribution::gamma_by_shape(1.0, 100.0).unwrap();
        let factors = [busy, no_busyness()];
        let mut trends = 0;
        for number in 0..100 {
            let days = days(&WEEK, 13, &factors[number as usize % 2], 5_000 + number);
            let found = ArrivalDays::of(&days);
            trends += u32::from(found.trend.is_some());
            assert_eq!(found.unusual, [], "{number}");
        }
        // Binomial with p = .001: above two with a probability below one in a thousand.
        assert!(trends <= 2, "{trends}");
    }

    #[test]
    fn busy_days_are_not_unusual_however_few() {
        let busy = Distribution::gamma_by_shape(1.0, 20.0).unwrap();
        for number in 0..20 {
            let days = days(&[400.0, 500.0], 12, &busy, 5_200 + number);
            let found = ArrivalDays::of(&days);
            assert_eq!(found.busyness, BusynessFinding::TooFewDays(24));
            assert_eq!(found.unusual, [], "{number}");
        }
    }

    #[test]
    fn unusual_days_are_named_and_not_averaged_in() {
        let mut days = days(&WEEK, 13, &no_busyness(), 210);
        // A holiday and a campaign.
        days[20].count = 40;
        days[33].count = 900;
        let found = ArrivalDays::of(&days);
        assert_eq!(positions(&found.unusual), [20, 33]);
        assert!(found.unusual.iter().all(|day| day.probability < 1e-9));
        // Two of 13 Mondays and Thursdays would have shifted their means by tens.
        assert!((found.unusual[0].expected - 400.0).abs() < 25.0, "{:?}", found.unusual);
        // They would have been a variance of .02.
        let BusynessFinding::Estimated { variance, .. } = found.busyness else { panic!() };
        assert!(variance.value < 0.002, "{variance:?}");
    }

    #[test]
    fn a_trend_is_found_and_is_not_taken_for_busyness() {
        let mut days = days(&WEEK, 16, &no_busyness(), 211);
        for day in &mut days {
            day.count = libm::round(day.count as f64 * libm::exp(0.005 * day.day)) as u64;
        }
        let found = ArrivalDays::of(&days);
        assert!(is_near(found.trend.unwrap(), libm::expm1(0.005)), "{:?}", found.trend);
        let BusynessFinding::Estimated { variance, .. } = found.busyness else { panic!() };
        // Without the trend the variance of its factor, exp(.4) over 80 days, would be .013.
        assert!(variance.value < 0.002, "{variance:?}");
        assert_eq!(found.unusual, []);
    }

    #[test]
    fn the_slope_of_three_days_by_hand() {
        // 100, 200, 400: the mean doubles each day, exactly.
        let total = |day: usize, count| DayTotal { group: 0, day: day as f64, count };
        let days = [100, 200, 400]
            .into_iter()
            .enumerate()
            .map(|(day, count)| ExpectedDay { total: total(day, count), relative: 1.0 });
        let found = trend(&Vec::from_iter(days)).unwrap();
        assert!(found.is_sure());
        let found = found.a_day();
        assert!((found.value - 1.0).abs() < 1e-9, "{found:?}");
        assert!(found.interval.high - found.interval.low < 1e-6);
        assert!(trend(&[]).is_none());
    }

    #[test]
    fn a_rate_has_the_interval_of_its_count_or_that_of_busyness() {
        let rate = interval_rate(&[4, 6, 0], 0.5, 0.0).unwrap();
        assert!((rate.value - 10.0 / 1.5).abs() < 1e-12 && rate.observations == 10);
        assert!((rate.interval.low - 4.7954 / 1.5).abs() < 1e-4);
        // 1 / 400 + .04 / 4 = .0125 is the variance of the logarithm.
        let busy = interval_rate(&[100; 4], 1.0, 0.04).unwrap();
        let expected = 100.0 * libm::exp(1.959_964 * libm::sqrt(0.0125));
        assert!((busy.interval.high - expected).abs() < 1e-3, "{busy:?}");
        assert_eq!(interval_rate(&[0, 0], 1.0, 0.1).unwrap().interval.low, 0.0);
        assert_eq!(interval_rate(&[], 1.0, 0.0), None);
    }

    #[test]
    fn what_moves_together_is_correlated() {
        let total = |day: usize, count| DayTotal { group: 0, day: day as f64, count };
        let list = |counts: [u64; 6]| {
            Vec::from_iter(counts.into_iter().enumerate().map(|(day, count)| total(day, count)))
        };
        let one = list([10, 20, 30, 40, 50, 60]);
        let other = list([20, 10, 40, 30, 60, 50]);
        // Of the ranks 1 … 6 against 2 1 4 3 6 5: 1 − 6 · 6 / (6 · 35) = 29 / 35.
        let found = correlation(&one, &other).unwrap();
        assert!((found.value - 29.0 / 35.0).abs() < 1e-12, "{found:?}");
        let end = libm::tanh(libm::atanh(29.0 / 35.0) - 1.959_964 / libm::sqrt(3.0));
        assert!((found.interval.low - end).abs() < 1e-6);
        assert_eq!(correlation(&one, &list([7; 6])), None);
        assert_eq!(correlation(&one[..3], &other[..3]), None);
    }
}
