//! `xtask-wasm INPUT.wasm DIRECTORY`: what `wasm-bindgen --target web --out-name core` does.

use std::{env, process::ExitCode};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [input, directory] = arguments.as_slice() else {
        eprintln!("usage: xtask-wasm INPUT.wasm DIRECTORY");
        return ExitCode::from(2);
    };
    match generate(input, directory) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wasm-bindgen: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(input: &str, directory: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    // The names are most of an unstripped file, and only help in a debugger.
    bindgen.input_path(input).out_name("core").remove_name_section(true).typescript(true);
    let web = bindgen.web(true).map_err(|error| format!("{error:#}"))?;
    web.generate(directory).map_err(|error| format!("{error:#}"))
}
