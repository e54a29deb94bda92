use std::fmt;

use trunkline_core::Error;

/// Why a COPY with a source of its own came to nothing. Nothing of it was kept.
///
/// ```no_run
/// use futures_util::stream;
/// use trunkline::CopyError;
///
/// # async fn run(connection: trunkline::Connection) -> Result<(), Box<dyn std::error::Error>> {
/// let upload = stream::iter([Ok("1,Ada\n"), Err("the visitor has gone")]);
/// let copy = connection.copy_in("users", trunkline::CopyOptions::csv()).await?;
/// match copy.send_all(upload).await {
///     Err(CopyError::Source(why)) => println!("nothing was kept: {why}"),
///     other => println!("{} rows", other.map_err(|error| error.to_string())?),
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub enum CopyError<E> {
    /// The source failed; the COPY was undone, and the connection goes on.
    Source(E),
    /// The COPY itself failed.
    Postgres(Error),
}

impl<E: fmt::Display> fmt::Display for CopyError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(error) => write!(f, "the source of the COPY failed: {error}"),
            Self::Postgres(error) => error.fmt(f),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for CopyError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Source(error) => Some(error),
            Self::Postgres(error) => Some(error),
        }
    }
}

impl<E> From<Error> for CopyError<E> {
    fn from(error: Error) -> Self {
        Self::Postgres(error)
    }
}
