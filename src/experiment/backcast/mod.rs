//! Days that have been, simulated again, and held against the log of them.
//!
//! Who wrote when about what is taken from the log, and so is where agents were; what they and consumers did
//! is left to the scenario. Each replication is recorded and measured like the log itself. The log fits if it
//! is not more extreme than all but a twentieth of the replications, in all figures at once.
//!
//! Where it does not, parameters are estimated from the log and compared with the scenario's, which takes no
//! simulation; the one that differs most surely is put in, and is the culprit if the log then fits.

mod backcast_run;
mod candidates;
mod changed_centre;
mod logged_past;
mod past_replications;
mod replay_clock;
mod replayed_agents;
mod replayed_arrivals;
mod replayed_past;
mod scenario_values;
#[cfg(test)]
mod tests;
mod volume_days;

pub use self::backcast_run::{
    Backcast, BackcastResults, CulpritTrial, ParameterInLog, PowerToSee, Verdict,
};
pub use self::logged_past::{ArrivalsReplayed, BackcastRefusal, LoggedPast, PresenceReplayed};
pub use self::past_replications::BackcastTrouble;
pub use self::replayed_past::{ReplayedPast, meter_settings};
