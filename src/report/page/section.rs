//! Sections of charts and tables, as a page shows them.

use crate::report::charts::{self, Chart};
use crate::report::picture::{Key, Look};
use crate::report::table::Table;

/// Charts and tables about one thing.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: String,
    pub(super) figures: Vec<Figure>,
    pub(super) tables: Vec<Table>,
}

/// A chart in two widths, with the table behind it.
pub(super) struct Figure {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) keys: Vec<Key>,
    pub(super) wide: String,
    pub(super) narrow: String,
    pub(super) table: Table,
}

impl Section {
    /// Draws its charts.
    ///
    /// # Errors
    ///
    /// What cannot be drawn: a bug.
    pub(super) fn new(section: charts::Section) -> Result<Self, String> {
        let charts::Section { id, title, lead, charts, tables } = section;
        let figures = charts.into_iter().map(Figure::new).collect::<Result<_, _>>()?;
        Ok(Self { id, title, lead, figures, tables })
    }
}

impl Figure {
    /// Draws a chart.
    ///
    /// # Errors
    ///
    /// What cannot be drawn: a bug.
    pub(super) fn new(chart: Chart) -> Result<Self, String> {
        let Chart { picture, table } = chart;
        let (wide, narrow) = (picture.markup(Look::Wide)?, picture.markup(Look::Narrow)?);
        Ok(Self {
            name: picture.name,
            title: picture.title,
            keys: picture.keys,
            wide,
            narrow,
            table,
        })
    }
}
