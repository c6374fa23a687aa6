//! The simulator against exact values: for a terminal, as a page, as JSON.

mod validation_json;
mod validation_page;
mod validation_text;

use crate::experiment::interval::{CONFIDENCE, Estimate};
use crate::experiment::validate::{Exact, JudgedFigure, Validated, ValidationVerdict};
use crate::report::table::{NumberUnit, ReportCell, ReportColumn, ReportTable, Standing};

pub use self::validation_json::json;
pub use self::validation_page::page;
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

/// Each figure of a case: what it must be, what it is, and how far that is off.
fn table(case: &Validated) -> ReportTable {
    let mut table = ReportTable::of(
        case.case.name,
        [
            ReportColumn::new("figure").left(25).briefly(""),
            ReportColumn::new("exact").right(18),
            ReportColumn::new("estimate").right(21),
            ReportColumn::new("off").right(6),
            ReportColumn::new("verdict").left(9).behind(1).briefly(""),
        ],
    );
    for judged in &case.figures {
        table.push(
            None,
            vec![
                judged.figure.name.into(),
                exact(judged.figure.exact),
                estimate(&judged.estimate),
                off(judged),
                ReportCell::verdict(standing(judged.verdict), verdict(judged.verdict)),
            ],
        );
    }
    table
}

/// What a figure must be.
fn exact(exact: Exact) -> ReportCell {
    let known = |value| ReportCell::number(value, NumberUnit::Digits);
    match exact {
        Exact::Amount(value) | Exact::Probability(value) => known(value),
        Exact::Simulated { value, standard_error } => estimate(&Estimate {
            value,
            standard_error: Some(standard_error),
            freedom: f64::INFINITY,
            replications: 0,
        }),
        Exact::Within(low, high) if low == high => known(low),
        Exact::Within(low, high) => ReportCell::word(match high {
            f64::INFINITY => format!("at least {}", known(low).spoken()),
            _ => format!("{} to {}", known(low).spoken(), known(high).spoken()),
        }),
    }
}

fn estimate(estimate: &Estimate) -> ReportCell {
    let value = Some(estimate.value).filter(|value| !value.is_nan());
    ReportCell::number(value, NumberUnit::Digits).within(estimate.half_width(CONFIDENCE))
}

/// How far off an estimate is.
fn off(judged: &JudgedFigure) -> ReportCell {
    let off = judged.figure.exact.standard_errors_off(&judged.estimate);
    let off = off.filter(|off| off.is_finite());
    off.map_or(ReportCell::Blank, |off| ReportCell::number(off, NumberUnit::Deviations))
}

fn standing(verdict: ValidationVerdict) -> Standing {
    match verdict {
        ValidationVerdict::Agrees => Standing::Good,
        ValidationVerdict::Vague => Standing::Open,
        ValidationVerdict::Disagrees => Standing::Bad,
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
            assert_eq!(exact(value).spoken(), text);
        }
    }

    #[test]
    fn an_estimate_has_the_digits_that_its_interval_deserves() {
        let of = |value, error| {
            let standard_error = Some(error);
            let found = Estimate { value, standard_error, freedom: 1e12, replications: 9 };
            estimate(&found).spoken()
        };
        assert_eq!(of(4.012_345, 0.02), "4.012 ± 0.039");
        assert_eq!(of(277_220.4, 1000.0), "277220 ± 1960");
        assert_eq!(of(52.0, 0.0), "52");
        assert_eq!(of(f64::NAN, 0.1), "–");
    }
}
