//! Spans and events by OpenTelemetry's semantic conventions for database clients.

use tracing::field::Empty;
use tracing::{Level, Span};
use trunkline_core::config::{DEFAULT_PORT, HostAddress};
use trunkline_core::error::Severity;
use trunkline_core::sql::first_keyword;
use trunkline_core::{CommandTag, Error, ServerError};

use super::QueryAction;
use crate::Config;
use crate::connect::Endpoint;

/// Whether anybody listens to spans of queries.
pub(super) fn is_wanted() -> bool {
    tracing::enabled!(target: "trunkline::query", Level::INFO)
}

/// The span of one query. `sql` holds no constants.
pub(super) fn query(config: &Config, endpoint: &Endpoint, sql: &str, action: QueryAction) -> Span {
    let operation = match action {
        QueryAction::Run => first_keyword(sql).unwrap_or_default().to_ascii_uppercase(),
        QueryAction::Prepare => "PREPARE".to_owned(),
    };
    let address = match &endpoint.host.address {
        HostAddress::Tcp(name) => name.as_str(),
        HostAddress::Unix(path) => path.as_str(),
        _ => "",
    };
    let namespace = config.dbname.as_deref().or(config.user.as_deref());
    let span = tracing::info_span!(
        target: "trunkline::query",
        "query",
        otel.kind = "client",
        otel.name = operation,
        db.system.name = "postgresql",
        db.namespace = namespace,
        db.operation.name = operation,
        db.query.text = sql,
        server.address = address,
        server.port = Empty,
        db.response.returned_rows = Empty,
        db.response.status_code = Empty,
        "error.type" = Empty,
    );
    if endpoint.host.port != DEFAULT_PORT {
        span.record("server.port", endpoint.host.port);
    }
    span
}

/// What became of it. Of an error only its kind is told, since its text can hold values.
pub(super) fn ended(span: &Span, result: Result<CommandTag, &Error>) {
    match result {
        Ok(tag) => {
            span.record("db.response.returned_rows", tag.rows());
        }
        Err(error) => {
            let code = error.sqlstate();
            if let Some(code) = code {
                span.record("db.response.status_code", code.as_str());
            }
            span.record("error.type", code.map_or(kind(error), |code| code.as_str()));
        }
    }
}

pub(super) fn notice(notice: &ServerError) {
    let (code, message) = (notice.code.as_str(), &*notice.message);
    match notice.severity {
        Severity::Warning => tracing::warn!(target: "trunkline::notice", code, "{message}"),
        Severity::Debug => tracing::trace!(target: "trunkline::notice", code, "{message}"),
        _ => tracing::debug!(target: "trunkline::notice", code, "{message}"),
    }
}

pub(super) fn closed(error: &Error) {
    tracing::debug!(target: "trunkline::connection", reason = kind(error), "closed");
}

fn kind(error: &Error) -> &'static str {
    match error {
        Error::Server(_) => "server",
        Error::Protocol(_) => "protocol",
        Error::Usage(_) => "usage",
        Error::Conversion(_) => "conversion",
        Error::Auth(_) => "auth",
        Error::Timeout(..) => "timeout",
        Error::Closed(_) => "closed",
        _ => "other",
    }
}
