//! Sizes for people: `1.4 GB`, `3 minutes`.

/// Bytes in the unit that suits them.
pub fn bytes(bytes: f64) -> String {
    match bytes {
        ..1e6 => format!("{:.0} kB", bytes / 1e3),
        ..1e9 => format!("{:.0} MB", bytes / 1e6),
        _ => format!("{:.1} GB", bytes / 1e9),
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
