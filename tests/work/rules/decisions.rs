//! D1–D20: the decisions about automatic unassignment.

use crate::common::{Scene, Tale, scene};

/// The feature on.
fn on(more: &str) -> Scene {
    scene("unassign.enabled = true").with(more)
}

/// Removals by the deadline, as `time cause conversation …`.
fn unassigned(tale: &Tale) -> Vec<String> {
    tale.facts("auto_unassigned")
}

/// Who got the conversation when: its assignments.
fn assigned(tale: &Tale, conversation: &str) -> Vec<String> {
    let trail = tale.trail(conversation).into_iter();
    trail.filter(|line| line.contains(" assigned ")).collect()
}

#[test]
fn d1_the_clock_starts_at_the_last_message_or_at_the_first_unanswered_one() {
    let writes_every_50_s = "consumers.web.messages = 1
        consumers.web.burst = { size = 4, gap = '50s' }
        agents.ann.reply_time = '1000s'";
    let last = on(writes_every_50_s).visits("web", "0").run();
    assert_eq!(unassigned(&last)[0], "210 auto_unassigned(online,60) web 1 - New");
    // The report says how often writing again put a deadline off.
    let moved = last.facts("message").iter().filter(|line| line.contains("moves")).count();
    assert_eq!(moved, 3);

    let first =
        on(writes_every_50_s).with("unassign.clock = 'first_unanswered'").visits("web", "0");
    let first = first.run();
    assert_eq!(unassigned(&first)[0], "60 auto_unassigned(online,60) web 1 - New");
    assert!(!first.facts("message")[1].contains("moves"));
}

#[test]
fn d2_the_clock_of_a_new_owner_starts_at_the_assignment() {
    let tale = on("consumers.web.messages = 1
        agents.ann.interruptions = { at = '00:00', for = '10m' }
        agents.bob.reply_time = '55s'")
    .visits("web", "0")
    .run();
    // Without D2 bob would lose it at 60, in the moment in which he gets it.
    assert_eq!(
        tale.trail("web 1")[2..],
        [
            "60 auto_unassigned(online,60) - New",
            "60 assigned bob New",
            "115 resolved_by_agent - Resolved",
        ]
    );
    let slower = on("consumers.web.messages = 1
        agents.ann.interruptions = { at = '00:00', for = '10m' }
        agents.bob.reply_time = '61s'")
    .visits("web", "0")
    .run();
    assert_eq!(slower.trail("web 1")[4], "120 auto_unassigned(online,120) - New");
}

#[test]
fn d3_no_restart_by_flapping() {
    let flaps = "consumers.web.messages = 1
        agents.ann = { reply_time = '500s', away.episodes = [
            { at = '00:00:10', for = '5s' }, { at = '00:00:30', for = '5s' }, { at = '00:00:50', for = '5s' } ] }";
    let tale = on(flaps).visits("web", "0").run();
    assert_eq!(unassigned(&tale)[0], "60 auto_unassigned(online,60) web 1 - New");
}

#[test]
fn d3_a_deadline_that_has_passed_fires_at_once() {
    let back_late = "consumers.web.messages = 1
        unassign.timeout = { online = '60s', away = '100s' }
        agents.ann = { reply_time = '500s', away.episodes = { at = '00:00:30', for = '40s' } }";
    let tale = on(back_late).visits("web", "0").run();
    assert_eq!(unassigned(&tale)[0], "70 auto_unassigned(online,70) web 1 - New");
}

#[test]
fn d3_return_grace_is_added_to_now_on_return_to_online() {
    let returns = |more: &str| {
        on("consumers.web.messages = 1
            unassign.return_grace = '15s'
            unassign.timeout = { online = '60s', away = '100s' }")
        .with(more)
        .visits("web", "0")
        .run()
    };
    let late = returns(
        "agents.ann = { reply_time = '500s', away.episodes = { at = '00:00:30', for = '40s' } }",
    );
    assert_eq!(unassigned(&late)[0], "85 auto_unassigned(online,85) web 1 - New");
    // Early enough, the grace changes nothing.
    let early = returns(
        "agents.ann = { reply_time = '500s', away.episodes = { at = '00:00:30', for = '10s' } }",
    );
    assert_eq!(unassigned(&early)[0], "60 auto_unassigned(online,60) web 1 - New");
}

#[test]
fn d3_return_grace_is_for_what_was_there_before_and_only_while_online() {
    // The grace is longer than the timeout, so that it would show.
    let first = |ann: &str, visit: &str| {
        on("consumers.web.messages = 1\nunassign.return_grace = '200s'")
            .with(&format!("agents.ann = {{ reply_time = '500s', {ann} }}"))
            .visits("web", visit)
            .run()
            .facts("auto_unassigned")[0]
            .clone()
    };
    let back_at_30 = "breaks = { at = '00:00:20', for = '10s' }";
    assert_eq!(first(back_at_30, "0"), "230 auto_unassigned(online,230) web 1 - New");
    for arrival in ["30", "35"] {
        let fresh = first(back_at_30, arrival);
        assert!(fresh.contains("auto_unassigned(online,60)"), "{fresh}");
    }
    let away_again = "breaks = [{ at = '00:00:20', for = '10s' }, { at = '00:00:40', for = '1h' }]";
    assert_eq!(first(away_again, "0"), "60 auto_unassigned(away,60) web 1 - New");
}

#[test]
fn d4_a_timeout_that_is_off_arms_nothing() {
    let away = "consumers.web.messages = 1
        unassign.timeout.away = 'off'
        agents.ann = { reply_time = '500s', away.episodes = { at = '00:00:30', for = '5m' } }";
    let tale = on(away).visits("web", "0").run();
    // Nothing while Away; on return the timeout of Online holds, and has passed.
    assert_eq!(unassigned(&tale)[0], "330 auto_unassigned(online,330) web 1 - New");
    let offline = "consumers.web.messages = 1
        unassign.timeout.offline = 'off'
        agents.ann = { reply_time = '500s', logouts = { at = '00:00:30', back_after = '2h' } }";
    let tale = on(offline).with("run.until = '50m'").visits("web", "0").run();
    assert_eq!(unassigned(&tale), [""; 0]);
    let online = "consumers.web.messages = 1
        unassign.timeout.online = 'off'
        agents.ann.reply_time = '500s'";
    let tale = on(online).visits("web", "0").run();
    assert_eq!(tale.trail("web 1")[2], "500 resolved_by_agent - Resolved");
}

#[test]
fn d5_a_manual_sla_survives_away_and_logout() {
    let asks = |absence: &str| {
        on("consumers.web.messages = 1
            unassign.timeout = { online = '60s', away = '20s', offline = '25s' }")
        .with(&format!(
            "agents.ann = {{ reply_time = '500s', manual_sla = {{ share = 1, length = '100s' }}, {absence} }}"
        ))
        .visits("web", "0")
        .run()
    };
    let away = asks("away.episodes = { at = '00:00:30', for = '10m' }");
    assert_eq!(away.facts("suppressed")[0], "30 suppressed web 1");
    assert_eq!(unassigned(&away)[0], "120 auto_unassigned(away,120) web 1 - New");
    let offline = asks("logouts = { at = '00:00:30', back_after = '10m' }");
    assert_eq!(offline.facts("manual_sla")[1], "100 manual_sla web 1 over");
    assert_eq!(unassigned(&offline)[0], "125 auto_unassigned(offline,125) web 1 - New");
}

#[test]
fn d5_a_manual_sla_ends_at_the_reply() {
    let tale = on("consumers.web.messages = 2
        consumers.web.think = '30s'
        agents.ann = { reply_time = '20s', manual_sla = { share = 1, length = '1000s' }, interruptions = { at = '00:00:45', for = '10m' } }")
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.facts("manual_sla")[..2],
        ["0 manual_sla web 1 until 1000", "20 manual_sla web 1 over"]
    );
    assert_eq!(unassigned(&tale)[0], "110 auto_unassigned(online,60) web 1 - New");
}

#[test]
fn d5_a_manual_sla_ends_at_a_change_of_owner_and_at_resolved() {
    let removed = on("consumers.web.messages = 1
        remove_ownership = { enabled = true, within = '0s' }
        agents.ann = { reply_time = '500s', manual_sla = { share = 1, length = '1000s' }, logouts = { at = '00:00:30', back_after = '2h' } }
        agents.bob.interruptions = { at = '00:00', for = '2h' }")
    .visits("web", "0")
    .run();
    assert_eq!(
        removed.trail("web 1")[2..5],
        [
            "30 ownership_removed - New",
            "30 assigned bob New",
            "90 auto_unassigned(online,90) - New"
        ]
    );
    let left = on("consumers.web.messages = 1
        consumers.web.patience = '45s'
        agents.ann = { reply_time = '500s', manual_sla = { share = 1, length = '1000s' } }")
    .visits("web", "0")
    .run();
    assert_eq!(left.facts("manual_sla")[1], "45 manual_sla web 1 over");
}

#[test]
fn d5_a_manual_sla_never_blocks_ownership_removal() {
    let tale = scene("remove_ownership = { enabled = true, within = '0s' }
        consumers.web.messages = 1
        agents.ann = { reply_time = '500s', manual_sla = { share = 1, length = '1000s' }, logouts = { at = '00:00:30', back_after = '2h' } }")
    .visits("web", "0")
    .run();
    assert_eq!(tale.trail("web 1")[2], "30 ownership_removed - New");
}

#[test]
fn d6_without_an_unanswered_message_nothing_is_armed_and_the_owner_writes_a_follow_up() {
    // A specialist takes up a Pending conversation and answers it; the boomerang set with the answer
    // comes when nothing is unanswered.
    let tale = on("consumers.web.messages = 2
        consumers.web.think = '20m'
        consumers.web.skill = 'web'
        skills = ['web', 'law']
        agents.ann = { skills = ['web'], hand_overs = { share = 1, after = '10s', to = { specialist = 'cat', offline = { pending = { boomerang = '300s' } } } } }
        agents.cat = { skills = ['law'], shifts = '00:01-01:00', reply_time = '20s', boomerang = { share = 1, after = '230s' }, interruptions = { at = '00:03:20', for = '400s' } }")
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.trail("web 1")[2..7],
        [
            "10 assigned_offline cat Pending",
            "60 taken_up cat New",
            "80 reply_with_boomerang cat Pending",
            "310 boomerang cat New",
            "620 reply cat Pending",
        ]
    );
    assert_eq!(tale.facts("answered")[1], "620 answered web 1 cat waited for_nothing wrote 20");
    // The follow-up is no answer to the consumer, who thinks on.
    assert_eq!(tale.facts("message")[1], "1280 message web 1");
}

#[test]
fn d8_the_owner_is_removed_even_when_nobody_else_is_free() {
    let tale = on("consumers.web.messages = 1
        agents.ann.reply_time = '500s'")
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.trail("web 1")[1..4],
        [
            "0 assigned ann New",
            "60 auto_unassigned(online,60) - New",
            // D10: nobody else is eligible, and ann may have it again only after a minute.
            "120 assigned ann New",
        ]
    );
}

#[test]
fn d9_a_returned_conversation_outranks_fresh_work_by_the_consumers_clock() {
    let tale = on("consumers.web.messages = 1
        agents.ann = { concurrency = 1, interruptions = { at = '00:00', for = '2h' } }
        agents.bob = { concurrency = 1, shifts = '00:01:30-01:00', reply_time = '10s' }
        unassign.same_agent_after = '10m'")
    .visits("web", "0 5 10")
    .run();
    // At 60 web 1 comes back and ann gets web 2; web 3 has queued all the time. Bob logs in at 90.
    assert_eq!(assigned(&tale, "web 1"), ["0 assigned ann New", "90 assigned bob New"]);
    assert_eq!(assigned(&tale, "web 3")[0], "100 assigned bob New");
}

/// Ann and bob both sit there and do nothing.
const BLACK_HOLES: &str = "consumers.web.messages = 1
    agents.ann = { concurrency = 2, interruptions = { at = '00:00', for = '2h' } }
    agents.bob = { concurrency = 2, interruptions = { at = '00:00', for = '2h' } }";

#[test]
fn d10_the_agent_just_unassigned_is_passed_over_while_another_is_eligible() {
    // Two conversations come back at 60 from ann and bob. By rank web 1 would go to ann again.
    let crossed = on(BLACK_HOLES).visits("web", "0 0").run();
    assert_eq!(assigned(&crossed, "web 1")[..2], ["0 assigned ann New", "60 assigned bob New"]);
    assert_eq!(assigned(&crossed, "web 2")[..2], ["0 assigned bob New", "60 assigned ann New"]);
    let anybody = on(BLACK_HOLES).with("unassign.exclude = 'none'").visits("web", "0 0").run();
    assert_eq!(assigned(&anybody, "web 1")[..2], ["0 assigned ann New", "60 assigned ann New"]);
}

#[test]
fn d10_all_previous_agents_or_only_the_last_are_passed_over() {
    let rule = |exclude: &str| {
        on(BLACK_HOLES)
            .with("unassign.same_agent_after = '100s'")
            .with(&format!("unassign.exclude = '{exclude}'"))
            .visits("web", "0")
            .run()
    };
    // Ann loses it at 60, bob at 120. By then ann is not the last one any more.
    let last = rule("last");
    assert_eq!(assigned(&last, "web 1")[1..3], ["60 assigned bob New", "120 assigned ann New"]);
    let all = rule("all_previous");
    assert_eq!(assigned(&all, "web 1")[1..3], ["60 assigned bob New", "160 assigned ann New"]);
    // With "none" the wait does not matter.
    let none = rule("none");
    assert_eq!(assigned(&none, "web 1")[1], "60 assigned bob New");
    let alone = on("consumers.web.messages = 1
        agents.ann.reply_time = '500s'
        unassign.exclude = 'none'
        unassign.same_agent_after = '100s'")
    .visits("web", "0")
    .run();
    assert_eq!(assigned(&alone, "web 1")[1], "60 assigned ann New");
}

#[test]
fn d10_a_sole_agent_is_admitted_again_after_acting() {
    let sole = |agent: &str, seconds: &str| {
        on("consumers.web.messages = 1
            unassign.same_agent_after = '10m'")
        .with(agent)
        .visits("web", seconds)
        .run()
    };
    // A return to Online after the removal.
    let away = sole(
        "agents.ann = { reply_time = '50s', away.episodes = { at = '00:00:30', for = '50s' } }",
        "0",
    );
    assert_eq!(assigned(&away, "web 1"), ["0 assigned ann New", "80 assigned ann New"]);
    // A login.
    let login = sole(
        "agents.ann = { reply_time = '50s', logouts = { at = '00:00:30', back_after = '55s' } }",
        "0",
    );
    assert_eq!(assigned(&login, "web 1"), ["0 assigned ann New", "85 assigned ann New"]);
    // A reply: she wakes up at 60, too late for web 1, and answers web 2 at 85.
    let reply = sole(
        "agents.ann = { reply_time = '25s', interruptions = { at = '00:00', for = '60s' } }",
        "0 30",
    );
    assert_eq!(assigned(&reply, "web 1"), ["0 assigned ann New", "85 assigned ann New"]);
    // A return before the removal does not count.
    let before = sole(
        "agents.ann = { reply_time = '500s', away.episodes = { at = '00:00:30', for = '20s' } }",
        "0",
    );
    assert_eq!(assigned(&before, "web 1")[..2], ["0 assigned ann New", "660 assigned ann New"]);
}

#[test]
fn d10_a_sole_agent_is_admitted_again_after_same_agent_after() {
    let tale = on("consumers.web.messages = 1
        agents.ann.reply_time = '500s'
        unassign.same_agent_after = '90s'")
    .visits("web", "0")
    .run();
    assert_eq!(assigned(&tale, "web 1")[1], "150 assigned ann New");
}

#[test]
fn d10_of_the_admitted_the_longest_removed_comes_first() {
    // Ann loses web 1 at 60, bob at 120; both may have it again at once. Ann by then owns web 2,
    // so that by load bob would come first.
    let tale = on(BLACK_HOLES)
        .with("unassign.exclude = 'all_previous'\nunassign.same_agent_after = '0s'")
        .visits("web", "0 61")
        .run();
    assert_eq!(assigned(&tale, "web 2")[0], "61 assigned ann New");
    assert_eq!(assigned(&tale, "web 1")[1..3], ["60 assigned bob New", "120 assigned ann New"]);
}

#[test]
fn d10_of_an_agent_removed_twice_the_last_removal_counts() {
    let tale = on("unassign.exclude = 'all_previous'
        consumers.web.messages = 1
        agents.ann.reply_time = '500s'")
    .visits("web", "0")
    .run();
    let times =
        tale.facts("assigned").into_iter().map(|line| line.replace(" assigned web 1 ann New", ""));
    assert_eq!(Vec::from_iter(times.take(4)), ["0", "120", "240", "360"]);
}

#[test]
fn d11_no_limit_on_repeats() {
    let tale = on("consumers.web.messages = 1
        agents.ann.interruptions = { at = '00:00', for = '2h' }
        unassign.exclude = 'none'
        run.until = '10m'")
    .visits("web", "0")
    .run();
    // At 60, 120, …, 540; the horizon is at 600.
    assert_eq!(unassigned(&tale).len(), 9);
}

#[test]
fn d11_beyond_the_limit_it_goes_first_in_the_queue() {
    let limit = |most: u32| {
        on(&format!("unassign.max_per_conversation = {most}"))
            .with(
                "unassign.exclude = 'none'
                consumers.web.messages = 1
                consumers.vip.messages = 1
                consumers.vip.priority = 5
                agents.ann = { concurrency = 1, interruptions = { at = '00:00', for = '2h' } }",
            )
            .visits("web", "0")
            .visits("vip", "30")
            .run()
    };
    // One unassign is beyond 0, but not beyond 1.
    assert_eq!(assigned(&limit(0), "web 1")[1], "60 assigned ann New");
    assert_eq!(assigned(&limit(1), "vip 1")[0], "60 assigned ann New");
}

#[test]
fn d12_an_unresponsive_online_agent_keeps_receiving_work() {
    let tale = on("consumers.web.messages = 1
        agents.ann = { concurrency = 1, interruptions = { at = '00:00', for = '2h' } }")
    .visits("web", "0 70 140")
    .run();
    assert_eq!(assigned(&tale, "web 2")[0], "70 assigned ann New");
    assert_eq!(tale.facts("state"), ["0 state ann online"]);
}

#[test]
fn d12_set_away_lasts_until_the_interruption_ends_or_for_away_for() {
    let set_away = |agent: &str| {
        on("consumers.web.messages = 1
            unassign.on_unassign = 'set_away'
            unassign.away_for = '2m'")
        .with(agent)
        .visits("web", "0 100")
        .run()
    };
    let interrupted = set_away(
        "agents.ann = { reply_time = '1s', interruptions = { at = '00:00', for = '5m' } }",
    );
    assert_eq!(
        interrupted.facts("state"),
        [
            "0 state ann online",
            "60 state ann away(Unassigned by the platform)",
            "300 state ann online"
        ]
    );
    // Nothing reaches her meanwhile.
    assert_eq!(assigned(&interrupted, "web 2"), ["300 assigned ann New"]);
    let slow = set_away("agents.ann.reply_time = '61s'");
    assert_eq!(
        slow.facts("state")[..3],
        [
            "0 state ann online",
            "60 state ann away(Unassigned by the platform)",
            "180 state ann online"
        ]
    );
}

#[test]
fn d19_the_consumer_sees_no_notice() {
    // Patience and burst run on through the unassign at 60.
    let tale = on("consumers.web.messages = 1
        consumers.web.patience = '100s'
        consumers.web.burst = { size = 2, gap = '70s' }
        unassign.clock = 'first_unanswered'
        agents.ann.interruptions = { at = '00:00', for = '2h' }
        agents.bob.interruptions = { at = '00:00', for = '2h' }")
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.facts("message auto_unassigned leaves"),
        [
            "0 message web 1",
            "60 auto_unassigned(online,60) web 1 - New",
            "70 message web 1 further",
            "100 leaves web 1 openly",
        ]
    );
}

#[test]
fn d20_a_deadline_fires_at_its_instant_and_ties_go_by_conversation() {
    // The deadline of app 1 is armed at 0 for 60, the one of web 1 at 30 for 60: web has the
    // lower name.
    let tale = on("unassign.timeout = { online = '60s', away = '40s' }
        skills = ['web', 'app']
        consumers.web.messages = 1
        consumers.web.skill = 'web'
        consumers.app.messages = 1
        consumers.app.skill = 'app'
        agents.ann = { skills = ['app'], reply_time = '500s' }
        agents.bob = { skills = ['web'], reply_time = '500s', away.episodes = { at = '00:00:30', for = '10m' } }")
    .visits("web", "20")
    .visits("app", "0")
    .run();
    assert_eq!(
        unassigned(&tale)[..2],
        ["60 auto_unassigned(away,40) web 1 - New", "60 auto_unassigned(online,60) app 1 - New",]
    );
}
