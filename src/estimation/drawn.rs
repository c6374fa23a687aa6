//! Samples drawn for tests.

use super::busyness::DayTotal;
use super::confidence::Estimated;
use super::duration_bins::DurationBins;
use crate::base::distribution::Distribution;
use crate::base::stream::{Stream, uniform};
use crate::base::testing::{NORMAL_BOUND, stream};
use crate::base::time::Span;

/// Durations of a distribution, each cut at a time of another if that is earlier.
pub(super) fn durations(
    count: u32,
    duration: &Distribution,
    cut: Option<&Distribution>,
    stream: &mut Stream,
) -> DurationBins {
    let mut bins = DurationBins::exact();
    for _ in 0..count {
        let whole = duration.span(stream);
        match cut.map(|cut| cut.span(stream)) {
            Some(cut) if cut < whole => bins.add_censored(cut),
            _ => bins.add(whole),
        }
    }
    bins
}

/// A duration as a log of whole seconds shows it.
pub(super) fn in_whole_seconds(span: Span) -> Span {
    Span::from_secs(libm::round(span.as_secs_f64()) as i64)
}

/// Whether an estimate is so near to the true value as all but one in 100,000 are: its interval reaches
/// 1.96 standard errors to each side.
pub(super) fn is_near(estimated: Estimated, truth: f64) -> bool {
    let widen = |end: f64| estimated.value + (end - estimated.value) * NORMAL_BOUND / 1.96;
    (widen(estimated.interval.low)..=widen(estimated.interval.high)).contains(&truth)
}

/// Weeks of days with these means, each times a factor, of Poisson counts.
pub(super) fn days(
    means: &[f64],
    weeks: usize,
    factor: &Distribution,
    entity: u64,
) -> Vec<DayTotal> {
    let mut stream = stream(entity);
    let mut days = Vec::new();
    for day in 0..weeks * means.len() {
        let group = day % means.len();
        let count = poisson(means[group] * factor.sample(&mut stream), &mut stream);
        days.push(DayTotal { group, day: day as f64, count });
    }
    days
}

/// Arrivals within a time whose gaps have the mean 1.
fn poisson(mean: f64, stream: &mut Stream) -> u64 {
    let mut time = 0.0;
    let mut count = 0;
    loop {
        time -= libm::log1p(-uniform(stream));
        if time > mean {
            return count;
        }
        count += 1;
    }
}
