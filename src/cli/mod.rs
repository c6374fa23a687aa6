//! The command line: one file a command, no logic. Everything that is printed is printed here.

mod backcast_command;
mod calibrate;
mod check;
mod compare;
mod engines;
mod explain;
mod fit_command;
mod folder_options;
mod goals;
mod log_arguments;
mod machine;
mod manual;
mod merge_shards;
mod new;
mod optimize;
mod output;
mod plan_options;
mod prepared_run;
mod record;
mod report;
mod run;
mod run_arguments;
mod run_shard;
mod run_watch;
mod scenario_file;
mod search;
mod select;
mod sensitivity;
#[cfg(feature = "serve")]
mod serve;
mod session;
mod signals;
mod stop;
mod stress;
mod sweep;
mod validate;
mod watched_run;

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand};

use crate::base::storage::Storage;
use crate::report::BuildIdentity;

use self::output::Output;

pub(crate) use self::stop::{Exit, Stop};

/// Simulates a messaging contact centre: what happens to waiting consumers when agents stop
/// answering, go away, or log out.
#[derive(Parser)]
#[command(name = "shiftstorm", version, propagate_version = true, after_help = EXIT_CODES)]
struct Cli {
    /// With --version: tell the build too, as --resume compares it.
    #[arg(long)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(new::NewCommand),
    Run(run::RunCommand),
    Check(check::CheckCommand),
    Explain(explain::ExplainCommand),
    Compare(compare::CompareCommand),
    Report(report::ReportCommand),
    Shard(run_shard::ShardCommand),
    Merge(merge_shards::MergeCommand),
    Optimize(optimize::OptimizeCommand),
    Record(record::RecordCommand),
    Fit(fit_command::FitCommand),
    Calibrate(calibrate::CalibrateCommand),
    Backcast(backcast_command::BackcastCommand),
    Sensitivity(sensitivity::SensitivityCommand),
    #[cfg(feature = "serve")]
    Serve(serve::ServeCommand),
    Stress(stress::StressCommand),
    Validate(validate::ValidateCommand),
    Schema(manual::SchemaCommand),
    Completions(manual::CompletionsCommand),
    /// Print the manual page.
    Man,
}

/// The command line with all its commands and options, for what is written about it.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Parses the command line, does what it asks for, and says how that ended.
pub fn main() -> ExitCode {
    execute(std::env::args_os(), Storage::default()).into()
}

/// The same for a command line, the name of the program first, and with another way to write; comes to
/// the exit code.
pub fn execute(arguments: impl IntoIterator<Item = OsString>, storage: Storage) -> u8 {
    let arguments = Vec::from_iter(arguments);
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help on a closed pipe is nobody's loss.
            let _ = error.print();
            let is_verbose = arguments.iter().any(|argument| argument == "--verbose");
            if error.kind() == ErrorKind::DisplayVersion && is_verbose {
                Output::new(storage).text(&build());
            }
            return if error.use_stderr() { Exit::Usage as u8 } else { 0 };
        }
    };
    announce_panics();
    let mut output = Output::new(storage);
    let done = AssertUnwindSafe(|| cli.command.execute(&mut output));
    // The hook has said what happened.
    let result = panic::catch_unwind(done).unwrap_or_else(|_| Err(Stop::new(Exit::Bug, "")));
    match result.and_then(|()| output.finish()) {
        Ok(()) => 0,
        Err(stop) => {
            tell(&stop);
            stop.exit as u8
        }
    }
}

impl Command {
    fn execute(self, output: &mut Output) -> Result<(), Stop> {
        match self {
            Self::New(new) => new.execute(output),
            Self::Run(run) => run.execute(output),
            Self::Check(check) => check.execute(output),
            Self::Explain(explain) => explain.execute(output),
            Self::Compare(compare) => compare.execute(output),
            Self::Report(report) => report.execute(output),
            Self::Shard(shard) => shard.execute(output),
            Self::Merge(merge) => merge.execute(output),
            Self::Optimize(optimize) => optimize.execute(output),
            Self::Record(record) => record.execute(output),
            Self::Fit(fit) => fit.execute(output),
            Self::Calibrate(calibrate) => calibrate.execute(output),
            Self::Backcast(backcast) => backcast.execute(output),
            Self::Sensitivity(sensitivity) => sensitivity.execute(output),
            #[cfg(feature = "serve")]
            Self::Serve(serve) => serve.execute(output),
            Self::Stress(stress) => stress.execute(output),
            Self::Validate(validate) => validate.execute(output),
            Self::Schema(schema) => schema.execute(output),
            Self::Completions(completions) => completions.execute(Cli::command(), output),
            Self::Man => manual::man(Cli::command(), output),
        }
    }
}

/// By what this build is told from others.
fn build() -> String {
    let BuildIdentity { source, compiler, target, profile } = BuildIdentity::current();
    format!("source: {source}\ncompiler: {compiler}\ntarget: {target}\nprofile: {profile}\n")
}

/// Says on standard error why a command has stopped. That the user has stopped it is no error.
fn tell(stop: &Stop) {
    let findings = scenario_file::rendered(&stop.findings);
    match stop.exit {
        _ if stop.message.is_empty() => output::complain(&findings),
        Exit::Interrupted => output::complain(&stop.message),
        _ => output::complain(&format!("{findings}error: {}", stop.message)),
    }
}

/// A panic is a bug: say so in one line; what replays it is printed where it is known.
fn announce_panics() {
    panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("a panic without a message");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let command = Vec::from_iter(std::env::args());
        output::complain(&format!(
            "error: a bug in Shiftstorm: {message} ({place})\n  while running: {}",
            select::quoted(&command)
        ));
    }));
}

const EXIT_CODES: &str = "\
Exit codes: 0 done · 1 bug in Shiftstorm · 2 usage · 3 bad input · 4 threshold missed
· 5 measurement invalid · 6 cannot write · 130 interrupted, partial report written";
