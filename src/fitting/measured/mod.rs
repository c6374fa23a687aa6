//! A log as a planner looks at it: service level, abandonment, waits, replies, what agents lost and how busy
//! they were, by day, hour and skill; and a figure for each parameter of a scenario.
//!
//! A simulated run is measured by the same rows in the same way, so that both can be held against each other.

mod figure_list;
mod log_meter;
mod measured_log;
mod state_timelines;
#[cfg(test)]
mod tests;

pub use self::figure_list::{FigureList, MeasuredFigure, MeasuredKind};
pub use self::log_meter::{LogMeter, MeterSettings};
pub use self::measured_log::{LogPart, LoggedOpening, MeasuredLog, PartMeasures};
pub use self::state_timelines::{StateFrom, StateTimelines};
