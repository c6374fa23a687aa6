//! Boomerangs set with a reply (B9), and what is taken at the instant of a return (D23).

use crate::common::{Scene, scene};

/// Ann answers in 20 s and sets a boomerang of five minutes; the consumer writes its second message
/// when it wants to.
fn answered(then: &str, think: &str) -> Scene {
    scene("consumers.web.messages = 2")
        .with(&format!("consumers.web.think = '{think}'"))
        .with(&format!(
            "agents.ann = {{ reply_time = '20s', boomerang = {{ share = 1, after = '5m', then = '{then}' }} }}"
        ))
        .visits("web", "0")
}

#[test]
fn b9_a_reply_with_a_boomerang_brings_a_silent_consumers_conversation_back() {
    let tale = answered("follow_up", "10m").run();
    assert_eq!(
        tale.trail("web 1")[2..],
        [
            "20 reply_with_boomerang ann Pending",
            "320 boomerang ann New",
            // A follow-up takes a reply time and sets none.
            "340 reply ann Pending",
            "620 message_wakes ann New",
            "640 resolved_by_agent - Resolved",
        ]
    );
    assert_eq!(tale.facts("answered")[1], "340 answered web 1 ann waited for_nothing wrote 20");
    let counts = &tale.finished.outcome.as_ref().unwrap().counts;
    assert_eq!((counts.replies_with_boomerang, counts.boomerangs, counts.follow_ups), (1, 1, 1));
}

#[test]
fn b9_the_owner_may_close_it_instead_which_takes_no_time() {
    let tale = answered("resolve", "10m").run();
    assert_eq!(
        tale.trail("web 1")[2..5],
        [
            "20 reply_with_boomerang ann Pending",
            "320 boomerang ann New",
            "320 resolved_by_agent - Resolved",
        ]
    );
    // What the consumer writes after that is another contact (A14).
    let answers = tale.facts("answered");
    assert!(answers.len() == 2 && answers[1].contains("web 1.0.1 "), "{answers:?}");
    assert_eq!(tale.row("web 1").handle_time.as_micros(), 20_000_000);
    // Ann is Away when it comes back, and closes it when she is there.
    let away = answered("resolve", "20m").replacing(
        "reply_time = '20s'",
        "reply_time = '20s', away.episodes = { at = '00:05', for = '5m' }",
    );
    let away = away.run();
    assert_eq!(
        away.trail("web 1")[3..5],
        ["320 boomerang ann New", "600 resolved_by_agent - Resolved"]
    );
    // Logged out she has it no more: whoever owns it then closes it.
    let gone = answered("resolve", "20m")
        .with("remove_ownership.enabled = true\nagents.bob = { shifts = '00:01-01:00', reply_time = '20s' }")
        .replacing("reply_time = '20s', boom", "shifts = '00:00-00:03', reply_time = '20s', boom");
    assert_eq!(
        gone.run().trail("web 1")[3..],
        [
            "320 boomerang_while_offline - New",
            "320 assigned bob New",
            "320 resolved_by_agent - Resolved",
        ]
    );
}

#[test]
fn b9_a_message_before_it_cancels_it_and_one_after_it_is_answered() {
    for then in ["follow_up", "resolve"] {
        let tale = answered(then, "200s").run();
        let trail = ["220 message_wakes ann New", "240 resolved_by_agent - Resolved"];
        assert_eq!(tale.trail("web 1")[3..], trail);
        assert_eq!(tale.facts("stale boomerang"), [""; 0]);
    }
    // It comes back while ann is Away, and the consumer writes before she is there.
    let tale = answered("resolve", "400s")
        .replacing("messages = 2", "messages = 3")
        .replacing(
            "reply_time = '20s'",
            "reply_time = '20s', away.episodes = { at = '00:05', for = '5m' }",
        )
        .run();
    assert_eq!(
        tale.trail("web 1")[3..5],
        ["320 boomerang ann New", "620 reply_with_boomerang ann Pending"]
    );
}

#[test]
fn b9_a_reply_that_resolves_sets_none_and_some_replies_do_not() {
    let one = answered("follow_up", "10m").replacing("messages = 2", "messages = 1").run();
    assert_eq!(one.trail("web 1")[2..], ["20 resolved_by_agent - Resolved"]);
    let half = scene(
        "consumers.web.messages = 2
        consumers.web.think = '10m'
        agents.ann = { concurrency = 100, attention = 'parallel', reply_time = '20s', boomerang = { share = 0.5, after = '5m' } }",
    )
    .visits("web", &"0 ".repeat(40))
    .run();
    let set = half.facts("reply_with_boomerang").len();
    assert!((10..=30).contains(&set), "{set}");
}

#[test]
fn b9_every_reply_ends_an_earlier_boomerang() {
    // Ann leaves it with cat for half an hour; cat takes it up at 600 and answers at 625.
    let tale = scene(
        "run.until = '3h'
        remove_ownership.enabled = true
        skills = ['g', 'law']
        consumers.web.skill = 'g'
        consumers.web.messages = 2
        consumers.web.think = '1h'
        agents.ann = { skills = ['g'], hand_overs = { share = 1, after = '10s', to = { specialist = 'cat', offline = { pending = { boomerang = '30m' } } } } }
        agents.cat = { skills = ['law'], shifts = '00:10-08:00', reply_time = '25s' }",
    )
    .with("auto_close = '2h'")
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.trail("web 1")[2..],
        [
            "10 assigned_offline cat Pending",
            "600 taken_up cat New",
            "625 reply cat Pending",
            "4225 message_wakes cat New",
            "4250 resolved_by_agent - Resolved",
        ]
    );
}

#[test]
fn d23_what_is_taken_at_the_instant_of_the_return_is_counted_apart() {
    // Ann has two; one waits from 0 on. Away is off, so her break takes nothing: at its end the
    // Online timeout has passed.
    let tale = |more: &str| {
        scene(
            "unassign.enabled = true
            unassign.timeout = { online = '2m', away = 'off', offline = 'off' }
            consumers.web.messages = 1
            agents.ann = { reply_time = '40s', breaks = { at = '00:00:30', for = '10m' } }
            agents.bob = { reply_time = '20s', shifts = '00:05-08:00' }",
        )
        .with(more)
        .visits("web", "0 0")
        .run()
    };
    let count = |more: &str| {
        let tale = tale(more);
        let counts = &tale.finished.outcome.as_ref().unwrap().counts;
        (counts.unassigned_on_return, counts.auto_unassigned())
    };
    assert_eq!(tale("").facts("auto_unassigned").len(), 2);
    assert_eq!(count(""), (2, 2));
    assert_eq!(count("unassign.return_grace = '2m'"), (0, 0));
    // Too short for an answer: taken when the grace is over, not at the return.
    assert_eq!(count("unassign.return_grace = '30s'"), (0, 1));
    let logs_in = scene(
        "unassign.enabled = true
        unassign.timeout = { online = '2m', away = 'off', offline = 'off' }
        consumers.web.messages = 1
        agents.ann = { reply_time = '40s', logouts = { at = '00:00:30', back_after = '10m' } }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(logs_in.facts("auto_unassigned")[0], "630 auto_unassigned(online,630) web 1 - New");
    assert_eq!(logs_in.finished.outcome.as_ref().unwrap().counts.unassigned_on_return, 1);
}

#[test]
fn d23_check_warns_where_it_may_happen() {
    let warnings = |unassign: &str, ann: &str| {
        let scene = scene("consumers.web = { messages = 1, arrivals = '10/h' }").with(&format!(
            "unassign = {{ enabled = true, {unassign} }}\nagents.ann = {{ {ann} }}"
        ));
        let warnings = scene.read().warnings.to_string();
        ["away", "offline"].map(|state| warnings.contains(&format!("while its owner is {state}")))
    };
    let lunch = "breaks = { at = '00:10', for = '10m' }";
    let off = "timeout = { away = 'off', offline = 'off' }";
    assert_eq!(warnings(off, lunch), [true, false]);
    assert_eq!(warnings(off, "shifts = '00:00-00:30'"), [false, true]);
    assert_eq!(warnings("timeout.away = '61s'", lunch), [true, false]);
    assert_eq!(warnings("timeout.away = '60s'", lunch), [false, false]);
    assert_eq!(warnings(&format!("return_grace = '1s', {off}"), lunch), [false, false]);
    assert_eq!(warnings(off, "reply_time = '20s'"), [false, false]);
}

/// Ann and the skill's consumer, with what the skill and she have of boomerangs.
fn by_skill(skill: &str, ann: &str) -> Scene {
    scene("consumers.web.messages = 2\nconsumers.web.think = '10m'\nconsumers.web.skill = 'chat'")
        .with(&format!("skills.chat = {{ {skill} }}"))
        .with(&format!("agents.ann = {{ reply_time = '20s', {ann} }}"))
        .visits("web", "0")
}

#[test]
fn b9_a_skills_boomerang_is_that_of_agents_whose_group_says_nothing() {
    let of_skill = "boomerang = { share = 1, after = '5m' }";
    let back = |skill: &str, ann: &str| by_skill(skill, ann).run().facts("boomerang web");
    assert_eq!(back("", ""), [""; 0]);
    assert_eq!(back(of_skill, ""), ["320 boomerang web 1 ann New"]);
    let of_ann = "boomerang = { share = 1, after = '1m' }";
    assert_eq!(back(of_skill, of_ann), ["80 boomerang web 1 ann New"]);
    assert_eq!(back(of_skill, "boomerang = 'off'"), [""; 0]);
    // What comes back is closed, as the skill says.
    let resolve = "boomerang = { share = 1, after = '5m', then = 'resolve' }";
    let tale = by_skill(resolve, "").run();
    assert_eq!(
        tale.trail("web 1")[2..5],
        [
            "20 reply_with_boomerang ann Pending",
            "320 boomerang ann New",
            "320 resolved_by_agent - Resolved",
        ]
    );
}

#[test]
fn b9_a_skills_boomerang_is_that_of_what_is_left_pending_without_one() {
    // Cat, who is there from 1:00 on, is given it at 10 s; carl has her skill and is there.
    let taken = |own: &str| {
        let tale = scene(
            "remove_ownership.enabled = true
            auto_close = 'off'
            run.until = '2h'
            consumers.web.messages = 1
            consumers.web.skill = 'g'
            agents.carl = { skills = ['law'], reply_time = '25s' }
            agents.cat = { skills = ['law'], shifts = '01:00-08:00', reply_time = '25s' }
            skills.g.boomerang = { share = 1, after = '1m' }
            skills.law.boomerang = { share = 1, after = '30m' }",
        )
        .with(&format!(
            "agents.ann = {{ skills = ['g'], hand_overs = {{ share = 1, after = '10s', to = {{ specialist = 'cat', offline = {own} }} }} }}"
        ))
        .visits("web", "0")
        .run();
        tale.trail("web 1")[3].clone()
    };
    assert_eq!(taken("'pending'"), "1810 boomerang_while_offline - New");
    assert_eq!(taken("{ pending = { boomerang = '10m' } }"), "610 boomerang_while_offline - New");
    assert_eq!(taken("'new'"), "3625 resolved_by_agent - Resolved");
}

#[test]
fn b9_a_variant_may_change_a_skills_boomerang() {
    let scene = by_skill("boomerang = { share = 1, after = '5m' }", "")
        .with("[[variant]]\nname = 'later'\nskills.chat.boomerang.after = '7m'");
    let skills = |variant: usize| {
        let centre = &scene.read().variants[variant].plan.centre;
        centre.skill_settings[0].boomerang.as_ref().unwrap().after.mean()
    };
    assert_eq!((skills(0), skills(1)), (300.0, 420.0));
}
