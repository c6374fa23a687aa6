//! A page that is told section by section: the verdict, what there is to see, how it was done. The
//! report of a run has more, and a page of its own.

use askama::Template;

use crate::report::charts::Section;
use crate::report::plot::MOST_SERIES;
use crate::report::sentence::{Piece, Sentence};
use crate::report::table::Standing;

use super::frame::PageFrame;

/// What a page tells.
#[derive(Default, Template)]
#[template(path = "document.html")]
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
    pub(in crate::report) sections: Vec<Section>,
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
    pub(in crate::report) name: String,
    /// How it stands, and that in words.
    pub(in crate::report) badge: Option<(Standing, String)>,
    /// What there is to say.
    pub(in crate::report) sentences: Vec<Sentence>,
}

impl PageStatement {
    /// Without a colour; of sentences that say nothing none is left.
    pub(in crate::report) fn new(
        name: impl Into<String>,
        badge: Option<(Standing, &'static str)>,
        sentences: impl IntoIterator<Item = Sentence>,
    ) -> Self {
        let sentences = sentences.into_iter().filter(|sentence| !sentence.is_empty());
        let badge = badge.map(|(standing, words)| (standing, words.to_owned()));
        Self { colour: MOST_SERIES, name: name.into(), badge, sentences: sentences.collect() }
    }
}

/// A word and what it means here.
pub(in crate::report) struct Explanation {
    pub(in crate::report) word: &'static str,
    /// What it means.
    pub(in crate::report) text: String,
}

impl Explanation {
    pub(in crate::report) fn new(word: &'static str, text: impl Into<String>) -> Self {
        Self { word, text: text.into() }
    }

    /// What wrote a page, which would be the same again.
    pub(in crate::report) fn version(version: &str) -> Self {
        let same = "The same scenario, seed and version give the same bytes on any machine.";
        Self::new("Version", format!("Shiftstorm {version}. {same}"))
    }
}

/// The page of a template.
pub(in crate::report) fn html(page: &impl Template) -> String {
    page.render().unwrap_or_else(|error| unreachable!("a text can be written: {error}"))
}
