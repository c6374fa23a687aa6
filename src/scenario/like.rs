//! `agents.NAME.like`: a group that is as another but for what it says itself.

use super::reader::Context;
use super::reader::diagnostic::Diagnostic;
use super::reader::tree::{Node, Table, Value};

/// The tree in which each group that is like another has its settings; those that say who is there and
/// when, and all that it writes itself, are its own. An unknown name is left to whoever reads it.
pub(super) fn with_likes(context: &Context, table: &Table) -> Table {
    let mut resolved = table.clone();
    let Some(Value::Table(groups)) = table.get("agents").map(|node| &node.value) else {
        return resolved;
    };
    let Some(Value::Table(own_groups)) = value_mut(&mut resolved, "agents") else {
        return resolved;
    };
    for entry in &mut own_groups.entries {
        let Value::Table(group) = &mut entry.node.value else { continue };
        let Some((name, like)) = group.get("like").and_then(named) else { continue };
        let Some(Value::Table(model)) = groups.get(&name).map(|node| &node.value) else { continue };
        if model.get("like").is_some() {
            let message = format!("`{name}` is itself like another group");
            let finding = Diagnostic::error(&context.source, message).at(like.span.clone());
            let finding = finding.key(format!("agents.{}.like", entry.key.text));
            context.report(finding.help("name the group that says everything"));
            continue;
        }
        let inherited = model.entries.iter().filter(|setting| {
            let key = setting.key.text.as_str();
            !WHO_AND_WHEN.contains(&key) && group.get(key).is_none()
        });
        let inherited = Vec::from_iter(inherited.cloned());
        group.entries.extend(inherited);
    }
    resolved
}

fn named(node: &Node) -> Option<(String, Node)> {
    match &node.value {
        Value::Text(name) => Some((name.clone(), node.clone())),
        _ => None,
    }
}

fn value_mut<'a>(table: &'a mut Table, key: &str) -> Option<&'a mut Value> {
    let entry = table.entries.iter_mut().find(|entry| entry.key.text == key)?;
    Some(&mut entry.node.value)
}

const WHO_AND_WHEN: [&str; 6] = ["count", "shifts", "staffing", "roster", "absences", "shrinkage"];
