//! The planted bugs: a patch for each rule, which must still apply.

use std::fs;
use std::path::Path;

/// Rules without a patch, and patches that no longer apply.
pub(super) fn faults(root: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut faults = Vec::new();
    for entry in fs::read_dir(root.join("tests/planted")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "patch") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let patch = fs::read_to_string(&path).unwrap();
            let changed = patch.lines().find_map(|line| line.strip_prefix("--- a/")).unwrap();
            if !applies(&patch, &fs::read_to_string(root.join(changed)).unwrap_or_default()) {
                faults.push(format!("{name} no longer applies"));
            }
            names.push(name);
        }
    }
    let rows = (1..=13).map(|row| format!("a{row}_")).chain((1..=8).map(|row| format!("b{row}_")));
    let missing = rows.filter(|row| !names.iter().any(|name| name.starts_with(row)));
    faults.extend(missing.map(|row| format!("no bug is planted for {row}")));
    faults
}

/// Whether each hunk of a patch finds its lines in the text that it changes.
fn applies(patch: &str, text: &str) -> bool {
    let mut hunks = patch.split("\n@@ ").skip(1);
    hunks.all(|hunk| {
        let before = hunk.lines().skip(1).filter(|line| line.starts_with([' ', '-']));
        let before = Vec::from_iter(before.map(|line| &line[1..]));
        text.contains(&before.join("\n"))
    })
}

#[test]
fn a_patch_applies_where_its_lines_are() {
    let patch = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n";
    assert!(applies(patch, "one\ntwo\n"));
    assert!(!applies(patch, "one\nthree\n"));
}
