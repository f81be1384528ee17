//! Writing an archive, line by line.

use std::io::{self, Write};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use super::archive::{End, Header, Line, Table, hexadecimal};

/// An archive that is being written. Without its end it is worth nothing to a reader.
pub(super) struct ArchiveWriter<W: Write> {
    out: GzEncoder<W>,
    digest: Sha256,
    tables: Vec<(String, u64)>,
}

impl<W: Write> ArchiveWriter<W> {
    pub(super) fn begin(out: W, header: Header) -> io::Result<Self> {
        let out = GzEncoder::new(out, Compression::default());
        let mut archive = Self { out, digest: Sha256::new(), tables: Vec::new() };
        archive.put(&Line::Archive(header))?;
        Ok(archive)
    }

    /// The rows that follow are of this table.
    pub(super) fn table(&mut self, table: Table) -> io::Result<()> {
        self.tables.push((table.name.clone(), 0));
        self.put(&Line::Table(table))
    }

    /// Returns how many rows of the table there are by now.
    pub(super) fn row(&mut self, row: &str) -> io::Result<u64> {
        self.line(row)?;
        Ok(self.tables.last_mut().map_or(0, |(_, rows)| {
            *rows += 1;
            *rows
        }))
    }

    /// Returns what was written to, and how many rows each table has.
    pub(super) fn end(mut self) -> io::Result<(W, Vec<(String, u64)>)> {
        let sha256 = hexadecimal(&self.digest.clone().finalize());
        self.put(&Line::End(End { tables: self.tables.clone(), sha256 }))?;
        let mut out = self.out.finish()?;
        out.flush()?;
        Ok((out, self.tables))
    }

    fn put(&mut self, line: &Line) -> io::Result<()> {
        self.line(&serde_json::to_string(line)?)
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        for bytes in [text.as_bytes(), b"\n"] {
            self.digest.update(bytes);
            self.out.write_all(bytes)?;
        }
        Ok(())
    }
}
