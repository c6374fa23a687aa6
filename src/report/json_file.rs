//! JSON files: how they are written, with what the main file of a report begins, and how that file is
//! read again.

use std::fmt::Display;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// With what the main file of every report begins, whatever its form and version.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct FileHead<S = ScenarioName> {
    /// Version of this form.
    pub(super) schema: String,
    /// Version of Shiftstorm that wrote it.
    pub(super) shiftstorm: String,
    pub(super) scenario: S,
}

/// By what a report is known to be of a scenario.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ScenarioName {
    pub(super) name: String,
}

/// What was run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Scenario")]
pub(super) struct ScenarioTitle {
    pub(super) name: String,
    /// May be empty.
    pub(super) question: String,
}

impl<S> FileHead<S> {
    /// That of a file of this form which is written now.
    pub(super) fn new(schema: &str, scenario: S) -> Self {
        Self { schema: schema.to_owned(), shiftstorm: VERSION.to_owned(), scenario }
    }
}

impl ScenarioTitle {
    pub(super) fn new(name: &str, question: &str) -> Self {
        Self { name: name.to_owned(), question: question.to_owned() }
    }
}

/// Writes JSON over several lines.
pub(super) fn write(value: &impl Serialize, mut output: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut output, value)?;
    output.write_all(b"\n")
}

/// Whether a file is the main one of a report of this form and scenario.
pub(super) fn is_of(path: &Path, schema: &str, name: &str) -> bool {
    let head = fs::read(path).ok().and_then(|text| serde_json::from_slice::<FileHead>(&text).ok());
    head.is_some_and(|head| head.schema == schema && head.scenario.name == name)
}

/// Reads the main file of a report of this form; says what is wrong with it.
pub(super) fn read<T: DeserializeOwned>(path: &Path, schema: &str) -> Result<T, String> {
    let shown = path.display();
    let text = fs::read(path).map_err(|error| format!("cannot read `{shown}`: {error}"))?;
    let no_report = |error: &dyn Display| format!("`{shown}` is no report: {error}");
    let head: FileHead = serde_json::from_slice(&text).map_err(|error| no_report(&error))?;
    if head.schema != schema {
        return Err(no_report(&format!("its form is {}", head.schema)));
    }
    serde_json::from_slice(&text).map_err(|error| match head.shiftstorm.as_str() {
        VERSION => no_report(&error),
        other => format!(
            "`{shown}` was written by Shiftstorm {other}, this is {VERSION}: run the scenario again"
        ),
    })
}

/// Of this Shiftstorm.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");
