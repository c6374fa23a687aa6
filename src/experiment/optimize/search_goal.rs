//! What a choice must reach.

use crate::ledger::definitions::{Definition, Parts, Unit, find};
use crate::ledger::outcome::Outcome;
use crate::ledger::part_goal::{PartGoal, RunPart};
use crate::ledger::settings::{FigureTarget, Goals};

/// A figure, of the run or of a part of it, and what it must reach.
pub struct Goal {
    /// The figure.
    pub figure: &'static Definition,
    /// What it must reach, or not exceed.
    pub target: f64,
    /// Whether more is better.
    pub at_least: bool,
    /// The goal for a part: its position among these and what the part is called, empty for the
    /// whole run; `None` for a goal of `[goals]`.
    pub part: Option<(usize, String)>,
    /// Of what.
    of: RunPart,
}

impl Goal {
    /// By how much `whole` conversations with `part` meet the goal; negative if they miss it. In the unit
    /// of a share or of a number a conversation, otherwise as a part of the target.
    pub(super) fn margin(&self, part: f64, whole: f64) -> f64 {
        let is_alike = matches!(self.figure.unit, Unit::Share | Unit::PerConversation);
        let scale = if is_alike || self.target == 0.0 { 1.0 } else { self.target };
        let above = (part - self.target * whole) / scale;
        if self.at_least { above } else { -above }
    }

    pub(super) fn parts(&self, outcome: &Outcome) -> (f64, f64) {
        let parts = self.of.parts(self.figure, outcome);
        parts.map_or((0.0, 0.0), |Parts { part, whole }| (part, whole))
    }

    /// Whether more agents bring it nearer, which the search takes for granted.
    ///
    /// # Errors
    ///
    /// It is not known that they do.
    pub(super) fn moves_with_agents(&self) -> Result<(), String> {
        let helped = if self.at_least { &RAISED_BY_AGENTS[..] } else { &LOWERED_BY_AGENTS[..] };
        let name = self.figure.name;
        if helped.contains(&name) {
            return Ok(());
        }
        let side = if self.at_least { "at_least" } else { "at_most" };
        Err(format!(
            "a search for agents takes for granted that more agents bring a goal nearer, which is not \
             known of `{side}` for `{name}`; it is of {}",
            helped.join(", ")
        ))
    }
}

/// The goals for the run, then those for parts of it.
pub(super) fn goals(goals: &Goals, for_parts: &[PartGoal]) -> Vec<Goal> {
    let of_run = goals.all().into_iter().filter_map(|FigureTarget { figure, at_least, target }| {
        Some(Goal {
            figure: find(figure)?,
            target: target?,
            at_least,
            part: None,
            of: RunPart::default(),
        })
    });
    let for_parts = for_parts.iter().enumerate().filter_map(|(position, goal)| {
        Some(Goal {
            figure: find(&goal.figure)?,
            target: goal.target,
            at_least: goal.at_least,
            part: Some((position, goal.name.clone())),
            of: goal.part.clone(),
        })
    });
    of_run.chain(for_parts).collect()
}

/// Figures that more agents raise, all else as it is.
const RAISED_BY_AGENTS: [&str; 14] = [
    "service_level",
    "service_level_of_offered",
    "service_level_of_answered",
    "service_level_with_short_abandons",
    "service_level_without_short_abandons",
    "answered",
    "response_in_time",
    "assigned_at_once",
    "clients_served",
    "clients_served_share",
    "idle",
    "agents_online",
    "logged_in_hours",
    "slots",
];

/// Figures that more agents lower, all else as it is.
const LOWERED_BY_AGENTS: [&str; 37] = [
    "abandonment",
    "abandoned",
    "abandoned_in_queue",
    "abandoned_while_owned",
    "abandoned_silently",
    "abandoned_mid_conversation",
    "closed_unanswered",
    "unanswered_at_end",
    "first_response_mean",
    "first_response_p50",
    "first_response_p90",
    "first_response_p99",
    "assignment_mean",
    "assignment_p90",
    "response_mean",
    "response_p50",
    "response_p90",
    "response_p99",
    "queue_time_mean",
    "queue_time_p90",
    "queue_length",
    "queue_length_max",
    "open",
    "open_max",
    "open_at_end",
    "unowned",
    "unowned_max",
    "next_owner_mean",
    "rescue_mean",
    "rescue_p90",
    "reassignments",
    "lost_answers",
    "lost_answer_share",
    "lost_work",
    "lost_work_share",
    "occupancy",
    "slot_use",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::part_goal::PartOf;

    #[test]
    fn what_agents_move_are_figures_and_none_goes_both_ways() {
        let all = || RAISED_BY_AGENTS.iter().chain(&LOWERED_BY_AGENTS);
        assert!(
            all().all(|name| find(name).is_some()),
            "{:?}",
            all().find(|it| find(it).is_none())
        );
        assert!(RAISED_BY_AGENTS.iter().all(|name| !LOWERED_BY_AGENTS.contains(name)));
        let goals = goals(&Goals::default(), &[]);
        assert!(goals.is_empty());
        let known = Goals::default().all().into_iter().all(|goal| {
            let helped = if goal.at_least { &RAISED_BY_AGENTS[..] } else { &LOWERED_BY_AGENTS[..] };
            helped.contains(&goal.figure)
        });
        assert!(known, "every goal of [goals] may be searched for");
    }

    #[test]
    fn a_margin_is_in_shares_or_a_part_of_the_target() {
        let goal = |figure: &str, at_least, target| {
            let goal = PartGoal {
                figure: figure.to_owned(),
                at_least,
                target,
                part: PartOf::Skill(0).into(),
                name: "law".to_owned(),
            };
            goals(&Goals::default(), &[goal]).remove(0)
        };
        let close = |one: f64, other: f64| (one - other).abs() < 1e-12;
        // 85 of 100 against 80 %: five points; 90 s against 120 s: a quarter.
        assert!(close(goal("service_level", true, 0.8).margin(0.85, 1.0), 0.05));
        assert!(close(goal("first_response_mean", false, 120.0).margin(90.0, 1.0), 0.25));
        assert!(close(goal("queue_length_max", false, 0.0).margin(3.0, 1.0), -3.0));
        let refused = goal("occupancy", true, 0.7).moves_with_agents().unwrap_err();
        assert!(refused.contains("`at_least` for `occupancy`"), "{refused}");
        assert!(goal("occupancy", false, 0.9).moves_with_agents().is_ok());
    }
}
