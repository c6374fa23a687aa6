//! Runs with dates (D25): days that differ, clock changes, weekdays in goals.

use std::path::Path;

use shiftstorm::base::arrivals::ArrivalProcess;
use shiftstorm::base::ids::{AgentId, SkillId};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::ledger::part_goal::{PartOf, RunPart};
use shiftstorm::model::settings::{DailyInstants, Roster, Shift, Trigger};
use shiftstorm::scenario::plan::Plan;
use shiftstorm::scenario::{self, Source};

use super::cli::Place;

fn read(text: &str) -> Result<scenario::Scenario, scenario::Diagnostics> {
    let source = Source { name: "day.toml".to_owned(), text: text.to_owned() };
    scenario::parse(source, Path::new("."))
}

fn plan(run: &str, arrivals: &str, agents: &str) -> Plan {
    let text = format!(
        "run = {{ {run}, end = 'cut' }}\nagents.team = {{ {agents} }}\n\
         consumers.web = {{ arrivals = {arrivals} }}"
    );
    let scenario = read(&text).unwrap_or_else(|findings| panic!("{findings}"));
    scenario.variants[0].plan.as_ref().clone()
}

fn expected(plan: &Plan, from: i64, to: i64) -> f64 {
    let hour = |hours| Time::ZERO + Span::from_hours(hours);
    plan.centre.kinds[0].arrivals.expected(hour(from), hour(to))
}

fn shifts(plan: &Plan) -> &[Shift] {
    let Roster::Listed(agents) = &plan.centre.groups[0].roster else { panic!("has dates") };
    &agents[0]
}

fn hours(from: i64, to: i64) -> Shift {
    let hour = |hours| Time::ZERO + Span::from_hours(hours);
    Shift { start: hour(from), end: hour(to) }
}

const BERLIN: &str = "time_zone = 'Europe/Berlin'";

/// 60 an hour: 23 hours on the day on which clocks are put forward, 25 when they are put back.
#[test]
fn days_of_a_clock_change_have_an_hour_less_or_more() {
    let hourly = format!("{{ every = '1h', from = '00:00', volumes = {:?} }}", [60; 24]);
    for (date, length, all) in [("2026-03-29", 23, 1380.0), ("2026-10-25", 25, 1500.0)] {
        let run = format!("from = '{date}', days = 1, {BERLIN}");
        let plan = plan(&run, &hourly, "");
        assert_eq!(plan.run.until, Time::ZERO + Span::from_hours(length));
        assert_eq!(expected(&plan, 0, length), all);
    }
}

/// 02:00 to 03:00 does not occur in spring, and twice in autumn; 22:00 to 06:00 is 7 or 9 hours.
#[test]
fn an_hour_is_skipped_or_comes_twice_and_a_night_is_shorter_or_longer() {
    let night = "{ every = '1h', from = '02:00', volumes = [60] }";
    let agents = "shifts = '22:00-06:00'";
    let spring = plan(&format!("from = '2026-03-28', days = 2, {BERLIN}"), night, agents);
    assert_eq!((expected(&spring, 0, 24), expected(&spring, 24, 47)), (60.0, 0.0));
    let autumn = plan(&format!("from = '2026-10-24', days = 2, {BERLIN}"), night, agents);
    assert_eq!((expected(&autumn, 0, 24), expected(&autumn, 24, 49)), (60.0, 120.0));
    assert_eq!(expected(&autumn, 26, 28), 120.0, "from 02:00 to 02:59 and again");
    // The night before the run reaches into it.
    assert_eq!(shifts(&spring), [hours(-2, 6), hours(22, 29), hours(45, 53)]);
    assert_eq!(shifts(&autumn), [hours(-2, 6), hours(22, 31), hours(47, 55)]);
}

#[test]
fn the_more_particular_day_counts() {
    let arrivals = "{ every = '1h', from = '00:00', volumes = { daily = [1], mon-fri = [2], \
                    fri = [3], holiday = [4], '2026-04-06' = [] } }";
    let run = "from = '2026-03-30', days = 8";
    let text = format!(
        "calendar.holidays = ['2026-04-03', '2026-04-06']\nrun = {{ {run} }}\nagents.team = {{}}\n\
         consumers.web = {{ arrivals = {arrivals} }}"
    );
    let scenario = read(&text).unwrap_or_else(|findings| panic!("{findings}"));
    let plan = &scenario.variants[0].plan;
    // Monday to Thursday 2, Good Friday 4, Saturday and Sunday 1, Easter Monday off.
    let days = (0..8).map(|day| expected(plan, 24 * day, 24 * day + 24));
    assert_eq!(Vec::from_iter(days), [2.0, 2.0, 2.0, 2.0, 4.0, 1.0, 1.0, 0.0]);
}

#[test]
fn shifts_staffing_and_breaks_differ_by_day() {
    let run = "from = '2026-03-27', days = 3";
    let own = plan(
        run,
        "'1/h'",
        "shifts = { fri = ['08:00-12:00', '13:00-17:00'], sun = '10:00-12:00' }",
    );
    assert_eq!(shifts(&own), [hours(8, 12), hours(13, 17), hours(58, 60)]);

    let staffing =
        "staffing = { from = '08:00', every = '1h', agents = { fri = [1, 2, 1], sat = [1] } }";
    let staffed = plan(run, "'1/h'", staffing);
    let Roster::Listed(agents) = &staffed.centre.groups[0].roster else { panic!("has dates") };
    assert_eq!(*agents, [vec![hours(8, 11), hours(32, 33)], vec![hours(9, 10)]]);

    let breaks = "shifts = '08:00-17:00', breaks = { at = { fri-sat = '12:00', sun = '13:00' }, for = '30m' }";
    let paused = plan(run, "'1/h'", breaks);
    let Trigger::At { at: DailyInstants::Listed(instants), .. } =
        &paused.centre.groups[0].episodes[0].trigger
    else {
        panic!("has dates")
    };
    let noon = |hours| Time::ZERO + Span::from_hours(hours);
    assert_eq!(instants.to_vec(), [noon(12), noon(36), noon(61)]);
}

/// Friday 17:00 to 21:00 of the week from Monday, 23 March: the fifth day, half hours 34 to 41.
#[test]
fn a_goal_may_be_for_a_window_of_a_weekday_or_date() {
    let whose = [
        ("", PartOf::Centre, "17:00–21:00"),
        ("skill = 'law'", PartOf::Skill(1), "law"),
        ("group = 'team'", PartOf::Group(0), "team"),
    ];
    let days = [("weekday = 'fri'", "fri"), ("date = '2026-03-27'", "2026-03-27")];
    for ((day, day_name), (of_whom, of, name)) in
        days.into_iter().flat_map(|day| whose.map(|whose| (day, whose)))
    {
        let text = format!(
            "run = {{ from = '2026-03-23', days = 7, end = 'cut' }}\nskills = ['general', 'law']\n\
             agents.team = {{ skills = ['general', 'law'] }}\n\
             consumers.web = {{ arrivals = '1/h', skill = 'law' }}\n\
             [[goal]]\nfigure = 'auto_unassigned'\nat_most = 2\n{day}\nfrom = '17:00'\nto = '21:00'\n{of_whom}"
        );
        let scenario = read(&text).unwrap_or_else(|findings| panic!("{findings}"));
        let goal = &scenario.variants[0].plan.measure.part_goals[0];
        let first = 4 * 48 + 34;
        let window = Some((first..first + 8).collect());
        assert_eq!(goal.part, RunPart { of, window });
        assert!(goal.name.contains(day_name) && goal.name.contains("17:00–21:00"), "{}", goal.name);
        assert!(goal.name.starts_with(name) || of == PartOf::Centre, "{}", goal.name);
    }
}

#[test]
fn what_a_run_without_a_date_cannot_know_is_refused_and_so_is_what_says_nothing() {
    let with = |run: &str, arrivals: &str| {
        let text = format!(
            "run = {{ {run} }}\nagents.team = {{}}\nconsumers.web = {{ arrivals = {arrivals} }}"
        );
        read(&text).expect_err("is refused").to_string()
    };
    let by_day = "{ volumes = { mon = [1] } }";
    for (run, arrivals, said) in [
        ("until = '24h'", by_day, "the days of this run have no date, so none is `mon`"),
        ("time_zone = 'Europe/Berlin'", "'1/h'", "a time zone needs a date"),
        (
            "starts_at = '2026-03-29T00:00'",
            "'1/h'",
            "a date stands in `run.from`: from = \"2026-03-29T00:00\"",
        ),
        ("from = '2026-02-30'", "'1/h'", "`run.from` cannot be '2026-02-30'"),
        (
            "from = '2026-03-29T02:30', time_zone = 'Europe/Berlin'",
            "'1/h'",
            "clocks are put forward over it",
        ),
        (
            "from = '2026-03-23', time_zone = 'Europe/Berln'",
            "'1/h'",
            "did you mean \"Europe/Berlin\"?",
        ),
        ("from = '2026-03-23', days = 2, until = '8h'", "'1/h'", "`days` and `until` both say"),
        (
            "from = '2026-03-23', until = '2026-03-24'",
            "'1/h'",
            "\"2026-03-24T24:00\" if that day belongs",
        ),
        (
            "from = '2026-03-23', until = '2026-03-22T08:00'",
            "'1/h'",
            "an instant after the start of the run",
        ),
        ("from = '2026-03-23'", "{ volumes = { mon-fry = [1] } }", "did you mean \"mon-fri\"?"),
        (
            "from = '2026-03-23'",
            "{ volumes = { mon-wed = [1], tue-fri = [1] } }",
            "overlaps `mon-wed`",
        ),
        (
            "from = '2026-03-23'",
            "{ every = '6h', volumes = { mon = [1, 1, 1, 1, 1] } }",
            "longer than 24 hours",
        ),
        ("from = '2026-03-23', replications = 'batch-means'", "'1/h'", "no batch means"),
    ] {
        let found = with(run, arrivals);
        assert!(found.contains(said), "{run}, {arrivals}: {found}");
    }
    let outside = "run = { from = '2026-03-23', days = 2 }\nagents.team = {}\nconsumers.web = \
                   { arrivals = { volumes = { daily = [1], '2026-04-23' = [2] } } }";
    let scenario = read(outside).expect("is valid");
    assert!(scenario.warnings.to_string().contains("2026-04-23 is no day of the run"));
    let next = outside.replace("2026-04-23", "2026-03-25");
    let scenario = read(&next).expect("is valid");
    assert!(scenario.warnings.to_string().contains("2026-03-25 is no day of the run"));
}

/// What a clock change does is seen in the rows of a report.
#[test]
fn rows_of_a_report_are_named_by_weekday_date_and_the_distance_from_utc() {
    let place = Place::with(
        "run = { from = '2026-10-25', days = 1, time_zone = 'Europe/Berlin', replications = 2 }\n\
         measure.interval = '60m'\nagents.team = { count = 2 }\nconsumers.web = { arrivals = '6/h' }",
    );
    let output = place.run(&["run", "day.toml", "--out", "report"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rows = std::fs::read_to_string(place.0.join("report/intervals.csv")).expect("is written");
    for row in
        ["Sun 25 Oct 01:00,", "Sun 25 Oct 02:00 +02,", "Sun 25 Oct 02:00 +01,", "Sun 25 Oct 03:00,"]
    {
        assert_eq!(rows.matches(row).count(), 1, "{row}: {rows}");
    }
    let summary = std::fs::read_to_string(place.0.join("report/summary.txt")).expect("is written");
    assert!(summary.contains("Sun 25 Oct 00:00 to Mon 26 Oct 00:00"), "{summary}");
}

/// A scenario beside a table, and what `check` says of it.
fn checked(run: &str, table: &str, text: &str) -> (bool, String) {
    let scenario = format!(
        "run = {{ {run}, end = 'cut' }}\nagents.team = {{ count = 9 }}\n\
         consumers.billing = {{ arrivals = {{ csv = 'table.csv' }} }}"
    );
    said(&scenario.replace("csv = 'table.csv'", table), text)
}

fn said(scenario: &str, table: &str) -> (bool, String) {
    let place = Place::with(scenario);
    std::fs::write(place.0.join("table.csv"), table).expect("is written");
    let output = place.run(&["check", "day.toml"]);
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).expect("is text");
    // How much memory is free is another matter.
    let free = text.lines().filter(|line| !line.ends_with(" free)"));
    (output.status.success(), free.collect::<Vec<_>>().join("\n"))
}

#[test]
fn volumes_are_placed_by_their_clock_and_days_and_those_of_others_are_left_out() {
    let csv = "csv = 'table.csv'";
    let gap = "start,volume\n13:00,60\n08:00,60\n09:00,60\n14:00,60\n";
    let (is_sound, text) = checked("until = '24h'", csv, gap);
    assert!(is_sound, "{text}");
    for row in
        ["08:00                  30", "09:30                  30", "10:00                   0"]
    {
        assert!(text.contains(row), "{row}: {text}");
    }
    assert!(text.contains("every day 08:00 to 15:00, every 60 min"), "{text}");

    let skills = "skill;date;start;volume\nBilling;2.3.2026;08:00;40\nOrders;2.3.2026;08:00;20\n\
                  BILLING;2.3.2026;08:30;60\nOrders;2.3.2026;08:30;20\n";
    let (is_sound, text) = checked("until = '24h'", csv, skills);
    assert!(is_sound && text.contains("the run begins on Mon 2 Mar 2026"), "{text}");
    let (is_sound, text) = checked("from = '2026-03-02', days = 1", csv, skills);
    assert!(is_sound && text.contains("100 conversations,"), "{text}");
    let other = skills.replace("illing", "uying").replace("BILLING", "Buying");
    let (is_sound, text) = checked("from = '2026-03-02', days = 1", csv, &other);
    assert!(!is_sound && text.contains("allowed: Buying, Orders"), "{text}");
    let named = "run = { from = '2026-03-02', days = 1 }\nagents.team = {}\n\
                 consumers.'Billing v1.2' = { arrivals = { csv = 'table.csv' } }";
    let (is_sound, text) =
        said(named, &skills.replace("Billing", "Billing v1.2").replace("BILLING", "billing V1.2"));
    assert!(is_sound && text.contains("100 conversations,"), "{text}");
    let (is_sound, text) = checked("from = '2026-03-09', days = 1", csv, skills);
    assert!(!is_sound && text.contains("the run has none of these days"), "{text}");
    let (is_sound, text) = checked("from = '2026-03-02', days = 2", csv, skills);
    assert!(is_sound && text.contains("without rows on 1 day of the run"), "{text}");
}

/// Every column is used, or listed as not used, or refused.
#[test]
fn no_column_is_passed_over_in_silence() {
    let run = "starts_at = '08:00', until = '12:00'";
    let bare = "csv = 'table.csv', every = '1h', repeat = 'once'";
    let (is_sound, text) = checked(run, bare, "volume,aht\n30,180\n50,200\n");
    assert!(is_sound && text.contains("80 conversations,"), "{text}");
    assert!(text.contains("columns used: volume = volume\ncolumns not used: aht"), "{text}");
    for (table, said) in [
        ("volume,slot\n30,08:00\n50,09:00\n", "column `slot` has clock times"),
        ("volume,when\n30,2026-03-02\n50,2026-03-03\n", "column `when` has dates"),
        ("volume,when\n30,Mon\n50,Tue\n", "column `when` has weekdays"),
        ("volume,product\n30,Cash\n50,Cards\n60,Cash\n", "column `product` sorts them"),
        ("volume,skill\n30,Cash\n50,Cards\n", "rows of skills without clock times"),
        ("volume,agent\n30,Ada\n50,Bob\n", "column `agent` would change what rows mean"),
    ] {
        let (is_sound, text) = checked(run, bare, table);
        assert!(!is_sound && text.contains(said), "{table}: {text}");
    }
    let (is_sound, text) = checked(
        run,
        "table = 'table.csv'",
        "time,volume,site\n08:00,30,North\n08:00,50,South\n09:00,1,North\n",
    );
    assert!(!is_sound && text.contains("column `site` tells them apart"), "{text}");
}

#[test]
fn what_a_table_of_volumes_does_not_say_clearly_is_refused() {
    let run = "from = '2026-03-02', days = 1";
    for (table, said) in [
        ("time,volume\n08:00,5%\n08:30,4\n", "a percentage"),
        ("time,volume\n2026-03-02 08:00,5\n08:30,4\n", "has no day, and"),
        ("start,end,volume\n2026-03-02 08:00,2026-03-03 08:30,5\n", "an end on another day"),
        ("skill,start,volume\nBilling,08:00,5\n,08:30,4\n", "no skill, where other rows have one"),
        ("time,volume,mon,tue\n08:00,5,1,2\n08:30,4,1,2\n", "columns of days or clock times"),
        ("time,volume\n08:00,#REF!\n08:30,4\n", "not a number"),
        ("time,volume\n08:00,5\n08:00,4\n08:30,1\n", "two values for every day 08:00"),
    ] {
        let (is_sound, text) = checked(run, "csv = 'table.csv'", table);
        assert!(!is_sound && text.contains(said), "{table}: {text}");
    }
    let (is_sound, text) =
        checked(run, "csv = 'table.csv', every = '1h'", "time,volume\n08:00,5\n08:30,4\n");
    assert!(!is_sound && text.contains("last 30m by its clock"), "{text}");
}

/// Two agents of four hours on the second of March, the first again on the third: 12 hours.
#[test]
fn shifts_of_a_roster_are_on_their_days() {
    let roster = "date,agent,start,end\n2026-03-02,A,08:00,12:00\n2026-03-02,B,12:00,16:00\n\
                  2026-03-03,A,12:00,16:00\n";
    let with = |run: &str| {
        format!(
            "run = {{ {run}, end = 'cut' }}\nagents.team = {{ roster = {{ csv = 'table.csv' }} }}\n\
             consumers.web = {{ arrivals = '6/h' }}"
        )
    };
    let (is_sound, text) = said(&with("until = '48h'"), roster);
    assert!(is_sound && text.contains("the run begins on Mon 2 Mar 2026"), "{text}");
    assert!(text.contains("2 agents, 12 hours"), "{text}");
    let (is_sound, text) = said(&with("from = '2026-03-02', days = 2"), roster);
    assert!(is_sound, "{text}");
    let place = Place::with(&with("from = '2026-03-02', days = 2"));
    std::fs::write(place.0.join("table.csv"), roster).expect("is written");
    let scenario = scenario::load(&place.0.join("day.toml")).expect("is sound");
    let Roster::Listed(agents) = &scenario.variants[0].plan.centre.groups[0].roster else {
        panic!("has dates")
    };
    assert_eq!(*agents, [vec![hours(8, 12), hours(36, 40)], vec![hours(12, 16)]]);

    let weekly = roster
        .replace("date", "weekday")
        .replace("2026-03-02", "Monday")
        .replace("2026-03-03", "tue");
    let (is_sound, same) = said(&with("from = '2026-03-02', days = 2"), &weekly);
    assert!(is_sound && same.contains("2 agents, 12 hours"), "{same}");
    let of_load = |text: &str| {
        let from = text.find("offered").expect("has the load");
        text[from..text.find("Estimate").expect("has the size")].to_owned()
    };
    assert_eq!(of_load(&same), of_load(&text));
    for (table, said_of_it) in [
        ("agent,start,end,staff\nA,08:00,12:00,3\n", "would change what rows mean: staff"),
        ("agent,start,end,break start\nA,08:00,12:00,09:00\n", "no end: row 2, column D"),
        ("agent,start,end,skill\nA,08:00,12:00,x\n", "nobody asks for `x`"),
        ("agent,start,end\nA,08:00,12:00\nA,11:00,13:00\n", "08:00-12:00 and 11:00-13:00 overlap"),
        ("agent,start,end,activity\nA,08:00,12:00,Juggling\n", "an activity that is not known"),
    ] {
        let (is_sound, text) = said(&with("until = '24h'"), table);
        assert!(!is_sound && text.contains(said_of_it), "{table}: {text}");
    }
}

/// On shift 08:00 to 16:00, Away at lunch from 12:00 to 12:30: 8 hours logged in, 7.5 at work. What is
/// written as activities, as a shift with its break, or as a column a day, is one.
#[test]
fn activities_and_breaks_of_a_roster_are_shifts_and_absences() {
    let with = |run: &str| {
        format!(
            "run = {{ {run}, end = 'cut', replications = 2 }}\n\
             agents.team = {{ roster = {{ csv = 'table.csv' }}, reply_time = '30s' }}\n\
             consumers.web = {{ arrivals = '20/h', messages = 1 }}"
        )
    };
    let run = with("starts_at = '08:00', until = '16:00'");
    for table in [
        "agent,activity,start,end\nÅsa,work,08:00,12:00\nÅsa,lunch,12:00,12:30\nÅsa,work,12:30,16:00\n",
        "agent,activity,start,end\nÅsa,shift,08:00,16:00\nÅsa,Mittagspause,12:00,12:30\n",
        "agent;start;end;lunch start;lunch end\nÅsa;08:00;16:00;12:00;12:30\n",
        "Mitarbeiter;von;bis;Mittag\nÅsa;8:00;16:00;12:00-12:30\n",
    ] {
        let place = Place::with(&run);
        std::fs::write(place.0.join("table.csv"), table).expect("is written");
        let scenario = scenario::load(&place.0.join("day.toml"));
        let scenario = scenario.unwrap_or_else(|findings| panic!("{table}: {findings}"));
        let group = &scenario.variants[0].plan.centre.groups[0];
        assert_eq!(group.roster, Roster::Daily(vec![vec![hours(0, 8)]]), "{table}");
        let half = |from: i64, to: i64| Shift {
            start: Time::ZERO + Span::from_mins(from * 30),
            end: Time::ZERO + Span::from_mins(to * 30),
        };
        let Trigger::Listed { agents, are_daily: true, .. } = &group.episodes[0].trigger else {
            panic!("{table}: {:?}", group.episodes)
        };
        assert_eq!(agents.to_vec(), [vec![half(8, 9)]], "{table}");
        let output = place.run(&["run", "day.toml", "--out", "report"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let agents =
            std::fs::read_to_string(place.0.join("report/agents.csv")).expect("is written");
        assert!(agents.contains("base,2,yes,Åsa,team,28800,27000,1800,"), "{agents}");
    }
}

/// A row an agent, a column a day; a night is one shift, also where a table cuts it at midnight.
#[test]
fn a_roster_may_have_a_column_a_day_and_nights() {
    let run = "run = { from = '2026-03-02', days = 3, end = 'cut' }\n\
               agents.team = { roster = { table = 'table.csv' } }\nconsumers.web = { arrivals = '20/h' }";
    let shifts = |table: &str| {
        let place = Place::with(run);
        std::fs::write(place.0.join("table.csv"), table).expect("is written");
        let scenario = scenario::load(&place.0.join("day.toml"));
        let scenario = scenario.unwrap_or_else(|findings| panic!("{table}: {findings}"));
        let Roster::Listed(agents) = &scenario.variants[0].plan.centre.groups[0].roster else {
            panic!("has dates")
        };
        agents.clone()
    };
    let right = [vec![hours(8, 12), hours(13, 17), hours(46, 54)], vec![hours(56, 64)]];
    for table in [
        "agent;2026-03-02;2026-03-03;2026-03-04\nAda;08:00-12:00, 13:00-17:00;22:00-06:00;off\n\
         Bob;;frei;8:00-16:00\n",
        "Name,Mon,Tue,Wed\nAda,08:00-12:00 / 13:00-17:00,22:00-06:00,-\nBob,,,8:00-16:00\n",
        "agent,date,start,end\nBob,2026-03-04,08:00,16:00\nAda,2026-03-02,08:00,12:00\n\
         Ada,2026-03-02,13:00,17:00\nAda,2026-03-03,22:00,24:00\nAda,2026-03-04,00:00,06:00\n",
    ] {
        let mut agents = shifts(table);
        agents.sort_by_key(|own| std::cmp::Reverse(own.len()));
        assert_eq!(agents, right, "{table}");
    }
}

/// One agent from 08:00 to 09:00, another for the half of it that the table says.
#[test]
fn staffing_may_stand_in_a_table() {
    let staffed = |run: &str, table: &str| {
        let text = format!(
            "run = {{ {run}, end = 'cut' }}\nagents.team = {{ staffing = {{ table = 'table.csv' }} }}\n\
             consumers.web = {{ arrivals = '20/h' }}"
        );
        let place = Place::with(&text);
        std::fs::write(place.0.join("table.csv"), table).expect("is written");
        scenario::load(&place.0.join("day.toml")).map_err(|findings| findings.to_string())
    };
    let roster = |run: &str, table: &str| {
        let scenario = staffed(run, table).unwrap_or_else(|findings| panic!("{findings}"));
        scenario.variants[0].plan.centre.groups[0].roster.clone()
    };
    let half = |from: i64, to: i64| Shift {
        start: Time::ZERO + Span::from_mins(30 * from),
        end: Time::ZERO + Span::from_mins(30 * to),
    };
    let weekly = roster("from = '2026-03-02', days = 2", "time,Mon,Tue\n08:00,1,2\n08:30,2,1\n");
    let right = vec![vec![half(16, 18), half(64, 66)], vec![half(17, 18), half(64, 65)]];
    assert_eq!(weekly, Roster::Listed(right));
    let daily =
        roster("until = '24h'", "skill,time,agents\nteam,08:00,1\nother,08:00,7\nteam,08:30,2\n");
    assert_eq!(daily, Roster::Daily(vec![vec![half(16, 18)], vec![half(17, 18)]]));
    let parts = staffed("until = '24h'", "time,agents\n08:00,1.5\n08:30,2\n");
    assert!(parts.expect_err("is refused").contains("a part of an agent"));
}

/// A quarter faster, one slot, and another skill than the colleague; draws belong to the name.
#[test]
fn agents_of_a_roster_keep_what_is_theirs() {
    let text = "run = { starts_at = '08:00', until = '16:00', end = 'cut' }\n\
                agents.team = { roster = { csv = 'table.csv' }, concurrency = 3 }\n\
                [consumers]\nbilling = { skill = 'billing', arrivals = '2/h' }\n\
                orders = { skill = 'orders', arrivals = '2/h' }";
    let centre = |table: &str| {
        let place = Place::with(text);
        std::fs::write(place.0.join("table.csv"), table).expect("is written");
        let scenario = scenario::load(&place.0.join("day.toml"));
        let scenario = scenario.unwrap_or_else(|findings| panic!("{table}: {findings}"));
        scenario.variants[0].plan.centre.clone()
    };
    let one = centre(
        "agent,start,end,skills,slots,speed\nAda,08:00,16:00,Billing; Orders,1,1.25\n\
         Bob,08:00,16:00,orders,,\n",
    );
    let group = &one.groups[0];
    let [billing, orders] = [SkillId(0), SkillId(1)];
    assert_eq!((group.skills_of(0), group.skills_of(1)), (&[billing, orders][..], &[orders][..]));
    assert_eq!((group.concurrency_of(0), group.concurrency_of(1)), (1, 3));
    assert_eq!((group.speed_of(0), group.speed_of(1)), (1.25, 1.0));
    let other = centre("agent,start,end\nBob,08:00,16:00\nEve,08:00,16:00\nAda,08:00,16:00\n");
    assert_eq!(one.stream_key(AgentId(0)), other.stream_key(AgentId(2)));
    assert_eq!(one.stream_key(AgentId(1)), other.stream_key(AgentId(0)));
    assert_ne!(other.stream_key(AgentId(0)), other.stream_key(AgentId(1)));
}

#[test]
fn arrivals_one_by_one_have_clock_times_or_dates() {
    let with = |run: &str| {
        format!(
            "run = {{ {run}, end = 'cut' }}\nagents.team = {{}}\n\
             consumers.web = {{ arrivals = {{ trace = 'table.csv' }} }}"
        )
    };
    let clocks = "time\n09:12:58\n09:15:10\n09:47:28\n";
    let (is_sound, text) = said(&with("starts_at = '09:00', until = '10:00'"), clocks);
    assert!(is_sound && text.contains("3 conversations,"), "{text}");
    let (is_sound, text) = said(&with("starts_at = '09:30', until = '10:00'"), clocks);
    assert!(!is_sound && text.contains("a clock time not before it"), "{text}");
    let dates = "time\n2026-03-02 09:12:58\n2026-03-03 09:15:10\n";
    let (is_sound, text) = said(&with("from = '2026-03-02', days = 2"), dates);
    assert!(is_sound && text.contains("2 conversations,"), "{text}");
    let topics = "time,topic\n09:12:58,Billing\n";
    let (is_sound, text) = said(&with("starts_at = '09:00', until = '10:00'"), topics);
    assert!(!is_sound && text.contains("allowed: Billing"), "{text}");
    // Billing at 9:12:58 and 9:47:28, Orders at 9:15:10, in a file that is not sorted.
    let both = "run = { starts_at = '09:00', until = '10:00' }\nagents.team = {}\n\
                [consumers]\nbilling.skill = 'billing'\nbilling.arrivals.trace = 'table.csv'\n\
                orders.skill = 'orders'\norders.arrivals.trace = 'table.csv'";
    let log = "date,time,topic\n2026-03-02,09:47:28,Billing\n2026-03-02,09:15:10,Orders\n\
               2026-03-02,09:12:58,Billing\n";
    let place = Place::with(both);
    std::fs::write(place.0.join("table.csv"), log).expect("is written");
    let scenario = scenario::load(&place.0.join("day.toml")).expect("is sound");
    let plan = &scenario.variants[0].plan;
    let ArrivalProcess::Trace(billing) = &plan.centre.kinds[0].arrivals else { panic!("a trace") };
    let at = |seconds| Time::ZERO + Span::from_secs(seconds);
    assert_eq!(billing.instants(), [at(12 * 60 + 58), at(47 * 60 + 28)]);
    let ArrivalProcess::Trace(orders) = &plan.centre.kinds[1].arrivals else { panic!("a trace") };
    assert_eq!(orders.instants(), [at(15 * 60 + 10)]);
}

#[test]
fn a_group_like_another_has_its_settings_but_for_who_and_when() {
    let agents = "[agents.team]
        count = 20
        shifts = { mon-fri = '08:00-17:00' }
        shrinkage = 0.3
        concurrency = 2
        reply_time = '90s'
        wrap_up = '10s'
        cost_per_hour = 30
        [agents.extra]
        like = 'team'
        count = 0
        shifts = { fri = '17:00-21:00' }
        wrap_up = '20s'";
    let text = |agents: &str| {
        format!(
            "run = {{ from = '2026-03-23', days = 7 }}\n{agents}\n[consumers.web]\narrivals = '1/h'\n\
             [[variant]]\nname = 'two more'\nagents.extra.count = 2"
        )
    };
    let scenario = read(&text(agents)).unwrap_or_else(|findings| panic!("{findings}"));
    assert!(scenario.warnings.iter().next().is_none(), "{}", scenario.warnings);
    let [team, extra] = &scenario.variants[1].plan.centre.groups[..] else { panic!("two groups") };
    assert_eq!(
        (team.count, extra.count, scenario.variants[0].plan.centre.groups[1].count),
        (20, 2, 0)
    );
    assert_eq!((&extra.reply_time, extra.concurrency), (&team.reply_time, 2));
    assert_eq!((extra.wrap_up.mean(), extra.cost_per_hour), (20.0, 30.0));
    assert!(extra.shrinkage.is_none() && team.shrinkage.is_some());
    let friday = 4 * 24;
    assert_eq!(extra.roster.lists().unwrap()[0], [hours(friday + 17, friday + 21)]);
    let refused =
        |from: &str, to: &str| read(&text(&agents.replace(from, to))).unwrap_err().to_string();
    let unknown = refused("'team'", "'tame'");
    assert!(unknown.contains("there is no group of agents `tame`") && unknown.contains("\"team\""));
    let chain = refused("like = 'team'", "like = 'extra'");
    assert!(chain.contains("`extra` is itself like another group"), "{chain}");
}

/// Two mails on Saturday, one in the hour that comes twice on Sunday, three on Monday.
#[test]
fn the_page_of_several_days_shows_each_day_and_its_hours() {
    let place = Place::with(
        "name = 'Autumn'
        run = { from = '2026-10-24', days = 3, time_zone = 'Europe/Berlin', end = 'cut' }
        service_level.within = '5m'
        [agents.team]
        shifts = { sat = '08:00-12:00', mon = '08:00-18:00' }
        reply_time = '60s'
        [consumers.mail]
        messages = 1
        arrivals = { trace = 'mails.csv' }",
    );
    // 09:00 and 09:10; 02:30 for the second time; 10:00, 10:20 and 11:00.
    let hour = 3600;
    let instants = [9 * hour, 9 * hour + 600, 27 * hour + 1800];
    let monday = [59 * hour, 59 * hour + 1200, 60 * hour];
    let rows = Vec::from_iter(instants.iter().chain(&monday).map(i64::to_string));
    std::fs::write(place.0.join("mails.csv"), rows.join("\n")).unwrap();
    place.says(&["run", "day.toml", "-n", "10"]);
    let page = std::fs::read_to_string(place.0.join("out/day/report.html")).unwrap();
    let table = page.split("base, by day").last().expect("a table by day");
    let table = table.split("</table>").next().unwrap();
    let cells = |day: &str| {
        let row = table.split(day).nth(1).unwrap_or_else(|| panic!("no {day}: {table}"));
        let row = row.split("</tr>").next().unwrap();
        let cells =
            row.split("<td").skip(1).map(|cell| cell.split(['>', '<']).nth(1).unwrap_or(""));
        Vec::from_iter(cells.map(|cell| cell.trim().to_owned()))
    };
    // Nobody is there on Sunday; its mail is answered on Monday.
    assert_eq!(cells("Sat 24 Oct")[..2], ["2.0 ± 0.0", "100.0 ± 0.0"]);
    assert_eq!(cells("Sun 25 Oct")[..2], ["1.0 ± 0.0", "0.0 ± 0.0"]);
    assert_eq!(cells("Mon 26 Oct")[..2], ["3.0 ± 0.0", "100.0 ± 0.0"]);
    let logged_in = ["Sat 24 Oct", "Sun 25 Oct", "Mon 26 Oct"].map(|day| cells(day)[8].clone());
    assert_eq!(logged_in, ["4.0", "0.0", "10.0"]);
    assert!(place.0.join("out/day/charts/days_service_level_1.svg").exists());
    // A run of one day has none of it.
    place.says(&["run", "day.toml", "-n", "1", "--set", "run.days=1", "--out", "one"]);
    let page = std::fs::read_to_string(place.0.join("one/report.html")).unwrap();
    assert!(!page.contains("Day by day"));
}

#[test]
fn intervals_are_written_with_date_weekday_and_distance_from_utc() {
    let place = Place::with(
        "run = { from = '2026-10-25', days = 1, time_zone = 'Europe/Berlin', end = 'cut' }
        measure.interval = '60m'
        agents.team = {}
        consumers.mail.arrivals = '1/h'",
    );
    place.says(&["run", "day.toml", "-n", "1"]);
    let csv = std::fs::read_to_string(place.0.join("out/day/intervals.csv")).unwrap();
    let mut rows = csv.lines().map(|line| Vec::from_iter(line.split(',')));
    let heads = rows.next().unwrap();
    let columns = ["date", "weekday", "start", "end"];
    let columns = columns.map(|name| heads.iter().position(|head| *head == name).unwrap());
    let rows = Vec::from_iter(rows.map(|row| columns.map(|at| row[at].to_owned())));
    assert_eq!(rows.len(), 25);
    let at = |hour: &str| format!("2026-10-25T{hour}");
    let day =
        |start: &str, end: &str| ["2026-10-25".to_owned(), "Sun".to_owned(), at(start), at(end)];
    assert_eq!(rows[1], day("01:00:00+02:00", "02:00:00+02:00"));
    assert_eq!(rows[2], day("02:00:00+02:00", "02:00:00+01:00"), "to the hour that comes again");
    assert_eq!(rows[3], day("02:00:00+01:00", "03:00:00+01:00"));
    assert_eq!(rows[24][3], "2026-10-26T00:00:00+01:00");
}

/// The week of `scenarios/tables` from each of its files is one plan and gives one report.
#[test]
fn the_same_week_in_every_form_is_the_same_plan() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/tables");
    let text = std::fs::read_to_string(folder.join("week.toml")).expect("is there");
    let with = |volumes: &str, roster: &str| {
        let text = text
            .replace("table = \"plan.xlsx\", sheet = \"Volumes\"", volumes)
            .replace("table = \"plan.xlsx\", sheet = \"Roster\"", roster);
        let source = Source { name: "week.toml".to_owned(), text };
        let read = scenario::parse(source, &folder).unwrap_or_else(|findings| panic!("{findings}"));
        assert!(read.warnings.is_empty(), "{}", read.warnings);
        read.variants[0].plan.as_ref().clone()
    };
    let right = with("table = 'volumes.csv'", "table = 'roster.csv'");
    // Monday 2 March, 08:00: 12 × (1 + 2/4) of Billing in half an hour, a third of that of the other.
    let half = Time::ZERO + Span::from_mins(8 * 60 + 30);
    let from = Time::ZERO + Span::from_hours(8);
    let arrivals = right.centre.kinds.iter().map(|kind| kind.arrivals.expected(from, half));
    assert_eq!(Vec::from_iter(arrivals), [18.0, 6.0]);
    assert_eq!(right.centre.groups[0].named(2).expect("is named").name, "Cécile");
    for [volumes, roster] in [
        ["table = 'volumen.csv'", "table = 'dienste.csv'"],
        ["table = 'plan.xlsx', sheet = 'Volumes'", "table = 'plan.xlsx', sheet = 'Roster'"],
        ["table = 'plan.ods', sheet = 'Volumes'", "table = 'plan.ods', sheet = 'Roster'"],
        ["table = 'plan.xls', sheet = 'Volumes'", "table = 'plan.xls', sheet = 'Roster'"],
    ] {
        assert_eq!(with(volumes, roster), right, "{volumes}, {roster}");
    }
}

/// Named agents, nights, training, a public holiday, mail in office hours and a clock change.
#[test]
fn the_shipped_week_is_read_from_its_workbook() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/week/week.toml");
    let scenario = scenario::load(&path).unwrap_or_else(|findings| panic!("{findings}"));
    let said = Vec::from_iter(scenario.warnings.iter().map(|it| it.message.clone()));
    let weekend =
        "`plan.xlsx`: the rows are for 2026-03-23 to 2026-03-27, without rows on 2 days of the run";
    assert_eq!(said, [weekend], "nobody is billed on the weekend, by the table");
    let plan = &scenario.variants[0].plan;
    assert_eq!(plan.run.until, Time::ZERO + Span::from_hours(7 * 24 - 1));
    let team = &plan.centre.groups[0];
    assert_eq!((team.count, team.named.len()), (33, 33));
    // An hour of orders on Monday at nine, and none in the hour that clocks skip on Sunday.
    let hour = |from: i64| {
        let hour = |hours| Time::ZERO + Span::from_hours(hours);
        plan.centre.kinds[0].arrivals.expected(hour(from), hour(from + 1))
    };
    assert!((hour(9) - 56.0 * 1.1).abs() < 1e-9, "{}", hour(9));
    assert!((hour(6 * 24 + 3) - 4.0 * 0.45).abs() < 1e-9, "04:00: {}", hour(6 * 24 + 3));
}
