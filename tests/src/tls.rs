//! Servers that speak TLS, for what no real one does: bad certificates, no ALPN, somebody in the middle.

use std::sync::Arc;

use bytes::BytesMut;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::backend::{Backend, Opening};
use crate::certificates::Certificate;

/// A server in memory behind TLS.
#[derive(Debug, Clone)]
pub struct TlsServer {
    /// Its certificate, and the intermediate ones if there are any, and the key.
    pub certificate: Certificate,
    /// Whether TLS begins at once.
    pub direct: bool,
    /// Whether it knows PostgreSQL's name among protocols.
    pub alpn: bool,
    /// What it is when the handshake is over.
    pub opening: Opening,
}

impl TlsServer {
    /// One that lets everyone in.
    pub fn new(certificate: &Certificate) -> Self {
        Self { certificate: certificate.clone(), direct: false, alpn: true, opening: Opening::default() }
    }

    /// Listens on a port of its own, for as long as the runtime runs.
    pub async fn listen(self) -> u16 {
        let acceptor = acceptor(&self.certificate, self.alpn);
        listen(move |mut stream| {
            let (this, acceptor) = (self.clone(), acceptor.clone());
            async move {
                if !this.direct {
                    accept_request(&mut stream).await?;
                }
                serve(acceptor.accept(stream).await?, this.opening).await
            }
        })
        .await
    }
}

/// A server in memory without TLS.
pub async fn listen_in_clear(opening: Opening) -> u16 {
    listen(move |stream| serve(stream, opening.clone())).await
}

/// Somebody between a client and a real server, who has a certificate of their own and knows the server's authority.
pub async fn listen_in_the_middle(certificate: &Certificate, authority: &str, server: u16) -> u16 {
    let acceptor = acceptor(certificate, true);
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(authority.as_bytes()).expect("a certificate");
    roots.add(authority).expect("an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    listen(move |mut stream| {
        let (acceptor, connector) = (acceptor.clone(), connector.clone());
        async move {
            accept_request(&mut stream).await?;
            let mut client = acceptor.accept(stream).await?;
            let mut upstream = TcpStream::connect(("127.0.0.1", server)).await?;
            upstream.write_all(SSL_REQUEST).await?;
            assert_eq!(upstream.read_u8().await?, b'S');
            let name = ServerName::try_from("127.0.0.1").expect("a name");
            let mut upstream = connector.connect(name, upstream).await?;
            tokio::io::copy_bidirectional(&mut client, &mut upstream).await.map(|_| ())
        }
    })
    .await
}

const SSL_REQUEST: &[u8] = &[0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

async fn listen<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> u16
where
    F: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Whether a handshake fails is for the client to say.
            tokio::spawn(serve(stream));
        }
    });
    port
}

async fn accept_request(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut request = [0; 8];
    stream.read_exact(&mut request).await?;
    assert_eq!(request, SSL_REQUEST);
    stream.write_all(b"S").await
}

fn acceptor(certificate: &Certificate, alpn: bool) -> TlsAcceptor {
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(certificate.certificate.as_bytes()).collect();
    let key = PrivateKeyDer::from_pem_slice(certificate.key.as_bytes()).expect("a key");
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain.expect("certificates"), key)
        .expect("a pair");
    if alpn {
        config.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, opening: Opening) -> std::io::Result<()> {
    let mut backend = Backend::new(opening);
    let mut input = BytesMut::new();
    while stream.read_buf(&mut input).await? > 0 {
        while backend.handle(&mut input) {}
        stream.write_all(&backend.out.split()).await?;
        stream.flush().await?;
        if backend.is_over() {
            break;
        }
    }
    stream.shutdown().await
}
