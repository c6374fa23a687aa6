//! For every rule a sequence that breaks it and a legal one beside it.

use super::*;
use crate::base::ids::{AgentId, Epoch, SkillId};
use crate::base::time::{Span, Time};
use crate::ledger::test_events::TestEvents;
use crate::model::event::{AgentState, Cause, Event, Status};
use crate::model::settings::{SlotWeight, UnassignClock};

/// Conversation 0 with agent 0 since second 10; the deadline is at 70.
fn owned() -> TestEvents {
    let mut facts = TestEvents::new();
    facts.online(0).at(5).open().at(10).assign(0, 0);
    facts
}

/// The same, answered at 20 and Pending.
fn pending() -> TestEvents {
    let mut facts = owned();
    facts.at(20).reply(0, 5);
    facts
}

fn legal(facts: &TestEvents) {
    assert_eq!(facts.verdict(), Ok(()));
}

#[test]
fn rule_1_slots_are_the_sum_of_the_weights() {
    legal(owned().at(11));
    let wrong = Event::SlotsInUse { agent: AgentId(0), used: SlotWeight(2000) };
    assert_eq!(owned().tell(wrong).at(11).broken(), 1);
    assert_eq!(pending().tell(wrong).at(30).online(1).broken(), 1);
}

#[test]
fn rule_1_an_idle_conversation_may_weigh_less_but_a_new_one_not() {
    let lighter = Event::SlotsInUse { agent: AgentId(0), used: SlotWeight(250) };
    let mut facts = pending();
    facts.centre.capacity.inactive_after = Some(Span::from_secs(10));
    facts.centre.capacity.inactive_weight = SlotWeight(250);
    legal(facts.at(30).tell(lighter));
    let mut facts = owned();
    facts.centre.capacity.inactive_after = Some(Span::from_secs(10));
    facts.centre.capacity.inactive_weight = SlotWeight(250);
    assert_eq!(facts.at(30).tell(lighter).broken(), 1);
}

#[test]
fn rule_1_an_owner_is_left_before_another_takes_over() {
    let mut facts = owned();
    facts.online(1).at(15);
    let to = Some(AgentId(1));
    legal(facts.clone().change(0, to, Status::New, Cause::TransferredToAgent));
    assert_eq!(facts.change(0, to, Status::New, Cause::Assigned).broken(), 8);
}

#[test]
fn rules_3_and_6_on_the_wall_clock_a_timer_may_be_late_but_not_lost() {
    let verdict = |facts: &TestEvents, handled_until| {
        let mut ledger = facts.ledger();
        ledger.timers_handled_until(Time::from_secs(handled_until));
        let verdict = facts.fold(ledger).verify(facts.now, facts.snapshot());
        verdict.map_err(|violation| violation.rule)
    };
    let mut unassigned = owned();
    unassigned.at(90).unassign(0, 85);
    assert_eq!((verdict(&unassigned, 70), verdict(&unassigned, 71)), (Ok(()), Err(3)));
    let mut removed = owned();
    removed.at(20).offline(0).at(200).online(1).remove(0);
    assert_eq!((verdict(&removed, 140), verdict(&removed, 141)), (Ok(()), Err(6)));
}

#[test]
fn rule_3_nobody_waits_for_one_agent_beyond_the_fallback() {
    let reserved = |until: i64| {
        let mut facts = owned();
        facts.online(1).at(20);
        let cause = Cause::Reserved { agent: AgentId(1), until: Time::from_secs(until) };
        facts.change(0, None, Status::New, cause);
        facts
    };
    legal(reserved(50).at(50).change(0, None, Status::New, Cause::FellBack).at(60).assign(0, 0));
    legal(reserved(50).at(40).message(0, false).at(50).assign(0, 1));
    let late = |facts: &mut TestEvents| {
        facts.at(51).change(0, None, Status::New, Cause::FellBack).broken()
    };
    assert_eq!(late(&mut reserved(50)), 3);
    assert_eq!(late(reserved(50).at(40).message(0, false)), 3);
    assert_eq!(reserved(50).at(40).assign(0, 0).broken(), 8);
    assert_eq!(owned().at(20).change(0, None, Status::New, Cause::FellBack).broken(), 8);
}

#[test]
fn rule_8_what_waits_in_the_queue_goes_to_nobody_without_the_skill() {
    let given = |skill: u16| {
        let mut facts = owned();
        facts.centre.groups[0].skills = vec![SkillId(0)];
        facts.at(20).skill(0, skill).change(0, None, Status::New, Cause::TransferredToSkill);
        facts.at(30).assign(0, 0);
        facts
    };
    legal(&given(0));
    assert_eq!(given(1).broken(), 8);
}

#[test]
fn rule_2_no_conversation_is_lost_or_doubled() {
    let mut facts = owned();
    facts.open();
    legal(&facts);
    let mut ledger = facts.fold(facts.ledger());
    let all_but_one = facts.snapshot().into_iter().skip(1);
    assert_eq!(ledger.verify(facts.now, all_but_one).unwrap_err().rule, 2);
    assert_eq!(owned().open_in(0, 1).broken(), 2);
    legal(owned().at(20).last_reply(0, 1).open_in(0, 1));
}

#[test]
fn rule_3_no_deadline_passes_unnoticed() {
    legal(owned().at(70).unassign(0, 65));
    legal(owned().at(70).reply(0, 60));
    assert_eq!(owned().at(71).reply(0, 60).broken(), 3);
    assert_eq!(owned().at(71).broken(), 3);
    assert_eq!(owned().at(71).unassign(0, 66).broken(), 3);
    assert_eq!(owned().at(69).unassign(0, 64).broken(), 9);
    let mut off = owned();
    off.centre.unassign.enabled = false;
    legal(off.at(1000));
}

#[test]
fn rule_3_the_last_message_moves_the_deadline_and_the_first_unanswered_does_not() {
    let mut facts = owned();
    facts.at(50).message(0, true);
    legal(facts.clone().at(110).unassign(0, 60));
    assert_eq!(facts.clone().at(111).broken(), 3);
    facts.centre.unassign.clock = UnassignClock::FirstUnanswered;
    legal(facts.clone().at(70).unassign(0, 65));
    assert_eq!(facts.at(110).unassign(0, 60).broken(), 3);
}

#[test]
fn rule_3_a_change_of_state_moves_the_deadline_without_restarting_it() {
    let mut facts = owned();
    facts.at(20).lunch(0);
    let away = AgentState::Away(crate::base::ids::ReasonId(1));
    legal(facts.clone().at(40).unassign_from(0, away, 35));
    assert_eq!(facts.clone().at(41).broken(), 3);
    // A passed deadline fires at once: at 50 the timeout of 30 s has long been over.
    let mut late = owned();
    late.at(50).lunch(0);
    legal(late.clone().unassign_from(0, away, 45));
    assert_eq!(late.at(51).broken(), 3);
    // Offline has no timeout; back Online the old origin holds.
    legal(facts.clone().at(30).offline(0).at(100).online(0).unassign(0, 95));
    facts.centre.unassign.return_grace = Span::from_secs(7);
    legal(facts.clone().at(30).offline(0).at(100).online(0).at(107).unassign(0, 102));
    assert_eq!(facts.at(30).offline(0).at(100).online(0).unassign(0, 95).broken(), 9);
}

#[test]
fn rule_3_parked_time_stops_the_clock() {
    let mut facts = owned();
    facts.at(30).change(0, Some(AgentId(0)), Status::Pending, Cause::Parked);
    legal(facts.clone().at(500));
    facts.at(500).change(0, Some(AgentId(0)), Status::New, Cause::Boomerang);
    legal(facts.clone().at(540).unassign(0, 535));
    assert_eq!(facts.clone().at(541).broken(), 3);
    // The timeout of an absent owner has passed by then: it fires at once.
    let mut away = owned();
    away.at(45).change(0, Some(AgentId(0)), Status::Pending, Cause::Parked).at(50).lunch(0);
    away.at(500).change(0, Some(AgentId(0)), Status::New, Cause::Boomerang);
    legal(away.clone().unassign_from(0, AgentState::Away(crate::base::ids::ReasonId(1)), 495));
    assert_eq!(away.at(501).broken(), 3);
}

#[test]
fn rule_3_parked_time_stops_the_clock_of_the_first_unanswered_message_too() {
    let mut facts = owned();
    facts.centre.unassign.clock = UnassignClock::FirstUnanswered;
    facts.at(25).message(0, false).at(30);
    facts.change(0, Some(AgentId(0)), Status::Pending, Cause::Parked);
    facts.at(500).change(0, Some(AgentId(0)), Status::New, Cause::Boomerang);
    legal(facts.clone().at(540).unassign(0, 535));
    assert_eq!(facts.at(545).unassign(0, 540).broken(), 3);
}

#[test]
fn rule_3_an_answered_conversation_has_no_deadline() {
    let mut facts = pending();
    facts.at(100).change(0, Some(AgentId(0)), Status::New, Cause::Boomerang);
    legal(facts.clone().at(1000));
    assert_eq!(facts.at(160).unassign(0, 60).broken(), 9);
}

#[test]
fn rule_4_a_manual_sla_exempts_until_it_ends() {
    let mut facts = owned();
    facts.at(20).sla(0, Some(200));
    legal(facts.clone().at(180));
    assert_eq!(facts.clone().at(70).unassign(0, 65).broken(), 4);
    assert_eq!(facts.clone().at(70).sla(0, None).unassign(0, 65).broken(), 4);
    // Re-armed from its end, or from its cancellation (D5).
    legal(facts.clone().at(200).sla(0, None).at(260).unassign(0, 255));
    legal(facts.clone().at(100).sla(0, None).at(160).unassign(0, 155));
    assert_eq!(facts.at(200).sla(0, None).at(261).broken(), 3);
}

#[test]
fn rule_5_logout_leaves_pending_conversations_alone() {
    legal(pending().at(30).offline(0).at(500));
    assert_eq!(pending().at(30).offline(0).at(40).remove(0).broken(), 5);
}

#[test]
fn rule_6_new_conversations_of_a_logged_out_owner_are_removed_in_time() {
    let mut facts = owned();
    facts.at(30).offline(0);
    legal(facts.clone().at(150).remove(0));
    legal(facts.clone().at(140).online(0).reply(0, 1).at(300));
    assert_eq!(facts.clone().at(151).online(1).broken(), 6);
    assert_eq!(facts.clone().at(151).remove(0).broken(), 6);
    assert_eq!(facts.clone().at(140).online(0).remove(0).broken(), 9);
    facts.centre.remove_ownership.enabled = false;
    legal(facts.at(1000));
}

#[test]
fn rule_6_a_message_to_an_offline_owner_removes_it_in_one_step() {
    let mut facts = pending();
    facts.at(30).offline(0).at(500);
    let inbound = Cause::InboundWhileOffline;
    legal(facts.clone().message(0, false).change(0, None, Status::New, inbound));
    assert_eq!(facts.clone().write(0).broken(), 6);
    facts.centre.remove_ownership.enabled = false;
    legal(facts.clone().write(0));
    assert_eq!(facts.message(0, false).change(0, None, Status::New, inbound).broken(), 7);
}

#[test]
fn rule_7_a_feature_that_is_off_removes_nothing() {
    let mut unassigned = owned();
    unassigned.at(70).unassign(0, 65);
    legal(&unassigned);
    unassigned.centre.unassign.enabled = false;
    assert_eq!(unassigned.broken(), 7);
    let mut removed = owned();
    removed.at(30).offline(0).at(60).remove(0);
    legal(&removed);
    removed.centre.remove_ownership.enabled = false;
    assert_eq!(removed.broken(), 7);
}

#[test]
fn rule_8_the_audit_trail_replays_to_what_the_router_knows() {
    let facts = pending();
    legal(&facts);
    for change in [
        |snapshot: &mut Snapshot| snapshot.status = Status::New,
        |snapshot: &mut Snapshot| snapshot.owner = Some(AgentId(1)),
    ] {
        let mut wrong = facts.snapshot();
        change(&mut wrong[0]);
        let mut ledger = facts.fold(facts.ledger());
        assert_eq!(ledger.verify(facts.now, wrong).unwrap_err().rule, 8);
    }
    assert_eq!(owned().at(20).reply(0, 1).edit(|change| change.from = None).broken(), 8);
    let mut twice = pending();
    twice.change(0, Some(AgentId(0)), Status::Pending, Cause::Parked);
    assert_eq!(twice.broken(), 8);
}

#[test]
fn rule_9_time_and_epochs_run_forwards() {
    assert_eq!(owned().at(9).online(1).broken(), 9);
    for epoch in [0, 2] {
        let wrong = owned().edit(|change| change.epoch = Epoch(epoch)).broken();
        assert_eq!(wrong, 9, "epoch {epoch} after the assignment");
    }
    assert_eq!(pending().edit(|change| change.epoch = Epoch(2)).broken(), 9);
}

#[test]
fn rule_9_nobody_acts_on_what_is_over_or_not_his() {
    let mut over = owned();
    over.at(20).last_reply(0, 1);
    legal(&over);
    assert_eq!(over.clone().message(0, false).broken(), 9);
    // The slot is used again; a fact about its first conversation comes too late.
    let old = over.key(0);
    over.open_in(0, 1);
    legal(&over);
    assert_eq!(over.tell(Event::DeadlineSuppressed { conversation: old }).broken(), 9);
    assert_eq!(pending().answer(0, 1, false).broken(), 9);
}

#[test]
fn a_violation_names_rule_instant_conversation_and_finding() {
    let violation = owned().at(71).verdict().unwrap_err();
    assert_eq!(
        violation.to_string(),
        "rule 3 broken at 1m 11s on conversation 1 of kind 0: still with agent 0 after its \
         deadline 1m 10s"
    );
}

#[test]
fn nothing_is_checked_when_checks_are_off() {
    let mut facts = owned();
    facts.at(71);
    let centre = std::sync::Arc::new(facts.centre.clone());
    let ledger =
        crate::ledger::Ledger::new(centre, &facts.measure, facts.warm_up, facts.until, false);
    let mut ledger = facts.fold(ledger);
    assert_eq!(ledger.verify(facts.now, facts.snapshot()), Ok(()));
    assert!(!ledger.finish(facts.now).checked);
}
