//! The null client's way in: what comes before the clock runs need not be fast.

use anyhow::{Context, Result, bail};
use bytes::BytesMut;
use postgres_protocol::{
    authentication::{
        md5_hash,
        sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256},
    },
    message::{backend::Message, frontend},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_postgres::config::{Config, Host};

/// Connects over TCP without TLS and logs in.
pub(super) async fn connect(url: &str) -> Result<TcpStream> {
    let config: Config = url.parse()?;
    let tcp = config.get_hosts().iter().find_map(|host| match host {
        Host::Tcp(name) => Some(name.as_str()),
        #[cfg(unix)]
        Host::Unix(_) => None,
    });
    let host = tcp.context("the null client needs a TCP host in the URL")?;
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let mut stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    log_in(&mut stream, &config).await?;
    Ok(stream)
}

async fn log_in(stream: &mut TcpStream, config: &Config) -> Result<()> {
    let user = config.get_user().context("the null client needs a user in the URL")?;
    let database = config.get_dbname().unwrap_or(user);
    let password = config.get_password().unwrap_or_default();
    let mut scram = ScramSha256::new(password, ChannelBinding::unsupported());
    let mut input = BytesMut::new();
    let mut output = BytesMut::new();
    frontend::startup_message([("user", user), ("database", database)], &mut output)?;
    loop {
        stream.write_all(&output).await?;
        output.clear();
        match receive(stream, &mut input).await? {
            Message::AuthenticationCleartextPassword => frontend::password_message(password, &mut output)?,
            Message::AuthenticationMd5Password(body) => {
                let hash = md5_hash(user.as_bytes(), password, body.salt());
                frontend::password_message(hash.as_bytes(), &mut output)?;
            }
            Message::AuthenticationSasl(_) => {
                frontend::sasl_initial_response(SCRAM_SHA_256, scram.message(), &mut output)?;
            }
            Message::AuthenticationSaslContinue(body) => {
                scram.update(body.data())?;
                frontend::sasl_response(scram.message(), &mut output)?;
            }
            Message::AuthenticationSaslFinal(body) => scram.finish(body.data())?,
            Message::ErrorResponse(_) => bail!("the server refused the null client's login"),
            Message::ReadyForQuery(_) => return Ok(()),
            _ => {}
        }
    }
}

async fn receive(stream: &mut TcpStream, input: &mut BytesMut) -> Result<Message> {
    loop {
        if let Some(message) = Message::parse(input)? {
            return Ok(message);
        }
        if stream.read_buf(input).await? == 0 {
            bail!("the server closed the connection during login");
        }
    }
}
