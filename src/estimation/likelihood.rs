//! Maximum likelihood: the maximum, the covariance from the observed information, and intervals.

use super::confidence::{ConfidenceInterval, two_sided_bound};
use super::simplex::climb;
use super::symmetric::SymmetricMatrix;
use crate::base::special::normal_quantile;
use crate::base::stream::{Stream, open_uniform};

/// The maximum of a log-likelihood.
#[derive(Clone, Debug, PartialEq)]
pub struct Maximum {
    /// Parameters at the maximum.
    pub parameters: Vec<f64>,
    /// Log-likelihood there.
    pub log_likelihood: f64,
    /// Covariance of the estimated parameters: the inverse of the observed information, which is the
    /// curvature of the log-likelihood at its maximum (Fisher 1925; Efron and Hinkley 1978, Biometrika
    /// 65, 457–482).
    pub covariance: SymmetricMatrix,
}

/// A function of the parameters and the standard deviation of its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Derived {
    /// Its value at the maximum.
    pub value: f64,
    /// By the delta method.
    pub standard_error: f64,
}

impl Maximum {
    /// Standard deviation of the error of a parameter.
    pub fn standard_error(&self, parameter: usize) -> f64 {
        libm::sqrt(self.covariance.entry(parameter, parameter))
    }

    /// Akaike's criterion, lower is better: 2 × parameters − 2 × log-likelihood (Akaike 1974, IEEE
    /// Transactions on Automatic Control 19, 716–723).
    pub fn aic(&self) -> f64 {
        2.0 * self.parameters.len() as f64 - 2.0 * self.log_likelihood
    }

    /// A function of the parameters, with its error by the delta method: the gradient through the
    /// covariance.
    pub fn derived(&self, function: impl Fn(&[f64]) -> f64) -> Derived {
        let gradient = gradient(&self.parameters, &function);
        Derived {
            value: function(&self.parameters),
            standard_error: libm::sqrt(self.covariance.quadratic(&gradient).max(0.0)),
        }
    }

    /// Parameters as they might be instead, drawn from the normal distribution around the estimates.
    pub fn draw(&self, stream: &mut Stream) -> Vec<f64> {
        let normal =
            Vec::from_iter(self.parameters.iter().map(|_| normal_quantile(open_uniform(stream))));
        let root = self.covariance.root().unwrap_or_default();
        let shift = |row: &Vec<f64>| row.iter().zip(&normal).map(|(l, z)| l * z).sum::<f64>();
        self.parameters.iter().zip(&root).map(|(value, row)| value + shift(row)).collect()
    }
}

/// The maximum of a log-likelihood near `start`: climbed to by a simplex, then by steps of Newton's method
/// with numerical derivatives. None if the information there is not positive definite, which says that
/// the data do not tell the parameters apart.
///
/// Parameters should be of the order of 1, like logarithms.
pub fn maximize(start: &[f64], log_likelihood: impl Fn(&[f64]) -> f64) -> Option<Maximum> {
    let mut top = climb(start, EDGE, &log_likelihood);
    if top.value == f64::NEG_INFINITY {
        return None;
    }
    for _ in 0..NEWTON_STEPS {
        let Some(covariance) = information(&top.place, &log_likelihood).inverse() else { break };
        let step = covariance.times(&gradient(&top.place, &log_likelihood));
        let place = Vec::from_iter(top.place.iter().zip(&step).map(|(value, step)| value + step));
        let value = log_likelihood(&place);
        // Not so for what is not a number.
        let is_higher = value >= top.value;
        if !is_higher {
            break;
        }
        (top.place, top.value) = (place, value);
        if step.iter().all(|step| step.abs() < SETTLED) {
            break;
        }
    }
    let covariance = information(&top.place, &log_likelihood).inverse()?;
    Some(Maximum { parameters: top.place, log_likelihood: top.value, covariance })
}

/// Less the second derivatives, by central differences.
fn information(place: &[f64], function: &impl Fn(&[f64]) -> f64) -> SymmetricMatrix {
    let centre = function(place);
    let at = |moves: &[(usize, f64)]| {
        let mut place = place.to_vec();
        for &(axis, step) in moves {
            place[axis] += step;
        }
        function(&place)
    };
    SymmetricMatrix::from_entries(place.len(), |i, j| {
        if i == j {
            return (2.0 * centre - at(&[(i, STEP)]) - at(&[(i, -STEP)])) / (STEP * STEP);
        }
        let alike = at(&[(i, STEP), (j, STEP)]) + at(&[(i, -STEP), (j, -STEP)]);
        let unlike = at(&[(i, STEP), (j, -STEP)]) + at(&[(i, -STEP), (j, STEP)]);
        (unlike - alike) / (4.0 * STEP * STEP)
    })
}

fn gradient(place: &[f64], function: &impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let slope = |axis: usize| {
        let at = |step: f64| {
            let mut place = place.to_vec();
            place[axis] += step;
            function(&place)
        };
        (at(STEP) - at(-STEP)) / (2.0 * STEP)
    };
    (0..place.len()).map(slope).collect()
}

/// The interval of one parameter by profile likelihood (Wilks 1938, Annals of Mathematical Statistics 9,
/// 60–62): all values at which the log-likelihood, highest over the other parameters, is less than half a
/// chi-squared quantile below its maximum. An end that is not met within 20 standard errors is infinite.
pub fn profile_interval(
    maximum: &Maximum,
    parameter: usize,
    confidence: f64,
    log_likelihood: impl Fn(&[f64]) -> f64,
) -> ConfidenceInterval {
    let centre = maximum.parameters[parameter];
    let variance = maximum.covariance.entry(parameter, parameter);
    let profile = |value: f64| {
        // Where the others would be if the likelihood were normal.
        let others = maximum.parameters.iter().enumerate().map(|(other, at_maximum)| {
            let slope = maximum.covariance.entry(other, parameter) / variance;
            at_maximum + slope * (value - centre)
        });
        let mut others = Vec::from_iter(others);
        others.remove(parameter);
        let with_value = |others: &[f64]| {
            let mut place = others.to_vec();
            place.insert(parameter, value);
            log_likelihood(&place)
        };
        if others.is_empty() {
            with_value(&[])
        } else {
            climb(&others, SHORT_EDGE, with_value).value
        }
    };
    // The root of the deviance: nearly a line, on which the next place is guessed.
    let root = |value: f64| libm::sqrt(2.0 * (maximum.log_likelihood - profile(value)).max(0.0));
    let bound = two_sided_bound(confidence);
    let end = |direction: f64| {
        let error = direction * libm::sqrt(variance);
        reach(bound, |errors| root(centre + error * errors))
            .map_or(direction * f64::INFINITY, |errors| centre + error * errors)
    };
    ConfidenceInterval { low: end(-1.0), high: end(1.0) }
}

/// Where a function that is 0 at 0 and grows reaches a bound; none up to [`FARTHEST`].
fn reach(bound: f64, grow: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let mut guess = bound;
    for _ in 0..GUESSES {
        let value = grow(guess);
        if (value - bound).abs() < CLOSE {
            return Some(guess);
        }
        *(if value < bound { &mut low } else { &mut high }) = guess;
        if low >= FARTHEST {
            return None;
        }
        let next = (guess * bound / value).min(FARTHEST);
        // What is not a number is not within.
        let is_within = low < next && next < high;
        let middle = if high.is_finite() { low.midpoint(high) } else { FARTHEST };
        guess = if is_within { next } else { middle };
    }
    Some(guess)
}

/// First edge of the simplex, of parameters that are logarithms.
const EDGE: f64 = 0.3;
/// Where the way is short.
const SHORT_EDGE: f64 = 0.05;
/// Of numerical derivatives: well above rounding, well below the scale of a logarithm.
const STEP: f64 = 1e-3;
const NEWTON_STEPS: u32 = 12;
/// A step of Newton's method that changes nothing more.
const SETTLED: f64 = 1e-9;
/// Standard errors until an end is called infinite.
const FARTHEST: f64 = 20.0;
/// Of the root of the deviance, against about 2.
const CLOSE: f64 = 1e-3;
const GUESSES: u32 = 30;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::testing::{NORMAL_BOUND, standard_errors, stream};

    /// Ten exponential times with sum 50, by the logarithm of their mean.
    fn exponential(place: &[f64]) -> f64 {
        -10.0 * place[0] - 50.0 * libm::exp(-place[0])
    }

    #[test]
    fn the_mean_of_exponential_times_is_their_sum_by_their_number() {
        let maximum = maximize(&[0.0], exponential).unwrap();
        assert!((libm::exp(maximum.parameters[0]) - 5.0).abs() < 1e-6, "{maximum:?}");
        // The information about the logarithm of the mean is the number of times.
        assert!((maximum.standard_error(0) - libm::sqrt(0.1)).abs() < 1e-6);
        assert!((maximum.aic() - (2.0 + 20.0 * libm::log(5.0) + 20.0)).abs() < 1e-9);
        let mean = maximum.derived(|place| libm::exp(place[0]));
        assert!((mean.standard_error - 5.0 * libm::sqrt(0.1)).abs() < 1e-5, "{mean:?}");
    }

    #[test]
    fn the_profile_reaches_down_to_the_quantile_of_chi_squared() {
        let maximum = maximize(&[0.0], exponential).unwrap();
        let interval = profile_interval(&maximum, 0, 0.95, exponential);
        for end in [interval.low, interval.high] {
            let drop = 2.0 * (maximum.log_likelihood - exponential(&[end]));
            assert!((drop - 3.841_459).abs() < 0.01, "{end} {drop}");
        }
        // A likelihood that levels off has no end there.
        let flat = |place: &[f64]| -libm::exp(-place[0]) - 1e-3 * place[0];
        let maximum = maximize(&[0.0], flat).unwrap();
        let interval = profile_interval(&maximum, 0, 0.95, flat);
        assert!(interval.low.is_finite() && interval.high == f64::INFINITY, "{interval:?}");
    }

    #[test]
    fn a_bound_is_reached_on_lines_curves_and_steps_or_not_at_all() {
        let reached = |grow: fn(f64) -> f64| reach(2.0, grow);
        assert!((reached(|x| x).unwrap() - 2.0).abs() < 1e-3);
        assert!((reached(|x| x * x * x / 4.0).unwrap() - 2.0).abs() < 1e-3);
        assert!((reached(|x| 0.2 * x).unwrap() - 10.0).abs() < 1e-2);
        assert!((reached(|x| if x < 1.5 { x } else { f64::INFINITY }).unwrap() - 1.5).abs() < 1e-6);
        assert_eq!(reached(|x| 0.05 * x), None);
    }

    #[test]
    fn the_profile_lets_the_other_parameters_follow() {
        // A normal log-likelihood with correlation .8: the profile is that of the marginal.
        let normal = |x: &[f64]| -(x[0] * x[0] - 1.6 * x[0] * x[1] + x[1] * x[1]) / (2.0 * 0.36);
        let maximum = maximize(&[0.5, -0.5], normal).unwrap();
        let interval = profile_interval(&maximum, 1, 0.95, normal);
        assert!((interval.high - 1.959_96).abs() < 2e-3 && (interval.low + 1.959_96).abs() < 2e-3);
        assert!((maximum.covariance.entry(0, 1) - 0.8).abs() < 1e-4);
    }

    #[test]
    fn parameters_that_cannot_be_told_apart_have_no_maximum() {
        assert_eq!(maximize(&[0.1, 0.2], |x| exponential(&[x[0] + x[1]])), None);
        assert_eq!(maximize(&[0.1], |_| f64::NAN), None);
    }

    #[test]
    fn draws_have_the_covariance_of_the_estimates() {
        let covariance = SymmetricMatrix::from_entries(2, |i, j| if i == j { 4.0 } else { -1.0 });
        let maximum = Maximum { parameters: vec![1.0, 2.0], log_likelihood: 0.0, covariance };
        let mut stream = stream(170);
        let draws = Vec::from_iter((0..20_000).map(|_| maximum.draw(&mut stream)));
        let away = standard_errors(draws.iter().map(|draw| draw[1]), 2.0);
        assert!(away < NORMAL_BOUND, "{away}");
        let products = draws.iter().map(|draw| (draw[0] - 1.0) * (draw[1] - 2.0));
        assert!(standard_errors(products, -1.0) < NORMAL_BOUND);
    }
}
