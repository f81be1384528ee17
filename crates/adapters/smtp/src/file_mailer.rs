//! Mails as files, where no server is set.

use std::{
    fs::DirBuilder,
    io::{self, Write},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use contacts_domain::{
    mail::Mail,
    ports::{Mailer, MailerError},
};

use crate::{letter, message::compose, sender::Sender};

/// Writes each mail into a folder as `<id of the mail>.eml`, which mail programs open. The same mail is
/// the same file, however often it is sent; a file is there whole or not at all. Folder and files are for
/// their owner alone: links in mails are secrets.
///
/// ```
/// use contacts_contract::fixtures::{at, unique_uuid};
/// use contacts_domain::{
///     email_address::EmailAddress,
///     ids::MailId,
///     language::Language,
///     mail::{Letter, Mail},
///     ports::Mailer,
/// };
/// use contacts_smtp::{FileMailer, Sender};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let mailer = FileMailer::new(folder.path().to_owned(), Sender::parse("no-reply@example.com")?, false);
/// let mail = Mail {
///     id: MailId::new(unique_uuid()),
///     to: EmailAddress::parse("ada@example.com")?,
///     name: None,
///     language: Language::English,
///     date: at(0),
///     letter: Letter::PasswordChanged,
/// };
/// mailer.send(&mail).await?;
///
/// let text = std::fs::read_to_string(folder.path().join(format!("{}.eml", mail.id)))?;
/// assert!(text.contains("To: ada@example.com\r\n"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct FileMailer {
    folder: PathBuf,
    sender: Sender,
    log_links: bool,
}

impl FileMailer {
    /// The folder is made when it is first needed. With `log_links` every link is logged, for development
    /// alone: whoever reads the log can use it.
    pub const fn new(folder: PathBuf, sender: Sender, log_links: bool) -> Self {
        Self { folder, sender, log_links }
    }
}

#[async_trait]
impl Mailer for FileMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailerError> {
        let message = compose(mail, &self.sender)?.formatted();
        let file = self.folder.join(format!("{}.eml", mail.id));
        let (folder, path) = (self.folder.clone(), file.clone());
        let written = tokio::task::spawn_blocking(move || write(&folder, &path, &message)).await;
        written.map_err(io::Error::other).flatten().map_err(|error| MailerError::Temporary(error.into()))?;
        match letter::link(&mail.letter) {
            Some(link) if self.log_links => {
                tracing::info!(to = mail.to.as_str(), file = %file.display(), link = link.url, "a mail was written");
            }
            _ => tracing::info!(file = %file.display(), "a mail was written"),
        }
        Ok(())
    }
}

fn write(folder: &Path, path: &Path, message: &[u8]) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    // It has a name that nobody else uses, and on Unix the mode 0600.
    let mut file = tempfile::Builder::new().prefix(".").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(message)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
