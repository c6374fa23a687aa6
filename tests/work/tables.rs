//! Tables as planners have them, each with what is to be understood of it, or why it is refused.
//!
//! They stand in `tests/scenario_files/real_tables.txt`: a title with what is read (and options), the
//! file, a line `---`, and what comes out.

use std::fmt::Write as _;
use std::path::Path;

use shiftstorm::tables::{
    CivilMoment, Condition, DateOrder, DecimalMark, Echo, IntervalTable, NamedColumn, Quantity,
    Sheet, TableFinding, TableOptions, read_instants, read_shifts, read_volumes,
};

struct RealTable {
    title: String,
    reads: String,
    options: TableOptions,
    encoding: String,
    file: String,
    expected: String,
}

/// `where=site:North`, `columns=time:A,volume:C`, `dates=dmy` …
fn options(text: &str) -> TableOptions {
    let mut options = TableOptions::default();
    for option in text.split('|').map(str::trim).filter(|option| !option.is_empty()) {
        let (key, value) = option.split_once('=').expect("an option has a value");
        let pairs = || value.split(',').filter_map(|pair| pair.split_once(':'));
        let named = |(meaning, heading): (&str, &str)| NamedColumn {
            meaning: meaning.to_owned(),
            heading: heading.to_owned(),
        };
        match key {
            "where" => options.only.extend(pairs().map(|(column, value)| Condition {
                column: column.to_owned(),
                value: value.to_owned(),
            })),
            "columns" => options.columns.extend(pairs().map(named)),
            "activities" => {
                options.activities.extend(pairs().map(|(word, meaning)| named((meaning, word))));
            }
            "dates" if value == "dmy" => options.dates = Some(DateOrder::DayFirst),
            "dates" => options.dates = Some(DateOrder::MonthFirst),
            "decimal" if value == "," => options.decimal = Some(DecimalMark::Comma),
            "decimal" => options.decimal = Some(DecimalMark::Point),
            "range" => options.range = Some(value.to_owned()),
            "sheet" => options.sheet = Some(value.to_owned()),
            "encoding" => {}
            _ => panic!("no option {key}"),
        }
    }
    options
}

fn real_tables() -> Vec<RealTable> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenario_files/real_tables.txt");
    let text = std::fs::read_to_string(path).expect("is there");
    let blocks = text.split("\n=== ").filter(|block| !block.trim().is_empty());
    let tables = blocks.map(|block| {
        let block = block.trim_start_matches("=== ");
        let (head, rest) = block.split_once('\n').unwrap_or((block, ""));
        let (title, own) = head.split_once('|').unwrap_or((head, ""));
        let (file, expected) = rest.split_once("---\n").unwrap_or((rest, ""));
        RealTable {
            title: title.trim().to_owned(),
            reads: title.split(':').next().unwrap_or_default().to_owned(),
            options: options(own),
            encoding: own.trim().strip_prefix("encoding=").unwrap_or_default().to_owned(),
            file: file.replace("\\t", "\t").replace("\\r", "\r"),
            expected: expected.trim_end().to_owned(),
        }
    });
    tables.collect()
}

fn finding(finding: &TableFinding) -> String {
    let mut text =
        if finding.is_error { "error: " } else { "note: " }.to_owned() + &finding.message;
    let place = finding.place.as_ref().map(ToString::to_string);
    if let Some(place) = place.filter(|place| !finding.message.contains(place)) {
        let _ = write!(text, " ({place})");
    }
    for (name, part) in
        [("found", &finding.found), ("allowed", &finding.allowed), ("help", &finding.help)]
    {
        if let Some(part) = part {
            let _ = write!(text, "; {name}: {part}");
        }
    }
    text
}

fn unused(echo: &Echo) -> Option<String> {
    (!echo.unused.is_empty()).then(|| format!("not used: {}", echo.unused.join(", ")))
}

fn intervals(table: IntervalTable) -> Vec<String> {
    let (mut lines, findings, echo) = match table {
        IntervalTable::WithClock(table) => {
            let rows = table.rows.iter().map(|row| {
                let key = row.key.as_ref().map(|key| format!("{key} ")).unwrap_or_default();
                let offset = row.offset.map(|it| format!(" ({it})")).unwrap_or_default();
                let value = (row.value * 1e6).round() / 1e6;
                format!("{} {}-{}{offset} {key}{value}", row.day, row.start, row.end)
            });
            (Vec::from_iter(rows), table.findings, table.echo)
        }
        IntervalTable::WithoutClock(list) => {
            (vec![format!("one after the other: {:?}", list.values)], list.findings, list.echo)
        }
    };
    lines.extend(findings.iter().map(finding));
    lines.extend(unused(&echo));
    lines
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let units = || text.encode_utf16();
    match encoding {
        "BOM" => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        "UTF-16LE" => [0xff, 0xfe].into_iter().chain(units().flat_map(u16::to_le_bytes)).collect(),
        "UTF-16BE" => [0xfe, 0xff].into_iter().chain(units().flat_map(u16::to_be_bytes)).collect(),
        "windows-1252" => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
        _ => text.as_bytes().to_vec(),
    }
}

/// What comes out of a file.
fn outcome(reads: &str, bytes: &[u8], options: &TableOptions) -> String {
    let sheet = match Sheet::read("plan.csv", bytes, options) {
        Ok(sheet) => sheet,
        Err(error) => return finding(&error),
    };
    let read = match reads {
        "volumes" => read_volumes(&sheet, Quantity::Volume, options).map(intervals),
        "aht" => read_volumes(&sheet, Quantity::HandleTime, options).map(intervals),
        "staff" => read_volumes(&sheet, Quantity::Staff, options).map(intervals),
        "roster" => read_shifts(&sheet, options).map(|table| {
            let mut lines = Vec::new();
            for agent in &table.agents {
                let mut line = agent.name.clone();
                for own in [
                    agent.group.as_ref().map(|team| format!(" of {team}")),
                    agent.skills.as_ref().map(|skills| format!(" with {}", skills.join(" and "))),
                    agent.slots.map(|slots| format!(", {slots} slots")),
                    agent.speed.map(|speed| format!(", speed {speed}")),
                ] {
                    line += &own.unwrap_or_default();
                }
                lines.push(line);
                for day in &agent.days {
                    let shifts = day.presence.iter().map(|it| format!(" {}-{}", it.start, it.end));
                    let breaks = day.breaks.iter().map(|it| {
                        format!(" {:?} {}-{}", it.kind, it.stretch.start, it.stretch.end)
                    });
                    let all = shifts.chain(breaks).collect::<String>();
                    lines.push(format!(
                        "  {}:{}",
                        day.day,
                        if all.is_empty() { " off" } else { &all }
                    ));
                }
            }
            lines.extend(table.findings.iter().map(finding));
            lines.extend(unused(&table.echo));
            lines
        }),
        "contacts" => read_instants(&sheet, options).map(|table| {
            let rows = table.rows.iter().map(|row| {
                let offset = match row.moment {
                    CivilMoment::Civil { offset: Some(offset), .. } => format!(" ({offset})"),
                    _ => String::new(),
                };
                let key = row.key.as_ref().map(|key| format!(" {key}")).unwrap_or_default();
                format!("{}{offset}{key}", row.moment)
            });
            let mut lines = Vec::from_iter(rows);
            lines.extend(table.findings.iter().map(finding));
            lines.extend(unused(&table.echo));
            lines
        }),
        _ => panic!("nothing reads {reads}"),
    };
    let lines = read.unwrap_or_else(|findings| findings.iter().map(finding).collect());
    lines.join("\n")
}

#[test]
fn real_tables_are_understood_or_refused() {
    let tables = real_tables();
    let mut wrong = String::new();
    for RealTable { title, reads, options, encoding, file, expected } in &tables {
        let found = outcome(reads, &encoded(file, encoding), options);
        if found != *expected {
            let _ = writeln!(wrong, "=== {title}\n{file}---\n{found}\n--- expected\n{expected}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(tables.len() >= 300, "{} tables", tables.len());
}
