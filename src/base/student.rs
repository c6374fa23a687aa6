//! Student's t-distribution, on `libm` alone so that every platform gives the same bits.

use super::special::normal_quantile;

/// The `t` that a Student variable with `freedom` degrees of freedom (any number above zero)
/// exceeds in absolute value with probability 1 − `confidence`; infinite when sure.
///
/// P(|t| ≤ x) is the regularized incomplete beta function I(1/2, freedom/2) at x²/(freedom + x²),
/// which is inverted by bisection.
pub fn student_bound(confidence: f64, freedom: f64) -> f64 {
    if confidence >= 1.0 {
        return f64::INFINITY;
    }
    if freedom > NORMAL_FROM {
        return normal_quantile(0.5 + confidence / 2.0);
    }
    let (mut low, mut high) = (0.0, 1.0);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return libm::sqrt(freedom * middle / (1.0 - middle));
        }
        if beta_cdf(0.5, 0.5 * freedom, middle) < confidence {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The regularized incomplete beta function: the probability that a beta variable of shapes `a` and
/// `b` is at most `x`. By its continued fraction (modified Lentz; Press et al., Numerical Recipes,
/// 3rd edition, section 6.4).
pub fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let logarithm = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b)
        + a * libm::log(x)
        + b * libm::log1p(-x);
    let factor = libm::exp(logarithm);
    if x < (a + 1.0) / (a + b + 2.0) {
        factor * beta_fraction(a, b, x) / a
    } else {
        1.0 - factor * beta_fraction(b, a, 1.0 - x) / b
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in (1..STEPS).map(f64::from) {
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for numerator in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + numerator * d);
            c = away_from_zero(1.0 + numerator / c);
            change = c * d;
            value *= change;
        }
        if (change - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

fn away_from_zero(x: f64) -> f64 {
    if x.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { x }
}

/// Beyond so many degrees of freedom the normal distribution is right to nine digits.
const NORMAL_FROM: f64 = 1e8;

/// The fraction needs some times the square root of the larger shape.
const STEPS: u32 = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_agrees_with_tables_and_closed_forms() {
        let tables = [
            (0.95, 5.0, 2.570_581_835_6),
            (0.95, 19.0, 2.093_024_054_4),
            (0.95, 30.0, 2.042_272_456_3),
            (0.99, 10.0, 3.169_272_672_6),
            (0.95, 1e7, 1.959_964_22),
        ];
        for (confidence, freedom, expected) in tables {
            let bound = student_bound(confidence, freedom);
            assert!((bound / expected - 1.0).abs() < 1e-8, "{freedom}: {bound}");
        }
        for confidence in [0.1, 0.5, 0.9, 0.95, 0.999] {
            let one = libm::tan(std::f64::consts::FRAC_PI_2 * confidence);
            let two = confidence * libm::sqrt(2.0 / (1.0 - confidence * confidence));
            assert!((student_bound(confidence, 1.0) / one - 1.0).abs() < 1e-10);
            assert!((student_bound(confidence, 2.0) / two - 1.0).abs() < 1e-10);
        }
    }

    #[test]
    fn the_bound_grows_with_confidence_and_falls_with_freedom_to_the_normal() {
        for freedom in 1..200_u32 {
            let bound = |freedom: u32| student_bound(0.95, f64::from(freedom));
            assert!(bound(freedom) > bound(freedom + 1));
        }
        assert!(student_bound(0.99, 2.5) > student_bound(0.95, 2.5));
        assert!(student_bound(0.95, 1e9) < student_bound(0.95, 1e6));
        assert_eq!(student_bound(1.0, 5.0), f64::INFINITY);
    }

    #[test]
    fn the_incomplete_beta_function_agrees_with_its_closed_forms() {
        for x in [1e-6, 0.1, 0.5, 0.77, 0.999] {
            assert!((beta_cdf(1.0, 3.0, x) - (1.0 - libm::pow(1.0 - x, 3.0))).abs() < 1e-14);
            assert!((beta_cdf(2.0, 1.0, x) - x * x).abs() < 1e-14);
            assert!((beta_cdf(3.5, 0.7, x) + beta_cdf(0.7, 3.5, 1.0 - x) - 1.0).abs() < 1e-13);
        }
    }
}
