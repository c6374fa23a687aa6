//! Rostered agents who are absent (*The calendar*: `shrinkage`).

use shiftstorm::ledger::gauge::Gauge;
use shiftstorm::ledger::outcome::Outcome;
use shiftstorm::scenario::estimate;

use crate::common::{Tale, scene};

fn outcome(tale: &Tale) -> &Outcome {
    tale.finished.outcome.as_deref().expect("recorded")
}

/// Hours logged in, by agent, of a group of `count` in a run with the seed.
fn hours(seed: u64, count: u32, run: &str, agents: &str) -> Vec<f64> {
    let scene =
        scene(&format!("run.seed = {seed}\n{run}\nagents.team = {{ count = {count}, {agents} }}"));
    let tale = scene.visits("web", "0").run();
    let agents = outcome(&tale).agents.iter();
    agents.map(|agent| agent.horizon.logged_in as f64 / 3.6e9).collect()
}

fn absent(hours: &[f64]) -> Vec<usize> {
    (0..hours.len()).filter(|&agent| hours[agent] == 0.0).collect()
}

#[test]
fn fourteen_of_twenty_are_at_work_at_30_percent() {
    for (run, shifts, full) in [
        ("run.until = '8h'", "", 8.0),
        ("run.until = '24h'", "shifts = ['08:00-12:00', '13:00-17:00'],", 8.0),
        ("run.from = '2026-03-23'\nrun.until = '24h'", "shifts = '08:00-17:00',", 9.0),
    ] {
        let all = hours(1, 20, run, &format!("{shifts} shrinkage = 0.3"));
        assert_eq!(absent(&all).len(), 6, "{run}: {all:?}");
        assert!(all.iter().all(|hours| [0.0, full].contains(hours)), "{run}: {all:?}");
        assert_ne!(
            absent(&all),
            absent(&hours(2, 20, run, &format!("{shifts} shrinkage = 0.3"))),
            "others in another run"
        );
    }
}

#[test]
fn who_is_absent_at_a_lower_share_is_at_a_higher_one() {
    let run = "run.until = '24h'";
    let at = |share: f64| {
        absent(&hours(3, 20, run, &format!("shifts = '08:00-17:00', shrinkage = {share}")))
    };
    let (few, more) = (at(0.2), at(0.45));
    assert_eq!((few.len(), more.len(), at(1.0).len()), (4, 9, 20));
    assert!(few.iter().all(|agent| more.contains(agent)), "{few:?} {more:?}");
}

#[test]
fn shares_differ_by_day_and_each_day_is_drawn_anew() {
    // Four days of ten agents: 2, 2 and 5 absent, nobody on Thursday.
    let run = "run.from = '2026-03-23'\nrun.until = '96h'";
    let shrinkage = "shifts = '08:00-18:00', shrinkage = { mon-tue = 0.2, wed = 0.5 }";
    let all = hours(4, 10, run, shrinkage);
    assert_eq!(all.iter().sum::<f64>(), 400.0 - 20.0 - 20.0 - 50.0);
    assert!(absent(&all).is_empty() && all.contains(&40.0), "{all:?}");
    // A night belongs to the day on which it begins: the one before the run is on a Sunday.
    let nights = "shifts = '22:00-06:00', shrinkage = { mon = 1 }";
    let all = hours(4, 1, "run.from = '2026-03-23'\nrun.until = '72h'", nights);
    assert_eq!(all, [6.0 + 8.0 + 2.0], "not that of Monday");
}

/// By itself each agent is absent with the probability: a binomial number.
#[test]
fn absent_at_random_is_a_binomial_number() {
    let count = |seed| {
        let random = "shrinkage = { share = 0.3, random = true }";
        absent(&hours(seed, 400, "run.until = '1h'", random)).len() as f64
    };
    let counts = Vec::from_iter((0..25).map(count));
    let mean = counts.iter().sum::<f64>() / 25.0;
    let variance = counts.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / 24.0;
    // 99.9 % intervals: of the mean with 84 / 25, of the variance 84 with chi-square of 24.
    assert!((mean - 120.0).abs() < 3.29 * (84.0_f64 / 25.0).sqrt(), "{mean}");
    assert!((84.0 * 8.1 / 24.0..84.0 * 54.0 / 24.0).contains(&variance), "{variance}");
}

#[test]
fn the_estimate_counts_those_who_are_there() {
    let scene = scene(
        "run.from = '2026-03-23'
        run.until = '48h'
        agents.team = { count = 20, shifts = '08:00-16:00', shrinkage = { mon = 0.3 } }",
    );
    let plan = scene.visits("web", "0").read().variants[0].plan.clone();
    let hours = |day: usize| {
        let intervals = estimate(&plan).intervals;
        let of_day = &intervals[day * 48..(day + 1) * 48];
        of_day.iter().map(|interval| interval.staff / 2.0).sum::<f64>()
    };
    assert!((hours(0) - 112.0).abs() < 1e-9 && (hours(1) - 160.0).abs() < 1e-9);
}

/// Mean numbers Online and Away, and those of each interval of half an hour.
fn presence(run: &str, agents: &str) -> Vec<[f64; 2]> {
    let tale = scene(&format!("{run}\nagents.team = {{ {agents} }}")).visits("web", "0").run();
    let intervals = outcome(&tale).intervals.iter();
    let of = |gauge| move |it: &shiftstorm::ledger::outcome::IntervalFigures| it.mean(gauge);
    let means = intervals.map(|it| [of(Gauge::Online)(it), of(Gauge::Away)(it)]);
    means.map(|both| both.map(Option::unwrap_or_default)).collect()
}

#[test]
fn by_interval_fourteen_of_twenty_are_at_work_in_each_and_six_away() {
    let shrinkage = "count = 20, shrinkage = { every = '30m', share = 0.3 }";
    for (run, shifts) in [
        ("run.until = '8h'", ""),
        ("run.until = '8h'\nrun.starts_at = '09:00'", ", shifts = '08:00-20:00'"),
        ("run.from = '2026-03-23T09:00'\nrun.until = '8h'", ", shifts = '08:00-20:00'"),
    ] {
        let presence = presence(run, &format!("{shrinkage}{shifts}"));
        assert_eq!(presence.len(), 16, "{run}");
        assert!(presence.iter().all(|both| *both == [14.0, 6.0]), "{run}: {presence:?}");
    }
    let scenario = scene(&format!("run.until = '8h'\nagents.team = {{ {shrinkage} }}"));
    let read = scenario.visits("web", "0").read();
    let staff = estimate(&read.variants[0].plan).intervals;
    assert!(staff.iter().all(|it| (it.staff - 14.0).abs() < 1e-9), "{staff:?}");
}

#[test]
fn by_interval_hours_match_within_one_interval_and_shares_differ_by_clock_and_day() {
    // A tenth of three: 0.3 agents in each half hour of 8 h.
    let tenth =
        presence("run.until = '8h'", "count = 3, shrinkage = { every = '30m', share = 0.1 }");
    let away: f64 = tenth.iter().map(|both| both[1] * 0.5).sum();
    assert!((away - 2.4).abs() <= 0.25, "{away}");
    // On Mondays none, then a half from 10:00 to 11:00 and all from 11:00 to 12:00.
    let shares = "count = 4, shifts = '09:00-13:00', \
                  shrinkage = { from = '10:00', every = '1h', shares = { mon = [0], tue-sun = [0.5, 1] } }";
    let days = presence("run.from = '2026-03-23'\nrun.until = '48h'", shares);
    let at = |hour: usize| [days[2 * hour][1], days[2 * hour + 1][1]];
    assert_eq!([9, 10, 11, 12].map(&at), [[0.0, 0.0]; 4]);
    let tuesday = [33, 34, 35, 36].map(at);
    assert_eq!(tuesday, [[0.0, 0.0], [2.0, 2.0], [4.0, 4.0], [0.0, 0.0]]);
}

#[test]
fn shrinkage_by_interval_is_told_what_it_lacks() {
    let refused = |shrinkage: &str| {
        let text =
            format!("consumers.web.arrivals = '1/h'\nagents.team = {{ shrinkage = {shrinkage} }}");
        text.parse::<shiftstorm::Scenario>().expect_err("not sound").to_string()
    };
    for (shrinkage, words) in [
        ("{ every = '30m' }", "`agents.team.shrinkage.share` is missing"),
        ("{ shares = [0.3] }", "`agents.team.shrinkage.every` is missing"),
        ("{ share = 0.3, every = '50m' }", "intervals of 50m do not make a day"),
        (
            "{ share = 0.3, every = '30m', random = true }",
            "who is Away in an interval is not drawn",
        ),
        ("{ every = '12h', shares = [0.1, 0.1, 0.1] }", "last longer than 24 hours"),
    ] {
        let text = refused(shrinkage);
        assert!(text.contains(words), "{words}\n{text}");
    }
}
