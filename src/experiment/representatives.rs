//! Which conversations of a replication are worth telling.

use std::cmp::Reverse;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::time::{Span, Time};
use crate::ledger::rows::{ConversationEnding, ConversationRow, Rows};
use crate::model::event::Change;
use crate::scenario::Plan;
use crate::simulation::{Failure, Job, Recording};

/// What a conversation stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Of those that an agent resolved, one with as many messages as the middle one of them, and of
    /// these the one with the middle first response.
    Typical,
    /// Waited longest for the first answer, or until the consumer left or the run ended without one.
    WorstWait,
    /// Was taken from its owners most often, by automatic unassignment or removal of ownership.
    MostBounced,
    /// Spent the longest time New with an owner who was Offline.
    LongestStranded,
}

impl Role {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 4] =
        [Self::Typical, Self::WorstWait, Self::MostBounced, Self::LongestStranded];

    /// The conversation that stands for this; of several the one that opened first, `None` if
    /// nothing of the kind happened.
    fn find(self, rows: &[ConversationRow]) -> Option<&ConversationRow> {
        let most = |of: &dyn Fn(&ConversationRow) -> i64| {
            let known = rows.iter().filter(|row| of(row) > 0);
            known.max_by_key(|row| (of(row), Reverse((row.opened, row.id))))
        };
        match self {
            Self::Typical => typical(rows),
            Self::WorstWait => most(&|row| wait(row).as_micros()),
            Self::MostBounced => most(&|row| i64::from(bounces(row))),
            Self::LongestStranded => most(&|row| row.stranded.as_micros()),
        }
    }
}

/// Opening to the first answer, or until the consumer left or the conversation ended without one.
pub fn wait(row: &ConversationRow) -> Span {
    let left = row.abandoned.map(|(at, _)| at);
    row.answered.or(left).unwrap_or(row.ended) - row.opened
}

/// How often it was taken from an owner.
pub fn bounces(row: &ConversationRow) -> u32 {
    row.auto_unassigns + row.ownership_removals
}

/// Runs a replication and finds a conversation for each role that anybody has, of those that count.
///
/// # Errors
///
/// A broken invariant.
pub fn representatives(
    plan: &Arc<Plan>,
    replication: u64,
) -> Result<Vec<(Role, ConversationRow)>, Box<Failure>> {
    let rows = Arc::new(Mutex::new(Vec::new()));
    let job = Job {
        plan: Arc::clone(plan),
        replication,
        recording: Recording::Checked,
        rows: Some(Box::new(RowCollector(Arc::clone(&rows)))),
    };
    job.run()?;
    let rows = std::mem::take(&mut *rows.lock().unwrap_or_else(PoisonError::into_inner));
    let found = Role::ALL.iter().filter_map(|&role| Some((role, role.find(&rows)?.clone())));
    Ok(found.collect())
}

fn typical(rows: &[ConversationRow]) -> Option<&ConversationRow> {
    let resolved = |row: &&ConversationRow| {
        row.ending == ConversationEnding::ByAgent && row.answered.is_some()
    };
    let mut all = Vec::from_iter(rows.iter().filter(resolved));
    all.sort_by_key(|row| (row.messages, row.opened, row.id));
    let messages = middle(&all)?.messages;
    all.retain(|row| row.messages == messages);
    all.sort_by_key(|row| (wait(row), row.opened, row.id));
    middle(&all).copied()
}

fn middle<T>(sorted: &[T]) -> Option<&T> {
    sorted.get(sorted.len() / 2)
}

struct RowCollector(Arc<Mutex<Vec<ConversationRow>>>);

impl Rows for RowCollector {
    fn change(&mut self, _: Time, _: &Change) {}

    fn conversation(&mut self, row: &ConversationRow) {
        if row.counted {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(row.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::{ConversationId, KindId, SkillId};

    fn row(number: u64, first_response: i64, messages: u32) -> ConversationRow {
        let (opened, at) = (Time::from_secs(100), Time::from_secs(100 + first_response));
        ConversationRow {
            id: ConversationId::new(KindId(0), number, 0),
            skill: SkillId(0),
            priority: 0,
            counted: true,
            opened,
            assigned: Some(opened),
            answered: Some(at),
            ended: at + Span::from_secs(60),
            ending: ConversationEnding::ByAgent,
            abandoned: None,
            messages,
            answers: messages,
            owners: 1,
            auto_unassigns: 0,
            ownership_removals: 0,
            handle_time: Span::from_secs(first_response),
            queue_time: Span::ZERO,
            stranded: Span::ZERO,
        }
    }

    fn found(role: Role, rows: &[ConversationRow]) -> Option<u64> {
        role.find(rows).map(|row| row.id.number())
    }

    #[test]
    fn each_role_goes_to_the_conversation_that_stands_out() {
        let left = ConversationRow {
            answered: None,
            abandoned: Some((Time::from_secs(1000), false)),
            ending: ConversationEnding::Abandoned,
            ..row(6, 0, 1)
        };
        let bounced = ConversationRow { auto_unassigns: 1, ownership_removals: 2, ..row(4, 30, 9) };
        let stranded = ConversationRow { stranded: Span::from_secs(5), ..row(5, 31, 8) };
        let rows = [row(1, 10, 3), row(2, 20, 3), row(3, 90, 3), bounced, stranded, left];
        assert_eq!(found(Role::Typical, &rows), Some(2));
        assert_eq!(found(Role::WorstWait, &rows), Some(6));
        assert_eq!(found(Role::MostBounced, &rows), Some(4));
        assert_eq!(found(Role::LongestStranded, &rows), Some(5));
    }

    #[test]
    fn of_equals_the_first_is_told_and_nothing_of_what_never_happened() {
        let rows = [row(2, 10, 3), row(1, 10, 3)];
        assert_eq!(found(Role::WorstWait, &rows), Some(1));
        assert_eq!(found(Role::MostBounced, &rows), None);
        assert_eq!(found(Role::LongestStranded, &rows), None);
        assert_eq!(found(Role::Typical, &[]), None);
    }
}
