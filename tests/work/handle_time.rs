//! Handle time as planners know it, turned into the work of a reply.

use std::collections::BTreeMap;

use shiftstorm::base::ids::{AgentId, ConversationId, SkillId};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::event::Status;
use shiftstorm::scenario::{Scenario, Source, estimate, parse};

use crate::common::{Tale, scene};

fn read(text: &str) -> Result<Scenario, String> {
    let source = Source { name: "test.toml".to_owned(), text: text.to_owned() };
    parse(source, "").map_err(|findings| findings.to_string())
}

/// The factor on reply times in a conversation opened after so many minutes.
fn factor(scenario: &Scenario, minutes: i64) -> f64 {
    let kind = &scenario.variants[0].plan.centre.kinds[0];
    kind.work_factor(SkillId(0), Time::ZERO + Span::from_mins(minutes))
}

/// The work of a reply, seconds, that stands behind a handle time of agents whose reply times are
/// exponential.
fn work(agents: &str, consumers: &str, handle_time: &str) -> f64 {
    let text = format!(
        "agents.chat = {{ reply_time = {{ exponential = {{ mean = '60s' }} }}, {agents} }}
         consumers.web = {{ arrivals = '1/h', {consumers}, handle_time = {{ {handle_time} }} }}"
    );
    60.0 * factor(&read(&text).unwrap_or_else(|findings| panic!("{findings}\n{text}")), 0)
}

#[test]
fn work_comes_from_handle_times_as_worked_out_by_hand() {
    let near = |found: f64, exact: f64| assert!((found - exact).abs() < 1e-6, "{found} {exact}");
    // (300 − 30) / 6.
    let active = "is = 'active', mean = '5m'";
    near(work("wrap_up = '30s'", "messages = 6", active), 45.0);
    // One conversation at a time: 8 min less 5 pauses of 60 s are 180 s for 6 answers.
    let alone = "is = 'owned', mean = '8m', at_concurrency = 1";
    near(work("", "messages = 6, think = '60s'", alone), 30.0);
    // With a wrap-up of 30 s in it, 150 s.
    let session = "is = 'session', mean = '8m', at_concurrency = 1";
    near(work("wrap_up = '30s'", "messages = 6, think = '60s'", session), 25.0);
    // Two at a time and one message each: the other always comes first, so that half is work.
    near(work("", "messages = 1", "is = 'owned', mean = '2m', at_concurrency = 2"), 60.0);
    // Unlimited messages are V13 a; 6,000 of them are nearly that: 3 at a time, 45 s, 30 s of work.
    let many =
        format!("is = 'owned', mean = '{}s', at_concurrency = 3", 6000.0 * 58.9655 + 5999.0 * 45.0);
    assert!((work("", "messages = 6000, think = '45s'", &many) - 30.0).abs() < 0.01);
    // Side by side nothing waits, and the more are open the slower.
    let parallel = "attention = 'parallel', concurrency = 3, slowdown = [1, 1.5, 2]";
    near(work(parallel, "messages = 1", "is = 'owned', mean = '2m', at_concurrency = 2"), 80.0);
    near(
        work(parallel, "messages = 1", "is = 'owned', mean = '2m', at_concurrency = 2.5"),
        120.0 / 1.75,
    );
}

#[test]
fn what_leaves_no_time_for_work_is_told_with_both_bounds() {
    let refused = |agents: &str, consumers: &str, handle_time: &str| {
        let text = format!(
            "agents.chat = {{ {agents} }}
             consumers.web = {{ arrivals = '1/h', {consumers}, handle_time = {{ {handle_time} }} }}"
        );
        read(&text).expect_err("not sound")
    };
    let text = refused(
        "",
        "messages = 6, think = '90s'",
        "is = 'session', mean = '6m', at_concurrency = 2",
    );
    for words in [
        "a handle time that leaves no time for work",
        "found 6m",
        "allowed: more than 7m 30s, of which 5 times 1m 30s are the consumer's thinking",
        "`think` would have to be below 1m 12s",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let text = refused("wrap_up = '40s'", "messages = 6", "is = 'active', mean = '30s'");
    assert!(text.contains("more than 40s, the wrap-up"), "{text}");
    let text = refused("", "messages = 6", "mean = '6m'");
    assert!(text.contains("`consumers.web.handle_time.is` is missing"), "{text}");
    let text = refused("", "messages = 6", "is = 'aht', mean = '6m'");
    assert!(text.contains("one of `active`, `owned`, `session`"), "{text}");
    let text = refused("", "messages = 6", "is = 'owned', mean = '20m'");
    assert!(text.contains("`consumers.web.handle_time.at_concurrency` is missing"), "{text}");
    let text = refused("", "messages = 'unlimited'", "is = 'active', mean = '20m'");
    assert!(text.contains("never end"), "{text}");
    let text = refused("reply_time = '0s'", "messages = 6", "is = 'active', mean = '6m'");
    assert!(text.contains("the reply time of the agents is 0"), "{text}");
}

/// Handle time and conversations at a time, as a platform measures them: from the assignment to the close,
/// and while an agent has any.
struct Measured {
    owned: f64,
    at_a_time: f64,
}

fn measure(tale: &Tale, from: Time, until: Time) -> Measured {
    let (mut assigned, mut of) = (BTreeMap::<ConversationId, Time>::new(), Vec::new());
    let mut open = BTreeMap::<AgentId, (i64, Time)>::new();
    let (mut area, mut any) = (0.0, 0.0);
    let mut hold = |open: &mut BTreeMap<AgentId, (i64, Time)>, agent, now: Time, more| {
        let (count, since) = open.entry(agent).or_insert((0, from));
        let held = (now.min(until).max(from) - (*since).min(until)).as_secs_f64();
        area += *count as f64 * held;
        any += if *count > 0 { held } else { 0.0 };
        (*count, *since) = (*count + more, now.max(from));
    };
    for (at, change) in tale.changes() {
        if change.from == change.to {
            continue;
        }
        if let Some(agent) = change.from {
            hold(&mut open, agent, at, -1);
        }
        if let Some(agent) = change.to {
            hold(&mut open, agent, at, 1);
            assigned.entry(change.id).or_insert(at);
        }
        if change.status == Status::Resolved && at < until {
            let since = assigned.get(&change.id).filter(|since| **since >= from);
            of.extend(since.map(|since| (at - *since).as_secs_f64()));
        }
    }
    let agents = Vec::from_iter(open.keys().copied());
    agents.iter().for_each(|&agent| hold(&mut open, agent, until, 0));
    Measured { owned: of.iter().sum::<f64>() / of.len() as f64, at_a_time: area / any }
}

/// What is derived from handle times measured in replications of a run in which the work is known: mean
/// and standard error of the work of a reply, seconds, and of what handle time over concurrency gives.
fn derived(agents: &str, consumers: &str, arrivals: &str, hours: i64) -> [f64; 3] {
    let text = |own: &str, arrivals: &str| {
        format!(
            "run = {{ until = '{hours}h', end = 'cut' }}
             agents.chat = {{ {agents} }}
             consumers.web = {{ {arrivals}, {consumers}{own} }}"
        )
    };
    let plan = read(&text("", arrivals)).expect("sound").variants.remove(0).plan;
    let mut works = Vec::new();
    let mut divided = 0.0;
    for replication in 0..REPLICATIONS {
        let tale = Tale::of_replication(&plan, replication);
        let (from, until) = (Time::from_secs(3600), Time::ZERO + Span::from_hours(hours));
        let Measured { owned, at_a_time } = measure(&tale, from, until);
        let handle_time = format!(
            ", handle_time = {{ is = 'owned', mean = '{owned:.6}s', at_concurrency = {at_a_time:.6} }}"
        );
        let scenario = read(&text(&handle_time, arrivals)).expect("sound");
        works.push(factor(&scenario, 0));
        divided += owned / at_a_time / REPLICATIONS as f64;
    }
    let count = works.len() as f64;
    let mean = works.iter().sum::<f64>() / count;
    let variance = works.iter().map(|work| (work - mean).powi(2)).sum::<f64>() / (count - 1.0);
    [mean, (variance / count).sqrt(), divided]
}

const REPLICATIONS: u64 = 8;

/// An agent who always has three: the derivation is exact, so that the interval has to hold the truth.
#[test]
fn known_work_comes_back_from_measured_handle_times() {
    let agents = "count = 2, concurrency = 3, reply_time = { exponential = { mean = '30s' } }";
    let consumers = "messages = { geometric = 0.2 }, think = { exponential = { mean = '45s' } }";
    let [factor, error, divided] = derived(agents, consumers, "arrivals = '400/h'", 30);
    assert!(error < 0.01 && (factor - 1.0).abs() < 4.0 * error, "{factor} ± {error}");
    // 150 s of replies a conversation are what there is.
    assert!(divided > 1.05 * 150.0, "{divided}");
}

/// Agents with more and fewer conversations: nearly so.
#[test]
fn known_work_comes_nearly_back_where_concurrency_changes() {
    for (reply_time, wrap_up) in [
        ("{ exponential = { mean = '30s' } }", "0s"),
        ("{ lognormal = { mean = '30s', cv = 1.5 } }", "0s"),
        ("'30s'", "20s"),
    ] {
        let agents =
            format!("count = 3, concurrency = 4, reply_time = {reply_time}, wrap_up = '{wrap_up}'");
        let consumers =
            "messages = { geometric = 0.2 }, think = { exponential = { mean = '45s' } }";
        let [factor, error, divided] = derived(&agents, consumers, "arrivals = '50/h'", 60);
        assert!((factor - 1.0).abs() < 0.15 + 4.0 * error, "{reply_time}: {factor} ± {error}");
        assert!(divided / 150.0 > 1.15 * factor, "{reply_time}: {divided}");
    }
}

#[test]
fn a_factor_is_that_of_the_opening_and_multiplies_the_draw() {
    let of = |handle_time: &str| {
        scene(
            "run.until = '2h'
             agents.ann = { reply_time = { lognormal = { mean = '60s', cv = 1 } }, concurrency = 1 }
             consumers.web.messages = 2
             consumers.web.think = '10s'",
        )
        .with(handle_time)
        .visits("web", "0 3000")
        .run()
        .facts("answered")
    };
    let wrote = |line: &String| {
        let text = line.rsplit("wrote ").next().expect("there").to_owned();
        text.parse::<f64>().expect("seconds")
    };
    let plain = Vec::from_iter(of("").iter().map(wrote));
    // 240 s of work on two answers: twice the 60 s of a reply.
    let twice = of("consumers.web.handle_time = { is = 'active', mean = '4m' }");
    assert_eq!(plain.len(), 4);
    for (one, other) in plain.iter().zip(twice.iter().map(wrote)) {
        assert!((other / one - 2.0).abs() < 1e-5, "{one} {other}");
    }
}

#[test]
fn handle_times_of_a_table_hold_by_interval_and_skill() {
    let table = "time,skill,volume,AHT\n08:00,Chat,10,120\n08:30,Chat,20,240\n09:00,Chat,0,\n\
                 09:30,Chat,10,180\n08:00,Mail,2,600\n08:30,Mail,1,600\n09:00,Mail,1,600\n09:30,Mail,1,600\n\
                 Total,,45,\n";
    let files = || BTreeMap::from([("plan.csv".to_owned(), table.as_bytes().to_vec())]);
    let text = "run = { starts_at = '08:00', until = '2h' }
        skills = ['chat', 'mail']
        agents.team = { count = 5, reply_time = '60s' }
        consumers.web = { skill = 'chat', messages = 2, arrivals = { table = 'plan.csv' },
            handle_time = { is = 'active', table = 'plan.csv' } }
        consumers.post = { skill = 'mail', messages = 1, arrivals = { table = 'plan.csv' },
            handle_time = { is = 'active', table = 'plan.csv' } }";
    let source = |text: &str| Source { name: "test.toml".to_owned(), text: text.to_owned() };
    let scenario = parse(source(text), files()).unwrap_or_else(|it| panic!("{it}"));
    let kinds = &scenario.variants[0].plan.centre.kinds;
    let factors = |kind: usize, skill| {
        let opened = |minutes| Time::ZERO + Span::from_mins(minutes);
        [0, 29, 30, 60, 89, 90, 119].map(|at| kinds[kind].work_factor(SkillId(skill), opened(at)))
    };
    let near = |found: [f64; 7], exact: [f64; 7]| {
        assert!(
            found.iter().zip(exact).all(|(one, other)| (one - other).abs() < 1e-9),
            "{found:?}"
        );
    };
    // Two answers of 60, 120, and 90 s; at 09:00 nobody is expected, and 120 s go on.
    near(factors(0, 0), [1.0, 1.0, 2.0, 2.0, 2.0, 1.5, 1.5]);
    near(factors(1, 1), [10.0; 7]);
    // 10 × 120 + 20 × 240 + 10 × 180 s of chats, 5 × 600 s of mails.
    let work: f64 = estimate(&scenario.variants[0].plan).intervals.iter().map(|it| it.work).sum();
    assert!((work * 1800.0 - (1200.0 + 4800.0 + 1800.0 + 3000.0)).abs() < 1e-6, "{work}");
    let [echo] = &scenario.tables[..] else { panic!("one table: {:?}", scenario.tables) };
    let lines = echo.lines().join("\n");
    assert!(lines.contains("AHT = aht") && !lines.contains("not used"), "{lines}");
    assert_eq!(scenario.derivations.len(), 2);
    assert!(
        scenario.derivations[0].contains("2m to 4m of work on a conversation"),
        "{:?}",
        scenario.derivations
    );
    // The cell that is too short is shown.
    let text = text.replace("reply_time = '60s'", "reply_time = '60s', wrap_up = '2m'");
    let refused = parse(source(&text), files()).expect_err("not sound").to_string();
    for words in ["plan.csv:2:15", "found 2m", "more than 2m, the wrap-up"] {
        assert!(refused.contains(words), "{words}\n{refused}");
    }
}
