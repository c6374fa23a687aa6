//! The name of a figure, as `summary.json` has it.

use serde_json::{Value as Json, json};

use crate::ledger::definitions::{Definition, FIGURES};

use super::reader::diagnostic::nearest;
use super::reader::tree::Value;
use super::reader::{Form, Input};

/// A figure by its name.
pub(super) struct FigureForm;

impl Form for FigureForm {
    type Value = &'static Definition;

    fn read(&self, input: Input<'_>) -> Option<Self::Value> {
        let Value::Text(text) = &input.node.value else {
            input.refuse(ALLOWED);
            return None;
        };
        let figure = FIGURES.iter().find(|figure| figure.name == text);
        if figure.is_none() {
            let meant = nearest(text, FIGURES.iter().map(|figure| figure.name));
            let help = meant.map(|meant| format!("did you mean \"{meant}\"?"));
            input.refuse_with_help(ALLOWED, help);
        }
        figure
    }

    fn schema(&self) -> Json {
        let names = FIGURES
            .iter()
            .map(|figure| json!({ "const": figure.name, "description": figure.text }));
        json!({ "oneOf": Vec::from_iter(names) })
    }
}

const ALLOWED: &str = "the name of a figure, in quotes, as in `figures.csv`";
