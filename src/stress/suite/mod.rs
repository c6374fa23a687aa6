//! The standard suite: the same cases under the same names for ever, so that machines and versions
//! can be compared. Each case is a scenario that comes with the program.

mod cases;
mod overload;
pub mod races;
mod suite_progress;
mod suite_results;
mod suite_runner;

pub use self::cases::{CASES, SuiteCase, find};
pub use self::suite_progress::SuiteProgress;
pub use self::suite_results::{CaseEnding, FinishedCase, SuiteHalt, SuiteResults};
pub use self::suite_runner::SuiteRun;
