//! When a skill is open, and clocks that run only then (D25).

use std::sync::Arc;

use crate::base::time::{Span, Time};

/// Opening hours of a skill.
#[derive(Clone, Debug, PartialEq)]
pub struct SkillHours {
    /// When conversations of the skill are given to agents.
    pub open: OpeningHours,
    /// Whether waits, thresholds and timeouts of the skill count open time only
    /// (`count_time = "open_hours"`).
    pub counts_open_time: bool,
}

/// The times at which something is open, to the end of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct OpeningHours {
    windows: Arc<[OpenWindow]>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct OpenWindow {
    start: Time,
    end: Time,
    /// Open time before it.
    before: Span,
}

impl OpeningHours {
    /// Open from each start to its end; what overlaps or meets is one.
    pub fn new(mut windows: Vec<(Time, Time)>) -> Self {
        windows.sort_unstable();
        let mut joined: Vec<OpenWindow> = Vec::new();
        for (start, end) in windows.into_iter().filter(|(start, end)| start < end) {
            match joined.last_mut() {
                Some(last) if start <= last.end => last.end = last.end.max(end),
                last => {
                    let before = last.map_or(Span::ZERO, |last| last.before + last.length());
                    joined.push(OpenWindow { start, end, before });
                }
            }
        }
        Self { windows: joined.into() }
    }

    /// From each start to its end, in order, none meeting the next.
    pub fn windows(&self) -> impl Iterator<Item = (Time, Time)> + '_ {
        self.windows.iter().map(|window| (window.start, window.end))
    }

    /// Whether it is open: from a start on, no longer at an end.
    pub fn is_open(&self, now: Time) -> bool {
        self.begun(now).is_some_and(|window| now < window.end)
    }

    /// When it opens next, after an instant.
    pub fn opens_after(&self, now: Time) -> Option<Time> {
        let next = self.windows.partition_point(|window| window.start <= now);
        self.windows.get(next).map(|window| window.start)
    }

    /// Open time from one instant to another.
    pub fn between(&self, from: Time, to: Time) -> Span {
        self.open_until(to) - self.open_until(from)
    }

    /// The first instant at which it has been open for this long since `from`; `None` if never.
    pub fn after(&self, from: Time, span: Span) -> Option<Time> {
        let asked = self.open_until(from) + span;
        let at = self.windows.partition_point(|window| window.before + window.length() < asked);
        let window = self.windows.get(at);
        // Not long ago: without open time nothing has to be waited for.
        let reached = window.map(|window| window.start + (asked - window.before));
        if span.is_zero() { Some(from) } else { reached }
    }

    /// Open time up to an instant.
    fn open_until(&self, now: Time) -> Span {
        let within = |window: &OpenWindow| window.before + (now.min(window.end) - window.start);
        self.begun(now).map_or(Span::ZERO, within)
    }

    /// The last window that has begun.
    fn begun(&self, now: Time) -> Option<&OpenWindow> {
        let next = self.windows.partition_point(|window| window.start <= now);
        self.windows.get(next.checked_sub(1)?)
    }
}

impl OpenWindow {
    fn length(&self) -> Span {
        self.end - self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Time {
        Time::ZERO + Span::from_hours(hours)
    }

    /// An office from 09:00 to 12:00 and from 13:00 to 17:00, on two days.
    fn office() -> OpeningHours {
        let day = |day: i64| [(at(day + 9), at(day + 12)), (at(day + 13), at(day + 17))];
        OpeningHours::new([day(0), day(24)].concat())
    }

    #[test]
    fn d25_open_time_stands_still_where_nobody_is_there() {
        let office = office();
        let hours = |from, to| office.between(at(from), at(to)).as_secs_f64() / 3600.0;
        assert_eq!((hours(0, 9), hours(9, 12), hours(11, 14), hours(18, 33)), (0.0, 3.0, 2.0, 0.0));
        assert_eq!((hours(0, 48), hours(16, 34)), (14.0, 2.0));
        let opens = [8, 9, 12, 16, 40].map(|now| office.opens_after(at(now)));
        assert_eq!(opens, [Some(at(9)), Some(at(13)), Some(at(13)), Some(at(33)), None]);
        assert!([9, 16, 34].iter().all(|&now| office.is_open(at(now))));
        assert!([8, 12, 17, 41, 60].iter().all(|&now| !office.is_open(at(now))));
    }

    #[test]
    fn d25_a_deadline_is_when_open_time_reaches_the_timeout() {
        let office = office();
        let after = |from, hours| office.after(at(from), Span::from_hours(hours));
        assert_eq!(after(10, 1), Some(at(11)));
        assert_eq!(after(10, 2), Some(at(12)), "at the end of the morning, not after the break");
        assert_eq!(after(10, 3), Some(at(14)));
        assert_eq!(after(18, 4), Some(at(38)), "three hours of the next morning and one");
        assert_eq!((after(18, 0), after(18, 8)), (Some(at(18)), None));
    }

    #[test]
    fn windows_that_meet_are_one() {
        let all_day = OpeningHours::new(vec![(at(24), at(48)), (at(0), at(24)), (at(30), at(31))]);
        assert!(all_day.is_open(at(24)));
        assert_eq!(all_day.opens_after(at(1)), None);
        assert_eq!(all_day.between(at(1), at(47)), Span::from_hours(46));
    }
}
