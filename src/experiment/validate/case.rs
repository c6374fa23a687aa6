//! A case: a variant of a shipped scenario, what is known exactly of it, and how that is measured.

use std::sync::Arc;

use crate::experiment::interval::Estimate;
use crate::experiment::runner::{Runner, RunnerError};
use crate::ledger::outcome::Outcome;
use crate::scenario::{Plan, Scenario, Source, Variant, estimate, parse};

use super::exact::Exact;

/// A variant of a shipped scenario with exact figures.
#[derive(Clone, Copy)]
pub struct ValidationCase {
    /// Names the case and, hashed, its random streams: `V3 a`.
    pub name: &'static str,
    /// The theory that the values come from.
    pub theory: &'static str,
    /// The scenario.
    pub file: ScenarioFile,
    /// Position among the variants of the scenario; the base is 0.
    pub variant: usize,
    /// What is known exactly.
    pub figures: &'static [ValidationFigure],
    /// Gives the figures in their order, if they are not read from replications of the variant.
    pub experiment: Option<CaseExperiment>,
}

/// A shipped scenario file, as it was when the program was built.
#[derive(Clone, Copy)]
pub struct ScenarioFile {
    /// Where it is in the project: `scenarios/reference/v3_erlang_a_a.toml`.
    pub path: &'static str,
    /// What is in it.
    pub text: &'static str,
}

/// Something with a value that is known exactly.
#[derive(Clone, Copy)]
pub struct ValidationFigure {
    /// What it is, with its unit: `Wq, s`.
    pub name: &'static str,
    /// What it must be.
    pub exact: Exact,
    /// How it is measured.
    pub(super) read: Read,
}

/// An experiment that gives the figures of a case, in their order.
#[derive(Clone, Copy)]
pub struct CaseExperiment {
    /// Carries it out.
    pub(super) run: fn(&ExperimentContext<'_>) -> Result<Vec<Estimate>, RunnerError>,
    /// About how often it runs all replications of the file.
    pub(super) repeats: u64,
}

/// What an experiment has to work with.
pub struct ExperimentContext<'a> {
    /// The scenario of the case.
    pub scenario: &'a Scenario,
    /// Seed of the experiment.
    pub seed: u64,
    /// Where replications run.
    pub runner: &'a Runner<'a>,
}

/// How a figure is measured.
#[derive(Clone, Copy)]
pub(super) enum Read {
    /// Read off an outcome: of one replication, or of all merged.
    Outcome(fn(&Outcome) -> Option<f64>),
    /// A statistic over replications of two numbers read off each.
    Statistic { numbers: Numbers, statistic: PairStatistic },
    /// It comes from the experiment of the case.
    Experiment,
}

/// Two numbers read off a replication.
pub(super) type Numbers = fn(&Outcome) -> [f64; 2];

/// A number from the pairs of many replications.
pub(super) type PairStatistic = fn(&mut dyn Iterator<Item = [f64; 2]>) -> Option<f64>;

impl ValidationCase {
    /// The base of a scenario, with figures read from its replications.
    pub const fn new(
        name: &'static str,
        theory: &'static str,
        file: ScenarioFile,
        figures: &'static [ValidationFigure],
    ) -> Self {
        Self { name, theory, file, variant: 0, figures, experiment: None }
    }

    /// Another variant of it.
    #[must_use]
    pub const fn variant(self, variant: usize) -> Self {
        Self { variant, ..self }
    }

    /// Its figures come from an experiment.
    #[must_use]
    pub(super) const fn by(self, experiment: CaseExperiment) -> Self {
        Self { experiment: Some(experiment), ..self }
    }

    /// The number of the case without what tells it from its neighbours: `V3`.
    pub fn number(&self) -> &'static str {
        self.name.split([' ', ',']).next().unwrap_or_default()
    }

    /// The scenario.
    ///
    /// # Panics
    ///
    /// The file is not a sound scenario: a bug, as it is a part of the program.
    pub fn scenario(&self) -> Scenario {
        let source = Source { name: self.file.path.to_owned(), text: self.file.text.to_owned() };
        parse(source, "").unwrap_or_else(|findings| panic!("{findings}"))
    }

    /// Whether a name such as `V3`, `v3 a` or `V15 f` means this case.
    pub fn is_meant_by(&self, name: &str) -> bool {
        let (own, name) = (self.name.to_lowercase(), name.trim().to_lowercase());
        let rest = own.strip_prefix(&name);
        !name.is_empty() && rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    }

    /// About how many seconds of one processor it takes.
    pub fn seconds(&self) -> f64 {
        let Scenario { variants, .. } = self.scenario();
        let of = |variant: &Variant| {
            estimate(&variant.plan).seconds * f64::from(variant.plan.run.replications)
        };
        match self.experiment {
            None => variants.get(self.variant).map_or(0.0, of),
            Some(experiment) => variants.iter().map(of).sum::<f64>() * experiment.repeats as f64,
        }
    }
}

impl ValidationFigure {
    /// A mean, a rate or a quantile.
    pub const fn amount(name: &'static str, exact: f64, read: fn(&Outcome) -> Option<f64>) -> Self {
        Self { name, exact: Exact::Amount(exact), read: Read::Outcome(read) }
    }

    /// A probability.
    pub const fn probability(
        name: &'static str,
        exact: f64,
        read: fn(&Outcome) -> Option<f64>,
    ) -> Self {
        Self { name, exact: Exact::Probability(exact), read: Read::Outcome(read) }
    }

    /// A mean known from another simulator only, with the standard error of that.
    pub(super) const fn simulated(
        name: &'static str,
        value: f64,
        standard_error: f64,
        read: fn(&Outcome) -> Option<f64>,
    ) -> Self {
        let exact = Exact::Simulated { value, standard_error };
        Self { name, exact, read: Read::Outcome(read) }
    }

    /// What must lie within bounds, both included, in every run.
    pub const fn bounded(
        name: &'static str,
        low: f64,
        high: f64,
        read: fn(&Outcome) -> Option<f64>,
    ) -> Self {
        Self { name, exact: Exact::Within(low, high), read: Read::Outcome(read) }
    }

    /// A statistic over replications.
    pub(super) const fn statistic(
        name: &'static str,
        exact: f64,
        numbers: Numbers,
        statistic: PairStatistic,
    ) -> Self {
        Self { name, exact: Exact::Amount(exact), read: Read::Statistic { numbers, statistic } }
    }

    /// What the experiment of the case gives.
    pub(super) const fn found(name: &'static str, exact: Exact) -> Self {
        Self { name, exact, read: Read::Experiment }
    }
}

impl ExperimentContext<'_> {
    /// A variant with the seed of the experiment.
    pub(super) fn plan(&self, variant: usize) -> Arc<Plan> {
        with_seed(self.scenario, variant, self.seed)
    }
}

/// A variant with another seed.
pub(super) fn with_seed(scenario: &Scenario, variant: usize, seed: u64) -> Arc<Plan> {
    let mut plan = Plan::clone(&scenario.variants[variant].plan);
    plan.run.seed = seed;
    Arc::new(plan)
}
