//! D24: planned absences that meet an agent who is not there.

use crate::common::{Scene, Tale, scene};

/// Ann with these settings, and nothing to do.
fn ann(more: &str) -> Tale {
    run(scene(&format!("consumers.web.messages = 1\nagents.ann = {{ {more} }}")))
}

fn run(scene: Scene) -> Tale {
    scene.visits("web", "0").run()
}

const LUNCH: &str = "breaks = { reason = 'Lunch', at = '00:01', for = '5m' }";

#[test]
fn d24_a_break_that_meets_an_interruption_begins_when_it_is_over_and_lasts_its_full_length() {
    let tale = ann(&format!("interruptions = {{ at = '00:00:50', for = '2m' }}, {LUNCH}"));
    assert_eq!(
        tale.facts("state plan_late")[1..],
        ["170 plan_late ann 110 lost 0", "170 state ann away(Lunch)", "470 state ann online",]
    );
    let counts = &tale.outcome().counts;
    assert_eq!((counts.late_absences.count, counts.late_absences.micros), (1, 110_000_000));
    assert_eq!(counts.lost_absences.count, 0);
}

#[test]
fn d24_with_rest_it_lasts_until_its_planned_end_and_the_time_before_is_lost() {
    let lunch = "breaks = { reason = 'Lunch', at = '00:01', for = '5m', when_late = 'rest' }";
    let tale = ann(&format!("interruptions = {{ at = '00:00:50', for = '2m' }}, {lunch}"));
    assert_eq!(
        tale.facts("state plan_late")[1..],
        ["170 plan_late ann 110 lost 110", "170 state ann away(Lunch)", "360 state ann online",]
    );
    // Back only after the planned end: all of it is lost.
    let gone = ann(&format!("interruptions = {{ at = '00:00:50', for = '6m' }}, {lunch}"));
    assert_eq!(gone.facts("state plan_late")[1..], ["410 plan_late ann never lost 300"]);
}

#[test]
fn d24_a_planned_logout_waits_for_who_is_interrupted_or_cut_off() {
    let logout = "logouts = { at = '00:01', back_after = '5m' }";
    for accident in ["interruptions", "disconnects"] {
        let tale = ann(&format!(
            "{accident} = {{ at = '00:00:50', for = '40s' }}, session_timeout = '1h', {logout}"
        ));
        assert_eq!(
            tale.facts("state")[1..],
            ["90 state ann offline", "390 state ann online"],
            "{accident}"
        );
    }
}

#[test]
fn d24_who_is_logged_out_at_the_time_of_a_break_begins_it_at_the_next_login() {
    let tale = ann(&format!("logouts = {{ at = '00:00:50', back_after = '2m' }}, {LUNCH}"));
    assert_eq!(
        tale.facts("state")[1..],
        ["50 state ann offline", "170 state ann away(Lunch)", "470 state ann online"]
    );
    // The platform has ended the session of who was cut off.
    let cut = ann(&format!("disconnects = {{ at = '00:00:50', for = '2m' }}, {LUNCH}"));
    assert_eq!(
        cut.facts("state")[1..],
        ["110 state ann offline", "170 state ann away(Lunch)", "470 state ann online"]
    );
}

#[test]
fn d24_a_logout_within_a_break_does_not_shorten_it() {
    let tale = ann(&format!("{LUNCH}, logouts = {{ at = '00:02', back_after = '1m' }}"));
    assert_eq!(
        tale.facts("state plan_late")[1..],
        [
            "60 state ann away(Lunch)",
            "120 state ann offline",
            "180 state ann away(Lunch)",
            "360 state ann online",
        ]
    );
}

#[test]
fn d24_who_is_away_or_set_away_already_begins_at_once() {
    let tale = ann(&format!("away.episodes = {{ at = '00:00:50', for = '2m' }}, {LUNCH}"));
    assert_eq!(
        tale.facts("state plan_late")[1..],
        ["50 state ann away(Back Soon)", "60 state ann away(Lunch)", "360 state ann online",]
    );
}

#[test]
fn d24_several_that_wait_begin_one_after_the_other() {
    let tale = ann("interruptions = { at = '00:00:50', for = '2m' }, breaks = [
        { reason = 'Second', at = '00:01:10', for = '30s' },
        { reason = 'First', at = '00:01', for = '1m' },
        { reason = 'Third', at = '00:01:10', for = '10s' }]"
        .replace('\n', " ")
        .as_str());
    assert_eq!(
        tale.facts("state plan_late")[1..],
        [
            "170 plan_late ann 110 lost 0",
            "170 state ann away(First)",
            "230 plan_late ann 160 lost 0",
            "230 state ann away(Second)",
            "260 plan_late ann 190 lost 0",
            "260 state ann away(Third)",
            "270 state ann online",
        ]
    );
}

#[test]
fn d24_a_late_break_ends_with_the_shift_and_what_never_began_is_lost() {
    let shift = "shifts = '00:00-00:05'";
    let cut = ann(&format!("{shift}, interruptions = {{ at = '00:00:50', for = '2m' }}, {LUNCH}"));
    assert_eq!(
        cut.facts("state plan_late")[1..],
        ["170 plan_late ann 110 lost 170", "170 state ann away(Lunch)", "300 state ann offline",]
    );
    let never =
        ann(&format!("{shift}, interruptions = {{ at = '00:00:50', for = '1h' }}, {LUNCH}"));
    assert_eq!(
        never.facts("state plan_late")[1..],
        ["300 plan_late ann never lost 300", "300 state ann offline"]
    );
    let lost = never.outcome().counts.lost_absences;
    assert_eq!((lost.count, lost.micros), (1, 300_000_000));
    // Who works on late is beyond the planned end all the same.
    let late = ann(&format!(
        "{shift}, finish.when = {{ late = '10m' }}, interruptions = {{ at = '00:00:50', for = '5m' }}, {LUNCH}"
    ));
    assert_eq!(
        late.facts("state plan_late")[1..],
        ["300 plan_late ann never lost 300", "900 state ann offline"]
    );
}

#[test]
fn d24_a_plan_belongs_to_an_agent_within_a_shift_only() {
    // It begins with the shift, not before it and not at its end.
    for (shift, states) in [
        ("'00:00:59-00:10'", vec!["60 state ann away(Lunch)", "360 state ann online"]),
        ("'00:01-00:10'", vec!["360 state ann online"]),
        ("'00:01:01-00:10'", vec![]),
        ("'00:00-00:01'", vec![]),
    ] {
        let tale = ann(&format!("shifts = {shift}, {LUNCH}"));
        let found = tale.facts("state");
        let inner = &found[1..found.len() - 1];
        assert_eq!(inner, states, "{shift}");
        assert!(tale.facts("plan_late").is_empty(), "{shift}");
    }
}

#[test]
fn d24_an_accident_at_a_fixed_time_does_not_wait() {
    let tale = ann(
        "logouts = { at = '00:00:50', back_after = '2m' }, interruptions = { at = '00:01', for = '5m' }",
    );
    assert_eq!(tale.facts("unresponsive plan_late"), [""; 0]);
}

#[test]
fn d24_the_length_of_a_planned_absence_is_drawn_by_its_day() {
    let length = |more: &str| {
        let lunch = "breaks = { reason = 'Lunch', at = '03:00', \
             for = { uniform = { min = '1m', max = '1h' } } }";
        let scene = scene("consumers.web.messages = 1\nrun.until = '10h'");
        let tale = run(scene.with(&format!("agents.ann = {{ {lunch}{more} }}")));
        let states = tale.facts("state");
        let ended = states.last().unwrap().split(' ').next().unwrap().parse::<f64>().unwrap();
        ended - 10_800.0
    };
    // Another break before it changes nothing about it.
    let alone = length("");
    assert!(alone > 1.0);
    let after_another = length(", away.episodes = { at = '01:00', for = '1m' }");
    assert!((alone - after_another).abs() < 1e-9);
}

#[test]
fn d24_five_agents_whose_lunch_meets_something_else() {
    let lunch = "breaks = { reason = 'Lunch', at = '01:01', for = '30m' }";
    let interrupted = "interruptions = { at = '01:00', for = '2m' }";
    let tale = run(scene("consumers.web.messages = 1\nrun.until = '4h'").with(&format!(
        "agents.ann = {{ {interrupted}, {lunch} }}
        agents.bob = {{ {interrupted}, logouts = {{ at = '01:01', back_after = '30m' }} }}
        agents.cat = {{ {lunch} }}
        agents.dan = {{ away.episodes = {{ at = '01:00', for = '2m' }}, {lunch} }}
        agents.eve = {{ shifts = '01:01:30-08:00', {lunch} }}"
    )));
    let states = tale.facts("state");
    let of = |agent: &str| {
        let own = states.iter().filter(|line| line.contains(agent));
        Vec::from_iter(own.map(|line| line.replace(&format!("state {agent} "), "")))
    };
    assert_eq!(of("ann"), ["0 online", "3720 away(Lunch)", "5520 online"]);
    assert_eq!(of("bob"), ["0 online", "3720 offline", "5520 online"]);
    assert_eq!(of("cat"), ["0 online", "3660 away(Lunch)", "5460 online"]);
    assert_eq!(of("dan"), ["0 online", "3600 away(Back Soon)", "3660 away(Lunch)", "5460 online"]);
    assert_eq!(of("eve"), ["3690 online"]);
}
