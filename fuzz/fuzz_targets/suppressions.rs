//! Any bytes as a file with comments that accept findings.
#![no_main]

use divulge::directives;
use divulge::read::Texts;
use divulge::source::{RepoPath, SourceFile};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 6] = ["a.ts", "a.tsx", "a.js", "a.vue", "a.svelte", "a.html"];

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(bytes).into_owned();
    let lines = u32::try_from(text.matches('\n').count() + 1).expect("few lines");
    let texts = Texts {
        files: vec![SourceFile {
            path: RepoPath::new(NAMES[usize::from(*kind) % NAMES.len()]),
            text,
        }],
        ..Texts::default()
    };
    let (directives, notices) = directives::read(&texts);
    for directive in directives {
        assert!(!directive.names.is_empty());
        assert!((1..=lines).contains(&directive.line));
    }
    for notice in notices {
        assert!(notice.line.is_none_or(|line| (1..=lines).contains(&line)));
    }
});
