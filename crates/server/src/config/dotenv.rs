//! Reads a `.env` file, without touching the environment of the process.

use std::{
    cell::Cell,
    collections::HashMap,
    io::{self, Read},
    rc::Rc,
};

use super::fault::Fault;

/// The variables of the file, and each line that cannot be read. Where a name stands twice, the last
/// one counts, as in a shell.
pub(crate) fn parse(content: &[u8]) -> (HashMap<String, String>, Vec<Fault>) {
    let (mut variables, mut faults) = (HashMap::new(), Vec::new());
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    // A last line without its end would be a fault if a blank stood there.
    let content = [content, b"\n"].concat();
    let served = Rc::new(Cell::new(0));
    for item in dotenvy::Iter::new(LineByLine { rest: &content, served: Rc::clone(&served) }) {
        match item {
            Ok((name, value)) => {
                variables.insert(name, value);
            }
            // The text of the line stays out of the message: it may be a secret.
            Err(dotenvy::Error::LineParse(text, _)) => {
                let line = served.get() + 1 - text.lines().count().clamp(1, served.get().max(1));
                faults.push(Fault::new(format!(
                    ".env, line {line}: this is not NAME=value; a value with blanks, quotes, # or $ goes in single quotes."
                )));
            }
            Err(_) => faults.push(Fault::new(format!(".env, line {}: this is not UTF-8 text.", served.get()))),
        }
    }
    (variables, faults)
}

/// Hands out one line a call, so that whoever reads has never read ahead, and the number of the line
/// is known.
struct LineByLine<'a> {
    rest: &'a [u8],
    served: Rc<Cell<usize>>,
}

impl Read for LineByLine<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let line = self.rest.iter().position(|byte| *byte == b'\n').map_or(self.rest.len(), |end| end + 1);
        let length = line.min(buffer.len());
        let (served, rest) = self.rest.split_at(length);
        buffer[..length].copy_from_slice(served);
        self.rest = rest;
        if served.ends_with(b"\n") {
            self.served.set(self.served.get() + 1);
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(content: &[u8]) -> Vec<String> {
        parse(content).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn variables_are_read() {
        let content = "\u{feff}# a comment\nA=1\n\nexport B='two words # $HOME'\nC=\"x\ny\"\nD=\nA=3 # last";
        let (variables, faults) = parse(content.as_bytes());
        assert_eq!(faults, []);
        for (name, value) in [("A", "3"), ("B", "two words # $HOME"), ("C", "x\ny"), ("D", "")] {
            assert_eq!(variables.get(name).map(String::as_str), Some(value), "{name}");
        }
    }

    #[test]
    fn every_malformed_line_is_named_and_none_is_shown() {
        let found = faults(b"A=1\n# fine\nsw0rdfish\nB=x y z\nC=3\nD='open\nand open\n");
        let lines: Vec<_> = found.iter().map(|fault| fault.split(':').next().unwrap()).collect();
        assert_eq!(lines, [".env, line 3", ".env, line 4", ".env, line 6"]);
        assert!(!found.concat().contains("sw0rdfish"));
    }

    #[test]
    fn a_blank_at_the_very_end_is_no_fault() {
        assert_eq!(parse(b"A=1 ").0.get("A").map(String::as_str), Some("1"));
        assert!(faults(b"A=1 ").is_empty());
    }

    #[test]
    fn what_is_not_text_is_a_fault() {
        assert_eq!(faults(b"A=1\nB=\xff\xfe\nC=2\n"), [".env, line 2: this is not UTF-8 text."]);
    }

    #[test]
    fn a_line_longer_than_any_buffer_is_one_line() {
        let content = format!("A={}\noops\n", "x".repeat(20_000));
        assert!(faults(content.as_bytes())[0].starts_with(".env, line 2:"));
    }
}
