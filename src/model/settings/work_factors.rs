//! By how much the work of a reply differs from the reply time of the agents, for a kind of consumers
//! whose handle time is known.

use std::sync::Arc;

use crate::base::ids::SkillId;
use crate::base::time::{Span, Time};

/// Factors by skill asked for and by opening of the conversation; none for a skill that has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkFactors(pub Vec<SkillFactors>);

/// The factors of a skill.
#[derive(Clone, Debug, PartialEq)]
pub struct SkillFactors {
    /// The skill.
    pub skill: SkillId,
    /// How long each holds.
    pub step: Span,
    /// Those of consecutive stretches from the start of the run, at least one; the last holds from then
    /// on. The work drawn for a reply is multiplied by it.
    pub factors: Arc<[f64]>,
}

impl SkillFactors {
    /// That of a conversation opened at an instant.
    fn at(&self, opened: Time) -> f64 {
        let position = opened.since_start().as_micros() / self.step.as_micros().max(1);
        let position = usize::try_from(position).unwrap_or(0);
        self.factors.get(position).or_else(|| self.factors.last()).copied().unwrap_or(1.0)
    }
}

impl WorkFactors {
    /// That of a conversation about a skill that was opened at an instant.
    pub fn at(&self, skill: SkillId, opened: Time) -> f64 {
        let of_skill = self.0.iter().find(|factors| factors.skill == skill);
        of_skill.map_or(1.0, |factors| factors.at(opened))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_holds_from_its_instant_on_and_the_last_for_ever() {
        let step = Span::from_mins(30);
        let factors = SkillFactors { skill: SkillId(0), step, factors: [1.5, 2.0].into() };
        let at = |minutes| factors.at(Time::ZERO + Span::from_mins(minutes));
        assert_eq!([-60, 0, 29, 30, 600].map(at), [1.5, 1.5, 1.5, 2.0, 2.0]);
    }
}
