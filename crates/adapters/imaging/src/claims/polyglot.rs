//! Polyglots: pictures that are another document as well. What is stored is encoded anew and holds nothing of them;
//! but whoever sends one means no picture.

use contacts_domain::ports::PipelineError;

/// Browsers and interpreters find these wherever they are, in any case.
const PAGES: [&[u8]; 4] = [b"<script", b"<?php", b"<!doctype html", b"<html"];
/// Readers of PDF accept its header within so many bytes (ISO 32000-1, implementation note 13).
const PDF_HEADER_WITHIN: usize = 1024;
/// A ZIP ends with a record of 22 bytes and a comment of at most 65,535 (APPNOTE.TXT, section 4.3.16).
const ZIP_END_WITHIN: usize = 22 + 65_535;

/// `behind` is what follows the end of the picture, without what its format allows there.
pub(super) fn check(bytes: &[u8], behind: &[u8]) -> Result<(), PipelineError> {
    let head = &bytes[..bytes.len().min(PDF_HEADER_WITHIN)];
    let tail = &bytes[bytes.len().saturating_sub(ZIP_END_WITHIN)..];
    // Some programs fill up the last block of a file.
    let is_filled = behind.iter().all(|byte| *byte == 0);
    if is_filled && !holds_page(bytes) && !holds(head, b"%PDF-") && !holds(tail, b"PK\x05\x06") {
        Ok(())
    } else {
        Err(PipelineError::Unsupported)
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn holds_page(bytes: &[u8]) -> bool {
    let tags = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'<').map(|(at, _)| &bytes[at..]);
    // The name of a tag ends there: a longer text is less likely to be found in pixels by chance.
    let ends = |text: &[u8]| text.first().is_none_or(|byte| byte.is_ascii_whitespace() || b"/>".contains(byte));
    let begins = |text: &[u8], page: &[u8]| {
        text.split_at_checked(page.len()).is_some_and(|(text, rest)| text.eq_ignore_ascii_case(page) && ends(rest))
    };
    tags.into_iter().any(|text| PAGES.iter().any(|page| begins(text, page)))
}

/// What cameras put behind a JPEG: more pictures (CIPA DC-007, depth and gain maps), the film of a motion photo, and
/// the trailer of one maker.
pub(super) fn without_what_cameras_append(behind: &[u8]) -> &[u8] {
    let begin = behind.iter().position(|byte| *byte != 0).unwrap_or(behind.len());
    let content = &behind[begin..];
    let is_picture = content.starts_with(&[0xFF, 0xD8, 0xFF]);
    // Behind the length of its first box, which begins with noughts.
    let is_film = content.windows(4).take(5).any(|part| part == b"ftyp");
    let is_trailer = content.ends_with(b"SEFT");
    if is_picture || is_film || is_trailer { &[] } else { behind }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_accepted(bytes: &[u8]) -> bool {
        check(bytes, b"").is_ok()
    }

    #[test]
    fn documents_are_found_where_their_readers_find_them() {
        let far = [b'.'; 2000];
        for page in [b"<script>".as_slice(), b"<SCRIPT src", b"<?PHP echo", b"<!DOCTYPE HTML>", b"<html lang"] {
            assert!(!is_accepted(&[&far, page, &far].concat()), "{}", page.escape_ascii());
        }
        assert!(!is_accepted(b"..%PDF-1.7"));
        assert!(is_accepted(&[&far, b"%PDF-1.7".as_slice()].concat()));
        let comment = vec![b'.'; ZIP_END_WITHIN];
        assert!(!is_accepted(&[b"PK\x05\x06".as_slice(), &comment[4..]].concat()));
        assert!(is_accepted(&[b"PK\x05\x06".as_slice(), &comment].concat()));
    }

    #[test]
    fn what_describes_a_picture_is_no_document() {
        for text in [
            b"<?xpacket begin='' ?><x:xmpmeta>".as_slice(),
            b"a < b, <htm",
            b"<htmlx",
            b"http://ns.adobe.com/xap/1.0/",
            b"",
        ] {
            assert!(is_accepted(text), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn nothing_but_filling_follows_the_end() {
        assert!(check(b"", &[0; 9]).is_ok());
        assert!(check(b"", b"more").is_err());
        for appended in [b"\xFF\xD8\xFF\xE1".as_slice(), b"\0\0\xFF\xD8\xFF\xE1", b"\0\0\0\x18ftypmp42", b"data SEFT"] {
            assert_eq!(without_what_cameras_append(appended), b"", "{}", appended.escape_ascii());
        }
        assert_eq!(without_what_cameras_append(b"more"), b"more");
    }
}
