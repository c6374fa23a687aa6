//! V28 solved without simulating: Kolmogorov's equations of V11 over three days around a change of clocks.

use shiftstorm::experiment::validate::all;

use super::day::{Chain, LOST, Leaving, WITHOUT_PATIENCE, flows, second_later};

/// Consumers an hour, by the hour that the clock shows.
const RATES: [f64; 24] = [
    20.0, 20.0, 30.0, 20.0, 20.0, 40.0, 80.0, 120.0, 160.0, 180.0, 180.0, 160.0, 140.0, 140.0,
    150.0, 150.0, 140.0, 120.0, 100.0, 80.0, 60.0, 40.0, 30.0, 20.0,
];
const AGENTS: [usize; 24] =
    [2, 2, 2, 2, 2, 3, 4, 6, 8, 8, 8, 8, 7, 7, 7, 7, 7, 6, 5, 4, 4, 3, 2, 2];
/// Hours of the run in which the load rises, by one clock or another.
const MORNINGS: [usize; 4] = [31, 32, 33, 56];

/// The hours that the clock shows, one after the other: that of two is skipped on the second day, or comes
/// twice.
fn hours(times_two: usize) -> Vec<usize> {
    let day =
        |twos: usize| (0..24).flat_map(move |hour| vec![hour; if hour == 2 { twos } else { 1 }]);
    day(1).chain(day(times_two)).chain(day(1)).collect()
}

/// What the days come to, on average.
struct Days {
    arrivals: f64,
    abandoned: f64,
    /// Seconds.
    waited: f64,
    /// Mean number open in each of [`MORNINGS`].
    open: [f64; 4],
}

fn solve(hours: &[usize]) -> Days {
    let arrivals = hours.iter().map(|&hour| RATES[hour]).sum();
    let mut days = Days { arrivals, abandoned: 0.0, waited: 0.0, open: [0.0; 4] };
    let mut chain = Chain { agents: AGENTS[hours[0]], leaving: Leaving::ByPerson };
    let mut now = vec![[0.0]; chain.states().len()];
    now[0] = [1.0];
    // Nobody comes any more in the hours behind the last day.
    let behind = (0..2).map(|hour| (hour, 0.0));
    let all = hours.iter().map(|&hour| (hour, RATES[hour] / 3600.0)).chain(behind);
    for (number, (hour, rate)) in all.enumerate() {
        if AGENTS[hour] != chain.agents {
            (now, chain) = chain.changed_to(AGENTS[hour], &now);
        }
        let morning = MORNINGS.iter().position(|&it| it == number);
        let flow_rates = chain.rates(rate);
        for second in 0..=3600 {
            // The trapezoidal rule.
            let weight = if second == 0 || second == 3600 { 0.5 } else { 1.0 };
            for ((busy, leaving, queued), [probability]) in chain.states().into_iter().zip(&now) {
                let time = weight * probability;
                let is_full = busy == chain.agents;
                let turned_away = if is_full { time * rate * WITHOUT_PATIENCE } else { 0.0 };
                days.waited += time * queued as f64;
                days.abandoned += time * queued as f64 * LOST + turned_away;
                if let Some(morning) = morning {
                    days.open[morning] += time * (busy + leaving + queued) as f64 / 3600.0;
                }
            }
            if second < 3600 {
                now = second_later(&now, |now| flows(&flow_rates, now));
            }
        }
    }
    days
}

#[test]
fn days_over_a_change_of_clocks_have_the_values_that_the_simulator_is_held_against() {
    let cases = all();
    let cases = Vec::from_iter(cases.iter().filter(|case| case.number() == "V28"));
    let [spring, autumn] = cases[..] else { panic!("two changes") };
    let mut wrong = Vec::new();
    for (case, twos, count) in [(spring, 0, 71), (autumn, 2, 73)] {
        let hours = hours(twos);
        assert_eq!(hours.len(), count);
        let days = solve(&hours);
        let value = |name: &str| {
            let figure = case.figures.iter().find(|figure| figure.name == name);
            figure.and_then(|figure| figure.exact.value()).unwrap_or_else(|| panic!("{name}"))
        };
        let found = [
            ("offered", days.arrivals, 1e-9),
            ("P(abandon)", days.abandoned / days.arrivals, 1e-7),
            ("wait, s", days.waited / days.arrivals, 1e-5),
            ("open from 31 h", days.open[0], 1e-5),
            ("open from 32 h", days.open[1], 1e-5),
            ("open from 33 h", days.open[2], 1e-5),
            ("open from 56 h", days.open[3], 1e-5),
        ];
        let is_close = |&(name, found, by): &(&str, f64, f64)| (found - value(name)).abs() <= by;
        let off = found.into_iter().filter(|it| !is_close(it));
        wrong.extend(off.map(|(name, found, _)| format!("{}, {name}: {found:.8}", case.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
