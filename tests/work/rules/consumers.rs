//! Consumers: messages, bursts, patience and its scopes, silence, auto-close, coming back; and the
//! end of the run.

use shiftstorm::base::time::Time;

use crate::common::{Scene, scene};

/// Ann is Online and does nothing.
const IDLE: &str = "agents.ann.interruptions = { at = '00:00', for = '2h' }";
/// Ann replies in 20 s.
const PROMPT: &str = "agents.ann.reply_time = '20s'";

fn web(more: &str, ann: &str) -> Scene {
    scene(more).with(ann)
}

#[test]
fn patience_lasts_until_the_first_answer_or_until_the_assignment() {
    let until = |scope: &str| {
        web("consumers.web.messages = 1", IDLE)
            .with(&format!("consumers.web.patience = {{ first = '30s', until = '{scope}' }}"))
            .visits("web", "0")
            .run()
            .trail("web 1")
    };
    assert_eq!(until("first_answer")[2..], ["30 abandoned - Resolved"]);
    assert_eq!(until("assignment"), ["0 opened - New", "0 assigned ann New"]);
}

#[test]
fn patience_that_ended_with_the_assignment_does_not_begin_again_in_the_queue() {
    let tale = web("consumers.web.messages = 1\nunassign.enabled = true", IDLE)
        .with("consumers.web.patience = { first = '90s', until = 'assignment' }\nrun.until = '3m'")
        .visits("web", "0")
        .run();
    assert_eq!(tale.facts("leaves auto_unassigned").len(), 1);
}

#[test]
fn patience_after_the_first_answer_does_not_end_with_an_assignment() {
    // Ann answers at 20 and no more; she loses the message of 30 at 50, and bob gets it.
    let tale = web(
        "consumers.web.messages = 2
        consumers.web.think = '10s'
        consumers.web.patience = { first = '5s', until = 'assignment', later = '50s' }
        unassign = { enabled = true, timeout.online = '20s' }
        agents.bob = { shifts = '00:00:40-01:00', reply_time = '10m' }",
        "agents.ann = { reply_time = '20s', interruptions = { at = '00:00:25', for = '2h' } }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(tale.trail("web 1")[5], "50 assigned bob New");
    assert_eq!(tale.facts("leaves"), ["80 leaves web 1 openly"]);
}

#[test]
fn patience_runs_from_the_first_of_several_messages() {
    let tale = web("consumers.web.messages = 1\nconsumers.web.patience = '30s'", IDLE)
        .with("consumers.web.burst = { size = 3, gap = '20s' }")
        .visits("web", "0")
        .run();
    assert_eq!(
        tale.facts("message leaves"),
        ["0 message web 1", "20 message web 1 further", "30 leaves web 1 openly"]
    );
}

#[test]
fn patience_at_the_reply_is_kept() {
    let tale = web("consumers.web.messages = 1\nconsumers.web.patience = '20s'", PROMPT)
        .visits("web", "0")
        .run();
    assert_eq!(tale.trail("web 1")[2], "20 resolved_by_agent - Resolved");
}

#[test]
fn patience_after_the_first_answer_is_its_own() {
    let talk = "consumers.web.messages = 2\nconsumers.web.think = '10s'";
    let later = |patience: &str| {
        web(
            talk,
            "agents.ann = { reply_time = '20s', interruptions = { at = '00:00:25', for = '2h' } }",
        )
        .with(&format!("consumers.web.patience = {patience}"))
        .visits("web", "0")
        .run()
        .facts("leaves")
    };
    assert_eq!(later("{ first = '21s', later = '45s' }"), ["75 leaves web 1 openly"]);
    assert_eq!(later("{ first = '21s' }"), [""; 0]);
}

#[test]
fn patience_is_drawn_anew_for_each_wait_of_a_turn() {
    // Answered at 10 in the middle of a burst, the consumer waits again from 30 on.
    let leaves = |ann: &str| {
        let range = "{ uniform = { min = '100s', max = '200s' } }";
        let tale = web("consumers.web.messages = 1", ann)
            .with("consumers.web.burst = { size = 2, gap = '30s' }")
            .with(&format!("consumers.web.patience = {{ first = {range}, later = {range} }}"))
            .visits("web", "0")
            .run();
        tale.first("leaves")
    };
    let first = leaves(IDLE) - Time::ZERO;
    let second = leaves(
        "agents.ann = { reply_time = '10s', interruptions = { at = '00:00:15', for = '2h' } }",
    ) - Time::from_secs(30);
    assert_ne!(first, second);
}

#[test]
fn a_turn_is_written_in_bursts_and_thought_about_from_the_reply() {
    let tale = web(
        "consumers.web.messages = 2
        consumers.web.think = '40s'
        consumers.web.burst = { size = 2.4, gap = '30s' }",
        PROMPT,
    )
    .visits("web", "0")
    .run();
    // 2.4 is two. The reply at 20 comes in the middle of the burst, the one at 50 ends the turn.
    assert_eq!(
        tale.facts("message answered"),
        [
            "0 message web 1",
            "20 answered web 1 ann waited 20 wrote 20",
            "30 message web 1",
            "50 answered web 1 ann waited 20 wrote 20",
            "90 message web 1",
            "110 answered web 1 ann waited 20 wrote 20",
            "120 message web 1",
            "140 answered web 1 ann waited 20 wrote 20",
        ]
    );
    assert_eq!(tale.trail("web 1").last().unwrap(), "140 resolved_by_agent - Resolved");
}

#[test]
fn messages_are_fixed_geometric_or_unlimited() {
    let replies = |messages: &str| {
        web("consumers.web.think = '10s'\nrun.until = '10m'", PROMPT)
            .with(&format!("consumers.web.messages = {messages}"))
            .visits("web", "0")
            .run()
            .facts("answered")
            .len()
    };
    assert_eq!(replies("3"), 3);
    assert_eq!(replies("{ geometric = 1.0 }"), 1);
    // A reply every 30 s from 20 on, before 600.
    assert_eq!(replies("'unlimited'"), 20);
}

#[test]
fn auto_close_counts_from_the_last_message_of_who_left_silently_also_after_parking() {
    // Parked at 10, web 1 would be closed at 70; New again at 40, it is closed at 60.
    let tale = web(
        "consumers.web.messages = 1
        consumers.web.patience = '30s'
        consumers.web.silent_share = 1
        auto_close = '60s'",
        "agents.ann = { reply_time = '500s', parking = { share = 1, after = '10s', boomerang = '30s' } }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(tale.trail("web 1")[3..], ["40 boomerang ann New", "60 auto_closed - Resolved"]);
}

#[test]
fn a_silent_abandoner_queues_takes_a_slot_is_answered_and_writes_no_more() {
    let tale = scene(
        "consumers.web.messages = 3
        consumers.web.think = '10s'
        consumers.web.patience = '30s'
        consumers.web.silent_share = 1
        agents.ann = { concurrency = 1, shifts = '00:01-01:00', reply_time = '20s' }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.facts("leaves answered message"),
        [
            "0 message web 1",
            "30 leaves web 1 silently",
            "80 answered web 1 ann waited 80 wrote 20 wasted"
        ]
    );
    assert_eq!(
        tale.trail("web 1")[1..],
        ["60 assigned ann New", "80 reply ann Pending", "1880 auto_closed - Resolved"]
    );
    assert_eq!(tale.facts("slots"), ["60 slots ann 1", "1880 slots ann 0"]);
    let row = tale.row("web 1");
    assert_eq!((row.answered, row.abandoned.map(|(_, silent)| silent)), (None, Some(true)));
}

#[test]
fn a_silent_abandoner_is_unassigned_like_any_other() {
    let tale = web("consumers.web.messages = 1\nunassign.enabled = true", IDLE)
        .with("consumers.web.patience = '30s'\nconsumers.web.silent_share = 1")
        .visits("web", "0")
        .run();
    assert_eq!(tale.facts("auto_unassigned")[0], "60 auto_unassigned(online,60) web 1 - New");
}

#[test]
fn auto_close_comes_so_long_after_the_last_message() {
    // New: after the last message of one who left silently, not after the leaving.
    let silent = |more: &str| {
        web("consumers.web.messages = 1\nconsumers.web.patience = '30s'\nconsumers.web.silent_share = 1", IDLE)
            .with("consumers.web.burst = { size = 2, gap = '25s' }")
            .with(more)
            .visits("web", "0")
            .run()
            .trail("web 1")
    };
    assert_eq!(silent("")[2..], ["1825 auto_closed - Resolved"]);
    assert_eq!(silent("auto_close = '5m'")[2..], ["325 auto_closed - Resolved"]);
    assert_eq!(silent("auto_close = 'off'").len(), 2);
    // New with a consumer who waits: never.
    let waits = web("consumers.web.messages = 1", IDLE).visits("web", "0").run();
    assert_eq!(waits.trail("web 1").len(), 2);
    // Pending: after the last message of the agent.
    let thinks = web("consumers.web.messages = 2\nconsumers.web.think = '1h'", PROMPT);
    let thinks = thinks.visits("web", "0").run();
    assert_eq!(thinks.trail("web 1")[3], "1820 auto_closed - Resolved");
    // A message in time starts it anew.
    let talks = web("consumers.web.messages = 3\nconsumers.web.think = '29m'", PROMPT);
    let talks = talks.visits("web", "0").run();
    assert_eq!(talks.facts("auto_closed"), [""; 0]);
}

#[test]
fn auto_close_waits_for_the_boomerang_and_spares_who_waits() {
    let parked = web("consumers.web.messages = 1\nauto_close = '60s'", "")
        .with("agents.ann = { reply_time = '500s', parking = { share = 1, after = '10s', boomerang = '100s' } }")
        .visits("web", "0 105");
    // A consumer who waits for an answer is not closed out: the boomerang comes at 110.
    assert_eq!(parked.run().trail("web 1")[3], "110 boomerang ann New");
    let tale = parked.with("consumers.web.patience = '5s'\nconsumers.web.silent_share = 1").run();
    // Nor is anybody while a boomerang is to come: New again, one who has left is closed at once.
    assert_eq!(
        tale.trail("web 1")[2..],
        ["10 parked ann Pending", "110 boomerang ann New", "110 auto_closed - Resolved"]
    );
    assert_eq!(
        tale.trail("web 2")[2..],
        ["115 parked ann Pending", "215 boomerang ann New", "215 auto_closed - Resolved"]
    );
}

#[test]
fn abandoners_return_so_many_times() {
    let tale = web("consumers.web.messages = 1\nconsumers.web.patience = '30s'", IDLE)
        .with("consumers.web.returns = { share = 1, after = '60s', at_most = 3 }")
        .visits("web", "0")
        .run();
    assert_eq!(
        tale.facts("visit leaves"),
        [
            "0 visit web 1 priority 0",
            "30 leaves web 1 openly",
            "90 visit web 1.1 priority 0",
            "120 leaves web 1.1 openly",
            "180 visit web 1.2 priority 0",
            "210 leaves web 1.2 openly",
        ]
    );
    let never = web("consumers.web.messages = 1\nconsumers.web.patience = '30s'", IDLE)
        .with("consumers.web.returns = { share = 0, after = '60s' }")
        .visits("web", "0")
        .run();
    assert_eq!(never.facts("visit").len(), 1);
}

#[test]
fn priority_is_served_first() {
    let tale = scene(
        "consumers.web.messages = 1
        consumers.vip.messages = 1
        consumers.vip.priority = 1
        agents.ann = { concurrency = 1, reply_time = '20s' }",
    )
    .visits("web", "0 1")
    .visits("vip", "10")
    .run();
    // Nobody is put off for it who has an owner already.
    let answered: Vec<_> =
        tale.facts("answered").iter().map(|line| line[..18].to_owned()).collect();
    assert_eq!(answered, ["20 answered web 1 ", "40 answered vip 1 ", "60 answered web 2 "]);
}

#[test]
fn a_closed_population_comes_again_a_pause_after_the_end() {
    let tale = web("consumers.web.messages = 1\nrun.until = '2m'", PROMPT)
        .with("consumers.web.arrivals.closed = { population = 1, pause = '10s' }")
        .run();
    let visits = tale.facts("visit").into_iter();
    let visits: Vec<_> = visits.map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    let first: i64 = visits[0].parse().unwrap();
    // A reply takes 20 s, a pause 10 s.
    let expected: Vec<_> = (first..120).step_by(30).map(|at| at.to_string()).collect();
    assert_eq!(visits, expected);
}

#[test]
fn the_run_is_cut_or_drained() {
    let end = |end: &str| {
        web("consumers.web.messages = 1\nrun.until = '1m'", PROMPT)
            .with(end)
            .visits("web", "50 59 60 61")
            .run()
    };
    let cut = end("run.end = 'cut'");
    // Nobody arrives at the horizon or later; who is open is at the end.
    assert_eq!((cut.facts("visit").len(), cut.finished.open), (2, 2));
    assert_eq!(cut.facts("answered"), [""; 0]);
    let drained = end("run.end = 'drain'");
    assert_eq!((drained.facts("answered").len(), drained.finished.open), (2, 0));
    assert_eq!(crate::common::seconds(drained.finished.ended), "90");
    let short = end("run.end = 'drain'\nrun.drain_at_most = '20s'");
    assert_eq!((short.facts("answered").len(), short.finished.open), (1, 1));
    assert_eq!(crate::common::seconds(short.finished.ended), "80");
}
