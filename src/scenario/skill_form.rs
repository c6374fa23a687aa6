//! `skills`: a list of names, or `[skills.NAME]` with what a skill has of its own (A16); and what agents
//! say by skill.

use serde_json::{Value as Json, json};

use super::closing::{AutoCloseForm, AutoCloseTimes};
use super::distribution::{DistributionForm, seconds};
use super::hours_form::HoursWritten;
use super::limits;
use super::plan::RunSettings;
use super::reader::compound::{InTable, List, NameOf, NamedForm, unless_off};
use super::reader::diagnostic::{listing, nearest};
use super::reader::forms::{Duration, Number, TextForm, Whole};
use super::reader::tree::{Node, Value, Word};
use super::reader::{Form, Input, ReaderSection};
use super::turns::reply_boomerang;
use crate::base::distribution::Distribution;
use crate::base::ids::SkillId;
use crate::base::time::Span;
use crate::model::settings::{SkillLimits, SkillSettings, SkillTime, SlotWeight};

/// The names of the skills, and what they have of their own if that is said.
enum SkillsWritten {
    Names(Vec<String>),
    Settings(Vec<(Word, SkillSettings)>),
}

/// A list of names, or a table by name.
struct SkillsForm<'a> {
    /// What the centre says.
    hours: &'a HoursWritten,
    run: &'a RunSettings,
}

impl SkillsForm<'_> {
    fn settings(&self) -> NamedForm<impl Form<Value = SkillSettings>> {
        let form = InTable(|section: &mut ReaderSection<'_>| {
            let mut settings = skill(section)?;
            settings.hours = HoursWritten::read(section, self.run).within(self.hours, self.run);
            Some(settings)
        });
        NamedForm { form, at_most: limits::SKILLS }
    }
}

impl Form for SkillsForm<'_> {
    type Value = SkillsWritten;

    fn read(&self, input: Input<'_>) -> Option<SkillsWritten> {
        match &input.node.value {
            Value::Table(_) => self.settings().read(input).map(SkillsWritten::Settings),
            _ => List(TextForm).read(input).map(SkillsWritten::Names),
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [List(TextForm).schema(), self.settings().schema()] })
    }
}

/// `[skills.NAME]`.
fn skill(section: &mut ReaderSection<'_>) -> Option<SkillSettings> {
    let mut settings = SkillSettings::default();
    section
        .table(
            "unassign",
            |section| {
                section.table(
                    "timeout",
                    timeouts,
                    "unassign timeouts of this skill, by state of the owner",
                )
            },
            "automatic unassignment of conversations of this skill",
        )?
        .write(&mut settings);
    let auto_close = section.optional(
        "auto_close",
        AutoCloseForm,
        "time without a message after which the platform closes a conversation of this skill",
    );
    let AutoCloseTimes { new, pending } = auto_close.unwrap_or_default();
    (settings.close_new, settings.close_pending) = (own(new), own(pending));
    settings.priority = section.optional(
        "priority",
        Whole::<i16>::between(-1000, 1000),
        "priority of consumers whose kind says none; higher numbers are served first",
    );
    let weight = section.optional(
        "weight",
        Number::between(0.0, 1000.0),
        "what a conversation takes of an agent's slots, in thousandths; 1 if left out",
    );
    settings.weight =
        weight.map(|weight| SlotWeight(libm::round(weight * f64::from(SlotWeight::FULL.0)) as u32));
    settings.reply_time = section.optional(
        "reply_time",
        seconds(),
        "work of one reply, where the group says none for this skill",
    );
    settings.boomerang = section.optional(
        "boomerang",
        InTable(reply_boomerang),
        "boomerang of replies by agents whose group has no `boomerang`, and of what is left Pending with \
         an offline specialist without one",
    );
    let service_level = |section: &mut ReaderSection<'_>| {
        Some(section.optional("within", Duration::any(), "threshold of the service level"))
    };
    settings.service_level_within =
        section.table("service_level", service_level, "service level of this skill")?;
    Some(settings)
}

fn own(time: Option<Option<Span>>) -> SkillTime {
    time.map_or(SkillTime::OfCentre, SkillTime::Own)
}

struct OwnTimeouts([SkillTime; 3]);

impl OwnTimeouts {
    fn write(self, settings: &mut SkillSettings) {
        [settings.online, settings.away, settings.offline] = self.0;
    }
}

fn timeouts(section: &mut ReaderSection<'_>) -> Option<OwnTimeouts> {
    let form = || unless_off(Duration::at_least(Span::from_secs(1)));
    let online = section.optional("online", form(), "while the owner is Online");
    let away = section.optional("away", form(), "while the owner is Away, whatever the reason");
    let offline = section.optional("offline", form(), "while the owner is Offline");
    Some(OwnTimeouts([online, away, offline].map(own)))
}

/// The skills of the centre with what each has of its own. Reports what is wrong with the names.
pub(super) fn skills(
    section: &mut ReaderSection<'_>,
    hours: &HoursWritten,
    run: &RunSettings,
) -> Vec<SkillSettings> {
    let written = section.optional(
        "skills",
        SkillsForm { hours, run },
        "names of the skills, or [skills.NAME] with what one has of its own; if left out, all that \
         are named anywhere",
    );
    let count = section.context.skills.len();
    let of_centre = || {
        let hours = HoursWritten::default().within(hours, run);
        vec![SkillSettings { hours, ..SkillSettings::default() }; count]
    };
    match written {
        None => of_centre(),
        Some(SkillsWritten::Names(names)) => {
            check_names(section, &names);
            of_centre()
        }
        Some(SkillsWritten::Settings(skills)) => {
            if skills.is_empty() {
                check_names(section, &[]);
            }
            for (name, _) in &skills {
                refuse_unused(section, name);
            }
            skills.into_iter().map(|(_, settings)| settings).collect()
        }
    }
}

/// A name that is nowhere else is most likely misspelt.
fn refuse_unused(section: &ReaderSection<'_>, name: &Word) {
    let used = &section.context.skills_used;
    if used.is_empty() || used.contains(&name.text) {
        return;
    }
    let message =
        format!("no consumer asks for the skill `{}` and no agent has it by name", name.text);
    let names = || used.iter().map(String::as_str);
    let mut finding = section.error("skills", message).at(name.span.clone());
    finding = finding.found("a name that is nowhere else").allowed(listing(names()));
    if let Some(meant) = nearest(&name.text, names()) {
        finding = finding.help(format!("did you mean `{meant}`?"));
    }
    section.context.report(finding);
}

fn check_names(section: &ReaderSection<'_>, names: &[String]) {
    let report = |message: String| section.context.report(section.error("skills", message));
    if names.is_empty() {
        report("a centre needs at least one skill".to_owned());
    }
    for (position, skill) in names.iter().enumerate() {
        if names[..position].contains(skill) {
            report(format!("skill `{skill}` is listed twice"));
        }
    }
}

/// `reply_time` of a group: one for all skills, or a table by skill.
pub(super) struct ReplyTimeForm;

/// What a group says of the work of a reply.
pub(super) enum ReplyTimes {
    Alike(Distribution),
    BySkill(Vec<(SkillId, Distribution)>),
}

impl ReplyTimeForm {
    const BY_SKILL: NamedForm<DistributionForm> =
        NamedForm { form: seconds(), at_most: limits::SKILLS };
}

impl Form for ReplyTimeForm {
    type Value = ReplyTimes;

    fn read(&self, input: Input<'_>) -> Option<ReplyTimes> {
        let is_by_skill = match &input.node.value {
            Value::Table(table) => {
                let is_skill = |name: &String| input.context.skills.contains(name);
                table.entries.iter().any(|entry| is_skill(&entry.key.text))
            }
            _ => false,
        };
        if !is_by_skill {
            return seconds().read(input).map(ReplyTimes::Alike);
        }
        let place = input.clone();
        let named = Self::BY_SKILL.read(input)?;
        by_skill(named, &place).map(ReplyTimes::BySkill)
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [seconds().schema(), Self::BY_SKILL.schema()] })
    }
}

/// Values under the names of skills, ascending by skill.
fn by_skill<T>(named: Vec<(Word, T)>, input: &Input<'_>) -> Option<Vec<(SkillId, T)>> {
    let mut values = Vec::new();
    for (name, value) in named {
        let node = Node { value: Value::Other, span: name.span.clone() };
        let place = Input { node: &node, ..input.clone() };
        let position = NameOf::SKILL.position(&name.text, &place)?;
        values.push((SkillId(u16::try_from(position).ok()?), value));
    }
    values.sort_by_key(|&(skill, _)| skill);
    Some(values)
}

/// `limits` and `alone` of a group.
pub(super) fn skill_limits(section: &mut ReaderSection<'_>) -> Option<SkillLimits> {
    let at_most = section.optional(
        "limits",
        NamedForm { form: Whole::<u32>::between(0, 1_000_000), at_most: limits::SKILLS },
        "how many conversations of a skill each agent may have at a time, Pending ones too: \
         { chat = 4, mail = 1 }",
    );
    let alone = section.optional(
        "alone",
        List(NameOf::SKILL),
        "skills whose conversations an agent has one at a time and nothing beside",
    );
    let at_most = match (at_most, section.input("limits")) {
        (Some(at_most), Some(input)) => by_skill(at_most, &input)?,
        _ => Vec::new(),
    };
    let alone = alone.unwrap_or_default().into_iter().map(|skill| SkillId(skill as u16)).collect();
    Some(SkillLimits { at_most, alone })
}
