//! The report of a capacity search.

mod against;
mod capacity_folder;
mod capacity_page;
mod capacity_report;
mod capacity_words;
mod saved_capacity;

pub use self::capacity_folder::CAPACITY;
pub use self::capacity_report::CapacityReport;
pub use self::saved_capacity::SavedCapacity;
