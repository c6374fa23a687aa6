//! What is wrong with a scenario as JSON, for editors and build servers: `check --json`.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::scenario::{Diagnostic, Diagnostics, Severity};

use super::json_file::{VERSION, write};

/// Version of the form.
pub(super) const SCHEMA: &str = "shiftstorm/check/1";

/// What `check` finds about a scenario. A later version may add keys; it takes none away, and changes
/// what none means, without another number in `schema`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Shiftstorm check")]
pub struct CheckedScenario {
    /// Version of this form.
    schema: &'static str,
    /// Version of Shiftstorm that wrote it.
    shiftstorm: &'static str,
    /// The scenario file as it was named.
    file: String,
    /// Whether it can be run: no finding is an error.
    valid: bool,
    /// In the order of the file.
    findings: Vec<Finding>,
}

/// One finding.
#[derive(Serialize, JsonSchema)]
struct Finding {
    severity: FindingSeverity,
    /// What is wrong, in one sentence.
    message: String,
    /// The file, or `--set` if it is about such a setting; null if it is about neither.
    file: Option<String>,
    /// Of the first character that is meant, from 1; null if it is about the whole file.
    line: Option<usize>,
    /// In characters, from 1.
    column: Option<usize>,
    /// Of the first character that is not meant any more.
    end_line: Option<usize>,
    end_column: Option<usize>,
    /// The key, dotted; null if it is about no key.
    key: Option<String>,
    /// The text that is meant, a value or the name of a key, if it is on one line.
    value: Option<String>,
    /// What may stand there.
    allowed: Option<String>,
    /// What to do about it.
    help: Option<String>,
    /// Id of the rule of the platform that it follows from, for `explain --rules`.
    rule: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum FindingSeverity {
    /// The scenario cannot be run.
    Error,
    /// It can be run; its author may have meant something else.
    Warning,
}

impl CheckedScenario {
    /// What was found about a file.
    pub fn new(file: String, findings: &Diagnostics) -> Self {
        Self {
            schema: SCHEMA,
            shiftstorm: VERSION,
            file,
            valid: !findings.has_errors(),
            findings: findings.iter().map(Finding::of).collect(),
        }
    }

    /// An error that is not about what stands in the file.
    pub fn refused(file: String, message: &str) -> Self {
        let findings = vec![Finding::refusal(message)];
        Self { schema: SCHEMA, shiftstorm: VERSION, file, valid: false, findings }
    }

    /// As JSON.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn write(&self, output: impl Write) -> io::Result<()> {
        write(self, output)
    }
}

impl Finding {
    fn of(finding: &Diagnostic) -> Self {
        let start = finding.line_column();
        let end = finding.end_line_column();
        let value = finding.marked_text().filter(|text| !text.is_empty() && !text.contains('\n'));
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            severity: match finding.severity {
                Severity::Error => FindingSeverity::Error,
                Severity::Warning => FindingSeverity::Warning,
            },
            message: finding.message.clone(),
            file: some(&finding.source.name),
            line: start.map(|(line, _)| line),
            column: start.map(|(_, column)| column),
            end_line: end.map(|(line, _)| line),
            end_column: end.map(|(_, column)| column),
            key: some(&finding.path),
            value: value.filter(|_| !finding.is_missing()).map(str::to_owned),
            allowed: finding.allowed.clone(),
            help: finding.help.clone(),
            rule: finding.rule,
        }
    }

    fn refusal(message: &str) -> Self {
        Self {
            severity: FindingSeverity::Error,
            message: message.to_owned(),
            file: None,
            line: None,
            column: None,
            end_line: None,
            end_column: None,
            key: None,
            value: None,
            allowed: None,
            help: None,
            rule: None,
        }
    }
}
