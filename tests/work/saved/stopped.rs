//! Runs that are told to end: by Ctrl-C, by a machine that is taken away, by a terminal that is closed.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{EVENING, Numbers, count, has_checkpoint, resumed, run, undisturbed};
use crate::cli::{Place, bytes_of, code, error_of};

fn send(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
}

#[test]
fn every_signal_leaves_a_checkpoint_and_a_partial_report_and_a_word_at_once() {
    let began = Instant::now();
    let (place, whole) = undisturbed(EVENING);
    let length = began.elapsed();
    let mut numbers = Numbers(2);
    let mut partial = 0;
    for number in 0..count("STOPPED_RUNS", 4) {
        let (signal, word) = [
            ("-INT", "stopping; what has ended is being put together (Ctrl-C again: end at once)"),
            (
                "-TERM",
                "SIGTERM: stopping; what has ended is being put together (a second signal ends at once)",
            ),
            (
                "-HUP",
                "SIGHUP: stopping; what has ended is being put together (a second signal ends at once)",
            ),
        ][number % 3];
        let out = format!("stopped-{number}");
        let folder = place.0.join(&out);
        let mut command = place.command(&[&run(&out)[..], &["-n", "1000"]].concat());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        while !has_checkpoint(&folder) {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(
            length.min(Duration::from_secs(1)).mul_f64(numbers.below(1000) as f64 / 1000.0),
        );
        let told = Instant::now();
        send(&child, signal);
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        assert_eq!(lines.next().as_deref(), Some(word));
        let answered = told.elapsed();
        let rest = Vec::from_iter(lines).join("\n");
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(130), "{rest}");
        assert_eq!(rest, "interrupted; the report holds what had ended: go on with --resume");
        assert!(answered < Duration::from_secs(2), "{answered:?}");
        assert!(has_checkpoint(&folder), "what is interrupted can be gone on with");
        let summary = fs::read_to_string(folder.join("summary.json")).unwrap();
        partial += usize::from(summary.contains("\"complete\": false"));
        // The summary is left alone by whoever goes on; fewer than had ended cannot be asked for.
        let output = place.run(&resumed(&out));
        if code(&output) == 0 {
            assert!(bytes_of(&folder) == whole, "{out}");
        } else {
            let error = error_of(&output);
            assert!(error.contains(" replications, more than the "), "{error}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    assert!(partial > 0);
}

#[test]
fn a_second_signal_ends_at_once_and_what_was_saved_stays() {
    let place = Place::with(EVENING);
    let mut command = place.command(&[&run("day")[..], &["-n", "1000"]].concat());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let folder = place.0.join("day");
    while !has_checkpoint(&folder) {
        std::thread::sleep(Duration::from_millis(1));
    }
    send(&child, "-TERM");
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    send(&child, "-HUP");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(has_checkpoint(&folder));
}

#[test]
fn a_hangup_that_was_to_be_ignored_is_ignored() {
    let place = Place::with(EVENING);
    let program = place.command(&[]).get_program().to_owned();
    let mut command = Command::new("nohup");
    command.current_dir(&place.0).arg(program).args(run("day"));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !has_checkpoint(&place.0.join("day")) {
        std::thread::sleep(Duration::from_millis(1));
    }
    send(&child, "-HUP");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_stress_run_that_is_stopped_does_not_replace_a_whole_report() {
    let scenario = "agents.chat = { count = 4, reply_time = '1m' }\n\
                    consumers.web.arrivals = '300/h'\nstress = { speed = 3600, shards = 1, late_after = '1h' }";
    let place = Place::with(scenario);
    place.says(&["stress", "day.toml", "--for", "200ms", "--quiet", "--out", "day"]);
    let whole = bytes_of(&place.0.join("day"));
    let stopped = |out: &str| {
        let arguments = ["stress", "day.toml", "--for", "300s", "--out", out];
        let mut command = place.command(&arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while !place.0.join(out).join(".unfinished").exists() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_secs(2));
        send(&child, "-TERM");
        let output = child.wait_with_output().unwrap();
        assert_eq!(code(&output), 130, "{}", error_of(&output));
        assert!(error_of(&output).contains("SIGTERM: stopping; "), "{}", error_of(&output));
        output
    };
    let output = stopped("day");
    let said = "interrupted; `day` keeps its earlier report";
    assert!(error_of(&output).contains(said), "{}", error_of(&output));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("Interrupted: ") && !printed.contains("Report: "), "{printed}");
    assert!(bytes_of(&place.0.join("day")) == whole);
    // Elsewhere a part is better than nothing, and makes way for another part.
    for _ in 0..2 {
        assert!(error_of(&stopped("part")).contains("the report holds the part that was run"));
    }
}
