//! B1–B8 and E2–E15: removal of ownership on logout.
//!
//! Where a rule has two columns, both are tested. Automatic unassignment is off unless a test says so.

use shiftstorm::base::time::{Span, Time};

use crate::common::{Scene, Tale, replay, scene, seconds};

/// The feature on, removing at once; and off.
const ON: &str = "remove_ownership = { enabled = true, within = '0s' }";
const OFF: &str = "remove_ownership.enabled = false";

/// Ann logs out at 30 and stays away for almost the whole hour.
const LEAVES: &str = "logouts = { at = '00:00:30', back_after = '2h' }";

fn with(mode: &str, more: &str) -> Scene {
    scene(mode).with(more)
}

#[test]
fn b1_new_and_owned_at_logout_becomes_unowned() {
    let talk =
        &format!("consumers.web.messages = 1\nagents.ann = {{ reply_time = '50s', {LEAVES} }}");
    let on = with(ON, talk).visits("web", "0").run();
    assert_eq!(
        on.trail("web 1"),
        ["0 opened - New", "0 assigned ann New", "30 ownership_removed - New"]
    );
    assert_eq!(on.epochs("web 1"), [0, 1, 2]);
    let off = with(OFF, talk).visits("web", "0").run();
    assert_eq!(off.trail("web 1"), ["0 opened - New", "0 assigned ann New"]);
}

#[test]
fn b1_one_delay_within_two_minutes_clears_all_of_one_logout() {
    let removals = |seed: u32| {
        let tale = scene(
            "remove_ownership.enabled = true
            consumers.web.messages = 1",
        )
        .with(&format!("run.seed = {seed}\nagents.ann = {{ reply_time = '500s', {LEAVES} }}"))
        .visits("web", "0 1 2")
        .run();
        let removed = tale.facts("ownership_removed");
        assert_eq!(removed.len(), 3);
        let instants: Vec<_> =
            removed.iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(instants[0], instants[2], "one sweep");
        (tale.first("ownership_removed") - Time::from_secs(30)).as_secs_f64()
    };
    let delays: Vec<f64> = (1..=40).map(removals).collect();
    assert!(delays.iter().all(|delay| (0.0..=120.0).contains(delay)));
    // Uniform over the two minutes: some in each third (a third stays empty once in 4 million).
    for third in 0..3 {
        let bounds = f64::from(third) * 40.0..f64::from(third + 1) * 40.0;
        assert!(delays.iter().any(|delay| bounds.contains(delay)), "{delays:?}");
    }
}

#[test]
fn b2_a_pending_conversation_stays_with_the_owner_who_logs_out() {
    let talk = &format!(
        "consumers.web.messages = 2\nconsumers.web.think = '1h'\nagents.ann = {{ reply_time = '10s', {LEAVES} }}"
    );
    for mode in [ON, OFF] {
        let tale = with(mode, talk).visits("web", "0").run();
        assert_eq!(
            tale.trail("web 1"),
            [
                "0 opened - New",
                "0 assigned ann New",
                "10 reply ann Pending",
                "1810 auto_closed - Resolved"
            ]
        );
        // It is not on the list of the removal either.
        assert_eq!(tale.facts("stale"), [""; 0]);
    }
}

#[test]
fn b3_a_message_while_the_owner_is_offline_makes_it_new_and_unowned_in_one_step() {
    let talk = &format!(
        "consumers.web.messages = 2\nconsumers.web.think = '100s'\nagents.ann = {{ reply_time = '10s', {LEAVES} }}"
    );
    let on = with(ON, talk).visits("web", "0").run();
    assert_eq!(on.trail("web 1")[3..], ["110 inbound_while_offline - New"]);
    assert_eq!(on.epochs("web 1"), [0, 1, 1, 2]);
    let off = with(OFF, talk).visits("web", "0").run();
    assert_eq!(off.trail("web 1")[3..], ["110 message_wakes ann New"]);
}

/// Ann parks after 10 s with a boomerang of 100 s.
const PARKS: &str = "parking = { share = 1, after = '10s', boomerang = '100s' }";

#[test]
fn b4_a_boomerang_while_the_owner_is_offline_makes_it_new_and_unowned_in_one_step() {
    let talk = &format!("consumers.web.messages = 1\nagents.ann = {{ {PARKS}, {LEAVES} }}");
    let on = with(ON, talk).visits("web", "0").run();
    assert_eq!(
        on.trail("web 1")[2..],
        ["10 parked ann Pending", "110 boomerang_while_offline - New"]
    );
    let off = with(OFF, talk).visits("web", "0").run();
    assert_eq!(off.trail("web 1")[2..], ["10 parked ann Pending", "110 boomerang ann New"]);
}

#[test]
fn b5_with_the_owner_logged_in_it_stays_hers_away_too() {
    let away = "away.episodes = { at = '00:00:30', for = '2h' }";
    for mode in [ON, OFF] {
        let message = "consumers.web.messages = 2\nconsumers.web.think = '100s'";
        let tale = with(mode, message)
            .with(&format!("agents.ann = {{ reply_time = '10s', {away} }}"))
            .visits("web", "0")
            .run();
        assert_eq!(tale.trail("web 1")[2..], ["10 reply ann Pending", "110 message_wakes ann New"]);
        let tale = with(mode, "consumers.web.messages = 1")
            .with(&format!("agents.ann = {{ {PARKS}, {away} }}"))
            .visits("web", "0")
            .run();
        assert_eq!(tale.trail("web 1")[2..], ["10 parked ann Pending", "110 boomerang ann New"]);
        let tale = with(mode, "consumers.web.messages = 1")
            .with(&format!("agents.ann = {{ reply_time = '20s', {PARKS} }}"))
            .visits("web", "0")
            .run();
        assert_eq!(
            tale.trail("web 1")[2..],
            ["10 parked ann Pending", "110 boomerang ann New", "130 resolved_by_agent - Resolved"]
        );
    }
}

/// Ann hands over after 10 s to cat, who logs in at 300.
fn to_cat(offline: &str) -> String {
    format!(
        "skills = ['web', 'law']
        consumers.web.skill = 'web'
        consumers.web.messages = 1
        consumers.web.think = '20m'
        agents.ann = {{ skills = ['web', 'law'], reply_time = '20s', hand_overs = {{ share = 1, after = '10s', to = {{ specialist = 'cat', needs = 'law', offline = {offline} }} }} }}
        agents.cat = {{ skills = ['law'], shifts = '00:05-01:00', reply_time = '20s' }}"
    )
}

#[test]
fn b6_an_online_agent_may_assign_to_an_offline_one_who_takes_it_up_at_login() {
    for mode in [ON, OFF] {
        let pending = with(mode, &to_cat("'pending'")).visits("web", "0").run();
        assert_eq!(
            pending.trail("web 1")[2..],
            [
                "10 assigned_offline cat Pending",
                "300 taken_up cat New",
                "320 resolved_by_agent - Resolved"
            ]
        );
        assert_eq!(pending.facts("notified"), ["300 notified cat web 1"]);
        // Nothing is told before the login, and the owner answers at the login, not before.
        let new = with(mode, &to_cat("'new'")).visits("web", "0").run();
        assert_eq!(
            new.trail("web 1")[2..],
            ["10 assigned_offline cat New", "320 resolved_by_agent - Resolved"]
        );
        assert_eq!(new.facts("notified"), ["300 notified cat web 1"]);
    }
}

#[test]
fn b6_recommended_is_pending() {
    let scenario =
        with(OFF, &to_cat("'pending'").replace(", offline = 'pending'", "")).visits("web", "0");
    assert_eq!(scenario.run().trail("web 1")[2], "10 assigned_offline cat Pending");
}

#[test]
fn b7_while_parked_the_deadline_stands_still() {
    // 10 of 60 s are used up when ann parks it at 10; back at 110, 50 are left.
    for mode in [ON, OFF] {
        let tale = with(mode, "unassign.enabled = true\nconsumers.web.messages = 1")
            .with(&format!("agents.ann = {{ reply_time = '500s', {PARKS} }}"))
            .visits("web", "0")
            .run();
        assert_eq!(
            tale.trail("web 1")[2..5],
            [
                "10 parked ann Pending",
                "110 boomerang ann New",
                "160 auto_unassigned(online,160) - New"
            ]
        );
    }
}

#[test]
fn b7_a_message_while_parked_counts_for_the_deadline_by_the_rule_of_the_clock() {
    // Parked from 10 to 50, when the consumer writes again.
    let rule = |clock: &str| {
        scene("unassign.enabled = true\nconsumers.web.messages = 1")
            .with("consumers.web.burst = { size = 2, gap = '50s' }")
            .with(&format!(
                "unassign.clock = '{clock}'\nagents.ann = {{ reply_time = '500s', {PARKS} }}"
            ))
            .visits("web", "0")
            .run()
            .facts("auto_unassigned")[0]
            .clone()
    };
    assert_eq!(rule("last_message"), "110 auto_unassigned(online,60) web 1 - New");
    // Of the first message 10 s are used up, and the 40 s of parking do not count.
    assert_eq!(rule("first_unanswered"), "100 auto_unassigned(online,100) web 1 - New");
}

#[test]
fn b7_while_parked_the_response_clock_and_the_patience_run() {
    let talk =
        &format!("consumers.web.messages = 1\nagents.ann = {{ reply_time = '20s', {PARKS} }}");
    let waits = with(OFF, talk).visits("web", "0").run();
    assert_eq!(waits.facts("answered"), ["130 answered web 1 ann waited 130 wrote 20"]);
    let leaves = with(OFF, talk).with("consumers.web.patience = '80s'").visits("web", "0").run();
    assert_eq!(leaves.trail("web 1")[3..], ["80 abandoned - Resolved"]);
}

#[test]
fn b7_while_parked_the_handle_time_stands_still() {
    let tale = with(OFF, "consumers.web.messages = 1")
        .with(&format!("agents.ann = {{ reply_time = '20s', {PARKS} }}"))
        .visits("web", "0")
        .run();
    assert_eq!(tale.row("web 1").handle_time, Span::from_secs(30));
}

#[test]
fn b8_resolved_is_unowned_and_the_boomerang_is_cancelled() {
    // The second conversation takes the place of the first, which left while parked; the boomerang
    // of the first (110) must not wake it.
    for mode in [ON, OFF] {
        let tale = with(mode, "consumers.web.messages = 1\nconsumers.web.patience = '80s'")
            .with(&format!("agents.ann = {{ reply_time = '20s', {PARKS} }}"))
            .visits("web", "0 95")
            .run();
        assert_eq!(tale.trail("web 1")[2..], ["10 parked ann Pending", "80 abandoned - Resolved"]);
        assert_eq!(
            tale.trail("web 2")[2..],
            ["105 parked ann Pending", "175 abandoned - Resolved"]
        );
    }
}

/// With the default of two minutes: the delay that this seed draws for ann's first logout.
fn delay_of(seed: u32) -> Span {
    let tale = two_minutes(seed, &format!("agents.ann = {{ reply_time = '500s', {LEAVES} }}"));
    tale.first("ownership_removed") - Time::from_secs(30)
}

fn two_minutes(seed: u32, more: &str) -> Tale {
    scene("remove_ownership.enabled = true\nconsumers.web.messages = 1")
        .with(&format!("run.seed = {seed}"))
        .with(more)
        .visits("web", "0")
        .run()
}

#[test]
fn e2_a_login_before_the_removal_cancels_it() {
    let delay = delay_of(1);
    let back_after = |back: Span| {
        let back = seconds(Time::ZERO + back);
        two_minutes(
            1,
            &format!(
                "agents.ann = {{ reply_time = '500s', logouts = {{ at = '00:00:30', back_after = '{back}s' }} }}"
            ),
        )
    };
    let microsecond = Span::from_micros(1);
    for early in [delay - microsecond, delay] {
        let tale = back_after(early);
        assert_eq!(tale.facts("ownership_removed"), [""; 0]);
        // Ann goes on where she stopped: 30 of 500 s were done.
        let done = seconds(Time::from_secs(500) + early);
        assert_eq!(tale.trail("web 1")[2], format!("{done} resolved_by_agent - Resolved"));
    }
    assert_eq!(back_after(delay + microsecond).facts("ownership_removed").len(), 1);
}

#[test]
fn e2_a_login_cancels_the_removal_for_good() {
    // Ann is back at 35 and gone again at 40. The removal of the first logout must not come then;
    // a seed tells the two apart in which the second one comes later.
    let twice = "agents.ann = { reply_time = '500s', logouts = [
        { at = '00:00:30', back_after = '5s' }, { at = '00:00:40', back_after = '2h' } ] }";
    let tells_apart = |seed: &u32| {
        let cancelled = Time::from_secs(30) + delay_of(*seed);
        let removed = two_minutes(*seed, twice).first("ownership_removed");
        cancelled > Time::from_secs(40) && removed > cancelled
    };
    let seed = (1..=20).find(tells_apart).expect("half of the seeds do");
    let tale = two_minutes(seed, twice);
    assert_eq!(tale.facts("ownership_removed stale").len(), 1);
    assert!(tale.first("ownership_removed") <= Time::from_secs(160));
}

#[test]
fn e3_the_removal_acts_on_the_pairs_of_the_logout_and_checks_each_again() {
    // An offline timeout takes web 1 from ann and gives it to bob before the removal comes.
    let seed = (1..).find(|&seed| delay_of(seed) > Span::from_secs(40)).unwrap();
    let tale = two_minutes(
        seed,
        &format!(
            "unassign.enabled = true
            unassign.timeout = {{ online = 'off', offline = '50s' }}
            agents.ann = {{ reply_time = '500s', {LEAVES} }}
            agents.bob = {{ reply_time = '500s' }}"
        ),
    );
    assert_eq!(
        tale.trail("web 1")[2..],
        [
            "50 auto_unassigned(offline,50) - New",
            "50 assigned bob New",
            "550 resolved_by_agent - Resolved",
        ]
    );
    assert_eq!(tale.facts("stale").len(), 1);
    assert!(tale.facts("stale")[0].ends_with("stale ownership_removal"));
}

#[test]
fn e4_what_is_assigned_after_the_logout_is_kept_or_removed() {
    let mode = |rule: &str| {
        let rule = format!(
            "remove_ownership = {{ enabled = true, within = '0s', late_assignment = '{rule}' }}"
        );
        with(&rule, &to_cat("'new'")).visits("web", "0").run()
    };
    let kept = mode("keep");
    assert_eq!(
        kept.trail("web 1")[2..],
        ["10 assigned_offline cat New", "320 resolved_by_agent - Resolved"]
    );
    let removed = mode("remove");
    assert_eq!(
        removed.trail("web 1")[2..5],
        ["10 assigned_offline cat New", "10 ownership_removed - New", "10 assigned ann New"]
    );
    // Off is off.
    let off =
        with("remove_ownership.late_assignment = 'remove'", &to_cat("'new'")).visits("web", "0");
    assert_eq!(off.run().facts("ownership_removed"), [""; 0]);
}

#[test]
fn e4_the_offline_timeout_ends_a_late_assignment_and_check_warns_without_one() {
    let keep = with(ON, &to_cat("'new'")).visits("web", "0");
    assert!(keep.read().warnings.to_string().contains("no offline timeout"));
    let timed = keep.with("unassign.enabled = true");
    assert!(!timed.read().warnings.to_string().contains("no offline timeout"));
    // The clock of cat's ownership starts at 10 (D2).
    assert_eq!(timed.run().trail("web 1")[3], "70 auto_unassigned(offline,70) - New");
}

#[test]
fn e5_a_message_on_a_new_conversation_of_an_offline_owner_changes_no_owner() {
    let delay = delay_of(1);
    assert!(delay > Span::from_secs(2));
    let tale = two_minutes(
        1,
        &format!(
            "consumers.web.burst = {{ size = 2, gap = '31s' }}
            agents.ann = {{ reply_time = '500s', {LEAVES} }}"
        ),
    );
    assert_eq!(tale.facts("message")[1], "31 message web 1 further");
    let removed = seconds(Time::from_secs(30) + delay);
    assert_eq!(tale.trail("web 1")[2], format!("{removed} ownership_removed - New"));
    let off = scene("consumers.web.messages = 1\nconsumers.web.burst = { size = 2, gap = '31s' }")
        .with(&format!("agents.ann = {{ reply_time = '500s', {LEAVES} }}"))
        .visits("web", "0")
        .run();
    assert_eq!(off.trail("web 1"), ["0 opened - New", "0 assigned ann New"]);
    // It is reported as stranded: until the removal, or from 30 to the end at 3600.
    assert_eq!(tale.times().stranded.longest(), Some(delay));
    assert_eq!(off.times().stranded.longest(), Some(Span::from_secs(3570)));
}

#[test]
fn e9_a_message_before_the_boomerang_cancels_it() {
    let tale = with(OFF, "consumers.web.messages = 2\nconsumers.web.think = '1h'")
        .with("consumers.web.burst = { size = 2, gap = '50s' }")
        .with(&format!("agents.ann = {{ reply_time = '20s', {PARKS} }}"))
        .visits("web", "0")
        .run();
    // Answered at 70; the boomerang (110) would bring it back.
    assert_eq!(
        tale.trail("web 1")[2..],
        [
            "10 parked ann Pending",
            "50 message_wakes ann New",
            "70 reply ann Pending",
            "1870 auto_closed - Resolved",
        ]
    );
}

#[test]
fn e9_a_message_cancels_the_boomerang_of_a_new_conversation_too() {
    // Cat takes it up at 60; the consumer writes again at 70, before the boomerang of 310.
    let tale = with(OFF, &to_cat("{ pending = { boomerang = '300s' } }"))
        .with("consumers.web.burst = { size = 2, gap = '70s' }")
        .visits("web", "0")
        .replacing("messages = 1", "messages = 2")
        .replacing("'20m'", "'1h'")
        .replacing("'00:05-01:00'", "'00:01-01:00'")
        .run();
    assert_eq!(
        tale.trail("web 1")[2..],
        [
            "10 assigned_offline cat Pending",
            "60 taken_up cat New",
            "80 reply cat Pending",
            "1880 auto_closed - Resolved",
        ]
    );
}

#[test]
fn a_boomerang_carries_no_epoch_and_survives_changes_of_owner() {
    // Set at the assignment to cat for 310. Cat takes it up at 60 and falls silent; ann gets it at
    // 120, and is still at her answer when the boomerang comes: there is nothing to bring back.
    let tale = with(OFF, &to_cat("{ pending = { boomerang = '300s' } }"))
        .with("unassign.enabled = true")
        .visits("web", "0");
    let tale = tale.replacing(
        "'00:05-01:00'",
        "'00:01-01:00', interruptions = { at = '00:01:01', for = '2h' }",
    );
    let tale = tale.replacing("unassign.enabled = true", "unassign = { enabled = true, exclude = 'all_previous', same_agent_after = '1h', timeout.online = '60s' }");
    let asks = "manual_sla = { share = 1, length = '1h' }, reply_time = '20s', hand_overs";
    let tale = tale.replacing("reply_time = '20s', hand_overs", &asks.replace("20s", "300s")).run();
    assert_eq!(
        tale.trail("web 1")[2..],
        [
            "10 assigned_offline cat Pending",
            "60 taken_up cat New",
            "120 auto_unassigned(online,120) - New",
            "120 assigned ann New",
            "420 resolved_by_agent - Resolved",
        ]
    );
    assert_eq!(tale.facts("stale"), ["310 stale boomerang"]);
}

#[test]
fn e11_a_notification_whose_assignment_has_gone_is_marked_stale() {
    let rule = "remove_ownership = { enabled = true, within = '0s', late_assignment = 'remove' }";
    let gone = with(rule, &to_cat("'new'")).visits("web", "0").run();
    assert_eq!(gone.facts("notified"), ["300 notified cat web 1 stale"]);
    // Taken from cat at 70 and given to her again at 130: the first assignment has gone.
    let again = with(ON, &to_cat("{ pending = { boomerang = '60s' } }"))
        .replacing("messages = 1", "messages = 2")
        .replacing("'20m'", "'30s'")
        .replacing("00:05-", "00:02:30-")
        .visits("web", "0")
        .run();
    let notified = again.facts("notified");
    assert_eq!(notified, ["150 notified cat web 1 stale", "150 notified cat web 1"]);
    assert_eq!(again.facts("stale"), [""; 0]);
}

#[test]
fn e12_away_is_not_logged_out() {
    let tale = with(
        ON,
        "consumers.web.messages = 1
        agents.ann = { reply_time = '50s', away.episodes = { at = '00:00:30', for = '10m' } }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(tale.facts("state")[1], "30 state ann away(Back Soon)");
    // Hers all the time; the 20 s that were left she writes when she is back.
    assert_eq!(tale.trail("web 1")[2..], ["650 resolved_by_agent - Resolved"]);
}

#[test]
fn e12_a_disconnect_is_online_and_unresponsive_until_the_session_timeout() {
    let cut_off = |length: &str| {
        with(ON, "consumers.web.messages = 1")
            .with(&format!("agents.ann = {{ reply_time = '50s', disconnects = {{ at = '00:00:30', for = '{length}' }} }}"))
            .visits("web", "0")
            .run()
    };
    let long = cut_off("2h");
    assert_eq!(
        long.facts("state unresponsive ownership_removed"),
        [
            "0 state ann online",
            "30 unresponsive ann true",
            "90 unresponsive ann false",
            "90 state ann offline",
            "90 ownership_removed web 1 - New",
        ]
    );
    let short = cut_off("59s");
    assert_eq!(short.facts("state"), ["0 state ann online"]);
    assert_eq!(short.trail("web 1")[2], "109 resolved_by_agent - Resolved");
    let soon = with(ON, "consumers.web.messages = 1
        agents.ann = { session_timeout = '20s', reply_time = '50s', disconnects = { at = '00:00:30', for = '2h' } }")
    .visits("web", "0")
    .run();
    assert_eq!(soon.trail("web 1")[2], "50 ownership_removed - New");
}

#[test]
fn e14_handle_time_runs_in_new_also_while_unowned() {
    let tale = scene("consumers.web.messages = 2
        consumers.web.think = '100s'
        agents.ann = { shifts = '00:00:30-01:00', reply_time = '20s', logouts = { at = '00:02:40', back_after = '40s' } }")
    .visits("web", "0")
    .run();
    // New 0–50, of which 30 in the queue; Pending 50–150; New 150–210, of which 160–200 with ann
    // offline.
    assert_eq!(tale.trail("web 1").last().unwrap(), "210 resolved_by_agent - Resolved");
    let row = tale.row("web 1");
    assert_eq!((row.handle_time, row.queue_time), (Span::from_secs(110), Span::from_secs(30)));
    let times = tale.times();
    let longest = [&times.handle, &times.handle_owned, &times.handle_without_offline]
        .map(|times| times.longest());
    assert_eq!(longest, [110, 80, 70].map(|seconds| Some(Span::from_secs(seconds))));
}

#[test]
fn e15_replaying_the_audit_rebuilds_status_and_owner() {
    let tale = with(ON, &to_cat("'pending'"))
        .with("unassign.enabled = true\nrun.until = '2m'")
        .visits("web", "0 5 12 110")
        .run();
    // At the end: three with cat, Pending; one with ann, New.
    let open: Vec<_> = replay(tale.changes()).into_values().collect();
    let open: Vec<_> =
        open.iter().map(|(status, owner)| format!("{status:?} {}", owner.unwrap().0)).collect();
    assert_eq!(open, ["Pending 1", "Pending 1", "Pending 1", "New 0"]);
    assert_eq!(tale.finished.open, 4);
    // Who did it: consumer, system, agent.
    let actors: Vec<_> =
        tale.changes().take(5).map(|(_, change)| format!("{:?}", change.actor)).collect();
    assert_eq!(actors, ["Consumer", "System", "Consumer", "System", "Agent(AgentId(0))"]);
}
