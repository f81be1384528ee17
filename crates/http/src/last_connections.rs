//! The end of a listener without a connection that was made and not taken.
//!
//! A system makes connections ahead of the server, and when their listener closes it ends those that the server has
//! not taken yet: clients that connected in good faith see a reset. So first no new ones are made, then the server
//! takes those that there are, and then the listener closes. Who asks for a connection meanwhile is not answered, asks
//! again a second later, and is refused: it goes elsewhere.

use std::{io, net::TcpListener};

/// Makes no connections any more; those on their way are finished. Fails where the system has no such filter.
#[cfg(target_os = "linux")]
pub(crate) fn make_no_more_connections(listener: &TcpListener) -> io::Result<()> {
    use socket2::{SockFilter, SockRef};

    // Classic BPF; it sees a packet from the TCP header on (RFC 9293 section 3.1).
    const LOAD_BYTE: u16 = 0x30;
    const AND: u16 = 0x54;
    const SKIP_UNLESS_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    const FLAGS_OFFSET: u32 = 13;
    const SYN: u32 = 0x02;
    const ACK: u32 = 0x10;
    // A SYN without ACK asks for a connection.
    SockRef::from(listener).attach_filter(&[
        SockFilter::new(LOAD_BYTE, 0, 0, FLAGS_OFFSET),
        SockFilter::new(AND, 0, 0, SYN | ACK),
        SockFilter::new(SKIP_UNLESS_EQUAL, 0, 1, SYN),
        SockFilter::new(RETURN, 0, 0, 0),
        SockFilter::new(RETURN, 0, 0, u32::MAX),
    ])
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn make_no_more_connections(_: &TcpListener) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpStream,
        time::Duration,
    };

    use super::*;

    #[test]
    fn what_was_made_is_there_to_be_taken_and_nothing_new_is_made() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut made = TcpStream::connect(address).unwrap();
        make_no_more_connections(&listener).unwrap();
        let refused = TcpStream::connect_timeout(&address, Duration::from_millis(200)).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::TimedOut);
        let mut taken = listener.accept().unwrap().0;
        made.write_all(b"?").unwrap();
        taken.read_exact(&mut [0]).unwrap();
        taken.write_all(b"!").unwrap();
        made.read_exact(&mut [0]).unwrap();
    }
}
