use std::io;
use std::net::SocketAddr;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
use trunkline_core::config::Keepalive;

/// Opens a TCP connection that sends what it is given at once: a flight is one write, and must not wait for the
/// acknowledgement of the one before.
pub(crate) async fn connect(address: SocketAddr, keepalive: &Keepalive) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    notice_dead_peers(SockRef::from(&stream), keepalive)?;
    Ok(stream)
}

/// Has the operating system notice when the peer is gone. What a system cannot be told it is not told, as libpq has it.
pub(crate) fn notice_dead_peers(socket: SockRef<'_>, settings: &Keepalive) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if settings.user_timeout.is_some() {
        socket.set_tcp_user_timeout(settings.user_timeout)?;
    }
    if !settings.enabled {
        return socket.set_keepalive(false);
    }
    let mut keepalive = TcpKeepalive::new();
    if let Some(idle) = settings.idle {
        keepalive = keepalive.with_time(idle);
    }
    #[cfg(any(target_os = "linux", target_os = "macos", target_os = "freebsd", windows))]
    {
        if let Some(interval) = settings.interval {
            keepalive = keepalive.with_interval(interval);
        }
        if let Some(count) = settings.count {
            keepalive = keepalive.with_retries(count);
        }
    }
    socket.set_keepalive(true)?;
    socket.set_tcp_keepalive(&keepalive)
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpListener;
    use trunkline_core::Config;

    use super::*;

    async fn connected(options: &str) -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let settings = Config::parse(options).expect("options").keepalive;
        let address = listener.local_addr().expect("an address");
        connect(address, &settings).await.expect("a connection")
    }

    #[tokio::test]
    async fn the_socket_is_told_what_was_set() {
        let stream =
            connected("keepalives_idle=7 keepalives_interval=3 keepalives_count=5 tcp_user_timeout=12500")
                .await;
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(7));
        assert_eq!(socket.tcp_keepalive_interval().unwrap(), Duration::from_secs(3));
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), 5);
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_millis(12500)));
        assert!(stream.nodelay().unwrap());
    }

    #[tokio::test]
    async fn keepalives_are_on_unless_switched_off() {
        let stream = connected("").await;
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().unwrap());
        // Within two minutes, whoever was to speak.
        let silence = socket.tcp_keepalive_time().unwrap()
            + socket.tcp_keepalive_interval().unwrap() * socket.tcp_keepalive_retries().unwrap();
        assert_eq!(silence, Duration::from_secs(120));
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_secs(120)));
        // The system's own, when it is asked for.
        let own =
            connected("keepalives_idle=0 keepalives_interval=0 keepalives_count=0 tcp_user_timeout=0").await;
        assert!(SockRef::from(&own).tcp_keepalive_time().unwrap() > Duration::from_secs(600));
        assert!(!SockRef::from(&connected("keepalives=0").await).keepalive().unwrap());
    }
}
