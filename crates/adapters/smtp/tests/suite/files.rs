//! Mails in a folder.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{Arc, Mutex},
};

use contacts_domain::{
    email_address::EmailAddress,
    mail::{Letter, Mail},
    ports::Mailer,
};
use contacts_smtp::FileMailer;
use tracing_subscriber::fmt::MakeWriter;

use crate::mails::{LINK, assert_refused, assert_temporary, mail, sender};

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn the_same_mail_is_one_file_and_nothing_else_is_left() {
    let guard = tempfile::tempdir().unwrap();
    let folder = guard.path().join("data").join("mail");
    let mailer = FileMailer::new(folder.clone(), sender(), false);
    let mail = mail();
    mailer.send(&mail).await.unwrap();
    let written = fs::read(folder.join(format!("{}.eml", mail.id))).unwrap();
    mailer.send(&mail).await.unwrap();
    assert_eq!(names(&folder), [format!("{}.eml", mail.id)]);
    assert_eq!(fs::read(folder.join(format!("{}.eml", mail.id))).unwrap(), written);
}

#[tokio::test]
async fn folder_and_files_are_for_their_owner_alone() {
    let guard = tempfile::tempdir().unwrap();
    let folder = guard.path().join("mail");
    let mail = mail();
    FileMailer::new(folder.clone(), sender(), false).send(&mail).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join(format!("{}.eml", mail.id))), 0o600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_mail_sent_by_many_at_once_is_one_whole_file() {
    let guard = tempfile::tempdir().unwrap();
    let mailer = Arc::new(FileMailer::new(guard.path().to_owned(), sender(), false));
    let mail = mail();
    let sendings: Vec<_> = (0..16)
        .map(|_| {
            let (mailer, mail) = (mailer.clone(), mail.clone());
            tokio::spawn(async move { mailer.send(&mail).await })
        })
        .collect();
    for sending in sendings {
        sending.await.unwrap().unwrap();
    }
    assert_eq!(names(guard.path()), [format!("{}.eml", mail.id)]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_is_a_temporary_fault() {
    let guard = tempfile::tempdir().unwrap();
    let file = guard.path().join("file");
    fs::write(&file, "").unwrap();
    assert_temporary(FileMailer::new(file.join("mail"), sender(), false).send(&mail()).await);
}

#[tokio::test]
async fn an_address_that_is_none_is_refused() {
    let guard = tempfile::tempdir().unwrap();
    let to = EmailAddress::from_stored("ada@example.com\r\nBcc: eve@example.com".into());
    assert_refused(FileMailer::new(guard.path().to_owned(), sender(), false).send(&Mail { to, ..mail() }).await);
    assert!(names(guard.path()).is_empty());
}

#[tokio::test]
async fn links_are_logged_where_that_is_wanted_and_nowhere_else() {
    let guard = tempfile::tempdir().unwrap();
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _logging = tracing::subscriber::set_default(subscriber);

    let mail = mail();
    FileMailer::new(guard.path().to_owned(), sender(), false).send(&mail).await.unwrap();
    let quiet = log.take();
    assert!(quiet.contains("a mail was written"), "{quiet}");
    assert!(!quiet.contains("s3cr3t") && !quiet.contains(mail.to.as_str()), "{quiet}");

    let talkative = FileMailer::new(guard.path().to_owned(), sender(), true);
    talkative.send(&mail).await.unwrap();
    let logged = log.take();
    for part in [LINK, mail.to.as_str(), &format!("{}.eml", mail.id), "INFO", "a mail was written"] {
        assert!(logged.contains(part), "{part} is not in {logged}");
    }

    talkative.send(&Mail { letter: Letter::PasswordChanged, ..mail }).await.unwrap();
    assert!(log.take().contains("a mail was written"));
}

/// What was logged, in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
