//! The keys of an axis of a sweep: one, or several that take the same value.

use serde::{Deserialize, Serialize};

use super::overrides;

/// The keys of an axis, dotted as in a file: one, or several that take the same value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredKeys", into = "StoredKeys")]
pub struct VaryKeys(Vec<String>);

impl VaryKeys {
    /// These keys.
    ///
    /// # Errors
    ///
    /// There is no key, one is empty, or two are the same or lie within each other.
    pub fn new(keys: Vec<String>) -> Result<Self, String> {
        if keys.is_empty() || keys.iter().any(String::is_empty) {
            return Err(format!("a key of `{}` is empty", keys.join(",")));
        }
        let mut earlier: Vec<&String> = Vec::new();
        for key in &keys {
            if let Some(other) = earlier.iter().find(|other| is_same(other, key)) {
                return Err(twice(other, key));
            }
            earlier.push(key);
        }
        Ok(Self(keys))
    }

    /// Each key.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// What the axis is called: its key, or what several have in common with the rest in braces,
    /// `unassign.timeout.{online,away,offline}`.
    pub fn name(&self) -> String {
        let [first, others @ ..] = self.0.as_slice() else { return String::new() };
        if others.is_empty() {
            return first.clone();
        }
        let parts = Vec::from_iter(self.0.iter().map(|key| split(key)));
        let shortest = parts.iter().map(Vec::len).min().unwrap_or(0);
        // Something of each key stands in the braces.
        let most = shortest.saturating_sub(1);
        let is_common = |at: &dyn Fn(&[&str]) -> String| {
            parts.iter().all(|part| at(part.as_slice()) == at(parts[0].as_slice()))
        };
        let from_start = |at: usize| is_common(&|part| part[at].to_owned());
        let from_end = |at: usize| is_common(&|part| part[part.len() - 1 - at].to_owned());
        let before = (0..most).take_while(|&at| from_start(at)).count();
        let behind = (0..most - before).take_while(|&at| from_end(at)).count();
        let inner = parts.iter().map(|part| part[before..part.len() - behind].join("."));
        let braces = format!("{{{}}}", Vec::from_iter(inner).join(","));
        let start = parts[0][..before].iter().copied();
        let end = parts[0][parts[0].len() - behind..].iter().copied();
        Vec::from_iter(start.chain([braces.as_str()]).chain(end)).join(".")
    }

    /// Its last part, as far as it is one: `online`, `{online,away,offline}`.
    pub fn short_name(&self) -> String {
        let name = self.name();
        match self.0.as_slice() {
            [only] => split(only).last().map_or_else(String::new, |&end| end.to_owned()),
            _ => name.find('{').map_or_else(|| name.clone(), |at| name[at..].to_owned()),
        }
    }

    /// A key that another axis has as well, or that lies within one of it.
    ///
    /// # Errors
    ///
    /// That there is one.
    pub(super) fn apart_from(&self, other: &Self) -> Result<(), String> {
        let mut pairs = self.0.iter().flat_map(|one| other.0.iter().map(move |other| (one, other)));
        match pairs.find(|(one, other)| is_same(one, other)) {
            Some((one, other)) => Err(format!(
                "{}; did you mean one list of values for several keys, `KEY,KEY=VALUES`?",
                twice(one, other)
            )),
            None => Ok(()),
        }
    }
}

/// A key at its dots, but for those in quotes.
fn split(key: &str) -> Vec<&str> {
    let mut quoted = None;
    let is_dot = |character: char| {
        match (character, quoted) {
            ('"' | '\'', None) => quoted = Some(character),
            (_, Some(quote)) if character == quote => quoted = None,
            _ => {}
        }
        character == '.' && quoted.is_none()
    };
    key.split(is_dot).collect()
}

/// Whether two keys set the same, or one sets a part of what the other does.
fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (overrides::parts(one), overrides::parts(other));
    one.iter().zip(&other).all(|(one, other)| one == other)
}

fn twice(one: &str, other: &str) -> String {
    let (one_parts, other_parts) = (overrides::parts(one), overrides::parts(other));
    if one_parts.len() == other_parts.len() {
        return format!("`{one}` varies twice");
    }
    let (outer, inner) =
        if one_parts.len() < other_parts.len() { (one, other) } else { (other, one) };
    format!("`{inner}` varies, and so does `{outer}`, which it is a part of")
}

/// As it is saved, and as it may stand in a file.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredKeys {
    One(String),
    Several(Vec<String>),
}

impl From<StoredKeys> for VaryKeys {
    fn from(stored: StoredKeys) -> Self {
        match stored {
            StoredKeys::One(key) => Self(vec![key]),
            StoredKeys::Several(keys) => Self(keys),
        }
    }
}

impl From<VaryKeys> for StoredKeys {
    fn from(VaryKeys(mut keys): VaryKeys) -> Self {
        match keys.len() {
            1 => Self::One(keys.remove(0)),
            _ => Self::Several(keys),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(texts: &[&str]) -> Result<VaryKeys, String> {
        VaryKeys::new(texts.iter().map(|&text| text.to_owned()).collect())
    }

    #[test]
    fn an_axis_is_called_by_what_its_keys_have_in_common() {
        let cases: [(&[&str], &str, &str); 8] = [
            (&["agents.chat.count"], "agents.chat.count", "count"),
            (
                &["a.online", "a.away", "a.offline"],
                "a.{online,away,offline}",
                "{online,away,offline}",
            ),
            (
                &["agents.chat.count", "agents.mail.count"],
                "agents.{chat,mail}.count",
                "{chat,mail}.count",
            ),
            (
                &["run.seed", "agents.chat.count"],
                "{run.seed,agents.chat.count}",
                "{run.seed,agents.chat.count}",
            ),
            (&["a.b.c", "a.c"], "a.{b.c,c}", "{b.c,c}"),
            (&["a.a.a", "a.b.a", "a.b.b"], "a.{a.a,b.a,b.b}", "{a.a,b.a,b.b}"),
            (&["g.'a.b'.n", "g.'a.c'.n"], "g.{'a.b','a.c'}.n", "{'a.b','a.c'}.n"),
            (&["seed", "count"], "{seed,count}", "{seed,count}"),
        ];
        for (texts, name, short) in cases {
            let keys = keys(texts).unwrap();
            assert_eq!((keys.name().as_str(), keys.short_name().as_str()), (name, short));
        }
    }

    #[test]
    fn no_key_stands_in_two_axes_or_twice_in_one() {
        let refused = |texts: &[&str]| keys(texts).unwrap_err();
        assert!(refused(&["a.b", "a.c", "a . b"]).contains("`a.b` varies twice"));
        assert!(refused(&["a.b", "a.'b'"]).contains("varies twice"));
        assert!(refused(&["a.b.c", "a.b"]).contains("`a.b.c` varies, and so does `a.b`"));
        assert!(refused(&["a", ""]).contains("is empty"));
        assert!(refused(&["a.'b", "a.'b"]).contains("varies twice"));
        let [one, other] = [keys(&["a.b", "a.c"]).unwrap(), keys(&["x", "a.c"]).unwrap()];
        assert!(one.apart_from(&other).unwrap_err().contains("`a.c` varies twice"));
        assert_eq!(one.apart_from(&keys(&["a.bc"]).unwrap()), Ok(()));
    }
}
