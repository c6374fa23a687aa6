//! Pictures: what is to be drawn, told in the units of the reader, and how Plotters draws it, as
//! markup inside a page in two widths or as a picture of its own.

mod axis;
mod bars;
mod board;
mod canvas;
mod heat;
mod paint;
mod panels;
mod place;
mod points;
mod ranges;
mod raster;
mod timeline;
mod tornado;

pub(super) use self::board::PlotLook;

use std::fmt::Write as _;

use plotters::prelude::IntoDrawingArea as _;

use crate::experiment::interval::Estimate;

use super::goals::FigureGoal;

pub(super) use self::axis::{Axis, Stretch, Tick, nines};
pub(super) use self::bars::{Bar, BarPart, Bars};
use self::board::{DrawResult, LEFT, PlotBoard, PlotRectangle, PlotSize, fine, fitting};
use self::canvas::{Canvas, Colours, FINE, escaped, width_of};
pub(super) use self::heat::{Heat, HeatCell, HeatLabels};
pub(super) use self::paint::MOST as MOST_SERIES;
pub(super) use self::panels::{LineShape, Panel, PanelLine, PanelMark, Panels};
pub(super) use self::points::{PlotPoint, Points};
pub(super) use self::ranges::{PlotRange, Ranges};
pub(super) use self::raster::Raster;
pub(super) use self::timeline::{Lane, LaneEpisode, Timeline};
pub(super) use self::tornado::{Swing, SwingSide, Tornado};

/// A picture.
pub(super) struct Picture {
    /// Name of its files; of ours, never from a scenario.
    pub(super) name: String,
    /// What it shows.
    pub(super) title: String,
    /// What there is to see in it, in a sentence, for those who cannot see it.
    pub(super) about: String,
    /// What the colours stand for.
    pub(super) keys: Vec<LegendKey>,
    /// What is drawn.
    pub(super) body: Box<dyn PlotBody>,
}

/// What a colour stands for.
#[derive(Clone)]
pub(super) struct LegendKey {
    pub(super) name: String,
    /// Position among the colours.
    pub(super) colour: usize,
    /// Whether it stands for a line, drawn as the lines of this colour are, or for an area.
    pub(super) is_line: bool,
    /// Position of the variant that it stands for.
    pub(super) variant: Option<usize>,
}

impl LegendKey {
    /// A line of this colour, of a variant.
    pub(super) fn line(name: impl Into<String>, colour: usize, variant: Option<usize>) -> Self {
        Self { name: name.into(), colour, is_line: true, variant }
    }

    /// An area of this colour.
    pub(super) fn area(name: impl Into<String>, colour: usize) -> Self {
        Self { name: name.into(), colour, is_line: false, variant: None }
    }
}

/// What is drawn.
pub(super) trait PlotBody {
    /// How high it is.
    fn height(&self, measures: PlotSize) -> i32;

    /// Draws it at a place of this height.
    fn draw(&self, board: &PlotBoard, place: PlotRectangle) -> DrawResult;

    /// The part of it that a page can look into, if the picture begins at zero.
    fn place(&self, _: PlotSize) -> Option<PlotRectangle> {
        None
    }
}

/// A value and half its interval.
#[derive(Clone, Copy)]
pub(super) struct PlotValue {
    pub(super) value: f64,
    pub(super) half: Option<f64>,
}

/// A value that is wanted.
#[derive(Clone, Copy)]
pub(super) struct PlotGoal {
    pub(super) at: f64,
    /// Whether more of it is as good; otherwise less.
    pub(super) at_least: bool,
}

impl PlotValue {
    pub(super) fn estimate(estimate: &Estimate, confidence: f64) -> Self {
        Self { value: estimate.value, half: estimate.half_width(confidence) }
    }

    /// Both ends of its interval.
    pub(super) fn ends(&self) -> [f64; 2] {
        let half = self.half.unwrap_or(0.0);
        [self.value - half, self.value + half]
    }
}

impl From<FigureGoal> for PlotGoal {
    fn from(goal: FigureGoal) -> Self {
        Self { at: goal.target, at_least: goal.at_least }
    }
}

impl PlotGoal {
    /// Where it stands on an axis, at the end of one that does not reach as far.
    fn within(&self, axis: &Axis) -> f64 {
        self.at.clamp(axis.first, axis.last)
    }
}

/// Samples of the lines and areas of all colours, for the keys of a page to refer to.
pub(super) fn samples() -> String {
    let mut markup = String::new();
    for colour in 0..MOST_SERIES {
        let dash = paint::dash(colour);
        let dash = dash.map_or_else(String::new, |dash| format!(" stroke-dasharray=\"{dash}\""));
        let _ = write!(
            markup,
            "<symbol id=\"sample-{colour}\" viewBox=\"0 0 26 10\"><path d=\"M0 5h26\" \
             stroke=\"var(--s{colour})\" stroke-width=\"2.4\"{dash}/></symbol>\
             <symbol id=\"area-{colour}\" viewBox=\"0 0 26 10\"><path d=\"M7 0h12v10h-12z\" \
             fill=\"var(--s{colour})\"/></symbol>"
        );
    }
    markup
}

impl Picture {
    /// The picture as a page has it, in two widths.
    pub(super) fn in_page(&self) -> String {
        self.markup(PlotLook::Wide) + &self.markup(PlotLook::Narrow)
    }

    /// The picture as an SVG element.
    pub(super) fn markup(&self, look: PlotLook) -> String {
        let measures = look.measures();
        let width = measures.width;
        let head = if look == PlotLook::Alone { self.head(measures) } else { 0 };
        let height = head + self.body.height(measures);
        let colours = if look == PlotLook::Alone { Colours::Own } else { Colours::Page };
        let canvas = Canvas::new((width as u32, height as u32), colours);
        let area = canvas.clone().into_drawing_area();
        let id = format!("{}-{}", self.name, look.name());
        let board = PlotBoard { canvas, area, look, measures, id };
        let whole = PlotRectangle { left: 0, top: 0, right: fine(width), bottom: fine(height) };
        let place = PlotRectangle { top: fine(head), ..whole };
        let drawn = self.draw_head(&board, whole).and_then(|()| self.body.draw(&board, place));
        drawn.unwrap_or_else(|error| unreachable!("the canvas takes everything: {error}"));
        self.framed(look, width, height, &board.canvas.markup())
    }

    fn framed(&self, look: PlotLook, width: i32, height: i32, markup: &str) -> String {
        let (title, about) = (escaped(&self.title), escaped(&self.about));
        let mut svg = String::from("<svg");
        if look == PlotLook::Alone {
            let _ = write!(
                svg,
                " xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
                 font-family=\"Inter, Helvetica, Arial, sans-serif\""
            );
        } else {
            let _ = write!(svg, " class=\"{}\"", look.name());
        }
        let _ = write!(
            svg,
            " viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}. {about}\""
        );
        if let Some(place) = self.body.place(look.measures()).filter(|_| look != PlotLook::Alone) {
            let _ = write!(
                svg,
                " data-left=\"{}\" data-right=\"{}\" data-top=\"{}\" data-bottom=\"{}\"",
                place.left / FINE,
                place.right / FINE,
                place.top / FINE,
                place.bottom / FINE
            );
        }
        let _ = write!(svg, ">{markup}</svg>");
        svg
    }

    /// Height of title and keys.
    fn head(&self, measures: PlotSize) -> i32 {
        match self.key_places(measures).last() {
            None => TITLE,
            Some((_, row)) => TITLE + (row + 1) * KEY_ROW + 6,
        }
    }

    /// Background, title and keys, of a picture that stands alone.
    fn draw_head(&self, board: &PlotBoard, whole: PlotRectangle) -> DrawResult {
        if board.look != PlotLook::Alone {
            return Ok(());
        }
        board.rectangle(whole, paint::PAPER, 1.0)?;
        let (font, most) = (board.measures.font, f64::from(board.measures.width - 32));
        let title = fitting(&self.title, font + 5.0, most);
        board.text(&title, (fine(16), fine(27)), font + 5.0, paint::INK, LEFT)?;
        for (key, (left, row)) in self.keys.iter().zip(self.key_places(board.measures)) {
            let (left, middle) = (fine(left), fine(TITLE + row * KEY_ROW + KEY_ROW / 2));
            let colour = paint::series(key.colour);
            if key.is_line {
                board.canvas.dash(paint::dash(key.colour));
                board.stroke(&[(left, middle), (left + fine(24), middle)], colour, 2.4)?;
                board.canvas.dash(None);
            } else {
                let (top, bottom) = (middle - fine(6), middle + fine(6));
                let place =
                    PlotRectangle { left: left + fine(6), top, right: left + fine(18), bottom };
                board.rectangle(place, colour, 1.0)?;
            }
            let name = fitting(&key.name, font, KEY_WIDTH);
            board.text(&name, (left + fine(30), middle), font, paint::INK, LEFT)?;
        }
        Ok(())
    }

    /// Left edge and row of each key: as many in a row as there is room for.
    fn key_places(&self, measures: PlotSize) -> Vec<(i32, i32)> {
        let (mut left, mut row) = (16, 0);
        let places = self.keys.iter().map(|key| {
            let name = fitting(&key.name, measures.font, KEY_WIDTH);
            let width = 50 + width_of(&name, measures.font) as i32;
            if left + width > measures.width && left > 16 {
                (left, row) = (16, row + 1);
            }
            let place = (left, row);
            left += width;
            place
        });
        places.collect()
    }
}

const TITLE: i32 = 46;
const KEY_ROW: i32 = 22;
const KEY_WIDTH: f64 = 220.0;
