//! Where plots are drawn: the area, its margins and its texts.

use std::convert::Infallible;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::prelude::{PathElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, IntoFont as _, RGBColor};

use super::canvas::{Canvas, FINE, width_of};
use super::paint;
use super::place::beside;
pub(super) use super::place::{PlotRectangle, PlotRow};

/// Where a picture is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum PlotLook {
    /// In a page, about as wide as half a screen.
    Wide,
    /// In a page, on a phone.
    Narrow,
    /// By itself.
    Alone,
}

/// Measures of a look, in units of the picture.
#[derive(Clone, Copy)]
pub(in crate::report) struct PlotSize {
    pub(super) width: i32,
    /// Height of a usual plot.
    pub(super) height: i32,
    /// Of most text.
    pub(super) font: f64,
}

/// Drawing cannot fail: the canvas takes everything.
pub(super) type DrawResult = Result<(), DrawingAreaErrorKind<Infallible>>;

/// What is drawn on, and how.
pub(in crate::report) struct PlotBoard {
    pub(super) canvas: Canvas,
    pub(super) area: DrawingArea<Canvas, Shift>,
    pub(super) look: PlotLook,
    pub(super) measures: PlotSize,
    /// Names what others refer to; different for each look.
    pub(super) id: String,
}

/// An upright line.
#[derive(Clone, Copy)]
pub(super) struct Upright {
    pub(super) x: i32,
    pub(super) top: i32,
    pub(super) bottom: i32,
    pub(super) colour: RGBColor,
    pub(super) width: f64,
}

impl PlotLook {
    pub(super) fn measures(self) -> PlotSize {
        match self {
            Self::Wide => PlotSize { width: 560, height: 300, font: 13.0 },
            Self::Narrow => PlotSize { width: 340, height: 270, font: 12.5 },
            Self::Alone => PlotSize { width: 800, height: 400, font: 14.0 },
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
            Self::Alone => "alone",
        }
    }
}

impl PlotBoard {
    /// What is drawn belongs to a variant and is shown and hidden with it.
    pub(super) fn of(
        &self,
        variant: Option<usize>,
        draw: impl FnOnce() -> DrawResult,
    ) -> DrawResult {
        let Some(variant) = variant else { return draw() };
        self.canvas.open(&format!("v{variant}"));
        draw()?;
        self.canvas.close();
        Ok(())
    }

    pub(super) fn stroke(&self, points: &[(i32, i32)], colour: RGBColor, width: f64) -> DrawResult {
        let style = colour.stroke_width(libm::round(width * f64::from(FINE)) as u32);
        self.area.draw(&PathElement::new(points.to_vec(), style))
    }

    /// An upright line that leaves out the labels.
    pub(super) fn upright(&self, line: Upright, labels: &[PlotRectangle]) -> DrawResult {
        let Upright { x, top, bottom, colour, width } = line;
        let style = colour.stroke_width(libm::round(width * f64::from(FINE)) as u32);
        let drawn = self.canvas.upright(x, &beside(x, top, bottom, labels), &style);
        drawn.map_err(DrawingAreaErrorKind::BackendError)
    }

    /// The room of a text of one line that begins at the left of a row, and of one that ends at its
    /// right.
    pub(super) fn rooms(&self, row: PlotRow, name: &str, text: &str) -> [PlotRectangle; 2] {
        let width = |text: &str| fine(width_of(text, self.measures.font) as i32 + 5);
        let (top, bottom) = (row.top, row.top + fine(18));
        let (left, right) = (row.left - fine(5), row.right + fine(5));
        [
            PlotRectangle { left, top, right: row.left + width(name), bottom },
            PlotRectangle { left: row.right - width(text), top, right, bottom },
        ]
    }

    pub(super) fn rectangle(
        &self,
        place: PlotRectangle,
        colour: RGBColor,
        opacity: f64,
    ) -> DrawResult {
        let corners = [(place.left, place.top), (place.right, place.bottom)];
        self.area.draw(&Rectangle::new(corners, colour.mix(opacity).filled()))
    }

    pub(super) fn text(
        &self,
        text: &str,
        at: (i32, i32),
        size: f64,
        colour: RGBColor,
        anchor: Pos,
    ) -> DrawResult {
        let size = libm::round(size * f64::from(FINE)) as i32;
        let style = ("sans-serif", size).into_font().color(&colour).pos(anchor);
        self.area.draw(&Text::new(text.to_owned(), at, style))
    }

    /// What stands beside ticks and axes.
    pub(super) fn label(&self, text: &str, at: (i32, i32), anchor: Pos) -> DrawResult {
        self.text(text, at, self.measures.font - 1.0, paint::MUTED, anchor)
    }
}

/// As much of a text as is about so wide.
pub(super) fn fitting(text: &str, size: f64, width: f64) -> String {
    crate::report::terminal::cut(text, ((width / size / 0.56) as usize).max(2))
}

/// Drawing units.
pub(super) const fn fine(units: i32) -> i32 {
    units * FINE
}

pub(super) const LEFT: Pos = Pos { h_pos: HPos::Left, v_pos: VPos::Center };

pub(super) const RIGHT: Pos = Pos { h_pos: HPos::Right, v_pos: VPos::Center };

pub(super) const BELOW: Pos = Pos { h_pos: HPos::Center, v_pos: VPos::Top };

pub(super) const CENTRE: Pos = Pos { h_pos: HPos::Center, v_pos: VPos::Center };
