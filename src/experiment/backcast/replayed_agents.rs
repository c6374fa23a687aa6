//! The agents of a log, with their presence or their planned shifts, in the groups of a scenario.

use std::collections::BTreeMap;

use crate::base::distribution::Distribution;
use crate::base::ids::{ReasonId, SkillId};
use crate::base::time::{Span, Time};
use crate::fitting::{StateFrom, StateTimelines};
use crate::log::form::{LoggedState, SESSION_TIMEOUT};
use crate::log::{AgentRow, LoggedAgent, PlannedShift, PresenceLog};
use crate::model::settings::{
    Absence, AgentGroup, AwayKind, AwayReason, Centre, Episode, Finish, FinishPending, FinishWhen,
    NamedAgent, OnUnassign, Roster, Shift, Trigger, WhenLate,
};

use super::logged_past::{BackcastRefusal, LoggedPast, PresenceReplayed};
use super::replay_clock::ReplayClock;

/// When one agent is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ReplayedTimes {
    /// Logged in.
    pub(super) shifts: Vec<Shift>,
    /// Of it Away.
    pub(super) away: Vec<Shift>,
    /// Of it cut off, until the session ends.
    pub(super) cut_off: Vec<Shift>,
}

/// Puts the agents of a log in the place of the scenario's; comes to their numbers in the log, by
/// [`crate::base::ids::AgentId`].
pub(super) fn replay_agents(
    centre: &mut Centre,
    past: &LoggedPast<'_>,
    clock: &ReplayClock,
    presence: PresenceReplayed,
    until: Time,
) -> Result<Vec<LoggedAgent>, BackcastRefusal> {
    let times = match presence {
        PresenceReplayed::AsLogged => logged_times(&past.agents.presence, clock, until),
        PresenceReplayed::AsPlanned => planned_times(&past.agents.shifts, clock, until),
    };
    let mut members = Vec::from_iter(centre.groups.iter().map(|_| Vec::new()));
    for (agent, times) in times {
        let member = Member::of(centre, past, agent)?;
        members[member.group].push((agent, member.own, times));
    }
    let reason = ReasonId(centre.reasons.len().min(usize::from(u8::MAX)) as u8);
    if presence == PresenceReplayed::AsLogged {
        centre.reasons.push(AwayReason { name: "Away".to_owned(), kind: AwayKind::Planned });
        // The states of the log show it already.
        centre.unassign.on_unassign = OnUnassign::Nothing;
    }
    let mut logged = Vec::new();
    for (group, members) in centre.groups.iter_mut().zip(members) {
        group.count = members.len() as u32;
        group.shrinkage = None;
        let (mut named, mut times) = (Vec::new(), Vec::new());
        for (agent, own, own_times) in members {
            logged.push(agent);
            named.push(own);
            times.push(own_times);
        }
        group.named = named;
        group.roster = Roster::Listed(times.iter().map(|own| own.shifts.clone()).collect());
        match presence {
            PresenceReplayed::AsLogged => replay_presence(group, &times, reason),
            PresenceReplayed::AsPlanned => {
                group.episodes.retain(|it| !matches!(it.trigger, Trigger::Listed { .. }));
            }
        }
    }
    Ok(logged)
}

/// Agents come and go as the log says, and not at random too; they are interrupted at random.
fn replay_presence(group: &mut AgentGroup, times: &[ReplayedTimes], reason: ReasonId) {
    group.finish = Finish {
        when: FinishWhen::AtShiftEnd,
        pending: FinishPending::Leave,
        away_before: None,
        ..group.finish.clone()
    };
    group.episodes.retain(|episode| {
        episode.absence == Absence::Interruption
            && !matches!(episode.trigger, Trigger::Listed { .. })
    });
    let listed = |of: &dyn Fn(&ReplayedTimes) -> Vec<Shift>, absence| Episode {
        absence,
        trigger: Trigger::Listed {
            agents: times.iter().map(of).collect::<Vec<_>>().into(),
            are_daily: false,
            when_late: WhenLate::Never,
        },
        // Each is as long as is listed.
        length: Distribution::Fixed(0.0),
    };
    group.episodes.push(listed(&|own| own.away.clone(), Absence::Away(reason)));
    group.episodes.push(listed(&|own| own.cut_off.clone(), Absence::Interruption));
}

fn logged_times(
    presence: &PresenceLog,
    clock: &ReplayClock,
    until: Time,
) -> BTreeMap<LoggedAgent, ReplayedTimes> {
    let timelines = StateTimelines::of(presence);
    let timeout = presence.causes.known(SESSION_TIMEOUT);
    let timed_out = presence.rows.iter().filter(|row| timeout.is_some() && row.cause == timeout);
    let mut cut_off = BTreeMap::<LoggedAgent, Vec<Time>>::new();
    for row in timed_out {
        cut_off.entry(row.agent).or_default().push(clock.in_run(row.at));
    }
    let times = timelines.agents().map(|(agent, states)| {
        let states = states.iter().map(|state| StateFrom { at: clock.in_run(state.at), ..*state });
        let mut times = times_of(&Vec::from_iter(states), until);
        times.cut_off = cut_off
            .get(&agent)
            .into_iter()
            .flatten()
            .filter_map(|&end| {
                let online = online_until(&times, end)?;
                Some(Shift { start: online.max(end - SESSION), end })
            })
            .collect();
        (agent, times)
    });
    times.filter(|(_, times)| !times.shifts.is_empty()).collect()
}

/// For so long a connection is lost when the platform ends its session.
const SESSION: Span = Span::from_secs(60);

/// Since when an agent has been Online who logs out at an instant; none if it was Away.
fn online_until(times: &ReplayedTimes, end: Time) -> Option<Time> {
    let shift = times.shifts.iter().find(|shift| shift.end == end)?;
    let last = times.away.iter().rev().find(|away| away.start < end);
    match last.filter(|away| away.end > shift.start) {
        Some(away) if away.end >= end => None,
        Some(away) => Some(away.end),
        None => Some(shift.start),
    }
}

/// Stretches of states, from the start of the run to its end.
fn times_of(states: &[StateFrom], until: Time) -> ReplayedTimes {
    let mut times = ReplayedTimes::default();
    let later = until + Span::from_hours(1);
    let mut push = |is_away: bool, start: Time, end: Time| {
        let (start, end) = (start.max(Time::ZERO), end.min(later));
        if start >= end {
            return;
        }
        join(&mut times.shifts, start, end);
        if is_away {
            join(&mut times.away, start, end);
        }
    };
    for (position, state) in states.iter().enumerate() {
        let end = states.get(position + 1).map_or(later, |next| next.at);
        if state.state != LoggedState::Offline {
            push(state.state == LoggedState::Away, state.at, end);
        }
    }
    times
}

/// What begins where the last ends goes on with it.
fn join(list: &mut Vec<Shift>, start: Time, end: Time) {
    match list.last_mut() {
        Some(last) if last.end == start => last.end = end,
        _ => list.push(Shift { start, end }),
    }
}

fn planned_times(
    shifts: &[PlannedShift],
    clock: &ReplayClock,
    until: Time,
) -> BTreeMap<LoggedAgent, ReplayedTimes> {
    let mut times = BTreeMap::<LoggedAgent, ReplayedTimes>::new();
    for shift in shifts {
        let (start, end) = (clock.in_run(shift.start).max(Time::ZERO), clock.in_run(shift.end));
        if start < end && start < until {
            times.entry(shift.agent).or_default().shifts.push(Shift { start, end });
        }
    }
    times
}

/// Where an agent of a log belongs.
struct Member {
    group: usize,
    own: NamedAgent,
}

impl Member {
    /// By its name, by its team, or because there is one group only.
    fn of(
        centre: &Centre,
        past: &LoggedPast<'_>,
        agent: LoggedAgent,
    ) -> Result<Self, BackcastRefusal> {
        let names = past.vocabulary.agents.names();
        let name = names.get(agent.0 as usize).cloned().unwrap_or_default();
        let unnamed =
            |speed| NamedAgent { name: name.clone(), skills: None, concurrency: None, speed };
        for (group, settings) in centre.groups.iter().enumerate() {
            if let Some(own) = settings.named.iter().find(|own| own.name == name) {
                return Ok(Self { group, own: own.clone() });
            }
            let number = name.strip_prefix(&settings.name).and_then(|rest| rest.strip_prefix(' '));
            let number = number.and_then(|number| number.parse::<u32>().ok());
            if number.is_some_and(|number| (1..=settings.count).contains(&number)) {
                return Ok(Self { group, own: unnamed(1.0) });
            }
        }
        let row: Option<&AgentRow> = past.agent_rows.iter().find(|row| row.agent == agent);
        let of_team = row.and_then(|row| centre.groups.iter().position(|it| it.name == row.team));
        let group = of_team.or_else(|| (centre.groups.len() == 1).then_some(0));
        let Some(group) = group else {
            let team = row.map(|row| row.team.clone()).filter(|team| !team.is_empty());
            return Err(BackcastRefusal::UnknownAgent { name, team });
        };
        let skills = row.map_or(&[][..], |row| &row.skills).iter().filter_map(|skill| {
            let number = centre.skills.iter().position(|known| known == skill)?;
            Some(SkillId(number as u16))
        });
        let mut skills = Vec::from_iter(skills);
        skills.sort_unstable();
        let skills = Some(skills).filter(|skills| !skills.is_empty());
        let concurrency = row.and_then(|row| row.slots);
        Ok(Self { group, own: NamedAgent { skills, concurrency, ..unnamed(1.0) } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Time {
        Time::ZERO + Span::from_mins(minute)
    }

    fn shift(start: i64, end: i64) -> Shift {
        Shift { start: at(start), end: at(end) }
    }

    /// There since before the start; Away for two reasons in a row; gone and back; there at the end.
    #[test]
    fn stretches_of_states_by_hand() {
        use LoggedState::{Away, Offline, Online};
        let states =
            [(-5, Online), (10, Away), (20, Online), (60, Offline), (70, Away), (75, Online)];
        let states = states.map(|(minute, state)| StateFrom { at: at(minute), state });
        let times = times_of(&states, at(90));
        assert_eq!(times.shifts, [shift(0, 60), shift(70, 150)]);
        assert_eq!(times.away, [shift(10, 20), shift(70, 75)]);
        assert_eq!(online_until(&times, at(60)), Some(at(20)));
        let away = ReplayedTimes { shifts: vec![shift(0, 60)], away: vec![shift(50, 60)], ..times };
        assert_eq!(online_until(&away, at(60)), None);
    }
}
