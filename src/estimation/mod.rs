//! From what a log shows to estimates that say how sure they are.
//!
//! Pure functions from samples to estimates: nothing here reads a file, knows a log's columns or prints.
//! Durations come as [`DurationBins`], whose memory does not grow with the log, and counts as tables.
//! Every estimate has an interval that holds the true value with probability [`CONFIDENCE`], or says that
//! there is too little to know. What each needs from a log stands in `docs/data.md`.
//!
//! Distributions are fitted by maximum likelihood on unbounded parameters (logarithms of scales and
//! shapes, log-odds of shares), where a normal approximation is good; [`Maximum`] keeps their covariance.

mod absence_estimate;
mod agent_speed;
mod arrival_days;
mod busyness;
mod confidence;
mod culprit;
#[cfg(test)]
mod drawn;
mod duration_bins;
mod fit;
mod gap_law;
mod gap_model;
mod global_envelope;
mod holm;
mod interruption_law;
mod interruption_rate;
mod law;
mod likelihood;
mod misfit;
#[cfg(test)]
mod odd_samples;
mod patience_estimate;
mod platform_times;
mod silent_abandonment;
mod simplex;
mod survival;
mod symmetric;
mod volume_test;

pub use self::absence_estimate::{AbsenceEstimate, LatenessEstimate};
pub use self::agent_speed::{AgentReplies, AgentSpeed, GroupWork};
pub use self::arrival_days::{ArrivalDays, UnusualDay, correlation, interval_rate};
pub use self::busyness::{BusynessFinding, DayTotal, MIN_BUSYNESS_DAYS, busyness};
pub use self::confidence::{
    CONFIDENCE, ConfidenceInterval, Estimated, count_interval, share_interval,
};
pub use self::culprit::{ComparedParameters, Suspicion, suspects};
pub use self::duration_bins::{DurationBins, Sample, WeightedTime};
pub use self::fit::{ChosenFit, Fit, FittedParameter, choose_fit};
pub use self::gap_model::{GapForm, InterruptionFit, ReplyGaps, WorkBeside};
pub use self::global_envelope::{FigureRange, GlobalEnvelope, MIN_POWER, power};
pub use self::holm::holm;
pub use self::interruption_law::{InterruptionForm, InterruptionLaw};
pub use self::interruption_rate::{InterruptionDoubt, InterruptionEstimate};
pub use self::law::{Body, Family, Law, LawForm, LogNormal, ParameterKind, ParameterScale};
pub use self::likelihood::{Derived, Maximum, maximize, profile_interval};
pub use self::misfit::{Misfit, QuantilePoint, empirical_values};
pub use self::patience_estimate::{PatienceEstimate, PatienceFinding};
pub use self::platform_times::RecognizedTime;
pub use self::silent_abandonment::{
    SilentEstimate, SilentFinding, SilentFit, WaitsByOutcome, WhyNotIdentifiable,
};
pub use self::survival::{SurvivalCurve, SurvivalStep};
pub use self::symmetric::SymmetricMatrix;
pub use self::volume_test::{DayVolume, VolumeTest};
