//! The wall-clock run as a whole: that it tells the truth, and that a flood starves no deadline.
//!
//! These tests take the time they take; they compare with the load they make, never with the speed
//! of a machine.

mod books;
mod checker;
mod faults;
mod moves;
mod unfinished;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use shiftstorm::base::arrivals::{ArrivalProcess, Trace};
use shiftstorm::base::time::Time;
use shiftstorm::model::settings::{Centre, ConsumerKind};
use shiftstorm::scenario::{self, Plan, Scenario, Source};
use shiftstorm::stress::{Count, Mailbox, StressJob, StressResults, Timing};

/// The router stands still for 6 s of 10. Of arrivals evenly spread over the 10 s, four of ten wait
/// for nothing and the others evenly between 0 and 6 s: the median is 1 s and the 90th percentile
/// 5 s. A tool that waits for each answer before it sends again meets the stall once.
#[test]
fn a_router_that_stands_still_for_six_seconds_of_ten_is_reported_so() {
    let scenario = parse(
        "agents.chat = { count = 20, concurrency = 1000, reply_time = '10ms' }\n\
         consumers.web.arrivals = '1/h'\n\
         [stress]\nfor = '10s'\nmailbox = 100000\nshards = 1\n\
         [[stress.fault]]\nat = '2s'\nstall = '6s'\n",
    );
    // Every 10 ms, in the middle of its stretch.
    let instants = (0..1_000).map(|number| Time::from_micros(5_000 + number * 10_000));
    let arrivals = ArrivalProcess::Trace(Trace::new(instants.collect()).unwrap());
    let results = run(&scenario, |centre| with_arrivals(centre, arrivals));
    assert_eq!(results.figures.count(Count::Scheduled), 1_000);
    assert_eq!(results.account(Mailbox::Arrivals).refused, 0);
    let seconds =
        |timing, quantile| results.figures.timing(timing).value_at_quantile(quantile) as f64 / 1e9;
    for timing in [Timing::Admission, Timing::AdmissionFromSent] {
        let (median, ninety) = (seconds(timing, 0.5), seconds(timing, 0.9));
        assert!((median - 1.0).abs() < 0.1, "{}: median {median}", timing.name());
        assert!((ninety - 5.0).abs() < 0.5, "{}: 90 % within {ninety}", timing.name());
    }
    let (median, longest) =
        (seconds(Timing::AdmissionOneAtATime, 0.5), seconds(Timing::AdmissionOneAtATime, 1.0));
    assert!(median < 0.1, "one at a time: median {median}");
    assert!(longest > 5.0, "one at a time: longest {longest}");
}

#[test]
fn a_flood_does_not_starve_deadlines() {
    let scenario = parse(
        "run.until = '10m'\n\
         agents.chat = { count = 50, concurrency = 10, reply_time = '10m' }\n\
         consumers.web.arrivals = '100000/s'\n\
         unassign = { enabled = true, timeout.online = '1s', exclude = 'none' }\n\
         [stress]\nfor = '1500ms'\nspeed = 20.0\nmailbox = 60000\nshards = 1\nlate_after = '1h'\n",
    );
    let results = run(&scenario, Centre::clone);
    let refused = results.account(Mailbox::Arrivals).refused;
    assert!(refused > 1_000, "this is no flood: only {refused} refused");
    let unassigned = results.figures.count(Count::Unassigned);
    assert!(unassigned > 1_000, "only {unassigned} deadlines fired");
    let median = |timing| results.figures.timing(timing).value_at_quantile(0.5);
    let (late, waited) = (median(Timing::DeadlineLateness), median(Timing::RouterWait));
    assert!(late * 5 < waited, "deadlines are {late} ns late, messages wait for {waited} ns");
}

#[test]
fn a_closed_population_comes_again_and_is_called_closed() {
    let scenario = parse(
        "run.until = '1h'\nagents.chat = { count = 10, reply_time = '10s' }\n\
         consumers.web = { messages = 1, arrivals.closed = { population = 40, pause = '20s' } }\n\
         [stress]\nfor = '2s'\nspeed = 500.0\nshards = 3\nlate_after = '1h'\n",
    );
    let results = run(&scenario, Centre::clone);
    assert!(results.closed);
    assert_eq!(results.shards, 3);
    let (scheduled, opened) =
        (results.figures.count(Count::Scheduled), results.figures.count(Count::Opened));
    assert_eq!(scheduled, 40, "the generator sends each member once");
    assert!(opened > 200, "they come again, but only {opened} opened");
    assert!(results.memory.live <= 40, "{} live at a time", results.memory.live);
}

#[test]
fn a_run_drains_if_asked_to_and_ends_when_nothing_is_open() {
    let scenario = parse(
        "run.until = '1h'\nagents.chat = { count = 20, reply_time = '1m' }\n\
         consumers.web.arrivals = '300/h'\n\
         [stress]\nfor = '300ms'\nspeed = 12000.0\nshards = 1\ndrain = '50s'\nlate_after = '1h'\n",
    );
    let results = run(&scenario, Centre::clone);
    assert!(results.length.as_secs() < 40, "it took {:?}", results.length);
    assert_eq!(results.outcome.flow.open_at_end, 0);
    let opened = results.figures.count(Count::Opened);
    assert!(opened > 100 && results.figures.count(Count::Closed) == opened, "{opened} opened");
}

fn parse(text: &str) -> Scenario {
    let source = Source { name: "day.toml".to_owned(), text: text.to_owned() };
    scenario::parse(source, Path::new("")).unwrap_or_else(|findings| panic!("{findings}"))
}

fn with_arrivals(centre: &Centre, arrivals: ArrivalProcess) -> Centre {
    let kind = ConsumerKind { arrivals, ..centre.kinds[0].clone() };
    Centre { kinds: vec![kind], ..centre.clone() }
}

/// Everybody was answered each time, once, and is gone. Returns how many that were.
fn all_are_served(results: &StressResults, messages: u64) -> u64 {
    assert!(results.length.as_secs() < 40, "somebody was never told that it is over");
    let count = |count| results.figures.count(count);
    let opened = count(Count::Opened);
    assert!(opened > 1_000, "only {opened} opened");
    assert_eq!(count(Count::Closed), opened);
    assert_eq!(count(Count::Answered), messages * opened, "each message is answered once");
    assert_eq!(results.outcome.flow.open_at_end, 0);
    opened
}

/// Nobody lost what was sent to such mailboxes.
fn nothing_is_dead(results: &StressResults, mailboxes: &[Mailbox]) {
    for &mailbox in mailboxes {
        assert_eq!(results.account(mailbox).dead, 0, "{}", mailbox.name());
    }
}

fn run(scenario: &Scenario, change: impl FnOnce(&Centre) -> Centre) -> StressResults {
    run_job(scenario, change, false)
}

fn run_with_journal(scenario: &Scenario, change: impl FnOnce(&Centre) -> Centre) -> StressResults {
    run_job(scenario, change, true)
}

fn run_job(
    scenario: &Scenario,
    change: impl FnOnce(&Centre) -> Centre,
    journal: bool,
) -> StressResults {
    let plan = &scenario.variants[0].plan;
    let plan = Arc::new(Plan { centre: change(&plan.centre), ..Plan::clone(plan) });
    let job = StressJob { plan, settings: scenario.stress.clone(), journal };
    job.run(&AtomicBool::new(false), |_| {}).unwrap_or_else(|failure| panic!("{failure}"))
}
