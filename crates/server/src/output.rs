//! The only place that writes to the outputs of the process.

use std::io::{self, ErrorKind, Write};

/// Writes to the standard output, and sees that it gets there.
pub(crate) fn print(text: &str) -> io::Result<()> {
    write(io::stdout().lock(), text)
}

/// Writes to the standard error. If that fails there is nobody left to tell.
pub(crate) fn complain(text: &str) {
    let _ = write(io::stderr().lock(), text);
}

fn write(mut out: impl Write, text: &str) -> io::Result<()> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // Whoever read has read enough, as in `contacts openapi | head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_no_error_and_a_full_disk_is() {
        assert!(write(Failing(ErrorKind::BrokenPipe), "text").is_ok());
        assert_eq!(write(Failing(ErrorKind::StorageFull), "text").unwrap_err().kind(), ErrorKind::StorageFull);
        let mut written = Vec::new();
        write(&mut written, "text").unwrap();
        assert_eq!(written, b"text");
    }
}
