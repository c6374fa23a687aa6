//! What a plan will come to, before it is run: load against staffing, events, memory and time.
//!
//! Rules of thumb, not a model: all work of a conversation counts in the interval in which it
//! arrives, absences and abandonment are ignored, and nobody is unassigned. KindLoad and staffing are
//! exact under those assumptions; events, memory and time are rough.

use super::plan::Plan;
use crate::base::arrivals::ArrivalProcess;
use crate::base::distribution::Distribution;
use crate::base::ids::{GroupId, SkillId};
use crate::base::time::{Span, Time};
use crate::model::settings::{
    AgentGroup, Attention, Capacity, Centre, ConsumerKind, Roster, RoutingMode, Shift, SlotWeight,
    Trigger, Turns, UniformPart,
};

/// What one replication of a plan will come to.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanEstimate {
    /// KindLoad and staffing, interval by interval, up to the horizon.
    pub intervals: Vec<Interval>,
    /// Conversations.
    pub conversations: f64,
    /// Replies.
    pub replies: f64,
    /// Events.
    pub events: f64,
    /// Bytes of memory.
    pub memory: f64,
    /// Seconds of one processor core.
    pub seconds: f64,
}

/// KindLoad and staffing in one interval of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its start.
    pub start: Time,
    /// Conversations that arrive.
    pub arrivals: f64,
    /// Replies that these conversations take.
    pub replies: f64,
    /// Work that arrives with them, as the mean number of agents that it keeps busy (erlangs).
    pub work: f64,
    /// Agents on shift, in the mean; an agent of parallel attention counts once for each slot.
    pub staff: f64,
    /// Conversations open at a time if every reply were started at once, in the mean.
    pub open: f64,
    /// Slots that these take, in the mean: less where idle ones weigh less.
    pub taken: f64,
    /// Slots of the agents on shift, in the mean.
    pub slots: f64,
}

impl Interval {
    /// Work per staff: above 1 the backlog grows. `None` if nobody is on shift.
    pub fn utilisation(&self) -> Option<f64> {
        (self.staff > 0.0).then(|| self.work / self.staff)
    }

    /// Slots taken per slot: above 1 the queue grows. `None` if nobody is on shift.
    pub fn slot_use(&self) -> Option<f64> {
        (self.slots > 0.0).then(|| self.taken / self.slots)
    }
}

impl PlanEstimate {
    /// Work per staff over the whole run.
    pub fn utilisation(&self) -> Option<f64> {
        let work: f64 = self.intervals.iter().map(|interval| interval.work).sum();
        let staff: f64 = self.intervals.iter().map(|interval| interval.staff).sum();
        (staff > 0.0).then(|| work / staff)
    }
}

/// Estimates one replication of a plan.
pub fn estimate(plan: &Plan) -> PlanEstimate {
    let centre = &plan.centre;
    let horizon = plan.run.until.since_start().as_secs_f64();
    let kinds: Vec<_> =
        centre.kinds.iter().map(|kind| KindLoad::new(kind, centre, horizon)).collect();
    let length = plan.measure.interval.as_secs_f64();
    let bounds = interval_bounds(plan);
    let (staff, slots) = staffing(plan, bounds.len());
    let mut intervals = Vec::new();
    for ((start, end), (staff, slots)) in bounds.into_iter().zip(staff.into_iter().zip(slots)) {
        let mut interval = Interval {
            start,
            arrivals: 0.0,
            replies: 0.0,
            work: 0.0,
            staff,
            open: 0.0,
            taken: 0.0,
            slots,
        };
        for load in &kinds {
            let arrivals = load.arrivals(start, end);
            interval.arrivals += arrivals;
            interval.replies += if arrivals > 0.0 { arrivals * load.turns } else { 0.0 };
            interval.work += arrivals * load.work / length;
            interval.open += arrivals * load.duration / length;
            interval.taken += arrivals * load.slot_seconds / length;
        }
        intervals.push(interval);
    }
    complete(plan, &kinds, intervals)
}

fn complete(plan: &Plan, kinds: &[KindLoad<'_>], intervals: Vec<Interval>) -> PlanEstimate {
    let (mut conversations, mut replies, mut events) = (0.0, 0.0, 0.0);
    for load in kinds {
        let arrivals = load.arrivals(Time::ZERO, plan.run.until);
        conversations += arrivals;
        replies += if arrivals > 0.0 { arrivals * load.turns } else { 0.0 };
        let of_one = EVENTS_PER_CONVERSATION + load.turns * load.events_per_turn;
        // Nobody's endless conversation is no event.
        events += if arrivals > 0.0 { arrivals * of_one } else { 0.0 };
    }
    events += events_of_agents(plan);
    let agents: f64 = plan.centre.groups.iter().map(|group| f64::from(group.count)).sum();
    let histograms = 1.0 + plan.centre.skills.len() as f64 + plan.centre.groups.len() as f64;
    let given: f64 = kinds.iter().map(KindLoad::bytes_of_plan).sum();
    let memory = most_open(&intervals, plan.measure.interval) * BYTES_PER_CONVERSATION
        + agents * BYTES_PER_AGENT
        + histograms * BYTES_OF_HISTOGRAMS
        + intervals.len() as f64 * BYTES_PER_INTERVAL
        + given;
    let seconds = events * SECONDS_PER_EVENT;
    PlanEstimate { intervals, conversations, replies, events, memory, seconds }
}

/// What one conversation of a kind brings.
pub(super) struct KindLoad<'a> {
    kind: &'a ConsumerKind,
    /// Mean number of turns of a conversation.
    pub(super) turns: f64,
    /// Seconds of work of agents.
    work: f64,
    /// Seconds open if every reply is started at once.
    duration: f64,
    /// The same, idle times with their weight.
    slot_seconds: f64,
    events_per_turn: f64,
}

impl<'a> KindLoad<'a> {
    pub(super) fn new(kind: &'a ConsumerKind, centre: &Centre, horizon: f64) -> Self {
        let (reply, wrap_up) = work_of(kind, centre);
        let think = kind.think.mean();
        let (messages, burst) = burst_of(kind);
        let turns = turns_of(kind, centre, horizon);
        let active = turns * (reply + burst);
        let thinks = (turns - 1.0).max(0.0);
        let weighed = thinks * weighed(&kind.think, &centre.capacity);
        Self {
            kind,
            turns,
            work: turns * reply + wrap_up,
            duration: (active + thinks * think).min(horizon),
            slot_seconds: (active + weighed).min(horizon),
            events_per_turn: EVENTS_PER_TURN + 2.0 * messages,
        }
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
        let cycle = pause.mean() + self.duration.min(patience);
        let opened = if start == Time::ZERO { *population as f64 } else { 0.0 };
        opened + *population as f64 * (end - start).as_secs_f64() / cycle
    }

    fn bytes_of_plan(&self) -> f64 {
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

/// Start and end of each interval of a run, up to the horizon.
pub(super) fn interval_bounds(plan: &Plan) -> Vec<(Time, Time)> {
    let (interval, until) = (plan.measure.interval, plan.run.until);
    let starts = std::iter::successors(Some(Time::ZERO), |start| Some(*start + interval));
    let starts = starts.take_while(|start| *start < until);
    starts.map(|start| (start, (start + interval).min(until))).collect()
}

/// Replies that an agent writes at a time.
pub(super) fn replies_at_a_time(group: &AgentGroup) -> f64 {
    match group.attention {
        Attention::Serial => 1.0,
        Attention::Parallel => f64::from(group.concurrency),
    }
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

/// Mean time of a reply of an agent of a group, seconds, slowed as with all slots taken (D26): at that
/// pace the work is done where there is most of it.
pub(super) fn mean_reply(centre: &Centre, id: GroupId, skill: SkillId) -> f64 {
    let group = &centre.groups[usize::from(id.0)];
    let factors = &group.slowdown;
    let with_all =
        factors.get(group.concurrency.saturating_sub(1) as usize).or_else(|| factors.last());
    centre.reply_time(id, skill).mean() * with_all.unwrap_or(&1.0)
}

/// Agents on shift, one of parallel attention once for each slot, and slots of all, in each interval.
fn staffing(plan: &Plan, intervals: usize) -> (Vec<f64>, Vec<f64>) {
    let mut staff = vec![0.0; intervals];
    let mut slots = staff.clone();
    for (_, UniformPart { group, .. }) in plan.centre.uniform_parts() {
        let at_a_time = replies_at_a_time(&group);
        for (position, present) in on_shift(&group, plan, intervals).into_iter().enumerate() {
            staff[position] += present * at_a_time;
            slots[position] += present * f64::from(group.concurrency);
        }
    }
    (staff, slots)
}

/// Mean number of agents of a group on shift in each of the first intervals of a run.
pub(super) fn on_shift(group: &AgentGroup, plan: &Plan, intervals: usize) -> Vec<f64> {
    let interval = plan.measure.interval;
    let a_day = usize::try_from(DAY.as_micros() / interval.as_micros()).unwrap_or(1).max(1);
    let rows = if matches!(group.roster, Roster::Listed(_)) { intervals } else { a_day };
    let rostered = present(group, rows, interval).into_iter().cycle().take(intervals);
    let present = rostered.enumerate().map(|(position, rostered)| {
        let start = Time::ZERO + interval * position as i64;
        let absent = group.shrinkage.as_ref().map_or(0.0, |absent| absent.share_at(start));
        rostered * (1.0 - absent)
    });
    present.collect()
}

/// Mean number of agents of a group on shift in each interval of a day, or of a run: that of a roster
/// whose days differ is cut to it, any other comes again.
fn present(group: &AgentGroup, intervals: usize, interval: Span) -> Vec<f64> {
    let Some(agents) = group.roster.lists() else {
        return vec![f64::from(group.count); intervals];
    };
    let mut present = vec![0.0; intervals];
    let followers = f64::from(group.count) - agents.len() as f64;
    for (position, shifts) in agents.iter().take(group.count as usize).enumerate() {
        let last = position + 1 == agents.len();
        let alike = if last { 1.0 + followers.max(0.0) } else { 1.0 };
        for shift in shifts {
            add(&mut present, *shift, alike, interval, group.roster.is_daily());
        }
    }
    present
}

/// Adds a shift to the intervals that it covers, wholly or in part.
fn add(present: &mut [f64], shift: Shift, agents: f64, interval: Span, is_daily: bool) {
    let width = interval.as_micros();
    let (start, end) = (shift.start.since_start().as_micros(), shift.end.since_start().as_micros());
    let count = present.len() as i64;
    // A daily one comes again in all the days that the rows are of.
    let day = DAY.as_micros() / width;
    let again = if is_daily && day > 0 { (count / day).max(1) } else { 1 };
    let mut now = start;
    while now < end {
        let next = ((now.div_euclid(width) + 1) * width).min(end);
        let part = agents * (next - now) as f64 / width as f64;
        for turn in 0..again {
            let position = now.div_euclid(width) + turn * day;
            let position = if is_daily { position.rem_euclid(count) } else { position };
            if let Some(row) = usize::try_from(position).ok().and_then(|at| present.get_mut(at)) {
                *row += part;
            }
        }
        now = next;
    }
}

/// Shift plan, absences and looks at the queue.
fn events_of_agents(plan: &Plan) -> f64 {
    let seconds = plan.run.until.since_start().as_secs_f64();
    let days = plan.run.ends_at_most().since_start().as_secs_f64() / DAY.as_secs_f64();
    let look_every = match &plan.centre.routing.mode {
        RoutingMode::Push => f64::INFINITY,
        RoutingMode::Pull(pull) => pull.look_every.mean(),
    };
    let longest = |agents: &[Vec<Shift>]| agents.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let of_group = |group: &AgentGroup| {
        let shifts = match &group.roster {
            Roster::Always => 0.0,
            Roster::Daily(agents) => longest(agents) * days,
            Roster::Listed(agents) => longest(agents),
        };
        let absences: f64 = group
            .episodes
            .iter()
            .map(|episode| match &episode.trigger {
                Trigger::Every(every) => 2.0 * seconds / every.mean(),
                Trigger::At { share, .. } => 2.0 * days * share,
                Trigger::Listed { agents, are_daily, .. } => {
                    let all = agents.iter().map(|own| own.len() as f64).sum::<f64>();
                    let an_agent = all / f64::from(group.count.max(1));
                    2.0 * an_agent * if *are_daily { days } else { 1.0 }
                }
            })
            .sum();
        f64::from(group.count) * (2.0 * shifts + absences + 2.0 * seconds / look_every)
    };
    plan.centre.groups.iter().filter(|group| group.count > 0).map(of_group).sum()
}

/// Most conversations open at a time, with the backlog of intervals that have more work than staff.
fn most_open(intervals: &[Interval], length: Span) -> f64 {
    let (mut backlog, mut most) = (0.0, 0.0_f64);
    for interval in intervals {
        let served = interval
            .utilisation()
            .map_or(0.0, |utilisation| interval.arrivals / utilisation.max(1e-9));
        backlog = (backlog + interval.arrivals - served).max(0.0);
        most = most.max(
            backlog
                + interval.open
                + interval.arrivals * length.as_secs_f64().min(60.0) / length.as_secs_f64(),
        );
    }
    most
}

const STEPS: f64 = 256.0;
const DAY: Span = Span::from_hours(24);
/// Arrival, assignment, service of the queue, end of patience, resolution.
const EVENTS_PER_CONVERSATION: f64 = 6.0;
/// Reply, start of the next one, deadline; messages come on top.
const EVENTS_PER_TURN: f64 = 4.0;
const BYTES_PER_CONVERSATION: f64 = 400.0;
const BYTES_PER_AGENT: f64 = 1024.0;
/// About fifteen histograms of up to 144 KiB.
const BYTES_OF_HISTOGRAMS: f64 = 15.0 * 144.0 * 1024.0;
/// Figures and a histogram of one digit.
const BYTES_PER_INTERVAL: f64 = 3.0 * 1024.0;
const SECONDS_PER_EVENT: f64 = 300e-9;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::{Source, parse};

    fn estimate_of(text: &str) -> PlanEstimate {
        let source = Source { name: "test.toml".to_owned(), text: text.to_owned() };
        let scenario = parse(source, Path::new("")).unwrap_or_else(|findings| panic!("{findings}"));
        estimate(&scenario.variants[0].plan)
    }

    #[test]
    fn load_is_arrivals_times_replies_times_reply_time() {
        let text = r#"
            run.until = "2h"
            measure.interval = "60m"
            [capacity]
            inactive_after = "10s"
            inactive_weight = 0.5
            [agents.chat]
            count = 3
            concurrency = 2
            reply_time = { exponential = { mean = "60s" } }
            wrap_up = "30s"
            [consumers.web]
            arrivals = { rates = [30, 60], every = "1h" }
            messages = { geometric = 0.25 }
            think = "40s"
        "#;
        let estimate = estimate_of(text);
        let [first, second] = estimate.intervals.as_slice() else { panic!("two intervals") };
        assert_eq!((first.arrivals, second.arrivals), (30.0, 60.0));
        assert!((first.work - 30.0 * 270.0 / 3600.0).abs() < 1e-12);
        assert!((second.open - 60.0 * (4.0 * 60.0 + 3.0 * 40.0) / 3600.0).abs() < 1e-12);
        let taken = 60.0 * (4.0 * 60.0 + 3.0 * (10.0 + 0.5 * 30.0)) / 3600.0;
        assert!((second.taken - taken).abs() < 1e-9);
        assert_eq!((first.staff, first.slots), (3.0, 6.0));
        assert!((second.utilisation().unwrap() - 1.5).abs() < 1e-12);
        assert_eq!((estimate.conversations, estimate.replies), (90.0, 360.0));
    }

    #[test]
    fn d26_agents_are_as_slow_as_with_all_slots_taken() {
        let text = "run.until = '2h'
            [agents.chat]
            concurrency = 3
            attention = 'parallel'
            slowdown = [1, 1.7, 2.5]
            reply_time = '60s'
            [consumers.web]
            arrivals = '36/h'
            messages = 1";
        // Three at a time, each in 150 s: 72 an hour.
        assert!((estimate_of(text).utilisation().unwrap() - 0.5).abs() < 1e-12);
    }

    #[test]
    fn staff_follows_the_shifts_around_the_clock() {
        let text = r#"
            [run]
            starts_at = "08:00"
            [measure]
            interval = "60m"
            [agents.day]
            staffing = { from = "08:00", agents = [1, 2, 0, 3] }
            [agents.night]
            count = 4
            shifts = ["23:30-00:15"]
            [consumers.web]
            arrivals = "1/h"
        "#;
        let staff: Vec<f64> =
            estimate_of(text).intervals.iter().map(|interval| interval.staff).collect();
        assert_eq!(staff[..5], [1.0, 2.0, 0.0, 3.0, 0.0]);
        assert_eq!((staff[15], staff[16], staff[17]), (2.0, 1.0, 0.0));
    }
}
