//! What came of holding a log against a scenario: text, page, tables and JSON.

mod backcast_charts;
mod backcast_folder;
mod backcast_json;
mod backcast_page;
mod backcast_report;
mod backcast_text;
mod figure_names;
mod saved_parameters;

pub use self::backcast_folder::BACKCAST_LAYOUT;
pub use self::backcast_report::BackcastReport;
pub use self::saved_parameters::{FIT_FILE, saved_parameters};
