use std::{
    env, fs,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use super::{Context, Error, Identity, Result};

/// A directory of this server alone, owned by whom it runs as; removed when dropped.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
    identity: Identity,
}

impl Scratch {
    pub(crate) fn new() -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // Another container or a killed process may have left a directory of the same name: try the next.
        for _ in 0..1000 {
            let name = format!("trunkline-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let path = base().join(name);
            match fs::DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error).context(path.display()),
            }
            let metadata = fs::metadata(&path).context(path.display())?;
            let scratch = Self { identity: Identity::for_owner_of(&metadata), path };
            scratch.identity.give(&scratch.path).context(scratch.path.display())?;
            return Ok(scratch);
        }
        Err(Error::new(format!("{} is full of trunkline-* directories: remove them", base().display())))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) const fn identity(&self) -> Identity {
        self.identity
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// The usual place, unless the user that servers run as when we are root cannot get there, or the path is too long
/// for the 107 bytes that the name of a Unix socket may have.
fn base() -> PathBuf {
    let usual = env::temp_dir();
    let root = Identity::Other { uid: 0, gid: 0 };
    if root.reaches(&usual) && usual.as_os_str().len() < 60 { usual } else { PathBuf::from("/tmp") }
}
