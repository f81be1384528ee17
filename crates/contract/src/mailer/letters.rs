//! What a letter says.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::collections::HashSet;

use contacts_domain::{
    email_address::EmailAddress,
    mail::{Letter, Mail},
    person_name::PersonName,
};

use super::{
    Post,
    steps::{NEW_ADDRESS, URL, all_mails, link, mail},
};

pub async fn every_letter_arrives_in_both_languages(post: Post) {
    for mail in all_mails() {
        let opened = post.deliver(&mail).await;
        assert_eq!(opened.to, [(None, mail.to.as_str().to_owned())]);
        if let Some(recipients) = &opened.recipients {
            assert_eq!(recipients, &[mail.to.as_str()]);
        }
        assert_eq!(opened.header("content-language"), Some(mail.language.tag()));
        assert!(opened.html.contains(&format!("lang=\"{}\"", mail.language.tag())), "{}", opened.html);
        for text in [&opened.subject, &opened.text, &opened.html] {
            assert!(!text.trim().is_empty(), "{opened:?}");
        }
    }
}

pub async fn letters_and_languages_differ(post: Post) {
    let (mut subjects, mut texts) = (HashSet::new(), HashSet::new());
    for mail in all_mails() {
        let opened = post.deliver(&mail).await;
        subjects.insert(opened.subject);
        texts.insert(opened.text);
    }
    assert_eq!((subjects.len(), texts.len()), (all_mails().len(), all_mails().len()));
}

pub async fn a_link_stands_in_both_parts_and_says_how_long_it_works(post: Post) {
    let mut links = 0;
    for mail in all_mails() {
        let is_linked = match mail.letter {
            Letter::VerifyEmail(_) | Letter::ResetPassword(_) | Letter::ConfirmNewEmail(_) => true,
            Letter::EmailChangeRequested { .. } | Letter::EmailChanged { .. } | Letter::PasswordChanged => false,
        };
        let opened = post.deliver(&mail).await;
        assert_eq!(opened.text.lines().any(|line| line == URL), is_linked, "{}", opened.text);
        assert_eq!(opened.shown.contains(URL), is_linked, "{}", opened.shown);
        assert_eq!(opened.html.contains("<a href=\"https://contacts.example/"), is_linked, "{}", opened.html);
        assert_eq!(opened.text.contains("24"), is_linked, "{}", opened.text);
        links += usize::from(is_linked);
    }
    assert_eq!(links, 6);
}

pub async fn a_new_address_stands_in_both_parts(post: Post) {
    let new_address = EmailAddress::parse(NEW_ADDRESS).expect("an address");
    for letter in [
        Letter::EmailChangeRequested { new_address: new_address.clone() },
        Letter::EmailChanged { new_address: new_address.clone() },
    ] {
        let opened = post.deliver(&mail(letter)).await;
        assert!(opened.text.contains(NEW_ADDRESS), "{}", opened.text);
        assert!(opened.shown.contains(NEW_ADDRESS), "{}", opened.shown);
    }
}

pub async fn a_name_with_markup_is_text(post: Post) {
    let name = "<b>Ada</b> & <a href=\"https://x.example\">co</a>";
    let mail = Mail { name: Some(PersonName::parse(name).expect("a name")), ..mail(Letter::VerifyEmail(link())) };
    let opened = post.deliver(&mail).await;
    assert!(opened.text.contains(name), "{}", opened.text);
    assert!(opened.shown.contains(name), "{}", opened.shown);
    assert!(!opened.html.contains("<b>") && !opened.html.contains("href=\"https://x.example"), "{}", opened.html);
}
