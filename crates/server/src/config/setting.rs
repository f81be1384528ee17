//! What is known of a setting before anybody sets it.

/// One setting. The flags, the template, the dump and the help are all made from this.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The variable, as in the environment.
    pub(crate) name: &'static str,
    pub(crate) section: &'static str,
    /// What stands for the value in the help.
    pub(crate) value_name: &'static str,
    pub(crate) default: DefaultValue,
    pub(crate) secrecy: Secrecy,
    pub(crate) empty: Empty,
    /// Full sentences, without a line break.
    pub(crate) help: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DefaultValue {
    /// This text, as if somebody had set it.
    Text(&'static str),
    /// Known only when the program runs: said in words, with an example of what may be set.
    Computed { words: &'static str, example: &'static str },
}

/// How much of a value may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrecy {
    Public,
    /// A URL that may hold a password: the rest of it may be shown.
    Url,
    Secret,
}

/// What an empty value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empty {
    /// The same as no value: many tools cannot leave a variable out.
    Unset,
    /// A value of its own.
    Value,
}

impl Setting {
    /// The long flag, without its dashes.
    pub(crate) fn flag(&self) -> String {
        self.name.to_ascii_lowercase().replace('_', "-")
    }
}

impl DefaultValue {
    /// The default in the help.
    pub(crate) const fn words(&self) -> &'static str {
        match self {
            Self::Text(words) | Self::Computed { words, .. } => words,
        }
    }

    /// A value to begin with in the template.
    pub(crate) const fn example(&self) -> &'static str {
        match self {
            Self::Text(example) | Self::Computed { example, .. } => example,
        }
    }
}
