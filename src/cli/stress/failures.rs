//! How the command says that it failed.

use std::io;
use std::path::Path;

use crate::stress::StressFailure;

use super::super::output::complain;
use crate::cli::select;
use crate::cli::stop::{Exit, Stop};

/// The report cannot be written.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> Stop {
    Stop::new(Exit::Io, format!("cannot write to `{}`: {error}", path.display()))
}

/// How a run ends that was interrupted: `reported` is what its report holds, if it was written.
pub(super) fn interrupted(folder: &Path, is_written: bool, reported: &str) -> Stop {
    let what = match is_written {
        true => format!("the report holds {reported}"),
        false => format!("`{}` keeps its earlier report", folder.display()),
    };
    Stop::new(Exit::Interrupted, format!("interrupted; {what}"))
}

/// A bug, with all that a bug report needs.
pub(super) fn failed(failure: &StressFailure) -> Stop {
    if let StressFailure::Broken { last_events, .. } = failure {
        for (at, event) in last_events {
            complain(&format!("  {at}  {event:?}"));
        }
    }
    let command = Vec::from_iter(std::env::args());
    let command = select::quoted(&command);
    Stop::new(Exit::Bug, format!("a bug in Shiftstorm: {failure}\n  while running: {command}"))
}
