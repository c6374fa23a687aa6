//! Forms made of other forms: alternatives, lists, tables and names.

use serde_json::{Value as Json, json};

use super::context::Context;
use super::diagnostic::{listing, nearest};
use super::input::{Form, Input};
use super::tree::{Value, Word};

pub(crate) use super::section::InTable;

/// A word that stands for "none", or a value of a form.
pub(crate) struct Unless<F> {
    pub(crate) word: &'static str,
    pub(crate) form: F,
}

/// `"off"`, or a value of the form.
pub(crate) const fn unless_off<F>(form: F) -> Unless<F> {
    Unless { word: "off", form }
}

impl<F: Form> Form for Unless<F> {
    type Value = Option<F::Value>;

    fn read(&self, input: Input<'_>) -> Option<Self::Value> {
        match &input.node.value {
            Value::Text(text) if text == self.word => Some(None),
            _ => self.form.read(input).map(Some),
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [{ "const": self.word }, self.form.schema()] })
    }
}

/// A list of values of a form.
pub(crate) struct List<F>(pub(crate) F);

impl<F: Form> Form for List<F> {
    type Value = Vec<F::Value>;

    fn read(&self, input: Input<'_>) -> Option<Self::Value> {
        let Some(items) = input.items() else {
            input.refuse("a list in square brackets");
            return None;
        };
        all(items.into_iter().map(|item| self.0.read(item)))
    }

    fn schema(&self) -> Json {
        json!({ "type": "array", "items": self.0.schema() })
    }
}

/// One value of a form, or a list of them.
pub(crate) struct OneOrMore<F>(pub(crate) F);

impl<F: Form> Form for OneOrMore<F> {
    type Value = Vec<F::Value>;

    fn read(&self, input: Input<'_>) -> Option<Self::Value> {
        match input.items() {
            Some(items) => all(items.into_iter().map(|item| self.0.read(item))),
            None => self.0.read(input).map(|value| vec![value]),
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [self.0.schema(), { "type": "array", "items": self.0.schema() }] })
    }
}

/// A table whose keys are names given by the author.
pub(crate) struct NamedForm<F> {
    pub(crate) form: F,
    pub(crate) at_most: usize,
}

impl<F: Form> Form for NamedForm<F> {
    type Value = Vec<(Word, F::Value)>;

    fn read(&self, input: Input<'_>) -> Option<Self::Value> {
        let Some(entries) = input.entries() else {
            input.refuse("a table of named entries");
            return None;
        };
        if entries.len() > self.at_most {
            let message = format!("`{}` has {} entries", input.path, entries.len());
            let finding = input.error(message).allowed(format!("at most {} entries", self.at_most));
            input.context.report(finding);
            return None;
        }
        all(entries.into_iter().map(|(entry, input)| {
            if entry.key.text.trim().is_empty() {
                input.context.report(input.error("a name is empty").at(entry.key.span.clone()));
            }
            Some((entry.key.clone(), self.form.read(input)?))
        }))
    }

    fn schema(&self) -> Json {
        json!({ "type": "object", "additionalProperties": self.form.schema() })
    }
}

/// A name that must be known.
pub(crate) struct NameOf {
    pub(crate) what: &'static str,
    pub(crate) known: fn(&Context) -> &[String],
}

impl NameOf {
    /// A skill of the centre.
    pub(crate) const SKILL: Self = Self { what: "skill", known: |context| &context.skills };
    /// A group of agents.
    pub(crate) const GROUP: Self =
        Self { what: "group of agents", known: |context| &context.groups };

    /// The position of a name among the known ones.
    pub(crate) fn position(&self, name: &str, input: &Input<'_>) -> Option<usize> {
        let known = (self.known)(input.context);
        let position = known.iter().position(|candidate| candidate == name);
        if position.is_none() {
            let names = || known.iter().map(String::as_str);
            let mut finding = input
                .error(format!("there is no {} `{name}`", self.what))
                .found("an unknown name")
                .allowed(listing(names()));
            if let Some(meant) = nearest(name, names()) {
                finding = finding.help(format!("did you mean \"{meant}\"?"));
            }
            input.context.report(finding);
        }
        position
    }
}

impl Form for NameOf {
    type Value = usize;

    fn read(&self, input: Input<'_>) -> Option<usize> {
        match &input.node.value {
            Value::Text(name) => self.position(name, &input),
            _ => {
                input.refuse(format!("the name of a {}, in quotes", self.what));
                None
            }
        }
    }

    fn schema(&self) -> Json {
        json!({ "type": "string" })
    }
}

/// All values, or `None` if one is missing; the others are read all the same.
pub(crate) fn all<T>(values: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    let values: Vec<_> = values.collect();
    values.into_iter().collect()
}
