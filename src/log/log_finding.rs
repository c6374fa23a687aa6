//! What is wrong with a log, and where.

use std::fmt;

use crate::tables::Place;

/// What is wrong with a row of a log, or with all of it. Shown, it names the file, row and column, what
/// stands there, what may, and what to do about it, as far as that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct LogFinding(Box<FindingParts>);

#[derive(Clone, Debug, PartialEq)]
struct FindingParts {
    file: String,
    place: Option<Place>,
    message: String,
    found: Option<String>,
    allowed: Option<String>,
    help: Option<String>,
}

impl LogFinding {
    /// About a whole file.
    pub fn new(file: &str, message: impl Into<String>) -> Self {
        let (file, message) = (file.to_owned(), message.into());
        let (place, found, allowed, help) = (None, None, None, None);
        Self(Box::new(FindingParts { file, place, message, found, allowed, help }))
    }

    /// The same about a cell; rows count from 1, columns from 0.
    #[must_use]
    pub fn at(mut self, row: usize, column: usize) -> Self {
        self.0.place = Some(Place { sheet: None, row, column: column + 1, bytes: None });
        self
    }

    /// With what stands there.
    #[must_use]
    pub fn found(mut self, found: &str) -> Self {
        self.0.found = Some(found.chars().take(LONGEST).collect());
        self
    }

    /// With what may stand there.
    #[must_use]
    pub fn allowed(mut self, allowed: impl Into<String>) -> Self {
        self.0.allowed = Some(allowed.into());
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }
}

/// Characters of a cell that are shown.
const LONGEST: usize = 60;

impl fmt::Display for LogFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FindingParts { file, place, message, found, allowed, help } = &*self.0;
        write!(f, "{file}")?;
        if let Some(place) = place {
            write!(f, ", {place}")?;
        }
        write!(f, ": {message}")?;
        if let Some(found) = found {
            write!(f, ": found `{found}`")?;
        }
        if let Some(allowed) = allowed {
            write!(f, "; allowed: {allowed}")?;
        }
        if let Some(help) = help {
            write!(f, "; help: {help}")?;
        }
        Ok(())
    }
}
