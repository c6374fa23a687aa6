//! What another build of the same version has saved.

use std::fs;

use sha2::{Digest as _, Sha256};

use super::{Place, resumed, run, short, undisturbed};
use crate::cli::{bytes_of, code, error_of};

/// Runs two of the replications and comes to the text of the checkpoint.
fn interrupted(place: &Place) -> String {
    let mut command = place.command(&[&run("day")[..], &["-n", "1000"]].concat());
    let mut child = command.spawn().unwrap();
    let path = place.0.join("day/.checkpoint/checkpoint.before");
    while !path.exists() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // That one stays as it is, however far the other had come.
    fs::rename(&path, place.0.join("day/.checkpoint/checkpoint")).unwrap();
    place.read("day/.checkpoint/checkpoint")
}

/// Puts another text into a checkpoint, with the sum that belongs to it.
fn forge(place: &Place, text: &str) {
    let (text, _) = text.rsplit_once("sha256 ").expect("it has a trailer");
    let sum = Sha256::digest(text.as_bytes());
    let sum = String::from_iter(sum.iter().map(|byte| format!("{byte:02x}")));
    fs::write(place.0.join("day/.checkpoint/checkpoint"), format!("{text}sha256 {sum}\n")).unwrap();
}

/// The source that `--version --verbose` tells.
fn source(place: &Place) -> String {
    let version = place.says(&["--version", "--verbose"]);
    let line = version.lines().find_map(|line| line.strip_prefix("source: "));
    line.expect("it tells").to_owned()
}

#[test]
fn what_another_build_has_saved_is_gone_on_with_only_after_a_spot_check() {
    let (place, whole) = undisturbed(&short());
    let text = interrupted(&place);
    let ours = source(&place);
    assert_eq!(ours.len(), 64);
    assert!(text.contains(&ours), "a checkpoint tells who wrote it");
    for (name, bytes) in &whole {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains(&ours[..12]), "{name} hangs on the build");
    }
    let other = format!("{:064}", 7);
    forge(&place, &text.replace(&ours, &other));
    let refused = place.run(&resumed("day"));
    let error = error_of(&refused);
    assert_eq!(code(&refused), 3, "{error}");
    let both = [other.get(..12), ours.get(..12)].map(Option::unwrap);
    assert!(both.iter().all(|build| error.contains(build)), "{error}");
    assert!(error.contains("--allow-other-build"), "{error}");
    let allowed = Vec::from_iter(
        resumed("day").into_iter().filter(|&it| it != "--quiet").chain(["--allow-other-build"]),
    );
    let output = place.run(&allowed);
    assert_eq!(code(&output), 0, "{}", error_of(&output));
    let said = "spot check: from replication 0 on, ";
    assert!(error_of(&output).contains(said), "{}", error_of(&output));
    assert!(bytes_of(&place.0.join("day")) == whole);
    // The same sources made otherwise need no permission, but are looked at.
    let text = interrupted_again(&place);
    forge(&place, &text.replace("\"profile\":\"", "\"profile\":\"other-"));
    let output = place.run(
        &resumed("day")[..].iter().filter(|it| **it != "--quiet").copied().collect::<Vec<_>>(),
    );
    assert!(error_of(&output).contains(said), "{}", error_of(&output));
    assert!(bytes_of(&place.0.join("day")) == whole);
}

/// The same when a report is there.
fn interrupted_again(place: &Place) -> String {
    fs::remove_dir_all(place.0.join("day")).unwrap();
    interrupted(place)
}

#[test]
fn a_build_that_decides_otherwise_does_not_go_on() {
    let place = Place::with(&short());
    let text = interrupted(&place);
    let rows = place.0.join("day/.checkpoint/replications.csv");
    // Another build might have had one more answer in the first replication.
    let saved = fs::read_to_string(&rows).unwrap();
    let mut lines = Vec::from_iter(saved.lines().map(str::to_owned));
    let mut cells = Vec::from_iter(lines[1].split(',').map(str::to_owned));
    assert_eq!(&cells[..2], ["off", "0"]);
    cells[2] = (cells[2].parse::<f64>().unwrap() + 1.0).to_string();
    lines[1] = cells.join(",");
    let altered = lines.join("\n") + "\n";
    let length_of = |text: &str, count: usize| {
        text.split_inclusive('\n').take(count).map(str::len).sum::<usize>()
    };
    let ended: usize =
        text.split("\"ended\":").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    let sum_of = |text: &str| {
        let sum = Sha256::digest(&text.as_bytes()[..length_of(text, ended + 1)]);
        String::from_iter(sum.iter().map(|byte| format!("{byte:02x}")))
    };
    let bytes_before = format!("\"bytes\":{}", length_of(&saved, ended + 1));
    assert!(text.contains(&bytes_before) && text.contains(&sum_of(&saved)));
    let forged = text
        .replace(&bytes_before, &format!("\"bytes\":{}", length_of(&altered, ended + 1)))
        .replace(&sum_of(&saved), &sum_of(&altered))
        .replace(&source(&place), &format!("{:064}", 7));
    fs::write(&rows, altered).unwrap();
    forge(&place, &forged);
    let output = place.run(&[&resumed("day")[..], &["--allow-other-build"]].concat());
    let error = error_of(&output);
    assert_eq!(code(&output), 3, "{error}");
    let said = "in this build, replication 0 of variant `off` comes out otherwise than was saved";
    assert!(error.contains(said), "{error}");
}
