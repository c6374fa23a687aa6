//! Cases that are experiments of their own.

use crate::base::moments::Moments;
use crate::experiment::compare::{ComparisonVerdict, Rule};
use crate::experiment::interval::{CONFIDENCE, Estimate, FigureSeries};
use crate::experiment::optimize::{self, Space, optimize};
use crate::experiment::runner::RunnerError;
use crate::ledger::definitions::{Definition, Parts, find};
use crate::ledger::objectives::Objective;
use crate::ledger::outcome::Outcome;

use super::case::{CaseExperiment, ExperimentContext, with_seed};
use super::exact::NOTHING;
use super::jackknife::jackknife;

/// V19: the search of `shiftstorm optimize`. Gives the number of agents that won, the replications
/// that it took to be sure of them, whether 51 were tested and found too few, and the service level
/// that the test of 52 came to.
pub(super) const LEAST_STAFFING: CaseExperiment =
    CaseExperiment { run: least_staffing, repeats: 25 };

/// V20: so many experiments as short as a planner's, each with seeds of its own, on a queue that
/// blocks a known share. Gives the number of those whose interval holds it, as simulated and corrected
/// for the number of arrivals.
pub(super) const fn coverage<const EXPERIMENTS: u64>() -> CaseExperiment {
    CaseExperiment { run: covered::<EXPERIMENTS>, repeats: EXPERIMENTS }
}

/// V21: many days of two variants. Gives the difference of the numbers abandoned, by how much
/// common random numbers make its variance smaller, and how many of the experiments of twenty days
/// each call the second variant better.
pub(super) const ONE_AGENT_MORE: CaseExperiment =
    CaseExperiment { run: one_agent_more, repeats: 1 };

fn least_staffing(context: &ExperimentContext<'_>) -> Result<Vec<Estimate>, RunnerError> {
    let plan = context.plan(0);
    let Ok(space) = Space::new(&plan, &context.scenario.search) else { return Ok(Vec::new()) };
    let found = optimize(&space, context.runner, &|_| ())?;
    let winner = found.winner.map(|winner| &found.tested[winner]);
    let [agents, sure_after] = winner.map_or([NOTHING; 2], |winner| {
        let values = [f64::from(winner.candidate.agents[0]), winner.replications as f64];
        values.map(|value| certain(value, winner.replications as u64))
    });
    let test = |agents: u32| found.tested.iter().find(|test| test.candidate.agents == [agents]);
    let level = test(52).map_or(NOTHING, |test| {
        let ((value, error), replications) = (test.figures[0], test.replications as u64);
        let freedom = (replications - 1) as f64;
        Estimate { value, standard_error: Some(error), freedom, replications }
    });
    let too_few = test(51).map_or(NOTHING, |test| {
        let misses = matches!(test.verdict, optimize::OptimizeVerdict::Missed(_));
        certain(if misses { 1.0 } else { 0.0 }, test.replications as u64)
    });
    Ok(vec![agents, sure_after, too_few, level])
}

fn covered<const EXPERIMENTS: u64>(
    context: &ExperimentContext<'_>,
) -> Result<Vec<Estimate>, RunnerError> {
    let seeds = (0..EXPERIMENTS).map(|experiment| (context.seed + experiment) & (u64::MAX >> 1));
    let plans = Vec::from_iter(seeds.map(|seed| with_seed(context.scenario, 0, seed)));
    let replications = u64::from(plans[0].run.replications);
    let expected = plans[0].expected_arrivals().unwrap_or(f64::NAN);
    let abandonment = figure("abandonment");
    let read = |outcome: &Outcome| {
        let surplus = outcome.flow.offered as f64 - expected;
        (abandonment.parts(outcome), surplus)
    };
    let experiments = context.runner.run(&plans, 0..replications, read)?;
    let series = Vec::from_iter(experiments.iter().map(|values| {
        let mut series = FigureSeries::default();
        values.iter().for_each(|&(parts, surplus)| series.push_with(parts, None, surplus));
        series
    }));
    let holding = |estimate: &dyn Fn(&FigureSeries) -> Option<Estimate>| {
        let holds = |series: &&FigureSeries| {
            let estimate = estimate(series);
            let interval = estimate.and_then(|of| Some((of.value, of.half_width(CONFIDENCE)?)));
            interval.is_some_and(|(value, half)| (value - BLOCKED).abs() <= half)
        };
        certain(series.iter().filter(holds).count() as f64, EXPERIMENTS * replications)
    };
    Ok(vec![holding(&FigureSeries::estimate), holding(&|series| series.corrected(abandonment))])
}

fn one_agent_more(context: &ExperimentContext<'_>) -> Result<Vec<Estimate>, RunnerError> {
    let plans = [0, 1].map(|variant| context.plan(variant));
    let days = u64::from(plans[0].run.replications);
    let figures = ["abandoned", "abandonment", "service_level"].map(figure);
    let read = |outcome: &Outcome| figures.map(|figure| figure.parts(outcome));
    let [base, other] = &context.runner.run(&plans, 0..days, read)?[..] else {
        return Ok(Vec::new());
    };
    let pairs =
        Vec::from_iter(base.iter().zip(other).map(|(&base, &other)| DayPair { base, other }));
    let difference = series(0, &pairs).1.against_base().unwrap_or(NOTHING);
    let abandoned = pairs.iter().filter_map(|pair| Some([pair.base[0]?.part, pair.other[0]?.part]));
    let times_smaller = jackknife(&Vec::from_iter(abandoned), gain);
    let is_better = |days: &[DayPair]| (1..figures.len()).all(|of| better(figures[of], of, days));
    let better = pairs.chunks_exact(DAYS).filter(|days| is_better(days)).count();
    Ok(vec![difference, times_smaller, certain(better as f64, days)])
}

/// The figures of the same day in both variants.
struct DayPair {
    base: [Option<Parts>; 3],
    other: [Option<Parts>; 3],
}

/// A figure of both variants over some days.
fn series(of: usize, days: &[DayPair]) -> (FigureSeries, FigureSeries) {
    let (mut base, mut other) = (FigureSeries::default(), FigureSeries::default());
    for day in days {
        base.push(day.base[of], None);
        other.push(day.other[of], day.base[of]);
    }
    (base, other)
}

/// Whether these days are enough to call the other variant better.
fn better(figure: &Definition, of: usize, days: &[DayPair]) -> bool {
    let (base, other) = series(of, days);
    let estimates = base.estimate().zip(other.against_base());
    Objective::of(figure).zip(estimates).is_some_and(|(objective, (base, difference))| {
        Rule::at(CONFIDENCE).compare(objective, base, difference).verdict
            == ComparisonVerdict::Better
    })
}

/// How many times the variance of the differences is smaller than that of independent numbers.
fn gain(rows: &mut dyn Iterator<Item = [f64; 2]>) -> Option<f64> {
    let mut moments = Moments::<2>::default();
    rows.for_each(|row| moments.push(row));
    let apart = moments.covariance(0, 0)? + moments.covariance(1, 1)?;
    Some(apart / (apart - 2.0 * moments.covariance(0, 1)?))
}

fn figure(name: &str) -> &'static Definition {
    find(name).unwrap_or_else(|| unreachable!("{name} is a figure"))
}

/// A number that has no error.
fn certain(value: f64, replications: u64) -> Estimate {
    Estimate { value, standard_error: None, freedom: 0.0, replications }
}

/// Days of an experiment that two variants are compared by.
const DAYS: usize = 20;
/// The share blocked of M/M/10/10 with a load of 8.
pub(super) const BLOCKED: f64 = 0.121_661;
