//! What is known while a file is read, and what was found.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::Date;

use super::diagnostic::{Diagnostic, Severity, Source};
use super::side_table::SideTable;
use crate::base::ids::SkillId;
use crate::scenario::side_files::SideFileSource;
use crate::tables::{Echo, Sheet, TableFinding, UsedColumn};

/// A sheet of a side file, and how it was asked for.
#[derive(Clone)]
pub(crate) struct KnownSheet {
    pub(crate) name: String,
    pub(crate) sheet: Option<String>,
    pub(crate) range: Option<String>,
    pub(crate) read: Result<Rc<Sheet>, TableFinding>,
}

/// What is known while a file is read.
pub(crate) struct Context {
    /// The file.
    pub(crate) source: Arc<Source>,
    /// Where its side files are read from.
    pub(crate) files: SideFileSource,
    /// Names of the skills.
    pub(crate) skills: Vec<String>,
    /// Those that consumers ask for or agents have by name.
    pub(crate) skills_used: Vec<String>,
    /// Whether conversations are open when the run begins.
    pub(crate) has_backlog: bool,
    /// Names of the agent groups.
    pub(crate) groups: Vec<String>,
    /// Their skills, in the order written.
    pub(crate) group_skills: Vec<Vec<SkillId>>,
    /// Side files read already, by name; `None` = read in vain and reported.
    pub(crate) side_tables: RefCell<BTreeMap<String, Option<Rc<SideTable>>>>,
    /// Sheets read already.
    pub(crate) sheets: RefCell<Vec<KnownSheet>>,
    /// What was understood of tables.
    pub(crate) tables: RefCell<Vec<Echo>>,
    /// What was worked out of what the file says, in words.
    pub(crate) derivations: RefCell<Vec<String>>,
    /// The first dates of dated tables of a run without a date.
    first_dates: RefCell<Vec<Date>>,
    /// The first day of a run that does not say it, from its tables.
    pub(crate) first_day: Option<Date>,
    findings: RefCell<Vec<Diagnostic>>,
    /// What is to be said of settings without effect, and whether one plan feels each.
    effects: RefCell<Vec<(Diagnostic, bool)>>,
}

impl Context {
    pub(crate) fn new(source: Arc<Source>, files: SideFileSource) -> Self {
        Self {
            source,
            files,
            skills: Vec::new(),
            skills_used: Vec::new(),
            has_backlog: false,
            groups: Vec::new(),
            group_skills: Vec::new(),
            side_tables: RefCell::default(),
            sheets: RefCell::default(),
            tables: RefCell::default(),
            derivations: RefCell::default(),
            first_dates: RefCell::default(),
            first_day: None,
            findings: RefCell::default(),
            effects: RefCell::default(),
        }
    }

    /// Keeps a finding, up to a number that nobody will read; an error has room behind warnings.
    pub(crate) fn report(&self, finding: Diagnostic) {
        let mut findings = self.findings.borrow_mut();
        let most = match finding.severity {
            Severity::Error => 2 * FINDINGS_AT_MOST,
            Severity::Warning => FINDINGS_AT_MOST,
        };
        if findings.len() < most {
            findings.push(finding);
        }
    }

    /// Keeps a finding unless the same has been said of another place.
    pub(crate) fn report_once(&self, finding: Diagnostic) {
        let said = |known: &Diagnostic| known.message == finding.message;
        if !self.findings.borrow().iter().any(said) {
            self.report(finding);
        }
    }

    /// Keeps what was understood of a table, once for all kinds of consumers that take rows of it.
    pub(crate) fn note_table(&self, echo: Echo) {
        let mut tables = self.tables.borrow_mut();
        let is_same = |known: &&mut Echo| known.is_of_same_rows(&echo);
        match tables.iter_mut().find(is_same) {
            Some(known) => {
                known.unused.retain(|heading| echo.unused.contains(heading));
                let is_new = |column: &UsedColumn| !known.used.contains(column);
                let used = Vec::from_iter(echo.used.into_iter().filter(is_new));
                known.used.extend(used);
                for total in echo.totals {
                    if !known.totals.contains(&total) {
                        known.totals.push(total);
                    }
                }
            }
            None => tables.push(echo),
        }
    }

    /// Keeps what was worked out, once for all variants in which it is the same.
    pub(crate) fn note_derivation(&self, words: String) {
        let mut derivations = self.derivations.borrow_mut();
        if !derivations.contains(&words) {
            derivations.push(words);
        }
    }

    /// Keeps the first date of a table, of a run without a date.
    pub(crate) fn note_first_date(&self, date: Date) {
        self.first_dates.borrow_mut().push(date);
    }

    /// The date on which all dated tables begin; none if they differ.
    pub(crate) fn take_first_date(&self) -> Option<Date> {
        let dates = self.first_dates.take();
        let first = *dates.first()?;
        dates.iter().all(|date| *date == first).then_some(first)
    }

    /// Whether one of the findings behind the first ones is an error.
    pub(crate) fn has_errors_after(&self, count: usize) -> bool {
        let findings = self.findings.borrow();
        findings[count..].iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Forgets the findings behind the first ones.
    pub(crate) fn forget_findings_after(&self, count: usize) {
        self.findings.borrow_mut().truncate(count);
    }

    /// Notes whether one plan feels a setting, with what is to be said if none does.
    pub(crate) fn note_effect(&self, finding: Diagnostic, is_felt: bool) {
        self.effects.borrow_mut().push((finding, is_felt));
    }

    /// Reports the settings that are written in plans of which none feels them, once each.
    pub(crate) fn report_settings_without_effect(&self) {
        let effects = self.effects.take();
        let place = |finding: &Diagnostic| {
            (finding.path.clone(), finding.span.as_ref().map(|span| span.start))
        };
        let felt = effects.iter().filter(|effect| effect.1).map(|effect| place(&effect.0));
        let mut known: BTreeSet<_> = felt.collect();
        for (finding, _) in effects {
            if known.insert(place(&finding)) {
                self.report(finding);
            }
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
