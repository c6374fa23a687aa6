//! Whether the suite is to be run, and which cases of it.

use clap::builder::PossibleValuesParser;
use clap::{Args, builder::TypedValueParser as _};

use crate::stress::suite::{CASES, SuiteCase, find};

/// Which cases to run.
#[derive(Args)]
pub(super) struct SuiteChoice {
    /// Without a scenario: run the standard suite, which takes some minutes. Its cases have the same
    /// names for ever.
    #[arg(long, group = "compared")]
    #[arg(conflicts_with_all = ["file", "engines", "capacity", "variant", "speed", "set", "seed"])]
    pub(super) suite: bool,
    /// Only this case of the suite; may be given several times.
    #[arg(long, value_name = "NAME", requires = "suite", value_parser = cases())]
    pub(super) case: Vec<&'static SuiteCase>,
}

fn cases() -> impl clap::builder::TypedValueParser<Value = &'static SuiteCase> {
    let names = PossibleValuesParser::new(CASES.each_ref().map(|case| case.name));
    names.try_map(|name| find(&name).ok_or("there is no such case"))
}
