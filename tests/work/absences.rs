//! Absences from a table of their own, taken from a roster.

use std::collections::BTreeMap;

use shiftstorm::model::settings::Roster;
use shiftstorm::scenario::{Scenario, Source, parse};

const ROSTER: &str = "agent,weekday,start,end\nAnn,Mon-Fri,08:00,16:00\nBob,Mon-Fri,08:00,16:00\n\
                      Cem,Mon-Fri,22:00,06:00\n";

fn read(absences: &str, agents: &str, run: &str) -> Result<Scenario, String> {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let files = BTreeMap::from([file("roster.csv", ROSTER), file("absences.csv", absences)]);
    let text = format!(
        "run = {{ {run} }}
         agents.team = {{ {agents} }}
         consumers.web = {{ arrivals = '1/h' }}"
    );
    let source = Source { name: "test.toml".to_owned(), text };
    parse(source, files).map_err(|findings| findings.to_string())
}

const WEEK: &str = "from = '2026-03-23', days = 7";
const BOTH: &str = "roster = { table = 'roster.csv' }, absences = { table = 'absences.csv' }";

fn week(absences: &str) -> Scenario {
    read(absences, BOTH, WEEK).unwrap_or_else(|findings| panic!("{findings}"))
}

/// Hours of shifts of each agent that begin in the run.
fn hours(scenario: &Scenario) -> Vec<f64> {
    let Roster::Listed(agents) = &scenario.variants[0].plan.centre.groups[0].roster else {
        panic!("has dates")
    };
    let until = scenario.variants[0].plan.run.until;
    let of_agent = agents.iter().map(|shifts| {
        let shifts = shifts.iter().filter(|shift| shift.start < until);
        let lengths = shifts.map(|shift| (shift.end - shift.start).as_secs_f64() / 3600.0);
        lengths.sum()
    });
    of_agent.collect()
}

#[test]
fn whole_days_take_the_shifts_that_begin_on_them() {
    // Ann two days, Bob one, Cem the night from Wednesday to Thursday: 40 h each before.
    let scenario = week(
        "Name,From,To,Reason\nAnn,2026-03-24,2026-03-25,vacation\nbob,2026-03-23,,sick\nCem,2026-03-25,2026-03-25,sick\n",
    );
    assert_eq!(hours(&scenario), [24.0, 32.0, 32.0]);
    assert!(scenario.warnings.is_empty(), "{}", scenario.warnings);
    assert_eq!(
        scenario.derivations,
        ["Absences of `team`: 32 h of agents at work taken away (sick 16 h, vacation 16 h)"]
    );
    let echo = scenario.tables.iter().find(|echo| echo.file == "absences.csv").expect("is told");
    assert!(echo.lines().iter().any(|line| line == "vacation, absences: 1"), "{:?}", echo.lines());
}

#[test]
fn clock_times_take_a_part_of_a_shift() {
    let scenario = week(
        "agent;date;start;end;reason\nAnn;24.03.2026;10:00;12:30;doctor\nBob;24.03.2026;14:00;;sick\n\
         Cem;24.03.2026;23:00;02:00;school\n",
    );
    // Ann 2.5 h, Bob from 14:00 on 2 h, Cem three hours over midnight.
    assert_eq!(hours(&scenario), [37.5, 38.0, 37.0]);
    let over_days = week("agent,from,to\nAnn,2026-03-24 12:00,2026-03-26 10:00\n");
    // 4 h of Tuesday, Wednesday, 2 h of Thursday.
    assert_eq!(hours(&over_days), [26.0, 40.0, 40.0]);
}

#[test]
fn what_takes_nothing_is_said() {
    let scenario = week(
        "agent,date\nAnne,2026-03-24\nBob,2026-03-28\nAnn,2026-04-01\nAnn,2026-03-24\nAnn,2026-03-24\n",
    );
    assert_eq!(hours(&scenario), [32.0, 40.0, 40.0]);
    let warnings = scenario.warnings.to_string();
    for words in [
        "1 absence of agents who are not in the roster, the first is `Anne` (did you mean `Ann`?)",
        "1 of 5 absences lie outside of the run",
        // Bob on Saturday, and Ann a second time.
        "2 absences in which the agent has no shift, the first is that of `Bob`",
    ] {
        assert!(warnings.contains(words), "{words}\n{warnings}");
    }
}

#[test]
fn absences_that_are_not_understood_are_refused() {
    let refused = |absences: &str, agents: &str, run: &str| {
        read(absences, agents, run).expect_err("not sound")
    };
    for (absences, words) in [
        ("agent,date\nAnn,soon\n", "neither a date nor a clock time: row 2, column B"),
        ("agent,from,to\nAnn,2026-03-25,2026-03-24\n", "an end before its start"),
        ("agent,from,to\nAnn,10:00,12:00\n", "no date of an absence"),
        ("agent,reason\nAnn,sick\n", "has no column for date"),
        ("date,reason\n2026-03-24,sick\n", "has no column for agent"),
        ("agent,date\nAnn,03/04/2026\n", "dates = \"dmy\""),
    ] {
        let text = refused(absences, BOTH, WEEK);
        assert!(text.contains(words), "{words}\n{text}");
    }
    let sound = "agent,date\nAnn,2026-03-24\n";
    let text = refused(sound, "count = 2, absences = { table = 'absences.csv' }", WEEK);
    assert!(text.contains("absences are those of agents with names"), "{text}");
    let text = refused(sound, &BOTH.replace("roster.csv", "absences.csv"), "days = 1");
    assert!(text.contains("the run has none"), "{text}");
}
