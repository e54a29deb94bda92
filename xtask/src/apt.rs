//! Debian packages, for the two things that come from nowhere else: a browser, and a standard library for wasm.

use trunkline_test_server::{Error, Result};

use crate::run;

/// Installs them, as root or by a sudo that asks nothing.
pub(crate) fn install(why: &str, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    let by_hand = format!("apt-get update && apt-get install -y --no-install-recommends {names}");
    if run::find("apt-get").is_none() {
        return Err(Error::new(format!(
            "{why}: this system has no apt-get; install {names}, or what it calls them"
        )));
    }
    let Some(prefix) = privilege() else {
        return Err(Error::new(format!("{why} needs Debian packages. As root, run:\n  {by_hand}")));
    };
    let advice = format!("As root, run:\n  {by_hand}");
    let apt = |arguments: &[&str]| {
        let mut words = prefix.iter().copied().chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        let mut command = run::command(words.next().unwrap_or("env"));
        command.args(words).args(arguments);
        command
    };
    run::quiet("reading Debian's package lists", &mut apt(&["update"]), &advice)?;
    let mut install = apt(&["install", "-y", "--no-install-recommends"]);
    run::quiet(&format!("installing {names} ({why})"), install.args(packages), &advice)?;
    Ok(())
}

/// The newest package whose name is `stem` and a number.
pub(crate) fn newest(stem: &str) -> Option<String> {
    let output = run::command("apt-cache").args(["pkgnames", stem]).output().ok()?;
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers = names.lines().filter_map(|name| name.strip_prefix(stem)?.parse::<u32>().ok());
    numbers.max().map(|number| format!("{stem}{number}"))
}

fn privilege() -> Option<&'static [&'static str]> {
    let succeeds = |program: &str, arguments: &[&str]| run::command(program).args(arguments).output();
    if succeeds("id", &["-u"]).is_ok_and(|output| output.stdout == b"0\n") {
        return Some(&[]);
    }
    succeeds("sudo", &["-n", "true"]).is_ok_and(|output| output.status.success()).then_some(&["sudo", "-n"])
}
