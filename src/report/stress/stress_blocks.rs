//! A wall-clock run in blocks of at least ten seconds, which are nearly independent of each other: how
//! much they differ tells how far off a figure of the whole run may be.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

use crate::stress::{Count, SeriesRow, StressResults, Timing};

/// What two runs are compared by.
pub(super) struct ComparedMeasure {
    /// In `stress.json`.
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) unit: MeasureUnit,
    pub(super) more_is_better: bool,
    of: fn(&StressBlock<'_>) -> Option<f64>,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MeasureUnit {
    Rate,
    Share,
    Seconds,
}

/// Some rows of a series together.
struct StressBlock<'a>(&'a [SeriesRow]);

/// A block as it is saved.
pub(super) type SavedBlock = BTreeMap<String, Option<f64>>;

/// Whole blocks of the load; what is left at the end is not enough for one.
pub(super) fn blocks(results: &StressResults) -> Vec<SavedBlock> {
    let load = results.settings.load().as_secs_f64();
    let rows = results.series.rows();
    let of_load = rows.iter().take_while(|row| row.until.as_secs_f64() <= load + 0.5).count();
    let mut rest = &rows[..of_load];
    let mut blocks = Vec::new();
    while let Some(length) = block_length(rest) {
        let (block, others) = rest.split_at(length);
        let block = StressBlock(block);
        let value = |measure: &ComparedMeasure| (measure.name.to_owned(), (measure.of)(&block));
        blocks.push(MEASURES.iter().map(value).collect());
        rest = others;
    }
    blocks
}

/// Rows of the next block, if there are enough.
fn block_length(rows: &[SeriesRow]) -> Option<usize> {
    let ends = rows.iter().scan(Duration::ZERO, |length, row| {
        *length += row.length;
        Some(*length)
    });
    Some(ends.take_while(|seconds| *seconds < BLOCK).count() + 1).filter(|it| *it <= rows.len())
}

impl StressBlock<'_> {
    fn count(&self, count: Count) -> f64 {
        self.0.iter().map(|row| row.count(count) as f64).sum()
    }

    fn rate(&self, count: Count) -> Option<f64> {
        let length: Duration = self.0.iter().map(|row| row.length).sum();
        Some(self.count(count) / length.as_secs_f64())
    }

    fn quantile(&self, timing: Timing, quantile: f64) -> Option<f64> {
        let mut histograms = self.0.iter().filter_map(|row| row.timing(timing));
        let mut all: Histogram<u64> = histograms.next()?.clone();
        histograms.try_for_each(|histogram| all.add(histogram)).ok()?;
        (!all.is_empty()).then(|| all.value_at_quantile(quantile) as f64 / 1e6)
    }
}

macro_rules! measure {
    ($name:literal $label:literal $unit:ident more = $of:expr) => {
        measure!(@ $name $label $unit true $of)
    };
    ($name:literal $label:literal $unit:ident less = $of:expr) => {
        measure!(@ $name $label $unit false $of)
    };
    (@ $name:literal $label:literal $unit:ident $more:literal $of:expr) => {
        ComparedMeasure {
            name: $name,
            label: $label,
            unit: MeasureUnit::$unit,
            more_is_better: $more,
            of: $of,
        }
    };
}

/// All, in the order in which they are shown.
pub(super) const MEASURES: [ComparedMeasure; 10] = [
    measure!("opened" "conversations opened" Rate more = |it| it.rate(Count::Opened)),
    measure!("closed" "conversations over" Rate more = |it| it.rate(Count::Closed)),
    measure!("messages" "messages handled" Rate more = |it| it.rate(Count::Messages)),
    measure!("refused" "arrivals refused" Share less = |it| {
        let scheduled = it.count(Count::Scheduled);
        (scheduled > 0.0).then(|| it.count(Count::Refused) / scheduled)
    }),
    measure!("admission_p50" "scheduled to opened, half" Seconds less = |it| {
        it.quantile(Timing::Admission, 0.5)
    }),
    measure!("admission_p99" "scheduled to opened, 99 %" Seconds less = |it| {
        it.quantile(Timing::Admission, 0.99)
    }),
    measure!("lateness_p50" "deadline to handled, half" Seconds less = |it| {
        it.quantile(Timing::DeadlineLateness, 0.5)
    }),
    measure!("lateness_p99" "deadline to handled, 99 %" Seconds less = |it| {
        it.quantile(Timing::DeadlineLateness, 0.99)
    }),
    measure!("router_wait_p50" "wait for the router, half" Seconds less = |it| {
        it.quantile(Timing::RouterWait, 0.5)
    }),
    measure!("router_wait_p99" "wait for the router, 99 %" Seconds less = |it| {
        it.quantile(Timing::RouterWait, 0.99)
    }),
];

/// Seconds of a block, at least.
const BLOCK: Duration = Duration::from_secs(10);
