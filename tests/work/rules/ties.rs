//! Ties among agents who may take a conversation (D22).

use std::collections::BTreeMap;

use crate::common::{Tale, scene};

const RULES: [&str; 4] = ["least_loaded", "longest_idle", "round_robin", "fewest_skills"];

/// How many conversations each agent was assigned from an instant on.
fn shares(tale: &Tale, from: i64) -> Vec<(String, usize)> {
    let mut shares = BTreeMap::new();
    for line in tale.facts("assigned") {
        let words = Vec::from_iter(line.split(' '));
        if words[0].parse::<i64>().unwrap() >= from {
            *shares.entry(words[4..words.len() - 1].join(" ")).or_default() += 1;
        }
    }
    Vec::from_iter(shares)
}

/// Who gets the conversation that opens last.
fn last(tale: &Tale) -> String {
    let lines = tale.facts("assigned");
    lines.last().unwrap().trim_end_matches(" New").rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn d22_a_backlog_is_spread_over_all_who_log_in() {
    for rule in RULES {
        let tale = scene(
            "consumers.web.messages = 1
            agents.team = { count = 4, concurrency = 4, shifts = '00:01-01:00', reply_time = '60s' }",
        )
        .with(&format!("routing.choose = '{rule}'"))
        .visits("web", &"0 ".repeat(8))
        .run();
        let two_each = [1, 2, 3, 4].map(|agent| (format!("team {agent}"), 2));
        assert_eq!(shares(&tale, 0), two_each, "{rule}");
        assert!(tale.facts("answered").last().unwrap().starts_with("180 "), "{rule}");
    }
}

#[test]
fn d22_what_one_logout_frees_is_spread_over_all_who_are_there() {
    for rule in RULES {
        let tale = scene(
            "remove_ownership.enabled = true
            remove_ownership.within = '0s'
            consumers.web.messages = 1
            agents.zoe = { concurrency = 9, reply_time = '10h', shifts = '00:00-00:02' }
            agents.ann = { concurrency = 10, reply_time = '60s', shifts = '00:01-01:00' }
            agents.bob = { concurrency = 10, reply_time = '60s', shifts = '00:01:10-01:00' }
            agents.cat = { concurrency = 10, reply_time = '60s', shifts = '00:01:20-01:00' }",
        )
        .with(&format!("routing.choose = '{rule}'"))
        .visits("web", &"0 ".repeat(9))
        .run();
        let three_each = ["ann", "bob", "cat"].map(|agent| (agent.to_owned(), 3));
        assert_eq!(shares(&tale, 120), three_each, "{rule}");
        // 120 + three answers one after the other.
        assert!(tale.facts("answered").last().unwrap().starts_with("300 "), "{rule}");
    }
}

#[test]
fn d22_of_equal_loads_the_one_assigned_longest_ago_is_chosen_not_the_longest_idle() {
    // Ann is assigned at 0 and idle from 50 on, bob is assigned at 10 and idle from 15 on.
    let tale = |rule: &str| {
        scene(
            "consumers.web.messages = 1
            agents.ann.reply_time = '50s'
            agents.bob.reply_time = '5s'",
        )
        .with(&format!("routing.choose = '{rule}'"))
        .visits("web", "0 10 60")
        .run()
    };
    assert_eq!(last(&tale("least_loaded")), "ann");
    assert_eq!(last(&tale("fewest_skills")), "ann");
    assert_eq!(last(&tale("longest_idle")), "bob");
}

#[test]
fn d22_who_was_never_assigned_anything_comes_first() {
    let tale = scene(
        "consumers.web.messages = 1
        agents.ann.reply_time = '5s'
        agents.bob = { reply_time = '5s', shifts = '00:00:50-01:00' }",
    )
    .visits("web", "0 60")
    .run();
    assert_eq!(last(&tale), "bob");
}

#[test]
fn d22_slots_in_use_are_compared_by_weight() {
    // At 100 ann has one that is New, assigned at 0; bob one that was answered at 25 and weighs a
    // half from 85 on, assigned at 5.
    let tale = |weight: &str| {
        scene(
            "routing.choose = 'fewest_skills'
            consumers.web.messages = 2
            consumers.web.think = '10m'
            agents.ann.reply_time = '500s'
            agents.bob.reply_time = '20s'",
        )
        .with(&format!("capacity = {{ inactive_after = '60s', inactive_weight = {weight} }}"))
        .visits("web", "0 5 100")
        .run()
    };
    assert_eq!(last(&tale("0.5")), "bob");
    assert_eq!(last(&tale("1.0")), "ann");
}

#[test]
fn d22_whatever_makes_an_agent_the_owner_is_an_assignment() {
    // Ann gets web 1 at 10, bob a conversation of zoe's at 20; both have answered at 60.
    let tale = scene(
        "skills = ['general', 'law']
        consumers.law.messages = 1
        consumers.law.skill = 'law'
        consumers.web.messages = 1
        consumers.web.skill = 'general'
        agents.zoe = { skills = ['law'], hand_overs = { share = 1, after = '20s', to = { specialist = 'bob' } } }
        agents.bob = { skills = ['general'], reply_time = '5s', away.episodes = { at = '00:00:08', for = '5s' } }
        agents.ann = { skills = ['general'], reply_time = '5s', shifts = '00:00:05-01:00' }",
    )
    .visits("law", "0")
    .visits("web", "10 60")
    .run();
    assert_eq!(tale.facts("transferred_to_agent"), ["20 transferred_to_agent law 1 bob New"]);
    assert_eq!(last(&tale), "ann");
}
