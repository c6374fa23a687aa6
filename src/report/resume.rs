//! What a run that was stopped has left in its folder, to go on from there.

use std::borrow::Cow;
use std::path::Path;

use crate::experiment::{Checkpoint, Experiment};

use super::columns::harmless;
use super::file_names::UNFINISHED;
use super::fingerprint::fingerprint;
use super::json_file::VERSION;
use super::summary_file::{Summary, SummaryVariant};
use super::{replications_csv, summary_file};

/// What the folder holds of an experiment: the last checkpoint of a run that was killed, or the
/// report of one that was interrupted, or a whole one that is to have more replications.
///
/// # Errors
///
/// Why nothing can be resumed from there.
pub fn begun(folder: &Path, experiment: &Experiment) -> Result<Checkpoint, String> {
    let checkpoint = folder.join(UNFINISHED);
    let folder = if checkpoint.join(summary_file::NAME).exists() { &checkpoint } else { folder };
    let nothing = |why: String| format!("nothing to resume: {why}");
    let saved = Summary::read(folder).map_err(nothing)?;
    if let Some(difference) = difference(&saved, experiment) {
        return Err(format!("`{}` cannot be resumed: {difference}", folder.display()));
    }
    let count =
        saved.variants.iter().map(|variant| variant.head.replications).sum::<u64>() as usize;
    let lines = replications_csv::lines(replications_csv::open(folder).map_err(nothing)?)?;
    let mut figures = Vec::new();
    for (position, line) in lines.take(count).enumerate() {
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
    let variants = saved.variants.into_iter();
    let outcomes = variants.map(|variant| variant.outcome.map(Cow::into_owned).map(Box::new));
    Ok(Checkpoint { outcomes: outcomes.collect(), figures })
}

/// Why what was saved is not of this experiment.
fn difference(saved: &Summary<'_>, experiment: &Experiment) -> Option<&'static str> {
    let replications = &experiment.replications;
    let most = replications.end - replications.start;
    let is_same = |(saved, variant): (&SummaryVariant<'_>, &crate::scenario::Variant)| {
        saved.head.name == variant.name && saved.head.plan == fingerprint(&variant.plan)
    };
    let reasons = [
        (saved.head.shiftstorm != VERSION, "another version wrote it"),
        (saved.failed, "it holds failures"),
        (saved.checked != experiment.checks, "one is checked, the other is not"),
        (saved.first_replication != replications.start, "it begins with another replication"),
        (
            saved.variants.len() != experiment.variants.len()
                || !saved.variants.iter().zip(&experiment.variants).all(is_same),
            "it is of other variants, settings or seeds",
        ),
        (
            saved.variants.iter().any(|variant| variant.head.replications > most),
            "it has more replications than are asked for",
        ),
    ];
    reasons.into_iter().find(|&(holds, _)| holds).map(|(_, reason)| reason)
}
