//! A table beside the scenario.

use std::sync::Arc;

use csv::StringRecord;

use super::diagnostic::Source;

/// A CSV table.
pub(crate) struct SideTable {
    pub(crate) source: Arc<Source>,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<StringRecord>,
}
