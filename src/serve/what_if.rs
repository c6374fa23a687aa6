//! "What if": sliders become a variant, written as text below the scenario.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml_edit::{DocumentMut, Item, TableLike, Value};

use crate::base::time::Span;
use crate::scenario::draft::known_values;

use super::scenario_edit::parsed;

/// How the sliders stand.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Sliders {
    /// Of the variant; made from the sliders if it is empty.
    pub(super) name: String,
    /// Percent of what is written, as all here.
    pub(super) volume: u32,
    pub(super) work: u32,
    pub(super) agents: u32,
    pub(super) patience: u32,
    /// Seconds; as written if left out, never if 0.
    pub(super) timeout_online: Option<u32>,
    pub(super) timeout_away: Option<u32>,
    pub(super) timeout_offline: Option<u32>,
}

/// Which sliders move anything in a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct MovableSliders {
    pub(super) volume: bool,
    pub(super) work: bool,
    pub(super) agents: bool,
    pub(super) patience: bool,
}

impl Default for Sliders {
    fn default() -> Self {
        Self {
            name: String::new(),
            volume: 100,
            work: 100,
            agents: 100,
            patience: 100,
            timeout_online: None,
            timeout_away: None,
            timeout_offline: None,
        }
    }
}

/// A key of the variant and its value as TOML.
type VariantLine = (String, String);

/// What is multiplied.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scaled {
    /// Numbers, and the number at the beginning of a rate.
    Amounts,
    /// Whole numbers of people.
    People,
    /// Durations; all else stays.
    Durations,
}

impl MovableSliders {
    pub(super) fn of(document: &DocumentMut) -> Self {
        let moves = |sliders| !settings(document, &sliders).is_empty();
        let none = Sliders::default();
        Self {
            volume: moves(Sliders { volume: 200, ..none.clone() }),
            work: moves(Sliders { work: 200, ..none.clone() }),
            agents: moves(Sliders { agents: 200, ..none.clone() }),
            patience: moves(Sliders { patience: 200, ..none }),
        }
    }
}

impl Sliders {
    /// The name of the variant.
    pub(super) fn name(&self) -> String {
        if !self.name.trim().is_empty() {
            return self.name.trim().to_owned();
        }
        let shares = [
            ("volume", self.volume),
            ("work", self.work),
            ("agents", self.agents),
            ("patience", self.patience),
        ];
        let shares = shares.iter().filter(|(_, percent)| *percent != 100);
        let shares = shares.map(|(what, percent)| format!("{what} {percent} %"));
        let timeouts =
            self.timeouts().into_iter().map(|(state, timeout)| format!("{state} {timeout}"));
        Vec::from_iter(shares.chain(timeouts)).join(", ")
    }

    fn timeouts(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("online", self.timeout_online),
            ("away", self.timeout_away),
            ("offline", self.timeout_offline),
        ];
        let moved = all.into_iter().filter_map(|(state, seconds)| Some((state, seconds?)));
        let written = moved.map(|(state, seconds)| match seconds {
            0 => (state, "off".to_owned()),
            seconds => (state, written(Span::from_secs(seconds.into()))),
        });
        written.collect()
    }
}

/// The text with the variant of the sliders below it.
///
/// # Errors
///
/// No slider moves anything, there is such a variant already, or the text is no TOML.
pub(super) fn with_variant(text: &str, sliders: &Sliders) -> Result<String, String> {
    let document = parsed(text)?;
    let name = sliders.name();
    if variant_names(&document).contains(&name) {
        return Err(format!("there is a variant `{name}` already: give this one another name"));
    }
    let settings = settings(&document, sliders);
    if settings.is_empty() {
        return Err("no slider has moved anything".to_owned());
    }
    let mut variant = format!("\n[[variant]]\nname = {}\n", Value::from(name));
    for (key, value) in settings {
        variant += &format!("{key} = {value}\n");
    }
    let variant = if text.contains("\r\n") { variant.replace('\n', "\r\n") } else { variant };
    Ok(below(text, &variant))
}

/// A text with a block below it.
fn below(text: &str, block: &str) -> String {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{end}{block}")
}

/// Names of the variants that a text writes.
pub(super) fn variant_names(document: &DocumentMut) -> Vec<String> {
    let variants = document.get("variant").and_then(Item::as_array_of_tables);
    let names = variants.into_iter().flatten().filter_map(|table| table.get("name")?.as_str());
    names.map(str::to_owned).collect()
}

/// The variants of `tried` that `text` does not have, below it.
///
/// # Errors
///
/// One of them is no TOML.
pub(super) fn with_variants_of(text: &str, tried: &str) -> Result<String, String> {
    let known = variant_names(&parsed(text)?);
    let mut whole = text.to_owned();
    for (name, block) in variant_blocks(tried)? {
        if !known.contains(&name) {
            whole = below(&whole, &format!("\n{block}"));
        }
    }
    Ok(whole)
}

/// Each variant that was written by [`with_variant`], with its text.
fn variant_blocks(text: &str) -> Result<Vec<(String, String)>, String> {
    let names = variant_names(&parsed(text)?);
    let starts = text.split("\n[[variant]]").skip(1);
    Ok(names.into_iter().zip(starts.map(|it| format!("[[variant]]{}\n", it.trim_end()))).collect())
}

/// One variant of `tried` below the text.
///
/// # Errors
///
/// There is none, or `text` has one of that name.
pub(super) fn with_kept(text: &str, tried: &str, name: &str) -> Result<String, String> {
    if variant_names(&parsed(text)?).iter().any(|known| known == name) {
        return Err(format!("the scenario has a variant `{name}` already"));
    }
    let found = variant_blocks(tried)?.into_iter().find(|(known, _)| known == name);
    let (_, block) = found.ok_or_else(|| format!("no variant `{name}` was tried"))?;
    Ok(below(text, &format!("\n{block}")))
}

fn settings(document: &DocumentMut, sliders: &Sliders) -> Vec<VariantLine> {
    let mut found = Vec::new();
    let scale = |section: &str, keys: &[&str], how, percent: u32, found: &mut Vec<VariantLine>| {
        if percent == 100 {
            return;
        }
        let parts = document.get(section).and_then(Item::as_table_like);
        for (name, item) in parts.into_iter().flat_map(TableLike::iter) {
            for key in keys {
                if let Some(item) = item.as_table_like().and_then(|part| part.get(key)) {
                    let path = format!("{section}.{}.{key}", bare(name));
                    scaled(&path, item, how, f64::from(percent) / 100.0, found);
                }
            }
        }
    };
    scale("consumers", &["arrivals"], Scaled::Amounts, sliders.volume, &mut found);
    scale("agents", &["reply_time"], Scaled::Durations, sliders.work, &mut found);
    scale("skills", &["reply_time"], Scaled::Durations, sliders.work, &mut found);
    scale("agents", &["count", "staffing"], Scaled::People, sliders.agents, &mut found);
    scale("consumers", &["patience"], Scaled::Durations, sliders.patience, &mut found);
    let timeouts = sliders.timeouts();
    if !timeouts.is_empty() {
        found.push(("unassign.enabled".to_owned(), "true".to_owned()));
    }
    let timeouts = timeouts.into_iter();
    found.extend(
        timeouts.map(|(state, it)| (format!("unassign.timeout.{state}"), format!("\"{it}\""))),
    );
    found
}

/// Keys below which nothing is multiplied: lengths of intervals, names, instants.
const NOT_SCALED: [&str; 8] =
    ["every", "from", "until", "table", "sheet", "busyness", "repeat", "skill"];

fn scaled(path: &str, item: &Item, how: Scaled, times: f64, found: &mut Vec<VariantLine>) {
    if let Some(table) = item.as_table_like() {
        for (key, item) in table.iter().filter(|(key, _)| !NOT_SCALED.contains(key)) {
            scaled(&format!("{path}.{}", bare(key)), item, how, times, found);
        }
    } else if let Some(value) = item.as_value().and_then(|value| scaled_value(value, how, times)) {
        found.push((path.to_owned(), value));
    }
}

/// A value that is another when multiplied, as TOML.
fn scaled_value(value: &Value, how: Scaled, times: f64) -> Option<String> {
    match (value, how) {
        (Value::Array(array), _) => {
            let values = array.iter().map(|value| scaled_value(value, how, times));
            Some(format!("[{}]", Vec::from_iter(values.collect::<Option<Vec<_>>>()?).join(", ")))
        }
        (Value::Integer(number), Scaled::People) => {
            Some(libm::round(*number.value() as f64 * times).to_string())
        }
        (Value::Integer(number), Scaled::Amounts) => Some(amount(*number.value() as f64 * times)),
        (Value::Float(number), Scaled::Amounts | Scaled::People) => {
            Some(amount(*number.value() * times))
        }
        (Value::String(text), Scaled::Amounts) => {
            let (number, unit) = text.value().split_once('/')?;
            let number: f64 = number.trim().parse().ok()?;
            Some(format!("\"{}/{}\"", amount(number * times), unit.trim()))
        }
        (Value::String(text), Scaled::Durations) => {
            let length = known_values::length(text.value()).ok()?;
            let scaled = libm::round(length.as_secs_f64() * times * 10.0) / 10.0;
            Some(format!("\"{}\"", written(Span::from_secs_f64(scaled))))
        }
        _ => None,
    }
}

/// With two decimals at most.
fn amount(value: f64) -> String {
    (libm::round(value * 100.0) / 100.0).to_string()
}

fn written(span: Span) -> String {
    span.to_string().replace(' ', "")
}

/// A key as it is written in a dotted one.
fn bare(key: &str) -> String {
    toml_edit::Key::new(key).display_repr().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Scenario, Source, parse};

    const QUICKSTART: &str = include_str!("../../scenarios/quickstart.toml");
    const RETAIL: &str = include_str!("../../scenarios/retail_day.toml");

    #[test]
    fn sliders_become_a_variant_below_the_text() {
        let sliders = Sliders {
            volume: 120,
            agents: 110,
            work: 80,
            timeout_online: Some(90),
            ..Sliders::default()
        };
        let text = with_variant(QUICKSTART, &sliders).unwrap();
        let expected = format!(
            "{QUICKSTART}\n[[variant]]\nname = \"volume 120 %, work 80 %, agents 110 %, online 1m30s\"\n\
             consumers.web.arrivals = \"72/h\"\nagents.chat.reply_time.lognormal.mean = \"36s\"\n\
             agents.chat.count = 9\nunassign.enabled = true\nunassign.timeout.online = \"1m30s\"\n"
        );
        assert_eq!(text, expected);
        let scenario: Scenario = text.parse().unwrap();
        assert_eq!(scenario.variants.len(), 3);
        assert!(with_variant(&text, &sliders).unwrap_err().contains("already"));
        assert!(with_variant(QUICKSTART, &Sliders::default()).is_err());
    }

    #[test]
    fn volumes_and_staffing_of_a_day_are_multiplied_interval_by_interval() {
        let sliders = Sliders { volume: 150, agents: 50, patience: 200, ..Sliders::default() };
        let text = with_variant(RETAIL, &sliders).unwrap();
        assert!(text.contains("consumers.shopper.arrivals.volumes = [30, 52.5, 75,"), "{text}");
        assert!(text.contains("agents.chat.staffing.agents = [3, 3, 4, 5,"), "{text}");
        assert!(text.contains("consumers.shopper.patience.exponential.mean = \"8m\""), "{text}");
        assert!(!text[RETAIL.len()..].contains("every"), "{text}");
        let source = Source { name: "day.toml".into(), text };
        parse(source, "").unwrap_or_else(|findings| panic!("{findings}"));
    }

    #[test]
    fn what_was_tried_can_be_kept() {
        let one = Sliders { name: "more".to_owned(), agents: 150, ..Sliders::default() };
        let two = Sliders { name: "busy".to_owned(), volume: 150, ..Sliders::default() };
        let tried = with_variant(&with_variant(QUICKSTART, &one).unwrap(), &two).unwrap();
        let kept = with_kept(QUICKSTART, &tried, "busy").unwrap();
        assert_eq!(kept, with_variant(QUICKSTART, &two).unwrap());
        assert!(with_kept(&kept, &tried, "busy").is_err());
        assert!(with_kept(QUICKSTART, &tried, "else").is_err());
        let both = with_variants_of(&kept, &tried).unwrap();
        let names = variant_names(&parsed(&both).unwrap());
        assert_eq!(names, ["after 3m", "busy", "more"]);
    }

    #[test]
    fn a_slider_that_moves_nothing_is_known() {
        let week = include_str!("../../scenarios/week/week.toml");
        let movable = MovableSliders::of(&parsed(week).unwrap());
        assert_eq!(
            movable,
            MovableSliders { volume: false, work: true, agents: true, patience: true }
        );
    }
}
