//! What a heading means, in English, German, French and Spanish.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// A date, or a date and clock time.
    Date,
    /// A day of the week.
    Weekday,
    /// Start of an interval or shift, or both its ends: `08:00-08:30`.
    Time,
    /// End of an interval or shift.
    End,
    /// Skill, queue or topic.
    Skill,
    /// Contacts.
    Volume,
    /// Handle time.
    HandleTime,
    /// People.
    Staff,
}

/// Words by meaning; the first one is the name of the meaning in a scenario.
const WORDS: [(Meaning, &[&str]); 8] = [
    (Meaning::Date, &["date", "day", "datum", "tag", "jour", "fecha", "dia"]),
    (
        Meaning::Weekday,
        &["weekday", "day of week", "wochentag", "jour de la semaine", "dia de la semana"],
    ),
    (
        Meaning::Time,
        &[
            "time",
            "start",
            "interval",
            "from",
            "begin",
            "start time",
            "interval start",
            "beginn",
            "von",
            "intervall",
            "uhrzeit",
            "zeit",
            "startzeit",
            "debut",
            "heure",
            "intervalle",
            "de",
            "inicio",
            "hora",
            "intervalo",
            "desde",
        ],
    ),
    (
        Meaning::End,
        &[
            "end",
            "to",
            "until",
            "end time",
            "interval end",
            "ende",
            "bis",
            "endzeit",
            "fin",
            "a",
            "hasta",
        ],
    ),
    (
        Meaning::Skill,
        &[
            "skill",
            "queue",
            "topic",
            "thema",
            "warteschlange",
            "sujet",
            "competence",
            "file d attente",
            "cola",
            "tema",
            "habilidad",
        ],
    ),
    (
        Meaning::Volume,
        &[
            "volume",
            "contacts",
            "offered",
            "forecast",
            "arrivals",
            "volumen",
            "kontakte",
            "anzahl",
            "prognose",
            "angebotene",
            "contacts offerts",
            "previsions",
            "contactos",
            "ofrecidos",
            "pronostico",
        ],
    ),
    (
        Meaning::HandleTime,
        &[
            "aht",
            "handle time",
            "average handle time",
            "bearbeitungszeit",
            "dmt",
            "duree moyenne de traitement",
            "tmo",
            "tiempo medio operativo",
        ],
    ),
    (
        Meaning::Staff,
        &[
            "staff",
            "agents",
            "required",
            "headcount",
            "personal",
            "agenten",
            "bedarf",
            "effectif",
            "agentes",
            "requeridos",
        ],
    ),
];

impl Meaning {
    /// The meaning of a heading; case, accents, punctuation and what stands in brackets do not count.
    pub fn of(heading: &str) -> Option<Self> {
        let folded = folded(heading);
        let row = WORDS.iter().find(|(_, words)| words.contains(&folded.as_str()));
        row.map(|&(meaning, _)| meaning)
    }

    /// Its name in a scenario.
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|&&(meaning, _)| meaning == self).map_or("", |(_, words)| words[0])
    }
}

/// Lower case, without accents, punctuation and brackets.
pub(super) fn folded(heading: &str) -> String {
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
