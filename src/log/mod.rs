//! Logs of messages, as a platform keeps them: what a row says, and in which words.
//!
//! The form is one for what is written from a simulated run and what is read from a real one; it stands
//! in `docs/data.md`.

pub mod form;
