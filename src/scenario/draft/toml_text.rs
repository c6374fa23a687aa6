//! Names and texts as TOML writes them.

/// A text in quotes. What JSON escapes, TOML escapes alike.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A key: bare where it can be.
pub(super) fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { quoted(name) }
}

/// Keys of tables, none twice.
#[derive(Default)]
pub(super) struct FreeKeys(Vec<String>);

impl FreeKeys {
    /// The key for a name; one like it if that is taken.
    pub(super) fn take(&mut self, name: &str) -> String {
        let is_taken =
            |text: &str| self.0.iter().any(|known| known.to_lowercase() == text.to_lowercase());
        let mut free = name.to_owned();
        let mut number = 2;
        while is_taken(&free) {
            free = format!("{name} {number}");
            number += 1;
        }
        self.0.push(free.clone());
        key(&free)
    }
}
