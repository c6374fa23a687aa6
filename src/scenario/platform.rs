//! The rules of the platform: `[routing]`, `[pull]`, `[unassign]`, `[remove_ownership]`
//! and `[capacity]`.

use super::distribution::seconds;
use super::reader::ReaderSection;
use super::reader::compound::unless_off;
use super::reader::forms::{ChoiceForm, Duration, Flag, Number, Whole};
use super::reader::tree::Node;
use crate::base::time::Span;
use crate::model::settings::{
    Capacity, Choose, Exclude, LateAssignment, OnUnassign, Pick, Pull, QueueOrder, RemoveOwnership,
    SlotWeight, Timeouts, Unassign, UnassignClock,
};

/// `[routing]`: whether agents pull, and the choice among agents.
pub(super) fn routing(section: &mut ReaderSection<'_>) -> Option<(bool, Choose)> {
    let pull = section.value("mode", MODES, "push", "who acts on the queue");
    let choose = section.value(
        "choose",
        CHOICES,
        "least_loaded",
        "which eligible agent gets a conversation in push mode; ties by fewest slots in use, then \
         longest since the last assignment",
    );
    Some((pull, choose))
}

/// `[queue]`. `threshold` is that of the centre's service level.
pub(super) fn queue(section: &mut ReaderSection<'_>, threshold: Span) -> Option<QueueOrder> {
    let is_due = section.value(
        "order",
        ORDERS,
        "waiting_since",
        "which conversation of the queue is served first, after priority",
    );
    Some(if is_due { QueueOrder::Due { within: threshold } } else { QueueOrder::WaitingSince })
}

/// `[pull]`.
pub(super) fn pull(section: &mut ReaderSection<'_>) -> Option<Pull> {
    let half_a_minute = Node::from_snippet(r#"{ exponential = { mean = "30s" } }"#);
    Some(Pull {
        look_every: section.value(
            "look_every",
            seconds(),
            half_a_minute,
            "time between two looks of an agent at the queue",
        ),
        decide: section.value("decide", seconds(), "3s", "time from a look to the claim"),
        pick: section.value("pick", PICKS, "head", "which conversation an agent goes for"),
    })
}

/// `[unassign]`.
pub(super) fn unassign(section: &mut ReaderSection<'_>) -> Option<Unassign> {
    let enabled = section.value(
        "enabled",
        Flag,
        false,
        "whether unresponsive agents lose their conversations",
    );
    let timeout = section.table(
        "timeout",
        timeouts,
        "how long a message may wait for its owner before the conversation is \
         taken away, by state of the owner",
    );
    let clock =
        section.value("clock", CLOCKS, "last_message", "which consumer message starts the clock");
    let return_grace = section.value(
        "return_grace",
        Duration::any(),
        "0s",
        "time that an agent who returns to Online is given at least",
    );
    let exclude = section.value(
        "exclude",
        EXCLUDES,
        "last",
        "which earlier owners are passed over, also with `enabled = false` after a manual return",
    );
    let same_agent_after = section.value(
        "same_agent_after",
        Duration::any(),
        "60s",
        "after this time an excluded agent may get the conversation again",
    );
    let max_per_conversation = section.value(
        "max_per_conversation",
        unless_off(Whole::<u32>::between(0, 1_000_000)),
        "off",
        "beyond this many auto-unassigns a conversation goes first in the queue",
    );
    let set_away =
        section.value("on_unassign", ON_UNASSIGN, "nothing", "what becomes of the agent");
    let away_for = section.value(
        "away_for",
        Duration::any(),
        "5m",
        "time Away of an agent set Away who was not interrupted",
    );
    let on_unassign = if set_away { OnUnassign::SetAway { away_for } } else { OnUnassign::Nothing };
    let timeout = timeout?;
    Some(Unassign {
        enabled,
        timeout,
        clock,
        return_grace,
        exclude,
        same_agent_after,
        max_per_conversation,
        on_unassign,
    })
}

fn timeouts(section: &mut ReaderSection<'_>) -> Option<Timeouts> {
    let form = || unless_off(Duration::at_least(Span::from_secs(1)));
    Some(Timeouts {
        online: section.value("online", form(), "60s", "while the owner is Online"),
        away: section.value("away", form(), "60s", "while the owner is Away, whatever the reason"),
        offline: section.value("offline", form(), "60s", "while the owner is Offline"),
    })
}

/// `[remove_ownership]`.
pub(super) fn remove_ownership(section: &mut ReaderSection<'_>) -> Option<RemoveOwnership> {
    let two_minutes = Duration::between(Span::ZERO, Span::from_mins(2));
    Some(RemoveOwnership {
        enabled: section.value(
            "enabled",
            Flag,
            false,
            "whether agents lose their New conversations when they log out",
        ),
        within: section.value(
            "within",
            two_minutes,
            "2m",
            "longest time from logout to removal; drawn uniformly once a logout",
        ),
        late_assignment: section.value(
            "late_assignment",
            LATE_ASSIGNMENTS,
            "keep",
            "what happens to work assigned to an agent after its logout",
        ),
    })
}

/// `[capacity]`.
pub(super) fn capacity(section: &mut ReaderSection<'_>) -> Option<Capacity> {
    let inactive_after = section.value(
        "inactive_after",
        unless_off(Duration::any()),
        "off",
        "a Pending conversation idle this long takes less of a slot",
    );
    let weight = section.value(
        "inactive_weight",
        Number::share(),
        0.5,
        "what part of a slot it then takes, in thousandths",
    );
    let inactive_weight = SlotWeight(libm::round(weight * f64::from(SlotWeight::FULL.0)) as u32);
    Some(Capacity { inactive_after, inactive_weight })
}

const MODES: ChoiceForm<bool> = ChoiceForm(&[
    ("push", false, "the router gives conversations to agents"),
    ("pull", true, "agents look at the queue and claim"),
]);

const ORDERS: ChoiceForm<bool> = ChoiceForm(&[
    ("waiting_since", false, "whose consumer has waited longest"),
    (
        "due",
        true,
        "whose waiting since and threshold of the service level, that of its skill, come first",
    ),
]);

const CHOICES: ChoiceForm<Choose> = ChoiceForm(&[
    ("least_loaded", Choose::LeastLoaded, "fewest slots in use"),
    ("longest_idle", Choose::LongestIdle, "longest without a change of its work"),
    ("round_robin", Choose::RoundRobin, "the next after the agent chosen last"),
    ("fewest_skills", Choose::FewestSkills, "specialists before generalists"),
]);

const PICKS: ChoiceForm<Pick> = ChoiceForm(&[
    ("head", Pick::Head, "the first in queue order"),
    ("random", Pick::Random, "any, with equal probability"),
    ("shortest", Pick::Shortest, "the one with the least work: cherry-picking"),
]);

const CLOCKS: ChoiceForm<UnassignClock> = ChoiceForm(&[
    ("last_message", UnassignClock::LastMessage, "the last one: writing again moves the deadline"),
    ("first_unanswered", UnassignClock::FirstUnanswered, "the first unanswered one"),
]);

const EXCLUDES: ChoiceForm<Exclude> = ChoiceForm(&[
    ("last", Exclude::Last, "the agent who was auto-unassigned last, or gave it back since"),
    ("none", Exclude::None, "nobody"),
    (
        "all_previous",
        Exclude::AllPrevious,
        "everyone who was auto-unassigned from this conversation before, or gave it back",
    ),
]);

const ON_UNASSIGN: ChoiceForm<bool> = ChoiceForm(&[
    ("nothing", false, "the agent keeps receiving work"),
    ("set_away", true, "the agent is set Away until its interruption ends, or for `away_for`"),
]);

const LATE_ASSIGNMENTS: ChoiceForm<LateAssignment> = ChoiceForm(&[
    ("keep", LateAssignment::Keep, "it stays"),
    (
        "remove",
        LateAssignment::Remove,
        "it is removed as if the agent logged out at the assignment",
    ),
]);
