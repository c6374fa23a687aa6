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
    ("histograms.hlog", "2f5eb25f57740526195f7919482cd115c7209ef4488aaf504bfb416e818b4f1a"),
    ("results.xlsx", "848ff574dc2dde3d11366e7a65bd38971eab2661e67229f19d65cf67bda3ae2d"),
    ("charts/abandonment.png", "d007fbef234e341186e7570cd92819513fa3a9a5f5c86866159e78d06b4275e6"),
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
