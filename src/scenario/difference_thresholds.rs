//! `[compare]`: from which size on a difference between variants matters.

use serde_json::{Value as Json, json};

use super::reader::forms::{Duration, Number, PERCENTAGE_PATTERN, percentage};
use super::reader::tree::{Node, Value};
use super::reader::{Form, Input, ReaderSection};
use crate::ledger::definitions::{Unit, find};
use crate::ledger::objectives::{DifferenceThreshold, DifferenceThresholds};

/// `[compare]`.
pub(super) fn compare(section: &mut ReaderSection<'_>) -> Option<DifferenceThresholds> {
    Some(DifferenceThresholds::new(|objective| {
        let unit = find(objective.figure).map_or(Unit::Share, |figure| figure.unit);
        let form = DifferenceForm { unit };
        let documentation = format!(
            "a smaller difference of {} does not matter: {}",
            objective.figure.replace('_', " "),
            form.allowed()
        );
        section.value(objective.figure, form, written(objective.threshold), &documentation)
    }))
}

/// A threshold as in a file.
fn written(threshold: DifferenceThreshold) -> Node {
    match threshold {
        DifferenceThreshold::Absolute(difference) => difference.into(),
        DifferenceThreshold::Relative(part) => format!("{}%", part * 100.0).as_str().into(),
    }
}

/// Points of a share; of anything else a part of the base, or a difference in its unit.
struct DifferenceForm {
    unit: Unit,
}

impl DifferenceForm {
    fn allowed(&self) -> &'static str {
        match self.unit {
            Unit::Share => "a number from 0 to 1, where 0.01 is one percentage point",
            Unit::Seconds => {
                "a part of the base, such as \"2%\", or a length of time, such as \"5s\""
            }
            _ => "a part of the base, such as \"2%\", or a number, such as 0.05",
        }
    }
}

impl Form for DifferenceForm {
    type Value = DifferenceThreshold;

    fn read(&self, input: Input<'_>) -> Option<DifferenceThreshold> {
        let threshold = match (&input.node.value, self.unit) {
            (Value::Text(text), Unit::Seconds) if !text.contains('%') => {
                let span = Duration::any().of_text(text);
                span.map(|span| DifferenceThreshold::Absolute(span.as_secs_f64()))
            }
            (Value::Text(text), unit) if unit != Unit::Share => {
                part(text).map(DifferenceThreshold::Relative)
            }
            (Value::Integer(_) | Value::Float(_), Unit::Share) => {
                return Number::between(0.0, 1.0).read(input).map(DifferenceThreshold::Absolute);
            }
            (Value::Integer(_) | Value::Float(_), unit) if unit != Unit::Seconds => {
                return Number::between(0.0, MOST).read(input).map(DifferenceThreshold::Absolute);
            }
            _ => None,
        };
        if threshold.is_none() {
            input.refuse(self.allowed());
        }
        threshold
    }

    fn schema(&self) -> Json {
        let part = json!({ "type": "string", "pattern": PERCENTAGE_PATTERN, "examples": ["2%"] });
        match self.unit {
            Unit::Share => Number::between(0.0, 1.0).schema(),
            Unit::Seconds => json!({ "anyOf": [part, Duration::any().schema()] }),
            _ => json!({ "anyOf": [part, Number::between(0.0, MOST).schema()] }),
        }
    }
}

/// `2%`, `0.5 %`.
fn part(text: &str) -> Option<f64> {
    percentage(text).filter(|part| (0.0..=MOST).contains(part))
}

const MOST: f64 = 1e6;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::ledger::objectives::{DifferenceThreshold, DifferenceThresholds, OBJECTIVES};
    use crate::scenario::{Diagnostics, Source, parse};

    fn thresholds(text: &str) -> Result<DifferenceThresholds, Diagnostics> {
        let text = format!(
            "[compare]\n{text}\n[agents.chat]\ncount = 2\n[consumers.web]\narrivals = '9/h'\n"
        );
        let source = Source { name: "day.toml".to_owned(), text };
        parse(source, Path::new("")).map(|scenario| scenario.thresholds)
    }

    #[test]
    fn a_share_has_points_and_anything_else_parts_or_its_unit() {
        let read = thresholds("abandonment = 0.002\nreassignments = '0.5 %'\nresponse_p90 = '1m'");
        let read = read.unwrap();
        let expected = [
            DifferenceThreshold::Absolute(0.01),
            DifferenceThreshold::Absolute(0.002),
            DifferenceThreshold::Relative(0.005),
            DifferenceThreshold::Absolute(0.01),
            DifferenceThreshold::Absolute(0.01),
            DifferenceThreshold::Relative(0.02),
            DifferenceThreshold::Absolute(60.0),
        ];
        assert_eq!(OBJECTIVES.each_ref().map(|objective| read.of(objective)), expected);
        let of_calls = thresholds("reassignments = 0.25").unwrap().of(&OBJECTIVES[2]);
        assert_eq!(of_calls, DifferenceThreshold::Absolute(0.25));
        assert_eq!(thresholds("").unwrap(), DifferenceThresholds::default());
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_is_allowed() {
        let cases = [
            ("abandonment = '1%'", "where 0.01 is one percentage point"),
            ("abandonment = 5", "a number from 0 to 1"),
            ("response_p90 = 5", "a length of time, such as \"5s\""),
            ("response_p90 = 'x%'", "such as \"2%\""),
            ("reassignments = '5s'", "or a number, such as 0.05"),
            ("reassignments = -1", "a number from 0"),
        ];
        for (text, allowed) in cases {
            let findings = thresholds(text).unwrap_err();
            let found = findings.iter().next().unwrap();
            assert!(found.allowed.as_ref().unwrap().contains(allowed), "{text}: {findings}");
        }
    }
}
