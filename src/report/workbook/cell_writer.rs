//! Cells of the workbook: values as numbers in the format of their unit, text that stays text.

use std::io;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::report::columns::{TableCell, harmless};

/// Writes cells of a sheet.
pub(super) struct CellWriter<'a> {
    pub(super) sheet: Worksheet,
    pub(super) styles: &'a CellStyles,
}

/// How cells look.
pub(super) struct CellStyles {
    pub(super) title: Format,
    pub(super) heading: Format,
    /// At the head of a column of texts, and of one of numbers, with room for a filter.
    pub(super) header: [Format; 2],
    /// At the head of a column without a filter.
    pub(super) left: Format,
    pub(super) right: Format,
    pub(super) good: Format,
    pub(super) bad: Format,
    pub(super) word: Format,
    pub(super) note: Format,
    pub(super) plain: Format,
    text: Format,
    /// Text even when somebody edits it.
    quoted: Format,
    share: Format,
    seconds: Format,
    hours: Format,
    clock: Format,
    whole: Format,
    /// With no, one, two and three decimals.
    decimals: [Format; 4],
}

impl CellStyles {
    pub(super) fn new() -> Self {
        let number = |format: &str| Format::new().set_num_format(format);
        Self {
            title: Format::new().set_bold().set_font_size(14),
            heading: Format::new().set_bold().set_border_bottom(FormatBorder::Thin),
            header: [header().set_indent(1), header().set_align(FormatAlign::Right).set_indent(2)],
            left: header(),
            right: header().set_align(FormatAlign::Right),
            good: word().set_font_color(Color::RGB(0x0000_6100)).set_background_color(GREEN),
            bad: word().set_font_color(Color::RGB(0x009C_0006)).set_background_color(RED),
            word: word(),
            note: Format::new().set_italic().set_text_wrap().set_align(FormatAlign::Top),
            text: Format::new().set_indent(1),
            quoted: Format::new().set_indent(1).set_quote_prefix(),
            plain: Format::new(),
            share: number("0.0%"),
            seconds: number("#,##0.0"),
            hours: number("#,##0.00"),
            clock: number("[hh]:mm"),
            whole: number("#,##0"),
            decimals: ["#,##0", "#,##0.0", "#,##0.00", "#,##0.000"].map(number),
        }
    }

    /// Of a number in a unit.
    fn of(&self, unit: &str) -> &Format {
        match unit {
            "share" => &self.share,
            "seconds" => &self.seconds,
            "hours" => &self.hours,
            "per conversation" => &self.decimals[3],
            "" => &self.plain,
            _ => &self.decimals[2],
        }
    }

    /// Of a number that stands among others of other units: with three digits, as in the summary.
    pub(super) fn rounded(&self, number: f64, unit: &str) -> &Format {
        match (unit, number.abs()) {
            ("share", _) => &self.share,
            (_, 0.0 | 100.0..) => &self.decimals[0],
            (_, 10.0..) => &self.decimals[1],
            (_, 1.0..) => &self.decimals[2],
            _ => &self.decimals[3],
        }
    }
}

/// Where a cell is, counted from 0.
#[derive(Clone, Copy)]
pub(super) struct CellAddress {
    pub(super) row: u32,
    pub(super) column: u16,
}

impl CellWriter<'_> {
    /// Writes a cell of a column with this unit, and tells how wide it is in characters.
    pub(super) fn cell(
        &mut self,
        at: CellAddress,
        cell: TableCell,
        unit: &str,
    ) -> io::Result<usize> {
        let styles = self.styles;
        match cell {
            TableCell::Text(text) | TableCell::Word(text) => {
                let is_active = harmless(&text) != text;
                self.text(at, &text, if is_active { &styles.quoted } else { &styles.text })
            }
            TableCell::Number(number) | TableCell::Exact(number) => self.number(at, number, unit),
            TableCell::In(unit, number) => self.number(at, number, unit),
            TableCell::Whole(number) => self.put(at, number as f64, &styles.whole),
            TableCell::Clock(time) => self.put(at, time.as_secs_f64() / A_DAY, &styles.clock),
        }
    }

    /// Writes a number in a unit; nothing if there is none.
    pub(super) fn number(
        &mut self,
        at: CellAddress,
        number: Option<f64>,
        unit: &str,
    ) -> io::Result<usize> {
        match number.filter(|number| number.is_finite()) {
            Some(number) => self.put(at, number, self.styles.of(unit)),
            None => Ok(0),
        }
    }

    /// Writes a number among others of other units; nothing if there is none.
    pub(super) fn rounded(
        &mut self,
        at: CellAddress,
        number: Option<f64>,
        unit: &str,
    ) -> io::Result<()> {
        if let Some(number) = number.filter(|number| number.is_finite()) {
            self.put(at, number, self.styles.rounded(number, unit))?;
        }
        Ok(())
    }

    /// Writes text that nobody takes for a formula.
    pub(super) fn text(
        &mut self,
        at: CellAddress,
        text: &str,
        format: &Format,
    ) -> io::Result<usize> {
        let text = fitting(text);
        // What looks so would be taken for markup of the library, and not be escaped.
        let written = if text.starts_with("<r>") && text.ends_with("</r>") {
            let parts = [(&self.styles.plain, text)];
            self.sheet.write_rich_string_with_format(at.row, at.column, &parts, format)
        } else {
            self.sheet.write_string_with_format(at.row, at.column, text, format)
        };
        written.map_err(trouble)?;
        Ok(text.chars().count())
    }

    fn put(&mut self, at: CellAddress, number: f64, format: &Format) -> io::Result<usize> {
        self.sheet.write_number_with_format(at.row, at.column, number, format).map_err(trouble)?;
        let digits = format!("{:.0}", number.abs()).len();
        // With separators and decimals.
        Ok(digits + digits / 3 + 4)
    }
}

/// What goes wrong while a workbook is written.
pub(super) fn trouble(error: XlsxError) -> io::Error {
    io::Error::other(error)
}

/// As much of a text as a cell holds.
fn fitting(text: &str) -> &str {
    let mut units = 0;
    let too_much = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > MOST_UNITS
    });
    too_much.map_or(text, |(position, _)| &text[..position])
}

fn header() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color(BLUE)
        .set_border_bottom(FormatBorder::Thin)
}

fn word() -> Format {
    Format::new().set_align(FormatAlign::Right)
}

const BLUE: Color = Color::RGB(0x00E3_EAF2);
const GREEN: Color = Color::RGB(0x00C6_EFCE);
const RED: Color = Color::RGB(0x00FF_C7CE);

/// Clock times are parts of a day.
const A_DAY: f64 = 86_400.0;
/// UTF-16 units in a cell.
const MOST_UNITS: usize = 32_767;
