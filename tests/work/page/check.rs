//! The page of `check`: tables, findings, and work against staff.

use std::fs;

use scraper::Html;

use super::super::cli::{Place, code, error_of};
use super::texts;

/// Two agents from 08:00 to 12:00, on Friday forty contacts of six minutes in the first hour.
const WEEK: &str = "
question = 'Is Friday too much?'
run = { from = '2026-03-23', days = 5, end = 'cut' }
measure.interval = '1h'
unassign = { enabled = false, timeout.away = '5m' }
agents.team = { roster = { table = 'roster.csv' }, reply_time = '6m', concurrency = 1 }
agents.more = { count = 0, shifts = { fri = '08:00-10:00' }, reply_time = '6m', concurrency = 1 }
[consumers.chat]
skill = 'Chat'
arrivals = { table = 'volumes.csv' }
messages = 1
[consumers.mail]
skill = 'Mail'
arrivals = { table = 'volumes.csv' }
messages = 1
[[variant]]
name = 'one more'
agents.more.count = 1
";

fn week() -> Place {
    let place = Place::with(WEEK);
    let volumes = "day,time,end,skill,volume,site
mon-thu,08:00,09:00,Chat,10,x
mon-thu,11:00,12:00,Chat,5,x
fri,08:00,09:00,Chat,40,x
mon-fri,08:00,09:00,Mail,1,x
mon-fri,13:00,14:00,Mail,1,x
";
    fs::write(place.0.join("volumes.csv"), volumes).unwrap();
    let shifts = "agent,day,start,end\nAnn,mon-fri,08:00,12:00\nBo,mon-fri,08:00,12:00\n";
    fs::write(place.0.join("roster.csv"), shifts).unwrap();
    place
}

#[test]
fn the_page_says_where_work_is_above_staff() {
    let place = week();
    place.says(&["check", "day.toml", "--html", "check.html"]);
    let page = Html::parse_document(&place.read("check.html"));
    let said = Vec::from_iter(texts(&page, ".headline, .statements p"));
    // On Friday 40 chats and a mail of six minutes are 4.1 hours for two agents: 205 %.
    assert_eq!(
        said[0],
        "1 of 120 intervals have more work than their staff can do, most that of Fri 27 Mar 08:00 with 205.0 %."
    );
    assert!(said[1].contains("Fri 27 Mar 08:00 with 200.0 %"), "{said:?}");
    // Mail of 13:00 comes on five days when nobody is there.
    assert_eq!(said[3], "In 5 intervals work comes and nobody who has the skill is there.");
    let badges = Vec::from_iter(texts(&page, ".badge"));
    assert_eq!(badges, ["too few at times", "at times nobody"]);
    let charts = Vec::from_iter(texts(&page, "figcaption"));
    assert_eq!(
        charts,
        [
            "All work and all staff",
            "Chat: work, and agents who have the skill",
            "Mail: work, and agents who have the skill"
        ]
    );
    let keys = Vec::from_iter(texts(&page, "#load_all .keys li"));
    assert_eq!(keys, ["work", "staff", "required", "staff, one more"]);
    // The variant has a line only where it differs: two hours of Friday.
    let rows = texts(&page, "#load_all tbody tr");
    let last = rows.filter(|row| !row.ends_with('–'));
    let last = Vec::from_iter(last);
    assert_eq!(last.len(), 2, "{last:?}");
    assert!(last[0].starts_with("Fri 27 Mar 08:00") && last[0].ends_with('3'), "{last:?}");
}

#[test]
fn the_page_has_tables_and_findings() {
    let place = week();
    place.says(&["check", "day.toml", "--html", "check.html"]);
    let page = Html::parse_document(&place.read("check.html"));
    let captions = Vec::from_iter(texts(&page, "#tables caption"));
    assert_eq!(
        captions,
        ["roster.csv", "roster.csv: sums by day", "volumes.csv", "volumes.csv: sums by day"]
    );
    let rows = Vec::from_iter(texts(&page, "#tables tr"));
    assert!(rows.iter().any(|row| row == "column sitenot used"), "{rows:?}");
    assert!(rows.iter().any(|row| row == "agents2, 8 hours at work"), "{rows:?}");
    let findings = Vec::from_iter(texts(&page, "#findings tbody tr"));
    assert!(findings.len() == 1 && findings[0].starts_with("day.toml:5:"), "{findings:?}");
}

#[test]
fn a_page_replaces_a_page_and_nothing_else_in_silence() {
    let place = week();
    let check = ["check", "day.toml", "--html", "check.html"];
    place.says(&check);
    place.says(&check);
    for foreign in ["my own notes", "<p class=\"brand\">Shiftstorm report</p>"] {
        fs::write(place.0.join("check.html"), foreign).unwrap();
        let output = place.run(&check);
        assert_eq!(code(&output), 6);
        assert!(error_of(&output).contains("is no page of `check`"), "{}", error_of(&output));
        assert_eq!(place.read("check.html"), foreign);
    }
    place.says(&[&check[..], &["--force"]].concat());
    assert!(place.read("check.html").starts_with("<!doctype html>"));
}
