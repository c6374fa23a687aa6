//! Two hundred logs as they come out of platforms, spreadsheets and mail: each is read as it was meant, or refused with
//! row and column. What each comes to is worked out by hand.

use shiftstorm::base::calendar::Calendar;
use shiftstorm::base::time::Span;
use shiftstorm::fitting::{LogObserver, LogSamples, ObservedAgents};
use shiftstorm::log::{LogOptions, LogReader, LogVocabulary, SortSpace, read_in_order};
use shiftstorm::tables::DateOrder;

use crate::cli::Place;
use crate::log_files::{input, named, read_with};

/// A log, and what becomes of it.
struct BrokenLog {
    name: String,
    bytes: Vec<u8>,
    options: LogOptions,
    outcome: Outcome,
}

/// What becomes of a log.
enum Outcome {
    /// These rows, all good.
    Rows(Vec<String>),
    /// These rows, and one left out for a reason.
    LeftOut(Vec<String>, &'static str),
    /// Nothing, for a reason.
    Refused(&'static str),
}

impl BrokenLog {
    fn new(name: impl Into<String>, text: impl Into<Vec<u8>>, outcome: Outcome) -> Self {
        let (name, bytes, options) = (name.into(), text.into(), LogOptions::default());
        Self { name, bytes, options, outcome }
    }

    fn with(self, options: LogOptions) -> Self {
        Self { options, ..self }
    }

    /// What is not as it should be.
    fn trouble(&self) -> Option<String> {
        let read = read_with(&self.bytes, &self.options);
        let (rows, bad) = match (&self.outcome, read) {
            (Outcome::Refused(why), Err(told)) => {
                return (!told.contains(why)).then(|| format!("{}: {told}", self.name));
            }
            (Outcome::Refused(_), Ok(read)) => {
                return Some(format!("{}: read as {:?} {:?}", self.name, read.rows, read.bad));
            }
            (_, Err(told)) => return Some(format!("{}: refused: {told}", self.name)),
            (_, Ok(read)) => (read.rows, read.bad),
        };
        let (expected, is_told) = match &self.outcome {
            Outcome::LeftOut(expected, why) => (expected, bad.len() == 1 && bad[0].contains(why)),
            Outcome::Rows(expected) => (expected, bad.is_empty()),
            Outcome::Refused(_) => return None,
        };
        (rows != *expected || !is_told).then(|| format!("{}: {rows:?} {bad:?}", self.name))
    }
}

fn rows(expected: &[&str]) -> Vec<String> {
    expected.iter().map(|row| (*row).to_owned()).collect()
}

/// Three rows.
fn plain() -> Vec<String> {
    rows(&[
        "09:00:00 1 message consumer",
        "09:00:20 1 message agent",
        "09:00:30 2 message consumer",
    ])
}

const PLAIN: &str = "conversation,time,from\na,2026-03-02T09:00:00Z,consumer\n\
                     a,2026-03-02T09:00:20Z,agent\nb,2026-03-02T09:00:30Z,consumer\n";

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
}

/// Each separator with each end of a line in each encoding: 60.
fn writings() -> Vec<BrokenLog> {
    let text = "conversation;time;from;agent\na;2026-03-02 09:00:00;consumer;\n\
                a;2026-03-02 09:00:20;agent;Jörg Müller\n";
    let expected = rows(&["09:00:00 1 message consumer", "09:00:20 1 message agent Jörg Müller"]);
    let mut all = Vec::new();
    for separator in [";", ",", "\t", "|"] {
        for end in ["\n", "\r\n", "\r"] {
            let text = text.replace(';', separator).replace('\n', end);
            let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
            let encodings = [
                ("UTF-8", text.clone().into_bytes()),
                ("UTF-8 with a mark", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
                ("UTF-16", utf16(&text, u16::to_le_bytes)),
                ("UTF-16, the other way round", utf16(&text, u16::to_be_bytes)),
                ("Windows-1252", windows.into_owned()),
            ];
            for (encoding, bytes) in encodings {
                let name = format!("{separator:?} {end:?} {encoding}");
                all.push(BrokenLog::new(name, bytes, Outcome::Rows(expected.clone())));
            }
        }
    }
    all
}

/// Instants in all forms.
fn instants() -> Vec<BrokenLog> {
    let day_first = LogOptions { dates: Some(DateOrder::DayFirst), ..LogOptions::default() };
    let month_first = LogOptions { dates: Some(DateOrder::MonthFirst), ..LogOptions::default() };
    let written = |name: &str, of: &dyn Fn(&str) -> String| {
        let text = PLAIN
            .replace("2026-03-02T09:00:00Z", &of("09:00:00"))
            .replace("2026-03-02T09:00:20Z", &of("09:00:20"))
            .replace("2026-03-02T09:00:30Z", &of("09:00:30"));
        BrokenLog::new(name, text, Outcome::Rows(plain()))
    };
    let epoch = |clock: &str| match clock {
        "09:00:00" => 1_772_442_000_i64,
        "09:00:20" => 1_772_442_020,
        _ => 1_772_442_030,
    };
    vec![
        written("a blank", &|clock| format!("2026-03-02 {clock}")),
        written("lower case", &|clock| format!("2026-03-02t{clock}z")),
        written("an offset of nothing", &|clock| format!("2026-03-02T{clock}+00:00")),
        written("an offset without a colon", &|clock| format!("2026-03-02T{clock}+0000")),
        written("a blank before the offset", &|clock| format!("2026-03-02 {clock} +00:00")),
        written("thousandths", &|clock| format!("2026-03-02T{clock}.000Z")),
        written("millionths", &|clock| format!("2026-03-02T{clock}.000000Z")),
        written("a comma before thousandths", &|clock| format!("\"2026-03-02T{clock},000Z\"")),
        written("seconds since 1970", &|clock| epoch(clock).to_string()),
        written("milliseconds since 1970", &|clock| (epoch(clock) * 1000).to_string()),
        written("microseconds since 1970", &|clock| (epoch(clock) * 1_000_000).to_string()),
        written("in quotes", &|clock| format!("\"2026-03-02T{clock}Z\"")),
        written("with blanks around", &|clock| format!("  2026-03-02T{clock}Z ")),
        written("German", &|clock| format!("02.03.2026 {clock}")).with(day_first.clone()),
        written("English", &|clock| format!("02/03/2026 {clock}")).with(day_first.clone()),
        written("American", &|clock| format!("03/02/2026 {clock}")).with(month_first.clone()),
        written("American with AM", &|clock| format!("3/2/2026 {} AM", &clock[1..]))
            .with(month_first),
        written("month in letters", &|clock| format!("2 Mar 2026 {clock}")),
        written("without leading zeros", &|clock| format!("2.3.2026 {}", &clock[1..]))
            .with(day_first),
    ]
}

/// Headings in four languages, above them titles, beside them others.
fn headings() -> Vec<BrokenLog> {
    let mut all = Vec::new();
    for headings in [
        "Conversation ID,Timestamp,Sender",
        "chat_id,sent_at,direction",
        "TICKET,CREATED AT,AUTHOR",
        "\"Thread ID\",\"Date Time\",\"Sent by\"",
        "Gespräch,Zeitpunkt,Absender",
        "Vorgang,Gesendet,Richtung",
        "Unterhaltung,Zeitstempel,von",
        "conversation,heure,auteur",
        "chat,horodatage,auteur",
        "conversación,hora,remitente",
        " conversation , time , from ",
        "case (number),time (UTC),from",
    ] {
        let text = PLAIN.replace("conversation,time,from", headings);
        all.push(BrokenLog::new(headings, text, Outcome::Rows(plain())));
    }
    for (name, text) in [
        ("a title", format!("Export of March\n{PLAIN}")),
        ("a title and a blank line", format!("Export of March\n\n{PLAIN}")),
        ("several titles", format!("Centre North\nExport\nUTC\n\n{PLAIN}")),
        ("sep=", format!("sep=,\n{PLAIN}")),
        ("blank lines between", PLAIN.replace('\n', "\n\n")),
        ("blank lines at the end", format!("{PLAIN}\n\n\n")),
        ("rows of commas at the end", format!("{PLAIN},,\n,,\n")),
        ("no end of the last line", PLAIN.trim_end().to_owned()),
        ("headings again, as two exports one behind the other", {
            let (first, last) = PLAIN.split_at(PLAIN.rfind("b,2026").unwrap());
            format!("{first}conversation,time,from\n{last}")
        }),
        ("a comma behind each row", PLAIN.replace('\n', ",\n")),
        ("the time first", {
            let swapped = PLAIN.lines().map(|row| {
                let cells = Vec::from_iter(row.split(','));
                format!("{},{},{}\n", cells[1], cells[2], cells[0])
            });
            swapped.collect::<String>()
        }),
    ] {
        all.push(BrokenLog::new(name, text, Outcome::Rows(plain())));
    }
    all
}

/// What platforms call those who write.
fn words() -> Vec<BrokenLog> {
    let text = |consumer: &str, agent: &str| {
        PLAIN.replace(",consumer", &format!(",{consumer}")).replace(",agent", &format!(",{agent}"))
    };
    let pairs = [
        ("customer", "operator"),
        ("Client", "Representative"),
        ("USER", "AGENT"),
        ("visitor", "rep"),
        ("guest", "employee"),
        ("contact", "staff"),
        ("inbound", "outbound"),
        ("in", "out"),
        ("incoming", "outgoing"),
        ("received", "sent"),
        ("Kunde", "Mitarbeiter"),
        ("Kundin", "ausgehend"),
        ("eingehend", "Mitarbeiter"),
        ("cliente", "agente"),
        ("usager", "conseiller"),
        ("entrant", "sortant"),
        ("entrante", "saliente"),
    ];
    let known = pairs.into_iter().map(|(consumer, agent)| {
        let name = format!("{consumer} and {agent}");
        BrokenLog::new(name, text(consumer, agent), Outcome::Rows(plain()))
    });
    let mut all = Vec::from_iter(known);
    let mine = LogOptions {
        words: vec![named("consumer", "Gast"), named("agent", "Team Süd")],
        ..LogOptions::default()
    };
    let own = BrokenLog::new("own words", text("Gast", "team süd"), Outcome::Rows(plain()));
    all.push(own.with(mine));
    all
}

/// A row that is not understood, below one that is.
fn bad_rows() -> Vec<BrokenLog> {
    let good = "conversation,time,from,event,state\na,2026-03-02T09:00:00Z,consumer,message,\n";
    let bad = [
        (",2026-03-02T09:01:00Z,agent,,", "row 3, column A: no conversation"),
        ("   ,2026-03-02T09:01:00Z,agent,,", "row 3, column A: no conversation"),
        ("a,,agent,,", "row 3, column B: not a date"),
        ("a,-,agent,,", "row 3, column B: not a date"),
        ("a,#REF!,agent,,", "row 3, column B: not a date"),
        ("a,########,agent,,", "row 3, column B: not a date"),
        ("a,yesterday,agent,,", "row 3, column B: not a date"),
        ("a,2026-03-02,agent,,", "row 3, column B: not a date"),
        ("a,09:01:00,agent,,", "row 3, column B: not a date"),
        ("a,2026-02-30T09:01:00Z,agent,,", "row 3, column B: not a date"),
        ("a,2026-13-02T09:01:00Z,agent,,", "row 3, column B: not a date"),
        ("a,2026-00-02T09:01:00Z,agent,,", "row 3, column B: not a date"),
        ("a,2026-03-02T24:01:00Z,agent,,", "row 3, column B: not a date"),
        ("a,2026-03-02T09:60:00Z,agent,,", "row 3, column B: not a date"),
        ("a,2026-03-02T09:01:61Z,agent,,", "row 3, column B: not a date"),
        ("a,2026-03-02T09:01:00+99:00,agent,,", "row 3, column B: not a date"),
        ("a,1970-01-01T00:00:00Z,agent,,", "row 3, column B: a date before 2000"),
        ("a,1900-01-00T00:00:00Z,agent,,", "row 3, column B: not a date"),
        ("a,2999-03-02T09:01:00Z,agent,,", "row 3, column B: a date before 2000 or after 2100"),
        ("a,2026-03-02T09:01:00Z,nobody,,", "row 3, column C: an unknown word: found `nobody`"),
        ("a,2026-03-02T09:01:00Z,0,,", "row 3, column C: an unknown word: found `0`"),
        ("a,2026-03-02T09:01:00Z,agent,shouted,", "row 3, column D: an unknown word"),
        ("a,2026-03-02T09:01:00Z,agent,unassigned,asleep", "row 3, column E: an unknown word"),
        ("a", "row 3, column B: fewer fields than headings"),
        ("a,2026-03-02T09:01:00Z", "row 3, column C: fewer fields than headings"),
        ("Total,,2,,", "row 3, column B: not a date"),
        ("Summe,1,,,", "row 3, column B: not a date"),
        ("a,2026-03-02T09:01:00Z,\u{fffd}gent,,", "row 3, column C: bytes that are no text"),
    ];
    let left_out = bad.into_iter().map(|(row, why)| {
        let kept = rows(&["09:00:00 1 message consumer"]);
        BrokenLog::new(row, format!("{good}{row}\n"), Outcome::LeftOut(kept, why))
    });
    left_out.collect()
}

/// Files that are no log.
fn no_logs() -> Vec<BrokenLog> {
    let row = "a,2026-03-02T09:00:00Z,consumer\n";
    let rest = row.repeat(60_000);
    let refused = [
        ("empty", String::new(), "it has no rows"),
        ("blank lines", "\n\n\n".to_owned(), "it has no rows"),
        ("a mark and nothing", "\u{feff}".to_owned(), "it has no rows"),
        (
            "only headings",
            "conversation,time,from\n".to_owned(),
            "no row below the headings has an instant",
        ),
        (
            "no times",
            "conversation,time,from\na,,consumer\n".to_owned(),
            "no row below the headings has an instant",
        ),
        ("no headings", row.repeat(3), "row 1, column A: there is no column `conversation`"),
        (
            "no column of times",
            format!("conversation,when,from\n{row}"),
            "there is no column `time`",
        ),
        ("no conversations", format!("who,time,from\n{row}"), "there is no column `conversation`"),
        (
            "two columns of times",
            format!("conversation,time,sent\n{row}"),
            "row 1, column C: the columns `time` and `sent` may both be the column `time`",
        ),
        (
            "a column twice",
            format!("conversation,time,time\n{row}"),
            "row 1, column C: the columns `time` and `time` may both",
        ),
        (
            "two columns of conversations",
            format!("chat,ticket,time\n{row}"),
            "row 1, column B: the columns `chat` and `ticket` may both",
        ),
        (
            "either order of day and month",
            "conversation,time\na,02/03/2026 09:00\n".to_owned(),
            "row 2, column B: day and month of the dates cannot be told apart",
        ),
        (
            "both orders of day and month",
            "conversation,time\na,13/03/2026 09:00\na,03/13/2026 09:00\n".to_owned(),
            "dates with the day first and with the month first",
        ),
        (
            "words for times",
            "conversation,time\na,soon\n".to_owned(),
            "row 2, column B: not a date",
        ),
        ("a workbook", "PK\u{3}\u{4}".to_owned(), "it is a workbook: save it as CSV"),
        ("UTF-16 without a mark", "c\0o\0n\0".to_owned(), "bytes of zero"),
        (
            "a quote without an end",
            format!("conversation,time,from\n\"{rest}"),
            "row 2, column A: a quoted field that begins here has no end",
        ),
        ("a page", "<html><body>Not found</body></html>\n".to_owned(), "there is no column"),
    ];
    let refused =
        refused.map(|(name, text, why)| BrokenLog::new(name, text, Outcome::Refused(why)));
    let packed = BrokenLog::new("packed", b"\x1f\x8b\x08".to_vec(), Outcome::Refused("packed"));
    refused.into_iter().chain([packed]).collect()
}

/// Orders, clocks that jump, doubled rows, quotes.
fn orders() -> Vec<BrokenLog> {
    let lines = Vec::from_iter(PLAIN.lines());
    let ordered =
        |order: [usize; 3]| format!("{}\n{}\n", lines[0], order.map(|at| lines[at]).join("\n"));
    let mut all =
        Vec::from_iter([[3, 2, 1], [2, 1, 3], [3, 1, 2], [1, 3, 2], [2, 3, 1]].map(|order| {
            BrokenLog::new(format!("{order:?}"), ordered(order), Outcome::Rows(plain()))
        }));
    for (name, text) in [
        ("the last row twice", format!("{PLAIN}{}\n", lines[3])),
        (
            "each row twice",
            format!("{}\n{0}\n", lines[1..].join("\n")).replacen(
                lines[1],
                &format!("{}\n{}", lines[0], lines[1]),
                1,
            ),
        ),
        ("all of it twice", format!("{PLAIN}{}\n", lines[1..].join("\n"))),
        ("in quotes", PLAIN.replace(",consumer", ",\"consumer\"")),
        ("a conversation in quotes", PLAIN.replace("\na,", "\n\"a\",")),
        (
            "a text with commas, quotes and line ends",
            PLAIN
                .replace("conversation,time,from", "text,conversation,time,from")
                .replace("\na,", "\n\"say \"\"a, b\"\"\nand more\",a,")
                .replace("\nb,", "\n;;;,b,"),
        ),
        ("another day between that is out of order", ordered([3, 1, 2])),
    ] {
        all.push(BrokenLog::new(name, text, Outcome::Rows(plain())));
    }
    // A clock that jumps back by five hours in the middle: rows are sorted by what it shows.
    let jump = "conversation,time,from\na,2026-03-02T09:00:00Z,consumer\na,2026-03-02T12:00:00Z,agent\n\
                b,2026-03-02T07:00:00Z,consumer\n";
    let sorted = rows(&[
        "07:00:00 1 message consumer",
        "09:00:00 2 message consumer",
        "12:00:00 2 message agent",
    ]);
    all.push(BrokenLog::new("a clock that jumps back", jump, Outcome::Rows(sorted)));
    // One instant: the order of the file, or of the sequence if it is there.
    let same =
        "conversation,time,from\na,2026-03-02T09:00:00Z,consumer\na,2026-03-02T09:00:00Z,agent\n";
    let expected = rows(&["09:00:00 1 message consumer", "09:00:00 1 message agent"]);
    all.push(BrokenLog::new("two rows of an instant", same, Outcome::Rows(expected)));
    all
}

/// Zones, offsets, an hour twice and one that does not exist.
fn zones() -> Vec<BrokenLog> {
    let zone = |name: &str| LogOptions { zone: Calendar::zone(name), ..LogOptions::default() };
    let text = |times: [&str; 2]| {
        format!("conversation,time,from\na,{},consumer\na,{},agent\n", times[0], times[1])
    };
    let both = |clocks: [&str; 2]| {
        Outcome::Rows(vec![
            format!("{} 1 message consumer", clocks[0]),
            format!("{} 1 message agent", clocks[1]),
        ])
    };
    let utc = ["2026-03-02T09:00:00Z", "2026-03-02T09:00:20Z"];
    let mut all = Vec::from_iter(
        [
            ("Europe/Berlin", ["10:00:00", "10:00:20"]),
            ("America/New_York", ["04:00:00", "04:00:20"]),
            ("Asia/Kolkata", ["14:30:00", "14:30:20"]),
            ("Asia/Kathmandu", ["14:45:00", "14:45:20"]),
            ("Pacific/Auckland", ["22:00:00", "22:00:20"]),
        ]
        .map(|(name, clocks)| BrokenLog::new(name, text(utc), both(clocks)).with(zone(name))),
    );
    let offsets = ["2026-03-02T10:00:00+01:00", "2026-03-02T04:00:20-05:00"];
    all.push(BrokenLog::new("offsets that differ", text(offsets), both(["10:00:00", "04:00:20"])));
    for (name, times, clocks) in [
        ("Europe/Berlin", ["2026-10-25 02:50:00", "2026-10-25 02:10:00"], ["02:50:00", "02:10:00"]),
        (
            "America/New_York",
            ["2026-11-01 01:50:00", "2026-11-01 01:10:00"],
            ["01:50:00", "01:10:00"],
        ),
        (
            "Australia/Lord_Howe",
            ["2026-04-05 01:55:00", "2026-04-05 01:35:00"],
            ["01:55:00", "01:35:00"],
        ),
    ] {
        let log = BrokenLog::new(format!("{name}, an hour twice"), text(times), both(clocks));
        all.push(log.with(zone(name)));
    }
    let skipped = text(["2026-03-29 01:59:00", "2026-03-29 02:30:00"]);
    let kept = rows(&["01:59:00 1 message consumer"]);
    let why = "row 3, column B: a clock time that does not exist: clocks are put forward";
    let left_out = Outcome::LeftOut(kept, why);
    all.push(BrokenLog::new("an hour that is not", skipped, left_out).with(zone("Europe/Berlin")));
    all
}

#[test]
fn two_hundred_broken_logs_are_read_rightly_or_refused_with_their_place() {
    let families =
        [writings(), instants(), headings(), words(), bad_rows(), no_logs(), orders(), zones()];
    let all = Vec::from_iter(families.into_iter().flatten());
    let troubles = Vec::from_iter(all.iter().filter_map(BrokenLog::trouble));
    assert!(troubles.is_empty(), "{} of {}:\n{}", troubles.len(), all.len(), troubles.join("\n"));
    assert!(all.len() + TALES.len() >= 200, "{} and {}", all.len(), TALES.len());
}

/// What a log of events that cannot be comes to.
struct Tale {
    name: &'static str,
    /// Second, conversation, who, event, cause.
    rows: &'static [&'static str],
    check: fn(&LogSamples) -> bool,
}

const TALES: [Tale; 17] = [
    Tale {
        name: "an agent who answers before it has the conversation",
        rows: &["0 a consumer", "10 a agent", "20 a system assigned"],
        check: |it| it.first_answers.ended() == 1 && it.agent_messages == 1,
    },
    Tale {
        name: "an agent who answers another's conversation",
        rows: &["0 a consumer", "5 a system assigned", "10 a agent message _ Ben"],
        check: |it| it.answered_unassigned == 1 && it.first_answers.ended() == 1,
    },
    Tale {
        name: "a conversation that never ends",
        rows: &["0 a consumer", "5 a system assigned", "10 a agent"],
        check: |it| it.never_ended == 1,
    },
    Tale {
        name: "an agent writes first",
        rows: &["0 a agent", "10 a consumer"],
        check: |it| it.conversations() == 1 && it.agent_messages == 1,
    },
    Tale {
        name: "closed twice",
        rows: &["0 a consumer", "10 a agent resolved by_agent", "20 a agent resolved by_agent"],
        check: |it| it.endings.values().sum::<u64>() == 1,
    },
    Tale {
        name: "written after the close",
        rows: &["0 a consumer", "9 a agent", "10 a agent resolved by_agent", "20 a consumer"],
        check: |it| it.reopened == 1 && it.conversations() == 1,
    },
    Tale {
        name: "closed before it was opened",
        rows: &["0 a agent resolved by_agent", "10 a consumer"],
        check: |it| it.conversations() == 1 && it.endings.is_empty(),
    },
    Tale {
        name: "assigned twice",
        rows: &[
            "0 a consumer",
            "5 a system assigned",
            "7 a system assigned _ Ben",
            "20 a agent message _ Ben",
        ],
        check: |it| it.first_answers.ended() == 1 && it.answered_unassigned == 0,
    },
    Tale {
        name: "taken from nobody",
        rows: &["0 a consumer", "5 a system unassigned timeout"],
        check: |it| it.losses.values().sum::<u64>() == 1 && it.work.is_empty(),
    },
    Tale {
        name: "assigned, and unknown",
        rows: &["0 a system assigned", "5 a system unassigned timeout"],
        check: |it| it.conversations() == 0,
    },
    Tale {
        name: "left after the answer",
        rows: &["0 a consumer", "9 a agent", "20 a consumer", "99 a consumer resolved abandoned"],
        check: |it| it.left_in_queue == 0 && it.later_waits.ended() == 1,
    },
    Tale {
        name: "left in the queue",
        rows: &["0 a consumer", "99 a consumer resolved abandoned"],
        check: |it| it.left_in_queue == 1 && it.all_consumers().waits_to_answer.ended() == 1,
    },
    Tale {
        name: "a message of nobody",
        rows: &["0 a consumer", "5 a _ message", "9 a agent"],
        check: |it| it.consumer_messages == 1 && it.first_answers.ended() == 1,
    },
    Tale {
        name: "only the platform writes",
        rows: &["0 a system message", "5 a system message"],
        check: |it| it.conversations() == 0 && it.consumer_messages == 0,
    },
    Tale {
        name: "only agents write",
        rows: &["0 a agent", "5 a agent"],
        check: |it| it.conversations() == 0 && it.agent_messages == 2,
    },
    Tale {
        name: "put aside and never brought back",
        rows: &["0 a consumer", "5 a system assigned", "9 a agent parked"],
        check: |it| it.never_ended == 1 && it.first_answers.ended() == 0,
    },
    Tale {
        name: "two answers to one message",
        rows: &["0 a consumer", "5 a system assigned", "10 a agent", "12 a agent"],
        check: |it| it.answers.ended() == 1 && it.agent_messages == 2,
    },
];

/// The rows of a tale as a file.
fn told(tale: &Tale) -> String {
    let mut text = "conversation,time,from,agent,event,cause\n".to_owned();
    for row in tale.rows {
        let words = Vec::from_iter(row.split(' '));
        let word = |at: usize| words.get(at).copied().filter(|word| *word != "_").unwrap_or("");
        let second: u32 = words[0].parse().unwrap();
        let (from, event) = (word(2), word(3));
        let is_of_agent = from == "agent" || event == "assigned" || event == "unassigned";
        let agent = match word(5) {
            "" if is_of_agent => "Ann",
            named => named,
        };
        text.push_str(&format!(
            "{},2026-03-02T09:{:02}:{:02}Z,{from},{agent},{event},{}\n",
            words[1],
            second / 60,
            second % 60,
            word(4)
        ));
    }
    text
}

#[test]
fn events_that_cannot_be_are_counted_and_spoil_nothing() {
    for tale in &TALES {
        let (input, options) = (input("log.csv", told(tale).as_bytes()), LogOptions::default());
        let reader = LogReader::open(&input, &options).unwrap_or_else(|it| panic!("{it}"));
        let place = Place::new();
        let storage = shiftstorm::base::storage::Storage::default();
        let space = SortSpace { storage: &storage, folder: &place.0, rows: 100 };
        let agents = ObservedAgents::default();
        let mut observer = LogObserver::new(&agents, Span::ZERO);
        let vocabulary = LogVocabulary::default();
        let read = read_in_order(&[reader], &vocabulary, &space, &mut observer);
        let read = read.unwrap_or_else(|it| panic!("{}: {it}", tale.name));
        assert_eq!(read.tally.bad, 0, "{}: {:?}", tale.name, read.tally.first_bad);
        let samples = observer.finish();
        assert!((tale.check)(&samples), "{}: {samples:?}", tale.name);
    }
}
