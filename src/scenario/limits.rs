//! How large a scenario may be. Each limit has its own message where it is checked.

use crate::base::time::Span;

/// Bytes of a scenario file.
pub const FILE_BYTES: usize = 1 << 20;
/// Bytes of a side file that is read row by row: a roster, samples.
pub const SIDE_FILE_BYTES: usize = 256 << 20;
/// Rows of one.
pub const SIDE_FILE_ROWS: usize = 20_000_000;
/// Bytes of a side file whose cells are looked at together: volumes, arrivals one by one, a workbook. In
/// memory it may take twenty times as much.
pub const SHEET_BYTES: usize = 32 << 20;
/// Bytes of one CSV field.
pub const FIELD_BYTES: usize = 64 << 10;
/// Columns of a CSV file.
pub const COLUMNS: usize = 1024;
/// Errors reported for one CSV file.
pub const CSV_ERRORS: usize = 20;
/// Agents of a centre.
pub const AGENTS: u64 = 1_000_000;
/// Groups of agents.
pub const GROUPS: usize = 1 << 12;
/// Skills of a centre.
pub const SKILLS: usize = 1 << 12;
/// Kinds of consumers.
pub const KINDS: usize = 1 << 8;
/// Away reasons of a centre, with that of the platform.
pub const REASONS: usize = 1 << 8;
/// Variants of a scenario.
pub const VARIANTS: usize = 100;
/// Choices of values in a sweep.
pub const POINTS: usize = 400;
/// Stages, and faults, of a wall-clock run.
pub const STEPS: usize = 1000;
/// Arrivals a second, of all kinds of consumers.
pub const RATE_PER_SECOND: f64 = 1e7;
/// Events of one replication, as planned.
pub const PLANNED_EVENTS: f64 = 1e10;
/// The longest run, and the longest time that a file may name: ten years.
pub const HORIZON: Span = Span::from_hours(10 * 8766);
/// Days before the start of the run at which what is open then was opened at the earliest.
pub const BACKLOG_DAYS: i64 = 93;
/// Conversations of the backlog of a kind of consumers.
pub const BACKLOG: usize = 1_000_000;
