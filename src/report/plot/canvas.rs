//! A drawing backend for Plotters that writes lean SVG: colours by role, so that a page can have a
//! light and a dark look, groups that a page can switch and move, and coordinates to a tenth.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::rc::Rc;

use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color as _, RGBColor};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontTransform,
};
use unicode_width::UnicodeWidthStr as _;

use super::paint;
use super::place::PlotRectangle;

/// Drawing units in one unit of the picture: Plotters knows whole units only.
pub(super) const FINE: i32 = 10;

/// Where colours come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colours {
    /// From the style of the page, by the name of their role.
    Page,
    /// From the picture itself, for a light background.
    Own,
}

/// Drawing cannot fail.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// What Plotters draws on. Clones write to the same picture.
#[derive(Clone)]
pub(super) struct Canvas {
    size: (u32, u32),
    pen: Rc<RefCell<Pen>>,
}

struct Pen {
    text: String,
    colours: Colours,
    dash: Option<&'static str>,
    halo: bool,
}

impl Canvas {
    /// An empty picture of so many units.
    pub(super) fn new(size: (u32, u32), colours: Colours) -> Self {
        let pen = Pen { text: String::new(), colours, dash: None, halo: false };
        let size = (size.0 * FINE as u32, size.1 * FINE as u32);
        Self { size, pen: Rc::new(RefCell::new(pen)) }
    }

    /// Everything up to [`Canvas::close`] is a group of this class.
    pub(super) fn open(&self, class: &str) {
        let _ = write!(self.pen.borrow_mut().text, "<g class=\"{class}\">");
    }

    /// Ends the group opened last.
    pub(super) fn close(&self) {
        self.pen.borrow_mut().text.push_str("</g>");
    }

    /// What is drawn between does not reach beyond a rectangle.
    pub(super) fn clipped<T>(&self, id: &str, place: PlotRectangle, draw: impl FnOnce() -> T) -> T {
        let PlotRectangle { left, top, right, bottom } = place;
        let (width, height) = (tenths(right - left), tenths(bottom - top));
        let (left, top) = (tenths(left), tenths(top));
        let _ = write!(
            self.pen.borrow_mut().text,
            "<clipPath id=\"{id}\"><rect x=\"{left}\" y=\"{top}\" width=\"{width}\" \
             height=\"{height}\"/></clipPath><g clip-path=\"url(#{id})\">"
        );
        let result = draw();
        self.close();
        result
    }

    /// The pattern of the strokes that follow; none: solid.
    pub(super) fn dash(&self, dash: Option<&'static str>) {
        self.pen.borrow_mut().dash = dash;
    }

    /// Whether texts that follow have a rim of the background around them.
    pub(super) fn halo(&self, halo: bool) {
        self.pen.borrow_mut().halo = halo;
    }

    /// Parts of an upright line, as one shape however many they are.
    pub(super) fn upright(&self, x: i32, parts: &[[i32; 2]], style: &impl BackendStyle) -> Drawn {
        self.write(|pen| {
            pen.text.push_str("<path");
            pen.stroke(style);
            pen.text.push_str(" d=\"");
            for [top, bottom] in parts {
                let (x, top, length) = (tenths(x), tenths(*top), tenths(bottom - top));
                let _ = write!(pen.text, "M{x} {top}v{length}");
            }
            pen.text.push_str("\"/>");
        })
    }

    /// Markup drawn so far.
    pub(super) fn markup(&self) -> String {
        self.pen.borrow().text.clone()
    }

    fn write(&self, write: impl FnOnce(&mut Pen)) -> Drawn {
        write(&mut self.pen.borrow_mut());
        Ok(())
    }
}

impl Pen {
    fn paint(&mut self, attribute: &str, colour: BackendColor) {
        let (red, green, blue) = colour.rgb;
        let name = paint::role(RGBColor(red, green, blue));
        let _ = match (self.colours, name) {
            (Colours::Page, Some(name)) => write!(self.text, " {attribute}=\"var(--{name})\""),
            _ => write!(self.text, " {attribute}=\"#{red:02x}{green:02x}{blue:02x}\""),
        };
        if colour.alpha < 1.0 {
            let _ = write!(self.text, " {attribute}-opacity=\"{:.2}\"", colour.alpha);
        }
    }

    fn stroke<S: BackendStyle>(&mut self, style: &S) {
        self.text.push_str(" fill=\"none\"");
        self.paint("stroke", style.color());
        let _ = write!(self.text, " stroke-width=\"{}\"", tenths(style.stroke_width() as i32));
        if let Some(dash) = self.dash {
            let _ = write!(self.text, " stroke-dasharray=\"{dash}\"");
        }
    }

    /// The end of a shape that is filled or only drawn around.
    fn finish<S: BackendStyle>(&mut self, style: &S, fill: bool) {
        match fill {
            true => self.paint("fill", style.color()),
            false => self.stroke(style),
        }
        self.text.push_str("/>");
    }

    /// A path through points, each relative to the one before.
    fn path(&mut self, points: impl IntoIterator<Item = BackendCoord>, closed: bool) {
        self.text.push_str(" d=\"");
        let mut before: Option<BackendCoord> = None;
        for (x, y) in points {
            let _ = match before {
                None => write!(self.text, "M{} {}", tenths(x), tenths(y)),
                Some((left, top)) if left == x && top == y => Ok(()),
                Some((left, top)) if top == y => write!(self.text, "h{}", tenths(x - left)),
                Some((left, top)) if left == x => write!(self.text, "v{}", tenths(y - top)),
                Some((left, top)) => {
                    write!(self.text, "l{} {}", tenths(x - left), tenths(y - top))
                }
            };
            before = Some((x, y));
        }
        self.text.push_str(if closed { "z\"/>" } else { "\"/>" });
    }
}

/// A number of drawing units in units of the picture.
fn tenths(value: i32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.unsigned_abs() / 10, value.unsigned_abs() % 10);
    match rest {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{rest}"),
    }
}

/// Text as it may stand in markup; what markup cannot hold is replaced.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            control if control.is_control() => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

/// Width of a text in units of the picture, as a usual font has it.
pub(super) fn width_of(text: &str, size: f64) -> f64 {
    text.width() as f64 * size * 0.56
}

impl DrawingBackend for Canvas {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    /// Never asked for: all shapes are drawn whole.
    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.write(|pen| {
            pen.text.push_str("<path");
            pen.stroke(style);
            pen.path(path, false);
        })
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let ((left, top), (right, bottom)) = (from, to);
        self.write(|pen| {
            let _ = write!(
                pen.text,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
                tenths(left.min(right)),
                tenths(top.min(bottom)),
                tenths((right - left).abs()),
                tenths((bottom - top).abs()),
            );
            pen.finish(style, fill);
        })
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (x, y) = centre;
        self.write(|pen| {
            let (x, y, radius) = (tenths(x), tenths(y), tenths(radius as i32));
            let _ = write!(pen.text, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"");
            pen.finish(style, fill);
        })
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vertices: I,
        style: &S,
    ) -> Drawn {
        self.write(|pen| {
            pen.text.push_str("<path");
            pen.paint("fill", style.color());
            pen.path(vertices, true);
        })
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        let (x, y) = at;
        self.write(|pen| {
            let size = style.size() / f64::from(FINE);
            let down = match style.anchor().v_pos {
                VPos::Top => 0.74,
                VPos::Center => 0.35,
                VPos::Bottom => -0.25,
            };
            let y = y + libm::round(down * style.size()) as i32;
            let _ = write!(pen.text, "<text x=\"{}\" y=\"{}\"", tenths(x), tenths(y));
            let _ = write!(pen.text, " font-size=\"{size}\"");
            match style.anchor().h_pos {
                HPos::Left => {}
                HPos::Center => pen.text.push_str(" text-anchor=\"middle\""),
                HPos::Right => pen.text.push_str(" text-anchor=\"end\""),
            }
            if !matches!(style.transform(), FontTransform::None) {
                let _ = write!(pen.text, " transform=\"rotate(-90 {} {})\"", tenths(x), tenths(y));
            }
            pen.paint("fill", style.color());
            if pen.halo {
                pen.text.push_str(" stroke-width=\"4\" paint-order=\"stroke\"");
                let (red, green, blue) = paint::PAPER.rgb();
                pen.paint("stroke", BackendColor { alpha: 1.0, rgb: (red, green, blue) });
            }
            let _ = write!(pen.text, ">{}</text>", escaped(text));
        })
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        Ok((width_of(text, style.size()) as u32, style.size() as u32))
    }

    fn blit_bitmap(&mut self, _: BackendCoord, _: (u32, u32), _: &[u8]) -> Drawn {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use plotters::prelude::{IntoDrawingArea as _, PathElement};

    use super::*;

    #[test]
    fn colours_come_from_the_page_or_from_the_picture() {
        let drawn = |colours| {
            let canvas = Canvas::new((100, 50), colours);
            let area = canvas.clone().into_drawing_area();
            let style = plotters::style::Color::stroke_width(&paint::series(0), 20);
            area.draw(&PathElement::new([(0, 0), (15, 0), (15, 7), (20, 0)], style)).unwrap();
            canvas.markup()
        };
        let path = "stroke-width=\"2\" d=\"M0 0h1.5v0.7l0.5 -0.7\"/>";
        assert_eq!(
            drawn(Colours::Page),
            format!("<path fill=\"none\" stroke=\"var(--s0)\" {path}")
        );
        assert_eq!(drawn(Colours::Own), format!("<path fill=\"none\" stroke=\"#0072b2\" {path}"));
    }

    #[test]
    fn text_stays_text() {
        assert_eq!(
            escaped("</text><b a='1'>&\u{1}\u{ffff}"),
            "&lt;/text&gt;&lt;b a=&#39;1&#39;&gt;&amp;\u{fffd}\u{fffd}"
        );
    }
}
