//! Opening hours, and clocks that run only then (D25).

use shiftstorm::ledger::outcome::Outcome;

use crate::common::{Tale, scene};

fn outcome(tale: &Tale) -> &Outcome {
    tale.finished.outcome.as_deref().expect("recorded")
}

/// A mail at 17:30; the office works 09:00-17:00 and answers at 09:30 on the next day.
#[test]
fn d25_a_mail_in_the_evening_has_waited_half_a_working_hour() {
    let office = |count_time: &str| {
        let tale = scene(&format!(
            "run.until = '48h'
            service_level.within = '4h'
            measure.response_within = '1h'
            {count_time}
            agents.office.shifts = '09:00-17:00'
            agents.office.reply_time = '30m'
            consumers.mail.messages = 1"
        ))
        .visits("mail", "63000")
        .run();
        let outcome = outcome(&tale);
        assert_eq!(outcome.flow.response.mean(), outcome.flow.first_response.mean());
        let skill = &outcome.skills[0];
        assert_eq!(skill.flow.first_response.mean(), outcome.flow.first_response.mean());
        let queue = outcome.times.queue.mean();
        let wall = ["first_response", "assignment", "response", "queue_time"].map(|wait| {
            let name = format!("{wait}_wall_mean");
            (shiftstorm::figure(&name).expect("a figure").value)(outcome)
        });
        if count_time.contains("open_hours") {
            assert_eq!(wall, [16.0, 15.5, 16.0, 15.5].map(|hours| Some(hours * 3600.0)));
        } else {
            assert_eq!(wall, [None; 4]);
        }
        (outcome.flow.first_response.mean(), outcome.service_level(), queue, skill.queue.mean())
    };
    let hours = |hours: f64| Some(hours * 3600.0);
    let by_the_wall = (hours(16.0), Some(0.0), hours(15.5), hours(15.5));
    assert_eq!(office(""), by_the_wall);
    assert_eq!(office("open = '09:00-17:00'"), by_the_wall);
    let in_open_time = (hours(0.5), Some(1.0), Some(0.0), Some(0.0));
    assert_eq!(office("open = '09:00-17:00'\ncount_time = 'open_hours'"), in_open_time);
    assert_eq!(
        office("skills.general = { open = '09:00-17:00', count_time = 'open_hours' }"),
        in_open_time
    );
}

/// Ann is there all the time; from one hour to the next nobody is given anything.
#[test]
fn d25_nobody_is_given_a_conversation_outside_opening_hours() {
    let scene = scene(
        "run = { starts_at = '08:00', until = '4h', end = 'cut' } # run.until run.end
        open = ['08:00-09:00', '10:00-12:00']
        agents.ann.reply_time = '20m'
        agents.ann.concurrency = 1
        consumers.web.messages = 1",
    );
    // The second one waits for Ann when the centre closes, the third comes meanwhile.
    let tale = scene.visits("web", "3000 3300 5400").run();
    assert_eq!(
        tale.trail("web 1")[1..],
        ["3000 assigned ann New", "4200 resolved_by_agent - Resolved"]
    );
    assert_eq!(
        tale.trail("web 2")[1..],
        ["7200 assigned ann New", "8400 resolved_by_agent - Resolved"]
    );
    assert_eq!(tale.trail("web 3")[1], "8400 assigned ann New");
}

#[test]
fn d25_a_closed_skill_keeps_nobody_from_an_open_one() {
    let tale = scene(
        "run.until = '4h'
        skills.mail = { open = '01:00-02:00' }
        skills.chat = {}
        routing.mode = 'pull'
        pull = { look_every = '1m', decide = '0s' }
        agents.ann = { skills = ['chat', 'mail'], reply_time = '10s' }
        consumers.web.skill = 'chat'
        consumers.post.skill = 'mail'",
    )
    .visits("post", "0 7190")
    .visits("web", "10 7200")
    .run();
    assert_eq!(tale.trail("post 1")[1], "3600 claimed ann New");
    assert_eq!(tale.trail("web 1")[1], "60 claimed ann New");
    assert_eq!(tale.trail("post 2").len(), 1, "the next look is after two: closed");
}

/// Timeout 10 min, written five minutes before the office closes: five more from the opening on.
#[test]
fn d25_timeouts_wait_for_the_opening() {
    let run = |count_time: &str| {
        let tale = scene(&format!(
            "run.until = '30h'
            unassign = {{ enabled = true, timeout = {{ online = '10m', away = '10m', offline = '10m' }} }}
            open = '00:00-02:00'
            {count_time}
            agents.ann.interruptions = {{ at = '01:00', for = '28h' }}
            consumers.web.messages = 1"
        ));
        let tale = tale.visits("web", "6900").run();
        tale.trail("web 1")
            .into_iter()
            .find(|line| line.contains("unassigned"))
            .expect("unassigned")
    };
    assert!(run("").starts_with("7500 auto_unassigned"), "{}", run(""));
    let in_open_time = run("count_time = 'open_hours'");
    assert!(in_open_time.starts_with("86700 auto_unassigned"), "{in_open_time}");
}

/// Pending from ten minutes before the office closes; closed for silence after half an hour.
#[test]
fn d25_closing_times_count_open_time() {
    let closed = |setting: &str| {
        let tale = scene(&format!(
            "run.until = '30h'
            {setting}
            open = '00:00-02:00'
            count_time = 'open_hours'
            agents.ann.reply_time = '10s'
            consumers.web.messages = 2
            consumers.web.think = '480h'"
        ));
        let tale = tale.visits("web", "6590").run();
        tale.trail("web 1").last().expect("a trail").clone()
    };
    assert_eq!(closed("auto_close.after = '30m'"), "87600 auto_closed - Resolved");
    assert_eq!(
        closed("resolve.after = '30m'\nauto_close.after = 'off'"),
        "87600 resolved_by_agent - Resolved"
    );
}
