//! What one replication, or several merged, came to.

use serde::{Deserialize, Serialize};

use crate::base::ids::SkillId;
use crate::base::time::{Span, Time};
use crate::model::settings::{AwayKind, Centre};

use super::day_figures::DayFigures;
use super::gauge::{Gauge, LevelFigure};
use super::invariants::Violation;
use super::merge::{Merge, ratio};
use super::part_goal::{PartGoal, PartOf};
use super::part_intervals::{GroupIntervalFigures, SkillIntervalFigures};
use super::settings::{Goals, MeasureSettings, ServiceLevel};

pub use super::agent_work::{AgentCounts, AgentTimes};
pub use super::figures::{AgentFigures, GroupFigures, InstantFigures, SkillFigures};
pub use super::flow::{Abandoned, Clients, Counts, Flow, LostAnswers, UNASSIGN_CLASSES};
pub use super::intervals::IntervalFigures;
pub use super::times::Times;
pub use super::wall_clock_waits::WallClockWaits;

/// Everything measured, as integers that add exactly over replications.
///
/// Only conversations opened at or after the warm-up count. Time-weighted figures begin at the
/// warm-up and are kept apart up to the horizon and after it (the drain). Large sums are 128-bit:
/// save it with a format that knows them, such as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// How many replications are merged here.
    pub replications: u64,
    /// Whether the invariants were checked in all of them.
    pub checked: bool,
    /// Under which settings.
    pub frame: OutcomeFrame,
    /// Names behind the positions.
    pub labels: Labels,
    /// Conversations of the run.
    pub flow: Flow,
    /// Conversations that awaited their first answer when the run began.
    #[serde(default)]
    pub before_run: Flow,
    /// Waits by the clock on the wall; none where all waits are.
    #[serde(default)]
    pub wall: WallClockWaits,
    /// Occurrences of the run.
    pub counts: Counts,
    /// Clients of the run.
    pub clients: Clients,
    /// Durations of the run.
    pub times: Times,
    /// By skill, of every stay with it.
    pub skills: Vec<SkillFigures>,
    /// By agent group.
    pub groups: Vec<GroupFigures>,
    /// By agent.
    #[serde(with = "super::agent_rows")]
    pub agents: Vec<AgentFigures>,
    /// Intervals from the start of the run, one after the other over all days; the first begins at
    /// the start of the run, whatever the warm-up.
    pub intervals: Vec<IntervalFigures>,
    /// Of a run of several days, its days and weekdays, as whoever runs it cuts them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<DayFigures>,
    /// Time-weighted figures, by [`Gauge`] as position.
    pub levels: [LevelFigure; Gauge::COUNT],
    /// `measure.at`.
    pub instants: Vec<InstantFigures>,
    /// Time from the end of the warm-up to the end of the run, summed over replications,
    /// microseconds.
    pub to_rest: u128,
}

/// Settings that the figures depend on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutcomeFrame {
    /// Measures begin.
    pub warm_up: Time,
    /// Arrivals end.
    pub until: Time,
    /// Length of an interval.
    pub interval: Span,
    /// Definition of the service level.
    pub service_level: ServiceLevel,
    /// By skill: its own threshold (A16); `None` = that of the service level.
    pub skill_thresholds: Vec<Option<Span>>,
    /// A response within this time is in time.
    pub response_within: Span,
    /// Goals.
    pub goals: Goals,
    /// Goals for any figure, or for a part of the run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub part_goals: Vec<PartGoal>,
}

/// Names behind the positions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// Skills.
    pub skills: Vec<String>,
    /// Agent groups.
    pub groups: Vec<String>,
    /// Away reasons.
    pub reasons: Vec<String>,
    /// How each of them comes about.
    pub away_kinds: Vec<AwayKind>,
}

impl OutcomeFrame {
    /// The settings of one plan.
    pub fn new(measure: &MeasureSettings, warm_up: Time, until: Time) -> Self {
        Self {
            warm_up,
            until,
            interval: measure.interval,
            service_level: measure.service_level,
            skill_thresholds: measure.skill_thresholds.clone(),
            response_within: measure.response_within,
            goals: measure.goals,
            part_goals: measure.part_goals.clone(),
        }
    }

    /// What a wait that began with a skill must not exceed (A16): as
    /// [`Centre::threshold`], of results that are read again without their centre.
    pub fn threshold(&self, skill: SkillId) -> Span {
        let own = self.skill_thresholds.get(usize::from(skill.0)).copied().flatten();
        own.unwrap_or(self.service_level.within)
    }

    /// Whether one threshold is that of all skills.
    pub fn has_one_threshold(&self) -> bool {
        self.skill_thresholds.iter().flatten().all(|own| *own == self.service_level.within)
    }
}

impl Outcome {
    /// One replication in which nothing has happened yet.
    pub(super) fn empty(
        centre: &Centre,
        measure: &MeasureSettings,
        frame: OutcomeFrame,
        checked: bool,
    ) -> Self {
        let reasons = centre.reasons.len();
        Self {
            replications: 1,
            checked,
            frame,
            labels: Labels {
                skills: centre.skills.clone(),
                groups: centre.groups.iter().map(|group| group.name.clone()).collect(),
                reasons: centre.reasons.iter().map(|reason| reason.name.clone()).collect(),
                away_kinds: centre.reasons.iter().map(|reason| reason.kind).collect(),
            },
            flow: Flow::default(),
            before_run: Flow::default(),
            wall: WallClockWaits::default(),
            counts: Counts::default(),
            clients: Clients::default(),
            times: Times::default(),
            skills: skills(centre, &measure.part_goals),
            groups: groups(centre, &measure.part_goals),
            agents: centre
                .agents()
                .map(|(group, _)| AgentFigures::none(group.0, reasons))
                .collect(),
            intervals: vec![IntervalFigures::default()],
            days: Vec::new(),
            levels: [LevelFigure::default(); Gauge::COUNT],
            instants: measure.at.iter().map(|&at| InstantFigures::none(at)).collect(),
            to_rest: 0,
        }
    }

    /// Adds other replications of the same plan. Exact and independent of grouping; do it in
    /// replication order all the same.
    pub fn merge(&mut self, other: &Self) {
        debug_assert!(self.frame == other.frame && self.labels == other.labels);
        self.replications += other.replications;
        self.checked &= other.checked;
        self.flow.merge(&other.flow);
        self.before_run.merge(&other.before_run);
        self.wall.merge(&other.wall);
        self.counts.merge(&other.counts);
        self.clients.merge(&other.clients);
        self.times.merge(&other.times);
        self.skills.merge(&other.skills);
        self.groups.merge(&other.groups);
        self.agents.merge(&other.agents);
        self.intervals.merge(&other.intervals);
        self.days.merge(&other.days);
        self.levels.merge(&other.levels);
        self.instants.merge(&other.instants);
        self.to_rest.merge(&other.to_rest);
    }

    /// Conversations of the run, with those that awaited their first answer when it began.
    pub fn with_before_run(&self) -> Flow {
        let mut flow = self.flow.clone();
        flow.merge(&self.before_run);
        flow
    }

    /// Time from the end of the warm-up to the horizon, summed over replications, microseconds.
    pub fn horizon(&self) -> u128 {
        let span = (self.frame.until - self.frame.warm_up).as_micros().max(0);
        span as u128 * u128::from(self.replications)
    }

    /// Time-weighted mean from the end of the warm-up to the horizon, in whole units (slots, not
    /// thousandths).
    pub fn mean(&self, gauge: Gauge) -> Option<f64> {
        let area = self.levels[gauge as usize].horizon;
        ratio(area, self.horizon()).map(|mean| mean / gauge.scale())
    }

    /// Highest value after the warm-up in any replication, in whole units.
    pub fn maximum(&self, gauge: Gauge) -> f64 {
        self.levels[gauge as usize].maximum as f64 / gauge.scale()
    }

    /// The service level as configured.
    pub fn service_level(&self) -> Option<f64> {
        self.flow.service_level(self.frame.service_level.of)
    }

    /// Rule 2, by skill too; without checks nothing is compared.
    ///
    /// # Errors
    ///
    /// The measures of a whole centre do not balance.
    pub fn verify_balance(&self, at: Time) -> Result<(), Violation> {
        if !self.checked || self.balances() {
            return Ok(());
        }
        let offered = self.skills.iter().map(|skill| skill.flow.offered).collect::<Vec<_>>();
        let detail = format!(
            "{} conversations and, by skill, {offered:?} stays were offered, which is not what \
             became of them",
            self.flow.offered
        );
        Err(Violation { rule: 2, at, conversation: None, detail })
    }

    /// Whether every conversation and every stay with a skill is accounted for once: stays offered =
    /// conversations offered + handed in.
    pub fn balances(&self) -> bool {
        let stays = self.skills.iter().map(|skill| skill.flow.offered).sum::<u64>();
        let handed_in = self.skills.iter().map(|skill| skill.handed_in).sum::<u64>();
        let handed_out = self.skills.iter().map(|skill| skill.handed_out).sum::<u64>();
        self.flow.balances()
            && self.before_run.balances()
            && self.skills.iter().all(SkillFigures::balances)
            && stays == self.flow.offered + handed_in
            && handed_in == handed_out
    }

    /// Auto-unassigns and ownership removals / offered.
    pub fn reassignments(&self) -> Option<f64> {
        let removals = self.counts.auto_unassigned() + self.counts.ownership_removed();
        ratio(removals, self.flow.offered)
    }

    /// Time that all agents were Away in one way, to the horizon, microseconds.
    pub fn away(&self, kind: AwayKind) -> u128 {
        let of_group = |group: &GroupFigures| -> u128 {
            let reasons = group.away.iter().zip(&self.labels.away_kinds);
            reasons.filter(|(_, of)| **of == kind).map(|(time, _)| time).sum()
        };
        self.groups.iter().map(of_group).sum()
    }

    /// Times of all agents to the horizon.
    pub fn agent_times(&self) -> AgentTimes {
        let mut all = AgentTimes::default();
        self.groups.iter().for_each(|group| all.merge(&group.horizon));
        all
    }
}

/// With the first interval of each where skills are told apart, or where a goal asks for one.
fn skills(centre: &Centre, goals: &[PartGoal]) -> Vec<SkillFigures> {
    let is_asked =
        |goal: &PartGoal| goal.part.window.is_some() && matches!(goal.part.of, PartOf::Skill(_));
    let are_kept = centre.skills.len() > 1 || goals.iter().any(is_asked);
    let intervals = vec![SkillIntervalFigures::default(); usize::from(are_kept)];
    vec![SkillFigures { intervals, ..SkillFigures::default() }; centre.skills.len()]
}

/// With the first interval of those for which a goal asks.
fn groups(centre: &Centre, goals: &[PartGoal]) -> Vec<GroupFigures> {
    let windows = goals.iter().filter(|goal| goal.part.window.is_some());
    let asked = Vec::from_iter(windows.map(|goal| goal.part.of));
    let groups = centre.groups.iter().enumerate().map(|(position, group)| {
        let is_asked =
            |of: &PartOf| matches!(of, PartOf::Group(of) if usize::from(*of) == position);
        let are_kept = asked.iter().any(is_asked);
        let intervals = vec![GroupIntervalFigures::default(); usize::from(are_kept)];
        GroupFigures { intervals, ..GroupFigures::none(group.count, centre.reasons.len()) }
    });
    groups.collect()
}
