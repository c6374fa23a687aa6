//! A scenario whose people come and go as a log says.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::stream::{Streams, mix};
use crate::base::time::{Span, Time};
use crate::fitting::MeterSettings;
use crate::log::form::LoggedState;
use crate::log::{LogVocabulary, LoggedAgent, LoggedSkill};
use crate::model::settings::{Centre, OpeningHours, SkillHours};
use crate::scenario::plan::RunEnd;
use crate::scenario::{Plan, RunSettings};

use super::logged_past::{ArrivalsReplayed, BackcastRefusal, LoggedPast, PresenceReplayed};
use super::replay_clock::{DAY, ReplayClock};
use super::replayed_agents::replay_agents;
use super::replayed_arrivals::{drawn_kinds, logged_kinds};

/// A scenario in which a log happens again.
pub struct ReplayedPast {
    pub(super) plan: Arc<Plan>,
    pub(super) clock: ReplayClock,
    /// Numbers in the log, by agent of the plan.
    pub(super) agents: Vec<LoggedAgent>,
    /// Numbers in the log, by skill of the plan; none where the log has no skills.
    pub(super) skills: Vec<Option<LoggedSkill>>,
    pub(super) settings: MeterSettings,
    /// The scenario as it is, where arrivals are drawn.
    pub(super) drawn_of: Option<Arc<Plan>>,
    days: u64,
}

impl ReplayedPast {
    /// Puts a log into a scenario, which begins on the log's first day if it has dates.
    ///
    /// # Errors
    ///
    /// The scenario does not know a skill or an agent of the log.
    pub fn new(
        plan: &Arc<Plan>,
        past: &LoggedPast<'_>,
        arrivals: ArrivalsReplayed,
        presence: PresenceReplayed,
        tick: Span,
    ) -> Result<Self, BackcastRefusal> {
        let openings = &past.measured.openings;
        let (Some(first), Some(last)) = (openings.first(), openings.last()) else {
            return Err(BackcastRefusal::Empty);
        };
        let begins = past.agents.presence.rows.first().map_or(first.at, |row| row.at.min(first.at));
        let calendar = &plan.run.calendar;
        let clock = ReplayClock::new(calendar, begins, first.day, first.offset_minutes);
        let until = clock.in_run(end_of(past, &clock));
        let mut centre = plan.centre.clone();
        let agents = replay_agents(&mut centre, past, &clock, presence, until)?;
        let seed = mix(plan.run.seed ^ SEED);
        if arrivals == ArrivalsReplayed::AsLogged {
            centre.kinds = logged_kinds(plan, past, &clock, &Streams::new(seed, 0))?;
            if centre.kinds.len() > 256 {
                return Err(BackcastRefusal::TooManyKinds);
            }
        }
        if calendar.first_date().is_none() {
            open_every_day(&mut centre, until);
        }
        let run = RunSettings {
            seed,
            warm_up: Span::ZERO,
            seeks_warm_up: false,
            batch_means: false,
            until,
            end: RunEnd::Cut,
            ..plan.run.clone()
        };
        let skills = logged_skills(&centre, past.vocabulary);
        let settings = meter_settings(plan, past.vocabulary, tick);
        let drawn_of = (arrivals == ArrivalsReplayed::AsDrawn).then(|| Arc::clone(plan));
        let days = u64::try_from(last.day - first.day).unwrap_or(0) + 1;
        let plan = Arc::new(Plan { centre, run, measure: plan.measure.clone() });
        Ok(Self { plan, clock, agents, skills, settings, drawn_of, days })
    }

    /// The plan of one replication, whose people are those of a centre with other parameters.
    pub(super) fn plan_of(&self, centre: Centre, replication: u64) -> Arc<Plan> {
        let mut centre = centre;
        if let Some(plan) = &self.drawn_of {
            let seed = self.plan.run.seed;
            let drawn = Plan { centre: Centre { ..centre.clone() }, ..Plan::clone(plan) };
            let streams_of = |day: u64| Streams::new(seed, mix(replication) ^ day);
            centre.kinds = drawn_kinds(&drawn, self.days, self.clock.lead(), &streams_of);
        }
        Arc::new(Plan { centre, ..Plan::clone(&self.plan) })
    }
}

/// So that no draw of a run that wrote the log comes again.
const SEED: u64 = 0x6261_636b_6361_7374;

/// When the run ends: with the log if somebody is still there then, else with the day.
fn end_of(past: &LoggedPast<'_>, clock: &ReplayClock) -> Time {
    let last = past.measured.samples.span.map_or(Time::ZERO, |[_, last]| last);
    let mut states = BTreeMap::new();
    for row in &past.agents.presence.rows {
        states.insert(row.agent, row.state);
    }
    let is_cut = states.is_empty() || states.values().any(|state| *state != LoggedState::Offline);
    if is_cut {
        return last + Span::from_micros(1);
    }
    let offset = Span::from_mins(1) * i64::from(clock.offset_minutes(clock.in_run(last)));
    let local = (last + offset).as_micros();
    let midnight = Time::from_micros((local.div_euclid(DAY.as_micros()) + 1) * DAY.as_micros());
    midnight - offset
}

/// Opening hours of a scenario without a date are those of one day, which come again.
fn open_every_day(centre: &mut Centre, until: Time) {
    let days = until.since_start().as_micros() / DAY.as_micros() + 1;
    for skill in &mut centre.skill_settings {
        skill.hours = skill.hours.take().map(|hours| {
            let windows = Vec::from_iter(hours.open.windows());
            let on = |day: i64| {
                let later = DAY * day;
                windows.iter().map(move |&(start, end)| (start + later, end + later))
            };
            let open = OpeningHours::new((-1..=days).flat_map(on).collect());
            SkillHours { open, ..hours }
        });
    }
}

fn logged_skills(centre: &Centre, vocabulary: &LogVocabulary) -> Vec<Option<LoggedSkill>> {
    let names = vocabulary.skills.names();
    let mut beyond = names.len();
    let logged = centre.skills.iter().map(|skill| {
        if names.is_empty() {
            return None;
        }
        let known = names.iter().position(|name| name == skill);
        let number = known.unwrap_or_else(|| {
            beyond += 1;
            beyond - 1
        });
        Some(LoggedSkill(number as u16))
    });
    logged.collect()
}

/// What a log is measured by: thresholds are the scenario's.
pub fn meter_settings(plan: &Plan, vocabulary: &LogVocabulary, tick: Span) -> MeterSettings {
    let within = plan.measure.service_level.within;
    let own = plan.centre.skills.iter().zip(&plan.measure.skill_thresholds);
    let own = own.filter_map(|(skill, own)| {
        let number = vocabulary.skills.known(skill)?;
        Some((LoggedSkill(number as u16), (*own)?))
    });
    MeterSettings { within, within_of_skill: own.collect(), tick }
}
