//! What every page has: its head, title and facts, and its style and script.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// What every page has.
#[derive(Default)]
pub(in crate::report) struct PageFrame<'a> {
    /// What it is: a report, a sweep, …
    pub(in crate::report) kind: &'static str,
    /// Its title: the name of the scenario.
    pub(in crate::report) name: &'a str,
    /// The question it answers; may be empty.
    pub(in crate::report) question: &'a str,
    /// What stands under the title.
    pub(in crate::report) facts: Vec<String>,
    /// What must not be overlooked.
    pub(in crate::report) alerts: Vec<String>,
}

impl PageFrame<'_> {
    /// The content security policy that lets in style and script and nothing else.
    pub(super) fn policy(&self) -> String {
        format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
            hash(STYLE),
            hash(SCRIPT)
        )
    }

    pub(super) fn style(&self) -> &'static str {
        STYLE
    }

    pub(super) fn script(&self) -> &'static str {
        SCRIPT
    }
}

/// How pages look.
pub const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_standard() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(hash("abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
