//! Numbers that leave nothing of what they stand for: a share of none, a limit that slots keep anyway.

use super::super::Review;
use crate::model::settings::{AgentGroup, SlotWeight};
use crate::scenario::reader::tree::{Node, Value};

impl Review<'_> {
    /// Whatever has a share of 0 never happens.
    pub(super) fn weigh_shares<'a>(&'a self, table: &[&'a str]) {
        if let Some(node) = self.written(table) {
            self.weigh_shares_in(&mut Vec::from(table), node);
        }
    }

    fn weigh_shares_in<'a>(&'a self, path: &mut Vec<&'a str>, node: &'a Node) {
        match &node.value {
            Value::List(entries) => {
                for entry in entries {
                    self.weigh_shares_in(path, entry);
                }
            }
            Value::Table(table) => {
                if let Some(share) = table.get("share") {
                    let finding = self.without_effect(path, node, "with `share = 0`", "raise that");
                    // Beside what else is said of the table, wherever its share is written.
                    let finding = finding.key(format!("{}.share", path.join(".")));
                    self.context.note_effect(finding, !is_zero(&share.value));
                }
                for entry in &table.entries {
                    path.push(&entry.key.text);
                    self.weigh_shares_in(path, &entry.node);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// A limit on a skill binds only below what fits into the slots of an agent, idle conversations
    /// with their weight.
    pub(super) fn weigh_limits(&self, group: &AgentGroup) {
        let centre = &self.plan.centre;
        let slots = u64::from(group.concurrency) * u64::from(SlotWeight::FULL.0);
        for &(skill, at_most) in &group.limits.at_most {
            let name = &centre.skills[usize::from(skill.0)];
            let path = ["agents", &group.name, "limits", name];
            let Some(node) = self.written(&path) else { continue };
            let is_idle_lighter = centre.capacity.inactive_after.is_some();
            let least = match is_idle_lighter {
                true => centre.inactive_weight(skill),
                false => centre.weight(skill),
            };
            let binds = u64::from(at_most) * u64::from(least.0) < slots;
            let without = "where the slots of an agent allow no more";
            let finding = self.without_effect(&path, node, without, "lower it");
            self.context.note_effect(finding, binds);
        }
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Integer(number) => *number == 0,
        Value::Float(number) => *number == 0.0,
        _ => false,
    }
}
