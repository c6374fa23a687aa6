//! Reading a file by declarations: each key is declared once, with its form, its default and its
//! documentation, and that declaration reads the key, checks it and describes it in the schema.
//!
//! Nothing stops at the first error: a value that cannot be read is reported and replaced by its
//! default, so that one pass finds everything.

pub(crate) mod diagnostic;
pub(crate) mod forms;
pub(crate) mod tree;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use self::diagnostic::{Diagnostic, Source, listing, nearest};
use self::tree::{Entry, Node, Table, Value};
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

/// A table being read by declarations.
pub(crate) struct Section<'a> {
    pub(crate) context: &'a Context,
    path: String,
    table: &'a Table,
    span: Range<usize>,
    declared: Vec<&'static str>,
    description: Option<Description>,
}

#[derive(Default)]
struct Description {
    properties: Map<String, Json>,
    required: Vec<&'static str>,
}

impl<'a> Section<'a> {
    pub(crate) fn new(
        context: &'a Context,
        table: &'a Table,
        path: String,
        span: Range<usize>,
    ) -> Self {
        Self { context, path, table, span, declared: Vec::new(), description: None }
    }

    /// A key with a default, which is written as in a file.
    pub(crate) fn value<F: Form>(
        &mut self,
        key: &'static str,
        form: F,
        default: impl Into<Node>,
        documentation: &str,
    ) -> F::Value {
        let default = default.into();
        self.declare(key, &form, documentation, Some(&default));
        let written = self.input(key).and_then(|input| form.read(input));
        written.unwrap_or_else(|| {
            let input = Input { context: self.context, node: &default, path: self.path_of(key) };
            form.read(input).unwrap_or_else(|| unreachable!("the default of `{key}` is valid"))
        })
    }

    /// A key that may be left out.
    pub(crate) fn optional<F: Form>(
        &mut self,
        key: &'static str,
        form: F,
        documentation: &str,
    ) -> Option<F::Value> {
        self.declare(key, &form, documentation, None);
        self.input(key).and_then(|input| form.read(input))
    }

    /// A key that must be there. `None` after reporting why there is no value.
    pub(crate) fn required<F: Form>(
        &mut self,
        key: &'static str,
        form: F,
        documentation: &str,
    ) -> Option<F::Value> {
        self.declare(key, &form, documentation, None);
        if let Some(description) = &mut self.description {
            description.required.push(key);
        }
        match self.input(key) {
            Some(input) => form.read(input),
            None => {
                self.miss(key, documentation);
                None
            }
        }
    }

    /// A table all of whose keys may be left out, so that it may be left out itself.
    pub(crate) fn table<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&mut Section<'_>) -> Option<T>,
        documentation: &str,
    ) -> Option<T> {
        let form = forms::InTable(read);
        self.declare(key, &form, documentation, None);
        match self.input(key) {
            Some(input) => form.read(input),
            None => {
                let empty = Table::default();
                let mut section =
                    Section::new(self.context, &empty, self.path_of(key), self.span.clone());
                (form.0)(&mut section)
            }
        }
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// Reports a missing key.
    pub(crate) fn miss(&self, key: &str, documentation: &str) {
        let mut finding =
            Diagnostic::error(&self.context.source, format!("`{}` is missing", self.path_of(key)))
                .at(self.span.clone())
                .key(self.path_of(key))
                .help(format!("`{key}`: {documentation}"));
        finding.missing = true;
        if self.description.is_none() {
            self.context.report(finding);
        }
    }

    /// An error about a key, or about the table if the key is not there; to be completed and
    /// reported.
    pub(crate) fn error(&self, key: &str, message: impl Into<String>) -> Diagnostic {
        let span = self.table.get(key).map_or_else(|| self.span.clone(), |node| node.span.clone());
        let path = if key.is_empty() { self.path.clone() } else { self.path_of(key) };
        Diagnostic::error(&self.context.source, message).at(span).key(path)
    }

    /// Reports keys of which only one may be there, and a missing one if one `must` be there.
    /// Returns whether all is well.
    pub(crate) fn one_of(&self, keys: &[&'static str], must: bool) -> bool {
        let present: Vec<_> = keys.iter().filter(|key| self.has(key)).copied().collect();
        match present.as_slice() {
            [_] => true,
            [] if !must => true,
            [] => {
                self.miss(
                    keys[0],
                    &format!("one of {} must be set", listing(keys.iter().copied())),
                );
                false
            }
            [first, second, ..] => {
                let message =
                    format!("`{}` and `{second}` exclude each other", self.path_of(first));
                self.context.report(self.error(second, message).help("keep one of them"));
                false
            }
        }
    }

    /// Reports unless exactly one of the keys declared so far is there. Returns whether it is.
    pub(crate) fn one_of_declared(&self, what: &str) -> bool {
        let written = self.table.entries.iter().map(|entry| entry.key.text.as_str());
        let known: Vec<_> = written.filter(|key| self.declared.contains(key)).collect();
        match known.as_slice() {
            [_] => return true,
            [] if !self.table.entries.is_empty() => {} // an unknown key, which is reported anyway
            [] => {
                let finding = self.error("", format!("{what} is missing"));
                let mut finding = finding.allowed(listing(self.declared.iter().copied()));
                finding.missing = self.description.is_none();
                self.context.report(finding);
            }
            [first, second, ..] => {
                let message = format!("`{first}` and `{second}` exclude each other");
                let help =
                    "keep one of them; in a variant, write the whole value as { … } to replace it";
                self.context.report(self.error(second, message).help(help));
            }
        }
        false
    }

    fn declare(
        &mut self,
        key: &'static str,
        form: &impl Form,
        documentation: &str,
        default: Option<&Node>,
    ) {
        self.declared.push(key);
        let Some(description) = &mut self.description else { return };
        let mut schema = form.schema();
        if let Json::Object(schema) = &mut schema {
            schema.insert("description".to_owned(), documentation.into());
            if let Some(default) = default {
                schema.insert("default".to_owned(), default.to_json());
            }
        }
        description.properties.insert(key.to_owned(), schema);
    }

    /// The value of a key.
    pub(crate) fn input(&self, key: &'static str) -> Option<Input<'a>> {
        let node = self.table.get(key)?;
        Some(Input { context: self.context, node, path: self.path_of(key) })
    }

    fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// Reports what was not declared.
    pub(crate) fn refuse_unknown_keys(&self) {
        for entry in &self.table.entries {
            let key = entry.key.text.as_str();
            if self.declared.contains(&key) {
                continue;
            }
            let place = if self.path.is_empty() {
                "a scenario".to_owned()
            } else {
                format!("`{}`", self.path)
            };
            let mut finding =
                Diagnostic::error(&self.context.source, format!("unknown key `{key}` in {place}"))
                    .at(entry.key.span.clone())
                    .key(self.path_of(key))
                    .found("an unknown key")
                    .allowed(listing(self.declared.iter().copied()));
            if let Some(meant) = nearest(key, self.declared.iter().copied()) {
                finding = finding.help(format!("did you mean `{meant}`?"));
            }
            self.context.report(finding);
        }
    }
}

/// JSON Schema of a table: the declarations run on nothing, taking notes.
pub(crate) fn describe<T>(read: impl FnOnce(&mut Section<'_>) -> Option<T>) -> Json {
    let source = Arc::new(Source { name: String::new(), text: String::new() });
    let context = Context::new(source, PathBuf::new());
    let table = Table::default();
    let mut section = Section::new(&context, &table, String::new(), 0..0);
    section.description = Some(Description::default());
    read(&mut section);
    let description = section.description.unwrap_or_default();
    let mut schema = json!({
        "type": "object",
        "properties": description.properties,
        "additionalProperties": false,
    });
    if !description.required.is_empty() {
        schema["required"] = json!(description.required);
    }
    schema
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
