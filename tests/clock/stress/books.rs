//! What is left and what was counted when a run is over: every figure adds up with the others.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use shiftstorm::base::arrivals::{ArrivalProcess, Trace};
use shiftstorm::base::ids::{ConversationId, SkillId};
use shiftstorm::base::time::Time;
use shiftstorm::model::event::Event;
use shiftstorm::model::settings::Centre;
use shiftstorm::stress::{Count, Mailbox, StressJob, StressResults, ThresholdVerdict, Timing};

use super::{parse, run, run_with_journal, with_arrivals};

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

/// The router stands still from 500 ms on and cannot take all that comes: in the mailbox there is room for
/// 1,000. What it had begun with then, what waits and what was refused add up to what was scheduled.
#[test]
fn every_arrival_is_in_one_column() {
    let results = each_millisecond(
        "timeout.online = '1s'",
        "for = '2s'\nmailbox = 1000\nlate_after = '1h'\n\
         [[stress.fault]]\nat = '500ms'\nstall = '20s'\n",
        2_000,
    );
    let arrivals = results.arrivals;
    assert!(arrivals.balances() && arrivals.scheduled == 2_000, "{arrivals:?}");
    assert!((300..=550).contains(&(arrivals.opened + arrivals.started)), "{arrivals:?}");
    // Others write to the router too.
    assert!((600..=1_001).contains(&arrivals.waiting), "{arrivals:?}");
    assert_eq!(arrivals.refused, results.figures.count(Count::Refused));
    assert_eq!(arrivals.opened, results.figures.count(Count::Opened));
    let handled = Mailbox::ALL.iter().map(|&mailbox| results.account(mailbox).handled);
    assert_eq!(handled.sum::<u64>(), results.figures.count(Count::Messages));
}

/// The router stands still for 20 s when the run is stopped in its second second.
#[test]
fn a_run_that_stands_still_can_be_stopped() {
    let scenario = parse(
        "run.until = '1h'\nagents.chat = { count = 20 }\nconsumers.web.arrivals = '100/s'\n\
         [stress]\nfor = '60s'\nshards = 1\nlate_after = '1h'\n\
         [[stress.fault]]\nat = '500ms'\nstall = '20s'\n",
    );
    let (plan, settings) = (scenario.variants[0].plan.clone(), scenario.stress.clone());
    let stop = AtomicBool::new(false);
    let job = StressJob { plan, settings, journal: false };
    let (results, took) = thread::scope(|scope| {
        let run = scope.spawn(|| job.run(&stop, |_| {}).unwrap());
        thread::sleep(Duration::from_millis(1_500));
        stop.store(true, Ordering::Relaxed);
        let asked = Instant::now();
        (run.join().unwrap(), asked.elapsed())
    });
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert!(results.interrupted && results.load < Duration::from_secs(3), "{:?}", results.load);
    assert!(results.timing(Timing::Admission).unfinished() > 80);
}

/// The numbers of all who came, and the skill that each asked for, by the journals of the shards.
fn who_came(shards: u32) -> Vec<(ConversationId, SkillId)> {
    let scenario = parse(&format!(
        "run = {{ until = '1h', seed = 5 }}\n\
         skills = ['chat', 'law']\n\
         agents.chat = {{ count = 8, skills = ['chat', 'law'], reply_time = '1h' }}\n\
         consumers.web = {{ arrivals = '200/s', skills = {{ chat = 0.5, law = 0.5 }} }}\n\
         consumers.app = {{ arrivals = '50/s', skill = 'law' }}\n\
         [stress]\nfor = '1s'\nlate_after = '1h'\nshards = {shards}\n"
    ));
    let results = run_with_journal(&scenario, Clone::clone);
    assert_eq!((results.shards, results.arrivals.lost), (shards, 0));
    let events = results.journals.iter().flat_map(|journal| &journal.events);
    let mut came = Vec::from_iter(events.filter_map(|(_, event)| match *event {
        Event::Opened { id, skill, .. } => Some((id, skill)),
        _ => None,
    }));
    came.sort_unstable();
    assert_eq!(came.len() as u64, results.arrivals.scheduled);
    came
}

#[test]
fn the_same_people_come_however_many_shards_there_are() {
    let one = who_came(1);
    assert!((150..400).contains(&one.len()), "{} came", one.len());
    assert!([2, 3].map(who_came).iter().all(|many| *many == one));
}

/// So many arrivals, each in the middle of a millisecond; the plan lasts ten seconds.
fn each_millisecond(unassign: &str, stress: &str, arrivals: i64) -> StressResults {
    let scenario = parse(&format!(
        "run.until = '10s'\n\
         agents.chat = {{ count = 2000, concurrency = 10, \
         reply_time.exponential.mean = '900ms' }}\n\
         consumers.web = {{ arrivals = '1/h', messages = 1, patience = '1h' }}\n\
         unassign = {{ enabled = true, {unassign} }}\n\
         [stress]\nshards = 1\n{stress}"
    ));
    let instants = (0..arrivals).map(|number| Time::from_micros(500 + number * 1_000));
    let arrivals = ArrivalProcess::Trace(Trace::new(instants.collect()).unwrap());
    run(&scenario, |centre: &Centre| with_arrivals(centre, arrivals))
}

/// A second at 1,000 a second in which the router stands still, then four at 500 a second.
#[test]
fn a_stage_has_thresholds_and_rates_of_its_own() {
    let results = each_millisecond(
        "timeout.online = '9s'",
        "thresholds = ['p50(admission) @ rest < 100ms', 'p50(admission) @ \"stage 1\" > 300ms', \
         'rate(scheduled) @ rest >= 499/s', 'rate(scheduled) @ rest < 501/s', 'refused @ rest == 0', \
         'recovery <= 3500ms', 'recovery > 1s', 'not_recovered == 0']\n\
         mailbox = 10000\n\
         [[stress.fault]]\nat = '0s'\nstall = '1s'\n\
         [[stress.stage]]\nfor = '1s'\npace = 1\n\
         [[stress.stage]]\nname = 'rest'\nfor = '4s'\npace = 0.5\n",
        3_000,
    );
    let judged = results.judged();
    let unmet = judged.iter().filter(|judged| judged.verdict() != ThresholdVerdict::Met);
    let unmet = Vec::from_iter(unmet.map(|it| format!("{}: {:?}", it.threshold, it.value)));
    assert!(unmet.is_empty(), "{unmet:?}");
    let stages = Vec::from_iter(results.stages());
    let scheduled = Vec::from_iter(stages.iter().map(|it| it.figures.count(Count::Scheduled)));
    assert_eq!(scheduled, [1_000, 2_000]);
    assert_eq!(stages[1].rate(Count::Scheduled), Some(500.0));
}
