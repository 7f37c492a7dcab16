//! Files of a bounded size.
//!
//! In: a path and how much of it is read at most. Out: its text, or why there is none. It leaves alone what the text says.
//!
//! Only ordinary files are opened: opening a pipe waits for somebody to write into it, and a device never ends.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Configuration, manifests and lists of acceptances are written by people, or by tools for people.
pub const CONFIGURATION: u64 = 4 << 20;

/// The marks of UTF-16, by which byte of a unit comes first.
const LITTLE: [u8; 2] = [0xff, 0xfe];
const BIG: [u8; 2] = [0xfe, 0xff];

/// How deep JSON may nest; its parsers recurse.
const MAX_NESTING: usize = 120;

/// The bytes of a file.
///
/// # Errors
///
/// When it cannot be read, is no ordinary file, or is larger than `most`.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no ordinary file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other(format!("it is larger than {most} bytes")));
    }
    Ok(bytes)
}

/// The text of a file, without a mark of its encoding.
///
/// # Errors
///
/// As [`read`], and when it is no text.
pub fn text(path: &Path, most: u64) -> io::Result<String> {
    decoded(read(path, most)?).map_err(|_| io::Error::other("it is no UTF-8"))
}

/// The text that some bytes are, by the mark at their start, else as UTF-8.
///
/// # Errors
///
/// Gives back bytes that are no text.
pub fn decoded(bytes: Vec<u8>) -> Result<String, Vec<u8>> {
    let wide = |one: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).skip(1);
        let units = units.map(|pair| one([pair[0], pair[1]]));
        let chars: Result<String, _> = char::decode_utf16(units).collect();
        chars.ok()
    };
    let wide = match bytes.as_slice() {
        text if text.starts_with(&LITTLE) => wide(u16::from_le_bytes),
        text if text.starts_with(&BIG) => wide(u16::from_be_bytes),
        _ => None,
    };
    match wide {
        Some(text) => Ok(text),
        None => String::from_utf8(bytes).map_err(|error| error.into_bytes()),
    }
}

/// Whether a mark says that a text has two bytes for most characters.
pub fn is_wide(bytes: &[u8]) -> bool {
    bytes.starts_with(&LITTLE) || bytes.starts_with(&BIG)
}

/// Whether a text of JSON nests deeper than what reads it may go.
pub fn nests_too_deeply(json: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_NESTING {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_editors_write() {
        let little = [0xff, 0xfe, b'a', 0, 0x3d, 0xd8, 0x00, 0xde];
        assert_eq!(decoded(little.to_vec()).unwrap(), "a😀");
        let big = [0xfe, 0xff, 0, b'a', 0x20, 0x28];
        assert_eq!(decoded(big.to_vec()).unwrap(), "a\u{2028}");
        assert!(decoded(vec![0xff, b'a']).is_err());
        // Half of a pair is no text.
        assert!(decoded(vec![0xff, 0xfe, 0x3d, 0xd8]).is_err());
    }

    #[test]
    fn tells_deep_json() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(!nests_too_deeply(nested(120).as_bytes()));
        assert!(nests_too_deeply(nested(121).as_bytes()));
        let text = format!("{{\"a\": \"{}\\\"[\"}}", "[".repeat(500));
        assert!(!nests_too_deeply(text.as_bytes()));
        assert!(!nests_too_deeply("[],".repeat(500).as_bytes()));
    }

    #[test]
    fn keeps_to_the_size() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, "12345").unwrap();
        assert_eq!(text(&path, 5).unwrap(), "12345");
        assert!(text(&path, 4).unwrap_err().to_string().contains("larger"));
        assert!(text(dir.path(), 4).is_err());
    }
}
