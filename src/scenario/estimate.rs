//! What a plan will come to, before it is run: load against staffing, events, memory and time.
//!
//! Rules of thumb, not a model: all work of a conversation counts in the interval in which it
//! arrives, absences and abandonment are ignored, and nobody is unassigned. Load and staffing are
//! exact under those assumptions; events, memory and time are rough.

use super::kind_load::KindLoad;
use super::plan::Plan;
use super::staff_on_shift::{on_shift, replies_at_a_time};
use crate::base::time::{Span, Time};
use crate::model::settings::{AgentGroup, Roster, RoutingMode, Shift, Trigger, UniformPart};

/// What one replication of a plan will come to.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanEstimate {
    /// Load and staffing, interval by interval, up to the horizon.
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

/// Load and staffing in one interval of the run.
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
            interval.work += arrivals * load.work(start) / length;
            interval.open += arrivals * load.duration(start) / length;
            interval.taken += arrivals * load.slot_seconds(start) / length;
            if start == Time::ZERO {
                let backlog = load.kind.backlog.len() as f64;
                interval.work += backlog * load.work(start) / length;
                interval.open += backlog;
                interval.taken += backlog;
            }
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

/// Start and end of each interval of a run, up to the horizon.
pub(super) fn interval_bounds(plan: &Plan) -> Vec<(Time, Time)> {
    let (interval, until) = (plan.measure.interval, plan.run.until);
    let starts = std::iter::successors(Some(Time::ZERO), |start| Some(*start + interval));
    let starts = starts.take_while(|start| *start < until);
    starts.map(|start| (start, (start + interval).min(until))).collect()
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

const DAY: Span = Span::from_hours(24);
/// Arrival, assignment, service of the queue, end of patience, resolution.
const EVENTS_PER_CONVERSATION: f64 = 6.0;
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
