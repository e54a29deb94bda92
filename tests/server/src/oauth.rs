use std::{fs, path::Path, process::Command};

use crate::{Error, Result, ServerBuilder, npm, postgres::Context};

/// The token that servers built with [`ServerBuilder::oauth_user`] take.
pub const TOKEN: &str = "t0ken";

impl ServerBuilder {
    /// One more role, which gets in with [`TOKEN`] (PostgreSQL 18). Clients are sent to `issuer` for one of `scope`.
    ///
    /// # Errors
    ///
    /// The server's validator cannot be compiled: that needs a C compiler.
    pub fn oauth_user(self, name: &str, issuer: &str, scope: &str) -> Result<Self> {
        let folder = npm::root().join("target/oauth");
        fs::create_dir_all(&folder).context(folder.display())?;
        // Another process may be at it: the file is whole or not there.
        let (validator, mine) =
            (folder.join("validator.so"), folder.join(format!("{}.so", std::process::id())));
        compile(&npm::root().join("tests/server/oauth/validator.c"), &mine)?;
        fs::rename(&mine, &validator).context(validator.display())?;
        let line = format!("host all {name} 127.0.0.1/32 oauth issuer=\"{issuer}\" scope=\"{scope}\"");
        Ok(self
            .user(name, crate::Auth::Scram, crate::PASSWORD)
            .setting("oauth_validator_libraries", &validator.display().to_string())
            .host_based_access(&line))
    }
}

fn compile(source: &Path, target: &Path) -> Result<()> {
    let mut cc = Command::new("cc");
    cc.args(["-std=c11", "-shared", "-fPIC", "-o"]).arg(target).arg(source);
    let output = cc.output().context("cannot run cc: install a C compiler (`apt-get install gcc`)")?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::new(format!("{cc:?} failed:\n{}", String::from_utf8_lossy(&output.stderr))))
}
