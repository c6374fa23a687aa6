//! Sentences: words, and among them the names and figures that a page shows as such.
//!
//! A sentence is written as the format string that it reads as, with what is filled in wrapped by what
//! it is:
//!
//! ```text
//! sentence!("{} of consumers leave, fewer than with {}.", Figure(percent(lost)), Name(base))
//! ```
//!
//! Names and figures stand between marks. These are noncharacters, which Unicode keeps for use inside
//! of programs.

use std::fmt::{Display, Formatter, Result};
use std::ops::AddAssign;

use super::wording::capital;

/// A sentence or a part of one; goes into another as a piece of its format string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::report) struct Sentence(String);

/// A [`Sentence`] from a format string and what is filled in; a [`Name`], [`Names`] and a [`Figure`]
/// stay what they are, all else becomes words.
macro_rules! sentence {
    ($($said:tt)*) => {
        $crate::report::sentence::Sentence::from(std::fmt::format(format_args!($($said)*)))
    };
}
pub(in crate::report) use sentence;

/// The name of a variant, as its author wrote it.
pub(in crate::report) struct Name<T>(pub(in crate::report) T);

/// Names, the last behind "and".
pub(in crate::report) struct Names<'a, T>(pub(in crate::report) &'a [T]);

/// A figure that a sentence is about.
pub(in crate::report) struct Figure<T>(pub(in crate::report) T);

/// A piece of a sentence.
pub(in crate::report) enum Piece<'a> {
    /// Words; may be empty.
    Words(&'a str),
    /// A name.
    Name(&'a str),
    /// A figure.
    Figure(&'a str),
}

impl Sentence {
    /// Whether nothing is said.
    pub(in crate::report) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text as it reads without marks.
    pub(in crate::report) fn plain(&self) -> String {
        self.0.replace([NAME, FIGURE, END], "")
    }

    /// With a capital at its beginning, unless that is a name or a figure.
    pub(in crate::report) fn capital(&self) -> Self {
        Self(capital(&self.0))
    }

    /// Its pieces in order.
    pub(in crate::report) fn pieces(&self) -> Vec<Piece<'_>> {
        let parts = self.0.split(END).flat_map(|part| {
            let (words, marked) = part.split_at(part.find([NAME, FIGURE]).unwrap_or(part.len()));
            let name = marked.strip_prefix(NAME).map(Piece::Name);
            let marked = name.or_else(|| marked.strip_prefix(FIGURE).map(Piece::Figure));
            [Some(Piece::Words(words)), marked]
        });
        parts.flatten().collect()
    }
}

impl From<String> for Sentence {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl AddAssign for Sentence {
    fn add_assign(&mut self, more: Self) {
        self.0.push_str(&more.0);
    }
}

impl Display for Sentence {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str(&self.0)
    }
}

impl<T: Display> Display for Name<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{NAME}{}{END}", self.0)
    }
}

impl<T: Display> Display for Figure<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{FIGURE}{}{END}", self.0)
    }
}

impl<T: Display> Display for Names<'_, T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        for (position, name) in self.0.iter().enumerate() {
            let between = match position {
                0 => "",
                _ if position + 1 == self.0.len() => " and ",
                _ => ", ",
            };
            write!(formatter, "{between}{}", Name(name))?;
        }
        Ok(())
    }
}

/// A name begins.
const NAME: char = '\u{fdd0}';
/// A figure begins.
const FIGURE: char = '\u{fdd1}';
/// It ends.
const END: char = '\u{fdd2}';

#[cfg(test)]
mod tests {
    use super::{Figure, Name, Names, Piece, Sentence};

    fn marked(sentence: &Sentence) -> String {
        let pieces = sentence.pieces();
        let pieces = pieces.iter().map(|piece| match piece {
            Piece::Words(words) => (*words).to_owned(),
            Piece::Name(name) => format!("<{name}>"),
            Piece::Figure(figure) => format!("[{figure}]"),
        });
        pieces.collect()
    }

    #[test]
    fn names_and_figures_are_told_from_words() {
        let (names, unit) = (["a", "b", "c"], "points");
        let more = sentence!(", {} {unit} more", Figure(1.5));
        let text = sentence!("{}{more} than with {}", Names(&names), Name("base"));
        assert_eq!(marked(&text), "<a>, <b> and <c>, [1.5] points more than with <base>");
        assert_eq!(text.plain(), "a, b and c, 1.5 points more than with base");
    }

    #[test]
    fn only_words_get_a_capital() {
        assert_eq!(sentence!("one of {}", Name("two")).capital().plain(), "One of two");
        assert_eq!(sentence!("{} of two", Name("one")).capital().plain(), "one of two");
    }
}
