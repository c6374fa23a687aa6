//! From the rows of a log to what they say of a centre.
//!
//! [`LogObserver`] takes the rows in the order of time, keeps what is open, and sorts every duration into
//! [`LogSamples`], whose size does not grow with the log. [`LogEstimates`] puts the samples to the
//! estimators of [`estimation`](crate::estimation), and says what the log cannot tell.

mod agent_desk;
mod agent_estimates;
mod arrival_estimates;
mod consumer_estimates;
mod fitted_parameters;
mod log_estimates;
mod log_samples;
mod measured;
mod observer;
mod open_conversation;
mod skill_estimates;

pub use self::agent_estimates::{AbsenceOfReason, AgentEstimates};
pub use self::arrival_estimates::{
    ArrivalEstimates, IntervalArrivals, SkillArrivals, SkillCorrelation,
};
pub use self::consumer_estimates::{
    SilentOutcome, TimesEstimate, TurnCount, TurnSize, TurnsEstimate,
};
pub use self::fitted_parameters::{
    FittedInterruptions, FittedLaw, FittedParameters, FittedPatience, FittedWork,
    InterruptionsChange, ParameterChanges, TimesChange, ValueWithError, WorkChange, family_of_word,
    log_odds,
};
pub use self::log_estimates::{LogEstimates, UnassignTimes, WorkEstimate, is_told_apart};
pub use self::log_samples::{AgentSamples, ArrivalCell, ConsumerSamples, LogSamples, StaffCell};
pub use self::measured::{
    FigureList, LogMeter, LogPart, LoggedOpening, MeasuredFigure, MeasuredKind, MeasuredLog,
    MeterSettings, PartMeasures, StateFrom, StateTimelines,
};
pub use self::observer::{LogObserver, ObservedAgents};
pub use self::skill_estimates::SkillEstimates;
