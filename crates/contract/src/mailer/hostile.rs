//! Texts that try to be more than a text: what was stored once may hold anything.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    email_address::EmailAddress,
    mail::{Letter, Mail, MailedLink},
    person_name::PersonName,
};

use super::{
    Post,
    steps::{Opened, link, mail},
};

/// Whom no mail may ever reach.
const VICTIM: &str = "victim@example.net";

pub async fn a_hostile_name_adds_no_header_and_no_recipient(post: Post) {
    let usual = post.deliver(&mail(Letter::VerifyEmail(link()))).await;
    for name in [
        "Ada\r\nBcc: victim@example.net",
        "Ada\nBcc: victim@example.net",
        "Ada\rBcc: victim@example.net",
        "\r\n\r\nvictim@example.net",
        "Ada\u{0}\u{b}\u{c}\u{1b}\u{7f}\u{85}\u{2028}victim@example.net",
        "victim@example.net,",
        "\" <victim@example.net>, \"",
        "<victim@example.net>",
        "Ada\\",
        "(",
        "=?utf-8?q?=0D=0ABcc:_victim=40example.net?=",
        "Zoë\r\nBcc: victim@example.net",
        "\r\n",
        "",
    ] {
        let name = Some(PersonName::from_stored(name.into()));
        let mail = Mail { name, ..mail(Letter::VerifyEmail(link())) };
        if let Some(opened) = post.offer(&mail).await {
            assert_unharmed(&opened, &usual, &mail);
        }
    }
}

pub async fn a_hostile_address_adds_no_header_and_no_recipient(post: Post) {
    let usual = post.deliver(&mail(Letter::VerifyEmail(link()))).await;
    for address in [
        "",
        "ada",
        "@",
        "ada@example.com\r\nBcc: victim@example.net",
        "ada\r\nBcc: victim@example.net",
        "ada\nbcc:victim@example.net",
        "ada@example.com>\r\nRCPT TO:<victim@example.net",
        "ada@example.com> <victim@example.net",
        "ada@example.com, victim@example.net",
        "ada@example.com,victim@example.net",
        "ada@example.com\u{0}@example.net",
        "\"ada\r\n\"@example.com",
        "Ada <victim@example.net>",
        "ada@exa mple.com",
        "żółw@example.com",
        "ada@[example.net]",
    ] {
        let to = EmailAddress::from_stored(address.into());
        let mail = Mail { to, ..mail(Letter::VerifyEmail(link())) };
        if let Some(opened) = post.offer(&mail).await {
            assert_unharmed(&opened, &usual, &mail);
        }
    }
}

pub async fn a_hostile_link_adds_no_header_and_no_recipient(post: Post) {
    let usual = post.deliver(&mail(Letter::VerifyEmail(link()))).await;
    for url in [
        "https://contacts.example/\r\n.\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<victim@example.net>\r\nDATA\r\nx",
        "https://contacts.example/\n.\nRCPT TO:<victim@example.net>",
        ".\r\n.",
        "\r\n..\r\n...",
        "\"><script>alert(1)</script>",
    ] {
        let letter = Letter::VerifyEmail(MailedLink { url: url.into(), ..link() });
        let mail = mail(letter);
        if let Some(opened) = post.offer(&mail).await {
            assert_unharmed(&opened, &usual, &mail);
            assert!(!opened.html.contains("<script>"), "{}", opened.html);
            let text = opened.text.replace('\n', "\r\n").replace("\r\r", "\r");
            let url = url.replace('\n', "\r\n").replace("\r\r", "\r");
            assert!(text.contains(&url), "{text:?} lacks {url:?}");
        }
    }
}

/// The same headers as in any mail, and one recipient, who is the one that was meant.
fn assert_unharmed(opened: &Opened, usual: &Opened, mail: &Mail) {
    assert_eq!(opened.header_names(), usual.header_names());
    let [(_, to)] = opened.to.as_slice() else { panic!("one recipient: {:?}", opened.to) };
    assert_eq!(to, mail.to.as_str());
    if let Some(recipients) = &opened.recipients {
        assert_eq!(recipients, &[mail.to.as_str()]);
    }
    assert_ne!(to, VICTIM);
}
