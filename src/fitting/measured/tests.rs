//! A small log with figures worked out by hand.

use super::*;
use crate::base::time::{Span, Time};
use crate::fitting::ObservedAgents;
use crate::log::form::{LoggedCause, LoggedEvent, LoggedParty, LoggedState};
use crate::log::{
    LogRow, LoggedAgent, LoggedConversation, LoggedSkill, PresenceLog, PresenceRow, RowTaker as _,
};

fn row(second: i64, conversation: u64, event: LoggedEvent) -> LogRow {
    LogRow {
        at: Time::from_secs(second),
        position: 0,
        part: 0,
        offset_minutes: 0,
        conversation: LoggedConversation(conversation),
        skill: Some(LoggedSkill((conversation % 2) as u16)),
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

fn because(cause: LoggedCause, row: LogRow) -> LogRow {
    LogRow { cause: Some(cause), ..row }
}

fn online_until(second: i64) -> ObservedAgents {
    let state = |second: i64, state| PresenceRow {
        at: Time::from_secs(second),
        agent: LoggedAgent(7),
        state,
        cause: None,
        offset_minutes: 0,
    };
    let rows = vec![state(0, LoggedState::Online), state(second, LoggedState::Offline)];
    let presence = PresenceLog { rows, ..PresenceLog::default() };
    ObservedAgents { presence, ..ObservedAgents::default() }
}

/// 1 is answered after 30 s. 2, of another skill, is assigned at 20, waits while the agent is Offline from
/// 100 on, and is taken away at 160. 3 leaves after 60 s in the queue, an hour later.
fn measured() -> MeasuredLog {
    use LoggedEvent::{Assigned, Message, Resolved, Unassigned};
    let agents = online_until(100);
    let within_of_skill = [(LoggedSkill(0), Span::from_secs(10))].into_iter().collect();
    let settings = MeterSettings { within: Span::from_secs(30), within_of_skill, tick: Span::ZERO };
    let mut meter = LogMeter::new(&agents, &settings);
    let rows = [
        consumer(0, 1),
        agent(0, 1, Assigned),
        consumer(10, 2),
        agent(20, 2, Assigned),
        agent(30, 1, Message),
        because(LoggedCause::ByAgent, agent(30, 1, Resolved)),
        because(LoggedCause::Logout, agent(160, 2, Unassigned)),
        consumer(3700, 3),
        because(LoggedCause::Abandoned, row(3760, 3, Resolved)),
    ];
    rows.iter().for_each(|row| meter.take(row));
    meter.finish()
}

#[test]
fn a_small_log_by_hand() {
    let measured = measured();
    let whole = measured.part(LogPart::Whole).unwrap();
    assert_eq!((whole.offered, whole.within, whole.left), (3, 1, 1));
    assert_eq!(whole.first_waits.mean_of_ended(), Some(30.0));
    let of = |part| measured.part(part).map(|part| (part.offered, part.left));
    assert_eq!((of(LogPart::Hour(0)), of(LogPart::Hour(1))), (Some((2, 0)), Some((1, 1))));
    assert_eq!(of(LogPart::Skill(Some(LoggedSkill(0)))), Some((1, 0)));
    assert_eq!((of(LogPart::Day(0)), of(LogPart::Day(1))), (Some((3, 1)), None));
    assert_eq!(measured.removals, 1);
    // From the logout to the removal.
    assert_eq!(measured.stranded, Span::from_secs(60));
    // Something calls for the agent from 0 on until it logs out: all the time that it is there.
    assert_eq!((measured.with_work, measured.online), (Span::from_secs(100), Span::from_secs(100)));
    assert_eq!(
        Vec::from_iter(measured.openings.iter().map(|it| it.at.as_secs_f64())),
        [0.0, 10.0, 3700.0]
    );
}

#[test]
fn figures_are_those_of_the_measures() {
    let measured = measured();
    let kinds = [
        MeasuredKind::ServiceLevel,
        MeasuredKind::Abandonment,
        MeasuredKind::MedianReply,
        MeasuredKind::Removals,
        MeasuredKind::Occupancy,
        MeasuredKind::LeavingPerHour,
        MeasuredKind::MedianWork,
        MeasuredKind::LongGaps,
    ];
    let figures = kinds.map(|kind| MeasuredFigure { part: LogPart::Whole, kind });
    let list = FigureList { figures: figures.to_vec(), long_gap: 40.0 };
    let values = list.values(&measured);
    // One left in 60 s, one waited 30 s, one until it was taken away, and on to the end of the log: 3,750 s.
    let leaving = 3600.0 / (60.0 + 30.0 + 3750.0);
    // The answer of 30 s, and one that was begun at 30 and cut at the logout after 70.
    let expected = [1.0 / 3.0, 1.0 / 3.0, 30.0, 1.0, 1.0, leaving, 30.0, 1.0];
    for (position, (value, expected)) in values.iter().zip(expected).enumerate() {
        assert!((value - expected).abs() < 1e-9, "{:?}: {value} {expected}", kinds[position]);
    }
    // Too few for a day or an hour by itself; both skills have fewer too.
    let own = FigureList::of(&measured, 40.0);
    assert!(own.figures.iter().all(|figure| figure.part == LogPart::Whole), "{own:?}");
}
