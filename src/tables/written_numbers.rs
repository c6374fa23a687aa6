//! How a file writes numbers and lengths of time. Only proof decides, over the whole file.

use super::cells::Place;
use super::finding::TableFinding;
use super::headings::seconds_of_unit;
use super::table_options::DecimalMark;

/// A text and where it stands.
pub(super) struct Written<'a> {
    pub(super) text: &'a str,
    pub(super) place: Place,
}

/// A choice, and why.
pub(super) struct Decided<T> {
    pub(super) choice: T,
    pub(super) why: Option<String>,
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\'' && *c != '’').collect()
}

fn proven_mark(text: &str) -> Option<DecimalMark> {
    let text = bare(text);
    let (point, comma) = (text.rfind('.'), text.rfind(','));
    let other = |mark| if mark == '.' { DecimalMark::Comma } else { DecimalMark::Point };
    match (point, comma) {
        (Some(point), Some(comma)) => Some(other(if point > comma { ',' } else { '.' })),
        (None, None) => None,
        (at, _) => {
            let mark = if at.is_some() { '.' } else { ',' };
            let parts = Vec::from_iter(text.trim_start_matches('-').split(mark));
            let is_grouped = parts[1..].iter().all(|part| part.len() == 3);
            let itself = if mark == '.' { DecimalMark::Point } else { DecimalMark::Comma };
            match parts.len() {
                2 if !is_grouped || parts[0].len() > 3 || parts[0] == "0" => Some(itself),
                2 => None,
                _ => Some(other(mark)),
            }
        }
    }
}

/// What stands before fractions.
pub(super) fn decimal_mark(
    cells: &[Written<'_>],
    wanted: Option<DecimalMark>,
) -> Result<Decided<DecimalMark>, TableFinding> {
    if let Some(choice) = wanted {
        return Ok(Decided { choice, why: Some("as the scenario says".into()) });
    }
    let numbers = || {
        cells.iter().filter(|cell| cell.text.starts_with(|c: char| c.is_ascii_digit() || c == '-'))
    };
    let proof = |mark| numbers().find(|cell| proven_mark(cell.text) == Some(mark));
    let (point, comma) = (proof(DecimalMark::Point), proof(DecimalMark::Comma));
    let help = "say what stands before the fraction: `decimal = \",\"` or `decimal = \".\"`";
    let why = |cell: &Written<'_>| Some(format!("{} in {}", cell.text, cell.place));
    match (point, comma) {
        (Some(point), Some(comma)) => Err(TableFinding::error(format!(
            "numbers with a decimal point ({}, {}) and with a decimal comma ({}, {})",
            point.text, point.place, comma.text, comma.place
        ))
        .at(&comma.place)
        .found(comma.text)
        .help(help)),
        (Some(cell), None) => Ok(Decided { choice: DecimalMark::Point, why: why(cell) }),
        (None, Some(cell)) => Ok(Decided { choice: DecimalMark::Comma, why: why(cell) }),
        (None, None) => match numbers().find(|cell| cell.text.contains(['.', ','])) {
            Some(cell) => Err(TableFinding::error("a number that may be thousands or a fraction")
                .at(&cell.place)
                .found(cell.text)
                .help(help)),
            None => Ok(Decided { choice: DecimalMark::Point, why: None }),
        },
    }
}

/// A number.
pub(super) fn number(text: &str, mark: DecimalMark) -> Option<f64> {
    let (point, group) = if mark == DecimalMark::Point { ('.', ',') } else { (',', '.') };
    let plain = bare(text);
    let whole = plain.split(point).next().unwrap_or_default().trim_start_matches('-');
    let groups = Vec::from_iter(whole.split(group));
    let is_grouped = groups.len() == 1
        || (groups[0].len() <= 3 && groups[1..].iter().all(|part| part.len() == 3));
    let is_plain =
        plain.chars().all(|c| c.is_ascii_digit() || c == point || c == group || c == '-');
    if !is_grouped || !is_plain {
        return None;
    }
    plain.replace(group, "").replace(point, ".").parse().ok()
}

/// Seconds of a length of time with a unit, `3 min`, or as `0:03:00`.
pub(super) fn length(text: &str, mark: DecimalMark) -> Option<f64> {
    if text.matches(':').count() == 2 {
        let parts = text.split(':').map(|part| part.trim().parse::<u32>().ok());
        let parts = parts.collect::<Option<Vec<_>>>()?;
        let is_clock = parts[1] < 60 && parts[2] < 60;
        return is_clock.then(|| f64::from(parts[0] * 3600 + parts[1] * 60 + parts[2]));
    }
    let mut seconds = 0.0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let letters = rest.find(char::is_alphabetic)?;
        let behind = rest[letters..].find(|c: char| !c.is_alphabetic());
        let end = behind.map_or(rest.len(), |behind| letters + behind);
        let unit = match rest[letters..end].to_lowercase().as_str() {
            "m" => 60.0,
            unit => seconds_of_unit(unit)?,
        };
        seconds += number(&rest[..letters], mark).filter(|number| *number >= 0.0)? * unit;
        rest = rest[end..].trim_start();
    }
    (!text.trim().is_empty()).then_some(seconds)
}
