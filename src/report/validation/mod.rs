//! The simulator against exact values: for a terminal, as a page, as JSON.

mod markdown;
mod validation_json;
mod validation_text;

use crate::experiment::interval::{CONFIDENCE, Estimate};
use crate::experiment::validate::{Exact, JudgedFigure, Validated, ValidationVerdict};

pub use self::markdown::page;
pub use self::validation_json::json;
pub use self::validation_text::text;

/// How many figures there are, and how many of them agree.
pub fn tally(cases: &[Validated]) -> (usize, usize) {
    let figures = cases.iter().map(|case| case.figures.len()).sum();
    (figures, cases.iter().map(Validated::agreeing).sum())
}

/// The last line.
fn summary(cases: &[Validated]) -> String {
    let (figures, agreeing) = tally(cases);
    let seeds = cases.iter().map(|case| case.trials.len()).max().unwrap_or(0);
    let seeds = if seeds == 1 { "one seed".to_owned() } else { format!("{seeds} seeds") };
    let plural = if cases.len() == 1 { "case" } else { "cases" };
    format!("{agreeing} of {figures} figures agree, in {} {plural} with {seeds} each.", cases.len())
}

const RULE: &str = "An estimate agrees if it is at most 4 standard errors and 1 in 1000 off, and its \
                    standard error at most 1 % of the exact value (.005 of a probability); else it \
                    is vague. What has bounds must keep them.";

/// What a figure must be.
fn exact(exact: Exact) -> String {
    match exact {
        Exact::Amount(value) | Exact::Probability(value) => six_digits(value),
        Exact::Simulated { value, standard_error } => {
            let certain = Estimate {
                value,
                standard_error: Some(standard_error),
                freedom: f64::INFINITY,
                replications: 0,
            };
            estimate(&certain)
        }
        Exact::Within(low, high) if low == high => six_digits(low),
        Exact::Within(low, f64::INFINITY) => format!("at least {}", six_digits(low)),
        Exact::Within(low, high) => format!("{} to {}", six_digits(low), six_digits(high)),
    }
}

/// An estimate to as many digits as half its interval has two of.
fn estimate(estimate: &Estimate) -> String {
    match estimate.half_width(CONFIDENCE) {
        _ if estimate.value.is_nan() => "–".to_owned(),
        Some(half) if half > 0.0 && half.is_finite() => {
            let decimals = decimals(half, 2);
            format!("{:.decimals$} ± {half:.decimals$}", estimate.value)
        }
        _ => six_digits(estimate.value),
    }
}

/// How far off an estimate is.
fn off(judged: &JudgedFigure) -> String {
    let off = judged.figure.exact.standard_errors_off(&judged.estimate);
    match off {
        Some(off) if off.abs() < 0.05 => "0.0".to_owned(),
        Some(off) if off.is_finite() => format!("{off:+.1}"),
        _ => String::new(),
    }
}

fn verdict(verdict: ValidationVerdict) -> &'static str {
    match verdict {
        ValidationVerdict::Agrees => "agrees",
        ValidationVerdict::Vague => "vague",
        ValidationVerdict::Disagrees => "disagrees",
    }
}

/// What runs a case again with the seeds that do not agree, or the replications that met a bug.
fn commands(case: &Validated) -> Vec<String> {
    let Some(variant) = &case.variant else {
        let full = if case.trials.len() > 1 { " --full" } else { "" };
        return vec![format!("shiftstorm validate \"{}\"{full}", case.case.name)];
    };
    let variant = match case.case.variant {
        0 => String::new(),
        _ => format!(" --variant \"{variant}\""),
    };
    let run = format!("shiftstorm run {}{variant}", case.case.file.path);
    let again = case.trials.iter().filter_map(|trial| match &trial.estimates {
        Err(failure) => {
            Some(format!("{run} --seed {} --replication {}", failure.seed, failure.replication))
        }
        Ok(estimates) => {
            let mut figures = case.case.figures.iter().zip(estimates);
            let differs =
                figures.any(|(of, found)| of.exact.verdict(found) != ValidationVerdict::Agrees);
            differs.then(|| format!("{run} --seed {}", trial.seed))
        }
    });
    again.collect()
}

fn six_digits(value: f64) -> String {
    let text = format!("{value:.*}", decimals(value, 6));
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
    }
}

/// Decimals that show so many digits of a number.
fn decimals(value: f64, digits: i32) -> usize {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    let first = libm::floor(libm::log10(value.abs())) as i32;
    usize::try_from(digits - 1 - first).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_values_are_shown_as_they_are_known() {
        let texts = [
            (Exact::Amount(277_220.0), "277220"),
            (Exact::Amount(-68.3), "-68.3"),
            (Exact::Amount(33.2916 + 33.2916 * 33.2916), "1141.62"),
            (Exact::Probability(0.030_912_2), "0.0309122"),
            (Exact::Within(0.0, 0.0), "0"),
            (Exact::Within(179.0, 198.0), "179 to 198"),
            (Exact::Within(8.0, f64::INFINITY), "at least 8"),
            (
                Exact::Simulated { value: 0.228_05, standard_error: 0.000_56 / 1.96 },
                "0.22805 ± 0.00056",
            ),
        ];
        for (value, text) in texts {
            assert_eq!(exact(value), text);
        }
    }

    #[test]
    fn an_estimate_has_the_digits_that_its_interval_deserves() {
        let of = |value, error| {
            let standard_error = Some(error);
            estimate(&Estimate { value, standard_error, freedom: 1e12, replications: 9 })
        };
        assert_eq!(of(4.012_345, 0.02), "4.012 ± 0.039");
        assert_eq!(of(277_220.4, 1000.0), "277220 ± 1960");
        assert_eq!(of(52.0, 0.0), "52");
        assert_eq!(of(f64::NAN, 0.1), "–");
    }
}
