//! A1–A13: the table of automatic unassignment.
//!
//! `ann` comes first, `bob` takes over. Timeouts are the 60 s of the defaults unless a test has to
//! tell them apart.

use crate::common::{Scene, scene};

/// The feature on.
fn on(more: &str) -> Scene {
    scene("unassign.enabled = true").with(more)
}

#[test]
fn a1_assignment_from_the_queue_arms_the_deadline() {
    let tale = on("consumers.web.messages = 1
        agents.ann = { shifts = '00:00:30-01:00', reply_time = '200s' }")
    .visits("web", "0")
    .run();
    // Armed at the assignment, not at the message: 90, not 60.
    assert_eq!(
        tale.trail("web 1")[..3],
        ["0 opened - New", "30 assigned ann New", "90 auto_unassigned(online,90) - New"]
    );
}

#[test]
fn a2_a_message_on_a_pending_conversation_arms_the_timeout_of_the_present_state() {
    let talk = on("consumers.web.messages = 2
        consumers.web.think = '30s'
        unassign.timeout = { online = '50s', away = '40s', offline = '45s' }");
    let away =
        "agents.ann = { reply_time = '10s', away.episodes = { at = '00:00:20', for = '10m' } }";
    let tale = talk.clone().with(away).visits("web", "0").run();
    assert_eq!(
        tale.trail("web 1"),
        [
            "0 opened - New",
            "0 assigned ann New",
            "10 reply ann Pending",
            "40 message_wakes ann New",
            "80 auto_unassigned(away,40) - New",
            "620 assigned ann New",
            "630 resolved_by_agent - Resolved",
        ]
    );
    // The response clock started with that message.
    assert_eq!(tale.facts("answered")[1], "630 answered web 1 ann waited 590 wrote 10");

    let online =
        "agents.ann = { reply_time = '10s', interruptions = { at = '00:00:20', for = '10m' } }";
    let tale = talk.clone().with(online).visits("web", "0").run();
    assert_eq!(tale.trail("web 1")[4], "90 auto_unassigned(online,50) - New");

    let offline =
        "agents.ann = { reply_time = '10s', logouts = { at = '00:00:20', back_after = '10m' } }";
    let tale = talk.with(offline).visits("web", "0").run();
    assert_eq!(tale.trail("web 1")[4], "85 auto_unassigned(offline,45) - New");
}

#[test]
fn a3_a_further_message_moves_the_deadline() {
    let tale = on("consumers.web.messages = 1
        consumers.web.burst = { size = 2, gap = '50s' }
        agents.ann.reply_time = '200s'")
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.facts("message"),
        ["0 message web 1", "50 message web 1 further moves_deadline"]
    );
    assert_eq!(tale.trail("web 1")[2], "110 auto_unassigned(online,60) - New");
}

#[test]
fn a4_a_reply_answers_every_message_so_far_and_ends_the_deadline() {
    let tale = on("consumers.web.messages = 2
        consumers.web.burst = { size = 2, gap = '15s' }
        consumers.web.think = '1000s'
        agents.ann = { reply_time = '20s', interruptions = { at = '00:00:21', for = '10m' } }")
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.facts("message answered")[..3],
        [
            "0 message web 1",
            "15 message web 1 further moves_deadline",
            // The message at 15 neither restarts nor lengthens the answer; both are answered.
            "20 answered web 1 ann waited 20 wrote 20",
        ]
    );
    // Neither the deadline of the first message (60) nor that of the second (75) is left.
    assert_eq!(
        tale.trail("web 1")[..4],
        [
            "0 opened - New",
            "0 assigned ann New",
            "20 reply ann Pending",
            "1020 message_wakes ann New"
        ]
    );
}

#[test]
fn a5_a_change_of_state_recomputes_the_deadline() {
    let timeouts = "consumers.web.messages = 1
        unassign.timeout = { online = '60s', away = '100s', offline = '80s' }";
    let away =
        "agents.ann = { reply_time = '500s', away.episodes = { at = '00:00:30', for = '10m' } }";
    let tale = on(timeouts).with(away).visits("web", "0").run();
    assert_eq!(tale.trail("web 1")[2], "100 auto_unassigned(away,100) - New");

    let offline =
        "agents.ann = { reply_time = '500s', logouts = { at = '00:00:30', back_after = '10m' } }";
    let tale = on(timeouts).with(offline).visits("web", "0").run();
    assert_eq!(tale.trail("web 1")[2], "80 auto_unassigned(offline,80) - New");

    // To an earlier deadline, too: 50 s Away are shorter than what is left of 60 s Online.
    let sooner = on("consumers.web.messages = 1
        unassign.timeout = { online = '60s', away = '50s' }")
    .with(away)
    .visits("web", "0")
    .run();
    assert_eq!(sooner.trail("web 1")[2], "50 auto_unassigned(away,50) - New");
}

#[test]
fn a6_the_deadline_passes_and_the_conversation_goes_back_to_the_queue() {
    let tale = on("consumers.web.messages = 1
        agents.ann = { concurrency = 1, interruptions = { at = '00:00', for = '2h' } }
        agents.bob = { concurrency = 1, shifts = '00:01:01-01:00', reply_time = '20s' }")
    .visits("web", "0 10")
    .run();
    assert_eq!(
        tale.trail("web 1"),
        [
            "0 opened - New",
            "0 assigned ann New",
            "60 auto_unassigned(online,60) - New",
            "61 assigned bob New",
            "81 resolved_by_agent - Resolved",
        ]
    );
    assert_eq!(tale.epochs("web 1"), [0, 1, 2, 3, 4]);
    // The slot is free at once, and ann is remembered: the head stays, the second one is hers.
    assert_eq!(tale.trail("web 2")[1], "60 assigned ann New");
    assert_eq!(tale.facts("slots")[..3], ["0 slots ann 1", "60 slots ann 0", "60 slots ann 1"]);
}

#[test]
fn a7_a_deadline_under_a_manual_sla_does_nothing_and_is_counted_once() {
    let tale = on("consumers.web.messages = 1
        consumers.web.burst = { size = 2, gap = '65s' }
        agents.ann = { reply_time = '500s', manual_sla = { share = 1, length = '200s' } }")
    .visits("web", "0")
    .run();
    // Due at 60 for the first message and again at 125 for the second.
    assert_eq!(
        tale.facts("manual_sla suppressed auto_unassigned")[..4],
        [
            "0 manual_sla web 1 until 200",
            "60 suppressed web 1",
            "200 manual_sla web 1 over",
            "260 auto_unassigned(online,195) web 1 - New",
        ]
    );
}

#[test]
fn a8_a_manual_sla_leaves_the_scheduled_deadline_and_its_end_arms_a_new_one() {
    let asks = |manual_sla: &str| {
        on("consumers.web.messages = 1")
            .with(&format!("agents.ann = {{ reply_time = '500s', manual_sla = {manual_sla} }}"))
            .visits("web", "0")
            .run()
    };
    // Set: the deadline stays where it was, 60. Taken away at 160, taken up again at 220.
    let set = asks("{ share = 1, length = '100s' }");
    assert_eq!(set.facts("suppressed")[..2], ["60 suppressed web 1", "280 suppressed web 1"]);
    // Expired at 40, before it was due: re-armed from there.
    let expired = asks("{ share = 1, length = '40s' }");
    assert_eq!(expired.facts("suppressed"), [""; 0]);
    assert_eq!(expired.trail("web 1")[2], "100 auto_unassigned(online,100) - New");
    // Cancelled at 30.
    let cancelled = asks("{ share = 1, length = '100s', cancel_after = '30s' }");
    assert_eq!(cancelled.facts("manual_sla")[1], "30 manual_sla web 1 over");
    assert_eq!(cancelled.trail("web 1")[2], "90 auto_unassigned(online,90) - New");
}

#[test]
fn a8_the_end_of_an_earlier_manual_sla_ends_no_later_one() {
    // The first ends with the reply at 50, before its time, 100; the second runs from 60 to 110.
    let tale = scene(
        "consumers.web.messages = 2
        consumers.web.think = '10s'
        agents.ann = { reply_time = '50s', manual_sla = { share = 1, length = '100s' } }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.facts("manual_sla stale")[1..5],
        [
            "50 manual_sla web 1 over",
            "60 manual_sla web 1 until 160",
            "100 stale manual_sla",
            "110 manual_sla web 1 over",
        ]
    );
}

#[test]
fn m9_a_deadline_that_falls_due_in_the_queue_is_a_counted_no_op() {
    let tale = on("consumers.web.messages = 1
        consumers.web.skill = 'web'
        skills = ['web', 'law']
        agents.ann = { skills = ['web'], hand_overs = { share = 1, after = '10s', to = { skill = 'law' } } }
        agents.cat = { skills = ['law'], shifts = '00:05-01:00', reply_time = '20s' }")
    .visits("web", "0")
    .run();
    assert_eq!(tale.facts("stale auto_unassigned"), ["60 stale deadline"]);
    assert_eq!(
        tale.trail("web 1")[3..],
        ["300 assigned cat New", "320 resolved_by_agent - Resolved"]
    );
}

#[test]
fn a9_going_away_with_a_pending_conversation_does_nothing_until_the_next_message() {
    let talk = on("consumers.web.messages = 2
        consumers.web.think = '300s'
        unassign.timeout = { online = '60s', away = '45s', offline = '50s' }");
    let away =
        "agents.ann = { reply_time = '10s', away.episodes = { at = '00:00:20', for = '20m' } }";
    let tale = talk.clone().with(away).visits("web", "0").run();
    assert_eq!(
        tale.trail("web 1")[2..5],
        ["10 reply ann Pending", "310 message_wakes ann New", "355 auto_unassigned(away,45) - New"]
    );
    let offline =
        "agents.ann = { reply_time = '10s', logouts = { at = '00:00:20', back_after = '20m' } }";
    let tale = talk.with(offline).visits("web", "0").run();
    assert_eq!(
        tale.trail("web 1")[2..5],
        [
            "10 reply ann Pending",
            "310 message_wakes ann New",
            "360 auto_unassigned(offline,50) - New"
        ]
    );
}

#[test]
fn a10_manual_return_and_transfers_keep_the_consumers_clock() {
    let returned = on("consumers.web.messages = 1
        agents.ann = { reply_time = '20s', hand_overs = { share = 1, to = 'queue', after = '10s' } }")
    .visits("web", "0")
    .run();
    assert_eq!(
        returned.trail("web 1"),
        [
            "0 opened - New",
            "0 assigned ann New",
            "10 manual_return - New",
            "70 assigned ann New",
            "90 resolved_by_agent - Resolved",
        ]
    );
    assert_eq!(returned.epochs("web 1"), [0, 1, 2, 3, 4]);
    assert_eq!(returned.facts("answered"), ["90 answered web 1 ann waited 90 wrote 20"]);

    let skills = "consumers.web.messages = 1
        consumers.web.skill = 'sales'
        skills = ['sales', 'technical']
        agents.ann = { skills = ['sales'], hand_overs = { share = 1, to = { skill = 'technical' }, after = '10s' } }
        agents.bob = { skills = ['technical'], reply_time = '20s' }";
    let transferred = on(skills).visits("web", "0").run();
    assert_eq!(
        transferred.trail("web 1")[2..],
        ["10 transferred_to_skill - New", "10 assigned bob New", "30 resolved_by_agent - Resolved"]
    );
    assert_eq!(transferred.facts("answered"), ["30 answered web 1 bob waited 30 wrote 20"]);
    let skills: Vec<_> = transferred.changes().map(|(_, change)| change.skill.0).collect();
    assert_eq!(skills, [0, 0, 1, 1, 1]);

    let handed = on("consumers.web.messages = 1
        agents.ann = { hand_overs = { share = 1, to = { specialist = 'cat' }, after = '10s' } }
        agents.cat = { reply_time = '20s' }
        routing.choose = 'round_robin'")
    .visits("web", "0")
    .run();
    assert_eq!(
        handed.trail("web 1")[1..],
        [
            "0 assigned ann New",
            "10 transferred_to_agent cat New",
            "30 resolved_by_agent - Resolved"
        ]
    );
    assert_eq!(handed.epochs("web 1"), [0, 1, 2, 3]);
}

#[test]
fn a11_patience_ends_openly_or_silently() {
    let waits = |more: &str| {
        on("consumers.web.messages = 1
            consumers.web.patience = '30s'
            agents.ann = { shifts = '00:05-01:00', reply_time = '10s' }")
        .with(more)
        .visits("web", "0")
        .run()
    };
    let open = waits("");
    assert_eq!(open.trail("web 1"), ["0 opened - New", "30 abandoned - Resolved"]);
    let silent = waits("consumers.web.silent_share = 1");
    assert_eq!(silent.facts("leaves"), ["30 leaves web 1 silently"]);
    assert_eq!(
        silent.trail("web 1"),
        ["0 opened - New", "300 assigned ann New", "310 resolved_by_agent - Resolved"]
    );
}

#[test]
fn a11_patience_ends_while_owned_and_in_mid_conversation() {
    let owned = on("consumers.web.messages = 1
        consumers.web.patience = '30s'
        agents.ann.reply_time = '31s'")
    .visits("web", "0")
    .run();
    assert_eq!(owned.trail("web 1")[2], "30 abandoned - Resolved");
    let later = on("consumers.web.messages = 2
        consumers.web.think = '40s'
        consumers.web.patience = { first = '30s', later = '25s' }
        agents.ann = { reply_time = '10s', interruptions = { at = '00:00:20', for = '5m' } }")
    .visits("web", "0")
    .run();
    assert_eq!(
        later.trail("web 1")[2..],
        ["10 reply ann Pending", "50 message_wakes ann New", "75 abandoned - Resolved"]
    );
}

#[test]
fn a12_every_timer_of_a_resolved_conversation_is_dead() {
    // The second conversation takes the place of the first. The deadline (60), the manual SLA
    // (100) and the patience (65) of the first must not reach it.
    let tale = on("consumers.web.messages = 1
        consumers.web.patience = '65s'
        agents.ann = { reply_time = '20s', manual_sla = { share = 1, length = '100s' }, interruptions = { at = '00:00:25', for = '70s' } }")
    .visits("web", "0 30")
    .run();
    assert_eq!(
        tale.trail("web 1"),
        ["0 opened - New", "0 assigned ann New", "20 resolved_by_agent - Resolved"]
    );
    assert_eq!(
        tale.trail("web 2"),
        [
            "30 opened - New",
            "30 assigned ann New",
            "90 auto_unassigned(online,60) - New",
            "95 abandoned - Resolved",
        ]
    );
    assert_eq!(
        tale.facts("manual_sla"),
        ["0 manual_sla web 1 until 100", "20 manual_sla web 1 over"]
    );
}

#[test]
fn a13_the_reply_to_the_last_message_resolves_at_once_or_after_a_while() {
    let talk = |more: &str| {
        on("consumers.web.messages = 1
            consumers.web.burst = { size = 2, gap = '15s' }
            agents.ann.reply_time = '10s'")
        .with(more)
        .visits("web", "0")
        .run()
    };
    // The reply at 10 is not to the last message; the one at 25 is.
    let at_once = talk("");
    assert_eq!(
        at_once.trail("web 1")[2..],
        ["10 reply ann Pending", "15 message_wakes ann New", "25 resolved_by_agent - Resolved"]
    );
    let later = talk("resolve = { after = '10m' }");
    assert_eq!(
        later.trail("web 1")[2..],
        [
            "10 reply ann Pending",
            "15 message_wakes ann New",
            "25 reply ann Pending",
            "625 resolved_by_agent - Resolved",
        ]
    );
    let closed = talk("resolve = { after = '10m' }\nconsumers.web.closes_share = 1");
    assert_eq!(
        closed.trail("web 1")[4..],
        ["25 reply ann Pending", "25 resolved_by_consumer - Resolved"]
    );
}

#[test]
fn a13_a_boomerang_after_the_last_reply_puts_the_resolution_off() {
    // Cat answers at 80, is called back at 310, interrupted until 600, and follows up at 620.
    let tale = on("consumers.web.messages = 1
        consumers.web.skill = 'web'
        resolve = { after = '5m' }
        skills = ['web', 'law']
        agents.ann = { skills = ['web'], hand_overs = { share = 1, after = '10s', to = { specialist = 'cat', offline = { pending = { boomerang = '300s' } } } } }
        agents.cat = { skills = ['law'], shifts = '00:01-01:00', reply_time = '20s', boomerang = { share = 1, after = '230s' }, interruptions = { at = '00:03:20', for = '400s' } }")
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.trail("web 1")[4..],
        [
            "80 reply_with_boomerang cat Pending",
            "310 boomerang cat New",
            "620 reply cat Pending",
            "920 resolved_by_agent - Resolved",
        ]
    );
}
