//! Who gets what was given back by hand (D21).

use shiftstorm::model::event::Cause;

use crate::common::{Scene, Tale, scene};

/// Ann gives everything back 10 s after she gets it, and comes before bob by the order of choice.
fn given_back(more: &str) -> Scene {
    scene(
        "skills = ['chat', 'mail']
        routing.choose = 'fewest_skills'
        consumers.web.messages = 1
        consumers.web.skill = 'chat'
        agents.ann = { skills = ['chat'], reply_time = '20s', hand_overs = { share = 1, after = '10s', to = 'queue' } }",
    )
    .with(more)
    .visits("web", "0")
}

/// When who got the conversation again.
fn again(tale: &Tale) -> String {
    tale.trail("web 1")[3].trim_end_matches(" New").replace("assigned ", "")
}

#[test]
fn d21_what_is_given_back_goes_to_another_agent() {
    let bob = "agents.bob = { skills = ['chat', 'mail'], reply_time = '20s' }";
    for enabled in ["unassign.enabled = true", "unassign.enabled = false"] {
        let tale = given_back(bob).with(enabled).run();
        assert_eq!(tale.trail("web 1")[2], "10 manual_return - New");
        assert_eq!(again(&tale), "10 bob");
        // It is no unassign.
        let counts = &tale.finished.outcome.as_ref().unwrap().counts;
        assert_eq!((counts.auto_unassigned(), counts.unassigned_again), (0, 0));
        assert_eq!((counts.back_to_same_agent, counts.returned), (0, 1));
        assert_eq!(tale.times().rescue.count(), 0);
    }
    let nobody = given_back(bob).with("unassign.exclude = 'none'").run();
    assert_eq!(again(&nobody), "10 ann");
}

#[test]
fn d21_a_lone_agent_gets_it_back_after_a_time_or_after_acting() {
    assert_eq!(again(&given_back("").run()), "70 ann");
    assert_eq!(again(&given_back("unassign.same_agent_after = '200s'").run()), "210 ann");
    let acts = "agents.ann.away.episodes = { at = '00:00:20', for = '15s' }";
    let acts = given_back("").replacing(
        "reply_time = '20s', hand",
        &format!("{}, reply_time = '20s', hand", acts.trim_start_matches("agents.ann.")),
    );
    assert_eq!(again(&acts.run()), "35 ann");
    let pulls = given_back("routing.mode = 'pull'\npull.look_every = '15s'").run();
    // Claimed at 18, given back at 28; she looks every 15 s after a look without a find.
    assert_eq!(pulls.trail("web 1")[2], "28 manual_return - New");
    assert_eq!(again(&pulls), "96 claimed ann");
}

#[test]
fn d21_the_last_of_either_kind_is_passed_over() {
    // Bob is next and sleeps: taken from him at 70. Ann, who gave it back, may have it again unless
    // all are passed over: then it is cat's.
    let tale = |exclude: &str| {
        let tale = given_back(
            "unassign.enabled = true
            agents.bob = { skills = ['chat', 'mail'], interruptions = { at = '00:00', for = '1h' } }
            agents.cat = { skills = ['chat', 'mail'], reply_time = '20s', shifts = '00:01-01:00' }",
        )
        .with(&format!("unassign.exclude = '{exclude}'"))
        .run();
        tale.trail("web 1")[3..6].to_vec()
    };
    let [to_bob, from_bob] = ["10 assigned bob New", "70 auto_unassigned(online,70) - New"];
    assert_eq!(tale("last"), [to_bob, from_bob, "70 assigned ann New"]);
    assert_eq!(tale("all_previous"), [to_bob, from_bob, "70 assigned cat New"]);
}

#[test]
fn d21_a_manual_return_brings_no_conversation_forward() {
    // Web 2 is of higher priority; only an unassigned conversation would go before it.
    let tale = given_back(
        "unassign.enabled = true
        unassign.max_per_conversation = 0
        consumers.vip.messages = 1
        consumers.vip.skill = 'chat'
        consumers.vip.priority = 1
        agents.bob = { skills = ['chat', 'mail'], concurrency = 1, reply_time = '20s', shifts = '00:00:30-01:00' }",
    )
    .replacing("reply_time = '20s', hand", "concurrency = 1, shifts = '00:00-00:00:12', reply_time = '20s', hand")
    .visits("vip", "29")
    .run();
    assert_eq!(
        tale.facts("assigned")[1..],
        ["30 assigned vip 1 bob New", "50 assigned web 1 bob New"]
    );
}

#[test]
fn d21_none_of_many_returns_goes_back_while_another_is_free() {
    let tale = scene(
        "run.until = '8h'
        consumers.web.messages.geometric = 0.3
        consumers.web.arrivals = '150/h'
        agents.ann = { count = 10, concurrency = 50, reply_time = { exponential = { mean = '60s' } }, hand_overs = { share = 0.2, after = '10s', to = 'queue' } }",
    )
    .run();
    let (mut returns, mut back) = (0, Vec::new());
    let changes = Vec::from_iter(tale.changes());
    for (position, (_, change)) in changes.iter().enumerate() {
        if change.cause == Cause::ManualReturn {
            returns += 1;
            let mut after = changes[position + 1..].iter().map(|(_, change)| change);
            let next = after.find(|next| next.id == change.id && next.to.is_some());
            back.extend(next.filter(|next| next.to == change.from).map(|next| next.id));
        }
    }
    assert!(returns > 500, "{returns}");
    assert_eq!(back, []);
}

#[test]
fn d10_a_timer_starts_afresh_for_each_next_owner() {
    let answered = |exclude: &str, choose: &str| {
        let tale = scene(
            "unassign.enabled = true
            skills = ['chat', 'b', 'c']
            consumers.web.messages = 1
            consumers.web.skill = 'chat'
            agents.ann = { skills = ['chat'], interruptions = { at = '00:00', for = '1h' } }
            agents.bob = { skills = ['chat', 'b'], interruptions = { at = '00:00', for = '1h' } }
            agents.cat = { skills = ['chat', 'b', 'c'], reply_time = '20s' }",
        )
        .with(&format!("unassign.exclude = '{exclude}'\nrouting.choose = '{choose}'"))
        .with("run.until = '10m'")
        .visits("web", "0")
        .run();
        tale.facts("answered")
    };
    let after_two = ["140 answered web 1 cat waited 140 wrote 20"];
    assert_eq!(answered("all_previous", "fewest_skills"), after_two);
    // Two sleepers pass it to each other for ever; the rule of choice knows a way out.
    assert_eq!(answered("last", "fewest_skills"), [""; 0]);
    assert_eq!(answered("last", "least_loaded"), after_two);
}
