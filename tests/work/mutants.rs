//! Scenarios and side files that somebody or something has spoiled: `check` says what is wrong, or that
//! nothing is, and does nothing else. And random scenarios that are sound: the number of threads changes
//! nothing.
//!
//! One of them: `MUTANT=123 cargo test --test work mutants:: -- --nocapture`

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use shiftstorm::Variant;
use shiftstorm::experiment::Experiment;

use crate::cli::{Place, code, error_of};
use crate::swarm::plan;

/// Numbers that look random, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// What is put where it does not belong.
const TOKENS: [&str; 28] = [
    "1e308",
    "-1",
    "0",
    "99999999999",
    "1.5",
    "nan",
    "inf",
    "\"",
    "'",
    "]",
    "[[",
    "{",
    "}",
    "=",
    ".",
    "#",
    "\n",
    "\r\n",
    "\u{0}",
    "\u{feff}",
    ";",
    ",",
    "24:00",
    "9999h",
    "-5m",
    "true",
    "客服",
    "%",
];

/// A text that was spoiled in one to four places.
fn spoiled(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        let (start, length) = (dice.below(bytes.len()), dice.below(40));
        let end = (start + length).min(bytes.len());
        match dice.below(9) {
            0 => bytes[start] ^= 1 << dice.below(8),
            1 => drop(bytes.drain(start..end)),
            2 => {
                let again = bytes[start..end].to_vec();
                bytes.splice(start..start, again);
            }
            3 | 4 => drop(bytes.splice(start..start, dice.of(&TOKENS).bytes())),
            5 => spoil_number(&mut bytes, start, dice),
            6 | 7 => spoil_lines(&mut bytes, dice),
            _ => bytes.truncate(start.max(1)),
        }
        if bytes.is_empty() {
            bytes.push(b'\n');
        }
    }
    bytes
}

/// Another number in the place of the first one from a place on.
fn spoil_number(bytes: &mut Vec<u8>, from: usize, dice: &mut Dice) {
    let Some(start) = bytes[from..].iter().position(u8::is_ascii_digit).map(|at| from + at) else {
        return;
    };
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = ["0", "1", "7", "1000", "1000000", "4294967296", "18446744073709551616"];
    bytes.splice(start..start + length, dice.of(&number).bytes());
}

/// A line less, twice, or in the place of another.
fn spoil_lines(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let mut lines =
        Vec::from_iter(bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec));
    let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
    match dice.below(3) {
        0 => drop(lines.remove(one)),
        1 => lines.insert(other, lines[one].clone()),
        _ => lines.swap(one, other),
    }
    *bytes = lines.concat();
}

/// Scenarios with all that they name, each in a folder.
fn folders() -> [PathBuf; 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    [root.join("tests/scenario_files"), root.join("scenarios")]
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files = Vec::from_iter(files.filter(|path| path.is_file()));
    files.sort();
    files
}

/// Spoils one file of a folder and comes to the scenario that is checked.
fn spoil(place: &Place, seed: u64) -> String {
    let mut dice = Dice(seed);
    let folders = folders();
    let folder: &PathBuf = dice.of(&folders);
    let files = files_in(folder);
    let is_scenario = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "toml");
    let scenarios = Vec::from_iter(files.iter().filter(is_scenario));
    let scenario = *dice.of(&scenarios);
    // A scenario twice as often as one of the others, which it may not even name.
    let file = if dice.below(3) < 2 { scenario } else { dice.of(&files) };
    for path in files_in(&place.0) {
        fs::remove_file(path).unwrap();
    }
    for path in &files {
        let bytes = fs::read(path).unwrap();
        let bytes = if path == file { spoiled(&bytes, &mut dice) } else { bytes };
        fs::write(place.0.join(path.file_name().unwrap()), bytes).unwrap();
    }
    scenario.file_name().unwrap().to_str().unwrap().to_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn whatever_was_spoiled_is_told_and_nothing_else_happens() {
    let variable = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seeds = match variable("MUTANT") {
        Some(seed) => seed..seed + 1,
        None => 0..variable("MUTANTS").unwrap_or(250),
    };
    let (next, sound) = (AtomicU64::new(seeds.start), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let place = Place::new();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let scenario = spoil(&place, seed);
                    let program = place.command(&[]).get_program().to_owned();
                    let mut command = std::process::Command::new("sh");
                    // Data of at most 100 MB.
                    let limited = "ulimit -d 102400; exec \"$0\" check \"$1\"";
                    command.current_dir(&place.0).env("NO_COLOR", "1");
                    let output =
                        command.args(["-c", limited]).arg(program).arg(&scenario).output().unwrap();
                    let error = error_of(&output);
                    let is_told = match code(&output) {
                        0 => !output.stdout.is_empty() && !error.contains("error:"),
                        3 => error.contains("error: ") && error.contains("nothing was run"),
                        _ => false,
                    };
                    assert!(is_told, "MUTANT={seed}, {scenario}: {:?}\n{error}", output.status);
                    sound.fetch_add(u64::from(code(&output) == 0), Ordering::Relaxed);
                }
            });
        }
    });
    let sound = sound.into_inner();
    println!("{sound} of {} are sound", seeds.end - seeds.start);
}

#[test]
fn sound_scenarios_come_to_the_same_on_one_and_on_four_threads() {
    let scenarios = std::env::var("SOUND_SCENARIOS").map_or(100, |text| text.parse().unwrap());
    for seed in 0..scenarios {
        let variant = Variant { name: "base".to_owned(), plan: Arc::new(plan(seed)) };
        let experiment = Experiment {
            variants: vec![variant.clone(), Variant { name: "again".to_owned(), ..variant }],
            replications: 0..3,
            precision: None,
            control_variate: false,
            checks: true,
            rows: None,
        };
        let [one, four] = [1, 4].map(|threads| experiment.run(threads, &Arc::default(), &mut ()));
        for (left, right) in one.variants.iter().zip(&four.variants) {
            assert!(left.failures.is_empty(), "SWARM_SEED={seed}");
            let same = (&left.series, &left.pooled) == (&right.series, &right.pooled);
            assert!(same, "SWARM_SEED={seed}");
        }
    }
}
