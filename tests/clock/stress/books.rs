//! What is left and what was counted when a run is over: every figure adds up with the others.

use shiftstorm::base::arrivals::{ArrivalProcess, Trace};
use shiftstorm::base::time::Time;
use shiftstorm::model::settings::Centre;
use shiftstorm::stress::{Count, StressResults};

use super::{parse, run, with_arrivals};

/// Of each conversation about a third is reassigned, and who had it is passed over for a minute. When the
/// last of them is over, nobody waits for that minute any more.
#[test]
fn no_timer_outlives_its_conversation() {
    let results = each_millisecond(
        "same_agent_after = '60s', timeout.online = '1s'",
        "for = '2s'\ndrain = '20s'\n",
        2_000,
    );
    assert!(results.figures.count(Count::Unassigned) > 400, "hardly anybody was reassigned");
    let last = results.series.rows().last().expect("there are rows");
    assert_eq!(last.state.live, 0);
    // An agent may still be at an answer that nobody waits for.
    assert!(last.state.timers < 30, "{} timers", last.state.timers);
    assert!(results.memory.timers < 4_000, "{} timers", results.memory.timers);
}

/// So many arrivals, each in the middle of a millisecond; the plan lasts ten seconds.
fn each_millisecond(unassign: &str, stress: &str, arrivals: i64) -> StressResults {
    let scenario = parse(&format!(
        "run.until = '10s'\n\
         agents.chat = {{ count = 2000, concurrency = 10, \
         reply_time.exponential.mean = '900ms' }}\n\
         consumers.web = {{ arrivals = '1/h', messages = 1, patience = '1h' }}\n\
         unassign = {{ enabled = true, {unassign} }}\n\
         [stress]\nmailbox = 100000\nshards = 1\n{stress}"
    ));
    let instants = (0..arrivals).map(|number| Time::from_micros(500 + number * 1_000));
    let arrivals = ArrivalProcess::Trace(Trace::new(instants.collect()).unwrap());
    run(&scenario, |centre: &Centre| with_arrivals(centre, arrivals))
}
