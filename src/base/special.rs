//! Special functions and Student's t-distribution, written on `libm` alone so that every platform gives the same bits.

/// The probability that a standard normal variable is at most `z`.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The `p`-quantile of the standard normal distribution, to about 16 digits: algorithm AS 241
/// (PPND16; Wichura 1988, Applied Statistics 37(3), 477–484). Infinite at 0 and 1.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * ratio(&CENTRE, r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 {
        return f64::INFINITY.copysign(q);
    }
    let r = libm::sqrt(-libm::log(tail));
    let z = if r <= 5.0 { ratio(&MIDDLE, r - 1.6) } else { ratio(&FAR, r - 5.0) };
    z.copysign(q)
}

/// The regularized lower incomplete gamma function P(a, x): the probability that a gamma variable
/// of shape `a` and scale 1 is at most `x`.
///
/// By its series below a + 1 and by its continued fraction (modified Lentz) above (Press et al.,
/// Numerical Recipes, 3rd edition, section 6.2).
pub fn gamma_cdf(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x == f64::INFINITY {
        return 1.0;
    }
    let factor = gamma_factor(a, x);
    if x < a + 1.0 { factor * gamma_series(a, x) } else { 1.0 - factor * gamma_fraction(a, x) }
}

/// The probability that a gamma variable of shape `a` and scale 1 is above `x`: 1 − P(a, x), without
/// losing the digits of a small one.
pub fn gamma_survival(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if x == f64::INFINITY {
        return 0.0;
    }
    let factor = gamma_factor(a, x);
    if x < a + 1.0 { 1.0 - factor * gamma_series(a, x) } else { factor * gamma_fraction(a, x) }
}

fn gamma_factor(a: f64, x: f64) -> f64 {
    libm::exp(a * libm::log(x) - x - libm::lgamma(a))
}

fn gamma_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    for n in 1..GAMMA_STEPS {
        term *= x / (a + f64::from(n));
        sum += term;
        if term < sum * f64::EPSILON {
            break;
        }
    }
    sum
}

fn gamma_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / f64::MIN_POSITIVE;
    let mut d = 1.0 / b;
    let mut value = d;
    for n in (1..GAMMA_STEPS).map(f64::from) {
        let numerator = -n * (n - a);
        b += 2.0;
        d = 1.0 / away_from_zero(numerator * d + b);
        c = away_from_zero(b + numerator / c);
        value *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

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
    for m in (1..BETA_STEPS).map(f64::from) {
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

/// As the modified method of Lentz asks of every denominator.
fn away_from_zero(x: f64) -> f64 {
    if x.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { x }
}

/// Numerator over denominator, both polynomials in `x`, coefficients from the constant upwards.
#[inline]
fn ratio([numerator, denominator]: &[[f64; 8]; 2], x: f64) -> f64 {
    let polynomial = |c: &[f64; 8]| {
        ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x
            + c[0]
    };
    polynomial(numerator) / polynomial(denominator)
}

/// Both expansions need a few times the square root of the shape; shapes end at 10^6.
const GAMMA_STEPS: u32 = 100_000;

/// Beyond so many degrees of freedom the normal distribution is right to nine digits.
const NORMAL_FROM: f64 = 1e8;

/// The fraction needs some times the square root of the larger shape.
const BETA_STEPS: u32 = 100_000;

/// |p − 0.5| ≤ 0.425.
#[expect(clippy::excessive_precision, reason = "as published")]
const CENTRE: [[f64; 8]; 2] = [
    [
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ],
    [
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ],
];

/// Tails down to e⁻²⁵.
#[expect(clippy::excessive_precision, reason = "as published")]
const MIDDLE: [[f64; 8]; 2] = [
    [
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ],
    [
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ],
];

/// Tails beyond e⁻²⁵.
#[expect(clippy::excessive_precision, reason = "as published")]
const FAR: [[f64; 8]; 2] = [
    [
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ],
    [
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64, relative: f64) -> bool {
        (left - right).abs() <= relative * right.abs().max(1e-300)
    }

    #[test]
    fn the_normal_quantile_agrees_with_the_published_checks() {
        for (p, z) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (0.975, 1.959_963_984_540_054),
        ] {
            assert!(close(normal_quantile(p), z, 1e-15), "{p}: {}", normal_quantile(p));
        }
        assert_eq!(normal_quantile(0.5), 0.0);
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
    }

    #[test]
    fn the_normal_quantile_inverts_the_distribution_function() {
        for step in 1..2000 {
            let z = f64::from(step) * 0.018_7 - 37.4;
            let p = normal_cdf(z);
            if p < 1.0 - 1e-3 {
                assert!(close(normal_quantile(p), z, 1e-13) || z.abs() < 1e-3, "{z}");
            }
        }
    }

    #[test]
    fn the_incomplete_gamma_function_agrees_with_its_closed_forms() {
        for x in [1e-3, 0.4, 1.0, 2.5, 7.0, 30.0] {
            assert!(close(gamma_cdf(1.0, x), -libm::expm1(-x), 1e-13));
            assert!(close(gamma_cdf(0.5, x), libm::erf(libm::sqrt(x)), 1e-13));
            let erlang_3 = 1.0 - libm::exp(-x) * (1.0 + x + x * x / 2.0);
            assert!(close(gamma_cdf(3.0, x), erlang_3, 1e-6));
        }
        for x in [0.1, 3.0, 40.0, 300.0] {
            assert!(close(gamma_survival(1.0, x), libm::exp(-x), 1e-12));
            let erlang_2 = libm::exp(-x) * (1.0 + x);
            assert!(close(gamma_survival(2.0, x), erlang_2, 1e-12));
        }
        assert_eq!(gamma_survival(2.0, 0.0), 1.0);
        assert_eq!(gamma_survival(2.0, f64::INFINITY), 0.0);
        // Median of a gamma variable: a − 1/3 + 8/(405 a) + O(a⁻²).
        assert!(close(gamma_cdf(1e6, 1e6 - 1.0 / 3.0), 0.5, 1e-9));
        assert_eq!(gamma_cdf(2.0, 0.0), 0.0);
        assert_eq!(gamma_cdf(2.0, f64::INFINITY), 1.0);
    }

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
