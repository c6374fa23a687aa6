//! Figures that are nothing but numbers: how they add up, and how lists of them are saved. A name at every
//! number would make them five times as long.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

use super::gauge::IntervalLevel;

/// Shows all numbers of it in order, to be read or replaced.
pub(super) trait NumberFields {
    /// One after the other.
    fn each_number(&mut self, show: &mut dyn FnMut(&mut u128));
}

impl NumberFields for u64 {
    fn each_number(&mut self, show: &mut dyn FnMut(&mut u128)) {
        let mut number = u128::from(*self);
        show(&mut number);
        *self = Self::try_from(number).unwrap_or(Self::MAX);
    }
}

impl NumberFields for u128 {
    fn each_number(&mut self, show: &mut dyn FnMut(&mut u128)) {
        show(self);
    }
}

impl NumberFields for IntervalLevel {
    fn each_number(&mut self, show: &mut dyn FnMut(&mut u128)) {
        let Self { area, maximum } = self;
        area.each_number(show);
        maximum.each_number(show);
    }
}

/// Implements [`NumberFields`] field by field, and [`Merge`](super::merge::Merge). Naming a field too few does
/// not compile.
macro_rules! numbers_by_field {
    ($type:ident { $($field:ident),+ $(,)? }) => {
        $crate::ledger::merge::merge_by_field!($type { $($field),+ });

        impl $crate::ledger::number_rows::NumberFields for $type {
            fn each_number(&mut self, show: &mut dyn FnMut(&mut u128)) {
                let Self { $($field),+ } = self;
                $($crate::ledger::number_rows::NumberFields::each_number($field, show);)+
            }
        }
    };
}

pub(super) use numbers_by_field;

/// A row of numbers for each, those that follow each other and are equal once, with how many they are;
/// zeros at the end of a row are left out.
pub(super) fn serialize<T: NumberFields + Clone + PartialEq, S: Serializer>(
    list: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(list.chunk_by(|one, next| one == next).map(|alike| {
        let mut row = vec![alike.len() as u128];
        alike[0].clone().each_number(&mut |number| row.push(*number));
        let shown = row.iter().rposition(|number| *number > 0).map_or(0, |last| last + 1);
        row.truncate(shown);
        row
    }))
}

pub(super) fn deserialize<'de, T: NumberFields + Default + Clone, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let mut list = Vec::new();
    for row in Vec::<Vec<u128>>::deserialize(deserializer)? {
        let mut numbers = row.into_iter();
        let alike = numbers.next().and_then(|alike| usize::try_from(alike).ok());
        let alike = alike.filter(|alike| list.len().saturating_add(*alike) <= LONGEST);
        let alike = alike.ok_or_else(|| D::Error::custom("a list of figures has no length"))?;
        let mut figures = T::default();
        figures.each_number(&mut |number| *number = numbers.next().unwrap_or_default());
        if numbers.next().is_some() {
            return Err(D::Error::custom("a row of figures is too long"));
        }
        list.extend(std::iter::repeat_n(figures, alike));
    }
    Ok(list)
}

/// More intervals than any run has.
const LONGEST: usize = 1 << 24;

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;
    use crate::ledger::part_intervals::SkillIntervalFigures;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Saved(#[serde(with = "super")] Vec<SkillIntervalFigures>);

    #[test]
    fn every_number_is_kept_and_what_is_alike_is_one_row() {
        let mut full = SkillIntervalFigures::default();
        let mut next = 0;
        full.each_number(&mut |number| {
            next += 1;
            *number = next;
        });
        let none = SkillIntervalFigures::default();
        let saved = Saved(vec![none.clone(), none.clone(), full, none]);
        let text = serde_json::to_string(&saved).unwrap();
        assert_eq!(serde_json::from_str::<Saved>(&text).unwrap(), saved);
        let row = Vec::from_iter((1..=next).map(|number| number.to_string())).join(",");
        assert_eq!(text, format!("[[2],[1,{row}],[1]]"));
        for wrong in [format!("[[1,{row},7]]"), "[[]]".into(), "[[99999999999]]".into()] {
            assert!(serde_json::from_str::<Saved>(&wrong).is_err(), "{wrong}");
        }
    }
}
