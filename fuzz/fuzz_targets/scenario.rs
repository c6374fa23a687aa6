//! Any text as a scenario: it is understood, or what is wrong has a place in it.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use shiftstorm::scenario::{Source, parse};

fuzz_target!(|text: &str| {
    let source = Source { name: "fuzzed.toml".to_owned(), text: text.to_owned() };
    let files = BTreeMap::from([("t.csv".to_owned(), b"at\n10m\n".to_vec())]);
    if let Err(findings) = parse(source, files) {
        assert!(findings.iter().next().is_some());
        let _ = findings.render(false);
    }
});
