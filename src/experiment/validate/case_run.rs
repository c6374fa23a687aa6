//! One case: run, estimated, judged.

use crate::base::statistics::RunningStatistics;
use crate::experiment::interval::Estimate;
use crate::experiment::runner::{Runner, RunnerError};
use crate::ledger::outcome::Outcome;
use crate::simulation::Failure;

use super::case::{ExperimentContext, Read, ValidationCase, ValidationFigure};
use super::exact::{Exact, NOTHING, ValidationVerdict};
use super::jackknife::jackknife;

/// What came of a case.
pub struct Validated {
    /// The case.
    pub case: ValidationCase,
    /// Name of its scenario.
    pub scenario: String,
    /// Name of its variant; none if it is an experiment with all of them.
    pub variant: Option<String>,
    /// With each seed by itself.
    pub trials: Vec<SeedRun>,
    /// The figures in their order, over all seeds.
    pub figures: Vec<JudgedFigure>,
}

/// A case with one seed.
pub struct SeedRun {
    /// The seed.
    pub seed: u64,
    /// Estimates of the figures in their order; or a replication met a bug.
    pub estimates: Result<Vec<Estimate>, Box<Failure>>,
}

/// A figure and what is to be said of it.
pub struct JudgedFigure {
    /// The figure.
    pub figure: ValidationFigure,
    /// Over all seeds: their mean, or of what has bounds the worst.
    pub estimate: Estimate,
    /// The worst of the verdicts on all seeds together and on each by itself.
    pub verdict: ValidationVerdict,
}

impl Validated {
    /// Replications that met a bug.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.trials.iter().filter_map(|trial| trial.estimates.as_ref().err()).map(Box::as_ref)
    }

    /// How many figures agree.
    pub fn agreeing(&self) -> usize {
        self.figures.iter().filter(|judged| judged.verdict == ValidationVerdict::Agrees).count()
    }
}

/// Runs the cases one after the other, each with so many seeds, and its replications side by side.
///
/// # Errors
///
/// It was stopped from outside. What a bug does to a case is told in its place.
pub fn validate(
    cases: &[ValidationCase],
    seeds: u64,
    runner: &Runner<'_>,
) -> Result<Vec<Validated>, RunnerError> {
    let weights = Vec::from_iter(cases.iter().map(ValidationCase::seconds));
    let total: f64 = weights.iter().sum();
    let mut done = 0.0;
    let mut validated = Vec::with_capacity(cases.len());
    for (case, weight) in cases.iter().zip(weights) {
        let progress = |share: f64| (runner.progress)((done + share * weight) / total);
        validated.push(one(case, seeds, &Runner { progress: &progress, ..*runner })?);
        done += weight;
    }
    Ok(validated)
}

fn one(case: &ValidationCase, seeds: u64, runner: &Runner<'_>) -> Result<Validated, RunnerError> {
    let scenario = case.scenario();
    let mut trials = Vec::new();
    for round in 0..seeds {
        let progress = |share: f64| (runner.progress)((round as f64 + share) / seeds as f64);
        let seed = seed(case.name, round);
        let context = ExperimentContext {
            scenario: &scenario,
            seed,
            runner: &Runner { progress: &progress, ..*runner },
        };
        let estimates = match case.experiment {
            Some(experiment) => (experiment.run)(&context),
            None => replications(case, &context),
        };
        let estimates = match estimates {
            Ok(estimates) => Ok(estimates),
            Err(RunnerError::Failed(failure)) => Err(failure),
            Err(RunnerError::Interrupted) => return Err(RunnerError::Interrupted),
        };
        trials.push(SeedRun { seed, estimates });
    }
    let variant = scenario.variants.get(case.variant).filter(|_| case.experiment.is_none());
    Ok(Validated {
        case: *case,
        variant: variant.map(|variant| variant.name.clone()),
        figures: judged(case, &trials),
        scenario: scenario.name,
        trials,
    })
}

/// The figures over all seeds; each seed must bear them out by itself too.
fn judged(case: &ValidationCase, trials: &[SeedRun]) -> Vec<JudgedFigure> {
    let figures = case.figures.iter().enumerate();
    let judged = figures.map(|(position, &figure)| {
        let of_trial = |trial: &SeedRun| match &trial.estimates {
            Ok(estimates) => estimates.get(position).copied().unwrap_or(NOTHING),
            Err(_) => NOTHING,
        };
        let estimates = Vec::from_iter(trials.iter().map(of_trial));
        let estimate = together(&figure, &estimates);
        let verdicts = estimates.iter().chain([&estimate]).map(|of| figure.exact.verdict(of));
        JudgedFigure {
            figure,
            estimate,
            verdict: verdicts.max().unwrap_or(ValidationVerdict::Vague),
        }
    });
    judged.collect()
}

fn together(figure: &ValidationFigure, estimates: &[Estimate]) -> Estimate {
    let errors: Option<Vec<f64>> =
        estimates.iter().map(|estimate| estimate.standard_error).collect();
    let (Some(errors), Some(_)) = (errors, figure.exact.largest_standard_error()) else {
        return figure.exact.worst(estimates).copied().unwrap_or(NOTHING);
    };
    let count = estimates.len() as f64;
    let variance: f64 = errors.iter().map(|error| error * error).sum();
    Estimate {
        value: estimates.iter().map(|estimate| estimate.value).sum::<f64>() / count,
        standard_error: Some(libm::sqrt(variance) / count),
        freedom: estimates.iter().map(|estimate| estimate.freedom).sum(),
        replications: estimates.iter().map(|estimate| estimate.replications).sum(),
    }
}

/// The figures of a variant from its replications.
///
/// The estimate of a figure is that of all replications merged: of ratios and quantiles it has no
/// bias worth mentioning. Its standard error is that of the mean of the replications' own values,
/// which is the same to first order.
fn replications(
    case: &ValidationCase,
    context: &ExperimentContext<'_>,
) -> Result<Vec<Estimate>, RunnerError> {
    let plan = context.plan(case.variant);
    let count = u64::from(plan.run.replications);
    let mut merged: Option<Box<Outcome>> = None;
    let mut rows = Vec::from_iter((0..count).map(|_| Vec::new()));
    context.runner.each(&[plan], 0..count, |_, replication, outcome| {
        let row = case.figures.iter().map(|figure| figure.row(&outcome));
        rows[replication as usize] = row.collect();
        match &mut merged {
            Some(merged) => merged.merge(&outcome),
            None => merged = Some(outcome),
        }
    })?;
    let figures = case.figures.iter().enumerate();
    let estimates = figures.map(|(position, figure)| {
        let rows = Vec::from_iter(rows.iter().filter_map(|row| *row.get(position)?));
        figure.estimate(&rows, merged.as_deref())
    });
    Ok(estimates.collect())
}

impl ValidationFigure {
    /// What is kept of a replication.
    fn row(&self, outcome: &Outcome) -> Option<[f64; 2]> {
        match self.read {
            Read::Outcome(read) => read(outcome).map(|value| [value, 0.0]),
            Read::Statistic { numbers, .. } => Some(numbers(outcome)),
            Read::Experiment => None,
        }
    }

    fn estimate(&self, rows: &[[f64; 2]], merged: Option<&Outcome>) -> Estimate {
        match self.read {
            Read::Outcome(read) => {
                let sample: RunningStatistics = rows.iter().map(|row| row[0]).collect();
                Estimate {
                    value: merged.and_then(read).unwrap_or(f64::NAN),
                    // What holds in every run has no error.
                    standard_error: match self.exact {
                        Exact::Within(..) => None,
                        _ => sample.standard_error(),
                    },
                    freedom: sample.count().saturating_sub(1) as f64,
                    replications: sample.count(),
                }
            }
            Read::Statistic { statistic, .. } => jackknife(rows, statistic),
            Read::Experiment => NOTHING,
        }
    }
}

/// Hash of the name (FNV-1a), one for each round, without the sign bit, so that it may be written
/// into a scenario file.
fn seed(name: &str, round: u64) -> u64 {
    let bytes = name.bytes().chain(round.to_le_bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash >> 1
}
