use std::io;
use std::net::SocketAddr;

use tokio::net::TcpStream;

/// Opens a TCP connection that sends what it is given at once: a flight is one write, and must not wait for the
/// acknowledgement of the one before.
pub(crate) async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
