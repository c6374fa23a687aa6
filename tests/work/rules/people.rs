//! Agents: attention, absences, the end of a shift, and what becomes of an answer in hand.

use std::collections::BTreeSet;

use crate::common::{Scene, Tale, scene};

/// Consumers with one message each.
fn one_message(agents: &str) -> Scene {
    scene("consumers.web.messages = 1").with(agents)
}

/// When which conversation was answered, by whom.
fn answered(tale: &Tale) -> Vec<String> {
    let lines = tale.facts("answered").into_iter();
    lines
        .map(|line| line.split(" waited").next().unwrap_or_default().replace(" answered", ""))
        .collect()
}

fn nothing() -> [&'static str; 0] {
    []
}

#[test]
fn attention_serial_writes_one_reply_at_a_time_and_parallel_all_at_once() {
    let serial = one_message("agents.ann.reply_time = '20s'").visits("web", "0 0 30").run();
    assert_eq!(answered(&serial), ["20 web 1 ann", "40 web 2 ann", "60 web 3 ann"]);
    let parallel = one_message("agents.ann = { reply_time = '20s', attention = 'parallel' }");
    let parallel = parallel.visits("web", "0 0 30").run();
    assert_eq!(answered(&parallel), ["20 web 1 ann", "20 web 2 ann", "50 web 3 ann"]);
}

#[test]
fn attention_turns_to_the_longest_waiting_message() {
    // Web 1 waits since 0 but comes to ann only at 15, after app 2, which waits since 10.
    let tale = scene(
        "skills = ['sales', 'technical']
        consumers.web.messages = 1
        consumers.web.skill = 'sales'
        consumers.app.messages = 1
        consumers.app.skill = 'technical'
        agents.bob = { skills = ['sales'], hand_overs = { share = 1, to = { skill = 'technical' }, after = '15s' } }
        agents.ann = { skills = ['technical'], reply_time = '20s' }",
    )
    .visits("web", "0")
    .visits("app", "0 10")
    .run();
    assert_eq!(answered(&tale), ["20 app 1 ann", "40 web 1 ann", "60 app 2 ann"]);
}

#[test]
fn an_agent_who_is_interrupted_away_or_offline_does_not_answer_and_resumes_on_return() {
    for absence in [
        "interruptions = { at = '00:00:10', for = '30s' }",
        "away.episodes = { at = '00:00:10', for = '30s' }",
        "breaks = { at = '00:00:10', for = '30s' }",
        "logouts = { at = '00:00:10', back_after = '30s' }",
        "disconnects = { at = '00:00:10', for = '30s' }",
        "disconnects = { at = '00:00:10', for = '30s' }, session_timeout = '5s'",
    ] {
        let ann = format!("agents.ann = {{ reply_time = '20s', {absence} }}");
        let tale = one_message(&ann).visits("web", "0").run();
        // 10 of 20 s were done.
        assert_eq!(
            tale.facts("answered"),
            ["50 answered web 1 ann waited 50 wrote 50"],
            "{absence}"
        );
        assert_eq!(
            tale.facts("busy")[1..3],
            ["10 busy ann false", "40 busy ann true"],
            "{absence}"
        );
    }
}

#[test]
fn with_parallel_attention_every_answer_in_hand_is_resumed() {
    let ann = "agents.ann = { attention = 'parallel', reply_time = '20s', away.episodes = { at = '00:00:10', for = '30s' } }";
    let tale = one_message(ann).visits("web", "0 5").run();
    assert_eq!(answered(&tale), ["50 web 1 ann", "55 web 2 ann"]);
}

#[test]
fn away_answers_goes_on_with_what_it_owns_and_takes_nothing_new() {
    let ann = "agents.ann = { reply_time = '20s', away = { answers = true, episodes = { at = '00:00:10', for = '90s' } } }";
    let tale = one_message(ann).visits("web", "0 5 15").run();
    assert_eq!(answered(&tale), ["20 web 1 ann", "40 web 2 ann", "120 web 3 ann"]);
    assert_eq!(tale.trail("web 3")[1], "100 assigned ann New");
}

#[test]
fn absences_at_random_come_after_so_much_time_logged_in_again_and_again() {
    let often = |absence: &str, facts: &str| {
        let ann = format!("run.until = '5m'\nagents.ann = {{ {absence} }}");
        one_message(&ann).visits("web", "0").run().facts(facts)
    };
    assert_eq!(
        often("interruptions = { every = '100s', for = '10s' }", "unresponsive"),
        [
            "100 unresponsive ann true",
            "110 unresponsive ann false",
            "210 unresponsive ann true",
            "220 unresponsive ann false",
        ]
    );
    assert_eq!(
        often("away.episodes = { reason = 'Call', every = '100s', for = '110s' }", "state"),
        ["0 state ann online", "100 state ann away(Call)", "210 state ann online"]
    );
    assert_eq!(
        often("logouts = { after = '100s', back_after = '10s' }", "state"),
        [
            "0 state ann online",
            "100 state ann offline",
            "110 state ann online",
            "210 state ann offline",
            "220 state ann online",
        ]
    );
}

#[test]
fn every_away_reason_is_away_and_the_longer_of_two_holds() {
    let ann = "agents.ann = { breaks = { at = '00:01', for = '60s', reason = 'Lunch' }, away.episodes = { at = '00:01:30', for = '60s' } }";
    let tale = one_message(ann).visits("web", "3599").run();
    assert_eq!(
        tale.facts("state"),
        [
            "0 state ann online",
            "60 state ann away(Lunch)",
            "90 state ann away(Back Soon)",
            "150 state ann online",
        ]
    );
}

#[test]
fn a_disconnect_longer_than_the_session_timeout_is_a_logout_until_its_end() {
    let ann = "agents.ann.disconnects = { at = '00:01', for = '90s' }";
    let tale = one_message(ann).visits("web", "130").run();
    assert_eq!(
        tale.facts("state unresponsive"),
        [
            "0 state ann online",
            "60 unresponsive ann true",
            "120 unresponsive ann false",
            "120 state ann offline",
            "150 state ann online",
        ]
    );
    assert_eq!(tale.trail("web 1")[1], "150 assigned ann New");
}

#[test]
fn an_answer_whose_conversation_is_taken_away_is_lost_and_the_agent_turns_to_the_next_at_once() {
    let tale = one_message(
        "unassign.enabled = true
        agents.ann = { concurrency = 2, reply_time = '61s' }
        agents.bob = { shifts = '00:00:31-01:00', reply_time = '5s' }",
    )
    .visits("web", "0 30")
    .run();
    // Web 2 is begun at 60, not at 61, but still not in time: its deadline is at 90.
    assert_eq!(
        tale.facts("answered lost auto_unassigned"),
        [
            "60 auto_unassigned(online,60) web 1 - New",
            "60 lost web 1 ann ByUnassign worked 60",
            "65 answered web 1 bob waited 65 wrote 5",
            "90 auto_unassigned(online,60) web 2 - New",
            "90 lost web 2 ann ByUnassign worked 30",
            "95 answered web 2 bob waited 65 wrote 5",
        ]
    );
}

#[test]
fn the_next_owner_starts_afresh_with_a_new_draw() {
    let reply = "reply_time = { uniform = { min = '100s', max = '200s' } }";
    let wrote = |more: &str| {
        let agents = format!("agents.ann = {{ {reply}, {more} }}\nagents.bob = {{ {reply} }}");
        let tale = one_message("remove_ownership = { enabled = true, within = '0s' }")
            .with(&agents)
            .visits("web", "0")
            .run();
        tale.facts("answered")[0].split("wrote ").nth(1).unwrap().to_owned()
    };
    let first = wrote("");
    let second = wrote("logouts = { at = '00:01', back_after = '2h' }");
    assert_ne!(first, second);
    // The draw is the conversation's: it does not matter when the first owner lost it.
    assert_eq!(second, wrote("logouts = { at = '00:00:30', back_after = '2h' }"));
}

#[test]
fn each_turn_takes_a_draw_of_its_own() {
    let tale = scene(
        "consumers.web.messages = 4
        agents.ann.reply_time = { uniform = { min = '100s', max = '200s' } }",
    )
    .visits("web", "0")
    .run();
    let lines = tale.facts("answered");
    let wrote = BTreeSet::from_iter(lines.iter().map(|line| line.rsplit(' ').next()));
    assert_eq!(wrote.len(), 4, "{lines:?}");
}

#[test]
fn wrap_up_holds_attention_but_no_slot_and_is_busy() {
    let ann = "agents.ann = { concurrency = 1, reply_time = '20s', wrap_up = '30s' }";
    let tale = one_message(ann).visits("web", "0 10").run();
    assert_eq!(tale.trail("web 2")[1], "20 assigned ann New");
    assert_eq!(answered(&tale), ["20 web 1 ann", "70 web 2 ann"]);
    assert_eq!(tale.facts("busy"), ["0 busy ann true", "100 busy ann false"]);
    // Interrupted, it goes on where it stopped.
    let away = "agents.ann = { reply_time = '20s', wrap_up = '30s', away.episodes = { at = '00:00:30', for = '60s' } }";
    let tale = one_message(away).visits("web", "0 10").run();
    assert_eq!(answered(&tale), ["20 web 1 ann", "130 web 2 ann"]);
    // Between two messages of a conversation there is none.
    let talk = scene("consumers.web.messages = 2\nconsumers.web.think = '0s'").with(ann);
    assert_eq!(answered(&talk.visits("web", "0").run()), ["20 web 1 ann", "40 web 1 ann"]);
}

#[test]
fn wrap_up_ends_with_a_logout_and_with_nothing_else() {
    // Ten seconds of the wrap-up are done at 30.
    let answered = |absences: &str| {
        let ann = format!("agents.ann = {{ reply_time = '20s', wrap_up = '30s', {absences} }}");
        answered(&one_message(&ann).visits("web", "0 10").run())[1].clone()
    };
    assert_eq!(answered("logouts = { at = '00:00:30', back_after = '10s' }"), "60 web 2 ann");
    let tea = "breaks = [{ at = '00:00:30', for = '1m' }";
    let logout = "logouts = { at = '00:00:40', back_after = '10s' }";
    // The break keeps its end (D24).
    assert_eq!(answered(&format!("{tea}], {logout}")), "110 web 2 ann");
    let lunch = "{ reason = 'Lunch', at = '00:01', for = '1m' }]";
    assert_eq!(answered(&format!("{tea}, {lunch}")), "160 web 2 ann");
}

#[test]
fn wrap_up_follows_the_reply_to_the_last_message_also_when_it_is_resolved_later() {
    let ann = "resolve = { after = '10m' }\nagents.ann = { reply_time = '20s', wrap_up = '30s' }";
    let tale = one_message(ann).visits("web", "0 10").run();
    assert_eq!(answered(&tale), ["20 web 1 ann", "70 web 2 ann"]);
    assert_eq!(tale.facts("busy"), ["0 busy ann true", "100 busy ann false"]);
}

#[test]
fn wrap_up_has_nothing_to_hold_with_parallel_attention_and_check_says_so() {
    let ann =
        one_message("agents.ann = { reply_time = '20s', wrap_up = '30s' }").visits("web", "0");
    assert!(ann.read().warnings.is_empty());
    let parallel = ann.replacing("reply_time", "attention = 'parallel', reply_time");
    assert!(parallel.read().warnings.to_string().contains("`wrap_up` has no effect"));
    assert_eq!(parallel.run().facts("busy"), ["0 busy ann true", "20 busy ann false"]);
}

/// Ann's shift ends at 300; she replies in 20 s.
fn shift_ends(finish: &str, consumers: &str) -> Scene {
    scene(consumers).with(&format!(
        "agents.ann = {{ shifts = '00:00-00:05', reply_time = '20s', finish = {finish} }}"
    ))
}

#[test]
fn finish_at_shift_end_logs_out_with_work_in_hand() {
    let tale = shift_ends("{}", "consumers.web.messages = 1").visits("web", "290").run();
    assert_eq!(tale.facts("state closing"), ["0 state ann online", "300 state ann offline"]);
    assert_eq!(answered(&tale), nothing());
}

#[test]
fn finish_after_finishing_closes_takes_nothing_and_goes_when_nothing_is_new() {
    let rule = "{ when = 'after_finishing' }";
    let tale = shift_ends(rule, "consumers.web.messages = 1").visits("web", "290 305").run();
    assert_eq!(
        tale.facts("state closing"),
        [
            "0 state ann online",
            "300 closing ann true",
            "310 state ann offline",
            "310 closing ann false",
        ]
    );
    assert_eq!(answered(&tale), ["310 web 1 ann"]);
    // Who has nothing goes at once.
    let idle = shift_ends(rule, "consumers.web.messages = 1").visits("web", "0").run();
    assert_eq!(idle.facts("state")[1], "300 state ann offline");
}

#[test]
fn finish_pending_is_left_or_waited_for() {
    let talk = "consumers.web.messages = 2\nconsumers.web.think = '100s'";
    let leave = shift_ends("{ when = 'after_finishing' }", talk).visits("web", "290").run();
    assert_eq!(leave.facts("state")[1], "310 state ann offline");
    let wait = shift_ends("{ when = 'after_finishing', pending = 'wait' }", talk)
        .visits("web", "290")
        .run();
    assert_eq!(wait.facts("state")[1], "430 state ann offline");
    assert_eq!(answered(&wait), ["310 web 1 ann", "430 web 1 ann"]);
}

#[test]
fn finish_at_most_ends_closing() {
    let rule = |most: &str| {
        format!("{{ when = 'after_finishing', pending = 'wait', at_most = '{most}' }}")
    };
    let talk = "consumers.web.messages = 1";
    let cut = shift_ends(&rule("9s"), talk).visits("web", "290").run();
    assert_eq!(cut.facts("state")[1], "309 state ann offline");
    assert_eq!(answered(&cut), nothing());
    // A reply at the limit wins.
    let just = shift_ends(&rule("10s"), talk).visits("web", "290").run();
    assert_eq!(answered(&just), ["310 web 1 ann"]);
}

#[test]
fn a_closing_agent_wraps_up_before_it_goes() {
    let tale = shift_ends("{ when = 'after_finishing' }", "consumers.web.messages = 1")
        .replacing("reply_time", "wrap_up = '30s', reply_time")
        .visits("web", "290")
        .run();
    assert_eq!(answered(&tale), ["310 web 1 ann"]);
    assert_eq!(tale.facts("state")[1], "340 state ann offline");
}

#[test]
fn finish_late_works_on_as_if_the_shift_were_longer() {
    let tale = shift_ends("{ when = { late = '40s' } }", "consumers.web.messages = 1");
    let tale = tale.visits("web", "310 335").run();
    assert_eq!(tale.facts("state closing"), ["0 state ann online", "340 state ann offline"]);
    assert_eq!(answered(&tale), ["330 web 1 ann"]);
    assert_eq!(tale.trail("web 2")[1], "335 assigned ann New");
}

#[test]
fn shifts_come_again_every_day_and_may_cross_midnight() {
    let tale = scene(
        "run.starts_at = '08:00'
        run.until = '48h'
        consumers.web.messages = 1
        agents.ann.shifts = ['22:00-06:00', '09:00-10:00']",
    )
    .visits("web", "0")
    .run();
    let hours: Vec<_> = [1, 2, 14, 22, 25, 26, 38, 46].iter().map(|hour| hour * 3600).collect();
    let states = ["online", "offline"].iter().cycle();
    let expected: Vec<_> = hours
        .iter()
        .zip(states)
        .map(|(second, state)| format!("{second} state ann {state}"))
        .collect();
    assert_eq!(tale.facts("state"), expected);
}

#[test]
fn parking_is_once_a_turn_and_needs_a_boomerang() {
    let tale = scene(
        "consumers.web.messages = 2
        consumers.web.think = '40s'
        agents.ann = { reply_time = '20s', parking = { share = 1, after = '10s', boomerang = '30s' } }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.trail("web 1")[2..],
        [
            "10 parked ann Pending",
            "40 boomerang ann New",
            "60 reply ann Pending",
            "100 message_wakes ann New",
            "110 parked ann Pending",
            "140 boomerang ann New",
            "160 resolved_by_agent - Resolved",
        ]
    );
}

#[test]
fn a_manual_sla_is_asked_for_only_when_the_reply_takes_long() {
    let asks = |more: &str| {
        let ann = format!(
            "agents.ann = {{ reply_time = '20s', manual_sla = {{ length = '1m', {more} }} }}"
        );
        one_message(&ann).visits("web", "0").run().facts("manual_sla").len()
    };
    assert_eq!(asks("share = 1, if_longer_than = '20s'"), 2);
    assert_eq!(asks("share = 1, if_longer_than = '21s'"), 0);
    assert_eq!(asks("share = 0"), 0);
}

#[test]
fn a_manual_sla_is_cancelled_also_when_the_answer_was_interrupted() {
    let ann =
        "agents.ann = { reply_time = '500s', away.episodes = { at = '00:00:30', for = '20s' },
        manual_sla = { share = 1, length = '1000s', cancel_after = '100s' } }";
    let tale = one_message(&ann.replace('\n', " ")).visits("web", "0").run();
    assert_eq!(
        tale.facts("manual_sla"),
        ["0 manual_sla web 1 until 1000", "100 manual_sla web 1 over"]
    );
}

#[test]
fn handing_over_is_once_a_turn_and_not_to_oneself() {
    // Only the first owner of a turn hands over; the second one answers.
    let both = one_message(
        "agents.ann = { reply_time = '20s', hand_overs = { share = 1, to = 'queue', after = '10s' } }
        agents.bob = { reply_time = '30s', hand_overs = { share = 1, to = 'queue', after = '10s' } }
        routing.choose = 'round_robin'",
    )
    .visits("web", "0")
    .run();
    assert_eq!(
        both.trail("web 1")[2..],
        ["10 manual_return - New", "10 assigned bob New", "40 resolved_by_agent - Resolved"]
    );
    let oneself = one_message(
        "agents.ann = { reply_time = '20s', hand_overs = { share = 1, to = { specialist = 'ann' }, after = '10s' } }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(oneself.trail("web 1")[2..], ["30 resolved_by_agent - Resolved"]);
}

#[test]
fn a_dedicated_specialist_is_one_of_the_group_drawn_by_the_conversation() {
    let receivers = |reply: &str| {
        let tale = scene(
            "skills = ['web', 'law']
            consumers.web.messages = 1
            consumers.web.skill = 'web'
            agents.ann = { skills = ['web'], concurrency = 20, attention = 'parallel', hand_overs = { share = 1, to = { specialist = 'cat' } } }",
        )
        .with(&format!("agents.cat = {{ count = 3, concurrency = 20, skills = ['law'], reply_time = '{reply}' }}"))
        .visits("web", "0 1 2 3 4 5 6 7 8 9 10 11")
        .run();
        let lines = tale.facts("transferred_to_agent").into_iter();
        lines.map(|line| line.split(' ').skip(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    let drawn = receivers("20s");
    for specialist in ["cat 1", "cat 2", "cat 3"] {
        assert!(drawn.iter().any(|line| line.contains(specialist)), "{drawn:?}");
    }
    // Whatever else changes, the conversation's specialist is the same.
    assert_eq!(drawn, receivers("200s"));
}

#[test]
fn an_agent_who_lost_all_its_work_while_closing_goes() {
    let tale = shift_ends("{ when = 'after_finishing' }", "consumers.web.messages = 1")
        .with("consumers.web.patience = '15s'")
        .visits("web", "290")
        .run();
    assert_eq!(tale.facts("state")[1], "305 state ann offline");
    // Also one who waits for a Pending conversation that nobody writes on any more.
    let rule = "{ when = 'after_finishing', pending = 'wait' }";
    let tale = shift_ends(rule, "consumers.web.messages = 2\nconsumers.web.think = '2h'")
        .with("auto_close = '1m'")
        .visits("web", "290")
        .run();
    assert_eq!(tale.facts("state")[1], "370 state ann offline");
}
