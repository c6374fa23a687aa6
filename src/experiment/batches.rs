//! One long run in place of many: intervals from batch means.
//!
//! What is measured of the run is cut into batches of whole intervals of the day, and the batches
//! take the place of replications. They do so as far as they are independent: the longer they are,
//! the more. A figure begins with 32 to 63 batches - more gain little (Schmeiser 1982, Operations
//! Research 30(3), 556–568) - and they are joined in pairs until the lag-1 autocorrelation of their
//! means is no longer significant (the rule of Fishman 1978, Management Science 24(5), 510–521), at
//! a level of 20 %, since it is worse to see none where there is one. Fewer than [`LEAST`] are not
//! left; if then it is significant at a level of 5 %, the figure is named as doubtful.

use crate::base::time::Span;
use crate::ledger::definitions::{Definition, FIGURES, FigureKind, MeasuredInterval, Parts};

use super::VariantResults;
use super::interval::FigureSeries;

/// How a run was cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Batches {
    /// The shortest and the longest batch of a figure; none if the run is too short to be cut.
    pub lengths: Option<(Span, Span)>,
    /// Figures whose batches still resemble their neighbours: their intervals are too short.
    pub doubtful: Vec<&'static str>,
}

/// Gives the figures that intervals of the day know an estimate from batches and, batch by batch, a
/// difference to the base, which is the first of the variants.
pub(super) fn cut(variants: &mut [VariantResults]) -> Batches {
    let mut batches = Batches { lengths: None, doubtful: Vec::new() };
    let Some(interval) = variants.first().map(|base| base.plan.measure.interval) else {
        return batches;
    };
    for (position, figure) in FIGURES.iter().enumerate() {
        let cells = Vec::from_iter(variants.iter().map(|variant| cells(variant, figure)));
        if cells.iter().any(|cells| cells.len() < LEAST) {
            continue;
        }
        // The same batches for all variants, so that they can be compared one by one.
        let sizes = Vec::from_iter(cells.iter().map(|cells| independent(cells)));
        let size = sizes.iter().map(|&(size, _)| size).max().unwrap_or(1);
        if sizes.iter().any(|&(_, is_doubtful)| is_doubtful) {
            batches.doubtful.push(figure.name);
        }
        let length = interval * size as i64;
        let (shortest, longest) = batches.lengths.unwrap_or((length, length));
        batches.lengths = Some((shortest.min(length), longest.max(length)));
        let base = joined(&cells[0], size);
        for (at, (variant, cells)) in variants.iter_mut().zip(&cells).enumerate() {
            let mut series = FigureSeries::default();
            for (number, parts) in joined(cells, size).into_iter().enumerate() {
                series.push(Some(parts), base.get(number).copied().filter(|_| at > 0));
            }
            variant.series.replace(position, series);
        }
    }
    batches
}

/// A figure that intervals know, of each that lies wholly between warm-up and horizon. A count is that
/// of a whole run that goes on like the interval.
fn cells(variant: &VariantResults, figure: &Definition) -> Vec<Parts> {
    let known = variant.pooled.as_deref().zip(figure.of_interval);
    let Some((outcome, read)) = known else { return Vec::new() };
    let frame = &outcome.frame;
    let width = frame.interval.as_micros();
    let [from, until] = [frame.warm_up, frame.until].map(|time| time.since_start().as_micros());
    let whole = from.div_euclid(width) + i64::from(from % width > 0)..until / width;
    let run = (until - from) as f64 / width as f64;
    let intervals = outcome.intervals.iter().zip(0..).filter(|(_, at)| whole.contains(at));
    let parts = intervals.map(|(figures, _)| read(&MeasuredInterval { figures, frame }));
    let parts = parts.map(|parts| match figure.kind {
        FigureKind::Count => Parts { part: parts.part * run, ..parts },
        _ => parts,
    });
    parts.collect()
}

/// Batches of so many cells; what is over is left out at the beginning.
fn joined(cells: &[Parts], size: usize) -> Vec<Parts> {
    let batches = cells[cells.len() % size..].chunks(size);
    batches.map(|batch| batch.iter().copied().sum()).collect()
}

/// The least number of cells whose batches do not resemble their neighbours, and whether even the
/// largest that may be do.
fn independent(cells: &[Parts]) -> (usize, bool) {
    let mut size = (cells.len() / FIRST).max(1);
    loop {
        let resemblance = resemblance(&joined(cells, size));
        if resemblance <= PERHAPS || cells.len() / (2 * size) < LEAST {
            return (size, resemblance > SURELY);
        }
        size *= 2;
    }
}

/// The lag-1 autocorrelation in standard errors: about standard normal if there is none.
fn resemblance(batches: &[Parts]) -> f64 {
    let ratio = batches.iter().copied().sum::<Parts>().quotient().unwrap_or(0.0);
    let residuals = Vec::from_iter(batches.iter().map(|it| it.part - ratio * it.whole));
    let squares: f64 = residuals.iter().map(|residual| residual * residual).sum();
    let products: f64 = residuals.windows(2).map(|pair| pair[0] * pair[1]).sum();
    match squares > 0.0 {
        true => products / squares * libm::sqrt(batches.len() as f64),
        false => 0.0,
    }
}

/// Batches to begin with, if there are as many cells; less than twice as many.
const FIRST: usize = 32;
/// Fewest batches.
pub const LEAST: usize = 8;
/// What a standard normal number exceeds with probability 20 %.
const PERHAPS: f64 = 0.841_621_233_572_914;
/// What a standard normal number exceeds with probability 5 %.
const SURELY: f64 = 1.644_853_626_951_473;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::stream::{Purpose, Streams, open_uniform};

    /// Each a share of the one before and the rest new.
    fn chain(count: usize, share: f64, entity: u64) -> Vec<Parts> {
        let mut stream = Streams::new(4, 0).stream(Purpose::Test, entity, 0);
        let mut last = 0.0;
        let next = |_| {
            last = share * last + open_uniform(&mut stream) - 0.5;
            Parts { part: 3.0 + last, whole: 1.0 }
        };
        (0..count).map(next).collect()
    }

    #[test]
    fn batches_are_joined_until_they_do_not_resemble_their_neighbours() {
        assert_eq!(independent(&chain(3200, 0.0, 0)), (100, false));
        let (size, is_doubtful) = independent(&chain(640, 0.99, 0));
        assert!(size > 20 && 640 / size >= LEAST && !is_doubtful, "{size}");
        let rising = Vec::from_iter((0..64).map(|at| Parts { part: f64::from(at), whole: 1.0 }));
        assert_eq!(independent(&rising), (8, true));
        assert_eq!(independent(&[Parts { part: 2.0, whole: 1.0 }; 50]), (1, false));
    }

    /// V20 for batches: a tenth of each number is new, and the mean of all is 3.
    #[test]
    fn of_two_hundred_runs_some_190_hold_the_truth() {
        let holds = |&entity: &u64| {
            let cells = chain(4000, 0.9, entity);
            let mut series = FigureSeries::default();
            let batches = joined(&cells, independent(&cells).0);
            batches.iter().for_each(|&parts| series.push(Some(parts), None));
            let estimate = series.estimate().unwrap();
            (estimate.value - 3.0).abs() <= estimate.half_width(0.95).unwrap()
        };
        let covered = (0..200).filter(holds).count();
        assert!((179..=198).contains(&covered), "{covered} of 200");
    }

    #[test]
    fn what_is_over_is_left_out_at_the_beginning() {
        let cells = Vec::from_iter((1..=7).map(|at| Parts { part: f64::from(at), whole: 1.0 }));
        let sums = joined(&cells, 3).into_iter().map(|parts| (parts.part, parts.whole));
        assert_eq!(Vec::from_iter(sums), [(2.0 + 3.0 + 4.0, 3.0), (5.0 + 6.0 + 7.0, 3.0)]);
    }
}
