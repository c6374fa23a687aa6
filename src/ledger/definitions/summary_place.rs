//! Where a summary shows a figure.

/// Where a summary shows a figure.
#[derive(Clone, Copy, Debug)]
pub struct SummaryPlace {
    /// Under which heading.
    pub heading: Heading,
    /// How far it is indented: 1 if it is a part of what stands above it.
    pub level: u8,
    /// Its place under the heading; those of one rank are in the order of the catalogue.
    pub rank: u8,
    /// The figure that must not be 0 for this one to say more than others do.
    pub beside: Option<&'static str>,
}

/// Headings of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// How conversations fare.
    Conversations,
    /// How long consumers wait.
    Waiting,
    /// Owners removed because the consumer waited too long.
    Unassignment,
    /// Owners removed because they were logged out.
    Removal,
    /// What comes after.
    Rescue,
    /// What agents do.
    Agents,
}
