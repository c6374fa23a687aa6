//! The run over time: one row a second at first; when there are too many, two become one, so that
//! memory does not grow with the length of the run.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use super::snapshots::SystemSnapshot;
use super::stress_figures::{Count, StressFigures, Timing};
use super::system_state::SystemState;

/// The run over time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StressSeries {
    rows: Vec<SeriesRow>,
    /// Seconds that a row spans.
    width: u32,
}

/// A stretch of the run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeriesRow {
    /// Its end, since the start of the run.
    pub until: Duration,
    /// How much of the run it spans.
    pub length: Duration,
    counts: [u64; Count::ALL.len()],
    /// Microseconds, two digits.
    #[serde(with = "super::saved_histograms")]
    timings: [Histogram<u64>; KEPT.len()],
    /// How things were at its end.
    pub state: SystemState,
    /// Bytes of memory of the process at its end, if the system tells.
    pub resident: Option<u64>,
}

impl Default for StressSeries {
    fn default() -> Self {
        Self { rows: Vec::new(), width: 1 }
    }
}

impl StressSeries {
    /// The rows, in order.
    pub fn rows(&self) -> &[SeriesRow] {
        &self.rows
    }

    /// Adds the next second. Seconds of which nothing was told, because the process stood still, have
    /// rows too: nothing happened in them.
    pub(super) fn add(&mut self, snapshot: &SystemSnapshot) {
        let last = self.rows.last().map_or(Duration::ZERO, |row| row.until);
        let seconds = snapshot.until.saturating_sub(last).as_secs();
        for second in 1..seconds {
            let until = last + Duration::from_secs(second);
            let (figures, SystemSnapshot { state, resident, .. }) =
                (StressFigures::default(), snapshot.clone());
            self.add_row(SeriesRow::of(&SystemSnapshot { until, figures, state, resident }));
        }
        self.add_row(SeriesRow::of(snapshot));
    }

    /// The run has ended: the last row spans only so much of it.
    pub(super) fn end(&mut self, ended: Duration) {
        if let Some(last) = self.rows.last_mut().filter(|last| last.until > ended) {
            last.length = last.length.saturating_sub(last.until - ended);
            last.until = ended;
        }
    }

    fn add_row(&mut self, row: SeriesRow) {
        self.push(row);
        if self.rows.len() > MOST_ROWS {
            self.width *= 2;
            for row in std::mem::take(&mut self.rows) {
                self.push(row);
            }
        }
    }

    /// Adds a row, or what it says to the last row, if that may span it or ends with it.
    fn push(&mut self, row: SeriesRow) {
        match self.rows.last_mut() {
            Some(last) if last.length < SECOND * self.width || last.until == row.until => {
                last.join(&row)
            }
            _ => self.rows.push(row),
        }
    }
}

impl SeriesRow {
    fn of(snapshot: &SystemSnapshot) -> Self {
        let SystemSnapshot { until, figures, state, resident } = snapshot;
        Self {
            until: *until,
            length: SECOND,
            counts: Count::ALL.map(|count| figures.count(count)),
            timings: KEPT.map(|timing| coarse(figures, timing)),
            state: *state,
            resident: *resident,
        }
    }

    fn join(&mut self, next: &Self) {
        // A second may come in two parts.
        if self.until < next.until {
            self.length += next.length;
        }
        self.until = next.until;
        for (mine, theirs) in self.counts.iter_mut().zip(&next.counts) {
            *mine += theirs;
        }
        for (mine, theirs) in self.timings.iter_mut().zip(&next.timings) {
            let added = mine.add(theirs);
            debug_assert!(added.is_ok(), "a growing histogram takes everything");
        }
        self.state = next.state;
        self.resident = next.resident;
    }

    /// How often something happened in it.
    pub fn count(&self, count: Count) -> u64 {
        self.counts[count as usize]
    }

    /// How often something happened in it, a second.
    pub fn rate(&self, count: Count) -> f64 {
        self.count(count) as f64 / self.length.as_secs_f64()
    }

    /// A timing in microseconds, if it is kept over time.
    pub fn timing(&self, timing: Timing) -> Option<&Histogram<u64>> {
        let position = KEPT.iter().position(|kept| *kept == timing)?;
        Some(&self.timings[position])
    }
}

/// In microseconds, with two digits.
fn coarse(figures: &StressFigures, timing: Timing) -> Histogram<u64> {
    let mut coarse =
        Histogram::new(2).unwrap_or_else(|error| unreachable!("two digits are allowed: {error}"));
    for step in figures.timing(timing).iter_recorded() {
        let micros = step.value_iterated_to() / 1000;
        let recorded = coarse.record_n(micros, step.count_since_last_iteration());
        debug_assert!(recorded.is_ok(), "a growing histogram takes everything");
    }
    coarse
}

/// What is timed also over time.
const KEPT: [Timing; 3] = [Timing::Admission, Timing::DeadlineLateness, Timing::RouterWait];
/// At most; then two become one.
const MOST_ROWS: usize = 240;
const SECOND: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(second: u64) -> SystemSnapshot {
        let mut figures = StressFigures::default();
        figures.tally(Count::Opened, second);
        figures.record(Timing::Admission, second * 1_000_000);
        let (until, state) = (Duration::from_secs(second), SystemState::default());
        SystemSnapshot { until, figures, state, resident: None }
    }

    #[test]
    fn a_long_run_has_coarser_rows_and_loses_nothing() {
        let mut series = StressSeries::default();
        let seconds = 10 * MOST_ROWS as u64;
        (1..=seconds).for_each(|second| series.add(&snapshot(second)));
        let rows = series.rows();
        assert!(rows.len() <= MOST_ROWS && rows.len() > MOST_ROWS / 2 - 1, "{}", rows.len());
        let opened: u64 = rows.iter().map(|row| row.count(Count::Opened)).sum();
        assert_eq!(opened, seconds * (seconds + 1) / 2);
        assert_eq!(length(rows), Duration::from_secs(seconds));
        let timed = rows.iter().filter_map(|row| row.timing(Timing::Admission));
        assert_eq!(timed.map(Histogram::len).sum::<u64>(), seconds);
        assert_eq!(rows.last().map(|row| row.until), Some(Duration::from_secs(seconds)));
        series.add(&SystemSnapshot { until: Duration::from_secs(seconds), ..snapshot(1) });
        assert_eq!(length(series.rows()), Duration::from_secs(seconds));
    }

    fn length(rows: &[SeriesRow]) -> Duration {
        rows.iter().map(|row| row.length).sum()
    }

    #[test]
    fn a_part_of_a_second_is_a_part_of_a_row_and_no_second_is_missing() {
        let mut series = StressSeries::default();
        [1, 4, 5].iter().for_each(|second| series.add(&snapshot(*second)));
        series.end(Duration::from_millis(4_500));
        let rows = series
            .rows()
            .iter()
            .map(|row| (row.until.as_millis(), row.length.as_millis(), row.count(Count::Opened)));
        let expected = [(1_000, 1_000, 1), (2_000, 1_000, 0), (3_000, 1_000, 0)];
        let expected = expected.into_iter().chain([(4_000, 1_000, 4), (4_500, 500, 5)]);
        assert!(rows.eq(expected));
        // Five in half a second.
        assert_eq!(series.rows()[4].rate(Count::Opened), 10.0);
    }
}
