//! What can only be said about the whole plan: limits over all groups, and warnings.

mod effects;
mod hours;
mod possibilities;
mod specialists;
mod timeouts;

use super::distribution::rounded;
use super::estimate::estimate;
use super::limits;
use super::plan::Plan;
use super::reader::Context;
use super::reader::diagnostic::Diagnostic;
use super::reader::tree::{Node, Table, Value};
use super::skill_load::skill_loads;
use super::stress::Stress;
use crate::base::arrivals::ArrivalProcess;
use crate::base::ids::SkillId;
use crate::model::settings::{AgentGroup, HandOverTo, Resolve, Roster, SlotWeight, Turns};

/// A smaller share than this is not worth a warning.
const WORTH_SAYING: f64 = 0.005;

/// Reports what is wrong or doubtful about a plan whose parts are sound.
pub(super) fn review(context: &Context, table: &Table, plan: &Plan, stress: &Stress) {
    let review = Review { context, table, plan };
    review.limits();
    review.late_assignments();
    review.hand_overs();
    review.hours();
    review.closes();
    review.returns();
    review.short_timeouts();
    review.sleepers();
    review.effects();
    review.skills();
    review.steady_state();
    review.skill_loads();
    review.weights();
    review.walk(stress);
}

struct Review<'a> {
    context: &'a Context,
    table: &'a Table,
    plan: &'a Plan,
}

impl Review<'_> {
    fn limits(&self) {
        let centre = &self.plan.centre;
        if centre.groups.is_empty() {
            self.context.report(self.at(&["agents"], "there are no agents"));
        }
        if centre.kinds.is_empty() {
            self.context.report(self.at(&["consumers"], "there are no consumers"));
        }
        let agents: u64 = centre.groups.iter().map(|group| u64::from(group.count)).sum();
        if agents > limits::AGENTS {
            let finding = self.at(&["agents"], format!("there are {agents} agents"));
            self.context.report(finding.allowed(format!("at most {} agents", limits::AGENTS)));
        }
        let peak: f64 = centre
            .kinds
            .iter()
            .map(|kind| kind.arrivals.peak_per_hour())
            .filter(|peak| peak.is_finite())
            .sum();
        let events = estimate(self.plan).events;
        if events.is_nan() || events > limits::PLANNED_EVENTS {
            let finding =
                self.at(&["consumers"], format!("one run would take {events:.1e} events"));
            let finding =
                finding.allowed(format!("at most {:.0e} events a run", limits::PLANNED_EVENTS));
            self.context.report(finding.help(
                "shorten `run.until`, or lower the arrivals or how often agents look or are away",
            ));
        }
        if peak / 3600.0 > limits::RATE_PER_SECOND {
            let finding = self.at(
                &["consumers"],
                format!("all kinds together arrive {:.0} times a second", peak / 3600.0),
            );
            self.context.report(finding.allowed("at most ten million a second"));
        }
    }

    /// How fast `stress` walks the plan of arrivals.
    fn walk(&self, stress: &Stress) {
        if let Some(message) = stress.too_fast_for(&self.plan.centre) {
            let finding = self.at(&["stress", "speed"], message);
            self.context.report(finding.allowed("at most ten million a second"));
        }
    }

    /// A14, A15: consumers who think longer than the platform or the agent waits write after the close.
    fn closes(&self) {
        let centre = &self.plan.centre;
        let by_agent = match centre.resolve {
            Resolve::After(after) => Some((after, "resolve.after", "A14")),
            Resolve::WithLastReply => None,
        };
        let by_platform = centre.auto_close.pending;
        let by_platform = by_platform.map(|after| (after, "auto_close.pending", "A15"));
        let first = by_agent.into_iter().chain(by_platform).min_by_key(|&(after, ..)| after);
        let Some((after, key, rule)) = first else { return };
        // Who says what becomes of such messages knows of them.
        if self.table.get("after_close").is_some() {
            return;
        }
        for kind in centre.kinds.iter().filter(|kind| kind.messages != Turns::Fixed(1)) {
            let share = 1.0 - kind.think.cdf(after.as_secs_f64());
            if share < WORTH_SAYING {
                continue;
            }
            let message = format!(
                "{} % of the turns of `{}` after the first come after the close (`{key}`, {after}): \
                 each opens a new conversation",
                rounded(libm::round(share * 1000.0) / 10.0),
                kind.name
            );
            let help = "lengthen the time until the close, or say what becomes of such messages: \
                        `after_close = \"new\"` or \"reopen\"";
            let finding = self.at(&["consumers", &kind.name, "think"], message);
            self.warn(finding.help(help).rule(rule));
        }
    }

    /// A skill with more work than its agents can do, whatever else they do.
    fn skill_loads(&self) {
        let centre = &self.plan.centre;
        if centre.skills.len() < 2 {
            return;
        }
        for (name, load) in centre.skills.iter().zip(skill_loads(self.plan)) {
            let Some(load) = load.utilisation().filter(|load| *load > 1.0) else { continue };
            let message = format!(
                "the work for the skill `{name}` is about {} % of what its agents can do: its queue \
                 grows as long as that lasts",
                libm::round(load * 100.0)
            );
            let help = "give the skill to more agents, or have more of those who have it";
            self.warn(self.at(&["agents"], message).help(help));
        }
    }

    /// A16: what is heavier than all slots of an agent can never be given to it.
    fn weights(&self) {
        let centre = &self.plan.centre;
        for group in &centre.groups {
            for skill in &group.skills {
                let (weight, slots) = (centre.weight(*skill).0, group.concurrency);
                if weight > slots.saturating_mul(SlotWeight::FULL.0) {
                    let name = &centre.skills[usize::from(skill.0)];
                    let message = format!(
                        "a conversation of the skill `{name}` weighs more than the {slots} slots of an \
                         agent of `{}`",
                        group.name
                    );
                    let found = self.at(&["skills", name, "weight"], message);
                    self.context.report(found.allowed(format!("at most {slots}")).rule("A16"));
                }
            }
        }
    }

    /// A warm-up leads to a steady state, and batches are alike, where there is one.
    fn steady_state(&self) {
        let Plan { centre, run, .. } = self.plan;
        let changes = |arrivals: &ArrivalProcess| {
            matches!(arrivals, ArrivalProcess::Piecewise(_) | ArrivalProcess::Trace(_))
        };
        let varies = centre.kinds.iter().any(|kind| changes(&kind.arrivals))
            || centre.groups.iter().any(|group| group.roster != Roster::Always);
        let doubtful = [
            ("warm_up", run.seeks_warm_up, "that a warm-up leads to", "give a length of time"),
            ("replications", run.batch_means, "of which batches are parts", "give a number"),
        ];
        for (key, _, why, help) in doubtful.iter().filter(|(_, asked, ..)| *asked && varies) {
            let message = "arrivals or staffing change over the day: there is no steady state";
            self.warn(self.at(&["run", key], format!("{message} {why}")).help(*help));
        }
    }

    fn skills(&self) {
        let centre = &self.plan.centre;
        let mut asked: Vec<SkillId> = centre
            .kinds
            .iter()
            .flat_map(|kind| &kind.skills)
            .filter(|(_, share)| *share > 0.0)
            .map(|&(skill, _)| skill)
            .collect();
        let handed = centre.groups.iter().flat_map(|group| &group.hand_overs);
        asked.extend(handed.filter_map(|hand_over| match hand_over.to {
            HandOverTo::Skill(skill) => Some(skill),
            HandOverTo::Specialist { needs, .. } => needs,
            HandOverTo::Queue => None,
        }));
        asked.sort_unstable();
        asked.dedup();
        for &skill in &asked {
            let served =
                centre.groups.iter().any(|group| group.count > 0 && group.skills.contains(&skill));
            if !served {
                let name = &centre.skills[usize::from(skill.0)];
                self.warn(self.at(
                    &["skills"],
                    format!("no agent has the skill `{name}`, which consumers ask for"),
                ));
            }
        }
        for (position, group) in centre.groups.iter().enumerate() {
            let reached = group.skills.iter().any(|skill| asked.contains(skill));
            let specialist = centre.groups.iter().flat_map(|group| &group.hand_overs).any(|hand_over| {
                matches!(hand_over.to, HandOverTo::Specialist { group, .. } if usize::from(group.0) == position)
            });
            if group.count > 0 && !reached && !specialist {
                self.unreached(group);
            }
        }
    }

    fn unreached(&self, group: &AgentGroup) {
        let message = format!(
            "no conversation can reach the agents of `{}`: nobody asks for their skills",
            group.name
        );
        self.warn(self.at(&["agents", &group.name], message));
    }

    /// The value of a key, if the file or the variant writes it.
    fn written(&self, path: &[&str]) -> Option<&Node> {
        let (key, tables) = path.split_last()?;
        let table = tables.iter().try_fold(self.table, |table, key| match &table.get(key)?.value {
            Value::Table(inner) => Some(inner),
            _ => None,
        });
        table?.get(key)
    }

    fn warn(&self, finding: Diagnostic) {
        self.context.report(finding.warning());
    }

    /// A finding about a key, or about the innermost table around it that is there.
    fn at(&self, path: &[&str], message: impl Into<String>) -> Diagnostic {
        let mut finding = Diagnostic::error(&self.context.source, message).key(path.join("."));
        let mut table = self.table;
        for key in path {
            let Some(node) = table.get(key) else { break };
            finding = finding.at(node.span.clone());
            let Value::Table(inner) = &node.value else { break };
            table = inner;
        }
        finding
    }
}
