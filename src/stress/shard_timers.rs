//! The timers of a shard: on a wheel until they are due, then, those of the router, in the order of
//! the model until it has its turn.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use crate::base::ids::{AgentId, ConversationKey};
use crate::base::time::Time;
use crate::ledger::journal::conversation_of;
use crate::model::message::{RouterTimer, Timer};

use super::wheel::{TimerHandle, Wheel};

/// All timers of a shard. A tick of the wheel is a microsecond of the scenario.
#[derive(Debug, Default)]
pub(super) struct ShardTimers {
    wheel: Wheel<Timer>,
    /// Timers of the router that have come due.
    due: BinaryHeap<Reverse<DueTimer>>,
    /// For when the one was set that the router is handling.
    in_hand: Option<Time>,
    /// Counts the timers that have come due.
    sequence: u64,
}

/// A timer that is due, in the order of the model: by time, class and name or age.
#[derive(Clone, Copy, Debug)]
pub(super) struct DueTimer<T = RouterTimer> {
    pub(super) due: Time,
    class: u8,
    rank: u64,
    pub(super) timer: T,
}

impl ShardTimers {
    /// Sets a timer that is not due yet.
    pub(super) fn arm(&mut self, due: Time, timer: Timer) -> TimerHandle {
        self.wheel.arm(tick(due), timer)
    }

    /// Takes a timer back. Returns whether it was still to come.
    pub(super) fn cancel(&mut self, handle: TimerHandle) -> bool {
        self.wheel.cancel(handle).is_some()
    }

    /// Takes back timers that are still to come.
    pub(super) fn take_back(&mut self, handles: Vec<(Time, TimerHandle)>) -> Vec<(Time, Timer)> {
        let taken = handles.into_iter().filter_map(|(due, handle)| {
            let timer = self.wheel.cancel(handle)?;
            Some((due, timer))
        });
        taken.collect()
    }

    /// Takes back the timers of a conversation that wait for the router, in its order.
    pub(super) fn take_back_due(&mut self, conversation: ConversationKey) -> Vec<(Time, Timer)> {
        let is_its = |Reverse(waiting): &Reverse<DueTimer>| {
            conversation_of(&Timer::Router(waiting.timer)) == Some(conversation)
        };
        let taken = self.due.iter().filter(|waiting| is_its(waiting));
        let mut taken = Vec::from_iter(taken.map(|Reverse(waiting)| *waiting));
        if !taken.is_empty() {
            self.due.retain(|waiting| !is_its(waiting));
            taken.sort();
        }
        taken.into_iter().map(|waiting| (waiting.due, Timer::Router(waiting.timer))).collect()
    }

    /// Takes back every timer of these agents, and returns how many.
    pub(super) fn forget_agents(&mut self, agents: &BTreeSet<AgentId>) -> u64 {
        if agents.is_empty() {
            return 0;
        }
        let is_theirs = |timer: &Timer| matches!(timer, Timer::Agent(of, _) if agents.contains(of));
        self.wheel.retain(|timer| !is_theirs(timer)) as u64
    }

    /// Takes what has come due, in the order of the model. Unassign deadlines of one instant go by
    /// the `name` of their conversations (D20), others by age.
    pub(super) fn take_due(
        &mut self,
        now: Time,
        name: impl Fn(ConversationKey) -> Option<u64>,
    ) -> Vec<DueTimer<Timer>> {
        let mut all = Vec::new();
        while let Some((due, timer)) = self.wheel.pop(tick(now)) {
            self.sequence += 1;
            let named = match timer {
                Timer::Router(RouterTimer::Unassign { conversation }) => name(conversation),
                _ => None,
            };
            let due = Time::from_micros(due as i64);
            let (class, rank) = (timer.class() as u8, named.unwrap_or(self.sequence));
            all.push(DueTimer { due, class, rank, timer });
        }
        all.sort_by_key(|timer| (timer.due, timer.class, timer.rank));
        all
    }

    /// The router is to handle a timer when it has its turn.
    pub(super) fn hand_over(&mut self, due: DueTimer) {
        self.due.push(Reverse(due));
    }

    /// The router is to handle a timer that it set for right now.
    pub(super) fn hand_over_at_once(&mut self, due: Time, timer: RouterTimer) {
        self.sequence += 1;
        let class = Timer::Router(timer).class() as u8;
        self.hand_over(DueTimer { due, class, rank: self.sequence, timer });
    }

    /// Takes all timers that were due before an instant, with when that was; the run is over.
    pub(super) fn overdue(&mut self, now: Time) -> Vec<(Time, Timer)> {
        let waiting = self.due.drain().map(|Reverse(due)| (due.due, Timer::Router(due.timer)));
        let mut overdue = Vec::from_iter(waiting);
        overdue.extend(self.take_due(now, |_| None).into_iter().map(|due| (due.due, due.timer)));
        overdue
    }

    /// The router takes up its next timer.
    pub(super) fn take_up(&mut self) -> Option<DueTimer> {
        let Reverse(next) = self.due.pop()?;
        self.in_hand = Some(next.due);
        Some(next)
    }

    /// The router is done with the timer that it took up.
    pub(super) fn put_down(&mut self) {
        self.in_hand = None;
    }

    /// Whether a timer waits for the router.
    pub(super) fn router_has_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// Every timer of the router that was due before this has been handled.
    pub(super) fn handled_until(&self) -> Time {
        let reached = Time::from_micros(self.wheel.now() as i64);
        let next = self.due.peek().map_or(reached, |Reverse(next)| next.due.min(reached));
        self.in_hand.map_or(next, |due| due.min(next))
    }

    /// Timers to come.
    pub(super) fn len(&self) -> usize {
        self.wheel.len() + self.due.len()
    }

    /// Bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        self.wheel.bytes() + self.due.capacity() * size_of::<DueTimer>()
    }
}

impl<T> DueTimer<T> {
    /// The same for another view of the timer.
    pub(super) fn with<U>(self, timer: U) -> DueTimer<U> {
        let Self { due, class, rank, .. } = self;
        DueTimer { due, class, rank, timer }
    }

    fn order(&self) -> (Time, u8, u64) {
        (self.due, self.class, self.rank)
    }
}

impl<T> Ord for DueTimer<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

impl<T> PartialOrd for DueTimer<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for DueTimer<T> {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl<T> Eq for DueTimer<T> {}

fn tick(time: Time) -> u64 {
    time.as_micros().max(0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(slot: u32) -> ConversationKey {
        ConversationKey { slot, generation: 0 }
    }

    fn unassign(slot: u32) -> RouterTimer {
        RouterTimer::Unassign { conversation: key(slot) }
    }

    #[test]
    fn what_is_due_together_goes_by_time_class_and_name() {
        let mut timers = ShardTimers::default();
        let removal = RouterTimer::RemoveOwnership { agent: AgentId(0), removal: 0 };
        let set = [(2, unassign(1)), (1, unassign(7)), (1, unassign(3)), (1, removal)];
        for (second, timer) in set {
            timers.arm(Time::from_secs(second), Timer::Router(timer));
        }
        timers.arm(Time::from_secs(9), Timer::Router(RouterTimer::Serve));
        for due in timers.take_due(Time::from_secs(3), |key| Some(key.slot.into())) {
            let Timer::Router(timer) = due.timer else { unreachable!() };
            timers.hand_over(due.with(timer));
        }
        timers.hand_over_at_once(Time::from_secs(3), RouterTimer::Serve);
        let taken = std::iter::from_fn(|| timers.take_up()).map(|due| due.timer);
        let expected = [removal, unassign(3), unassign(7), unassign(1), RouterTimer::Serve];
        assert_eq!(Vec::from_iter(taken), expected);
    }

    #[test]
    fn whatever_belongs_to_a_conversation_is_taken_back_due_or_not() {
        let mut timers = ShardTimers::default();
        let at = Time::from_secs;
        let arm =
            |timers: &mut ShardTimers, second, timer| (at(second), timers.arm(at(second), timer));
        let close = |slot| Timer::Router(RouterTimer::Close { conversation: key(slot) });
        arm(&mut timers, 1, Timer::Router(unassign(2)));
        let due = arm(&mut timers, 1, Timer::Router(unassign(1)));
        let handles = vec![due, arm(&mut timers, 9, close(1))];
        arm(&mut timers, 9, close(2));
        for due in timers.take_due(at(3), |_| None) {
            let Timer::Router(timer) = due.timer else { unreachable!() };
            timers.hand_over(due.with(timer));
        }
        assert_eq!(timers.take_back(handles), [(at(9), close(1))]);
        assert_eq!(timers.take_back_due(key(1)), [(at(1), Timer::Router(unassign(1)))]);
        assert_eq!(timers.take_up().map(|due| due.timer), Some(unassign(2)));
        assert_eq!((timers.take_up().is_none(), timers.len()), (true, 1));
    }

    #[test]
    fn a_timer_counts_as_handled_when_it_has_been_put_down() {
        let mut timers = ShardTimers::default();
        timers.arm(Time::from_secs(1), Timer::Router(unassign(1)));
        for due in timers.take_due(Time::from_secs(5), |_| None) {
            let Timer::Router(timer) = due.timer else { unreachable!() };
            timers.hand_over(due.with(timer));
        }
        assert_eq!(timers.handled_until(), Time::from_secs(1));
        assert!(timers.take_up().is_some());
        assert_eq!(timers.handled_until(), Time::from_secs(1));
        timers.put_down();
        assert_eq!(timers.handled_until(), Time::from_secs(5));
    }
}
