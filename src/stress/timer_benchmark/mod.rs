//! A benchmark for timers alone: one actor that keeps them, one message for each timer that is armed
//! or cancelled, and nothing else.
//!
//! Each conversation has a timer that is armed when the consumer writes and cancelled when the
//! agent replies. Of ten operations five arm, four cancel, and one is a timer that fires: for each
//! four conversations that are answered in time, one is not. A run has four parts: *fill* arms the
//! live timers; *flat out* hands operations over as fast as they are taken; *paced* does so at
//! scheduled instants, at half the rate found, and lateness counts from the deadline that follows
//! from the scheduled instant; *mass* is many deadlines in one tick.

mod actor_host;
mod benchmark;
mod measurement;
mod operations;
mod timer_actor;
mod timer_counts;

pub use self::benchmark::run;
pub use self::measurement::{
    BenchmarkPart, EngineMeasurement, Lateness, MassDeadlines, TimerBenchmark,
};
