//! A JSON document without duplicate keys and of bounded depth.

use std::{cell::Cell, collections::BTreeMap, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// How deep arrays and objects may be nested.
pub(crate) const MAX_DEPTH: usize = 32;
/// How many values a document may hold: many times what the largest batch needs, and few enough that a body of
/// 32 MiB does not become gigabytes in memory.
pub(crate) const MAX_VALUES: usize = 200_000;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number,
    Text(String),
    Array(Vec<Tree>),
    Object(BTreeMap<String, Tree>),
}

/// Reads a document. The error says where it breaks, never what it holds.
pub(crate) fn parse(bytes: &[u8]) -> Result<Tree, String> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let left = Cell::new(MAX_VALUES);
    let tree = Seed { depth: 0, left: &left }.deserialize(&mut deserializer).map_err(describe)?;
    deserializer.end().map_err(describe)?;
    Ok(tree)
}

fn describe(error: serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Eof => format!("The body ends too early ({place})."),
        // Only this reader's own messages are data errors; they hold no data.
        serde_json::error::Category::Data => format!("{error}."),
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
            format!("The body is not JSON ({place}).")
        }
    }
}

impl Tree {
    /// Whether NUL, which no database stores, is anywhere in it.
    pub(crate) fn holds_nul(&self) -> bool {
        match self {
            Self::Null | Self::Bool(_) | Self::Number => false,
            Self::Text(text) => text.contains('\0'),
            Self::Array(items) => items.iter().any(Self::holds_nul),
            Self::Object(members) => members.iter().any(|(name, member)| name.contains('\0') || member.holds_nul()),
        }
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    depth: usize,
    /// How many values may still come.
    left: &'a Cell<usize>,
}

impl Seed<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom("The body is nested more than 32 levels deep"));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| D::Error::custom("The body holds too many values"))?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
        Ok(Tree::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Tree, E> {
        Ok(Tree::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Tree, E> {
        Ok(Tree::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let seed = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(seed)? {
            items.push(item);
        }
        Ok(Tree::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let seed = self.deeper()?;
        let mut members = BTreeMap::new();
        while let Some(key) = access.next_key::<String>()? {
            let member = access.next_value_seed(seed)?;
            if members.insert(key, member).is_some() {
                return Err(A::Error::custom("The body repeats a key"));
            }
        }
        Ok(Tree::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sound_documents_are_read() {
        let tree = parse(br#"{"a": [1, -2.5, true, null, "\u00e9\ud83d\ude00"]}"#).unwrap();
        let items = vec![Tree::Number, Tree::Number, Tree::Bool(true), Tree::Null, Tree::Text("é😀".into())];
        assert_eq!(tree, Tree::Object(BTreeMap::from([("a".into(), Tree::Array(items))])));
    }

    #[test]
    fn unsound_documents_are_refused() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for body in [
            &b""[..],
            b"{",
            b"{} {}",
            b"{'a': 1}",
            b"\xef\xbb\xbf{}",
            b"{\"a\": \"\xff\"}",
            br#"{"a": 1, "a": 1}"#,
            br#"{"a": {"b": 1, "b": 2}}"#,
            br#"{"a": "\ud800"}"#,
            br#"{"a": "\udc00\ud800"}"#,
            br#"{"a": 1e999}"#,
            b"{\"a\": \"\x00\"}",
            deep.as_bytes(),
        ] {
            assert!(parse(body).is_err(), "{:?}", String::from_utf8_lossy(&body[..body.len().min(40)]));
        }
    }

    #[test]
    fn nesting_is_allowed_to_a_depth_of_32() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(32).as_bytes()).is_ok());
        assert!(parse(nested(33).as_bytes()).is_err());
    }

    #[test]
    fn a_refusal_says_nothing_of_what_was_sent() {
        let message = parse(br#"{"password": hunter2}"#).unwrap_err();
        assert!(!message.contains("hunter2"), "{message}");
    }

    #[test]
    fn there_are_at_most_200_000_values() {
        let array = |items: usize| format!("[{}0]", "0,".repeat(items - 1));
        assert!(parse(array(MAX_VALUES - 1).as_bytes()).is_ok());
        assert!(parse(array(MAX_VALUES).as_bytes()).is_err());
    }

    #[test]
    fn nul_is_found_wherever_it_is() {
        let holds_nul = |body: &str| parse(body.as_bytes()).unwrap().holds_nul();
        for body in [r#""\u0000""#, r#"[{"c/d": "x\u0000"}]"#, r#"{"\u0000": 1}"#] {
            assert!(holds_nul(body), "{body}");
        }
        assert!(!holds_nul(r#"{"a": ["fine", 1, true, null]}"#));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes);
        }
    }
}
