//! Checkpoints that somebody or something has altered.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use super::{count, has_checkpoint, resumed, run, short, undisturbed};
use crate::cli::{Place, bytes_of, code, error_of};

/// The folder of a run that was killed after two checkpoints.
fn killed(place: &Place, out: &str) -> PathBuf {
    let folder = place.0.join(out);
    let mut arguments = run(out);
    arguments.extend(["-n", "1000"]);
    let mut command = place.command(&arguments);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !folder.join(".checkpoint/checkpoint.before").exists() || !has_checkpoint(&folder) {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // It may have been killed between the two names of one.
    let [newest, before] = ["checkpoint", "checkpoint.before"];
    let [newest, before] = [newest, before].map(|name| folder.join(".checkpoint").join(name));
    if !newest.exists() {
        fs::copy(&before, &newest).unwrap();
    }
    folder
}

#[test]
fn a_byte_altered_anywhere_in_a_checkpoint_is_refused_and_the_one_before_can_be_taken() {
    let place = Place::with(&short());
    let folder = killed(&place, "day");
    let files =
        ["checkpoint", "replications.csv"].map(|name| folder.join(".checkpoint").join(name));
    let resume = || place.run(&[&resumed("day")[..], &["-n", "1000"]].concat());
    let places = count("ALTERED_BYTES", 10);
    for number in 0..places {
        let path = &files[usize::from(number % 4 == 3)];
        let bytes = fs::read(path).unwrap();
        // Rows behind the last checkpoint count for nothing; the first are in any.
        let length = if path.ends_with("checkpoint") { bytes.len() } else { 2000 };
        let at = number * (length - 1) / places;
        let mut altered = bytes.clone();
        altered[at] ^= 1 << (number % 8);
        fs::write(path, &altered).unwrap();
        let output = resume();
        let error = error_of(&output);
        assert_eq!(code(&output), 3, "byte {at} of {}: {error}", path.display());
        assert!(error.contains("its checksum is not that of what it holds"), "{error}");
        assert!(error.contains("begin anew with --force"), "{error}");
        fs::write(path, &bytes).unwrap();
    }
    // A file that was cut, and the one before in its place.
    let bytes = fs::read(&files[0]).unwrap();
    fs::write(&files[0], &bytes[..bytes.len() / 2]).unwrap();
    let error = error_of(&resume());
    assert!(
        error.contains("remove `day/.checkpoint/checkpoint` to go on from the one before"),
        "{error}"
    );
    fs::remove_file(&files[0]).unwrap();
    let few = [&resumed("day")[..], &["-n", "1000", "--set", "run.seed=8"]].concat();
    let error = error_of(&place.run(&few));
    assert!(error.contains("`day` holds ") && error.contains("it is of other variants"), "{error}");
    assert_eq!(code(&place.run(&[&few[..], &["--force"]].concat())), 3, "it is never thrown away");
    let more = place.0.join("day");
    fs::remove_dir_all(&more).unwrap();
}

#[test]
fn a_run_throws_nothing_away_that_another_has_saved_unless_told() {
    let (place, whole) = undisturbed(&short());
    let folder = killed(&place, "day");
    let saved = |name: &str| fs::read(folder.join(".checkpoint").join(name)).unwrap();
    let (checkpoint, rows) = (saved("checkpoint"), saved("replications.csv"));
    let refused = |arguments: &[&str], words: &str| {
        let output = place.run(arguments);
        assert_eq!(code(&output), 6, "{}", error_of(&output));
        assert!(error_of(&output).contains(words), "{}", error_of(&output));
        assert!(saved("checkpoint") == checkpoint && saved("replications.csv") == rows);
    };
    let words =
        "of 1000 replications of \"Evening\", saved by a run that did not end; go on with --resume";
    refused(&run("day"), words);
    // Of another scenario, and of another kind.
    fs::write(place.0.join("other.toml"), short().replace("Evening", "Morning")).unwrap();
    refused(&["run", "other.toml", "--out", "day"], words);
    refused(&["stress", "other.toml", "--for", "100ms", "--out", "day"], "something other than");
    let output = place.run(&["run", "other.toml", "--out", "day", "--resume"]);
    assert!(
        error_of(&output).contains("of 1000 replications of \"Evening\", which cannot be gone on")
    );
    assert!(saved("checkpoint") == checkpoint && saved("replications.csv") == rows);
    place.says(&[&run("day")[..], &["--force"]].concat());
    assert!(bytes_of(&folder) == whole && !folder.join(".checkpoint").exists());
}
