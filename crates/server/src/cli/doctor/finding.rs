use serde_json::json;

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const RESET: &str = "\u{1b}[0m";

/// Width of the names of what is checked.
const LABEL: usize = 14;

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    what: &'static str,
    pub(super) verdict: Verdict,
    sentence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Well,
    Wrong,
}

impl Finding {
    pub(super) fn well(what: &'static str, sentence: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Well, sentence: sentence.into() }
    }

    pub(super) fn wrong(what: &'static str, sentence: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Wrong, sentence: sentence.into() }
    }

    pub(super) fn as_line(&self, colour: bool) -> String {
        let (word, code) = match self.verdict {
            Verdict::Well => ("ok", GREEN),
            Verdict::Wrong => ("wrong", RED),
        };
        let word = if colour { format!("{code}{word:5}{RESET}") } else { format!("{word:5}") };
        format!("{word} {:LABEL$} {}\n", self.what, self.sentence.trim_end())
    }

    pub(super) fn as_json(&self) -> String {
        let finding =
            json!({"check": self.what, "ok": self.verdict == Verdict::Well, "detail": self.sentence.trim_end()});
        format!("{finding}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_a_line_and_the_same_in_json() {
        let well = Finding::well("redis", "It answers.");
        assert_eq!(well.as_line(false), "ok    redis          It answers.\n");
        assert_eq!(well.as_json(), "{\"check\":\"redis\",\"detail\":\"It answers.\",\"ok\":true}\n");
        let wrong = Finding::wrong("redis", "Nobody answers.\n");
        assert_eq!(wrong.as_line(false), "wrong redis          Nobody answers.\n");
        assert!(wrong.as_line(true).starts_with("\u{1b}[31mwrong\u{1b}[0m "));
    }
}
