//! What is known of a centre besides its tables, as flags of `new` or answers to its questions say it.

use crate::base::time::Span;
use crate::scenario::limits;
use crate::scenario::reader::forms::{ClockTime, Duration};

/// What is known of a centre; a draft guesses the rest, and says so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownValues {
    /// Contacts an hour.
    pub contacts: Option<f64>,
    /// Agents at work at the same time.
    pub agents: Option<u32>,
    /// From when to when there is work.
    pub hours: Option<WorkingHours>,
    /// Conversations that an agent may have at a time.
    pub concurrency: Option<u32>,
    /// Mean work of a reply.
    pub reply_time: Option<Span>,
    /// Mean number of messages that a consumer writes in a conversation.
    pub messages: Option<f64>,
    /// Mean time after which a consumer who gets no answer leaves.
    pub patience: Option<Span>,
    /// Time within which an answer is in time.
    pub within: Option<Span>,
}

/// From one clock time to a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    /// Since midnight.
    pub start: Span,
    /// Since the same midnight.
    pub end: Span,
}

/// A question to somebody who has no tables.
pub struct Question {
    /// As it is asked.
    pub text: &'static str,
    /// An answer of the right form.
    pub example: &'static str,
    /// Takes an answer, or says what is wrong with it.
    pub take: fn(&mut KnownValues, &str) -> Result<(), String>,
}

/// In the order in which they are asked.
pub const QUESTIONS: [Question; 8] = [
    Question {
        text: "Contacts an hour?",
        example: "60",
        take: |known, answer| put(&mut known.contacts, contacts(answer)),
    },
    Question {
        text: "Agents at work at the same time?",
        example: "6",
        take: |known, answer| put(&mut known.agents, agents(answer)),
    },
    Question {
        text: "From when to when?",
        example: "09:00-17:00",
        take: |known, answer| put(&mut known.hours, hours(answer)),
    },
    Question {
        text: "Conversations that an agent may have at a time?",
        example: "3",
        take: |known, answer| put(&mut known.concurrency, concurrency(answer)),
    },
    Question {
        text: "How long does an agent work on one reply, on average?",
        example: "60s",
        take: |known, answer| put(&mut known.reply_time, length(answer)),
    },
    Question {
        text: "Messages that a consumer writes in a conversation, on average?",
        example: "3",
        take: |known, answer| put(&mut known.messages, messages(answer)),
    },
    Question {
        text: "How long does a consumer wait before leaving, on average?",
        example: "10m",
        take: |known, answer| put(&mut known.patience, length(answer)),
    },
    Question {
        text: "Within which time is an answer in time?",
        example: "2m",
        take: |known, answer| put(&mut known.within, length(answer)),
    },
];

fn put<T>(place: &mut Option<T>, read: Result<T, String>) -> Result<(), String> {
    *place = Some(read?);
    Ok(())
}

/// A number of contacts an hour.
///
/// # Errors
///
/// As for all here: what is allowed, if it is something else.
pub fn contacts(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches("/h").trim_end().parse::<f64>().ok();
    let number = number.filter(|number| *number > 0.0 && *number <= MOST_CONTACTS);
    number.ok_or_else(|| format!("`{text}` is no number of contacts an hour, such as 60"))
}

/// A number of agents.
///
/// # Errors
///
/// It is none.
pub fn agents(text: &str) -> Result<u32, String> {
    whole(text, limits::AGENTS as u32).ok_or_else(|| format!("`{text}` is no number of agents"))
}

/// A number of conversations.
///
/// # Errors
///
/// It is none.
pub fn concurrency(text: &str) -> Result<u32, String> {
    let number = whole(text, MOST_AT_A_TIME);
    number.ok_or_else(|| format!("`{text}` is no number of conversations, such as 3"))
}

fn whole(text: &str, most: u32) -> Option<u32> {
    text.trim().parse().ok().filter(|number| (1..=most).contains(number))
}

/// A mean number of messages.
///
/// # Errors
///
/// It is none, or less than one.
pub fn messages(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok();
    let number = number.filter(|number| (1.0..=MOST_MESSAGES).contains(number));
    number.ok_or_else(|| format!("`{text}` is no number of messages: one or more"))
}

/// A length of time.
///
/// # Errors
///
/// It is none, or none at all.
pub fn length(text: &str) -> Result<Span, String> {
    let form = Duration::at_least(Span::from_secs(1));
    form.of_text(text).ok_or_else(|| format!("`{text}`: allowed is {}", form.allowed()))
}

/// From one clock time to a later one: `09:00-17:00`.
///
/// # Errors
///
/// They are none.
pub fn hours(text: &str) -> Result<WorkingHours, String> {
    let ends = text.split_once('-');
    let ends =
        ends.and_then(|ends| Some((ClockTime::of_text(ends.0)?, ClockTime::of_text(ends.1)?)));
    match ends.filter(|(start, end)| start < end) {
        Some((start, end)) => Ok(WorkingHours { start, end }),
        None => {
            Err(format!("`{text}`: allowed is a clock time and a later one, such as 09:00-17:00"))
        }
    }
}

/// Mean work of a conversation, with guesses for what is not known.
pub(super) fn conversation_seconds(known: &KnownValues) -> f64 {
    let reply = known.reply_time.map_or(USUAL_REPLY_SECONDS, Span::as_secs_f64);
    known.messages.unwrap_or(USUAL_MESSAGES) * reply
}

pub(super) const USUAL_MESSAGES: f64 = 3.0;
const USUAL_REPLY_SECONDS: f64 = 60.0;
const MOST_CONTACTS: f64 = 1e6;
const MOST_AT_A_TIME: u32 = 1000;
const MOST_MESSAGES: f64 = 1000.0;
