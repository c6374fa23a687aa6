//! What a heading means, in English, German, French and Spanish.

use super::normal_forms::BreakKind;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// A date, or a date and clock time.
    Date,
    /// A day of the week.
    Weekday,
    /// Start of an interval or shift, or both its ends: `08:00-08:30`; the instant of a contact.
    Time,
    /// End of an interval or shift.
    End,
    /// Skill, queue or topic; of a roster, all skills of an agent.
    Skill,
    /// Contacts.
    Volume,
    /// Handle time.
    HandleTime,
    /// People.
    Staff,
    /// Name of an agent.
    Agent,
    /// Team or group of an agent.
    Team,
    /// What an agent does from start to end of a row, or why it is absent.
    Activity,
    /// Whether the consumer of an open conversation waits, or its agent has spoken last.
    Status,
    /// The last message of an open conversation.
    LastMessage,
    /// Conversations at a time.
    Slots,
    /// Speed of an agent.
    Speed,
    /// Start of a break, or both its ends.
    Break(BreakKind),
    /// End of a break.
    BreakEnd(BreakKind),
    /// Share of contacts answered in time.
    ServiceLevel,
    /// Contacts that left.
    Abandoned,
    /// Within what an answer is in time.
    Threshold,
}

/// Words by meaning, folded; the first one is the name of the meaning in a scenario. They stand in
/// `docs/tables.md`, by language.
const WORDS: [(Meaning, &str); 26] = [
    (Meaning::Date, "date|day|datum|tag|jour|fecha|dia"),
    (Meaning::Weekday, "weekday|day of week|wochentag|jour de la semaine|dia de la semana"),
    (
        Meaning::Time,
        "time|start|interval|from|begin|start time|interval start|time of day|hour|shift start|arrival|\
         arrival time|timestamp|opened|created|at|beginn|von|intervall|uhrzeit|zeit|startzeit|stunde|\
         schichtbeginn|eingang|zeitstempel|debut|heure|intervalle|de|heure de debut|creneau|arrivee|\
         horodatage|inicio|hora|intervalo|desde|hora de inicio|llegada",
    ),
    (
        Meaning::End,
        "end|to|until|end time|interval end|interval ending|shift end|ende|bis|endzeit|intervallende|\
         schichtende|fin|a|heure de fin|hasta|hora de fin",
    ),
    (
        Meaning::Skill,
        "skill|queue|topic|channel|skills|thema|warteschlange|kanal|kenntnisse|sujet|competence|\
         file d attente|canal|competences|cola|tema|habilidad|habilidades",
    ),
    (
        Meaning::Volume,
        "volume|contacts|offered|forecast|arrivals|volumes|conversations|calls|chats|volumen|kontakte|\
         anzahl|prognose|angebotene|anrufe|contacts offerts|previsions|appels|contactos|ofrecidos|\
         pronostico|llamadas",
    ),
    (
        Meaning::HandleTime,
        "aht|handle time|average handle time|average handling time|bearbeitungszeit|dmt|\
         duree moyenne de traitement|tmo|tiempo medio operativo",
    ),
    (
        Meaning::Staff,
        "staff|agents|required|headcount|fte|personal|agenten|bedarf|besetzung|effectif|agentes|\
         requeridos|plantilla",
    ),
    (
        Meaning::Agent,
        "agent|name|employee|agent name|employee name|mitarbeiter|mitarbeiterin|nom|employe|\
         conseiller|agente|nombre|empleado",
    ),
    (Meaning::Team, "team|group|gruppe|equipe|groupe|equipo|grupo"),
    (
        Meaning::Activity,
        "activity|activity type|reason|aktivitat|tatigkeit|grund|activite|motif|actividad|motivo",
    ),
    (Meaning::Status, "status|statut|estado"),
    (
        Meaning::LastMessage,
        "last message|last message at|letzte nachricht|dernier message|ultimo mensaje",
    ),
    (Meaning::Slots, "slots|concurrency|gleichzeitig|simultanes|simultaneos"),
    (Meaning::Speed, "speed|geschwindigkeit|tempo|vitesse|velocidad"),
    (
        Meaning::Break(BreakKind::Break),
        "break|break start|pause|pausenbeginn|debut pause|pausa|inicio pausa",
    ),
    (Meaning::BreakEnd(BreakKind::Break), "break end|pausenende|fin pause|fin pausa"),
    (
        Meaning::Break(BreakKind::Lunch),
        "lunch|lunch start|mittag|mittagspause|dejeuner|comida|almuerzo",
    ),
    (Meaning::BreakEnd(BreakKind::Lunch), "lunch end|mittagspause ende|fin dejeuner|fin comida"),
    (Meaning::Break(BreakKind::Training), "training|training start|schulung|formation|formacion"),
    (
        Meaning::BreakEnd(BreakKind::Training),
        "training end|schulung ende|fin formation|fin formacion",
    ),
    (Meaning::Break(BreakKind::Meeting), "meeting|meeting start|besprechung|reunion"),
    (Meaning::BreakEnd(BreakKind::Meeting), "meeting end|besprechung ende|fin reunion"),
    (
        Meaning::ServiceLevel,
        "service level|answered in time|sl|servicelevel|niveau de service|nivel de servicio",
    ),
    (
        Meaning::Abandoned,
        "abandoned|abandonments|abandons|lost|abbruche|verzichter|abandonnes|abandonados",
    ),
    (Meaning::Threshold, "threshold|answer within|schwelle|seuil|umbral"),
];

/// Words for sums, folded.
const TOTALS: &str = "total|totals|sum|grand total|subtotal|summe|gesamt|gesamtsumme|insgesamt|zwischensumme|\
                      somme|total general|sous total|suma";

impl Meaning {
    /// The meaning of a heading; case, accents, punctuation, what stands in brackets and a unit at
    /// the end do not count.
    pub fn of(heading: &str) -> Option<Self> {
        let text = folded(heading);
        of_folded(&text).or_else(|| of_folded(text.rsplit_once(' ').filter(|it| is_unit(it.1))?.0))
    }

    /// Its name in a scenario.
    pub fn word(self) -> &'static str {
        let words = WORDS.iter().find(|&&(meaning, _)| meaning == self).map_or("", |it| it.1);
        words.split('|').next().unwrap_or_default()
    }

    /// The names of all meanings.
    pub fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(meaning, _)| meaning.word())
    }
}

/// All words, folded.
#[cfg(test)]
pub(super) fn all_words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().flat_map(|(_, words)| words.split('|'))
}

fn of_folded(text: &str) -> Option<Meaning> {
    // `Break 2` is a break too.
    let numbered = text.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    let found = |text: &str| WORDS.iter().find(|(_, words)| words.split('|').any(|it| it == text));
    let is_break = |meaning| matches!(meaning, Meaning::Break(_) | Meaning::BreakEnd(_));
    let of_number = || found(numbered).filter(|(meaning, _)| is_break(*meaning));
    found(text).or_else(of_number).map(|&(meaning, _)| meaning)
}

/// Whether a heading or the label of a row says that it is a sum.
pub(super) fn is_total(text: &str) -> bool {
    let folded = folded(text);
    TOTALS.split('|').any(|word| word == folded)
}

/// The unit that a heading says: in brackets, or its last word.
pub(super) fn unit(heading: &str) -> Option<String> {
    if let Some((_, rest)) = heading.split_once(['(', '[']) {
        return Some(folded(rest.trim_end_matches([')', ']', ' '])));
    }
    let text = folded(heading);
    text.rsplit_once(' ').map(|it| it.1.to_owned()).filter(|word| is_unit(word))
}

/// Seconds of a unit of time.
pub(super) fn seconds_of_unit(unit: &str) -> Option<f64> {
    match unit {
        "s" | "sec" | "secs" | "second" | "seconds" | "sek" | "sekunden" | "secondes" | "seg"
        | "segundos" => Some(1.0),
        "min" | "mins" | "minute" | "minutes" | "minuten" | "minutos" => Some(60.0),
        "h" | "hours" | "stunden" | "heures" | "horas" => Some(3600.0),
        _ => None,
    }
}

fn is_unit(word: &str) -> bool {
    seconds_of_unit(word).is_some()
}

/// Lower case, without accents, punctuation and brackets.
pub fn folded(heading: &str) -> String {
    let mut text = String::new();
    let mut depth = 0_usize;
    for character in heading.to_lowercase().chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            'á' | 'à' | 'â' | 'ä' => text.push('a'),
            'é' | 'è' | 'ê' | 'ë' => text.push('e'),
            'í' | 'î' | 'ï' => text.push('i'),
            'ó' | 'ô' | 'ö' => text.push('o'),
            'ú' | 'û' | 'ü' | 'ù' => text.push('u'),
            'ç' => text.push('c'),
            'ñ' => text.push('n'),
            'ß' => text.push_str("ss"),
            _ if character.is_alphanumeric() => text.push(character),
            _ => text.push(' '),
        }
    }
    Vec::from_iter(text.split_whitespace()).join(" ")
}
