//! The validation as a page of the documentation, in Markdown.

use std::fmt::Write as _;

use crate::experiment::validate::Validated;

use super::{RULE, summary, table};

/// A heading and a table for each case.
pub fn page(cases: &[Validated]) -> String {
    let mut page = format!("{HEAD}\n{RULE}\n\n**{}**\n", summary(cases));
    for case in cases {
        let path = case.case.file.path;
        let name = path.rsplit('/').next().unwrap_or(path);
        let variant = match &case.variant {
            Some(variant) if variant != "base" => format!(", variant {variant}"),
            _ => String::new(),
        };
        let _ = writeln!(page, "\n### {}: {}\n", case.case.name, case.case.theory);
        let _ = writeln!(page, "[{name}](../{path}){variant}\n");
        page.push_str(&table(case).markdown());
    }
    page
}

const HEAD: &str = "\
# Shiftstorm against exact values

Queueing theory knows the answer to some questions exactly. Here they are put to Shiftstorm as
ordinary scenario files, which name the sources of the exact values: `shiftstorm run` runs any of
them, and `shiftstorm validate` makes this table (`reports/update` writes this page).

An estimate comes from independent replications; behind ± is half of its 95 % interval. *Off* is the
distance from the exact value in standard errors: about two thirds are within 1, one in twenty is
beyond 2. The seed of a case is the hash of its name.
";
