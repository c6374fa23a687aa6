//! Texts that a scenario may not have, and keys that cannot vary: each refused where it is written.

use std::fs;

use crate::cli::{EVENING, Place, code, error_of};

/// What `check` says of a scenario, with its exit code.
fn check(place: &Place, more: &[&str]) -> String {
    let output = place.run(&[&["check", "day.toml"], more].concat());
    assert_eq!(code(&output), 3, "{}", error_of(&output));
    error_of(&output)
}

#[test]
fn control_characters_are_refused_where_they_are_written() {
    // Written with the escapes of TOML, in every kind of place.
    let places = [
        ("name = \"Evening\"", "name = \"Eve\\u0007ning\"", "2:8"),
        ("question = \"What", "question = \"\\u001bWhat", "3:12"),
        ("base = \"off\"", "base = \"o\\u0000ff\"", "4:8"),
        ("[agents.day]", "[agents.\"d\\u009day\"]", "13:9"),
        ("[consumers.web]", "[consumers.\"we\\uFFFEb\"]", "19:12"),
        ("[[variant]]\nname = \"both on\"", "[[variant]]\nname = \"both\\non\"", "25:8"),
    ];
    for (text, by, place_of) in places {
        assert!(EVENING.contains(text), "{text}");
        let place = Place::with(&EVENING.replacen(text, by, 1));
        let error = check(&place, &[]);
        assert!(error.contains(" has the character U+"), "{by}: {error}");
        assert!(error.contains(&format!("--> day.toml:{place_of}\n")), "{by}: {error}");
        assert!(!error.contains(['\u{7}', '\u{0}', '\u{9d}', '\u{fffe}']), "{error:?}");
    }
    // A question and a description may have several lines.
    let place = Place::with(&EVENING.replacen(
        "question = \"What",
        "description = \"\"\"\none\n\ttwo\n\"\"\"\nquestion = \"Well\\nWhat",
        1,
    ));
    place.says(&["check", "day.toml"]);
    // From outside, and from a table.
    let place = Place::with(EVENING);
    let error = check(&place, &["--set", "agents.day.skills=[\"a\\u0008\"]"]);
    assert!(error.contains("--> --set:1:") && error.contains("U+0008"), "{error}");
    fs::write(place.0.join("roster.csv"), "agent,start,end\nan\u{1}n,09:00,12:00\n").unwrap();
    let error = check(&place, &["--set", "agents.day={ roster.csv = 'roster.csv' }"]);
    assert!(error.contains("--> roster.csv:2:1"), "{error}");
    assert!(error.contains("a name with a control character"), "{error}");
    assert!(!error.contains('\u{1}'), "{error:?}");
}

#[cfg(unix)]
#[test]
fn the_name_of_a_file_is_a_name_too() {
    let place = Place::with(&EVENING.replacen("name = \"Evening\"\n", "", 1));
    fs::rename(place.0.join("day.toml"), place.0.join("d\u{2}ay.toml")).unwrap();
    let output = place.run(&["check", "d\u{2}ay.toml"]);
    assert_eq!(code(&output), 3);
    let said = "the name of the file, which becomes that of the scenario, has the character U+0002";
    assert!(error_of(&output).contains(said), "{}", error_of(&output));
}

#[test]
fn what_is_no_text_has_a_place() {
    let place = Place::new();
    let mut bytes = b"name = \"x\"\nquestion = \"wh".to_vec();
    bytes.extend([0xff, b'"', b'\n']);
    fs::write(place.0.join("day.toml"), bytes).unwrap();
    let error = check(&place, &[]);
    assert!(error.contains("error: not UTF-8 text\n --> day.toml:2:15\n"), "{error}");
    assert!(error.contains("save the file as UTF-8"), "{error}");
}

#[test]
fn what_is_no_setting_of_a_run_cannot_vary_or_be_set() {
    let place = Place::with(EVENING);
    for (key, why) in [
        ("name=a,b", "`name` cannot vary: it tells what the file is"),
        ("question=a,b", "`question` cannot vary"),
        ("base=a,b", "`base` cannot vary"),
        ("stress.shards=1,2", "`stress.shards` cannot vary"),
        ("run.replications=2,3", "`run.replications` cannot vary: all choices of values are run"),
        ("run.'replications'=2,3", "cannot vary: all choices of values are run"),
    ] {
        let output = place.run(&["run", "day.toml", "--vary", key]);
        assert_eq!(code(&output), 2, "{key}: {}", error_of(&output));
        assert!(error_of(&output).contains(why), "{key}: {}", error_of(&output));
    }
    let error = check(&place, &["--set", "name=Morning"]);
    assert!(error.contains("a setting cannot change `name`\n --> --set:1:1\n"), "{error}");
    let place =
        Place::with(&format!("{EVENING}\n[[vary]]\nkey = 'run.replications'\nvalues = [2, 3]\n"));
    let error = check(&place, &[]);
    assert!(error.contains("cannot vary") && error.contains("--> day.toml:"), "{error}");
}
