//! A page that is told section by section: the verdict, what there is to see, how it was done. The
//! report of a run has more, and a page of its own.

use askama::Template;

use crate::report::charts::Section as Contents;
use crate::report::plot::MOST_SERIES;
use crate::report::sentence::{Piece, Sentence};

use super::frame::PageFrame;
use super::section::DrawnSection;

/// What a page tells.
#[derive(Default)]
pub(in crate::report) struct Document<'a> {
    /// Title and facts.
    pub(in crate::report) frame: PageFrame<'a>,
    /// The verdict in a sentence.
    pub(in crate::report) headline: Sentence,
    /// What else to know first; may be empty.
    pub(in crate::report) gist: Sentence,
    /// What there is to say one by one.
    pub(in crate::report) statements: Vec<PageStatement>,
    /// Names of what charts show by colour and can hide, in the order of the colours; charts name
    /// them by position as their variants.
    pub(in crate::report) variants: Vec<&'a str>,
    /// What there is to see.
    pub(in crate::report) sections: Vec<Contents>,
    /// How it was done.
    pub(in crate::report) method: Vec<Explanation>,
    /// What a reader must know besides.
    pub(in crate::report) notes: Vec<String>,
    /// The scenario as written; may be empty.
    pub(in crate::report) source: &'a str,
}

/// Something that has a name, and what there is to say about it.
pub(in crate::report) struct PageStatement {
    /// Position of its colour; [`MOST_SERIES`] without one.
    pub(in crate::report) colour: usize,
    /// Its name.
    pub(in crate::report) name: String,
    /// Class and words: `good`, `open` or `bad`.
    pub(in crate::report) badge: Option<(&'static str, &'static str)>,
    /// What there is to say.
    pub(in crate::report) sentences: Vec<Sentence>,
}

impl PageStatement {
    /// Without a colour; of sentences that say nothing none is left.
    pub(in crate::report) fn new(
        name: impl Into<String>,
        badge: Option<(&'static str, &'static str)>,
        sentences: impl IntoIterator<Item = Sentence>,
    ) -> Self {
        let sentences = sentences.into_iter().filter(|sentence| !sentence.is_empty());
        Self { colour: MOST_SERIES, name: name.into(), badge, sentences: sentences.collect() }
    }
}

/// A word and what it means here.
pub(in crate::report) struct Explanation {
    /// The word.
    pub(in crate::report) word: &'static str,
    /// What it means.
    pub(in crate::report) text: String,
}

impl Document<'_> {
    /// The page.
    ///
    /// # Errors
    ///
    /// What cannot be drawn: a bug.
    pub(in crate::report) fn html(self) -> Result<String, String> {
        let Self { frame, headline, gist, statements, mut variants, .. } = self;
        let hidden = variants.len().saturating_sub(MOST_SERIES);
        variants.truncate(MOST_SERIES);
        let sections =
            self.sections.into_iter().map(DrawnSection::new).collect::<Result<_, _>>()?;
        let (method, notes, source) = (self.method, self.notes, self.source);
        let page = DocumentTemplate {
            frame,
            headline,
            gist,
            statements,
            variants,
            hidden,
            sections,
            method,
            notes,
            source,
        };
        page.render().map_err(|error| error.to_string())
    }
}

#[derive(Template)]
#[template(path = "document.html")]
struct DocumentTemplate<'a> {
    frame: PageFrame<'a>,
    headline: Sentence,
    gist: Sentence,
    statements: Vec<PageStatement>,
    variants: Vec<&'a str>,
    /// How many more there are that charts do not show.
    hidden: usize,
    sections: Vec<DrawnSection>,
    method: Vec<Explanation>,
    notes: Vec<String>,
    source: &'a str,
}
