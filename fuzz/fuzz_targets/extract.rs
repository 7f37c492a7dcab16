//! Any bytes, as a file of any kind: its facts name no place outside of it.
#![no_main]

use divulge::syntax::{comments, extract_file};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 10] = [
    "a.js",
    "a.jsx",
    "a.ts",
    "a.tsx",
    "a.d.ts",
    "a.vue",
    "a.svelte",
    "a.astro",
    "a.html",
    "a.component.html",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    let name = NAMES[usize::from(*kind) % NAMES.len()];
    let text = String::from_utf8_lossy(bytes);
    let facts = extract_file(&text, name);
    for node in &facts.exprs {
        assert!(node.span.start <= node.span.end && node.span.end as usize <= text.len());
    }
    for span in comments(&text, name) {
        assert!(text.get(span.start as usize..span.end as usize).is_some());
    }
});
