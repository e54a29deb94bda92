use std::io;
use std::path::Path;

use super::{Config, Host, Password};

/// What a password file came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FromFile {
    /// The password for this host, database and role.
    Password(Password),
    /// It has none, or is not there.
    Nothing,
    /// It may have one and was not read: why, and what to do. That matters only if the server asks for a password,
    /// so libpq goes on without it, and so do we.
    Unusable(String),
}

impl Config {
    /// Looks into the password file, which may have changed since the last time.
    pub(crate) fn password_of_file(&self, host: &Host) -> FromFile {
        let Some(path) = self.passfile.as_deref() else { return FromFile::Nothing };
        match read(Path::new(path)) {
            Ok(Some(text)) => match self.password_from_file(&text, host, "") {
                Some(password) => FromFile::Password(password),
                None => FromFile::Nothing,
            },
            Ok(None) => FromFile::Nothing,
            Err(problem) => FromFile::Unusable(format!("the password file {path} was not used: {problem}")),
        }
    }
}

/// The file's text. One that is no plain file, or that others can read, is left alone as libpq does.
fn read(path: &Path) -> Result<Option<String>, String> {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    if !metadata.is_file() {
        return Err("it is not a plain file".to_owned());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let path = path.display();
            return Err(format!("others than its owner may use it (mode {mode:04o}); run chmod 0600 {path}"));
        }
    }
    std::fs::read_to_string(path).map(Some).map_err(|error| error.to_string())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::testing_files::Folder;

    fn look(path: &str) -> FromFile {
        let config = Config::new().user("ada").dbname("app").passfile(path);
        config.password_of_file(&Host::new("db", 5432))
    }

    fn with_mode(folder: &Folder, mode: u32) -> String {
        let path = folder.write("pgpass", "other:*:*:*:no\ndb:5432:app:ada:yes\n");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("a mode");
        path
    }

    #[test]
    fn a_file_of_ones_own_is_read() {
        let folder = Folder::new();
        assert_eq!(look(&with_mode(&folder, 0o600)), FromFile::Password("yes".into()));
        assert_eq!(look(&with_mode(&folder, 0o400)), FromFile::Password("yes".into()));
    }

    #[test]
    fn one_that_others_can_read_is_not() {
        let folder = Folder::new();
        for mode in [0o640, 0o604, 0o610, 0o666] {
            let path = with_mode(&folder, mode);
            let expected = format!(
                "the password file {path} was not used: others than its owner may use it (mode {mode:04o}); run chmod \
                 0600 {path}"
            );
            assert_eq!(look(&path), FromFile::Unusable(expected));
        }
    }

    #[test]
    fn what_is_no_plain_file_is_not_waited_for() {
        assert!(
            matches!(look("/dev/zero"), FromFile::Unusable(problem) if problem.contains("not a plain file"))
        );
    }

    #[test]
    fn no_file_is_no_problem() {
        assert_eq!(look("/nowhere/pgpass"), FromFile::Nothing);
        assert_eq!(Config::new().password_of_file(&Host::new("db", 1)), FromFile::Nothing);
    }
}
