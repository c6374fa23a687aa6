//! `shiftstorm stress`.

mod capacity_command;
mod command;
mod failures;
mod live_display;
mod metrics_server;
mod options;
mod suite_choice;
mod suite_command;

pub(super) use self::options::StressCommand;
