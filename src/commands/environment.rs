//! What the environment says of every run.
//!
//! In: variables of the process. Out: [`Environment`]. It leaves alone what wins over it (`settings`).

use std::env;
use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::settings::Environment;

/// Names the configuration file.
const CONFIG: &str = "DIVULGE_CONFIG";
/// Names the directory in which results are kept.
const CACHE: &str = "DIVULGE_CACHE";
/// Instead of a directory: none.
const OFF: &str = "off";
/// Set on machines that start from nothing, where what is kept is never found again.
const CI: &str = "CI";

/// Reads the environment.
pub(super) fn environment() -> Environment {
    Environment {
        config: named(CONFIG),
        cache: match named(CACHE) {
            Some(value) if value.as_os_str() == OFF => None,
            Some(directory) => Some(directory),
            None if named(CI).is_some() => None,
            None => etcetera::choose_base_strategy()
                .ok()
                .map(|user| user.cache_dir().join(env!("CARGO_PKG_NAME"))),
        },
    }
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
