//! `shiftstorm schema`, `completions` and `man`.

use clap::{Args, Command, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::{report, scenario};

use super::output::Output;
use super::stop::{Exit, Stop};

/// Print completions for a shell.
#[derive(Args)]
pub(super) struct CompletionsCommand {
    /// The shell.
    shell: Shell,
}

impl CompletionsCommand {
    pub(super) fn execute(self, mut command: Command, output: &mut Output) -> Result<(), Stop> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "shiftstorm", &mut script);
        output.bytes(&script);
        Ok(())
    }
}

/// Print the JSON Schema of scenario files, or of what reports hold.
#[derive(Args)]
pub(super) struct SchemaCommand {
    /// Of which file.
    #[arg(default_value = "scenario")]
    of: SchemaOf,
}

/// A file with a schema.
#[derive(Clone, Copy, ValueEnum)]
enum SchemaOf {
    /// A scenario.
    Scenario,
    /// The summary.json of a report.
    Summary,
    /// What `check --json` prints.
    Check,
}

impl SchemaCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        let schema = match self.of {
            SchemaOf::Scenario => scenario::schema(),
            SchemaOf::Summary => report::schema::summary(),
            SchemaOf::Check => report::schema::check(),
        };
        output.text(&format!("{schema:#}\n"));
        Ok(())
    }
}

/// One page: the command and all its subcommands.
pub(super) fn man(command: Command, output: &mut Output) -> Result<(), Stop> {
    let page = manual_page(command)
        .map_err(|error| Stop::new(Exit::Bug, format!("cannot make the manual page: {error}")))?;
    output.bytes(&page);
    Ok(())
}

fn manual_page(mut command: Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    command.build();
    Man::new(command.clone()).render(&mut page)?;
    for subcommand in command.get_subcommands().filter(|found| found.get_name() != "help") {
        let man = Man::new(subcommand.clone());
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    Ok(page)
}
