//! One value of a file, and the form that reads it.

use serde_json::Value as Json;

use super::context::Context;
use super::diagnostic::Diagnostic;
use super::tree::{Node, TreeEntry, Value};

/// How a value is written: reads it and describes it.
pub(crate) trait Form {
    /// What it comes to.
    type Value;

    /// The value, or `None` after saying what is wrong with it.
    fn read(&self, input: Input<'_>) -> Option<Self::Value>;

    /// JSON Schema of what may be written.
    fn schema(&self) -> Json;
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

    /// The keys of a table, each with its value.
    pub(crate) fn entries(&self) -> Option<Vec<(&'a TreeEntry, Self)>> {
        let Value::Table(table) = &self.node.value else { return None };
        let child = |entry: &'a TreeEntry| Self {
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
            Value::DateTime(_) => "a date or a time without quotes",
            Value::Other => "a number too large",
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

const SHOWN_AT_MOST: usize = 60;
