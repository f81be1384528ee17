//! Encryption and credentials.

use contacts_contract::servers::smtp::{ServerTls, SmtpOptions, SmtpServer};
use contacts_domain::ports::Mailer;
use contacts_smtp::{SmtpMailer, SmtpUrl};

use crate::mails::{assert_temporary, mail, mailer, sender, server};

#[tokio::test]
async fn mails_go_encrypted_where_that_is_asked_for() {
    for tls in [ServerTls::StartTls, ServerTls::Implicit] {
        let (server, mailer) = server(SmtpOptions { tls, ..SmtpOptions::default() });
        mailer.send(&mail()).await.unwrap();
        let [taken] = server.messages().try_into().unwrap();
        assert!(taken.encrypted);
        assert_eq!(taken.sender, "no-reply@example.org");
    }
}

#[tokio::test]
async fn where_tls_is_required_a_server_without_it_gets_no_mail() {
    let credentials = Some(("contacts".into(), "s3cret".into()));
    let server = SmtpServer::start(SmtpOptions { credentials, ..SmtpOptions::default() });
    let url = server.url().replace("tls=none", "tls=required");
    assert_temporary(mailer(&url).send(&mail()).await);
    assert_eq!(server.messages(), []);
}

#[tokio::test]
async fn opportunistic_tls_is_used_where_it_is_offered() {
    let encrypting = SmtpServer::start(SmtpOptions { tls: ServerTls::StartTls, ..SmtpOptions::default() });
    let url = encrypting.url().replace("tls=required", "tls=opportunistic");
    mailer(&url).send(&mail()).await.unwrap();
    assert!(encrypting.messages()[0].encrypted);

    let plain = SmtpServer::start(SmtpOptions::default());
    let url = plain.url().replace("tls=none", "tls=opportunistic");
    mailer(&url).send(&mail()).await.unwrap();
    assert!(!plain.messages()[0].encrypted);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    for (tls, text) in
        [(ServerTls::StartTls, "tls=required"), (ServerTls::StartTls, "tls=opportunistic"), (ServerTls::Implicit, "")]
    {
        let server = SmtpServer::start(SmtpOptions { tls, ..SmtpOptions::default() });
        let url = server.url();
        let without_authority = format!("{}?{text}", url.split('?').next().unwrap());
        assert_temporary(mailer(&without_authority).send(&mail()).await);
        assert_eq!(server.messages(), []);
    }
}

#[tokio::test]
async fn a_certificate_of_another_server_is_not_trusted() {
    for tls in [ServerTls::StartTls, ServerTls::Implicit] {
        let certificate_names = vec!["mail.example.com".into()];
        let (server, mailer) = server(SmtpOptions { tls, certificate_names, ..SmtpOptions::default() });
        assert_temporary(mailer.send(&mail()).await);
        assert_eq!(server.messages(), []);
    }
}

#[tokio::test]
async fn credentials_arrive_by_whatever_the_server_offers() {
    for tls in [ServerTls::None, ServerTls::StartTls, ServerTls::Implicit] {
        for mechanisms in ["PLAIN", "LOGIN", "LOGIN PLAIN"] {
            let options = SmtpOptions { tls, credentials: credentials(), mechanisms, ..SmtpOptions::default() };
            let (server, mailer) = server(options);
            mailer.send(&mail()).await.unwrap();
            assert_eq!(server.messages()[0].credentials, credentials());
        }
    }
}

fn credentials() -> Option<(String, String)> {
    Some(("ada@example.com".into(), "żółw: p@ss/%?&".into()))
}

#[tokio::test]
async fn wrong_or_missing_credentials_are_for_an_operator_to_mend() {
    let server = SmtpServer::start(SmtpOptions { credentials: credentials(), ..SmtpOptions::default() });
    let address = server.address();
    for login in ["", "ada:wrong@"] {
        assert_temporary(mailer(&format!("smtp://{login}{address}")).send(&mail()).await);
    }
    assert_eq!(server.messages(), []);
}

#[tokio::test]
async fn a_server_that_takes_no_login_gets_no_mail_where_there_are_credentials() {
    let server = SmtpServer::start(SmtpOptions::default());
    assert_temporary(mailer(&format!("smtp://ada:s3cret@{}", server.address())).send(&mail()).await);
    assert_eq!(server.messages(), []);
}

#[tokio::test]
async fn an_authority_that_cannot_be_read_is_a_fault_of_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let (missing, empty) = (folder.path().join("missing.pem"), folder.path().join("empty.pem"));
    let nonsense = folder.path().join("nonsense.pem");
    std::fs::write(&empty, "").unwrap();
    std::fs::write(&nonsense, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    for path in [missing, empty, nonsense] {
        let url = SmtpUrl::parse(&format!("smtps://ada:s3cret@mail.example.com?ca={}", path.display())).unwrap();
        let fault = SmtpMailer::new(&url, sender()).unwrap_err().to_string();
        assert!(fault.contains(".pem") && !fault.contains("s3cret"), "{fault}");
    }
}
