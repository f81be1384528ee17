//! Both mailers keep what the port promises.

use std::sync::Arc;

use contacts_contract::{
    Subject,
    mailer::Post,
    servers::smtp::{ServerTls, SmtpOptions, SmtpServer},
};

use crate::mails::{mailer, sender};

mod smtp {
    use super::*;

    async fn fresh_post() -> Subject<Post> {
        let server = Arc::new(SmtpServer::start(SmtpOptions::default()));
        Post { mailer: Arc::new(mailer(&server.url())), mailbox: server }.into()
    }

    contacts_contract::mailer_suite!(fresh_post);
}

/// A server that takes addresses beyond ASCII, encrypted and with a login.
mod international {
    use super::*;

    async fn fresh_post() -> Subject<Post> {
        let credentials = Some(("contacts".into(), "s3cret".into()));
        let options = SmtpOptions { tls: ServerTls::StartTls, credentials, smtputf8: true, ..SmtpOptions::default() };
        let server = Arc::new(SmtpServer::start(options));
        Post { mailer: Arc::new(mailer(&server.url())), mailbox: server }.into()
    }

    contacts_contract::mailer_suite!(fresh_post);
}

mod files {
    use std::{fs, path::PathBuf, sync::Mutex};

    use async_trait::async_trait;
    use contacts_contract::mailer::{Arrived, Mailbox};
    use contacts_smtp::FileMailer;

    use super::*;

    /// A folder, read in the order in which its files were first seen.
    struct Folder {
        path: PathBuf,
        seen: Mutex<Vec<PathBuf>>,
    }

    #[async_trait]
    impl Mailbox for Folder {
        async fn arrived(&self) -> Vec<Arrived> {
            let mut seen = self.seen.lock().unwrap();
            for entry in fs::read_dir(&self.path).into_iter().flatten() {
                let path = entry.unwrap().path();
                if !seen.contains(&path) {
                    seen.push(path);
                }
            }
            seen.iter().map(|path| Arrived { recipients: None, message: fs::read(path).unwrap() }).collect()
        }
    }

    async fn fresh_post() -> Subject<Post> {
        let guard = tempfile::tempdir().unwrap();
        let path = guard.path().join("mail");
        let mailer = Arc::new(FileMailer::new(path.clone(), sender(), false));
        Subject::new(Post { mailer, mailbox: Arc::new(Folder { path, seen: Mutex::default() }) }, guard)
    }

    contacts_contract::mailer_suite!(fresh_post);
}
