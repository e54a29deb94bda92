use tokio::net::TcpStream;
use trunkline_core::config::{Encryption, Host};
use trunkline_core::{Channel, Error};

use super::Deadline;
use crate::Config;
#[cfg(feature = "tls")]
use crate::transport::tls::{self, Encrypted, Secured};
use crate::transport::{Stream, Transport};

/// What is to be known to encrypt a stream.
#[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "nothing is encrypted"))]
#[derive(Clone, Copy)]
pub(crate) struct Securing<'a> {
    pub(crate) config: &'a Config,
    pub(crate) host: &'a Host,
    pub(crate) encryption: Encryption,
    pub(crate) deadline: Deadline,
}

impl Securing<'_> {
    /// A TCP connection, encrypted or not.
    pub(crate) async fn tcp(self, socket: TcpStream) -> Result<(Stream, Channel), Error> {
        let local = self.host.is_local();
        #[cfg(feature = "tls")]
        return self.secure(socket, Stream::Tcp, Stream::Tls, local).await;
        #[cfg(not(feature = "tls"))]
        Ok((Stream::Tcp(socket), Channel { local, ..Channel::default() }))
    }

    /// The same for a stream that was given to us, of which it is not known where it leads.
    pub(crate) async fn given(self, stream: Box<dyn Transport>) -> Result<(Stream, Channel), Error> {
        #[cfg(feature = "tls")]
        return self.secure(stream, Stream::Other, |stream| Stream::Other(stream), false).await;
        #[cfg(not(feature = "tls"))]
        Ok((Stream::Other(stream), Channel::default()))
    }

    #[cfg(feature = "tls")]
    async fn secure<S: Transport>(
        self,
        socket: S,
        plain: impl FnOnce(S) -> Stream,
        encrypted: impl FnOnce(Box<Encrypted<S>>) -> Stream,
        local: bool,
    ) -> Result<(Stream, Channel), Error> {
        let channel = Channel { local, ..Channel::default() };
        if self.encryption == Encryption::Off {
            return Ok((plain(socket), channel));
        }
        let secured = tls::secure(socket, self.host, &self.config.tls, self.encryption);
        Ok(match self.deadline.within("the server to agree on encryption", secured).await? {
            Secured::Plain(socket) => (plain(socket), channel),
            Secured::Encrypted(stream, server_end_point) => {
                (encrypted(stream), Channel { encrypted: true, server_end_point, ..channel })
            }
        })
    }
}
