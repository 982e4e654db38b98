//! A stream that reads on for a moment after all was written: a caller who is still sending what was refused would otherwise be
//! cut off before he has read why.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// Silence after which the other end is taken to have read the answer.
const SILENCE: Duration = Duration::from_secs(2);
/// Time in which the rest must have come.
const LONGEST: Duration = Duration::from_secs(30);
/// Bytes of the rest, at most.
const MOST: usize = 128 << 20;
/// Bytes that are thrown away at a time.
const CHUNK: usize = 16 << 10;
/// Chunks before others have their turn.
const TURN: usize = 16;

/// The stream; what comes after its end was written is thrown away.
#[derive(Debug)]
pub(super) struct Drained<S> {
    stream: S,
    /// From the end on.
    rest: Option<Rest>,
}

/// What is still taken.
#[derive(Debug)]
struct Rest {
    bytes: usize,
    end: Instant,
    clock: Pin<Box<Sleep>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Drained<S> {
    pub(super) fn of(stream: S) -> Self {
        Self { stream, rest: None }
    }

    /// Throws away what comes until the other end closes or a limit is reached.
    fn drain(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let end = Instant::now() + LONGEST;
        let rest = self.rest.get_or_insert_with(|| Rest {
            bytes: MOST,
            end,
            clock: Box::pin(sleep_until(Instant::now() + SILENCE)),
        });
        let mut chunk = [0; CHUNK];
        for _ in 0..TURN {
            let mut into = ReadBuf::new(&mut chunk);
            match Pin::new(&mut self.stream).poll_read(context, &mut into) {
                Poll::Ready(Ok(())) if !into.filled().is_empty() => {
                    rest.bytes = rest.bytes.saturating_sub(into.filled().len());
                    if rest.bytes == 0 || rest.end <= Instant::now() {
                        return Poll::Ready(());
                    }
                    let next = rest.end.min(Instant::now() + SILENCE);
                    rest.clock.as_mut().reset(next);
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return rest.clock.as_mut().poll(context),
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Drained<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Drained<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.rest.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
        }
        self.drain(context).map(Ok)
    }
}
