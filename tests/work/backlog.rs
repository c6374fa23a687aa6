//! Conversations that are open when the run begins (*The calendar*: `backlog`).

use shiftstorm::base::time::{Span, Time};
use shiftstorm::figure;
use shiftstorm::scenario::{Source, parse};

use crate::common::{Tale, scene};

/// One agent with one slot who is there from the start, and mails of one message.
fn office(backlog: &str) -> Tale {
    scene(&format!(
        "run.until = '4h'
         agents.ann.concurrency = 1
         agents.ann.reply_time = '10m'
         consumers.mail.messages = 1
         consumers.mail.backlog = {backlog}"
    ))
    .visits("mail", "60")
    .run()
}

fn value(tale: &Tale, name: &str) -> Option<f64> {
    (figure(name).expect("a figure").value)(tale.outcome())
}

#[test]
fn what_waited_before_the_run_is_served_first_and_waits_count_from_the_opening() {
    let tale = office("[{ opened = '1h' }, { opened = '2h', count = 2 }]");
    let trail = |name: &str| tale.trail(name);
    assert_eq!(
        trail("mail b2"),
        ["-7200 opened - New", "0 assigned ann New", "600 resolved_by_agent - Resolved"]
    );
    assert_eq!(trail("mail b3")[1], "600 assigned ann New");
    assert_eq!(trail("mail b1")[1], "1200 assigned ann New");
    assert_eq!(trail("mail 1")[1], "1800 assigned ann New");
    let figures =
        ["before_run", "before_run_answered", "before_run_abandoned", "offered", "answered"];
    assert_eq!(figures.map(|name| value(&tale, name)), [3.0, 3.0, 0.0, 1.0, 1.0].map(Some));
    // Without: 60 to 2400 s. Of the backlog: 7800, 8400 and 5400 s.
    assert_eq!(value(&tale, "first_response_mean"), Some(2340.0));
    assert_eq!(value(&tale, "before_run_first_response_mean"), Some(7200.0));
    assert_eq!(value(&tale, "first_response_with_before_run_mean"), Some(23_940.0 / 4.0));
    assert_eq!(value(&tale, "offered_with_before_run"), Some(4.0));
    let row = tale.row("mail b1");
    assert_eq!((row.opened, row.counted), (Time::ZERO - Span::from_hours(1), false));
    // The queue of the run: 3 × 0 … and not what lies before it.
    assert_eq!(tale.at(0).first().map(String::as_str), Some("0 state ann online"));
}

#[test]
fn a_service_level_with_the_backlog_is_told_apart() {
    let tale = scene(
        "run.until = '4h'
         service_level.within = '40m'
         agents.ann.concurrency = 1
         agents.ann.reply_time = '10m'
         consumers.mail.messages = 1
         consumers.mail.backlog = [{ opened = '5m' }, { opened = '1h' }]",
    )
    .visits("mail", "60 120")
    .run();
    // 70 and 25 min before, 29 and 38 min in the run.
    assert_eq!(value(&tale, "service_level"), Some(1.0));
    assert_eq!(value(&tale, "service_level_with_before_run"), Some(0.75));
}

#[test]
fn passed_deadlines_fire_at_the_start_in_the_order_of_names() {
    let tale = scene(
        "unassign.enabled = true
         unassign.timeout = { online = '10m', away = '10m', offline = '10m' }
         agents.team.count = 2
         agents.team.concurrency = 2
         agents.team.reply_time = '5m'
         consumers.mail.messages = 1
         consumers.mail.backlog = [
             { opened = '20m', owner = 'team 1' },
             { opened = '30m', owner = 'team 1' },
             { opened = '30m', last_message = '4m', owner = 'team 2' },
         ]",
    )
    .visits("mail", "3000")
    .run();
    let removed = tale.facts("auto_unassigned");
    assert_eq!(removed.len(), 2, "{removed:?}");
    assert!(removed[0].starts_with("0 auto_unassigned(online,1200) mail b1"), "{removed:?}");
    assert!(removed[1].starts_with("0 auto_unassigned(online,1800) mail b2"), "{removed:?}");
    // The third has six minutes left, and is answered in five.
    assert_eq!(
        tale.trail("mail b3"),
        ["-1800 opened - New", "-1800 carried_over team 2 New", "300 resolved_by_agent - Resolved"]
    );
}

#[test]
fn an_owner_who_is_not_on_shift_keeps_it_until_the_shift() {
    let scene = scene(
        "remove_ownership.enabled = true
         run.starts_at = '08:00'
         agents.ann.shifts = '08:30-12:00'
         agents.ann.reply_time = '1m'
         agents.bob.reply_time = '1m'
         consumers.mail.messages = 1
         consumers.mail.backlog = { opened = '07:00', owner = 'ann' }",
    )
    .visits("mail", "0");
    let warnings = scene.read().warnings.to_string();
    assert!(warnings.contains("1 conversation of the backlog is stranded"), "{warnings}");
    let tale = scene.run();
    assert_eq!(
        tale.trail("mail b1"),
        ["-3600 opened - New", "-3600 carried_over ann New", "1860 resolved_by_agent - Resolved"]
    );
}

#[test]
fn a_pending_one_goes_on_when_its_consumer_writes() {
    let tale = scene(
        "agents.ann.reply_time = '1m'
         consumers.mail.messages = 3
         consumers.mail.think = '30m'
         consumers.mail.backlog = { opened = '2h', last_message = '10m', owner = 'ann', status = 'pending' }",
    )
    .visits("mail", "3500")
    .run();
    // Thinks from ten minutes before the start on.
    let trail = tale.trail("mail b1");
    assert_eq!(
        trail[..4],
        [
            "-7200 opened - New",
            "-7200 carried_over ann Pending",
            "1200 message_wakes ann New",
            "1260 reply ann Pending"
        ]
    );
    let counted = ["before_run", "offered"].map(|name| value(&tale, name));
    assert_eq!(counted, [Some(0.0), Some(1.0)], "it awaits no first answer");
}

/// Of an exponential law what is left is as long as a new draw; of a uniform one it is uniform.
#[test]
fn patience_is_that_of_those_who_are_still_there() {
    let left = |patience: &str, count: u32| {
        let tale = scene(&format!(
            "run.until = '40h'
             agents.ann.shifts = []
             consumers.mail.patience = {patience}
             consumers.mail.backlog = {{ opened = '1h', count = {count} }}"
        ))
        .visits("mail", "0")
        .run();
        let rows = tale.rows().iter().filter(|row| row.id.row_of_backlog().is_some());
        let left = rows.filter_map(|row| row.abandoned.map(|(at, _)| at.as_secs_f64() / 3600.0));
        Vec::from_iter(left)
    };
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let exponential = left("{ exponential = { mean = '2h' } }", 2000);
    // Mean and deviation of 2 h each.
    assert!(
        (mean(&exponential) - 2.0).abs() < 4.0 * 2.0 / 2000_f64.sqrt(),
        "{}",
        mean(&exponential)
    );
    let uniform = left("{ uniform = { min = '0s', max = '3h' } }", 2000);
    assert_eq!(uniform.len(), 2000);
    assert!(uniform.iter().all(|left| (0.0..2.0).contains(left)));
    let error = 2.0 / 12_f64.sqrt() / 2000_f64.sqrt();
    assert!((mean(&uniform) - 1.0).abs() < 4.0 * error, "{}", mean(&uniform));
    // A row draws its own, whatever stands behind it.
    let sorted = |count| {
        let mut left = left("{ exponential = { mean = '2h' } }", count);
        left.sort_by(f64::total_cmp);
        left
    };
    let (three, four) = (sorted(3), sorted(4));
    assert_eq!(four.len(), 4);
    assert!(three.iter().all(|one| four.contains(one)), "{three:?} {four:?}");
}

#[test]
fn age_counts_by_the_clock_of_the_skill() {
    // A mail of Friday 16:00, with an office until 17:00 and from Monday 09:00 on: it is answered at 09:10.
    let tale = scene(
        "run.from = '2026-03-09T08:00'
         open = { mon-fri = '09:00-17:00' }
         count_time = 'open_hours'
         agents.ann.reply_time = '10m'
         consumers.mail.messages = 1
         consumers.mail.backlog = { opened = '2026-03-06T16:00' }
         run.until = '2h'",
    )
    .visits("mail", "7000")
    .run();
    assert_eq!(tale.trail("mail b1")[1], "3600 assigned ann New");
    assert_eq!(value(&tale, "before_run_first_response_mean"), Some(4200.0));
}

#[test]
fn a_table_of_open_conversations_is_read() {
    let table = "opened;skill;agent;status;last message\n\
                 06.03.2026 16:00;Mail;;new;\n\
                 06.03.2026 12:00;Mail;ann;pending;06.03.2026 15:00\n\
                 09.03.2026 07:30;Chat;;new;\n\
                 09.03.2026 09:30;Mail;;new;\n\
                 13.02.2026 09:30;Mail;Ann;open;06.03.2026 16:30\n";
    let read = |table: &str, kind: &str| {
        let files =
            std::collections::BTreeMap::from([("open.csv".to_owned(), table.as_bytes().to_vec())]);
        let text = format!(
            "run = {{ from = '2026-03-09T08:00', until = '8h' }}
             skills = ['mail', 'chat']
             agents.ann = {{}}
             consumers.post = {{ skill = 'mail', arrivals = '1/h', think = {{ exponential = {{ mean = '24h' }} }}, {kind} }}
             consumers.web = {{ skill = 'chat', arrivals = '1/h' }}"
        );
        parse(Source { name: "test.toml".to_owned(), text }, files)
    };
    let scenario =
        read(table, "backlog = { table = 'open.csv' }").unwrap_or_else(|it| panic!("{it}"));
    let backlog = &scenario.variants[0].plan.centre.kinds[0].backlog;
    let hours = |time: Time| time.as_secs_f64() / 3600.0;
    let rows = backlog.iter().map(|row| {
        (hours(row.opened), hours(row.last_message), row.is_pending, row.owner.is_some())
    });
    assert_eq!(
        Vec::from_iter(rows),
        [
            (-64.0, -64.0, false, false),
            (-68.0, -65.0, true, true),
            (-24.0 * 24.0 + 1.5, -63.5, false, true)
        ]
    );
    assert!(
        scenario.warnings.to_string().contains("1 of 4 conversations were opened after the start")
    );
    let refused = |table: &str, kind: &str| read(table, kind).expect_err("not sound").to_string();
    let text = refused(&table.replace(";ann;", ";anne;"), "backlog = { table = 'open.csv' }");
    for words in ["open.csv:3:1", "there is no agent `anne`", "did you mean `ann`?"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let text = refused(&table.replace("pending", "solved"), "backlog = { table = 'open.csv' }");
    assert!(text.contains("no status of an open conversation"), "{text}");
    let one = |kind: &str| refused(table, kind);
    for (kind, words) in [
        ("backlog = { opened = '2026-03-09T09:00' }", "an instant before the start"),
        ("backlog = { opened = '2h', status = 'pending' }", "nobody's conversation is Pending"),
        ("backlog = { opened = '2h', last_message = '3h' }", "a message before the opening"),
        (
            "backlog = { opened = '2h' }, patience = '1h'",
            "opened 2h before the start, and not one in ten thousand",
        ),
        ("backlog = { opened = '2400h' }", "at most 92 days before"),
        ("backlog = { opened = '2h', owner = 'bob' }", "there is no agent `bob`"),
        ("backlog = { count = 2 }", "one of `opened`, `table` must be set"),
        ("backlog = { table = 'open.csv', count = 2 }", "is what the table says of each row"),
    ] {
        let text = one(kind);
        assert!(text.contains(words), "{words}\n{text}");
    }
}
