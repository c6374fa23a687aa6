//! Faults: nothing is lost, nobody is forgotten, everything comes in order.
//!
//! `FAULT_AGENTS=10000 cargo test --release --test clock stress::faults -- --nocapture --test-threads=1`
//! makes the mass logouts and the deadlines that are due at once as large as that, every spread of
//! the logouts included, and tells what was measured.

use shiftstorm::base::arrivals::{ArrivalProcess, Trace};
use shiftstorm::base::stream::ShardStreams;
use shiftstorm::base::time::{Span, Time};
use shiftstorm::ledger::journal::{Addressee, JournalEntry, TurnInput};
use shiftstorm::model::message::{RouterTimer, Timer};
use shiftstorm::stress::{Count, Mailbox, StressResults, Timing};

use super::{all_are_served, nothing_is_dead, parse, run, run_with_journal, with_arrivals};

/// Agents of a large centre, each with five conversations.
fn agents() -> u64 {
    std::env::var("FAULT_AGENTS").map_or(40, |agents| agents.parse().expect("a number"))
}

/// Five conversations for each agent, evenly over a time.
fn five_each(over: Span) -> ArrivalProcess {
    let conversations = 5 * agents() as i64;
    let gap = over.as_micros() as f64 / conversations as f64;
    let instants = (0..conversations).map(|number| (number as f64 * gap) as i64);
    let trace = Trace::new(instants.map(Time::from_micros).collect());
    ArrivalProcess::Trace(trace.expect("in order"))
}

#[test]
fn ownership_is_gone_within_the_bound_whenever_all_log_out_together() {
    let large = agents() > 1000;
    let spreads: &[i64] = if large { &[0, 1, 60] } else { &[0, 1] };
    let fill = if large { 20 } else { 1 };
    for &spread in spreads {
        let (begin, within) = (fill + 2, 2);
        let length = begin + spread + within + 3;
        let text = format!(
            "run.until = '1h'\n\
             agents.chat = {{ count = {}, concurrency = 5, reply_time = '1h' }}\n\
             consumers.web.arrivals = '1/h'\n\
             remove_ownership = {{ enabled = true, within = '{within}s' }}\n\
             [stress]\nfor = '{length}s'\nmailbox = 1000000\nshards = 1\nlate_after = '1h'\n\
             [[stress.fault]]\nat = '{begin}s'\nlog_out = 1\nover = '{spread}s'\n",
            agents()
        );
        let arrivals = five_each(Span::from_secs(fill));
        let results = run(&parse(&text), |centre| with_arrivals(centre, arrivals));
        let recovery = &results.recoveries[0];
        assert_eq!(recovery.count(Count::LoggedOut), agents());
        // Whoever is still there has its slots full, so nothing is assigned a second time.
        assert_eq!(results.figures.count(Count::Removed), 5 * agents());
        let longest = results.outcome.times.removal_delay.longest().expect("removals");
        if large {
            tell(&format!("logout over {spread} s"), &results);
            println!("  ownership gone after {longest} at most, of {within} s");
        }
    }
}

#[test]
fn deadlines_that_are_due_at_once_are_served_in_order() {
    let large = agents() > 1000;
    let fill = if large { 20 } else { 1 };
    // All deadlines come due while the router stands still.
    let (timeout, stall, length) = (fill + 3, 2 * fill + 4, 3 * fill + 12);
    let text = format!(
        "run.until = '1h'\n\
         agents.chat = {{ count = {}, concurrency = 5, reply_time = '1h' }}\n\
         consumers.web.arrivals = '1/h'\n\
         unassign = {{ enabled = true, timeout.online = '{timeout}s' }}\n\
         [stress]\nfor = '{length}s'\nmailbox = 1000000\nshards = 1\nlate_after = '1h'\n\
         [[stress.fault]]\nat = '{}s'\nstall = '{}s'\n",
        agents(),
        fill + 1,
        stall - fill - 1,
    );
    let arrivals = five_each(Span::from_secs(fill));
    let results = run_with_journal(&parse(&text), |centre| with_arrivals(centre, arrivals));
    let due = |entry: &JournalEntry| match entry.input {
        TurnInput::Timer { due, timer: Timer::Router(RouterTimer::Unassign { .. }) } => Some(due),
        _ => None,
    };
    let due = Vec::from_iter(results.journals[0].entries.iter().filter_map(due));
    let together = 5 * agents() as usize;
    assert!(due.len() >= together, "only {} deadlines", due.len());
    assert!(due[..together].is_sorted(), "out of order");
    let unassigned = results.figures.count(Count::Unassigned);
    assert!(unassigned >= together as u64, "only {unassigned}");
    if large {
        tell("deadlines at once", &results);
    }
}

/// Every arrival is answered and closed once, though most actors of agents die, some of them twice.
#[test]
fn agents_that_panic_or_stop_are_replaced_and_nothing_is_lost() {
    let scenario = parse(
        "run.until = '1h'\n\
         agents.chat = { count = 40, concurrency = 3, reply_time = '20s' }\n\
         consumers.web = { arrivals = '6000/h', messages = 2, think = '10s' }\n\
         unassign = { enabled = true, timeout.online = '50s' }\n\
         [stress]\nfor = '2s'\nspeed = 600\nshards = 2\ndrain = '50s'\nlate_after = '1h'\n\
         [[stress.fault]]\nat = '200ms'\npanic = 0.5\nover = '1500ms'\n\
         [[stress.fault]]\nat = '1s'\nstop = 1\n",
    );
    let results = run(&scenario, Clone::clone);
    assert_eq!(results.figures.count(Count::Replaced), 20 + 40);
    all_are_served(&results, 2);
    nothing_is_dead(&results, &[Mailbox::Arrivals, Mailbox::Router, Mailbox::Consumers]);
}

/// What an agent did in the turn in which it panicked never happened, and what it handled is lost.
#[test]
fn agents_that_panic_in_a_turn_have_done_nothing_in_it_and_are_replaced() {
    let scenario = parse(
        "run.until = '1h'\n\
         agents.chat = { count = 40, concurrency = 3, reply_time = '20s' }\n\
         consumers.web = { arrivals = '6000/h', messages = 2, think = '10s' }\n\
         [stress]\nfor = '2s'\nspeed = 600\nshards = 2\ndrain = '50s'\nlate_after = '1h'\n\
         [[stress.fault]]\nat = '200ms'\npanic = 1\nin_turn = true\nover = '1s'\n",
    );
    let results = run(&scenario, Clone::clone);
    assert_eq!(results.figures.count(Count::Replaced), 40);
    assert!(results.account(Mailbox::Agents).dead >= 40, "each lost what it was at");
    all_are_served(&results, 2);
}

/// What a consumer did in the turn in which it panicked never happened: what it was told it asks for
/// again, and its timers come again.
#[test]
fn consumers_that_panic_in_a_turn_have_done_nothing_in_it_and_are_replaced() {
    let scenario = parse(
        "run.until = '1h'\n\
         agents.chat = { count = 40, concurrency = 3, reply_time = '10s' }\n\
         consumers.web = { arrivals = '6000/h', messages = 2, think = '10s' }\n\
         [stress]\nfor = '2s'\nspeed = 600\nshards = 2\ndrain = '50s'\nlate_after = '1h'\n\
         [[stress.fault]]\nat = '200ms'\npanic = 1\nof = 'consumers'\nin_turn = true\nover = '1500ms'\n",
    );
    let results = run(&scenario, Clone::clone);
    let replaced = results.figures.count(Count::Replaced);
    assert!(replaced > 20, "only {replaced} died");
    assert!(results.account(Mailbox::Consumers).dead >= replaced, "each lost what it was at");
    all_are_served(&results, 2);
}

/// Every arrival is answered and closed once, though most actors of consumers die, before their
/// first word, with a reply on its way to them, or with a timer that they have not handled.
#[test]
fn consumers_that_panic_or_stop_are_replaced_and_nothing_is_lost() {
    let scenario = parse(
        "run.until = '1h'\n\
         agents.chat = { count = 40, concurrency = 3, reply_time = '10s' }\n\
         consumers.web = { arrivals = '6000/h', messages = 2, think = '10s' }\n\
         [stress]\nfor = '2s'\nspeed = 600\nshards = 2\ndrain = '50s'\nlate_after = '1h'\n\
         [[stress.fault]]\nat = '100ms'\npanic = 1\nof = 'consumers'\nover = '1900ms'\n\
         [[stress.fault]]\nat = '1s'\nstop = 1\nof = 'consumers'\n",
    );
    let results = run(&scenario, Clone::clone);
    let replaced = results.figures.count(Count::Replaced);
    assert!(replaced > 20, "only {replaced} died");
    let opened = all_are_served(&results, 2);
    assert_eq!(results.figures.count(Count::Scheduled), opened);
    nothing_is_dead(&results, &[Mailbox::Arrivals, Mailbox::Router, Mailbox::Agents]);
}

/// As long a stall would refuse nobody: there is room for all who come.
#[test]
fn whoever_comes_while_the_mailbox_is_full_is_refused_and_counted_and_the_system_recovers() {
    let run_with = |fault: &str| {
        let scenario = parse(&format!(
            "agents.chat = {{ count = 20, concurrency = 1000, reply_time = '10ms' }}\n\
             consumers.web.arrivals = '1/h'\n\
             [stress]\nfor = '5s'\nmailbox = 5000\nshards = 1\nlate_after = '1h'\n\
             [[stress.fault]]\nat = '1s'\n{fault} = '500ms'\n"
        ));
        let instants = (0..4_000).map(|number| Time::from_micros(number * 1_000));
        let arrivals = ArrivalProcess::Trace(Trace::new(instants.collect()).unwrap());
        run(&scenario, |centre| with_arrivals(centre, arrivals))
    };
    assert_eq!(run_with("stall").account(Mailbox::Arrivals).refused, 0);
    let results = run_with("mailbox_full");
    let account = results.account(Mailbox::Arrivals);
    assert!(account.refused > 100, "only {} refused", account.refused);
    assert_eq!(account.refused + results.figures.count(Count::Opened), 4_000);
    let recovery = &results.recoveries[0];
    assert_eq!(recovery.count(Count::Refused), account.refused);
    assert!(recovery.recovered.is_some(), "{recovery:?}");
    assert!(results.account(Mailbox::Router).handled > 5_000, "what filled it is accounted for");
}

/// Messages go on being handled, at one instant of the scenario; what comes due meanwhile comes
/// late, in order.
#[test]
fn timers_come_late_and_in_order_when_the_clock_has_stood_still() {
    let scenario = parse(
        "agents.chat = { count = 40, concurrency = 50, reply_time = '1h' }\n\
         consumers.web.arrivals = '1/h'\n\
         unassign = { enabled = true, timeout.online = '1s' }\n\
         [stress]\nfor = '4500ms'\nshards = 1\nlate_after = '1h'\ncalm = '500ms'\n\
         [[stress.fault]]\nat = '1s'\nclock_stall = '1s'\n",
    );
    let instants = (0..1_500).map(|number| Time::from_micros(number * 1_000));
    let arrivals = ArrivalProcess::Trace(Trace::new(instants.collect()).unwrap());
    let results = run_with_journal(&scenario, |centre| with_arrivals(centre, arrivals));
    let entries = &results.journals[0].entries;
    let stood = entries.chunk_by(|one, next| one.at == next.at).max_by_key(|chunk| chunk.len());
    let stood = stood.expect("something happened");
    let visits = stood.iter().filter(|entry| matches!(entry.input, TurnInput::Visit(_))).count();
    assert!(visits > 100, "only {visits} arrived while the clock stood still");
    let next = entries.iter().find(|entry| entry.at > stood[0].at).expect("it goes on");
    assert!(next.at >= stood[0].at + Span::from_micros(900_000), "{} {}", stood[0].at, next.at);
    let due = entries.iter().filter_map(|entry| match entry.input {
        TurnInput::Timer { due, timer: Timer::Router(RouterTimer::Unassign { .. }) } => Some(due),
        _ => None,
    });
    let due = Vec::from_iter(due);
    assert!(due.len() > 1_000 && due.is_sorted(), "{} deadlines", due.len());
    let recovery = &results.recoveries[0];
    let (late, waited) = (Timing::DeadlineLateness, Timing::RouterWait);
    assert!(recovery.longest(late) > recovery.longest(waited), "{recovery:?}");
    assert!(recovery.longest(late).is_some_and(|late| late.as_millis() > 500), "{recovery:?}");
    assert!(recovery.recovered.is_some(), "{recovery:?}");
}

/// Its messages are many times those of the model, but the others do not wait for it.
#[test]
fn a_hot_agent_keeps_only_itself_waiting() {
    let scenario = parse(
        "agents.chat = { count = 20, concurrency = 10, reply_time = '1h' }\n\
         consumers.web.arrivals = '100/s'\n\
         unassign = { enabled = true, timeout.online = '1s', exclude = 'none' }\n\
         [stress]\nfor = '3s'\nshards = 1\nlate_after = '1h'\n\
         [[stress.fault]]\nat = '1100ms'\nhot_agent = 200000\n",
    );
    let results = run_with_journal(&scenario, Clone::clone);
    let mut handled = [0; 20];
    for entry in &results.journals[0].entries {
        if let TurnInput::Letter(Addressee::Agent(agent)) = entry.input {
            handled[agent.0 as usize] += 1;
        }
    }
    let hot = handled.iter().filter(|&&handled| handled >= 200_000).count();
    assert_eq!(hot, 1, "{handled:?}");
    let longest = |timing| results.recoveries[0].longest(timing).unwrap_or_default();
    let (others, own) = (longest(Timing::RouterWait), longest(Timing::AgentWait));
    // They wait while the messages are sent, which is part of what the last of these waits.
    assert!(others * 3 < own * 2, "others wait for {others:?}, the hot one's messages for {own:?}");
    assert!(longest(Timing::DeadlineLateness) * 3 < own * 2, "{:?}", results.recoveries[0]);
    assert_eq!(results.account(Mailbox::Agents).dead, 0);
}

/// Every arrival that did not come while nobody was there is answered and closed once, though all
/// actors and mailboxes go twice: with words of consumers and agents in them that nobody has handled,
/// conversations that are not open yet, and timers.
#[test]
fn a_shard_whose_thread_stops_goes_on_on_another_and_no_conversation_is_lost() {
    let scenario = parse(
        "run.until = '1h'\n\
         agents.chat = { count = 40, concurrency = 5, reply_time = '20s' }\n\
         consumers.web = { arrivals = '12000/h', messages = 3, think = '10s' }\n\
         unassign = { enabled = true, timeout.online = '50s' }\n\
         [stress]\nfor = '2s'\nspeed = 600\nshards = 2\ndrain = '50s'\nlate_after = '1h'\n\
         mailbox = 100000\ncalm = '1s'\n\
         [[stress.fault]]\nat = '500ms'\nstop_shards = 2\nover = '300ms'\n\
         [[stress.fault]]\nat = '1200ms'\nstop_shards = 1\n",
    );
    let results = run_with_journal(&scenario, Clone::clone);
    let count = |count| results.figures.count(count);
    assert_eq!(count(Count::Stopped), 3);
    assert!(count(Count::Replaced) > 3 * 20, "only {} replaced", count(Count::Replaced));
    let opened = all_are_served(&results, 3);
    assert!(opened > 2_000, "only {opened} opened");
    let arrivals = results.account(Mailbox::Arrivals);
    assert_eq!(arrivals.handled, opened, "whoever got in opened its conversation");
    assert_eq!(arrivals.sent, arrivals.handled + arrivals.dead + arrivals.refused);
    let dead = Mailbox::ALL.map(|mailbox| results.account(mailbox).dead).iter().sum::<u64>();
    assert_eq!(count(Count::Lost), dead);
    for recovery in &results.recoveries {
        assert!(recovery.recovered.is_some(), "{recovery:?}");
    }
    for (journal, shard) in results.journals.iter().zip(0..) {
        let plan = &scenario.variants[0].plan;
        let centre = shiftstorm::stress::part(&plan.centre, shard, results.shards);
        let streams = ShardStreams::new(plan.run.seed, shard);
        shiftstorm::simulation::replay::replay(centre, streams, journal)
            .unwrap_or_else(|divergence| panic!("shard {shard}: {divergence}"));
    }
}

#[test]
fn a_flood_a_login_storm_and_flapping_are_told_of_fault_by_fault() {
    let scenario = parse(
        "run.until = '1h'\nagents.chat = { count = 20, reply_time = '10s' }\n\
         agents.mail = { count = 10, reply_time = '10s' }\n\
         consumers.web = { arrivals = '1000/h', messages = 1 }\n\
         [stress]\nfor = '2s'\nspeed = 600\nshards = 2\nmailbox = 100000\nlate_after = '1h'\n\
         [[stress.fault]]\nat = '100ms'\nflood = 300\n\
         [[stress.fault]]\nat = '300ms'\nlog_out = 1\ngroup = 'mail'\n\
         [[stress.fault]]\nat = '800ms'\nlog_in = 1\nover = '100ms'\n\
         [[stress.fault]]\nat = '1s'\nflap = 0.5\ngroup = 'chat'\ntimes = 3\nover = '500ms'\n",
    );
    let results = run(&scenario, Clone::clone);
    assert_eq!(results.figures.count(Count::LoggedOut), 10 + 10 * 3);
    let scheduled = results.figures.count(Count::Scheduled);
    assert!(scheduled >= 300 + 250, "{scheduled} arrivals with the flood");
    let names = results.recoveries.iter().map(|recovery| recovery.step.fault.name());
    assert_eq!(Vec::from_iter(names), ["flood", "log_out", "log_in", "flap"]);
    assert_eq!(results.recoveries[3].count(Count::LoggedOut), 30);
}

fn tell(what: &str, results: &StressResults) {
    let millis = |timing| {
        let histogram = results.figures.timing(timing);
        let quantile = |quantile| histogram.value_at_quantile(quantile) as f64 / 1e6;
        format!("p99 {:.3} ms, longest {:.3} ms", quantile(0.99), quantile(1.0))
    };
    println!("{what}: recovered after {:?}", results.recoveries[0].recovered);
    println!("  a router's turn: {}", millis(Timing::RouterHandler));
    println!("  a deadline's lateness: {}", millis(Timing::DeadlineLateness));
    println!("  any other timer's: {}", millis(Timing::TimerLateness));
}
