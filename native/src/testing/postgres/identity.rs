use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

/// As whom the servers run: postgres refuses to be root.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Identity {
    /// As who we are.
    Same,
    /// We are root; they run as this user and group.
    Other { uid: u32, gid: u32 },
}

impl Identity {
    /// `owned` is something that this process has just created: its owner is who we are.
    pub(crate) fn for_owner_of(owned: &fs::Metadata) -> Self {
        if owned.uid() != 0 {
            return Self::Same;
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let (uid, gid) = nobody(&users).unwrap_or((65534, 65534));
        Self::Other { uid, gid }
    }

    /// A command that will run as this user, without root's supplementary groups.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Self::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }

    pub(crate) fn give(self, path: &Path) -> std::io::Result<()> {
        match self {
            Self::Same => Ok(()),
            Self::Other { uid, gid } => std::os::unix::fs::chown(path, Some(uid), Some(gid)),
        }
    }

    /// Whether this user can get to what lies in `path`: not, for instance, into root's own home.
    pub(crate) fn reaches(self, path: &Path) -> bool {
        match self {
            Self::Same => true,
            Self::Other { .. } => path.ancestors().all(is_open),
        }
    }
}

fn is_open(directory: &Path) -> bool {
    fs::metadata(directory).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0)
}

fn nobody(users: &str) -> Option<(u32, u32)> {
    let line = users.lines().find(|line| line.starts_with("nobody:"))?;
    let mut fields = line.split(':').skip(2);
    // macOS writes it as -2.
    let mut number = || {
        Some(fields.next()?.parse::<i64>().ok()?.rem_euclid(1 << 32)).and_then(|id| u32::try_from(id).ok())
    };
    Some((number()?, number()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_found_among_the_users() {
        assert_eq!(nobody("root:x:0:0:::\nnobody:x:99:98:::\n"), Some((99, 98)));
        assert_eq!(nobody("nobody:*:-2:-2:::"), Some((4_294_967_294, 4_294_967_294)));
        assert_eq!(nobody("root:x:0:0:::"), None);
    }
}
