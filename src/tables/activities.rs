//! What words in a roster say an agent does.

use super::headings::{Meaning, folded};
use super::normal_forms::BreakKind;
use super::table_options::TableOptions;

/// What an agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ActivityKind {
    /// Takes conversations.
    Work,
    /// Is on shift, and Away.
    Break(BreakKind),
    /// Is not on shift.
    Absent,
}

/// Words by what they mean, folded; those of breaks are their headings too.
const WORDS: [(ActivityKind, &str); 6] = [
    (
        ActivityKind::Work,
        "work|working|shift|available|on shift|online|chat|contacts|arbeit|dienst|schicht|verfugbar|\
         travail|disponible|trabajo|turno",
    ),
    (ActivityKind::Break(BreakKind::Break), "break|rest|paid break|pause|kurzpause|pausa|descanso"),
    (
        ActivityKind::Break(BreakKind::Lunch),
        "lunch|meal|lunch break|mittag|mittagspause|essen|dejeuner|comida|almuerzo",
    ),
    (
        ActivityKind::Break(BreakKind::Training),
        "training|coaching|schulung|weiterbildung|formation|formacion",
    ),
    (
        ActivityKind::Break(BreakKind::Meeting),
        "meeting|team meeting|besprechung|teamsitzung|reunion",
    ),
    (
        ActivityKind::Absent,
        "off|day off|free|absent|absence|vacation|holiday|leave|annual leave|sick|sick leave|frei|urlaub|\
         krank|krankheit|abwesend|feiertag|repos|conge|conges|maladie|absence|libre|vacaciones|\
         enfermedad|baja|x",
    ),
];

impl ActivityKind {
    /// What a word means, by the scenario or by the list.
    pub(super) fn of(word: &str, options: &TableOptions) -> Option<Self> {
        let text = folded(word);
        let own = options.activities.iter().find(|named| folded(&named.heading) == text);
        let text = own.map_or(text, |named| folded(&named.meaning));
        let found = WORDS.iter().find(|(_, words)| words.split('|').any(|it| it == text));
        found.map(|&(kind, _)| kind).or_else(|| match Meaning::of(&text)? {
            Meaning::Break(kind) => Some(Self::Break(kind)),
            _ => None,
        })
    }

    /// The first word of each meaning.
    pub(super) fn words() -> String {
        let first = |(_, words): &(Self, &'static str)| words.split('|').next().unwrap_or_default();
        Vec::from_iter(WORDS.iter().map(first)).join(", ")
    }
}

/// Whether a cell where a shift may stand says that there is none.
pub(super) fn is_off(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "–" | "—")
        || ActivityKind::of(text, &TableOptions::default()) == Some(ActivityKind::Absent)
}
