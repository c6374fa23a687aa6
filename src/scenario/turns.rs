//! What agents do with a turn besides answering: `parking`, `manual_sla` and `hand_overs`.

use super::distribution::{SHARES_TOLERANCE, rounded, seconds};
use super::hand_overs::hand_over;
use super::reader::ReaderSection;
use super::reader::compound::{InTable, OneOrMore, unless_off};
use super::reader::forms::{ChoiceForm, Duration, Number};
use crate::base::ids::SkillId;
use crate::model::settings::{
    BoomerangThen, GroupBoomerang, HandOver, ManualSla, Parking, ReplyBoomerang,
};

/// What the agents of a group do besides answering.
pub(super) struct TurnChoices {
    pub(super) parking: Option<Parking>,
    pub(super) boomerang: GroupBoomerang,
    pub(super) manual_sla: Option<ManualSla>,
    pub(super) hand_overs: Vec<HandOver>,
}

/// `parking`, `manual_sla` and `hand_overs`.
pub(super) fn turns(section: &mut ReaderSection<'_>, own_skills: &[SkillId]) -> TurnChoices {
    let parking = section.optional(
        "parking",
        unless_off(InTable(parking)),
        "setting a conversation Pending with a boomerang instead of answering",
    );
    let boomerang = section.optional(
        "boomerang",
        unless_off(InTable(reply_boomerang)),
        "setting a boomerang with a reply: the conversation comes back if the consumer is silent; \
         that of the skill if left out",
    );
    let manual_sla = section.optional(
        "manual_sla",
        unless_off(InTable(manual_sla)),
        "asking for extra time on a conversation",
    );
    let hand_overs = section.optional(
        "hand_overs",
        OneOrMore(InTable(|section: &mut ReaderSection<'_>| hand_over(section, own_skills))),
        "handing a conversation over instead of answering",
    );
    let parking = parking.flatten();
    let hand_overs = hand_overs.unwrap_or_default();
    let handed: f64 = hand_overs.iter().map(|hand_over| hand_over.share).sum();
    refuse_above_one(section, handed + parking.as_ref().map_or(0.0, |parking| parking.share));
    let boomerang = boomerang.map_or(GroupBoomerang::OfSkill, GroupBoomerang::Own);
    let manual_sla = manual_sla.flatten();
    TurnChoices { parking, boomerang, manual_sla, hand_overs }
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

/// `boomerang` of a group or of a skill.
pub(super) fn reply_boomerang(section: &mut ReaderSection<'_>) -> Option<ReplyBoomerang> {
    let share =
        section.required("share", Number::share(), "probability that a reply sets a boomerang");
    let after = section.required("after", seconds(), "time from the reply to the boomerang");
    let then = section.value(
        "then",
        BOOMERANG_THEN,
        "follow_up",
        "what the owner does when the conversation comes back",
    );
    Some(ReplyBoomerang { share: share?, after: after?, then })
}

const BOOMERANG_THEN: ChoiceForm<BoomerangThen> = ChoiceForm(&[
    ("follow_up", BoomerangThen::FollowUp, "writes again, which takes a reply time"),
    ("resolve", BoomerangThen::Resolve, "closes it, which takes no time"),
]);

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
