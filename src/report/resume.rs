//! How a run goes on from what an earlier one has left in its folder.

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use crate::experiment::{Experiment, Merging};
use crate::ledger::definitions::Parts;

use super::build_identity::BuildIdentity;
use super::columns::harmless;
use super::folder::ReportFolder;
use super::json_file::VERSION;
use super::saved_progress::SavedProgress;
use super::saved_run::{SavedRun, SavedRunHead};
use super::summary_file::Summary;
use super::{fingerprint, replications_csv};

/// What a run goes on from.
pub struct Resumed<'a> {
    /// What had ended.
    pub so_far: Merging<'a>,
    /// Replications to be run again, as those who ran them may have decided otherwise than this build would.
    pub spot_checks: Vec<SpotCheck>,
    source: ResumeSource,
}

/// Replications to be run again.
pub struct SpotCheck {
    /// Position of the first.
    pub first: usize,
    /// What was saved of each.
    pub figures: Vec<Vec<Option<Parts>>>,
}

/// Where it lies.
enum ResumeSource {
    Nowhere,
    Checkpoint(Box<SavedRunHead>),
    /// With so many replications of all variants together.
    Report(usize),
}

/// Why a run cannot go on.
#[derive(Debug)]
pub enum ResumeRefusal {
    /// What was saved is damaged or foreign: what is wrong, and how to go on.
    Unusable(String),
    /// Another build has saved it.
    OtherBuild(String),
}

impl std::fmt::Display for ResumeRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Unusable(why) | Self::OtherBuild(why)) = self;
        f.write_str(why)
    }
}

impl std::error::Error for ResumeRefusal {}

impl Resumed<'_> {
    /// Where it goes on from: `None` if nothing was saved.
    pub fn ended(&self) -> Option<usize> {
        (!matches!(self.source, ResumeSource::Nowhere)).then_some(self.so_far.merged())
    }

    /// Begins to save what comes now, behind what was saved before.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn start(
        &self,
        folder: &ReportFolder,
        experiment: &Experiment,
    ) -> io::Result<SavedProgress> {
        if let ResumeSource::Checkpoint(head) = &self.source {
            return SavedProgress::go_on(folder.storage(), folder.checkpoints(), head, experiment);
        }
        let mut progress = folder.start(experiment)?;
        if let ResumeSource::Report(ended) = self.source {
            let rows = replications_csv::open(folder.path()).map_err(io::Error::other)?;
            each_row(rows, ended, experiment, |variant, replication, figures| {
                progress
                    .row(variant, replication, Some(&figures))
                    .map_err(|error| error.to_string())
            })
            .map_err(io::Error::other)?;
        }
        Ok(progress)
    }
}

/// What a folder holds of an experiment: the last checkpoint of a run that did not end, or the report of
/// one that was interrupted, or a whole one that is to have more replications; or nothing.
///
/// # Errors
///
/// It cannot be gone on from.
pub fn resume<'a>(
    folder: &ReportFolder,
    experiment: &'a Experiment,
    allow_other_build: bool,
) -> Result<Resumed<'a>, ResumeRefusal> {
    let saved = folder.checkpoints().load().map_err(ResumeRefusal::Unusable)?;
    match saved {
        Some(saved) => from_checkpoint(folder, experiment, saved, allow_other_build),
        None if folder.holds_report() => {
            from_report(folder, experiment).map_err(ResumeRefusal::Unusable)
        }
        None => {
            let so_far = Merging::new(experiment);
            Ok(Resumed { so_far, spot_checks: Vec::new(), source: ResumeSource::Nowhere })
        }
    }
}

fn from_checkpoint<'a>(
    folder: &ReportFolder,
    experiment: &'a Experiment,
    saved: SavedRun,
    allow_other_build: bool,
) -> Result<Resumed<'a>, ResumeRefusal> {
    let SavedRun { head, outcomes } = saved;
    let variants = head.variants.iter().map(|it| (it.name.as_str(), it.plan.as_str()));
    let origin = SavedOrigin {
        version: &head.shiftstorm,
        is_of_scenario: head.scenario == folder.name(),
        has_failures: head.failed > 0,
        checked: head.checked,
        first_replication: head.first_replication,
        variants: variants.collect(),
        replications: head.ended.div_ceil((head.variants.len() as u64).max(1)),
    };
    if let Some(difference) = origin.difference(experiment) {
        return Err(ResumeRefusal::Unusable(foreign(folder, &head.extent(), difference)));
    }
    let spot_checks = spot_checks(&head, experiment.variants.len());
    let this = BuildIdentity::current();
    let other = head.builds.iter().find(|stretch| stretch.build.source != this.source);
    if let Some(other) = other.filter(|_| !allow_other_build) {
        let message = format!(
            "`{}` was saved by another build of Shiftstorm, {}; this one is {this}: go on with that one, or let this one run a round of it again and go on if it decides alike, with --allow-other-build",
            folder.path().display(),
            other.build,
        );
        return Err(ResumeRefusal::OtherBuild(message));
    }
    let rows = folder.checkpoints().saved_rows(&head.rows).map_err(ResumeRefusal::Unusable)?;
    let read = so_far(rows, head.ended as usize, experiment, spot_checks);
    let (mut so_far, spot_checks) =
        read.map_err(|why| ResumeRefusal::Unusable(foreign(folder, &head.extent(), &why)))?;
    so_far.pool(outcomes);
    Ok(Resumed { so_far, spot_checks, source: ResumeSource::Checkpoint(Box::new(head)) })
}

/// A round of each other build, or of the same sources made otherwise.
fn spot_checks(head: &SavedRunHead, variants: usize) -> Vec<Range<usize>> {
    let this = BuildIdentity::current();
    let ends = head.builds.iter().skip(1).map(|next| next.from).chain([head.ended]);
    let stretches = head.builds.iter().zip(ends);
    let others = stretches.filter(|(stretch, end)| stretch.build != this && stretch.from < *end);
    let round = |from: u64, end: u64| from as usize..(from as usize + variants).min(end as usize);
    others.map(|(stretch, end)| round(stretch.from, end)).collect()
}

/// A report does not tell which build made it.
fn from_report<'a>(
    folder: &ReportFolder,
    experiment: &'a Experiment,
) -> Result<Resumed<'a>, String> {
    let path = folder.path();
    let unusable = |why: String| format!("cannot go on from `{}`: {why}", path.display());
    let saved = Summary::read(path).map_err(unusable)?;
    let heads = || saved.variants.iter().map(|variant| &variant.head);
    let origin = SavedOrigin {
        version: &saved.head.shiftstorm,
        is_of_scenario: saved.name() == folder.name(),
        has_failures: saved.failed,
        checked: saved.checked,
        first_replication: saved.first_replication,
        variants: heads().map(|head| (head.name.as_str(), head.plan.as_str())).collect(),
        replications: heads().map(|head| head.replications).max().unwrap_or(0),
    };
    if let Some(difference) = origin.difference(experiment) {
        let what = format!("a report of \"{}\"", saved.name());
        return Err(foreign(folder, &what, difference));
    }
    let ended = heads().map(|head| head.replications).sum::<u64>() as usize;
    let rows = replications_csv::open(path).map_err(unusable)?;
    let round = 0..experiment.variants.len().min(ended);
    let spot_checks = if round.is_empty() { Vec::new() } else { vec![round] };
    let read = so_far(rows, ended, experiment, spot_checks);
    let (mut so_far, spot_checks) = read.map_err(unusable)?;
    let variants = saved.variants.into_iter();
    let outcomes = variants.map(|variant| variant.outcome.map(Cow::into_owned).map(Box::new));
    so_far.pool(outcomes.collect());
    Ok(Resumed { so_far, spot_checks, source: ResumeSource::Report(ended) })
}

/// What the first so many replications come to, and the figures of those to be run again.
fn so_far<'a>(
    rows: impl io::Read,
    count: usize,
    experiment: &'a Experiment,
    again: Vec<Range<usize>>,
) -> Result<(Merging<'a>, Vec<SpotCheck>), String> {
    let mut merging = Merging::new(experiment);
    let again = again.into_iter().map(|positions| {
        let check = SpotCheck { first: positions.start, figures: Vec::new() };
        (positions, check)
    });
    let mut again = Vec::from_iter(again);
    each_row(rows, count, experiment, |_, _, figures| {
        let position = merging.merged();
        for (_, check) in again.iter_mut().filter(|(positions, _)| positions.contains(&position)) {
            check.figures.push(figures.clone());
        }
        merging.push(Ok(figures));
        Ok(())
    })?;
    Ok((merging, again.into_iter().map(|(_, check)| check).collect()))
}

/// Hands over the first so many rows, which are to be in the order of the experiment: variant,
/// replication and figures.
fn each_row(
    rows: impl io::Read,
    count: usize,
    experiment: &Experiment,
    mut take: impl FnMut(usize, u64, Vec<Option<Parts>>) -> Result<(), String>,
) -> Result<(), String> {
    let mut read = 0;
    for line in replications_csv::lines(rows)?.take(count) {
        let (name, replication, figures) = line?;
        let (variant, expected) = experiment.place(read);
        if harmless(&experiment.variants[variant].name) != name || replication != expected {
            return Err(format!("`{}` has lines out of order", replications_csv::NAME));
        }
        take(variant, replication, figures)?;
        read += 1;
    }
    match read < count {
        true => Err(format!("`{}` has too few lines", replications_csv::NAME)),
        false => Ok(()),
    }
}

/// What is said of something that is not of this experiment.
fn foreign(folder: &ReportFolder, what: &str, difference: &str) -> String {
    format!(
        "`{}` holds {what}, which cannot be gone on with: {difference}; choose another folder with --out, or begin anew with --force instead of --resume",
        folder.path().display()
    )
}

/// Of what something was saved.
struct SavedOrigin<'a> {
    version: &'a str,
    is_of_scenario: bool,
    has_failures: bool,
    checked: bool,
    first_replication: u64,
    /// Name and fingerprint of the plan.
    variants: Vec<(&'a str, &'a str)>,
    /// Of the variant that has most.
    replications: u64,
}

impl SavedOrigin<'_> {
    /// Why it is not of this experiment.
    fn difference(&self, experiment: &Experiment) -> Option<&'static str> {
        let replications = &experiment.replications;
        let is_same = |(saved, variant): (&(&str, &str), &crate::scenario::Variant)| {
            saved.0 == variant.name && saved.1 == fingerprint::fingerprint(&variant.plan)
        };
        let reasons = [
            (self.version != VERSION, "another version wrote it"),
            (!self.is_of_scenario, "it is of another scenario"),
            (self.has_failures, "it holds failures"),
            (self.checked != experiment.checks, "one is checked, the other is not"),
            (self.first_replication != replications.start, "it begins with another replication"),
            (
                self.variants.len() != experiment.variants.len()
                    || !self.variants.iter().zip(&experiment.variants).all(is_same),
                "it is of other variants, settings or seeds",
            ),
            (
                self.replications > replications.end - replications.start,
                "it has more replications than are asked for",
            ),
        ];
        reasons.into_iter().find(|&(holds, _)| holds).map(|(_, reason)| reason)
    }
}
