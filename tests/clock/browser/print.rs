//! Printed pages, as poppler's programs see them.

use std::path::Path;
use std::process::Command;

/// A page of a PDF.
pub(crate) struct PrintedPage {
    /// Its lines that are not empty.
    pub(crate) lines: Vec<String>,
    /// How far down there is ink, of its height.
    pub(crate) reach: f64,
}

/// The pages of a PDF; `None` without the programs that read it.
pub(crate) fn pages(pdf: &Path) -> Option<Vec<PrintedPage>> {
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().ok()?;
        output.status.success().then_some(output.stdout)
    };
    let path = pdf.to_str().expect("the place has a plain name");
    let Some(text) = run("pdftotext", &["-layout", path, "-"]) else {
        eprintln!("skipped: there is no pdftotext in PATH");
        return None;
    };
    let text = String::from_utf8(text).expect("pdftotext writes UTF-8");
    let texts = text.split('\u{c}').filter(|page| !page.trim().is_empty());
    // One picture after the other: a header, and a byte a point.
    let pictures = run("pdftoppm", &["-r", "20", "-gray", path])?;
    let mut left = &pictures[..];
    let pages = texts.map(|text| {
        let (reach, rest) = reach(left);
        left = rest;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        PrintedPage { lines: lines.map(str::to_owned).collect(), reach }
    });
    Some(pages.collect())
}

/// How far down there is ink in a picture, and what follows it.
fn reach(pictures: &[u8]) -> (f64, &[u8]) {
    let mut parts = pictures.splitn(4, |byte| *byte == b'\n');
    let mut line = || std::str::from_utf8(parts.next().expect("a header")).expect("of text");
    assert_eq!(line(), "P5");
    let size = line().split(' ').map(|number| number.parse::<usize>().expect("a number"));
    let size = Vec::from_iter(size);
    assert_eq!(line(), "255");
    let (points, rest) = parts.next().expect("points").split_at(size[0] * size[1]);
    let is_inked = |row: &[u8]| row.iter().any(|point| *point < 200);
    let last = points.chunks(size[0]).rposition(is_inked).unwrap_or(0);
    (last as f64 / size[1] as f64, rest)
}

/// `08:30 …` or `day 2 08:30 …`
pub(crate) fn begins_with_a_clock(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| *word == "day");
    let is_clock = |word: &str| word.len() == 5 && word.as_bytes()[2] == b':';
    let first = words.next().unwrap_or_default();
    is_clock(first) || first.len() < 3 && words.next().is_some_and(is_clock)
}

/// What the browser sends as text.
pub(crate) fn from_base64(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'a'..=b'z' => Some(u32::from(byte - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits = Vec::from_iter(text.bytes().filter_map(value));
    let bytes = digits.chunks(4).flat_map(|group| {
        let bits = group.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - group.len()));
        let bytes = [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8];
        bytes.into_iter().take(group.len() * 6 / 8)
    });
    bytes.collect()
}
