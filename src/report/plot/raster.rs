//! Pictures as PNG: drawn from their SVG, with a font that comes with the program, so that both show
//! the same and the fonts of a machine do not matter.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// What draws PNG.
pub(in crate::report) struct Raster {
    options: Options<'static>,
}

impl Raster {
    /// With its font.
    pub(in crate::report) fn new() -> Self {
        let mut options = Options { font_family: FAMILY.to_owned(), ..Options::default() };
        let fonts = options.fontdb_mut();
        fonts.load_font_data(FONT.to_vec());
        fonts.set_sans_serif_family(FAMILY);
        Self { options }
    }

    /// A picture that stands alone, each of its units [`SCALE`] pixels wide. Letters that the font
    /// does not have are left out: it knows those of Latin, Greek and Cyrillic.
    ///
    /// # Errors
    ///
    /// What cannot be drawn: a bug.
    pub(in crate::report) fn png(&self, svg: &str) -> Result<Vec<u8>, String> {
        let tree = Tree::from_str(svg, &self.options).map_err(|error| error.to_string())?;
        let size = tree.size();
        let pixels = |units: f32| (units * SCALE) as u32;
        let pixmap = Pixmap::new(pixels(size.width()), pixels(size.height()));
        let mut pixmap = pixmap.ok_or("a picture without size")?;
        resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());
        pixmap.encode_png().map_err(|error| error.to_string())
    }
}

/// Sharp on paper and on the screens of today.
const SCALE: f32 = 2.0;
const FAMILY: &str = "Inter";
const FONT: &[u8] = include_bytes!("inter/Inter-Regular.otf");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_drawn_with_our_font_and_the_same_again() {
        let picture = |text: &str| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"40\" \
                 font-family=\"Nowhere, sans-serif\"><text x=\"10\" y=\"30\" \
                 font-size=\"20\">{text}</text></svg>"
            )
        };
        let raster = Raster::new();
        let ink = |text: &str| {
            let png = raster.png(&picture(text)).unwrap();
            let pixmap = Pixmap::decode_png(&png).unwrap();
            assert_eq!((pixmap.width(), pixmap.height()), (200, 80));
            pixmap.pixels().iter().filter(|pixel| pixel.alpha() > 128).count()
        };
        assert_eq!(ink(""), 0);
        assert!(ink("Wait") > 300 && ink("Ждать") > 300 && ink("αναμονή") > 300);
        assert_eq!(raster.png(&picture("Wait")), Raster::new().png(&picture("Wait")));
    }
}
