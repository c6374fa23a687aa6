//! The situations that the swarm must have been in, each recognized from the facts alone and only
//! when they leave no doubt.

use std::collections::BTreeMap;

use shiftstorm::base::ids::{AgentId, ConversationKey, Epoch, SkillId};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::event::{AgentState, AnswerTaken, Cause, Change, Event, Stale, Status};
use shiftstorm::model::settings::{
    Absence, AgentGroup, FinishPending, FinishWhen, Roster, RoutingMode,
};

use super::case::Case;
use super::replay::ends_with;
use super::world::World;

/// Something that the swarm must have met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Situation {
    /// A reply at the very instant of its armed deadline, without a manual SLA.
    ReplyAtDeadline,
    /// A login at the instant at which a removal of something still owned is due: `within` is zero,
    /// so that it is the instant of the logout.
    LoginAtRemoval,
    /// A login before the bound, with something of the logout still New and owned.
    LoginWithinBound,
    /// A consumer message on a Pending conversation at the instant of its boomerang.
    MessageAtBoomerang,
    /// A boomerang that finds its conversation New under another epoch than it was set in.
    BoomerangOutlivesOwner,
    /// A manual SLA that runs out while its owner is Away.
    ManualSlaEndsWhileAway,
    /// A deadline suppressed under a manual SLA and armed again after it, which then takes the
    /// conversation away, without an answer between.
    SuppressedThenRearmed,
    /// A notice of an agent about an open conversation that has had two more owners.
    StaleAfterTwoHandOvers,
    /// An answer that goes with its conversation when that is auto-unassigned.
    AnswerLost,
    /// The only eligible agent is passed over for a time, then gets the conversation.
    SoleAgentExcludedThenAdmitted,
    /// A claim refused because another agent has claimed the same conversation since the look.
    TwoClaims,
    /// A Pending conversation that wakes up above its owner's limit.
    OvershootByWaking,
    /// A conversation that is handed over to an agent whose slots are taken (E16).
    OvershootByHandOver,
    /// A conversation that waited for one agent and got it (E16).
    ReservedAndTaken,
    /// A conversation that nobody waits for any more (E16).
    FellBack,
    /// An auto-unassign of a conversation whose consumer left silently.
    SilentAbandonerUnassigned,
    /// A closing agent that has to go at its limit, with work left.
    ClosingAtLimit,
    /// A logout by the session timeout of a disconnect.
    DisconnectBecomesLogout,
    /// An assignment to an agent that was logged in before and has logged out.
    AssignedAfterLogout,
    /// A transfer to another skill by an agent at work for some time on an unanswered message.
    TransferredInMidAnswer,
    /// A message after a close that opens a new conversation (A14).
    OpenedAfterClose,
    /// One that opens the closed conversation again, with its owner.
    ReopenedWithOwner,
    /// The same without its owner, who is logged out.
    ReopenedUnowned,
    /// One whose owner is above the limit with it.
    OvershootByReopening,
    /// A client that comes again after a resolved contact.
    Recontact,
}

impl Situation {
    pub(crate) const ALL: [Self; 25] = [
        Self::ReplyAtDeadline,
        Self::LoginAtRemoval,
        Self::LoginWithinBound,
        Self::MessageAtBoomerang,
        Self::BoomerangOutlivesOwner,
        Self::ManualSlaEndsWhileAway,
        Self::SuppressedThenRearmed,
        Self::StaleAfterTwoHandOvers,
        Self::AnswerLost,
        Self::SoleAgentExcludedThenAdmitted,
        Self::TwoClaims,
        Self::OvershootByWaking,
        Self::OvershootByHandOver,
        Self::ReservedAndTaken,
        Self::FellBack,
        Self::SilentAbandonerUnassigned,
        Self::ClosingAtLimit,
        Self::DisconnectBecomesLogout,
        Self::AssignedAfterLogout,
        Self::TransferredInMidAnswer,
        Self::OpenedAfterClose,
        Self::ReopenedWithOwner,
        Self::ReopenedUnowned,
        Self::OvershootByReopening,
        Self::Recontact,
    ];
}

/// How often each situation was met.
pub(crate) type Tally = BTreeMap<Situation, u64>;

/// Looks out for situations in one run.
#[derive(Default)]
pub(crate) struct Lookout {
    pub(crate) tally: Tally,
    /// Stays in the queue.
    stays: Vec<Stay>,
    /// Conversations taken from an agent that may have been at their answer.
    lost: Vec<Lost>,
    /// (conversation, epoch) whose manual SLA has ended after a suppressed deadline.
    to_fire: Vec<(ConversationKey, Epoch)>,
    /// Queued while the only eligible agent was passed over: conversation, agent.
    passed_over: Vec<(ConversationKey, AgentId)>,
}

struct Stay {
    conversation: ConversationKey,
    skill: SkillId,
    entered: Time,
    left: Option<(Time, Option<AgentId>)>,
}

#[derive(Clone, Copy, PartialEq)]
struct Lost {
    agent: AgentId,
    conversation: ConversationKey,
    at: Time,
}

impl Lookout {
    fn note(&mut self, situation: Situation, met: bool) {
        if met {
            *self.tally.entry(situation).or_default() += 1;
        }
    }

    /// Looks at a fact in the light of the world just before it.
    pub(crate) fn see(&mut self, world: &World<'_>, event: &Event, next: Option<&Event>) {
        match *event {
            Event::Change(change) => self.sees_change(world, &change),
            Event::Answered { conversation, .. } => {
                let case = &world.open[&conversation];
                self.to_fire.retain(|&(other, _)| other != conversation);
                self.note(
                    Situation::ReplyAtDeadline,
                    case.deadline == Some(world.now) && case.sla.is_none(),
                );
            }
            Event::Opened { id, .. } => {
                self.note(Situation::OpenedAfterClose, id.part() > 0);
            }
            Event::ComesAgain { conversation, .. } => {
                self.note(Situation::Recontact, !world.open.contains_key(&conversation));
            }
            Event::ConsumerMessage { conversation, .. } => {
                let case = &world.open[&conversation];
                let due = case.boomerang.map(|boomerang| boomerang.due);
                self.note(
                    Situation::MessageAtBoomerang,
                    case.status == Status::Pending && due == Some(world.now),
                );
            }
            Event::ManualSla { conversation, until: None } => {
                self.sees_end_of_sla(world, conversation, next);
            }
            Event::Stale(Stale::Boomerang) => {
                let spent = world.open.values().find(|case| case.has_spent_boomerang(world.now));
                let boomerang = spent.and_then(|case| Some((case.boomerang?.epoch, case.epoch)));
                let outlives = boomerang.is_some_and(|(set_in, now)| set_in != now);
                self.note(Situation::BoomerangOutlivesOwner, outlives);
            }
            Event::AgentState { agent, state } => self.sees_agent(world, agent, state),
            Event::AnswerLost { conversation, agent, taken: AnswerTaken::ByUnassign, .. } => {
                self.sees_lost_answer(world, conversation, agent);
            }
            Event::ClaimRefused { agent } => self.sees_refused_claim(world, agent),
            Event::Notified { agent, stale: true, .. } => self.sees_stale_notice(world, agent),
            _ => {}
        }
    }

    fn sees_change(&mut self, world: &World<'_>, change: &Change) {
        let key = change.conversation;
        let Some(case) = world.open.get(&key).or_else(|| world.closed.get(&key)) else { return };
        self.follows_queue(world, case, change);
        match change.cause {
            Cause::AutoUnassigned { .. } => {
                self.note(Situation::SilentAbandonerUnassigned, case.has_left_silently());
                self.note(
                    Situation::SuppressedThenRearmed,
                    self.to_fire.contains(&(key, case.epoch)),
                );
                if let Some(agent) = change.from {
                    self.lost.push(Lost { agent, conversation: key, at: world.now });
                }
            }
            Cause::AssignedOffline => {
                self.note(
                    Situation::AssignedAfterLogout,
                    change.to.is_some_and(|agent| world.seat(agent).has_logged_out),
                );
            }
            Cause::Reopened => {
                let situation = match change.to {
                    Some(_) => Situation::ReopenedWithOwner,
                    None => Situation::ReopenedUnowned,
                };
                self.note(situation, true);
            }
            Cause::TransferredToSkill => self.sees_transfer(world, case, change),
            Cause::FellBack => self.note(Situation::FellBack, true),
            Cause::Assigned | Cause::Claimed => {
                self.note(Situation::ReservedAndTaken, case.reserved.is_some());
                let passed_over = |agent| self.passed_over.contains(&(key, agent));
                self.note(
                    Situation::SoleAgentExcludedThenAdmitted,
                    change.to.is_some_and(passed_over),
                );
                self.passed_over.retain(|&(other, _)| other != key);
            }
            _ => {}
        }
    }

    /// At work since an earlier instant: in this one the agent may have turned to the next already.
    fn sees_transfer(&mut self, world: &World<'_>, case: &Case, change: &Change) {
        let Some(agent) = change.from else { return };
        let since = world.seat(agent).busy.up_to(world.now);
        let at_work = since.is_some_and(|since| since.max(case.owner_since) < world.now);
        self.note(
            Situation::TransferredInMidAnswer,
            at_work && change.skill != case.skill && case.first_unanswered.is_some(),
        );
    }

    fn follows_queue(&mut self, world: &World<'_>, case: &Case, change: &Change) {
        let (conversation, now) = (change.conversation, world.now);
        let stay = self
            .stays
            .iter_mut()
            .find(|stay| stay.conversation == conversation && stay.left.is_none());
        if let Some(stay) = stay.filter(|_| case.is_queued()) {
            let by = change.to.filter(|_| change.cause == Cause::Claimed);
            stay.left = Some((now, by));
        }
        if change.status == Status::New && change.to.is_none() {
            let skill = change.skill;
            self.stays.push(Stay { conversation, skill, entered: now, left: None });
        }
    }

    fn sees_end_of_sla(
        &mut self,
        world: &World<'_>,
        conversation: ConversationKey,
        next: Option<&Event>,
    ) {
        let case = &world.open[&conversation];
        if ends_with(conversation, next) {
            return;
        }
        let away =
            case.owner.is_some_and(|agent| matches!(world.seat(agent).state, AgentState::Away(_)));
        self.note(Situation::ManualSlaEndsWhileAway, away && case.sla == Some(world.now));
        if case.suppressed {
            self.to_fire.push((conversation, case.epoch));
        }
    }

    fn sees_agent(&mut self, world: &World<'_>, agent: AgentId, state: AgentState) {
        let seat = world.seat(agent);
        if seat.is_offline() {
            self.sees_login(world, agent);
        } else if state == AgentState::Offline {
            let disconnected = seat.unresponsive.up_to(world.now);
            let timeout = seat.group.session_timeout;
            self.note(
                Situation::DisconnectBecomesLogout,
                disconnected.is_some_and(|since| world.now == since + timeout)
                    && may_only_log_out_by_timeout(seat.group),
            );
            let limit = seat.closing.filter(|&since| since < world.now);
            let limit = limit.map(|since| since + seat.group.finish.at_most);
            let works = world.owned(agent).any(|case| {
                case.status == Status::New || seat.group.finish.pending == FinishPending::Wait
            });
            self.note(
                Situation::ClosingAtLimit,
                limit == Some(world.now) && works && never_logs_out_at_random(seat.group),
            );
        }
    }

    fn sees_login(&mut self, world: &World<'_>, agent: AgentId) {
        let within = world.centre.remove_ownership.within;
        let held = world.seat(agent).pairs.iter().filter(|pair| {
            world
                .open
                .get(&pair.conversation)
                .is_some_and(|case| case.epoch == pair.epoch && case.status == Status::New)
        });
        let since: Vec<Time> = held.map(|pair| pair.since).collect();
        self.note(Situation::LoginAtRemoval, within.is_zero() && since.contains(&world.now));
        self.note(
            Situation::LoginWithinBound,
            since.iter().any(|&since| since < world.now && world.now < since + within),
        );
    }

    /// In the instant of the auto-unassign, once for each.
    fn sees_lost_answer(
        &mut self,
        world: &World<'_>,
        conversation: ConversationKey,
        agent: AgentId,
    ) {
        let taken = Lost { agent, conversation, at: world.now };
        let position = self.lost.iter().position(|lost| *lost == taken);
        let position = position.expect("an answer is lost when its conversation is taken (D14)");
        self.lost.swap_remove(position);
        self.note(Situation::AnswerLost, true);
    }

    fn sees_stale_notice(&mut self, world: &World<'_>, agent: AgentId) {
        let Some(notice) = world.seat(agent).notices.first() else { return };
        let case = world.open.get(&notice.conversation);
        self.note(
            Situation::StaleAfterTwoHandOvers,
            case.is_some_and(|case| case.owners.len() >= notice.owners + 2),
        );
    }

    /// What the agent saw a fixed time ago must have been in the queue then. If all of that has been
    /// claimed by others since, so has what it goes for.
    fn sees_refused_claim(&mut self, world: &World<'_>, agent: AgentId) {
        let RoutingMode::Pull(pull) = &world.centre.routing.mode else { return };
        let looked = world.now - Span::from_secs_f64(pull.decide.mean());
        let skills = &world.seat(agent).group.skills;
        let seen: Vec<&Stay> = self
            .stays
            .iter()
            .filter(|stay| {
                let left = stay.left.map_or(Time::MAX, |(left, _)| left);
                skills.contains(&stay.skill) && stay.entered <= looked && looked <= left
            })
            .collect();
        let all_claimed = seen.iter().all(|stay| {
            let by_another = stay.left.is_some_and(|(_, by)| by.is_some_and(|by| by != agent));
            by_another && !world.open.get(&stay.conversation).is_some_and(Case::is_queued)
        });
        self.note(Situation::TwoClaims, all_claimed && !seen.is_empty());
    }

    /// Looks at the world when an instant is over.
    pub(crate) fn see_rest(&mut self, world: &World<'_>) {
        let queued = world.open.iter().filter(|(_, case)| case.is_queued());
        for (&key, case) in queued.filter(|(_, case)| case.reserved.is_none()) {
            let excluded = world.excluded(case);
            let mut eligible = world.agents().filter(|&agent| world.is_eligible(agent, case.skill));
            if let (Some(agent), None) = (eligible.next(), eligible.next())
                && excluded.iter().any(|removal| removal.agent == agent)
                && !world.admits(case, agent)
                && !self.passed_over.contains(&(key, agent))
            {
                self.passed_over.push((key, agent));
            }
        }
    }

    /// An overshoot says only whose; it belongs to the change just before it.
    pub(crate) fn see_overshoot(&mut self, world: &World<'_>, change: &Change, was: Status) {
        assert!(world.open[&change.conversation].owner == change.to, "overshoot of the owner");
        if matches!(change.cause, Cause::TransferredToAgent | Cause::AssignedOffline) {
            return self.note(Situation::OvershootByHandOver, true);
        }
        if change.cause == Cause::Reopened {
            return self.note(Situation::OvershootByReopening, true);
        }
        assert_eq!((was, change.status), (Status::Pending, Status::New), "overshoot by waking");
        self.note(Situation::OvershootByWaking, true);
    }
}

/// A disconnect is all that makes agents of the group unresponsive or logs them out.
fn may_only_log_out_by_timeout(group: &AgentGroup) -> bool {
    let interrupts = group.episodes.iter().any(|episode| episode.absence == Absence::Interruption);
    !interrupts && never_logs_out_by_itself(group) && group.roster == Roster::Always
}

fn never_logs_out_by_itself(group: &AgentGroup) -> bool {
    group.episodes.iter().all(|episode| episode.absence != Absence::Logout)
}

fn never_logs_out_at_random(group: &AgentGroup) -> bool {
    never_logs_out_by_itself(group)
        && group.finish.when == FinishWhen::AfterFinishing
        && group.episodes.iter().all(|episode| episode.absence != Absence::Disconnect)
}
