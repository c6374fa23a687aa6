//! Changes of single values of a scenario's text. Comments, order and layout stay, and only the lines
//! that are meant change.

use schemars::JsonSchema;
use serde::Deserialize;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::form_fields::FieldStep;

/// A value to be changed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldEdit {
    pub(super) path: Vec<FieldStep>,
    /// As it is typed; numbers of a grid with white space between them.
    pub(super) value: String,
}

/// The text with its values changed.
///
/// # Errors
///
/// It is no TOML, or there is no place for a value.
pub(super) fn edited(text: &str, edits: &[FieldEdit]) -> Result<String, String> {
    let mark = text.strip_prefix('\u{feff}').map_or("", |_| "\u{feff}");
    let is_dos = text.contains("\r\n");
    let plain = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut document = parsed(&plain)?;
    for edit in edits {
        change(document.as_table_mut(), &edit.path, &edit.value)?;
    }
    let mut changed = document.to_string();
    if !plain.ends_with('\n') && changed.ends_with('\n') {
        changed.pop();
    }
    Ok(mark.to_owned() + &if is_dos { changed.replace('\n', "\r\n") } else { changed })
}

/// The text as a document.
///
/// # Errors
///
/// It is no TOML.
pub(super) fn parsed(text: &str) -> Result<DocumentMut, String> {
    let plain = text.trim_start_matches('\u{feff}');
    plain.parse().map_err(|error: toml_edit::TomlError| {
        format!("the text is no TOML yet, so that the form cannot change it: {}", error.message())
    })
}

fn change(table: &mut dyn TableLike, path: &[FieldStep], value: &str) -> Result<(), String> {
    let [FieldStep::Key(key), rest @ ..] = path else { return Err(NO_PLACE.to_owned()) };
    if rest.is_empty() {
        return match table.get_mut(key) {
            Some(item) => replace(item.as_value_mut().ok_or(NO_PLACE)?, value),
            None => {
                table.insert(key, Item::Value(typed_anew(value)));
                Ok(())
            }
        };
    }
    if table.get(key).is_none() {
        // In a table of its own, unless it is within something that is written in a line.
        let is_root = table.iter().next().is_none_or(|(_, item)| item.is_table_like());
        let new = match is_root {
            true => Item::Table(Table::new()),
            false => Item::Value(Value::InlineTable(InlineTable::new())),
        };
        table.insert(key, new);
    }
    change_item(table.get_mut(key).ok_or(NO_PLACE)?, rest, value)
}

fn change_item(item: &mut Item, path: &[FieldStep], value: &str) -> Result<(), String> {
    match (item, path) {
        (Item::ArrayOfTables(tables), [FieldStep::At(at), rest @ ..]) => {
            change(tables.get_mut(*at).ok_or(NO_PLACE)?, rest, value)
        }
        (Item::Value(Value::Array(array)), path) => change_in_list(array, path, value),
        (item, path) => change(item.as_table_like_mut().ok_or(NO_PLACE)?, path, value),
    }
}

fn change_in_list(array: &mut Array, path: &[FieldStep], value: &str) -> Result<(), String> {
    let [FieldStep::At(at), rest @ ..] = path else { return Err(NO_PLACE.to_owned()) };
    let found = array.get_mut(*at).ok_or(NO_PLACE)?;
    match (found, rest) {
        (found, []) => replace(found, value),
        (Value::InlineTable(table), rest) => change(table, rest, value),
        (Value::Array(array), rest) => change_in_list(array, rest, value),
        _ => Err(NO_PLACE.to_owned()),
    }
}

/// Puts another value in the place of one; what stands around it stays.
fn replace(old: &mut Value, typed: &str) -> Result<(), String> {
    let new = match old {
        Value::Array(array) => return fill(array, typed),
        Value::InlineTable(_) => return Err(NO_PLACE.to_owned()),
        // What was a text stays one.
        Value::String(_) => Value::from(typed),
        _ => typed_anew(typed),
    };
    let decor = old.decor().clone();
    *old = new;
    *old.decor_mut() = decor;
    Ok(())
}

/// Fills a list with numbers; those that stay keep their places in the text.
fn fill(array: &mut Array, typed: &str) -> Result<(), String> {
    let words = typed.split(|c: char| c.is_whitespace() || c == ';').filter(|it| !it.is_empty());
    let mut numbers = Vec::new();
    for word in words {
        match typed_anew(word) {
            number @ (Value::Integer(_) | Value::Float(_)) => numbers.push(number),
            _ => return Err(format!("`{word}` is no number")),
        }
    }
    if numbers.is_empty() {
        return Err("a list needs a number at least".to_owned());
    }
    while array.len() > numbers.len() {
        array.remove(array.len() - 1);
    }
    for (at, number) in numbers.into_iter().enumerate() {
        match array.get_mut(at) {
            Some(old) if super::form_fields::typed(old) == super::form_fields::typed(&number) => {}
            Some(old) => {
                let decor = old.decor().clone();
                *old = number;
                *old.decor_mut() = decor;
            }
            None => array.push(number),
        }
    }
    Ok(())
}

/// What is typed as the value that it looks like: a number, yes or no, or else a text.
fn typed_anew(typed: &str) -> Value {
    let typed = typed.trim();
    match typed.parse::<Value>() {
        Ok(value @ (Value::Integer(_) | Value::Float(_) | Value::Boolean(_))) => value,
        _ => Value::from(typed),
    }
}

const NO_PLACE: &str = "there is no place for this value in the text";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::form_fields::{FieldKind, FormField, form_fields};

    fn edit(dotted: &str, value: &str) -> FieldEdit {
        let step = |word: &str| word.parse().map_or_else(|_| FieldStep::key(word), FieldStep::At);
        FieldEdit { path: dotted.split('.').map(step).collect(), value: value.to_owned() }
    }

    fn shipped() -> Vec<(String, String)> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let folders =
            ["", "week", "seeds", "tables", "reference", "stress"].map(|it| root.join(it));
        let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
        let files = entries.map(|entry| entry.unwrap().path());
        let files = files.filter(|path| path.extension().is_some_and(|it| it == "toml"));
        let texts =
            files.map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        let texts = Vec::from_iter(texts);
        assert!(texts.len() > 50, "{}", texts.len());
        texts
    }

    #[test]
    fn a_value_changes_and_nothing_else() {
        let text = "# top\n[unassign]  # rules\ntimeout = { online = \"3m\", away = \"60s\" } # s\n\
                    enabled = false # off\n\n[agents.a]\ncount = 8\nstaffing.agents = [\n  1, 2, # b\n  3,\n]\n";
        let edits = [
            edit("unassign.timeout.online", "90s"),
            edit("unassign.enabled", "true"),
            edit("agents.a.count", "9"),
            edit("agents.a.staffing.agents", "1\t5\t3.5"),
        ];
        let expected = text
            .replace("3m", "90s")
            .replace("false", "true")
            .replace('8', "9")
            .replace("1, 2,", "1, 5,")
            .replace("  3,", "  3.5,");
        assert_eq!(edited(text, &edits).unwrap(), expected);
        let dos = text.replace('\n', "\r\n");
        assert_eq!(edited(&dos, &edits).unwrap(), expected.replace('\n', "\r\n"));
        let bare = text.trim_end();
        assert_eq!(edited(bare, &[]).unwrap(), bare);
    }

    #[test]
    fn what_is_not_there_is_added_where_it_belongs() {
        let text = "goals = { abandonment = 0.1 } # g\n[unassign]\nenabled = true\n";
        let edits = [
            edit("goals.service_level", "0.8"),
            edit("unassign.timeout.online", "90s"),
            edit("service_level.within", "2m"),
        ];
        let expected = "goals = { abandonment = 0.1 , service_level = 0.8 } # g\n[unassign]\nenabled = true\n\
                        timeout = { online = \"90s\" }\n\n[service_level]\nwithin = \"2m\"\n";
        let found = edited(text, &edits).unwrap();
        assert_eq!(found.replace("0.1 ,", "0.1,"), expected.replace("0.1 ,", "0.1,"));
        found.parse::<DocumentMut>().unwrap();
    }

    #[test]
    fn what_has_no_place_is_refused() {
        let text = "agents.a = { count = 1 }\nconsumers.w.arrivals.volumes = [1, 2]\n";
        for (path, value) in [
            ("agents.a", "1"),
            ("agents.0", "1"),
            ("agents.a.count.more", "1"),
            ("consumers.w.arrivals.volumes", "1 x"),
            ("consumers.w.arrivals.volumes", " "),
            ("consumers.w.arrivals.volumes.7", "1"),
        ] {
            assert!(edited(text, &[edit(path, value)]).is_err(), "{path}");
        }
        let nowhere = FieldEdit { path: Vec::new(), value: "1".to_owned() };
        assert!(edited(text, &[nowhere]).is_err());
        assert!(edited("a = ", &[]).is_err());
    }

    #[test]
    fn shipped_scenarios_come_back_as_they_were() {
        for (path, text) in shipped() {
            assert_eq!(edited(&text, &[]).unwrap(), text, "{path}");
        }
    }

    /// Another value of a field than the present one.
    fn other(field: &FormField, number: usize) -> String {
        match field.kind {
            FieldKind::Switch => (field.value != "true").to_string(),
            FieldKind::Text => number.to_string(),
            FieldKind::Grid => {
                let numbers = field.value.split('\t').enumerate();
                let changed = numbers
                    .map(|(at, it)| if at == 0 { number.to_string() } else { it.to_owned() });
                Vec::from_iter(changed).join("\t")
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config {
            cases: 1000,
            failure_persistence: None,
            ..Default::default()
        })]
        #[test]
        fn a_form_changes_only_the_lines_that_are_meant(which: u16, field: u16, number in 1000..9999_usize) {
            thread_local!(static SHIPPED: Vec<(String, String)> = shipped());
            SHIPPED.with(|shipped| {
                let (path, text) = &shipped[usize::from(which) % shipped.len()];
                let fields = form_fields(&parsed(text).unwrap());
                let written = Vec::from_iter(fields.iter().filter(|field| field.is_written));
                if written.is_empty() {
                    return;
                }
                let field = written[usize::from(field) % written.len()];
                let value = other(field, number);
                let edit = FieldEdit { path: field.path.clone(), value: value.clone() };
                let changed = edited(text, std::slice::from_ref(&edit)).unwrap();
                // The form of the new text says what was typed, and all else as before.
                for now in form_fields(&parsed(&changed).unwrap()) {
                    let before = fields.iter().find(|it| it.path == now.path).unwrap();
                    let expected = if now.path == field.path { &value } else { &before.value };
                    assert_eq!(now.value, *expected, "{path}: {}", now.label);
                }
                // One line differs, and its comment does not.
                let unlike = text.lines().zip(changed.lines()).filter(|(old, new)| old != new);
                let unlike = Vec::from_iter(unlike);
                assert_eq!(text.lines().count(), changed.lines().count());
                assert_eq!(unlike.len(), 1, "{path}: {}: {unlike:?}", field.label);
                let comment = |line: &str| line.rsplit_once(" # ").map(|(_, it)| it.to_owned());
                assert_eq!(comment(unlike[0].0), comment(unlike[0].1));
                // Back again.
                let back = FieldEdit { value: field.value.clone(), ..edit };
                let restored = edited(&changed, &[back]).unwrap();
                assert_eq!(form_fields(&parsed(&restored).unwrap()), fields);
            });
        }
    }
}
