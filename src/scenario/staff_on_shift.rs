//! Agents on shift interval by interval, before anything is run, and how fast they are.

use super::plan::Plan;
use crate::base::ids::{GroupId, SkillId};
use crate::base::time::{Span, Time};
use crate::model::settings::{AgentGroup, Attention, Centre, Roster, Shift};

/// Replies that an agent writes at a time.
pub(super) fn replies_at_a_time(group: &AgentGroup) -> f64 {
    match group.attention {
        Attention::Serial => 1.0,
        Attention::Parallel => f64::from(group.concurrency),
    }
}

/// Mean time of a reply of an agent of a group, seconds, slowed as with all slots taken (D26): at that
/// pace the work is done where there is most of it.
pub(super) fn mean_reply(centre: &Centre, id: GroupId, skill: SkillId) -> f64 {
    let group = &centre.groups[usize::from(id.0)];
    centre.reply_time(id, skill).mean() * group.slowdown_with(group.concurrency)
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

const DAY: Span = Span::from_hours(24);
