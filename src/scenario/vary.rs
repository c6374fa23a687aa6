//! Keys that take several values: `--vary key=from..to/step`, `--vary key,key=value,value`, `[[vary]]`.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::limits;
use super::overrides::{self, Setting};
use super::reader::compound::{InTable, List, OneOrMore};
use super::reader::forms::{Duration, TextForm};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use super::variants;
use super::vary_keys::VaryKeys;

/// An axis of a sweep: a key, or several together, and the values that they take one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vary {
    /// Who asks for it, for messages: `--vary`.
    #[serde(skip)]
    pub origin: String,
    /// What takes the values.
    #[serde(rename = "key")]
    pub keys: VaryKeys,
    /// The values as in a file; quotes around texts may be left out.
    pub values: Vec<String>,
}

/// The value of an axis in one choice of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariedValue {
    /// Who asks for it, for messages: `--vary`.
    pub origin: String,
    /// What takes the value.
    pub keys: VaryKeys,
    /// The value as in a file.
    pub value: String,
}

impl VariedValue {
    /// The value as a setting of each key.
    pub fn settings(&self) -> impl Iterator<Item = Setting> {
        self.keys.iter().map(|key| Setting {
            origin: self.origin.clone(),
            key: key.to_owned(),
            value: self.value.clone(),
        })
    }

    /// `unassign.timeout.{online,away}=90s`.
    pub fn text(&self) -> String {
        format!("{}={}", self.keys.name(), self.value)
    }
}

/// Values that stand on a scale, in their order.
#[derive(Clone, Debug, PartialEq)]
pub enum VaryScale {
    /// Lengths of time, in seconds.
    Seconds(Vec<f64>),
    /// Numbers, and the unit that stands behind each; may be empty.
    Numbers(Vec<f64>, String),
}

impl Vary {
    /// The values as lengths of time, or else as numbers of one unit; `None` if they are neither.
    pub fn scale(&self) -> Option<VaryScale> {
        let span = |text: &String| Some(Duration::any().of_text(text)?.as_secs_f64());
        if let Some(seconds) = self.values.iter().map(span).collect() {
            return Some(VaryScale::Seconds(seconds));
        }
        let (_, unit) = number(self.values.first()?)?;
        let numbers = self.values.iter().map(|text| {
            let (value, own) = number(text)?;
            (own == unit).then_some(value)
        });
        Some(VaryScale::Numbers(numbers.collect::<Option<_>>()?, unit.to_owned()))
    }

    /// What it is called: see [`VaryKeys::name`].
    pub fn name(&self) -> String {
        self.keys.name()
    }

    /// Reads `key=from..to/step`, of numbers with or without a unit or of lengths of time, or
    /// `key=value,value,…`; `key,key=…` for several keys that take the same values together.
    ///
    /// # Errors
    ///
    /// What is wrong, and what is allowed.
    pub fn parse(origin: &str, text: &str) -> Result<Self, String> {
        let Setting { key, value, .. } = Setting::parse(origin, text)
            .map_err(|_| format!("`{origin} {text}` is not of the form {GRAMMAR}"))?;
        let values = match value.split_once("..") {
            Some((from, rest)) => range_of(from, rest)
                .ok_or_else(|| format!("`{value}` is no range: {GRAMMAR}"))??,
            None => listed(&value),
        };
        let keys = VaryKeys::new(listed(&key))?;
        let vary = Self { origin: origin.to_owned(), keys, values };
        vary.checked()
    }

    /// Refuses what cannot be varied over.
    fn checked(self) -> Result<Self, String> {
        for key in self.keys.iter() {
            let parts = overrides::parts(key);
            if parts.first().is_some_and(|first| variants::is_of_no_run(first)) {
                return Err(format!(
                    "`{key}` cannot vary: it tells what the file is, or what is made of all runs together"
                ));
            }
            if parts == ["run", "replications"] {
                return Err(format!(
                    "`{key}` cannot vary: all choices of values are run equally often, as -n says"
                ));
            }
        }
        if self.values.iter().any(String::is_empty) {
            return Err(format!("a value of `{}` is empty", self.name()));
        }
        let twice = |position: &usize| self.values[..*position].contains(&self.values[*position]);
        if let Some(position) = (0..self.values.len()).find(twice) {
            return Err(format!(
                "`{}` takes the value `{}` twice",
                self.name(),
                self.values[position]
            ));
        }
        Ok(self)
    }
}

/// Every choice of values, the last key varying fastest.
///
/// # Errors
///
/// More than two axes, a key on both, or too many choices.
pub fn grid(varies: &[Vary]) -> Result<Vec<Vec<VariedValue>>, String> {
    if varies.len() > DIMENSIONS {
        return Err(format!(
            "at most {DIMENSIONS} keys can vary apart from each other, but {} do; keys that take the \
             same values count as one: {TOGETHER}",
            varies.len()
        ));
    }
    if let [one, other] = varies {
        one.keys.apart_from(&other.keys)?;
    }
    let count = varies.iter().map(|vary| vary.values.len()).product::<usize>();
    if count > limits::POINTS {
        return Err(format!(
            "there would be {count} choices of values; at most {} are allowed",
            limits::POINTS
        ));
    }
    let mut points = vec![Vec::new()];
    for vary in varies {
        let varied = |value: &String| VariedValue {
            origin: vary.origin.clone(),
            keys: vary.keys.clone(),
            value: value.clone(),
        };
        let extended = points.iter().flat_map(|point: &Vec<VariedValue>| {
            vary.values.iter().map(move |value| {
                point.iter().cloned().chain(std::iter::once(varied(value))).collect()
            })
        });
        points = extended.collect();
    }
    Ok(points)
}

/// `[[vary]]`.
pub(super) struct VaryForm;

impl Form for VaryForm {
    type Value = Vec<Vary>;

    fn read(&self, input: Input<'_>) -> Option<Vec<Vary>> {
        let varies = List(InTable(vary)).read(input.clone())?;
        match grid(&varies) {
            Ok(_) => Some(varies),
            Err(message) => {
                input.context.report(input.error(message));
                None
            }
        }
    }

    fn schema(&self) -> Json {
        let mut schema = List(InTable(vary)).schema();
        schema["maxItems"] = json!(DIMENSIONS);
        schema
    }
}

fn vary(section: &mut ReaderSection<'_>) -> Option<Vary> {
    let keys = section.required(
        "key",
        OneOrMore(TextForm),
        "the key, dotted: \"unassign.timeout.online\"; or a list of keys that take the same values",
    );
    let values = section.optional("values", List(Plain), "its values, instead of from, to, step");
    let from = section.optional("from", Plain, "first value: a number or a length of time");
    let to = section.optional("to", Plain, "last value, if a step ends there");
    let step = section.optional("step", Plain, "from one value to the next");
    let error = |section: &ReaderSection<'_>, at: &str, message: String| {
        section.context.report(section.error(at, message));
    };
    let values = match (values, from, to, step) {
        (Some(values), None, None, None) => values,
        (None, Some(from), Some(to), Some(step)) => {
            match range_of(&from, &format!("{to}/{step}")) {
                Some(Ok(values)) => values,
                Some(Err(message)) => {
                    error(section, "step", message);
                    return None;
                }
                None => {
                    let message = "`from`, `to` and `step` must be numbers or lengths of time";
                    error(section, "from", message.to_owned());
                    return None;
                }
            }
        }
        _ => {
            error(section, "", "either `values`, or `from`, `to` and `step`".to_owned());
            return None;
        }
    };
    let keys = keys?.iter().map(|key| key.trim().to_owned()).collect();
    let keys = VaryKeys::new(keys).map_err(|message| error(section, "key", message)).ok()?;
    let place = section.error("key", String::new()).line_column();
    let line = place.map_or_else(String::new, |(line, _)| format!(":{line}"));
    let origin = format!("{}{line}, [[vary]]", section.context.source.name);
    let vary = Vary { origin, keys, values };
    vary.checked().map_err(|message| error(section, "values", message)).ok()
}

/// A single value as its text.
pub(super) struct Plain;

impl Form for Plain {
    type Value = String;

    fn read(&self, input: Input<'_>) -> Option<String> {
        match &input.node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Integer(number) => Some(number.to_string()),
            Value::Float(number) if number.is_finite() => Some(number.to_string()),
            Value::Boolean(flag) => Some(flag.to_string()),
            _ => {
                input.refuse("a text, a number, true or false");
                None
            }
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [{ "type": "string" }, { "type": "number" }, { "type": "boolean" }] })
    }
}

/// The values of `from` and `to/step`; `None` if these are neither numbers of one unit nor lengths
/// of time. A unit may hold a slash itself: `60/h..90/h/10/h`.
fn range_of(from: &str, rest: &str) -> Option<Result<Vec<String>, String>> {
    rest.match_indices('/').find_map(|(slash, _)| {
        let texts = [from, &rest[..slash], &rest[slash + 1..]].map(str::trim);
        numbers(texts).or_else(|| durations(texts))
    })
}

fn numbers(texts: [&str; 3]) -> Option<Result<Vec<String>, String>> {
    let mut parsed = [(0.0, ""); 3];
    for (text, parsed) in texts.iter().zip(&mut parsed) {
        *parsed = number(text)?;
    }
    let [(from, unit), (to, other), (step, another)] = parsed;
    if unit != other || unit != another {
        return None;
    }
    let decimals = |text: &&str| {
        let number = text.strip_suffix(unit).unwrap_or(text);
        number.split_once('.').map_or(0, |(_, decimals)| decimals.len())
    };
    let decimals = texts.iter().map(decimals).max().unwrap_or(0);
    Some(steps(from, to, step).map(|count| {
        let value = |position: usize| from + position as f64 * step;
        (0..=count).map(|position| format!("{:.decimals$}{unit}", value(position))).collect()
    }))
}

fn durations(texts: [&str; 3]) -> Option<Result<Vec<String>, String>> {
    let mut spans = texts.iter().map(|text| Duration::any().of_text(text));
    let (from, to, step) = (spans.next()??, spans.next()??, spans.next()??);
    let count = steps(from.as_secs_f64(), to.as_secs_f64(), step.as_secs_f64());
    Some(count.map(|count| {
        (0..=count as i64).map(|position| (from + step * position).to_string()).collect()
    }))
}

/// A number and the unit behind it.
fn number(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c)));
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    Some((number.parse().ok()?, unit))
}

/// Whole steps from one number to the other.
fn steps(from: f64, to: f64, step: f64) -> Result<usize, String> {
    if step <= 0.0 || to < from {
        return Err("a range goes upwards: from the smaller value to the larger".to_owned());
    }
    // A step that ends at `to` but for rounding does end there.
    let count = libm::floor((to - from) / step + 1e-9);
    if count >= limits::POINTS as f64 {
        return Err(format!("a range has at most {} values", limits::POINTS));
    }
    Ok(count as usize)
}

/// Values between commas; commas inside brackets and quotes belong to the value.
fn listed(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let (mut depth, mut quoted) = (0_usize, None);
    for character in text.chars() {
        match (character, quoted) {
            ('"' | '\'', None) => quoted = Some(character),
            (_, Some(quote)) if character == quote => quoted = None,
            ('{' | '[', None) => depth += 1,
            ('}' | ']', None) => depth = depth.saturating_sub(1),
            _ => {}
        }
        match values.last_mut() {
            Some(value) if character != ',' || depth > 0 || quoted.is_some() => {
                value.push(character);
            }
            _ => values.push(String::new()),
        }
    }
    values.iter().map(|value| value.trim().to_owned()).collect()
}

const DIMENSIONS: usize = 2;
const GRAMMAR: &str = "KEY=FROM..TO/STEP or KEY=VALUE,VALUE,…";
const TOGETHER: &str = "KEY,KEY=VALUES";

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        Vary::parse("--vary", text).unwrap().values
    }

    #[test]
    fn ranges_count_in_their_own_unit_and_end_where_a_step_does() {
        let cases: [(&str, &[&str]); 7] = [
            ("a=3..5/1", &["3", "4", "5"]),
            ("a=0.1..0.3/0.1", &["0.1", "0.2", "0.3"]),
            ("a=60s..150s/30s", &["60s", "90s", "120s", "150s"]),
            ("a=30s..2m/45s", &["30s", "1m 15s", "2m"]),
            ("a = 60/h..80/h/10/h", &["60/h", "70/h", "80/h"]),
            ("a=1..2/3", &["1"]),
            ("a=-1..1/1", &["-1", "0", "1"]),
        ];
        for (text, expected) in cases {
            assert_eq!(values(text), expected, "{text}");
        }
    }

    #[test]
    fn lists_keep_the_commas_inside_their_values() {
        assert_eq!(values("a=60s, 90s,off"), ["60s", "90s", "off"]);
        let texts = [r#"{ uniform = { min = "1s", max = "2s" } }"#, r#""a,b""#];
        assert_eq!(values(&format!("a={}", texts.join(","))), texts);
    }

    #[test]
    fn values_of_one_unit_stand_on_a_scale() {
        let scale = |text| Vary::parse("--vary", text).unwrap().scale();
        assert_eq!(scale("a=90s,2m"), Some(VaryScale::Seconds(vec![90.0, 120.0])));
        assert_eq!(
            scale("a=60/h,90.5/h"),
            Some(VaryScale::Numbers(vec![60.0, 90.5], "/h".to_owned()))
        );
        assert_eq!(scale("a=3,-1"), Some(VaryScale::Numbers(vec![3.0, -1.0], String::new())));
        assert_eq!([scale("a=60s,off"), scale("a=60/h,1/s"), scale("a=x")], [None, None, None]);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_is_allowed() {
        let cases = [
            ("a", "is not of the form KEY=FROM..TO/STEP or KEY=VALUE"),
            ("=3", "is not of the form"),
            ("a=1..5", "is no range"),
            ("a=1..5m/1", "is no range"),
            ("a=x..y/z", "is no range"),
            ("a=5..1/1", "goes upwards"),
            ("a=1..5/0", "goes upwards"),
            ("a=1..1e9/1", "is no range"),
            ("a=1..1000000/1", "at most 400 values"),
            ("a=1,,2", "is empty"),
            ("a=1,2,1", "takes the value `1` twice"),
            ("a,,b=1", "a key of `a,,b` is empty"),
            ("a,b,a=1", "`a` varies twice"),
        ];
        for (text, message) in cases {
            let error = Vary::parse("--vary", text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn linked_keys_are_one_axis_on_which_all_have_the_same_value() {
        let vary = Vary::parse("--vary", "a.online, a.away=1m..3m/1m").unwrap();
        assert_eq!((vary.name().as_str(), vary.values.len()), ("a.{online,away}", 3));
        let grid = grid(&[vary, Vary::parse("--vary", "b=1,2").unwrap()]).unwrap();
        let settings = grid[3].iter().flat_map(VariedValue::settings);
        let settings = Vec::from_iter(settings.map(|setting| setting.text()));
        assert_eq!(
            (grid.len(), settings),
            (6, ["a.online=2m", "a.away=2m", "b=2"].map(str::to_owned).to_vec())
        );
    }

    #[test]
    fn a_grid_has_every_choice_with_the_last_key_fastest() {
        let vary = |text| Vary::parse("--vary", text).unwrap();
        let grid_of = |varies: &[Vary]| {
            grid(varies).map(|grid| {
                let texts =
                    grid.iter().map(|point| Vec::from_iter(point.iter().map(VariedValue::text)));
                Vec::from_iter(texts.map(|texts| texts.join(" ")))
            })
        };
        let points = grid_of(&[vary("a=1,2"), vary("b=x,y")]).unwrap();
        assert_eq!(points, ["a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y"]);
        let three = [vary("a=1,2"), vary("b=1"), vary("c=1")];
        assert!(grid_of(&three).unwrap_err().contains("at most 2 keys"));
        assert!(grid_of(&[vary("a=1"), vary("a=2")]).unwrap_err().contains("varies twice"));
        let large = [vary("a=1..21/1"), vary("b=1..20/1")];
        assert!(grid_of(&large).unwrap_err().contains("420 choices"));
    }
}
