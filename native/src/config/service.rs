use std::io;
use std::path::{Path, PathBuf};

use trunkline_core::Error;
use trunkline_core::error::UsageError;

use super::Settings;
use super::files::Places;

/// The settings over those of the service that they or the environment name, over the environment's.
pub(super) fn with_service(
    settings: Settings,
    environment: Settings,
    places: &Places,
) -> Result<Settings, Error> {
    let option = |name| settings.get(name).or_else(|| environment.get(name)).filter(|text| !text.is_empty());
    let Some(service) = option("service").map(str::to_owned) else { return Ok(settings.or(environment)) };
    let given = option("servicefile").map(PathBuf::from);
    let files = given.clone().map_or_else(|| places.service_files(), |file| vec![file]);
    for file in &files {
        let Some(text) = read(file, given.is_some())? else { continue };
        let found = Settings::from_service_file(&text, &service)
            .map_err(|error| config(format!("{}: {error}", file.display())))?;
        if let Some(found) = found {
            return Ok(settings.or(found).or(environment));
        }
    }
    let looked: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let looked = if looked.is_empty() { "no file".to_owned() } else { looked.join(" and ") };
    Err(config(format!(
        "there is no service \"{}\": looked in {looked}; add a section [{0}] there, or say where it is with PGSERVICEFILE",
        service.escape_debug()
    )))
}

/// A file's text; none for one of the usual places that does not exist.
fn read(file: &Path, given: bool) -> Result<Option<String>, Error> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !given => Ok(None),
        Err(error) => Err(config(format!(
            "the service file {} cannot be read: {error}; correct servicefile (PGSERVICEFILE), or leave it out",
            file.display()
        ))),
    }
}

fn config(problem: String) -> Error {
    UsageError::Config(problem.into()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing_files::Folder;

    fn places(folder: &Folder) -> Places {
        Places { own: Some(folder.path("home")), system: Some(folder.path("etc")) }
    }

    fn read_with(settings: &str, environment: &str, folder: &Folder) -> Result<Settings, String> {
        let parse = |text| Settings::parse(text).unwrap();
        with_service(parse(settings), parse(environment), &places(folder)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_service_goes_between_the_text_and_the_environment() {
        let folder = Folder::new();
        folder.write("home/.pg_service.conf", "[app]\nhost=db\nuser=of_service\ndbname=shop\n");
        let settings =
            read_with("service=app user=of_text", "dbname=of_environment port=7", &folder).unwrap();
        let values = ["user", "host", "dbname", "port"].map(|name| settings.get(name).unwrap().to_owned());
        assert_eq!(values, ["of_text", "db", "shop", "7"]);
    }

    #[test]
    fn the_systems_file_is_looked_at_when_the_persons_has_it_not() {
        let folder = Folder::new();
        folder.write("home/.pg_service.conf", "[other]\nhost=x\n");
        folder.write("etc/pg_service.conf", "[app]\nhost=y\n");
        assert_eq!(read_with("", "service=app", &folder).unwrap().get("host"), Some("y"));
    }

    #[test]
    fn a_file_that_is_named_is_the_only_one() {
        let folder = Folder::new();
        folder.write("home/.pg_service.conf", "[app]\nhost=x\n");
        let file = folder.write("mine", "[app]\nhost=y\n");
        let settings = read_with(&format!("service=app servicefile={file}"), "", &folder).unwrap();
        assert_eq!(settings.get("host"), Some("y"));
        let error = read_with("service=app servicefile=/nowhere/x", "", &folder).unwrap_err();
        assert!(error.contains("the service file /nowhere/x cannot be read"), "{error}");
    }

    #[test]
    fn an_unknown_service_tells_where_it_was_looked_for() {
        let folder = Folder::new();
        folder.write("home/.pg_service.conf", "[app]\nhost=x\n");
        let error = read_with("service=shop", "", &folder).unwrap_err();
        assert!(error.starts_with("there is no service \"shop\": looked in "), "{error}");
        assert!(error.contains("home/.pg_service.conf and ") && error.contains("PGSERVICEFILE"), "{error}");
    }

    #[test]
    fn a_broken_file_names_itself_and_the_line() {
        let folder = Folder::new();
        let file = folder.write("home/.pg_service.conf", "[app]\nhots=x\n");
        let error = read_with("service=app", "", &folder).unwrap_err();
        assert!(error.starts_with(&format!("{file}: service file, line 2: ")), "{error}");
    }

    #[test]
    fn without_a_service_nothing_is_read() {
        let folder = Folder::new();
        folder.write("home/.pg_service.conf", "broken");
        assert_eq!(read_with("user=a", "host=b", &folder).unwrap().get("host"), Some("b"));
    }
}
