//! `hand_overs`: giving a conversation to another agent or queue instead of answering.

use serde_json::{Value as Json, json};

use super::distribution::seconds;
use super::reader::compound::{InTable, NameOf};
use super::reader::diagnostic::listing;
use super::reader::forms::{ChoiceForm, Duration, Number};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use crate::base::ids::{GroupId, SkillId};
use crate::model::settings::{HandOver, HandOverMode, HandOverTo, OfflineAssignment};

/// One way of handing over by agents who have these skills.
pub(super) fn hand_over(
    section: &mut ReaderSection<'_>,
    own_skills: &[SkillId],
) -> Option<HandOver> {
    let share =
        section.required("share", Number::share(), "probability that a turn is handed over");
    let after = section.value("after", seconds(), "10s", "work until the agent hands over");
    let to = section.required(
        "to",
        ToForm { own_skills },
        "to whom: \"queue\", { skill = \"…\" } or { specialist = \"GROUP\" }",
    );
    Some(HandOver { share: share?, after, to: to? })
}

struct ToForm<'a> {
    own_skills: &'a [SkillId],
}

impl Form for ToForm<'_> {
    type Value = HandOverTo;

    fn read(&self, input: Input<'_>) -> Option<HandOverTo> {
        match &input.node.value {
            Value::Table(_) => input.table(|section| to(section, self.own_skills)),
            _ => {
                QUEUE.read(input)?;
                Some(HandOverTo::Queue)
            }
        }
    }

    fn schema(&self) -> Json {
        let table = InTable(|section: &mut ReaderSection<'_>| to(section, self.own_skills));
        json!({ "anyOf": [QUEUE.schema(), table.schema()] })
    }
}

fn to(section: &mut ReaderSection<'_>, own_skills: &[SkillId]) -> Option<HandOverTo> {
    let skill = section.optional("skill", NameOf::SKILL, "to the queue of another skill");
    let group = section.optional(
        "specialist",
        NameOf::GROUP,
        "to one agent of a group, the conversation's dedicated specialist",
    );
    let needs = section.optional(
        "needs",
        NameOf::SKILL,
        "the skill of the specialist that the conversation needs from then on; the first, in the \
         order written, that the giver lacks, if left out",
    );
    let mode = mode(section);
    if !section.one_of(&["skill", "specialist"], true) {
        return None;
    }
    if section.has("skill") {
        refuse(section, &OF_SPECIALISTS, "`specialist`");
        return Some(HandOverTo::Skill(SkillId(u16::try_from(skill?).ok()?)));
    }
    let group = group?;
    let skills = section.context.group_skills.get(group).map_or(&[][..], Vec::as_slice);
    let needs = match needs {
        None if section.has("needs") => return None,
        None => skills.iter().find(|skill| !own_skills.contains(skill)).copied(),
        Some(needs) => Some(of_group(section, needs, skills)?),
    };
    Some(HandOverTo::Specialist { group: GroupId(u16::try_from(group).ok()?), needs, mode })
}

/// A skill that the receiving agents have.
fn of_group(section: &ReaderSection<'_>, needs: usize, skills: &[SkillId]) -> Option<SkillId> {
    let needs = SkillId(u16::try_from(needs).ok()?);
    if !skills.contains(&needs) {
        let names = &section.context.skills;
        let name = |skill: &SkillId| names[usize::from(skill.0)].as_str();
        let message =
            format!("the agents to whom it is handed over lack the skill `{}`", name(&needs));
        let finding = section.error("needs", message);
        section.context.report(finding.allowed(listing(skills.iter().map(name))));
        return None;
    }
    Some(needs)
}

fn mode(section: &mut ReaderSection<'_>) -> HandOverMode {
    let is_reserved = section.value(
        "mode",
        MODES,
        "assign",
        "whether the specialist gets it at once or when there is a free slot",
    );
    let fallback_after = section.value(
        "fallback_after",
        Duration::any(),
        "2h",
        "with `mode = \"reserve\"`: how long it waits for that specialist alone",
    );
    let offline = section.value(
        "offline",
        OfflineForm,
        "pending",
        "with `mode = \"assign\"`: in which status an offline specialist is given it",
    );
    if is_reserved {
        refuse(section, &["offline"], "`mode = \"assign\"`");
        return HandOverMode::Reserve { fallback_after };
    }
    if section.has("specialist") {
        refuse(section, &["fallback_after"], "`mode = \"reserve\"`");
    }
    HandOverMode::Assign { offline }
}

/// Reports keys that go with something else only.
fn refuse(section: &ReaderSection<'_>, keys: &[&str], only_with: &str) {
    for key in keys.iter().filter(|key| section.has(key)) {
        let message = format!("`{key}` goes with {only_with} only");
        section.context.report(section.error(key, message));
    }
}

struct OfflineForm;

impl Form for OfflineForm {
    type Value = OfflineAssignment;

    fn read(&self, input: Input<'_>) -> Option<OfflineAssignment> {
        match &input.node.value {
            Value::Table(_) => input.table(pending),
            _ => Some(match OFFLINE.read(input)? {
                true => OfflineAssignment::Pending { boomerang: None },
                false => OfflineAssignment::New,
            }),
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [OFFLINE.schema(), InTable(pending).schema()] })
    }
}

fn pending(section: &mut ReaderSection<'_>) -> Option<OfflineAssignment> {
    section.required("pending", InTable(boomerang), "Pending, with a boomerang")
}

fn boomerang(section: &mut ReaderSection<'_>) -> Option<OfflineAssignment> {
    let boomerang = section.required(
        "boomerang",
        seconds(),
        "time until the conversation comes back as New",
    )?;
    Some(OfflineAssignment::Pending { boomerang: Some(boomerang) })
}

const OF_SPECIALISTS: [&str; 4] = ["needs", "mode", "fallback_after", "offline"];

const QUEUE: ChoiceForm<()> = ChoiceForm(&[("queue", (), "back to the queue of the same skill")]);

const MODES: ChoiceForm<bool> = ChoiceForm(&[
    ("assign", false, "at once, whatever the specialist's state and slots"),
    ("reserve", true, "it waits in the queue until the specialist is Online with a free slot"),
]);

const OFFLINE: ChoiceForm<bool> = ChoiceForm(&[
    ("new", false, "New, which nobody works on until the specialist logs in"),
    ("pending", true, "Pending, as recommended, with the boomerang of its skill if that has one"),
]);
