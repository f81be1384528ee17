//! The commented template of a `.env` file.

use std::borrow::Cow;

use super::{setting::DefaultValue, table::SETTINGS};

/// The widest line of a comment.
const WIDTH: usize = 100;

const INTRODUCTION: &str = "Settings of Contacts. Nothing needs to be set: each line below is a comment. Copy this file \
                            to .env and remove the # of what you change; a value with blanks, quotes, # or $ goes in \
                            single quotes. A flag beats the environment, the environment beats .env, .env beats the \
                            default. `contacts config check` looks for faults, `contacts config dump` shows which value \
                            counts and where it came from.";

/// The template, with every setting at its default.
pub(crate) fn template() -> String {
    let mut text = comment(INTRODUCTION);
    let mut section = "";
    for setting in SETTINGS {
        if setting.section != section {
            section = setting.section;
            text.push_str(&format!("\n# --- {section} ---\n"));
        }
        text.push('\n');
        text.push_str(&comment(setting.help));
        if let DefaultValue::Computed { words, .. } = setting.default {
            text.push_str(&comment(&format!("Default: {words}.")));
        }
        text.push_str(&format!("#{}={}\n", setting.name, quoted(setting.default.example())));
    }
    text
}

/// In single quotes, where a line of the file could not be read otherwise.
fn quoted(value: &str) -> Cow<'_, str> {
    if value.contains(|c: char| c.is_whitespace() || "\"#$\\".contains(c)) {
        Cow::Owned(format!("'{value}'"))
    } else {
        Cow::Borrowed(value)
    }
}

/// Wraps the text into lines that begin with `# `.
fn comment(text: &str) -> String {
    let (mut lines, mut line) = (String::new(), "#".to_owned());
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push_str(&line);
            lines.push('\n');
            line = "#".to_owned();
        }
        line.push(' ');
        line.push_str(word);
    }
    lines + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Layers, Terminals, dotenv};

    #[test]
    fn the_file_in_the_repository_is_the_template() {
        let file = include_str!("../../../../.env.example");
        assert_eq!(file, template(), "write it anew: cargo run -p contacts-server -- config example > .env.example");
    }

    #[test]
    fn it_sets_nothing_as_it_is() {
        let (variables, faults) = dotenv::parse(template().as_bytes());
        assert!(variables.is_empty() && faults.is_empty(), "{variables:?} {faults:?}");
    }

    #[test]
    fn every_line_of_it_can_be_used() {
        let used: String = template()
            .lines()
            .map(|line| {
                line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or_default().to_owned() + "\n"
            })
            .collect();
        let loaded = Config::load(&Layers::new([], Some(used.as_bytes())), Terminals::default());
        assert!(loaded.config.is_ok(), "{:?}", loaded.config.err());
        assert_eq!(used.lines().filter(|line| !line.is_empty()).count(), SETTINGS.len());
    }
}
