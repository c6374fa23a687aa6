//! How far a run came that was interrupted.

use super::report_data::{Report, ReportData};

/// Replications planned for each variant, and how many of each had ended well.
pub(super) struct Interruption {
    planned: u64,
    variants: Vec<EndedReplications>,
}

struct EndedReplications {
    variant: String,
    count: u64,
}

impl Report<'_> {
    /// How far it came; `None` if it was run to the end.
    pub(super) fn interruption(&self) -> Option<Interruption> {
        let variants = self.results.variants.iter().map(|variant| EndedReplications {
            variant: variant.name.clone(),
            count: variant.pooled.as_ref().map_or(0, |outcome| outcome.replications),
        });
        let (planned, variants) = (self.results.planned, variants.collect());
        self.results.interrupted.then_some(Interruption { planned, variants })
    }
}

impl ReportData<'_> {
    /// How far it came; `None` if it was run to the end.
    pub(super) fn interruption(&self) -> Option<Interruption> {
        let variants = self.variants.iter().map(|variant| EndedReplications {
            variant: variant.name.to_owned(),
            count: variant.outcome.map_or(0, |outcome| outcome.replications),
        });
        let (planned, variants) = (self.planned(), variants.collect());
        (!self.complete).then_some(Interruption { planned, variants })
    }
}

impl Interruption {
    /// `12 of 20 replications`, where variants differ `11 to 12 of 20 replications`.
    pub(super) fn count(&self) -> String {
        let counts = || self.variants.iter().map(|ended| ended.count);
        let (least, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
        let ended = if least == most { most.to_string() } else { format!("{least} to {most}") };
        format!("{ended} of {} replications", self.planned)
    }

    /// What it means, with how many replications of each variant had ended.
    pub(super) fn sentence(&self) -> String {
        let mut counts = Vec::from_iter(self.variants.iter().map(|ended| ended.count));
        counts.sort_unstable_by(|one, other| other.cmp(one));
        counts.dedup();
        let planned = self.planned;
        let ended = match counts.as_slice() {
            [] => format!("none of {planned}"),
            [count] if self.variants.len() == 1 => format!("{count} of {planned}"),
            [count] => format!("{count} of {planned} of each variant"),
            [most, fewer @ ..] => {
                let fewer = fewer.iter().map(|&count| format!("{count} of {}", self.with(count)));
                let first = format!("of {planned} planned {most} of {}", self.with(*most));
                Vec::from_iter(std::iter::once(first).chain(fewer)).join("; ")
            }
        };
        format!("Interrupted: the figures are those of the replications that had ended, {ended}.")
    }

    /// The variants of which so many had ended.
    fn with(&self, count: u64) -> String {
        let of_count = || self.variants.iter().filter(|ended| ended.count == count);
        let names = of_count().take(NAMED).map(|ended| format!("`{}`", ended.variant));
        let names = Vec::from_iter(names).join(", ");
        match of_count().skip(NAMED).count() {
            0 => names,
            more => format!("{names} and {more} more"),
        }
    }
}

/// Variants whose names a sentence can hold.
const NAMED: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_replications_ended_is_said_of_each_variant() {
        let told = |counts: &[u64]| {
            let ended = ["off", "60s", "90s", "2m", "5m"].iter().zip(counts);
            let variants =
                ended.map(|(&name, &count)| EndedReplications { variant: name.to_owned(), count });
            let interruption = Interruption { planned: 20, variants: variants.collect() };
            let sentence = interruption.sentence();
            let (_, ended) = sentence.split_once("had ended, ").unwrap();
            (interruption.count(), ended.to_owned())
        };
        let cases = [
            (&[12][..], "12 of 20 replications", "12 of 20."),
            (&[0, 0], "0 of 20 replications", "0 of 20 of each variant."),
            (
                &[12, 12, 11],
                "11 to 12 of 20 replications",
                "of 20 planned 12 of `off`, `60s`; 11 of `90s`.",
            ),
            (
                &[3, 2, 2, 2, 2],
                "2 to 3 of 20 replications",
                "of 20 planned 3 of `off`; 2 of `60s`, `90s`, `2m` and 1 more.",
            ),
        ];
        for (counts, count, sentence) in cases {
            assert_eq!(told(counts), (count.to_owned(), sentence.to_owned()));
        }
    }
}
