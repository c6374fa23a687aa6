//! Rules for single functions: size, arguments, and what the name promises.

use super::sources::{Answer, Function, Sources};

/// How the name of a function begins that answers yes or no.
const QUESTIONS: [&str; 10] =
    ["is_", "are_", "was_", "has_", "have_", "may_", "can_", "needs_", "should_", "must_"];

pub(super) fn longer_than(sources: &Sources, lines: usize) -> Vec<String> {
    let too_long = |function: &Function| function.lines > lines;
    found(sources, too_long, |function| format!(" {} lines", function.lines))
}

/// Functions with more arguments than a number, apart from `self`.
pub(super) fn with_more_arguments_than(sources: &Sources, arguments: usize) -> Vec<String> {
    let too_many = |function: &Function| function.arguments > arguments;
    found(sources, too_many, |function| format!(" {} arguments", function.arguments))
}

pub(super) fn with_tuple_patterns(sources: &Sources) -> Vec<String> {
    found(sources, |function| function.has_tuple_pattern, |_| String::new())
}

/// Functions that are named like a question and answer something else than yes or no.
pub(super) fn predicates_without_answer(sources: &Sources) -> Vec<String> {
    let is_question = |name: &str| QUESTIONS.iter().any(|start| name.starts_with(start));
    let is_meant =
        |function: &Function| is_question(&function.name) && function.answer == Answer::Other;
    found(sources, is_meant, |_| String::new())
}

fn found(
    sources: &Sources,
    is_meant: impl Fn(&Function) -> bool,
    why: impl Fn(&Function) -> String,
) -> Vec<String> {
    let mut found = Vec::new();
    for file in &sources.files {
        for function in file.functions.iter().filter(|function| is_meant(function)) {
            let Function { name, line, .. } = function;
            found.push(format!("{}:{line} {name}{}", file.path, why(function)));
        }
    }
    found
}

/// A function of each kind; each has three lines, one argument and a tuple pattern.
#[cfg(test)]
const KINDS: &str = "\
fn plain((a, b): (u8, u8)) {
    a + b;
}
pub(crate) fn of_crate((a, b): (u8, u8)) {
    a + b;
}
pub(in crate::x) fn of_folder(&(a, b): &(u8, u8)) {
    a + b;
}
pub async fn later((a, b): (u8, u8)) {
    a + b;
}
const fn constant((a, b): (u8, u8)) {
    a + b;
}
impl S {
    pub(super) fn method(&self, (a, b): (u8, u8)) {
        a + b;
    }
    #[cfg(test)]
    fn for_tests((a, b): (u8, u8)) {
    }
}
trait T {
    fn promised(self, a: u8,
        b: u8)
    ;
    fn provided(self, (a, b): (u8, u8)) {
        a + b;
    }
}
mod inner {
    fn outer(_: u8) { fn nested((a, b): (u8, u8)) {
            |(a, b): (u8, u8)| a + b;
    } }
}
#[cfg(test)]
mod tests {
    fn for_tests((a, b): (u8, u8)) {
    }
}
";

#[test]
fn finds_functions_of_every_kind() {
    let sources = Sources::of([("lib.rs", KINDS)]);
    let expected = [
        "lib.rs:1 plain",
        "lib.rs:4 of_crate",
        "lib.rs:7 of_folder",
        "lib.rs:10 later",
        "lib.rs:13 constant",
        "lib.rs:17 method",
        "lib.rs:28 provided",
        "lib.rs:33 nested",
    ];
    assert_eq!(with_tuple_patterns(&sources), expected);
    let mut long = expected.map(|function| format!("{function} 3 lines")).to_vec();
    long.insert(6, "lib.rs:25 promised 2 lines".into());
    long.insert(8, "lib.rs:33 outer 3 lines".into());
    assert_eq!(longer_than(&sources, 1), long);
    assert_eq!(longer_than(&sources, 3), Vec::<String>::new());
    assert_eq!(with_more_arguments_than(&sources, 0).len(), 10);
    assert_eq!(with_more_arguments_than(&sources, 1), ["lib.rs:25 promised 2 arguments"]);
}

#[test]
fn finds_questions_that_are_not_answered() {
    let text = "\
fn is_open() -> bool { true }
fn may_pass() -> impl Fn(u8) -> bool + Copy { |_| true }
fn island() {}
fn has_replied() {}
fn is_late() -> Option<bool> { None }
fn can_fill() -> impl Fn(u8) -> u8 { |a| a }
";
    let sources = Sources::of([("lib.rs", text)]);
    assert_eq!(
        predicates_without_answer(&sources),
        ["lib.rs:4 has_replied", "lib.rs:5 is_late", "lib.rs:6 can_fill"]
    );
}
