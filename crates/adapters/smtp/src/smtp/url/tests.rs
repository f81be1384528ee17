use super::*;

fn parse(text: &str) -> SmtpUrl {
    SmtpUrl::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn a_url_says_how_to_reach_a_server() {
    for (text, server, encryption) in [
        ("smtps://mail.example.com", "mail.example.com:465", Encryption::Implicit),
        ("smtps://mail.example.com:2465/", "mail.example.com:2465", Encryption::Implicit),
        ("smtp://mail.example.com", "mail.example.com:587", Encryption::Required),
        ("smtp://mail.example.com:25?tls=none", "mail.example.com:25", Encryption::None),
        ("smtp://mail.example.com?tls=opportunistic", "mail.example.com:587", Encryption::Opportunistic),
        ("smtp://Mail.Przykład.PL?tls=required", "mail.xn--przykad-rjb.pl:587", Encryption::Required),
        ("smtp://10.0.0.1", "10.0.0.1:587", Encryption::Required),
        ("smtp://[2001:db8::1]:2525", "[2001:db8::1]:2525", Encryption::Required),
        ("smtp://localhost:1025", "localhost:1025", Encryption::None),
        ("smtp://127.0.0.1:1025", "127.0.0.1:1025", Encryption::None),
        ("smtp://[::1]:1025", "[::1]:1025", Encryption::None),
        ("smtp://localhost?tls=required", "localhost:587", Encryption::Required),
    ] {
        let url = parse(text);
        assert_eq!((url.server().as_str(), url.encryption()), (server, encryption), "{text}");
        assert_eq!(url.credentials(), None);
    }
}

#[test]
fn credentials_and_paths_are_percent_decoded() {
    let url = parse("smtps://ada%40example.com:p%3Aa%2Fs%25s@mail.example.com?ca=/etc/our%20ca.pem");
    assert_eq!(url.credentials(), Some(("ada@example.com", "p:a/s%s")));
    assert_eq!(url.authority(), Some(Path::new("/etc/our ca.pem")));
    // What stands between the last @ and the first colon is as clear without encoding.
    assert_eq!(parse("smtps://ada@example.com:a:b@c@host").credentials(), Some(("ada@example.com", "a:b@c")));
}

#[test]
fn credentials_do_not_go_unencrypted_over_a_network() {
    let fault = SmtpUrl::parse("smtp://ada:s3cret@mail.example.com?tls=none").unwrap_err();
    assert!(fault.to_string().contains("tls=none"), "{fault}");
    for text in ["smtp://ada:s3cret@localhost?tls=none", "smtp://ada:s3cret@127.0.0.1", "smtp://ada:s3cret@[::1]:25"] {
        assert_eq!(parse(text).credentials(), Some(("ada", "s3cret")));
    }
}

#[test]
fn what_is_no_url_of_a_mail_server_is_refused() {
    for text in [
        "",
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://:25",
        "smtp://host:0",
        "smtp://host:65536",
        "smtp://host:+25",
        "smtp://host:",
        "smtp://ho st",
        "smtp://host/path",
        "smtp://[::1",
        "smtp://[::1]x",
        "smtp://ada@host",
        "smtp://ada:@host",
        "smtp://:s3cret@host",
        "smtp://ada:%FF@host",
        "smtp://ada:%00@host",
        "smtp://host?tls=maybe",
        "smtp://host?tls",
        "smtp://host?tls=none&tls=required",
        "smtp://host?ca=",
        "smtp://host?starttls=true",
        "smtp://host?tls=none&ca=/ca.pem",
        "smtps://host?tls=none",
    ] {
        assert!(SmtpUrl::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_password_is_never_shown() {
    let url = parse("smtp://ada:s3cret@mail.example.com");
    assert!(!format!("{url:?}").contains("s3cret"), "{url:?}");
    for text in ["smtp://ada:s3cret@", "smtp://ada:s3cret@host:x", "smtp://ada:s3cret@host?x=y", "x://ada:s3cret@host"]
    {
        let fault = SmtpUrl::parse(text).unwrap_err();
        assert!(!format!("{fault} {fault:?}").contains("s3cret"), "{fault}");
    }
}
