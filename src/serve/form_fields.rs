//! The values of a scenario that planners move, as fields of a form. The text is the truth: fields are
//! read from it, and nothing is kept of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml_edit::{DocumentMut, Item, Value};

/// A step towards a value: a key, or a position in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum FieldStep {
    At(usize),
    Key(String),
}

/// A value that can be changed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(super) struct FormField {
    pub(super) part: FormPart,
    pub(super) path: Vec<FieldStep>,
    pub(super) label: String,
    pub(super) kind: FieldKind,
    /// As it is typed; the numbers of a grid with a tab between them.
    pub(super) value: String,
    /// Whether the scenario says it; otherwise it may be added.
    pub(super) is_written: bool,
}

/// What a field is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum FormPart {
    Demand,
    People,
    Rules,
    Goals,
    Variants,
}

/// How a field is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum FieldKind {
    Text,
    Switch,
    /// Numbers of consecutive intervals.
    Grid,
}

impl FormPart {
    /// That of a key of the file; none of what planners seldom move.
    fn of(key: &str) -> Option<Self> {
        Some(match key {
            "consumers" => Self::Demand,
            "agents" | "skills" => Self::People,
            "unassign" | "remove_ownership" | "routing" | "close" => Self::Rules,
            "goals" | "goal" | "service_level" => Self::Goals,
            "variant" => Self::Variants,
            _ => return None,
        })
    }
}

impl FieldStep {
    pub(super) fn key(text: &str) -> Self {
        Self::Key(text.to_owned())
    }
}

/// The fields of a text, in its order, and then what may be added.
pub(super) fn form_fields(document: &DocumentMut) -> Vec<FormField> {
    let mut fields = Vec::new();
    for (key, item) in document.iter() {
        if let Some(part) = FormPart::of(key) {
            collect(part, &mut vec![FieldStep::key(key)], item, &mut fields);
        }
    }
    let written = Vec::from_iter(fields.iter().map(|field| field.path.clone()));
    let offered = OFFERED.iter().filter_map(|dotted| {
        let path = Vec::from_iter(dotted.split('.').map(FieldStep::key));
        let part = FormPart::of(dotted.split('.').next()?)?;
        let is_new = written.iter().all(|it| !it.starts_with(&path) && !path.starts_with(it));
        is_new.then(|| FormField {
            part,
            label: label(&path),
            path,
            kind: FieldKind::Text,
            value: String::new(),
            is_written: false,
        })
    });
    let offered = Vec::from_iter(offered);
    fields.extend(offered);
    fields
}

/// What most scenarios have and any may be given.
const OFFERED: [&str; 6] = [
    "unassign.timeout.online",
    "unassign.timeout.away",
    "unassign.timeout.offline",
    "service_level.within",
    "goals.service_level",
    "goals.abandonment",
];

fn collect(part: FormPart, path: &mut Vec<FieldStep>, item: &Item, fields: &mut Vec<FormField>) {
    match item {
        Item::None => {}
        Item::Value(value) => collect_value(part, path, value, fields),
        Item::Table(table) => {
            for (key, item) in table {
                within(path, FieldStep::key(key), |path| collect(part, path, item, fields));
            }
        }
        Item::ArrayOfTables(tables) => {
            for (at, table) in tables.iter().enumerate() {
                for (key, item) in table {
                    path.push(FieldStep::At(at));
                    within(path, FieldStep::key(key), |path| collect(part, path, item, fields));
                    path.pop();
                }
            }
        }
    }
}

fn collect_value(
    part: FormPart,
    path: &mut Vec<FieldStep>,
    value: &Value,
    fields: &mut Vec<FormField>,
) {
    let (kind, value) = match value {
        Value::InlineTable(table) => {
            for (key, value) in table {
                within(path, FieldStep::key(key), |path| collect_value(part, path, value, fields));
            }
            return;
        }
        Value::Array(array) if array.iter().all(is_number) && !array.is_empty() => {
            let numbers = Vec::from_iter(array.iter().map(typed));
            (FieldKind::Grid, numbers.join("\t"))
        }
        Value::Array(array) => {
            for (at, value) in array.iter().enumerate() {
                within(path, FieldStep::At(at), |path| collect_value(part, path, value, fields));
            }
            return;
        }
        Value::Boolean(_) => (FieldKind::Switch, typed(value)),
        value => (FieldKind::Text, typed(value)),
    };
    let (path, label) = (path.clone(), label(path));
    fields.push(FormField { part, path, label, kind, value, is_written: true });
}

fn within(path: &mut Vec<FieldStep>, step: FieldStep, then: impl FnOnce(&mut Vec<FieldStep>)) {
    path.push(step);
    then(path);
    path.pop();
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Integer(_) | Value::Float(_))
}

/// A value without its quotes and without what stands around it.
pub(super) fn typed(value: &Value) -> String {
    match value {
        Value::String(text) => text.value().clone(),
        value => value.clone().decorated("", "").to_string(),
    }
}

/// The keys of a path; positions count from 1.
fn label(path: &[FieldStep]) -> String {
    let words = path.iter().map(|step| match step {
        FieldStep::Key(key) => key.clone(),
        FieldStep::At(at) => (at + 1).to_string(),
    });
    Vec::from_iter(words).join(" › ")
}
