//! Timer engines beside each other, as a table and as a page.

mod engine_cases;
mod engine_page;
mod engine_table;
mod engine_words;

pub use self::engine_cases::junit_suites;
pub use self::engine_page::page;
pub use self::engine_table::{cut_off, foot, head, row};
