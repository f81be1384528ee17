//! `contacts healthcheck`: whether the service on this machine answers, for containers without curl.

use std::{net::SocketAddr, time::Duration};

use clap::{ArgMatches, Command};

use super::flags::flags;
use crate::{
    config::{Faults, Reader, ServerConfig, Setting, local_address, table::BIND_ADDRESS},
    failure::{Failure, Outcome},
    output,
    surroundings::Surroundings,
};

const DEADLINE: Duration = Duration::from_secs(3);

static SETTINGS: [&Setting; 1] = [&BIND_ADDRESS];

pub(super) fn command() -> Command {
    Command::new("healthcheck")
        .about("Asks the service at BIND_ADDRESS whether it is alive; exits with 0 if it is, else with 1")
        .args(flags(&SETTINGS))
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let layers = around.layers(matches, &SETTINGS);
    let mut reader = Reader::new(&layers);
    let bound = ServerConfig::read_bind_address(&mut reader);
    let bound = bound.filter(|_| reader.faults.is_empty()).ok_or(Faults(reader.faults))?;
    let sentence = check(local_address(bound)).await?;
    Ok(output::print(&format!("{sentence}\n"))?)
}

async fn check(address: SocketAddr) -> Result<String, Failure> {
    if address.port() == 0 {
        return Err(Failure::new("BIND_ADDRESS has port 0: which port the service took cannot be known here."));
    }
    let url = format!("http://{address}/healthz");
    let unhealthy = |error: reqwest::Error| Failure::because(&format!("{url} does not answer"), &error.without_url());
    // A proxy has no business between a process and its own machine.
    let client = reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().map_err(unhealthy)?;
    let status = client.get(&url).send().await.map_err(unhealthy)?.status();
    if status.is_success() {
        Ok(format!("{url} answers: the service is alive."))
    } else {
        Err(Failure::new(format!("{url} answers with the status {status}.")))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
    };

    use super::*;

    /// Answers one request with this status line.
    fn server(status: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let mut stream = listener.accept().unwrap().0;
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            assert!(request[..length].starts_with(b"GET /healthz HTTP/1.1\r\n"));
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[tokio::test]
    async fn a_service_that_answers_is_alive() {
        assert!(check(server("200 OK")).await.unwrap().ends_with("the service is alive."));
    }

    #[tokio::test]
    async fn one_that_answers_with_an_error_is_not() {
        let failure = check(server("503 Service Unavailable")).await.unwrap_err();
        assert!(failure.message().ends_with("answers with the status 503 Service Unavailable."));
    }

    #[tokio::test]
    async fn one_that_is_not_there_is_not_either() {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let failure = check(address).await.unwrap_err();
        assert!(failure.message().contains("does not answer"), "{}", failure.message());
        assert!(check("127.0.0.1:0".parse().unwrap()).await.is_err());
    }
}
