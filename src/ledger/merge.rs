//! Exact addition of what replications measured: integers only, so that the order of merging
//! leaves no trace in any figure.

/// Adds the same figures of another replication.
pub trait Merge {
    /// Adds `other` to `self`.
    fn merge(&mut self, other: &Self);
}

impl Merge for u64 {
    fn merge(&mut self, other: &Self) {
        *self = self.saturating_add(*other);
    }
}

impl Merge for u128 {
    fn merge(&mut self, other: &Self) {
        *self = self.saturating_add(*other);
    }
}

/// Element by element; what only `other` has is taken over.
impl<T: Merge + Clone> Merge for Vec<T> {
    fn merge(&mut self, other: &Self) {
        let shared = self.len().min(other.len());
        for (mine, theirs) in self.iter_mut().zip(other) {
            mine.merge(theirs);
        }
        self.extend_from_slice(&other[shared..]);
    }
}

impl<T: Merge, const N: usize> Merge for [T; N] {
    fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.iter_mut().zip(other) {
            mine.merge(theirs);
        }
    }
}

/// Implements [`Merge`] field by field. Naming a field too few does not compile.
macro_rules! merge_by_field {
    ($type:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::ledger::merge::Merge for $type {
            fn merge(&mut self, other: &Self) {
                let Self { $($field),+ } = other;
                $($crate::ledger::merge::Merge::merge(&mut self.$field, $field);)+
            }
        }
    };
}

pub(super) use merge_by_field;

/// An integer that may be divided for a report.
pub(super) trait Countable {
    fn value(self) -> f64;
}

impl Countable for u64 {
    fn value(self) -> f64 {
        self as f64
    }
}

impl Countable for u128 {
    fn value(self) -> f64 {
        self as f64
    }
}

/// `part / whole`; `None` over nothing.
pub(super) fn ratio<T: Countable>(part: T, whole: T) -> Option<f64> {
    let whole = whole.value();
    (whole > 0.0).then(|| part.value() / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_list_keeps_its_tail() {
        let mut left = vec![1_u64, 2];
        left.merge(&vec![10, 20, 30]);
        assert_eq!(left, [11, 22, 30]);
        left.merge(&vec![1]);
        assert_eq!(left, [12, 22, 30]);
    }
}
