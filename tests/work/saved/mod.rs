//! What was saved is never lost: runs that are killed, disks that are full, files that were altered, two
//! runs in one folder. A share of what `.ci/long saved` does runs here, with a fixed seed.

mod altered;
mod builds;
mod folders;
mod full_disk;
mod killed;
mod paths;
#[cfg(unix)]
mod stopped;

use std::path::Path;
use std::process::{Command, Output};

use crate::cli::{EVENING, Place, bytes_of};

/// The arguments of the run that all of this is about, into a folder.
fn run(out: &str) -> Vec<&str> {
    ["run", "day.toml", "--quiet", "--threads", "1", "--checkpoint", "0", "--out", out].into()
}

/// The same, going on.
fn resumed(out: &str) -> Vec<&str> {
    [&run(out)[..], &["--resume"]].concat()
}

/// A place with the scenario of that run, and the files of its report when nothing disturbs it.
fn undisturbed(scenario: &str) -> (Place, Vec<(String, Vec<u8>)>) {
    let place = Place::with(scenario);
    place.says(&run("whole"));
    let whole = bytes_of(&place.0.join("whole"));
    (place, whole)
}

/// Two variants, three replications, over in no time.
fn short() -> String {
    let (base, _) = EVENING.split_once("[[variant]]").expect("there are variants");
    let base = base.replace("replications = 6", "replications = 3");
    base.replace("until = \"20:00\"", "until = \"19:30\"")
        + "[[variant]]\nname = \"both on\"\nunassign.enabled = true\n"
}

/// How often something is tried, unless a variable says so.
pub(crate) fn count(variable: &str, otherwise: usize) -> usize {
    let told = std::env::var(variable).ok();
    told.map_or(otherwise, |text| text.parse().expect("it is a number"))
}

/// Numbers that look random, the same each time.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Whether a run has saved something to go on from.
fn has_checkpoint(folder: &Path) -> bool {
    // A kill may come between the two names of one.
    let names = ["checkpoint", "checkpoint.before"];
    names.iter().any(|name| folder.join(".checkpoint").join(name).exists())
}

/// What a command comes to when a step and all after it fail, in a way that `full_disk` knows.
fn failing_command(place: &Place, arguments: &[&str], step: u64, trouble: &str) -> Output {
    let program = std::env::current_exe().expect("this program is a file");
    let mut command = Command::new(program);
    let test = "saved::full_disk::command_that_cannot_write";
    command.args(["--exact", "--ignored", "--nocapture", test]);
    command.current_dir(&place.0).env("SAVED_ARGUMENTS", arguments.join("\n"));
    command.env("SAVED_STEP", step.to_string()).env("SAVED_TROUBLE", trouble).env("NO_COLOR", "1");
    command.output().expect("this program runs")
}
