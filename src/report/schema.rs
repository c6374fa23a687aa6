//! The JSON Schemas of what is written as JSON, made from the types that write it.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value as Json, json};

use crate::ledger::definitions::FIGURES;

use super::findings::{self, CheckedScenario};
use super::summary_file::{ByFigure, FigureDifference, FigureValue, SCHEMA, Summary};

/// The schema of `summary.json`.
pub fn summary() -> Json {
    schema_of::<Summary<'_>>(SCHEMA)
}

/// The schema of what `check --json` prints.
pub fn check() -> Json {
    schema_of::<CheckedScenario>(findings::SCHEMA)
}

fn schema_of<T: JsonSchema>(version: &str) -> Json {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let settings = settings.with_transform(RecursiveTransform(without_breaks));
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    schema["properties"]["schema"]["const"] = json!(version);
    schema
}

/// The lines of a comment are one text.
fn without_breaks(schema: &mut Schema) {
    if let Some(Json::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
}

impl JsonSchema for ByFigure<FigureValue> {
    fn schema_name() -> Cow<'static, str> {
        "Figures".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let names = Vec::from_iter(FIGURES.iter().map(|figure| figure.name));
        json_schema!({
            "description": "Every figure by its name.",
            "type": "object",
            "properties": by_name(&generator.subschema_for::<FigureValue>()),
            "required": names,
        })
    }
}

impl JsonSchema for ByFigure<FigureDifference> {
    fn schema_name() -> Cow<'static, str> {
        "Differences".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Figures less those of the base, replication by replication, as far as there is a difference to speak of; empty for the base itself.",
            "type": "object",
            "properties": by_name(&generator.subschema_for::<FigureDifference>()),
        })
    }
}

/// The same for each figure, with what it means.
fn by_name(schema: &Schema) -> Map<String, Json> {
    let described = FIGURES.iter().map(|figure| {
        let mut schema = schema.clone();
        let text = format!("{} Unit: {}.", figure.text, figure.unit.name());
        schema.insert("description".to_owned(), json!(text));
        (figure.name.to_owned(), schema.to_value())
    });
    described.collect()
}
