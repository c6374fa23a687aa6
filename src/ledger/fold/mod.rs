//! The ledger: facts in, one [`Outcome`] out.

mod agent_facts;
mod causes;
mod clients;
mod closes;
mod conversations;
mod levels;
mod row_draft;
mod skill_stays;
#[cfg(test)]
mod tests;
mod transfer_record;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::time::{Span, Time};
use crate::model::event::Event;
use crate::model::settings::Centre;

use super::account::{ConversationAccount, SkillStay};
use super::durations::Total;
use super::gauge::{Gauge, Sampled};
use super::gauges::Gauges;
use super::invariants::{Observer, Snapshot, Violation};
use super::measuring_marks::{MeasuringMark, MeasuringMarks, RunPhase};
use super::merge::Merge;
use super::outcome::{Flow, IntervalFigures, Outcome, OutcomeFrame, WallClockWaits};
use super::rows::Rows;
use super::settings::MeasureSettings;

use clients::ClientSoFar;
use conversations::AnswerWaits;
use row_draft::RowDraft;

use super::agent_accounts::AgentAccounts;
pub use transfer_record::TransferRecord;

/// Folds the facts of one replication. Its size depends on the open conversations, the agents, the
/// skills and the intervals, never on how much is over.
pub struct Ledger {
    outcome: Outcome,
    gauges: Gauges,
    agents: AgentAccounts,
    marks: MeasuringMarks,
    /// When the time-weighted figures were written down last.
    written: Time,
    /// By slot.
    live: Vec<ConversationAccount>,
    rows: Option<Box<dyn Rows + Send>>,
    /// What only the rows need, by slot; empty without rows.
    row_drafts: Vec<RowDraft>,
    /// Whether waits by the clock on the wall are others than those of some skill (D25).
    counts_wall_time: bool,
    /// Whether consumers arrive at rates, by kind.
    at_rates: Vec<bool>,
    /// Clients who will come again, by the name of their next conversation.
    to_come: BTreeMap<ConversationId, ClientSoFar>,
    /// Assignments of conversations that count of which an agent who was offline is still to be told.
    to_tell: BTreeMap<(AgentId, ConversationId), u32>,
    /// Those of open conversations that began with a hand-over, by slot.
    handed_in: BTreeMap<usize, SkillStay>,
    centre: Arc<Centre>,
    observer: Option<Observer>,
    /// Whether the run ends because nothing is left to do.
    is_worked_off: bool,
}

impl Ledger {
    /// Nothing has happened yet. `until` is the horizon, `warm_up` the instant from which on things
    /// count; with `checks` the invariants are checked.
    pub fn new(
        centre: Arc<Centre>,
        measure: &MeasureSettings,
        warm_up: Time,
        until: Time,
        checks: bool,
    ) -> Self {
        let frame = OutcomeFrame::new(measure, warm_up, until);
        Self {
            marks: MeasuringMarks::new(&frame, &measure.at),
            gauges: Gauges::new(centre.skills.len(), centre.agents().count() as u64),
            agents: AgentAccounts::new(&centre),
            outcome: Outcome::empty(&centre, measure, frame, checks),
            written: Time::ZERO,
            live: Vec::new(),
            rows: None,
            row_drafts: Vec::new(),
            at_rates: centre.kinds.iter().map(|kind| kind.arrivals.is_at_rates()).collect(),
            counts_wall_time: centre.counts_open_time(),
            to_come: BTreeMap::new(),
            to_tell: BTreeMap::new(),
            handed_in: BTreeMap::new(),
            observer: checks.then(|| Observer::new(Arc::clone(&centre))),
            centre,
            is_worked_off: false,
        }
    }

    /// Hands out rows, from the first fact on.
    #[must_use]
    pub fn with_rows(mut self, rows: Box<dyn Rows + Send>) -> Self {
        self.rows = Some(rows);
        self
    }

    /// Takes note of one fact. Facts come in the order in which they happened.
    pub fn fold(&mut self, now: Time, event: &Event) {
        if let Some(rows) = &mut self.rows {
            rows.event(now, event);
        }
        if self.marks.is_due(now) {
            self.advance(now);
        }
        if let Some(observer) = &mut self.observer {
            observer.observe(now, event);
            if observer.violation().is_some() {
                // What follows makes no sense any more.
                return;
            }
        }
        self.note(now, event);
    }

    /// Says that timers may be late (on the wall clock), and that every timer of the router due
    /// before this instant has been handled: the invariants hold what is due later against nobody.
    pub fn timers_handled_until(&mut self, instant: Time) {
        if let Some(observer) = &mut self.observer {
            observer.timers_handled_until(instant);
        }
    }

    /// The first rule found broken; the replication has failed then.
    pub fn violation(&self) -> Option<&Violation> {
        self.observer.as_ref().and_then(Observer::violation)
    }

    /// Compares what the facts say with what the router knows, at the end or between two instants.
    /// Without checks nothing is compared.
    ///
    /// # Errors
    ///
    /// The first rule found broken, in the run or now.
    pub fn verify(
        &mut self,
        now: Time,
        open: impl IntoIterator<Item = Snapshot>,
    ) -> Result<(), Violation> {
        self.observer.as_mut().map_or(Ok(()), |observer| observer.verify(now, open))
    }

    /// Whether the invariants are checked.
    pub fn is_checked(&self) -> bool {
        self.observer.is_some()
    }

    /// The run has ended. Durations that go on are left out, but for stranded ones: those that
    /// nobody ended are the worst.
    pub fn finish(mut self, now: Time) -> Outcome {
        if self.marks.is_due(now) {
            self.advance(now);
        }
        for slot in 0..self.live.len() {
            self.leave_open(now, slot);
        }
        self.sample_last(now);
        self.write_levels(now);
        if self.marks.phase() != RunPhase::WarmUp {
            self.write_agents(self.marks.phase(), now);
            let counted = (now - self.outcome.frame.warm_up).as_micros();
            self.outcome.to_rest = counted.max(0) as u128;
        }
        self.add_up();
        self.outcome
    }

    /// The run ends with these closed and their clients meaning to write again (A14).
    pub fn leave_to_write(&mut self, closed: impl IntoIterator<Item = ConversationKey>) {
        let counted = closed.into_iter().filter(|&conversation| self.is_counted(conversation));
        self.outcome.counts.still_to_write = counted.count() as u64;
    }

    /// The run ends because nothing is open and nobody means to write: so it stays.
    pub fn leave_nothing(&mut self) {
        self.is_worked_off = true;
    }

    /// The observer, if there is one, when all that lies before now has been written down.
    fn observed(&mut self, now: Time) -> Option<&mut Observer> {
        if self.marks.is_due(now) {
            self.advance(now);
        }
        self.observer.as_mut()
    }

    /// Notes a wait by the clock on the wall, of a conversation that counts.
    fn note_wall(&mut self, of: fn(&mut WallClockWaits) -> &mut Total, waited: Span) {
        if self.counts_wall_time {
            of(&mut self.outcome.wall).add(waited);
        }
    }

    /// How long a conversation has waited from one instant to another, by the clock of the skill that it
    /// is with (D25).
    fn waited(&self, slot: usize, from: Time, to: Time) -> Span {
        self.centre.waited(self.live[slot].skill, from, to)
    }

    /// Whether facts without a conversation count now.
    fn counts(&self) -> bool {
        self.marks.phase() != RunPhase::WarmUp
    }

    fn note(&mut self, now: Time, event: &Event) {
        match *event {
            Event::Opened { conversation, id, skill, priority } => {
                self.opened(now, conversation, id, skill, priority);
                let at_rates = self.at_rates.get(usize::from(id.kind().0)) == Some(&true);
                let arrives = at_rates && id.is_first() && self.is_counted(conversation);
                self.outcome.counts.arrivals += u64::from(arrives);
            }
            Event::Change(ref change) => self.changed(now, change),
            Event::ClosedForGood { conversation } => self.closed_for_good(conversation),
            Event::ComesAgain { conversation, next } => self.comes_again(conversation, next),
            Event::ConsumerMessage { conversation, moved_deadline, .. } => {
                self.wrote(conversation, moved_deadline);
            }
            Event::Answered { conversation, agent, waiting_since, started, worked, wasted } => {
                let slot = conversation.slot as usize;
                let waited = waiting_since.map(|since| AnswerWaits {
                    response: self.waited(slot, since, now),
                    start_of_writing: self.waited(slot, since, started),
                    by_the_wall: now - since,
                });
                let waited = waited.filter(|_| !wasted);
                self.answered(now, conversation, agent, worked, waited);
            }
            Event::AnswerLost { conversation, agent, taken, worked } => {
                self.answer_lost(conversation, agent, taken, worked);
            }
            Event::AnswerBegun { .. } | Event::LateReply { .. } => {}
            Event::Abandoned { conversation, silent } => self.abandoned(now, conversation, silent),
            Event::ManualSla { conversation, until } => {
                let counted = until.is_some() && self.is_counted(conversation);
                self.outcome.counts.manual_slas += u64::from(counted);
            }
            Event::DeadlineSuppressed { conversation } => {
                let counted = self.is_counted(conversation);
                self.outcome.counts.suppressed_by_manual_sla += u64::from(counted);
            }
            Event::Overshoot { conversation, agent } if self.is_counted(conversation) => {
                self.outcome.counts.overshoots += 1;
                self.agent_work(agent, |work| work.overshoots += 1);
            }
            Event::Overshoot { .. } => {}
            Event::Notified { agent, id, stale } => {
                self.takes_up(now, agent);
                self.notified(agent, id, stale);
            }
            Event::AgentState { .. }
            | Event::Unresponsive { .. }
            | Event::Busy { .. }
            | Event::Closing { .. }
            | Event::SlotsInUse { .. } => self.agent_changed(now, event),
            Event::Stale(_)
            | Event::ClaimRefused { .. }
            | Event::PlanLate { .. }
            | Event::EndOfShiftMissed { .. } => {
                if self.counts() {
                    self.count(event);
                }
            }
        }
    }

    #[cold]
    fn advance(&mut self, now: Time) {
        // The mark changes the phase, but what lies before it belongs to the phase before.
        let mut phase = self.marks.phase();
        while let Some((at, mark)) = self.marks.take(now) {
            match mark {
                MeasuringMark::Passed(position) => self.sample(vec![position]),
                MeasuringMark::IntervalEnds => {
                    self.write_levels_of(phase, at);
                    self.begin_interval(phase, at);
                }
                MeasuringMark::WarmUpEnds => {
                    self.write_levels_of(phase, at);
                    self.agents.take(at).for_each(|(_, away)| away.fill(0));
                }
                MeasuringMark::HorizonReached => {
                    self.write_levels_of(phase, at);
                    self.write_agents(phase, at);
                }
            }
            phase = self.marks.phase();
        }
    }

    fn sample(&mut self, positions: Vec<usize>) {
        for position in positions {
            let instant = &mut self.outcome.instants[position];
            instant.seen = 1;
            instant.open = Sampled::of(self.gauges.value(Gauge::Open));
            instant.queued = Sampled::of(self.gauges.value(Gauge::Queue));
            instant.busy = Sampled::of(self.gauges.value(Gauge::Busy));
            instant.slots_used = Sampled::of(self.gauges.value(Gauge::SlotsUsed));
        }
    }

    /// The instants that the end of the run leaves: at it all is as it was last; after it nothing is
    /// known, or nothing left.
    fn sample_last(&mut self, now: Time) {
        let at = |position: &usize| self.outcome.instants[*position].at;
        let (last, later): (Vec<_>, Vec<_>) =
            self.marks.remaining().partition(|position| at(position) <= now);
        self.sample(last);
        for position in later.into_iter().filter(|_| self.is_worked_off) {
            self.outcome.instants[position].seen = 1;
        }
    }

    /// Figures that are sums of others.
    fn add_up(&mut self) {
        let Outcome { frame, flow, skills, groups, agents, intervals, .. } = &mut self.outcome;
        intervals.iter().for_each(|interval| flow.merge(&interval.flow));
        for agent in agents {
            let group = &mut groups[usize::from(agent.group)];
            group.horizon.merge(&agent.horizon);
            group.drain.merge(&agent.drain);
            group.away.merge(&agent.away);
            group.work.merge(&agent.work);
        }
        // The run ended where an interval did: the next one has not begun.
        let unused = |last: &IntervalFigures| last.observed == 0 && last.flow == Flow::default();
        if intervals.len() > 1 && intervals.last().is_some_and(unused) {
            intervals.pop();
        }
        skills.iter_mut().for_each(|skill| skill.intervals.truncate(intervals.len()));
        groups.iter_mut().for_each(|group| group.intervals.truncate(intervals.len()));
        for interval in intervals {
            interval.note_spread(frame.service_level.of);
        }
    }
}
