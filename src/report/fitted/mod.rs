//! What a log says of a centre: a scenario to go on with, a file for machines, a page for people.

mod agent_findings;
mod fitted_charts;
mod fitted_findings;
mod fitted_folder;
mod fitted_json;
mod fitted_log;
mod fitted_page;
mod fitted_scenario;
mod fitted_tables;
mod fitted_words;
mod toml_words;

pub use self::fitted_findings::{counts_summary, findings};
pub use self::fitted_folder::FIT_LAYOUT;
pub use self::fitted_json::FIT_SCHEMA;
pub use self::fitted_log::{FittedCounts, FittedLog, LogFile};
pub use self::fitted_words::FittedFinding;
