//! `new`: the first scenario of somebody who has tables, or a few numbers.

use std::fs;
use std::path::Path;

use rust_xlsxwriter::Workbook;
use serde_json::Value as Json;

use super::cli::{Place, code, error_of};

/// A place with copies of files of the project.
fn place_with(files: &[&str]) -> Place {
    let place = Place::new();
    for file in files {
        let name = Path::new(file).file_name().unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        fs::copy(from, place.0.join(name)).unwrap();
    }
    place
}

/// What `new` prints for tables of a place; the scenario that it writes is valid.
fn made(place: &Place, tables: &[&str], more: &[&str]) -> String {
    let from = tables.iter().flat_map(|table| ["--from", table]);
    let arguments = Vec::from_iter(["new", "made.toml"].into_iter().chain(from));
    let told = place.says(&[&arguments, more].concat());
    let checked = place.says(&["check", "made.toml", "--json"]);
    let checked: Json = serde_json::from_str(&checked).unwrap();
    assert_eq!(checked["valid"], true, "{checked}");
    told
}

/// Runs the scenario that was made.
fn run(place: &Place) {
    place.says(&["run", "made.toml", "--replications", "1", "--out", "out", "--force"]);
}

/// The line of the scenario that begins with a key, below a heading.
fn value(place: &Place, heading: &str, key: &str) -> String {
    let text = place.read("made.toml");
    let (_, below) = text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{text}"));
    let mut lines = below.lines().take_while(|line| !line.starts_with('['));
    let line = lines.find_map(|line| line.strip_prefix(&format!("{key} = ")));
    line.unwrap_or_else(|| panic!("{heading} has no {key}: {text}")).to_owned()
}

#[test]
fn a_workbook_becomes_a_week_with_its_skills_and_agents() {
    let place = place_with(&["scenarios/week/plan.xlsx"]);
    let told = made(&place, &["plan.xlsx"], &[]);
    assert!(told.contains("plan.xlsx, sheet Roster: a roster, 33 agents, 1198 hours"), "{told}");
    assert!(told.contains("plan.xlsx, sheet Volumes: volumes, 6842 contacts"), "{told}");
    assert_eq!(value(&place, "[run]", "from"), "\"2026-03-23\"");
    assert_eq!(value(&place, "[run]", "days"), "7");
    let roster = "{ table = \"plan.xlsx\", sheet = \"Roster\" }";
    assert_eq!(value(&place, "[agents.team]", "roster"), roster);
    for skill in ["Orders", "Billing", "Mail"] {
        let heading = format!("[consumers.{skill}]");
        assert_eq!(value(&place, &heading, "skill"), format!("\"{skill}\""));
    }
    assert_eq!(value(&place, "[consumers.Orders]", "messages"), "{ geometric = 0.333 }");
    assert_eq!(value(&place, "[consumers.Mail]", "messages"), "1");
    // 33 names in the files of the run.
    run(&place);
    let agents = place.read("out/agents.csv");
    assert!(agents.contains("Aris") && agents.contains("Xenia"), "{agents}");
}

#[test]
fn each_shipped_table_becomes_a_scenario() {
    let tables =
        ["volumes.csv", "roster.csv", "volumen.csv", "dienste.csv", "plan.xls", "plan.ods"];
    let paths = tables.map(|table| format!("scenarios/tables/{table}"));
    let place = place_with(&paths.each_ref().map(String::as_str));
    for table in tables {
        let told = made(&place, &[table], &["--force"]);
        assert!(!told.contains("Left out"), "{told}");
        assert_eq!(value(&place, "[consumers.Billing]", "skill"), "\"Billing\"", "{table}");
        assert_eq!(value(&place, "[consumers.\"Kündigung\"]", "skill"), "\"Kündigung\"", "{table}");
    }
    // The same as two files in two languages.
    let told = made(&place, &["volumen.csv", "roster.csv"], &["--force"]);
    assert!(told.contains("4 agents, 170 hours"), "{told}");
    assert_eq!(value(&place, "[agents.team]", "roster"), "{ table = \"roster.csv\" }");
    assert_eq!(value(&place, "[consumers.Billing]", "arrivals"), "{ table = \"volumen.csv\" }");
}

#[test]
fn tables_of_each_kind_become_what_they_are() {
    let cases = [
        (
            "forecast.csv",
            "skill,start,end,volume,aht\nBilling,20260302 08:00,20260302 08:30,40,180\nOrders,20260302 08:00,20260302 08:30,10,300\n",
            "[run]",
            "from",
            "\"2026-03-02\"",
        ),
        (
            "gap.csv",
            "start,volume\n08:00,60\n09:00,60\n13:00,60\n14:00,60\n",
            "[run]",
            "until",
            "\"15:00\"",
        ),
        (
            "comma.csv",
            "Intervall;Volumen\n08:00;12,5\n08:30;20,25\n09:00;1.250,5\n",
            "[consumers.comma]",
            "arrivals",
            "{ table = \"comma.csv\" }",
        ),
        ("tabs.csv", "start\tvolume\n08:00\t12.5\n08:30\t20\n", "[run]", "starts_at", "\"08:00\""),
        ("headless.csv", "08:00,12.5\n08:30,20\n09:00,30\n", "[run]", "until", "\"09:30\""),
        (
            "na.csv",
            "time;contacts\n2026-03-25 17:00;6\n2026-03-25 17:30;#N/A\n2026-03-26 09:00;9\n",
            "[run]",
            "days",
            "2",
        ),
        (
            "log.csv",
            "date,time,topic\n2026-03-02,09:12:58,Billing\n2026-03-02,09:15:10,Orders\n",
            "[consumers.Orders]",
            "arrivals",
            "{ trace = \"log.csv\" }",
        ),
        ("seconds.csv", "at\n0s\n90m\n", "[run]", "until", "\"02:00\""),
        (
            "list.csv",
            "volume\n10\n12\n",
            "[consumers.list]",
            "arrivals",
            "{ table = \"list.csv\", from = \"09:00\", every = \"30m\" }",
        ),
        ("days.csv", "time,Mon,Tue\n08:00,10,20\n09:00,10,20\n", "[run]", "days", "7"),
        (
            "roster.csv",
            "agent,activity,start,end\nAnn,work,08:00,12:00\nAnn,lunch,12:00,12:30\nAnn,work,12:30,16:00\n",
            "[agents.team]",
            "roster",
            "{ table = \"roster.csv\" }",
        ),
        (
            "teams.csv",
            "agent,team,start,end\nAnn,Day,08:00,12:00\nBo,Late shift,12:00,16:00\n",
            "[agents.\"Late shift\"]",
            "roster",
            "{ table = \"teams.csv\" }",
        ),
        (
            "staff.csv",
            "time,agents\n08:00,3\n09:00,4\n",
            "[agents.team]",
            "staffing",
            "{ table = \"staff.csv\" }",
        ),
        (
            "required.csv",
            "time,skill,required\n08:00,Chat,3\n08:00,Mail,1\n09:00,Chat,3\n09:00,Mail,1\n",
            "[agents.Mail]",
            "staffing",
            "{ table = \"required.csv\" }",
        ),
        (
            "wide.csv",
            "time,Chat volume,Chat AHT,Mail volume,Mail AHT\n08:00,10,300,5,600\n08:30,12,300,4,600\n",
            "[consumers.Chat]",
            "arrivals",
            "{ table = \"wide.csv\" }",
        ),
    ];
    let place = Place::new();
    for (name, text, heading, key, expected) in cases {
        fs::write(place.0.join(name), text).unwrap();
        made(&place, &[name], &["--force"]);
        assert_eq!(value(&place, heading, key), expected, "{name}");
        if ["forecast.csv", "roster.csv", "wide.csv"].contains(&name) {
            run(&place);
        }
    }
}

/// A handle time means nothing without what it is the time of: that is left to its reader.
#[test]
fn handle_times_wait_for_their_meaning() {
    let place = Place::new();
    let text =
        "time,Chat volume,Chat AHT,Mail volume,Mail AHT\n08:00,10,300,5,600\n08:30,12,420,4,600\n";
    fs::write(place.0.join("wide.csv"), text).unwrap();
    made(&place, &["wide.csv"], &[]);
    let text = place.read("made.toml");
    assert!(text.contains("# wide.csv has its handle time, 360 s on average."), "{text}");
    assert!(text.contains("# wide.csv has its handle time, 600 s on average."), "{text}");
    let line = "#handle_time = { is = \"active\", table = \"wide.csv\" }";
    assert_eq!(text.matches(line).count(), 2, "{text}");
    fs::write(place.0.join("made.toml"), text.replace(line, &line[1..])).unwrap();
    place.says(&["check", "made.toml"]);
}

/// A guess of arrivals keeps a roster busy half of the time; a guess of agents is busy to 80 %.
#[test]
fn what_is_missing_fits_what_is_there() {
    let place = Place::new();
    // 8 hours of two agents, conversations of three answers of a minute: 2 · 0.5 · 60 / 3 = 20 an hour.
    fs::write(place.0.join("roster.csv"), "agent,start,end\nA,08:00,16:00\nB,08:00,16:00\n")
        .unwrap();
    made(&place, &["roster.csv"], &[]);
    assert_eq!(value(&place, "[consumers.contacts]", "arrivals"), "\"20/h\"");
    // 40 in half an hour are 80 an hour, 4 h of work, 5 agents.
    fs::write(place.0.join("chat.csv"), "time,volume\n08:00,40\n08:30,10\n").unwrap();
    made(&place, &["chat.csv"], &["--force"]);
    assert_eq!(value(&place, "[agents.team]", "count"), "5");
    made(&place, &["chat.csv"], &["--force", "--reply-time", "2m", "--concurrency", "4"]);
    assert_eq!(value(&place, "[agents.team]", "count"), "10");
    assert_eq!(value(&place, "[agents.team]", "concurrency"), "4");
    let text = place.read("made.toml");
    assert!(text.contains("# As given. Work on one reply"), "{text}");
    assert!(text.contains("# GUESS. Within which time"), "{text}");
}

#[test]
fn each_guess_says_so_and_no_given_value_does() {
    let place = Place::new();
    place.says(&["new"]);
    let text = place.read("centre.toml");
    // Hours, threshold, goals, agents and four values of them, contacts and four values of them.
    assert_eq!(text.matches("# GUESS").count(), 11, "{text}");
    let given = [
        "--contacts",
        "90",
        "--agents",
        "7",
        "--hours",
        "08:00-20:00",
        "--concurrency",
        "2",
        "--reply-time",
        "45s",
        "--messages",
        "4",
        "--patience",
        "5m",
        "--within",
        "90s",
    ];
    made(&place, &[], &given);
    let text = place.read("made.toml");
    for known in [
        "starts_at = \"08:00\"",
        "until = \"20:00\"",
        "count = 7",
        "concurrency = 2",
        "mean = \"45s\"",
        "geometric = 0.25",
        "mean = \"5m\"",
        "within = \"1m 30s\"",
        "\"90/h\"",
    ] {
        assert!(text.contains(known), "{known}: {text}");
    }
    // Goals, interruptions and think times are not asked for.
    assert_eq!(text.matches("# GUESS").count(), 3, "{text}");
}

#[test]
fn what_is_no_table_is_left_out_with_the_reason() {
    let place = Place::new();
    let mut book = Workbook::new();
    let volumes = book.add_worksheet().set_name("Chat").unwrap();
    for (row, cells) in [["time", "volume", "site"], ["08:00", "10", "A"], ["09:00", "12", "A"]]
        .into_iter()
        .enumerate()
    {
        for (column, text) in cells.into_iter().enumerate() {
            volumes.write(row as u32, column as u16, text).unwrap();
        }
    }
    let notes = book.add_worksheet().set_name("Notes").unwrap();
    notes.write(0, 0, "Ask Ann about April").unwrap();
    notes.write(1, 1, "and Bo").unwrap();
    book.add_worksheet().set_name("Empty").unwrap();
    book.save(place.0.join("plan.xlsx")).unwrap();
    let told = made(&place, &["plan.xlsx"], &["--agents", "3"]);
    assert!(
        told.contains(
            "Left out:\n  plan.xlsx, sheet Chat: column site\n  plan.xlsx, sheet Notes: "
        ),
        "{told}"
    );
    assert!(!told.contains("Empty"), "{told}");
    let text = place.read("made.toml");
    assert!(text.contains("#   plan.xlsx, sheet Notes: "), "{text}");
    // A second table with the same skill, and flags that a table overrules.
    fs::write(place.0.join("a.csv"), "time,skill,volume\n08:00,Chat,1\n09:00,Chat,1\n").unwrap();
    fs::write(place.0.join("b.csv"), "time,skill,volume\n08:00,chat,1\n09:00,chat,1\n").unwrap();
    let told = made(&place, &["a.csv", "b.csv"], &["--force", "--contacts", "5"]);
    assert!(told.contains("b.csv: chat, which another table has"), "{told}");
    assert!(told.contains("the contacts given, as a table says them"), "{told}");
}

#[test]
fn what_cannot_be_a_scenario_is_refused_and_nothing_is_written() {
    let place = Place::new();
    let mut book = Workbook::new();
    book.add_worksheet();
    book.save(place.0.join("empty.xlsx")).unwrap();
    fs::write(place.0.join("notes.csv"), "topic for Monday,who\nlunch,Ann\nleave,Bo\n").unwrap();
    fs::write(place.0.join("failed.csv"), "time,volume\n08:00,10\n09:00,#REF!\n").unwrap();
    fs::write(
        place.0.join("dates.csv"),
        "date,time,volume\n01/03/2026,08:00,1\n01/03/2026,09:00,1\n",
    )
    .unwrap();
    let roster = "agent,date,start,end\nAnn,2026-05-04,08:00,16:00\n";
    fs::write(place.0.join("may.csv"), roster).unwrap();
    fs::write(
        place.0.join("march.csv"),
        "date,time,volume\n2026-03-02,08:00,9\n2026-03-02,09:00,9\n",
    )
    .unwrap();
    for (tables, expected) in [
        (&["empty.xlsx"][..], "empty.xlsx has no cells with content"),
        (&["notes.csv"], "no table has volumes"),
        (&["failed.csv"], "row 3, column B"),
        (&["dates.csv"], "`dates = \"dmy\"`"),
        (&["may.csv", "march.csv"], "the tables do not go together"),
        (&["gone.csv"], "cannot read `gone.csv`"),
    ] {
        let from = tables.iter().flat_map(|table| ["--from", table]);
        let output = place.run(&Vec::from_iter(["new", "made.toml"].into_iter().chain(from)));
        let error = error_of(&output);
        assert_eq!(code(&output), 3, "{tables:?}: {error}");
        assert!(error.contains(expected), "{tables:?}: {error}");
        assert!(!place.0.join("made.toml").exists(), "{tables:?}");
    }
    place.says(&["new", "made.toml", "--from", "dates.csv", "--dates", "dmy"]);
    assert!(place.read("made.toml").contains("dates = \"dmy\""));
}

#[test]
fn a_file_that_is_there_is_replaced_only_by_force() {
    let place = Place::with("mine");
    fs::create_dir_all(place.0.join("sub")).unwrap();
    fs::write(place.0.join("chat.csv"), "time,volume\n08:00,1\n09:00,1\n").unwrap();
    let output = place.run(&["new", "day.toml", "--from", "chat.csv"]);
    assert_eq!(code(&output), 6);
    assert!(error_of(&output).contains("`day.toml` is there already"), "{}", error_of(&output));
    assert_eq!(place.read("day.toml"), "mine");
    place.says(&["new", "day.toml", "--from", "chat.csv", "--force"]);
    assert!(place.read("day.toml").contains("chat.csv"));
    // Without a name it stands beside its table; a scenario reads nothing outside of its folder.
    place.says(&["new", "--from", "chat.csv"]);
    assert!(place.0.join("chat.toml").exists());
    let output = place.run(&["new", "sub/day.toml", "--from", "chat.csv"]);
    assert_eq!(code(&output), 3);
    assert!(error_of(&output).contains("does not lie below the folder"), "{}", error_of(&output));
    assert_eq!(place.names("sub"), [""; 0]);
}

/// The guide of planners, step by step: what it says is printed is, and its lines make a valid scenario.
#[test]
fn the_guide_can_be_followed_to_the_letter() {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/planning.md"));
    let guide = guide.unwrap();
    let blocks = guide.split("```text\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let blocks = Vec::from_iter(blocks);
    let [printed, lines, holidays, answer, question, evening] = blocks[..] else {
        panic!("{} blocks", blocks.len())
    };
    let place = place_with(&["scenarios/week/plan.xlsx"]);
    assert_eq!(place.says(&["new", "plan.toml", "--from", "plan.xlsx"]), printed);
    let mut text = place.read("plan.toml");
    for line in lines.lines() {
        let (key, _) = line.split_once(" = ").unwrap();
        let old = text.lines().find(|old| old.starts_with(&format!("#{key} = ")));
        text = text.replace(old.unwrap_or_else(|| panic!("no #{key}")), line);
    }
    text = text.replace("base = \"off\"\n", &format!("base = \"off\"\n{holidays}"));
    fs::write(place.0.join("plan.toml"), text + "\n" + question).unwrap();
    let checked = place.run(&["check", "plan.toml", "--html", "check.html"]);
    assert_eq!(code(&checked), 0, "{}", error_of(&checked));
    assert_eq!(error_of(&checked).matches("warning:").count(), 1, "{}", error_of(&checked));
    assert!(place.read("check.html").contains("Work and staff"));
    // Two replications instead of ten: the same rows, other numbers.
    let told = place.says(&["run", "plan.toml", "-n", "2"]);
    let label = |line: &str| line.split("  ").next().unwrap_or_default().trim().to_owned();
    let rows = Vec::from_iter(told.lines().map(label));
    for line in answer.lines().chain(evening.lines()).map(label).filter(|row| !row.is_empty()) {
        assert!(rows.contains(&line), "no {line}: {told}");
    }
}
