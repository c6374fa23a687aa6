//! Numbers and columns for people with a terminal of 80 columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::base::time::{Span, Time};

/// Columns of a terminal that everything fits into.
pub const WIDTH: usize = 80;

/// A number with as many digits as a planner can use.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    let decimals = match size {
        _ if value == libm::round(value) => 0,
        _ if size >= 100.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 1.0 => 2,
        _ => 3,
    };
    grouped(&format!("{value:.decimals$}"))
}

/// `83.1 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Seconds in the two largest units that matter: `4.2 s`, `47 s`, `12m 30s`, `3h 20m`, `2d 4h`.
pub(super) fn seconds(value: f64) -> String {
    if value < 10.0 {
        return format!("{value:.1} s");
    }
    let whole = libm::round(value) as u64;
    let (minutes, hours) = (whole / 60, whole / 3600);
    if whole < 120 {
        format!("{whole} s")
    } else if hours < 2 && whole.is_multiple_of(60) {
        format!("{minutes}m")
    } else if hours < 2 {
        format!("{minutes}m {:02}s", whole % 60)
    } else if hours < 48 {
        format!("{hours}h {:02}m", minutes % 60)
    } else {
        format!("{}d {:02}h", hours / 24, hours % 24)
    }
}

/// Nanoseconds in the unit that suits them, with three digits: `85 ns`, `12.3 µs`, `4.56 s`.
pub(super) fn fine(nanos: u64) -> String {
    let units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs")];
    let Some((size, unit)) = units.into_iter().find(|&(size, _)| nanos >= size) else {
        return format!("{nanos} ns");
    };
    let value = nanos as f64 / size as f64;
    let decimals = match value {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {unit}")
}

/// `09:05:30`, and from the second day on `day 2 09:05:30`, with thousandths if there are any.
pub(super) fn clock(starts_at: Span, time: Time) -> String {
    let micros = (time + starts_at).as_micros();
    let (day, of_day) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let (whole, fraction) = (of_day / MICROS, of_day % MICROS);
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    let day = if day == 0 { String::new() } else { format!("day {} ", day + 1) };
    let fraction = match (fraction + 500) / 1000 {
        0 => String::new(),
        thousandths => format!(".{:03}", thousandths.min(999)),
    };
    format!("{day}{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

/// Clock time without seconds: `09:30`, `day 2 09:30`.
pub(super) fn clock_of_day(starts_at: Span, time: Time) -> String {
    let text = clock(starts_at, time);
    text.split('.').next().and_then(|text| text.strip_suffix(":00")).unwrap_or(&text).to_owned()
}

/// Control characters of a scenario must not reach the terminal.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// At most `width` columns of a text, with an ellipsis if there was more.
pub(super) fn cut(text: &str, width: usize) -> String {
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

/// Padded on the right to `width` columns.
pub(super) fn left(text: &str, width: usize) -> String {
    let text = cut(text, width);
    let padding = " ".repeat(width - text.width().min(width));
    text + &padding
}

/// Padded on the left to `width` columns.
pub(super) fn right(text: &str, width: usize) -> String {
    let text = cut(text, width);
    " ".repeat(width - text.width().min(width)) + &text
}

/// The lines of a text of at most `width` columns, broken between words; at most `lines` of them.
pub(super) fn folded(text: &str, width: usize, lines: usize) -> Vec<String> {
    let mut folded: Vec<String> = vec![String::new()];
    for word in visible(text).split_whitespace() {
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
    folded.iter().map(|line| cut(line, width)).collect()
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

/// Digits in groups of three.
pub(super) fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let fraction = if fraction.is_empty() { String::new() } else { format!(".{fraction}") };
    format!("{sign}{grouped}{fraction}")
}

const MICROS: i64 = 1_000_000;
const DAY: i64 = 86_400 * MICROS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_as_many_digits_as_they_deserve() {
        let texts = [
            (0.0, "0"),
            (7.0, "7"),
            (0.0123, "0.012"),
            (7.256, "7.26"),
            (72.56, "72.6"),
            (725.6, "726"),
            (1_234_567.8, "1,234,568"),
            (-1234.0, "-1,234"),
        ];
        for (value, text) in texts {
            assert_eq!(number(value), text);
        }
        assert_eq!(percent(0.8314), "83.1 %");
    }

    #[test]
    fn times_have_two_units() {
        let texts = [
            (0.0, "0.0 s"),
            (4.24, "4.2 s"),
            (47.4, "47 s"),
            (720.0, "12m"),
            (750.0, "12m 30s"),
            (12_000.0, "3h 20m"),
            (190_000.0, "2d 04h"),
        ];
        for (value, text) in texts {
            assert_eq!(seconds(value), text);
        }
        let texts = [
            (85, "85 ns"),
            (1_234, "1.23 µs"),
            (12_345_678, "12.3 ms"),
            (999_900_000, "1000 ms"),
            (6_000_000_000, "6.00 s"),
        ];
        for (nanos, text) in texts {
            assert_eq!(fine(nanos), text);
        }
        let starts_at = Span::from_hours(8);
        assert_eq!(clock(starts_at, Time::from_secs(65)), "08:01:05");
        assert_eq!(clock(starts_at, Time::from_micros(500_000)), "08:00:00.500");
        assert_eq!(clock_of_day(starts_at, Time::from_secs(16 * 3600)), "day 2 00:00");
    }

    #[test]
    fn texts_are_cut_and_wrapped_by_what_a_terminal_shows() {
        assert_eq!(cut("retail day", 6), "retai…");
        assert_eq!(left("客服", 6), "客服  ");
        assert_eq!(right("\u{1b}[31m", 6), " \u{fffd}[31m");
        assert_eq!(folded("removed, offline 60s", 15, 2), ["removed,", "offline 60s"]);
        assert_eq!(folded("a very long name of a variant", 8, 2), ["a very", "long na…"]);
        let text = wrapped(&"word ".repeat(40), 2);
        assert!(text.lines().count() > 2 && text.lines().all(|line| line.width() <= WIDTH));
        assert!(wrapped(&"x".repeat(200), 0).width() <= WIDTH);
    }
}
