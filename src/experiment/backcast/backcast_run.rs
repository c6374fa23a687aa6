//! A log against its replications: figures, verdict, culprit.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::base::stream::{Purpose, Stream, Streams};
use crate::base::time::Span;
use crate::estimation::{GlobalEnvelope, MIN_POWER, Suspicion, VolumeTest, power, suspects};
use crate::fitting::{FigureList, FittedParameters, ParameterChanges, TimesChange, WorkChange};
use crate::model::settings::Centre;
use crate::scenario::Plan;

use super::candidates::{Suspect, SuspectKind, candidates, without};
use super::changed_centre::changed;
use super::logged_past::LoggedPast;
use super::past_replications::{BackcastTrouble, PastReplication, PastRunner};
use super::replayed_past::ReplayedPast;
use super::scenario_values;
use super::volume_days::volume_test;

/// What is held against what.
pub struct Backcast<'a> {
    /// The log.
    pub log: LoggedPast<'a>,
    /// The scenario in which it happens again.
    pub past: &'a ReplayedPast,
    /// The scenario as it is.
    pub scenario: &'a Arc<Plan>,
    /// What its parameters were estimated as, if they were, and are to be drawn.
    pub estimated: Option<&'a FittedParameters>,
    /// The same from the log.
    pub of_log: &'a FittedParameters,
    /// Replications.
    pub replications: u64,
    /// Threads.
    pub threads: usize,
    /// Set from outside to end everything.
    pub stop: &'a AtomicBool,
    /// Is told how much is done, 0 to 1.
    pub progress: &'a dyn Fn(f64),
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct BackcastResults {
    /// Which figures.
    pub figures: FigureList,
    /// As measured.
    pub measured: Vec<f64>,
    /// As simulated, by replication.
    pub simulated: Vec<Vec<f64>>,
    /// Where they may be.
    pub envelope: GlobalEnvelope,
    /// How likely differences are seen; nothing where the log does not fit.
    pub powers: Vec<PowerToSee>,
    /// Volumes; none where they cannot be compared.
    pub volumes: Option<VolumeTest>,
    /// Parameters, those first that differ most surely.
    pub parameters: Vec<ParameterInLog>,
    /// What was put in, where the log does not fit and something differs.
    pub trial: Option<CulpritTrial>,
    /// What all comes to.
    pub verdict: Verdict,
}

/// Whether a scenario fits a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The log is one of its days.
    Fits,
    /// It is not.
    DoesNotFit,
    /// A wrong scenario would not be noticed.
    TooLittleData,
}

/// How likely a scenario that is wrong in one way is refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerToSee {
    /// In which way.
    pub wrong: &'static str,
    /// The probability.
    pub power: f64,
    /// Replications from which it is known.
    pub replications: u64,
}

/// A parameter in the scenario and in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterInLog {
    /// Of what: patience, work, …
    pub parameter: String,
    /// Its name.
    pub name: String,
    /// In the scenario.
    pub in_scenario: f64,
    /// As the log tells it.
    pub in_log: f64,
    /// Its interval there.
    pub low: f64,
    /// See there.
    pub high: f64,
    /// Whether it is a share, else it is seconds.
    pub is_share: bool,
    /// The probability of so large a difference by chance, after Holm.
    pub probability: f64,
}

/// The most suspect parameter, put in.
#[derive(Clone, Debug, PartialEq)]
pub struct CulpritTrial {
    /// Which.
    pub parameter: String,
    /// The probability of the log then.
    pub probability: f64,
    /// Whether it fits then: it is the culprit.
    pub fits: bool,
    /// Figures as simulated then, mean.
    pub means: Vec<f64>,
}

/// Error of the joint test.
const ERROR: f64 = 0.05;
/// Replications of wrong scenarios do not share draws with those of the right one.
const OTHERS: u64 = 1 << 40;

impl Backcast<'_> {
    /// Runs all replications and compares.
    ///
    /// # Errors
    ///
    /// It was stopped, or a replication met a bug.
    pub fn run(&self) -> Result<BackcastResults, BackcastTrouble> {
        let figures = FigureList::of(self.log.measured, self.long_gap());
        let measured = figures.values(self.log.measured);
        let wrongs = self.wrongs();
        let total = Cell::new(self.replications + self.others() * wrongs.len() as u64);
        let ended = Cell::new(0);
        let tell = || {
            ended.set(ended.get() + 1);
            (self.progress)(ended.get() as f64 / total.get() as f64);
        };
        let replication = PastReplication { past: self.past, stop: self.stop };
        let threads = self.threads;
        let runner = PastRunner { replication, figures: &figures, threads, ended: &tell };
        let centres = self.centres();
        let simulated = runner.run(0, self.replications, &|number| centres.centre(number))?;
        let mut ties = self.stream(TIES);
        let envelope = GlobalEnvelope::of(&measured, &simulated, ERROR, &mut ties);
        let powers = match envelope.fits() {
            true => self.powers(&wrongs, &runner, &simulated, &mut ties)?,
            // What is noticed need not be noticeable.
            false => Vec::new(),
        };
        let candidates = candidates(&self.past.plan.centre, self.of_log, self.estimated);
        let compared = Vec::from_iter(candidates.iter().map(|it| it.compared.clone()));
        let suspicions = suspects(&compared);
        let first = suspicions.first().filter(|_| !envelope.fits());
        let trial = match first {
            None => None,
            Some(first) => {
                total.set(total.get() + self.replications);
                Some(self.try_out(&candidates[first.candidate], &runner, &measured)?)
            }
        };
        let verdict = verdict(&envelope, &powers);
        Ok(BackcastResults {
            volumes: self.volumes(),
            parameters: parameters(&candidates, &suspicions),
            figures,
            measured,
            simulated,
            envelope,
            powers,
            trial,
            verdict,
        })
    }

    /// Replications of a scenario that is wrong.
    fn others(&self) -> u64 {
        (self.replications / 5).clamp(20, 100)
    }

    /// How likely each wrong scenario is noticed.
    fn powers(
        &self,
        wrongs: &[WrongScenario],
        runner: &PastRunner<'_>,
        simulated: &[Vec<f64>],
        ties: &mut Stream,
    ) -> Result<Vec<PowerToSee>, BackcastTrouble> {
        let (centres, replications) = (self.centres(), self.others());
        let mut powers = Vec::new();
        for (position, WrongScenario { wrong, changes }) in (0_u64..).zip(wrongs) {
            let first = OTHERS + position * replications;
            let centre_of = |number| changed(&centres.centre(number), changes);
            let wrong_ones = runner.run(first, replications, &centre_of)?;
            let power = power(simulated, &wrong_ones, ERROR, ties);
            powers.push(PowerToSee { wrong, power, replications });
        }
        Ok(powers)
    }

    fn volumes(&self) -> Option<VolumeTest> {
        let fitted = self.estimated.map(|estimated| estimated.conversations);
        volume_test(self.scenario, self.log.measured, &self.past.clock, fitted)
    }

    fn stream(&self, entity: u64) -> Stream {
        Streams::new(self.past.plan.run.seed, 0).stream(Purpose::Backcast, entity, 0)
    }

    fn centres(&self) -> DrawnCentres<'_> {
        DrawnCentres { past: self.past, estimated: self.estimated }
    }

    /// Puts a parameter in as the log tells it.
    fn try_out(
        &self,
        suspect: &Suspect,
        runner: &PastRunner<'_>,
        measured: &[f64],
    ) -> Result<CulpritTrial, BackcastTrouble> {
        let Suspect { kind, changes, .. } = suspect;
        let (centres, centre) = (self.centres(), &self.past.plan.centre);
        let centre_of = |replication| {
            let others = without(&centres.changes(replication), kind);
            changed(&changed(centre, &others), changes)
        };
        let simulated = runner.run(0, self.replications, &centre_of)?;
        let envelope = GlobalEnvelope::of(measured, &simulated, ERROR, &mut self.stream(TIES));
        let mean = |figure: usize| {
            simulated.iter().map(|one| one[figure]).sum::<f64>() / simulated.len().max(1) as f64
        };
        Ok(CulpritTrial {
            parameter: kind.name(),
            probability: envelope.probability,
            fits: envelope.fits(),
            means: (0..measured.len()).map(mean).collect(),
        })
    }

    /// A gap of more than so many seconds is not only work.
    fn long_gap(&self) -> f64 {
        let centre = &self.past.plan.centre;
        let skills = (0..centre.skills.len()).map(|skill| crate::base::ids::SkillId(skill as u16));
        let means = skills.filter_map(|skill| scenario_values::work(centre, skill));
        let longest = means.map(|work| work.mean).fold(0.0, f64::max);
        LONG_GAP * longest.max(Span::from_secs(1).as_secs_f64())
    }

    /// Scenarios that are wrong in a way that matters, as far as the log could tell.
    fn wrongs(&self) -> Vec<WrongScenario> {
        let samples = &self.log.measured.samples;
        let mut wrongs = Vec::new();
        let some_leave =
            self.past.plan.centre.kinds.iter().any(|kind| kind.patience.first.is_some());
        if samples.has_endings && some_leave {
            let patience = Some(TimesChange::Factor(0.5));
            let changes = ParameterChanges { patience, ..ParameterChanges::default() };
            wrongs.push(WrongScenario { wrong: "patience halved", changes });
        }
        if samples.has_assignments {
            let work = vec![WorkChange { skill: None, change: TimesChange::Factor(1.15) }];
            let changes = ParameterChanges { work, ..ParameterChanges::default() };
            wrongs.push(WrongScenario { wrong: "work 15 % longer", changes });
        }
        wrongs
    }
}

/// Centres of replications.
#[derive(Clone, Copy)]
struct DrawnCentres<'a> {
    past: &'a ReplayedPast,
    estimated: Option<&'a FittedParameters>,
}

impl DrawnCentres<'_> {
    fn changes(self, replication: u64) -> ParameterChanges {
        let streams = Streams::new(self.past.plan.run.seed, replication);
        let mut stream = streams.stream(Purpose::Backcast, PARAMETERS, 0);
        self.estimated.map(|estimated| estimated.draw(&mut stream)).unwrap_or_default()
    }

    fn centre(self, replication: u64) -> Centre {
        changed(&self.past.plan.centre, &self.changes(replication))
    }
}

/// Entities of the streams of [`Purpose::Backcast`].
const TIES: u64 = 2;
const PARAMETERS: u64 = 3;
/// Times the mean work.
const LONG_GAP: f64 = 4.0;

struct WrongScenario {
    wrong: &'static str,
    changes: ParameterChanges,
}

fn verdict(envelope: &GlobalEnvelope, powers: &[PowerToSee]) -> Verdict {
    let is_seen = !powers.is_empty() && powers.iter().all(|it| it.power >= MIN_POWER);
    match (envelope.fits(), is_seen) {
        (false, _) => Verdict::DoesNotFit,
        (true, true) => Verdict::Fits,
        (true, false) => Verdict::TooLittleData,
    }
}

fn parameters(candidates: &[Suspect], suspicions: &[Suspicion]) -> Vec<ParameterInLog> {
    let all = suspicions.iter().flat_map(|suspicion| {
        let Suspect { kind, values, .. } = &candidates[suspicion.candidate];
        values.iter().map(|value| ParameterInLog {
            parameter: SuspectKind::name(kind),
            name: value.name.clone(),
            in_scenario: value.in_scenario,
            in_log: value.in_log,
            low: value.low,
            high: value.high,
            is_share: value.is_share,
            probability: suspicion.probability,
        })
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(probability: f64) -> GlobalEnvelope {
        GlobalEnvelope { ranges: Vec::new(), probability, error: ERROR }
    }

    #[test]
    fn too_little_is_no_fit_and_no_excuse() {
        let seen = |power| PowerToSee { wrong: "patience halved", power, replications: 20 };
        assert_eq!(verdict(&envelope(0.4), &[seen(0.9), seen(0.5)]), Verdict::Fits);
        assert_eq!(verdict(&envelope(0.4), &[seen(0.9), seen(0.49)]), Verdict::TooLittleData);
        assert_eq!(verdict(&envelope(0.4), &[]), Verdict::TooLittleData);
        assert_eq!(verdict(&envelope(0.05), &[seen(0.1)]), Verdict::DoesNotFit);
    }
}
