//! Logs of messages, as a platform keeps them: what a row says, and in which words.
//!
//! The form is one for what is written from a simulated run and what is read from a real one; it stands
//! in `docs/data.md`. [`LogReader`] finds out how a file is written and hands out its rows one at a time;
//! [`read_in_order`] brings them into the order of time without keeping them all. Instants are microseconds
//! since 1970-01-01 UTC.

mod agent_files;
mod count_table;
mod decoding;
pub mod form;
mod log_columns;
mod log_finding;
mod log_reader;
mod log_rows;
mod log_times;
mod row_bytes;
mod row_order;
mod row_reading;
mod row_tally;
mod text_table;
mod words;

pub use self::agent_files::{AgentFile, AgentRow, PlannedShift, PresenceLog, PresenceRow};
pub use self::count_table::{CountTable, read_counts};
pub use self::log_columns::{LogColumn, LogColumns};
pub use self::log_finding::LogFinding;
pub use self::log_reader::{LogOptions, LogReader};
pub use self::log_rows::{
    LogLayout, LogNames, LogRow, LogVocabulary, LoggedAgent, LoggedConversation, LoggedSkill,
};
pub use self::row_order::{LogRead, RowTaker, SortSpace, read_in_order};
pub use self::row_tally::RowTally;
pub use self::text_table::LogInput;
