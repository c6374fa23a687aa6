//! Order at one instant: every adjacent pair of classes, the first of the two winning.
//!
//! Replies; other acts; service of the queue; end of patience; boomerang; end of manual SLA;
//! ownership removal; unassign deadline; auto-close.

use crate::common::scene;

/// Position of the first line that holds a text.
fn position(lines: &[String], text: &str) -> usize {
    let found = lines.iter().position(|line| line.contains(text));
    found.unwrap_or_else(|| panic!("no {text} in {lines:?}"))
}

#[test]
fn order_a_reply_comes_before_other_acts() {
    // The logout and the second message fall on the reply at 20.
    let tale = scene(
        "consumers.web.messages = 1
        consumers.web.burst = { size = 2, gap = '20s' }
        agents.ann = { reply_time = '20s', logouts = { at = '00:00:20', back_after = '2h' } }",
    )
    .visits("web", "0")
    .run();
    let lines = tale.at(20);
    assert!(position(&lines, "answered") < position(&lines, "message web"));
    assert!(position(&lines, "answered") < position(&lines, "offline"));
    // The reply answered the first message only.
    assert_eq!(tale.trail("web 1")[2..], ["20 reply ann Pending", "20 message_wakes ann New"]);
}

#[test]
fn order_acts_come_before_the_service_of_the_queue() {
    // Both consumers are there, and ann has logged in, before anybody is served.
    let tale = scene(
        "consumers.web.messages = 1
        consumers.vip.messages = 1
        consumers.vip.priority = 5
        agents.ann = { concurrency = 1, shifts = '00:00:30-01:00', reply_time = '20s' }",
    )
    .visits("web", "30")
    .visits("vip", "30")
    .run();
    assert_eq!(tale.trail("vip 1")[1], "30 assigned ann New");
    assert_eq!(tale.trail("web 1")[1], "50 assigned ann New");
}

#[test]
fn order_service_comes_before_the_end_of_patience() {
    let impatient = |more: &str| {
        scene(
            "consumers.web.messages = 1
            consumers.web.patience = { first = '0s', until = 'assignment' }",
        )
        .with(more)
        .visits("web", "0")
        .run()
    };
    let served = impatient("agents.ann.reply_time = '20s'");
    assert_eq!(served.trail("web 1")[2], "20 resolved_by_agent - Resolved");
    let alone = impatient("agents.ann.shifts = '00:00:01-01:00'");
    assert_eq!(alone.trail("web 1"), ["0 opened - New", "0 abandoned - Resolved"]);
}

#[test]
fn order_the_end_of_patience_comes_before_a_boomerang() {
    let tale = scene(
        "consumers.web.messages = 1
        consumers.web.patience = '110s'
        agents.ann.parking = { share = 1, after = '10s', boomerang = '100s' }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(tale.trail("web 1")[2..], ["10 parked ann Pending", "110 abandoned - Resolved"]);
}

#[test]
fn order_a_boomerang_comes_before_the_end_of_a_manual_sla() {
    // Cat takes it up at 100 and asks for time until 310, when the boomerang comes, too late.
    let tale = scene(
        "skills = ['web', 'law']
        consumers.web.messages = 1
        consumers.web.skill = 'web'
        agents.ann = { skills = ['web'], hand_overs = { share = 1, after = '10s', to = { specialist = 'cat', offline = { pending = { boomerang = '300s' } } } } }
        agents.cat = { skills = ['law'], shifts = '00:01:40-01:00', reply_time = '500s', manual_sla = { share = 1, length = '210s' } }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(tale.at(310), ["310 stale boomerang", "310 manual_sla web 1 over"]);
}

#[test]
fn order_the_end_of_a_manual_sla_comes_before_ownership_removal() {
    let tale = scene(
        "remove_ownership = { enabled = true, within = '0s' }
        consumers.web.messages = 1
        agents.ann = { reply_time = '500s', manual_sla = { share = 1, length = '30s' }, logouts = { at = '00:00:30', back_after = '2h' } }",
    )
    .visits("web", "0")
    .run();
    // The other way round the removal would end the manual SLA, and its own end come stale.
    assert_eq!(
        tale.facts("manual_sla ownership_removed stale"),
        [
            "0 manual_sla web 1 until 30",
            "30 manual_sla web 1 over",
            "30 ownership_removed web 1 - New"
        ]
    );
}

#[test]
fn order_ownership_removal_comes_before_the_unassign_deadline() {
    let tale = scene(
        "unassign.enabled = true
        remove_ownership = { enabled = true, within = '0s' }
        consumers.web.messages = 1
        agents.ann = { reply_time = '500s', logouts = { at = '00:01', back_after = '2h' } }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(tale.trail("web 1")[2..], ["60 ownership_removed - New"]);
}

#[test]
fn order_the_unassign_deadline_comes_before_auto_close() {
    let tale = scene(
        "unassign.enabled = true
        auto_close = '60s'
        consumers.web.messages = 1
        consumers.web.patience = '30s'
        consumers.web.silent_share = 1
        agents.ann.reply_time = '500s'",
    )
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.trail("web 1")[2..],
        ["60 auto_unassigned(online,60) - New", "60 auto_closed - Resolved"]
    );
}

#[test]
fn order_messages_without_delay_run_to_completion_first() {
    // The reply at 20 wakes the consumer, who thinks for no time at all: its message comes in this
    // instant, and the logout, which was on the agenda before, comes between.
    let tale = scene(
        "consumers.web.messages = 2
        consumers.web.think = '0s'
        agents.ann = { reply_time = '20s', logouts = { at = '00:00:20', back_after = '2h' } }",
    )
    .visits("web", "0")
    .run();
    let lines = tale.at(20);
    assert!(position(&lines, "reply web 1 ann Pending") < position(&lines, "offline"));
    assert!(position(&lines, "offline") < position(&lines, "message_wakes"));
}
