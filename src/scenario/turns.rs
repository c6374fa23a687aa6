//! What agents do with a turn besides answering: `parking`, `manual_sla` and `hand_overs`.

use serde_json::{Value as Json, json};

use super::distribution::{SHARES_TOLERANCE, rounded, seconds};
use super::reader::compound::{InTable, NameOf, OneOrMore, unless_off};
use super::reader::forms::{ChoiceForm, Duration, Number};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use crate::base::ids::{GroupId, SkillId};
use crate::model::settings::{HandOver, HandOverTo, ManualSla, OfflineAssignment, Parking};

/// What the agents of a group do besides answering.
pub(super) struct TurnChoices {
    pub(super) parking: Option<Parking>,
    pub(super) manual_sla: Option<ManualSla>,
    pub(super) hand_overs: Vec<HandOver>,
}

/// `parking`, `manual_sla` and `hand_overs`.
pub(super) fn turns(section: &mut ReaderSection<'_>) -> TurnChoices {
    let parking = section.optional(
        "parking",
        unless_off(InTable(parking)),
        "setting a conversation Pending with a boomerang instead of answering",
    );
    let manual_sla = section.optional(
        "manual_sla",
        unless_off(InTable(manual_sla)),
        "asking for extra time on a conversation",
    );
    let hand_overs = section.optional(
        "hand_overs",
        OneOrMore(InTable(hand_over)),
        "handing a conversation over instead of answering",
    );
    let parking = parking.flatten();
    let hand_overs = hand_overs.unwrap_or_default();
    let handed: f64 = hand_overs.iter().map(|hand_over| hand_over.share).sum();
    refuse_above_one(section, handed + parking.as_ref().map_or(0.0, |parking| parking.share));
    TurnChoices { parking, manual_sla: manual_sla.flatten(), hand_overs }
}

fn refuse_above_one(section: &ReaderSection<'_>, sum: f64) {
    if sum > 1.0 + SHARES_TOLERANCE {
        let key = if section.has("hand_overs") { "hand_overs" } else { "parking" };
        let message =
            format!("the shares of `parking` and `hand_overs` add up to {}", rounded(sum));
        section.context.report(section.error(key, message).allowed("at most 1 together"));
    }
}

fn parking(section: &mut ReaderSection<'_>) -> Option<Parking> {
    let share = section.required("share", Number::share(), "probability that a turn is parked");
    let after = section.value("after", seconds(), "10s", "work until the agent parks");
    let boomerang =
        section.required("boomerang", seconds(), "time until the conversation comes back as New");
    Some(Parking { share: share?, after, boomerang: boomerang? })
}

fn manual_sla(section: &mut ReaderSection<'_>) -> Option<ManualSla> {
    let share = section.required(
        "share",
        Number::share(),
        "probability that the agent asks for extra time on a turn",
    );
    let if_longer_than = section.value(
        "if_longer_than",
        Duration::any(),
        "0s",
        "only when the work of the reply takes at least this",
    );
    let length = section.required("length", seconds(), "extra time asked for");
    let cancel_after = section.optional(
        "cancel_after",
        seconds(),
        "the agent cancels it this long after asking; never if left out",
    );
    Some(ManualSla { share: share?, if_longer_than, length: length?, cancel_after })
}

fn hand_over(section: &mut ReaderSection<'_>) -> Option<HandOver> {
    let share =
        section.required("share", Number::share(), "probability that a turn is handed over");
    let after = section.value("after", seconds(), "10s", "work until the agent hands over");
    let to = section.required(
        "to",
        ToForm,
        "to whom: \"queue\", { skill = \"…\" } or { specialist = \"GROUP\" }",
    );
    Some(HandOver { share: share?, after, to: to? })
}

struct ToForm;

impl Form for ToForm {
    type Value = HandOverTo;

    fn read(&self, input: Input<'_>) -> Option<HandOverTo> {
        match &input.node.value {
            Value::Table(_) => input.table(to),
            _ => {
                QUEUE.read(input)?;
                Some(HandOverTo::Queue)
            }
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [QUEUE.schema(), InTable(to).schema()] })
    }
}

fn to(section: &mut ReaderSection<'_>) -> Option<HandOverTo> {
    let skill = section.optional("skill", NameOf::SKILL, "to the queue of another skill");
    let group = section.optional(
        "specialist",
        NameOf::GROUP,
        "to one agent of a group, the conversation's dedicated specialist",
    );
    let offline = section.value(
        "offline",
        OfflineForm,
        "pending",
        "in which status an offline specialist is given it",
    );
    if !section.one_of(&["skill", "specialist"], true) {
        return None;
    }
    if section.has("skill") {
        if section.has("offline") {
            section
                .context
                .report(section.error("offline", "`offline` goes with `specialist` only"));
        }
        return Some(HandOverTo::Skill(SkillId(u16::try_from(skill?).ok()?)));
    }
    Some(HandOverTo::Specialist { group: GroupId(u16::try_from(group?).ok()?), offline })
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

const QUEUE: ChoiceForm<()> = ChoiceForm(&[("queue", (), "back to the queue of the same skill")]);

const OFFLINE: ChoiceForm<bool> = ChoiceForm(&[
    ("new", false, "New, which nobody works on until the specialist logs in"),
    ("pending", true, "Pending, as recommended, without a boomerang"),
]);
