//! Whose birthday is near.

use std::sync::Arc;

use contacts_domain::{
    birthday_query::BirthdayListRequest,
    birthday_window::{BirthdayWindow, Occurrence},
    contact::Contact,
    page::{Page, Slice},
    ports::{Clock, RepositoryError, RepositoryResult, UnitOfWorkFactory},
    time_zone::TimeZone,
    user::User,
};

use crate::Result;

/// A page of the birthdays in a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BirthdayPage {
    /// The days that were looked at, the same on every page.
    pub window: BirthdayWindow,
    /// Where the window's first day was today, unless the client named the day.
    pub time_zone: TimeZone,
    /// Sorted by the day of the celebration, then by name, then by id.
    pub page: Page<UpcomingBirthday>,
}

/// A contact, and when their birthday is next celebrated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpcomingBirthday {
    /// Has a birthday.
    pub contact: Contact,
    /// The first celebration within the window.
    pub occurrence: Occurrence,
}

/// Lists the contacts of a user whose birthday is near.
pub struct UpcomingBirthdays {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
}

impl UpcomingBirthdays {
    /// "Today" is where the user is, unless the request names a zone or a day.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::Error::Invalid) for everything that is wrong with the request;
    /// [`Unavailable`](crate::Error::Unavailable).
    pub async fn execute(&self, user: &User, request: BirthdayListRequest) -> Result<BirthdayPage> {
        let list = request.validate(user, self.clock.now())?;
        let window = list.query.window;
        let Slice { items, next } = self.store.read().contacts().birthdays(user.id, &list.query).await?;
        let items = items.into_iter().map(|contact| upcoming(&window, contact)).collect::<RepositoryResult<_>>()?;
        let next_cursor = next.map(|position| list.cursor(position));
        Ok(BirthdayPage { window, time_zone: list.time_zone, page: Page { items, next_cursor } })
    }
}

/// The repository chose the contact for its birthday, by the same rules as the window has.
fn upcoming(window: &BirthdayWindow, contact: Contact) -> RepositoryResult<UpcomingBirthday> {
    match contact.details.birthday.and_then(|birthday| window.occurrence(birthday)) {
        Some(occurrence) => Ok(UpcomingBirthday { contact, occurrence }),
        None => {
            Err(RepositoryError::Inconsistent(format!("contact {} was listed without a birthday near", contact.id)))
        }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        birthday::Birthday,
        birthday_window::LeapDayRule,
        cursor::{KeyValue, Position},
        validation::ViolationCode,
    };
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        Error,
        testing::{Ended, FakeStore, a_contact, ada, clock, fault, faults, now, unavailable},
    };

    fn born(birthday: &str) -> Contact {
        let mut contact = a_contact();
        contact.details.birthday = Birthday::parse(birthday).ok();
        contact
    }

    /// Where a page ends whose last item was born on the 25th of November.
    fn position() -> Position {
        let keys = vec![KeyValue::Integer(1125), KeyValue::Text("hopper".into()), KeyValue::Text("grace".into())];
        Position { keys, id: a_contact().id }
    }

    fn birthdays(store: &Arc<FakeStore>) -> UpcomingBirthdays {
        UpcomingBirthdays { store: store.clone(), clock: clock() }
    }

    #[tokio::test]
    async fn each_contact_is_told_with_its_next_birthday_from_today_where_the_user_is() {
        // It is the evening of the 22nd in UTC, and the next day already in Auckland.
        let zone = TimeZone::parse("Pacific/Auckland").unwrap();
        let user = User { time_zone: zone, leap_day_rule: LeapDayRule::Mar1, ..ada() };
        let query = BirthdayListRequest::default().validate(&user, now()).unwrap().query;
        let store = FakeStore::reading(|reads| {
            reads
                .contacts
                .expect_birthdays()
                .times(1)
                .with(eq(user.id), eq(query))
                .returning(|_, _| Ok(Slice { items: vec![born("1906-11-25"), born("--11-30")], next: None }));
        });
        let found = birthdays(&store).execute(&user, BirthdayListRequest::default()).await.unwrap();

        let window = BirthdayWindow::new("2026-11-23".parse().unwrap(), 7, LeapDayRule::Mar1).unwrap();
        let upcoming = |contact: Contact, date: &str, days_until, turning| {
            let occurrence = Occurrence { date: date.parse().unwrap(), days_until, turning };
            UpcomingBirthday { contact, occurrence }
        };
        let items = vec![
            upcoming(born("1906-11-25"), "2026-11-25", 2, Some(120)),
            upcoming(born("--11-30"), "2026-11-30", 7, None),
        ];
        let page = Page { items, next_cursor: None };
        assert_eq!(found, BirthdayPage { window, time_zone: zone, page });
        assert_eq!(store.ended(), Ended::NeverBegun);
    }

    #[tokio::test]
    async fn the_cursor_of_a_page_leads_to_the_next_one() {
        let store = FakeStore::reading(|reads| {
            reads
                .contacts
                .expect_birthdays()
                .times(1)
                .withf(|_, query| query.after.is_none())
                .returning(|_, _| Ok(Slice { items: vec![born("1906-11-25")], next: Some(position()) }));
            let resumed = reads.contacts.expect_birthdays().times(1).withf(|_, query| query.after == Some(position()));
            resumed.returning(|_, _| Ok(Slice { items: vec![born("1990-11-26")], next: None }));
        });
        let first = birthdays(&store).execute(&ada(), BirthdayListRequest::default()).await.unwrap();
        let cursor = first.page.next_cursor;
        assert!(cursor.is_some());

        let request = BirthdayListRequest { cursor, ..BirthdayListRequest::default() };
        let second = birthdays(&store).execute(&ada(), request).await.unwrap();
        assert_eq!(second.page.items.len(), 1);
        assert_eq!(second.page.next_cursor, None);
    }

    #[tokio::test]
    async fn the_database_is_not_asked_when_the_request_is_not_valid() {
        let request = BirthdayListRequest {
            days: Some("367".into()),
            tz: Some("Mars/Olympus".into()),
            ..BirthdayListRequest::default()
        };
        let result = birthdays(&FakeStore::untouched()).execute(&ada(), request).await;
        let expected = [fault("days", ViolationCode::OutOfRange), fault("tz", ViolationCode::InvalidTimeZone)];
        assert_eq!(faults(result), expected);
    }

    #[tokio::test]
    async fn a_contact_listed_without_a_birthday_near_is_an_internal_error() {
        let mut unborn = a_contact();
        unborn.details.birthday = None;
        for stray in [unborn, born("1906-12-09")] {
            let store = FakeStore::reading(|reads| {
                let items = vec![born("1906-11-25"), stray];
                reads.contacts.expect_birthdays().times(1).return_once(|_, _| Ok(Slice { items, next: None }));
            });
            let result = birthdays(&store).execute(&ada(), BirthdayListRequest::default()).await;
            assert!(matches!(result, Err(Error::Internal(_))));
        }
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        let store = FakeStore::reading(|reads| {
            reads.contacts.expect_birthdays().times(1).returning(|_, _| Err(unavailable()));
        });
        let result = birthdays(&store).execute(&ada(), BirthdayListRequest::default()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
