//! The ledger: facts in, one [`Outcome`] out.

use std::sync::Arc;

use crate::base::time::Time;
use crate::model::event::Event;
use crate::model::settings::Centre;

use super::invariants::{Snapshot, Violation};
use super::outcome::{
    AgentCounts, AgentFigures, AgentTimes, Counts, Flow, Frame, GroupFigures, InstantFigures,
    Labels, Outcome, SkillFigures, Times,
};
use super::rows::Rows;
use super::settings::Measure;

/// Folds the facts of one replication.
pub struct Ledger {
    outcome: Outcome,
    rows: Option<Box<dyn Rows>>,
    violation: Option<Box<Violation>>,
}
impl Ledger {
    /// Nothing has happened yet.
    pub fn new(
        centre: Arc<Centre>,
        measure: &Measure,
        warm_up: Time,
        until: Time,
        checks: bool,
    ) -> Self {
        let frame = Frame {
            warm_up,
            until,
            interval: measure.interval,
            service_level: measure.service_level,
            response_within: measure.response_within,
            goals: measure.goals,
        };
        let labels = Labels {
            skills: centre.skills.clone(),
            groups: centre.groups.iter().map(|group| group.name.clone()).collect(),
            reasons: centre.reasons.clone(),
        };
        let away = vec![0; centre.reasons.len()];
        let outcome = Outcome {
            replications: 1,
            checked: checks,
            skills: vec![SkillFigures::default(); labels.skills.len()],
            groups: centre
                .groups
                .iter()
                .map(|group| GroupFigures {
                    agents: group.count,
                    horizon: AgentTimes::default(),
                    drain: AgentTimes::default(),
                    away: away.clone(),
                    work: AgentCounts::default(),
                    response: super::durations::Durations::new(2),
                })
                .collect(),
            agents: centre
                .agents()
                .map(|(group, _)| AgentFigures {
                    group: group.0,
                    horizon: AgentTimes::default(),
                    drain: AgentTimes::default(),
                    away: away.clone(),
                    work: AgentCounts::default(),
                })
                .collect(),
            frame,
            labels,
            flow: Flow::default(),
            counts: Counts::default(),
            times: Times::default(),
            intervals: Vec::new(),
            levels: Default::default(),
            instants: measure
                .at
                .iter()
                .map(|&at| InstantFigures {
                    at,
                    open: Default::default(),
                    queued: Default::default(),
                    busy: Default::default(),
                    slots_used: Default::default(),
                })
                .collect(),
            to_rest: 0,
        };
        Self { outcome, rows: None, violation: None }
    }

    /// Hands out rows from now on.
    #[must_use]
    pub fn with_rows(mut self, rows: Box<dyn Rows>) -> Self {
        self.rows = Some(rows);
        self
    }

    /// Takes note of one fact. Facts come in the order in which they happened.
    pub fn fold(&mut self, now: Time, event: &Event) {
        if let (Event::Change(change), Some(rows)) = (event, &mut self.rows) {
            rows.change(now, change);
        }
    }

    /// The first rule found broken; the replication has failed then.
    pub fn violation(&self) -> Option<&Violation> {
        self.violation.as_deref()
    }

    /// Compares what the facts say with what the router knows, at the end or at any time between
    /// two instants. Without checks nothing is compared.
    ///
    /// # Errors
    ///
    /// The first rule found broken in the run or now.
    pub fn verify(
        &mut self,
        _now: Time,
        _open: impl IntoIterator<Item = Snapshot>,
    ) -> Result<(), Violation> {
        self.violation.as_deref().cloned().map_or(Ok(()), Err)
    }

    /// The run has ended.
    pub fn finish(self, _now: Time) -> Outcome {
        self.outcome
    }
}
