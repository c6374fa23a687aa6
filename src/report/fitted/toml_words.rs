//! Estimates as a scenario writes them.

use crate::estimation::{Body, InterruptionLaw, Law, LogNormal};

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// A number with four digits that count, without an exponent.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let digits = 3 - libm::floor(libm::log10(value.abs())) as i32;
    let text = format!("{value:.*}", digits.clamp(0, 9) as usize);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// A length of time in quotes.
pub(super) fn seconds(value: f64) -> String {
    format!("\"{}s\"", number(value))
}

/// A distribution of times.
pub(super) fn law(law: &Law) -> String {
    let body = body(&law.body);
    if law.at_once == 0.0 { body } else { mixture(law.at_once, "\"0s\"", &body) }
}

/// Values that stand for a sample.
pub(super) fn empirical(values: &[f64]) -> String {
    let values = Vec::from_iter(values.iter().map(|&value| seconds(value)));
    format!("{{ empirical = {{ values = [{}] }} }}", values.join(", "))
}

fn body(body: &Body) -> String {
    match *body {
        Body::Exponential { mean } => format!("{{ exponential = {{ mean = {} }} }}", seconds(mean)),
        Body::Gamma { mean, shape } => {
            format!("{{ gamma = {{ mean = {}, shape = {} }} }}", seconds(mean), number(shape))
        }
        Body::Weibull { scale, shape } => {
            format!("{{ weibull = {{ shape = {}, scale = {} }} }}", number(shape), seconds(scale))
        }
        Body::Lognormal(ref one) => lognormal(one),
        Body::TwoLognormals { share, ref first, ref second } => {
            mixture(share, &lognormal(first), &lognormal(second))
        }
    }
}

/// How long interruptions last.
pub(super) fn interruption(law: &InterruptionLaw) -> String {
    let exponential = |mean: f64| body(&Body::Exponential { mean });
    match *law {
        InterruptionLaw::Exponential { mean } => exponential(mean),
        InterruptionLaw::Phases { mean, count } => {
            body(&Body::Gamma { mean, shape: f64::from(count) })
        }
        InterruptionLaw::TwoExponentials { share, short, long } => {
            mixture(share, &exponential(short), &exponential(long))
        }
    }
}

fn lognormal(LogNormal { mu, sigma }: &LogNormal) -> String {
    let mean = libm::exp(mu + sigma * sigma / 2.0);
    let cv = libm::sqrt(libm::expm1(sigma * sigma)).clamp(0.001, 1000.0);
    format!("{{ lognormal = {{ mean = {}, cv = {} }} }}", seconds(mean), number(cv))
}

/// Shares add up to 1 exactly.
fn mixture(share: f64, first: &str, second: &str) -> String {
    let share = libm::round(share * 1e4) / 1e4;
    let rest = libm::round((1.0 - share) * 1e4) / 1e4;
    format!(
        "{{ mixture = [{{ share = {share}, of = {first} }}, {{ share = {rest}, of = {second} }}] }}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits_that_count() {
        for (value, text) in
            [(240.06, "240.1"), (0.012_344, "0.01234"), (3.0, "3"), (123_456.7, "123457")]
        {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn a_share_at_once_stands_beside_the_others() {
        let found = Law { at_once: 0.25, body: Body::Exponential { mean: 90.0 } };
        assert_eq!(
            law(&found),
            "{ mixture = [{ share = 0.25, of = \"0s\" }, { share = 0.75, of = { exponential = { mean = \
             \"90s\" } } }] }"
        );
    }
}
