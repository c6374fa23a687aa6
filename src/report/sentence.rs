//! Sentences in the making: words, names and figures.

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) enum Piece {
    /// Words.
    Words(String),
    /// The name of a variant, as its author wrote it.
    Name(String),
    /// A figure that the sentence is about.
    Figure(String),
}

/// Sentences in the making.
#[derive(Default)]
pub(in crate::report) struct Sentence(pub(in crate::report) Vec<Piece>);

impl Sentence {
    /// More words.
    pub(in crate::report) fn words(&mut self, words: &str) {
        match self.0.last_mut() {
            Some(Piece::Words(last)) => last.push_str(words),
            _ => self.0.push(Piece::Words(words.to_owned())),
        }
    }

    /// A name.
    pub(in crate::report) fn name(&mut self, name: &str) {
        self.0.push(Piece::Name(name.to_owned()));
    }

    /// A figure.
    pub(in crate::report) fn figure(&mut self, figure: &str) {
        self.0.push(Piece::Figure(figure.to_owned()));
    }

    /// The text as it reads without marks.
    pub(in crate::report) fn plain(&self) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Words(text) | Piece::Name(text) | Piece::Figure(text) => text.as_str(),
        });
        pieces.collect()
    }

    /// Names, the last behind "and".
    pub(in crate::report) fn names(&mut self, names: &[&str]) {
        for (position, name) in names.iter().enumerate() {
            match position {
                0 => {}
                _ if position + 1 == names.len() => self.words(" and "),
                _ => self.words(", "),
            }
            self.name(name);
        }
    }
}
