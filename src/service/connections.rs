//! Connections: a bounded number of them, time limits for slow callers, and a graceful end.

mod bare;
mod drained;
mod opened;
mod taken;

use super::caller::Peer;
use super::callers::Callers;
use super::config::ConnectionLimits;
use super::tls::Certificate;
use axum::Router;
use axum::extract::Request;
use bare::Dressed;
use drained::Drained;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use taken::Taken;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

/// Bytes of a request's head, at most.
const MOST_HEAD_BYTES: usize = 32 << 10;

/// Pause after the system refused a connection (no more file handles), so that the loop does not spin.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `ended`, then lets running answers finish; over TLS where there is a certificate.
pub async fn serve(
    (listener, certificate): (TcpListener, Option<Arc<Certificate>>),
    app: Router,
    limits: ConnectionLimits,
    ended: impl Future<Output = ()>,
) {
    let seats = Arc::new(Semaphore::new(limits.most));
    let callers = Callers::new(limits.of_address);
    let (close, closing) = watch::channel(false);
    let mut ended = pin!(ended);
    loop {
        // The seat comes first: what cannot be served is left in the system's queue.
        let seated = tokio::select! {
            () = &mut ended => break,
            seat = Arc::clone(&seats).acquire_owned() => seat,
        };
        let Ok(seat) = seated else { break };
        let (stream, peer) = tokio::select! {
            () = &mut ended => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
        };
        let Some(place) = callers.place(peer.ip()) else {
            tracing::debug!("one connection too many of an address");
            continue;
        };
        let (app, closing, certificate) = (app.clone(), closing.clone(), certificate.clone());
        tokio::spawn(async move {
            let served = received(stream, certificate, (Peer(peer.ip()), app), limits, closing).await;
            if let Err(error) = served {
                tracing::debug!(error, "a connection ended early");
            }
            drop((seat, place));
        });
    }
    drop(listener);
    // Nobody may be listening any more; then there is nothing to close.
    let _ = close.send(true);
    let all = u32::try_from(limits.most).unwrap_or(u32::MAX);
    let _ = tokio::time::timeout(limits.grace, seats.acquire_many(all)).await;
}

type Ended = Box<dyn std::error::Error + Send + Sync>;

/// Serves one connection, inside of TLS where there is a certificate.
async fn received(
    stream: TcpStream,
    certificate: Option<Arc<Certificate>>,
    service: (Peer, Router),
    limits: ConnectionLimits,
    mut closing: watch::Receiver<bool>,
) -> Result<(), Ended> {
    // Small answers must not wait for the next packet's acknowledgement.
    let _ = stream.set_nodelay(true);
    let Some(certificate) = certificate else {
        return connection(Drained::of(Taken::within(limits.write, stream)), service, limits, closing).await;
    };
    let opened = tokio::select! {
        opened = opened::opened(stream, &certificate, (limits.head, limits.write)) => opened?,
        () = asked(&mut closing) => return Ok(()),
    };
    connection(opened, service, limits, closing).await
}

async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    (peer, app): (Peer, Router),
    limits: ConnectionLimits,
    mut closing: watch::Receiver<bool>,
) -> Result<(), Ended> {
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        app.clone().oneshot(request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(MOST_HEAD_BYTES);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(Dressed::of(stream)), service));
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = asked(&mut closing) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    Ok(served?)
}

/// Ends when the connections are to close.
async fn asked(closing: &mut watch::Receiver<bool>) {
    // An error tells that the service is gone, which closes them as well.
    let _ = closing.wait_for(|close| *close).await;
}
