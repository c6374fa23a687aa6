//! What is unfinished, or was never begun, when a run ends, and rates over the time of the load.

use std::time::Duration;

use shiftstorm::base::arrivals::{ArrivalProcess, Trace};
use shiftstorm::base::time::Time;
use shiftstorm::model::settings::Centre;
use shiftstorm::stress::{Count, StressResults, ThresholdVerdict, Timing};

use super::{parse, run, with_arrivals};

/// The router stands still for the last 1.5 s of 3 s, then has as long as it needs. Of 3,000 arrivals, one each
/// millisecond, those of the second half wait evenly between 0 and 1.5 s, so 99 % wait for at most
/// 1.5 - 0.03 = 1.47 s.
#[test]
fn what_waits_at_the_end_of_the_load_is_handled_and_timed() {
    let results = each_millisecond(
        "for = '3s'\ndrain = '9s'\nthresholds = ['p99(admission) < 1s']\n\
         [[stress.fault]]\nat = '1500ms'\nstall = '1500ms'\n",
        3_000,
    );
    let admission = results.timing(Timing::Admission);
    assert_eq!((admission.all().len(), admission.unfinished()), (3_000, 0));
    assert!(seconds(admission.at_least(0.99)) >= 1.46, "{}", admission.at_least(0.99));
    assert_eq!(verdicts(&results), [ThresholdVerdict::Missed]);
    // What happens after the load is no part of its rates.
    assert!(results.rate(Count::Opened) < 600.0, "{}", results.rate(Count::Opened));
    assert_eq!(results.rate(Count::Scheduled), 1_000.0);
}

/// The router stands still from 1 s until long after the end of the load at 2 s, which ends the run at
/// 3 s. The arrivals of the first second were opened at once, the 1,000 of the other had waited evenly
/// between 1 and 2 s by then, so half of them, a quarter of all, for at least 1.5 s, and nobody knows for
/// how long they will.
#[test]
fn what_is_unfinished_counts_with_what_is_known_of_it() {
    let results = each_millisecond(
        "for = '2s'\nthresholds = ['p40(admission) < 1s', 'p75(admission) < 1s', \
         'p75(admission) < 1h', 'max(admission) < 1h', 'mean(admission) >= 700ms']\n\
         [[stress.fault]]\nat = '1s'\nstall = '4s'\n",
        2_000,
    );
    use ThresholdVerdict::{Met, Missed, Unknown};
    assert_eq!(verdicts(&results), [Met, Missed, Unknown, Unknown, Met]);
    let admission = results.timing(Timing::Admission);
    assert!((900..=1_100).contains(&admission.unfinished()), "{}", admission.unfinished());
    assert!(
        (1.48..1.8).contains(&seconds(admission.at_least(0.75))),
        "{}",
        admission.at_least(0.75)
    );
    assert!(results.length < Duration::from_millis(3_800), "{:?}", results.length);
    assert_eq!((admission.all().len(), admission.at_most(0.75)), (2_000, None));
}

/// The clock of the shard stands still from 2 s on. Of 1,000 arrivals a second e^(-1 / 0.9) = 33 % are
/// not answered within the 1 s after which they are reassigned, so about 330 deadlines a second fall
/// due from 1 s on; those of the last three of the four seconds are never handled. A quarter is, so
/// half of all are at least 1 s late, and 99 % not less than 2.96 s.
#[test]
fn deadlines_that_a_clock_never_shows_are_overdue() {
    let results = each_millisecond(
        "for = '5s'\nthresholds = ['p99(deadline_lateness) < 10ms']\n\
         [[stress.fault]]\nat = '2s'\nclock_stall = '20s'\n",
        5_000,
    );
    let late = results.timing(Timing::DeadlineLateness);
    assert!(late.unfinished() > 900, "{} of {}", late.unfinished(), late.all().len());
    assert!(seconds(late.at_least(0.5)) >= 0.99, "{}", late.at_least(0.5));
    assert!(seconds(late.at_least(0.99)) >= 2.96, "{}", late.at_least(0.99));
    assert_eq!(verdicts(&results), [ThresholdVerdict::Missed]);
}

/// Twenty seconds of the scenario pass in two thirds of a second, with 9,000,000 arrivals in each: of
/// 6,000,000 only some are sent in that time and the second that is left then. The number is random with a
/// deviation of 2,449; those that were not sent are counted for a second at most.
#[test]
fn what_was_planned_and_not_sent_is_late() {
    let scenario = parse(
        "run.until = '20s'\nagents.chat = {}\nconsumers.web.arrivals = '300000/s'\n\
         stress = { for = '5s', speed = 30.0, late_after = '1h', shards = 1 }",
    );
    let results = run(&scenario, Centre::clone);
    let (unsent, due) = (results.figures.count(Count::Unsent), results.due());
    assert!(due < 6_015_000 && unsent > 300_000, "{unsent} of {due}");
    assert_eq!(results.figures.count(Count::Late), 0);
    assert!(!results.is_valid());
    assert_eq!(results.planned.as_millis(), 666);
}

/// Nothing arrives within the load, so that nothing was refused says nothing.
#[test]
fn where_nothing_is_to_come_nothing_is_met() {
    let results = each_millisecond("for = '1s'\nthresholds = ['refused == 0', 'dead == 0']\n", 0);
    assert_eq!(verdicts(&results)[0], ThresholdVerdict::Unknown);
}

/// 2,000 arrivals in 2 s and then a drain: 1,000 a second, not 2,000 in the time that it all takes.
#[test]
fn rates_are_over_the_time_of_the_load() {
    let thresholds = "thresholds = ['rate(scheduled) >= 1000/s', 'rate(opened) >= 900/s']";
    let results = each_millisecond(&format!("for = '2s'\ndrain = '8s'\n{thresholds}\n"), 2_000);
    assert!(results.length > Duration::from_millis(2_500), "{:?}", results.length);
    assert_eq!(verdicts(&results), [ThresholdVerdict::Met; 2]);
}

/// Half a second at the end is half a row: about 500 arrivals in it are 1,000 a second.
#[test]
fn a_partial_second_is_a_partial_row() {
    let results = each_millisecond("for = '1500ms'\n", 2_000);
    let last = results.series.rows().last().unwrap();
    assert_eq!(
        (last.until, last.length),
        (Duration::from_millis(1_500), Duration::from_millis(500))
    );
    // Some that were scheduled in the second before may have been sent in this one.
    let sent = last.count(Count::Scheduled);
    assert!((500..550).contains(&sent), "{sent}");
    assert_eq!(last.rate(Count::Scheduled), 2.0 * sent as f64);
}

/// So many arrivals, each in the middle of a millisecond; the plan lasts ten seconds.
fn each_millisecond(stress: &str, arrivals: i64) -> StressResults {
    let scenario = parse(&format!(
        "run.until = '10s'\n\
         agents.chat = {{ count = 2000, concurrency = 10, \
         reply_time.exponential.mean = '900ms' }}\n\
         consumers.web = {{ arrivals = '1/h', messages = 1, patience = '1h' }}\n\
         unassign = {{ enabled = true, timeout.online = '1s' }}\n\
         [stress]\nmailbox = 100000\nshards = 1\n{stress}"
    ));
    let instants = (0..arrivals).map(|number| Time::from_micros(500 + number * 1_000));
    let arrivals = ArrivalProcess::Trace(Trace::new(instants.collect()).unwrap());
    run(&scenario, |centre: &Centre| with_arrivals(centre, arrivals))
}

fn verdicts(results: &StressResults) -> Vec<ThresholdVerdict> {
    results.judged().iter().map(|judged| judged.verdict()).collect()
}

fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}
