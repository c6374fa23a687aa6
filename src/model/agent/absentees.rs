//! Who is absent on which day of a replication.

use crate::base::ids::AgentId;
use crate::base::stream::{Purpose, Streams, uniform};
use crate::base::time::Time;
use crate::model::settings::{AgentGroup, Roster, Shrinkage};

/// The absent members of a group.
#[derive(Debug)]
pub(super) struct Absentees {
    shrinkage: Shrinkage,
    /// Days, and on each whether a member is absent.
    days: Vec<Vec<bool>>,
}

impl Absentees {
    /// Draws those of a group whose first member is `first`; none if nobody is ever absent.
    pub(super) fn draw(group: &AgentGroup, first: AgentId, streams: &Streams) -> Option<Self> {
        let shrinkage = group.shrinkage.clone()?;
        let days = (0..shrinkage.days.len()).map(|day| {
            let draw = |member: u32| {
                let agent = group.stream_key_of(member, AgentId(first.0 + member));
                uniform(&mut streams.stream(Purpose::Shrinkage, agent, day as u64))
            };
            let mut rostered = Vec::from_iter(
                (0..group.count)
                    .filter(|&member| has_shift(group, member, &shrinkage, day))
                    .map(|member| (draw(member), member)),
            );
            let share = shrinkage.days[day].share;
            if shrinkage.is_random {
                rostered.retain(|(draw, _)| *draw < share);
            } else {
                // Whoever is absent at a lower share is at a higher one too.
                rostered.sort_by(|(one, _), (other, _)| one.total_cmp(other));
                rostered.truncate(libm::round(share * rostered.len() as f64) as usize);
            }
            let mut absent = vec![false; group.count as usize];
            rostered.iter().for_each(|&(_, member)| absent[member as usize] = true);
            absent
        });
        let days = days.collect();
        Some(Self { shrinkage, days })
    }

    /// Whether a member does not take the shift that begins at an instant.
    pub(super) fn has(&self, member: u32, start: Time) -> bool {
        let day = self.days.get(self.shrinkage.day_at(start));
        day.and_then(|absent| absent.get(member as usize)).is_some_and(|absent| *absent)
    }
}

fn has_shift(group: &AgentGroup, member: u32, shrinkage: &Shrinkage, day: usize) -> bool {
    let own = |agents: &[Vec<_>]| agents.get(member as usize).or_else(|| agents.last()).cloned();
    match &group.roster {
        Roster::Always => day == shrinkage.day_at(Time::ZERO),
        Roster::Daily(agents) => own(agents).is_some_and(|shifts| !shifts.is_empty()),
        Roster::Listed(agents) => own(agents)
            .is_some_and(|shifts| shifts.iter().any(|it| shrinkage.day_at(it.start) == day)),
    }
}
