//! Figures of a part of a run: of a skill, of a group of agents, of a window of the day, and of the two
//! former within a window.

use super::definition::Definition;
use super::measured::{CountedStays, MeasuredInterval};
use super::parts::Parts;
use super::readings::{count, hours, mean, times};
use super::unit::FigureKind;
use super::{FIGURES, find};
use crate::ledger::agent_work::{AgentCounts, AgentTimes};
use crate::ledger::figures::{GroupFigures, SkillFigures};
use crate::ledger::intervals::IntervalFigures;
use crate::ledger::outcome::Outcome;
use crate::ledger::part_goal::{PartGoal, PartOf, RunPart};
use crate::ledger::part_intervals::SkillIntervalFigures;

impl RunPart {
    /// Whether a figure is known of it.
    pub fn knows(&self, figure: &Definition) -> bool {
        let has_window = self.window.is_some();
        match self.of {
            PartOf::Centre => !has_window || figure.of_interval.is_some(),
            PartOf::Skill(_) if has_window => {
                figure.of_skill.is_some()
                    || of_skill_interval(figure.name, &SkillIntervalFigures::default(), 0).is_some()
            }
            PartOf::Skill(_) => {
                figure.of_skill.is_some()
                    || of_skill(figure.name, &SkillFigures::default(), 0).is_some()
            }
            PartOf::Group(_) => {
                let (times, work) = (AgentTimes::default(), AgentCounts::default());
                let is_distribution = of_group(figure.name, &GroupFigures::none(0, 0)).is_some();
                of_agents(figure.name, &times, &work).is_some() || !has_window && is_distribution
            }
        }
    }

    /// The figures that are known of it.
    pub fn known(&self) -> impl Iterator<Item = &'static Definition> {
        FIGURES.iter().filter(|figure| self.knows(figure))
    }

    /// A figure of it in one replication, as part and whole; nothing over nothing if it is not known.
    pub fn parts(&self, figure: &Definition, outcome: &Outcome) -> Option<Parts> {
        let name = figure.name;
        let Some(window) = &self.window else {
            return match self.of {
                PartOf::Centre => figure.parts(outcome),
                PartOf::Skill(position) => {
                    let skill = outcome.skills.get(usize::from(position))?;
                    let stays = CountedStays::all(skill, &outcome.frame);
                    let counted = figure.of_skill.map(|value| value(&stays));
                    counted.or_else(|| of_skill(name, skill, outcome.horizon()))
                }
                PartOf::Group(position) => {
                    let group = outcome.groups.get(usize::from(position))?;
                    of_agents(name, &group.horizon, &group.work).or_else(|| of_group(name, group))
                }
            };
        };
        let within = window.iter().map(|position| *position as usize);
        let parts = within.filter_map(|position| {
            let interval = outcome.intervals.get(position)?;
            self.parts_of_interval(figure, outcome, interval, position)
        });
        let sum: Parts = parts.sum();
        // A count is a sum over its intervals.
        let whole = if figure.kind == FigureKind::Count { 1.0 } else { sum.whole };
        Some(Parts { whole, ..sum })
    }

    /// The same in one interval.
    fn parts_of_interval(
        &self,
        figure: &Definition,
        outcome: &Outcome,
        figures: &IntervalFigures,
        position: usize,
    ) -> Option<Parts> {
        let frame = &outcome.frame;
        match self.of {
            PartOf::Centre => Some(figure.of_interval?(&MeasuredInterval { figures, frame })),
            PartOf::Skill(skill) => {
                let skill = outcome.skills.get(usize::from(skill))?;
                let interval = skill.intervals.get(position)?;
                let stays = CountedStays::of_interval(interval, frame);
                let counted = figure.of_skill.map(|value| value(&stays));
                counted.or_else(|| of_skill_interval(figure.name, interval, figures.observed))
            }
            PartOf::Group(group) => {
                let group = outcome.groups.get(usize::from(group))?;
                let interval = group.intervals.get(position)?;
                of_agents(figure.name, &interval.times, &interval.work)
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

/// A figure of a skill, by its name, beside those that are counted over stays; `horizon` in
/// microseconds of all replications.
fn of_skill(name: &str, skill: &SkillFigures, horizon: u128) -> Option<Parts> {
    let SkillFigures { first_response, response, queue, queue_length, .. } = skill;
    Some(match name {
        "first_response_p50" => first_response.quantile(0.5).into(),
        "first_response_p90" => first_response.quantile(0.9).into(),
        "first_response_p99" => first_response.quantile(0.99).into(),
        "response_p50" => response.quantile(0.5).into(),
        "response_p90" => response.quantile(0.9).into(),
        "response_p99" => response.quantile(0.99).into(),
        "queue_time_mean" => mean(queue.total()),
        "queue_time_p90" => queue.quantile(0.9).into(),
        "queue_length" => times(queue_length.horizon, horizon),
        "queue_length_max" => count(queue_length.maximum),
        _ => return None,
    })
}

/// The same of an interval of a skill, of which so many microseconds were observed.
fn of_skill_interval(name: &str, interval: &SkillIntervalFigures, observed: u128) -> Option<Parts> {
    Some(match name {
        "queue_time_mean" => mean(interval.queue),
        "queue_length" => times(interval.queue_length.area, observed),
        _ => return None,
    })
}

/// A figure of a group of agents, by its name, beside those of what its agents did.
fn of_group(name: &str, group: &GroupFigures) -> Option<Parts> {
    Some(match name {
        "response_p50" => group.response.quantile(0.5).into(),
        "response_p90" => group.response.quantile(0.9).into(),
        "response_p99" => group.response.quantile(0.99).into(),
        _ => return None,
    })
}

/// A figure of agents of one group, by its name.
fn of_agents(name: &str, agents: &AgentTimes, work: &AgentCounts) -> Option<Parts> {
    Some(match name {
        "logged_in_hours" => Parts { part: agents.logged_in as f64 / 3.6e9, whole: 1.0 },
        "occupancy" => times(agents.busy, agents.logged_in),
        "slot_use" => times(agents.slots_used, agents.slots),
        "idle" => times(agents.idle, agents.logged_in),
        "interrupted" => times(agents.interrupted, agents.logged_in),
        "away" => times(agents.away, agents.logged_in),
        "response_mean" => mean(work.response),
        "auto_unassigned" => count(work.auto_unassigned),
        "ownership_removed" => count(work.ownership_removed),
        "parked" => count(work.parked),
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
    use crate::base::time::{Span, Time};
    use crate::ledger::test_events::TestEvents;
    use crate::model::event::{Cause, Status};

    /// Of these minutes, in intervals of 15 minutes.
    fn within(of: PartOf, minutes: std::ops::Range<u32>) -> RunPart {
        RunPart { of, window: Some((minutes.start / 15..minutes.end / 15).collect()) }
    }

    fn value(part: &RunPart, name: &str, outcome: &Outcome) -> Option<f64> {
        part.parts(find(name).unwrap(), outcome).unwrap().quotient()
    }

    #[test]
    fn a_window_adds_up_its_intervals() {
        let outcome = TestEvents::of_three_intervals().outcome();
        let of = |name, from, until| value(&within(PartOf::Centre, from..until), name, &outcome);
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

    /// Opened with the first skill at 0 s, given to the second at 870 s, where agent 2 has it at 930 s and
    /// answers at 990 s; another is opened at 1000 s and abandoned at 1100 s.
    #[test]
    fn a_skill_within_a_window_has_the_stays_that_began_in_it() {
        let mut facts = TestEvents::new();
        facts.centre.unassign.enabled = false;
        facts.until = Time::from_secs(3 * 900);
        facts.online(0).online(2).open().assign(0, 0).at(870).skill(0, 1);
        facts.change(0, None, Status::New, Cause::TransferredToSkill).at(930).assign(0, 2);
        facts.at(990).last_reply(0, 5).at(1000).open().at(1100).abandon(1, false).at(2700);
        let outcome = facts.outcome();
        let of =
            |skill, name, minutes| value(&within(PartOf::Skill(skill), minutes), name, &outcome);
        assert_eq!((of(0, "offered", 0..15), of(0, "offered", 15..30)), (Some(1.0), Some(1.0)));
        assert_eq!((of(1, "offered", 0..15), of(1, "offered", 15..45)), (Some(1.0), Some(0.0)));
        assert_eq!(of(1, "first_response_mean", 0..15), Some(120.0));
        assert_eq!(of(1, "assignment_mean", 0..15), Some(60.0));
        assert_eq!(of(1, "queue_time_mean", 0..15), Some(60.0));
        assert_eq!(
            (of(0, "handle_time_mean", 0..15), of(1, "handle_time_mean", 0..15)),
            (Some(870.0), Some(120.0))
        );
        assert_eq!(of(0, "abandonment", 15..30), Some(1.0));
        // Agents 0 and 2 have both skills, and no one logs in or out.
        let staff = |skill: usize| outcome.skills[skill].intervals[1].mean_logged_in(900_000_000);
        assert_eq!((staff(0), staff(1)), (Some(2.0), Some(2.0)));
        // In the queue of the second skill 30 s before a quarter past, and 30 s after.
        assert_eq!(of(1, "queue_length", 0..15), Some(30.0 / 900.0));
        assert_eq!(of(1, "queue_length", 0..30), Some(60.0 / 1800.0));
        assert_eq!(
            of(1, "queue_length", 0..30),
            value(&PartOf::Skill(1).into(), "queue_length", &outcome).map(|it| it * 1.5)
        );
    }

    #[test]
    fn a_group_within_a_window_has_what_its_agents_did_in_it() {
        let mut facts = TestEvents::of_three_intervals();
        let night = within(PartOf::Group(1), 15..30);
        let day = within(PartOf::Group(0), 0..15);
        let part = |part: &RunPart| PartGoal {
            figure: "occupancy".to_owned(),
            at_least: false,
            target: 0.9,
            part: part.clone(),
            name: String::new(),
        };
        facts.measure.part_goals = vec![part(&night), part(&day)];
        let outcome = facts.outcome();
        // Of the first quarter of an hour the agent of the day worked 15 s.
        assert_eq!(value(&day, "occupancy", &outcome), Some(15.0 / 900.0));
        assert_eq!(value(&within(PartOf::Group(0), 15..45), "occupancy", &outcome), Some(0.0));
        assert_eq!(value(&day, "logged_in_hours", &outcome), Some(0.25));
        // At lunch from 1200 on; unassigned at 1060.
        assert_eq!(value(&night, "away", &outcome), Some(600.0 / 900.0));
        assert_eq!(value(&night, "auto_unassigned", &outcome), Some(1.0));
        assert_eq!(
            value(&within(PartOf::Group(1), 30..45), "auto_unassigned", &outcome),
            Some(0.0)
        );
        // They are as long as the run, and come to what the group did in it.
        for group in &outcome.groups {
            assert_eq!(group.intervals.len(), outcome.intervals.len());
        }
        for (position, name) in
            [(0, "occupancy"), (1, "away"), (1, "auto_unassigned"), (0, "response_mean")]
        {
            let of = PartOf::Group(position);
            let [all, whole] =
                [within(of, 0..45), of.into()].map(|part| value(&part, name, &outcome));
            assert_eq!(all, whole, "{name}");
        }
        // Nobody asked, and nothing is kept.
        let unasked = TestEvents::of_three_intervals().outcome();
        assert!(unasked.groups.iter().all(|group| group.intervals.is_empty()));
    }

    #[test]
    fn intervals_of_a_skill_add_up_to_the_skill() {
        let mut facts = TestEvents::of_three_intervals();
        facts.measure.interval = Span::from_mins(1);
        let outcome = facts.outcome();
        let minutes = Some((0..45).collect());
        for of in [PartOf::Skill(0), PartOf::Skill(1)] {
            let all = RunPart { of, window: minutes.clone() };
            for figure in all.known() {
                let [sum, whole] = [&all, &of.into()].map(|part| part.parts(figure, &outcome));
                let [sum, whole] = [sum, whole].map(|parts| parts.unwrap().quotient());
                let close = sum.zip(whole).is_none_or(|(sum, whole)| (sum - whole).abs() < 1e-9);
                let name = figure.name;
                assert!(close && sum.is_some() == whole.is_some(), "{name}: {sum:?}, {whole:?}");
            }
        }
    }

    #[test]
    fn parts_that_are_the_whole_have_its_figures_and_say_which_they_know() {
        let outcome = TestEvents::of_three_intervals().outcome();
        let day = within(PartOf::Centre, 0..45);
        for figure in day.known() {
            let [part, whole] =
                [&day, &RunPart::default()].map(|part| part.parts(figure, &outcome));
            let [part, whole] = [part, whole].map(|parts| parts.unwrap().quotient());
            let close = part.zip(whole).is_none_or(|(part, whole)| (part - whole).abs() < 1e-9);
            assert!(
                close && part.is_some() == whole.is_some(),
                "{}: {part:?}, {whole:?}",
                figure.name
            );
        }
        assert!(day.known().count() > 40);
        let knows = |part: &RunPart, name| part.knows(find(name).unwrap());
        let (skill, group) = (RunPart::from(PartOf::Skill(0)), RunPart::from(PartOf::Group(0)));
        let narrow = [within(PartOf::Skill(0), 0..15), within(PartOf::Group(0), 0..15)];
        assert!(knows(&skill, "response_p90") && knows(&group, "response_p90"));
        assert!(!narrow.iter().any(|part| knows(part, "response_p90")), "that is no sum");
        assert!(narrow.iter().all(|part| knows(part, "response_mean")));
        assert!(knows(&narrow[0], "service_level") && !knows(&narrow[1], "service_level"));
        assert!(knows(&narrow[1], "occupancy") && !knows(&narrow[0], "occupancy"));
        assert!(!knows(&skill, "later_contacts"), "a hand-over is no contact");
        assert!(!knows(&day, "open_max"));
    }
}
