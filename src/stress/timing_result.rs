//! How long something took over a run, with what was unfinished at its end: coordinated omission begins
//! where that is left out.

use hdrhistogram::Histogram;

/// The durations of a timing. What was unfinished at the end had taken so long at least, and nobody
/// knows how much longer.
pub struct TimingResult {
    all: Histogram<u64>,
    finished: Histogram<u64>,
}

impl TimingResult {
    pub(super) fn new(finished: &Histogram<u64>, unfinished: &Histogram<u64>) -> Self {
        let mut all = finished.clone();
        let added = all.add(unfinished);
        debug_assert!(added.is_ok(), "a growing histogram takes everything");
        Self { all, finished: finished.clone() }
    }

    /// In nanoseconds; what was unfinished with the time that it had taken at the end.
    pub fn all(&self) -> &Histogram<u64> {
        &self.all
    }

    /// How many were unfinished.
    pub fn unfinished(&self) -> u64 {
        self.all.len() - self.finished.len()
    }

    /// Nanoseconds that a quantile does not fall short of.
    pub fn at_least(&self, quantile: f64) -> u64 {
        self.all.value_at_quantile(quantile)
    }

    /// Nanoseconds that a quantile does not exceed, however long what was unfinished takes; `None` if
    /// it is among that.
    pub fn at_most(&self, quantile: f64) -> Option<u64> {
        if self.unfinished() == 0 {
            return Some(self.at_least(quantile));
        }
        let rank = (libm::ceil(quantile * self.all.len() as f64) as u64).max(1);
        let mut counted = 0;
        let step = self.finished.iter_recorded().find(|step| {
            counted += step.count_since_last_iteration();
            counted >= rank
        });
        step.map(|step| step.value_iterated_to())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(values: impl IntoIterator<Item = u64>) -> Histogram<u64> {
        let mut histogram = Histogram::new(3).unwrap();
        values.into_iter().for_each(|value| histogram.record(value).unwrap());
        histogram
    }

    #[test]
    fn a_quantile_lies_between_what_it_is_now_and_what_it_may_become() {
        // 97 were done after 1 to 97; three more have taken 5, 6 and 500 until now.
        let result = TimingResult::new(&histogram(1..=97), &histogram([5, 6, 500]));
        assert_eq!((result.all().len(), result.unfinished()), (100, 3));
        // By now, 1..=5, 5, 6, 6, 7, ...: the half is 48. At worst it is the 50th of those done.
        assert_eq!((result.at_least(0.5), result.at_most(0.5)), (48, Some(50)));
        assert_eq!((result.at_least(0.97), result.at_most(0.97)), (95, Some(97)));
        assert_eq!((result.at_least(0.98), result.at_most(0.98)), (96, None));
        assert_eq!((result.at_least(1.0), result.at_most(1.0)), (500, None));
        let done = TimingResult::new(&histogram(1..=9), &histogram([]));
        assert_eq!((done.at_least(1.0), done.at_most(1.0)), (9, Some(9)));
    }
}
