//! Which contacts a client asks for, in which order, from where on.

use crate::{
    cursor::{self, CursorScope, KeyKind, Position},
    folding::fold,
    ids::UserId,
    labels::LabelKey,
    page::PageLimit,
    phone::is_dialled,
    search::{Closeness, SearchWord, TermQuery},
    sort::{ContactOrder, Sort},
    validation::{ValidationErrors, Violation, ViolationCode},
};

/// Which contacts: all conditions must hold. Texts are folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactFilter {
    /// A part of the first name; the same goes for the next two.
    pub first_name: Option<String>,
    /// A part of the last name.
    pub last_name: Option<String>,
    /// A part of the e-mail address, on either side of the `@`.
    pub email: Option<String>,
    /// Every word must be found: in a name, the e-mail, a label or the phone, or at the beginning of a word of the
    /// notes.
    pub words: Vec<SearchWord>,
    /// How well each of the words must be found.
    pub closeness: Closeness,
    /// One of the contact's labels.
    pub label: Option<LabelKey>,
}

impl ContactFilter {
    /// Which of the owner's contacts an index leaves to be looked at; all that match are among them.
    pub fn terms(&self, owner: UserId) -> TermQuery {
        let mut query = TermQuery::default();
        for part in [&self.first_name, &self.last_name, &self.email].into_iter().flatten() {
            query.require_part(owner, part);
        }
        for word in &self.words {
            match self.closeness {
                Closeness::Exact => query.require_word(owner, word),
                Closeness::Near => query.require_near_word(owner, word),
            }
        }
        query
    }

    /// The same search for words that are near. `None` where there are no near words.
    fn nearly(&self) -> Option<Self> {
        let may_find_more =
            self.closeness == Closeness::Exact && self.words.iter().any(|word| !word.near_forms().is_empty());
        may_find_more.then(|| Self { closeness: Closeness::Near, ..self.clone() })
    }
}

/// A list of contacts, ready for a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactQuery {
    /// Which contacts are counted in.
    pub filter: ContactFilter,
    /// Total, for ties are broken by id: a page begins where the one before ended.
    pub order: ContactOrder,
    /// From behind the contact in this place; from the first one where there is none.
    pub after: Option<Position>,
    /// Of this page, not of the whole list.
    pub limit: PageLimit,
}

impl ContactQuery {
    /// What is asked for instead, where nothing was found: words that are near, from the beginning. `None` where that
    /// would find no more. `scope` is that of this query.
    pub fn nearly(&self, scope: &CursorScope) -> Option<(Self, CursorScope)> {
        let filter = self.filter.nearly().filter(|_| self.after.is_none())?;
        Some((Self { filter, ..self.clone() }, near(scope)))
    }
}

/// The scope of the cursors of a search for near words: they go on with it, though there may be an exact match by then.
fn near(scope: &CursorScope) -> CursorScope {
    scope.clone().with("near")
}

/// The parameters of a list as a client sends them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactListRequest {
    /// A part of it, as it is typed: folding is done here. Up to [`MAX_FILTER_LENGTH`] characters, as the next four.
    pub first_name: Option<String>,
    /// A part of the last name.
    pub last_name: Option<String>,
    /// A part of the e-mail address.
    pub email: Option<String>,
    /// Up to [`MAX_WORDS`] words, with white space between them.
    pub q: Option<String>,
    /// One label as a whole, in any spelling. White space alone asks for nothing.
    pub label: Option<String>,
    /// As [`Sort::parse`] reads it. Where nothing is sent: best matches first if there are words, else by name.
    pub sort: Option<String>,
    /// As [`PageLimit`] reads it.
    pub limit: Option<String>,
    /// The `next_cursor` of the page before, with the same filters and sort.
    pub cursor: Option<String>,
    /// What was already wrong when the request was read.
    pub errors: ValidationErrors,
}

/// The longest text to search for, in characters.
pub const MAX_FILTER_LENGTH: usize = 256;
/// The most words of one search.
pub const MAX_WORDS: usize = 16;

impl ContactListRequest {
    /// The query and the scope that its cursors belong to, or everything that is wrong.
    pub fn validate(self, owner: UserId) -> Result<(ContactQuery, CursorScope), ValidationErrors> {
        let Self { first_name, last_name, email, q, label, sort, limit, cursor, mut errors } = self;
        let mut scope = CursorScope::new("contacts")
            .with(&owner.to_string())
            .with_option(first_name.as_deref())
            .with_option(last_name.as_deref())
            .with_option(email.as_deref())
            .with_option(q.as_deref())
            .with_option(label.as_deref())
            .with_option(sort.as_deref());
        let mut filter = ContactFilter {
            first_name: errors.parse("first_name", first_name, needle),
            last_name: errors.parse("last_name", last_name, needle),
            email: errors.parse("email", email, needle),
            words: errors.parse("q", q, words).unwrap_or_default(),
            closeness: Closeness::Exact,
            // Nothing was asked for where nothing was sent; of what no label can be there is nothing.
            label: errors
                .parse("label", label.filter(|text| !text.trim().is_empty()), needle)
                .map(|folded| LabelKey::of(&folded)),
        };
        let sort = errors.parse("sort", sort, |text| Sort::parse(&text));
        let order = match sort {
            Some(sort) => ContactOrder::By(sort),
            None if filter.words.is_empty() => ContactOrder::By(Sort::default()),
            None => ContactOrder::Relevance,
        };
        let limit = errors.parse("limit", limit, |text| PageLimit::parse(&text)).unwrap_or_default();
        let kinds: Vec<KeyKind> = order.keys().iter().map(|(key, _)| key.kind()).collect();
        let after = errors.parse("cursor", cursor, |text| {
            cursor::decode(scope.clone(), &kinds, &text).or_else(|invalid| {
                let nearly = filter.nearly().ok_or(invalid)?;
                let after = cursor::decode(near(&scope), &kinds, &text)?;
                (filter, scope) = (nearly, near(&scope));
                Ok(after)
            })
        });
        errors.into_result((ContactQuery { filter, order, after, limit }, scope))
    }
}

fn needle(text: String) -> Result<String, Violation> {
    if text.chars().count() > MAX_FILTER_LENGTH {
        return Err(Violation::new(ViolationCode::TooLong, format!("At most {MAX_FILTER_LENGTH} characters.")));
    }
    Ok(fold(&text))
}

fn words(text: String) -> Result<Vec<SearchWord>, Violation> {
    let folded = needle(text)?;
    let mut words: Vec<&str> = folded.split_whitespace().collect();
    // Marks that stand alone, as in `22 555 - 13`, say nothing where another word does; nor does the
    // `x` in front of an extension.
    let is_number = folded.chars().all(|c| is_dialled(c) || c.is_whitespace());
    let says_something = |word: &&str| match is_number {
        true => word.contains(|c: char| c.is_ascii_digit()),
        false => word.contains(char::is_alphanumeric),
    };
    if words.iter().any(says_something) {
        words.retain(says_something);
    }
    if words.len() > MAX_WORDS {
        return Err(Violation::new(ViolationCode::TooMany, format!("At most {MAX_WORDS} words.")));
    }
    Ok(words.into_iter().map(SearchWord::new).collect())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{cursor::KeyValue, sort::SortKey};

    fn owner() -> UserId {
        UserId::new(Uuid::from_u128(1))
    }

    #[test]
    fn words_are_folded_and_may_be_digits() {
        let request = ContactListRequest { q: Some("  Łódź  +48-22 x12".into()), ..Default::default() };
        let (query, _) = request.validate(owner()).unwrap();
        let words: Vec<_> = query.filter.words.iter().map(|word| (word.text(), word.digits())).collect();
        assert_eq!(words, [("lodz", None), ("+48-22", Some("4822")), ("x12", Some("12"))]);
        assert_eq!(query.order, ContactOrder::Relevance);
    }

    #[test]
    fn marks_that_stand_alone_say_nothing() {
        let words = |q: &str| -> Vec<String> {
            let request = ContactListRequest { q: Some(q.into()), ..Default::default() };
            let (query, _) = request.validate(owner()).unwrap();
            query.filter.words.iter().map(|word| word.text().to_owned()).collect()
        };
        assert_eq!(words("+ 48 22 555 - 13"), ["48", "22", "555", "13"]);
        assert_eq!(words("123-456 x 7"), ["123-456", "7"]);
        assert_eq!(words("x factor 7 &"), ["x", "factor", "7"]);
        assert_eq!(words("x"), ["x"]);
        assert_eq!(words("- +"), ["-", "+"]);
    }

    #[test]
    fn a_search_for_nothing_is_no_search() {
        let request = ContactListRequest { q: Some("  ".into()), ..Default::default() };
        assert_eq!(request.validate(owner()).unwrap().0.order, ContactOrder::By(Sort::default()));
    }

    #[test]
    fn where_nothing_is_found_words_are_sought_that_are_near() {
        let request = ContactListRequest { q: Some("Skłodowska-Cure 22-13 ada".into()), ..Default::default() };
        let (query, scope) = request.validate(owner()).unwrap();
        let (nearly, _) = query.nearly(&scope).unwrap();
        assert_eq!(nearly.filter.words, query.filter.words);
        assert_eq!(nearly.filter.closeness, Closeness::Near);
        assert_eq!(nearly.nearly(&scope).map(|_| ()), None, "there is nothing beyond near");
        for q in [None, Some("ada"), Some("0048225550310"), Some("countess@exampel.com"), Some("p_ain")] {
            let request = ContactListRequest { q: q.map(Into::into), ..Default::default() };
            let (query, scope) = request.validate(owner()).unwrap();
            assert_eq!(query.nearly(&scope).map(|_| ()), None, "{q:?}");
        }
    }

    #[test]
    fn a_cursor_goes_on_with_the_search_that_it_comes_from() {
        let list = |cursor| ContactListRequest {
            q: Some("lovelcae".into()),
            sort: Some("first_name".into()),
            cursor,
            ..Default::default()
        };
        let (query, scope) = list(None).validate(owner()).unwrap();
        let (_, near) = query.nearly(&scope).unwrap();
        let position = Position {
            keys: query.order.keys().iter().map(|_| KeyValue::Text("ada".into())).collect(),
            id: crate::ids::ContactId::new(Uuid::from_u128(2)),
        };
        for (scope, closeness) in [(scope, Closeness::Exact), (near, Closeness::Near)] {
            let cursor = cursor::encode(scope.clone(), &position);
            let (resumed, again) = list(Some(cursor.clone())).validate(owner()).unwrap();
            assert_eq!(resumed.filter.closeness, closeness);
            assert_eq!(resumed.after.as_ref(), Some(&position));
            assert_eq!(cursor::encode(again.clone(), &position), cursor);
            assert!(resumed.nearly(&again).is_none(), "a page behind another one does not begin anew");
        }
    }

    #[test]
    fn a_label_that_nobody_can_have_is_asked_for_all_the_same() {
        let label = |text: &str| {
            let request = ContactListRequest { label: Some(text.into()), ..Default::default() };
            request.validate(owner()).unwrap().0.filter.label
        };
        for (text, key) in
            [("Łódź", "lodz"), (" Chess ", "chess"), ("\u{b4}90s", "90s"), ("\u{b4}", ""), ("\u{301}", "")]
        {
            assert_eq!(label(text), Some(LabelKey::of(key)), "{text:?}");
        }
        assert_eq!([label(""), label("  ")], [None, None]);
    }

    #[test]
    fn every_fault_is_reported() {
        let request = ContactListRequest {
            first_name: Some("x".repeat(257)),
            q: Some("a ".repeat(17)),
            sort: Some("shoe_size".into()),
            limit: Some("-1".into()),
            cursor: Some("!".into()),
            ..Default::default()
        };
        let errors = request.validate(owner()).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field()).collect();
        assert_eq!(fields, ["first_name", "q", "sort", "limit", "cursor"]);
    }

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let list = |q: Option<&str>, cursor| ContactListRequest { q: q.map(Into::into), cursor, ..Default::default() };
        let (query, scope) = list(Some("ada"), None).validate(owner()).unwrap();
        let keys = query.order.keys();
        assert_eq!(keys[0].0, SortKey::Relevance);
        let position = Position {
            keys: vec![KeyValue::Integer(1), KeyValue::Text("lovelace".into()), KeyValue::Text("ada".into())],
            id: crate::ids::ContactId::new(Uuid::from_u128(2)),
        };
        let cursor = cursor::encode(scope, &position);
        let again = list(Some("ada"), Some(cursor.clone())).validate(owner()).unwrap().0;
        assert_eq!(again.after, Some(position));
        assert!(list(Some("grace"), Some(cursor.clone())).validate(owner()).is_err());
        assert!(list(Some("ada"), Some(cursor)).validate(UserId::new(Uuid::from_u128(9))).is_err());
    }
}
