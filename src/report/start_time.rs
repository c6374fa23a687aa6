//! When something was run, as build servers and other recorders write it.

use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

/// `2026-03-29T14:05:09.250+02:00`: RFC 3339, to the millisecond.
pub(super) fn rfc3339(at: &ZonedDateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// So long after a start.
pub(super) fn after(start: &ZonedDateTime, elapsed: Duration) -> ZonedDateTime {
    let elapsed = SignedDuration::try_from(elapsed).unwrap_or(SignedDuration::ZERO);
    start.checked_add(elapsed).unwrap_or_else(|_| start.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In Berlin clocks went from 2 to 3 on that morning.
    #[test]
    fn a_start_has_the_offset_of_its_zone_also_when_that_changes() {
        let start: ZonedDateTime = "2026-03-29T01:59:59.25[Europe/Berlin]".parse().unwrap();
        assert_eq!(rfc3339(&start), "2026-03-29T01:59:59.250+01:00");
        let later = after(&start, Duration::from_millis(1_500));
        assert_eq!(rfc3339(&later), "2026-03-29T03:00:00.750+02:00");
        let utc: ZonedDateTime = "2026-03-29T00:00:00[UTC]".parse().unwrap();
        assert_eq!(rfc3339(&utc), "2026-03-29T00:00:00.000+00:00");
    }
}
