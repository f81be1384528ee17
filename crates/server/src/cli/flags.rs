//! The flag of each setting.

use clap::Arg;

use crate::config::{Secrecy, Setting};

/// The flags of these settings, in groups.
pub(super) fn flags<'a>(settings: &'a [&'static Setting]) -> impl Iterator<Item = Arg> + 'a {
    settings.iter().map(|setting| flag(setting))
}

fn flag(setting: &'static Setting) -> Arg {
    // What stands in a command line can be read by everybody on the machine; the help says so where
    // it matters. The parser is not told about variables and defaults: the layers know better.
    let warning = match setting.secrecy {
        Secrecy::Public => "",
        Secrecy::Url | Secrecy::Secret => {
            " A flag can be seen by other users of the machine: prefer the variable for secrets."
        }
    };
    let (help, name, default) = (setting.help, setting.name, setting.default.words());
    Arg::new(setting.name)
        .long(setting.flag())
        .value_name(setting.value_name)
        .help(format!("{help}{warning} [env: {name}] [default: {default}]"))
        .help_heading(setting.section)
}
