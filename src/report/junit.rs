//! Thresholds as JUnit XML, which build servers show as tests.

use std::io::{self, Write};

use jiff::ZonedDateTime;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::start_time::rfc3339;

/// Cases under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JunitSuite {
    /// What they are about.
    pub name: String,
    /// When it was run, if that is known.
    pub started: Option<ZonedDateTime>,
    /// The cases.
    pub cases: Vec<JunitCase>,
}

/// A threshold and how it came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JunitCase {
    /// The threshold.
    pub name: String,
    /// How it came out.
    pub ending: JunitResult,
    /// What was found, in a sentence.
    pub message: String,
}

/// How a case came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JunitResult {
    /// As it should.
    Passed,
    /// Otherwise; with the kind of failure.
    Failed(&'static str),
    /// There is nothing to judge.
    Skipped,
}

impl JunitCase {
    /// A threshold, how it came out, and what was found.
    pub fn new(name: impl Into<String>, ending: JunitResult, message: impl Into<String>) -> Self {
        Self { name: name.into(), ending, message: message.into() }
    }
}

impl JunitSuite {
    /// Cases under a heading.
    pub fn new(name: &str, cases: impl IntoIterator<Item = JunitCase>) -> Self {
        Self { name: name.to_owned(), started: None, cases: cases.into_iter().collect() }
    }

    /// The same with when it was run.
    #[must_use]
    pub fn started(self, at: &ZonedDateTime) -> Self {
        Self { started: Some(at.clone()), ..self }
    }

    /// How many cases failed.
    pub fn failures(&self) -> usize {
        self.count(|ending| matches!(ending, JunitResult::Failed(_)))
    }

    fn count(&self, is: fn(JunitResult) -> bool) -> usize {
        self.cases.iter().filter(|case| is(case.ending)).count()
    }

    fn skipped(&self) -> usize {
        self.count(|ending| ending == JunitResult::Skipped)
    }
}

/// Writes the suites of the run called `name`.
///
/// # Errors
///
/// Those of the output.
pub fn write(name: &str, suites: &[JunitSuite], mut output: impl Write) -> io::Result<()> {
    let mut writer = Writer::new_with_indent(&mut output, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let sum = |count: fn(&JunitSuite) -> usize| suites.iter().map(count).sum::<usize>().to_string();
    writer
        .create_element("testsuites")
        .with_attribute(("name", characters(name).as_str()))
        .with_attribute(("tests", sum(|suite| suite.cases.len()).as_str()))
        .with_attribute(("failures", sum(JunitSuite::failures).as_str()))
        .with_attribute(("skipped", sum(JunitSuite::skipped).as_str()))
        .write_inner_content(|writer| {
            suites.iter().try_for_each(|suite| write_suite(suite, writer))
        })?;
    writeln!(output)
}

fn write_suite<W: Write>(suite: &JunitSuite, writer: &mut Writer<W>) -> io::Result<()> {
    let name = characters(&suite.name);
    let started = suite.started.as_ref().map(rfc3339);
    let started = started.as_ref().map(|at| ("timestamp", at.as_str()));
    let element = writer
        .create_element("testsuite")
        .with_attribute(("name", name.as_str()))
        .with_attribute(("tests", suite.cases.len().to_string().as_str()))
        .with_attribute(("failures", suite.failures().to_string().as_str()))
        .with_attribute(("errors", "0"))
        .with_attribute(("skipped", suite.skipped().to_string().as_str()))
        .with_attributes(started);
    element.write_inner_content(|writer| {
        suite.cases.iter().try_for_each(|case| write_case(case, &name, writer))
    })?;
    Ok(())
}

fn write_case<W: Write>(case: &JunitCase, suite: &str, writer: &mut Writer<W>) -> io::Result<()> {
    let message = characters(&case.message);
    let element = writer
        .create_element("testcase")
        .with_attribute(("name", characters(&case.name).as_str()))
        .with_attribute(("classname", suite));
    element.write_inner_content(|writer| {
        match case.ending {
            JunitResult::Passed => {
                writer.create_element("system-out").write_text_content(BytesText::new(&message))?
            }
            JunitResult::Failed(kind) => writer
                .create_element("failure")
                .with_attribute(("type", kind))
                .with_attribute(("message", message.as_str()))
                .write_text_content(BytesText::new(&message))?,
            JunitResult::Skipped => writer
                .create_element("skipped")
                .with_attribute(("message", message.as_str()))
                .write_empty()?,
        };
        Ok(())
    })?;
    Ok(())
}

/// A text of characters that XML knows; even escaped it has no others.
fn characters(text: &str) -> String {
    let known = |c: char| match c {
        '\t' | '\n' | '\r' => ' ',
        '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
        _ if c.is_control() => char::REPLACEMENT_CHARACTER,
        _ => c,
    };
    text.chars().map(known).collect()
}

#[cfg(test)]
mod tests {
    use quick_xml::{Reader, XmlVersion};

    use super::*;

    #[test]
    fn whatever_a_name_holds_is_text_again_when_it_is_read() {
        let hostile = "]]><x a=\"'\">&amp;\u{0}\u{1b}\u{ffff}\u{202e}😀\n-->";
        let case = |ending| JunitCase::new(hostile, ending, hostile);
        let endings = [JunitResult::Passed, JunitResult::Failed("missed"), JunitResult::Skipped];
        let cases = Vec::from(endings.map(case));
        let mut xml = Vec::new();
        write(hostile, &[JunitSuite { name: hostile.into(), started: None, cases }], &mut xml)
            .unwrap();
        let text = String::from_utf8(xml).unwrap();
        let mut reader = Reader::from_str(&text);
        let (mut elements, mut seen) = (Vec::new(), 0);
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(element) | Event::Empty(element) => {
                    elements.push(element.name().0.to_owned());
                    for attribute in element.attributes() {
                        let attribute = attribute.unwrap();
                        let value = attribute.normalized_value(XmlVersion::Explicit1_0).unwrap();
                        seen += usize::from(value == characters(hostile));
                    }
                }
                _ => {}
            }
        }
        let cases = ["testcase", "system-out", "testcase", "failure", "testcase", "skipped"];
        assert_eq!(elements[..2], ["testsuites", "testsuite"]);
        assert_eq!(elements[2..], cases);
        // Of the run, the suite, the cases (name and class) and two messages.
        assert_eq!(seen, 1 + 1 + 6 + 2);
        assert!(text.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""), "{text}");
    }
}
