use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::folding::fold;

fn owner() -> UserId {
    UserId::new(Uuid::from_u128(1))
}

fn terms(owner: UserId, name: &str, note_words: &str, phone_digits: &str) -> String {
    let mut terms = Terms::of(owner);
    terms.add_name(name);
    terms.add_notes(note_words);
    terms.add_phone(phone_digits);
    terms.joined()
}

/// What an index does.
fn holds(terms: &str, query: &TermQuery) -> bool {
    let is_held = |wanted: &Term| {
        terms.split(' ').any(|term| match wanted {
            Term::Beginning(beginning) => term.starts_with(beginning),
            Term::Whole(whole) => term == whole,
        })
    };
    query.conditions().iter().all(|any| any.iter().any(|all| all.iter().all(is_held)))
}

fn word(text: &str) -> TermQuery {
    let mut query = TermQuery::default();
    query.require_word(owner(), &SearchWord::new(text));
    query
}

#[test]
fn the_terms_of_a_contact_are_its_endings_its_near_forms_and_its_spellings() {
    let of = |text, notes, digits| terms(owner(), text, notes, digits).replace("baaa", "");
    assert_eq!(of(" ada", "", ""), "ta tada tda");
    assert_eq!(of(" anna", "", ""), "ta tanna tna tnna wana wann wanna wnna");
    assert_eq!(of("", " met at analytical", ""), "banalytic bat bmet");
    assert_eq!(of("", "", "161 044"), "n044 n1 n161 n4 n44 n61");
    assert_eq!(of("", "", "48225"), "n225 n25 n4822 n5 n8225");
    assert_eq!(of("", "", ""), "");
}

#[test]
fn an_address_is_found_by_its_parts_and_is_near_by_its_words() {
    let mut terms = Terms::of(owner());
    terms.add_email("a-b@exam.pl");
    assert_eq!(terms.joined().replace("baaa", ""), "ta tam tb texam tl tm tpl txam weam wexa wexam wexm wxam");
}

#[test]
fn owners_do_not_share_terms() {
    let other = UserId::new(Uuid::from_u128(2));
    assert!(holds(&terms(owner(), " ada", "", ""), &word("ada")));
    assert!(!holds(&terms(other, " ada", "", ""), &word("ada")));
}

#[test]
fn signs_alone_are_looked_for_without_an_index() {
    assert!(word("-").is_empty());
    assert!(word("+").is_empty());
    assert!(!word("+48").is_empty());
    assert!(!word("🎂").is_empty());
}

#[test]
fn a_long_part_is_looked_for_by_all_of_its_letters() {
    let whole = |gram: &str| Term::Whole(format!("baaat{gram}"));
    let of = |part: &str| in_text(owner(), part);
    assert_eq!(of("wisniewska"), [whole("wisn"), whole("iews"), whole("wska")]);
    assert_eq!(of("lovelace"), [whole("love"), whole("lace")]);
    assert_eq!(of("love"), [whole("love")]);
    assert_eq!(of("lov"), [Term::Beginning("baaatlov".into())]);
}

#[test]
fn a_number_is_looked_for_as_text_and_as_a_number() {
    assert!(holds(&terms(owner(), "", "", "225550310"), &word("555-03")));
    assert!(holds(&terms(owner(), " agent 555-03", "", ""), &word("555-03")));
    assert!(holds(&terms(owner(), "", " agent 555 03", ""), &word("555-03")));
    assert!(!holds(&terms(owner(), " agent 555", "", "22"), &word("555-03")));
}

#[test]
fn near_words_are_looked_for_beside_the_word_itself() {
    let mut query = TermQuery::default();
    query.require_near_word(owner(), &SearchWord::new("lovelcae"));
    assert!(holds(&terms(owner(), " lovelace", "", ""), &query));
    assert!(holds(&terms(owner(), " lovelcaely", "", ""), &query));
    assert!(!holds(&terms(owner(), " lovelaces", "", ""), &query));
    assert!(TermQuery::near(owner(), &SearchWord::new("ada")).is_empty());
}

proptest! {
    #[test]
    fn every_part_of_a_text_is_found_by_its_terms(text in "\\PC{0,24}", from in 0usize..24, to in 1usize..24) {
        let text = fold(&text);
        let part: String = text.chars().skip(from).take(to).collect();
        let terms = terms(owner(), &text, "", "");
        for part in part.split_whitespace() {
            prop_assert!(holds(&terms, &word(part)));
            let mut query = TermQuery::default();
            query.require_part(owner(), part);
            prop_assert!(holds(&terms, &query));
        }
    }

    #[test]
    fn terms_are_letters_and_digits_with_one_space_between(text in any::<String>()) {
        let text = fold(&text);
        let notes = words(&text).collect::<Vec<_>>().join(" ");
        let terms = terms(owner(), &text, &notes, "");
        for term in terms.split(' ').filter(|_| !terms.is_empty()) {
            prop_assert!(!term.is_empty());
            prop_assert!(term.chars().all(|c| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit()), "{term:?}");
        }
    }

    #[test]
    fn every_run_of_digits_of_a_spelling_is_found(digits in "[0-9]{1,15}", from in 0usize..15, to in 1usize..15) {
        let part: String = digits.chars().skip(from).take(to).collect();
        prop_assume!(!part.is_empty());
        prop_assert!(holds(&terms(owner(), "", "", &digits), &word(&part)));
    }
}
