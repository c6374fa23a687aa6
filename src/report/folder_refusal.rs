//! Why a report folder may not be written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::folder_lock::LockRefusal;

/// Why a folder may not be written.
#[derive(Debug)]
pub enum FolderRefusal {
    /// It holds something that is not an earlier report of the same scenario.
    Taken(PathBuf),
    /// It holds a report of more replications than are asked for.
    Larger {
        /// The folder.
        path: PathBuf,
        /// Of the report.
        held: u64,
        /// Of the run that would take its place.
        asked: u64,
    },
    /// It holds what a run has saved that did not come to its end.
    Saved {
        /// The folder.
        path: PathBuf,
        /// What was saved.
        what: String,
    },
    /// Another run writes there.
    Busy {
        /// The folder.
        path: PathBuf,
        /// Who writes.
        by: String,
    },
    /// The system says no.
    Io(PathBuf, io::Error),
}

impl FolderRefusal {
    /// That the lock of a folder cannot be had.
    pub fn of_lock(path: &Path, refusal: LockRefusal) -> Self {
        match refusal {
            LockRefusal::Busy(by) => Self::Busy { path: path.to_owned(), by },
            LockRefusal::Io(error) => Self::Io(path.to_owned(), error),
        }
    }
}

impl fmt::Display for FolderRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(path) => write!(
                f,
                "`{}` holds something other than an earlier report of this scenario; choose another folder with --out, or use --force",
                path.display()
            ),
            Self::Larger { path, held, asked } => write!(
                f,
                "`{}` holds a report of {held} replications, more than the {asked} of this run; choose another folder with --out, or replace it with --force",
                path.display()
            ),
            Self::Saved { path, what } => write!(
                f,
                "`{}` holds {what}; go on with --resume, choose another folder with --out, or throw that away with --force",
                path.display()
            ),
            Self::Busy { path, by } => write!(
                f,
                "`{}` is in use by another run ({by}); choose another folder with --out, or wait for its end",
                path.display()
            ),
            Self::Io(path, error) => write!(f, "cannot write to `{}`: {error}", path.display()),
        }
    }
}

impl std::error::Error for FolderRefusal {}
