//! Distributions: a plain value, or a table with the name of a distribution as its only key.

use serde_json::{Value as Json, json};

use super::csv::{self, CsvColumn};
use super::reader::compound::{InTable, List};
use super::reader::forms::{Duration, Number, TextForm, Whole};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection, describe};
use crate::base::distribution::{Distribution, DistributionError, Quantile};
use crate::base::time::Span;

/// A distribution of times.
pub(super) const fn seconds() -> DistributionForm {
    DistributionForm(Amount::Seconds)
}

/// A distribution of numbers.
pub(super) const fn numbers() -> DistributionForm {
    DistributionForm(Amount::Number)
}

/// A distribution of times or of numbers.
#[derive(Clone, Copy)]
pub(super) struct DistributionForm(Amount);

impl DistributionForm {
    /// JSON Schema, to be kept under the name that [`Form::schema`] refers to.
    pub(super) fn definition(self) -> (&'static str, Json) {
        let amount = self.0;
        let named = describe(|section| named(section, amount));
        (amount.definition(), json!({ "anyOf": [amount.schema(), named] }))
    }
}

impl Form for DistributionForm {
    type Value = Distribution;

    fn read(&self, input: Input<'_>) -> Option<Distribution> {
        match &input.node.value {
            Value::Table(_) => input.table(|section| named(section, self.0)),
            _ => self.0.read(input).map(Distribution::Fixed),
        }
    }

    fn schema(&self) -> Json {
        json!({ "$ref": format!("#/$defs/{}", self.0.definition()) })
    }
}

/// The unit of a distribution: one of its values, in seconds or as a number.
#[derive(Clone, Copy)]
pub(super) enum Amount {
    Seconds,
    Number,
}

impl Amount {
    fn definition(self) -> &'static str {
        match self {
            Self::Seconds => "time_distribution",
            Self::Number => "number_distribution",
        }
    }
}

impl Form for Amount {
    type Value = f64;

    fn read(&self, input: Input<'_>) -> Option<f64> {
        match self {
            Self::Seconds if matches!(input.node.value, Value::Text(_)) => {
                Duration::any().read(input).map(Span::as_secs_f64)
            }
            Self::Seconds => {
                let help = match &input.node.value {
                    Value::Integer(number) => Some(format!("write the unit: \"{number}s\"")),
                    Value::Float(number) if number.is_finite() => {
                        Some(format!("write the unit: \"{number}s\""))
                    }
                    _ => None,
                };
                let allowed = "a length of time such as \"90s\", or where a distribution may stand a \
                     table such as { exponential = { mean = \"90s\" } }";
                input.refuse_with_help(allowed, help);
                None
            }
            Self::Number => Number::between(0.0, LARGEST).read(input),
        }
    }

    fn schema(&self) -> Json {
        match self {
            Self::Seconds => Duration::any().schema(),
            Self::Number => Number::between(0.0, LARGEST).schema(),
        }
    }
}

/// A table whose only key names the distribution.
fn named(section: &mut ReaderSection<'_>, amount: Amount) -> Option<Distribution> {
    let parts = List(InTable(|section: &mut ReaderSection<'_>| part(section, amount)));
    let written = [
        section.optional(
            "exponential",
            InTable(|section: &mut ReaderSection<'_>| exponential(section, amount)),
            "exponential",
        ),
        section.optional(
            "lognormal",
            InTable(|section: &mut ReaderSection<'_>| lognormal(section, amount)),
            "lognormal, by mean and cv or by two quantiles",
        ),
        section.optional(
            "gamma",
            InTable(|section: &mut ReaderSection<'_>| gamma(section, amount)),
            "gamma, by mean and cv or shape",
        ),
        section.optional(
            "erlang",
            InTable(|section: &mut ReaderSection<'_>| erlang(section, amount)),
            "Erlang: a sum of exponential phases",
        ),
        section.optional(
            "weibull",
            InTable(|section: &mut ReaderSection<'_>| weibull(section, amount)),
            "Weibull, by mean and cv, by shape and scale or by two quantiles",
        ),
        section.optional(
            "hyperexponential",
            InTable(|section: &mut ReaderSection<'_>| hyperexponential(section, amount)),
            "exponential with a mean drawn first, by mean and cv or by phases",
        ),
        section.optional(
            "uniform",
            InTable(|section: &mut ReaderSection<'_>| uniform(section, amount)),
            "uniform between two values",
        ),
        section.optional(
            "truncated",
            InTable(|section: &mut ReaderSection<'_>| truncated(section, amount)),
            "another distribution, on condition that it falls into an interval",
        ),
        section.optional(
            "empirical",
            InTable(|section: &mut ReaderSection<'_>| empirical(section, amount)),
            "one of given values, each equally likely",
        ),
        section
            .optional(
                "mixture",
                parts,
                "one of several distributions, each with a share; the shares add up to 1",
            )
            .and_then(|parts| mixture(section, parts)),
    ];
    if !section.one_of_declared("the name of a distribution") {
        return None;
    }
    written.into_iter().flatten().next()
}

fn exponential(section: &mut ReaderSection<'_>, amount: Amount) -> Option<Distribution> {
    let mean = section.required("mean", amount, "mean")?;
    check(section, Distribution::exponential(mean))
}

fn uniform(section: &mut ReaderSection<'_>, amount: Amount) -> Option<Distribution> {
    let min = section.required("min", amount, "lowest value");
    let max = section.required("max", amount, "highest value");
    check(section, Distribution::uniform(min?, max?))
}

fn erlang(section: &mut ReaderSection<'_>, amount: Amount) -> Option<Distribution> {
    let mean = section.required("mean", amount, "mean of all phases together");
    let phases =
        section.required("phases", Whole::<u32>::between(1, 1_000_000), "number of phases");
    check(section, Distribution::erlang(mean?, phases?))
}

fn gamma(section: &mut ReaderSection<'_>, amount: Amount) -> Option<Distribution> {
    let mean = section.required("mean", amount, "mean");
    let cv = section.optional("cv", CV, CV_TEXT);
    let shape =
        section.optional("shape", Number::between(1e-6, 1e6), "shape, instead of cv: 1 / cv²");
    if !section.one_of(&["cv", "shape"], true) {
        return None;
    }
    match (cv, shape) {
        (Some(cv), _) => check(section, Distribution::gamma(mean?, cv)),
        (None, shape) => check(section, Distribution::gamma_by_shape(mean?, shape?)),
    }
}

fn lognormal(section: &mut ReaderSection<'_>, amount: Amount) -> Option<Distribution> {
    let mean = section.optional("mean", amount, "mean");
    let cv = section.optional("cv", CV, CV_TEXT);
    let quantiles = quantiles(section, amount);
    match pair(section, &["mean", "cv"])? {
        ParameterPair::Named => check(section, Distribution::lognormal(mean?, cv?)),
        ParameterPair::Quantiles => {
            let (one, other) = quantiles?;
            check(section, Distribution::lognormal_by_quantiles(one, other))
        }
    }
}

fn weibull(section: &mut ReaderSection<'_>, amount: Amount) -> Option<Distribution> {
    let mean = section.optional("mean", amount, "mean");
    let cv = section.optional("cv", CV, CV_TEXT);
    let shape = section.optional(
        "shape",
        Number::between(1e-3, 1e6),
        "shape, with `scale` instead of mean and cv",
    );
    let scale = section.optional("scale", amount, "63.2 % quantile, with `shape`");
    let quantiles = quantiles(section, amount);
    if section.has("shape") || section.has("scale") {
        pair(section, &["shape", "scale"])?;
        return check(section, Distribution::weibull_by_shape(shape?, scale?));
    }
    match pair(section, &["mean", "cv"])? {
        ParameterPair::Named => check(section, Distribution::weibull(mean?, cv?)),
        ParameterPair::Quantiles => {
            let (one, other) = quantiles?;
            check(section, Distribution::weibull_by_quantiles(one, other))
        }
    }
}

fn hyperexponential(section: &mut ReaderSection<'_>, amount: Amount) -> Option<Distribution> {
    let mean = section.optional("mean", amount, "mean");
    let cv = section.optional(
        "cv",
        Number::between(1.0, 1000.0),
        "standard deviation divided by mean, above 1",
    );
    let phase = |section: &mut ReaderSection<'_>| {
        let share = section.required("share", Number::share(), "probability of this phase");
        let mean = section.required("mean", amount, "mean of this phase");
        share.zip(mean)
    };
    let phases = section.optional(
        "phases",
        List(InTable(phase)),
        "phases with their shares, which add up to 1, instead of mean and cv",
    );
    if section.has("phases") {
        if section.one_of(&["phases", "mean"], true) && section.one_of(&["phases", "cv"], true) {
            return check(section, Distribution::hyperexponential(&phases?));
        }
        return None;
    }
    pair(section, &["mean", "cv"])?;
    check(section, Distribution::hyperexponential_by_cv(mean?, cv?))
}

fn truncated(section: &mut ReaderSection<'_>, amount: Amount) -> Option<Distribution> {
    let of = section.required("of", DistributionForm(amount), "the distribution");
    let min = section.optional("min", amount, "lowest value");
    let max = section.optional("max", amount, "highest value");
    check(section, Distribution::truncated(of?, min.unwrap_or(0.0), max.unwrap_or(f64::INFINITY)))
}

fn part(section: &mut ReaderSection<'_>, amount: Amount) -> Option<(f64, Distribution)> {
    let share = section.required("share", Number::share(), "probability of this part");
    let of = section.required("of", DistributionForm(amount), "its distribution");
    share.zip(of)
}

fn mixture(section: &ReaderSection<'_>, parts: Vec<(f64, Distribution)>) -> Option<Distribution> {
    let sum: f64 = parts.iter().map(|&(share, _)| share).sum();
    if (sum - 1.0).abs() > SHARES_TOLERANCE {
        let message = format!("the shares add up to {}, not to 1", rounded(sum));
        section.context.report(section.error("mixture", message));
        return None;
    }
    check(section, Distribution::mixture(parts))
}

fn empirical(section: &mut ReaderSection<'_>, amount: Amount) -> Option<Distribution> {
    let values = section.optional("values", List(amount), "the values");
    let csv = section.optional(
        "csv",
        csv::SideFile,
        "CSV file with the values, relative to the scenario; times without a unit are seconds",
    );
    let column = section.optional("column", TextForm, "its column; the first one if left out");
    if !section.one_of(&["values", "csv"], true) {
        return None;
    }
    let values = match csv {
        None => values?,
        Some(table) => {
            let column = column.map_or(CsvColumn::First, CsvColumn::Named);
            let place = || section.error("column", "");
            table.read(section.context, column, place, |cell| match amount {
                Amount::Seconds => csv::seconds(cell),
                Amount::Number => csv::number(cell),
            })?
        }
    };
    check(section, Distribution::empirical(values))
}

/// The two quantiles that are given, if there are two.
fn quantiles(section: &mut ReaderSection<'_>, amount: Amount) -> Option<(Quantile, Quantile)> {
    let mut given = Vec::new();
    for (key, probability, documentation) in QUANTILES {
        if let Some(value) = section.optional(key, amount, documentation) {
            given.push(Quantile { probability, value });
        }
    }
    match given.as_slice() {
        [one, other] => Some((*one, *other)),
        _ => None,
    }
}

enum ParameterPair {
    Named,
    Quantiles,
}

/// Which pair of parameters is given; complains unless it is exactly one.
fn pair(section: &ReaderSection<'_>, named: &[&'static str; 2]) -> Option<ParameterPair> {
    let [first, second] = named;
    let quantiles: Vec<_> = QUANTILES.iter().filter(|(key, ..)| section.has(key)).collect();
    match (section.has(first), section.has(second), quantiles.len()) {
        (true, true, 0) => Some(ParameterPair::Named),
        (false, false, 2) => Some(ParameterPair::Quantiles),
        _ => {
            let message = format!(
                "the parameters must be `{first}` and `{second}`, or two quantiles where \
                     they are possible"
            );
            let finding = section.error("", message).help(
                "for example { mean = \"60s\", cv = 1.5 } or { median = \"40s\", p90 = \"2m\" }",
            );
            section.context.report(finding);
            None
        }
    }
}

fn check(
    section: &ReaderSection<'_>,
    made: Result<Distribution, DistributionError>,
) -> Option<Distribution> {
    match made {
        Ok(distribution) => Some(distribution),
        Err(error) => {
            section.context.report(section.error(error.parameter(), error.to_string()));
            None
        }
    }
}

/// For messages: without the noise of binary fractions.
pub(super) fn rounded(number: f64) -> f64 {
    libm::round(number * 1e6) / 1e6
}

/// How far from 1 shares may add up.
pub(super) const SHARES_TOLERANCE: f64 = 1e-6;

const CV: Number = Number::between(0.001, 1000.0);
const CV_TEXT: &str = "standard deviation divided by mean";
const LARGEST: f64 = 1e9;

const QUANTILES: [(&str, f64, &str); 7] = [
    ("p10", 0.10, "the value that 10 % do not exceed"),
    ("p25", 0.25, "the value that 25 % do not exceed"),
    ("median", 0.50, "the value that half do not exceed"),
    ("p75", 0.75, "the value that 75 % do not exceed"),
    ("p90", 0.90, "the value that 90 % do not exceed"),
    ("p95", 0.95, "the value that 95 % do not exceed"),
    ("p99", 0.99, "the value that 99 % do not exceed"),
];
