//! What agents do at the end of a shift: go Away first, give back by hand, ask for extra time.

use crate::common::{Scene, scene};

/// Ann's shift ends at 300; Bob's has begun before. She writes for 200 s, he for 10 s.
fn ends(finish: &str) -> Scene {
    scene("consumers.web.messages = 1").with(&format!(
        "agents.ann = {{ shifts = '00:00-00:05', reply_time = '200s', finish = {finish} }}
        agents.bob = {{ shifts = '00:04:30-01:00', reply_time = '10s' }}"
    ))
}

#[test]
fn finish_hand_back_gives_new_conversations_back_just_before_the_logout() {
    let tale = ends("{ hand_back = 1 }").visits("web", "150 160").run();
    assert_eq!(
        tale.facts("manual_return lost state answered")[2..],
        [
            "300 lost web 1 ann ByHandBack worked 150",
            "300 manual_return web 1 - New",
            "300 manual_return web 2 - New",
            "300 state ann offline",
            "310 answered web 1 bob waited 160 wrote 10",
            "320 answered web 2 bob waited 160 wrote 10",
        ]
    );
    let lost = tale.outcome().flow.lost;
    assert_eq!((lost.by_hand_back.count, lost.all().count), (1, 1));
    // Pending ones stay (B2).
    let pending = ends("{ hand_back = 1 }")
        .replacing("messages = 1", "messages = 2\nconsumers.web.think = '1h'")
        .visits("web", "0")
        .run();
    assert_eq!(pending.facts("manual_return"), [""; 0]);
}

#[test]
fn finish_away_before_goes_away_and_gives_back_before_the_planned_end() {
    let tale = ends("{ away_before = '1m', hand_back = 1 }").visits("web", "150").run();
    assert_eq!(
        tale.facts("manual_return state assigned"),
        [
            "0 state ann online",
            "150 assigned web 1 ann New",
            "240 manual_return web 1 - New",
            "240 state ann away(End of shift)",
            "270 state bob online",
            "270 assigned web 1 bob New",
            "300 state ann offline",
        ]
    );
    // The planned end counts also for who works on late, Away.
    let late = ends("{ away_before = '1m', when = { late = '2m' } }").visits("web", "0").run();
    assert_eq!(
        late.facts("state")[1..4],
        ["240 state ann away(End of shift)", "270 state bob online", "420 state ann offline"]
    );
}

#[test]
fn finish_manual_sla_is_set_on_what_is_kept() {
    let tale = ends("{ manual_sla = '10m' }")
        .with("unassign = { enabled = true, timeout = { online = 'off', away = 'off', offline = '60s' } }")
        .visits("web", "150 160")
        .run();
    assert_eq!(
        tale.facts("manual_sla auto_unassigned"),
        [
            "300 manual_sla web 1 until 900",
            "300 manual_sla web 2 until 900",
            "900 manual_sla web 1 over",
            "900 manual_sla web 2 over",
            "960 auto_unassigned(offline,810) web 1 - New",
            "960 auto_unassigned(offline,800) web 2 - New",
        ]
    );
    let returned = ends("{ manual_sla = '10m', hand_back = 1 }").visits("web", "150").run();
    assert_eq!(returned.facts("manual_sla"), [""; 0]);
}

#[test]
fn finish_waits_for_who_is_interrupted_and_is_missed_through_the_end() {
    let interrupted = |length: &str| {
        ends("{ away_before = '1m', hand_back = 1 }")
            .replacing(
                "reply_time = '200s'",
                &format!(
                    "reply_time = '200s', interruptions = {{ at = '00:03', for = '{length}' }}"
                ),
            )
            .visits("web", "150")
            .run()
    };
    // Back at 270.
    let back = interrupted("90s");
    assert_eq!(
        back.facts("manual_return end_of_shift_missed state")[1..4],
        [
            "270 state bob online",
            "270 manual_return web 1 - New",
            "270 state ann away(End of shift)",
        ]
    );
    let missed = interrupted("10m");
    assert_eq!(
        missed.facts("manual_return end_of_shift_missed state")[2..4],
        ["300 end_of_shift_missed ann", "300 state ann offline"]
    );
    assert_eq!(missed.outcome().counts.ends_of_shift_missed, 1);
}

#[test]
fn finish_routine_is_of_the_end_of_the_shift_and_of_no_other_logout() {
    let tale = ends("{ hand_back = 1, manual_sla = '1m' }")
        .replacing(
            "reply_time = '200s'",
            "reply_time = '200s', logouts = { at = '00:03', back_after = '1m' }",
        )
        .visits("web", "150")
        .run();
    assert_eq!(tale.facts("manual_return manual_sla"), ["300 manual_return web 1 - New"]);
}
