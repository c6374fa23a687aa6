//! Arrivals by weekday, interval and skill.

use std::collections::BTreeMap;

use crate::estimation::{
    ArrivalDays, BusynessFinding, DayTotal, Estimated, busyness, correlation, interval_rate,
};
use crate::log::LoggedSkill;

use super::log_samples::{ArrivalCell, INTERVALS};

/// Arrivals of a log, or of a table of counts.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrivalEstimates {
    /// Totals of all skills by day, in order; days are alike if their groups are.
    pub totals: Vec<DayTotal>,
    /// The first day, local days since 1970-01-01; none if days have no dates.
    pub first_day: Option<i32>,
    /// Whether days are told apart by weekday.
    pub is_by_weekday: bool,
    /// Trend, busyness, unusual days.
    pub days: ArrivalDays,
    /// Rates by skill.
    pub skills: Vec<SkillArrivals>,
    /// Correlations of the days of two skills, by their positions in `skills`.
    pub correlations: Vec<SkillCorrelation>,
}

/// How the days of two skills move together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SkillCorrelation {
    /// One skill.
    pub one: usize,
    /// The other.
    pub other: usize,
    /// The correlation.
    pub value: Estimated,
}

/// Arrivals of one skill.
#[derive(Clone, Debug, PartialEq)]
pub struct SkillArrivals {
    /// The skill; none where nothing tells them apart.
    pub skill: Option<LoggedSkill>,
    /// How many came.
    pub count: u64,
    /// Busyness of its own days.
    pub busyness: BusynessFinding,
    /// By weekday and interval; without those in which nobody came.
    pub intervals: Vec<IntervalArrivals>,
}

/// Arrivals in an interval of the day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IntervalArrivals {
    /// Weekday from Monday, 0; always 0 where days are not told apart.
    pub weekday: usize,
    /// Interval of the day, from 0.
    pub interval: u8,
    /// Contacts a hour.
    pub per_hour: Estimated,
}

/// Days from which on weekdays are told apart.
const TWO_WEEKS: usize = 14;

impl ArrivalEstimates {
    /// From counts by local day, interval and skill; none without any.
    pub fn of_log(arrivals: &BTreeMap<ArrivalCell, u64>) -> Option<Self> {
        let (first, last) = (arrivals.keys().next()?.day, arrivals.keys().next_back()?.day);
        let length = usize::try_from(last - first).ok()? + 1;
        let is_by_weekday = length >= TWO_WEEKS;
        // 1970-01-01 was a Thursday.
        let weekday = |day: i32| (day + 3).rem_euclid(7) as usize;
        let mut by_skill = BTreeMap::<Option<LoggedSkill>, Vec<DayCounts>>::new();
        for (cell, &count) in arrivals {
            let none = || vec![DayCounts::none(INTERVALS); length];
            let days = by_skill.entry(cell.skill).or_insert_with(none);
            days[(cell.day - first) as usize].intervals[usize::from(cell.interval)] += count;
        }
        let group = move |position: usize| match is_by_weekday {
            true => weekday(first + position as i32),
            false => 0,
        };
        let per_day = 24.0 / f64::from(INTERVALS);
        let mut all = Self::of_days(&by_skill, &group, per_day);
        (all.first_day, all.is_by_weekday) = (Some(first), is_by_weekday);
        Some(all)
    }

    /// From a table of counts: a list of days, each with the counts of its intervals, which are this long.
    pub fn of_counts(days: &[Vec<u64>], hours: f64) -> Self {
        let days = days.iter().map(|counts| DayCounts { intervals: counts.clone() });
        let by_skill = BTreeMap::from([(None, days.collect())]);
        Self::of_days(&by_skill, &|_| 0, hours)
    }

    fn of_days(
        by_skill: &BTreeMap<Option<LoggedSkill>, Vec<DayCounts>>,
        group: &dyn Fn(usize) -> usize,
        hours: f64,
    ) -> Self {
        let length = by_skill.values().map(Vec::len).max().unwrap_or(0);
        let total_of = |days: &[DayCounts]| -> Vec<DayTotal> {
            let totals = days.iter().enumerate().map(|(position, counts)| DayTotal {
                group: group(position),
                day: position as f64,
                count: counts.intervals.iter().sum(),
            });
            totals.collect()
        };
        let of_skills = Vec::from_iter(by_skill.values().map(|days| total_of(days)));
        let sum = |position: usize| of_skills.iter().map(|totals| totals[position].count).sum();
        let totals = Vec::from_iter((0..length).map(|position| DayTotal {
            group: group(position),
            day: position as f64,
            count: sum(position),
        }));
        // Days of a group on which nobody ever comes are closed and tell nothing.
        let is_open = |total: &DayTotal| {
            totals.iter().any(|other| other.group == total.group && other.count > 0)
        };
        let open = Vec::from_iter(totals.iter().copied().filter(is_open));
        let mut days = ArrivalDays::of(&open);
        for unusual in &mut days.unusual {
            unusual.position = open[unusual.position].day as usize;
        }
        let is_usual =
            |position: &usize| !days.unusual.iter().any(|unusual| unusual.position == *position);
        let usual = Vec::from_iter((0..length).filter(is_usual));
        let skills = by_skill.iter().zip(&of_skills).map(|((&skill, counts), totals)| {
            let is_open = |day: &&DayTotal| {
                let of_group = totals.iter().filter(|other| other.group == day.group);
                of_group.map(|other| other.count).sum::<u64>() > 0
            };
            let own = usual.iter().map(|&position| &totals[position]).filter(is_open);
            let busyness = busyness(&Vec::from_iter(own.copied()));
            SkillArrivals::of(skill, counts, &SkillDays { usual: &usual, group, hours, busyness })
        });
        let skills = skills.collect();
        let mut correlations = Vec::new();
        for one in 0..of_skills.len() {
            for other in one + 1..of_skills.len() {
                let value = correlation(&of_skills[one], &of_skills[other]);
                correlations.extend(value.map(|value| SkillCorrelation { one, other, value }));
            }
        }
        Self { totals, first_day: None, is_by_weekday: false, days, skills, correlations }
    }
}

/// Contacts of a day by interval.
#[derive(Clone, Debug)]
struct DayCounts {
    intervals: Vec<u64>,
}

impl DayCounts {
    fn none(intervals: u8) -> Self {
        Self { intervals: vec![0; usize::from(intervals)] }
    }
}

/// What rates of a skill are estimated from.
struct SkillDays<'a> {
    /// Positions of the days that count.
    usual: &'a [usize],
    group: &'a dyn Fn(usize) -> usize,
    /// Length of an interval.
    hours: f64,
    busyness: BusynessFinding,
}

impl SkillArrivals {
    fn of(skill: Option<LoggedSkill>, days: &[DayCounts], of: &SkillDays<'_>) -> Self {
        let count = days.iter().flat_map(|day| &day.intervals).sum();
        let intervals = days.iter().map(|day| day.intervals.len()).max().unwrap_or(0);
        let variance = match &of.busyness {
            BusynessFinding::Estimated { variance, .. } => variance.value,
            BusynessFinding::TooFewDays(_) => 0.0,
        };
        let mut found = Vec::new();
        for weekday in 0..7 {
            let positions = of.usual.iter().copied().filter(|&it| (of.group)(it) == weekday);
            let positions = Vec::from_iter(positions);
            for interval in 0..intervals {
                let counts = positions.iter().map(|&position| days[position].intervals[interval]);
                let counts = Vec::from_iter(counts);
                if counts.iter().sum::<u64>() == 0 {
                    continue;
                }
                let per_hour = interval_rate(&counts, of.hours, variance);
                let interval = interval as u8;
                found.extend(per_hour.map(|per_hour| IntervalArrivals {
                    weekday,
                    interval,
                    per_hour,
                }));
            }
        }
        Self { skill, count, busyness: of.busyness.clone(), intervals: found }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four weeks with two contacts at nine on Mondays and one at noon on Tuesdays.
    #[test]
    fn rates_are_those_of_weekdays_and_intervals() {
        let mut arrivals = BTreeMap::new();
        // 2026-01-05, a Monday.
        let monday = 20_458;
        for week in 0..4 {
            let cell = |day, interval| ArrivalCell { day, interval, skill: Some(LoggedSkill(1)) };
            arrivals.insert(cell(monday + 7 * week, 18), 2);
            arrivals.insert(cell(monday + 7 * week + 1, 24), 1);
        }
        let found = ArrivalEstimates::of_log(&arrivals).unwrap();
        assert!(found.is_by_weekday);
        assert_eq!((found.first_day, found.totals.len()), (Some(monday), 23));
        let [skill] = found.skills.as_slice() else { panic!("one skill") };
        assert_eq!((skill.skill, skill.count), (Some(LoggedSkill(1)), 12));
        let rates = skill.intervals.iter().map(|it| (it.weekday, it.interval, it.per_hour.value));
        assert_eq!(Vec::from_iter(rates), [(0, 18, 4.0), (1, 24, 2.0)]);
        // Eight in two hours: from 3.45 to 15.76 by the exact interval of Poisson.
        let interval = skill.intervals[0].per_hour.interval;
        assert!((interval.low - 3.4538 / 2.0).abs() < 1e-3, "{interval:?}");
        assert!((interval.high - 15.7632 / 2.0).abs() < 1e-3, "{interval:?}");
    }
}
