//! Where each agent was, and for how long.

use std::collections::BTreeMap;

use crate::base::time::{Span, Time};
use crate::log::form::LoggedState;
use crate::log::{LoggedAgent, PresenceLog};

/// The states of agents, each from an instant to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateTimelines(BTreeMap<LoggedAgent, Vec<StateFrom>>);

/// A state that an agent has from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateFrom {
    /// From when on.
    pub at: Time,
    /// Which.
    pub state: LoggedState,
}

impl StateTimelines {
    /// Those of a log; of several rows of one instant the last counts, and one that changes nothing is left
    /// out.
    pub fn of(presence: &PresenceLog) -> Self {
        let mut timelines = BTreeMap::<LoggedAgent, Vec<StateFrom>>::new();
        for row in &presence.rows {
            let own = timelines.entry(row.agent).or_default();
            if own.last().is_some_and(|last| last.at == row.at) {
                own.pop();
            }
            let before = own.last().map_or(LoggedState::Offline, |last| last.state);
            if before != row.state {
                own.push(StateFrom { at: row.at, state: row.state });
            }
        }
        Self(timelines)
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The states of each agent, in order; before the first it is Offline.
    pub fn agents(&self) -> impl Iterator<Item = (LoggedAgent, &[StateFrom])> {
        self.0.iter().map(|(&agent, own)| (agent, own.as_slice()))
    }

    /// The states of one.
    pub fn of_agent(&self, agent: LoggedAgent) -> &[StateFrom] {
        self.0.get(&agent).map_or(&[][..], Vec::as_slice)
    }

    /// How long an agent was in a state from one instant to another.
    pub(super) fn time_in(
        &self,
        agent: LoggedAgent,
        state: LoggedState,
        [from, to]: [Time; 2],
    ) -> Span {
        // Of an agent without states nothing is known: it is taken to be there.
        let Some(own) = self.0.get(&agent) else {
            return if state == LoggedState::Online { to - from } else { Span::ZERO };
        };
        let next = own.partition_point(|change| change.at <= from);
        let mut present = next.checked_sub(1).map_or(LoggedState::Offline, |last| own[last].state);
        let (mut since, mut sum) = (from, Span::ZERO);
        for change in own[next..].iter().take_while(|change| change.at < to) {
            if present == state {
                sum += change.at - since;
            }
            (present, since) = (change.state, change.at);
        }
        if present == state { sum + (to - since) } else { sum }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::PresenceRow;

    fn log(rows: &[(i64, LoggedState)]) -> PresenceLog {
        let row = |&(second, state): &(i64, LoggedState)| PresenceRow {
            at: Time::from_secs(second),
            agent: LoggedAgent(1),
            state,
            cause: None,
            offset_minutes: 0,
        };
        PresenceLog { rows: rows.iter().map(row).collect(), ..PresenceLog::default() }
    }

    /// Online from 10 to 30, Away until 40, Online until 50; a state of no time at all, and one said twice.
    #[test]
    fn time_in_a_state_by_hand() {
        use LoggedState::{Away, Offline, Online};
        let rows =
            [(10, Away), (10, Online), (20, Online), (30, Away), (40, Online), (50, Offline)];
        let timelines = StateTimelines::of(&log(&rows));
        assert_eq!(timelines.of_agent(LoggedAgent(1)).len(), 4);
        let within = |state, from, to| {
            let range = [from, to].map(Time::from_secs);
            timelines.time_in(LoggedAgent(1), state, range).as_secs_f64()
        };
        assert_eq!(
            [within(Online, 0, 60), within(Away, 0, 60), within(Offline, 0, 60)],
            [30.0, 10.0, 20.0]
        );
        assert_eq!(
            [within(Online, 25, 45), within(Away, 35, 38), within(Offline, 55, 60)],
            [10.0, 3.0, 5.0]
        );
        let range = [0, 60].map(Time::from_secs);
        assert_eq!(timelines.time_in(LoggedAgent(2), Online, range), Span::from_secs(60));
    }
}
