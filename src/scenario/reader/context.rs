//! What is known while a file is read, and what was found.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Source};
use super::side_table::SideTable;
use crate::base::ids::SkillId;

/// What is known while a file is read.
pub(crate) struct Context {
    /// The file.
    pub(crate) source: Arc<Source>,
    /// Where its side files lie.
    pub(crate) directory: PathBuf,
    /// Names of the skills.
    pub(crate) skills: Vec<String>,
    /// Those that consumers ask for or agents have by name.
    pub(crate) skills_used: Vec<String>,
    /// Names of the agent groups.
    pub(crate) groups: Vec<String>,
    /// Their skills, in the order written.
    pub(crate) group_skills: Vec<Vec<SkillId>>,
    /// Side files read already; `None` = read in vain and reported.
    pub(crate) side_tables: RefCell<BTreeMap<PathBuf, Option<Rc<SideTable>>>>,
    findings: RefCell<Vec<Diagnostic>>,
}

impl Context {
    pub(crate) fn new(source: Arc<Source>, directory: PathBuf) -> Self {
        Self {
            source,
            directory,
            skills: Vec::new(),
            skills_used: Vec::new(),
            groups: Vec::new(),
            group_skills: Vec::new(),
            side_tables: RefCell::default(),
            findings: RefCell::default(),
        }
    }

    /// Keeps a finding, up to a number that nobody will read.
    pub(crate) fn report(&self, finding: Diagnostic) {
        let mut findings = self.findings.borrow_mut();
        if findings.len() < FINDINGS_AT_MOST {
            findings.push(finding);
        }
    }

    /// Whether no more findings are kept.
    pub(crate) fn is_full(&self) -> bool {
        self.reported() >= FINDINGS_AT_MOST
    }

    /// Number of findings so far.
    pub(crate) fn reported(&self) -> usize {
        self.findings.borrow().len()
    }

    pub(crate) fn take_findings(&self) -> Vec<Diagnostic> {
        self.findings.take()
    }
}

const FINDINGS_AT_MOST: usize = 2000;
