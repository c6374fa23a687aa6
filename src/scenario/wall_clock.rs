//! Bounds of what is told in wall-clock time.

use super::reader::forms::Duration;
use crate::base::time::Span;

/// The longest wall-clock run.
pub(super) const LONGEST: Span = Span::from_hours(24 * 30);
/// A length of wall-clock time.
pub(super) const WALL: Duration = Duration::between(Span::from_micros(1000), LONGEST);
