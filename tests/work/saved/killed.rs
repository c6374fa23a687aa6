//! Runs that are killed, at any time, and again while they go on.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{Numbers, count, resumed, run, short, undisturbed};
use crate::cli::{Place, bytes_of, code, error_of};

#[test]
fn a_run_that_is_killed_at_any_time_ends_with_the_bytes_of_one_that_is_not() {
    let began = Instant::now();
    let (place, whole) = undisturbed(&short().replace("replications = 3", "replications = 10"));
    let length = began.elapsed();
    let mut numbers = Numbers(1);
    let (mut kills, mut killed_twice) = (0, 0);
    for number in 0..count("KILLED_RUNS", 6) {
        let out = format!("run-{number}");
        let folder = place.0.join(&out);
        let mut child = begin(&place, &run(&out));
        // Half of them while the report is written, the others before.
        let writes = number % 2 == 0;
        if writes {
            wait_for(&folder.join(".unfinished/replications.csv"), &mut child);
        }
        let span = if writes { length.min(Duration::from_secs(1)) } else { length };
        std::thread::sleep(share(span, &mut numbers));
        kills += usize::from(kill(child));
        if number % 4 == 0 {
            let child = begin(&place, &resumed(&out));
            std::thread::sleep(share(length, &mut numbers));
            killed_twice += usize::from(kill(child));
        }
        let output = place.run(&resumed(&out));
        assert_eq!(code(&output), 0, "run {number}: {}", error_of(&output));
        assert!(bytes_of(&folder) == whole, "run {number}");
        assert!(!folder.join(".checkpoint").exists() && !folder.join(".unfinished").exists());
        std::fs::remove_dir_all(&folder).unwrap();
    }
    eprintln!("{kills} were killed, {killed_twice} of them again");
    assert!(kills > 0);
}

fn begin(place: &Place, arguments: &[&str]) -> Child {
    let mut command = place.command(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn wait_for(path: &Path, child: &mut Child) {
    while !path.exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn share(span: Duration, numbers: &mut Numbers) -> Duration {
    span.mul_f64(numbers.below(1000) as f64 / 1000.0)
}

/// Whether it was not over before.
fn kill(mut child: Child) -> bool {
    let is_over = child.try_wait().unwrap().is_some();
    // It may have ended by itself just now.
    let _ = child.kill();
    child.wait().unwrap();
    !is_over
}
