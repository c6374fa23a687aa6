//! Files that a command is to write besides: tried before the work, and printed is printed.

use std::fs;
use std::time::Instant;

use super::{failing_command, short};
use crate::cli::{Place, code, error_of};

#[test]
fn a_path_that_cannot_be_written_is_refused_before_the_work_and_what_is_there_stays() {
    let place = Place::with(&short());
    fs::create_dir(place.0.join("folder")).unwrap();
    fs::write(place.0.join("there.html"), "earlier").unwrap();
    let many = ["-n", "100000"];
    let commands: [&[&str]; 6] = [
        &["run", "day.toml", many[0], many[1], "--junit"],
        &["sensitivity", "day.toml", many[0], many[1], "--html"],
        &["sensitivity", "day.toml", many[0], many[1], "--csv"],
        &["optimize", "day.toml", "--curve"],
        &["stress", "day.toml", "--for", "100s", "--junit"],
        &["validate", "--markdown"],
    ];
    for command in commands {
        for path in ["nowhere/file", "folder"] {
            let began = Instant::now();
            let output = place.run(&[command, &[path]].concat());
            let error = error_of(&output);
            assert_eq!((code(&output), output.stdout.len()), (6, 0), "{command:?}: {error}");
            assert!(error.contains(&format!("cannot write to `{path}`: ")), "{error}");
            assert!(began.elapsed().as_secs() < 20, "{command:?} worked first");
        }
    }
    // Tried, not touched: the scenario cannot be read.
    let output = place.run(&["explain", "nothing.toml", "--html", "there.html"]);
    assert_eq!(code(&output), 3, "{}", error_of(&output));
    assert_eq!(place.read("there.html"), "earlier");
    assert_eq!(place.names("."), ["day.toml", "folder", "one.csv", "out", "there.html"]);
}

#[test]
fn what_cannot_be_saved_is_printed_all_the_same() {
    let place = Place::with(&short());
    let whole = place.says(&["sensitivity", "day.toml", "-n", "2", "--input", "arrivals"]);
    // The path can be tried, a step each; later the disk is full.
    let arguments =
        ["sensitivity", "day.toml", "-n", "2", "--input", "arrivals", "--html", "page.html"];
    let output = failing_command(&place, &arguments, 2, "Full");
    assert_eq!(code(&output), 6, "{}", error_of(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains(&whole), "{}", error_of(&output));
    assert!(error_of(&output).contains("cannot write to `page.html`"), "{}", error_of(&output));
    assert_eq!(place.names("."), ["day.toml", "one.csv"]);
    // The same of a run whose report cannot be written, and of one into a folder.
    let run = place.says(&["run", "day.toml", "--out", "whole"]);
    let (summary, _) = run.split_once("\nReport: ").expect("it has a report");
    let output = failing_command(&place, &["run", "day.toml", "--out", "day"], 40, "Full");
    assert_eq!(code(&output), 6, "{}", error_of(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains(summary), "{}", error_of(&output));
    assert!(error_of(&output).contains("what the run came to is saved: go on with --resume"));
}
