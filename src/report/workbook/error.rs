//! What goes wrong while a workbook is written.

use std::io;

use rust_xlsxwriter::XlsxError;

pub(super) fn trouble(error: XlsxError) -> io::Error {
    io::Error::other(error)
}
