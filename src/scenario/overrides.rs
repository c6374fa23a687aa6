//! Settings from outside the file, `key=value`, laid over the tree of the file.
//!
//! The value is read as TOML, and as a text where it is not TOML: `90s` and `off` need no quotes.
//! A setting wins over the base and over every variant. While a file is read, the settings stand
//! behind its text, so that findings about them have a place like all others; afterwards each of
//! these findings is given to the setting that it is about.

use std::ops::Range;
use std::sync::Arc;

use toml::de::DeTable;

use super::reader::Context;
use super::reader::diagnostic::{Diagnostic, Diagnostics, Source};
use super::reader::tree::{Node, Table, Value};
use super::variants;

/// A key of a scenario file and the value that it is given instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Who gives it, for messages: `--set`.
    pub origin: String,
    /// The key, dotted as in a file.
    pub key: String,
    /// The value.
    pub value: String,
}

impl Setting {
    /// A setting from `key=value`.
    ///
    /// # Errors
    ///
    /// The text has no `=` or spans several lines.
    pub fn parse(origin: &str, text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() && !text.contains(['\n', '\r']) => {
                Ok(Self {
                    origin: origin.to_owned(),
                    key: key.trim().to_owned(),
                    value: value.trim().to_owned(),
                })
            }
            _ => Err(format!("`{origin} {text}` is not of the form KEY=VALUE")),
        }
    }

    /// As on a command line.
    pub fn text(&self) -> String {
        format!("{}={}", self.key, self.value)
    }

    /// The tree of the setting alone; its places count from `start`.
    fn tree(&self, start: usize) -> Option<Table> {
        let text = self.text();
        let mut table = match DeTable::parse(&text) {
            Ok(document) => Table::from_toml(document.get_ref(), &text, 0..0),
            Err(_) => self.with_text()?,
        };
        if matches!(leaf(&mut table)?.value, Value::Other | Value::DateTime(_)) {
            table = self.with_text()?;
        }
        shift(&mut table, start);
        Some(table)
    }

    /// The tree with the value as a text.
    fn with_text(&self) -> Option<Table> {
        let text = format!("{}=0", self.key);
        let document = DeTable::parse(&text).ok()?;
        let mut table = Table::from_toml(document.get_ref(), &text, 0..0);
        let start = self.key.len() + 1;
        *leaf(&mut table)? =
            Node { value: Value::Text(self.value.clone()), span: start..start + self.value.len() };
        Some(table)
    }
}

/// The settings of one reading of a file, placed behind its text.
pub(super) struct Overrides {
    tables: Vec<Table>,
    places: Vec<(Range<usize>, Arc<Source>)>,
}

impl Overrides {
    /// The settings, and the text of the file with theirs behind it.
    pub(super) fn new(file: &Source, settings: &[Setting]) -> Result<(Self, Source), Diagnostics> {
        let mut joined = file.clone();
        let mut overrides = Self { tables: Vec::new(), places: Vec::new() };
        for setting in settings {
            joined.text.push('\n');
            let start = joined.text.len();
            joined.text.push_str(&setting.text());
            let source = Arc::new(Source { name: setting.origin.clone(), text: setting.text() });
            let Some(table) = setting.tree(start) else {
                let message = format!("`{}` is not a key", setting.key);
                let finding = Diagnostic::error(&source, message).at(0..setting.key.len());
                let help = "keys are dotted as in a file, such as `unassign.timeout.online`";
                return Err(Diagnostics::new(vec![finding.help(help)]));
            };
            overrides.tables.push(table);
            overrides.places.push((start..joined.text.len(), source));
        }
        Ok((overrides, joined))
    }

    /// The tree of each setting.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter()
    }

    /// The tree with the settings laid over it; what it says of variants stays as it is.
    pub(super) fn over(&self, context: &Context, table: &Table) -> Table {
        self.tables.iter().fold(table.clone(), |below, setting| {
            let mut merged = variants::set(context, &below, setting);
            let variants = below.entries.iter().filter(|entry| entry.key.text == "variant");
            merged.entries.extend(variants.cloned());
            merged
        })
    }

    /// A finding that is about a setting, told about that setting.
    pub(super) fn relocate(&self, mut finding: Diagnostic) -> Diagnostic {
        let Some(span) = finding.span.clone() else { return finding };
        let place = self.places.iter().find(|(range, _)| range.contains(&span.start));
        if let Some((range, source)) = place {
            finding.span = Some(span.start - range.start..span.end.min(range.end) - range.start);
            finding.source = Arc::clone(source);
        }
        finding
    }
}

/// The names that a dotted key is made of, without their quotes.
pub(super) fn parts(key: &str) -> Vec<String> {
    let text = format!("{key}=0");
    let Ok(document) = DeTable::parse(&text) else {
        return key.split('.').map(|part| part.trim().to_owned()).collect();
    };
    let table = Table::from_toml(document.get_ref(), &text, 0..0);
    let (mut parts, mut inner) = (Vec::new(), Some(&table));
    while let Some(entry) = inner.and_then(|table| table.entries.first()) {
        parts.push(entry.key.text.clone());
        inner = match &entry.node.value {
            Value::Table(table) => Some(table),
            _ => None,
        };
    }
    parts
}

/// The value at the end of a dotted key.
fn leaf(table: &mut Table) -> Option<&mut Node> {
    let node = &mut table.entries.first_mut()?.node;
    match node.value {
        Value::Table(ref inner) if !inner.inline => {}
        _ => return Some(node),
    }
    match &mut node.value {
        Value::Table(inner) => leaf(inner),
        _ => None,
    }
}

fn shift(table: &mut Table, by: usize) {
    for entry in &mut table.entries {
        move_by(&mut entry.key.span, by);
        shift_node(&mut entry.node, by);
    }
}

fn shift_node(node: &mut Node, by: usize) {
    move_by(&mut node.span, by);
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| shift_node(item, by)),
        Value::Table(table) => shift(table, by),
        _ => {}
    }
}

fn move_by(span: &mut Range<usize>, by: usize) {
    *span = span.start + by..span.end + by;
}
