//! Reading a scenario file, from the bytes to the scenario or its findings.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use toml::de::DeTable;

use super::overrides::{Overrides, Setting};
use super::plan::Scenario;
use super::reader::diagnostic::{Diagnostic, Diagnostics, Source};
use super::reader::tree::Table;
use super::side_files::{ScenarioFolder, SideFileSource};
use super::{limits, root};

/// Reads a scenario file and the side files that it names.
///
/// # Errors
///
/// Everything that is wrong with the file, in the order of the file.
pub fn load(path: &Path) -> Result<Scenario, Diagnostics> {
    with_overrides(path, &[])
}

/// Reads a scenario file with some of its keys set from outside, in the base and in every variant.
///
/// # Errors
///
/// Everything that is wrong with the file or with the settings; what is wrong with a setting is told
/// about the setting.
pub fn with_overrides(path: &Path, settings: &[Setting]) -> Result<Scenario, Diagnostics> {
    read(path, settings, false)
}

/// The same; side files that do not lie below the folder of the scenario are read only if that is allowed.
///
/// # Errors
///
/// Everything that is wrong with the file or with the settings.
pub fn read(
    path: &Path,
    settings: &[Setting],
    allow_outside: bool,
) -> Result<Scenario, Diagnostics> {
    let files = ScenarioFolder::of(path, allow_outside).into();
    parse_with_overrides(source(path)?, &files, settings)
}

/// The text of a scenario file.
///
/// # Errors
///
/// It cannot be read, is too large or no text.
pub fn source(path: &Path) -> Result<Source, Diagnostics> {
    let name = path.display().to_string();
    let refuse = |message: String| {
        let source = Arc::new(Source { name: name.clone(), text: String::new() });
        Err(Diagnostics::new(vec![Diagnostic::error(&source, message)]))
    };
    let bytes = match bytes_of(path) {
        Ok(bytes) => bytes,
        Err(error) => return refuse(format!("cannot read the scenario: {error}")),
    };
    if bytes.len() > limits::FILE_BYTES {
        return refuse(format!("the scenario is larger than {} MiB", limits::FILE_BYTES >> 20));
    }
    String::from_utf8(bytes).map(|text| Source { name: name.clone(), text }).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        // What is no text is shown by signs that say so, as long as they are, from there on.
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let source = Arc::new(Source { name, text });
        let finding = Diagnostic::error(&source, "not UTF-8 text");
        let finding = finding.at(at..at + char::REPLACEMENT_CHARACTER.len_utf8());
        Diagnostics::new(vec![finding.help("save the file as UTF-8")])
    })
}

/// A scenario from its text alone; side files are looked for in the present directory.
impl FromStr for Scenario {
    type Err = Diagnostics;

    fn from_str(text: &str) -> Result<Self, Diagnostics> {
        parse(Source { name: "scenario".to_owned(), text: text.to_owned() }, Path::new(""))
    }
}

/// Reads a scenario from a text; side files are read from `files`, which may be a folder.
///
/// # Errors
///
/// Everything that is wrong with the text, in its order.
pub fn parse(source: Source, files: impl Into<SideFileSource>) -> Result<Scenario, Diagnostics> {
    parse_with_overrides(source, &files.into(), &[])
}

/// The same with some of its keys set from outside.
///
/// # Errors
///
/// Everything that is wrong with the text or with the settings.
pub fn parse_with_overrides(
    mut source: Source,
    files: &SideFileSource,
    settings: &[Setting],
) -> Result<Scenario, Diagnostics> {
    if let Some(text) = source.text.strip_prefix('\u{feff}') {
        source.text = text.to_owned();
    }
    let source = Arc::new(source);
    if source.text.len() > limits::FILE_BYTES {
        let message = format!("the scenario is larger than {} MiB", limits::FILE_BYTES >> 20);
        return Err(Diagnostics::new(vec![Diagnostic::error(&source, message)]));
    }
    let (overrides, joined) = Overrides::new(&source, settings)?;
    let file = source;
    let source = Arc::new(joined);
    let (document, errors) = DeTable::parse_recoverable(&file.text);
    let table = Table::from_toml(document.get_ref(), &file.text, 0..0);
    let syntax: Vec<_> = errors
        .iter()
        .map(|error| {
            let finding = Diagnostic::error(&source, format!("not TOML: {}", error.message()));
            finding.at(error.span().unwrap_or(0..0))
        })
        .collect();
    let (scenario, mut findings) = root::read(&source, files, &table, &overrides);
    if !syntax.is_empty() {
        let lines: Vec<_> =
            syntax.iter().filter_map(Diagnostic::line_column).map(|(line, _)| line).collect();
        let same_line = |finding: &Diagnostic| {
            finding.line_column().is_some_and(|(line, _)| lines.contains(&line))
        };
        // What a syntax error swallowed is not missing.
        findings.retain(|finding| !finding.missing && !same_line(finding));
        findings.extend(syntax);
    }
    let findings = findings.into_iter().map(|finding| overrides.relocate(finding));
    let findings = Diagnostics::new(findings.collect());
    match scenario {
        Some(scenario) if !findings.has_errors() => {
            Ok(Scenario { warnings: findings, source: file.text.clone(), ..scenario })
        }
        _ => Err(findings),
    }
}

fn bytes_of(path: &Path) -> std::io::Result<Vec<u8>> {
    // Before opening: a pipe would wait for its writer, and cannot be read a second time by a sweep.
    if !path.metadata()?.is_file() {
        return Err(std::io::Error::other("it is not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limits::FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
