//! A mail that a server has taken, and what its reader would see.

use mail_parser::{HeaderForm, HeaderName, HeaderValue, Message, MessageParser, PartType};

/// A mail that a server has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Whom MAIL named, without the brackets.
    pub sender: String,
    /// What MAIL said besides, such as `SMTPUTF8`.
    pub parameters: Vec<String>,
    /// Whom RCPT named, without the brackets.
    pub recipients: Vec<String>,
    /// The message as it was before its lines were stuffed with dots (RFC 5321 section 4.5.2).
    pub data: Vec<u8>,
    /// Whether it came over TLS.
    pub encrypted: bool,
    /// The user and the password of the login before it.
    pub credentials: Option<(String, String)>,
}

impl Received {
    /// The first header of this name as one text, with its encoded words decoded (RFC 2047).
    pub fn header(&self, name: &str) -> Option<String> {
        header(&self.message(), name)
    }

    /// The plain text. Panics where the mail has none.
    pub fn text(&self) -> String {
        text(&self.message()).expect("a mail with plain text")
    }

    /// The HTML. Panics where the mail has none.
    pub fn html(&self) -> String {
        let message = self.message();
        let html = message.parts.iter().find_map(|part| match &part.body {
            PartType::Html(html) => Some(html.to_string()),
            _ => None,
        });
        html.expect("a mail with HTML")
    }

    /// The first link in the plain text that carries a token.
    pub fn link(&self) -> Option<String> {
        link(&text(&self.message())?)
    }

    fn message(&self) -> Message<'_> {
        MessageParser::default().parse(&self.data).expect("a message")
    }
}

fn header(message: &Message<'_>, name: &str) -> Option<String> {
    let values = message.header_as(HeaderName::parse(name)?, HeaderForm::Text);
    values.first().and_then(HeaderValue::as_text).map(str::to_owned)
}

fn text(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.to_string()),
        _ => None,
    })
}

fn link(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let is_link = |word: &&str| word.starts_with("http://") || word.starts_with("https://");
    words.find(|word| is_link(word) && word.contains("?token=")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received() -> Received {
        let raw = "Message-ID: <1@example.org>\r\n\
                   subject: =?utf-8?B?xbvDs8WCdw==?=\r\n\
                   To: =?utf-8?Q?=C5=BB=C3=B3=C5=82w?= <a@example.com>\r\n\
                   MIME-Version: 1.0\r\n\
                   Content-Type: multipart/alternative; boundary=x\r\n\r\n\
                   --x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
                   See https://example.org/ or\r\nhttps://example.org/verify?token=3Da=\r\nb.c =C5=BC\r\n\
                   --x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
                   PGI+xbw8L2I+\r\n--x--\r\n";
        Received {
            sender: String::new(),
            parameters: vec![],
            recipients: vec![],
            data: raw.into(),
            encrypted: false,
            credentials: None,
        }
    }

    #[test]
    fn a_mail_is_read_decoded() {
        let mail = received();
        assert_eq!(mail.header("Subject").as_deref(), Some("Żółw"));
        assert_eq!(mail.header("To").as_deref(), Some("Żółw <a@example.com>"));
        assert_eq!(mail.header("Message-ID").as_deref(), Some("<1@example.org>"));
        assert_eq!(mail.header("Bcc"), None);
        assert!(mail.text().contains("b.c ż"), "{}", mail.text());
        assert_eq!(mail.html(), "<b>ż</b>");
    }

    #[test]
    fn the_link_is_the_first_one_with_a_token() {
        assert_eq!(received().link().as_deref(), Some("https://example.org/verify?token=ab.c"));
        assert_eq!(link("see https://example.org/ and ftp://example.org/?token=a"), None);
    }
}
