//! The simulator against exact values: scenarios whose figures are known without simulating them.
//!
//! A [`Case`] is a variant of a shipped scenario file and a list of [`Figure`]s, each with its exact
//! value and how it is read. The file goes the ordinary way - parser, plan, router, actors, ledger -
//! and `shiftstorm run` on it does the same. Case by case an estimate from independent replications
//! is held against the exact value by the rule of [`Exact::verdict`]. The seed is the hash of the
//! case's name: nobody has chosen it.
//!
//! Three cases are experiments of their own: whether a search finds the least staffing, whether
//! intervals hold the truth as often as they say, and what common random numbers are worth.

mod cases;
mod experiments;
mod jackknife;
mod run;
mod verdict;

use crate::ledger::outcome::Outcome;
use crate::scenario::{Scenario, Source, Variant, estimate, parse};

use super::interval::Estimate;
use super::trials::{Bench, Ended};

pub use self::cases::all;
pub use self::run::{Judged, Trial, Validated, validate};
pub use self::verdict::{Exact, Verdict};

/// A variant of a shipped scenario with exact figures.
#[derive(Clone, Copy)]
pub struct Case {
    /// Names the case and, hashed, its random streams: `V3 a`.
    pub name: &'static str,
    /// The theory that the values come from.
    pub theory: &'static str,
    /// The scenario.
    pub file: File,
    /// Position among the variants of the scenario; the base is 0.
    pub variant: usize,
    /// What is known exactly.
    pub figures: &'static [Figure],
    /// Gives the figures in their order, if they are not read from replications of the variant.
    pub experiment: Option<Experiment>,
}

/// A shipped scenario file, as it was when the program was built.
#[derive(Clone, Copy)]
pub struct File {
    /// Where it is in the project: `scenarios/reference/v3_erlang_a_a.toml`.
    pub path: &'static str,
    /// What is in it.
    pub text: &'static str,
}

/// Something with a value that is known exactly.
#[derive(Clone, Copy)]
pub struct Figure {
    /// What it is, with its unit: `Wq, s`.
    pub name: &'static str,
    /// What it must be.
    pub exact: Exact,
    /// How it is measured.
    read: Read,
}

/// An experiment that gives the figures of a case, in their order.
#[derive(Clone, Copy)]
pub struct Experiment {
    /// Carries it out.
    run: fn(&Ground<'_>) -> Result<Vec<Estimate>, Ended>,
    /// About how often it runs all replications of the file.
    repeats: u64,
}

/// What an experiment has to work with.
pub struct Ground<'a> {
    /// The scenario of the case.
    pub scenario: &'a Scenario,
    /// Seed of the experiment.
    pub seed: u64,
    /// Where replications run.
    pub bench: &'a Bench<'a>,
}

/// How a figure is measured.
#[derive(Clone, Copy)]
enum Read {
    /// Read off an outcome: of one replication, or of all merged.
    Outcome(fn(&Outcome) -> Option<f64>),
    /// A statistic over replications of two numbers read off each.
    Statistic { numbers: Numbers, statistic: Statistic },
    /// It comes from the experiment of the case.
    Experiment,
}

/// Two numbers read off a replication.
type Numbers = fn(&Outcome) -> [f64; 2];

/// A number from the pairs of many replications.
type Statistic = fn(&mut dyn Iterator<Item = [f64; 2]>) -> Option<f64>;

impl Case {
    /// The base of a scenario, with figures read from its replications.
    pub const fn new(
        name: &'static str,
        theory: &'static str,
        file: File,
        figures: &'static [Figure],
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
    const fn by(self, experiment: Experiment) -> Self {
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
        parse(source, "".as_ref()).unwrap_or_else(|findings| panic!("{findings}"))
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

impl Figure {
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
    const fn simulated(
        name: &'static str,
        (value, standard_error): (f64, f64),
        read: fn(&Outcome) -> Option<f64>,
    ) -> Self {
        let exact = Exact::Simulated { value, standard_error };
        Self { name, exact, read: Read::Outcome(read) }
    }

    /// What must lie within bounds, both included, in every run.
    pub const fn bounded(
        name: &'static str,
        (low, high): (f64, f64),
        read: fn(&Outcome) -> Option<f64>,
    ) -> Self {
        Self { name, exact: Exact::Within(low, high), read: Read::Outcome(read) }
    }

    /// A statistic over replications.
    const fn statistic(
        name: &'static str,
        exact: f64,
        numbers: Numbers,
        statistic: Statistic,
    ) -> Self {
        Self { name, exact: Exact::Amount(exact), read: Read::Statistic { numbers, statistic } }
    }

    /// What the experiment of the case gives.
    const fn found(name: &'static str, exact: Exact) -> Self {
        Self { name, exact, read: Read::Experiment }
    }
}

/// The cases that names mean, in the order of the table; without names all.
///
/// # Errors
///
/// A name that means no case.
pub fn chosen(names: &[String]) -> Result<Vec<Case>, String> {
    let all = all();
    if let Some(name) = names.iter().find(|name| !all.iter().any(|case| case.is_meant_by(name))) {
        let mut numbers = Vec::from_iter(all.iter().map(Case::number));
        numbers.dedup();
        return Err(format!("there is no case `{name}`; there are {}", numbers.join(", ")));
    }
    let is_chosen =
        |case: &Case| names.is_empty() || names.iter().any(|name| case.is_meant_by(name));
    Ok(all.into_iter().filter(is_chosen).collect())
}
