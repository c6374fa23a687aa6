//! What the facts of a run say about the centre at any moment, worked out apart from the router and
//! the ledger, with plain data and no care for speed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use shiftstorm::base::ids::{AgentId, ConversationId, ConversationKey, Epoch, SkillId};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::event::{AgentState, Status};
use shiftstorm::model::settings::{
    AgentGroup, AutoClose, Centre, Choose, Exclude, QueueOrder, SkillTime, SlotWeight,
};

use super::case::{Case, Removal};

/// The centre at one moment of the replay.
pub(crate) struct World<'a> {
    pub(crate) centre: &'a Centre,
    pub(crate) now: Time,
    pub(crate) seats: Vec<Seat<'a>>,
    /// Conversations that are not resolved.
    pub(crate) open: BTreeMap<ConversationKey, Case>,
    /// Conversations that were closed last in their place.
    pub(crate) closed: BTreeMap<ConversationKey, Case>,
    /// Names of all conversations so far.
    pub(crate) names: BTreeSet<ConversationId>,
    /// Pairs that logouts and late assignments have made, and those removed or found stale (E3).
    pub(crate) pairs_made: usize,
    pub(crate) pairs_done: usize,
    /// Whom the router chose last.
    pub(crate) chosen_last: Option<AgentId>,
}

/// An agent.
pub(crate) struct Seat<'a> {
    pub(crate) group: &'a AgentGroup,
    pub(crate) state: AgentState,
    pub(crate) state_since: Time,
    pub(crate) closing: Option<Time>,
    pub(crate) unresponsive: Spell,
    pub(crate) busy: Spell,
    pub(crate) used: SlotWeight,
    /// Replies, logins and returns to Online (D10).
    pub(crate) acts: u32,
    pub(crate) idle_since: Time,
    /// When it last got a conversation, if ever (D22).
    pub(crate) assigned_at: Option<Time>,
    /// Last login or return to Online: from then on older work has `unassign.return_grace`.
    pub(crate) returned_at: Time,
    pub(crate) has_logged_out: bool,
    /// What an ownership removal has to clear (E3, E4).
    pub(crate) pairs: Vec<Pair>,
    pub(crate) sweeps: u32,
    /// Assignments made while it was offline (B6).
    pub(crate) notices: Vec<Notice>,
    /// What it was told of at login in this instant, and still had.
    pub(crate) told: Vec<(ConversationKey, Epoch)>,
    /// Not Online before this, unless it logs out: set Away while responsive (D12).
    pub(crate) away_until: Option<Time>,
}

/// Something that is on and off.
#[derive(Clone, Copy, Default)]
pub(crate) struct Spell {
    pub(crate) since: Option<Time>,
    /// Beginning and end of the spell before.
    pub(crate) last: Option<(Time, Time)>,
}

#[derive(Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) conversation: ConversationKey,
    pub(crate) epoch: Epoch,
    pub(crate) since: Time,
    /// Which sweep clears it.
    pub(crate) sweep: u32,
    /// Whether that sweep was seen at work.
    pub(crate) swept: bool,
}

#[derive(Clone, Copy)]
pub(crate) struct Notice {
    pub(crate) conversation: ConversationKey,
    pub(crate) id: ConversationId,
    pub(crate) epoch: Epoch,
    /// Owners that the conversation had had by then, this one included.
    pub(crate) owners: usize,
}

/// Service order: whoever was unassigned too often first, then priority, waiting since, id.
pub(crate) type Place = (Reverse<bool>, Reverse<i16>, Time, ConversationId);

impl<'a> World<'a> {
    pub(crate) fn new(centre: &'a Centre) -> Self {
        let seats = centre.agents().map(|(_, group)| Seat::new(group)).collect();
        let (open, closed, names) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        let (pairs_made, pairs_done) = (0, 0);
        let (now, chosen_last) = (Time::ZERO, None);
        Self { centre, now, seats, open, closed, names, pairs_made, pairs_done, chosen_last }
    }

    pub(crate) fn seat(&self, agent: AgentId) -> &Seat<'a> {
        &self.seats[agent.0 as usize]
    }

    pub(crate) fn agents(&self) -> impl Iterator<Item = AgentId> + use<> {
        (0..self.seats.len() as u32).map(AgentId)
    }

    pub(crate) fn owned(&self, agent: AgentId) -> impl Iterator<Item = &Case> {
        self.open.values().filter(move |case| case.owner == Some(agent))
    }

    pub(crate) fn queue(&self) -> impl Iterator<Item = &Case> {
        self.open.values().filter(|case| case.is_queued())
    }

    pub(crate) fn place(&self, case: &Case) -> Place {
        let most = self.centre.unassign.max_per_conversation;
        let urgent = most.is_some_and(|most| case.unassigns > most);
        let due = match self.centre.routing.order {
            QueueOrder::WaitingSince => case.waiting_since(),
            QueueOrder::Due { within } => {
                let own =
                    self.centre.skill_settings[usize::from(case.skill.0)].service_level_within;
                let due = self.reached(case.skill, case.waiting_since(), own.unwrap_or(within));
                due.unwrap_or(Time::MAX)
            }
        };
        (Reverse(urgent), Reverse(self.priority(case)), due, case.id)
    }

    /// Right skill, Online, not closing, a free slot.
    pub(crate) fn is_eligible(&self, agent: AgentId, skill: SkillId) -> bool {
        self.seat(agent).group.skills.contains(&skill) && self.can_take(agent, skill)
    }

    /// Online, not closing, room for one of a skill that is open.
    fn can_take(&self, agent: AgentId, skill: SkillId) -> bool {
        let seat = self.seat(agent);
        seat.state == AgentState::Online
            && seat.closing.is_none()
            && seat.used.0 + self.full_weight(skill).0 <= seat.capacity()
            && self.is_within_limits(agent, skill)
            && self.is_open(skill)
    }

    /// A16: under the limit of the skill, and nothing beside what is to be alone.
    fn is_within_limits(&self, agent: AgentId, skill: SkillId) -> bool {
        let limits = &self.seat(agent).group.limits;
        let owned = Vec::from_iter(self.owned(agent).map(|case| case.skill));
        let of_skill = owned.iter().filter(|of| **of == skill).count();
        let most = limits.at_most.iter().find(|(of, _)| *of == skill).map(|(_, most)| *most);
        let alone = |of: &SkillId| limits.alone.contains(of);
        most.is_none_or(|most| of_skill < most as usize)
            && !owned.iter().any(alone)
            && (owned.is_empty() || !alone(&skill))
    }

    /// A16: more of a skill than its limit, or something beside what is to be alone.
    pub(crate) fn is_above_limits(&self, agent: AgentId) -> bool {
        let limits = &self.seat(agent).group.limits;
        let owned = Vec::from_iter(self.owned(agent).map(|case| case.skill));
        let of_skill = |skill: SkillId| owned.iter().filter(|of| **of == skill).count();
        limits.at_most.iter().any(|&(skill, most)| of_skill(skill) > most as usize)
            || (owned.len() > 1 && owned.iter().any(|of| limits.alone.contains(of)))
    }

    /// Whether an agent who has been given one of a skill, or has one that wakes up, and has so many
    /// slots in use then, is above the slots, the limit of that skill, or what is to be alone.
    pub(crate) fn goes_above(&self, agent: AgentId, skill: SkillId, used: SlotWeight) -> bool {
        let limits = &self.seat(agent).group.limits;
        let owned = Vec::from_iter(self.owned(agent).map(|case| case.skill));
        let of_skill = owned.iter().filter(|of| **of == skill).count();
        let most = limits.at_most.iter().find(|(of, _)| *of == skill).map(|(_, most)| *most);
        used.0 > self.seat(agent).capacity()
            || most.is_some_and(|most| of_skill > most as usize)
            || (owned.len() > 1 && owned.iter().any(|of| limits.alone.contains(of)))
    }

    /// That of the kind if given, else of the present skill (A16).
    fn priority(&self, case: &Case) -> i16 {
        let of_kind = self.centre.kinds[usize::from(case.id.kind().0)].priority;
        let of_skill = self.centre.skill_settings[usize::from(case.skill.0)].priority;
        of_kind.or(of_skill).unwrap_or(0)
    }

    /// D25: from when to when a skill is open, and whether its clocks run only then.
    fn hours(&self, skill: SkillId) -> Option<(Vec<(Time, Time)>, bool)> {
        let hours = self.centre.skill_settings[usize::from(skill.0)].hours.as_ref()?;
        Some((hours.open.windows().collect(), hours.counts_open_time))
    }

    pub(crate) fn is_open(&self, skill: SkillId) -> bool {
        let is_in = |&(start, end): &(Time, Time)| start <= self.now && self.now < end;
        self.hours(skill).is_none_or(|(windows, _)| windows.iter().any(is_in))
    }

    /// D25: the part of a wait that counts.
    pub(crate) fn waited(&self, skill: SkillId, from: Time, to: Time) -> Span {
        let Some((windows, true)) = self.hours(skill) else { return to - from };
        let common = |&(start, end): &(Time, Time)| (end.min(to) - start.max(from)).max(Span::ZERO);
        windows.iter().map(common).fold(Span::ZERO, |sum, part| sum + part)
    }

    /// D25: when a timeout that counts from an instant is reached.
    pub(crate) fn reached(&self, skill: SkillId, from: Time, timeout: Span) -> Option<Time> {
        let Some((windows, true)) = self.hours(skill) else { return Some(from + timeout) };
        if timeout.is_zero() {
            return Some(from);
        }
        let mut left = timeout;
        for (start, end) in windows {
            let begins = start.max(from);
            let length = (end - begins).max(Span::ZERO);
            if left <= length {
                return Some(begins + left);
            }
            left -= length;
        }
        None
    }

    /// What a conversation weighs that is not idle (A16).
    fn full_weight(&self, skill: SkillId) -> SlotWeight {
        self.centre.skill_settings[usize::from(skill.0)].weight.unwrap_or(SlotWeight::FULL)
    }

    /// The unassign timeout of a skill for a state of the owner (A16).
    fn timeout(&self, skill: SkillId, state: AgentState) -> Option<Span> {
        let (of_skill, of_centre) =
            (&self.centre.skill_settings[usize::from(skill.0)], &self.centre.unassign.timeout);
        let (own, centre) = match state {
            AgentState::Online => (of_skill.online, of_centre.online),
            AgentState::Away(_) => (of_skill.away, of_centre.away),
            AgentState::Offline => (of_skill.offline, of_centre.offline),
        };
        own_or(own, centre)
    }

    /// When the platform closes conversations of a skill (A16).
    pub(crate) fn auto_close(&self, skill: SkillId) -> AutoClose {
        let own = &self.centre.skill_settings[usize::from(skill.0)];
        let AutoClose { new, pending } = self.centre.auto_close;
        AutoClose { new: own_or(own.close_new, new), pending: own_or(own.close_pending, pending) }
    }

    /// D10: whom the conversation passes over, longest removed first.
    pub(crate) fn excluded<'b>(&self, case: &'b Case) -> &'b [Removal] {
        match self.centre.unassign.exclude {
            Exclude::None => &[],
            Exclude::Last => case.removals.last().map_or(&[], std::slice::from_ref),
            Exclude::AllPrevious => &case.removals,
        }
    }

    /// D10: an excluded agent has acted since, or enough time has passed.
    pub(crate) fn may_have_it_again(&self, removal: &Removal) -> bool {
        self.seat(removal.agent).acts > removal.acts
            || self.now >= removal.at + self.centre.unassign.same_agent_after
    }

    /// Eligible agents whom the conversation does not pass over.
    fn fresh(&self, case: &Case) -> impl Iterator<Item = AgentId> {
        let passed_over = self.excluded(case);
        self.agents().filter(move |&agent| {
            self.is_eligible(agent, case.skill)
                && passed_over.iter().all(|removal| removal.agent != agent)
        })
    }

    /// Whether an agent may take a conversation of the queue.
    pub(crate) fn admits(&self, case: &Case, agent: AgentId) -> bool {
        if let Some((only, _)) = case.reserved {
            return only == agent && self.can_take(agent, case.skill);
        }
        let removal = self.excluded(case).iter().find(|removal| removal.agent == agent);
        self.is_eligible(agent, case.skill)
            && removal.is_none_or(|removal| {
                self.fresh(case).next().is_none() && self.may_have_it_again(removal)
            })
    }

    /// The agent to whom the router has to give a conversation of the queue.
    pub(crate) fn choice(&self, case: &Case) -> Option<AgentId> {
        if let Some((only, _)) = case.reserved {
            return self.can_take(only, case.skill).then_some(only);
        }
        let rank = |agent: AgentId| {
            let seat = self.seat(agent);
            let after = self.chosen_last.map_or(0, |AgentId(last)| last + 1);
            let by_rule = match self.centre.routing.choose {
                Choose::LeastLoaded => (0, Time::ZERO),
                Choose::LongestIdle => (0, seat.idle_since),
                Choose::FewestSkills => (seat.group.skills.len(), Time::ZERO),
                Choose::RoundRobin => {
                    return (usize::from(agent.0 < after), Time::ZERO, SlotWeight(0), None, agent);
                }
            };
            (by_rule.0, by_rule.1, seat.used, seat.assigned_at, agent)
        };
        self.fresh(case).min_by_key(|&agent| rank(agent)).or_else(|| {
            let again =
                self.excluded(case).iter().filter(|removal| self.may_have_it_again(removal));
            let mut again = again.map(|removal| removal.agent);
            again.find(|&agent| self.is_eligible(agent, case.skill))
        })
    }

    /// D1–D6: when the owner of a New conversation is unassigned if nothing happens before.
    pub(crate) fn deadline(&self, case: &Case, now: Time) -> Option<Time> {
        let unassign = &self.centre.unassign;
        let seat = self.seat(case.owner?);
        let timeout = self.timeout(case.skill, seat.state);
        let origin = case.origin(unassign.clock)?;
        let due = self.reached(case.skill, origin, timeout?)?;
        let returned = seat.state == AgentState::Online && origin < seat.returned_at;
        let grace = if returned { seat.returned_at + unassign.return_grace } else { now };
        let earliest = now.max(grace);
        (unassign.enabled && case.status == Status::New).then_some(due.max(earliest))
    }

    pub(crate) fn rearm(&mut self, key: ConversationKey) {
        let deadline = self.deadline(&self.open[&key], self.now);
        self.case(key).deadline = deadline;
    }

    /// Time goes on. A deadline that fell due under a manual SLA is not running any more (A7).
    pub(crate) fn move_on(&mut self, now: Time) {
        for case in self.open.values_mut().filter(|case| case.suppressed) {
            case.deadline = case.deadline.filter(|&due| due >= now);
        }
        self.seats.iter_mut().for_each(|seat| seat.told.clear());
        self.now = now;
    }

    pub(crate) fn case(&mut self, key: ConversationKey) -> &mut Case {
        self.open.get_mut(&key).expect("facts are about open conversations")
    }

    /// What a conversation weighs among its owner's slots.
    pub(crate) fn weight(&self, case: &Case) -> SlotWeight {
        let idle = self.centre.capacity.inactive_after.is_some_and(|after| {
            case.status == Status::Pending && self.now >= case.status_since + after
        });
        let full = self.full_weight(case.skill);
        let idle_weight = self.centre.capacity.inactive_weight;
        if idle { SlotWeight((full.0 * idle_weight.0).div_ceil(1000)) } else { full }
    }
}

fn own_or(own: SkillTime, centre: Option<Span>) -> Option<Span> {
    match own {
        SkillTime::OfCentre => centre,
        SkillTime::Own(own) => own,
    }
}

impl<'a> Seat<'a> {
    fn new(group: &'a AgentGroup) -> Self {
        Self {
            group,
            state: AgentState::Offline,
            state_since: Time::ZERO,
            closing: None,
            unresponsive: Spell::default(),
            busy: Spell::default(),
            used: SlotWeight(0),
            acts: 0,
            idle_since: Time::ZERO,
            assigned_at: None,
            returned_at: Time::ZERO,
            has_logged_out: false,
            pairs: Vec::new(),
            sweeps: 0,
            notices: Vec::new(),
            told: Vec::new(),
            away_until: None,
        }
    }

    pub(crate) fn capacity(&self) -> u32 {
        self.group.concurrency * SlotWeight::FULL.0
    }

    pub(crate) fn is_offline(&self) -> bool {
        self.state == AgentState::Offline
    }

    /// Online and responsive, or Away and going on.
    pub(crate) fn can_write(&self) -> bool {
        let goes_on = match self.state {
            AgentState::Online => true,
            AgentState::Away(_) => self.group.away_answers,
            AgentState::Offline => false,
        };
        goes_on && self.unresponsive.since.is_none()
    }
}

impl Spell {
    /// Begins or ends; both only once.
    pub(crate) fn turn(&mut self, now: Time, on: bool) {
        match (self.since, on) {
            (None, true) => self.since = Some(now),
            (Some(since), false) => (self.since, self.last) = (None, Some((since, now))),
            _ => panic!("what is on goes on, or what is off goes off, at {now}"),
        }
    }

    /// Whether it was on until this very instant, or still is: since when.
    pub(crate) fn up_to(&self, now: Time) -> Option<Time> {
        let ended_now = self.last.filter(|&(_, end)| end == now).map(|(since, _)| since);
        self.since.or(ended_now)
    }
}
