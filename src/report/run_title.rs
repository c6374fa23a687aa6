//! What was run, as every report of it begins.

use crate::scenario::{Scenario, Variant};

use super::terminal::{WIDTH, cut, wrapped};

/// A variant of a scenario.
#[derive(Clone, Copy)]
pub struct RunTitle<'a> {
    /// Name of the scenario.
    pub name: &'a str,
    /// The question it answers; may be empty.
    pub question: &'a str,
    /// Name of the variant.
    pub variant: &'a str,
    /// The scenario as written.
    pub source: &'a str,
}

impl<'a> RunTitle<'a> {
    /// That of a variant of a scenario.
    pub fn new(scenario: &'a Scenario, variant: &'a Variant) -> Self {
        let Scenario { name, question, source, .. } = scenario;
        Self { name, question, variant: &variant.name, source }
    }
}

/// Name and question of a scenario, for a terminal.
pub(super) fn heading(name: &str, question: &str) -> String {
    match question {
        "" => format!("{}\n", cut(name, WIDTH)),
        _ => format!("{}\n{}\n", cut(name, WIDTH), wrapped(question, 0)),
    }
}
