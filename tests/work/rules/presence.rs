//! Coming and going in detail: whose shift it is, limits of earlier shifts, planned and random
//! absences, and the draws behind them.

use std::collections::BTreeSet;

use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::event::Event;

use crate::common::{Scene, Tale, scene};

const DAY: Span = Span::from_hours(24);

/// Ann, and one consumer with one message.
fn ann(more: &str) -> Scene {
    scene(&format!("consumers.web.messages = 1\nagents.ann = {{ {more} }}")).visits("web", "0")
}

/// From when to when somebody was Away for a reason.
fn times_away(tale: &Tale, reason: &str) -> Vec<(Time, Time)> {
    let mut began = None;
    let mut times = Vec::new();
    let away = format!("away({reason})");
    for (at, event) in tale.events() {
        let Event::AgentState { state, .. } = event else { continue };
        if tale.state(*state) == away {
            began = Some(*at);
        } else if let Some(began) = began.take() {
            times.push((began, *at));
        }
    }
    times
}

/// No two of these were drawn as one number, to the millisecond.
fn assert_all_differ(drawn: &[Span]) {
    let different = BTreeSet::from_iter(drawn.iter().map(|span| span.as_micros() / 1000));
    assert_eq!(different.len(), drawn.len(), "{drawn:?}");
}

#[test]
fn each_agent_of_a_group_keeps_its_own_shifts() {
    let staffing = "count = 3, staffing = { from = '00:00', every = '5m', agents = [1, 2, 1] }";
    assert_eq!(
        ann(staffing).run().facts("state"),
        [
            "0 state ann 1 online",
            "300 state ann 2 online",
            "600 state ann 2 offline",
            "900 state ann 1 offline",
        ]
    );
}

#[test]
fn a_limit_of_an_earlier_shift_ends_no_later_one() {
    let states = |shifts: &str, finish: &str| {
        ann(&format!("shifts = [{shifts}], finish = {finish}, reply_time = '20m'"))
            .run()
            .facts("state")
    };
    // Ann is late until 420, in the next shift, and until 900, late again after the next shift.
    let next = states("'00:00-00:05', '00:06-00:10'", "{ when = { late = '2m' } }");
    assert_eq!(next, ["0 state ann online", "720 state ann offline"]);
    let late_again = states("'00:00-00:05', '00:06-00:14'", "{ when = { late = '10m' } }");
    assert_eq!(late_again, ["0 state ann online", "1440 state ann offline"]);
    // Closing at 300 and again at 840: it is done at 1200, before the second limit.
    let closing = "{ when = 'after_finishing', at_most = '10m' }";
    let closing_again = states("'00:00-00:05', '00:06-00:14'", closing);
    assert_eq!(closing_again, ["0 state ann online", "1200 state ann offline"]);
}

#[test]
fn a_planned_absence_comes_every_day_at_its_own_instant_of_the_spread() {
    let tale = ann("breaks = [
            { reason = 'Tea', at = '01:00', spread = '1h', for = { uniform = { min = '0s', max = '1h' } } },
            { reason = 'Lunch', at = '12:00', spread = '1h', for = { uniform = { min = '0s', max = '1h' } } },
        ]")
    .with("run.until = '240h'")
    .run();
    let mut drawn = Vec::new();
    for (reason, at) in [("Tea", 1), ("Lunch", 12)] {
        let times = times_away(&tale, reason);
        assert_eq!(times.len(), 10, "{reason}");
        for (day, (began, ended)) in times.into_iter().enumerate() {
            let offset = began - (Time::ZERO + Span::from_hours(at) + DAY * day as i64);
            assert!(offset >= Span::ZERO && offset < Span::from_hours(1), "{reason}: {offset}");
            drawn.extend([offset, ended - began]);
        }
    }
    assert_all_differ(&drawn);
}

#[test]
fn who_takes_part_in_a_planned_absence_is_drawn_for_each_day_and_absence() {
    let tale = ann("breaks = [
            { reason = 'Tea', at = '01:00', for = '1h', share = 0.5 },
            { reason = 'Lunch', at = '12:00', for = '1h', share = 0.5 },
            { reason = 'Nap', at = '15:00', for = '1h', share = 0 },
        ]")
    .with("run.until = '960h'")
    .run();
    let days = |reason: &str| {
        let times = times_away(&tale, reason).into_iter();
        BTreeSet::from_iter(times.map(|(began, _)| began.as_micros() / DAY.as_micros()))
    };
    let (tea, lunch) = (days("Tea"), days("Lunch"));
    for taken in [&tea, &lunch] {
        assert!((8..=32).contains(&taken.len()), "{taken:?}");
    }
    assert!(tea.symmetric_difference(&lunch).count() >= 8, "{tea:?} {lunch:?}");
    assert!(days("Nap").is_empty());
}

#[test]
fn each_wait_for_a_random_absence_and_each_length_is_its_own_draw() {
    let tale = ann(
        "interruptions = { every = { uniform = { min = '0s', max = '1h' } }, for = { uniform = { min = '0s', max = '1h' } } }",
    );
    let tale = tale.with("run.until = '30h'").run();
    let mut instants = vec![Time::ZERO];
    for (at, event) in tale.events() {
        if matches!(event, Event::Unresponsive { .. }) {
            instants.push(*at);
        }
    }
    let drawn = Vec::from_iter(instants.windows(2).map(|pair| pair[1] - pair[0]));
    assert!(drawn.len() > 30, "{drawn:?}");
    assert_all_differ(&drawn);
}

#[test]
fn an_absence_begins_only_if_the_agent_is_there_to_begin_it() {
    let states = |more: &str| ann(more).run().facts("state unresponsive");
    // A break while interrupted, an interruption while Away, a break before the shift.
    assert_eq!(
        states(
            "interruptions = { at = '00:01', for = '60s' }, breaks = { at = '00:01:30', for = '60s' }"
        ),
        [
            "0 state ann online",
            "60 unresponsive ann true",
            "120 unresponsive ann false",
            // Planned, it waits (D24).
            "120 state ann away(Break)",
            "180 state ann online",
        ]
    );
    assert_eq!(
        states(
            "breaks = { at = '00:01', for = '60s' }, interruptions = { at = '00:01:30', for = '60s' }"
        ),
        ["0 state ann online", "60 state ann away(Break)", "120 state ann online"]
    );
    assert_eq!(
        states("shifts = '00:01:00-02:00', breaks = { at = '00:00:30', for = '60s' }"),
        ["60 state ann online"]
    );
    // One at random waits anew: from 100, when ann is Away, until 200.
    assert_eq!(
        states(
            "breaks = { at = '00:01', for = '60s' }, interruptions = { every = '100s', for = '1h' }"
        ),
        [
            "0 state ann online",
            "60 state ann away(Break)",
            "120 state ann online",
            "200 unresponsive ann true"
        ]
    );
}

#[test]
fn a_logout_ends_absences_and_the_plans_for_more() {
    let shifts = "shifts = ['00:00-00:05', '00:06-00:09']";
    let states = |more: &str| ann(&format!("{shifts}, {more}")).run().facts("state unresponsive");
    assert_eq!(
        states("breaks = { at = '00:04', for = '10m' }"),
        [
            "0 state ann online",
            "240 state ann away(Break)",
            "300 state ann offline",
            "360 state ann online",
            "540 state ann offline",
        ]
    );
    // Not at 310: they wait anew from the login at 360.
    let (login, logout) = ("360 state ann online", "540 state ann offline");
    let first = ["0 state ann online", "300 state ann offline", login];
    let interruption = states("interruptions = { every = '310s', for = '5m' }");
    assert_eq!(interruption, [&first[..], &[logout]].concat());
    let logouts = states("logouts = { after = '310s', back_after = '10s' }");
    assert_eq!(logouts, [&first[..], &[logout]].concat());
}

#[test]
fn an_absence_that_lasts_into_its_next_day_is_not_begun_again() {
    let tale = ann("breaks = { at = '00:01', for = '25h' }").with("run.until = '49h'").run();
    assert_eq!(
        tale.facts("state"),
        [
            "0 state ann online",
            "60 state ann away(Break)",
            "90060 state ann online",
            "172860 state ann away(Break)",
        ]
    );
}

#[test]
fn e12_a_disconnect_that_ends_at_the_session_timeout_is_no_logout() {
    let disconnects = "session_timeout = '60s', disconnects = { at = '00:01', for = '60s' }";
    assert_eq!(ann(disconnects).run().facts("state"), ["0 state ann online"]);
}

#[test]
fn d12_the_end_of_an_earlier_spell_out_of_service_ends_no_later_one() {
    // Out of service at 60, until 360; a logout ends that. Again at 170, until 470.
    let tale = ann("reply_time = '20m', logouts = { at = '00:01:40', back_after = '10s' }");
    let tale = tale.with("unassign = { enabled = true, on_unassign = 'set_away' }").run();
    assert_eq!(
        tale.facts("state")[1..6],
        [
            "60 state ann away(Unassigned by the platform)",
            "100 state ann offline",
            "110 state ann online",
            "170 state ann away(Unassigned by the platform)",
            "470 state ann online",
        ]
    );
}
