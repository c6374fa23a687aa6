//! The list of rules is complete, and each has a test that names it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The ids of the page of rules, and M1–M10 for what must hold in every run.
const IDS: &str = include_str!("ids.txt");

/// Rules that the page of rules decides and the program does not follow yet: each leaves this list
/// when it comes into the other.
const TO_COME: &str = include_str!("ids_to_come.txt");

#[test]
fn every_rule_has_a_test_that_names_it() {
    let names: Vec<String> = sources().iter().flat_map(|file| test_names(file)).collect();
    let unnamed: Vec<_> = IDS
        .split_whitespace()
        .filter(|id| {
            let prefix = format!("{}_", id.to_lowercase());
            !names.iter().any(|name| name.starts_with(&prefix))
        })
        .collect();
    assert!(unnamed.is_empty(), "no test names {unnamed:?}");
}

#[test]
fn the_list_of_rules_is_that_of_the_page_where_it_is_present() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = root.ancestors().skip(1).map(|above| above.join("shared/semantics.md"));
    let Some(page) = page.into_iter().find_map(|page| fs::read_to_string(page).ok()) else {
        return;
    };
    let listed: BTreeSet<_> = IDS.split_whitespace().filter(|id| !id.starts_with('M')).collect();
    let to_come: BTreeSet<_> = TO_COME.split_whitespace().collect();
    assert!(listed.is_disjoint(&to_come), "a rule that is followed is not to come");
    assert_eq!(&listed | &to_come, ids_of(&page));
    let rules = page.lines().skip_while(|line| !line.starts_with("## Must hold"));
    let numbered = rules.filter(|line| {
        line.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok())
    });
    assert_eq!(numbered.count(), IDS.split_whitespace().filter(|id| id.starts_with('M')).count());
}

/// Words such as `A6`, `(D12)` or `B3:` of a page.
fn ids_of(page: &str) -> BTreeSet<&str> {
    let words = page.split(|character: char| !character.is_ascii_alphanumeric());
    words
        .filter(|word| {
            let number = word.strip_prefix(['A', 'B', 'D', 'E']).unwrap_or_default();
            (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
        })
        .collect()
}

/// The names of the functions marked as tests in a source file.
fn test_names(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("a source file of this test is readable");
    let lines: Vec<_> = text.lines().collect();
    let tests = lines.windows(2).filter(|pair| pair[0].trim() == "#[test]");
    tests
        .filter_map(|pair| pair[1].trim().strip_prefix("fn "))
        .map(|rest| rest.split('(').next().unwrap_or_default().to_owned())
        .collect()
}

fn sources() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/work/rules");
    let entries = fs::read_dir(folder).expect("the folder of this test is there");
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    files.filter(|file| file.extension().is_some_and(|extension| extension == "rs")).collect()
}
