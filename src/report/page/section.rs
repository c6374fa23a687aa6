//! Sections of charts and tables, as a page shows them.

use crate::report::charts::{self, Chart};
use crate::report::plot::{LegendKey, PlotLook};
use crate::report::table::ReportTable;

/// Charts and tables about one thing.
pub(super) struct DrawnSection {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: String,
    pub(super) figures: Vec<DrawnChart>,
    pub(super) tables: Vec<ReportTable>,
}

/// A chart in two widths, with the table behind it.
pub(super) struct DrawnChart {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) keys: Vec<LegendKey>,
    pub(super) wide: String,
    pub(super) narrow: String,
    pub(super) table: ReportTable,
}

impl DrawnSection {
    /// Draws its charts.
    ///
    /// # Errors
    ///
    /// What cannot be drawn: a bug.
    pub(super) fn new(section: charts::Section) -> Result<Self, String> {
        let charts::Section { id, title, lead, charts, tables } = section;
        let figures = charts.into_iter().map(DrawnChart::new).collect::<Result<_, _>>()?;
        Ok(Self { id, title, lead, figures, tables })
    }
}

impl DrawnChart {
    /// Draws a chart.
    ///
    /// # Errors
    ///
    /// What cannot be drawn: a bug.
    pub(super) fn new(chart: Chart) -> Result<Self, String> {
        let Chart { picture, table } = chart;
        let (wide, narrow) = (picture.markup(PlotLook::Wide)?, picture.markup(PlotLook::Narrow)?);
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
