//! Any bytes as a saved summary: it is refused, or written again as it was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shiftstorm::report::Summary;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(summary) = serde_json::from_slice::<Summary<'static>>(bytes) {
        let mut text = Vec::new();
        summary.write(&mut text).expect("a list of bytes takes all");
        serde_json::from_slice::<Summary<'static>>(&text).expect("it is one");
    }
});
