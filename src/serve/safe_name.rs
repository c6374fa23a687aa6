//! Names that may come from a browser: never paths.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a scenario: 1 to 64 of `A-Z a-z 0-9 _ -`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SafeName(String);

/// The name of a file with a table: such a name, and an ending that says how it is read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TableFileName(String);

/// Which run: the scenario and a number, written `week-0007`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId {
    pub(super) scenario: SafeName,
    /// From 1.
    pub(super) number: u32,
}

/// How files with tables end.
pub(super) const TABLE_ENDINGS: [&str; 6] = ["csv", "tsv", "xlsx", "xls", "xlsb", "ods"];

/// Signs of a name at most.
const LONGEST: usize = 64;

fn is_safe(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_plain)
}

impl SafeName {
    /// A text that is such a name.
    pub fn new(text: &str) -> Option<Self> {
        is_safe(text).then(|| Self(text.to_owned()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// With something behind it, as long as there is room.
    pub(super) fn with(&self, behind: &str) -> Option<Self> {
        Self::new(&format!("{}{behind}", self.0))
    }
}

impl TableFileName {
    /// A text that is such a name.
    pub(super) fn new(text: &str) -> Option<Self> {
        let (stem, ending) = text.rsplit_once('.')?;
        (is_safe(stem) && TABLE_ENDINGS.contains(&ending)).then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl RunId {
    /// A text that is such an id, written as it is shown.
    pub(super) fn new(text: &str) -> Option<Self> {
        let (scenario, number) = text.rsplit_once('-')?;
        let id = Self { scenario: SafeName::new(scenario)?, number: number.parse().ok()? };
        (id.number > 0 && id.to_string() == text).then_some(id)
    }

    /// Its folder, from that of the project.
    pub(super) fn folder(&self) -> String {
        format!("runs/{}/{:04}", self.scenario, self.number)
    }
}

impl fmt::Display for SafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for TableFileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}", self.scenario, self.number)
    }
}

impl TryFrom<String> for SafeName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::new(&text).ok_or_else(|| format!("a name is {ALLOWED}"))
    }
}

impl TryFrom<String> for TableFileName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::new(&text).ok_or_else(|| {
            format!(
                "the name of a table is {ALLOWED}, and ends with .{}",
                TABLE_ENDINGS.join(", .")
            )
        })
    }
}

impl TryFrom<String> for RunId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::new(&text).ok_or_else(|| "a run is written like week-0007".to_owned())
    }
}

impl From<SafeName> for String {
    fn from(name: SafeName) -> Self {
        name.0
    }
}

impl From<TableFileName> for String {
    fn from(name: TableFileName) -> Self {
        name.0
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.to_string()
    }
}

/// What a name may be.
pub(super) const ALLOWED: &str = "1 to 64 of the signs A-Z, a-z, 0-9, _ and -";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path() {
        let long = "a".repeat(64);
        for name in ["week", "A-1_b", &long] {
            assert!(SafeName::new(name).is_some(), "{name}");
        }
        let too_long = "a".repeat(65);
        for name in ["", ".", "..", "a/b", "a.b", "a b", "ä", "a\0", "%2e", &too_long] {
            assert!(SafeName::new(name).is_none(), "{name}");
        }
        for name in ["plan.xlsx", "v-1.csv"] {
            assert!(TableFileName::new(name).is_some(), "{name}");
        }
        for name in ["plan", "plan.exe", ".csv", "../plan.csv", "a.b.csv", "plan.CSV"] {
            assert!(TableFileName::new(name).is_none(), "{name}");
        }
    }

    #[test]
    fn a_run_is_written_in_one_way() {
        let id = RunId::new("my-week-0007").unwrap();
        assert_eq!((id.scenario.as_str(), id.number), ("my-week", 7));
        assert_eq!(id.folder(), "runs/my-week/0007");
        assert_eq!(RunId::new("week-12345").unwrap().to_string(), "week-12345");
        for text in ["week", "week-7", "week-00007", "week-0000", "week-+007", "../w-0007", "-0007"]
        {
            assert!(RunId::new(text).is_none(), "{text}");
        }
    }
}
