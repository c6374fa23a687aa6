//! A few rows with samples worked out by hand.

use super::*;
use crate::log::LoggedConversation;

fn row(second: i64, conversation: u64, event: LoggedEvent) -> LogRow {
    LogRow {
        at: Time::from_secs(second),
        position: 0,
        part: 0,
        offset_minutes: 60,
        conversation: LoggedConversation(conversation),
        skill: Some(LoggedSkill(0)),
        event,
        from: None,
        agent: None,
        cause: None,
        state: None,
        digest: 0,
    }
}

fn consumer(second: i64, conversation: u64) -> LogRow {
    let from = Some(LoggedParty::Consumer);
    LogRow { from, ..row(second, conversation, LoggedEvent::Message) }
}

fn agent(second: i64, conversation: u64, event: LoggedEvent) -> LogRow {
    let (from, agent) = (Some(LoggedParty::Agent), Some(LoggedAgent(7)));
    LogRow { from, agent, ..row(second, conversation, event) }
}

fn closed(second: i64, conversation: u64, cause: LoggedCause) -> LogRow {
    LogRow { cause: Some(cause), ..row(second, conversation, LoggedEvent::Resolved) }
}

fn seconds(bins: &DurationBins) -> Vec<(f64, f64)> {
    bins.sample().ended.iter().map(|time| (time.seconds, time.weight)).collect()
}

/// 1 is answered after 30 s, of which 20 are work, asks two more things at once 100 s later, and is answered
/// after 40 s. 2 waits in the queue from 10 on and leaves at 200. 3 is taken away from its agent after 60 s,
/// of which the agent wrote to 1 until 10 s before.
#[test]
fn durations_of_a_small_log_are_as_worked_out_by_hand() {
    let agents = ObservedAgents::default();
    let mut observer = LogObserver::new(&agents, Span::ZERO);
    let (assigned, unassigned) = (LoggedEvent::Assigned, LoggedEvent::Unassigned);
    let timeout = LogRow {
        cause: Some(LoggedCause::Timeout),
        state: Some(LoggedState::Online),
        ..agent(160, 3, unassigned)
    };
    for row in [
        consumer(0, 1),
        agent(10, 1, assigned),
        consumer(10, 2),
        agent(30, 1, LoggedEvent::Message),
        consumer(100, 3),
        agent(100, 3, assigned),
        consumer(130, 1),
        consumer(135, 1),
        timeout,
        agent(170, 1, LoggedEvent::Message),
        closed(170, 1, LoggedCause::ByAgent),
        closed(200, 2, LoggedCause::Abandoned),
    ] {
        observer.take(&row);
    }
    let samples = observer.finish();
    let all = samples.all_consumers();
    // One day at UTC + 1: the second half-hour after one.
    let cells = samples.arrivals.iter().map(|(cell, count)| (cell.day, cell.interval, *count));
    assert_eq!(Vec::from_iter(cells), [(0, 2, 3)]);
    assert_eq!(seconds(&samples.first_answers), [(30.0, 1.0)]);
    assert_eq!(seconds(&samples.answers), [(30.0, 1.0), (40.0, 1.0)]);
    assert_eq!(seconds(&samples.answers_from_last), [(30.0, 1.0), (35.0, 1.0)]);
    assert_eq!(seconds(&all.think), [(100.0, 1.0)]);
    assert_eq!(seconds(&samples.burst_gaps), [(5.0, 1.0)]);
    assert_eq!(Vec::from_iter(all.turns), [(2, 1)]);
    assert_eq!(Vec::from_iter(samples.turn_sizes), [(1, 1), (2, 1)]);
    // 1 from 10 to 30; 3 from 100 until it was taken away; what was written to 1 after that loss stands apart.
    let gaps = &samples.work[&Some(LoggedSkill(0))];
    assert_eq!(seconds(&gaps.after_other), [(20.0, 1.0)]);
    assert_eq!((gaps.after_other.censored(), gaps.after_other.total()), (1, 80.0));
    assert_eq!((gaps.after_send.ended(), gaps.after_send.censored()), (0, 0));
    assert_eq!(seconds(&gaps.after_loss), [(10.0, 1.0)]);
    assert_eq!(seconds(&samples.unassigns[&Some(LoggedState::Online)]), [(60.0, 1.0)]);
    // Patience: 190 s ended, 30 s cut by the answer, 3 by the end of the log.
    assert_eq!(seconds(&all.waits_to_answer), [(190.0, 1.0)]);
    assert_eq!(all.waits_to_answer.censored(), 2);
    assert_eq!((samples.left_in_queue, samples.left_while_owned), (1, 0));
    assert_eq!((samples.never_ended, samples.answered_unassigned), (1, 0));
    assert_eq!(samples.agents[&LoggedAgent(7)].slots, 2);
}

/// What is over is forgotten: a day of it is kept.
#[test]
fn what_is_kept_does_not_grow_with_the_log() {
    let agents = ObservedAgents::default();
    let mut observer = LogObserver::new(&agents, Span::ZERO);
    let mut most = 0;
    for hour in 0..2_000 {
        let conversation = u64::from(hour as u32);
        observer.take(&consumer(hour * 3600, conversation));
        observer.take(&closed(hour * 3600 + 60, conversation, LoggedCause::Abandoned));
        most = most.max(observer.open.len());
    }
    assert!((24..=40).contains(&most), "{most}");
    let samples = observer.finish();
    assert_eq!((samples.conversations(), samples.left_in_queue), (2_000, 2_000));
}
