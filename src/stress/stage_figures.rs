//! What is measured in each stage of the load.

use std::sync::Arc;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::base::time::Span;
use crate::ledger::measures::{Count, Timing};
use crate::scenario::stress::Stress;
use crate::scenario::threshold::Measure;

use super::clock::Moment;
use super::stress_figures::empty_histogram;
use super::timing_result::TimingResult;

/// When stages end, and which timings are kept of each. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct StageWindows(Option<Arc<[StageWindow]>>);

#[derive(Debug)]
struct StageWindow {
    ends: Moment,
    /// By timing, whether a threshold asks for it.
    kept: [bool; Timing::ALL.len()],
}

/// What was measured in each stage, by one shard or several.
#[derive(Clone, Debug, Default)]
pub(super) struct StagesFigures {
    windows: StageWindows,
    stages: Vec<StageFigures>,
}

/// What was measured in a stage: what was scheduled, due or sent in it, and what happened in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StageFigures {
    counts: [u64; Count::ALL.len()],
    /// `None` of what no threshold asks for.
    #[serde(with = "super::saved_histograms")]
    timings: [Option<Box<Histogram<u64>>>; Timing::ALL.len()],
    /// Of these, what was unfinished at the end of the run.
    #[serde(with = "super::saved_histograms")]
    unfinished: [Option<Box<Histogram<u64>>>; Timing::ALL.len()],
}

impl StageWindows {
    pub(super) fn new(settings: &Stress) -> Self {
        let mut ends = Span::ZERO;
        let windows = settings.stages.iter().map(|stage| {
            ends += stage.length;
            let asked = |timing: Timing| {
                let of_stage =
                    settings.thresholds.iter().filter(|it| it.stage.as_ref() == Some(&stage.name));
                let mut measures = of_stage.map(|threshold| threshold.measure);
                measures.any(|measure| matches!(measure, Measure::Timing(_, of) if of == timing))
            };
            StageWindow { ends: Moment::after(ends), kept: Timing::ALL.map(asked) }
        });
        let windows = Vec::from_iter(windows);
        Self((!windows.is_empty()).then(|| windows.into()))
    }

    /// The stage to which a moment belongs.
    fn at(&self, moment: Moment) -> Option<usize> {
        let windows = self.0.as_deref()?;
        let stage = windows.partition_point(|window| window.ends <= moment);
        (stage < windows.len()).then_some(stage)
    }
}

impl StagesFigures {
    pub(super) fn new(windows: StageWindows) -> Self {
        let empty = |window: &StageWindow| StageFigures {
            counts: [0; Count::ALL.len()],
            timings: window.kept.map(|kept| kept.then(|| Box::new(empty_histogram()))),
            unfinished: window.kept.map(|kept| kept.then(|| Box::new(empty_histogram()))),
        };
        let stages = windows.0.as_deref().unwrap_or_default().iter().map(empty).collect();
        Self { windows, stages }
    }

    fn at(&mut self, moment: Moment) -> Option<&mut StageFigures> {
        self.windows.at(moment).map(|stage| &mut self.stages[stage])
    }

    /// Counts something that happens at a moment.
    pub(super) fn tally(&mut self, count: Count, at: Moment, by: u64) {
        if let Some(stage) = self.at(at) {
            stage.counts[count as usize] += by;
        }
    }

    /// Times something that was scheduled, due or sent at a moment.
    pub(super) fn record(&mut self, timing: Timing, began: Moment, nanos: u64) {
        if let Some(stage) = self.at(began) {
            record(&mut stage.timings[timing as usize], nanos);
        }
    }

    /// The same of what is unfinished: it takes so long at least.
    pub(super) fn record_unfinished(&mut self, timing: Timing, began: Moment, nanos: u64) {
        if let Some(stage) = self.at(began) {
            record(&mut stage.unfinished[timing as usize], nanos);
        }
    }

    /// Adds what was measured by another shard.
    pub(super) fn add(&mut self, other: &Self) {
        if self.stages.is_empty() {
            self.clone_from(other);
            return;
        }
        for (mine, theirs) in self.stages.iter_mut().zip(&other.stages) {
            let counts = mine.counts.iter_mut().zip(&theirs.counts);
            counts.for_each(|(mine, theirs)| *mine += theirs);
            add(&mut mine.timings, &theirs.timings);
            add(&mut mine.unfinished, &theirs.unfinished);
        }
    }

    pub(super) fn into_stages(self) -> Vec<StageFigures> {
        self.stages
    }
}

impl StageFigures {
    /// How often something happened.
    pub fn count(&self, count: Count) -> u64 {
        self.counts[count as usize]
    }

    /// How long something took, what was unfinished at the end among it; `None` of what no threshold
    /// asks for.
    pub fn timing(&self, timing: Timing) -> Option<TimingResult> {
        let [finished, unfinished] =
            [&self.timings, &self.unfinished].map(|timings| timings[timing as usize].as_deref());
        Some(TimingResult::new(finished?, unfinished?))
    }
}

fn record(histogram: &mut Option<Box<Histogram<u64>>>, nanos: u64) {
    if let Some(histogram) = histogram {
        let recorded = histogram.record(nanos);
        debug_assert!(recorded.is_ok(), "a growing histogram takes everything");
    }
}

fn add(mine: &mut [Option<Box<Histogram<u64>>>], theirs: &[Option<Box<Histogram<u64>>>]) {
    let both = mine.iter_mut().flatten().zip(theirs.iter().flatten());
    both.for_each(|(mine, theirs)| {
        let added = mine.add(&**theirs);
        debug_assert!(added.is_ok(), "a growing histogram takes everything");
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_in_a_stage_belongs_to_it() {
        let text = "agents.chat = {}\nconsumers.web.arrivals = '9/s'\n\
                    [stress]\nthresholds = ['p99(admission) @ hold < 1s']\n\
                    [[stress.stage]]\nfor = '1s'\npace = 1\n\
                    [[stress.stage]]\nname = 'hold'\nfor = '2s'\npace = 1\n";
        let source = crate::scenario::Source { name: String::new(), text: text.to_owned() };
        let settings = crate::scenario::parse(source, "").unwrap().stress;
        let mut figures = StagesFigures::new(StageWindows::new(&settings));
        let at = |millis: u64| Moment(millis * 1_000_000);
        for millis in [999, 1_000, 2_999, 3_000] {
            figures.tally(Count::Opened, at(millis), 1);
            figures.record(Timing::Admission, at(millis), millis);
            figures.record_unfinished(Timing::Admission, at(millis), 5_000);
        }
        let mut both = StagesFigures::default();
        [&figures, &figures].iter().for_each(|one| both.add(one));
        let stages = both.into_stages();
        let opened = Vec::from_iter(stages.iter().map(|stage| stage.count(Count::Opened)));
        assert_eq!(opened, [2, 4]);
        assert!(stages[0].timing(Timing::Admission).is_none(), "nobody asks for it");
        let timed = stages[1].timing(Timing::Admission).unwrap();
        assert_eq!((timed.all().len(), timed.unfinished()), (8, 4));
        assert!(stages[1].timing(Timing::RouterWait).is_none());
    }
}
