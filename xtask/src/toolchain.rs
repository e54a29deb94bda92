//! A compiler for wasm32-unknown-unknown: the one at hand, else rustup's, else Debian's.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use trunkline_test_server::{Error, Result, npm};

use crate::{apt, run};

/// Where the standard library for wasm comes from.
#[derive(Debug)]
pub(crate) enum Toolchain {
    /// The compiler that cargo uses has it.
    Installed,
    /// Debian's compiler, with a library that we built of Debian's sources.
    Debian { sysroot: PathBuf, linker: PathBuf },
}

impl Toolchain {
    /// Finds one, or installs it. `TRUNKLINE_WASM_TOOLCHAIN=debian` asks for the last way.
    pub(crate) fn ready() -> Result<Self> {
        let debian = env::var("TRUNKLINE_WASM_TOOLCHAIN").is_ok_and(|way| way == "debian");
        if !debian && (has_target() || add_target()) {
            return Ok(Self::Installed);
        }
        Self::debian()
    }

    /// `cargo` that builds for wasm with it, in a target directory of its own: the compiler may be another one.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = run::cargo(arguments);
        // Flags of the person's own would replace ours.
        for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
            command.env_remove(variable);
        }
        let mut flags: Vec<String> = FLAGS.map(str::to_owned).into();
        flags.extend(without_paths());
        if let Self::Debian { sysroot, linker } = self {
            flags.push(format!("--sysroot={}", sysroot.display()));
            command.env("RUSTC", SYSTEM_RUSTC).env(LINKER_VARIABLE, linker);
        }
        // Encoded, so that blanks in paths do no harm.
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}")).env("CARGO_TARGET_DIR", self.target());
        command
    }

    /// Where [`cargo`](Self::cargo) builds.
    pub(crate) fn target(&self) -> PathBuf {
        run::target().join(match self {
            Self::Installed => "wasm",
            Self::Debian { .. } => "wasm-debian",
        })
    }

    fn debian() -> Result<Self> {
        if !has_packages() {
            let linker = apt::newest("lld-").unwrap_or_else(|| "lld".to_owned());
            apt::install("compiling to wasm", &["rustc-web", "rust-web-src", &linker])?;
        }
        let linker = linker().ok_or_else(|| Error::new("no wasm-ld found: apt-get install lld"))?;
        let sysroot = build_sysroot(&linker)?;
        Ok(Self::Debian { sysroot, linker })
    }
}

/// SIMD for the searches; of SHA-256 the smaller code.
const FLAGS: [&str; 5] =
    ["-Ctarget-feature=+simd128", "--cfg", "sha2_backend=\"soft\"", "--cfg", "sha2_backend_soft=\"compact\""];

/// Messages of panics hold file names. Those of this machine are nobody's business, and cost bytes.
fn without_paths() -> impl Iterator<Item = String> {
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    cargo_home
        .into_iter()
        .chain([npm::root()])
        .map(|folder| format!("--remap-path-prefix={}=", folder.display()))
}

fn has_target() -> bool {
    let rustc = env::var_os("RUSTC").filter(|value| !value.is_empty()).unwrap_or_else(|| "rustc".into());
    let output = run::command(rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    output.is_ok_and(|output| holds_std(Path::new(String::from_utf8_lossy(&output.stdout).trim())))
}

fn add_target() -> bool {
    if run::find("rustup").is_none() {
        return false;
    }
    let mut command = run::command("rustup");
    command.args(["target", "add", TARGET]);
    match run::quiet("adding the wasm target (rustup target add)", &mut command, "") {
        Ok(_) => has_target(),
        Err(error) => {
            println!("{error}rustup has no wasm target for this toolchain: trying Debian's compiler");
            false
        }
    }
}

/// An empty crate built with -Zbuild-std leaves std's libraries behind; they are kept in a sysroot of their own, and
/// every later build is plain, stable cargo. `test` and `proc_macro` are there for wasm-bindgen's test runner.
fn build_sysroot(linker: &Path) -> Result<PathBuf> {
    let version =
        run::quiet("asking Debian's compiler for its version", run::command(SYSTEM_RUSTC).arg("-V"), "")?;
    let name = version.trim().replace(|character: char| !character.is_ascii_alphanumeric(), "-");
    let sysroot = run::target().join("wasm-sysroot").join(name);
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    if holds_std(&libraries) && sysroot.join(COMPLETE).exists() {
        return Ok(sysroot);
    }
    let seed = run::target().join("wasm-sysroot/seed");
    run::io("preparing the sysroot", write_seed(&seed))?;
    let mut flags = vec!["-Cembed-bitcode=yes".to_owned()];
    flags.extend(without_paths());
    let mut build = run::cargo(&["build", "--release", "--target", TARGET]);
    build
        .arg("-Zbuild-std=std,panic_abort,proc_macro,test")
        .current_dir(&seed)
        .env("RUSTC", SYSTEM_RUSTC)
        // std uses unstable features of the compiler that it came with.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .env("CARGO_TARGET_DIR", seed.join("target"))
        .env(LINKER_VARIABLE, linker);
    let advice = "Install a Rust toolchain with rustup (https://rustup.rs), which has a library for wasm.";
    run::quiet("building the standard library for wasm, once (about a minute)", &mut build, advice)?;
    run::io("keeping the standard library", keep(&seed, &sysroot, &libraries))?;
    Ok(sysroot)
}

fn write_seed(seed: &Path) -> std::io::Result<()> {
    fs::create_dir_all(seed.join("src"))?;
    fs::write(seed.join("src/lib.rs"), "#![no_std]\n")?;
    fs::write(seed.join("Cargo.toml"), SEED)
}

fn keep(seed: &Path, sysroot: &Path, libraries: &Path) -> std::io::Result<()> {
    fs::create_dir_all(libraries)?;
    for entry in fs::read_dir(seed.join("target").join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.contains("stdseed") {
            fs::copy(&path, libraries.join(name))?;
        }
    }
    // Build scripts and procedural macros are built for the host, with the same sysroot.
    for entry in fs::read_dir("/usr/lib/rustlib")? {
        let host = entry?;
        let link = sysroot.join("lib/rustlib").join(host.file_name());
        if host.path().join("lib").is_dir() && fs::symlink_metadata(&link).is_err() {
            std::os::unix::fs::symlink(host.path(), link)?;
        }
    }
    fs::write(sysroot.join(COMPLETE), "")
}

fn has_packages() -> bool {
    Path::new(SYSTEM_RUSTC).exists()
        && Path::new("/usr/lib/rustlib/src/rust/library/std").exists()
        && linker().is_some()
}

fn linker() -> Option<PathBuf> {
    if let Some(unversioned) = run::find("wasm-ld") {
        return Some(unversioned);
    }
    let names = fs::read_dir("/usr/bin").ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let numbers = names.filter_map(|name| name.strip_prefix("wasm-ld-")?.parse::<u32>().ok());
    numbers.max().map(|number| PathBuf::from(format!("/usr/bin/wasm-ld-{number}")))
}

fn holds_std(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// The one target of the wasm crate.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const SYSTEM_RUSTC: &str = "/usr/bin/rustc";
const LINKER_VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER";
const COMPLETE: &str = ".complete";
const SEED: &str = r#"[package]
name = "stdseed"
version = "0.0.0"
edition = "2021"
[profile.release]
panic = "abort"
opt-level = 3
codegen-units = 1
strip = "debuginfo"
[workspace]
"#;
