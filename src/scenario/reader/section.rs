//! A table and its declarations.

use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::context::Context;
use super::diagnostic::{Diagnostic, Source, listing, nearest};
use super::input::{Form, Input, join};
use super::tree::{Node, Table, Value};
use crate::scenario::side_files::SideFileSource;

/// A table being read by declarations.
pub(crate) struct ReaderSection<'a> {
    pub(crate) context: &'a Context,
    path: String,
    table: &'a Table,
    span: Range<usize>,
    declared: Vec<&'static str>,
    description: Option<Description>,
    /// Where tables belong that are not known here.
    advice_on_tables: Option<&'static str>,
}

#[derive(Default)]
struct Description {
    properties: Map<String, Json>,
    required: Vec<&'static str>,
}

impl<'a> ReaderSection<'a> {
    pub(crate) fn new(
        context: &'a Context,
        table: &'a Table,
        path: String,
        span: Range<usize>,
    ) -> Self {
        Self {
            context,
            path,
            table,
            span,
            declared: Vec::new(),
            description: None,
            advice_on_tables: None,
        }
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

    /// The text of a key that is read elsewhere.
    pub(crate) fn text_of(&self, key: &str) -> Option<&'a str> {
        match &self.table.get(key)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Name of the table: the last part of its path, without the quotes that [`join`] gives it.
    pub(crate) fn name(&self) -> &str {
        match self.path.strip_suffix('"') {
            Some(quoted) => quoted.rsplit(".\"").next().unwrap_or(quoted),
            None => self.path.rsplit('.').next().unwrap_or(&self.path),
        }
    }

    /// Refuses a key that people write here and that belongs elsewhere.
    pub(crate) fn refuse(&mut self, key: &'static str, help: &str) {
        if self.has(key) {
            let path = self.path_of(key);
            self.context.report(self.error(key, format!("`{path}` is not known here")).help(help));
            self.declared.push(key);
        }
    }

    /// Says where tables belong that people write here under names of their own.
    pub(crate) fn advise_on_tables(&mut self, help: &'static str) {
        self.advice_on_tables = Some(help);
    }

    /// What a default, which is written as in a file, comes to.
    pub(crate) fn default_of<F: Form>(&self, form: F, default: &Node) -> F::Value {
        let input = Input { context: self.context, node: default, path: self.path.clone() };
        form.read(input).unwrap_or_else(|| unreachable!("a default is valid"))
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
        read: impl Fn(&mut ReaderSection<'_>) -> Option<T>,
        documentation: &str,
    ) -> Option<T> {
        let form = InTable(read);
        self.declare(key, &form, documentation, None);
        match self.input(key) {
            Some(input) => form.read(input),
            None => {
                let empty = Table::default();
                let mut section =
                    ReaderSection::new(self.context, &empty, self.path_of(key), self.span.clone());
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
            if self.declared.contains(&key) || self.context.is_full() {
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
            let is_table = matches!(entry.node.value, Value::Table(_));
            if let Some(help) = self.advice_on_tables.filter(|_| is_table) {
                finding = finding.help(help);
            } else if let Some(meant) = nearest(key, self.declared.iter().copied()) {
                finding = finding.help(format!("did you mean `{meant}`?"));
            }
            self.context.report(finding);
        }
    }
}

/// A table read by declarations.
pub(crate) struct InTable<R>(pub(crate) R);

impl<T, R: Fn(&mut ReaderSection<'_>) -> Option<T>> Form for InTable<R> {
    type Value = T;

    fn read(&self, input: Input<'_>) -> Option<T> {
        input.table(|section| (self.0)(section))
    }

    fn schema(&self) -> Json {
        describe(|section| (self.0)(section))
    }
}

impl Input<'_> {
    /// Reads a table by its declarations.
    pub(crate) fn table<T>(
        &self,
        read: impl FnOnce(&mut ReaderSection<'_>) -> Option<T>,
    ) -> Option<T> {
        let Value::Table(table) = &self.node.value else {
            self.refuse("a table");
            return None;
        };
        let mut section =
            ReaderSection::new(self.context, table, self.path.clone(), self.node.span.clone());
        let value = read(&mut section);
        section.refuse_unknown_keys();
        value
    }
}

/// JSON Schema of a table: the declarations run on nothing, taking notes.
pub(crate) fn describe<T>(read: impl FnOnce(&mut ReaderSection<'_>) -> Option<T>) -> Json {
    let source = Arc::new(Source { name: String::new(), text: String::new() });
    let context = Context::new(source, SideFileSource::default());
    let table = Table::default();
    let mut section = ReaderSection::new(&context, &table, String::new(), 0..0);
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
