//! Closes, and what consumers write after them (A13–A15); clients over all their contacts.

use shiftstorm::base::ids::AgentId;
use shiftstorm::ledger::outcome::{Clients, Outcome};
use shiftstorm::model::event::{Actor, Cause};

use crate::common::{Scene, Tale, scene};

/// Ann replies in 10 s; web 1 writes at 0 and again 40 min after the answer.
fn thinks_long(more: &str) -> Scene {
    scene(
        "consumers.web.messages = 2
        consumers.web.think = '40m'
        agents.ann.reply_time = '10s'
        run.until = '2h'",
    )
    .with(more)
    .visits("web", "0")
}

fn outcome(tale: &Tale) -> &Outcome {
    tale.finished.outcome.as_deref().expect("recorded")
}

#[test]
fn a14_a_message_after_a_close_opens_a_new_conversation_of_the_same_client() {
    let tale = thinks_long("").run();
    assert_eq!(
        tale.trail("web 1"),
        [
            "0 opened - New",
            "0 assigned ann New",
            "10 reply ann Pending",
            "1810 auto_closed - Resolved",
        ]
    );
    assert_eq!(
        tale.trail("web 1.0.1"),
        ["2410 opened - New", "2410 assigned ann New", "2420 resolved_by_agent - Resolved"]
    );
    let outcome = outcome(&tale);
    assert_eq!((outcome.flow.offered, outcome.flow.first_contacts), (2, 1));
    assert_eq!((outcome.flow.messages, outcome.counts.after_close), (2, 1));
    assert_eq!((outcome.counts.arrivals, outcome.flow.answered), (0, 2));
    assert_eq!(outcome.clients, Clients { clients: 1, served: 1, contacts: 2 });
}

#[test]
fn a14_a_message_after_a_close_opens_the_closed_conversation_again() {
    let tale = thinks_long("after_close = 'reopen'").run();
    assert_eq!(
        tale.trail("web 1")[3..],
        [
            "1810 auto_closed - Resolved",
            "2410 reopened ann New",
            "2420 resolved_by_agent - Resolved",
        ]
    );
    let outcome = outcome(&tale);
    // Offered and answered once; each close has a handle time of its own; one row.
    assert_eq!((outcome.flow.offered, outcome.flow.answered), (1, 1));
    assert_eq!((outcome.counts.reopened, outcome.counts.after_close), (1, 1));
    assert_eq!((outcome.counts.auto_closed, outcome.counts.resolved_by_agent), (1, 1));
    assert_eq!(outcome.times.handle.count(), 2);
    let row = tale.row("web 1");
    assert_eq!((row.messages, row.answers, row.owners), (2, 2, 2));
    assert_eq!(row.handle_time.as_secs_f64(), 20.0);
    assert_eq!(tale.facts("closed_for_good"), ["2420 closed_for_good web 1"]);
}

#[test]
fn a14_a_reopened_conversation_goes_to_its_owner_only_if_logged_in() {
    let reopened = |ann: &str| {
        let tale = thinks_long("after_close = 'reopen'\nrouting.choose = 'longest_idle'")
            .with("agents.bob = { shifts = '00:20-02:00', reply_time = '30s' }")
            .with(ann)
            .run();
        tale.trail("web 1")[4..].to_vec()
    };
    // Away at 2410, until 2700: it is ann's all the same.
    let away = "agents.ann.breaks = [{ at = '00:35', for = '10m', reason = 'Lunch' }]";
    assert_eq!(reopened(away), ["2410 reopened ann New", "2710 resolved_by_agent - Resolved"]);
    // Logged out, whether ownership removal is on or off: bob takes it from the queue.
    for removal in ["", "remove_ownership.enabled = true"] {
        assert_eq!(
            reopened(&format!("agents.ann.shifts = '00:00-00:30'\n{removal}")),
            ["2410 reopened - New", "2410 assigned bob New", "2440 resolved_by_agent - Resolved"]
        );
    }
}

#[test]
fn a14_what_belongs_to_a_conversation_dies_with_its_close_and_what_counts_goes_on() {
    // Unassigned at 60, answered by bob at 70, closed at 1870, written to again at 2470.
    let tale = |after_close: &str| {
        thinks_long("unassign.enabled = true")
            .with("agents.bob = { shifts = '00:01-02:00', reply_time = '10s' }")
            .replacing("agents.ann.reply_time = '10s'", "agents.ann.shifts = '00:00-00:02'")
            .with("agents.ann.reply_time = '1h'")
            .with(&format!("after_close = '{after_close}'"))
            .run()
    };
    let again = tale("reopen");
    assert_eq!(again.trail("web 1")[2], "60 auto_unassigned(online,60) - New");
    assert_eq!(
        again.trail("web 1")[5..],
        [
            "1870 auto_closed - Resolved",
            "2470 reopened bob New",
            "2480 resolved_by_agent - Resolved"
        ]
    );
    assert_eq!(again.row("web 1").auto_unassigns, 1);
    let new = tale("new");
    assert_eq!(new.row("web 1").auto_unassigns, 1);
    assert_eq!(new.row("web 1.0.1").auto_unassigns, 0);
}

#[test]
fn a14_nothing_that_is_said_is_lost_under_any_rule_of_closing() {
    let messages = |rule: &str| {
        let tale = scene(
            "consumers.web.messages = 6
            consumers.web.think = { exponential = { mean = '2h' } }
            consumers.web.arrivals = '20/h'
            agents.a = { count = 10, concurrency = 20, reply_time = '60s' }
            run.until = '6h'
        run.end = 'drain'
        run.drain_at_most = '200h'",
        )
        .with(rule)
        .run();
        let outcome = outcome(&tale);
        let times = &outcome.times.response;
        assert_eq!(outcome.counts.still_to_write, 0);
        assert!(outcome.flow.balances(), "{rule}");
        assert_eq!(outcome.clients.clients, outcome.flow.first_contacts);
        assert_eq!(outcome.clients.served, outcome.clients.clients);
        assert_eq!(outcome.flow.messages, 6 * outcome.clients.clients);
        (outcome.flow.messages, times.count())
    };
    let never = messages("auto_close = 'off'");
    assert!(never.0 > 500, "{never:?}");
    for rule in [
        "",
        "after_close = 'reopen'",
        "resolve = { after = '5m' }",
        "resolve = { after = '5m' }\nafter_close = 'reopen'\nauto_close = 'off'",
    ] {
        assert_eq!(messages(rule), never, "{rule}");
    }
}

#[test]
fn a14_who_meant_to_write_when_a_run_is_cut_is_counted() {
    let cut = thinks_long("run.end = 'cut'").replacing("'2h'", "'35m'").run();
    assert_eq!(outcome(&cut).counts.still_to_write, 1);
    let drained = thinks_long("run.end = 'drain'").replacing("'2h'", "'35m'").run();
    assert_eq!(outcome(&drained).counts.still_to_write, 0);
    assert_eq!(drained.finished.ended.since_start().as_secs_f64(), 2420.0);
}

#[test]
fn a14_the_patience_of_a_new_conversation_is_the_first_and_that_of_an_old_one_the_later() {
    let left = |after_close: &str| {
        let tale = thinks_long(&format!("after_close = '{after_close}'"))
            .with("consumers.web.patience = { first = '100s', later = '300s' }")
            .with("agents.ann.interruptions = { at = '00:39', for = '1h' }")
            .run();
        let flow = &outcome(&tale).flow;
        let mid = flow.abandoned_mid_conversation.all();
        (tale.facts("leaves"), flow.abandoned(), mid)
    };
    assert_eq!(left("new"), (vec!["2510 leaves web 1.0.1 openly".to_owned()], 1, 0));
    assert_eq!(left("reopen"), (vec!["2710 leaves web 1 openly".to_owned()], 0, 1));
}

#[test]
fn a15_the_agent_resolves_after_a_silence_not_knowing_who_means_to_write() {
    let tale = thinks_long("resolve = { after = '5m' }").run();
    assert_eq!(tale.trail("web 1")[3..], ["310 resolved_by_agent - Resolved"]);
    assert_eq!(
        tale.trail("web 1.0.1")[2..],
        ["2420 reply ann Pending", "2720 resolved_by_agent - Resolved"]
    );
    // A message of either side starts the time anew.
    let burst = thinks_long("resolve = { after = '30s' }\nauto_close = 'off'")
        .with("consumers.web.burst = { size = 2, gap = '35s' }")
        .run();
    assert_eq!(
        burst.trail("web 1")[2..],
        [
            "10 reply ann Pending",
            "35 message_wakes ann New",
            "45 reply ann Pending",
            "75 resolved_by_agent - Resolved"
        ]
    );
}

#[test]
fn a15_it_is_done_in_the_name_of_the_owner_who_may_be_offline() {
    let tale = thinks_long("resolve = { after = '5m' }\nagents.ann.shifts = '00:00-00:01'").run();
    assert_eq!(tale.trail("web 1")[3..], ["310 resolved_by_agent - Resolved"]);
    let mut resolved = tale.changes().filter(|(_, change)| change.cause == Cause::ResolvedByAgent);
    let (_, last) = resolved.next().expect("it was resolved");
    assert_eq!(last.actor, Actor::Agent(AgentId(0)));
}

#[test]
fn a15_comes_before_the_auto_close_of_the_same_instant() {
    let both = |resolve: &str| {
        let tale = thinks_long(&format!("resolve = {{ after = '{resolve}' }}")).run();
        tale.trail("web 1")[3].clone()
    };
    assert_eq!(both("30m"), "1810 resolved_by_agent - Resolved");
    assert_eq!(both("31m"), "1810 auto_closed - Resolved");
}

#[test]
fn a15_not_while_an_answer_is_awaited_or_a_boomerang_is_to_come() {
    let tale = scene(
        "consumers.web.messages = 1
        resolve = { after = '1m' }
        agents.ann = { reply_time = '10s', parking = { share = 1, after = '10s', boomerang = '10m' } }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.trail("web 1")[2..],
        [
            "10 parked ann Pending",
            "610 boomerang ann New",
            "620 reply ann Pending",
            "680 resolved_by_agent - Resolved"
        ]
    );
}

#[test]
fn a15_consumers_close_on_reading_their_last_answer() {
    let tale = thinks_long("resolve = { after = '5m' }\nconsumers.web.closes_share = 1").run();
    assert_eq!(tale.trail("web 1").last().unwrap(), "310 resolved_by_agent - Resolved");
    assert_eq!(tale.trail("web 1.0.1").last().unwrap(), "2420 resolved_by_consumer - Resolved");
}

#[test]
fn auto_close_tells_new_from_pending() {
    let closed = |auto_close: &str| {
        let tale = scene(
            "consumers.web.messages = 2
        consumers.web.think = '3h'
        consumers.web.patience = '30s'
        consumers.web.silent_share = 1
            agents.ann = { concurrency = 1, reply_time = '10s' }",
        )
        .with(&format!("auto_close = {{ {auto_close} }}"))
        .visits("web", "0 1")
        .run();
        tale.facts("auto_closed")
    };
    // Web 1 is answered at 10 and holds the only slot; web 2 leaves the queue silently at 31.
    assert_eq!(
        closed("new = '5m', pending = '20m'"),
        ["301 auto_closed web 2 - Resolved", "1210 auto_closed web 1 - Resolved"]
    );
    assert_eq!(closed("new = 'off', pending = 'off'"), [""; 0]);
    assert_eq!(closed("after = '10m', pending = 'off'"), ["601 auto_closed web 2 - Resolved"]);
}

#[test]
fn recontacts_follow_resolved_contacts_about_the_same_skill() {
    let tale = scene(
        "consumers.web.messages = 1
        consumers.web.skills = { chat = 0.5, mail = 0.5 }
        consumers.web.recontacts = { share = 0.9, after = '10m' }
        agents.ann = { skills = ['chat', 'mail'], reply_time = '10s' }
        run.until = '3h'",
    )
    .visits("web", "0 1 2 3 4 5 6 7")
    .run();
    let outcome = outcome(&tale);
    let mut again = 0;
    for client in 1..=8 {
        let skills = tale.rows().iter().filter(|row| row.id.number() == client);
        let skills: Vec<_> = skills.map(|row| row.skill).collect();
        assert!(skills.windows(2).all(|pair| pair[0] == pair[1]), "{skills:?}");
        again += skills.len() - 1;
    }
    assert!(again > 8, "{again} repeat contacts");
    assert_eq!(outcome.flow.offered - outcome.flow.first_contacts, again as u64);
    let contacts = 8 + again as u64;
    assert_eq!(outcome.clients, Clients { clients: 8, served: 8, contacts });
    // Ten minutes after the close.
    let closed = tale.rows().iter().find(|row| row.id.number() == 1).map(|row| row.ended);
    let next = tale.rows().iter().find(|row| (row.id.number(), row.id.need()) == (1, 1));
    if let (Some(closed), Some(next)) = (closed, next) {
        assert_eq!((next.opened - closed).as_secs_f64(), 600.0);
    }
}

#[test]
fn recontacts_begin_nothing_at_or_after_the_horizon_and_returns_are_counted_apart() {
    let tale = scene(
        "consumers.web.messages = 1
        consumers.web.patience = '8s'
        consumers.web.recontacts = { share = 0.9, after = '10m' }
        consumers.web.returns = { share = 1, after = '20s', at_most = 2 }
        agents.ann = { shifts = '00:00:30-02:00', reply_time = '1s' }
        run.until = '20m'
        run.end = 'drain'",
    )
    .visits("web", "0")
    .run();
    // Abandoned at 8; again at 28, assigned at the login at 30 and answered at 31.
    let visits = tale.facts("visit");
    assert_eq!(visits[..2], ["0 visit web 1 priority 0", "28 visit web 1.1 priority 0"]);
    assert!(tale.rows().iter().all(|row| row.opened.since_start().as_secs_f64() < 1200.0));
    let outcome = outcome(&tale);
    assert_eq!((outcome.clients.clients, outcome.clients.served), (1, 1));
}
