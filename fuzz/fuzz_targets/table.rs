//! Any bytes as a planner's table: volumes by the clock, a workbook, something else.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shiftstorm::tables::{Quantity, Sheet, TableOptions, read_volumes};

fuzz_target!(|bytes: &[u8]| {
    let options = TableOptions::default();
    if let Ok(sheet) = Sheet::read("fuzzed", bytes, &options) {
        let _ = read_volumes(&sheet, Quantity::Volume, &options);
    }
});
