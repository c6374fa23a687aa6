//! D14: answers that are lost with their conversation.

use shiftstorm::ledger::durations::Total;

use crate::common::{Scene, Tale, scene};

/// Automatic unassignment is on.
fn on(more: &str) -> Scene {
    scene("unassign.enabled = true").with(more)
}

#[test]
fn d14_a_reply_at_its_deadline_wins_and_a_slower_one_is_lost_at_the_deadline() {
    let replies_after = |seconds: &str| {
        on("consumers.web.messages = 2
            consumers.web.think = '5s'
            unassign.same_agent_after = '2h'")
        .with(&format!("agents.ann.reply_time = '{seconds}'"))
        .visits("web", "0")
        .run()
    };
    let in_time = replies_after("60s");
    assert_eq!(
        in_time.trail("web 1")[2..],
        ["60 reply ann Pending", "65 message_wakes ann New", "125 resolved_by_agent - Resolved"]
    );
    let lost = replies_after("60.000001s");
    assert_eq!(
        lost.facts("lost late_reply answered busy"),
        ["0 busy ann true", "60 lost web 1 ann ByUnassign worked 60", "60 busy ann false"]
    );
    // Not delivered, so the consumer does not begin to think.
    assert_eq!(lost.facts("message"), ["0 message web 1"]);
}

#[test]
fn d14_what_is_lost_is_the_time_worked_without_pauses() {
    // Interrupted from 10 to 30: 40 s of work by 60.
    let tale = on("consumers.web.messages = 1
        agents.ann = { reply_time = '70s', interruptions = { at = '00:00:10', for = '20s' } }
        agents.bob = { shifts = '00:01-01:00', reply_time = '5s' }")
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.facts("lost answered"),
        ["60 lost web 1 ann ByUnassign worked 40", "65 answered web 1 bob waited 65 wrote 5"]
    );
    // Away since 20 and paused when it is taken: the 20 s before count.
    let paused = on("consumers.web.messages = 1
        unassign.timeout.away = '35s'
        agents.ann = { reply_time = '50s', away.episodes = { at = '00:00:20', for = '10m' } }
        agents.bob = { shifts = '00:01-01:00', reply_time = '5s' }")
    .visits("web", "0")
    .run();
    assert_eq!(paused.facts("lost"), ["35 lost web 1 ann ByUnassign worked 20"]);
    // The delivered answer tells its work too.
    let counts = |tale: &Tale| {
        let flow = &tale.outcome().flow;
        (flow.lost.by_unassign, flow.written)
    };
    let total = |count, seconds: u128| Total { count, micros: seconds * 1_000_000 };
    assert_eq!(counts(&tale), (total(1, 40), total(1, 5)));
    assert_eq!(counts(&paused), (total(1, 20), total(1, 5)));
}

#[test]
fn d14_only_what_was_begun_is_lost_and_it_is_told_by_what() {
    // Serial: web 2 waits behind web 1 when ann logs out, and is no answer yet.
    let removed = scene(
        "remove_ownership = { enabled = true, within = '0s' }
        consumers.web.messages = 1
        agents.ann = { shifts = '00:00-00:01', reply_time = '70s' }
        agents.bob = { shifts = '00:02-01:00', reply_time = '5s' }",
    )
    .visits("web", "0 0")
    .run();
    assert_eq!(removed.facts("lost"), ["60 lost web 1 ann ByRemoval worked 60"]);
    assert_eq!(removed.facts("ownership_removed").len(), 2);
    // The consumer leaves in the middle: cut short, not lost.
    let left = on("consumers.web.messages = 1
        consumers.web.patience = '30s'
        agents.ann.reply_time = '40s'")
    .visits("web", "0")
    .run();
    assert_eq!(left.facts("lost late_reply stale"), ["30 lost web 1 ann ByClose worked 30"]);
    let lost = left.outcome().flow.lost;
    assert_eq!((lost.all().count, lost.cut_short), (0, 1));
}

#[test]
fn d14_what_is_turned_to_in_the_instant_in_which_it_goes_is_not_begun() {
    // All three are due at 60; ann has begun the first only.
    let tale = on("consumers.web.messages = 1
        agents.ann.reply_time = '70s'
        agents.bob = { shifts = '00:02-01:00', reply_time = '5s' }")
    .visits("web", "0 0 0")
    .run();
    assert_eq!(tale.facts("auto_unassigned")[..3].len(), 3);
    let lost = tale.facts("lost");
    assert_eq!(lost[0], "60 lost web 1 ann ByUnassign worked 60");
    assert!(!lost.iter().skip(1).any(|line| line.starts_with("60 ")), "{lost:?}");
}

#[test]
fn d14_what_ends_in_parking_or_a_hand_over_is_no_answer() {
    for step in [
        "parking = { share = 1, after = '90s', boomerang = '1h' }",
        "hand_overs = { share = 1, after = '90s', to = 'queue' }",
    ] {
        let tale = on("consumers.web.messages = 1")
            .with(&format!("agents.ann = {{ {step} }}"))
            .visits("web", "0")
            .run();
        assert_eq!(tale.facts("auto_unassigned")[0], "60 auto_unassigned(online,60) web 1 - New");
        assert!(!tale.facts("lost").iter().any(|line| line.starts_with("60 ")), "{step}");
    }
}

#[test]
fn d14_a_lost_answer_counts_for_its_author_and_in_the_interval_of_the_opening() {
    // Opened in the first quarter of an hour, taken in the second.
    let tale = on("consumers.web.messages = 1
        measure.interval = '15m'
        agents.ann.reply_time = '70s'
        agents.bob = { shifts = '00:15:50-01:00', reply_time = '5s' }")
    .visits("web", "850")
    .run();
    let outcome = tale.outcome();
    let by_interval = outcome.intervals.iter().map(|of| of.flow.lost.all().count);
    assert_eq!(Vec::from_iter(by_interval.take(2)), [1, 0]);
    let lost = |agent: usize| outcome.agents[agent].work.lost_answers.count;
    assert_eq!((lost(0), lost(1), outcome.groups[0].work.lost_answers.count), (1, 0, 1));
}

#[test]
fn d14_nothing_is_told_of_who_has_gone_home() {
    let ends = |more: &str| {
        scene("consumers.web.messages = 1")
            .with(
                "agents.ann = { shifts = '00:00-00:02', reply_time = '70s' }
                agents.dan = { shifts = '00:02-01:00', reply_time = '10s' }",
            )
            .with(more)
            .visits("web", "0 10 20")
            .run()
    };
    let tale = ends("unassign.enabled = true");
    assert_eq!(
        tale.facts("lost late_reply"),
        [
            "60 lost web 1 ann ByUnassign worked 60",
            "70 lost web 2 ann ByUnassign worked 10",
            "80 lost web 3 ann ByUnassign worked 10",
        ]
    );
    assert_eq!(tale.facts("answered").len(), 3);
    // What she has in hand at 120 is lost when it is taken, with what she had done by then.
    let removed = ends("remove_ownership = { enabled = true, within = '0s' }");
    assert_eq!(removed.facts("lost late_reply"), ["120 lost web 2 ann ByRemoval worked 50"]);
    let off = ends("run.end = 'cut'\nrun.until = '1h'");
    assert_eq!(off.facts("lost late_reply"), [""; 0]);
}
