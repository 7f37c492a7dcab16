//! Whether an address of a script is one.
//!
//! In: what a rule lists under `scripts`. Out: what is wrong with it. It leaves alone whose the host is.

use super::validate::is_host;

/// What is wrong with an address, which is a host and the start of a path, or a path of the app's own server.
pub(super) fn mistake(address: &str) -> Option<String> {
    let Some((host, path)) = address.split_once('/') else {
        return Some(format!(
            "`{address}` is a host and no script on it: a path is missing"
        ));
    };
    if address.contains("//") {
        return Some(format!("`{address}` has a scheme, which is left out"));
    }
    let is_whole = match host {
        "" => !path.is_empty(),
        host => is_host(host),
    };
    (!is_whole).then(|| format!("`{address}` is no address of a script"))
}
