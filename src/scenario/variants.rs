//! `[[variant]]`: the tree of the base with some keys replaced.
//!
//! A variant has the layout of the file itself. Dotted keys and headers change what they name and
//! leave the rest; a value in braces replaces the whole value. What a variant writes keeps its
//! place in the file, so that errors point there.

use serde_json::{Value as Json, json};

use super::limits;
use super::reader::diagnostic::{Diagnostic, listing, nearest};
use super::reader::tree::{Node, Table, TreeEntry, Value};
use super::reader::{Context, Form, Input};

/// The list of variants; its values are read as parts of plans.
pub(super) struct VariantsForm;

impl Form for VariantsForm {
    type Value = ();

    fn read(&self, input: Input<'_>) -> Option<()> {
        let Some(items) = input.items() else {
            input.refuse("a list of tables, each headed [[variant]]");
            return None;
        };
        if items.len() > limits::VARIANTS {
            let finding = input.error(format!("there are {} variants", items.len()));
            input.context.report(finding.allowed(format!("at most {} variants", limits::VARIANTS)));
        }
        for item in items {
            let Value::Table(table) = &item.node.value else {
                item.refuse("a table");
                continue;
            };
            match table.get("name").map(|node| &node.value) {
                Some(Value::Text(name)) if !name.trim().is_empty() => {}
                Some(_) => item
                    .context
                    .report(item.error("the name of a variant must be a text that is not empty")),
                None => {
                    let mut finding = item.error(format!("`{}.name` is missing", item.path));
                    finding.missing = true;
                    item.context.report(finding.help("every variant needs a name"));
                }
            }
        }
        Some(())
    }

    fn schema(&self) -> Json {
        json!({ "type": "array" })
    }
}

/// The variants that have a name, as far as there may be any.
pub(super) fn written(node: &Node) -> Vec<(String, &Table)> {
    let Value::List(items) = &node.value else { return Vec::new() };
    let named = items.iter().filter_map(|item| match &item.value {
        Value::Table(table) => match table.get("name").map(|node| &node.value) {
            Some(Value::Text(name)) => Some((name.clone(), table)),
            _ => None,
        },
        _ => None,
    });
    named.take(limits::VARIANTS).collect()
}

/// The tree of the base with the keys of a variant laid over it.
pub(super) fn apply(context: &Context, base: &Table, variant: &Table) -> Table {
    let fixed = [OF_THE_FILE.as_slice(), &OF_ALL_VARIANTS].concat();
    laid_over(context, base, variant, &Layer { who: "a variant", fixed: &fixed })
}

/// The tree with the keys of a setting from outside laid over it.
pub(super) fn set(context: &Context, base: &Table, setting: &Table) -> Table {
    let fixed = [OF_THE_FILE.as_slice(), &["name"]].concat();
    laid_over(context, base, setting, &Layer { who: "a setting", fixed: &fixed })
}

/// What is laid over a tree, and what it may not change.
struct Layer<'a> {
    who: &'static str,
    fixed: &'a [&'a str],
}

fn laid_over(context: &Context, base: &Table, variant: &Table, layer: &Layer<'_>) -> Table {
    let mut merged = base.clone();
    merged.entries.retain(|entry| entry.key.text != "variant");
    for entry in &variant.entries {
        match entry.key.text.as_str() {
            key if layer.fixed.contains(&key) => {
                let message = format!("{} cannot change `{key}`", layer.who);
                let finding = Diagnostic::error(&context.source, message);
                context.report(finding.at(entry.key.span.clone()).key(key));
            }
            // That of the variant.
            "name" => {}
            "agents" | "consumers" => {
                let known = known_names(context, base, entry);
                lay(&mut merged, &TreeEntry { node: known, key: entry.key.clone() });
            }
            _ => lay(&mut merged, entry),
        }
    }
    merged
}

/// Reports names that occur twice.
pub(super) fn refuse_duplicates(context: &Context, table: &Table, base: Option<&str>) {
    let mut names: Vec<&str> = base.into_iter().collect();
    let Some(Value::List(items)) = table.get("variant").map(|node| &node.value) else { return };
    for item in items {
        let Value::Table(table) = &item.value else { continue };
        let Some(node) = table.get("name") else { continue };
        let Value::Text(name) = &node.value else { continue };
        if names.contains(&name.as_str()) {
            let finding = Diagnostic::error(
                &context.source,
                format!("there are two variants called `{name}`"),
            );
            let help = "the base is a variant too, called `base` unless the key `base` names it";
            context.report(finding.at(node.span.clone()).key("variant.name").help(help));
        }
        names.push(name);
    }
}

/// JSON Schema of one variant: all keys of the base, none required.
pub(super) fn schema(mut properties: Json) -> Json {
    if let Json::Object(properties) = &mut properties {
        let fixed = |key: &str| OF_THE_FILE.contains(&key) || OF_ALL_VARIANTS.contains(&key);
        properties.retain(|key, _| !fixed(key));
    }
    strip_requirements(&mut properties);
    properties["name"]["description"] = json!("name of the variant");
    json!({
        "type": "object",
        "description": "a variant of the base",
        "properties": properties,
        "required": ["name"],
        "additionalProperties": false,
    })
}

/// The override of a table of names without those names that the base does not have.
fn known_names(context: &Context, base: &Table, entry: &TreeEntry) -> Node {
    let key = entry.key.text.as_str();
    let (Value::Table(written), Some(Value::Table(base))) =
        (&entry.node.value, base.get(key).map(|node| &node.value))
    else {
        return entry.node.clone();
    };
    let mut known = written.clone();
    known.entries.retain(|entry| {
        let name = entry.key.text.as_str();
        if base.get(name).is_some() {
            return true;
        }
        let names = || base.entries.iter().map(|entry| entry.key.text.as_str());
        let help = match nearest(name, names()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if key == "agents" => {
                "describe the group in the base with `count = 0` and give it agents here".to_owned()
            }
            None => "describe the consumers in the base with `arrivals = \"0/h\"` and let \
                 them arrive here"
                .to_owned(),
        };
        let finding = Diagnostic::error(&context.source, format!("the base has no `{key}.{name}`"))
            .at(entry.key.span.clone())
            .key(format!("{key}.{name}"))
            .found("an unknown name")
            .allowed(listing(names()))
            .help(help);
        context.report(finding);
        false
    });
    Node { value: Value::Table(known), span: entry.node.span.clone() }
}

fn lay(base: &mut Table, entry: &TreeEntry) {
    let key = entry.key.text.as_str();
    for group in ALTERNATIVES.iter().filter(|group| group.contains(&key)) {
        base.entries
            .retain(|entry| entry.key.text == key || !group.contains(&entry.key.text.as_str()));
    }
    let Some(present) = base.entries.iter_mut().find(|present| present.key.text == key) else {
        base.entries.push(entry.clone());
        return;
    };
    match (&mut present.node.value, &entry.node.value) {
        (Value::Table(present), Value::Table(written)) if !written.inline => {
            written.entries.iter().for_each(|entry| lay(present, entry));
        }
        _ => *present = entry.clone(),
    }
}

fn strip_requirements(schema: &mut Json) {
    match schema {
        Json::Object(object) => {
            if object.get("required").is_some_and(Json::is_array) {
                object.remove("required");
            }
            object.values_mut().for_each(strip_requirements);
        }
        Json::Array(items) => items.iter_mut().for_each(strip_requirements),
        _ => {}
    }
}

/// Whether a key does not change what is simulated: it says what the file or a variant is, or what is
/// made of all.
pub(super) fn is_of_no_run(key: &str) -> bool {
    key == "name" || OF_THE_FILE.contains(&key) || OF_ALL_VARIANTS.contains(&key)
}

/// Keys that say what the file is.
const OF_THE_FILE: [&str; 6] = ["question", "description", "verdict", "base", "variant", "vary"];

/// Keys that say what is made of all variants together.
const OF_ALL_VARIANTS: [&str; 5] = ["goal", "precision", "compare", "optimize", "stress"];

/// Keys that exclude each other: to set one in a variant drops the others of the base.
const ALTERNATIVES: [&[&str]; 3] = [
    &["shifts", "staffing", "roster"],
    &["skill", "skills"],
    &["rates", "volumes", "csv", "trace", "closed"],
];
