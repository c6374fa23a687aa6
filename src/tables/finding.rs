//! What is wrong with a table, and where.

use super::cells::Place;

/// One cause, one finding, however many cells it spoils.
#[derive(Clone, Debug, PartialEq)]
pub struct TableFinding {
    /// Whether the table cannot be used; otherwise its author may have meant something else.
    pub is_error: bool,
    /// What is wrong, in one sentence, with count and place.
    pub message: String,
    /// The first cell that it is about.
    pub place: Option<Box<Place>>,
    /// What stands there.
    pub found: Option<String>,
    /// What may stand there.
    pub allowed: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
}

/// A table, or all that keeps it from being one.
pub type TableResult<T> = Result<T, Vec<TableFinding>>;

impl TableFinding {
    /// An error about the whole table.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            is_error: true,
            message: message.into(),
            place: None,
            found: None,
            allowed: None,
            help: None,
        }
    }

    /// A warning about the whole table.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { is_error: false, ..Self::error(message) }
    }

    /// The same about a cell.
    #[must_use]
    pub fn at(mut self, place: &Place) -> Self {
        self.place = Some(Box::new(place.clone()));
        self
    }

    /// With what stands there.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// With what may stand there.
    #[must_use]
    pub fn allowed(mut self, allowed: impl Into<String>) -> Self {
        self.allowed = Some(allowed.into());
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<TableFinding> for Vec<TableFinding> {
    fn from(finding: TableFinding) -> Self {
        vec![finding]
    }
}
