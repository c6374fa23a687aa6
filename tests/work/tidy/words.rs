//! Rules for what is named in the sources: floors, what depends on the machine, and printing.

use super::names::Names;
use super::sources::Sources;

/// The floors, lowest first. A floor may use floors before it only; `simulation` and `stress` do
/// not know each other.
const FLOORS: [&str; 14] = [
    "base",
    "estimation",
    "tables",
    "log",
    "fitting",
    "model",
    "ledger",
    "scenario",
    "stress",
    "simulation",
    "experiment",
    "report",
    "serve",
    "cli",
];

/// The first of the floors that may depend on the machine.
const FREE: &str = "stress";

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

/// The one file that changes what is on a disk.
const WRITER: &str = "base/storage.rs";

/// How the standard library changes what is on a disk.
const WRITING: [&str; 12] = [
    "File::create",
    "File::options",
    "OpenOptions",
    "fs::write",
    "fs::copy",
    "fs::rename",
    "fs::remove_",
    "fs::create_dir",
    "fs::hard_link",
    "fs::set_permissions",
    "set_len(",
    "sync_all(",
];

/// Paths from a floor to one that it must not know.
pub(super) fn upward(sources: &Sources) -> Vec<String> {
    let names = Names::new(sources);
    let mut found = Vec::new();
    for (id, module) in sources.modules.iter().enumerate() {
        let user = sources.path(module.file);
        let Some(floor) = floor_of(user) else { continue };
        for written in &module.paths {
            let named = names.file(id, &written.path).and_then(|used| floor_of(sources.path(used)));
            if named.is_some_and(|named| !may_know(floor, named)) {
                found.push(format!("{user}:{} {}", written.line, written.path.join("::")));
            }
        }
    }
    found
}

fn may_know(floor: usize, other: usize) -> bool {
    let are_siblings = matches!(
        (FLOORS[floor], FLOORS[other]),
        ("simulation", "stress") | ("stress", "simulation")
    );
    other <= floor && !are_siblings
}

/// Lines below `simulation` that name what depends on the machine.
pub(super) fn machine_words(sources: &Sources) -> Vec<String> {
    let free = FLOORS.iter().position(|&floor| floor == FREE);
    lines(sources, |path, line| {
        floor_of(path) < free
            && floor_of(path).is_some()
            && FORBIDDEN_BELOW_SIMULATION.iter().any(|word| line.contains(word))
    })
}

/// Lines that print outside of the command line.
pub(super) fn printing(sources: &Sources) -> Vec<String> {
    lines(sources, |path, line| {
        let may_print = path == "main.rs" || path.starts_with("cli/");
        !may_print && (line.contains("println!") || line.contains("print!("))
    })
}

/// Lines that write to a disk by themselves, so that no test could let them fail.
pub(super) fn writing(sources: &Sources) -> Vec<String> {
    lines(sources, |path, line| path != WRITER && WRITING.iter().any(|word| line.contains(word)))
}

fn lines(sources: &Sources, is_meant: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in &sources.files {
        let lines = file.code.iter().filter(|(_, line)| is_meant(&file.path, line));
        found.extend(lines.map(|(number, line)| format!("{}:{number} {line}", file.path)));
    }
    found
}

fn floor_of(path: &str) -> Option<usize> {
    let first = path.split('/').next()?.trim_end_matches(".rs");
    FLOORS.iter().position(|floor| *floor == first)
}

#[test]
fn finds_a_floor_that_knows_a_higher_one() {
    let sources = Sources::of([
        ("lib.rs", "mod base; mod simulation; mod stress; mod report;"),
        ("base/mod.rs", "pub mod time;"),
        ("base/time.rs", "use crate::{report::Report};\npub struct Time;"),
        ("simulation.rs", "fn run(_: super::stress::Load) { crate::base::time::Time; }"),
        ("stress.rs", "pub use crate::base::time::Time; pub struct Load;"),
        ("report.rs", "use crate::stress::Load; pub struct Report;"),
    ]);
    assert_eq!(
        upward(&sources),
        ["base/time.rs:1 crate::report::Report", "simulation.rs:1 super::stress::Load"]
    );
}

#[test]
fn finds_what_depends_on_the_machine_below_simulation() {
    let machine =
        "use std::collections::HashMap;\n// HashMap\n#[cfg(test)]\nmod tests { use std::thread; }";
    let sources = Sources::of([
        ("lib.rs", "mod model; mod stress;"),
        ("model.rs", machine),
        ("stress.rs", machine),
    ]);
    assert_eq!(machine_words(&sources), ["model.rs:1 use std::collections::HashMap;"]);
}

#[test]
fn finds_what_writes_by_itself() {
    let text = "fn save() {\n    std::fs::write(\"a\", \"b\");\n}";
    let sources = Sources::of([
        ("lib.rs", "mod base; mod report;"),
        ("base/mod.rs", "mod storage;"),
        ("base/storage.rs", text),
        ("report.rs", text),
    ]);
    assert_eq!(writing(&sources), ["report.rs:2     std::fs::write(\"a\", \"b\");"]);
}

#[test]
fn finds_printing_outside_of_the_command_line() {
    let print = "fn say() {\n    println!();\n}";
    let sources = Sources::of([
        ("lib.rs", "mod cli; mod report;"),
        ("cli/mod.rs", "mod run;"),
        ("cli/run.rs", print),
        ("report.rs", print),
        ("main.rs", print),
    ]);
    assert_eq!(printing(&sources), ["report.rs:2     println!();"]);
}
