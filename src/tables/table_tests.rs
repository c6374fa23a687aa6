//! Files as planners write them, and what they mean.

use super::headings::folded;
use super::{
    IntervalTable, Meaning, Quantity, Sheet, TableFinding, TableOptions, VolumeTable, read_volumes,
};

fn read(bytes: &[u8], options: &TableOptions) -> Result<VolumeTable, Vec<TableFinding>> {
    let sheet = Sheet::read("plan.csv", bytes, options).map_err(Vec::from)?;
    match read_volumes(&sheet, Quantity::Volume, options)? {
        IntervalTable::WithClock(table) => Ok(table),
        IntervalTable::WithoutClock(list) => panic!("{:?}", list.values),
    }
}

/// Rows as `day start-end key value`.
fn plan(table: &VolumeTable) -> Vec<String> {
    let rows = table.rows.iter().map(|row| {
        let key = row.key.as_deref().unwrap_or("all");
        format!("{} {}-{} {key} {}", row.day, row.start, row.end, row.value)
    });
    rows.collect()
}

fn plan_of(text: &str) -> Vec<String> {
    match read(text.as_bytes(), &TableOptions::default()) {
        Ok(table) => plan(&table),
        Err(findings) => panic!("{text}\n{findings:?}"),
    }
}

/// The first error of a text.
fn refusal(text: &str) -> TableFinding {
    match read(text.as_bytes(), &TableOptions::default()) {
        Ok(table) => panic!("{text}\n{:?}", plan(&table)),
        Err(mut findings) => findings.remove(0),
    }
}

/// The text in an encoding, as bytes.
fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let utf16 = |bom: [u8; 2], unit: fn(u16) -> [u8; 2]| {
        let units = text.encode_utf16().flat_map(unit);
        bom.into_iter().chain(units).collect::<Vec<u8>>()
    };
    match encoding {
        "UTF-16LE" => utf16([0xff, 0xfe], u16::to_le_bytes),
        "UTF-16BE" => utf16([0xfe, 0xff], u16::to_be_bytes),
        "windows-1252" => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
        "BOM" => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        _ => text.as_bytes().to_vec(),
    }
}

/// 13 and 14 March 2026, by quarter hours, for a skill with an umlaut.
fn written(separator: char, decimal: char, date: [&str; 2], time: [&str; 2]) -> String {
    let values = [format!("12{decimal}5"), "20".into(), "3".into(), format!("1{decimal}25")];
    let mut text = ["Datum", "Beginn", "Warteschlange", "Kontakte"].join(&separator.to_string());
    for (index, value) in values.iter().enumerate() {
        let value = if separator == decimal { format!("\"{value}\"") } else { value.clone() };
        let row = [date[index / 2], time[index % 2], "Kündigung", &value];
        text += "\r\n";
        text += &row.join(&separator.to_string());
    }
    text
}

#[test]
fn the_same_days_in_every_spelling_are_the_same_plan() {
    let right = [
        "Fri 13 Mar 2026 09:00-09:15 Kündigung 12.5",
        "Fri 13 Mar 2026 09:15-09:30 Kündigung 20",
        "Sat 14 Mar 2026 09:00-09:15 Kündigung 3",
        "Sat 14 Mar 2026 09:15-09:30 Kündigung 1.25",
    ];
    let dates = [
        ["2026-03-13", "2026-03-14"],
        ["13.03.2026", "14.03.2026"],
        ["13/03/2026", "14/03/2026"],
        ["03/13/2026", "03/14/2026"],
        ["20260313", "20260314"],
    ];
    let times =
        [["09:00", "09:15"], ["9h", "9h15"], ["9:00 AM", "9:15 AM"], ["09:00:00", "09:15:00"]];
    let mut files = 0;
    for encoding in ["UTF-8", "BOM", "UTF-16LE", "UTF-16BE", "windows-1252"] {
        for separator in [';', ',', '\t', '|'] {
            for decimal in ['.', ','] {
                for date in dates {
                    for time in times {
                        let text = written(separator, decimal, date, time);
                        let table = read(&encoded(&text, encoding), &TableOptions::default());
                        let table = table.unwrap_or_else(|findings| panic!("{text}\n{findings:?}"));
                        assert_eq!(plan(&table), right, "{encoding} {text}");
                        assert_eq!(table.echo.separator, Some(separator));
                        files += 1;
                    }
                }
            }
        }
    }
    assert_eq!(files, 800);
}

#[test]
fn a_workbook_is_the_same_plan_as_text() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let clock = rust_xlsxwriter::Format::new().set_num_format("hh:mm");
    let sheet = book.add_worksheet();
    sheet.set_name("Volumes").unwrap();
    sheet.write(0, 0, "Forecast of week 11").unwrap();
    sheet.write(2, 0, "time").unwrap().write(2, 1, "volume").unwrap();
    for (row, value) in [(3, 12.5), (4, 20.0)] {
        let quarters = f64::from(row - 3);
        sheet.write_with_format(row, 0, (36.0 + quarters) / 96.0, &clock).unwrap();
        sheet.write(row, 1, value).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let table = read(&bytes, &TableOptions::default()).unwrap();
    assert_eq!(plan(&table), plan_of("time;volume\n09:00;12.5\n09:15;20"));
    assert_eq!(table.rows[1].place.to_string(), "Volumes!B5");
    book.add_worksheet().set_name("Other").unwrap().write(0, 0, 1).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let several = read(&bytes, &TableOptions::default()).unwrap_err();
    assert_eq!(several[0].allowed.as_deref(), Some("Volumes, Other"));
    let named = TableOptions { sheet: Some("volumes".into()), ..TableOptions::default() };
    assert_eq!(read(&bytes, &named).unwrap().rows.len(), 2);
}

/// Readers of ODS files see nothing where a formula has failed.
#[test]
fn an_empty_cell_of_an_ods_file_may_be_a_failed_formula() {
    let options = TableOptions::default();
    let bytes = b"time,volume\n08:00,1\n09:00,\n10:00,2\n";
    let mut sheet = Sheet::read("plan.csv", bytes, &options).unwrap();
    for (may_have_failed, expected) in [
        (false, "empty, `-` or `#N/A`, taken as none: row 3, column B"),
        (
            true,
            "empty, taken as none, and in an ODS file a failed formula looks the same: row 3, column B",
        ),
    ] {
        sheet.are_failures_empty = may_have_failed;
        let read = read_volumes(&sheet, Quantity::Volume, &options).unwrap();
        let IntervalTable::WithClock(table) = read else { panic!("rows have a clock") };
        assert_eq!(table.findings[0].message, expected);
    }
}

#[test]
fn rows_go_by_the_clock() {
    for (text, right) in [
        (
            "start,volume\n09:00,2\n08:00,1",
            "every day 08:00-09:00 all 1|every day 09:00-10:00 all 2",
        ),
        (
            "Intervall;Volumen\n08:00;12,5\n08:30;1.250,5",
            "every day 08:00-08:30 all 12.5|every day 08:30-09:00 all 1250.5",
        ),
        (
            "start,volume\n08:00,60\n09:00,60\n13:00,60",
            "every day 08:00-09:00 all 60|every day 09:00-10:00 all 60|every day 13:00-14:00 all 60",
        ),
        (
            "heure;lundi;mardi\n8h30;1;2\n9h;3;4",
            "Mon 08:30-09:00 all 1|Mon 09:00-09:30 all 3|Tue 08:30-09:00 all 2|Tue 09:00-09:30 all 4",
        ),
        (
            "time;contacts\n2026-03-25 17:00;6\n2026-03-25 17:30;#N/A",
            "Wed 25 Mar 2026 17:00-17:30 all 6|Wed 25 Mar 2026 17:30-18:00 all 0",
        ),
        ("Wochentag;von;bis;Anzahl\nMo;23:00;24:00;5", "Mon 23:00-24:00 all 5"),
        (
            "skill,start,end,volume,aht\nBilling,20260302 08:00,20260302 08:30,40,180\nOrders,20260302 08:00,20260302 08:30,10,300",
            "Mon 2 Mar 2026 08:00-08:30 Billing 40|Mon 2 Mar 2026 08:00-08:30 Orders 10",
        ),
        (
            "sep=|\ntime|volume\n08:00|1\n08:15|2",
            "every day 08:00-08:15 all 1|every day 08:15-08:30 all 2",
        ),
    ] {
        assert_eq!(plan_of(text).join("|"), right, "{text}");
    }
}

#[test]
fn a_skill_is_one_however_its_case() {
    let plan = plan_of("time,skill,volume\n08:00,Billing,1\n08:30,billing,2");
    assert_eq!(plan.join("|"), "every day 08:00-08:30 Billing 1|every day 08:30-09:00 Billing 2");
}

#[test]
fn what_is_not_understood_is_refused() {
    for (text, message) in [
        (
            "date,time,volume\n01/03/2026,08:00,1\n02/03/2026,08:30,1",
            "day and month of the dates cannot be told apart",
        ),
        (
            "date,time,volume\n13/03/2026,08:00,1\n02/14/2026,08:30,1",
            "dates with the day first and with the month first",
        ),
        ("time;volume\n08:00;1.250\n08:30;3", "a number that may be thousands or a fraction"),
        (
            "time;volume\n08:00;1.5\n08:30;3,5",
            "numbers with a decimal point (1.5, row 2, column B) and with a decimal comma (3,5, row 3, column B)",
        ),
        (
            "time;volume\n08:00;1\n08:00;2\n08:30;1",
            "two values for every day 08:00: row 2, column B and row 3, column B",
        ),
        (
            "time;volume\n08:00;#REF!\n08:30;#REF!",
            "not a number: 2 cells, the first in row 2, column B",
        ),
        ("time;volume\n08:00;1\n08:30;2\nTotal;4", "a row of sums that is not the sum of its rows"),
        ("time;volume;contacts\n08:00;1;2", "two columns for volume: `volume` and `contacts`"),
        ("time;volume\n08:00;-3\n08:30;2", "not a number: row 2, column B"),
        ("time;end;volume\n09:00;08:00;2", "an end that is not behind its start: row 2, column B"),
        ("time;volume\n08:00;2", "one interval only, whose length is not known"),
        (
            "08:00,1,3\n08:30,2,4",
            "no row of headings that are known, and column C may mean more than one thing",
        ),
        ("time;volume\n08:00;\"1\n08:30;2", "a quoted field that begins in row 2 has no end"),
        ("", "plan.csv has no cells with content"),
    ] {
        assert_eq!(refusal(text).message, message, "{text}");
    }
}

/// The list of words in the documentation is the one that is read.
#[test]
fn the_documented_headings_are_those_that_are_read() {
    let text = std::fs::read_to_string("docs/tables.md").expect("is there");
    let rows = text.lines().skip_while(|line| !line.starts_with("| meaning | English"));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let mut documented = Vec::new();
    for row in rows {
        let cells = Vec::from_iter(row.trim_matches('|').split('|').map(str::trim));
        let word = cells[0].trim_matches('`');
        assert_eq!(Meaning::of(word).map(Meaning::word), Some(word));
        for heading in cells[1..].iter().flat_map(|cell| cell.split(',')) {
            let heading = heading.trim();
            assert_eq!(Meaning::of(heading).map(Meaning::word), Some(word), "{heading}");
            documented.push(folded(heading));
        }
    }
    for word in super::headings::all_words() {
        assert!(documented.contains(&word.to_owned()), "{word} is not documented");
    }
}
