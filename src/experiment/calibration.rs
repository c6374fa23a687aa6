//! Patience and work that reproduce totals, where nothing but totals is known.
//!
//! Longer work and less patience both make more people leave: two totals leave a valley of pairs, and no
//! single one of them is the truth. For a few factors of the work, the factor of patience at which as many
//! leave as in the table is looked for by secants; where the service level agrees there too, more factors
//! of the work are tried. All pairs face the same consumers.

use std::sync::Arc;

use crate::ledger::outcome::Outcome;
use crate::scenario::Plan;

use super::inputs::with_work_and_patience;
use super::runner::{Runner, RunnerError};

/// What was measured, over all intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasuredTotals {
    /// Contacts offered.
    pub offered: f64,
    /// Share answered in time.
    pub service_level: f64,
    /// Share that left openly before the first answer.
    pub abandonment: f64,
}

/// Means over replications, and how single replications vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimulatedTotals {
    /// Contacts offered.
    pub offered: f64,
    /// Standard deviation of that.
    pub offered_deviation: f64,
    /// Share answered in time.
    pub service_level: f64,
    /// Share that left openly before the first answer.
    pub abandonment: f64,
    /// Variance of the service level, covariance, variance of abandonment.
    pub variances: [f64; 3],
}

/// A pair of factors that was tried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TriedPair {
    /// All patience is multiplied by this.
    pub patience: f64,
    /// All work is multiplied by this.
    pub work: f64,
    /// What came of it.
    pub totals: SimulatedTotals,
    /// How far that is from what was measured, as the square of a distance in standard deviations.
    pub distance: f64,
}

/// Patience that reproduces the totals with some work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValleyRow {
    /// Factor of the work.
    pub work: f64,
    /// The lowest factor of patience.
    pub least_patience: f64,
    /// The highest.
    pub most_patience: f64,
}

/// What reproduces totals.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// What was tried, by work and patience.
    pub tried: Vec<TriedPair>,
    /// Work and patience that reproduce the totals, by work; empty if nothing does.
    pub valley: Vec<ValleyRow>,
    /// What was measured.
    pub measured: MeasuredTotals,
}

/// Replications of each pair.
pub const REPLICATIONS: u64 = 20;
/// Pairs that are tried at most.
pub const PAIRS: usize = 40;
/// Factors of the work that are tried first.
const FIRST_WORK: [f64; 3] = [0.7, 1.0, 1.4];
/// Factors of patience that are tried first, for each factor of the work.
const FIRST_PATIENCE: [f64; 3] = [0.25, 1.0, 4.0];
/// Further factors of patience for each factor of the work.
const SECANTS: usize = 2;
/// Factors of the work that are tried then.
const MORE_WORK: usize = 5;
/// Factors that are looked at.
const LEAST_WORK: f64 = 0.4;
const MOST_WORK: f64 = 2.5;
const LEAST_PATIENCE: f64 = 0.05;
const MOST_PATIENCE: f64 = 20.0;

impl SimulatedTotals {
    fn of(replications: &[MeasuredTotals]) -> Self {
        let count = replications.len().max(2) as f64;
        let mean =
            |of: &dyn Fn(&MeasuredTotals) -> f64| replications.iter().map(of).sum::<f64>() / count;
        let offered = mean(&|it| it.offered);
        let (level, left) = (mean(&|it| it.service_level), mean(&|it| it.abandonment));
        let unbiased = count / (count - 1.0);
        let of_levels = mean(&|it| (it.service_level - level) * (it.service_level - level));
        let of_both = mean(&|it| (it.service_level - level) * (it.abandonment - left));
        let of_left = mean(&|it| (it.abandonment - left) * (it.abandonment - left));
        let of_offered = mean(&|it| (it.offered - offered) * (it.offered - offered));
        Self {
            offered,
            offered_deviation: libm::sqrt(of_offered * unbiased),
            service_level: level,
            abandonment: left,
            variances: [of_levels, of_both, of_left].map(|it| it * unbiased),
        }
    }

    /// Between this and another, so far on the way.
    fn towards(&self, other: &Self, share: f64) -> Self {
        let between = |from: f64, to: f64| from + share * (to - from);
        let variances = [0, 1, 2].map(|at| between(self.variances[at], other.variances[at]));
        Self {
            offered: between(self.offered, other.offered),
            offered_deviation: between(self.offered_deviation, other.offered_deviation),
            service_level: between(self.service_level, other.service_level),
            abandonment: between(self.abandonment, other.abandonment),
            variances,
        }
    }

    /// The statistic of Hotelling 1931 (Annals of Mathematical Statistics 2, 360–378) for one more
    /// observation.
    fn distance(&self, measured: &MeasuredTotals) -> f64 {
        // No contact more or less can be told than one: where all replications are alike, that is the error.
        let grain = libm::pow(1.0 / measured.offered.max(1.0), 2.0);
        let [level, both, left] = self.variances;
        let (level, left) = (level + grain, left + grain);
        let (x, y) =
            (measured.service_level - self.service_level, measured.abandonment - self.abandonment);
        let determinant = level * left - both * both;
        let quadratic = (x * x * left - 2.0 * x * y * both + y * y * level) / determinant;
        quadratic / (1.0 + 1.0 / REPLICATIONS as f64)
    }
}

impl TriedPair {
    /// Whether the measured totals may have come of it.
    pub fn reproduces(&self) -> bool {
        self.distance <= bound()
    }
}

/// The 95 % quantile of the statistic of two figures: 2 (n − 1) / (n − 2) times that of F with 2 and n − 2
/// degrees of freedom, which has a closed form.
pub fn bound() -> f64 {
    let n = REPLICATIONS as f64;
    let freedom = n - 2.0;
    let f = freedom / 2.0 * (libm::pow(0.05, -2.0 / freedom) - 1.0);
    2.0 * (n - 1.0) / freedom * f
}

impl Calibration {
    /// Whether the scenario is offered what the table says, as far as chance lets that be.
    pub fn is_offered_alike(&self) -> bool {
        self.tried.first().is_none_or(|pair| {
            let SimulatedTotals { offered, offered_deviation, .. } = pair.totals;
            let error = offered_deviation.max(libm::sqrt(offered));
            (self.measured.offered - offered).abs() <= 4.0 * error
        })
    }

    /// The pair that is nearest.
    pub fn nearest(&self) -> Option<&TriedPair> {
        self.tried.iter().min_by(|one, other| one.distance.total_cmp(&other.distance))
    }
}

/// Looks for work and patience that reproduce totals.
///
/// # Errors
///
/// It was stopped, or a replication met a bug.
pub fn calibrate(
    plan: &Plan,
    measured: MeasuredTotals,
    runner: &Runner<'_>,
) -> Result<Calibration, RunnerError> {
    let mut search = CalibrationSearch { plan, measured, runner, tried: Vec::new() };
    search.lines(&FIRST_WORK)?;
    let more = search.more_work();
    search.lines(&more)?;
    let mut tried = search.tried;
    tried.sort_by(|one, other| {
        (one.work, one.patience)
            .partial_cmp(&(other.work, other.patience))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let valley = valley(&tried, &measured);
    Ok(Calibration { tried, valley, measured })
}

struct CalibrationSearch<'a> {
    plan: &'a Plan,
    measured: MeasuredTotals,
    runner: &'a Runner<'a>,
    tried: Vec<TriedPair>,
}

impl CalibrationSearch<'_> {
    /// For each factor of the work, the patience at which as many leave.
    fn lines(&mut self, work: &[f64]) -> Result<(), RunnerError> {
        let first = work.iter().flat_map(|&work| FIRST_PATIENCE.map(|patience| [work, patience]));
        self.try_pairs(&Vec::from_iter(first))?;
        for _ in 0..SECANTS {
            let next = work.iter().map(|&work| [work, self.next_patience(work)]);
            let next = Vec::from_iter(next);
            self.try_pairs(&next)?;
        }
        Ok(())
    }

    /// Pairs of work and patience.
    fn try_pairs(&mut self, pairs: &[[f64; 2]]) -> Result<(), RunnerError> {
        let plans = pairs
            .iter()
            .map(|&[work, patience]| Arc::new(with_work_and_patience(self.plan, work, patience)));
        let read = self.runner.run(&Vec::from_iter(plans), 0..REPLICATIONS, totals_of)?;
        for (&[work, patience], replications) in pairs.iter().zip(read) {
            let totals = SimulatedTotals::of(&replications);
            let distance = totals.distance(&self.measured);
            self.tried.push(TriedPair { patience, work, totals, distance });
        }
        Ok(())
    }

    /// Where as many leave as were measured, on a line between what was tried; a little beside it, if that
    /// was tried.
    fn next_patience(&self, work: f64) -> f64 {
        let line = line(&self.tried, work);
        let found = crossing(&line, self.measured.abandonment, |pair| {
            [libm::log(pair.patience), pair.totals.abandonment]
        });
        let found = libm::exp(found).clamp(LEAST_PATIENCE, MOST_PATIENCE);
        let is_tried = |at: f64| line.iter().any(|pair| (pair.patience / at - 1.0).abs() < 0.01);
        let beside = [1.0, 1.1, 0.9, 1.25, 0.8].map(|factor| found * factor);
        beside.into_iter().find(|&at| !is_tried(at)).unwrap_or(found * 1.4)
    }

    /// Factors of the work over the range in which the service level is near what was measured, where as
    /// many leave.
    fn more_work(&self) -> Vec<f64> {
        let best = FIRST_WORK.map(|work| best_of(&line(&self.tried, work), &self.measured));
        let level = self.measured.service_level;
        // Three standard deviations of the service level to both sides.
        let near = best.iter().min_by(|one, other| {
            let away = |pair: &TriedPair| (pair.totals.service_level - level).abs();
            away(one).total_cmp(&away(other))
        });
        let deviation = near.map_or(0.0, |pair| libm::sqrt(pair.totals.variances[0]));
        let at = |level: f64| {
            let found =
                crossing(&best, level, |pair| [libm::log(pair.work), pair.totals.service_level]);
            libm::exp(found).clamp(LEAST_WORK, MOST_WORK)
        };
        let ends = [at(level + 3.0 * deviation), at(level - 3.0 * deviation)];
        let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        let (low, high) = (low.min(high / 1.05), high);
        let step = libm::pow(high / low, 1.0 / (MORE_WORK - 1) as f64);
        (0..MORE_WORK).map(|number| low * libm::pow(step, number as f64)).collect()
    }
}

fn totals_of(outcome: &Outcome) -> MeasuredTotals {
    let flow = &outcome.flow;
    let left = flow.abandoned_in_queue.open + flow.abandoned_while_owned.open;
    MeasuredTotals {
        offered: flow.offered as f64,
        service_level: outcome.service_level().unwrap_or(0.0),
        abandonment: left as f64 / flow.offered.max(1) as f64,
    }
}

/// What was tried with some work, by patience.
fn line(tried: &[TriedPair], work: f64) -> Vec<TriedPair> {
    let mut line = Vec::from_iter(tried.iter().filter(|pair| pair.work == work).copied());
    line.sort_by(|one, other| one.patience.total_cmp(&other.patience));
    line
}

/// Where a broken line through points reaches a height, beyond its ends straight on; the first such place.
fn crossing(pairs: &[TriedPair], height: f64, point: impl Fn(&TriedPair) -> [f64; 2]) -> f64 {
    let points = Vec::from_iter(pairs.iter().map(point));
    let on = |from: [f64; 2], to: [f64; 2]| {
        let rise = to[1] - from[1];
        let share = if rise == 0.0 { 0.5 } else { (height - from[1]) / rise };
        from[0] + share.clamp(-3.0, 3.0) * (to[0] - from[0])
    };
    let holds = |ends: &&[[f64; 2]]| (ends[0][1] - height) * (ends[1][1] - height) <= 0.0;
    let Some(within) = points.windows(2).find(holds) else {
        let away = |point: &[f64; 2]| (point[1] - height).abs();
        let [Some(first), Some(last)] = [points.first(), points.last()] else { return 0.0 };
        let [one, other] = match away(first) < away(last) {
            true => [points[1.min(points.len() - 1)], *first],
            false => [points[points.len().saturating_sub(2)], *last],
        };
        return on(one, other);
    };
    on(within[0], within[1])
}

/// What would come of the best patience on a line.
fn best_of(line: &[TriedPair], measured: &MeasuredTotals) -> TriedPair {
    let all = along(line, measured);
    let as_many = |pair: &TriedPair| (pair.totals.abandonment - measured.abandonment).abs();
    let best = all.iter().min_by(|one, other| as_many(one).total_cmp(&as_many(other)));
    best.copied().unwrap_or(line[0])
}

/// Between what was tried on a line, in small steps.
fn along(line: &[TriedPair], measured: &MeasuredTotals) -> Vec<TriedPair> {
    const STEPS: u32 = 64;
    let mut all = Vec::new();
    for ends in line.windows(2) {
        for step in 0..=STEPS {
            let share = f64::from(step) / f64::from(STEPS);
            let totals = ends[0].totals.towards(&ends[1].totals, share);
            let patience = ends[0].patience * libm::pow(ends[1].patience / ends[0].patience, share);
            let distance = totals.distance(measured);
            all.push(TriedPair { patience, totals, distance, ..ends[0] });
        }
    }
    all
}

/// Patience that reproduces the totals, for each factor of the work.
fn valley(tried: &[TriedPair], measured: &MeasuredTotals) -> Vec<ValleyRow> {
    let mut work = Vec::from_iter(tried.iter().map(|pair| pair.work));
    work.dedup();
    let row = |work: f64| {
        let all = along(&line(tried, work), measured);
        let within = all.iter().filter(|pair| pair.reproduces()).map(|pair| pair.patience);
        let least = within.clone().reduce(f64::min)?;
        Some(ValleyRow { work, least_patience: least, most_patience: within.reduce(f64::max)? })
    };
    work.into_iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(service_level: f64, abandonment: f64) -> SimulatedTotals {
        SimulatedTotals {
            offered: 1e9,
            offered_deviation: 0.0,
            service_level,
            abandonment,
            variances: [4e-4, -1e-4, 1e-4],
        }
    }

    #[test]
    fn the_distance_is_that_of_hotelling() {
        // The bound: 2 · 19 / 18 times the quantile 3.5546 of F with 2 and 18 degrees of freedom.
        assert!((bound() - 2.0 * 19.0 / 18.0 * 3.554_56).abs() < 1e-3, "{}", bound());
        let measured = MeasuredTotals { offered: 1e9, service_level: 0.82, abandonment: 0.1 };
        // d = (.02, 0); determinant 4e-8 − 1e-8 = 3e-8; d² · 1e-4 / 3e-8 = 4/3; through 1 + 1/20.
        let distance = totals(0.8, 0.1).distance(&measured);
        assert!((distance - 4.0 / 3.0 / 1.05).abs() < 1e-6, "{distance}");
    }

    #[test]
    fn deviations_are_those_of_single_replications() {
        let of = |service_level: f64, abandonment: f64| MeasuredTotals {
            offered: 100.0,
            service_level,
            abandonment,
        };
        let found = SimulatedTotals::of(&[of(0.7, 0.2), of(0.9, 0.1)]);
        assert!((found.service_level - 0.8).abs() < 1e-12);
        for (found, expected) in found.variances.into_iter().zip([0.02, -0.01, 0.005]) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn a_line_is_crossed_between_or_beyond_its_points() {
        let pair = |patience: f64, abandonment: f64| TriedPair {
            patience,
            work: 1.0,
            totals: totals(0.5, abandonment),
            distance: 0.0,
        };
        let line = [pair(1.0, 0.4), pair(2.0, 0.3), pair(4.0, 0.1)];
        let at = |height| crossing(&line, height, |pair| [pair.patience, pair.totals.abandonment]);
        assert!((at(0.35) - 1.5).abs() < 1e-12);
        assert!((at(0.2) - 3.0).abs() < 1e-12);
        assert!((at(0.5) - 0.0).abs() < 1e-12);
        assert!((at(0.0) - 5.0).abs() < 1e-12);
    }
}
