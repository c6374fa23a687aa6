//! Where a choice lies at an end of what was allowed.

use crate::base::time::Span;

use super::{Candidate, Space};

/// An end of what was allowed at which a choice lies: what lies beyond was not tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The fewest agents, or the most, of a group.
    Agents {
        /// The group.
        group: String,
        /// How many.
        count: u32,
        /// Whether it is the most.
        is_most: bool,
    },
    /// The fewest slots, or the most, of the agents of a group.
    Slots {
        /// The group.
        group: String,
        /// How many.
        count: u32,
        /// Whether it is the most.
        is_most: bool,
    },
    /// The shortest timeout, or the longest.
    Timeout {
        /// The state of the agents: `online`, `away` or `offline`.
        state: &'static str,
        /// The timeout.
        timeout: Span,
        /// Whether it is the longest.
        is_longest: bool,
    },
}

impl Space<'_> {
    /// The ends at which a choice lies; none of what could not move.
    pub fn edges(&self, candidate: &Candidate) -> Vec<Edge> {
        let mut edges = Vec::new();
        for (&(group, range), &count) in self.search.agents.iter().zip(&candidate.agents) {
            let group = self.group(usize::from(group.0)).to_owned();
            if range.from < range.to && (count == range.from || count == range.to) {
                edges.push(Edge::Agents { group, count, is_most: count == range.to });
            }
        }
        for ((_, allowed), (group, count)) in
            self.search.concurrency.iter().zip(self.slots(candidate))
        {
            let ends = [allowed.iter().min(), allowed.iter().max()];
            if ends[0] != ends[1] && ends.contains(&Some(&count)) {
                let is_most = ends[1] == Some(&count);
                edges.push(Edge::Slots { group: group.to_owned(), count, is_most });
            }
        }
        let timeouts = &self.search.timeouts;
        let allowed = [&timeouts.online, &timeouts.away, &timeouts.offline];
        for ((state, chosen), allowed) in self.timeouts(candidate).into_iter().zip(allowed) {
            let Some(Some(timeout)) = chosen else { continue };
            // Off is longer than any.
            let is_longest = allowed.iter().all(|other| other.is_some_and(|it| it <= timeout));
            let is_shortest = allowed.iter().all(|other| other.is_none_or(|it| it >= timeout));
            if is_longest != is_shortest {
                edges.push(Edge::Timeout { state, timeout, is_longest });
            }
        }
        edges
    }
}
