//! A row in a fixed number of bytes, for sorting on disk.

use crate::base::time::Time;

use super::form::{LogWord, LoggedEvent};
use super::log_rows::{LogRow, LoggedAgent, LoggedConversation, LoggedSkill};

/// Bytes of a row.
pub(super) const ROW_LENGTH: usize = 45;

pub(super) fn to_bytes(row: &LogRow) -> [u8; ROW_LENGTH] {
    let mut bytes = [0; ROW_LENGTH];
    bytes[0..8].copy_from_slice(&row.at.as_micros().to_le_bytes());
    bytes[8..16].copy_from_slice(&row.position.to_le_bytes());
    bytes[16..24].copy_from_slice(&row.conversation.0.to_le_bytes());
    bytes[24..32].copy_from_slice(&row.digest.to_le_bytes());
    bytes[32..34].copy_from_slice(&row.offset_minutes.to_le_bytes());
    let skill = row.skill.map_or(u16::MAX, |skill| skill.0);
    bytes[34..36].copy_from_slice(&skill.to_le_bytes());
    let agent = row.agent.map_or(u32::MAX, |agent| agent.0);
    bytes[36..40].copy_from_slice(&agent.to_le_bytes());
    bytes[40] = row.part;
    bytes[41] = number(Some(row.event));
    bytes[42] = number(row.from);
    bytes[43] = number(row.cause);
    bytes[44] = number(row.state);
    bytes
}

pub(super) fn from_bytes(bytes: &[u8; ROW_LENGTH]) -> LogRow {
    let eight = |at: usize| {
        let mut part = [0; 8];
        part.copy_from_slice(&bytes[at..at + 8]);
        part
    };
    let two = |at: usize| [bytes[at], bytes[at + 1]];
    let skill = u16::from_le_bytes(two(34));
    let agent = u32::from_le_bytes([bytes[36], bytes[37], bytes[38], bytes[39]]);
    LogRow {
        at: Time::from_micros(i64::from_le_bytes(eight(0))),
        position: u64::from_le_bytes(eight(8)),
        part: bytes[40],
        offset_minutes: i16::from_le_bytes(two(32)),
        conversation: LoggedConversation(u64::from_le_bytes(eight(16))),
        skill: (skill != u16::MAX).then_some(LoggedSkill(skill)),
        event: word(bytes[41]).unwrap_or(LoggedEvent::Message),
        from: word(bytes[42]),
        agent: (agent != u32::MAX).then_some(LoggedAgent(agent)),
        cause: word(bytes[43]),
        state: word(bytes[44]),
        digest: u64::from_le_bytes(eight(24)),
    }
}

/// 0 is none.
fn number<W: LogWord>(word: Option<W>) -> u8 {
    let position = word.and_then(|word| W::WORDS.iter().position(|(known, _)| *known == word));
    position.map_or(0, |position| position as u8 + 1)
}

fn word<W: LogWord>(number: u8) -> Option<W> {
    let position = usize::from(number).checked_sub(1)?;
    W::WORDS.get(position).map(|&(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::form::{LoggedCause, LoggedParty, LoggedState};

    #[test]
    fn a_row_comes_back_as_it_was() {
        let full = LogRow {
            at: Time::from_micros(-5),
            position: 1 << 40,
            part: 2,
            offset_minutes: -210,
            conversation: LoggedConversation(u64::MAX),
            skill: Some(LoggedSkill(3)),
            event: LoggedEvent::Resolved,
            from: Some(LoggedParty::System),
            agent: Some(LoggedAgent(70_000)),
            cause: Some(LoggedCause::AutoClosed),
            state: Some(LoggedState::Away),
            digest: 17,
        };
        let (skill, from, agent, cause, state) = (None, None, None, None, None);
        let bare = LogRow { skill, from, agent, cause, state, ..full };
        for row in [full, bare] {
            assert_eq!(from_bytes(&to_bytes(&row)), row);
        }
    }
}
