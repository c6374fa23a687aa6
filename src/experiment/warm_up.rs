//! How long a run takes to forget that it began empty.
//!
//! MSER-5 (White 1997, Simulation 69(6), 323–334; in batches of five: White, Cobb and Spratt 2000,
//! Winter Simulation Conference, 755–760): leave out at the beginning as much as makes the standard
//! error of the mean of the rest smallest. Where a run still fills up, leaving more out takes away
//! bias and with it spread; later it only takes away data. The rule looks at the number of open
//! conversations over time, in the mean of as many pilot runs as there will be replications (as in
//! Hoad, Robinson and Davies 2010, Journal of the Operational Research Society 61(9), 1389–1403),
//! so that the bias that stays is small against the error of what is then measured. Pilot runs face
//! consumers of their own: what is measured is independent of where measuring begins.

use std::cell::RefCell;
use std::sync::Arc;

use crate::base::statistics::RunningStatistics;
use crate::base::time::Span;
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::Outcome;
use crate::scenario::{Plan, RunEnd, Variant};

use super::runner::{Runner, RunnerError};

/// A warm-up that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WarmUp {
    /// Its length.
    pub length: Span,
    /// Whether it ends within the first half of the run; if not, that half is left out, and what
    /// follows may still be on its way.
    pub is_settled: bool,
}

/// Finds the warm-up of those variants that ask for it, the longest of them for all, so that they
/// are measured over the same time; `None` if none asks.
///
/// # Errors
///
/// It was stopped, or a replication met a bug.
pub fn settle(
    variants: &mut [Variant],
    runner: &Runner<'_>,
) -> Result<Option<WarmUp>, RunnerError> {
    let mut longest: Option<WarmUp> = None;
    for variant in variants.iter().filter(|it| it.plan.run.seeks_warm_up) {
        let found = find(&variant.plan, runner)?;
        longest = Some(longest.map_or(found, |longest| WarmUp {
            length: longest.length.max(found.length),
            is_settled: longest.is_settled && found.is_settled,
        }));
    }
    if let Some(found) = longest {
        fix(variants, found);
    }
    Ok(longest)
}

/// Gives the variants that ask for a warm-up one that was found.
pub fn fix(variants: &mut [Variant], found: WarmUp) {
    for variant in variants.iter_mut().filter(|it| it.plan.run.seeks_warm_up) {
        let mut plan = Plan::clone(&variant.plan);
        (plan.run.warm_up, plan.run.seeks_warm_up) = (found.length, false);
        variant.plan = Arc::new(plan);
    }
}

/// Finds the warm-up of a plan.
fn find(plan: &Plan, runner: &Runner<'_>) -> Result<WarmUp, RunnerError> {
    let mut pilot = plan.clone();
    let until = plan.run.until.since_start();
    let cell = Span::from_secs((until.as_micros() / CELLS / SECOND).max(1));
    pilot.measure.interval = cell;
    (pilot.run.warm_up, pilot.run.end) = (Span::ZERO, RunEnd::Cut);
    let areas = RefCell::new(vec![0_u128; (until.as_micros() / cell.as_micros()) as usize]);
    // Sums of whole numbers: the order in which replications end leaves no trace.
    let add = |outcome: &Outcome| {
        for (sum, interval) in areas.borrow_mut().iter_mut().zip(&outcome.intervals) {
            *sum += interval.levels[Gauge::Open as usize].area;
        }
    };
    let pilots = FIRST_PILOT..FIRST_PILOT + u64::from(plan.run.replications);
    runner.run(&[Arc::new(pilot)], pilots, add)?;
    let (kept, is_settled) = truncation(&areas.into_inner());
    let length = cell * kept as i64;
    // A round number for people, unless the run itself is counted in seconds.
    let unit = if until >= Span::from_hours(1) { Span::from_mins(1) } else { cell };
    let units = (length.as_micros() + unit.as_micros() - 1) / unit.as_micros();
    Ok(WarmUp { length: unit * units, is_settled })
}

/// How many observations to leave out, and whether that is less than half of them.
fn truncation(observations: &[u128]) -> (usize, bool) {
    let batches = observations.chunks_exact(BATCH);
    let means = Vec::from_iter(batches.map(|batch| batch.iter().sum::<u128>() as f64));
    let mut rest = RunningStatistics::default();
    let mut errors = Vec::from_iter(means.iter().rev().map(|&mean| {
        rest.push(mean);
        let count = rest.count() as f64;
        rest.variance().map_or(f64::INFINITY, |variance| variance * (count - 1.0) / (count * count))
    }));
    errors.reverse();
    // The last few vary little by chance.
    let candidates = errors.len().saturating_sub(LAST);
    let least = |among: &[f64]| {
        let best = among.iter().enumerate().min_by(|one, other| one.1.total_cmp(other.1));
        best.map_or(0, |(position, _)| position)
    };
    let first_half = candidates.min(errors.len() / 2 + 1);
    let (half, whole) = (least(&errors[..first_half]), least(&errors[..candidates]));
    (BATCH * half, half == whole && candidates > 0)
}

/// Observations of a pilot run.
const CELLS: i64 = 1000;
/// Observations that are taken together.
const BATCH: usize = 5;
/// Batches at the end that are never all that is left.
const LAST: usize = 5;
/// Replications that nothing else uses.
const FIRST_PILOT: u64 = 2_000_000;
const SECOND: i64 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// A level that is reached like 1 − e^(−t/scale), with some noise on it.
    fn rising(scale: f64, noise: f64) -> Vec<u128> {
        let value = |at: i32| {
            let at = f64::from(at);
            let level = 1.0 - libm::exp(-at / scale) + noise * libm::sin(at * at);
            (1e9 * (1.0 + level)) as u128
        };
        (0..1000).map(value).collect()
    }

    #[test]
    fn what_still_rises_is_left_out_and_no_more() {
        let (kept, is_settled) = truncation(&rising(40.0, 0.1));
        assert!((80..300).contains(&kept) && is_settled, "{kept}");
        let (noisier, _) = truncation(&rising(40.0, 1.0));
        assert!(noisier < kept, "where chance hides the bias less is left out: {noisier} {kept}");
        assert_eq!(truncation(&[7; 1000]), (0, true));
        let (kept, is_settled) = truncation(&rising(2000.0, 0.01));
        assert!(!is_settled && kept == 500, "{kept}");
        assert_eq!(truncation(&[1, 2, 3]), (0, false));
    }
}
