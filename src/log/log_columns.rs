//! What the columns of a log mean.

use crate::tables::{NamedColumn, folded};

use super::log_finding::LogFinding;

/// What a column of a log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogColumn {
    /// Number of the row.
    Sequence,
    /// Name of the conversation.
    Conversation,
    /// Skill, queue or topic.
    Skill,
    /// The date, where the clock time stands in a column of its own.
    Date,
    /// When, of a row of a message or event.
    Time,
    /// Who did it.
    From,
    /// The agent.
    Agent,
    /// What happened.
    Event,
    /// Why.
    Cause,
    /// State of the agent.
    State,
    /// When the contact was opened, of a row of a contact.
    Opened,
    /// When it was answered.
    Answered,
    /// When its consumer left.
    Abandoned,
    /// When it was closed.
    Closed,
    /// End of a shift.
    End,
    /// Group of an agent.
    Team,
    /// Conversations at a time.
    Slots,
}

/// Words for headings, folded; the first is the name of the column.
const WORDS: [(LogColumn, &str); 17] = [
    (LogColumn::Sequence, "sequence|seq|sequence number|row|line|nr|nummer"),
    (
        LogColumn::Conversation,
        "conversation|conversation id|conversationid|chat|chat id|chatid|ticket|ticket id|case|case id|\
         session|session id|thread|thread id|contact|contact id|engagement id|gesprach|konversation|\
         unterhaltung|vorgang|conversacion",
    ),
    (
        LogColumn::Skill,
        "skill|skills|queue|topic|channel|team|team name|department|thema|warteschlange|kanal|abteilung|sujet|\
         competence|file d attente|canal|cola|tema|habilidad",
    ),
    (LogColumn::Date, "date|day|datum|tag|jour|fecha"),
    (
        LogColumn::Time,
        "time|timestamp|sent|sent at|at|datetime|date time|message time|event time|created|created at|start|\
         zeit|zeitpunkt|zeitstempel|gesendet|uhrzeit|heure|horodatage|hora",
    ),
    (
        LogColumn::From,
        "from|sender|sent by|direction|author|author type|sender type|party|role|participant|von|absender|\
         richtung|auteur|remitente",
    ),
    (
        LogColumn::Agent,
        "agent|agent id|agent name|employee|operator|assigned to|owner|mitarbeiter|mitarbeiterin|\
         bearbeiter|conseiller|agente|name",
    ),
    (LogColumn::Event, "event|event type|type|action|ereignis|aktion|evenement|evento"),
    (LogColumn::Cause, "cause|reason|why|close reason|ursache|grund|raison|motivo"),
    (LogColumn::State, "state|status|presence|agent state|zustand|etat|estado"),
    (
        LogColumn::Opened,
        "opened|opened at|arrived|arrival|arrival time|eroffnet|eingang|ouvert|abierto",
    ),
    (
        LogColumn::Answered,
        "answered|answered at|first response|first response at|first reply|beantwortet|repondu|respondido",
    ),
    (
        LogColumn::Abandoned,
        "abandoned|abandoned at|left|aufgelegt|abgebrochen|abandonne|abandonado",
    ),
    (LogColumn::Closed, "closed|closed at|resolved|resolved at|ended|geschlossen|ferme|cerrado"),
    (LogColumn::End, "end|shift end|until|ende|schichtende|fin"),
    (LogColumn::Team, "team|group|gruppe|equipe|equipo"),
    (LogColumn::Slots, "slots|concurrency|gleichzeitig|simultanes|simultaneos"),
];

impl LogColumn {
    /// Its name on the command line.
    pub fn word(self) -> &'static str {
        let words = WORDS.iter().find(|(column, _)| *column == self).map_or("", |it| it.1);
        words.split('|').next().unwrap_or_default()
    }

    /// The column of a name on the command line.
    pub fn of_word(word: &str) -> Option<Self> {
        WORDS.iter().map(|(column, _)| *column).find(|column| column.word() == word)
    }

    /// The names of all columns.
    pub fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(column, _)| column.word())
    }

    /// The one among those wanted that a heading is a word for; the name of a column is that column.
    pub(super) fn of_heading(heading: &str, wanted: &[Self]) -> Option<Self> {
        let folded = folded(heading);
        let known = || WORDS.iter().filter(|(column, _)| wanted.contains(column));
        let by_name = known().find(|(column, _)| column.word() == folded);
        let by_word = || known().find(|(_, words)| words.split('|').any(|word| word == folded));
        by_name.or_else(by_word).map(|&(column, _)| column)
    }
}

/// Where the columns of a file stand.
#[derive(Clone, Debug, PartialEq)]
pub struct LogColumns {
    file: String,
    headings: Vec<String>,
    places: Vec<(LogColumn, usize)>,
}

impl LogColumns {
    /// Finds the columns of a file by its headings, or by those that are named instead.
    ///
    /// # Errors
    ///
    /// A heading that is named is not there, or a meaning has two columns.
    pub fn find(
        file: &str,
        headings: &[String],
        named: &[NamedColumn],
        wanted: &[LogColumn],
    ) -> Result<Self, LogFinding> {
        let mut places: Vec<(LogColumn, usize)> = Vec::new();
        for NamedColumn { meaning, heading } in named {
            let column = LogColumn::of_word(meaning).filter(|column| wanted.contains(column));
            let Some(column) = column else { continue };
            if heading.is_empty() {
                // The file has no such column, whatever its headings say.
                places.push((column, usize::MAX));
                continue;
            }
            let is_it = |other: &String| folded(other) == folded(heading);
            let Some(place) = headings.iter().position(is_it) else {
                return Err(no_such_heading(file, heading, headings));
            };
            places.push((column, place));
        }
        for (place, heading) in headings.iter().enumerate() {
            let is_named = |(_, other): &(LogColumn, usize)| *other == place;
            if places.iter().any(is_named) {
                continue;
            }
            let Some(column) = LogColumn::of_heading(heading, wanted) else { continue };
            match places.iter().find(|(other, _)| *other == column) {
                None => places.push((column, place)),
                // One that was named is meant.
                Some(_) if named.iter().any(|it| it.meaning == column.word()) => {}
                Some(&(_, other)) => {
                    let word = column.word();
                    let message = format!(
                        "the columns `{}` and `{heading}` may both be the column `{word}`",
                        headings[other]
                    );
                    let help = format!("say which: --column {word}=\"{heading}\"");
                    return Err(LogFinding::new(file, message).at(1, place).help(help));
                }
            }
        }
        places.retain(|&(_, place)| place != usize::MAX);
        Ok(Self { file: file.to_owned(), headings: headings.to_vec(), places })
    }

    /// Whether there is such a column.
    pub fn has(&self, column: LogColumn) -> bool {
        self.place(column).is_some()
    }

    /// Where it stands, from 0.
    pub fn place(&self, column: LogColumn) -> Option<usize> {
        self.places.iter().find(|(other, _)| *other == column).map(|&(_, place)| place)
    }

    /// Where it stands.
    ///
    /// # Errors
    ///
    /// It is not there.
    pub fn required(&self, column: LogColumn) -> Result<usize, LogFinding> {
        self.place(column).ok_or_else(|| {
            let word = column.word();
            LogFinding::new(&self.file, format!("there is no column `{word}`"))
                .at(1, 0)
                .found(&self.headings.join(", "))
                .help(format!("name it: --column {word}=HEADING"))
        })
    }

    /// All headings, in order.
    pub(super) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// The headings that mean something, with what they mean.
    pub fn used(&self) -> impl Iterator<Item = (&str, LogColumn)> {
        self.places.iter().map(|&(column, place)| (self.headings[place].as_str(), column))
    }

    /// The headings that were not used.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        let is_used = |place| self.places.iter().any(|&(_, used)| used == place);
        let unused = self.headings.iter().enumerate().filter(move |&(place, _)| !is_used(place));
        unused.map(|(_, heading)| heading.as_str())
    }
}

fn no_such_heading(file: &str, heading: &str, headings: &[String]) -> LogFinding {
    let likeness = |other: &&String| strsim::jaro_winkler(&folded(other), &folded(heading));
    let near = headings.iter().filter(|other| likeness(other) > ALIKE);
    let near = near.max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let listed = Vec::from_iter(headings.iter().map(|it| format!("`{it}`"))).join(", ");
    let finding = LogFinding::new(file, format!("there is no column with the heading `{heading}`"));
    let finding = finding.at(1, 0).allowed(listed);
    match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding,
    }
}

const ALIKE: f64 = 0.8;

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [LogColumn; 4] =
        [LogColumn::Conversation, LogColumn::Time, LogColumn::From, LogColumn::Agent];

    fn found(headings: &str, named: &[(&str, &str)]) -> Result<Vec<(LogColumn, usize)>, String> {
        let headings = Vec::from_iter(headings.split(',').map(str::to_owned));
        let named = named.iter().map(|(meaning, heading)| NamedColumn {
            meaning: (*meaning).to_owned(),
            heading: (*heading).to_owned(),
        });
        let columns = LogColumns::find("log.csv", &headings, &Vec::from_iter(named), &ALL);
        columns.map(|columns| columns.places).map_err(|finding| finding.to_string())
    }

    #[test]
    fn columns_are_found_by_what_people_call_them_or_by_name() {
        let expected =
            vec![(LogColumn::Conversation, 0), (LogColumn::Time, 1), (LogColumn::From, 3)];
        assert_eq!(found("Chat ID,Gesendet,Text,Absender", &[]), Ok(expected));
        let named = found("id,Wann,Absender", &[("conversation", "ID"), ("time", "wann")]);
        let expected =
            vec![(LogColumn::Conversation, 0), (LogColumn::Time, 1), (LogColumn::From, 2)];
        assert_eq!(named, Ok(expected));
        assert_eq!(found("chat,from", &[("from", "")]), Ok(vec![(LogColumn::Conversation, 0)]));
    }

    #[test]
    fn what_is_not_there_or_there_twice_is_told() {
        assert_eq!(
            found("chat,sentt,from", &[("time", "sent")]).unwrap_err(),
            "log.csv, row 1, column A: there is no column with the heading `sent`; allowed: \
             `chat`, `sentt`, `from`; help: did you mean `sentt`?"
        );
        assert_eq!(
            found("chat,sent,timestamp", &[]).unwrap_err(),
            "log.csv, row 1, column C: the columns `sent` and `timestamp` may both be the column \
             `time`; help: say which: --column time=\"timestamp\""
        );
        assert!(found("chat,sent,timestamp", &[("time", "sent")]).is_ok());
    }
}
