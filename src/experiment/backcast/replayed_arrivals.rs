//! Conversations of a log as consumers of a scenario.

use crate::base::arrivals::{ArrivalProcess, Arrivals, Trace};
use crate::base::ids::{KindId, SkillId};
use crate::base::stream::{Purpose, Streams, uniform};
use crate::base::time::{Span, Time};
use crate::model::settings::{Centre, ConsumerKind};
use crate::scenario::Plan;

use super::logged_past::{BackcastRefusal, LoggedPast};
use super::replay_clock::{DAY, ReplayClock};

/// Kinds that ask for one skill each, and come when the log says; each conversation of a skill that several
/// kinds ask for is of one of them, as often as they come. Nobody comes again by itself: all conversations
/// are in the log.
pub(super) fn logged_kinds(
    plan: &Plan,
    past: &LoggedPast<'_>,
    clock: &ReplayClock,
    streams: &Streams,
) -> Result<Vec<ConsumerKind>, BackcastRefusal> {
    let kinds = kinds_of_one_skill(plan);
    let mut instants = vec![Vec::<Time>::new(); kinds.len()];
    let names = past.vocabulary.skills.names();
    for (number, opening) in past.measured.openings.iter().enumerate() {
        let at = clock.in_run(opening.at);
        let name = opening.skill.and_then(|skill| names.get(usize::from(skill.0)));
        let skill = name.map(|name| skill_of(&plan.centre, name)).transpose()?;
        let asks = |kind: &KindOfSkill| skill.is_none_or(|skill| kind.skill == skill);
        let shares = Vec::from_iter(kinds.iter().map(|it| if asks(it) { it.share } else { 0.0 }));
        let sum: f64 = shares.iter().sum();
        if sum <= 0.0 {
            let skill = name.cloned().unwrap_or_default();
            return Err(BackcastRefusal::NobodyAsks { skill });
        }
        let mut left = sum * uniform(&mut streams.stream(Purpose::Backcast, KINDS, number as u64));
        let chosen = shares.iter().position(|share| {
            left -= share;
            left < 0.0
        });
        let last = shares.iter().rposition(|share| *share > 0.0).unwrap_or(0);
        if at >= Time::ZERO {
            instants[chosen.unwrap_or(last)].push(at);
        }
    }
    let kinds = kinds.into_iter().zip(instants).filter(|(_, instants)| !instants.is_empty());
    kinds
        .map(|(kind, instants)| {
            let trace = Trace::new(instants).map_err(|_| BackcastRefusal::OutOfOrder)?;
            let skills = vec![(kind.skill, 1.0)];
            let arrivals = ArrivalProcess::Trace(trace);
            let (returns, recontacts, backlog) = (None, None, Vec::new());
            Ok(ConsumerKind { arrivals, skills, returns, recontacts, backlog, ..kind.kind })
        })
        .collect()
}

/// The skill of a name in a log.
pub(super) fn skill_of(centre: &Centre, name: &str) -> Result<SkillId, BackcastRefusal> {
    let known = centre.skills.iter().position(|skill| skill == name);
    match known {
        Some(number) => Ok(SkillId(number as u16)),
        None => Err(BackcastRefusal::UnknownSkill {
            name: name.to_owned(),
            known: centre.skills.clone(),
        }),
    }
}

/// Entities of the streams of [`Purpose::Backcast`].
const KINDS: u64 = 1;

struct KindOfSkill {
    kind: ConsumerKind,
    skill: SkillId,
    /// How many come, about.
    share: f64,
}

fn kinds_of_one_skill(plan: &Plan) -> Vec<KindOfSkill> {
    let kinds = plan.centre.kinds.iter().flat_map(|kind| {
        let expected = match &kind.arrivals {
            ArrivalProcess::Closed { population, .. } => *population as f64,
            others => others.expected(Time::ZERO, plan.run.until),
        };
        let asked = kind.skills.iter().filter(|(_, share)| *share > 0.0);
        // Nobody is expected of a kind on the days of another scenario: it still may be the only one.
        asked.map(move |&(skill, share)| KindOfSkill {
            kind: kind.clone(),
            skill,
            share: share * expected.max(1e-9),
        })
    });
    kinds.collect()
}

/// Kinds whose arrivals are drawn: by the scenario's dates, or, without, anew for each of so many days, of
/// which the first begins so long after the start of the run.
pub(super) fn drawn_kinds(
    plan: &Plan,
    days: u64,
    lead: Span,
    streams_of: &dyn Fn(u64) -> Streams,
) -> Vec<ConsumerKind> {
    let kinds = (0..).map(KindId).zip(&plan.centre.kinds);
    let drawn = kinds.map(|(id, kind)| {
        let kind = ConsumerKind { backlog: Vec::new(), ..kind.clone() };
        if plan.run.calendar.first_date().is_some() {
            return kind;
        }
        let of_day = |day: u64| {
            let later = lead + DAY * day as i64;
            let arrivals = Arrivals::new(&kind.arrivals, &streams_of(day), id, plan.run.until);
            arrivals.map(move |at| at + later)
        };
        let mut instants = Vec::from_iter((0..days).flat_map(of_day));
        instants.sort_unstable();
        let trace = Trace::new(instants).map(ArrivalProcess::Trace);
        ConsumerKind { arrivals: trace.unwrap_or_else(|_| kind.arrivals.clone()), ..kind }
    });
    drawn.collect()
}
