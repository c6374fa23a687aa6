//! What consumers do by skill.

use crate::base::time::Span;
use crate::estimation::{
    Estimated, Law, PatienceEstimate, PatienceFinding, SilentEstimate, SilentFinding,
};
use crate::log::LoggedSkill;

use super::consumer_estimates::{SilentOutcome, TimesEstimate, TurnsEstimate};
use super::log_samples::LogSamples;

/// What consumers do who ask for one skill. Where a skill has too few for an estimate of its own there is
/// none, and that of all skills together stands for it.
#[derive(Clone, Debug)]
pub struct SkillEstimates {
    /// The skill.
    pub skill: Option<LoggedSkill>,
    /// Turns of a conversation, from [`SkillEstimates::FEW`] on.
    pub turns: Option<TurnsEstimate>,
    /// From an answer to the next message, from [`SkillEstimates::FEW`] on.
    pub think: Option<TimesEstimate>,
    /// Patience, where its mean is known to a tenth.
    pub patience: Option<PatienceEstimate>,
    /// Silent abandonment, where its share is known.
    pub silent: Option<SilentEstimate>,
}

impl SkillEstimates {
    /// Think times, or conversations, that a skill needs for an estimate of its own.
    pub const FEW: u64 = 200;

    /// The mean of patience, if it is known by itself.
    pub fn mean_patience(&self) -> Option<Estimated> {
        match (self.silent.as_ref().map(|it| &it.finding), &self.patience) {
            (Some(SilentFinding::Identified(fit)), _) => Some(fit.mean_patience),
            (_, Some(PatienceEstimate { finding: PatienceFinding::Fitted { chosen, .. }, .. })) => {
                Some(chosen.best().mean)
            }
            _ => None,
        }
    }

    /// Its distribution.
    pub fn patience_law(&self) -> Option<Law> {
        match (self.silent.as_ref().map(|it| &it.finding), &self.patience) {
            (Some(SilentFinding::Identified(fit)), _) => Some(fit.patience),
            (_, Some(PatienceEstimate { finding: PatienceFinding::Fitted { chosen, .. }, .. })) => {
                Some(chosen.best().law)
            }
            _ => None,
        }
    }

    /// Of those who leave, the share that says nothing, if it is known by itself.
    pub fn silent_share(&self) -> Option<f64> {
        match SilentOutcome::of(self.silent.as_ref()?) {
            SilentOutcome::Known(share) => Some(share),
            SilentOutcome::MayBeNone | SilentOutcome::Unknown => None,
        }
    }

    /// Of each skill; nothing where there is one only.
    ///
    /// Where silent leavers are told apart among all, the patience of a skill of which that is not known would
    /// be too long, and that of all stands for it.
    pub(super) fn all(
        samples: &LogSamples,
        is_until_assignment: bool,
        silent_of_all: SilentOutcome,
    ) -> Vec<Self> {
        if samples.consumers.len() < 2 {
            return Vec::new();
        }
        let of_skill = samples.consumers.iter().map(|(&skill, own)| {
            let conversations: u64 = own.turns.values().sum();
            let turns = Some(&own.turns).filter(|_| conversations >= Self::FEW);
            let think = Some(&own.think).filter(|think| think.ended() >= Self::FEW);
            let waits = match is_until_assignment {
                true => &own.waits_to_assignment,
                false => &own.waits_to_answer,
            };
            let has_left = waits.ended() >= PatienceEstimate::ABANDONMENTS;
            let patience = has_left.then(|| PatienceEstimate::of(waits, Span::ZERO));
            let silent = has_left.then(|| SilentEstimate::of(&own.outcomes));
            let is_known = |silent: &SilentEstimate| {
                matches!(SilentOutcome::of(silent), SilentOutcome::Known(_))
            };
            let silent = silent.filter(is_known);
            let takes_all = silent.is_none() && matches!(silent_of_all, SilentOutcome::Known(_));
            Self {
                skill,
                turns: turns.and_then(|turns| TurnsEstimate::of(turns, &samples.turn_sizes)),
                think: think.map(TimesEstimate::of),
                patience: patience.filter(|it| {
                    !takes_all && matches!(it.finding, PatienceFinding::Fitted { .. })
                }),
                silent,
            }
        });
        of_skill.collect()
    }
}
