//! What one conversation of a kind of consumers brings, before anything is run.

use super::staff_on_shift::mean_reply;
use crate::base::arrivals::ArrivalProcess;
use crate::base::distribution::Distribution;
use crate::base::time::Time;
use crate::model::settings::{Capacity, Centre, ConsumerKind, SlotWeight, Turns, UniformPart};

/// What one conversation of a kind brings.
pub(super) struct KindLoad<'a> {
    pub(super) kind: &'a ConsumerKind,
    /// Mean number of turns of a conversation.
    pub(super) turns: f64,
    /// Seconds of work of a reply, where no handle time says otherwise.
    reply: f64,
    /// Seconds of work after it.
    wrap_up: f64,
    /// Seconds in which consumers write in bursts, and in which they think.
    writing: f64,
    thinking: f64,
    /// The same, idle times with their weight.
    weighed_thinking: f64,
    /// Seconds of the run.
    horizon: f64,
    pub(super) events_per_turn: f64,
}

impl<'a> KindLoad<'a> {
    pub(super) fn new(kind: &'a ConsumerKind, centre: &Centre, horizon: f64) -> Self {
        let (reply, wrap_up) = work_of(kind, centre);
        let think = kind.think.mean();
        let (messages, burst) = burst_of(kind);
        let turns = turns_of(kind, centre, horizon);
        let thinks = (turns - 1.0).max(0.0);
        Self {
            kind,
            turns,
            reply,
            wrap_up,
            writing: turns * burst,
            thinking: thinks * think,
            weighed_thinking: thinks * weighed(&kind.think, &centre.capacity),
            horizon,
            events_per_turn: EVENTS_PER_TURN + 2.0 * messages,
        }
    }

    /// Seconds of work of all replies to one opened at an instant.
    fn replies(&self, opened: Time) -> f64 {
        self.turns * self.reply * self.kind.mean_work_factor(opened)
    }

    /// Seconds of work of agents.
    pub(super) fn work(&self, opened: Time) -> f64 {
        self.replies(opened) + self.wrap_up
    }

    /// Seconds open if every reply is started at once.
    pub(super) fn duration(&self, opened: Time) -> f64 {
        (self.replies(opened) + self.writing + self.thinking).min(self.horizon)
    }

    /// The same, idle times with their weight.
    pub(super) fn slot_seconds(&self, opened: Time) -> f64 {
        (self.replies(opened) + self.writing + self.weighed_thinking).min(self.horizon)
    }

    /// Conversations that it begins within a span.
    pub(super) fn arrivals(&self, start: Time, end: Time) -> f64 {
        let (population, pause) = match &self.kind.arrivals {
            ArrivalProcess::Closed { population: 0, .. } => return 0.0,
            ArrivalProcess::Closed { population, pause, .. } => (population, pause),
            // Repeat contacts count where the first does.
            other => return other.expected(start, end) * contacts_a_need(self.kind),
        };
        let patience =
            self.kind.patience.first.as_ref().map_or(f64::INFINITY, |first| first.mean());
        let cycle = pause.mean() + self.duration(start).min(patience);
        let opened = if start == Time::ZERO { *population as f64 } else { 0.0 };
        opened + *population as f64 * (end - start).as_secs_f64() / cycle
    }

    pub(super) fn bytes_of_plan(&self) -> f64 {
        match &self.kind.arrivals {
            ArrivalProcess::Trace(trace) => 8.0 * trace.instants().len() as f64,
            _ => 0.0,
        }
    }
}

/// Messages of a turn, and the seconds in which they are written.
fn burst_of(kind: &ConsumerKind) -> (f64, f64) {
    kind.burst.as_ref().map_or((1.0, 0.0), |burst| {
        let messages = burst.size.mean().max(1.0);
        (messages, (messages - 1.0) * burst.gap.mean())
    })
}

/// Mean number of turns of a conversation, in a run of so many seconds.
fn turns_of(kind: &ConsumerKind, centre: &Centre, horizon: f64) -> f64 {
    match kind.messages {
        Turns::Fixed(turns) => f64::from(turns),
        Turns::Geometric(ends) => 1.0 / ends,
        Turns::Unlimited => {
            let (reply, burst) = (work_of(kind, centre).0, burst_of(kind).1);
            horizon / (reply + kind.think.mean() + burst)
        }
    }
}

/// How many contacts a need takes with those that follow a resolved one.
fn contacts_a_need(kind: &ConsumerKind) -> f64 {
    kind.recontacts.as_ref().map_or(1.0, |again| 1.0 / (1.0 - again.share))
}

/// Mean of a think time whose part after `inactive_after` counts with its weight only.
fn weighed(think: &Distribution, capacity: &Capacity) -> f64 {
    let Some(after) = capacity.inactive_after else { return think.mean() };
    let weight = f64::from(capacity.inactive_weight.0) / f64::from(SlotWeight::FULL.0);
    // The mean of min(think, after) is the area above the distribution function, by midpoints.
    let step = after.as_secs_f64() / STEPS;
    let above = |number: u32| 1.0 - think.cdf((f64::from(number) + 0.5) * step);
    let active = (0..STEPS as u32).map(above).sum::<f64>() * step;
    active + weight * (think.mean() - active).max(0.0)
}

/// Mean work of a reply and after a conversation, in seconds, over the agents with the skills.
fn work_of(kind: &ConsumerKind, centre: &Centre) -> (f64, f64) {
    let (mut agents, mut reply, mut wrap_up) = (0.0, 0.0, 0.0);
    for (skill, share) in &kind.skills {
        let parts = centre.uniform_parts();
        let having = parts.filter(|(_, part)| part.group.skills.contains(skill));
        for (id, UniformPart { group, speed }) in having {
            let weight = share * f64::from(group.count);
            agents += weight;
            reply += weight * mean_reply(centre, id, *skill) / speed;
            wrap_up += weight * group.wrap_up.mean();
        }
    }
    if agents > 0.0 { (reply / agents, wrap_up / agents) } else { (0.0, 0.0) }
}

const STEPS: f64 = 256.0;
/// Reply, start of the next one, deadline; messages come on top.
const EVENTS_PER_TURN: f64 = 4.0;
