//! Where a command's results go: the two streams, and the disk. Nothing here panics on a closed pipe.

use std::io::{self, Write};

use crate::base::storage::Storage;

use super::stop::{Exit, Stop};

/// Standard output, and the disk. Once the reader of what is printed has gone, the rest is dropped without complaint.
pub(super) struct Output {
    /// Through what files are written.
    pub(super) storage: Storage,
    open: bool,
    trouble: Option<io::Error>,
}

impl Output {
    pub(super) fn new(storage: Storage) -> Self {
        Self { storage, open: true, trouble: None }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        if self.open {
            let mut stdout = io::stdout().lock();
            let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
            if let Err(error) = written {
                self.open = false;
                self.trouble = (error.kind() != io::ErrorKind::BrokenPipe).then_some(error);
            }
        }
    }

    /// Whether everything arrived that anybody wanted to read.
    pub(super) fn finish(self) -> Result<(), Stop> {
        match self.trouble {
            None => Ok(()),
            Some(error) => Err(Stop::new(Exit::Io, format!("cannot write the output: {error}"))),
        }
    }
}

/// Says something on standard error.
pub(super) fn complain(message: &str) {
    if !message.is_empty() {
        // There is nowhere left to say that standard error is closed.
        let _ = writeln!(io::stderr().lock(), "{}", message.trim_end());
    }
}
