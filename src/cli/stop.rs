//! How a command ends that does not end well.

use crate::scenario::Diagnostics;

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

/// Why a command stops; an empty message has been said already.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(super) message: String,
    pub(super) exit: Exit,
    /// What is wrong with a file, to be said before.
    pub(super) findings: Diagnostics,
}

impl Stop {
    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { message: message.into(), exit, findings: Diagnostics::default() }
    }
}
