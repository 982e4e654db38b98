//! A stream that dresses what hyper says by itself: to what is no request it answers before any of our layers, with a bare head.
//! Our own answers always have a request id, so they are never taken for one.

use crate::service::headers;
use crate::service::problem::{self, Kind, Problem};
use axum::http::StatusCode;
use std::fmt::Write as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The headers of a bare head.
const OF_HYPER: [&str; 3] = ["connection", "content-length", "date"];

/// The stream; a bare head leaves it as a problem with all headers.
#[derive(Debug)]
pub(super) struct Dressed<S> {
    stream: S,
    /// What is written in the place of a bare head, as far as it is not yet.
    instead: Vec<u8>,
}

impl<S: AsyncWrite + Unpin> Dressed<S> {
    pub(super) fn of(stream: S) -> Self {
        Self { stream, instead: Vec::new() }
    }

    /// Writes what stands in the place of a bare head; none where the bytes are none.
    fn dressed(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Option<Poll<io::Result<usize>>> {
        if self.instead.is_empty() {
            let status = bare(bytes)?;
            let problem = Problem::of(Kind::of_status(status));
            self.instead = dressed(status, &problem::unasked(&problem, status));
        }
        Some(self.whole(context).map_ok(|()| bytes.len()))
    }

    fn whole(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.instead.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, &self.instead))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.instead.drain(..written);
        }
        Poll::Ready(Ok(()))
    }
}

/// The status of a bare head.
fn bare(bytes: &[u8]) -> Option<StatusCode> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"HTTP/1.1 4").and(Some(bytes))?).ok()?;
    let mut lines = text.strip_suffix("\r\n\r\n")?.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let of_hyper = |line: &str| {
        line.split_once(':').is_some_and(|(name, _)| OF_HYPER.iter().any(|known| known.eq_ignore_ascii_case(name)))
    };
    lines.all(of_hyper).then_some(status)
}

/// A whole answer outside of our layers.
pub(super) fn dressed(status: StatusCode, body: &[u8]) -> Vec<u8> {
    tracing::info!(status = status.as_u16(), "answered what is no request");
    let mut head = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: {}\r\ncontent-length: {}\r\n",
        problem::MEDIA_TYPE,
        body.len()
    );
    for (name, value) in headers::all() {
        // Writing to a String cannot fail.
        let _ = write!(head, "{name}: {value}\r\n");
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

impl<S: AsyncRead + Unpin> AsyncRead for Dressed<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Dressed<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.dressed(context, bytes) {
            Some(written) => written,
            None => Pin::new(&mut self.stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let only = match slices {
            [only] => self.dressed(context, only),
            _ => None,
        };
        match only {
            Some(written) => written,
            None => Pin::new(&mut self.stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
