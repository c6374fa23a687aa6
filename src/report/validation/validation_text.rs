//! The validation for a terminal.

use std::fmt::Write as _;

use crate::experiment::validate::{Validated, ValidationVerdict};
use crate::report::terminal::wrapped;

use super::{RULE, commands, summary, table};

/// A heading and a table for each case, and how many figures agree.
pub fn text(cases: &[Validated]) -> String {
    let about = "Figures that are known exactly, and what the simulator makes of them. ±: 95 % \
                 interval; off: distance in standard errors.";
    let mut text = format!("{}\n{}\n", wrapped(about, 0), wrapped(RULE, 0));
    for case in cases {
        tell(&mut text, case);
    }
    let _ = writeln!(text, "\n{}", summary(cases));
    text
}

fn tell(text: &mut String, case: &Validated) {
    let heading = format!("{}: {}", case.case.name, case.case.theory);
    let _ = writeln!(text, "\n{}", wrapped(&heading, 2));
    let _ = writeln!(text, "{}", wrapped(&source(case), 2));
    text.push_str(&table(case).text());
    for failure in case.failures() {
        let _ = writeln!(text, "{}", wrapped(&format!("bug: {failure}"), 2));
    }
    if case.figures.iter().any(|judged| judged.verdict != ValidationVerdict::Agrees) {
        for command in commands(case) {
            // Not wrapped: it is there to be copied.
            let _ = writeln!(text, "again: {command}");
        }
    }
}

/// The file, and which variant of it.
fn source(case: &Validated) -> String {
    match &case.variant {
        Some(variant) if variant != "base" => {
            format!("{}, variant {variant}", case.case.file.path)
        }
        _ => case.case.file.path.to_owned(),
    }
}
