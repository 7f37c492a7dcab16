//! Any bytes as divulge.toml, divulge.lock or a rule file. What can be read of a lock file is written as it can be read again.
#![no_main]

use std::path::Path;

use divulge::cli::{Cli, Command};
use divulge::config::ConfigFile;
use divulge::reviewed::LockFile;
use divulge::ruleset::Ruleset;
use divulge::settings::{Environment, Settings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(bytes).into_owned();
    match kind % 8 {
        0 => {
            let directory = tempfile::tempdir().expect("a temporary directory");
            let vendors = directory.path().join("vendors");
            std::fs::create_dir(&vendors).expect("a directory");
            std::fs::write(vendors.join("acme.toml"), text).expect("a file");
            let _ = Ruleset::load(&[directory.path().to_owned()]);
        }
        1 => {
            let directory = tempfile::tempdir().expect("a temporary directory");
            std::fs::write(directory.path().join("divulge.toml"), text).expect("a file");
            let arguments = ["divulge", "scan"].map(std::ffi::OsString::from);
            let arguments = arguments.into_iter().chain([directory.path().into()]);
            let Ok(Cli {
                command: Command::Scan(scan),
                ..
            }) = clap::Parser::try_parse_from(arguments)
            else {
                return;
            };
            let _ = Settings::resolve(&scan, &Environment::default());
        }
        2..=4 => {
            let _ = ConfigFile::parse(Path::new("divulge.toml"), text);
        }
        _ => {
            let path = Path::new("divulge.lock");
            if let Ok(lock) = LockFile::parse(path, &text) {
                let written = lock.write();
                let again = LockFile::parse(path, &written).expect("what was written can be read");
                assert_eq!(again.write(), written);
            }
        }
    }
});
