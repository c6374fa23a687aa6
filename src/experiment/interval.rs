//! How sure a figure is: what its replications leave behind, and the intervals from it.
//!
//! Replications are independent and alike, so a figure that is a mean over them has Student's
//! t-interval. A figure that is a ratio - a share, a mean over conversations - is shown as the ratio
//! of the sums over all replications (*ratio of means*), which weighs a busy day by its
//! conversations and has no bias worth mentioning; its interval comes by the delta method (Law,
//! Simulation Modeling and Analysis, 5th edition, section 9.5). The plain mean of the replications'
//! own ratios (*mean of ratios*) is kept beside it. A quantile is a mean over replications of each
//! one's own quantile; that of all durations taken together stands beside it as the pooled value.
//!
//! How many consumers happen to arrive explains part of what a figure varies by, and how many are
//! expected is known: a control variate, for who asks for it. See [`FigureSeries::corrected`].

use serde::{Deserialize, Serialize};

use crate::base::moments::Moments;
use crate::base::special::student_bound;
use crate::base::statistics::RunningStatistics;
use crate::ledger::definitions::{
    ARRIVALS, COUNTS_OF_ARRIVALS, Definition, FIGURES, FigureKind, Parts, position,
};

/// A number from replications and how far off it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// The standard deviation of its error; none from fewer than two replications.
    pub standard_error: Option<f64>,
    /// Degrees of freedom of that standard deviation.
    pub freedom: f64,
    /// Replications that it comes from.
    pub replications: u64,
}

/// What replications leave of one figure. Memory does not grow with their number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FigureSeries {
    /// Values of replications that have one.
    own: RunningStatistics,
    /// Part, whole, and the arrivals beyond those expected.
    parts: Moments<3>,
    /// Against the base in the same replication: difference of the parts and of the wholes, then
    /// part and whole of the base, and the arrivals beyond those expected. Kept as differences so that
    /// what is the same differs by exactly nothing.
    against: Moments<5>,
}

impl Estimate {
    /// Half the length of the interval that holds the true number with probability `confidence`.
    pub fn half_width(&self, confidence: f64) -> Option<f64> {
        self.standard_error.map(|error| match error {
            0.0 => 0.0,
            _ => error * student_bound(confidence, self.freedom),
        })
    }

    /// This less an independent other, with the degrees of freedom of Welch 1947 (Biometrika 34,
    /// 28–35).
    pub fn less(&self, other: &Self) -> Self {
        let variances = [self, other].map(|estimate| {
            let variance = estimate.standard_error.map(|error| error * error);
            (variance, estimate.freedom)
        });
        let [(left, left_freedom), (right, right_freedom)] = variances;
        let both = left.zip(right);
        let freedom = both.map_or(0.0, |(left, right)| {
            let sum = left + right;
            sum * sum / (left * left / left_freedom + right * right / right_freedom)
        });
        Self {
            value: self.value - other.value,
            standard_error: both.map(|(left, right)| libm::sqrt(left + right)),
            freedom,
            replications: self.replications.min(other.replications),
        }
    }
}

impl FigureSeries {
    /// Adds a replication; `base` is the same replication of the base, if it is another variant and
    /// both have ended well.
    pub fn push(&mut self, parts: Option<Parts>, base: Option<Parts>) {
        self.push_with(parts, base, 0.0);
    }

    /// As [`FigureSeries::push`], with the arrivals beyond those expected.
    pub fn push_with(&mut self, parts: Option<Parts>, base: Option<Parts>, surplus: f64) {
        let Some(parts) = parts else { return };
        self.own.extend(parts.quotient());
        self.parts.push([parts.part, parts.whole, surplus]);
        if let Some(base) = base {
            let (part, whole) = (parts.part - base.part, parts.whole - base.whole);
            self.against.push([part, whole, base.part, base.whole, surplus]);
        }
    }

    /// The replications' own values: mean and spread.
    pub fn own(&self) -> RunningStatistics {
        self.own
    }

    /// The figure: ratio of means, or the mean over replications if it is not a ratio.
    pub fn estimate(&self) -> Option<Estimate> {
        let [part, whole, _] = self.parts.means();
        let value = Parts { part, whole }.quotient()?;
        let [of_part, of_whole] = gradient(value, whole);
        estimate(value, &self.parts, [of_part, of_whole, 0.0])
    }

    /// The figure less that of the base, over the replications that both have: under common random
    /// numbers its error is much smaller than those of the two.
    pub fn against_base(&self) -> Option<Estimate> {
        let (value, base, weights) = difference(self.against.means())?;
        estimate(value - base, &self.against, weights)
    }

    /// The figure as it would be with as many arrivals as expected: part and whole are each regressed
    /// on the arrivals and taken at the expected number (Lavenberg and Welch 1981, Management Science
    /// 27(3), 322–335). A value that the figure cannot have is the nearest that it can. As it was
    /// simulated below three replications, or if the arrivals never vary.
    pub fn corrected(&self, figure: &Definition) -> Option<Estimate> {
        let Some(regression) = Regression::of(&self.parts) else { return self.estimate() };
        let [part, whole, _] = regression.means;
        let value = Parts { part, whole }.quotient()?;
        let [of_part, of_whole] = gradient(value, whole);
        regression.estimate(figure.unit.nearest(value), &self.parts, [of_part, of_whole, 0.0])
    }

    /// The corrected figure less that of the base, over the replications that both have.
    pub fn corrected_against_base(&self, figure: &Definition) -> Option<Estimate> {
        let Some(regression) = Regression::of(&self.against) else { return self.against_base() };
        let (value, base, weights) = difference(regression.means)?;
        let value = figure.unit.nearest(value) - figure.unit.nearest(base);
        regression.estimate(value, &self.against, weights)
    }
}

/// Numbers of each replication regressed on the last of them, the arrivals beyond those expected.
struct Regression<const N: usize> {
    /// What the numbers are in the mean where as many arrive as expected.
    means: [f64; N],
    /// How much each of them grows with one arrival more.
    slopes: [f64; N],
    /// The variance of a mean, for a variance of 1 that the regression leaves: Student's t with n − 2
    /// degrees of freedom is 1 / n + (mean surplus)² / (sum of squares of the surplus) wide.
    widening: f64,
}

impl<const N: usize> Regression<N> {
    fn of(moments: &Moments<N>) -> Option<Self> {
        let (count, surplus) = (moments.count(), *moments.means().last()?);
        let spread =
            moments.covariance(N - 1, N - 1).filter(|&spread| spread > 0.0 && count > 2)?;
        let slope = |number| moments.covariance(number, N - 1).unwrap_or(0.0) / spread;
        let slopes: [f64; N] = std::array::from_fn(slope);
        let means = moments.means();
        Some(Self {
            means: std::array::from_fn(|number| means[number] - slopes[number] * surplus),
            slopes,
            widening: 1.0 / count as f64 + surplus * surplus / spread / (count - 1) as f64,
        })
    }

    /// A value of these numbers that has such a gradient.
    fn estimate(
        &self,
        value: f64,
        moments: &Moments<N>,
        mut gradient: [f64; N],
    ) -> Option<Estimate> {
        let simple = moments.variance_of_sum(gradient)?;
        let slope = gradient.iter().zip(self.slopes).map(|(weight, slope)| weight * slope);
        gradient[N - 1] = -slope.sum::<f64>();
        let rest = moments.variance_of_sum(gradient)?;
        // What follows from the arrivals to the last one leaves nothing but rounding.
        let rest = if rest > ROUNDING * simple { rest } else { 0.0 };
        let (replications, freedom) = (moments.count(), (moments.count() - 2) as f64);
        let variance = rest * (replications - 1) as f64 / freedom * self.widening;
        let standard_error = Some(libm::sqrt(variance));
        Some(Estimate { value, standard_error, freedom, replications })
    }
}

/// What replications of a variant leave of every figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AllSeries {
    /// By the position among [`FIGURES`].
    all: Vec<FigureSeries>,
    /// By the position among the goals for parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    goals: Vec<FigureSeries>,
    /// How many consumers are expected to arrive, if figures are corrected to it.
    expected_arrivals: Option<f64>,
}

impl Default for AllSeries {
    fn default() -> Self {
        Self::expecting(None)
    }
}

impl AllSeries {
    /// Nothing yet; with an expected number of arrivals figures are corrected to it.
    pub fn expecting(arrivals: Option<f64>) -> Self {
        let all = vec![FigureSeries::default(); FIGURES.len()];
        Self { all, goals: Vec::new(), expected_arrivals: arrivals }
    }

    /// The same, also for so many goals for parts.
    #[must_use]
    pub fn with_goals(self, goals: usize) -> Self {
        Self { goals: vec![FigureSeries::default(); goals], ..self }
    }

    /// How many consumers are expected to arrive, if figures are corrected to it.
    pub fn expected_arrivals(&self) -> Option<f64> {
        self.expected_arrivals
    }

    /// Adds a replication: its figures by their position among [`FIGURES`], and behind them those of the
    /// goals for parts. `base` has those of the same replication of the base, if it is another variant
    /// and both have ended well.
    pub fn push(&mut self, figures: &[Option<Parts>], base: &[Option<Parts>]) {
        let arrivals = position(ARRIVALS).and_then(|position| *figures.get(position)?);
        let surplus = arrivals.zip(self.expected_arrivals);
        let surplus = surplus.map_or(0.0, |(arrivals, expected)| arrivals.part - expected);
        let all = self.all.iter_mut().chain(&mut self.goals);
        for (at, (series, &figure)) in all.zip(figures).enumerate() {
            series.push_with(figure, base.get(at).copied().flatten(), surplus);
        }
    }

    /// Another estimate of the figure at a position.
    pub(super) fn replace(&mut self, position: usize, series: FigureSeries) {
        self.all[position] = series;
    }

    /// A figure of each replication by itself: mean and spread.
    pub fn sample(&self, figure: &Definition) -> RunningStatistics {
        self.of(figure).own()
    }

    /// A figure and how far off it may be: a ratio of means, or a mean over replications; with an
    /// expected number of arrivals, corrected to it.
    pub fn estimate(&self, figure: &Definition) -> Option<Estimate> {
        let series = self.of(figure);
        if self.corrects(figure) { series.corrected(figure) } else { series.estimate() }
    }

    /// A figure as it was simulated.
    pub fn as_simulated(&self, figure: &Definition) -> Option<Estimate> {
        self.of(figure).estimate()
    }

    /// A figure less that of the base, replication by replication, corrected like the two; none for the
    /// base itself.
    pub fn against_base(&self, figure: &Definition) -> Option<Estimate> {
        let series = self.of(figure);
        if self.corrects(figure) {
            series.corrected_against_base(figure)
        } else {
            series.against_base()
        }
    }

    /// The figure of a goal for a part, by its position among these goals.
    pub fn of_goal(&self, position: usize, figure: &Definition) -> Option<Estimate> {
        let series = self.goals.get(position)?;
        if self.corrects(figure) { series.corrected(figure) } else { series.estimate() }
    }

    /// The same less that of the base.
    pub fn of_goal_against_base(&self, position: usize, figure: &Definition) -> Option<Estimate> {
        let series = self.goals.get(position)?;
        match self.corrects(figure) {
            true => series.corrected_against_base(figure),
            false => series.against_base(),
        }
    }

    /// Whether a figure is corrected to the expected number of arrivals: not what counts arrivals, nor
    /// what was highest.
    pub fn corrects(&self, figure: &Definition) -> bool {
        self.expected_arrivals.is_some()
            && figure.kind != FigureKind::Maximum
            && !COUNTS_OF_ARRIVALS.contains(&figure.name)
    }

    fn of(&self, figure: &Definition) -> FigureSeries {
        position(figure.name).map(|position| self.all[position]).unwrap_or_default()
    }
}

/// The gradient of part / whole.
fn gradient(value: f64, whole: f64) -> [f64; 2] {
    [1.0 / whole, -value / whole]
}

/// From the differences of part and whole and those of the base: the value, that of the base, and the
/// gradient of (base part + part) / (base whole + whole) − base part / base whole.
fn difference(means: [f64; 5]) -> Option<(f64, f64, [f64; 5])> {
    let [part, whole, base_part, base_whole, _] = means;
    let base = Parts { part: base_part, whole: base_whole }.quotient()?;
    let whole = base_whole + whole;
    let value = Parts { part: base_part + part, whole }.quotient()?;
    let weights = [
        1.0 / whole,
        -value / whole,
        1.0 / whole - 1.0 / base_whole,
        base / base_whole - value / whole,
        0.0,
    ];
    Some((value, base, weights))
}

fn estimate<const N: usize>(
    value: f64,
    moments: &Moments<N>,
    gradient: [f64; N],
) -> Option<Estimate> {
    let replications = moments.count();
    let variance = moments.variance_of_sum(gradient);
    (replications > 0).then(|| Estimate {
        value,
        standard_error: variance.map(|variance| libm::sqrt(variance / replications as f64)),
        freedom: (replications - 1) as f64,
        replications,
    })
}

/// The confidence of intervals unless something else is asked for.
pub const CONFIDENCE: f64 = 0.95;

/// A variance smaller than this part of another one is none.
pub(super) const ROUNDING: f64 = 1e-12;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::definitions::find;

    fn parts(part: f64, whole: f64) -> Option<Parts> {
        Some(Parts { part, whole })
    }

    #[test]
    fn a_mean_has_students_interval() {
        let mut series = FigureSeries::default();
        for value in [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0] {
            series.push(parts(value, 1.0), None);
        }
        let estimate = series.estimate().unwrap();
        assert_eq!((estimate.value, estimate.replications), (5.0, 8));
        // t(7, 97.5 %) × √(32/7/8).
        assert!((estimate.half_width(0.95).unwrap() - 2.364_624_251 * 0.755_928_946).abs() < 1e-8);
        assert_eq!(series.against_base(), None);
    }

    #[test]
    fn a_ratio_is_one_of_means_with_the_interval_of_the_delta_method() {
        let mut series = FigureSeries::default();
        for (part, whole) in [(1.0, 10.0), (6.0, 20.0), (0.0, 0.0), (9.0, 30.0)] {
            series.push(parts(part, whole), None);
        }
        let estimate = series.estimate().unwrap();
        assert!((estimate.value - 16.0 / 60.0).abs() < 1e-15);
        assert!((series.own().mean().unwrap() - 0.7 / 3.0).abs() < 1e-15);
        // Residuals part − ratio × whole over the mean whole of 15.
        let residuals = [1.0 - 16.0 / 6.0, 6.0 - 32.0 / 6.0, 0.0, 9.0 - 8.0];
        let variance = residuals.iter().map(|residual| residual * residual).sum::<f64>() / 3.0;
        let expected = libm::sqrt(variance / 4.0) / 15.0;
        assert!((estimate.standard_error.unwrap() - expected).abs() < 1e-15);
    }

    /// Twenty replications in which chance brings more arrivals than expected.
    fn with_arrivals(parts: impl Fn(f64, f64) -> Option<Parts>) -> FigureSeries {
        let mut series = FigureSeries::default();
        for step in 1..=20 {
            let step = f64::from(step);
            let (surplus, noise) = (5.0 * libm::sin(step) + 2.0, libm::cos(3.0 * step));
            series.push_with(parts(surplus, noise), None, surplus);
        }
        series
    }

    #[test]
    fn a_corrected_mean_is_where_the_regression_meets_the_expected_arrivals() {
        let series = with_arrivals(|surplus, noise| parts(50.0 + 3.0 * surplus + noise, 1.0));
        let level = find("offered").unwrap();
        let (simple, corrected) = (series.estimate().unwrap(), series.corrected(level).unwrap());
        // The textbook: intercept and its standard error from the residuals of the line.
        let rows = (1..=20).map(f64::from).map(|step| {
            let surplus = 5.0 * libm::sin(step) + 2.0;
            (surplus, 50.0 + 3.0 * surplus + libm::cos(3.0 * step))
        });
        let rows = Vec::from_iter(rows);
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| rows.iter().map(of).sum::<f64>() / 20.0;
        let (x, y) = (mean(&|row| row.0), mean(&|row| row.1));
        let squares = 20.0 * mean(&|row| (row.0 - x) * (row.0 - x));
        let slope = 20.0 * mean(&|row| (row.0 - x) * (row.1 - y)) / squares;
        let intercept = y - slope * x;
        let residual = |row: &(f64, f64)| row.1 - intercept - slope * row.0;
        let rest = 20.0 * mean(&|row| residual(row) * residual(row)) / 18.0;
        let error = libm::sqrt(rest * (1.0 / 20.0 + x * x / squares));
        assert!((corrected.value - intercept).abs() < 1e-12, "{corrected:?} {intercept}");
        assert!((corrected.standard_error.unwrap() - error).abs() < 1e-12, "{corrected:?} {error}");
        assert_eq!((simple.freedom, corrected.freedom), (19.0, 18.0));
        assert!(corrected.half_width(0.95).unwrap() < 0.1 * simple.half_width(0.95).unwrap());
    }

    #[test]
    fn what_follows_from_the_arrivals_is_known_exactly_and_parts_still_make_the_whole() {
        let offered = |surplus: f64| 100.0 + surplus;
        let count = find("offered").unwrap();
        let all =
            with_arrivals(|surplus, _| parts(offered(surplus), 1.0)).corrected(count).unwrap();
        assert!((all.value - 100.0).abs() < 1e-12, "{all:?}");
        assert_eq!(all.half_width(0.95), Some(0.0));
        let lost = |surplus: f64, noise: f64| 20.0 + 0.6 * surplus + noise;
        let of = |part: &dyn Fn(f64, f64) -> f64, share: bool| {
            let whole = |surplus| if share { offered(surplus) } else { 1.0 };
            let series =
                with_arrivals(|surplus, noise| parts(part(surplus, noise), whole(surplus)));
            series.corrected(count).unwrap().value
        };
        let kept = |surplus: f64, noise: f64| offered(surplus) - lost(surplus, noise);
        assert!((of(&lost, true) + of(&kept, true) - 1.0).abs() < 1e-12);
        assert!((of(&lost, true) - of(&lost, false) / 100.0).abs() < 1e-12);
    }

    #[test]
    fn a_figure_is_corrected_from_three_replications_on_and_to_what_it_can_be() {
        let count = find("answered").unwrap();
        let mut few = FigureSeries::default();
        for n in [1.0, 4.0] {
            few.push_with(parts(2.0 * n, 1.0), None, n);
        }
        assert_eq!(few.corrected(count), few.estimate());
        few.push_with(parts(4.0, 1.0), None, 2.0);
        // Twice the surplus, so nothing at none.
        let corrected = few.corrected(count).unwrap();
        assert!(corrected.value.abs() < 1e-12 && corrected.half_width(0.95) == Some(0.0));
        let share = find("abandonment").unwrap();
        let late = with_arrivals(|surplus, _| parts(0.1 * surplus + 0.1, 1.0));
        assert!((late.corrected(share).unwrap().value - 0.1).abs() < 1e-12);
        let below = with_arrivals(|surplus, _| parts(0.1 * surplus - 0.1, 1.0));
        assert_eq!(below.corrected(share).unwrap().value, 0.0);
        let above = with_arrivals(|surplus, _| parts(0.1 * surplus + 1.1, 1.0));
        assert_eq!(above.corrected(share).unwrap().value, 1.0);
    }

    #[test]
    fn a_corrected_difference_is_that_of_the_corrected_figures() {
        let mut series = [FigureSeries::default(), FigureSeries::default()];
        for step in 1..=20 {
            let step = f64::from(step);
            let (surplus, noise) = (5.0 * libm::sin(step) + 2.0, libm::cos(3.0 * step));
            let base = parts(30.0 + surplus + noise, 100.0 + surplus);
            let other = parts(25.0 + 0.5 * surplus, 101.0 + surplus - noise);
            series[0].push_with(base, None, surplus);
            series[1].push_with(other, base, surplus);
        }
        let share = find("abandonment").unwrap();
        let [base, other] = series.map(|series| (series.corrected(share), series));
        let difference = other.1.corrected_against_base(share).unwrap();
        let expected = other.0.unwrap().value - base.0.unwrap().value;
        assert!((difference.value - expected).abs() < 1e-12, "{difference:?} {expected}");
        assert_eq!(difference.freedom, 18.0);
    }

    #[test]
    fn every_figure_is_corrected_but_maxima_and_counts_of_arrivals() {
        let (plain, corrected) = (AllSeries::expecting(None), AllSeries::expecting(Some(100.0)));
        assert!(FIGURES.iter().all(|figure| !plain.corrects(figure)));
        let left = FIGURES.iter().filter(|figure| !corrected.corrects(figure));
        let left = Vec::from_iter(left.filter(|figure| figure.kind != FigureKind::Maximum));
        let names = Vec::from_iter(left.iter().map(|figure| figure.name));
        assert_eq!(names, ["offered", "first_contacts", "arrivals", "clients"]);
    }

    #[test]
    fn what_is_the_same_differs_by_exactly_nothing() {
        let mut series = FigureSeries::default();
        for step in 1..50 {
            let step = f64::from(step);
            let same = parts(libm::sin(step), libm::exp(libm::cos(step)));
            series.push(same, same);
        }
        let difference = series.against_base().unwrap();
        assert_eq!((difference.value, difference.standard_error), (0.0, Some(0.0)));
        assert_eq!(difference.half_width(0.95), Some(0.0));
    }

    #[test]
    fn a_difference_of_means_is_the_mean_of_the_differences() {
        let mut series = FigureSeries::default();
        let mut differences = RunningStatistics::default();
        for (value, base) in [(3.0, 2.5), (4.0, 3.0), (8.0, 7.9), (1.0, 1.5)] {
            series.push(parts(value, 1.0), parts(base, 1.0));
            differences.push(value - base);
        }
        let difference = series.against_base().unwrap();
        assert!((difference.value - differences.mean().unwrap()).abs() < 1e-14);
        let error = difference.standard_error.unwrap();
        assert!((error - differences.standard_error().unwrap()).abs() < 1e-14);
    }

    #[test]
    fn independent_numbers_are_compared_as_by_welch() {
        let estimate = |value, error, freedom| Estimate {
            value,
            standard_error: Some(error),
            freedom,
            replications: freedom as u64 + 1,
        };
        let (left, right) = (estimate(5.0, 3.0, 9.0), estimate(2.0, 4.0, 14.0));
        let difference = left.less(&right);
        assert_eq!((difference.value, difference.standard_error), (3.0, Some(5.0)));
        assert!((difference.freedom - 625.0 / (81.0 / 9.0 + 256.0 / 14.0)).abs() < 1e-12);
        assert_eq!(difference.replications, 10);
        let twins = estimate(1.0, 0.0, 9.0).less(&estimate(1.0, 0.0, 9.0));
        assert_eq!((twins.value, twins.half_width(0.95)), (0.0, Some(0.0)));
    }

    #[test]
    fn one_replication_has_a_value_and_no_interval_and_none_has_nothing() {
        let mut series = FigureSeries::default();
        assert_eq!(series.estimate(), None);
        series.push(None, None);
        series.push(parts(0.0, 0.0), parts(1.0, 2.0));
        assert_eq!((series.estimate(), series.against_base()), (None, None));
        series.push(parts(1.0, 2.0), None);
        let estimate = series.estimate().unwrap();
        assert_eq!((estimate.value, estimate.replications), (0.5, 2));
        let mut single = FigureSeries::default();
        single.push(parts(1.0, 2.0), None);
        assert_eq!(single.estimate().unwrap().half_width(0.95), None);
    }
}
