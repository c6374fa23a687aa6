//! Words that other platforms have for those of the form.

use super::form::{LogWord, LoggedParty};

/// Whom a word means.
pub(super) fn party(text: &str) -> Option<LoggedParty> {
    const CONSUMER: &str = "consumer|customer|client|user|visitor|guest|contact|inbound|in|incoming|received|kunde|kundin|\
         eingehend|cliente|usager|entrant|entrante";
    const AGENT: &str = "agent|operator|representative|rep|employee|staff|outbound|out|outgoing|sent|\
                         mitarbeiter|ausgehend|conseiller|agente|sortant|saliente";
    const SYSTEM: &str = "system|bot|platform|automation|auto|router|workflow|automat";
    let is_in = |words: &str| words.split('|').any(|word| word.eq_ignore_ascii_case(text));
    let all = [
        (LoggedParty::Consumer, CONSUMER),
        (LoggedParty::Agent, AGENT),
        (LoggedParty::System, SYSTEM),
    ];
    all.into_iter().find(|(_, words)| is_in(words)).map(|(party, _)| party)
}

/// The words of the form, for messages.
pub(super) fn word_list<W: LogWord>() -> String {
    Vec::from_iter(W::WORDS.iter().map(|(_, word)| *word)).join(", ")
}
