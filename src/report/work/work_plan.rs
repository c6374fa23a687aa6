//! What is to be done by many machines: one run, cut into shards of whole rounds.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::base::time::Span;
use crate::experiment::Experiment;
use crate::experiment::warm_up::WarmUp;
use crate::report::build_identity::BuildIdentity;
use crate::report::fingerprint::fingerprint;
use crate::report::json_file::VERSION;
use crate::report::saved_run::SavedRunVariant;

/// A run cut into shards: all that is needed to run each of them, and to put them together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkPlan {
    /// Of which form it is.
    pub schema: String,
    /// Version that made it.
    pub shiftstorm: String,
    /// Build that made it; only builds of the same sources take part.
    pub build: BuildIdentity,
    /// What decides what comes of the run, by the names of the options of `run`.
    pub arguments: Json,
    /// Name of the scenario file.
    pub file: String,
    /// Its text.
    pub scenario: String,
    /// SHA-256 of each file that the scenario names, by that name; its bytes are in `files/`.
    pub files: BTreeMap<String, String>,
    /// The warm-up that was found, if one was looked for.
    pub warm_up: Option<PlannedWarmUp>,
    /// The base first: by what each is known to be the same.
    pub(in crate::report) variants: Vec<SavedRunVariant>,
    /// Replications of each shard, from the first to the one behind the last.
    pub shards: Vec<Range<u64>>,
}

/// A warm-up that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedWarmUp {
    /// Its length in microseconds.
    pub microseconds: i64,
    /// Whether it ends within the first half of the run.
    pub is_settled: bool,
}

/// What a plan is made of besides the run.
pub struct PlannedInput {
    /// What decides what comes of the run.
    pub arguments: Json,
    /// Name of the scenario file.
    pub file: String,
    /// Its text.
    pub scenario: String,
    /// The warm-up that was found.
    pub warm_up: Option<WarmUp>,
}

impl WorkPlan {
    /// A plan of an experiment, in shards of so many rounds; the last may have fewer.
    pub fn new(input: PlannedInput, experiment: &Experiment, rounds: u64) -> Self {
        let PlannedInput { arguments, file, scenario, warm_up } = input;
        let Range { start, end } = experiment.replications;
        let rounds = rounds.max((end - start).div_ceil(MOST_SHARDS)).max(1);
        let firsts = (start..end).step_by(usize::try_from(rounds).unwrap_or(usize::MAX));
        Self {
            schema: SCHEMA.to_owned(),
            shiftstorm: VERSION.to_owned(),
            build: BuildIdentity::current(),
            arguments,
            file,
            scenario,
            files: BTreeMap::new(),
            warm_up: warm_up.map(PlannedWarmUp::from),
            variants: variants(experiment),
            shards: firsts.map(|first| first..(first + rounds).min(end)).collect(),
        }
    }

    /// What is wrong with it for this program.
    pub(super) fn unusable(&self) -> Option<String> {
        let this = BuildIdentity::current();
        if self.schema != SCHEMA {
            return Some(format!(
                "its form is {}, and this Shiftstorm knows {SCHEMA}",
                self.schema
            ));
        }
        (self.build.source != this.source).then(|| {
            format!("another build of Shiftstorm made it, {}; this one is {this}", self.build)
        })
    }

    /// Whether an experiment is the one that was planned.
    pub fn is_of(&self, experiment: &Experiment) -> bool {
        let whole = self.shards.first().map_or(0, |shard| shard.start)
            ..self.shards.last().map_or(0, |shard| shard.end);
        self.variants == variants(experiment) && whole == experiment.replications
    }
}

impl From<WarmUp> for PlannedWarmUp {
    fn from(found: WarmUp) -> Self {
        Self { microseconds: found.length.as_micros(), is_settled: found.is_settled }
    }
}

impl From<PlannedWarmUp> for WarmUp {
    fn from(planned: PlannedWarmUp) -> Self {
        let PlannedWarmUp { microseconds, is_settled } = planned;
        Self { length: Span::from_micros(microseconds), is_settled }
    }
}

fn variants(experiment: &Experiment) -> Vec<SavedRunVariant> {
    let variants = experiment.variants.iter().map(|variant| SavedRunVariant {
        name: variant.name.clone(),
        plan: fingerprint(&variant.plan),
    });
    variants.collect()
}

/// Of this form.
pub(super) const SCHEMA: &str = "shiftstorm/work-plan/1";
/// Shards of a plan.
const MOST_SHARDS: u64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn shards_are_all_rounds_once_and_not_too_many() {
        let scenario: Scenario =
            "run.until = '1h'\nagents.chat = {}\nconsumers.web.arrivals = '60/h'".parse().unwrap();
        let input = || PlannedInput {
            arguments: Json::Null,
            file: "day.toml".to_owned(),
            scenario: String::new(),
            warm_up: None,
        };
        for (replications, rounds, count) in
            [(10, 3, 4), (10, 10, 1), (10, 100, 1), (1, 1, 1), (100_000, 1, 10_000)]
        {
            let experiment = Experiment::new(&scenario).replications(replications);
            let plan = WorkPlan::new(input(), &experiment, rounds);
            assert_eq!(plan.shards.len(), count);
            assert!(plan.shards.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert!(plan.is_of(&experiment));
            assert!(!plan.is_of(&Experiment::new(&scenario).replications(replications + 1)));
        }
    }
}
