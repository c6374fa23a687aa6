//! One folder, one run; and what `--force` leaves alone.

use std::fs;
use std::process::Stdio;

use super::{count, run, short, undisturbed};
use crate::cli::{Place, bytes_of, code, error_of};

#[test]
fn of_two_runs_into_one_folder_one_is_refused_and_the_other_is_right() {
    let (place, whole) = undisturbed(&short());
    for number in 0..count("FOLDER_PAIRS", 4) {
        let out = format!("pair-{number}");
        let begin = || {
            let mut command = place.command(&run(&out));
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let pair = [begin(), begin()].map(|child| child.wait_with_output().unwrap());
        let codes = pair.each_ref().map(code);
        let refused = pair.iter().find(|output| code(output) == 6);
        let refused = refused.unwrap_or_else(|| panic!("pair {number} ended with {codes:?}"));
        assert!(codes.contains(&0), "pair {number} ended with {codes:?}");
        let error = error_of(refused);
        // Which process it is may not be written yet.
        let said = format!("error: `{out}` is in use by another run (");
        assert!(error.starts_with(&said), "{error}");
        assert!(bytes_of(&place.0.join(&out)) == whole, "pair {number}");
        fs::remove_dir_all(place.0.join(&out)).unwrap();
    }
}

#[test]
fn a_folder_is_not_read_while_it_is_written() {
    let place = Place::with(&short());
    let mut command = place.command(&[&run("day")[..], &["-n", "1000"]].concat());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    while !place.0.join("day/.checkpoint/checkpoint").exists() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let output = place.run(&["compare", "day", "day"]);
    let said = "error: `day` is in use by another run (process ";
    assert!(error_of(&output).starts_with(said), "{}", error_of(&output));
    assert_eq!(code(&output), 3);
    child.kill().unwrap();
    child.wait().unwrap();
    let output = place.run(&["compare", "day", "day"]);
    assert!(error_of(&output).contains("cannot read"), "{}", error_of(&output));
}

#[test]
fn force_removes_nothing_but_what_reports_are_made_of() {
    let (place, whole) = undisturbed(&short());
    let foreign = ["notes.txt", "charts/mine.png", "goals.csv/mine.txt", "kept/kept.csv"];
    for path in foreign {
        let path = place.0.join("day").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "mine").unwrap();
    }
    // Of a report that is overwritten.
    fs::write(place.0.join("day/audit.csv"), "").unwrap();
    let refused = place.run(&run("day"));
    assert_eq!(code(&refused), 6);
    assert!(
        !place.0.join("day/.shiftstorm.lock").exists(),
        "nothing is left in a folder of others"
    );
    let forced = [&run("day")[..], &["--force"]].concat();
    let output = place.run(&forced);
    assert_eq!(code(&output), 6, "a folder is in the place of a file");
    for path in foreign {
        assert_eq!(place.read(&format!("day/{path}")), "mine", "{path}");
    }
    fs::remove_dir_all(place.0.join("day/goals.csv")).unwrap();
    place.says(&[&forced[..], &["--resume"]].concat());
    let after = bytes_of(&place.0.join("day"));
    let ours = after.iter().filter(|(name, _)| !foreign.contains(&name.as_str()));
    assert!(ours.eq(whole.iter()));
    assert_eq!(after.len() - whole.len(), 3);
}
