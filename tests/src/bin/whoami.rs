//! Connects by the environment alone, and prints the role and the application's name.

use std::io::Write;
use std::process::ExitCode;

use trunkline::Config;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match whoami().await {
        Ok(text) => match writeln!(std::io::stdout(), "{text}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn whoami() -> Result<String, Box<dyn std::error::Error>> {
    let connection = Config::from_env()?.connect().await?;
    let sql = "select current_user || ' ' || current_setting('application_name')";
    let text: Option<String> = connection.fetch_val(sql, ()).await?;
    Ok(text.unwrap_or_default())
}
