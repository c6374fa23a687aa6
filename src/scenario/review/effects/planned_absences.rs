//! Absences that never happen, and what is said of them in vain.

use super::super::Review;
use crate::base::time::{Span, Time};
use crate::model::settings::{Absence, AgentGroup, DailyInstants, Shift, Trigger};
use crate::scenario::plan::{Plan, RunEnd};
use crate::scenario::reader::forms::DAY;
use crate::scenario::reader::tree::{Node, Value};

impl Review<'_> {
    pub(super) fn weigh_absences(&self, group: &AgentGroup) {
        let of_group = ["agents", group.name.as_str()];
        let written = ABSENCES.iter().flat_map(|key| {
            let path: Vec<_> = of_group.iter().copied().chain(key.split('.')).collect();
            let nodes = self.written(&path).map(entries).unwrap_or_default();
            nodes.into_iter().map(move |node| (path.clone(), node))
        });
        let may_be_late = group.episodes.iter().any(|it| !matches!(it.absence, Absence::Away(_)));
        // The episodes of a group are in the order of the table.
        for ((path, node), episode) in written.zip(&group.episodes) {
            let Trigger::At { at, spread, .. } = &episode.trigger else { continue };
            let happens = may_begin(self.plan, group, at, *spread);
            let without = "outside every shift";
            let finding = self.without_effect(&path, node, without, "move it into a shift");
            self.context.note_effect(finding, happens);
            let Value::Table(table) = &node.value else { continue };
            if let Some(late) = table.get("when_late").filter(|_| happens) {
                let path = [path.as_slice(), &["when_late"]].concat();
                let without = "where nothing keeps anybody from beginning in time";
                let remedy = "give `interruptions`, `disconnects` or `logouts`";
                let finding = self.without_effect(&path, late, without, remedy);
                self.context.note_effect(finding, may_be_late);
            }
        }
    }
}

/// In the order in which a group has them.
const ABSENCES: [&str; 5] = ["breaks", "away.episodes", "interruptions", "disconnects", "logouts"];

/// One table, or a list of them.
fn entries(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![node],
    }
}

/// D24: whether the instants of a plan can lie in a shift of an agent, on any day of the run.
fn may_begin(plan: &Plan, group: &AgentGroup, at: &DailyInstants, spread: Span) -> bool {
    let is_cut = plan.run.end == RunEnd::Cut;
    let instants = match at {
        DailyInstants::Daily(first) => std::slice::from_ref(first),
        DailyInstants::Listed(instants) => instants,
    };
    let instants = instants.iter().filter(|at| !is_cut || **at < plan.run.until);
    let Some(rosters) = group.roster.lists() else { return instants.count() > 0 };
    let both_daily = group.roster.is_daily() && matches!(at, DailyInstants::Daily(_));
    let is_in = |at: Time, shift: &Shift| {
        let since = |from: Time, to: Time| {
            let since = (to - from).as_micros();
            if both_daily { since.rem_euclid(DAY.as_micros()) } else { since }
        };
        let is_on = (0..(shift.end - shift.start).as_micros()).contains(&since(shift.start, at));
        is_on || (0..=spread.as_micros()).contains(&since(at, shift.start))
    };
    instants.into_iter().any(|at| rosters.iter().flatten().any(|shift| is_in(*at, shift)))
}
