//! Every figure of a run: name, label, unit, definition, and where to find it.
//!
//! Reports and the data dictionary print from the catalogue, so that no figure appears without its
//! definition and none is called by two words. Values are those of an outcome as it is: of one
//! replication, or of several merged (counts are then sums over replications, [`FigureKind::Count`];
//! means and shares are weighted by what they are means and shares of).

mod all_figures;
mod backlog_figures;
mod catalogue;
mod definition;
mod figure_lines;
mod measured;
mod part_figures;
mod parts;
mod readings;
mod summary;
mod summary_place;
mod unit;
mod wall_clock_figures;

pub use self::all_figures::FIGURES;
pub use self::definition::Definition;
pub use self::measured::{Counted, LoginTimes, Measured, MeasuredInterval};
pub use self::parts::Parts;
pub use self::summary::{SummaryPart, summary};
pub use self::summary_place::{Heading, SummaryPlace};
pub use self::unit::{FigureKind, Unit};

/// The figure of this name.
pub fn find(name: &str) -> Option<&'static Definition> {
    position(name).map(|position| &FIGURES[position])
}

/// What the figure of this name is called for people.
pub fn label(name: &str) -> &'static str {
    find(name).map_or("", |figure| figure.label)
}

/// The same in a narrow column.
pub fn short_label(name: &str) -> &'static str {
    find(name).map_or("", |figure| figure.short_label)
}

/// Its position among all figures.
pub fn position(name: &str) -> Option<usize> {
    FIGURES.iter().position(|figure| figure.name == name)
}

/// The figure whose expected value is known.
pub const ARRIVALS: &str = "arrivals";

/// Figures that count those who arrive, some also those who come again.
pub const COUNTS_OF_ARRIVALS: [&str; 4] = ["offered", "first_contacts", ARRIVALS, "clients"];
