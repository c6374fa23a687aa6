//! The files that a scenario names, kept with a plan under the sum of what they hold.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::rc::Rc;

use sha2::{Digest as _, Sha256};

use crate::report::format::hexadecimal;
use crate::scenario::{SideFileRefusal, SideFiles};

/// Remembers the bytes of every file that is read through it.
#[derive(Clone)]
pub struct RecordedFiles {
    files: Rc<dyn SideFiles>,
    read: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
}

impl RecordedFiles {
    /// Files that are read from elsewhere.
    pub fn new(files: impl SideFiles + 'static) -> Self {
        Self { files: Rc::new(files), read: Rc::default() }
    }

    /// What was read, by its name.
    pub fn read(&self) -> BTreeMap<String, Vec<u8>> {
        self.read.borrow().clone()
    }
}

impl SideFiles for RecordedFiles {
    fn open(&self, name: &str) -> Result<Box<dyn Read>, SideFileRefusal> {
        if let Some(bytes) = self.read.borrow().get(name) {
            return Ok(Box::new(Cursor::new(bytes.clone())));
        }
        let mut bytes = Vec::new();
        self.files.open(name)?.read_to_end(&mut bytes)?;
        self.read.borrow_mut().insert(name.to_owned(), bytes.clone());
        Ok(Box::new(Cursor::new(bytes)))
    }
}

/// The files of a plan.
pub(super) struct PlannedFiles {
    pub(super) folder: PathBuf,
    /// Sums by name.
    pub(super) sums: BTreeMap<String, String>,
}

impl SideFiles for PlannedFiles {
    fn open(&self, name: &str) -> Result<Box<dyn Read>, SideFileRefusal> {
        let missing = || SideFileRefusal::Unreadable("it is not in the plan".to_owned());
        let known = self.sums.get(name).ok_or_else(missing)?;
        let bytes = fs::read(self.folder.join(known))?;
        if sum(&bytes) != *known {
            let message =
                "its copy in the plan is damaged: its checksum is not that of what it holds";
            return Err(io::Error::other(message).into());
        }
        Ok(Box::new(Cursor::new(bytes)))
    }
}

/// SHA-256 in hexadecimal.
pub(super) fn sum(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}
