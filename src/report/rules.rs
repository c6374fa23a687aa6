//! The rules of the platform, from the page that explains them: one text for readers of the page and
//! for a terminal.

use std::fmt::Write as _;

use crate::scenario::nearest;

use super::terminal::{folded, wrapped};

/// The page. A rule is what stands under a heading that is its id.
const PAGE: &str = include_str!("../../docs/rules.md");

/// Columns before the text of a rule.
const MARGIN: usize = 5;

/// A width below which text cannot be read.
const LEAST: usize = 30;

/// One rule.
struct PlatformRule {
    id: &'static str,
    text: String,
}

/// The rules with these ids, or all if there are none, in lines of at most `width` columns.
///
/// # Errors
///
/// An id that no rule has, and which there are.
pub fn rules(ids: &[String], width: usize) -> Result<String, String> {
    let all = all();
    let chosen = match ids {
        [] => all.iter().collect(),
        ids => ids.iter().map(|id| find(&all, id)).collect::<Result<Vec<_>, _>>()?,
    };
    let told = chosen.into_iter().map(|rule| rule.told(width.max(LEAST)));
    Ok(Vec::from_iter(told).join("\n"))
}

/// The rules that stand in brackets at the end of these sentences, in the order of the page, each with
/// what it says first.
pub(super) fn named_in(sentences: &[String]) -> Vec<(&'static str, String)> {
    let brackets =
        sentences.iter().filter_map(|sentence| sentence.rsplit_once('(')?.1.split_once(')'));
    let ids = Vec::from_iter(brackets.flat_map(|(ids, _)| ids.split(", ")));
    let named = all().into_iter().filter(|rule| ids.contains(&rule.id));
    let first =
        |rule: &PlatformRule| plain(rule.text.trim().split("\n\n").next().unwrap_or_default());
    named.map(|rule| (rule.id, first(&rule))).collect()
}

fn find<'a>(all: &'a [PlatformRule], id: &str) -> Result<&'a PlatformRule, String> {
    all.iter().find(|rule| rule.id.eq_ignore_ascii_case(id.trim())).ok_or_else(|| {
        let ids = Vec::from_iter(all.iter().map(|rule| rule.id));
        let meant = nearest(id, ids.iter().copied());
        let meant = meant.map(|meant| format!(" Did you mean {meant}?")).unwrap_or_default();
        wrapped(&format!("there is no rule `{id}`.{meant} There are {}.", ids.join(", ")), 2)
    })
}

fn all() -> Vec<PlatformRule> {
    let mut rules: Vec<PlatformRule> = Vec::new();
    let mut is_rule = false;
    for line in PAGE.lines() {
        if line.starts_with('#') {
            let id = line.strip_prefix("### ");
            is_rule = id.is_some();
            rules.extend(id.map(|id| PlatformRule { id, text: String::new() }));
        } else if let Some(rule) = rules.last_mut().filter(|_| is_rule) {
            rule.text.push_str(line);
            rule.text.push('\n');
        }
    }
    rules
}

impl PlatformRule {
    /// The id, and beside it a paragraph or an entry of the list after the other.
    fn told(&self, width: usize) -> String {
        let mut told = String::new();
        let text = self.text.replace("\n- ", "\n\n- ");
        let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
        for (position, part) in parts.enumerate() {
            let (marks, text) = match part.strip_prefix("- ") {
                Some(entry) => (["- ", "  "], entry),
                None => (["", ""], part),
            };
            let lines = folded(&plain(text), width - MARGIN - marks[0].len(), usize::MAX);
            for (number, line) in lines.iter().enumerate() {
                let id = if position + number == 0 { self.id } else { "" };
                let mark = marks[number.min(1)];
                let _ = writeln!(told, "{id:MARGIN$}{mark}{line}");
            }
        }
        told
    }
}

/// A paragraph in one line, without the marks of emphasis and the targets of links.
fn plain(paragraph: &str) -> String {
    let mut text = paragraph.replace("**", "").replace('\n', " ");
    while let Some(middle) = text.find("](") {
        let end = text[middle..].find(')').map_or(text.len(), |end| middle + end + 1);
        text.replace_range(middle..end, "");
        if let Some(start) = text[..middle].rfind('[') {
            text.remove(start);
        }
    }
    text
}
