use std::process::Command;

use trunkline_tests::live::on_every_version;
use trunkline_tests::server::PASSWORD;

/// What a program says that connects by its environment alone.
fn whoami(variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whoami"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PG")) {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = if output.status.success() { output.stdout } else { output.stderr };
    String::from_utf8(text).unwrap().trim().to_owned()
}

#[test]
fn the_environment_alone_is_enough() {
    on_every_version(async |server| {
        let port = server.port().to_string();
        let common = [("PGHOST", "127.0.0.1"), ("PGPORT", &*port), ("PGDATABASE", "postgres")];
        let with = |more: &[(&str, &str)]| whoami(&[&common[..], more].concat());
        assert_eq!(with(&[("PGUSER", "trust_user"), ("PGAPPNAME", "till")]), "trust_user till");
        let scram = [("PGUSER", "scram_user"), ("PGAPPNAME", "till"), ("PGPASSWORD", PASSWORD)];
        assert_eq!(with(&scram), "scram_user till");
        let asked = [("PGUSER", "trust_user"), ("PGOPTIONS", "-capplication_name=by_options")];
        assert_eq!(with(&asked), "trust_user by_options");
        let refused = with(&[("PGUSER", "trust_user"), ("PGTARGETSESSIONATTRS", "standby")]);
        assert!(refused.contains("target_session_attrs=standby"), "{refused}");
    });
}

#[test]
fn the_usual_files_are_found_by_the_environment() {
    on_every_version(async |server| {
        let home = std::env::temp_dir().join(format!("trunkline-home-{}", std::process::id()));
        std::fs::create_dir_all(&home).unwrap();
        let port = server.port();
        let service = format!("[app]\nhost=127.0.0.1\nport={port}\ndbname=postgres\nuser=scram_user\n");
        std::fs::write(home.join(".pg_service.conf"), &service).unwrap();
        std::fs::write(home.join("pg_service.conf"), service.replace("[app]", "[system]")).unwrap();
        let passfile = home.join(".pgpass");
        std::fs::write(&passfile, format!("127.0.0.1:{port}:*:scram_user:{PASSWORD}\n")).unwrap();
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&passfile, private).unwrap();
        let path = home.to_str().unwrap();
        let app = [("HOME", path), ("PGSERVICE", "app"), ("PGAPPNAME", "till")];
        assert_eq!(whoami(&app), "scram_user till");
        let system = [("HOME", path), ("PGSYSCONFDIR", path), ("PGSERVICE", "system"), ("PGAPPNAME", "till")];
        assert_eq!(whoami(&system), "scram_user till");
        let unknown = whoami(&[("HOME", path), ("PGSERVICE", "shop")]);
        assert!(unknown.contains("there is no service \"shop\""), "{unknown}");
        std::fs::remove_dir_all(&home).unwrap();
    });
}
