//! Logs as platforms and people write them: read rightly, or refused with row and column.

use std::cell::RefCell;
use std::io::{Cursor, Read};
use std::path::Path;

use shiftstorm::base::calendar::Calendar;
use shiftstorm::base::storage::Storage;
use shiftstorm::log::form::LogWord as _;
use shiftstorm::log::{
    LogInput, LogOptions, LogReader, LogRow, LogVocabulary, RowTaker, SortSpace, read_in_order,
};
use shiftstorm::tables::{DateOrder, NamedColumn};

use crate::cli::Place;

/// The rows that came, each in words: local time of day, conversation by order of coming, event, who,
/// skill, agent, cause.
#[derive(Default)]
struct Told {
    rows: Vec<LogRow>,
    begun_again: u32,
}

impl RowTaker for Told {
    fn begin_again(&mut self) {
        self.rows.clear();
        self.begun_again += 1;
    }

    fn take(&mut self, row: &LogRow) {
        self.rows.push(*row);
    }
}

pub(crate) struct ReadLog {
    pub(crate) rows: Vec<String>,
    pub(crate) bad: Vec<String>,
    doubled: u64,
    was_sorted: bool,
}

pub(crate) fn input(name: &str, bytes: &[u8]) -> LogInput {
    let bytes = bytes.to_vec();
    let open = move || Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Read>);
    LogInput { name: name.to_owned(), open: Box::new(open) }
}

pub(crate) fn read_with(bytes: &[u8], options: &LogOptions) -> Result<ReadLog, String> {
    let input = input("log.csv", bytes);
    let reader = LogReader::open(&input, options).map_err(|finding| finding.to_string())?;
    let place = Place::new();
    let space = SortSpace { storage: &Storage::default(), folder: &place.0, rows: 1000 };
    let mut told = Told::default();
    let vocabulary = LogVocabulary::default();
    let read = read_in_order(&[reader], &vocabulary, &space, &mut told);
    let read = read.map_err(|finding| finding.to_string())?;
    let conversations = RefCell::new(Vec::new());
    let in_words = |row: &LogRow| {
        let mut known = conversations.borrow_mut();
        let position = known.iter().position(|it| *it == row.conversation);
        let number = position.unwrap_or_else(|| {
            known.push(row.conversation);
            known.len() - 1
        });
        let local = row.at.as_micros() / 1_000_000 + i64::from(row.offset_minutes) * 60;
        let clock = local.rem_euclid(86_400);
        let mut words = vec![
            format!("{:02}:{:02}:{:02}", clock / 3600, clock / 60 % 60, clock % 60),
            (number + 1).to_string(),
            row.event.word().to_owned(),
        ];
        words.extend(row.from.map(|from| from.word().to_owned()));
        words.extend(
            row.skill.map(|skill| read.vocabulary.skills.names()[usize::from(skill.0)].clone()),
        );
        words.extend(
            row.agent.map(|agent| read.vocabulary.agents.names()[agent.0 as usize].clone()),
        );
        words.extend(row.cause.map(|cause| cause.word().to_owned()));
        words.join(" ")
    };
    Ok(ReadLog {
        rows: told.rows.iter().map(in_words).collect(),
        bad: read.tally.first_bad.iter().map(ToString::to_string).collect(),
        doubled: read.tally.doubled,
        was_sorted: read.was_sorted,
    })
}

fn read(text: &str) -> ReadLog {
    read_with(text.as_bytes(), &LogOptions::default()).unwrap_or_else(|why| panic!("{why}"))
}

fn refused(text: &str) -> String {
    read_with(text.as_bytes(), &LogOptions::default()).err().expect("it is not understood")
}

pub(crate) fn named(meaning: &str, heading: &str) -> NamedColumn {
    NamedColumn { meaning: meaning.to_owned(), heading: heading.to_owned() }
}

const PLAIN: [&str; 3] =
    ["09:00:00 1 message consumer", "09:00:20 1 message agent", "09:00:30 2 message consumer"];

#[test]
fn a_log_is_one_whatever_its_separator_encoding_heading_and_order() {
    let rows = ["a,2026-03-02T09:00:00Z,consumer", "a,2026-03-02T09:00:20Z,agent"];
    let last = "b,2026-03-02T09:00:30Z,consumer";
    let plain = format!("conversation,time,from\n{}\n{}\n{last}\n", rows[0], rows[1]);
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(plain.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let utf16_big: Vec<u8> =
        std::iter::once(0xfeff).chain(plain.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let texts = [
        plain.clone(),
        plain.replace('\n', "\r\n"),
        plain.replace(',', ";"),
        plain.replace(',', "\t"),
        plain.replace(',', " | "),
        format!("sep=,\n{plain}"),
        format!("\u{feff}{plain}"),
        format!("Export of March\n\n{plain}\n\n"),
        plain.trim_end().to_owned(),
        plain.replace("conversation,time,from", "Chat-ID,Gesendet,Absender"),
        plain.replace("conversation,time,from", "\"CONVERSATION ID\",\"Sent at\",\"Sender\""),
        plain.replace("consumer", "Inbound").replace("agent", "OUTBOUND"),
        plain.replace("consumer", "Kunde").replace("agent", "Mitarbeiter"),
        plain.replace('Z', "+00:00"),
        plain.replace('Z', ""),
        plain.replace('T', " ").replace('Z', ".000"),
        plain
            .replace("2026-03-02T09:00:00Z", "1772442000")
            .replace("2026-03-02T09:00:20Z", "1772442020")
            .replace("2026-03-02T09:00:30Z", "1772442030"),
        plain
            .replace("2026-03-02T09:00:00Z", "1772442000000")
            .replace("2026-03-02T09:00:20Z", "1772442020000")
            .replace("2026-03-02T09:00:30Z", "1772442030000"),
        plain.replace("2026-03-02T", "02.03.2026 ").replace('Z', ""),
        plain.replace("2026-03-02T", "2 Mar 2026 ").replace('Z', ""),
        plain
            .replace("conversation,time,from", "conversation,date,time,from")
            .replace("2026-03-02T", "2026-03-02,")
            .replace('Z', ""),
        format!("conversation,time,from\n{last}\n{}\n{}\n", rows[1], rows[0]),
        format!(
            "time,text,from,conversation\n{}",
            plain
                .lines()
                .skip(1)
                .map(|row| {
                    let cells = Vec::from_iter(row.split(','));
                    format!(
                        "{},\"say \"\"a, b\"\"\nand more\",{},{}\n",
                        cells[1], cells[2], cells[0]
                    )
                })
                .collect::<String>()
        ),
        plain
            .replace("conversation,time,from", "conversation,time,from,note")
            .replace("consumer\n", "consumer,x\n")
            .replace("agent\n", "agent,y\n"),
    ];
    for text in &texts {
        let read = read(text);
        assert_eq!(read.rows, PLAIN, "{text}");
        assert_eq!((read.bad.len(), read.doubled), (0, 0), "{text}");
    }
    for bytes in [utf16, utf16_big] {
        let read = read_with(&bytes, &LogOptions::default()).unwrap();
        assert_eq!(read.rows, PLAIN);
    }
    let (windows, _, _) =
        encoding_rs::WINDOWS_1252.encode("conversation;time;agent\n1;2026-03-02 09:00:00;Jörg\n");
    let read = read_with(&windows, &LogOptions::default()).unwrap();
    assert_eq!(read.rows, ["09:00:00 1 message agent Jörg"]);
}

#[test]
fn a_column_that_has_another_name_can_be_named_and_so_can_words() {
    let text = "Nr;Wann;Wer\n7;2026-03-02 09:00:00;Gast\n7;2026-03-02 09:00:20;Team Nord\n";
    let mut options = LogOptions {
        columns: vec![named("conversation", "nr"), named("time", "Wann"), named("from", "wer")],
        ..LogOptions::default()
    };
    let unknown = read_with(text.as_bytes(), &options).unwrap();
    assert_eq!(unknown.bad.len(), 2);
    assert_eq!(
        unknown.bad[0],
        "log.csv, row 2, column C: an unknown word: found `Gast`; allowed: consumer, agent, system; \
         help: say what it means: --word \"Gast\"=WORD"
    );
    options.words = vec![named("consumer", "Gast"), named("agent", "team nord")];
    assert_eq!(read_with(text.as_bytes(), &options).unwrap().rows, PLAIN[..2]);
}

#[test]
fn what_is_no_log_is_refused_with_its_place() {
    let rows = "a,2026-03-02 09:00:00,consumer\n";
    for (text, why) in [
        (String::new(), "log.csv: it has no rows"),
        (
            format!("conversation,when,from\n{rows}"),
            "log.csv, row 1, column A: there is no column `time`: found `conversation, when, from`; help: name it: --column time=HEADING",
        ),
        (format!("who,time,from\n{rows}"), "there is no column `conversation`"),
        (
            format!("conversation,time,sent,from\n{rows}"),
            "row 1, column C: the columns `time` and `sent` may both be the column `time`",
        ),
        (
            "conversation,time\na,soon\n".to_owned(),
            "row 2, column B: not a date with a clock time: found `soon`",
        ),
        (
            "conversation,time\na,02/03/2026 09:00\n".to_owned(),
            "day and month of the dates cannot be told apart: found `02/03/2026 09:00`; help: say which comes first: --dates dmy or --dates mdy",
        ),
        (
            "conversation,time\na,13/03/2026 09:00\na,03/13/2026 09:00\n".to_owned(),
            "dates with the day first and with the month first",
        ),
        ("PK\u{3}\u{4}".to_owned(), "it is a workbook: save it as CSV"),
        ("c\0o\0".to_owned(), "bytes of zero"),
    ] {
        assert!(refused(&text).contains(why), "{text}\n{}", refused(&text));
    }
    let asked = LogOptions { dates: Some(DateOrder::MonthFirst), ..LogOptions::default() };
    let text = "conversation,time\na,02/03/2026 09:00\n";
    assert_eq!(read_with(text.as_bytes(), &asked).unwrap().rows, ["09:00:00 1 message"]);
}

#[test]
fn rows_that_are_not_understood_are_left_out_and_named() {
    let good = "a,2026-03-02T09:00:00Z,consumer,message\n";
    for (row, why) in [
        (",2026-03-02T09:00:00Z,consumer,message", "row 3, column A: no conversation"),
        (
            "a,2026-02-30T09:00:00Z,consumer,message",
            "row 3, column B: not a date with a clock time: found `2026-02-30T09:00:00Z`",
        ),
        ("a,,consumer,message", "row 3, column B: not a date with a clock time"),
        ("a,2026-03-02T25:00:00Z,consumer,message", "column B: not a date with a clock time"),
        ("a,1970-01-01T00:00:00Z,consumer,message", "column B: a date before 2000 or after 2100"),
        ("a,9999-12-31T00:00:00Z,consumer,message", "column B: a date before 2000 or after 2100"),
        (
            "a,2026-03-02T09:00:00Z,nobody,message",
            "row 3, column C: an unknown word: found `nobody`",
        ),
        (
            "a,2026-03-02T09:00:00Z,consumer,shouted",
            "column D: an unknown word: found `shouted`; allowed: message, assigned",
        ),
        ("a", "fewer fields than headings"),
        ("a,2026-03-02T09:00:00Z,\u{fffd}gent,message", "row 3, column C: bytes that are no text"),
    ] {
        let read = read(&format!("conversation,time,from,event\n{good}{row}\n"));
        assert_eq!(read.rows, PLAIN[..1], "{row}");
        assert_eq!(read.bad.len(), 1, "{row}");
        assert!(read.bad[0].contains(why), "{row}: {}", read.bad[0]);
    }
    // A quote that is never closed takes the rest of the file.
    let rest = "a,2026-03-02T09:00:00Z,consumer\n".repeat(60_000);
    let text = format!("conversation,time,from\n\"{rest}");
    assert!(refused(&text).contains("row 2, column A: a quoted field that begins here has no end"));
}

#[test]
fn doubled_rows_come_once_and_alike_ones_as_often_as_they_are() {
    let text = "sequence,conversation,time,from\n\
        1,a,2026-03-02 09:00:00,consumer\n2,a,2026-03-02 09:00:00,consumer\n\
        2,a,2026-03-02 09:00:00,consumer\n3,a,2026-03-02 09:00:01,agent\n1,a,2026-03-02 09:00:00,consumer\n";
    let read = read(text);
    assert_eq!((read.rows.len(), read.doubled), (3, 2));
}

#[test]
fn a_log_by_conversation_is_sorted_and_one_nearly_in_order_is_not() {
    let row = |conversation: u32, minute: u32, from: &str| {
        format!("{conversation},2026-03-02T{:02}:{:02}:00Z,{from}\n", minute / 60, minute % 60)
    };
    let mut text = String::from("conversation,time,from\n");
    for conversation in 0..20 {
        for turn in 0..200 {
            text.push_str(&row(conversation, conversation * 7 + turn * 3, "consumer"));
        }
    }
    let sorted = read(&text);
    assert!(sorted.was_sorted, "rows of later conversations are hours earlier");
    assert_eq!(sorted.rows.len(), 4000);
    assert!(sorted.rows.iter().map(|row| &row[..8]).is_sorted());
    let swapped = format!(
        "conversation,time,from\n{}{}{}",
        row(1, 50, "agent"),
        row(1, 0, "consumer"),
        row(1, 70, "consumer")
    );
    let read = read(&swapped);
    assert!(!read.was_sorted);
    assert_eq!(read.rows[0], "00:00:00 1 message consumer");
}

#[test]
fn offsets_zones_and_an_hour_twice_are_the_same_instants() {
    let berlin = LogOptions { zone: Calendar::zone("Europe/Berlin"), ..LogOptions::default() };
    let local = "conversation,time,from\n1,2026-10-25 02:30:00,consumer\n1,2026-10-25 02:50:00,agent\n\
        1,2026-10-25 02:10:00,consumer\n1,2026-10-25 03:05:00,agent\n";
    let exact = "conversation,time,from\n1,2026-10-25T02:30:00+02:00,consumer\n1,2026-10-25T02:50:00+02:00,agent\n\
        1,2026-10-25T02:10:00+01:00,consumer\n1,2026-10-25T03:05:00+01:00,agent\n";
    let expected = [
        "02:30:00 1 message consumer",
        "02:50:00 1 message agent",
        "02:10:00 1 message consumer",
        "03:05:00 1 message agent",
    ];
    assert_eq!(read_with(local.as_bytes(), &berlin).unwrap().rows, expected);
    assert_eq!(read(exact).rows, expected);
    let utc = exact
        .replace("02:30:00+02:00", "00:30:00Z")
        .replace("02:50:00+02:00", "00:50:00Z")
        .replace("02:10:00+01:00", "01:10:00Z")
        .replace("03:05:00+01:00", "02:05:00Z");
    assert_eq!(read_with(utc.as_bytes(), &berlin).unwrap().rows, expected);
    let skipped = local.replace("2026-10-25", "2026-03-29");
    let read = read_with(skipped.as_bytes(), &berlin).unwrap();
    assert!(read.bad[0].contains("does not exist: clocks are put forward"), "{:?}", read.bad);
}

#[test]
fn a_list_of_contacts_is_a_log_too() {
    let text = "opened,answered,abandoned,closed,queue,agent\n\
        02.03.2026 09:00:00,02.03.2026 09:00:40,,02.03.2026 09:05:00,billing,Ann\n\
        02.03.2026 09:00:30,,02.03.2026 09:03:00,,billing,\n\
        02.03.2026 09:01:00,02.03.2026 08:00:00,,,sales,Ben\n";
    let read = read(text);
    assert_eq!(
        read.rows,
        [
            "09:00:00 1 message consumer billing",
            "09:00:30 2 message consumer billing",
            "09:00:40 1 message agent billing Ann",
            "09:03:00 2 resolved consumer billing abandoned",
            "09:05:00 1 resolved agent billing Ann by_agent",
        ]
    );
    assert!(
        read.bad[0].contains("row 4, column B: an instant before the opening"),
        "{:?}",
        read.bad
    );
}

/// What `record` writes is read as it was meant.
#[test]
fn what_is_recorded_is_read_again() {
    let place = Place::new();
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    let scenario = scenario.to_str().unwrap();
    place.says(&["record", scenario, "--days", "2", "--out", "log", "--quiet"]);
    let bytes = place.read("log/messages.csv");
    let read = read(&bytes);
    assert_eq!((read.bad.len(), read.doubled, read.was_sorted), (0, 0, false));
    assert_eq!(read.rows.len(), bytes.lines().count() - 1);
    assert_eq!(read.rows[1], "09:00:48 1 assigned system general chat 1");
}
