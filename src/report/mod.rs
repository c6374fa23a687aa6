//! Results to bytes. Everything here is a function of what was run and what came of it: no clock,
//! no thread count, no host and no path goes into a report, so the same run gives the same bytes.

pub mod comparison;
pub mod conversations_page;
pub mod engines;
pub mod explain;
pub mod folder;
pub mod junit;
pub mod load;
pub mod optimize;
pub mod resume;
pub mod rules;
pub mod saved_report;
pub mod schema;
pub mod sensitivity;
pub mod stress;
pub mod summary;
pub mod sweep;
pub mod validation;

mod breakdown_csv;
mod charts;
mod columns;
mod conversations_csv;
mod csv_files;
mod data_dictionary;
mod day;
mod figures_csv;
mod file_names;
mod fingerprint;
pub mod format;
mod goals;
mod goals_csv;
mod histograms;
mod intervals_csv;
mod names;
mod notes;
mod page;
mod plot;
mod replications_csv;
mod report_data;
mod sentence;
mod summary_json;
mod table;
pub mod terminal;
mod verdict;
mod wording;
mod workbook;

pub use self::conversations_csv::{RowFiles, WantedRows};
pub use self::goals_csv::suites;
pub use self::replications_csv::ReplicationsFile;
pub use self::report_data::{Background, Particulars, Report};
pub use self::summary_json::summary as json;
pub use self::terminal::{WIDTH, wrapped};
