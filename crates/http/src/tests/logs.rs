//! What is logged of answers that are no success.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use actix_web::{http::Method, test::TestRequest};
use contacts_domain::ports::PipelineError;
use tracing_subscriber::fmt::MakeWriter;

use super::world::{World, by_ada, send};

const FORM: &str =
    "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n1234\r\n--edge--\r\n";

/// What is logged, but for the line that every request has, while a picture is refused like this.
async fn logged(error: PipelineError) -> String {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).finish();
    let mut world = World::new();
    world.pipeline.expect_process().times(1).return_once(|_| Err(error));
    let site = world.service().await;
    let request = by_ada(TestRequest::default().method(Method::PUT)).uri("/api/v1/users/me/avatar");
    let request = request.insert_header(("content-type", "multipart/form-data; boundary=edge")).set_payload(FORM);
    let _logging = tracing::subscriber::set_default(subscriber);
    send(&site, request).await;
    log.text().lines().filter(|line| line.contains("code=")).collect()
}

#[actix_web::test]
async fn that_more_comes_than_can_be_done_is_a_warning_and_no_error() {
    let log = logged(PipelineError::Busy).await;
    assert!(log.contains("WARN") && log.contains("busy") && !log.contains("ERROR"), "{log}");
}

#[actix_web::test]
async fn a_fault_of_ours_is_an_error_with_its_cause() {
    let log = logged(PipelineError::Backend("the encoder is broken".into())).await;
    assert!(log.contains("ERROR") && log.contains("the encoder is broken"), "{log}");
}

#[actix_web::test]
async fn a_fault_of_the_client_is_neither() {
    assert_eq!(logged(PipelineError::Unsupported).await, "");
}

/// What was logged, in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
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

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
