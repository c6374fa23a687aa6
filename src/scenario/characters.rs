//! Characters that no text of a scenario may have: they reach tables, pages and workbooks, where they are
//! invisible at best, and make a workbook invalid.

use std::ops::Range;

use super::reader::Context;
use super::reader::diagnostic::Diagnostic;
use super::reader::tree::{Node, Table, Value};

/// Keys whose texts may go on over several lines.
const PROSE: [&str; 2] = ["question", "description"];

/// Reports every key and every text of a tree with a character that it may not have.
pub(super) fn refuse_characters(context: &Context, table: &Table) {
    in_table(context, table, true);
}

/// The first character of a text that it may not have.
pub(super) fn forbidden(text: &str) -> Option<char> {
    text.chars().find(|&character| is_forbidden(character))
}

fn is_forbidden(character: char) -> bool {
    character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}')
}

fn in_table(context: &Context, table: &Table, is_root: bool) {
    for entry in &table.entries {
        refuse(context, &entry.key.text, &entry.key.span, "a key");
        let is_prose = is_root && PROSE.contains(&entry.key.text.as_str());
        in_node(context, &entry.node, is_prose);
    }
}

fn in_node(context: &Context, node: &Node, is_prose: bool) {
    match &node.value {
        Value::Text(text) if is_prose => {
            let text = text.replace(['\n', '\r', '\t'], " ");
            refuse(context, &text, &node.span, "a text");
        }
        Value::Text(text) => refuse(context, text, &node.span, "a text"),
        Value::List(items) => items.iter().for_each(|item| in_node(context, item, false)),
        Value::Table(table) => in_table(context, table, false),
        _ => {}
    }
}

fn refuse(context: &Context, text: &str, span: &Range<usize>, what: &str) {
    let Some(character) = forbidden(text) else { return };
    let message = format!("{what} has the character {}", code(character));
    let finding = Diagnostic::error(&context.source, message).at(span.clone());
    context
        .report(finding.allowed("characters that can be seen, and spaces; no control characters"));
}

/// `U+0007`.
fn code(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// What is wrong with a name that comes from elsewhere.
pub(super) fn trouble(text: &str) -> Option<String> {
    forbidden(text).map(|character| format!("has the character {}", code(character)))
}
