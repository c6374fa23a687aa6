//! Texts within the 80 columns of a terminal: cut, aligned, folded, wrapped.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr as _};

/// Columns of a terminal that everything fits into.
pub const WIDTH: usize = 80;

/// Control characters of a scenario must not reach the terminal.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// At most `width` columns of a text, with an ellipsis if there was more.
pub fn cut(text: &str, width: usize) -> String {
    let text = visible(text);
    if text.width() <= width {
        return text;
    }
    let mut short = String::new();
    let mut used = 0;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used >= width {
            break;
        }
        short.push(character);
    }
    short + "…"
}

/// A text over as many lines as it takes.
pub(super) fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for character in visible(text).chars() {
        used += character.width().unwrap_or(0);
        if used > width {
            lines.push(String::new());
            used = character.width().unwrap_or(0);
        }
        if let Some(line) = lines.last_mut() {
            line.push(character);
        }
    }
    lines
}

/// One text at the left of so many columns and another, which is whole, at the right.
pub(super) fn spread(left: &str, right: &str, width: usize) -> String {
    let right = cut(right, width);
    let left = match width - right.width() {
        0 | 1 => String::new(),
        room => cut(left, room - 1),
    };
    let between = " ".repeat(width - left.width() - right.width());
    left + &between + &right
}

/// The lines of a text of at most `width` columns, broken between words; at most `lines` of them.
pub(super) fn folded(text: &str, width: usize, lines: usize) -> Vec<String> {
    let text = visible(text);
    let lines = greedy(text.split_whitespace(), width, lines);
    lines.iter().map(|line| cut(line, width)).collect()
}

/// All lines of a text, broken between words, and within a word that is too wide for a line; all of them
/// behind as many spaces as the text.
pub(super) fn folded_whole(text: &str, width: usize) -> Vec<String> {
    let indent = &text[..text.len() - text.trim_start_matches(' ').len()];
    let width = width.saturating_sub(indent.len()).max(1);
    let pieces = text.split_whitespace().flat_map(|word| broken(word, width));
    let pieces = Vec::from_iter(pieces);
    let lines = greedy(pieces.iter().map(String::as_str), width, usize::MAX);
    lines.into_iter().map(|line| format!("{indent}{line}")).collect()
}

/// Words on as few lines as they fit on; the last has what is left.
fn greedy<'a>(words: impl Iterator<Item = &'a str>, width: usize, lines: usize) -> Vec<String> {
    let mut folded: Vec<String> = vec![String::new()];
    for word in words {
        let full = folded.len() == lines;
        match folded.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if full || line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => folded.push(word.to_owned()),
        }
    }
    folded
}

/// The lines of a text between words, each at most 80 columns, all but the first behind `indent`
/// spaces.
pub fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = String::new();
    let mut used = 0;
    for word in visible(text).split_whitespace() {
        let mut word = word.to_owned();
        if used > 0 && used + 1 + word.width() > WIDTH {
            lines.push('\n');
            lines.push_str(&" ".repeat(indent));
            used = indent;
        } else if used > 0 {
            lines.push(' ');
            used += 1;
        }
        word = cut(&word, WIDTH - used);
        used += word.width();
        lines.push_str(&word);
    }
    lines
}

/// A command as a shell understands it.
pub fn shell_words<T: AsRef<str>>(words: &[T]) -> String {
    let quote = |word: &T| {
        let word = word.as_ref();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,".contains(c);
        if !word.is_empty() && word.chars().all(plain) {
            word.to_owned()
        } else {
            format!("'{}'", word.replace('\'', "'\\''"))
        }
    };
    Vec::from_iter(words.iter().map(quote)).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_folded_whole_has_all_of_its_text() {
        assert_eq!(folded_whole("chat 11, online 1m 30s", 9), ["chat 11,", "online 1m", "30s"]);
        assert_eq!(folded_whole("ab abcdefg h", 5), ["ab", "abcde", "fg h"]);
        assert_eq!(folded("ab abcdefg", 4, 2), ["ab", "abc…"]);
    }

    #[test]
    fn texts_are_cut_and_wrapped_by_what_a_terminal_shows() {
        assert_eq!(cut("retail day", 6), "retai…");
        assert_eq!(spread("客服", "1", 6), "客服 1");
        assert_eq!(spread("name", "\u{1b}[31m", 10), "name \u{fffd}[31m");
        assert_eq!(folded("removed, offline 60s", 15, 2), ["removed,", "offline 60s"]);
        assert_eq!(folded("a very long name of a variant", 8, 2), ["a very", "long na…"]);
        let text = wrapped(&"word ".repeat(40), 2);
        assert!(text.lines().count() > 2 && text.lines().all(|line| line.width() <= WIDTH));
        assert!(wrapped(&"x".repeat(200), 0).width() <= WIDTH);
    }
}
