//! Rates of arrivals as they are written.

use serde_json::{Value as Json, json};

use super::reader::forms::Number;
use super::reader::tree::Value;
use super::reader::{Form, Input};

/// Consumers an hour, written with a unit.
pub(super) struct Rate;

impl Form for Rate {
    type Value = f64;

    fn read(&self, input: Input<'_>) -> Option<f64> {
        let rate = match &input.node.value {
            Value::Text(text) => rate_of(text),
            _ => None,
        };
        let help = match &input.node.value {
            Value::Integer(number) => Some(format!("write the unit: \"{number}/h\"")),
            Value::Float(number) if number.is_finite() => {
                Some(format!("write the unit: \"{number}/h\""))
            }
            _ => None,
        };
        if rate.is_none() {
            let allowed =
                "a rate such as \"120/h\", per s, min, h or day, from 0 to ten million a second";
            input.refuse_with_help(allowed, help);
        }
        rate
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "pattern": RATE_PATTERN, "examples": ["120/h", "2/min"] })
    }
}

fn rate_of(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once('/')?;
    let number: f64 = number.trim().parse().ok()?;
    let an_hour = match unit.trim() {
        "s" => 3600.0,
        "min" => 60.0,
        "h" => 1.0,
        "day" => 1.0 / 24.0,
        _ => return None,
    };
    let per_hour = number * an_hour;
    (0.0..=MOST_PER_HOUR).contains(&per_hour).then_some(per_hour)
}

/// A rate in a list of rates: the unit may be left out.
pub(super) struct OwnRate;

impl Form for OwnRate {
    type Value = f64;

    fn read(&self, input: Input<'_>) -> Option<f64> {
        match &input.node.value {
            Value::Text(_) => Rate.read(input),
            _ => Number::between(0.0, MOST_PER_HOUR).read(input),
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [Number::between(0.0, MOST_PER_HOUR).schema(), Rate.schema()] })
    }
}

const MOST_PER_HOUR: f64 = super::limits::RATE_PER_SECOND * 3600.0;
const RATE_PATTERN: &str = r"^\s*[0-9.eE+]+\s*/\s*(s|min|h|day)\s*$";
