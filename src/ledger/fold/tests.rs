//! Every measure on a sequence made by hand.

use std::sync::{Arc, Mutex};

use crate::base::ids::{AgentId, ConversationId, KindId, ReasonId, SkillId};
use crate::base::time::{Span, Time};
use crate::ledger::definitions::find;
use crate::ledger::durations::{Durations, Total};
use crate::ledger::gauge::{Gauge, LevelFigure, Sampled, Spread};
use crate::ledger::outcome::{Abandoned, AgentTimes, Outcome};
use crate::ledger::rows::{ConversationEnding, ConversationRow, Rows};
use crate::ledger::settings::{ServiceLevelAt, ServiceLevelOf};
use crate::ledger::test_events::TestEvents;
use crate::model::event::{AgentState, AnswerTaken, Cause, Change, Event, Stale, Status};
use crate::model::settings::NamedAgent;

/// Count and sum in whole seconds.
fn seconds(total: Total) -> (u64, u128) {
    assert_eq!(total.micros % 1_000_000, 0);
    (total.count, total.micros / 1_000_000)
}

fn sum(durations: &Durations) -> (u64, u128) {
    seconds(durations.total())
}

/// Two answers, one of them late; the second conversation is resolved.
fn two_answers() -> TestEvents {
    let mut facts = TestEvents::new();
    facts.online(0).at(10).open().assign(0, 0).at(15).open();
    facts.at(25).reply(0, 5).at(27).assign(1, 0).at(60).last_reply(1, 20);
    facts.at(100).write(0).at(150).reply(0, 10);
    facts
}

#[test]
fn waits_run_from_the_opening_and_responses_from_the_message() {
    let outcome = two_answers().outcome();
    let times = &outcome.times;
    assert_eq!((outcome.flow.offered, outcome.flow.answered), (2, 2));
    assert_eq!(sum(&times.first_response), (2, 15 + 45));
    assert_eq!((sum(&times.assignment), times.assignment.zero()), ((2, 12), 1));
    assert_eq!(sum(&times.response), (3, 15 + 45 + 50));
    assert_eq!(sum(&times.start_of_writing), (3, 10 + 25 + 40));
    assert_eq!(sum(&times.queue), (2, 12));
    assert_eq!((outcome.counts.answers, outcome.flow.response_within), (3, 3));
    assert_eq!((outcome.flow.messages, outcome.counts.assignments), (3, 2));
    assert_eq!((outcome.flow.open_at_end, outcome.flow.unanswered_at_end), (1, 0));
    let [day, night] = &outcome.groups[..] else { panic!("two groups") };
    assert_eq!((day.work.answers, day.work.conversations, night.work.answers), (3, 2, 0));
    assert_eq!((sum(&day.response), seconds(day.work.response)), ((3, 110), (3, 110)));
    assert_eq!(outcome.skills[0].flow, outcome.flow);
    assert_eq!(outcome.skills[1].flow.offered, 0);
}

#[test]
fn handle_time_is_time_in_new_with_and_without_owner_and_its_absence() {
    let mut facts = TestEvents::new();
    facts.centre.remove_ownership.enabled = false;
    facts.centre.unassign.enabled = false;
    facts.online(0).open().at(10).assign(0, 0).at(20).offline(0).at(50).online(0);
    facts.at(60).reply(0, 5).at(200).write(0).at(207).offline(0).at(210).online(0);
    facts.at(220).last_reply(0, 5);
    let times = facts.outcome().times;
    assert_eq!(sum(&times.handle), (1, 60 + 20));
    assert_eq!(sum(&times.handle_owned), (1, 50 + 20));
    assert_eq!(sum(&times.handle_without_offline), (1, 30 + 17));
    assert_eq!(sum(&times.stranded), (2, 30 + 3));
}

#[test]
fn what_is_still_stranded_at_the_end_counts() {
    let mut facts = TestEvents::new();
    facts.centre.remove_ownership.enabled = false;
    facts.online(0).open().assign(0, 0).at(20).offline(0).at(100);
    let outcome = facts.outcome();
    assert_eq!(sum(&outcome.times.stranded), (1, 80));
    assert_eq!(outcome.levels[Gauge::Stranded as usize].horizon, 80_000_000);
    assert_eq!(outcome.times.handle.count(), 0);
}

#[test]
fn abandonments_are_told_apart_by_where_and_how() {
    let mut facts = TestEvents::new();
    facts.online(0).open().open().open().open();
    facts.assign(1, 0).assign(2, 0).at(10).abandon(0, false).abandon(1, false).reply(2, 1);
    facts.at(30).write(2).abandon(2, false).abandon(3, true);
    facts.assign(3, 0).at(40).answer(3, 1, true);
    facts.change(3, None, Status::Resolved, Cause::ResolvedByAgent);
    let outcome = facts.outcome();
    let flow = &outcome.flow;
    assert_eq!(flow.abandoned_in_queue, Abandoned { open: 1, silent: 1 });
    assert_eq!(flow.abandoned_while_owned, Abandoned { open: 1, silent: 0 });
    assert_eq!(flow.abandoned_mid_conversation, Abandoned { open: 1, silent: 0 });
    assert_eq!((flow.answered, flow.abandoned(), flow.abandonment()), (1, 3, Some(0.75)));
    assert_eq!((outcome.counts.wasted_answers, outcome.counts.answers), (1, 1));
    assert_eq!(outcome.counts.resolved_by_abandonment, 3);
    // An assignment after a silent abandonment ends no wait.
    assert_eq!((flow.assigned, outcome.counts.assignments), (2, 3));
    assert!(flow.balances());
}

#[test]
fn resolutions_are_told_apart_and_the_unanswered_are_closed_unanswered() {
    let mut facts = TestEvents::new();
    facts.online(0).open().open().assign(0, 0).at(10).reply(0, 1);
    facts.change(0, None, Status::Resolved, Cause::ResolvedByConsumer);
    facts.change(1, None, Status::Resolved, Cause::AutoClosed);
    let outcome = facts.outcome();
    let counts = &outcome.counts;
    assert_eq!((counts.resolved_by_consumer, counts.auto_closed), (1, 1));
    assert_eq!((outcome.flow.closed_unanswered, outcome.flow.unanswered_at_end), (1, 0));
    assert!(outcome.flow.balances());
}

/// Answered after 20 s and 30 s, abandoned after 5 s and 25 s, one open.
fn four_ways() -> TestEvents {
    let mut facts = TestEvents::new();
    facts.online(0).open().open().open().open().open();
    facts.at(5).abandon(2, false).at(10).assign(0, 0).assign(1, 0).at(20).reply(0, 1);
    facts.at(25).abandon(3, false).at(30).reply(1, 1);
    facts
}

#[test]
fn the_service_level_has_four_ways() {
    let flow = four_ways().outcome().flow;
    assert_eq!((flow.reached, flow.within, flow.abandoned_within), (2, 1, 1));
    let ways = [
        (ServiceLevelOf::Offered, 1.0 / 5.0),
        (ServiceLevelOf::Answered, 1.0 / 2.0),
        (ServiceLevelOf::OfferedWithoutShortAbandons, 1.0 / 4.0),
        (ServiceLevelOf::ShortAbandonsCountAsServed, 2.0 / 5.0),
    ];
    for (of, value) in ways {
        assert_eq!(flow.service_level(of), Some(value), "{of:?}");
    }
}

#[test]
fn the_service_level_at_the_assignment_waits_for_nothing_else() {
    let mut facts = four_ways();
    facts.measure.service_level.at = ServiceLevelAt::Assignment;
    facts.at(31).assign(4, 0).at(32).abandon(4, false);
    let flow = facts.outcome().flow;
    assert_eq!((flow.reached, flow.within, flow.abandoned_within), (3, 2, 1));
}

/// Conversation 0 is unassigned from agent 0 twice and rescued by agent 1.
fn bounce() -> TestEvents {
    let mut facts = TestEvents::new();
    facts.online(0).online(1).open().assign(0, 0).at(60).unassign(0, 60);
    facts.at(65).assign(0, 0).at(125).unassign(0, 125).at(130).assign(0, 1).at(140).reply(0, 5);
    facts
}

#[test]
fn auto_unassigns_bounces_and_rescues() {
    let outcome = bounce().outcome();
    let (counts, times) = (&outcome.counts, &outcome.times);
    assert_eq!((counts.unassigned_online, counts.unassigned_again), (2, 1));
    assert_eq!(counts.back_to_same_agent, 1);
    assert_eq!(counts.conversations_by_unassigns[2], 1);
    assert_eq!(sum(&times.unassign_delay), (2, 185));
    assert_eq!(sum(&times.next_owner), (2, 5 + 5));
    assert_eq!(sum(&times.rescue), (1, 15));
    assert_eq!(sum(&times.queue), (3, 10));
    let work = |agent: usize| outcome.agents[agent].work;
    assert_eq!((work(0).auto_unassigned, work(0).conversations, work(0).answers), (2, 2, 0));
    assert_eq!((work(1).auto_unassigned, work(1).answers), (0, 1));
    assert_eq!((outcome.skills[0].auto_unassigned, outcome.intervals[0].auto_unassigned), (2, 2));
}

#[test]
fn unassigns_are_told_apart_by_state_and_the_same_agent_rescues_nobody() {
    let mut facts = TestEvents::new();
    facts.centre.unassign.timeout.offline = Some(Span::from_secs(20));
    facts.centre.remove_ownership.enabled = false;
    let away = AgentState::Away(ReasonId(1));
    facts.online(0).open().assign(0, 0).at(5).lunch(0).at(30).unassign_from(0, away, 30);
    facts.assign(0, 0).at(31).offline(0).at(50).unassign_from(0, AgentState::Offline, 50);
    facts.at(55).online(0).assign(0, 0).at(60).reply(0, 1);
    let outcome = facts.outcome();
    let counts = &outcome.counts;
    assert_eq!((counts.unassigned_away, counts.unassigned_offline), (1, 1));
    assert_eq!((counts.auto_unassigned(), outcome.reassignments()), (2, Some(2.0)));
    assert_eq!((outcome.times.rescue.count(), counts.back_to_same_agent), (0, 2));
}

#[test]
fn ownership_removals_by_cause() {
    let mut facts = TestEvents::new();
    facts.online(0).online(1).open().open().open().assign(0, 0).assign(1, 0).assign(2, 0);
    facts.at(10).reply(1, 1).reply(2, 1).at(20).offline(0).at(110).remove(0).at(120).assign(0, 1);
    facts.at(130).reply(0, 1);
    facts.message(1, false).change(1, None, Status::New, Cause::InboundWhileOffline);
    facts.change(2, None, Status::New, Cause::BoomerangWhileOffline);
    let outcome = facts.outcome();
    let counts = &outcome.counts;
    assert_eq!(
        (counts.removed_on_logout, counts.removed_on_message, counts.removed_on_boomerang),
        (1, 1, 1)
    );
    assert_eq!((counts.boomerangs, counts.ownership_removed()), (1, 3));
    let times = &outcome.times;
    assert_eq!((sum(&times.removal_delay), sum(&times.stranded)), ((1, 90), (1, 90)));
    assert_eq!((sum(&times.next_owner), sum(&times.rescue)), ((1, 10), (1, 20)));
    assert_eq!(outcome.agents[0].work.ownership_removed, 3);
    assert_eq!(outcome.skills[0].ownership_removed, 3);
    assert_eq!(outcome.intervals[0].ownership_removed, 3);
}

#[test]
fn a_late_assignment_is_removed_after_itself_not_after_the_logout() {
    let mut facts = TestEvents::new();
    facts.online(0).open().assign(0, 0).at(10).offline(1);
    facts.change(0, Some(AgentId(1)), Status::New, Cause::AssignedOffline).at(50).remove(0);
    facts.events.insert(
        0,
        (Time::ZERO, Event::AgentState { agent: AgentId(1), state: AgentState::Online }),
    );
    let outcome = facts.outcome();
    assert_eq!(sum(&outcome.times.removal_delay), (1, 40));
    assert_eq!((outcome.counts.assigned_offline, outcome.agents[0].work.handed_over), (1, 1));
}

#[test]
fn hand_overs_parking_boomerangs_and_manual_slas_are_counted() {
    let mut facts = TestEvents::new();
    let owner = Some(AgentId(0));
    facts.online(0).online(1).open().assign(0, 0).sla(0, Some(50)).at(20).sla(0, None);
    facts.change(0, owner, Status::Pending, Cause::Parked);
    facts.at(30).change(0, owner, Status::New, Cause::Boomerang);
    facts.change(0, Some(AgentId(1)), Status::New, Cause::TransferredToAgent);
    facts.change(0, None, Status::New, Cause::ManualReturn);
    facts.at(40).assign(0, 0).skill(0, 1).change(0, None, Status::New, Cause::TransferredToSkill);
    facts.at(47).change(0, Some(AgentId(1)), Status::New, Cause::Claimed);
    let outcome = facts.outcome();
    let counts = &outcome.counts;
    assert_eq!((counts.parked, counts.boomerangs, counts.manual_slas), (1, 1, 1));
    assert_eq!((counts.returned, counts.transferred_to_agent), (1, 1));
    assert_eq!((counts.transferred_to_skill, counts.claims, counts.assignments), (1, 1, 4));
    let work = outcome.agents[0].work;
    assert_eq!((work.parked, work.handed_over, work.conversations), (1, 2, 2));
    // Asked for in the first skill, handed to the second and queued there at last.
    assert_eq!((outcome.skills[0].flow.offered, outcome.skills[1].flow.offered), (1, 1));
    assert_eq!((outcome.skills[0].handed_out, outcome.skills[1].handed_in), (1, 1));
    assert_eq!((sum(&outcome.skills[0].queue), sum(&outcome.skills[1].queue)), ((2, 10), (1, 7)));
    assert_eq!(outcome.skills[1].queue_length.horizon, 7_000_000);
}

#[test]
fn what_did_nothing_is_counted() {
    let mut facts = TestEvents::new();
    let agent = AgentId(1);
    facts.open();
    let key = facts.key(0);
    facts.message(0, true);
    for event in [
        Event::EndOfShiftMissed { agent },
        Event::ClaimRefused { agent },
        Event::Overshoot { conversation: key, agent },
        Event::DeadlineSuppressed { conversation: key },
        Event::Stale(Stale::Deadline),
        Event::Stale(Stale::ManualSla),
        Event::Stale(Stale::OwnershipRemoval),
        Event::Stale(Stale::AgentAct),
        Event::Stale(Stale::AgentAct),
        Event::Stale(Stale::Boomerang),
    ] {
        facts.tell(event);
    }
    let outcome = facts.outcome();
    let counts = &outcome.counts;
    assert_eq!((counts.ends_of_shift_missed, counts.refused_claims, counts.overshoots), (1, 1, 1));
    assert_eq!((counts.suppressed_by_manual_sla, counts.deadlines_moved), (1, 1));
    assert_eq!(
        (counts.stale_deadlines, counts.stale_manual_slas, counts.stale_removals),
        (1, 1, 1)
    );
    assert_eq!((counts.stale_acts, counts.stale_boomerangs), (2, 1));
    let work = outcome.agents[1].work;
    assert_eq!((work.refused_claims, work.overshoots), (1, 1));
}

#[test]
fn levels_are_areas_up_to_the_horizon_and_after_it() {
    let mut facts = TestEvents::new();
    facts.until = Time::from_secs(100);
    facts.online(0).at(10).open().at(40).open().at(50).assign(0, 0).assign(1, 0);
    facts.at(90).last_reply(0, 1).at(110).last_reply(1, 1).at(150);
    let outcome = facts.outcome();
    let level = |gauge: Gauge| outcome.levels[gauge as usize];
    let seconds = |horizon: u128, drain: u128, maximum| LevelFigure {
        horizon: horizon * 1_000_000,
        drain: drain * 1_000_000,
        maximum,
    };
    assert_eq!(level(Gauge::Queue), seconds(30 + 20, 0, 2));
    assert_eq!(level(Gauge::Unowned), level(Gauge::Queue));
    assert_eq!(level(Gauge::Open), seconds(30 + 2 * 50 + 10, 10, 2));
    assert_eq!(level(Gauge::Online), seconds(100, 50, 1));
    assert_eq!(level(Gauge::Offline), seconds(200, 100, 2));
    assert_eq!(level(Gauge::SlotCapacity), seconds(300_000, 150_000, 3000));
    assert_eq!(level(Gauge::SlotsUsed), seconds(90_000, 10_000, 2000));
    assert_eq!(
        (outcome.mean(Gauge::Queue), outcome.mean(Gauge::SlotsUsed)),
        (Some(0.5), Some(0.9))
    );
    assert_eq!(outcome.to_rest, 150_000_000);
}

#[test]
fn agents_spend_their_time_in_one_way_at_a_time() {
    let mut facts = TestEvents::new();
    facts.until = Time::from_secs(100);
    let agent = AgentId(0);
    facts.at(10).online(0).at(20).busy(0, true).at(30);
    facts.tell(Event::Unresponsive { agent, unresponsive: true }).at(35);
    facts.tell(Event::Unresponsive { agent, unresponsive: false }).at(45).busy(0, false);
    facts.lunch(0).at(60).online(0).tell(Event::Closing { agent, closing: true });
    facts.open().assign(0, 0).at(80).last_reply(0, 1).offline(0).at(120).online(0).at(130);
    let outcome = facts.outcome();
    let micros = 1_000_000;
    let spent = AgentTimes {
        logged_in: 70 * micros,
        online: 55 * micros,
        away: 15 * micros,
        busy: 20 * micros,
        interrupted: 5 * micros,
        idle: 30 * micros,
        closing: 20 * micros,
        slots_used: 20_000 * micros,
        slots: 210_000 * micros,
    };
    assert_eq!(outcome.agents[0].horizon, spent);
    assert_eq!(outcome.agents[0].drain.logged_in, 10 * micros);
    assert_eq!(outcome.agents[0].away, [0, 15 * micros, 0, 0]);
    assert_eq!((outcome.groups[0].horizon, outcome.groups[0].agents), (spent, 2));
    assert_eq!((spent.occupancy(), spent.slot_use()), (Some(2.0 / 7.0), Some(2.0 / 21.0)));
    let area = |gauge: Gauge| outcome.levels[gauge as usize].horizon;
    assert_eq!((area(Gauge::Busy), area(Gauge::Unresponsive)), (20 * micros, 5 * micros));
    assert_eq!((area(Gauge::Away), area(Gauge::Closing)), (15 * micros, 20 * micros));
}

#[test]
fn time_away_is_told_apart_by_how_it_comes_about_and_adds_up() {
    let mut facts = TestEvents::new();
    let away = |reason| AgentState::Away(ReasonId(reason));
    // Reasons: set by the platform, planned, at random, end of shift.
    facts.online(0).at(10).state(0, away(1)).at(20).state(0, away(2)).at(40).online(0);
    facts.at(50).state(0, away(0)).at(80).online(0).at(90).state(0, away(3)).at(130).offline(0);
    facts.online(2).at(140).state(2, away(1)).at(145).offline(2);
    let outcome = facts.outcome();
    let value = |name| find(name).and_then(|figure| (figure.value)(&outcome)).unwrap();
    let all = 130.0 + 15.0;
    let parts = [
        ("away_planned", 10.0 + 5.0),
        ("away_at_random", 20.0),
        ("away_set", 30.0),
        ("away_at_end_of_shift", 40.0),
    ];
    for (name, seconds) in parts {
        assert!((value(name) - seconds / all).abs() < 1e-12, "{name}: {}", value(name));
    }
    let sum: f64 = parts.iter().map(|(name, _)| value(name)).sum();
    assert!((value("away") - sum).abs() < 1e-12 && (sum - 105.0 / all).abs() < 1e-12);
}

#[test]
fn intervals_go_by_arrival_and_their_levels_by_the_clock() {
    let mut facts = TestEvents::new();
    facts.centre.unassign.enabled = false;
    facts.online(0).at(890).open().at(910).open().assign(0, 0).at(920).reply(0, 1).at(1900);
    let outcome = facts.outcome();
    let [first, second, third] = &outcome.intervals[..] else { panic!("three intervals") };
    assert_eq!((first.flow.offered, first.flow.answered, first.flow.within), (1, 1, 0));
    assert_eq!((second.flow.offered, second.flow.unanswered_at_end), (1, 1));
    assert_eq!(first.levels[Gauge::Queue as usize].area, 10_000_000);
    assert_eq!(second.levels[Gauge::Queue as usize].area, (10 + 900 - 10) * 1_000_000);
    assert_eq!((second.maximum(Gauge::Queue), second.mean(Gauge::Queue)), (1.0, Some(1.0)));
    assert_eq!(third.observed, 100_000_000);
    let areas: u128 = outcome.intervals.iter().map(|interval| interval.levels[0].area).sum();
    assert_eq!(areas, outcome.levels[0].horizon + outcome.levels[0].drain);
}

#[test]
fn a_run_that_ends_with_an_interval_has_no_interval_after_it() {
    let mut facts = TestEvents::new();
    facts.open().at(1800).open();
    assert_eq!(facts.outcome().intervals.len(), 3);
    let mut facts = TestEvents::new();
    facts.open().at(1800).online(0);
    assert_eq!(facts.outcome().intervals.len(), 2);
}

#[test]
fn only_what_begins_after_the_warm_up_counts() {
    let mut facts = TestEvents::new();
    facts.warm_up = Time::from_secs(100);
    facts.online(0).at(50).open().at(90).assign(0, 0);
    facts.lose(0, 0, AnswerTaken::ByUnassign, 5);
    facts.at(100).open().at(110).assign(1, 0).reply(0, 1).at(120).last_reply(1, 1);
    facts.at(130).offline(0).at(200);
    let outcome = facts.outcome();
    let flow = &outcome.flow;
    assert_eq!((flow.offered, flow.answered, flow.open_at_end), (1, 1, 0));
    assert_eq!((sum(&outcome.times.queue), sum(&outcome.times.response)), ((1, 10), (1, 20)));
    assert_eq!((flow.lost.all().count, outcome.agents[0].work.answers), (0, 1));
    assert_eq!(outcome.levels[Gauge::Queue as usize].horizon, 10_000_000);
    assert_eq!(outcome.levels[Gauge::Open as usize].horizon, 120_000_000);
    assert_eq!(outcome.agents[0].horizon.logged_in, 30_000_000);
    assert_eq!((outcome.intervals[0].observed, outcome.to_rest), (100_000_000, 100_000_000));
}

#[test]
fn of_what_was_opened_before_the_warm_up_no_part_counts() {
    let mut facts = TestEvents::new();
    facts.warm_up = Time::from_secs(100);
    facts.centre.unassign.enabled = false;
    let agent = AgentId(1);
    facts.online(0).open().assign(0, 0).at(110).open().assign(1, 0).at(120);
    for conversation in [0, 1] {
        facts.change(conversation, Some(agent), Status::New, Cause::AssignedOffline);
        let conversation = facts.key(conversation);
        facts.tell(Event::Overshoot { conversation, agent });
    }
    let ids = [1, 2].map(|number| ConversationId::new(KindId(0), number, 0));
    facts.at(150).online(1);
    for (id, stale) in [(ids[0], true), (ids[1], true), (ids[1], false)] {
        facts.tell(Event::Notified { agent, id, stale });
    }
    let counts = facts.outcome().counts;
    assert_eq!((counts.assigned_offline, counts.overshoots), (1, 1));
    // Told once, as it was given once.
    assert_eq!((counts.notifications, counts.stale_notifications), (1, 1));
}

#[test]
fn instants_see_all_that_happened_at_them() {
    let mut facts = TestEvents::new();
    facts.measure.at = vec![Time::from_secs(60), Time::from_secs(10), Time::from_secs(500)];
    facts.online(0).at(10).open().open().assign(1, 0).busy(0, true);
    facts.at(60).assign(0, 0).at(61).abandon(0, false);
    let instants = facts.outcome().instants;
    let seen = |position: usize| {
        let instant = &instants[position];
        [instant.open.sum, instant.queued.sum, instant.busy.sum, instant.slots_used.sum]
    };
    assert_eq!((seen(1), seen(0), seen(2)), ([2, 1, 1, 1000], [2, 0, 1, 2000], [0; 4]));
    // The last one lies after the end of the run: nothing is known of it.
    assert_eq!(Vec::from_iter(instants.iter().map(|instant| instant.seen)), [1, 1, 0]);
    assert_eq!(instants[0].open, Sampled { sum: 2, squares: 4 });
}

#[test]
fn who_has_left_is_not_rescued() {
    let rescues = |leaves: bool| {
        let mut facts = TestEvents::new();
        facts.online(0).online(1).at(0).open().assign(0, 0);
        facts.at(60).unassign(0, 60);
        if leaves {
            facts.at(65).abandon(0, true);
        }
        facts.at(70).assign(0, 1).at(80).answer(0, 10, leaves);
        facts.outcome().times.rescue.count()
    };
    assert_eq!((rescues(false), rescues(true)), (1, 0));
}

#[test]
fn merging_replications_adds_exactly_in_any_grouping() {
    let outcomes =
        [two_answers(), bounce(), four_ways(), TestEvents::new()].map(|facts| facts.outcome());
    let merge = |parts: &[&Outcome]| {
        let mut whole = parts[0].clone();
        parts[1..].iter().for_each(|part| whole.merge(part));
        whole
    };
    let [a, b, c, d] = &outcomes;
    let whole = merge(&[a, b, c, d]);
    assert_eq!(whole, merge(&[&merge(&[a, b]), &merge(&[c, d])]));
    assert_eq!(whole, merge(&[a, &merge(&[b, &merge(&[c, d])])]));
    assert_eq!((whole.replications, whole.flow.offered), (4, 2 + 1 + 5));
    assert_eq!(sum(&whole.times.response), (3 + 1 + 2, 110 + 140 + 50));
    assert_eq!(whole.maximum(Gauge::Queue), 5.0);
    assert!(whole.flow.balances());
}

#[test]
fn merging_equals_folding_the_replications_one_after_the_other() {
    // The second half repeats the first an hour later: one fold of both = the merge of each.
    let mut twice = TestEvents::new();
    twice.centre.unassign.enabled = false;
    let mut once = twice.clone();
    once.online(0).open().assign(0, 0).at(25).last_reply(0, 5).offline(0).at(3600);
    twice.online(0).open().assign(0, 0).at(25).last_reply(0, 5).offline(0);
    twice.at(3600).online(0).open().assign(1, 0).at(3625).last_reply(1, 5).offline(0).at(7200);
    twice.until = Time::from_secs(7200);
    let (half, mut whole) = (once.outcome(), twice.outcome());
    let mut merged = half.clone();
    merged.merge(&half);
    // The second half lies in other intervals.
    for skill in merged.skills.iter_mut().chain(&mut whole.skills) {
        skill.intervals.clear();
    }
    assert_eq!((merged.flow, merged.counts), (whole.flow, whole.counts));
    assert_eq!((merged.times, merged.levels), (whole.times, whole.levels));
    assert_eq!((merged.skills, merged.agents), (whole.skills, whole.agents));
}

#[test]
fn an_agent_has_slots_of_its_own() {
    let mut facts = TestEvents::new();
    let (name, skills, concurrency) = ("Ann".to_owned(), None, Some(1));
    facts.centre.groups[0].named = vec![NamedAgent { name, skills, concurrency, speed: 1.0 }];
    facts.online(0).online(1).at(3600);
    let outcome = facts.outcome();
    // One, and the three of the group.
    assert_eq!(outcome.mean(Gauge::SlotCapacity), Some(1.0 + 3.0));
    assert_eq!(outcome.groups[0].horizon.slots, 4000 * 3_600_000_000);
}

#[test]
fn an_outcome_survives_being_saved() {
    let mut outcome = bounce().outcome();
    outcome.to_rest = u128::MAX;
    let text = serde_json::to_string(&outcome).unwrap();
    assert_eq!(serde_json::from_str::<Outcome>(&text).unwrap(), outcome);
}

#[derive(Default)]
struct Collected {
    causes: Vec<Cause>,
    rows: Vec<ConversationRow>,
}

impl Rows for Arc<Mutex<Collected>> {
    fn change(&mut self, _: Time, change: &Change) {
        self.lock().unwrap().causes.push(change.cause);
    }

    fn conversation(&mut self, row: &ConversationRow) {
        self.lock().unwrap().rows.push(row.clone());
    }
}

#[test]
fn rows_are_handed_out_as_conversations_end() {
    let mut facts = two_answers();
    facts.at(200).open_in(1, 1).at(210).abandon(1, true);
    let collected = Arc::new(Mutex::new(Collected::default()));
    let ledger = facts.fold(facts.ledger().with_rows(Box::new(Arc::clone(&collected))));
    assert_eq!(collected.lock().unwrap().rows.len(), 1);
    ledger.finish(Time::from_secs(220));
    let Collected { causes, rows } = &*collected.lock().unwrap();
    assert_eq!((causes.len(), causes[0], causes[1]), (9, Cause::Opened, Cause::Assigned));
    let at = Time::from_secs;
    let row = |number| ConversationRow {
        id: ConversationId::new(KindId(0), number, 0),
        skill: SkillId(0),
        priority: 0,
        counted: true,
        opened: at(15),
        assigned: Some(at(27)),
        answered: Some(at(60)),
        ended: at(60),
        ending: ConversationEnding::ByAgent,
        abandoned: None,
        messages: 1,
        answers: 1,
        owners: 1,
        auto_unassigns: 0,
        ownership_removals: 0,
        handle_time: Span::from_secs(45),
        queue_time: Span::from_secs(12),
        stranded: Span::ZERO,
    };
    assert_eq!(rows[0], row(2));
    let pending = ConversationRow {
        opened: at(10),
        assigned: Some(at(10)),
        answered: Some(at(25)),
        ended: at(220),
        ending: ConversationEnding::AtEnd,
        messages: 2,
        answers: 2,
        handle_time: Span::from_secs(15 + 50),
        queue_time: Span::ZERO,
        ..row(1)
    };
    assert_eq!(rows[1], pending);
    let gone = ConversationRow {
        opened: at(200),
        assigned: None,
        answered: None,
        ended: at(220),
        ending: ConversationEnding::AtEnd,
        abandoned: Some((at(210), true)),
        answers: 0,
        owners: 0,
        handle_time: Span::from_secs(20),
        queue_time: Span::from_secs(20),
        ..row(1002)
    };
    assert_eq!(rows[2], gone);
}

#[test]
fn an_interval_knows_its_answers_its_handle_times_and_its_spread() {
    let outcome = two_answers().outcome();
    let [interval] = &outcome.intervals[..] else { panic!("one interval") };
    assert_eq!(sum(&interval.response), sum(&outcome.times.response));
    assert_eq!(seconds(interval.handle), sum(&outcome.times.handle));
    assert_eq!(interval.abandonment, Spread { part: 0, both: 0, whole: 4 });
    let (part, whole) = outcome.flow.service_level_parts(outcome.frame.service_level.of);
    assert_eq!(interval.service_level, Spread::of(part, whole));
    assert!(interval.occupancy().is_some_and(|share| (0.0..=1.0).contains(&share)));
}
