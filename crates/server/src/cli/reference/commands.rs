use std::fmt::Write;

use clap::Command;

const HEAD: &str = "# Commands

What `--help` of each command prints. Flags that are settings are left out: [configuration](configuration.md) has them all,
and each command takes those that it needs. This page is made from the code by `make reference`.
";

pub(super) fn page() -> String {
    let mut page = HEAD.to_owned();
    describe(&mut page, crate::cli::command(), "contacts");
    page
}

fn describe(page: &mut String, command: Command, path: &str) {
    let settings: Vec<_> = command
        .get_arguments()
        .filter(|argument| argument.get_help_heading().is_some())
        .map(|argument| argument.get_id().clone())
        .collect();
    // What settings say stands elsewhere.
    let plain =
        settings.iter().fold(command.clone(), |command, id| command.mut_arg(id, |argument| argument.hide(true)));
    let help = plain.bin_name(path).term_width(100).color(clap::ColorChoice::Never).render_long_help().to_string();
    let lines: Vec<_> = help.lines().map(str::trim_end).collect();
    // Writing to a text cannot fail.
    let _ = write!(page, "\n## {path}\n\n```text\n{}\n```\n", lines.join("\n").trim());
    for subcommand in command.get_subcommands() {
        describe(page, subcommand.clone(), &format!("{path} {}", subcommand.get_name()));
    }
}
