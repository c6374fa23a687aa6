//! What every fact must obey, held against the [`World`] just before it.

use shiftstorm::base::ids::{AgentId, ConversationId};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::event::{Actor, AgentState, Cause, Change, Event, Stale, Status};
use shiftstorm::model::settings::{
    AfterClose, BoomerangThen, FinishPending, HandOverTo, Resolve, RoutingMode, Turns,
};

use super::case::{Announced, Case};
use super::world::World;

impl World<'_> {
    /// Fails if the rules do not allow this fact now.
    pub(crate) fn check(&self, event: &Event, next: Option<&Event>) {
        match event {
            Event::Opened { conversation, id, .. } => {
                assert!(!self.names.contains(id), "a name is given once");
                assert!(!self.open.contains_key(conversation), "opened twice");
                if id.part() > 0 {
                    let before = &self.closed[conversation];
                    assert_eq!(before.id.next_part(), *id, "it goes on in its place (A14)");
                    assert_eq!(self.centre.after_close, AfterClose::New);
                    assert!(before.left.is_none(), "who has left writes no more");
                }
                assert!(matches!(next, Some(Event::ConsumerMessage { .. })), "opened in silence");
            }
            Event::Change(change) if change.cause == Cause::Reopened => {
                self.check_reopened(change, next);
            }
            Event::Change(change) => self.check_change(change),
            Event::ClosedForGood { conversation } => {
                assert_eq!(self.centre.after_close, AfterClose::Reopen);
                assert!(self.closed.contains_key(conversation), "closed before (A14)");
            }
            Event::ComesAgain { conversation, next } => {
                let all = self.open.get(conversation).or_else(|| self.closed.get(conversation));
                if let Some(case) = all {
                    assert_eq!(case.id.need() + 1, next.need(), "the next need");
                }
            }
            Event::ConsumerMessage { conversation, further, moved_deadline } => {
                let case = &self.open[conversation];
                assert_eq!(*further, case.first_unanswered.is_some(), "further message");
                let mut after = case.clone();
                after.first_unanswered.get_or_insert(self.now);
                after.last_message = self.now;
                let deadline = self.deadline(&after, self.now);
                let moved =
                    deadline.is_some() && case.deadline.is_some_and(|was| Some(was) != deadline);
                assert_eq!(*moved_deadline, moved, "moved deadline (D1)");
            }
            Event::Answered { conversation, agent, waiting_since, started, worked, wasted } => {
                let case = &self.open[conversation];
                self.check_act(case, *agent);
                assert_eq!(*waiting_since, case.first_unanswered, "waiting since");
                assert!((case.owner_since..=self.now).contains(started), "started for its owner");
                assert!((Span::ZERO..=self.now - *started).contains(worked), "worked since then");
                assert_eq!(*wasted, case.has_left_silently(), "wasted answer");
                let has_skill = self.seat(*agent).group.skills.contains(&case.skill);
                assert!(has_skill || case.is_lent, "answered without the skill it needs (B10)");
            }
            Event::Abandoned { conversation, .. } => {
                let case = &self.open[conversation];
                assert!(case.left.is_none(), "abandoned twice");
                assert!(case.first_unanswered.is_some(), "abandoned without awaiting an answer");
            }
            Event::ManualSla { conversation, until } => {
                let case = &self.open[conversation];
                match until {
                    Some(until) => {
                        let owner = case.owner.expect("a manual SLA has an owner");
                        if self.seat(owner).group.finish.manual_sla.is_none() {
                            self.check_act(case, owner);
                        }
                        assert!(*until >= self.now, "a manual SLA ends before it begins");
                    }
                    None => assert!(case.sla.is_some(), "no manual SLA to end"),
                }
            }
            Event::DeadlineSuppressed { conversation } => {
                let case = &self.open[conversation];
                assert!(
                    case.sla.is_some() && !case.suppressed,
                    "suppressed once a manual SLA (A7)"
                );
                assert_eq!(case.deadline, Some(self.now), "suppressed when due (A7)");
            }
            Event::Overshoot { agent, .. } => {
                let capacity = self.seat(*agent).capacity();
                let above = matches!(next, Some(Event::SlotsInUse { agent: other, used })
                    if other == agent
                        && (used.0 > capacity || self.is_above_limits(*agent)));
                assert!(above, "an overshoot is above the limit");
            }
            Event::AgentState { agent, state } => {
                assert_ne!(self.seat(*agent).state, *state, "a change of state changes it");
            }
            Event::Closing { agent, closing } => {
                assert_ne!(self.seat(*agent).closing.is_some(), *closing, "closing changes");
            }
            Event::Notified { agent, id, stale } => self.check_notice(*agent, *id, *stale),
            Event::Stale(Stale::OwnershipRemoval) => {
                assert!(self.pairs_done < self.pairs_made, "stale without a pair (B2, E3)");
            }
            Event::LateReply { .. } => panic!("nothing crosses on the way (D14)"),
            Event::AnswerBegun { conversation, agent } => {
                let case = &self.open[conversation];
                let is_its = case.owner == Some(*agent) && case.status == Status::New;
                assert!(is_its, "an answer begun to what is not New and its own");
            }
            Event::AnswerLost { .. }
            | Event::PlanLate { .. }
            | Event::EndOfShiftMissed { .. }
            | Event::Stale(_)
            | Event::ClaimRefused { .. }
            | Event::SlotsInUse { .. }
            | Event::Unresponsive { .. }
            | Event::Busy { .. } => {}
        }
    }

    /// E6, E11: told at login, in the order of the assignments, stale if it has gone.
    fn check_notice(&self, agent: AgentId, id: ConversationId, stale: bool) {
        let seat = self.seat(agent);
        let notice = seat.notices.first().expect("a notice has an assignment (B6)");
        assert!(!seat.is_offline() && seat.state_since == self.now, "told at login (B6)");
        let holds = self
            .open
            .get(&notice.conversation)
            .is_some_and(|case| case.owner == Some(agent) && case.epoch == notice.epoch);
        assert_eq!((id, stale), (notice.id, !holds), "notice (E11)");
    }

    /// What an agent does, it does as the owner of a New conversation, able to write.
    fn check_act(&self, case: &Case, agent: AgentId) {
        assert_eq!((case.owner, case.status), (Some(agent), Status::New), "act of the owner");
        assert!(self.seat(agent).can_write(), "{agent:?} cannot write");
    }

    /// A14: with its owner if logged in, else unowned.
    fn check_reopened(&self, change: &Change, next: Option<&Event>) {
        assert_eq!(self.centre.after_close, AfterClose::Reopen);
        let case = &self.closed[&change.conversation];
        let owner = case.closed_owner.filter(|&owner| !self.seat(owner).is_offline());
        assert_eq!((change.id, change.to, change.from), (case.id, owner, None), "A14");
        assert_eq!((change.actor, change.status), (Actor::Consumer, Status::New), "A14");
        assert_eq!(change.epoch.0, case.epoch.0 + u32::from(owner.is_some()), "epoch (A14)");
        assert_eq!(change.skill, case.skill, "the skill of the close (A14)");
        assert!(case.left.is_none() && next.is_some(), "who has left writes no more");
    }

    fn check_change(&self, change: &Change) {
        let case = self.open.get(&change.conversation).expect("a change of an open conversation");
        assert_eq!(change.id, case.id);
        assert_eq!(change.from, case.owner, "continuous owner (E15)");
        let moves = change.from != change.to;
        assert_eq!(change.epoch.0, case.epoch.0 + u32::from(moves), "continuous epoch");
        let opens = change.cause == Cause::Opened;
        let falls_back = change.cause == Cause::FellBack;
        let changes = opens || moves || falls_back || change.status != case.status;
        assert!(changes, "a change changes something");
        assert!(change.status != Status::Resolved || change.to.is_none(), "unowned (B8)");
        if change.cause != Cause::TransferredToSkill && change.skill != case.skill {
            assert!(self.needs(change), "the skill stays");
        }
        let announced = match change.cause {
            Cause::Reply | Cause::ReplyWithBoomerang => Some(Announced::Answer),
            Cause::ResolvedByAgent if self.closes(case) => None,
            Cause::ResolvedByAgent if case.status == Status::New => Some(Announced::Answer),
            Cause::Abandoned => Some(Announced::Abandonment),
            _ => None,
        };
        assert_eq!(case.announced, announced, "announced by the fact before");
        let (from, to) = (shape(case.status, case.owner), shape(change.status, change.to));
        assert!(table(change.cause).contains(&(from, to)), "{from:?} -> {to:?}");
        self.check_cause(case, change);
    }

    fn check_cause(&self, case: &Case, change: &Change) {
        let removal_on = self.centre.remove_ownership.enabled;
        let from_offline = case.owner.is_some_and(|owner| self.seat(owner).is_offline());
        let by_owner = change.from.map(Actor::Agent) == Some(change.actor);
        let by_system = change.actor == Actor::System;
        let by_consumer = change.actor == Actor::Consumer;
        let keeps = change.from == change.to;
        let ok = match change.cause {
            Cause::Opened => by_consumer && case.figures.opened == self.now,
            Cause::Assigned => by_system && self.is_first_match(case, change.to),
            Cause::Claimed => {
                let agent = change.to.expect("the table");
                change.actor == Actor::Agent(agent)
                    && self.centre.routing.mode != RoutingMode::Push
                    && self.seat(agent).unresponsive.since.is_none()
                    && self.admits(case, agent)
            }
            Cause::ConsumerMessage => by_consumer && keeps && !(removal_on && from_offline),
            Cause::InboundWhileOffline => by_consumer && removal_on && from_offline,
            Cause::Boomerang => {
                by_system && keeps && !(removal_on && from_offline) && fires(self, case)
            }
            Cause::BoomerangWhileOffline => {
                by_system && removal_on && from_offline && fires(self, case)
            }
            Cause::Reply | Cause::ReplyWithBoomerang => {
                let resolves = self.centre.resolve == Resolve::WithLastReply;
                by_owner && keeps && !(resolves && self.was_last(case) == Some(true))
            }
            Cause::Parked => by_owner && keeps && self.writes(change.from),
            Cause::ManualReturn => {
                by_owner && (self.writes(change.from) || self.gives_back(change.from))
            }
            Cause::TransferredToSkill => by_owner && self.writes(change.from),
            Cause::TransferredToAgent => {
                by_owner && !keeps && self.writes(change.from) && !self.is_offline(change.to)
            }
            Cause::AssignedOffline => {
                by_owner && !keeps && self.writes(change.from) && self.is_offline(change.to)
            }
            Cause::Reserved { until, .. } => {
                by_owner && self.writes(change.from) && until >= self.now
            }
            Cause::FellBack => {
                by_system && keeps && case.reserved.is_some_and(|(_, until)| until == self.now)
            }
            Cause::TakenUp => by_owner && keeps && self.logged_in_now(change.from),
            Cause::AutoUnassigned { state, waited } => {
                let message = case.clock_message(self.centre.unassign.clock);
                by_system
                    && self.centre.unassign.enabled
                    && case.sla.is_none()
                    && case.deadline == Some(self.now)
                    && message
                        .is_some_and(|message| waited == self.waited(case.skill, message, self.now))
                    && change.from.is_some_and(|agent| self.seat(agent).state == state)
            }
            Cause::OwnerLoggedOut => by_system && removal_on && self.is_removable(change),
            Cause::ResolvedByAgent => self.closes(case) || self.may_be_resolved(case),
            Cause::ResolvedByConsumer => {
                by_consumer && self.centre.resolve != Resolve::WithLastReply
            }
            Cause::Abandoned => by_consumer,
            Cause::AutoClosed => {
                let due = case.auto_close_due(self);
                by_system && due.is_some_and(|due| due <= self.now)
            }
            Cause::Reopened | Cause::CarriedOver => false,
        };
        assert!(ok, "the rules do not allow {change:?}");
    }

    /// B10: handed over for a skill that it needs from then on.
    fn needs(&self, change: &Change) -> bool {
        let handed_over = matches!(
            change.cause,
            Cause::TransferredToAgent | Cause::AssignedOffline | Cause::Reserved { .. }
        );
        let giver = change.from.filter(|_| handed_over).map(|agent| self.seat(agent).group);
        giver.is_some_and(|giver| {
            giver.hand_overs.iter().any(|hand_over| {
                matches!(hand_over.to, HandOverTo::Specialist { needs, .. } if needs == Some(change.skill))
            })
        })
    }

    fn is_offline(&self, agent: Option<AgentId>) -> bool {
        agent.is_some_and(|agent| self.seat(agent).is_offline())
    }

    fn writes(&self, agent: Option<AgentId>) -> bool {
        agent.is_some_and(|agent| self.seat(agent).can_write())
    }

    /// Who gives back at the end of its shift may be Away.
    fn gives_back(&self, agent: Option<AgentId>) -> bool {
        agent.map(|agent| self.seat(agent)).is_some_and(|seat| {
            let responds = !seat.is_offline() && seat.unresponsive.since.is_none();
            responds && seat.group.finish.hand_back > 0.0
        })
    }

    fn logged_in_now(&self, agent: Option<AgentId>) -> bool {
        agent.is_some_and(|agent| {
            let seat = self.seat(agent);
            !seat.is_offline() && seat.state_since == self.now
        })
    }

    /// A1, D10: the first conversation in service order for which there is an agent, and the agent
    /// whom the order of choice names.
    fn is_first_match(&self, case: &Case, to: Option<AgentId>) -> bool {
        let place = self.place(case);
        self.centre.routing.mode == RoutingMode::Push
            && self.choice(case) == to
            && self.queue().all(|other| self.place(other) >= place || self.choice(other).is_none())
    }

    /// B1, E3, E4: New at the logout (or assigned after it), same epoch, within the bound.
    fn is_removable(&self, change: &Change) -> bool {
        let within = self.centre.remove_ownership.within;
        self.is_offline(change.from)
            && self.seat(change.from.expect("offline")).pairs.iter().any(|pair| {
                pair.conversation == change.conversation
                    && pair.epoch.0 + 1 == change.epoch.0
                    && self.now <= pair.since + within
            })
    }

    /// Whether the consumer has written all that it means to, where the scenario alone tells.
    fn was_last(&self, case: &Case) -> Option<bool> {
        let kind = &self.centre.kinds[usize::from(case.id.kind().0)];
        match kind.messages {
            Turns::Unlimited => Some(false),
            Turns::Fixed(turns) if kind.burst.is_none() => Some(case.messages() >= turns),
            Turns::Fixed(_) | Turns::Geometric(_) => None,
        }
    }

    /// B9: what a boomerang brought back is closed instead of answered.
    fn closes(&self, case: &Case) -> bool {
        case.status == Status::New && case.then == BoomerangThen::Resolve
    }

    /// A13, A15.
    fn may_be_resolved(&self, case: &Case) -> bool {
        match self.centre.resolve {
            Resolve::WithLastReply => {
                case.status == Status::New && self.was_last(case) != Some(false)
            }
            Resolve::After(_) => case.resolve_due(self).is_some_and(|due| due <= self.now),
        }
    }
}

fn fires(world: &World<'_>, case: &Case) -> bool {
    case.boomerang.is_some_and(|boomerang| boomerang.due == world.now)
}

/// Status and ownership of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Queued,
    Working,
    Resting,
    Over,
}

fn shape(status: Status, owner: Option<AgentId>) -> Shape {
    match (status, owner) {
        (Status::New, None) => Shape::Queued,
        (Status::New, Some(_)) => Shape::Working,
        (Status::Pending, Some(_)) => Shape::Resting,
        (Status::Resolved, None) => Shape::Over,
        other => panic!("no conversation is {other:?}"),
    }
}

/// The tables A1–A15 and B1–B8.
fn table(cause: Cause) -> &'static [(Shape, Shape)] {
    use Shape::{Over, Queued, Resting, Working};
    match cause {
        Cause::Opened => &[(Queued, Queued)],
        Cause::Reopened | Cause::CarriedOver => &[],
        Cause::Assigned | Cause::Claimed => &[(Queued, Working)],
        Cause::ConsumerMessage | Cause::Boomerang | Cause::TakenUp => &[(Resting, Working)],
        Cause::InboundWhileOffline | Cause::BoomerangWhileOffline => &[(Resting, Queued)],
        Cause::Reply | Cause::ReplyWithBoomerang | Cause::Parked => &[(Working, Resting)],
        Cause::AutoUnassigned { .. }
        | Cause::OwnerLoggedOut
        | Cause::ManualReturn
        | Cause::Reserved { .. }
        | Cause::TransferredToSkill => &[(Working, Queued)],
        Cause::FellBack => &[(Queued, Queued)],
        Cause::TransferredToAgent => &[(Working, Working)],
        Cause::AssignedOffline => &[(Working, Working), (Working, Resting)],
        Cause::ResolvedByAgent => &[(Working, Over), (Resting, Over)],
        Cause::ResolvedByConsumer => &[(Resting, Over)],
        Cause::Abandoned | Cause::AutoClosed => &[(Queued, Over), (Working, Over), (Resting, Over)],
    }
}

impl World<'_> {
    /// What must hold when an instant is over, whatever happened in it.
    pub(crate) fn check_rest(&self) {
        self.open.values().for_each(|case| self.check_case(case));
        self.agents().for_each(|agent| self.check_seat(agent));
        if self.centre.routing.mode == RoutingMode::Push {
            let served = self.queue().all(|case| self.choice(case).is_none());
            assert!(served, "the queue is not served at {}", self.now);
        }
    }

    fn check_case(&self, case: &Case) {
        let (now, id) = (self.now, case.id);
        assert!(case.announced.is_none(), "{id}: an answer or abandonment without its change");
        let over = |due: Option<Time>| due.is_some_and(|due| due <= now);
        assert!(!over(case.sla), "{id}: a manual SLA outlives its end");
        if over(case.deadline) {
            assert!(case.sla.is_some() && case.suppressed, "{id}: past its deadline (A6, A7)");
        }
        let boomerang = case.boomerang.map(|boomerang| boomerang.due);
        assert!(!over(boomerang), "{id}: a boomerang did not fire");
        assert!(!over(case.resolve_due(self)), "{id}: not resolved (A15)");
        assert!(!over(case.auto_close_due(self)), "{id}: not closed");
        let reserved = case.reserved.map(|(_, until)| until);
        assert!(!over(reserved), "{id}: still waits for one agent (E16)");
    }

    fn check_seat(&self, agent: AgentId) {
        let (seat, now) = (self.seat(agent), self.now);
        let used: u32 = self.owned(agent).map(|case| self.weight(case).0).sum();
        assert_eq!(seat.used.0, used, "{agent:?}: slots in use");
        let within = self.centre.remove_ownership.within;
        for pair in &seat.pairs {
            let holds = self
                .open
                .get(&pair.conversation)
                .is_some_and(|case| case.epoch == pair.epoch && case.status == Status::New);
            let too_late = now >= pair.since + within || pair.swept;
            assert!(!(holds && too_late), "{agent:?}: keeps ownership after logout (B1)");
        }
        let works = self.owned(agent).any(|case| case.status == Status::New);
        let busy = seat.busy.since.is_some();
        assert!(!busy || seat.can_write(), "{agent:?}: busy, but cannot write");
        assert!(!works || busy || !seat.can_write(), "{agent:?}: idle with work to do");
        assert!(seat.is_offline() || seat.notices.is_empty(), "{agent:?}: not notified (B6)");
        if seat.unresponsive.since.is_some() || seat.closing.is_some() {
            assert_ne!(seat.state, AgentState::Offline, "{agent:?}: out, and in");
        }
        let is_out = seat.away_until.is_some_and(|until| now < until);
        assert!(!is_out || seat.state != AgentState::Online, "{agent:?}: not set Away (D12)");
        for (key, epoch) in &seat.told {
            let rests = self.open.get(key).is_some_and(|case| {
                case.epoch == *epoch && case.status == Status::Pending && case.status_since < now
            });
            assert!(!rests, "{agent:?}: does not take up what it was told of (B6)");
        }
        self.check_closing(agent, works);
    }

    /// A closing agent stays for a reason, and not for ever.
    fn check_closing(&self, agent: AgentId, works: bool) {
        let seat = self.seat(agent);
        let Some(since) = seat.closing else { return };
        let stays_for = match seat.group.finish.pending {
            FinishPending::Leave => works,
            FinishPending::Wait => self.owned(agent).next().is_some(),
        };
        let wraps_up = seat.busy.since.is_some();
        let stays_for = stays_for || wraps_up;
        assert!(stays_for || seat.unresponsive.since.is_some(), "{agent:?}: finished, but stays");
        assert!(self.now < since + seat.group.finish.at_most, "{agent:?}: stays too long");
    }
}
