use std::fmt::Write;

use super::cell;
use crate::config::{Secrecy, table::SETTINGS};

const HEAD: &str = "# Configuration

Nothing needs to be set. A flag beats the environment, which beats a file `.env` in the current folder, which beats the
default; the flag of `BIND_ADDRESS` is `--bind-address`, and so on. `contacts config check` reports every fault at once,
`contacts config dump` shows what is in force and where it came from, `contacts config example` prints the file
[.env.example](../../.env.example). This page is made from the code by `make reference`.

What is marked *secret* is never shown and never logged: give it by the environment or the file, for a flag can be seen by
other users of the machine.
";

pub(super) fn page() -> String {
    let mut page = HEAD.to_owned();
    let mut section = "";
    for setting in SETTINGS {
        if setting.section != section {
            section = setting.section;
            // Writing to a text cannot fail.
            let _ = write!(page, "\n## {section}\n\n| setting | value | default | meaning |\n|---|---|---|---|\n");
        }
        let secret = match setting.secrecy {
            Secrecy::Public => "",
            Secrecy::Url | Secrecy::Secret => ", *secret*",
        };
        let _ = writeln!(
            page,
            "| `{}` | {}{secret} | {} | {} |",
            setting.name,
            cell(setting.value_name),
            cell(setting.default.words()),
            cell(setting.help)
        );
    }
    page
}
