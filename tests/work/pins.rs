//! Pins: compressed files to the byte, which prove nothing but that no dependency, no feature of one
//! and no profile has changed them. New hashes are in the message of the failure.

use std::fs;
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt as _;
use sha2::{Digest as _, Sha256};

const SCENARIO: &str = "
name = 'Pins'
run = { until = '2h', replications = 2 }
agents.chat = { count = 3 }
consumers.web = { arrivals = '60/h', patience = { exponential = { mean = '4m' } } }
";

const PINS: [(&str, &str); 3] = [
    ("histograms.hlog", "c670e843b14d5d15f9b9894852ded088c7e1d2903c2572ccffe80686d70857eb"),
    ("results.xlsx", "7ab7fc2fdf020d5b27b6f3fcc3f0de9d5bc9b357fbfb7ac6c4067355e411bd4f"),
    ("charts/abandonment.png", "8c83a43542394f291fe6a2d9eb8bd7942f92f4db7419de8fea77a0d622bfb807"),
];

#[test]
fn compressed_files_are_the_same_to_the_byte() {
    let place = std::env::temp_dir().join(format!("shiftstorm-pins-{}", std::process::id()));
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("day.toml"), SCENARIO).unwrap();
    let mut command = Command::cargo_bin("shiftstorm").unwrap();
    command.current_dir(&place).args(["run", "day.toml", "--quiet", "--out", "out"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found = PINS.map(|(file, _)| {
        let bytes = fs::read(place.join("out").join(file)).unwrap();
        let digest = Sha256::digest(bytes);
        (file, digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    });
    assert_eq!(found, PINS.map(|(file, hash)| (file, hash.to_owned())));
    fs::remove_dir_all(&place).unwrap();
}
