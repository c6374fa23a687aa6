//! What several commands let the user choose: variants, seed, and the command that does it again.

use std::ops::Range;
use std::sync::Arc;

use crate::ledger::definitions;
use crate::scenario::{Plan, RunSettings, Scenario, Variant};

use super::stop::{Exit, Stop};

pub(super) use crate::report::terminal::shell_words as quoted;

/// The chosen variants in the order of the file, all if none is named; with another seed if given.
pub(super) fn variants(
    scenario: &Scenario,
    names: &[String],
    seed: Option<u64>,
) -> Result<Vec<Variant>, Stop> {
    for name in names {
        if !scenario.variants.iter().any(|variant| variant.name == *name) {
            let known = scenario.variants.iter().map(|variant| format!("`{}`", variant.name));
            let known = Vec::from_iter(known).join(", ");
            let message = format!("there is no variant `{name}`; there are {known}");
            return Err(Stop::new(Exit::Usage, message));
        }
    }
    let chosen = scenario.variants.iter();
    let chosen = chosen.filter(|variant| names.is_empty() || names.contains(&variant.name));
    Ok(chosen.map(|variant| with_seed(variant, seed)).collect())
}

/// The variant of that name, the first if none is named; with another seed if given.
pub(super) fn one_variant(
    scenario: &Scenario,
    name: Option<&String>,
    seed: Option<u64>,
) -> Result<Variant, Stop> {
    let names = Vec::from_iter(name.cloned());
    let first = variants(scenario, &names, seed)?.into_iter().next();
    first.ok_or_else(|| Stop::new(Exit::BadInput, "the scenario has no variant"))
}

fn with_seed(variant: &Variant, seed: Option<u64>) -> Variant {
    let plan = match seed {
        None => Arc::clone(&variant.plan),
        Some(seed) => {
            let run = RunSettings { seed, ..variant.plan.run.clone() };
            Arc::new(Plan { run, ..Plan::clone(&variant.plan) })
        }
    };
    Variant { name: variant.name.clone(), plan }
}

/// `abandonment=5%`: a figure and a share of it.
pub(super) fn precision(text: &str) -> Result<(String, f64), String> {
    let (name, bound) = text.split_once('=').ok_or("expected FIGURE=PERCENT")?;
    let bound = share(bound)?;
    match definitions::find(name) {
        None => Err(format!("there is no figure `{name}`; summary.json lists them all")),
        Some(_) if (1e-4..=1.0).contains(&bound) => Ok((name.to_owned(), bound)),
        Some(_) => Err("not within 0.01% to 100%".to_owned()),
    }
}

/// `95%`, `99.5 %` or `0.95`: at least a half and less than all.
pub(super) fn confidence(text: &str) -> Result<f64, String> {
    let share = share(text)?;
    if (0.5..1.0).contains(&share) {
        Ok(share)
    } else {
        Err("not within 50% to 99.99…%".to_owned())
    }
}

/// `5%`, `0.5 %` or `0.05`.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let (number, unit) = match text.trim().strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0),
        None => (text.trim(), 1.0),
    };
    match number.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value / unit),
        _ => Err(format!("`{text}` is neither a percentage nor a number")),
    }
}

/// Whether figures are corrected to the expected number of arrivals.
///
/// # Errors
///
/// It is wanted, and there are too few replications or no number to expect.
pub(super) fn control_variate(
    wanted: bool,
    variants: &[Variant],
    replications: &Range<u64>,
) -> Result<bool, Stop> {
    let refuse = |reason: String| {
        Err(Stop::new(Exit::BadInput, format!("the control variate needs {reason}")))
    };
    let mut variants = variants.iter();
    if !wanted {
        Ok(false)
    } else if replications.end - replications.start < 3 {
        refuse("three replications or more (-n)".to_owned())
    } else if let Some(Variant { name, .. }) =
        variants.find(|variant| variant.plan.expected_arrivals().is_none())
    {
        refuse(format!("a number of arrivals to expect: in `{name}` nobody arrives at rates"))
    } else {
        Ok(true)
    }
}
