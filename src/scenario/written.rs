//! What a scenario says key by key, for people who hold two against each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

use super::overrides::{Overrides, Setting};
use super::reader::diagnostic::Source;
use super::reader::tree::{Node, Table, Value};
use super::reader::{Context, join};
use super::side_files::SideFileSource;
use super::variants;

/// The keys that a text, one of its variants and settings from outside write together, dotted, each
/// with its value; what only titles or compares is left out. Empty if the text is no scenario.
pub fn written_keys(text: &str, variant: &str, settings: &[Setting]) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    let Ok(document) = DeTable::parse(text) else { return keys };
    let source = Source { name: String::new(), text: text.to_owned() };
    let Ok((overrides, joined)) = Overrides::new(&source, settings) else { return keys };
    let context = Context::new(Arc::new(joined), SideFileSource::default());
    let base = Table::from_toml(document.get_ref(), text, 0..0);
    let known = base.get("variant").map(variants::written).unwrap_or_default();
    let own = known.into_iter().find(|(name, _)| name == variant);
    let table = match own {
        Some((_, own)) => variants::apply(&context, &base, own),
        None => base.clone(),
    };
    add(&mut keys, "", &overrides.over(&context, &table));
    keys
}

fn add(keys: &mut BTreeMap<String, String>, path: &str, table: &Table) {
    for entry in &table.entries {
        let key = entry.key.text.as_str();
        if path.is_empty() && variants::is_of_no_run(key) {
            continue;
        }
        let path = join(path, key);
        match &entry.node.value {
            Value::Table(inner) => add(keys, &path, inner),
            _ => {
                keys.insert(path, value(&entry.node));
            }
        }
    }
}

fn value(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        _ => node.to_json().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_base_variant_and_settings_together() {
        let text = "name = 'Day'\nrun.until = '8h'\n[agents.chat]\ncount = 3\n\
                    reply_time = { lognormal = { median = '40s', p90 = '2m' } }\n\
                    [[variant]]\nname = 'more'\nagents.chat.count = 4\nunassign.enabled = true\n";
        let setting = Setting::parse("--set", "run.until=9h").unwrap();
        let keys = written_keys(text, "more", &[setting]);
        let keys = Vec::from_iter(keys.iter().map(|(key, value)| format!("{key}={value}")));
        let expected = [
            "agents.chat.count=4",
            "agents.chat.reply_time.lognormal.median=40s",
            "agents.chat.reply_time.lognormal.p90=2m",
            "run.until=9h",
            "unassign.enabled=true",
        ];
        assert_eq!(keys, expected);
        assert_eq!(written_keys(text, "base", &[])["agents.chat.count"], "3");
        assert!(written_keys("no scenario", "base", &[]).is_empty());
    }
}
