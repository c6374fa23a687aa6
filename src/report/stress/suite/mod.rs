//! The report of the standard suite.

mod suite_folder;
mod suite_json;
mod suite_page;
mod suite_summary;
mod suite_words;

pub use self::suite_folder::{SUITE, write};
pub use self::suite_summary::summary;
pub use self::suite_words::NAME;
