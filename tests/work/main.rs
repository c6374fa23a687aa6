//! What takes its time because there is work to do: rules, theory, experiments, files, commands.
//!
//! One binary, as each links the whole program; `cargo test --test work rules::` runs a part of it.

mod absences;
mod audit;
mod backlog;
mod broken_logs;
mod calendar;
mod calibration;
mod check;
mod check_load;
mod cli;
mod common;
mod days;
mod dependencies;
mod docs;
mod explain;
mod exports;
mod first_page;
mod fit;
mod handle_time;
mod intervals;
mod log_files;
mod mutants;
mod new_scenario;
mod page;
mod pins;
mod record;
mod recount;
mod refused_texts;
mod rosters;
mod rules;
mod saved;
mod scenario_errors;
mod scenario_full;
mod scenario_warnings;
mod scenarios;
mod seeds;
mod shards;
mod shrinkage;
mod side_files;
mod swarm;
mod sweeps;
mod tables;
mod theory;
mod tidy;
mod wheel;
