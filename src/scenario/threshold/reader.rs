//! A threshold as it is written: a measure, a comparison and a limit.

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use super::{Dimension, Measure, Operator, Statistic, SystemMeasure, Threshold};
use crate::ledger::definitions::FIGURES;
use crate::ledger::measures::{Count, Timing};
use crate::scenario::reader::diagnostic::{listing, nearest};
use crate::scenario::reader::tree::Value;
use crate::scenario::reader::{Form, Input};

/// `p99(deadline_lateness) < 10ms`.
pub(crate) struct ThresholdForm;

impl Form for ThresholdForm {
    type Value = Threshold;

    fn read(&self, input: Input<'_>) -> Option<Threshold> {
        let Value::Text(text) = &input.node.value else {
            input.refuse(ALLOWED);
            return None;
        };
        match threshold(text) {
            Ok(threshold) => Some(threshold),
            Err(error) => {
                report(&input, text, error);
                None
            }
        }
    }

    fn schema(&self) -> Json {
        let examples = ["p99(deadline_lateness) < 10ms", "refused == 0", "rate(opened) >= 900/s"];
        json!({ "type": "string", "minLength": 1, "examples": examples })
    }
}

/// What is wrong with a threshold.
pub(super) struct ThresholdError<'a> {
    /// The part of the text that is to blame.
    part: &'a str,
    pub(super) message: String,
    allowed: String,
    help: Option<String>,
}

impl<'a> ThresholdError<'a> {
    fn new(part: &'a str, message: String, allowed: impl Into<String>) -> Self {
        Self { part, message, allowed: allowed.into(), help: None }
    }

    fn meant(mut self, meant: Option<String>) -> Self {
        self.help = meant.map(|meant| format!("did you mean `{meant}`?"));
        self
    }
}

/// Marks the part that is to blame, if it stands in the file as it was read.
fn report(input: &Input<'_>, text: &str, error: ThresholdError<'_>) {
    let mut finding = input.error(error.message).allowed(error.allowed);
    finding.help = error.help;
    let offset = error.part.as_ptr() as usize - text.as_ptr() as usize;
    let start = input.node.span.start + 1 + offset;
    let span = start..start + error.part.len();
    if input.context.source.text.get(span.clone()) == Some(error.part) && !error.part.is_empty() {
        finding = finding.at(span);
    }
    input.context.report(finding);
}

/// A threshold in its parts.
struct ThresholdParts<'a> {
    measure: &'a str,
    stage: Option<&'a str>,
    operator: Operator,
    limit: &'a str,
}

impl<'a> ThresholdParts<'a> {
    /// `None` if nothing is compared.
    fn of(text: &'a str) -> Option<Self> {
        let Some((measure, rest)) = text.split_once(STAGE) else {
            let (measure, operator, limit) = compared(text)?;
            return Some(Self { measure, stage: None, operator, limit });
        };
        // A name in quotes may hold any sign.
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|first| ['"', '\''].contains(first));
        let quoted = quote.and_then(|quote| rest[1..].split_once(quote));
        let (stage, operator, limit) = match quoted {
            Some((stage, rest)) => {
                let (_, operator, limit) =
                    compared(rest).filter(|(before, ..)| before.is_empty())?;
                (stage, operator, limit)
            }
            None => compared(rest)?,
        };
        Some(Self { measure: measure.trim(), stage: Some(stage), operator, limit })
    }
}

/// What stands before the first sign, the sign, and what stands behind it.
fn compared(text: &str) -> Option<(&str, Operator, &str)> {
    let found = Operator::ALL.into_iter().filter_map(|operator| {
        let (measure, limit) = text.split_once(operator.sign())?;
        Some((measure.len(), operator, measure.trim(), limit.trim()))
    });
    // The first sign, and of those that start there the longest.
    let (_, operator, measure, limit) = found.min_by_key(|&(position, ..)| position)?;
    Some((measure, operator, limit))
}

pub(super) fn threshold(text: &str) -> Result<Threshold, ThresholdError<'_>> {
    let Some(parts) = ThresholdParts::of(text) else {
        let message = "a threshold compares a measure with a limit".to_owned();
        return Err(ThresholdError::new(text, message, ALLOWED));
    };
    let ThresholdParts { measure: what, stage, operator, limit } = parts;
    let measure = read_measure(what)?;
    if stage.is_some() && !measure.is_known_by_stage() {
        let message = format!("`{what}` is known of the whole run only");
        return Err(ThresholdError::new(what, message, OF_A_STAGE));
    }
    let dimension = measure.dimension();
    let written = limit.trim_matches(['"', '\'']).trim();
    let Some(value) = self::limit(dimension, written) else {
        let message = format!("`{what}` cannot be compared with `{limit}`");
        let part = if limit.is_empty() { text } else { limit };
        return Err(ThresholdError::new(part, message, dimension.allowed()));
    };
    if operator == Operator::Equal && !measure.is_whole() {
        let message = format!("`{what}` is measured, and never exactly `{written}`");
        return Err(ThresholdError::new(text, message, "one of `<`, `<=`, `>`, `>=`"));
    }
    if let Some(always) = foregone(operator, value, dimension.most()) {
        let met = if always { "always" } else { "never" };
        let message = format!("`{}` is {met} met", text.trim());
        let allowed = match dimension {
            Dimension::Share => "a comparison that can be met and missed; values are from 0 to 1",
            _ => "a comparison that can be met and missed; values are not negative",
        };
        return Err(ThresholdError::new(text, message, allowed));
    }
    let (stage, written) = (stage.map(str::to_owned), written.to_owned());
    Ok(Threshold { measure, stage, operator, limit: value, written })
}

/// Whether a comparison is met whatever the value, or missed; values go from 0 to `most`.
fn foregone(operator: Operator, limit: f64, most: f64) -> Option<bool> {
    let (never, always) = match operator {
        Operator::Below => (limit <= 0.0, limit > most),
        Operator::AtMost => (false, limit >= most),
        Operator::Above => (limit >= most, false),
        Operator::AtLeast => (limit > most, limit <= 0.0),
        Operator::Equal => (limit > most, false),
    };
    if never { Some(false) } else { always.then_some(true) }
}

fn read_measure(text: &str) -> Result<Measure, ThresholdError<'_>> {
    if let Some((of, rest)) = text.split_once('(')
        && let Some(name) = rest.strip_suffix(')')
    {
        let (of, name) = (of.trim(), name.trim());
        return if of == RATE { rate(name) } else { of_timing(of, name) };
    }
    if let Some(count) = Count::find(text) {
        return Ok(Measure::Count(count));
    }
    if let Some(system) = SystemMeasure::ALL.into_iter().find(|system| system.name() == text) {
        return Ok(Measure::System(system));
    }
    if let Some(figure) = FIGURES.iter().find(|figure| figure.name == text) {
        return Ok(Measure::Figure(figure.name));
    }
    if let Some(timing) = Timing::find(text) {
        let message = format!("`{text}` is a histogram: which value of it is meant?");
        let meant = format!("p99({})", timing.name());
        return Err(ThresholdError::new(text, message, STATISTICS).meant(Some(meant)));
    }
    Err(unknown(text))
}

fn unknown(text: &str) -> ThresholdError<'_> {
    let meant = nearest(text, names());
    let is_timing = |name: &&str| timings().any(|timing| timing == *name);
    let meant = meant.map(|name| match Some(name).filter(is_timing) {
        Some(timing) => format!("p99({timing})"),
        None => name.to_owned(),
    });
    let allowed = format!(
        "a value of a histogram such as `p99(deadline_lateness)`, a rate such as `rate(opened)`, \
         one of {}, or a figure of the scenario such as `abandonment`",
        listing(counts().chain(systems()))
    );
    ThresholdError::new(text, format!("there is no measure `{text}`"), allowed).meant(meant)
}

fn rate(name: &str) -> Result<Measure, ThresholdError<'_>> {
    Count::find(name).map(Measure::Rate).ok_or_else(|| {
        let message = format!("there is no rate of `{name}`");
        let meant = nearest(name, counts()).map(|name| format!("{RATE}({name})"));
        ThresholdError::new(name, message, format!("one of {}", listing(counts()))).meant(meant)
    })
}

fn of_timing<'a>(of: &'a str, name: &'a str) -> Result<Measure, ThresholdError<'a>> {
    let Some(statistic) = statistic(of) else {
        let message = format!("`{of}` is no value of a histogram");
        let meant = nearest(of, ["mean", "max", RATE]).map(|meant| format!("{meant}({name})"));
        return Err(ThresholdError::new(of, message, STATISTICS).meant(meant));
    };
    Timing::find(name).map(|timing| Measure::Timing(statistic, timing)).ok_or_else(|| {
        let message = format!("there is no histogram `{name}`");
        let known = names().any(|known| known == name);
        let meant = match known {
            true => Some(name.to_owned()),
            false => nearest(name, timings()).map(|timing| format!("{of}({timing})")),
        };
        ThresholdError::new(name, message, format!("one of {}", listing(timings()))).meant(meant)
    })
}

/// `mean`, `max`, `p50`, `p99.9`.
fn statistic(text: &str) -> Option<Statistic> {
    match text {
        "mean" => Some(Statistic::Mean),
        "max" => Some(Statistic::Max),
        _ => {
            let percent: f64 = text.strip_prefix('p')?.parse().ok()?;
            (percent > 0.0 && percent < 100.0).then_some(Statistic::Percentile(percent))
        }
    }
}

/// The limit that a text names, in the base unit.
pub(super) fn limit(dimension: Dimension, text: &str) -> Option<f64> {
    let (number, unit) = {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        (text[..end].parse::<f64>().ok().filter(|number| number.is_finite()), text[end..].trim())
    };
    match dimension {
        Dimension::Time => {
            let duration: SignedDuration = text.parse().ok()?;
            (!duration.is_negative()).then(|| duration.as_secs_f64())
        }
        Dimension::Count => number.filter(|number| unit.is_empty() && number.fract() == 0.0),
        Dimension::Number => number.filter(|_| unit.is_empty()),
        Dimension::Rate => number.filter(|_| unit == "/s"),
        Dimension::Share => match unit {
            "" => number.filter(|share| *share <= 1.0),
            "%" => number.filter(|percent| *percent <= 100.0).map(|percent| percent / 100.0),
            _ => None,
        },
        Dimension::Memory => {
            let units = [("B", 1.0), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9)];
            let (_, bytes) = units.into_iter().find(|(name, _)| *name == unit)?;
            number.map(|number| number * bytes)
        }
    }
}

fn timings() -> impl Iterator<Item = &'static str> {
    Timing::ALL.into_iter().map(Timing::name)
}

fn counts() -> impl Iterator<Item = &'static str> {
    Count::ALL.into_iter().map(Count::name)
}

fn systems() -> impl Iterator<Item = &'static str> {
    SystemMeasure::ALL.into_iter().map(SystemMeasure::name)
}

/// Everything that can be measured.
fn names() -> impl Iterator<Item = &'static str> {
    let figures = FIGURES.iter().map(|figure| figure.name);
    timings().chain(counts()).chain(systems()).chain(figures)
}

const RATE: &str = "rate";
/// Before the name of a stage.
const STAGE: char = '@';
const OF_A_STAGE: &str = "a value of a histogram, a count or a rate";
const STATISTICS: &str = "`mean(…)`, `max(…)`, or what so many percent do not exceed: `p50(…)`, \
                          `p99(…)`, `p99.9(…)`";
const ALLOWED: &str = "a text such as \"p99(deadline_lateness) < 10ms\", \"refused == 0\", \
                       \"rate(opened) >= 900/s\" or \"abandonment <= 5%\"";

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::{Diagnostics, Source, parse};

    fn thresholds(list: &str) -> Result<Vec<Threshold>, Diagnostics> {
        let text = format!(
            "[stress]\nthresholds = [{list}]\n[agents.chat]\n[consumers.web]\narrivals = '9/h'\n"
        );
        let source = Source { name: "day.toml".to_owned(), text };
        parse(source, Path::new("")).map(|scenario| scenario.stress.thresholds)
    }

    #[test]
    fn every_kind_of_measure_is_read_with_its_unit() {
        let list = r#""p99.9(deadline_lateness)<10ms", 'mean(admission) <= "2s"', "refused == 0",
            "rate(opened)>= 900/s", "dead==0", "memory_per_timer <= 32 B", "memory < 1.5GB",
            "abandonment <= 5%", "service_level > 0.8", "first_response_p90 < 2m", "open_max < 12.5",
            "max(router_handler) < 500us""#;
        let read = thresholds(list).unwrap();
        let shown = Vec::from_iter(read.iter().map(ToString::to_string));
        let expected = [
            ("p99.9(deadline_lateness) < 10ms", 0.01),
            ("mean(admission) <= 2s", 2.0),
            ("refused == 0", 0.0),
            ("rate(opened) >= 900/s", 900.0),
            ("dead == 0", 0.0),
            ("memory_per_timer <= 32 B", 32.0),
            ("memory < 1.5GB", 1.5e9),
            ("abandonment <= 5%", 0.05),
            ("service_level > 0.8", 0.8),
            ("first_response_p90 < 2m", 120.0),
            ("open_max < 12.5", 12.5),
            ("max(router_handler) < 500us", 0.0005),
        ];
        assert_eq!(shown, expected.map(|(text, _)| text));
        assert_eq!(Vec::from_iter(read.iter().map(|read| read.limit)), expected.map(|(_, l)| l));
        assert_eq!(read[0].measure.dimension(), Dimension::Time);
        assert!(read[0].is_met_by(0.0099) && !read[0].is_met_by(0.01));
        let text = "[agents.chat]\n[consumers.web]\narrivals = '9/h'\n[stress]\n\
                    thresholds = ['p99(admission) @ \"a <= b\"<1s', 'rate(opened)@ stage 2 > 9/s', \
                    'open_at_end == 0', 'not_recovered == 0']\n\
                    [[stress.fault]]\nat = '0s'\nstall = '1s'\n\
                    [[stress.stage]]\nname = 'a <= b'\nfor = '1s'\npace = 1\n\
                    [[stress.stage]]\nfor = '1s'\npace = 1\n";
        let source = Source { name: "day.toml".to_owned(), text: text.to_owned() };
        let of_stages = parse(source, Path::new("")).unwrap().stress.thresholds;
        let shown = Vec::from_iter(of_stages.iter().map(ToString::to_string));
        let expected = ["p99(admission) @ \"a <= b\" < 1s", "rate(opened) @ \"stage 2\" > 9/s"];
        assert_eq!(shown[..2], expected);
        assert!(read[1].is_met_by(2.0) && !read[2].is_met_by(1.0) && read[3].is_met_by(900.0));
    }

    #[test]
    fn what_makes_no_sense_is_refused_where_it_stands() {
        // Threshold, what is marked, message, allowed, help.
        let cases = [
            (
                "p99(deadline_latenes) < 1s",
                "deadline_latenes",
                "no histogram",
                "`admission`",
                "`p99(deadline_lateness)`",
            ),
            (
                "deadline_lateness < 1s",
                "deadline_lateness",
                "which value",
                "`mean(…)`",
                "`p99(deadline_lateness)`",
            ),
            ("p99(refused) < 1s", "refused", "no histogram", "one of", "`refused`"),
            ("p100(admission) < 1s", "p100", "no value of a histogram", "`p99(…)`", ""),
            ("refuse == 0", "refuse", "no measure `refuse`", "`rate(opened)`", "`refused`"),
            ("abandonmet < 1%", "abandonmet", "no measure", "`abandonment`", "`abandonment`"),
            ("rate(open) > 9/s", "open", "no rate", "`opened`", "`rate(opened)`"),
            ("p99(admission) < 10", "10", "cannot be compared", "such as 10ms", ""),
            ("p99(admission) < 5%", "5%", "cannot be compared", "length of time", ""),
            ("refused < 0.5", "0.5", "cannot be compared", "a whole number", ""),
            ("memory < 300", "300", "cannot be compared", "B, kB", ""),
            ("rate(opened) > 900", "900", "cannot be compared", "900/s", ""),
            ("abandonment < 500%", "500%", "cannot be compared", "a share", ""),
            ("refused < 0", "refused < 0", "never met", "not negative", ""),
            ("refused >= 0", "refused >= 0", "always met", "can be met and missed", ""),
            ("abandonment <= 100%", "abandonment <= 100%", "always met", "from 0 to 1", ""),
            ("p99(admission) == 3ms", "p99(admission) == 3ms", "never exactly", "`<=`", ""),
            ("refused", "refused", "compares a measure with a limit", "refused == 0", ""),
            ("refused <", "refused <", "cannot be compared", "a whole number", ""),
            ("dead @ \"hold\" == 0", "dead", "of the whole run only", "a count or a rate", ""),
            ("open_max == 3", "open_max == 3", "never exactly", "`<=`", ""),
        ];
        for (text, marked, message, allowed, help) in cases {
            let findings = thresholds(&format!("'{text}'")).unwrap_err();
            let found = findings.iter().next().unwrap();
            assert_eq!(found.marked_text(), Some(marked), "{text}: {findings}");
            assert_eq!(found.path, "stress.thresholds[0]", "{text}");
            assert!(found.message.contains(message), "{text}: {findings}");
            assert!(found.allowed.as_ref().unwrap().contains(allowed), "{text}: {findings}");
            assert!(found.help.as_deref().unwrap_or("").contains(help), "{text}: {findings}");
        }
        let of = |thresholds: &str, rest: &str| {
            let text = format!(
                "[agents.chat]\n[consumers.web]\narrivals = '9/h'\n\
                 [stress]\nthresholds = ['{thresholds}']\n{rest}"
            );
            let source = Source { name: "day.toml".to_owned(), text };
            parse(source, Path::new("")).unwrap_err().to_string()
        };
        let stages = "[[stress.stage]]\nname = 'a < b'\nfor = '1s'\npace = 1\n";
        let found = of("refused @ \"a < c\" == 0", stages);
        assert!(found.contains("a stage that there is not"), "{found}");
        assert!(found.contains("did you mean `a < b`?"), "{found}");
        assert!(of("refused @ hold == 0", "").contains("there are no stages"));
        assert!(of("refused == 0", &stages.repeat(2)).contains("two stages are called `a < b`"));
        assert!(of("recovery < 5s", "").contains("is of faults, and there are none"));
        let other = of("refused == 0", &format!("for = '2s'\n{stages}"));
        assert!(other.contains("the load lasts as long as its stages"), "{other}");
        assert!(thresholds("7").unwrap_err().to_string().contains("a text such as"));
    }
}
