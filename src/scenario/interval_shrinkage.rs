//! Who of a group is called away in which interval, so that a share of those on shift is.

use super::plan::RunSettings;
use crate::base::time::{Span, Time};
use crate::model::settings::{IntervalShares, Roster, Shift};

/// The stretches in which each agent of a group is away. In each interval those are who have been away for
/// the shortest time; what whole agents make too much or too little is carried over to the next interval,
/// so that hours match those of the shares within half an agent's interval.
pub(super) fn stretches_away(
    shares: &IntervalShares,
    roster: &Roster,
    count: u32,
    run: &RunSettings,
) -> Vec<Vec<Shift>> {
    let until = run.ends_at_most();
    let mut agents = Vec::from_iter((0..count).map(|member| AwayAgent {
        shifts: shifts_of(roster, member, until),
        passed: 0,
        away: Vec::new(),
        total: Span::ZERO,
    }));
    // Seconds of agents still to be called away.
    let mut owed = 0.0;
    for interval in shares.intervals(until) {
        let mut there = Vec::new();
        for (member, agent) in agents.iter_mut().enumerate() {
            there.extend(agent.within(interval.stretch).map(|part| (agent.total, member, part)));
        }
        let length = |part: Shift| (part.end - part.start).as_secs_f64();
        owed += interval.share * there.iter().map(|&(.., part)| length(part)).sum::<f64>();
        there.sort_by_key(|&(total, member, _)| (total, member));
        for (_, member, part) in there {
            if owed >= length(part) / 2.0 && interval.share > 0.0 {
                owed -= length(part);
                agents[member].goes_away(part);
            }
        }
    }
    agents.into_iter().map(|agent| agent.away).collect()
}

struct AwayAgent {
    /// In order.
    shifts: Vec<Shift>,
    /// How many of them are over.
    passed: usize,
    away: Vec<Shift>,
    total: Span,
}

impl AwayAgent {
    /// The part of a stretch in which the agent is on shift, in one piece. Stretches come in order.
    fn within(&mut self, stretch: Shift) -> Option<Shift> {
        while self.shifts.get(self.passed).is_some_and(|shift| shift.end <= stretch.start) {
            self.passed += 1;
        }
        let shift = self.shifts.get(self.passed)?;
        let part = Shift { start: shift.start.max(stretch.start), end: shift.end.min(stretch.end) };
        (part.start < part.end).then_some(part)
    }

    fn goes_away(&mut self, part: Shift) {
        self.total += part.end - part.start;
        match self.away.last_mut() {
            Some(last) if last.end == part.start => last.end = part.end,
            _ => self.away.push(part),
        }
    }
}

/// The shifts of a member in the run, in order.
fn shifts_of(roster: &Roster, member: u32, until: Time) -> Vec<Shift> {
    let own = |agents: &[Vec<Shift>]| {
        agents.get(member as usize).or_else(|| agents.last()).cloned().unwrap_or_default()
    };
    let day = Span::from_hours(24);
    let cut =
        |shift: Shift| Shift { start: shift.start.max(Time::ZERO), end: shift.end.min(until) };
    let mut shifts = match roster {
        Roster::Always => vec![Shift { start: Time::ZERO, end: until }],
        Roster::Listed(agents) => own(agents),
        Roster::Daily(agents) => {
            let days = until.since_start().as_micros() / day.as_micros();
            let shifts = own(agents);
            let on = |number: i64| {
                let later = move |shift: &Shift| Shift {
                    start: shift.start + day * number,
                    end: shift.end + day * number,
                };
                Vec::from_iter(shifts.iter().map(later))
            };
            (-1..=days).flat_map(on).collect()
        }
    };
    shifts.sort_by_key(|shift| shift.start);
    shifts.into_iter().map(cut).filter(|shift| shift.start < shift.end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(hours: i64) -> RunSettings {
        let until = Time::ZERO + Span::from_hours(hours);
        RunSettings { until, ..RunSettings::default() }
    }

    fn away(shares: &[f64], roster: &Roster, count: u32, hours: i64) -> Vec<Vec<Shift>> {
        let step = Span::from_mins(30);
        let values = Vec::from_iter(shares.iter().map(|share| Some(*share)));
        let starts = (0..shares.len()).map(|at| Time::ZERO + step * at as i64).collect();
        let shares = IntervalShares { step, shares: values.into(), starts };
        stretches_away(&shares, roster, count, &run(hours))
    }

    fn hours(stretches: &[Vec<Shift>]) -> f64 {
        let all = stretches.iter().flatten();
        all.map(|it| (it.end - it.start).as_secs_f64() / 3600.0).sum()
    }

    #[test]
    fn six_of_twenty_are_away_in_each_interval_and_everybody_in_turn() {
        let away = away(&[0.3; 16], &Roster::Always, 20, 8);
        for number in 0..16 {
            let at = Time::ZERO + Span::from_mins(30 * number + 1);
            let is_away = |own: &&Vec<Shift>| own.iter().any(|it| it.start <= at && at < it.end);
            assert_eq!(away.iter().filter(is_away).count(), 6, "{number}");
        }
        // 48 h by 20 agents: two and a half, by half hours.
        assert!(away.iter().all(|own| (2.0..=2.5).contains(&hours(std::slice::from_ref(own)))));
    }

    #[test]
    fn what_whole_agents_leave_is_carried_over() {
        // Of three a tenth: 0.3 agents an interval, one in every third or fourth.
        let away = away(&[0.1; 16], &Roster::Always, 3, 8);
        assert!((hours(&away) - 0.1 * 24.0).abs() <= 0.25, "{}", hours(&away));
    }

    #[test]
    fn nobody_is_away_outside_of_a_shift() {
        let shift = |from, to| Shift {
            start: Time::ZERO + Span::from_mins(from),
            end: Time::ZERO + Span::from_mins(to),
        };
        let roster = Roster::Listed(vec![vec![shift(15, 100)], vec![shift(60, 120)]]);
        assert_eq!(away(&[1.0; 16], &roster, 2, 8), [[shift(15, 100)], [shift(60, 120)]]);
    }
}
