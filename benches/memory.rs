//! Memory of a simulation: bytes for a live conversation, and whether finished ones leave anything.
//!
//! ```text
//! cargo bench --bench memory
//! ```
//!
//! Each figure is a difference of two runs, each in a process of its own that this program starts:
//! their highest resident memory (`VmHWM` of `/proc/self/status`) less what both have in common.
//! *Live*: consumers who think for days, so that 100,000 or 200,000 conversations are open at once,
//! each answered once, owned, with its next message and its auto-close on the agenda. *Finished*:
//! the messaging case over 2 hours and over 20.

#[path = "shared/mod.rs"]
mod shared;

use std::process::Command;
use std::sync::Arc;

use shiftstorm::base::arrivals::ArrivalProcess;
use shiftstorm::base::distribution::Distribution;
use shiftstorm::base::time::Span;
use shiftstorm::model::settings::{Attention, AutoClose, Turns};
use shiftstorm::scenario::plan::{Plan, RunEnd};
use shiftstorm::simulation::{Job, Recording};

use shared::{messaging_case, valid};

fn main() {
    let arguments = Vec::from_iter(std::env::args().skip(1));
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["live", size, recording] => measured(live(number(size) as u32), recording),
        ["finished", hours, recording] => {
            measured(messaging_case(1, number(hours) as i64), recording);
        }
        _ => compare(),
    }
}

fn compare() {
    for recording in ["bare", "checked"] {
        let [some, more] = ["100000", "200000"].map(|size| Measured::by("live", size, recording));
        let each = (more.bytes - some.bytes) / (more.open - some.open);
        let reached = if each <= LIVE { "reached" } else { "MISSED" };
        println!("{recording}: {each:.0} bytes for a live conversation");
        println!("  {} to {} at once; to reach: at most {LIVE}: {reached}", some.open, more.open);
    }
    for recording in ["bare", "checked"] {
        let [short, long] = ["2", "20"].map(|hours| Measured::by("finished", hours, recording));
        let each = (long.bytes - short.bytes) / (long.handled - short.handled) * HANDLED;
        let reached = if each <= FINISHED { "reached" } else { "MISSED" };
        let [short, long] = [short, long].map(|run| run.bytes / 1024.0);
        println!("{recording}: 2 hours {short:.0} KiB, 20 hours {long:.0} KiB");
        println!(
            "  {each:.1} bytes for a finished conversation; to reach: at most {FINISHED}: {reached}"
        );
    }
}

/// What a run needed at its worst.
struct Measured {
    bytes: f64,
    open: f64,
    handled: f64,
}

impl Measured {
    fn by(case: &str, size: &str, recording: &str) -> Self {
        let program = std::env::current_exe().expect("the program knows where it is");
        let output = Command::new(program).args([case, size, recording]).output();
        let output = output.expect("the program starts itself");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("numbers");
        let numbers = Vec::from_iter(text.split_whitespace().map(number));
        let [bytes, open, handled] = numbers[..] else { panic!("three numbers, not {text}") };
        Self { bytes, open, handled }
    }
}

fn measured(plan: Plan, recording: &str) {
    let recording = if recording == "bare" { Recording::Bare } else { Recording::Checked };
    let job = Job { plan: Arc::new(plan), replication: 0, recording, rows: None };
    let finished = job.run().unwrap_or_else(|failure| panic!("{failure}"));
    let status = std::fs::read_to_string("/proc/self/status").expect("a system with /proc");
    let highest = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = highest.and_then(|rest| rest.split_whitespace().next()).map_or(0.0, number);
    println!("{} {} {}", kibibytes * 1024.0, finished.open, finished.handled);
}

/// About `size` conversations, all open at the end.
fn live(size: u32) -> Plan {
    let mut plan = messaging_case(10, 2);
    let (group, kind) = (&mut plan.centre.groups[0], &mut plan.centre.kinds[0]);
    group.attention = Attention::Parallel;
    group.concurrency = 200;
    group.episodes.clear();
    kind.arrivals = valid(ArrivalProcess::constant(f64::from(size) / 2.0));
    kind.messages = Turns::Unlimited;
    kind.think = valid(Distribution::exponential(1e7));
    let after = Some(Span::from_hours(24));
    plan.centre.auto_close = AutoClose { new: after, pending: after };
    plan.run.end = RunEnd::Cut;
    plan
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} should be a number"))
}

/// Bytes for a live conversation.
const LIVE: f64 = 300.0;
/// Bytes for a finished conversation: less than its name alone would take.
const FINISHED: f64 = 8.0;
/// Messages and events of a conversation of the messaging case, about.
const HANDLED: f64 = 58.0;
