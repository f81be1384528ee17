//! Reading an archive, with distrust: it may be cut off, damaged, or something else.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    archive::{End, Header, Line, Table, VERSION, hexadecimal},
    error::Damage,
};

/// No row is as long: the longest value is the answer to a batch of 500 contacts. What is longer would fill the memory.
const LONGEST_LINE: u64 = 256 * 1024 * 1024;

/// An archive that is being read.
pub(super) struct ArchiveReader<R: Read> {
    lines: BufReader<GzDecoder<R>>,
    digest: Sha256,
    tables: Vec<(String, u64)>,
    columns: usize,
}

/// What comes next.
pub(super) enum Part {
    Table(Table),
    Row(String),
    /// The archive is complete and undamaged.
    End,
}

impl<R: Read> ArchiveReader<R> {
    /// Reads the first line.
    pub(super) fn open(source: R) -> Result<(Header, Self), Damage> {
        let lines = BufReader::new(GzDecoder::new(source));
        let mut archive = Self { lines, digest: Sha256::new(), tables: Vec::new(), columns: 0 };
        let line = archive.line().map_err(|damage| match damage {
            Damage::Damaged(_) => Damage::Foreign,
            other => other,
        })?;
        archive.note(&line);
        // A later version may say other things of itself.
        let Ok(First { archive: Versioned { version } }) = serde_json::from_str(&line) else {
            return Err(Damage::Foreign);
        };
        if version > VERSION {
            return Err(Damage::NewerFormat(version));
        }
        match serde_json::from_str(&line) {
            Ok(Line::Archive(header)) => Ok((header, archive)),
            _ => Err(Damage::Foreign),
        }
    }

    pub(super) fn next(&mut self) -> Result<Part, Damage> {
        let line = self.line()?;
        let part = if line.starts_with('[') { self.row(line)? } else { self.other(line)? };
        if matches!(part, Part::End) && self.lines.read(&mut [0]).map_err(damage)? > 0 {
            // The decoder compares its checksum where there is nothing more to read.
            return Err(Damage::Damaged("something follows its end".to_owned()));
        }
        Ok(part)
    }

    /// How many rows each table has: all of them once the end was seen.
    pub(super) fn tables(&self) -> &[(String, u64)] {
        &self.tables
    }

    /// Whether the rest of the archive is as it was written.
    pub(super) fn verify(&mut self) -> Result<(), Damage> {
        while !matches!(self.next()?, Part::End) {}
        Ok(())
    }

    fn row(&mut self, line: String) -> Result<Part, Damage> {
        let is_row = matches!(serde_json::from_str(&line), Ok(Value::Array(values)) if values.len() == self.columns);
        let Some((_, rows)) = self.tables.last_mut().filter(|_| is_row) else {
            return Err(Damage::Damaged("a row is not one of its table".to_owned()));
        };
        *rows += 1;
        self.note(&line);
        Ok(Part::Row(line))
    }

    fn other(&mut self, line: String) -> Result<Part, Damage> {
        match serde_json::from_str(&line) {
            Ok(Line::Table(table)) => {
                self.note(&line);
                self.tables.push((table.name.clone(), 0));
                self.columns = table.columns.len();
                Ok(Part::Table(table))
            }
            Ok(Line::End(End { tables, sha256 })) => {
                if tables != self.tables || sha256 != hexadecimal(&self.digest.clone().finalize()) {
                    return Err(Damage::Damaged("what was read is not what was written".to_owned()));
                }
                Ok(Part::End)
            }
            Ok(Line::Archive(_)) | Err(_) => Err(Damage::Damaged("a line is none of an archive".to_owned())),
        }
    }

    fn note(&mut self, line: &str) {
        self.digest.update(line);
        self.digest.update("\n");
    }

    /// A line without its end.
    fn line(&mut self) -> Result<String, Damage> {
        let mut line = String::new();
        (&mut self.lines).take(LONGEST_LINE).read_line(&mut line).map_err(damage)?;
        match line.pop() {
            Some('\n') => Ok(line),
            None => Err(Damage::Incomplete),
            Some(_) if line.len() as u64 + 1 >= LONGEST_LINE => Err(Damage::Damaged("a line has no end".to_owned())),
            Some(_) => Err(Damage::Incomplete),
        }
    }
}

#[derive(Deserialize)]
struct First {
    archive: Versioned,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// What the decoder means.
fn damage(error: io::Error) -> Damage {
    match error.kind() {
        ErrorKind::UnexpectedEof => Damage::Incomplete,
        ErrorKind::InvalidInput | ErrorKind::InvalidData => Damage::Damaged(error.to_string()),
        _ => Damage::Read(error),
    }
}
