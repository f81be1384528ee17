//! Birthdays: who celebrates in a window, and in which order.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use chrono::{Days, NaiveDate};
use contacts_domain::{
    birthday::MonthDay,
    birthday_query::BirthdayQuery,
    birthday_window::{BirthdayWindow, LeapDayRule},
    contact::Contact,
    ids::UserId,
    page::PageLimit,
};

use super::{
    Store, reference,
    steps::{self, ids, insert, names, registered},
};
use crate::fixtures::{contact, crowd};

pub async fn both_ends_of_a_window_are_included(store: Store) {
    let owner = registered(&store).await.id;
    born(&store, owner, &["1990-11-21", "1990-11-22", "--11-25", "2026-11-29", "1815-11-30"]).await;
    for rule in LeapDayRule::ALL {
        let celebrating = async |days| names(&near(&store, owner, &window("2026-11-22", days, rule)).await);
        assert_eq!(celebrating(0).await, ["1990-11-22"]);
        assert_eq!(celebrating(7).await, ["1990-11-22", "--11-25", "2026-11-29"]);
        assert_eq!(celebrating(2).await, ["1990-11-22"]);
        assert_eq!(celebrating(8).await.last().unwrap(), "1815-11-30");
        assert_eq!(celebrating(364).await.last().unwrap(), "1990-11-21");
        assert_eq!(celebrating(363).await.last().unwrap(), "1815-11-30");
    }
}

pub async fn windows_around_the_leap_day_agree_with_the_reference(store: Store) {
    let owner = registered(&store).await.id;
    let dates = [
        "--02-27",
        "--02-28",
        "1999-02-28",
        "--02-29",
        "2000-02-29",
        "1896-02-29",
        "--03-01",
        "2001-03-01",
        "--03-02",
        "--01-31",
        "--12-31",
        "--01-01",
    ];
    let people = born(&store, owner, &dates).await;
    // A year before a leap year, a leap year, and a year divisible by four that is none.
    for year in [2023, 2024, 2100] {
        for from in days_from(year, 2, 26, 6) {
            for days in [0, 1, 2, 3, 364, 365, 366] {
                assert_window(&store, owner, &people, from, days).await;
            }
        }
    }
}

pub async fn windows_over_new_year_agree_with_the_reference(store: Store) {
    let owner = registered(&store).await.id;
    let dates = [
        "--12-29",
        "--12-30",
        "1999-12-31",
        "--12-31",
        "--01-01",
        "2000-01-01",
        "--01-02",
        "--01-03",
        "--02-29",
        "--06-15",
    ];
    let people = born(&store, owner, &dates).await;
    for year in [2026, 2027] {
        for from in days_from(year, 12, 29, 6) {
            for days in [0, 1, 2, 3, 5, 60, 366] {
                assert_window(&store, owner, &people, from, days).await;
            }
        }
    }
}

pub async fn windows_of_any_length_agree_with_the_reference(store: Store) {
    let owner = registered(&store).await.id;
    let people = crowd(owner);
    insert(&store, &people).await;
    // Steps that meet every month of a leap cycle, with lengths of every size.
    for step in 0..50_u16 {
        let from = date("2025-01-01") + Days::new(u64::from(step) * 29);
        assert_window(&store, owner, &people, from, (step * 67) % 367).await;
    }
    for from in ["0001-01-01", "1582-10-15", "9997-12-01"] {
        assert_window(&store, owner, &people, date(from), 366).await;
    }
}

pub async fn a_window_of_366_days_holds_each_contact_once(store: Store) {
    let owner = registered(&store).await.id;
    let days = date("2000-01-01").iter_days().take(366);
    let people: Vec<Contact> = days
        .map(|day| contact().first(&format!("{:04}", MonthDay::of(day).number())).birthday(&day.to_string()).of(owner))
        .collect();
    insert(&store, &people).await;
    for from in ["2026-11-22", "2027-03-01", "2028-02-29"] {
        for rule in LeapDayRule::ALL {
            let window = window(from, 366, rule);
            let collected = near(&store, owner, &window).await;
            assert_eq!(collected.len(), 366);
            assert_eq!(ids(&collected), ids(&reference::birthdays(&window, &people)), "from {from} {rule:?}");
        }
    }
}

pub async fn equal_days_sort_by_name_then_id(store: Store) {
    let owner = registered(&store).await.id;
    let person = |first: Option<&str>, last: Option<&str>, date: &str| {
        let person = contact().birthday(date);
        let person = first.map_or(person.clone(), |name| person.first(name));
        last.map_or(person.clone(), |name| person.last(name)).of(owner)
    };
    let mut people = vec![
        person(Some("Zoë"), Some("Adams"), "1990-12-10"),
        person(Some("ada"), Some("Łódź"), "2001-12-10"),
        person(Some("Ada"), Some("lodz"), "--12-10"),
        person(Some("Ada"), Some("lodz"), "1815-12-10"),
        person(Some("Bo"), Some("lodz"), "1815-12-10"),
        person(None, Some("Łódź"), "1815-12-10"),
        person(Some("Ada"), None, "1815-12-10"),
        person(Some("Ada"), None, "--12-11"),
    ];
    // The three who fold alike come by id.
    people[1..4].sort_by_key(|contact| contact.id);
    let expected = ids(&people);
    people.reverse();
    insert(&store, &people).await;
    let listed = near(&store, owner, &window("2026-12-05", 7, LeapDayRule::Feb28)).await;
    assert_eq!(ids(&listed), expected, "{:?}", names(&listed));
}

pub async fn a_leap_day_sorts_where_it_is_celebrated(store: Store) {
    let owner = registered(&store).await.id;
    let people = [("B", "--02-28"), ("A", "--02-29"), ("C", "--02-29"), ("B", "--03-01")];
    let people = people.map(|(last, date)| contact().first(date).last(last).birthday(date).of(owner));
    insert(&store, &people).await;
    let [b28, a29, c29, b1] = ["--02-28 B", "--02-29 A", "--02-29 C", "--03-01 B"];
    for (from, rule, expected) in [
        ("2027-02-25", LeapDayRule::Feb28, [a29, b28, c29, b1]),
        ("2027-02-25", LeapDayRule::Mar1, [b28, a29, b1, c29]),
        ("2028-02-25", LeapDayRule::Feb28, [b28, a29, c29, b1]),
        ("2028-02-25", LeapDayRule::Mar1, [b28, a29, c29, b1]),
        // The day has passed: what comes next is a year away.
        ("2027-03-01", LeapDayRule::Feb28, [b1, b28, a29, c29]),
        ("2027-03-01", LeapDayRule::Mar1, [a29, b1, c29, b28]),
        ("2028-03-01", LeapDayRule::Mar1, [b1, b28, a29, c29]),
        ("2028-02-29", LeapDayRule::Feb28, [a29, c29, b1, b28]),
    ] {
        let listed = near(&store, owner, &window(from, 366, rule)).await;
        assert_eq!(names(&listed), expected, "from {from} {rule:?}");
    }
}

pub async fn a_contact_without_a_birthday_has_none(store: Store) {
    let owner = registered(&store).await.id;
    insert(&store, &[contact().first("Ada").of(owner)]).await;
    assert_eq!(near(&store, owner, &window("2026-11-22", 366, LeapDayRule::Mar1)).await, []);
}

async fn assert_window(store: &Store, owner: UserId, people: &[Contact], from: NaiveDate, days: u16) {
    for rule in LeapDayRule::ALL {
        let window = BirthdayWindow::new(from, days, rule).unwrap();
        let listed = near(store, owner, &window).await;
        let expected = reference::birthdays(&window, people);
        assert_eq!(ids(&listed), ids(&expected), "{days} days from {from} {rule:?}: {:?}", names(&listed));
    }
}

/// Everybody who celebrates in the window.
async fn near(store: &Store, owner: UserId, window: &BirthdayWindow) -> Vec<Contact> {
    let mut query = BirthdayQuery { window: *window, after: None, limit: PageLimit::parse("200").unwrap() };
    let mut collected = Vec::new();
    loop {
        let slice = steps::birthdays(store, owner, &query).await;
        assert!(!slice.items.is_empty() || slice.next.is_none(), "an empty page has a next one");
        collected.extend(slice.items);
        query.after = slice.next;
        if query.after.is_none() {
            return collected;
        }
    }
}

/// Inserts one contact for each date, with the date for a name.
async fn born(store: &Store, owner: UserId, dates: &[&str]) -> Vec<Contact> {
    let people: Vec<Contact> = dates.iter().map(|date| contact().first(date).birthday(date).of(owner)).collect();
    insert(store, &people).await;
    people
}

fn window(from: &str, days: u16, rule: LeapDayRule) -> BirthdayWindow {
    BirthdayWindow::new(date(from), days, rule).unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days_from(year: i32, month: u32, day: u32, count: usize) -> impl Iterator<Item = NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).unwrap().iter_days().take(count)
}
