//! Answers take longer the more conversations are open at the agent (D26).

use crate::base::time::Span;

/// The factor by which an answer takes longer than its work as drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slowdown(f64);

impl Default for Slowdown {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Slowdown {
    /// With so many conversations open: the last factor holds beyond the list.
    pub(super) fn with(open: u32, factors: &[f64]) -> Self {
        let position = (open as usize).clamp(1, factors.len().max(1)) - 1;
        factors.get(position).map_or_else(Self::default, |&factor| Self(factor))
    }

    /// How long the work takes.
    pub(super) fn time_for(self, work: Span) -> Span {
        self.scale(work, self.0)
    }

    /// How much work is done in a time.
    pub(super) fn work_in(self, time: Span) -> Span {
        self.scale(time, self.0.recip())
    }

    fn scale(self, span: Span, by: f64) -> Span {
        if self == Self::default() {
            return span;
        }
        Span::from_micros(libm::round(span.as_micros() as f64 * by) as i64)
    }
}
