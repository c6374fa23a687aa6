//! What a file names, before it is read: groups, skills, and who has which.

use super::limits;
use super::reader::tree::{Node, Table, TreeEntry, Value};
use crate::base::ids::SkillId;

/// The names that the author gives under a key.
pub(super) fn names_in(table: &Table, key: &str) -> Vec<String> {
    entries(table.get(key).map(|node| &node.value)).map(|entry| entry.key.text.clone()).collect()
}

/// The skills listed, or else all that are named, in the order of the file; or else one without a
/// name of its own.
pub(super) fn skills_in(table: &Table) -> Vec<String> {
    let mut skills: Vec<String> = Vec::new();
    let mut add = |skill: String| {
        if !skills.contains(&skill) && skills.len() <= limits::SKILLS {
            skills.push(skill);
        }
    };
    match table.get("skills").map(|node| &node.value) {
        Some(Value::List(listed)) => listed.iter().filter_map(text).for_each(&mut add),
        Some(Value::Table(named)) => {
            named.entries.iter().for_each(|entry| add(entry.key.text.clone()));
        }
        _ => skills_used_in(table).into_iter().for_each(&mut add),
    }
    or_only(skills)
}

/// The skills that consumers ask for or agents have, as far as they are named, in the order of the
/// file.
pub(super) fn skills_used_in(table: &Table) -> Vec<String> {
    let mut skills: Vec<String> = Vec::new();
    let mut add = |skill: String| {
        if !skills.contains(&skill) && skills.len() <= limits::SKILLS {
            skills.push(skill);
        }
    };
    for kind in tables_in(table, "consumers") {
        kind.get("skill").and_then(text).into_iter().for_each(&mut add);
        entries(kind.get("skills").map(|node| &node.value))
            .for_each(|entry| add(entry.key.text.clone()));
    }
    for group in tables_in(table, "agents") {
        if let Some(Value::List(listed)) = group.get("skills").map(|node| &node.value) {
            listed.iter().filter_map(text).for_each(&mut add);
        }
    }
    skills
}

/// The skills of each group in the order written; all, if it names none.
pub(super) fn group_skills_in(table: &Table, known: &[String]) -> Vec<Vec<SkillId>> {
    let ids = || known.iter().zip((0..).map(SkillId));
    let id_of = |name: String| ids().find(|(skill, _)| **skill == name).map(|(_, id)| id);
    let groups = entries(table.get("agents").map(|node| &node.value));
    let skills = groups.map(|entry| match &entry.node.value {
        Value::Table(group) => match group.get("skills").map(|node| &node.value) {
            Some(Value::List(listed)) => listed.iter().filter_map(text).filter_map(id_of).collect(),
            _ => ids().map(|(_, id)| id).collect(),
        },
        _ => Vec::new(),
    });
    skills.collect()
}

/// Whether consumers have conversations that are open when the run begins.
pub(super) fn has_backlog(table: &Table) -> bool {
    tables_in(table, "consumers").any(|kind| kind.get("backlog").is_some())
}

fn or_only(skills: Vec<String>) -> Vec<String> {
    if skills.is_empty() { vec![ONLY_SKILL.to_owned()] } else { skills }
}

fn text(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn tables_in<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    entries(table.get(key).map(|node| &node.value)).filter_map(|entry| match &entry.node.value {
        Value::Table(table) => Some(table),
        _ => None,
    })
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = &TreeEntry> {
    let table = match value {
        Some(Value::Table(table)) => Some(table),
        _ => None,
    };
    table.into_iter().flat_map(|table| &table.entries)
}

const ONLY_SKILL: &str = "general";
