//! The report of a wall-clock run. Unlike every other report it is not the same twice: it says what
//! this machine did this time.

mod capacity;
mod hlog;
mod junit_cases;
mod open_metrics;
mod page;
mod run_folder;
mod run_notes;
mod run_report;
mod run_status;
mod run_summary;
mod run_tables;
mod run_words;
mod saved_stress_run;
mod series_table;
mod stress_blocks;
mod stress_comparison;
mod stress_json;
pub mod suite;
mod thresholds;

pub use self::capacity::{Against, CAPACITY, CapacityChange, CapacityReport, SavedCapacity};
pub use self::junit_cases::{capacity_cases, cases, suites};
pub use self::open_metrics::RunMetrics;
pub use self::run_folder::FORM;
pub use self::run_report::StressReport;
pub use self::run_status::{LiveSecond, RunStatus};
pub use self::run_summary::summary;
pub use self::saved_stress_run::SavedStressReport;
pub use self::stress_comparison::{ComparedStressRun, StressComparison};
pub use self::thresholds::described;
