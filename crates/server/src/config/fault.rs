//! What is wrong with the configuration.

use std::fmt;

/// One fault, in a sentence that names the variable and says what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault(String);

impl Fault {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everything that is wrong, so that it can be put right in one go.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", list(.0))]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

fn list(faults: &[Fault]) -> String {
    let title = match faults.len() {
        1 => "The configuration has a fault:".to_owned(),
        count => format!("The configuration has {count} faults:"),
    };
    faults.iter().fold(title, |text, fault| format!("{text}\n  - {fault}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_a_line() {
        assert_eq!(Faults(vec![Fault::new("A.")]).to_string(), "The configuration has a fault:\n  - A.");
        let two = Faults(vec![Fault::new("A."), Fault::new("B.")]);
        assert_eq!(two.to_string(), "The configuration has 2 faults:\n  - A.\n  - B.");
    }
}
