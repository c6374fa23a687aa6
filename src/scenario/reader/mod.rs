//! Reading a file by declarations: each key is declared once, with its form, its default and its
//! documentation, and that declaration reads the key, checks it and describes it in the schema.
//!
//! Nothing stops at the first error: a value that cannot be read is reported and replaced by its
//! default, so that one pass finds everything.

pub(crate) mod compound;
pub(crate) mod diagnostic;
pub(crate) mod forms;
mod section;
pub(crate) mod tree;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value as Json;

use self::diagnostic::{Diagnostic, Source};
pub(crate) use self::section::{Section, describe};
use self::tree::{Entry, Node, Value};
use super::csv::SideTable;

/// How a value is written: reads it and describes it.
pub(crate) trait Form {
    /// What it comes to.
    type Value;

    /// The value, or `None` after saying what is wrong with it.
    fn read(&self, input: Input<'_>) -> Option<Self::Value>;

    /// JSON Schema of what may be written.
    fn schema(&self) -> Json;
}

/// What is known while a file is read.
pub(crate) struct Context {
    /// The file.
    pub(crate) source: Arc<Source>,
    /// Where its side files lie.
    pub(crate) directory: PathBuf,
    /// Names of the skills.
    pub(crate) skills: Vec<String>,
    /// Names of the agent groups.
    pub(crate) groups: Vec<String>,
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
            groups: Vec::new(),
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

/// One value of the file, with its key.
#[derive(Clone)]
pub(crate) struct Input<'a> {
    pub(crate) context: &'a Context,
    pub(crate) node: &'a Node,
    pub(crate) path: String,
}

impl<'a> Input<'a> {
    /// Reports that the value is not what may stand here.
    pub(crate) fn refuse(&self, allowed: impl Into<String>) {
        self.refuse_with_help(allowed, None);
    }

    /// The same with advice.
    pub(crate) fn refuse_with_help(&self, allowed: impl Into<String>, help: Option<String>) {
        let mut finding = self.error(format!("`{}` cannot be {}", self.path, self.shown()));
        finding.allowed = Some(allowed.into());
        finding.help = help;
        self.context.report(finding.found(self.kind()));
    }

    /// An error about this value, to be completed and reported.
    pub(crate) fn error(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(&self.context.source, message)
            .at(self.node.span.clone())
            .key(self.path.clone())
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> Option<Vec<Self>> {
        let Value::List(items) = &self.node.value else { return None };
        Some(items.iter().enumerate().map(|(position, node)| self.item(position, node)).collect())
    }

    /// Reads a table by its declarations.
    pub(crate) fn table<T>(&self, read: impl FnOnce(&mut Section<'_>) -> Option<T>) -> Option<T> {
        let Value::Table(table) = &self.node.value else {
            self.refuse("a table");
            return None;
        };
        let mut section =
            Section::new(self.context, table, self.path.clone(), self.node.span.clone());
        let value = read(&mut section);
        section.refuse_unknown_keys();
        value
    }

    /// The keys of a table, each with its value.
    pub(crate) fn entries(&self) -> Option<Vec<(&'a Entry, Self)>> {
        let Value::Table(table) = &self.node.value else { return None };
        let child = |entry: &'a Entry| Self {
            context: self.context,
            node: &entry.node,
            path: join(&self.path, &entry.key.text),
        };
        Some(table.entries.iter().map(|entry| (entry, child(entry))).collect())
    }

    /// What kind of value it is.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.node.value {
            Value::Text(_) => "a text",
            Value::Integer(_) => "a whole number",
            Value::Float(number) if number.is_finite() => "a number",
            Value::Float(_) => "not a finite number",
            Value::Boolean(_) => "true or false",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other => "a date, a time without quotes or a number too large",
        }
    }

    /// The value as written, if it is short.
    fn shown(&self) -> String {
        let written = self.context.source.text.get(self.node.span.clone()).unwrap_or_default();
        match &self.node.value {
            Value::Table(_) | Value::List(_) => self.kind().to_owned(),
            _ if written.len() <= SHOWN_AT_MOST && !written.contains('\n') => written.to_owned(),
            _ => format!("this {}", self.kind().trim_start_matches("a ")),
        }
    }

    fn item(&self, position: usize, node: &'a Node) -> Self {
        Self { context: self.context, node, path: format!("{}[{position}]", self.path) }
    }
}

/// A dotted path; keys that need quotes get them.
pub(crate) fn join(path: &str, key: &str) -> String {
    let bare = !key.is_empty()
        && key
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character));
    let key = if bare { key.to_owned() } else { format!("{key:?}") };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

const FINDINGS_AT_MOST: usize = 2000;
const SHOWN_AT_MOST: usize = 60;
