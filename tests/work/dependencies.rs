//! What the program is made of besides: licences and sources. `.ci/long deny` looks closer.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

/// The packages that the lock file names.
fn packages() -> Vec<Json> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root).args(["metadata", "--format-version", "1", "--locked", "--offline"]);
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Json = serde_json::from_slice(&output.stdout).expect("it is JSON");
    metadata["packages"].as_array().expect("there are packages").clone()
}

/// The licences that `deny.toml` allows.
fn allowed() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("deny.toml")).expect("it is there");
    let config: toml::Table = text.parse().expect("it is TOML");
    let licences = config["licenses"]["allow"].as_array().expect("a list").iter();
    licences.map(|licence| licence.as_str().expect("a text").to_owned()).collect()
}

/// Whether an expression of licences is met: all of what `AND` joins, one of what `OR` joins.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let alternatives = expression.replace(" / ", " OR ").replace('/', " OR ");
    alternatives.split(" AND ").all(|part| {
        let part = part.trim().trim_start_matches('(').trim_end_matches(')');
        part.split(" OR ").any(|licence| allowed.contains(licence.trim()))
    })
}

#[test]
fn every_dependency_has_a_licence_that_is_allowed_and_comes_from_the_registry() {
    let allowed = allowed();
    let mut found = Vec::new();
    for package in packages() {
        let name = format!("{} {}", package["name"], package["version"]);
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_met(licence, &allowed) {
            found.push(format!("{name} has the licence {licence:?}"));
        }
        let source = package["source"].as_str();
        let is_ours = package["name"] == "shiftstorm" && source.is_none();
        let registry = "registry+https://github.com/rust-lang/crates.io-index";
        if !is_ours && source != Some(registry) {
            found.push(format!("{name} comes from {source:?}"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn expressions_of_licences_are_understood() {
    let allowed = ["MIT", "Zlib"].map(str::to_owned).into();
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 / Zlib", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR MIT) AND Zlib", true),
        ("(MIT OR GPL-3.0) AND GPL-3.0", false),
    ] {
        assert_eq!(is_met(expression, &allowed), expected, "{expression}");
    }
}
