//! What goes with the end of a turn: the boomerang that it sets (B7, B9), and to whom the conversation is
//! handed over (A10, B6, E16).

use crate::base::ids::{AgentId, SkillId};
use crate::base::stream::{Purpose, Stream, uniform};
use crate::base::time::Span;
use crate::model::effort::turn_stream;
use crate::model::message::{Act, OfflineStatus, SetBoomerang, Task};
use crate::model::settings::{
    AgentGroup, HandOverMode, HandOverTo, OfflineAssignment, ReplyBoomerang,
};

use super::Agent;

impl Agent {
    /// Time until what is parked comes back (B7).
    pub(super) fn boomerang(&self, task: &Task) -> Span {
        let mut stream = turn_stream(&self.context.streams, Purpose::Boomerang, task);
        let parking = self.group().parking.as_ref();
        parking.map_or(Span::ZERO, |parking| parking.boomerang.span(&mut stream))
    }

    /// The boomerang that an answer sets, if it does; a follow-up sets none (B9).
    pub(super) fn reply_boomerang(&self, task: &Task) -> Option<SetBoomerang> {
        let boomerang = self.context.centre.reply_boomerang(self.group, task.skill)?;
        let mut stream = turn_stream(&self.context.streams, Purpose::ReplyBoomerang, task);
        boomerang.draw(&mut stream).filter(|_| task.unanswered)
    }

    /// What handing over means; `None` if it would be to nobody or to the agent itself, who then
    /// answers.
    pub(super) fn hand_over(&self, task: &Task, position: usize) -> Option<Act> {
        let to = &self.group().hand_overs[position].to;
        Some(match to {
            HandOverTo::Queue => Act::Return,
            HandOverTo::Skill(skill) => Act::TransferToSkill(*skill),
            HandOverTo::Specialist { group, needs, mode } => {
                let groups = &self.context.centre.groups;
                let group = usize::from(group.0);
                if groups[group].count == 0 {
                    return None;
                }
                let mut stream =
                    self.context.streams.stream(Purpose::Specialist, task.id.stream_key(), 0);
                let to = specialist(groups, group, &mut stream);
                if to == self.id {
                    return None;
                }
                match mode {
                    &HandOverMode::Reserve { fallback_after } => {
                        Act::Reserve { to, needs: *needs, fallback_after }
                    }
                    HandOverMode::Assign { offline } => {
                        let skill = needs.unwrap_or(task.skill);
                        let offline = self.offline_status(task, offline, skill, &mut stream);
                        Act::TransferToAgent { to, needs: *needs, offline }
                    }
                }
            }
        })
    }

    /// The status in which an offline specialist is given it, with the boomerang of the skill that it
    /// needs from then on if it has none of its own (B9).
    fn offline_status(
        &self,
        task: &Task,
        offline: &OfflineAssignment,
        skill: SkillId,
        stream: &mut Stream,
    ) -> OfflineStatus {
        let boomerang = match offline {
            OfflineAssignment::New => return OfflineStatus::New,
            OfflineAssignment::Pending { boomerang: Some(own) } => Some(own.span(stream)),
            OfflineAssignment::Pending { boomerang: None } => {
                let streams = &self.context.streams;
                let of_skill = self.context.centre.skill_boomerang(skill);
                let mut stream = turn_stream(streams, Purpose::ReplyBoomerang, task);
                of_skill.and_then(|it| it.draw(&mut stream)).map(|set| set.after)
            }
        };
        OfflineStatus::Pending { boomerang }
    }
}

impl ReplyBoomerang {
    fn draw(&self, stream: &mut Stream) -> Option<SetBoomerang> {
        let sets = uniform(stream) < self.share;
        sets.then(|| SetBoomerang { after: self.after.span(stream), then: self.then })
    }
}

/// The conversation's dedicated specialist: any of the group, drawn by the conversation.
fn specialist(groups: &[AgentGroup], group: usize, stream: &mut Stream) -> AgentId {
    let first: u32 = groups[..group].iter().map(|group| group.count).sum();
    let member = (uniform(stream) * f64::from(groups[group].count)) as u32;
    AgentId(first + member.min(groups[group].count.saturating_sub(1)))
}
