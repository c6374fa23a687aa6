//! A disk on which, from some step on, nothing can be written.

use std::sync::atomic::{AtomicU64, Ordering};

use shiftstorm::base::storage::{Storage, StorageStep};

use super::{count, failing_command, has_checkpoint, resumed, run, short, undisturbed};
use crate::cli::{bytes_of, code, error_of};

/// What no longer works.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    /// There is no room; what is there can be removed.
    Full,
    /// Nothing can be changed any more.
    Gone,
}

#[test]
fn whatever_step_of_writing_fails_what_was_saved_stays_and_the_run_goes_on() {
    let (place, whole) = undisturbed(&short());
    let steps = count("FAILING_STEPS", 10) as u64;
    let mut later = 0;
    for number in 1..=steps {
        // All of the first two hundred, or as many spread over them.
        let step = number * 200_u64.max(steps) / steps;
        let both = [Trouble::Full, Trouble::Gone];
        // A few steps take turns with the two.
        let one = usize::try_from(number % 2).unwrap_or(0);
        for &trouble in if steps < 200 { &both[one..=one] } else { &both } {
            let out = format!("{trouble:?}-{step}");
            let folder = place.0.join(&out);
            let output = failing_command(&place, &run(&out), step, &format!("{trouble:?}"));
            let error = error_of(&output);
            if code(&output) == 0 {
                later += 1;
            } else {
                assert_eq!(code(&output), 6, "{out}: {error}");
                assert!(error.contains("error: cannot write "), "{out}: {error}");
                if error.contains("what the run came to is saved") {
                    assert!(has_checkpoint(&folder), "{out}");
                }
            }
            let output = place.run(&resumed(&out));
            assert_eq!(code(&output), 0, "{out}: {}", error_of(&output));
            assert!(bytes_of(&folder) == whole, "{out}");
            std::fs::remove_dir_all(&folder).unwrap();
        }
    }
    assert!(later < steps, "most runs have more steps than that");
}

#[test]
#[ignore = "is the command that another test runs as a process of its own"]
fn command_that_cannot_write() {
    let variable = |name| std::env::var(name).expect("the test that runs this sets it");
    let step: u64 = variable("SAVED_STEP").parse().expect("it is a number");
    let is_gone = variable("SAVED_TROUBLE") == format!("{:?}", Trouble::Gone);
    let steps = AtomicU64::new(0);
    let storage = Storage::failing(move |kind| {
        let takes_room =
            matches!(kind, StorageStep::Create | StorageStep::Write | StorageStep::Sync);
        if !takes_room && !is_gone {
            return Ok(());
        }
        match steps.fetch_add(1, Ordering::Relaxed) + 1 < step {
            true => Ok(()),
            false => Err(std::io::ErrorKind::StorageFull.into()),
        }
    });
    let arguments = variable("SAVED_ARGUMENTS");
    let arguments = ["shiftstorm"].into_iter().chain(arguments.lines());
    let code = shiftstorm::cli::execute(arguments.map(Into::into), storage);
    std::process::exit(code.into());
}
