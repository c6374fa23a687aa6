//! What is wrong with a file, where, and what would be right.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// A text and the name under which its author knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Name as given, for messages only.
    pub name: String,
    /// The text.
    pub text: String,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used; its author may have meant something else.
    Warning,
}

/// One finding about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The file.
    pub source: Arc<Source>,
    /// The offending text, in bytes of the file; `None` if it is about the whole file.
    pub span: Option<Range<usize>>,
    /// The key, dotted: `agents.chat.count`. Empty if it is about no key.
    pub path: String,
    /// What stands there.
    pub found: Option<String>,
    /// What may stand there.
    pub allowed: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Id of the rule of the platform that it follows from.
    pub rule: Option<&'static str>,
    /// Whether a key is missing: a follow-up of a syntax error, more often than not.
    pub(crate) missing: bool,
}

impl Diagnostic {
    /// An error about a whole file.
    pub(crate) fn error(source: &Arc<Source>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            source: Arc::clone(source),
            span: None,
            path: String::new(),
            found: None,
            allowed: None,
            help: None,
            rule: None,
            missing: false,
        }
    }

    /// The same about a part of the file.
    #[must_use]
    pub(crate) fn at(mut self, span: Range<usize>) -> Self {
        self.span = Some(span);
        self
    }

    /// The same about a key.
    #[must_use]
    pub(crate) fn key(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// With what stands there.
    #[must_use]
    pub(crate) fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// With what may stand there.
    #[must_use]
    pub(crate) fn allowed(mut self, allowed: impl Into<String>) -> Self {
        self.allowed = Some(allowed.into());
        self
    }

    /// With advice.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With the rule that it follows from.
    #[must_use]
    pub(crate) fn rule(mut self, id: &'static str) -> Self {
        self.rule = Some(id);
        self
    }

    /// As a warning.
    #[must_use]
    pub(crate) fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Line and column (in characters) of the first offending character, both from 1.
    pub fn line_column(&self) -> Option<(usize, usize)> {
        Some(self.place_of(self.marked()?.start))
    }

    /// The same of the character behind the last offending one.
    pub fn end_line_column(&self) -> Option<(usize, usize)> {
        Some(self.place_of(self.marked()?.end))
    }

    /// Whether it is about a key that is not there.
    pub fn is_missing(&self) -> bool {
        self.missing
    }

    fn place_of(&self, position: usize) -> (usize, usize) {
        let before = &self.source.text[..position];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }

    /// The offending text.
    pub fn marked_text(&self) -> Option<&str> {
        Some(&self.source.text[self.marked()?])
    }

    /// The finding in the manner of rustc, with the offending text marked; with terminal colours if
    /// `coloured`.
    pub fn render(&self, coloured: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(visible(&self.message));
        let mut group = match self.marked() {
            Some(marked) => title.element(self.snippet(marked)),
            None if self.source.name.is_empty() => Group::with_title(title),
            None => title.element(Origin::path(visible(&self.source.name))),
        };
        if let Some(allowed) = &self.allowed {
            group = group.element(Level::NOTE.message(format!("allowed: {}", visible(allowed))));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(visible(help)));
        }
        let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }

    /// The marked part of its first line, with the line alone as source: a file may be long.
    fn snippet(&self, marked: Range<usize>) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
        let text = &self.source.text;
        let line_start = text[..marked.start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[marked.start..].find('\n').map_or(text.len(), |end| marked.start + end);
        let line = text[line_start..line_end].trim_end_matches('\r');
        let within = |position: usize| (position - line_start).min(line.len());
        let mark = AnnotationKind::Primary.span(within(marked.start)..within(marked.end));
        Snippet::source(line)
            .path(visible(&self.source.name))
            .line_start(text[..line_start].matches('\n').count() + 1)
            .annotation(
                mark.label(self.found.as_deref().map(|found| format!("found {}", visible(found)))),
            )
    }

    /// The span cut to the text and to whole characters.
    fn marked(&self) -> Option<Range<usize>> {
        let span = self.span.as_ref()?;
        let text = &self.source.text;
        let start = text.floor_char_boundary(span.start);
        let end = text.ceil_char_boundary(span.end).max(start);
        Some(start..end)
    }

    fn place(&self) -> (&str, usize) {
        (&self.source.name, self.span.as_ref().map_or(0, |span| span.start))
    }
}

/// Everything found about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// In the order of the file, each finding once.
    pub(crate) fn new(mut findings: Vec<Diagnostic>) -> Self {
        findings.sort_by(|one, other| match one.place().cmp(&other.place()) {
            Ordering::Equal => one.message.cmp(&other.message),
            order => order,
        });
        findings.dedup();
        Self(findings)
    }

    /// All findings, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Number of findings.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the file cannot be used.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// All findings in the manner of rustc; with terminal colours if `coloured`.
    pub fn render(&self, coloured: bool) -> String {
        let mut text = String::new();
        for finding in self.0.iter().take(SHOWN) {
            text.push_str(&finding.render(coloured));
            text.push_str("\n\n");
        }
        if self.0.len() > SHOWN {
            text.push_str(&format!("… and {} more\n\n", self.0.len() - SHOWN));
        }
        text
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for Diagnostics {}

/// The known word that `word` was probably meant to be.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    let word = word.to_lowercase();
    known
        .into_iter()
        .take(CANDIDATES)
        .filter(|candidate| candidate.len() <= LONGEST_WORD)
        .map(|candidate| (likeness(&word, &candidate.to_lowercase()), candidate))
        .filter(|&(likeness, _)| likeness >= ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

/// Words in backticks with commas: `` `a`, `b` ``; not more than anybody would read.
pub(crate) fn listing<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut words = words.into_iter();
    let listed: Vec<_> = words.by_ref().take(LISTED).map(|word| format!("`{word}`")).collect();
    match words.count() {
        0 => listed.join(", "),
        more => format!("{} and {more} more", listed.join(", ")),
    }
}

fn likeness(word: &str, candidate: &str) -> f64 {
    let typing = strsim::normalized_damerau_levenshtein(word, candidate);
    let start = strsim::jaro_winkler(word, candidate) - 0.2;
    typing.max(start)
}

/// Control characters of a file must not reach the terminal.
fn visible(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_control() { '\u{fffd}' } else { character })
        .collect()
}

const SHOWN: usize = 200;
const LISTED: usize = 30;
/// More names than this cost more time than the suggestion is worth.
const CANDIDATES: usize = 500;
const LONGEST_WORD: usize = 64;
const ALIKE: f64 = 0.6;
