//! Who is called by their name.

use contacts_domain::person_name::PersonName;

use super::*;

#[tokio::test]
async fn a_name_goes_to_the_verified_address_of_its_owner_alone() {
    let name = PersonName::parse("Ada").unwrap();
    let (user, own, other) = (ada().id, ada().email, another_address());
    let requested = |address, new_address| MailSubject::EmailChangeRequested { user, address, new_address };
    for (subject, goes_to_owner) in [
        (reset(), true),
        (MailSubject::PasswordChanged { user }, true),
        (requested(own.clone(), other.clone()), true),
        (requested(other.clone(), own.clone()), false),
        (MailSubject::EmailChanged { user, address: other, new_address: own }, false),
        (confirm(), false),
        (verify(), false),
    ] {
        for email_verified in [false, true] {
            let works = match &subject {
                // There is nothing to verify any more.
                MailSubject::VerifyEmail { .. } if email_verified => continue,
                MailSubject::PasswordChanged { .. } if !email_verified => continue,
                MailSubject::VerifyEmail { address } => Some((LinkPurpose::VerifyEmail, address.clone())),
                MailSubject::ResetPassword { address } => Some((LinkPurpose::ResetPassword, address.clone())),
                MailSubject::ConfirmNewEmail { new_address, .. } => {
                    Some((LinkPurpose::ConfirmNewEmail, new_address.clone()))
                }
                _ => None,
            };
            let found = Some(User { name: Some(name.clone()), email_verified, ..ada() });
            let store = match works {
                Some((purpose, to)) => store(found, [makes(purpose, to, NO_LINKS)]),
                None => store(found, []),
            };
            let mail = prepare(&store, subject.clone()).await.unwrap().unwrap();
            let expected = (goes_to_owner && email_verified).then(|| name.clone());
            assert_eq!(mail.name, expected, "{subject:?}, verified: {email_verified}");
        }
    }
}
