//! The distribution of a gap between replies: work, and interruptions that begin in it.
//!
//! With f the density of work and E the convolution with the density of an interruption, the density of a
//! gap is the sum over n of Eⁿ applied to f(w) exp(−λ w) (λ w)ⁿ / n! (a compound Poisson sum; Feller 1971, An
//! Introduction to Probability Theory II, section VI.4), which one pass over a grid of times computes for
//! each n, innermost first. Its tail is the tail of work and, as if all work were done first, the
//! probability to be in the k-th interruption: Eᵏ⁻¹ and the tail of an interruption, applied to f(w)
//! P(N ≥ k). The tail of an interruption is its mean times the density of its rest.

use super::duration_bins::Sample;
use super::interruption_law::{Branch, InterruptionLaw, survival};
use super::law::{Body, floored_log};

/// Of a gap.
pub(super) struct GapParameters {
    /// Interruptions that begin, a second of work.
    pub(super) rate: f64,
    /// How long they last.
    pub(super) length: InterruptionLaw,
    pub(super) work: Body,
}

/// An interruption may be running when a gap begins.
pub(super) struct RunningInterruption {
    /// With this probability.
    pub(super) share: f64,
    /// What is left of it.
    pub(super) rest: Vec<Branch>,
}

/// Density and tail of a gap, at the nodes of a grid.
pub(super) struct GapLaw {
    first: f64,
    density: Vec<f64>,
    /// Logarithm of the density against that of work alone: smooth, so that a line between nodes will do.
    beyond_work: Vec<f64>,
    /// What the tail has beyond that of work.
    tail_beyond_work: Vec<f64>,
    tail: Vec<f64>,
}

impl GapLaw {
    pub(super) fn of(grid: &[f64], parameters: &GapParameters) -> Self {
        let GapParameters { rate, length, work } = parameters;
        let log_work = Vec::from_iter(grid.iter().map(|&time| work.log_density(time)));
        let chances = Vec::from_iter(grid.iter().map(|&time| Chances::of(rate * time)));
        let densities = Vec::from_iter(log_work.iter().map(|&logarithm| libm::exp(logarithm)));
        let (whole, rest) = (length.whole(), length.rest());
        let (whole, rest) = (Phases::of(grid, &whole), Phases::of(grid, &rest));
        let (mut inner, mut inner_tail) = (vec![0.0; grid.len()], vec![0.0; grid.len()]);
        for number in (1..=MOST).rev() {
            if number < MOST {
                inner_tail = whole.applied(&inner_tail);
            }
            for (node, density) in densities.iter().enumerate() {
                inner[node] += density * chances[node].exactly[number];
                inner_tail[node] += density * chances[node].at_least[number];
            }
            inner = whole.applied(&inner);
        }
        let own =
            densities.iter().zip(&chances).map(|(density, chances)| density * chances.exactly[0]);
        let density = Vec::from_iter(own.zip(inner).map(|(own, inner)| own + inner));
        let mean = length.mean();
        let inner_tail = rest.applied(&inner_tail);
        let tail_beyond_work = Vec::from_iter(inner_tail.into_iter().map(|tail| tail * mean));
        let tail = grid.iter().zip(&tail_beyond_work);
        let tail = tail.map(|(&time, beyond)| work.survival(time) + beyond).collect();
        let beyond = density.iter().zip(&log_work);
        let beyond_work = beyond.map(|(&density, work)| floored_log(density) - work).collect();
        Self { first: grid[0], density, beyond_work, tail_beyond_work, tail }
    }

    /// The same if an interruption may be running when the gap begins.
    pub(super) fn begun_in(
        &self,
        grid: &[f64],
        running: &RunningInterruption,
        work: &Body,
    ) -> Self {
        let RunningInterruption { share, rest } = running;
        let phases = Phases::of(grid, rest);
        let (mut density, mut tail) = (phases.applied(&self.density), phases.applied(&self.tail));
        for (node, &time) in grid.iter().enumerate() {
            density[node] = (1.0 - share) * self.density[node] + share * density[node];
            let in_interruption = survival(rest, time) + tail[node];
            tail[node] = (1.0 - share) * self.tail[node] + share * in_interruption;
        }
        let beyond = density.iter().zip(grid);
        let beyond_work =
            beyond.map(|(&density, &time)| floored_log(density) - work.log_density(time)).collect();
        let tails = tail.iter().zip(grid);
        let tail_beyond_work = tails.map(|(tail, &time)| tail - work.survival(time)).collect();
        Self { first: self.first, density, beyond_work, tail_beyond_work, tail }
    }

    pub(super) fn log_likelihood(&self, sample: &Sample, work: &Body) -> f64 {
        let mut sum = 0.0;
        for time in &sample.ended {
            let logarithm =
                work.log_density(time.seconds) + self.at(&self.beyond_work, time.seconds);
            sum += time.weight * logarithm;
        }
        for time in &sample.censored {
            let tail = work.survival(time.seconds) + self.at(&self.tail_beyond_work, time.seconds);
            sum += time.weight * floored_log(tail);
        }
        sum
    }

    /// Between nodes on a line over the logarithm of the time.
    fn at(&self, values: &[f64], seconds: f64) -> f64 {
        let place = GRID_AN_OCTAVE * libm::log2(seconds / self.first);
        let node = (place as usize).min(values.len() - 2);
        let share = place - node as f64;
        values[node] * (1.0 - share) + values[node + 1] * share
    }
}

/// Probabilities of so many interruptions during work; the last is that of all more.
struct Chances {
    exactly: [f64; MOST + 1],
    at_least: [f64; MOST + 1],
}

impl Chances {
    fn of(mean: f64) -> Self {
        let mut exactly = [0.0; MOST + 1];
        let mut at_least = [1.0; MOST + 1];
        let mut probability = libm::exp(-mean);
        let mut left = -libm::expm1(-mean);
        for number in 0..MOST {
            exactly[number] = probability;
            at_least[number + 1] = left;
            probability *= mean / (number + 1) as f64;
            left = (left - probability).max(0.0);
        }
        exactly[MOST] = at_least[MOST];
        Self { exactly, at_least }
    }
}

/// Convolution with the density of phases.
struct Phases<'a> {
    branches: &'a [Branch],
    filters: Vec<Filter>,
}

impl<'a> Phases<'a> {
    fn of(grid: &[f64], branches: &'a [Branch]) -> Self {
        let filters = branches.iter().map(|branch| Filter::of(grid, branch.mean)).collect();
        Self { branches, filters }
    }

    fn applied(&self, values: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; values.len()];
        for (branch, filter) in self.branches.iter().zip(&self.filters) {
            let mut own = values.to_vec();
            for probability in &branch.counts {
                filter.apply(&mut own);
                if *probability > 0.0 {
                    sum.iter_mut().zip(&own).for_each(|(sum, own)| *sum += probability * own);
                }
            }
        }
        sum
    }
}

/// Convolution with an exponential density, of what is a line between nodes.
struct Filter {
    steps: Vec<FilterStep>,
}

struct FilterStep {
    keep: f64,
    before: f64,
    after: f64,
}

impl Filter {
    fn of(grid: &[f64], mean: f64) -> Self {
        let step = |nodes: &[f64]| {
            let gap = (nodes[1] - nodes[0]) / mean;
            let keep = libm::exp(-gap);
            // (1 − exp(−gap)) / gap, without losing the digits of a small one.
            let weight = -libm::expm1(-gap) / gap;
            FilterStep { keep, before: weight - keep, after: 1.0 - weight }
        };
        Self { steps: grid.windows(2).map(step).collect() }
    }

    fn apply(&self, values: &mut [f64]) {
        let mut result = 0.0;
        let mut before = values[0];
        values[0] = 0.0;
        for (value, step) in values[1..].iter_mut().zip(&self.steps) {
            result = result * step.keep + before * step.before + *value * step.after;
            before = *value;
            *value = result;
        }
    }
}

/// Interruptions of one reply that are told apart.
const MOST: usize = 4;
/// Nodes of the grid.
pub(super) const GRID_AN_OCTAVE: f64 = 8.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn density_and_tail_of_exponential_work_have_closed_forms() {
        // Work and one interruption at most, of the same mean 1, at a rate so low that more do not count:
        // density exp(−x) (1 + λ (x² / 2 − x)), to the first order of λ.
        let grid = Vec::from_iter(
            (0..120).map(|step| 1e-3 * libm::exp2(f64::from(step) / GRID_AN_OCTAVE)),
        );
        let work = Body::Exponential { mean: 1.0 };
        let rate = 1e-4;
        let length = InterruptionLaw::Exponential { mean: 1.0 };
        let law = GapLaw::of(&grid, &GapParameters { rate, length, work });
        for (node, &x) in grid.iter().enumerate().filter(|(_, x)| (0.05..8.0).contains(*x)) {
            let [density, tail] = [law.density[node], law.tail[node]];
            let of_density = (density / libm::exp(-x) - 1.0) / rate;
            let of_tail = (tail / libm::exp(-x) - 1.0) / rate;
            // A line between nodes 9 % apart is right to two in a hundred here, where work is as long as
            // interruptions, and to less where it is shorter.
            assert!((of_density - (x * x / 2.0 - x)).abs() < 0.01 * x * x, "{x} {of_density}");
            assert!((of_tail - x * x / 2.0).abs() < 0.01 * x * x, "{x} {of_tail}");
        }
        // All that begins in an interruption: the sum of two exponential times.
        let both = GapParameters { rate: 1e-12, length, work };
        let running = RunningInterruption { share: 1.0, rest: length.rest() };
        let law = GapLaw::of(&grid, &both).begun_in(&grid, &running, &work);
        for (node, &x) in grid.iter().enumerate().filter(|(_, x)| (0.3..8.0).contains(*x)) {
            assert!((law.density[node] / (x * libm::exp(-x)) - 1.0).abs() < 0.02, "{x}");
            assert!((law.tail[node] / ((1.0 + x) * libm::exp(-x)) - 1.0).abs() < 0.02, "{x}");
        }
    }
}
