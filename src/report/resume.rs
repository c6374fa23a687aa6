//! What a run that was stopped has left in its folder, to go on from there.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;

use crate::experiment::{Checkpoint, Experiment};
use crate::ledger::outcome::Outcome;

use super::columns::harmless;
use super::file_names::{SCHEMA, UNFINISHED};
use super::fingerprint::fingerprint;
use super::replications_csv;

/// What the folder holds of an experiment: the last checkpoint of a run that was killed, or the
/// report of one that was interrupted, or a whole one that is to have more replications.
///
/// # Errors
///
/// Why nothing can be resumed from there.
pub fn begun(folder: &Path, experiment: &Experiment) -> Result<Checkpoint, String> {
    let checkpoint = folder.join(UNFINISHED);
    let folder = if checkpoint.join(SUMMARY).exists() { &checkpoint } else { folder };
    let open = |name: &str| {
        let path = folder.join(name);
        let file = File::open(&path).map(BufReader::new);
        file.map_err(|error| format!("nothing to resume: `{}`: {error}", path.display()))
    };
    let saved: SavedRun = serde_json::from_reader(open(SUMMARY)?)
        .map_err(|error| format!("`{}` is no report: {error}", folder.join(SUMMARY).display()))?;
    if let Some(difference) = difference(&saved, experiment) {
        return Err(format!("`{}` cannot be resumed: {difference}", folder.display()));
    }
    let count = saved.variants.iter().map(|variant| variant.replications).sum::<u64>() as usize;
    let mut figures = Vec::new();
    for (position, line) in
        replications_csv::lines(open(replications_csv::NAME)?)?.take(count).enumerate()
    {
        let (name, replication, values) = line?;
        let (variant, expected) = experiment.place(position);
        if harmless(&experiment.variants[variant].name) != name || replication != expected {
            return Err(format!("`{}` has lines out of order", replications_csv::NAME));
        }
        figures.push(values);
    }
    if figures.len() < count {
        return Err(format!("`{}` has too few lines", replications_csv::NAME));
    }
    let outcomes = saved.variants.into_iter().map(|variant| variant.outcome);
    Ok(Checkpoint { outcomes: outcomes.collect(), figures })
}

/// Why what was saved is not of this experiment.
fn difference(saved: &SavedRun, experiment: &Experiment) -> Option<&'static str> {
    let replications = &experiment.replications;
    let most = replications.end - replications.start;
    let is_same = |(saved, variant): (&SavedRunVariant, &crate::scenario::Variant)| {
        saved.name == variant.name && saved.plan == fingerprint(&variant.plan)
    };
    let reasons = [
        (saved.schema != SCHEMA || saved.shiftstorm != VERSION, "another version wrote it"),
        (saved.failed, "it holds failures"),
        (saved.checked != experiment.checks, "one is checked, the other is not"),
        (saved.first_replication != replications.start, "it begins with another replication"),
        (
            saved.variants.len() != experiment.variants.len()
                || !saved.variants.iter().zip(&experiment.variants).all(is_same),
            "it is of other variants, settings or seeds",
        ),
        (
            saved.variants.iter().any(|variant| variant.replications > most),
            "it has more replications than are asked for",
        ),
    ];
    reasons.into_iter().find(|&(holds, _)| holds).map(|(_, reason)| reason)
}

#[derive(Deserialize)]
struct SavedRun {
    schema: String,
    shiftstorm: String,
    first_replication: u64,
    checked: bool,
    failed: bool,
    variants: Vec<SavedRunVariant>,
}

#[derive(Deserialize)]
struct SavedRunVariant {
    name: String,
    plan: String,
    replications: u64,
    outcome: Option<Box<Outcome>>,
}

const SUMMARY: &str = "summary.json";
const VERSION: &str = env!("CARGO_PKG_VERSION");
