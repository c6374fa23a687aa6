//! `[agents.NAME]`.

use super::absences::{self, Planned};
use super::distribution::seconds;
use super::reader::ReaderSection;
use super::reader::compound::{InTable, List, NameOf};
use super::reader::forms::{ChoiceForm, Duration, Number, Whole};
use super::reader::tree::Node;
use super::roster_form;
use super::turns;
use crate::base::distribution::Distribution;
use crate::base::ids::SkillId;
use crate::base::time::Span;
use crate::model::settings::{AgentGroup, Attention, Finish, FinishPending, FinishWhen};

/// A group of agents, its name and the numbers of its away reasons still to be filled in.
pub(super) fn agents(
    section: &mut ReaderSection<'_>,
    starts_at: Span,
) -> Option<(AgentGroup, Vec<Planned>)> {
    let reply_time = Node::from_snippet(r#"{ lognormal = { mean = "60s", cv = 1.5 } }"#);
    let roster = roster_form::roster(section, starts_at);
    let skills = skills(section);
    let concurrency = section.value(
        "concurrency",
        Whole::<u32>::between(1, 1_000_000),
        3,
        "slots of each agent: conversations at a time",
    );
    let attention = section.value(
        "attention",
        ATTENTION,
        "serial",
        "whether an agent writes one reply at a time",
    );
    let finish = section.table("finish", finish, "how a shift ends");
    let absences = absences::absences(section, starts_at);
    let session_timeout = section.value(
        "session_timeout",
        Duration::any(),
        "60s",
        "a disconnected agent is logged out after this long",
    );
    let reply_time = section.value("reply_time", seconds(), reply_time, "work of one reply");
    let wrap_up = section.value("wrap_up", seconds(), "0s", "work after a conversation");
    let turns = turns::turns(section, skills.as_deref().unwrap_or_default());
    let cost_per_hour = section.value(
        "cost_per_hour",
        Number::between(0.0, 1e9),
        0,
        "cost of one agent for one logged-in hour",
    );
    let (roster, count) = roster?;
    let (absences, away_answers) = absences?;
    let group = AgentGroup {
        name: String::new(),
        count,
        skills: skills?,
        concurrency,
        attention,
        roster,
        finish: finish?,
        episodes: Vec::new(),
        session_timeout,
        away_answers,
        reply_time,
        wrap_up,
        parking: turns.parking,
        boomerang: turns.boomerang,
        manual_sla: turns.manual_sla,
        hand_overs: turns.hand_overs,
        cost_per_hour,
    };
    Some((group, absences))
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

fn finish(section: &mut ReaderSection<'_>) -> Option<Finish> {
    Some(Finish {
        when: section.value(
            "when",
            FinishForm,
            "at_shift_end",
            "what an agent does when the shift is over",
        ),
        pending: section.value(
            "pending",
            FINISH_PENDING,
            "leave",
            "whether an agent who finishes first waits for its Pending conversations too",
        ),
        at_most: section.value(
            "at_most",
            Duration::any(),
            "1h",
            "an agent who finishes first logs out at the latest after this long",
        ),
    })
}

/// A word, or `{ late = distribution }`.
struct FinishForm;

impl super::reader::Form for FinishForm {
    type Value = FinishWhen;

    fn read(&self, input: super::reader::Input<'_>) -> Option<FinishWhen> {
        match &input.node.value {
            super::reader::tree::Value::Table(_) => input.table(late).map(FinishWhen::Late),
            _ => FINISH.read(input).map(|waits| {
                if waits { FinishWhen::AfterFinishing } else { FinishWhen::AtShiftEnd }
            }),
        }
    }

    fn schema(&self) -> serde_json::Value {
        serde_json::json!({ "anyOf": [FINISH.schema(), InTable(late).schema()] })
    }
}

fn late(section: &mut ReaderSection<'_>) -> Option<Distribution> {
    section.required("late", seconds(), "works on for this time, then logs out")
}

const ATTENTION: ChoiceForm<Attention> = ChoiceForm(&[
    ("serial", Attention::Serial, "one at a time, the longest-waiting message first"),
    ("parallel", Attention::Parallel, "every conversation independently"),
]);

const FINISH: ChoiceForm<bool> = ChoiceForm(&[
    ("at_shift_end", false, "logs out, with whatever it owns"),
    ("after_finishing", true, "takes nothing new and logs out when nothing is left"),
]);

const FINISH_PENDING: ChoiceForm<FinishPending> = ChoiceForm(&[
    ("leave", FinishPending::Leave, "logs out when it owns no New conversation"),
    ("wait", FinishPending::Wait, "logs out when it owns no conversation"),
]);
