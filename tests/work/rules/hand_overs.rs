//! Handing over to a specialist: the skill that is needed from then on (B10), and whether it waits for
//! a free slot (E16).

use shiftstorm::base::ids::SkillId;

use crate::common::{Scene, Tale, scene};

/// Ann hands over what she gets, 10 s each; cat, the specialist, comes at 20:00, and carl, who has her
/// skill, is there all the time.
fn offline_specialist(to: &str) -> Scene {
    scene(
        "remove_ownership.enabled = true
        skills = ['g', 'law']
        agents.cat = { skills = ['law'], shifts = '00:20-08:00', reply_time = '25s' }
        agents.carl = { skills = ['law'], reply_time = '26s' }
        consumers.patient.skill = 'g'
        consumers.patient.messages = 1
        consumers.anxious.skill = 'g'
        consumers.anxious.messages = 1
        consumers.anxious.burst = { size = 2, gap = '2m' }",
    )
    .with(&format!(
        "agents.ann = {{ skills = ['g'], reply_time = '20s', hand_overs = {{ share = 1, after = '10s', to = {to} }} }}"
    ))
    .visits("patient", "0")
    .visits("anxious", "0")
}

/// Cat has one slot; ann hands over to her after 10 s, and carl has the same skill.
fn busy_specialist(to: &str, cat: &str) -> Scene {
    scene(
        "skills = ['g', 'law']
        consumers.web.skill = 'g'
        consumers.web.messages = 1
        agents.carl = { skills = ['law'], reply_time = '20s' }",
    )
    .with(&format!("agents.cat = {{ skills = ['law'], concurrency = 1, reply_time = '100s', {cat} }}"))
    .with(&format!(
        "agents.ann = {{ skills = ['g'], reply_time = '20s', hand_overs = {{ share = 1, after = '10s', to = {to} }} }}"
    ))
}

fn skills(tale: &Tale) -> Vec<SkillId> {
    tale.changes().map(|(_, change)| change.skill).collect()
}

#[test]
fn b10_what_is_cleared_from_an_offline_specialist_goes_to_another_one() {
    let pending = "{ specialist = 'cat', offline = 'pending' }";
    let tale = offline_specialist(pending).run();
    let anxious = [
        "0 opened - New",
        "0 assigned ann New",
        "20 assigned_offline cat Pending",
        "120 inbound_while_offline - New",
        "120 assigned carl New",
        "146 resolved_by_agent - Resolved",
    ];
    assert_eq!(tale.trail("anxious 1"), anxious);
    assert_eq!(tale.trail("patient 1")[3..4], ["1200 taken_up cat New"]);
    let boomerang = "{ specialist = 'cat', offline = { pending = { boomerang = '5m' } } }";
    let tale = offline_specialist(boomerang).run();
    let patient = ["310 boomerang_while_offline - New", "310 assigned carl New"];
    assert_eq!(tale.trail("patient 1")[3..5], patient);
    let late = "{ specialist = 'cat', offline = 'new' }";
    let removed =
        "remove_ownership = { within = '0s', late_assignment = 'remove', enabled = true }";
    let tale = offline_specialist(late).replacing("remove_ownership.enabled = true", removed).run();
    let patient = ["10 ownership_removed - New", "10 assigned carl New"];
    assert_eq!(tale.trail("patient 1")[3..5], patient);
}

#[test]
fn b10_the_skill_is_needed_from_the_hand_over_on() {
    let tale = offline_specialist("{ specialist = 'cat' }").run();
    let of = |conversation: u64| {
        let kind = move |id: shiftstorm::base::ids::ConversationId| u64::from(id.kind().0);
        let changes = tale.changes().filter(move |(_, change)| kind(change.id) == conversation);
        Vec::from_iter(changes.map(|(_, change)| change.skill.0))
    };
    assert_eq!(of(1), [0, 0, 1, 1, 1, 1]);
    // Without removal of ownership it stays hers, and needs it all the same.
    let off = offline_specialist("{ specialist = 'cat' }")
        .with("unassign = { enabled = true, timeout = { online = 'off', away = 'off', offline = '60s' } }")
        .replacing("remove_ownership.enabled = true", "remove_ownership.enabled = false")
        .run();
    let cleared = [
        "120 message_wakes cat New",
        "180 auto_unassigned(offline,60) - New",
        "180 assigned carl New",
    ];
    assert_eq!(off.trail("anxious 1")[3..6], cleared);
}

#[test]
fn b10_the_first_skill_of_the_receiver_that_the_giver_lacks_unless_said_otherwise() {
    let needed = |to: &str| {
        let tale = scene(
            "skills = ['g', 'law', 'tax', 'wills']
            agents.cat = { skills = ['g', 'tax', 'wills', 'law'], reply_time = '25s' }
            consumers.web.skill = 'g'
            consumers.web.messages = 1",
        )
        .with(&format!(
            "agents.ann = {{ skills = ['g', 'tax'], reply_time = '20s', hand_overs = {{ share = 1, to = {to} }} }}"
        ))
        .with("routing.choose = 'fewest_skills'")
        .visits("web", "0")
        .run();
        *skills(&tale).last().unwrap()
    };
    assert_eq!(needed("{ specialist = 'cat' }"), SkillId(3));
    assert_eq!(needed("{ specialist = 'cat', needs = 'tax' }"), SkillId(2));
    // To a colleague: it needs what it needed.
    assert_eq!(needed("{ specialist = 'ann' }"), SkillId(0));
}

#[test]
fn e16_assign_asks_for_no_slot_and_every_overshoot_counts() {
    let assign = "{ specialist = 'cat' }";
    let tale = busy_specialist(assign, "").visits("web", "0 0 0").run();
    assert_eq!(
        tale.facts("transferred_to_agent overshoot"),
        [
            "10 transferred_to_agent web 1 cat New",
            "20 transferred_to_agent web 2 cat New",
            "20 overshoot cat",
            "30 transferred_to_agent web 3 cat New",
            "30 overshoot cat",
        ]
    );
    let away = busy_specialist(assign, "away.episodes = { at = '00:00:05', for = '10m' }");
    let away = away.visits("web", "0").run();
    assert_eq!(away.facts("transferred_to_agent"), ["10 transferred_to_agent web 1 cat New"]);
}

#[test]
fn e16_reserve_waits_for_a_free_slot_and_never_goes_above() {
    let reserve = "{ specialist = 'cat', mode = 'reserve' }";
    let tale = busy_specialist(reserve, "").visits("web", "0 0 0").run();
    assert_eq!(
        tale.trail("web 2")[2..],
        ["20 reserved(cat,7220) - New", "110 assigned cat New", "210 resolved_by_agent - Resolved",]
    );
    assert_eq!(tale.facts("overshoot"), [""; 0]);
    let counts = &tale.finished.outcome.as_ref().unwrap().counts;
    assert_eq!((counts.reserved, counts.fell_back, counts.transferred_to_agent), (3, 0, 0));
    // It is counted in the queue of the skill, and is one stay: 10 to 10, 20 to 110, 30 to 210.
    let stays = &tale.times().queue;
    assert_eq!((stays.count(), stays.total().micros), (6, 270_000_000));
}

#[test]
fn e16_reserve_waits_for_an_away_specialist_until_it_falls_back() {
    let away = "away.episodes = { at = '00:00:05', for = '10m' }";
    let reserve = |after: &str| {
        let to = format!("{{ specialist = 'cat', mode = 'reserve', fallback_after = '{after}' }}");
        busy_specialist(&to, away).visits("web", "0").run().trail("web 1")[3..5].to_vec()
    };
    assert_eq!(reserve("1h")[0], "605 assigned cat New");
    assert_eq!(reserve("2m"), ["130 fell_back - New", "130 assigned carl New"]);
    // Whoever comes in the very instant is in time.
    assert_eq!(reserve("595s")[0], "605 assigned cat New");
    assert_eq!(reserve("594s"), ["604 fell_back - New", "604 assigned carl New"]);
    assert_eq!(reserve("0s")[0], "10 fell_back - New");
}

#[test]
fn e16_what_is_reserved_blocks_nobody_and_is_taken_in_its_turn() {
    let reserve = "{ specialist = 'cat', mode = 'reserve' }";
    let away = "away.episodes = { at = '00:00:05', for = '10m' }";
    // Carl takes what came later; cat, alone, takes first what came first.
    let law = "consumers.law.skill = 'law'\nconsumers.law.messages = 1";
    let tale =
        busy_specialist(reserve, away).with(law).visits("web", "0").visits("law", "20").run();
    assert_eq!(tale.trail("law 1")[1], "20 assigned carl New");
    let alone = busy_specialist(reserve, away)
        .with(law)
        .replacing("agents.carl = {", "agents.carl = { shifts = '23:00-23:10',")
        .visits("web", "7")
        .visits("law", "6")
        .run();
    assert_eq!(
        alone.facts("assigned")[1..],
        ["605 assigned law 1 cat New", "705 assigned web 1 cat New"]
    );
}

#[test]
fn e16_a_closing_specialist_takes_nothing_and_one_who_logs_in_does() {
    let reserve = "{ specialist = 'cat', mode = 'reserve', fallback_after = '5m' }";
    let closing = "shifts = '23:00-00:00:30', finish.when = 'after_finishing'";
    // Cat has web 1 until 110, her shift is over at 30.
    let tale = busy_specialist(reserve, closing).visits("web", "0 0").run();
    assert_eq!(tale.trail("web 2")[2..4], ["20 reserved(cat,320) - New", "320 fell_back - New"]);
    let tale = busy_specialist(reserve, "shifts = '00:02-08:00'").visits("web", "0").run();
    assert_eq!(tale.trail("web 1")[3], "120 assigned cat New");
}

#[test]
fn e16_in_pull_mode_nobody_else_sees_it_before_it_falls_back() {
    let pull = |after: &str| {
        let to = format!("{{ specialist = 'cat', mode = 'reserve', fallback_after = '{after}' }}");
        let cat = "away.episodes = { at = '00:00:05', for = '2m' }";
        let scene =
            busy_specialist(&to, cat).with("routing.mode = 'pull'\npull.look_every = '10s'");
        scene.visits("web", "0").run().trail("web 1")[3..].to_vec()
    };
    // Ann claims it at 13 and hands it over at 23. Cat is back at 125 and looks again at 130.
    assert_eq!(pull("1h")[0], "133 claimed cat New");
    assert_eq!(pull("1m")[..2], ["83 fell_back - New", "93 claimed carl New"]);
}

#[test]
fn e16_the_consumer_may_write_or_leave_meanwhile() {
    let reserve = "{ specialist = 'cat', mode = 'reserve', fallback_after = '5m' }";
    let away = "away.episodes = { at = '00:00:05', for = '10m' }";
    let writes = busy_specialist(reserve, away)
        .with("consumers.web.burst = { size = 2, gap = '60s' }")
        .visits("web", "0")
        .run();
    assert_eq!(writes.trail("web 1")[3..5], ["310 fell_back - New", "310 assigned carl New"]);
    let leaves = busy_specialist(reserve, away)
        .with("consumers.web.patience.first = '40s'")
        .visits("web", "0")
        .run();
    assert_eq!(leaves.trail("web 1")[3..], ["40 abandoned - Resolved"]);
    let flow = &leaves.finished.outcome.as_ref().unwrap().flow;
    assert_eq!(flow.abandoned_in_queue.open, 1);
}

#[test]
fn e16_taken_from_the_specialist_it_is_for_everybody_who_has_the_skill() {
    let reserve = "{ specialist = 'cat', mode = 'reserve' }";
    let tale =
        busy_specialist(reserve, "").with("unassign.enabled = true").visits("web", "0").run();
    assert_eq!(
        tale.trail("web 1")[3..6],
        ["10 assigned cat New", "70 auto_unassigned(online,70) - New", "70 assigned carl New",]
    );
}

#[test]
fn e16_many_hand_overs_to_one_specialist() {
    let many = |mode: &str| {
        scene(
            "run.until = '4h'
            skills = ['g', 'law']
            consumers.web.skill = 'g'
            consumers.web.messages = 1
            consumers.web.arrivals = '120/h'
            agents.cat = { skills = ['law'], concurrency = 1, reply_time = '120s' }",
        )
        .with(&format!(
            "agents.front = {{ count = 5, skills = ['g'], reply_time = '30s', hand_overs = {{ share = 0.5, to = {{ specialist = 'cat', mode = '{mode}' }} }} }}"
        ))
        .run()
    };
    let slot_use =
        |tale: &Tale| tale.finished.outcome.as_ref().unwrap().groups[0].horizon.slot_use();
    let assigned = many("assign");
    let counts = &assigned.finished.outcome.as_ref().unwrap().counts;
    assert_eq!(counts.overshoots as usize, assigned.facts("overshoot").len());
    assert!(counts.overshoots > 200 && slot_use(&assigned).unwrap() > 20.0);
    let reserved = many("reserve");
    assert_eq!(reserved.facts("overshoot"), [""; 0]);
    assert!(slot_use(&reserved).unwrap() <= 1.0);
    let counts = &reserved.finished.outcome.as_ref().unwrap().counts;
    assert!(counts.fell_back > 0 && counts.reserved > counts.fell_back);
}
