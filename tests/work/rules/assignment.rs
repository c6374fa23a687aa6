//! Queue order, the choice among agents, slots and their weights, pull mode (E13).

use std::collections::BTreeSet;

use shiftstorm::model::event::Cause;

use crate::common::{Scene, Tale, scene};

/// When which conversation got an owner, and whom.
fn assigned(tale: &Tale) -> Vec<String> {
    let lines = tale.facts("assigned claimed").into_iter();
    lines.map(|line| line.trim_end_matches(" New").to_owned()).collect()
}

/// A few kinds of consumers with one message each; ann has one slot and replies in 10 s.
fn queue(more: &str) -> Scene {
    scene("agents.ann = { concurrency = 1, shifts = '00:01-01:00', reply_time = '10s' }").with(more)
}

#[test]
fn queue_order_is_priority_then_waiting_since_then_id() {
    let tale = queue(
        "consumers.web.messages = 1
        consumers.app.messages = 1
        consumers.vip.messages = 1
        consumers.vip.priority = 1",
    )
    .visits("web", "5 20")
    .visits("app", "5 10")
    .visits("vip", "30")
    .run();
    assert_eq!(
        assigned(&tale),
        [
            "60 assigned vip 1 ann",
            "70 assigned web 1 ann",
            "80 assigned app 1 ann",
            "90 assigned app 2 ann",
            "100 assigned web 2 ann",
        ]
    );
}

#[test]
fn queue_place_is_kept_when_the_consumer_writes_again() {
    // Waiting since the first unanswered message, not the last.
    let tale = queue(
        "consumers.web.messages = 1
        consumers.web.burst = { size = 2, gap = '40s' }
        consumers.app.messages = 1",
    )
    .visits("web", "5")
    .visits("app", "10")
    .run();
    assert_eq!(assigned(&tale)[0], "60 assigned web 1 ann");
}

#[test]
fn queue_place_of_a_transfer_is_by_the_consumers_clock() {
    let tale = scene(
        "skills = ['sales', 'technical']
        consumers.web.messages = 1
        consumers.web.skill = 'sales'
        consumers.app.messages = 1
        consumers.app.skill = 'technical'
        agents.ann = { skills = ['sales'], hand_overs = { share = 1, to = { skill = 'technical' }, after = '30s' } }
        agents.bob = { skills = ['technical'], concurrency = 1, shifts = '00:01-01:00', reply_time = '10s' }",
    )
    .visits("web", "0")
    .visits("app", "5")
    .run();
    assert_eq!(assigned(&tale)[1..], ["60 assigned web 1 bob", "70 assigned app 1 bob"]);
}

#[test]
fn queue_place_of_a_follow_up_moves_back_when_the_consumer_writes() {
    // Cat answers at 80, with a boomerang; at 310 it finds her gone: web 1 waits since 310, and
    // since 400 when the consumer writes. App 1 waits since 350; cat is back at 500.
    let tale = scene(
        "remove_ownership = { enabled = true, within = '0s' }
        consumers.web.messages = 2
        consumers.web.think = '320s'
        consumers.app.messages = 1
        agents.ann = { shifts = '00:00-00:01:30', hand_overs = { share = 1, after = '10s', to = { specialist = 'cat', offline = { pending = { boomerang = '300s' } } } } }
        agents.cat = { concurrency = 1, reply_time = '20s', boomerang = { share = 1, after = '230s' }, shifts = '00:01-01:00', logouts = { at = '00:01:40', back_after = '400s' } }",
    )
    .visits("web", "0")
    .visits("app", "350")
    .run();
    assert_eq!(tale.facts("boomerang_while_offline"), ["310 boomerang_while_offline web 1 - New"]);
    assert_eq!(assigned(&tale)[1..], ["500 assigned app 1 cat", "520 assigned web 1 cat"]);
}

#[test]
fn an_excluded_head_blocks_nobody() {
    let tale = scene(
        "unassign.enabled = true
        consumers.web.messages = 1
        agents.ann = { concurrency = 1, interruptions = { at = '00:00', for = '2h' } }",
    )
    .visits("web", "0 59")
    .run();
    assert_eq!(assigned(&tale)[..2], ["0 assigned web 1 ann", "60 assigned web 2 ann"]);
}

#[test]
fn choose_least_loaded_spreads_a_drained_backlog() {
    let tale = scene(
        "consumers.web.messages = 1
        agents.ann = { concurrency = 2, shifts = '00:01-01:00', reply_time = '30s' }
        agents.bob = { concurrency = 2, shifts = '00:01-01:00', reply_time = '30s' }",
    )
    .visits("web", "0 1 2 3")
    .run();
    assert_eq!(
        assigned(&tale),
        [
            "60 assigned web 1 ann",
            "60 assigned web 2 bob",
            "60 assigned web 3 ann",
            "60 assigned web 4 bob",
        ]
    );
}

/// Ann works on web 1 when web 2 comes, both have answered when web 3 comes.
fn choice(rule: &str) -> Vec<String> {
    let tale = scene(
        "consumers.web.messages = 1
        agents.ann = { concurrency = 3, reply_time = '20s' }
        agents.bob = { concurrency = 3, reply_time = '5s' }",
    )
    .with(&format!("routing.choose = '{rule}'"))
    .visits("web", "1 10 12 40 41 51 56")
    .run();
    assigned(&tale).iter().map(|line| line.rsplit(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn choose_tells_the_rules_apart() {
    // At 12 loads are equal and ann is longer idle; at 40 and 41 by load bob, then ann; by idleness
    // bob twice, ann having replied at 41; at 51 and 56 bob has replied in time to be free again.
    let choices = |rule: &str| choice(rule).join(" ");
    assert_eq!(choices("least_loaded"), "ann bob ann bob ann bob bob");
    assert_eq!(choices("longest_idle"), "ann bob ann bob bob ann bob");
    assert_eq!(choices("round_robin"), "ann bob ann bob ann bob ann");
}

#[test]
fn choose_longest_idle_looks_at_idleness_before_load() {
    // Ann has had web 1 since 1, bob was busy until 15 and has nothing.
    let tale = |rule: &str| {
        let tale = scene(
            "consumers.web.messages = 1
            agents.ann = { concurrency = 3, reply_time = '100s' }
            agents.bob = { concurrency = 3, reply_time = '5s' }",
        )
        .with(&format!("routing.choose = '{rule}'"))
        .visits("web", "1 10 20")
        .run();
        assigned(&tale)[2].clone()
    };
    assert_eq!(tale("longest_idle"), "20 assigned web 3 ann");
    assert_eq!(tale("least_loaded"), "20 assigned web 3 bob");
}

#[test]
fn choose_fewest_skills_uses_specialists_first() {
    let tale = scene(
        "skills = ['sales', 'technical']
        routing.choose = 'fewest_skills'
        consumers.web.messages = 1
        consumers.web.skill = 'sales'
        agents.all = { skills = ['sales', 'technical'], concurrency = 2, reply_time = '50s' }
        agents.ann = { skills = ['sales'], concurrency = 2, reply_time = '50s' }",
    )
    .visits("web", "0 1 2")
    .run();
    assert_eq!(
        assigned(&tale),
        ["0 assigned web 1 ann", "1 assigned web 2 ann", "2 assigned web 3 all"]
    );
}

#[test]
fn nobody_is_eligible_who_is_away_closing_full_or_of_another_skill() {
    let tale = scene(
        "skills = ['sales', 'technical']
        consumers.web.messages = 1
        consumers.web.skill = 'sales'
        agents.away = { skills = ['sales'], away.episodes = { at = '00:00', for = '2h' } }
        agents.other = { skills = ['technical'] }
        agents.full = { skills = ['sales'], concurrency = 1, reply_time = '100s' }
        agents.closing = { skills = ['sales'], shifts = '23:00-00:00:05', finish.when = 'after_finishing' }",
    )
    .visits("web", "0 10")
    .run();
    assert_eq!(assigned(&tale), ["0 assigned web 1 full", "100 assigned web 2 full"]);
}

#[test]
fn capacity_an_inactive_conversation_weighs_less_and_overshoots_when_it_wakes() {
    // Web 1 rests from 20 on and weighs nothing from 80 on; it wakes at 320, when ann has web 2.
    let tale = scene(
        "capacity = { inactive_after = '60s', inactive_weight = 0 }
        consumers.web.messages = 2
        consumers.web.think = '300s'
        agents.ann = { concurrency = 1, reply_time = '20s' }",
    )
    .visits("web", "0 5 310")
    .run();
    assert_eq!(assigned(&tale)[..2], ["0 assigned web 1 ann", "80 assigned web 2 ann"]);
    assert_eq!(
        tale.facts("slots overshoot")[..6],
        [
            "0 slots ann 1",
            "80 slots ann 0",
            "80 slots ann 1",
            "160 slots ann 0",
            "310 slots ann 1",
            "320 overshoot ann",
        ]
    );
    assert_eq!(tale.facts("slots")[5], "320 slots ann 2");
}

#[test]
fn capacity_nothing_new_is_assigned_above_the_limit() {
    // Web 3 takes the slot at 310, web 1 wakes at 320 above it. Web 4 waits until both weigh
    // nothing: web 1 is resolved at 350, web 3 rests for a minute at 390.
    let tale = scene(
        "capacity = { inactive_after = '60s', inactive_weight = 0 }
        consumers.web.messages = 2
        consumers.web.think = '300s'
        agents.ann = { concurrency = 1, reply_time = '20s' }",
    )
    .visits("web", "0 310 321")
    .run();
    assert_eq!(tale.facts("overshoot"), ["320 overshoot ann"]);
    assert_eq!(assigned(&tale)[1..], ["310 assigned web 2 ann", "390 assigned web 3 ann"]);
}

#[test]
fn capacity_inactivity_counts_anew_in_each_spell_of_rest() {
    // Web 1 rests from 20 to 65 and from 85 to 130: never a minute.
    let tale = scene(
        "capacity = { inactive_after = '60s', inactive_weight = 0 }
        consumers.web.messages = 3
        consumers.web.think = '45s'
        agents.ann = { concurrency = 1, reply_time = '20s' }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(tale.facts("slots"), ["0 slots ann 1", "150 slots ann 0"]);
}

#[test]
fn capacity_a_part_of_a_slot_is_not_enough_and_by_default_nothing_is_inactive() {
    let half = scene(
        "capacity = { inactive_after = '60s', inactive_weight = 0.5 }
        consumers.web.messages = 2
        consumers.web.think = '300s'
        agents.ann = { concurrency = 1, reply_time = '20s' }",
    )
    .visits("web", "0 5")
    .run();
    assert_eq!(half.facts("slots")[1], "80 slots ann 0.5");
    assert_eq!(assigned(&half)[1], "340 assigned web 2 ann");
    let never = scene(
        "consumers.web.messages = 2
        consumers.web.think = '300s'
        agents.ann = { concurrency = 1, reply_time = '20s' }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(never.facts("slots"), ["0 slots ann 1", "340 slots ann 0"]);
}

/// Agents look every 30 s and decide for 3 s; replies take 40 s.
fn pull(more: &str) -> Scene {
    scene(
        "routing.mode = 'pull'
        pull.look_every = '30s'
        consumers.web.messages = 1",
    )
    .with(more)
}

#[test]
fn e13_agents_look_decide_and_claim_and_the_first_claim_wins() {
    let tale = pull(
        "agents.ann.reply_time = '100s'
        agents.bob.reply_time = '100s'",
    )
    .visits("web", "0 31")
    .run();
    // Both see web 1 at 30. The next look comes 30 s after the claim.
    assert_eq!(
        tale.facts("claimed claim_refused"),
        [
            "33 claimed web 1 ann New",
            "33 claim_refused bob",
            "66 claimed web 2 ann New",
            "66 claim_refused bob",
        ]
    );
    assert_eq!(tale.epochs("web 1"), [0, 1, 2]);
}

#[test]
fn e13_only_agents_with_a_free_slot_who_are_there_claim() {
    let tale = pull(
        "agents.ann = { concurrency = 1, reply_time = '100s', interruptions = { at = '00:02:30', for = '5m' } }
        agents.away.away.episodes = { at = '00:00', for = '2h' }
        agents.closing = { shifts = '23:00-00:00:05', finish.when = 'after_finishing' }",
    )
    .visits("web", "0 1 2")
    .run();
    // Looks at 30 (claim at 33), 63, 93, 123 (no slot), 153 … (interrupted until 450), 453; the
    // reply comes at 556, the look after it at 576.
    assert_eq!(
        tale.facts("claimed"),
        ["33 claimed web 1 ann New", "456 claimed web 2 ann New", "579 claimed web 3 ann New",]
    );
}

#[test]
fn e13_an_excluded_agent_does_not_see_the_conversation() {
    let tale = pull(
        "unassign.enabled = true
        unassign.same_agent_after = '200s'
        agents.ann = { reply_time = '500s' }
        agents.bob = { shifts = '00:05-01:00', reply_time = '20s' }",
    )
    .visits("web", "0")
    .run();
    // Taken from ann at 93. She is alone, but not admitted before 293; at 300 bob logs in, so she
    // is passed over for as long as he is there.
    assert_eq!(
        tale.facts("claimed auto_unassigned"),
        [
            "33 claimed web 1 ann New",
            "93 auto_unassigned(online,93) web 1 - New",
            "333 claimed web 1 bob New",
        ]
    );
    let alone = pull(
        "unassign.enabled = true
        unassign.same_agent_after = '200s'
        agents.ann = { reply_time = '500s' }",
    )
    .visits("web", "0")
    .run();
    // Looks at 63, 93, 123, …, 273, 303.
    assert_eq!(alone.facts("claimed")[1], "306 claimed web 1 ann New");
}

#[test]
fn e13_a_closing_agent_claims_nothing() {
    // Ann sees web 2 at 80 and is closing when she would claim it, at 100.
    let tale = pull(
        "pull.decide = '20s'
        agents.ann = { reply_time = '100s', shifts = '00:00-00:01:30', finish.when = 'after_finishing' }",
    )
    .visits("web", "0 1")
    .run();
    assert_eq!(
        tale.facts("claimed claim_refused closing"),
        ["50 claimed web 1 ann New", "90 closing ann true", "150 closing ann false"]
    );
}

#[test]
fn e13_a_look_or_a_claim_of_an_earlier_login_is_void() {
    let claimed = |decide: &str, logout: &str| {
        pull(&format!(
            "pull.decide = '{decide}'\nagents.ann.logouts = {{ at = '{logout}', back_after = '5s' }}"
        ))
        .visits("web", "0")
        .run()
        .facts("claimed")
    };
    // Back at 15, ann looks at 45, not at 30; back at 40, she looks anew at 70.
    assert_eq!(claimed("3s", "00:00:10"), ["48 claimed web 1 ann New"]);
    assert_eq!(claimed("20s", "00:00:35"), ["90 claimed web 1 ann New"]);
}

#[test]
fn e13_each_wait_for_a_look_and_each_decision_is_a_draw_of_its_own() {
    // Ann always finds something: from claim to claim she waits and decides once.
    let pauses = |look_every: &str, decide: &str| {
        let tale = pull("agents.ann = { concurrency = 20, reply_time = '100h' }")
            .replacing("pull.look_every = '30s'", &format!("pull.look_every = {look_every}"))
            .with(&format!("pull.decide = {decide}\nrun.until = '24h'"))
            .visits("web", &"0 ".repeat(20))
            .run();
        let claims = tale.changes().filter(|(_, change)| change.cause == Cause::Claimed);
        let claims = Vec::from_iter(claims.map(|(at, _)| at));
        Vec::from_iter(claims.windows(2).map(|pair| pair[1] - pair[0]))
    };
    let uniform = "{ uniform = { min = '0s', max = '1h' } }";
    let drawn = [pauses(uniform, "'1s'"), pauses("'1s'", uniform)].concat();
    assert_eq!(drawn.len(), 38);
    let different = BTreeSet::from_iter(drawn.iter().map(|span| span.as_micros() / 1000));
    assert_eq!(different.len(), 38, "{drawn:?}");
}

#[test]
fn e13_pick_head_random_or_shortest() {
    let order = |pick: &str| {
        let tale = pull(
            "agents.ann = { concurrency = 1, reply_time = { exponential = { mean = '60s' } } }",
        )
        .with(&format!("pull.pick = '{pick}'\nrun.until = '6h'"))
        .visits("web", "0 1 2 3 4 5 6 7 8 9")
        .run();
        let claimed: Vec<_> = tale.facts("claimed");
        let claimed: Vec<u32> =
            claimed.iter().map(|line| line.split(' ').nth(3).unwrap().parse().unwrap()).collect();
        let wrote: Vec<f64> = tale
            .facts("answered")
            .iter()
            .map(|line| line.rsplit(' ').next().unwrap().parse().unwrap())
            .collect();
        (claimed, wrote)
    };
    let in_order: Vec<u32> = (1..=10).collect();
    assert_eq!(order("head").0, in_order);
    let (random, _) = order("random");
    assert_ne!(random, in_order);
    let mut sorted = random;
    sorted.sort_unstable();
    assert_eq!(sorted, in_order);
    let (_, shortest) = order("shortest");
    assert_eq!(shortest.len(), 10);
    assert!(shortest.is_sorted(), "{shortest:?}");
    assert!(!order("head").1.is_sorted());
}

#[test]
fn e13_a_claim_is_refused_when_the_conversation_has_gone_to_another_skill() {
    // Ann sees it at 15; bob claims it at 40 and gives it to the technical queue at 42.
    let tale = scene(
        "routing.mode = 'pull'
        pull = { look_every = '10s', decide = '30s' }
        skills = ['sales', 'technical']
        consumers.web.messages = 1
        consumers.web.skill = 'sales'
        agents.bob = { skills = ['sales'], hand_overs = { share = 1, to = { skill = 'technical' }, after = '2s' } }
        agents.ann = { skills = ['sales'], shifts = '00:00:05-01:00' }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.facts("claimed transferred_to_skill claim_refused"),
        ["40 claimed web 1 bob New", "42 transferred_to_skill web 1 - New", "45 claim_refused ann",]
    );
}

#[test]
fn e13_a_claim_is_refused_when_the_agent_has_no_slot_left() {
    // Ann sees web 2 at 55; bob gives her web 1 at 60, which fills her slot.
    let tale = pull(
        "pull.decide = '20s'
        agents.ann = { concurrency = 1, reply_time = '100s', shifts = '00:00:25-01:00' }
        agents.bob.hand_overs = { share = 1, after = '10s', to = { specialist = 'ann' } }",
    )
    .visits("web", "0 1")
    .run();
    assert_eq!(
        tale.facts("claimed claim_refused")[..2],
        ["50 claimed web 1 bob New", "75 claim_refused ann"]
    );
}

#[test]
fn e13_in_push_mode_nobody_claims_and_in_pull_mode_nothing_is_given() {
    let look = "consumers.web.messages = 1\nagents.ann.reply_time = '20s'";
    let push = scene(look).visits("web", "0").run();
    assert_eq!(assigned(&push), ["0 assigned web 1 ann"]);
    let pull =
        scene(look).with("routing.mode = 'pull'\npull.look_every = '25s'\npull.decide = '0s'");
    assert_eq!(assigned(&pull.visits("web", "0").run()), ["25 claimed web 1 ann"]);
}
