//! Conversations that go over to another shard: all arrive, with everything that belongs to them.

use shiftstorm::base::arrivals::{ArrivalProcess, Trace};
use shiftstorm::base::time::Time;
use shiftstorm::ledger::journal::TurnInput;
use shiftstorm::model::settings::Centre;
use shiftstorm::stress::{Count, Mailbox, StressResults, Timing};

use super::{all_are_served, nothing_is_dead, parse, run, run_with_journal, with_arrivals};

/// One expert, who is in the last of four shards.
fn centre(stress: &str) -> String {
    format!(
        "run.until = '1h'\n\
         skills = ['chat', 'law']\n\
         agents.chat = {{ count = 39, concurrency = 3, reply_time = '10s', skills = ['chat'], \
           hand_overs = [{{ share = 0.3, after = '3s', to = {{ skill = 'law' }} }}] }}\n\
         agents.expert = {{ concurrency = 1000, reply_time = '5s', attention = 'parallel', \
           skills = ['law'] }}\n\
         consumers.web = {{ arrivals = '6000/h', messages = 2, think = '10s', \
           skills = {{ chat = 0.8, law = 0.2 }} }}\n\
         [stress]\nfor = '2s'\nspeed = 600\nshards = 4\ndrain = '50s'\nlate_after = '1h'\n\
         mailbox = 100000\n{stress}"
    )
}

/// Whoever was let in was answered and is gone, wherever that was.
fn all_are_served_somewhere(results: &StressResults) {
    assert_eq!(results.shards, 4);
    let opened = all_are_served(results, 2);
    let flow = &results.outcome.flow;
    assert_eq!((flow.offered, flow.answered, flow.open_at_end), (opened, opened, 0));
    assert!(
        results.outcome.balances()
            && results.outcome.intervals.iter().all(|one| one.flow.balances())
    );
    let transferred = results.figures.count(Count::Transferred);
    assert!(transferred > opened / 5, "only {transferred} of {opened} went over");
    assert_eq!(results.account(Mailbox::Transfers).handled, transferred);
    // Timed are those that were about to leave while the load lasted: all that had arrived by its end, and
    // those on their way then, of whom each shard has few.
    let in_load = results.figures.in_load(Count::Transferred);
    let timing = results.timing(Timing::Transfer);
    let timed = timing.all().len();
    assert!((in_load..=transferred).contains(&timed), "{timed} of {transferred}, {in_load}");
    assert_eq!(timing.unfinished(), 0, "all have arrived");
    assert!(timed > 0 && timed - in_load <= opened / 10, "{timed} timed, {in_load} in the load");
}

#[test]
fn whoever_asks_for_the_only_expert_gets_there_from_every_shard() {
    let results = run(&parse(&centre("")), Centre::clone);
    all_are_served_somewhere(&results);
    assert_eq!(results.figures.count(Count::Scheduled), results.figures.count(Count::Opened));
    nothing_is_dead(&results, &Mailbox::ALL);
    let transfers = results.account(Mailbox::Transfers);
    assert_eq!(transfers.sent, transfers.handled);
}

#[test]
fn nobody_is_lost_on_the_way_when_consumers_panic_or_stop() {
    let faults = "[[stress.fault]]\nat = '100ms'\npanic = 1\nof = 'consumers'\nover = '1900ms'\n\
                  [[stress.fault]]\nat = '1s'\nstop = 1\nof = 'consumers'\n\
                  [[stress.fault]]\nat = '1500ms'\npanic = 1\nof = 'consumers'\n";
    let results = run(&parse(&centre(faults)), Centre::clone);
    all_are_served_somewhere(&results);
    assert!(results.figures.count(Count::Replaced) > 20);
    let mailboxes = [Mailbox::Arrivals, Mailbox::Router, Mailbox::Agents, Mailbox::Transfers];
    nothing_is_dead(&results, &mailboxes);
}

/// Those on their way to a shard whose thread stops are found by whoever goes on there.
#[test]
fn nobody_is_lost_on_the_way_when_threads_stop() {
    let faults = "[[stress.fault]]\nat = '700ms'\nstop_shards = 4\nover = '200ms'\n\
                  [[stress.fault]]\nat = '1300ms'\nstop_shards = 4\n";
    let results = run(&parse(&centre(faults)), Centre::clone);
    all_are_served_somewhere(&results);
    assert_eq!(results.figures.count(Count::Stopped), 8);
}

/// The clocks of the shards do not stop and go on together to the microsecond.
#[test]
fn nobody_arrives_before_it_left_by_a_clock_that_stands_still() {
    let faults = "[[stress.fault]]\nat = '500ms'\nclock_stall = '300ms'\n\
                  [[stress.fault]]\nat = '1200ms'\nclock_stall = '300ms'\n";
    all_are_served_somewhere(&run(&parse(&centre(faults)), Centre::clone));
}

/// The expert has nobody when the load ends, and is still there when the others hand over.
#[test]
fn a_shard_waits_for_those_who_may_still_come() {
    let scenario = parse(
        "run.until = '1h'\n\
         skills = ['chat', 'law']\n\
         agents.chat = { count = 3, skills = ['chat'], \
           hand_overs = [{ share = 1, after = '10m', to = { skill = 'law' } }] }\n\
         agents.expert = { concurrency = 9, reply_time = '5s', skills = ['law'] }\n\
         consumers.web = { arrivals = '1/h', messages = 1, skills = { chat = 1, law = 0 } }\n\
         [stress]\nfor = '100ms'\nspeed = 600\nshards = 4\ndrain = '50s'\nlate_after = '1h'\n",
    );
    let instants = (0..3).map(Time::from_secs).collect();
    let arrivals = ArrivalProcess::Trace(Trace::new(instants).expect("in order"));
    let results = run_with_journal(&scenario, |centre| with_arrivals(centre, arrivals));
    let count = |count| results.figures.count(count);
    assert_eq!((count(Count::Opened), count(Count::Transferred), count(Count::Closed)), (3, 3, 3));
    assert_eq!(results.outcome.flow.answered, 3);
    let arrives = |input: &TurnInput| matches!(input, TurnInput::Arrives(_));
    let mut entries = results.journals[3].entries.iter();
    let last = entries.rfind(|entry| arrives(&entry.input));
    assert!(last.expect("it came").at > Time::from_secs(600));
}
