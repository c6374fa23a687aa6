//! When agents are there: shifts, how they end, and absences.

use std::sync::Arc;

use crate::base::distribution::Distribution;
use crate::base::ids::ReasonId;
use crate::base::time::{Span, Time};

/// When the agents of a group are on shift.
#[derive(Clone, Debug, PartialEq)]
pub enum Roster {
    /// From the start to the end of the run.
    Always,
    /// Shifts that repeat every 24 hours, by agent of the group; agents beyond the end of the list
    /// follow its last entry. An empty list of shifts is an agent who never works.
    Daily(Vec<Vec<Shift>>),
    /// The same, each shift once, of a run whose days differ.
    Listed(Vec<Vec<Shift>>),
}

impl Roster {
    /// Lists of shifts by agent; none if they are always there.
    pub fn lists(&self) -> Option<&[Vec<Shift>]> {
        match self {
            Self::Always => None,
            Self::Daily(agents) | Self::Listed(agents) => Some(agents),
        }
    }

    /// The same, to be changed.
    pub fn lists_mut(&mut self) -> Option<&mut Vec<Vec<Shift>>> {
        match self {
            Self::Always => None,
            Self::Daily(agents) | Self::Listed(agents) => Some(agents),
        }
    }

    /// Whether shifts come again every 24 hours.
    pub fn is_daily(&self) -> bool {
        matches!(self, Self::Daily(_))
    }
}

/// One shift, from the start of the run; of one that repeats every 24 hours, before and after, that of
/// the first day. `start < end`; `end − start` is at most 24 h, where it repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Login.
    pub start: Time,
    /// Planned logout.
    pub end: Time,
}

/// How a shift ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Finish {
    /// What the agent does when the shift is over.
    pub when: FinishWhen,
    /// Whether a closing agent waits for its Pending conversations too.
    pub pending: FinishPending,
    /// A closing agent logs out at the latest after this long.
    pub at_most: Span,
    /// Going Away before the planned end.
    pub away_before: Option<AwayBefore>,
    /// Probability that the agent gives a New conversation back by hand before it leaves.
    pub hand_back: f64,
    /// Manual SLA on each New conversation that it keeps, seconds.
    pub manual_sla: Option<Distribution>,
}

/// Going Away before the planned end of a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwayBefore {
    /// How long before.
    pub before: Span,
    /// Away reason, [`END_OF_SHIFT_REASON`].
    pub reason: ReasonId,
}

/// The away reason of an agent who goes Away before the end of its shift.
pub const END_OF_SHIFT_REASON: &str = "End of shift";

/// What an agent does when the shift is over.
#[derive(Clone, Debug, PartialEq)]
pub enum FinishWhen {
    /// Logs out, with whatever it owns.
    AtShiftEnd,
    /// Takes nothing new and logs out when nothing is left (*closing*).
    AfterFinishing,
    /// Works on as if the shift were longer by this drawn time, then logs out.
    Late(Distribution),
}

/// Whether a closing agent waits for its Pending conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinishPending {
    /// Logs out when it owns no New conversation.
    Leave,
    /// Logs out when it owns no conversation.
    Wait,
}

/// A recurring or planned absence of the agents of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// What it is.
    pub absence: Absence,
    /// When it begins.
    pub trigger: Trigger,
    /// How long it lasts, seconds.
    pub length: Distribution,
}

/// Ways of not being there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The agent sets itself Away for a reason ("Back Soon", a break, lunch).
    Away(ReasonId),
    /// Online but unresponsive.
    Interruption,
    /// Cut off: Online and unresponsive, logged out by the session timeout (E12).
    Disconnect,
    /// The agent logs out and comes back.
    Logout,
}

/// When an absence begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// After this much time logged in without such an absence, seconds; again and again.
    Every(Distribution),
    /// At an instant of the day, every day, for a share of the agents, spread over a time.
    At {
        /// The instants of the days.
        at: DailyInstants,
        /// Each agent begins at a uniform instant of this time after `at`, at most a day.
        spread: Span,
        /// Probability that an agent takes part.
        share: f64,
        /// How long it lasts if the agent is not there to begin it (D24); `None` of an accident,
        /// which is void then.
        when_late: Option<WhenLate>,
    },
    /// At the times of a roster, from start to end of each.
    Listed {
        /// By agent of the group, in order.
        agents: Arc<[Vec<Shift>]>,
        /// Whether they come again every 24 hours.
        are_daily: bool,
        /// How long it lasts if the agent is not there to begin it.
        when_late: WhenLate,
    },
}

/// The planned absences of one agent, by number from 0.
#[derive(Clone, Copy, Debug)]
pub struct ListedPlans<'a> {
    /// In order; of the first day, if they are daily.
    pub list: &'a [Shift],
    /// Whether they come again every 24 hours.
    pub are_daily: bool,
}

impl ListedPlans<'_> {
    /// The one of a number; none after the last.
    pub fn get(&self, number: u16) -> Option<Shift> {
        let number = usize::from(number);
        if !self.are_daily {
            return self.list.get(number).copied();
        }
        let day = number.checked_div(self.list.len())?;
        let later = Span::from_hours(24) * day as i64;
        let Shift { start, end } = self.list[number % self.list.len()];
        Some(Shift { start: start + later, end: end + later })
    }

    /// The number of the last one that begins at or before an instant; that of the first if none
    /// does.
    pub fn number_at(&self, now: Time) -> u16 {
        let day = Span::from_hours(24);
        let days = if self.are_daily { now.since_start().as_micros() / day.as_micros() } else { 0 };
        let begun = self.list.partition_point(|plan| plan.start + day * days <= now);
        let number = days as usize * self.list.len() + begun;
        u16::try_from(number.saturating_sub(1)).unwrap_or(u16::MAX)
    }
}

/// How long a planned absence lasts that begins late (D24).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenLate {
    /// For its full length, within the shift.
    Full,
    /// Until its planned end.
    Rest,
    /// It is not late: whoever is interrupted then no longer is. For absences that have been, as a log
    /// tells.
    Never,
}

/// Instants of a plan, one for each day.
#[derive(Clone, Debug, PartialEq)]
pub enum DailyInstants {
    /// One that comes again every 24 hours, on the first day of the run.
    Daily(Time),
    /// Those of a run whose days differ, in order.
    Listed(Arc<[Time]>),
}

impl DailyInstants {
    /// That of a day, from 0; none after the last.
    pub fn of_day(&self, day: u16) -> Option<Time> {
        match self {
            Self::Daily(first) => Some(*first + Span::from_hours(24) * i64::from(day)),
            Self::Listed(instants) => instants.get(usize::from(day)).copied(),
        }
    }

    /// The number of the last one at or before an instant; that of the first if there is none.
    pub fn day_at(&self, now: Time) -> u16 {
        let day = match self {
            Self::Daily(_) => now.since_start().as_micros() / Span::from_hours(24).as_micros(),
            Self::Listed(instants) => {
                instants.partition_point(|instant| *instant <= now).saturating_sub(1) as i64
            }
        };
        u16::try_from(day).unwrap_or(u16::MAX)
    }
}
