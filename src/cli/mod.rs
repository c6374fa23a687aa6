//! The command line: one file a command, no logic. Everything that is printed is printed here.

mod check;
mod compare;
mod engines;
mod explain;
mod goals;
mod machine;
mod manual;
mod optimize;
mod output;
mod report;
mod run;
mod search;
mod select;
mod sensitivity;
mod session;
mod stress;
mod sweep;
mod validate;

use std::io::IsTerminal as _;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::scenario::{self, Diagnostics, Scenario, Setting};

use self::output::Output;

/// Simulates a messaging contact centre: what happens to waiting consumers when agents stop
/// answering, go away, or log out.
#[derive(Parser)]
#[command(name = "shiftstorm", version, propagate_version = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Run),
    Check(check::Check),
    Explain(explain::Explain),
    Compare(compare::Compare),
    Report(report::Report),
    Optimize(optimize::Optimize),
    Sensitivity(sensitivity::Sensitivity),
    Stress(stress::StressCommand),
    Validate(validate::Validate),
    Schema(manual::Schema),
    Completions(manual::Completions),
    /// Print the manual page.
    Man,
}

/// Parses the command line, does what it asks for, and says how that ended.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help on a closed pipe is nobody's loss.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS };
        }
    };
    announce_panics();
    let mut output = Output::new();
    let done = AssertUnwindSafe(|| cli.command.execute(&mut output));
    // The hook has said what happened.
    let result = panic::catch_unwind(done).unwrap_or_else(|_| Err(Stop::new(Exit::Bug, "")));
    match result.and_then(|()| output.finish()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop { message, exit }) => {
            output::complain(&message);
            exit.into()
        }
    }
}

impl Command {
    fn execute(self, output: &mut Output) -> Result<(), Stop> {
        match self {
            Self::Run(run) => run.execute(output),
            Self::Check(check) => check.execute(output),
            Self::Explain(explain) => explain.execute(output),
            Self::Compare(compare) => compare.execute(output),
            Self::Report(report) => report.execute(output),
            Self::Optimize(optimize) => optimize.execute(output),
            Self::Sensitivity(sensitivity) => sensitivity.execute(output),
            Self::Stress(stress) => stress.execute(output),
            Self::Validate(validate) => validate.execute(output),
            Self::Schema(schema) => schema.execute(output),
            Self::Completions(completions) => completions.execute(output),
            Self::Man => manual::man(output),
        }
    }
}

/// How a command ended, if not well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// A bug in Shiftstorm.
    Bug = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// A file that was read makes no sense.
    BadInput = 3,
    /// What was asked for was not reached.
    Threshold = 4,
    /// The load generator could not keep up: nothing was measured.
    Invalid = 5,
    /// Something could not be written.
    Io = 6,
    /// Stopped by the user; a partial report was written.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command stops; an empty message has been said already.
#[derive(Debug)]
pub(crate) struct Stop {
    message: String,
    exit: Exit,
}

impl Stop {
    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { message: message.into(), exit }
    }
}

/// Reads a scenario; what is wrong with it is shown as in a compiler.
fn load(path: &Path) -> Result<Scenario, Stop> {
    load_with(path, &[])
}

/// Reads a scenario with some of its keys set from outside.
fn load_with(path: &Path, settings: &[Setting]) -> Result<Scenario, Stop> {
    scenario::with_overrides(path, settings).map_err(|findings| refused(path, &findings))
}

fn refused(path: &Path, findings: &Diagnostics) -> Stop {
    let count = findings.iter().count();
    let errors = if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
    let text = rendered(findings);
    Stop::new(Exit::BadInput, format!("{text}{}: {errors}; nothing was run", path.display()))
}

fn rendered(findings: &Diagnostics) -> String {
    findings.render(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
}

/// A panic is a bug: say so in one line; what replays it is printed where it is known.
fn announce_panics() {
    panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("a panic without a message");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let command = Vec::from_iter(std::env::args());
        output::complain(&format!(
            "a bug in Shiftstorm: {message} ({place})\n  while running: {}",
            select::quoted(&command)
        ));
    }));
}

const EXIT_CODES: &str = "\
Exit codes: 0 done · 1 bug in Shiftstorm · 2 usage · 3 bad input · 4 threshold missed
· 5 measurement invalid · 6 cannot write · 130 interrupted, partial report written";
