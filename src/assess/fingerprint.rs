//! Names for findings that stay when lines move.
//!
//! In: findings. Out: the same, each with its fingerprint. It leaves alone what a fingerprint is compared with.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64;

use crate::finding::Finding;

/// Marks every finding. Identical ones (same vendor, call, class, property, file and enclosing symbol) are told apart by
/// their order in the file.
pub(super) fn mark(findings: &mut [Finding]) {
    findings
        .sort_by(|a, b| (&a.location, &a.sink, a.origin).cmp(&(&b.location, &b.sink, b.origin)));
    let mut ordinals: BTreeMap<String, u32> = BTreeMap::new();
    for finding in findings {
        // No part can hold a NUL, so no two lists of parts give the same text.
        let key = [
            &finding.vendor,
            &finding.call,
            &finding.class,
            &finding.property,
            &finding.location.path,
            finding.location.symbol.as_deref().unwrap_or_default(),
        ]
        .join("\0");
        let ordinal = ordinals.entry(key.clone()).or_default();
        let text = format!("{key}\0{ordinal}");
        *ordinal += 1;
        finding.fingerprint = format!("{:016x}", xxh3_64(text.as_bytes()));
    }
}
