//! `roster.csv` and `agents.csv`: what was planned.

use std::io;

use crate::base::calendar::Calendar;
use crate::base::ids::AgentId;
use crate::base::time::{Span, Time};
use crate::model::settings::Shift;
use crate::report::columns::{TableCell, TableColumn, TableSink, WriteTable as _, columns};
use crate::report::names::CentreNames;
use crate::scenario::Plan;

const DAY: Span = Span::from_hours(24);

/// The shifts of an agent that touch a stretch from the start of the run to an instant, in order; none
/// of who is always there.
fn shifts(plan: &Plan, agent: AgentId, until: Time) -> Vec<Shift> {
    let Some(member) = plan.centre.member(agent) else { return Vec::new() };
    let roster = &plan.centre.groups[usize::from(member.group.0)].roster;
    let Some(lists) = roster.lists() else { return Vec::new() };
    let own = lists.get(member.number as usize).or_else(|| lists.last());
    let own = own.map_or(&[][..], Vec::as_slice);
    let days = if roster.is_daily() {
        -1..=(until.since_start().as_micros() / DAY.as_micros()).max(0)
    } else {
        0..=0
    };
    let on = |day: i64| {
        let later = DAY * day;
        own.iter().map(move |shift| Shift { start: shift.start + later, end: shift.end + later })
    };
    let mut shifts = Vec::from_iter(days.flat_map(on));
    shifts.retain(|shift| shift.end > Time::ZERO && shift.start < until);
    shifts.sort_by_key(|shift| shift.start);
    shifts
}

/// When the shift ends in which an agent is at an instant, or the last before it.
pub(super) fn planned_end(plan: &Plan, agent: AgentId, at: Time) -> Option<Time> {
    let begun = shifts(plan, agent, at + Span::from_micros(1));
    begun.iter().map(|shift| shift.end).max()
}

/// Writes the shifts of a run whose dates `calendar` knows; those that begin before it unless they stand
/// with the run of the day before.
pub(super) fn roster_rows(
    plan: &Plan,
    calendar: &Calendar,
    is_first: bool,
    table: &mut dyn TableSink,
) -> io::Result<()> {
    let until = plan.run.until;
    let names = CentreNames::new(&plan.centre);
    let mut rows = Vec::new();
    for agent in (0..plan.centre.agents().count()).map(|number| AgentId(number as u32)) {
        rows.extend(
            shifts(plan, agent, until).into_iter().map(|shift| (shift.start, agent, shift)),
        );
    }
    rows.retain(|&(start, ..)| start >= Time::ZERO || is_first || start + DAY >= until);
    rows.sort_by_key(|&(start, agent, _)| (start, agent));
    for (start, agent, shift) in rows {
        let written = |time| calendar.written(time).unwrap_or_default();
        let row = RosterCsvRow {
            agent: names.agent(agent),
            date: calendar.reading(start).day.date.map(|date| date.to_string()).unwrap_or_default(),
            start: written(shift.start),
            end: written(shift.end),
        };
        table.row(ROSTER_COLUMNS, &row)?;
    }
    Ok(())
}

pub(super) fn roster_header(table: &mut dyn TableSink) -> io::Result<()> {
    table.header(ROSTER_COLUMNS)
}

/// Writes who has which skills and how many slots.
pub(super) fn agent_rows(plan: &Plan, table: &mut dyn TableSink) -> io::Result<()> {
    let names = CentreNames::new(&plan.centre);
    table.header(AGENT_COLUMNS)?;
    for (agent, member) in (0..).map(AgentId).zip(plan.centre.members()) {
        let group = &plan.centre.groups[usize::from(member.group.0)];
        let skills = group.skills_of(member.number).iter().map(|&skill| names.skill(skill));
        let row = AgentCsvRow {
            agent: names.agent(agent),
            team: group.name.clone(),
            skills: Vec::from_iter(skills).join(", "),
            slots: group.concurrency_of(member.number).into(),
        };
        table.row(AGENT_COLUMNS, &row)?;
    }
    Ok(())
}

struct RosterCsvRow {
    agent: String,
    date: String,
    start: String,
    end: String,
}

struct AgentCsvRow {
    agent: String,
    team: String,
    skills: String,
    slots: u64,
}

static ROSTER_COLUMNS: &[TableColumn<RosterCsvRow>] = columns! {
    agent "" = |r| TableCell::text(&r.agent), "Agent.";
    date "" = |r| TableCell::word(&r.date), "Date on which the shift begins.";
    start "" = |r| TableCell::word(&r.start), "Planned login, with the distance from UTC.";
    end "" = |r| TableCell::word(&r.end), "Planned logout, with the distance from UTC.";
};

static AGENT_COLUMNS: &[TableColumn<AgentCsvRow>] = columns! {
    agent "" = |a| TableCell::text(&a.agent), "Agent.";
    team "" = |a| TableCell::text(&a.team), "Group.";
    skills "" = |a| TableCell::text(&a.skills), "Skills, with commas between them.";
    slots "" = |a| TableCell::Whole(a.slots), "Conversations at a time.";
};
