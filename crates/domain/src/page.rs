//! Pages: how much at once, and where the next one begins.

use crate::{
    cursor::Position,
    validation::{Violation, ViolationCode},
};

/// How many items a page holds: 1 to 200, 50 where nothing is said. More than 200 is 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimit(u16);

impl PageLimit {
    /// A client that wants more asks for the next page.
    pub const MAX: u16 = 200;
    /// Where the client names no limit.
    pub const DEFAULT: u16 = 50;

    /// Digits alone: neither a sign nor white space. More than [`MAX`](Self::MAX) is no fault.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`](ViolationCode::OutOfRange) for 0 and for every other text.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // More digits than fit are a large number, and so the largest page.
        let number = digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX)).filter(|number| *number > 0);
        let number = number.ok_or_else(|| {
            Violation::new(ViolationCode::OutOfRange, "A limit is a whole number from 1 to 200; more counts as 200.")
        })?;
        Ok(Self(u16::try_from(number).unwrap_or(Self::MAX).min(Self::MAX)))
    }

    /// 1 to [`MAX`](Self::MAX).
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl Default for PageLimit {
    fn default() -> Self {
        Self(Self::DEFAULT)
    }
}

/// What a repository answers: some items in order, and the position of the last of them where more
/// follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice<T> {
    /// At most as many as were asked for.
    pub items: Vec<T>,
    /// `None` on the last page. Where more follow it is never left out.
    pub next: Option<Position>,
}

/// What a client gets: some items in order, and the cursor of the next page where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// In the order of the list.
    pub items: Vec<T>,
    /// `None` on the last page.
    pub next_cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_positive_whole_numbers() {
        let limit = |text| PageLimit::parse(text).map(PageLimit::get).map_err(|violation| violation.code());
        assert_eq!(limit("1"), Ok(1));
        assert_eq!(limit("200"), Ok(200));
        assert_eq!(limit("201"), Ok(200));
        assert_eq!(limit("99999999999999999999999"), Ok(200));
        for text in ["0", "000", "-1", "+1", "1.5", "ten", "", " 1"] {
            assert_eq!(limit(text), Err(ViolationCode::OutOfRange), "{text:?}");
        }
    }
}
