//! When a run started by the clock on the wall, in the time zone of the machine, so that it can be laid
//! beside what other programs recorded.

use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// Now, in the time zone of the machine; in UTC if that is not known.
pub fn wall_clock_now() -> ZonedDateTime {
    let named = std::env::var("TZ").ok();
    let linked = fs::read_link(LINK).ok();
    let zone = zone_name(named.as_deref(), linked.as_deref());
    let zone = zone.and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC);
    ZonedDateTime::new(Timestamp::now(), zone)
}

/// The name of the zone, by the variable that overrules it and the link that says it otherwise.
fn zone_name(variable: Option<&str>, link: Option<&Path>) -> Option<String> {
    if let Some(variable) = variable {
        return Some(variable.trim_start_matches(':').to_owned());
    }
    let link = link?.to_string_lossy().into_owned();
    link.split_once(ZONES).map(|(_, name)| name.to_owned())
}

const LINK: &str = "/etc/localtime";
const ZONES: &str = "/zoneinfo/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_comes_before_the_link() {
        let link = Path::new("/usr/share/zoneinfo/Europe/Berlin");
        let named = |variable, link| zone_name(variable, link);
        assert_eq!(named(None, Some(link)).as_deref(), Some("Europe/Berlin"));
        assert_eq!(named(Some(":Asia/Tokyo"), Some(link)).as_deref(), Some("Asia/Tokyo"));
        assert_eq!(named(None, Some(Path::new("elsewhere"))), None);
        assert!(TimeZone::get("Europe/Berlin").is_ok() && TimeZone::get("").is_err());
    }
}
