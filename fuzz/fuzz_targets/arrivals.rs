//! Any bytes as a list of arrivals, and as samples.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use shiftstorm::scenario::{Source, parse};

const SCENARIO: &str = "\
run = { from = '2026-03-28', days = 3, time_zone = 'Europe/Berlin' }
agents.chat.reply_time = { empirical = { csv = 'fuzzed' } }
consumers.web.arrivals.trace = 'fuzzed'
";

fuzz_target!(|bytes: &[u8]| {
    let source = Source { name: "day.toml".to_owned(), text: SCENARIO.to_owned() };
    let files = BTreeMap::from([("fuzzed".to_owned(), bytes.to_vec())]);
    if let Err(findings) = parse(source, files) {
        let _ = findings.render(false);
    }
});
