use std::path::{Path, PathBuf};

/// Where libpq looks for its files on this system.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// The person's own files.
    pub(super) own: Option<PathBuf>,
    /// `PGSYSCONFDIR`: the system's.
    pub(super) system: Option<PathBuf>,
}

impl Places {
    pub(super) fn of_this_system() -> Self {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let own = if cfg!(windows) {
            variable("APPDATA").map(|folder| folder.join("postgresql"))
        } else {
            std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
        };
        Self { own, system: variable("PGSYSCONFDIR") }
    }

    /// The usual password file. See "The Password File" in PostgreSQL's libpq chapter.
    pub(super) fn passfile(&self) -> Option<String> {
        let name = if cfg!(windows) { "pgpass.conf" } else { ".pgpass" };
        self.own.as_ref().map(|own| own.join(name).to_string_lossy().into_owned())
    }

    /// The usual service files, in the order to look. See "The Connection Service File".
    pub(super) fn service_files(&self) -> Vec<PathBuf> {
        let own = self.own.as_deref().map(|own| own.join(".pg_service.conf"));
        let system = self.system.as_deref().map(|system: &Path| system.join("pg_service.conf"));
        own.into_iter().chain(system).collect()
    }
}
