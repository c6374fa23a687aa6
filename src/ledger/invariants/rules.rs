//! The verdicts: what may happen to a conversation, and what must agree with the router.

use crate::base::ids::SkillId;
use crate::model::event::{AgentState, Cause, Change, Status};
use crate::model::settings::GroupMember;

use super::balance::Balance;
use super::observed::{ObservedConversation, Remembered};
use super::observer::Observer;
use super::violation::Snapshot;
use super::wrong::Wrong;

impl Observer {
    /// Rule 1: slots in use = sum of the weights of the conversations owned, idle ones lighter.
    pub(super) fn compare_slots(&mut self) {
        while let Some(agent) = self.touched.pop() {
            let watched = &mut self.agents[agent.0 as usize];
            watched.touched = false;
            let (used, new, all) = (watched.reported, watched.new, watched.owned.len() as u32);
            let (least, most) = match &self.centre.skill_settings {
                skills if skills.iter().all(|skill| skill.weight.is_none()) => {
                    let [new_one, idle_one] = [Status::New, Status::Pending]
                        .map(|status| self.weights_of(status, SkillId(0)));
                    let sum = |new_one, idle_one| new * new_one + (all - new) * idle_one;
                    (sum(new_one.0, idle_one.0), sum(new_one.1, idle_one.1))
                }
                _ => {
                    let owned = self.agents[agent.0 as usize].owned.iter();
                    let owned = owned.map(|&slot| &self.conversations[slot as usize]);
                    let weights = owned.map(|it| self.weights_of(it.status, it.skill));
                    weights.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1))
                }
            };
            if used < least || used > most {
                let detail = format!(
                    "agent {} reports {used} thousandths of slots, but owns conversations of {least} \
                     to {most}",
                    agent.0
                );
                self.wrong(None, Wrong::new(1, detail));
            }
        }
    }

    /// The least and the most that one may take of its owner's slots, in thousandths.
    fn weights_of(&self, status: Status, skill: SkillId) -> (u32, u32) {
        let full = self.centre.weight(skill).0;
        let may_be_idle =
            status == Status::Pending && self.centre.capacity.inactive_after.is_some();
        let idle = may_be_idle.then(|| self.centre.inactive_weight(skill).0);
        let idle = idle.unwrap_or(full);
        (full.min(idle), full.max(idle))
    }

    /// Rule 6: what was New and owned at a logout is gone within the bound.
    pub(super) fn collect_removal(&mut self) {
        let Some((latest, agent, logout)) = self.owed.pop_front() else { return };
        let watched = &self.agents[agent.0 as usize];
        if watched.state != AgentState::Offline || watched.logouts != logout {
            return;
        }
        let left = watched.owned.iter().map(|&slot| &self.conversations[slot as usize]);
        if let Some(observed) =
            left.into_iter().find(|observed| observed.has(Remembered::RemovalDue))
        {
            let id = observed.id;
            let detail = format!(
                "still with agent {}, who is logged out, after the last instant for its removal \
                 ({latest})",
                agent.0
            );
            self.wrong(Some(id), Wrong::new(6, detail));
        }
    }

    /// Whether the change may happen to the conversation as it was.
    pub(super) fn judge(
        &self,
        before: &ObservedConversation,
        change: &Change,
    ) -> Result<(), Wrong> {
        if change.from != before.owner() {
            let owner = before.owner();
            return Err(Wrong::new(
                8,
                format!("said to leave {:?}, but {owner:?} owned it", change.from),
            ));
        }
        if change.id != before.id {
            return Err(Wrong::new(8, format!("its place is that of conversation {}", before.id)));
        }
        let expected = if change.from == change.to { before.epoch } else { before.epoch.next() };
        if change.epoch != expected && change.cause != Cause::Opened {
            return Err(Wrong::new(
                9,
                format!("epoch {} instead of {}", change.epoch.0, expected.0),
            ));
        }
        self.judge_removal(before, change)?;
        self.judge_skill(before, change)?;
        if !before.allows(change.cause, change.to, change.status) {
            let (status, owner) = (before.status, before.owner());
            return Err(Wrong::new(
                8,
                format!(
                    "{:?} took it from {status:?} of {owner:?} to {:?} of {:?}",
                    change.cause, change.status, change.to
                ),
            ));
        }
        Ok(())
    }

    /// B10: from the queue it goes to whoever has the skill that it needs, or waits for (E16), while it is
    /// open (D25).
    fn judge_skill(&self, before: &ObservedConversation, change: &Change) -> Result<(), Wrong> {
        let is_given = matches!(change.cause, Cause::Assigned | Cause::Claimed);
        let owner = change.to.filter(|_| is_given && before.reserved_for().is_none());
        let member = owner.and_then(|owner| self.centre.member(owner));
        let skills = member.map(|GroupMember { group, number }| {
            self.centre.groups[usize::from(group.0)].skills_of(number)
        });
        if skills.is_some_and(|skills| !skills.contains(&change.skill)) {
            let skill = &self.centre.skills[usize::from(change.skill.0)];
            return Err(Wrong::new(8, format!("{:?} has not the skill {skill}", change.to)));
        }
        if is_given && !self.centre.is_open(change.skill, self.now) {
            let skill = &self.centre.skills[usize::from(change.skill.0)];
            return Err(Wrong::new(8, format!("given to {:?}, but {skill} is closed", change.to)));
        }
        Ok(())
    }

    fn judge_removal(&self, before: &ObservedConversation, change: &Change) -> Result<(), Wrong> {
        let removal_is_on = self.centre.remove_ownership.enabled;
        let owner = before.owner().map(|owner| &self.agents[owner.0 as usize]);
        let is_offline = owner.is_none_or(|owner| owner.state == AgentState::Offline);
        match change.cause {
            Cause::OwnerLoggedOut | Cause::InboundWhileOffline | Cause::BoomerangWhileOffline => {
                if !removal_is_on {
                    return Err(Wrong::new(
                        7,
                        format!("{:?} with ownership removal off", change.cause),
                    ));
                }
                if change.cause == Cause::OwnerLoggedOut && before.status == Status::Pending {
                    return Err(Wrong::new(5, "Pending, but removed on logout"));
                }
                if !is_offline {
                    return Err(Wrong::new(
                        9,
                        format!("{:?}, but the owner is logged in", change.cause),
                    ));
                }
                Ok(())
            }
            Cause::ConsumerMessage | Cause::Boomerang if removal_is_on && is_offline => {
                Err(Wrong::new(
                    6,
                    format!("{:?} left it with an owner who is logged out", change.cause),
                ))
            }
            Cause::Reopened => {
                let owner = change.to.map(|owner| self.agents[owner.0 as usize].state);
                match owner {
                    Some(AgentState::Offline) => {
                        Err(Wrong::new(9, "opened again with an owner who is logged out"))
                    }
                    _ => Ok(()),
                }
            }
            Cause::AutoUnassigned { state, .. } => {
                self.judge_unassign(before, owner.map(|owner| owner.state), state)
            }
            _ => Ok(()),
        }
    }

    fn judge_unassign(
        &self,
        before: &ObservedConversation,
        owner: Option<AgentState>,
        state: AgentState,
    ) -> Result<(), Wrong> {
        if !self.centre.unassign.enabled {
            return Err(Wrong::new(7, "auto-unassigned with the feature off"));
        }
        let ended_now = before.has(Remembered::SlaEnded) && before.origin == self.now;
        if ended_now || before.manual_sla.is_some_and(|until| self.now < until) {
            return Err(Wrong::new(4, "auto-unassigned under a manual SLA"));
        }
        if owner != Some(state) {
            return Err(Wrong::new(
                8,
                format!("the owner was said to be {state:?} and is {owner:?}"),
            ));
        }
        match before.deadline {
            Some(deadline) if deadline <= self.now => Ok(()),
            Some(deadline) => {
                Err(Wrong::new(9, format!("auto-unassigned before its deadline {deadline}")))
            }
            None => Err(Wrong::new(9, "auto-unassigned without a deadline")),
        }
    }

    /// Rules 2, 3 and 8 over everything that is open.
    pub(super) fn compare_all(&mut self, open: impl IntoIterator<Item = Snapshot>) {
        let mut known = 0;
        let mut unsettled = 0;
        for snapshot in open {
            known += 1;
            let Some(slot) = self.live(snapshot.conversation) else { return };
            let observed = self.conversations[slot];
            let replayed = (observed.id, observed.owner(), observed.status);
            if replayed != (snapshot.id, snapshot.owner, snapshot.status) {
                let detail = format!("the audit trail says {replayed:?}, the router {snapshot:?}");
                return self.wrong(Some(snapshot.id), Wrong::new(8, detail));
            }
            unsettled += u64::from(!observed.is_settled());
        }
        let Balance { offered, answered, abandoned, closed_unanswered, open, came, went } =
            self.balance;
        if known != open {
            let detail = format!("{open} conversations are open, the router has {known}");
            return self.wrong(None, Wrong::new(2, detail));
        }
        if offered + came != answered + abandoned + closed_unanswered + unsettled + went {
            let detail = format!(
                "{offered} offered and {came} taken over, but {answered} answered, {abandoned} \
                 abandoned, {closed_unanswered} closed unanswered, {unsettled} unanswered at end \
                 and {went} handed over"
            );
            self.wrong(None, Wrong::new(2, detail));
        }
    }
}
