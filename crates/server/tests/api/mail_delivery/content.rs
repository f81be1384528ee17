//! Nobody adds anything to a mail, whatever they call themselves.

use contacts_contract::servers::smtp::Received;
use serde_json::json;

use super::{EMAIL, mail_server, sending_by};
use crate::harness::{App, Setup, on_both_databases};

on_both_databases!(a_name_that_breaks_the_line_is_refused, an_odd_name_adds_no_header_and_no_recipient);

async fn a_name_that_breaks_the_line_is_refused(app: App) {
    let user = app.register(EMAIL).await;
    for name in ["Ada\r\nBcc: eve@example.com", "Ada\nBcc: eve@example.com", "Ada\rBcc: eve@example.com", "Ada\u{85}B"]
    {
        let fault = [("/name", "control_character")];
        app.api().register("eve@example.com", json!({"name": name})).await.refused(&fault);
        user.patch("/users/me", json!({"name": name})).await.refused(&fault);
    }
    for email in ["ada\r\nBcc: eve@example.com", "ada@example.com\r\nBcc: eve@example.com"] {
        app.api().register(email, json!({})).await.expect(422);
    }
}

/// The names of the headers, in their order, each line of which must be one.
fn headers(mail: &Received) -> Vec<String> {
    let text = std::str::from_utf8(&mail.data).expect("a mail is ASCII, and so UTF-8");
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    assert!(!head.replace("\r\n", "").contains(['\r', '\n']), "{head}");
    let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    lines.map(|line| line.split_once(':').expect(line).0.to_owned()).collect()
}

async fn an_odd_name_adds_no_header_and_no_recipient(setup: Setup) {
    let smtp = mail_server();
    let app = sending_by(&smtp, setup).start();
    let long = "Ł".repeat(100);
    let names = [
        "Ada",
        "Ada\u{2028}Bcc: eve@example.com",
        "Bcc: eve@example.com",
        "\" <eve@example.com>, \"",
        "Ada <eve@example.com>, Eve",
        "=?utf-8?Q?Ada=0D=0ABcc:_eve@example.com?=",
        "Żółw 👩‍💻 \u{202e}adA",
        "'; DROP TABLE users; --",
        &long,
    ];
    for (number, name) in names.iter().enumerate() {
        let email = format!("ada{number}@example.com");
        app.api().register(&email, json!({"name": name})).await.expect(201);
        let mails = smtp.wait_for(number + 1).await;
        let mail = &mails[number];
        assert_eq!(mail.recipients, [email.as_str()], "{name}");
        assert_eq!(headers(mail), headers(&mails[0]), "{name}");
        let to = mail.header("To").unwrap();
        assert!(to.contains(&email), "{name} became {to}");
        assert_eq!(mail.header("Bcc"), None);
    }
}
