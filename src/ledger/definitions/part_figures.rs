//! Figures of a part of a run: of a skill, of a group of agents, of a window of the day.

use super::definition::Definition;
use super::measured::MeasuredInterval;
use super::parts::Parts;
use super::readings::{count, counts, hours, mean, times};
use super::unit::FigureKind;
use super::{FIGURES, find};
use crate::ledger::figures::{GroupFigures, SkillFigures};
use crate::ledger::outcome::Outcome;
use crate::ledger::part_goal::{PartGoal, RunPart};
use crate::ledger::settings::ServiceLevelOf;

impl RunPart {
    /// Whether a figure is known of it.
    pub fn knows(&self, figure: &Definition) -> bool {
        match self {
            Self::Whole => true,
            Self::Skill(_) => {
                of_skill(figure.name, &SkillFigures::default(), ServiceLevelOf::Offered).is_some()
            }
            Self::Group(_) => of_group(figure.name, &GroupFigures::none(0, 0)).is_some(),
            Self::Window(_) => figure.of_interval.is_some(),
        }
    }

    /// The figures that are known of it.
    pub fn known(&self) -> impl Iterator<Item = &'static Definition> {
        FIGURES.iter().filter(|figure| self.knows(figure))
    }

    /// A figure of it in one replication, as part and whole; nothing over nothing if it is not known.
    pub fn parts(&self, figure: &Definition, outcome: &Outcome) -> Option<Parts> {
        match self {
            Self::Whole => figure.parts(outcome),
            &Self::Skill(position) => {
                let skill = outcome.skills.get(usize::from(position))?;
                of_skill(figure.name, skill, outcome.frame.service_level.of)
            }
            &Self::Group(position) => {
                of_group(figure.name, outcome.groups.get(usize::from(position))?)
            }
            Self::Window(positions) => {
                let value = figure.of_interval?;
                let within = positions.iter();
                let within = within.filter_map(|at| outcome.intervals.get(*at as usize));
                let frame = &outcome.frame;
                let parts = within.map(|figures| value(&MeasuredInterval { figures, frame }));
                let sum: Parts = parts.sum();
                // A count is a sum over its intervals.
                let whole = if figure.kind == FigureKind::Count { 1.0 } else { sum.whole };
                Some(Parts { whole, ..sum })
            }
        }
    }
}

impl PartGoal {
    /// Its figure in one replication, as part and whole; none if it has no value.
    pub fn parts(&self, outcome: &Outcome) -> Option<Parts> {
        self.part.parts(find(&self.figure)?, outcome)
    }
}

/// A figure of a skill, by its name: over stays.
fn of_skill(name: &str, skill: &SkillFigures, of: ServiceLevelOf) -> Option<Parts> {
    let flow = &skill.flow;
    let reassigned = skill.auto_unassigned + skill.ownership_removed;
    Some(match name {
        "offered" => count(flow.offered),
        "answered" => count(flow.answered),
        "abandoned" => count(flow.abandoned()),
        "abandoned_mid_conversation" => count(flow.abandoned_mid_conversation.all()),
        "closed_unanswered" => count(flow.closed_unanswered),
        "unanswered_at_end" => count(flow.unanswered_at_end),
        "abandonment" => counts(flow.abandoned(), flow.offered),
        "service_level" => {
            let (part, whole) = flow.service_level_parts(of);
            counts(part, whole)
        }
        "first_response_mean" => mean(flow.first_response),
        "first_response_p90" => skill.first_response.quantile(0.9).into(),
        "assignment_mean" => mean(flow.assignment),
        "response_mean" => mean(flow.response),
        "response_p90" => skill.response.quantile(0.9).into(),
        "response_in_time" => counts(flow.response_within, flow.response.count),
        "queue_time_mean" => mean(skill.queue.total()),
        "handle_time_mean" => mean(skill.handle.total()),
        "auto_unassigned" => count(skill.auto_unassigned),
        "ownership_removed" => count(skill.ownership_removed),
        "reassignments" => counts(reassigned, flow.offered),
        _ => return None,
    })
}

/// A figure of a group of agents, by its name.
fn of_group(name: &str, group: &GroupFigures) -> Option<Parts> {
    let (agents, work) = (&group.horizon, &group.work);
    Some(match name {
        "logged_in_hours" => Parts { part: agents.logged_in as f64 / 3.6e9, whole: 1.0 },
        "occupancy" => times(agents.busy, agents.logged_in),
        "slot_use" => times(agents.slots_used, agents.slots),
        "idle" => times(agents.idle, agents.logged_in),
        "interrupted" => times(agents.interrupted, agents.logged_in),
        "away" => times(agents.away, agents.logged_in),
        "response_mean" => mean(work.response),
        "response_p90" => group.response.quantile(0.9).into(),
        "auto_unassigned" => count(work.auto_unassigned),
        "ownership_removed" => count(work.ownership_removed),
        "lost_answers" => count(work.lost_answers.count),
        "lost_work" => hours(work.lost_answers),
        "refused_claims" => count(work.refused_claims),
        "overshoots" => count(work.overshoots),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::test_events::TestEvents;

    #[test]
    fn a_window_adds_up_its_intervals() {
        let outcome = TestEvents::of_three_intervals().outcome();
        // Intervals of 15 minutes.
        let of = |name: &str, from: u32, until: u32| {
            let part = RunPart::Window((from / 15..until / 15).collect());
            let figure = find(name).unwrap();
            part.parts(figure, &outcome).unwrap().quotient()
        };
        // Opened at 0, 1000 and 1500 s; the last of them was abandoned, one second after 25 minutes.
        assert_eq!(of("offered", 0, 15), Some(1.0));
        assert_eq!(of("offered", 15, 45), Some(2.0));
        assert_eq!(of("abandonment", 15, 45), Some(0.5));
        assert_eq!(of("abandonment", 30, 45), None, "nobody came");
        // Opened at 1000, answered at 1550.
        assert_eq!(of("first_response_mean", 15, 30), Some(550.0));
        assert_eq!(of("auto_unassigned", 0, 45), Some(1.0));
        assert_eq!(of("agents_online", 0, 15), Some(2.0));
        // One of two is at lunch from 1200 on.
        assert_eq!(of("agents_online", 15, 45), Some((2.0 * 300.0 + 1500.0) / 1800.0));
    }

    #[test]
    fn parts_that_are_the_whole_have_its_figures_and_say_which_they_know() {
        let outcome = TestEvents::of_three_intervals().outcome();
        let day = RunPart::Window((0..3).collect());
        for figure in day.known() {
            let [part, whole] = [&day, &RunPart::Whole].map(|part| part.parts(figure, &outcome));
            let [part, whole] = [part, whole].map(|parts| parts.unwrap().quotient());
            let close = part.zip(whole).is_none_or(|(part, whole)| (part - whole).abs() < 1e-9);
            assert!(
                close && part.is_some() == whole.is_some(),
                "{}: {part:?}, {whole:?}",
                figure.name
            );
        }
        assert!(day.known().count() > 40);
        assert!(RunPart::Skill(0).known().count() == 19 && RunPart::Group(0).known().count() == 14);
        assert!(!day.knows(find("open_max").unwrap()));
    }
}
