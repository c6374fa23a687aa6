//! `[agents.NAME]`.

use serde_json::Value as Json;

use super::absences::{self, Planned};
use super::distribution::seconds;
use super::finish;
use super::plan::RunSettings;
use super::reader::compound::{List, NameOf};
use super::reader::forms::{ChoiceForm, Duration, Number, Whole};
use super::reader::tree::{Node, Value};
use super::reader::{Form, Input, ReaderSection};
use super::roster_form::{GroupStaff, roster};
use super::shrinkage_form;
use super::skill_form::{ReplyTimeForm, ReplyTimes, skill_limits};
use super::turns;
use crate::base::distribution::Distribution;
use crate::base::ids::SkillId;
use crate::model::settings::{AgentGroup, Attention, NamedAgent};

/// A group of agents, its name and the numbers of its away reasons still to be filled in.
pub(super) fn agents(
    section: &mut ReaderSection<'_>,
    run: &RunSettings,
) -> Option<(AgentGroup, Vec<Planned>)> {
    like(section);
    let roster = roster(section, run);
    let shrinkage = shrinkage_form::shrinkage(section, run);
    let skills = skills(section);
    let concurrency =
        section.value("concurrency", SlotsForm, 3, "slots of each agent: conversations at a time");
    let attention = section.value(
        "attention",
        ATTENTION,
        "serial",
        "whether an agent writes one reply at a time",
    );
    let finish = section.table("finish", finish::finish, "how a shift ends");
    let absences = absences::absences(section, run);
    let session_timeout = section.value(
        "session_timeout",
        Duration::any(),
        "60s",
        "a disconnected agent is logged out after this long",
    );
    let limits = skill_limits(section);
    let (reply_time, reply_time_by_skill) = reply_times(section);
    let slowdown = slowdown(section);
    let wrap_up = section.value("wrap_up", seconds(), "0s", "work after a conversation");
    let turns = turns::turns(section, skills.as_deref().unwrap_or_default());
    let cost_per_hour = section.value(
        "cost_per_hour",
        Number::between(0.0, 1e9),
        0,
        "cost of one agent for one logged-in hour",
    );
    let (staff, shrinkage) = (roster?, shrinkage?);
    let (mut absences, away_answers) = absences?;
    absences.extend(shrinkage_form::times_away(shrinkage.as_ref(), &staff, run));
    let GroupStaff { count, roster, mut named, breaks } = staff;
    absences.extend(breaks.into_iter().map(absences::listed));
    let skills = all_skills(skills?, &mut named);
    let group = AgentGroup {
        name: String::new(),
        count,
        named,
        skills,
        concurrency,
        attention,
        roster,
        shrinkage,
        finish: finish?,
        episodes: Vec::new(),
        session_timeout,
        away_answers,
        reply_time,
        reply_time_by_skill,
        limits: limits?,
        slowdown: slowdown?,
        wrap_up,
        parking: turns.parking,
        boomerang: turns.boomerang,
        manual_sla: turns.manual_sla,
        hand_overs: turns.hand_overs,
        cost_per_hour,
    };
    Some((group, absences))
}

/// Has been heeded before ([`super::like`]); here the name is checked.
fn like(section: &mut ReaderSection<'_>) {
    section.optional(
        "like",
        NameOf::GROUP,
        "another group whose settings they have, but for `count`, `shifts`, `staffing`, `roster`, \
         `absences`, `shrinkage` and all that they say themselves",
    );
}

/// The skills that agents of a group have; where some have their own, the others keep those of the
/// group.
fn all_skills(mut skills: Vec<SkillId>, named: &mut [NamedAgent]) -> Vec<SkillId> {
    if named.iter().all(|own| own.skills.is_none()) {
        return skills;
    }
    let of_group = std::mem::take(&mut skills);
    for own in named.iter_mut() {
        own.skills.get_or_insert_with(|| of_group.clone());
    }
    skills.extend(named.iter().filter_map(|own| own.skills.as_ref()).flatten());
    skills.sort_unstable();
    skills.dedup();
    skills
}

/// `concurrency`; a table by skill is told where its numbers belong.
struct SlotsForm;

impl SlotsForm {
    const NUMBER: Whole<u32> = Whole::between(1, 1_000_000);
}

impl Form for SlotsForm {
    type Value = u32;

    fn read(&self, input: Input<'_>) -> Option<u32> {
        if !matches!(input.node.value, Value::Table(_)) {
            return Self::NUMBER.read(input);
        }
        let finding = input.error("slots are those of an agent, not of a skill");
        let finding = finding.found("a table").allowed("a whole number from 1 to 1000000");
        input.context.report(finding.help(
            "give `concurrency` a number and `limits = { … }` the numbers by skill; `alone` names skills \
             beside which an agent has nothing else",
        ));
        None
    }

    fn schema(&self) -> Json {
        Self::NUMBER.schema()
    }
}

/// The work of a reply, and that by skill where the group says it.
fn reply_times(section: &mut ReaderSection<'_>) -> (Distribution, Vec<(SkillId, Distribution)>) {
    let unless_given = || Node::from_snippet(r#"{ lognormal = { mean = "60s", cv = 1.5 } }"#);
    let times = section.value(
        "reply_time",
        ReplyTimeForm,
        unless_given(),
        "work of one reply; or by skill: { chat = \"2m\", mail = \"8m\" }",
    );
    match times {
        ReplyTimes::Alike(reply_time) => (reply_time, Vec::new()),
        ReplyTimes::BySkill(by_skill) => (section.default_of(seconds(), &unless_given()), by_skill),
    }
}

fn skills(section: &mut ReaderSection<'_>) -> Option<Vec<SkillId>> {
    let skills = section.optional("skills", List(NameOf::SKILL), "their skills; all if left out");
    if !section.has("skills") {
        return (0..section.context.skills.len())
            .map(|skill| u16::try_from(skill).ok().map(SkillId))
            .collect();
    }
    let mut skills: Vec<_> =
        skills?.into_iter().filter_map(|skill| u16::try_from(skill).ok()).map(SkillId).collect();
    let named = skills.len();
    skills.sort_unstable();
    skills.dedup();
    if skills.is_empty() {
        section.context.report(
            section
                .error("skills", "an agent needs at least one skill")
                .help("leave `skills` out for all skills"),
        );
        return None;
    }
    if skills.len() < named {
        section.context.report(section.error("skills", "a skill is named twice"));
    }
    Some(skills)
}

/// D26. The first factor is that of one conversation; more of them never make answers quicker.
fn slowdown(section: &mut ReaderSection<'_>) -> Option<Vec<f64>> {
    let factors = section.optional(
        "slowdown",
        List(Number::between(1.0, 1000.0)),
        "by how much a reply takes longer with 1, 2, 3 … conversations open at the agent, such as \
         [1, 1.18, 1.4]; the first is 1, the last holds beyond the list",
    );
    if !section.has("slowdown") {
        return Some(Vec::new());
    }
    let factors = factors?;
    let wrong = match factors.first() {
        None => Some("`slowdown` is empty"),
        Some(&first) if first != 1.0 => Some("the first factor must be 1: one conversation open"),
        Some(_) if !factors.is_sorted() => Some("a factor is smaller than the one before it"),
        Some(_) => None,
    };
    match wrong {
        None => Some(factors),
        Some(message) => {
            let finding = section.error("slowdown", message);
            section.context.report(finding.help("leave `slowdown` out if nothing slows replies"));
            None
        }
    }
}

const ATTENTION: ChoiceForm<Attention> = ChoiceForm(&[
    ("serial", Attention::Serial, "one at a time, the longest-waiting message first"),
    ("parallel", Attention::Parallel, "every conversation independently"),
]);
