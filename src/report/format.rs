//! Numbers, times, estimates and sizes as texts for people.

use crate::base::calendar::{Calendar, CalendarDay};
use crate::base::time::{Span, Time};
use crate::ledger::definitions::Unit;

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

/// The same of a span.
pub(super) fn span(span: Span) -> String {
    seconds(span.as_secs_f64())
}

/// How many there are.
pub(super) fn whole(count: u64) -> String {
    grouped(&count.to_string())
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

/// `09:05:30`, and from the second day on `day 2 09:05:30`, with thousandths if there are any; of a run
/// with a date `Fri 27 Mar 09:05:30`, and with the distance from UTC where a clock shows it twice.
pub(super) fn clock(calendar: &Calendar, time: Time) -> String {
    written_clock(calendar, time, true)
}

/// Clock time without seconds, if it is one of whole minutes: `09:30`, `day 2 09:30`,
/// `Fri 27 Mar 09:30`.
pub(super) fn clock_of_day(calendar: &Calendar, time: Time) -> String {
    written_clock(calendar, time, false)
}

fn written_clock(calendar: &Calendar, time: Time, always_seconds: bool) -> String {
    let reading = calendar.reading(time);
    let micros = reading.clock.as_micros();
    let (whole, fraction) = (micros / MICROS, micros % MICROS);
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    let is_plain = reading.day.number == 0 && reading.day.date.is_none();
    let mut text = if is_plain { String::new() } else { format!("{} ", day_name(reading.day)) };
    text.push_str(&format!("{hours:02}:{minutes:02}"));
    if always_seconds || seconds != 0 {
        text.push_str(&format!(":{seconds:02}"));
        match (fraction + 500) / 1000 {
            0 => {}
            thousandths => text.push_str(&format!(".{:03}", thousandths.min(999))),
        }
    }
    if let Some(offset) = reading.offset.filter(|_| calendar.is_repeated(&reading)) {
        text.push_str(&format!(" {offset}"));
    }
    text
}

/// `day 2`, or `Fri 27 Mar` if it has a date.
pub(super) fn day_name(day: CalendarDay) -> String {
    match day.date {
        Some(date) => date.strftime("%a %-d %b").to_string(),
        None => format!("day {}", day.number + 1),
    }
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

/// A value in the manner of a unit.
pub(super) fn value_in(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => percent(value),
        Unit::Seconds if value < 0.0 => format!("-{}", seconds(-value)),
        Unit::Seconds => seconds(value),
        _ => number(value),
    }
}

/// Half an interval in the manner of a unit.
pub(super) fn half_in(unit: Unit, half: f64) -> String {
    match unit {
        Unit::Share => format!("{:.1}", half * 100.0),
        Unit::Seconds => seconds(half),
        _ => two_digits(half),
    }
}

/// Decimals that show so many digits of a number.
pub(super) fn decimals_for(value: f64, digits: i32) -> usize {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    let first = libm::floor(libm::log10(value.abs())) as i32;
    usize::try_from(digits - 1 - first).unwrap_or(0)
}

/// A number with so many decimals; nothing is below 0 by less than is shown.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|digit| matches!(digit, b'0' | b'.')) => {
            digits.to_owned()
        }
        _ => text,
    }
}

/// `1 shard`, `2 shards`.
pub(super) fn plural(count: u64, what: &str) -> String {
    format!("{} {what}{}", number(count as f64), if count == 1 { "" } else { "s" })
}

/// Two digits a byte.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A share or a mean of nothing.
pub(super) fn nothing() -> String {
    "–".to_owned()
}

/// How far off a number may be needs no more than two digits.
pub(super) fn two_digits(value: f64) -> String {
    match value {
        0.0 => number(value),
        _ if value >= 10.0 => number(libm::round(value)),
        _ if value >= 1.0 => format!("{value:.1}"),
        _ if value >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Bytes in the unit that suits them.
pub fn bytes(bytes: f64) -> String {
    match bytes {
        ..1e6 => format!("{:.0} kB", bytes / 1e3),
        ..1e9 => format!("{:.0} MB", bytes / 1e6),
        _ => format!("{:.1} GB", bytes / 1e9),
    }
}

/// Bytes of what is measured.
pub(super) fn size(bytes: f64) -> String {
    match bytes {
        ..10_000.0 => format!("{} B", number(libm::round(bytes))),
        ..10_000_000.0 => format!("{} kB", number(libm::round(bytes / 1e3))),
        _ => format!("{} MB", number(libm::round(bytes / 1e6))),
    }
}

/// Seconds in two digits: `340 µs`, `1.2 ms`, `4.5 s`.
pub(super) fn rough(seconds: f64) -> String {
    match seconds {
        ..1e-3 => format!("{:.0} µs", seconds * 1e6),
        ..9.95e-3 => format!("{:.1} ms", seconds * 1e3),
        ..1.0 => format!("{:.0} ms", seconds * 1e3),
        ..99.5 => format!("{seconds:.1} s"),
        _ => format!("{} s", grouped(&format!("{seconds:.0}"))),
    }
}

/// A time that nobody should take to the second.
pub fn time(seconds: f64) -> String {
    let (value, unit) = match seconds {
        ..1.0 => return "under a second".to_owned(),
        ..90.0 => (seconds, "second"),
        ..5400.0 => (seconds / 60.0, "minute"),
        ..172_800.0 => (seconds / 3600.0, "hour"),
        _ => (seconds / 86_400.0, "day"),
    };
    let value = libm::ceil(value);
    let plural = if value == 1.0 { "" } else { "s" };
    format!("about {value} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_not_below_nothing() {
        let written = [-0.3, -0.0, -0.5, -0.7].map(|value| fixed(value, 0));
        assert_eq!(written, ["0", "0", "0", "-1"]);
        assert_eq!([fixed(-0.04, 1), fixed(-0.06, 1)], ["0.0", "-0.1"]);
    }

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
        let starts_at = &Calendar::without_date(Span::from_hours(8));
        assert_eq!(clock(starts_at, Time::from_secs(65)), "08:01:05");
        assert_eq!(clock(starts_at, Time::from_micros(500_000)), "08:00:00.500");
        assert_eq!(clock_of_day(starts_at, Time::from_secs(16 * 3600)), "day 2 00:00");
        let zone = Calendar::zone("Europe/Berlin").expect("is bundled");
        let date = jiff::civil::date(2026, 10, 25);
        let calendar = &Calendar::from_date(date, Span::ZERO, zone).expect("exists");
        let half_past_two = Time::from_secs(9000);
        assert_eq!(clock_of_day(calendar, half_past_two), "Sun 25 Oct 02:30 +02");
        let later = half_past_two + Span::from_secs(3615);
        assert_eq!(clock_of_day(calendar, later), "Sun 25 Oct 02:30:15 +01");
    }
}
