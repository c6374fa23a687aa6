//! The colours of all pictures, by role. The page has the same roles in its style sheet, twice: for
//! light and for dark.

use plotters::style::RGBColor;

/// The colour of a series: those of Okabe and Ito (2008), which the colour-blind tell apart, in an
/// order that keeps neighbours far from each other. Yellow is left out: nobody sees it on white.
pub(super) const fn series(position: usize) -> RGBColor {
    SERIES[position % SERIES.len()].1
}

/// Series that can be told apart.
pub(crate) const MOST: usize = SERIES.len();

/// The pattern of the line of a series: another sign than colour.
pub(super) const fn dash(position: usize) -> Option<&'static str> {
    DASHES[position % DASHES.len()]
}

/// Lines and text.
pub(super) const INK: RGBColor = RGBColor(31, 41, 51);
/// What is less important.
pub(super) const MUTED: RGBColor = RGBColor(91, 103, 115);
/// Lines behind everything.
pub(super) const GRID: RGBColor = RGBColor(221, 225, 230);
/// Areas behind everything.
pub(super) const SHADE: RGBColor = RGBColor(225, 229, 233);
/// What is good.
pub(super) const GOOD: RGBColor = RGBColor(20, 108, 60);
/// What there is most of.
pub(super) const HEAT: RGBColor = RGBColor(74, 155, 217);
/// The background.
pub(super) const PAPER: RGBColor = RGBColor(255, 255, 255);

/// Ink on colours that stay what they are.
pub(super) const BLACK: RGBColor = RGBColor(16, 20, 24);

/// The ink that can be read on an area of a series: the page lightens all of them in the dark, so
/// that one ink fits both.
pub(super) const fn ink_on(position: usize) -> RGBColor {
    match position % SERIES.len() {
        0 | 6 => PAPER,
        _ => BLACK,
    }
}

/// The name of the role that has this colour.
pub(super) fn role(colour: RGBColor) -> Option<&'static str> {
    let roles = SERIES.iter().chain(&OTHERS);
    roles.into_iter().find(|(_, known)| *known == colour).map(|(name, _)| *name)
}

const SERIES: [(&str, RGBColor); 7] = [
    ("s0", RGBColor(0, 114, 178)),
    ("s1", RGBColor(213, 94, 0)),
    ("s2", RGBColor(0, 158, 115)),
    ("s3", RGBColor(204, 121, 167)),
    ("s4", RGBColor(230, 159, 0)),
    ("s5", RGBColor(86, 180, 233)),
    ("s6", RGBColor(0, 0, 0)),
];

const OTHERS: [(&str, RGBColor); 7] = [
    ("ink", INK),
    ("muted", MUTED),
    ("grid", GRID),
    ("shade", SHADE),
    ("good", GOOD),
    ("heat", HEAT),
    ("paper", PAPER),
];

const DASHES: [Option<&str>; 7] = [
    None,
    Some("7 3"),
    Some("2 3"),
    Some("10 3 2 3"),
    Some("4 2"),
    Some("12 4"),
    Some("6 2 2 2 2 2"),
];
