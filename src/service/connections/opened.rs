//! The beginning of a connection over TLS. Who speaks plain HTTP there is told so.

use super::bare::dressed;
use super::drained::Drained;
use super::taken::Taken;
use crate::service::problem::{Kind, Problem, unasked};
use crate::service::tls::Certificate;
use crate::words;
use std::io;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

/// The stream below HTTP or TLS.
pub(super) type Transport = Drained<Taken<TcpStream>>;

/// The first byte of whoever speaks TLS: a record of its handshake.
const HANDSHAKE: u8 = 22;

/// What is inside of TLS, where the other end has opened it in time.
pub(super) async fn opened(
    stream: TcpStream,
    certificate: &Certificate,
    (head, write): (Duration, Duration),
) -> io::Result<TlsStream<Transport>> {
    timeout(head, async {
        let mut first = [0];
        let speaks_tls = stream.peek(&mut first).await? == 0 || first[0] == HANDSHAKE;
        let mut stream = Drained::of(Taken::within(write, stream));
        if speaks_tls {
            return certificate.acceptor().accept(stream).await;
        }
        let problem = plain();
        let status = Kind::BadRequest.status();
        stream.write_all(&dressed(status, &unasked(&problem, status))).await?;
        stream.shutdown().await?;
        Err(io::ErrorKind::InvalidData.into())
    })
    .await?
}

/// Nobody said in which language.
fn plain() -> Problem {
    let both = "这里只接受 HTTPS：请用 https:// 打开 · This port speaks TLS: use https://";
    Problem::new(Kind::BadRequest, words!("{both}", "{both}")).code("tls_expected")
}
