//! House rules that the compiler does not know: floors, forbidden words below `simulation`, size.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, lowest first. A floor may use floors before it only; `simulation` and `stress` do
/// not know each other.
const FLOORS: [&str; 9] =
    ["base", "model", "ledger", "scenario", "stress", "simulation", "experiment", "report", "cli"];

/// What must not be named below `simulation`: results there depend on nothing but their inputs.
const FORBIDDEN_BELOW_SIMULATION: [&str; 16] = [
    "actix",
    "tokio",
    "std::thread",
    "std::time::",
    "Instant::now",
    "SystemTime",
    "HashMap",
    "HashSet",
    "RandomState",
    "thread_rng",
    "rand::rng(",
    "from_os_rng",
    "println!",
    "print!(",
    "eprint",
    "dbg!",
];

/// Files longer than this are named here with their length; they may shrink, not grow.
const LINES_A_FILE: usize = 400;

/// Functions longer than this are a sign that something wants out.
const LINES_A_FUNCTION: usize = 70;

#[test]
fn a_floor_knows_only_lower_floors() {
    for file in sources() {
        let Some(floor) = floor_of(&file) else { continue };
        for (number, line) in code_lines(&file) {
            for (position, other) in FLOORS.iter().enumerate() {
                let is_sibling = matches!(
                    (FLOORS[floor], *other),
                    ("simulation", "stress") | ("stress", "simulation")
                );
                let upward = position > floor || is_sibling;
                assert!(
                    !(upward && line.contains(&format!("crate::{other}"))),
                    "{}:{number}: {} must not know {other}: {line}",
                    file.display(),
                    FLOORS[floor],
                );
            }
        }
    }
}

#[test]
fn below_simulation_nothing_depends_on_the_machine() {
    let simulation = FLOORS.iter().position(|&floor| floor == "stress").unwrap();
    for file in sources() {
        if floor_of(&file).is_none_or(|floor| floor >= simulation) {
            continue;
        }
        for (number, line) in code_lines(&file) {
            for forbidden in FORBIDDEN_BELOW_SIMULATION {
                assert!(
                    !line.contains(forbidden),
                    "{}:{number}: `{forbidden}` below simulation: {line}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn only_main_and_cli_print() {
    for file in sources() {
        let path = file.to_string_lossy().replace('\\', "/");
        if path.contains("src/cli/") || path.ends_with("src/main.rs") {
            continue;
        }
        for (number, line) in code_lines(&file) {
            assert!(
                !line.contains("println!") && !line.contains("print!("),
                "{path}:{number}: {line}"
            );
        }
    }
}

#[test]
fn files_and_functions_are_of_readable_size() {
    for file in sources() {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().count();
        let is_test = file.ends_with("tests.rs");
        assert!(
            is_test || lines <= allowed_lines(&file),
            "{} has {lines} lines, more than {}",
            file.display(),
            allowed_lines(&file),
        );
        for (name, length) in functions(code) {
            let allowed = allowed_function_lines(&name);
            assert!(
                is_test || length <= allowed,
                "{}: fn {name} has {length} lines, more than {allowed}",
                file.display()
            );
        }
    }
}

#[test]
fn a_bug_is_planted_for_each_row_and_every_patch_still_applies() {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("tests/planted")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "patch") {
            let text = fs::read_to_string(&path).unwrap();
            assert!(applies(&text), "{} no longer applies", path.display());
            names.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    let rows = (1..=13).map(|row| format!("a{row}_")).chain((1..=8).map(|row| format!("b{row}_")));
    for row in rows {
        assert!(names.iter().any(|name| name.starts_with(&row)), "no bug is planted for {row}");
    }
}

/// Whether each hunk of a patch finds its lines in the file that it changes.
fn applies(patch: &str) -> bool {
    let file = patch.lines().find_map(|line| line.strip_prefix("--- a/")).unwrap();
    let text = fs::read_to_string(root().join(file)).unwrap();
    let hunks = patch.split("\n@@ ").skip(1);
    hunks.into_iter().all(|hunk| {
        let before = hunk.lines().skip(1).filter(|line| line.starts_with([' ', '-']));
        let before = Vec::from_iter(before.map(|line| &line[1..]));
        text.contains(&before.join("\n"))
    })
}

/// A ratchet: these are longer than they should be, and may only get shorter.
fn allowed_lines(file: &Path) -> usize {
    let path = file.to_string_lossy().replace('\\', "/");
    let longer = [("model/settings.rs", 500)];
    longer.iter().find(|(end, _)| path.ends_with(end)).map_or(LINES_A_FILE, |&(_, lines)| lines)
}

/// A ratchet for functions; what is left in it is a flat list of cases or of parts.
fn allowed_function_lines(name: &str) -> usize {
    let longer = LONG_FUNCTIONS.iter().find(|(long, _)| *long == name);
    longer.map_or(LINES_A_FUNCTION, |&(_, lines)| lines)
}

const LONG_FUNCTIONS: [(&str, usize); 1] = [("change", 71)];

/// Name and length of each function: from its signature to the brace that closes it at the same
/// indentation.
fn functions(code: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let indentation = line.len() - line.trim_start().len();
        let signature = line.trim_start().trim_start_matches("pub ");
        let signature = signature.trim_start_matches("pub(super) ").trim_start_matches("const ");
        let Some(rest) = signature.strip_prefix("fn ") else { continue };
        if line.ends_with(['}', ';']) {
            // Begins and ends here.
            continue;
        }
        let name = rest.split(['(', '<']).next().unwrap_or_default().to_owned();
        let closing = format!("{}}}", " ".repeat(indentation));
        if let Some(length) = lines[start..].iter().position(|line| *line == closing) {
            found.push((name, length + 1));
        }
    }
    found
}

fn floor_of(file: &Path) -> Option<usize> {
    let relative = file.strip_prefix(root().join("src")).ok()?;
    let first = relative.components().next()?.as_os_str().to_string_lossy().into_owned();
    FLOORS.iter().position(|floor| *floor == first.trim_end_matches(".rs"))
}

/// Lines of a file without comments and without its test module, numbered from 1.
fn code_lines(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).unwrap();
    let is_test = file.ends_with("tests.rs") || file.ends_with("testing.rs");
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines()
        .enumerate()
        .filter(|_| !is_test)
        .map(|(number, line)| (number + 1, line.to_owned()))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .collect()
}

fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(&root().join("src"), &mut files);
    files.sort();
    assert!(files.len() > 20, "the sources were not found");
    files
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
