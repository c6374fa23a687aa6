//! A log written by hand, replayed.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::base::time::{Span, Time};
use crate::fitting::{
    InterruptionsChange, LogMeter, MeterSettings, ObservedAgents, ParameterChanges, StateFrom,
    StateTimelines, TimesChange, WorkChange,
};
use crate::log::form::{LoggedEvent, LoggedParty, LoggedState};
use crate::log::{
    LogRow, LogVocabulary, LoggedAgent, LoggedConversation, PresenceRow, RowTaker as _,
};
use crate::model::settings::{Absence, Trigger};
use crate::scenario::{self, Plan, SideFileSource, Source};

use super::changed_centre::changed;
use super::logged_past::{ArrivalsReplayed, BackcastRefusal, LoggedPast, PresenceReplayed};
use super::past_replications::PastReplication;
use super::replayed_past::{ReplayedPast, meter_settings};
use super::scenario_values;

/// Everything at random that a group can do.
const RESTLESS: &str = r#"
run = { seed = 5, starts_at = "08:00", until = "12:00" }
[agents.day]
count = 2
shifts = ["08:00-12:00"]
reply_time = { exponential = { mean = "40s" } }
interruptions = { every = { exponential = { mean = "10m" } }, for = { exponential = { mean = "8m" } } }
disconnects = { every = { exponential = { mean = "20m" } }, for = { exponential = { mean = "5m" } } }
away.episodes = { reason = "Coffee", every = { exponential = { mean = "15m" } }, for = { exponential = { mean = "4m" } } }
finish.when = { late = { exponential = { mean = "20m" } } }
[consumers.web]
arrivals = "30/h"
messages = 2
patience = { exponential = { mean = "3m" } }
"#;

fn plan(text: &str) -> Arc<Plan> {
    let source = Source { name: "day.toml".to_owned(), text: text.to_owned() };
    let scenario = scenario::parse(source, SideFileSource::default());
    Arc::clone(&scenario.unwrap_or_else(|findings| panic!("{findings}")).variants[0].plan)
}

/// 2026-01-05, a Monday, at a clock time in UTC.
fn at(hour: i64, minute: i64) -> Time {
    Time::ZERO + Span::from_hours(24 * 20_458 + hour) + Span::from_mins(minute)
}

/// Agents by number: presence of two who come early, go away, log out and in, and stay late.
fn presence(vocabulary: &mut LogVocabulary) -> ObservedAgents {
    use LoggedState::{Away, Offline, Online};
    let states = [
        (at(7, 30), 1, Online),
        (at(8, 0), 2, Away),
        (at(8, 10), 2, Online),
        (at(9, 0), 1, Away),
        (at(9, 20), 1, Online),
        (at(9, 30), 2, Offline),
        (at(9, 45), 2, Online),
        (at(11, 59), 2, Away),
        (at(12, 10), 2, Offline),
        (at(12, 40), 1, Offline),
    ];
    let mut agents = ObservedAgents::default();
    for (at, number, state) in states {
        let agent = LoggedAgent(vocabulary.agents.number(&format!("day {number}")) as u32);
        let row = PresenceRow { at, agent, state, cause: None, offset_minutes: 0 };
        agents.presence.rows.push(row);
    }
    agents
}

fn opened(position: u64, at: Time) -> LogRow {
    LogRow {
        at,
        position,
        part: 0,
        offset_minutes: 0,
        conversation: LoggedConversation(position),
        skill: None,
        event: LoggedEvent::Message,
        from: Some(LoggedParty::Consumer),
        agent: None,
        cause: None,
        state: None,
        digest: 0,
    }
}

#[test]
fn presence_and_openings_are_replayed_to_the_instant_whatever_else_is_random() {
    let plan = plan(RESTLESS);
    let mut vocabulary = LogVocabulary::default();
    let agents = presence(&mut vocabulary);
    let settings = meter_settings(&plan, &vocabulary, Span::ZERO);
    let mut meter = LogMeter::new(&agents, &settings);
    let openings = Vec::from_iter((0..100).map(|number| at(7, 31 + 3 * number)));
    (1..).zip(&openings).for_each(|(position, &at)| meter.take(&opened(position, at)));
    let measured = meter.finish();
    let log = LoggedPast {
        measured: &measured,
        agents: &agents,
        agent_rows: &[],
        vocabulary: &vocabulary,
    };
    let (arrivals, presence) = (ArrivalsReplayed::AsLogged, PresenceReplayed::AsLogged);
    let past = ReplayedPast::new(&plan, &log, arrivals, presence, Span::ZERO).unwrap();
    let stop = AtomicBool::new(false);
    let replication = PastReplication { past: &past, stop: &stop };
    let logged = StateTimelines::of(&agents.presence);
    let mut unlike = 0;
    let mut before = None;
    for number in 0..20 {
        let centre = past.plan.centre.clone();
        let (states, messages) = replication.record(past.plan_of(centre, number), number).unwrap();
        assert_eq!(StateTimelines::of(&states.presence), logged, "replication {number}");
        let settings = MeterSettings::default();
        let mut meter = LogMeter::new(&states, &settings);
        messages.iter().for_each(|row| meter.take(row));
        let measured = meter.finish();
        let found = Vec::from_iter(measured.openings.iter().map(|opening| opening.at));
        assert_eq!(found, openings, "replication {number}");
        let answers = measured.samples.answers.ended();
        unlike += u32::from(before.replace(answers).is_some_and(|before| before != answers));
    }
    assert!(unlike > 10, "what agents and consumers do is random: {unlike}");
}

#[test]
fn what_a_scenario_does_not_know_is_refused() {
    let plan = plan(RESTLESS);
    let refused = |agent: &str, skill: Option<&str>| {
        let mut vocabulary = LogVocabulary::default();
        let mut agents = presence(&mut vocabulary);
        agents.presence.rows[0].agent = LoggedAgent(vocabulary.agents.number(agent) as u32);
        let skill =
            skill.map(|name| crate::log::LoggedSkill(vocabulary.skills.number(name) as u16));
        let settings = MeterSettings::default();
        let mut meter = LogMeter::new(&agents, &settings);
        meter.take(&LogRow { skill, ..opened(1, at(9, 0)) });
        let measured = meter.finish();
        let (agents, vocabulary) = (&agents, &vocabulary);
        let log = LoggedPast { measured: &measured, agents, agent_rows: &[], vocabulary };
        let (arrivals, presence) = (ArrivalsReplayed::AsLogged, PresenceReplayed::AsLogged);
        ReplayedPast::new(&plan, &log, arrivals, presence, Span::ZERO).err()
    };
    assert_eq!(refused("day 1", Some("general")), None);
    let unknown = refused("day 1", Some("genral")).unwrap();
    assert!(matches!(unknown, BackcastRefusal::UnknownSkill { .. }), "{unknown:?}");
    assert!(unknown.to_string().contains("did you mean `general`?"), "{unknown}");
    // Of one group, whoever has a name of its own belongs to it.
    assert_eq!(refused("Ada", None), None);
}

#[test]
fn parameters_are_changed_where_they_stand() {
    let plan = plan(RESTLESS);
    let changes = ParameterChanges {
        patience: Some(TimesChange::Factor(0.5)),
        work: vec![WorkChange { skill: None, change: TimesChange::Factor(1.15) }],
        interruptions: Some(InterruptionsChange::Factors { every: 2.0, length: 0.5 }),
        ..ParameterChanges::default()
    };
    let centre = changed(&plan.centre, &changes);
    assert!((scenario_values::patience(&centre).unwrap().mean - 90.0).abs() < 1e-9);
    let work = scenario_values::work(&centre, crate::base::ids::SkillId(0)).unwrap();
    assert!((work.mean - 46.0).abs() < 1e-9);
    let found = scenario_values::interruptions(&centre);
    assert!((found.every - 1200.0).abs() < 1e-9 && (found.length - 240.0).abs() < 1e-9);
    let to = InterruptionsChange::To { every: 300.0, length: 60.0 };
    let changes = ParameterChanges { interruptions: Some(to), ..ParameterChanges::default() };
    let centre = changed(&plan.centre, &changes);
    let of = |centre: &crate::model::settings::Centre| {
        let episodes = centre.groups[0].episodes.iter();
        episodes
            .filter(|it| {
                it.absence == Absence::Interruption && matches!(it.trigger, Trigger::Every(_))
            })
            .count()
    };
    assert_eq!((of(&plan.centre), of(&centre)), (1, 1));
    assert!((scenario_values::interruptions(&centre).every - 300.0).abs() < 1e-9);
    assert_eq!(changed(&plan.centre, &ParameterChanges::default()), plan.centre);
}

#[test]
fn a_state_of_no_time_at_all_is_none() {
    let mut vocabulary = LogVocabulary::default();
    let mut agents = presence(&mut vocabulary);
    let agent = agents.presence.rows[0].agent;
    let own = |agents: &ObservedAgents| {
        let timelines = StateTimelines::of(&agents.presence);
        Vec::<StateFrom>::from(timelines.of_agent(agent))
    };
    let before = own(&agents);
    let away = PresenceRow { state: LoggedState::Away, ..agents.presence.rows[0] };
    agents.presence.rows.insert(0, away);
    assert_eq!(own(&agents), before);
}
