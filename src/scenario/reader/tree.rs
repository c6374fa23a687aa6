//! A file as a tree of values that remember where they stand.

use std::ops::Range;

use serde_json::Value as Json;
use toml::de::{DeTable, DeValue};

/// A value and where it stands, in bytes of the file.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Range<usize>,
}

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    List(Vec<Node>),
    Table(Table),
    /// A date or time of TOML's own, as written.
    DateTime(String),
    /// An integer beyond 64 bits.
    Other,
}

/// Keys and values in the order of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) entries: Vec<TreeEntry>,
    /// Written as `{ … }`, that is, as one value.
    pub(crate) inline: bool,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(crate) struct TreeEntry {
    pub(crate) key: Word,
    pub(crate) node: Node,
}

/// A word and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

impl Table {
    /// The tree of a parsed document.
    pub(crate) fn from_toml(table: &DeTable<'_>, text: &str, span: Range<usize>) -> Self {
        let entries = table
            .iter()
            .map(|(key, value)| TreeEntry {
                key: Word { text: key.get_ref().to_string(), span: key.span() },
                node: Node::from_toml(value.get_ref(), text, value.span()),
            })
            .collect();
        Self { entries, inline: text.get(span).is_some_and(|text| text.starts_with('{')) }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key.text == key).map(|entry| &entry.node)
    }
}

impl Node {
    fn from_toml(value: &DeValue<'_>, text: &str, span: Range<usize>) -> Self {
        let value = match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
                .map_or(Value::Other, Value::Integer),
            DeValue::Float(float) => float.as_str().parse().map_or(Value::Other, Value::Float),
            DeValue::Boolean(boolean) => Value::Boolean(*boolean),
            DeValue::Datetime(moment) => Value::DateTime(moment.to_string()),
            DeValue::Array(items) => Value::List(
                items
                    .iter()
                    .map(|item| Self::from_toml(item.get_ref(), text, item.span()))
                    .collect(),
            ),
            DeValue::Table(table) => Value::Table(Table::from_toml(table, text, span.clone())),
        };
        Self { value, span }
    }

    /// The value of a TOML snippet of our own; its places mean nothing.
    pub(crate) fn from_snippet(snippet: &str) -> Self {
        DeValue::parse(snippet).map_or(Self { value: Value::Other, span: 0..0 }, |value| {
            Self::from_toml(value.get_ref(), snippet, 0..0)
        })
    }

    /// The same value in JSON, for schemas.
    pub(crate) fn to_json(&self) -> Json {
        match &self.value {
            Value::Text(text) | Value::DateTime(text) => text.as_str().into(),
            Value::Integer(integer) => (*integer).into(),
            Value::Float(float) => (*float).into(),
            Value::Boolean(boolean) => (*boolean).into(),
            Value::List(items) => items.iter().map(Self::to_json).collect(),
            Value::Table(table) => Json::Object(
                table
                    .entries
                    .iter()
                    .map(|entry| (entry.key.text.clone(), entry.node.to_json()))
                    .collect(),
            ),
            Value::Other => Json::Null,
        }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self { value: Value::Text(text.to_owned()), span: 0..0 }
    }
}

impl From<i64> for Node {
    fn from(integer: i64) -> Self {
        Self { value: Value::Integer(integer), span: 0..0 }
    }
}

impl From<bool> for Node {
    fn from(boolean: bool) -> Self {
        Self { value: Value::Boolean(boolean), span: 0..0 }
    }
}

impl From<f64> for Node {
    fn from(number: f64) -> Self {
        Self { value: Value::Float(number), span: 0..0 }
    }
}
