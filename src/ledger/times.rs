//! The durations of a run, a line each.

use serde::{Deserialize, Serialize};

use super::durations::Durations;
use super::merge::merge_by_field;

/// Durations with their names.
pub struct NamedDurations<'a> {
    /// Name in files, unique.
    pub name: &'static str,
    /// What they are called for people.
    pub label: &'static str,
    /// What they mean.
    pub text: &'static str,
    /// What was measured.
    pub durations: &'a Durations,
}

/// A duration a line: name, label and meaning.
macro_rules! times {
    ($(#[$about:meta])* $times:ident { $($name:ident $label:literal, $text:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct $times {
            $(#[doc = $text] pub $name: Durations),+
        }

        merge_by_field!($times { $($name),+ });

        impl Default for $times {
            fn default() -> Self {
                Self { $($name: Durations::new(3)),+ }
            }
        }

        impl $times {
            /// All of them, in the order of a report.
            pub fn all(&self) -> [NamedDurations<'_>; [$($label),+].len()] {
                [$(NamedDurations {
                    name: stringify!($name),
                    label: $label,
                    text: $text,
                    durations: &self.$name,
                }),+]
            }
        }
    };
}

times! {
    /// Durations of the run, with 3 digits.
    Times {
        first_response "first response", "Opening to the first answer.";
        assignment "assignment", "Opening to the first assignment.";
        response "response", "First unanswered message to the reply.";
        start_of_writing "start of writing",
            "First unanswered message to the start of writing the answer.";
        queue "stay in the queue", "One stay in a queue that ended, whatever ended it.";
        unassign_delay "message to unassign", "Message to auto-unassign.";
        next_owner "reassignment to next owner",
            "Auto-unassign or ownership removal to the next owner.";
        rescue "reassignment to rescue",
            "Reassignment to the reply of another agent.";
        removal_delay "logout to ownership removal",
            "Logout (or, if later, assignment) to ownership removal.";
        stranded "stranded", "Time Offline of the owner in one stay in New.";
        handle "handle time", "Time in New of a resolved conversation, owned or not.";
        handle_owned "handle time with owner",
            "Time in New of a resolved conversation while it had an owner.";
        handle_without_offline "handle time, no owner offline",
            "Time in New of a resolved conversation, without the time while its owner was offline.";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::time::Span;
    use crate::ledger::merge::Merge as _;

    #[test]
    fn durations_have_labels_of_their_own_and_sentences() {
        let times = Times::default();
        let labels = BTreeSet::from_iter(times.all().map(|of| of.label));
        assert_eq!(labels.len(), times.all().len());
        assert!(times.all().iter().all(|of| of.text.ends_with('.')));
    }

    #[test]
    fn every_duration_is_merged() {
        let mut times = Times::default();
        let Times { first_response, handle_without_offline, .. } = &mut times;
        for of in [first_response, handle_without_offline] {
            of.record(Span::from_secs(3));
        }
        let one = times.clone();
        times.merge(&one);
        let counts = times.all().map(|of| of.durations.count());
        assert_eq!(counts, [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    }
}
