//! The simulator against exact values: scenarios whose figures are known without simulating them.
//!
//! A [`ValidationCase`] is a variant of a shipped scenario file and a list of [`ValidationFigure`]s, each with its exact
//! value and how it is read. The file goes the ordinary way - parser, plan, router, actors, ledger -
//! and `shiftstorm run` on it does the same. ValidationCase by case an estimate from independent replications
//! is held against the exact value by the rule of [`Exact::verdict`]. The seed is the hash of the
//! case's name: nobody has chosen it.
//!
//! Three cases are experiments of their own: whether a search finds the least staffing, whether
//! intervals hold the truth as often as they say, and what common random numbers are worth.

mod case;
mod case_run;
mod cases;
mod exact;
mod experiments;
mod jackknife;

pub use self::case::{ExperimentContext, ScenarioFile, ValidationCase, ValidationFigure};
pub use self::case_run::{JudgedFigure, SeedRun, Validated, validate};
pub use self::cases::{all, chosen};
pub use self::exact::{Exact, ValidationVerdict};
