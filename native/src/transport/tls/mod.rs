//! TLS, by rustls. See "SSL Support" in PostgreSQL's libpq chapter; its rules hold unless a comment says otherwise.

mod files;
mod identity;
mod key_log;
mod names;
mod negotiation;
mod private_key;
mod problem;
mod settings;
mod verifier;

use std::io;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite, BufReader};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use trunkline_core::Error;
use trunkline_core::auth::server_end_point;
use trunkline_core::config::{Encryption, Host, SslCertMode, SslNegotiation, Tls};
use trunkline_core::error::{TlsError, TlsErrorKind};

use settings::Prepared;

/// A socket in TLS. rustls reads 4 KiB at a time: the buffer between makes one system call of many.
pub(crate) type Encrypted<S> = TlsStream<BufReader<S>>;

const BUFFER: usize = 32 * 1024;

/// What came of asking for encryption.
pub(crate) enum Secured<S> {
    /// It is, and this is what SCRAM can be bound to.
    Encrypted(Box<Encrypted<S>>, Option<Vec<u8>>),
    /// The server cannot, and the socket goes on as it was.
    Plain(S),
}

/// Encrypts a socket that was just opened.
///
/// # Errors
///
/// What failed, and what to do. Nothing was sent when it is about a file.
pub(crate) async fn secure<S>(
    mut socket: S,
    host: &Host,
    tls: &Tls,
    encryption: Encryption,
) -> Result<Secured<S>, Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let prepared = prepare(host, tls).await?;
    let direct = tls.negotiation == SslNegotiation::Direct;
    if !direct && !negotiation::ask(&mut socket).await? {
        return match encryption {
            Encryption::Required => Err(not_offered(tls).into()),
            Encryption::Off | Encryption::IfOffered => Ok(Secured::Plain(socket)),
        };
    }
    let socket = BufReader::with_capacity(BUFFER, socket);
    let connector = TlsConnector::from(prepared.config);
    let stream = connector
        .connect(prepared.name, socket)
        .await
        .map_err(|error| problem::of_handshake(&error, host, tls))?;
    let (_, session) = stream.get_ref();
    if direct && session.alpn_protocol() != Some(PROTOCOL) {
        return Err(TlsError::new(TlsErrorKind::Alpn, NO_ALPN).into());
    }
    if tls.cert_mode == SslCertMode::Require && !prepared.asked.load(Ordering::Relaxed) {
        return Err(TlsError::new(TlsErrorKind::ClientCertificate, NOT_ASKED).into());
    }
    let certificate = session.peer_certificates().and_then(|certificates| certificates.first());
    let end_point = certificate.and_then(|certificate| server_end_point(certificate));
    Ok(Secured::Encrypted(Box::new(stream), end_point))
}

/// Appends what has come, decrypted; 0 is the end of the stream.
///
/// A record is at most 16 KiB: those that are here already are taken with the first, at no system call's cost.
pub(crate) fn poll_read<S>(
    stream: &mut Encrypted<S>,
    cx: &mut Context<'_>,
    input: &mut BytesMut,
) -> Poll<io::Result<usize>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut total = 0;
    loop {
        let count = match super::poll_read_buf(stream, cx, input) {
            Poll::Ready(Ok(count)) => count,
            // The messages within say themselves where they end, and where they should have.
            Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => 0,
            // What came before it is to be looked at first; it will be there again.
            _ if total > 0 => return Poll::Ready(Ok(total)),
            failed_or_pending => return failed_or_pending,
        };
        total += count;
        if count == 0 || stream.get_ref().0.buffer().is_empty() || input.capacity() == input.len() {
            return Poll::Ready(Ok(total));
        }
    }
}

/// What TLS says of an error of a stream, if it is TLS's.
pub(crate) fn error_of(error: &io::Error) -> Option<TlsError> {
    problem::of_session(error)
}

/// Reads files and may have to undo the encryption of a key, which takes long on purpose: not on the threads that
/// drive connections.
async fn prepare(host: &Host, tls: &Tls) -> Result<Prepared, TlsError> {
    let (host, tls) = (host.clone(), tls.clone());
    let prepared = tokio::task::spawn_blocking(move || Prepared::new(&host, &tls)).await;
    prepared.unwrap_or_else(|_| Err(TlsError::new(TlsErrorKind::Handshake, "the tokio runtime shuts down")))
}

fn not_offered(tls: &Tls) -> TlsError {
    let problem = format!(
        "the server does not offer encryption, which sslmode={} asks for: set ssl=on in its postgresql.conf, or, on a \
         network that is to be trusted, lower sslmode",
        tls.mode
    );
    TlsError::new(TlsErrorKind::NotOffered, problem)
}

/// PostgreSQL's name among the protocols that can go over TLS (ALPN).
const PROTOCOL: &[u8] = b"postgresql";

const NO_ALPN: &str = "the server did not agree to speak PostgreSQL (ALPN), so it may be a server of something else: \
                       sslnegotiation=direct needs PostgreSQL 17 or later, else leave it out";
const NOT_ASKED: &str = "the server did not ask for our certificate, and sslcertmode=require wants it to: have its \
                         ssl_ca_file set, or lower sslcertmode to allow";
