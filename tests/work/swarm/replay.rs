//! Follows the facts of a run: what changes in the [`World`] with each of them.

use shiftstorm::base::ids::{AgentId, ConversationKey};
use shiftstorm::base::time::Span;
use shiftstorm::model::event::{AgentState, Cause, Change, Event, Stale, Status};
use shiftstorm::model::settings::{
    BoomerangThen, GroupBoomerang, HandOverMode, HandOverTo, LateAssignment, OfflineAssignment,
    OnUnassign,
};

use super::case::{Announced, Boomerang, Case, Removal};
use super::world::{Notice, Pair, World};

impl World<'_> {
    /// Takes over one fact. `next` is the one behind it: the end of a manual SLA says only so
    /// whether a change of owner or a reply brings it about.
    pub(crate) fn apply(&mut self, event: &Event, next: Option<&Event>) {
        let now = self.now;
        match *event {
            Event::Opened { conversation, id, skill, priority } => {
                self.names.insert(id);
                let mut case = Case::open(now, id, skill, priority);
                if let Some(before) = self.closed.remove(&conversation)
                    && id.part() > 0
                {
                    case.epoch = before.epoch;
                    case.messages_before = before.messages();
                }
                self.open.insert(conversation, case);
            }
            Event::Change(change) => self.changes(&change),
            Event::ConsumerMessage { conversation, .. } => self.consumer_writes(conversation),
            Event::Answered { conversation, agent, .. } => {
                self.seats[agent.0 as usize].acts += 1;
                let case = self.case(conversation);
                case.figures.answers += 1;
                if case.first_unanswered.is_some() && case.left.is_none() {
                    case.figures.answered.get_or_insert(now);
                }
                case.first_unanswered = None;
                (case.boomerang, case.then) = (None, BoomerangThen::FollowUp);
                case.announced = Some(Announced::Answer);
            }
            Event::Abandoned { conversation, silent } => {
                let case = self.case(conversation);
                case.left = Some((now, silent));
                case.announced = (!silent).then_some(Announced::Abandonment);
            }
            Event::ManualSla { conversation, until: Some(until) } => {
                let case = self.case(conversation);
                (case.sla, case.suppressed) = (Some(until), false);
            }
            Event::ManualSla { conversation, until: None } => {
                self.case(conversation).sla = None;
                if !ends_with(conversation, next) {
                    self.restart_clock(conversation);
                    self.rearm(conversation);
                }
            }
            Event::DeadlineSuppressed { conversation } => {
                let case = self.case(conversation);
                (case.suppressed, case.deadline) = (true, None);
            }
            Event::SlotsInUse { agent, used } => {
                let seat = &mut self.seats[agent.0 as usize];
                (seat.used, seat.idle_since) = (used, now);
            }
            Event::AgentState { agent, state } => self.agent_changes(agent, state),
            Event::Unresponsive { agent, unresponsive } => {
                self.seats[agent.0 as usize].unresponsive.turn(now, unresponsive);
            }
            Event::Busy { agent, busy } => self.seats[agent.0 as usize].busy.turn(now, busy),
            Event::Closing { agent, closing } => {
                let seat = &mut self.seats[agent.0 as usize];
                (seat.closing, seat.idle_since) = (closing.then_some(now), now);
            }
            Event::Notified { agent, stale, .. } => {
                let seat = &mut self.seats[agent.0 as usize];
                let notice = seat.notices.remove(0);
                seat.told.extend((!stale).then_some((notice.conversation, notice.epoch)));
            }
            Event::Stale(Stale::OwnershipRemoval) => self.pairs_done += 1,
            Event::Stale(Stale::Boomerang) => {
                // It found its conversation New already.
                let spent = self.open.values_mut().find(|case| case.has_spent_boomerang(now));
                spent.expect("a stale boomerang was set").boomerang = None;
            }
            Event::ClosedForGood { conversation } => {
                self.closed.remove(&conversation);
            }
            Event::AnswerBegun { .. }
            | Event::AnswerLost { .. }
            | Event::PlanLate { .. }
            | Event::EndOfShiftMissed { .. }
            | Event::LateReply { .. }
            | Event::Stale(_)
            | Event::ComesAgain { .. }
            | Event::ClaimRefused { .. }
            | Event::Overshoot { .. } => {}
        }
    }

    /// A3, E9. A message on a Pending conversation is followed by its change, which re-arms.
    fn consumer_writes(&mut self, key: ConversationKey) {
        let now = self.now;
        let case = self.case(key);
        case.first_unanswered.get_or_insert(now);
        case.last_message = now;
        case.figures.messages += 1;
        (case.boomerang, case.then) = (None, BoomerangThen::FollowUp);
        self.rearm(key);
    }

    /// D2: the clock starts no earlier than now, also one that stands still (B7).
    fn restart_clock(&mut self, key: ConversationKey) {
        let now = self.now;
        let case = self.case(key);
        case.floor = now;
        case.stopped_at = case.stopped_at.map(|_| Span::ZERO);
    }

    fn changes(&mut self, change: &Change) {
        let now = self.now;
        let key = change.conversation;
        if change.status == Status::Resolved {
            let mut case = self.open.remove(&key).expect("what is closed was open");
            case.closes(now, change);
            self.closed.insert(key, case);
            return;
        }
        if let Some(owner) = change.to.filter(|_| change.from != change.to) {
            self.seats[owner.0 as usize].assigned_at = Some(now);
        }
        if change.cause == Cause::Reopened {
            let mut case = self.closed.remove(&key).expect("what is opened again was closed");
            case.reopens(now, change);
            self.open.insert(key, case);
            return;
        }
        if change.cause == Cause::Assigned {
            self.chosen_last = change.to;
        }
        if change.cause == Cause::OwnerLoggedOut {
            self.note_sweep(change);
        }
        let is_unassigned = matches!(change.cause, Cause::AutoUnassigned { .. });
        let agent = change.from.filter(|_| is_unassigned || change.cause == Cause::ManualReturn);
        if let Some(agent) = agent {
            let acts = self.seat(agent).acts;
            let case = self.case(key);
            case.unassigns += u32::from(is_unassigned);
            case.removals.retain(|removal| removal.agent != agent);
            case.removals.push(Removal { agent, at: now, acts });
            if is_unassigned {
                self.note_set_away(agent);
            }
        }
        if change.cause != Cause::FellBack {
            self.case(key).count_time(now);
        }
        let clock = self.centre.unassign.clock;
        let is_lent = change.from.is_some_and(|giver| self.lends(giver));
        let case = self.case(key);
        case.announced = None;
        case.is_lent = match change.cause {
            Cause::TransferredToAgent | Cause::AssignedOffline | Cause::Reserved { .. } => is_lent,
            _ if change.from == change.to || case.reserved.is_some() => case.is_lent,
            _ => false,
        };
        case.reserved = match change.cause {
            Cause::Reserved { agent, until } => Some((agent, until)),
            _ => None,
        };
        (case.skill, case.epoch) = (change.skill, change.epoch);
        let ran = case.origin(clock).map(|origin| (now - origin).max(Span::ZERO));
        if change.from != change.to {
            (case.owner, case.owner_since) = (change.to, now);
            (case.floor, case.stopped_at) = (now, case.stopped_at.map(|_| Span::ZERO));
            case.owners.extend(change.to);
            case.suppressed = false;
        }
        if case.status != change.status {
            (case.status, case.status_since) = (change.status, now);
            match change.status {
                Status::Pending if change.from == change.to => case.stopped_at = ran,
                Status::Pending => case.stopped_at = ran.map(|_| Span::ZERO),
                _ => {
                    if let Some(ran) = case.stopped_at.take() {
                        case.floor = now - ran;
                    }
                }
            }
        }
        case.figures.note(now, change);
        self.note_boomerang(change);
        if change.cause == Cause::AssignedOffline {
            self.assigned_offline(change);
        }
        self.rearm(key);
    }

    /// Whether what the agent gives to specialists needs no other skill from then on.
    fn lends(&self, giver: AgentId) -> bool {
        let mut hand_overs = self.seat(giver).group.hand_overs.iter();
        hand_overs.any(|one| matches!(one.to, HandOverTo::Specialist { needs: None, .. }))
    }

    /// Boomerangs are set by replies, parking and by assignment to an offline agent, and fire once.
    fn note_boomerang(&mut self, change: &Change) {
        let now = self.now;
        let own_of_skill = &self.centre.skill_settings[usize::from(change.skill.0)];
        let mut then = BoomerangThen::FollowUp;
        let after = match (change.cause, change.from) {
            (Cause::Parked, Some(agent)) => {
                self.seat(agent).group.parking.as_ref().map(|parking| &parking.boomerang)
            }
            (Cause::ReplyWithBoomerang, Some(agent)) => {
                let boomerang = match &self.seat(agent).group.boomerang {
                    GroupBoomerang::Own(own) => own.as_ref(),
                    GroupBoomerang::OfSkill => own_of_skill.boomerang.as_ref(),
                };
                then = boomerang.map(|boomerang| boomerang.then).unwrap_or_default();
                boomerang.map(|boomerang| &boomerang.after)
            }
            (Cause::AssignedOffline, Some(agent)) if change.status == Status::Pending => {
                let mut hand_overs = self.seat(agent).group.hand_overs.iter();
                hand_overs.find_map(|hand_over| match &hand_over.to {
                    HandOverTo::Specialist {
                        mode:
                            HandOverMode::Assign { offline: OfflineAssignment::Pending { boomerang } },
                        ..
                    } => {
                        let of_skill = own_of_skill.boomerang.as_ref().map(|own| &own.after);
                        boomerang.as_ref().or(of_skill)
                    },
                    _ => None,
                })
            }
            _ => None,
        };
        let due = after.map(|after| now + Span::from_secs_f64(after.mean()));
        let case = self.case(change.conversation);
        if let Some(due) = due {
            case.boomerang = Some(Boomerang { due, epoch: change.epoch });
            case.then = then;
        } else if matches!(change.cause, Cause::Boomerang | Cause::BoomerangWhileOffline) {
            case.boomerang = None;
        }
    }

    /// D12: taken out of service for a time, if it is not interrupted.
    fn note_set_away(&mut self, agent: AgentId) {
        let (now, on_unassign) = (self.now, self.centre.unassign.on_unassign);
        let seat = &mut self.seats[agent.0 as usize];
        if let OnUnassign::SetAway { away_for } = on_unassign
            && seat.state == AgentState::Online
        {
            let is_interrupted = seat.unresponsive.since.is_some();
            let at_least = if is_interrupted { Span::from_micros(1) } else { away_for };
            seat.away_until = Some(now + at_least);
        }
    }

    /// One sweep clears all pairs of a logout (B1).
    fn note_sweep(&mut self, change: &Change) {
        self.pairs_done += 1;
        let Some(agent) = change.from else { return };
        let pairs = &mut self.seats[agent.0 as usize].pairs;
        let is_of_change = |pair: &&Pair| {
            pair.conversation == change.conversation && pair.epoch.next() == change.epoch
        };
        let of_change = pairs.iter().find(is_of_change);
        let sweep = of_change.map(|pair| pair.sweep);
        pairs.iter_mut().for_each(|pair| pair.swept |= Some(pair.sweep) == sweep);
    }

    /// B6, E4.
    fn assigned_offline(&mut self, change: &Change) {
        let (now, removal) = (self.now, self.centre.remove_ownership);
        let (conversation, epoch, id) = (change.conversation, change.epoch, change.id);
        let owners = self.open[&conversation].owners.len();
        let Some(agent) = change.to else { return };
        let seat = &mut self.seats[agent.0 as usize];
        seat.notices.push(Notice { conversation, id, epoch, owners });
        let is_removed = removal.enabled && removal.late_assignment == LateAssignment::Remove;
        if is_removed && change.status == Status::New {
            seat.sweeps += 1;
            self.pairs_made += 1;
            let (since, sweep, swept) = (now, seat.sweeps, false);
            seat.pairs.push(Pair { conversation, epoch, since, sweep, swept });
        }
    }

    fn agent_changes(&mut self, agent: AgentId, state: AgentState) {
        let (now, removal) = (self.now, &self.centre.remove_ownership);
        let of_logout = self.open.iter().filter(|(_, case)| {
            case.owner == Some(agent) && case.status == Status::New && removal.enabled
        });
        let of_logout: Vec<_> = of_logout.map(|(&key, case)| (key, case.epoch)).collect();
        let seat = &mut self.seats[agent.0 as usize];
        let logs_in = seat.is_offline();
        (seat.state, seat.state_since, seat.idle_since) = (state, now, now);
        if logs_in || state == AgentState::Online {
            seat.acts += 1;
        }
        if state == AgentState::Online {
            seat.returned_at = now;
        }
        if logs_in {
            seat.pairs.clear();
        } else if seat.is_offline() {
            seat.has_logged_out = true;
            seat.away_until = None;
            self.pairs_made += of_logout.len();
            seat.sweeps += 1;
            let (since, sweep, swept) = (now, seat.sweeps, false);
            seat.pairs.extend(of_logout.into_iter().map(|(conversation, epoch)| Pair {
                conversation,
                epoch,
                since,
                sweep,
                swept,
            }));
        }
        let owned = self.open.iter().filter(|(_, case)| case.owner == Some(agent));
        for key in owned.map(|(&key, _)| key).collect::<Vec<_>>() {
            self.rearm(key);
        }
    }
}

/// Whether the manual SLA ends because of what follows at once: a change of owner or a reply.
pub(crate) fn ends_with(key: ConversationKey, next: Option<&Event>) -> bool {
    matches!(next, Some(Event::Change(change)) if change.conversation == key
        && (change.from != change.to || is_reply(change.cause)))
}

pub(crate) fn is_reply(cause: Cause) -> bool {
    matches!(cause, Cause::Reply | Cause::ReplyWithBoomerang)
}
