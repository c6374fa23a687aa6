//! A table beside the scenario.

use std::sync::Arc;

use super::diagnostic::Source;

/// A CSV table.
pub(crate) struct SideTable {
    pub(crate) source: Arc<Source>,
    pub(crate) columns: Vec<String>,
    /// Rows below the header, which are read from the text whenever they are asked for.
    pub(crate) rows: usize,
    pub(crate) delimiter: u8,
}
