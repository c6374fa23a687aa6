//! V11 solved without simulating: Kolmogorov's equations of a day with shifts.
//!
//! A state is how many of those on shift are busy, how many on the way out still are, and how many
//! wait. Who leaves finishes the conversation in hand first; who that is can be settled in two ways.
//! *Numbers*: an idle agent goes, and only if all are busy somebody is at work beyond the end.
//! *Persons*: the shifts say who goes, and that agent may be busy while others are idle. The first is
//! what models of staffing levels do, and its solution is published; the second is what a roster
//! means, and what is simulated here.

use shiftstorm::experiment::validate::{ValidationCase, all};

/// Consumers an hour.
const RATES: [f64; HOURS] =
    [100.0, 150.0, 150.0, 180.0, 200.0, 150.0, 150.0, 150.0, 120.0, 100.0, 80.0, 70.0, 60.0];
const AGENTS: [usize; HOURS] = [4, 6, 8, 8, 8, 7, 8, 8, 6, 6, 4, 4, 4];
const HOURS: usize = 13;
/// Answers a second of a busy agent.
const SERVED: f64 = 0.01;
/// A second, of who waits and has any patience.
pub(super) const LOST: f64 = 0.001;
pub(super) const WITHOUT_PATIENCE: f64 = 0.1;
/// Of the service levels, seconds.
const WITHIN: [usize; 2] = [20, 30];
/// More than anybody will see.
const MOST_QUEUED: usize = 45;
const MOST_LEAVING: usize = 2;

#[test]
fn staffed_by_numbers_the_day_is_the_one_that_is_published() {
    let day = Day::solve(Leaving::ByNumbers);
    assert_close("P(abandon)", day.abandoned / RATES.iter().sum::<f64>(), 0.019_482_8, 1e-7);
    assert_close("wait", day.waited / RATES.iter().sum::<f64>(), 4.594_38, 1e-5);
    assert_close("abandoned", day.abandoned, 32.341_5, 1e-4);
    let published = [
        (
            [
                78.39, 85.29, 97.57, 93.99, 89.84, 93.34, 97.60, 97.61, 93.56, 97.01, 87.64, 91.71,
                94.86,
            ],
            92.512,
        ),
        (
            [
                82.01, 88.67, 98.45, 95.91, 92.74, 95.30, 98.47, 98.47, 95.35, 97.93, 90.11, 93.51,
                96.07,
            ],
            94.420,
        ),
    ];
    for (threshold, (hours, whole)) in published.into_iter().enumerate() {
        for (hour, level) in hours.into_iter().enumerate() {
            assert_close(&format!("hour {hour}"), 100.0 * day.level(threshold, hour), level, 0.01);
        }
        assert_close("day", 100.0 * day.level_of_day(threshold), whole, 0.001);
    }
}

#[test]
fn staffed_by_persons_the_day_has_the_values_that_the_simulator_is_held_against() {
    let day = Day::solve(Leaving::ByPerson);
    let cases = all();
    let cases = Vec::from_iter(cases.iter().filter(|case| case.number() == "V11"));
    let [first, second] = cases[..] else { panic!("two service levels") };
    let value = |case: &ValidationCase, name: &str| {
        let figure = case.figures.iter().find(|figure| figure.name == name);
        figure.and_then(|figure| figure.exact.value()).unwrap_or_else(|| panic!("{name}"))
    };
    let all = RATES.iter().sum::<f64>();
    assert_close("P(abandon)", day.abandoned / all, value(first, "P(abandon)"), 1e-7);
    assert_close("wait", day.waited / all, value(first, "wait, s"), 1e-5);
    assert_close("abandoned", day.abandoned, value(first, "abandoned a day"), 1e-4);
    for (threshold, case) in [first, second].into_iter().enumerate() {
        let whole = value(case, "SL of the day");
        assert_close("day", day.level_of_day(threshold), whole, 1e-5);
        for hour in 0..HOURS {
            let name = format!("SL from {:02}:00", hour + 8);
            assert_close(&name, day.level(threshold, hour), value(case, &name), 1e-5);
        }
    }
}

fn assert_close(what: &str, value: f64, expected: f64, by: f64) {
    assert!((value - expected).abs() <= by, "{what}: {value} is not {expected}");
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Leaving {
    ByNumbers,
    ByPerson,
}

/// What a day comes to, on average.
struct Day {
    abandoned: f64,
    /// Time in the queue, seconds.
    waited: f64,
    /// Of those who arrive in each hour: assigned, and abandoned, within each of [`WITHIN`].
    within: [[[f64; 2]; HOURS]; 2],
}

impl Day {
    fn level(&self, threshold: usize, hour: usize) -> f64 {
        let [assigned, abandoned] = self.within[threshold][hour];
        assigned / (RATES[hour] - abandoned)
    }

    fn level_of_day(&self, threshold: usize) -> f64 {
        let sum = |of: usize| self.within[threshold].iter().map(|hour| hour[of]).sum::<f64>();
        sum(0) / (RATES.iter().sum::<f64>() - sum(1))
    }

    /// Hour by hour, second by second; an hour after the last everybody has gone.
    fn solve(leaving: Leaving) -> Self {
        let mut day = Self { abandoned: 0.0, waited: 0.0, within: [[[0.0; 2]; HOURS]; 2] };
        let mut chain = Chain { agents: AGENTS[0], leaving };
        let mut now = vec![[0.0]; chain.states().len()];
        now[0] = [1.0];
        for hour in 0..=HOURS {
            let agents = AGENTS[hour.min(HOURS - 1)];
            if agents != chain.agents {
                (now, chain) = chain.changed_to(agents, &now);
            }
            now = day.hour(hour, &chain, now);
        }
        day
    }

    fn hour(&mut self, hour: usize, chain: &Chain, mut now: Vec<[f64; 1]>) -> Vec<[f64; 1]> {
        let arrivals = RATES.get(hour).map_or(0.0, |rate| rate / 3600.0);
        let next = AGENTS[(hour + 1).min(HOURS - 1)];
        let fates = WITHIN.map(|within| {
            Vec::from_iter((0..=within).map(|left| chain.fate_over_change(left, within, next)))
        });
        let rates = chain.rates(arrivals);
        for second in 0..=3600 {
            // The trapezoidal rule.
            let weight = if second == 0 || second == 3600 { 0.5 } else { 1.0 };
            for ((busy, leaving, queued), [probability]) in chain.states().into_iter().zip(&now) {
                let time = weight * probability;
                let is_full = busy == chain.agents;
                let turned_away = if is_full { time * arrivals * WITHOUT_PATIENCE } else { 0.0 };
                self.waited += time * queued as f64;
                self.abandoned += time * queued as f64 * LOST + turned_away;
                for (threshold, fates) in fates.iter().enumerate().filter(|_| hour < HOURS) {
                    let left = (3600 - second).min(fates.len() - 1);
                    let [assigned, abandoned] =
                        if is_full { fates[left][waiting_at(leaving, queued)] } else { [1.0, 0.0] };
                    let stay = time * arrivals - turned_away;
                    self.within[threshold][hour][0] += stay * assigned;
                    self.within[threshold][hour][1] += stay * abandoned + turned_away;
                }
            }
            if second < 3600 {
                now = second_later(&now, |now| flows(&rates, now));
            }
        }
        now
    }
}

/// Busy of those on shift, busy on the way out, waiting.
pub(super) type State = (usize, usize, usize);

/// The states with so many on shift, and how they follow each other.
pub(super) struct Chain {
    pub(super) agents: usize,
    pub(super) leaving: Leaving,
}

impl Chain {
    /// All states; those in which everybody is busy, and only those, have a queue.
    pub(super) fn states(&self) -> Vec<State> {
        let idle = (0..self.agents).map(|busy| (busy, 0));
        let full = (0..=MOST_QUEUED).map(|queued| (self.agents, queued));
        let with = |(busy, queued)| (0..=MOST_LEAVING).map(move |leaving| (busy, leaving, queued));
        idle.chain(full).flat_map(with).collect()
    }

    /// The position of a state among them.
    fn position(&self, (busy, leaving, queued): State) -> usize {
        (busy + queued) * (MOST_LEAVING + 1) + leaving
    }

    /// Where a state goes without arrivals, at which rates.
    fn departures(&self, (busy, leaving, queued): State) -> Vec<(State, f64)> {
        let next = if queued > 0 {
            (busy, leaving, queued - 1)
        } else {
            (busy.saturating_sub(1), leaving, 0)
        };
        let (on_shift, going) = (SERVED * busy as f64, SERVED * leaving as f64);
        let lost = (queued > 0).then(|| ((busy, leaving, queued - 1), LOST * queued as f64));
        let mut departures = Vec::from_iter(lost);
        match self.leaving {
            // Whoever ends first is the one who goes.
            Leaving::ByNumbers if leaving > 0 => {
                departures.push(((busy, leaving - 1, queued), on_shift + going));
            }
            _ => {
                departures.push((next, on_shift));
                departures.push(((busy, leaving.saturating_sub(1), queued), going));
            }
        }
        departures
    }

    /// All rates, by positions: from, to, rate.
    pub(super) fn rates(&self, arrivals: f64) -> Vec<(usize, usize, f64)> {
        let mut rates = Vec::new();
        for state in self.states() {
            let (busy, leaving, queued) = state;
            let mut go = |next, rate| {
                if rate > 0.0 {
                    rates.push((self.position(state), self.position(next), rate));
                }
            };
            self.departures(state).into_iter().for_each(|(next, rate)| go(next, rate));
            if busy < self.agents {
                go((busy + 1, leaving, 0), arrivals);
            } else if queued < MOST_QUEUED {
                go((busy, leaving, queued + 1), arrivals * (1.0 - WITHOUT_PATIENCE));
            }
        }
        rates
    }

    /// What a state becomes when so many are on shift from now on, with probabilities.
    fn changed(&self, (busy, leaving, queued): State, agents: usize) -> Vec<(State, f64)> {
        if self.leaving == Leaving::ByPerson && agents < self.agents {
            // Everybody is as likely as any other to be one of those who go.
            let going = self.agents - agents;
            let split = (0..=going.min(busy)).filter(|of| going - of <= self.agents - busy);
            let split = split.map(|of| {
                let ways = ways(busy, of) * ways(self.agents - busy, going - of);
                let state = (busy - of, (leaving + of).min(MOST_LEAVING), queued);
                (state, ways / self::ways(self.agents, going))
            });
            return split.collect();
        }
        let (at_work, leaving) = match self.leaving {
            Leaving::ByNumbers => (busy + leaving, (busy + leaving).saturating_sub(agents)),
            Leaving::ByPerson => (busy, leaving),
        };
        let busy = at_work.min(agents);
        let begun = queued.min(agents - busy);
        vec![((busy + begun, leaving.min(MOST_LEAVING), queued - begun), 1.0)]
    }

    pub(super) fn changed_to(&self, agents: usize, now: &[[f64; 1]]) -> (Vec<[f64; 1]>, Self) {
        let changed = Self { agents, leaving: self.leaving };
        let mut then = vec![[0.0]; changed.states().len()];
        for (state, [probability]) in self.states().into_iter().zip(now) {
            for (next, share) in self.changed(state, agents) {
                then[changed.position(next)][0] += probability * share;
            }
        }
        (then, changed)
    }

    /// For who has patience and waits behind so many others: the probabilities of having been
    /// assigned, and of having abandoned, after so many seconds, if they are `then` at their end.
    fn fate(&self, seconds: usize, then: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
        let slope = |now: &[[f64; 2]]| {
            let slope = waiting().into_iter().map(|(leaving, ahead)| {
                let here = now[waiting_at(leaving, ahead)];
                let mut slope = [-LOST * here[0], LOST * (1.0 - here[1])];
                for (next, rate) in self.departures((self.agents, leaving, ahead)) {
                    let (busy, leaving, ahead) = next;
                    let is_assigned = busy < self.agents;
                    let there =
                        if is_assigned { [1.0, 0.0] } else { now[waiting_at(leaving, ahead)] };
                    slope = [0, 1].map(|of| slope[of] + rate * (there[of] - here[of]));
                }
                slope
            });
            slope.collect()
        };
        (0..seconds).fold(then, |now, _| second_later(&now, slope))
    }

    /// The same after `within` seconds, `left` of which are left until so many are on shift.
    fn fate_over_change(&self, left: usize, within: usize, agents: usize) -> Vec<[f64; 2]> {
        let none = vec![[0.0; 2]; waiting().len()];
        if left >= within {
            return self.fate(within, none);
        }
        let later = Self { agents, leaving: self.leaving }.fate(within - left, none);
        let at_change = waiting().into_iter().map(|(leaving, ahead)| {
            // The one that is looked at is the last of those who wait.
            let changed = self.changed((self.agents, leaving, ahead + 1), agents);
            let [((_, leaving, queued), _)] = changed[..] else { panic!("all were busy") };
            if queued == 0 { [1.0, 0.0] } else { later[waiting_at(leaving, queued - 1)] }
        });
        self.fate(left, at_change.collect())
    }
}

/// How many are on the way out and how many wait before somebody.
fn waiting() -> Vec<(usize, usize)> {
    let ahead = 0..=MOST_QUEUED;
    ahead.flat_map(|ahead| (0..=MOST_LEAVING).map(move |leaving| (leaving, ahead))).collect()
}

fn waiting_at(leaving: usize, ahead: usize) -> usize {
    ahead * (MOST_LEAVING + 1) + leaving
}

/// In how many ways so many can be chosen.
fn ways(of: usize, chosen: usize) -> f64 {
    (0..chosen).map(|k| (of - k) as f64 / (chosen - k) as f64).product()
}

pub(super) fn flows(rates: &[(usize, usize, f64)], now: &[[f64; 1]]) -> Vec<[f64; 1]> {
    let mut flows = vec![[0.0]; now.len()];
    for &(from, to, rate) in rates {
        let flow = rate * now[from][0];
        flows[from][0] -= flow;
        flows[to][0] += flow;
    }
    flows
}

/// The classical method of Runge and Kutta.
pub(super) fn second_later<const N: usize>(
    now: &[[f64; N]],
    slope: impl Fn(&[[f64; N]]) -> Vec<[f64; N]>,
) -> Vec<[f64; N]> {
    let ahead = |slope: &[[f64; N]], by: f64| {
        let pairs = now.iter().zip(slope);
        let moved = pairs.map(|(now, slope)| std::array::from_fn(|of| now[of] + by * slope[of]));
        Vec::<[f64; N]>::from_iter(moved)
    };
    let first = slope(now);
    let second = slope(&ahead(&first, 0.5));
    let third = slope(&ahead(&second, 0.5));
    let fourth = slope(&ahead(&third, 1.0));
    let mean = (0..now.len()).map(|at| {
        std::array::from_fn(|of| {
            (first[at][of] + 2.0 * (second[at][of] + third[at][of]) + fourth[at][of]) / 6.0
        })
    });
    ahead(&Vec::from_iter(mean), 1.0)
}
