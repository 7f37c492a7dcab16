//! Comments that accept findings.
//!
//! In: the texts of a scan. Out: a [`Directive`] for each comment that accepts something on a line, in a block or in its
//! file; and what is wrong with those that cannot be understood. It leaves alone whether there is anything to accept.
//!
//! ```text
//! // divulge-disable-next-line email -- newsletter, legal#12; until 2027-03-01; owner growth
//! ```
//!
//! A comment counts only if it begins with such a word, and names a vendor or a data class: names of classes and of
//! vendors narrow each other. A text that merely looks like a comment is none.

use std::collections::BTreeSet;

use crate::day::Day;
use crate::finding::{Notice, NoticeKind};
use crate::read::Texts;
use crate::source::{Lines, SourceFile, Span};
use crate::syntax;

/// What every word begins with, and what makes a text worth a look.
const PREFIX: &str = "divulge-";

const NEXT_LINE: &str = "divulge-disable-next-line";
const LINE: &str = "divulge-disable-line";
const FILE: &str = "divulge-disable-file";
const BLOCK: &str = "divulge-disable";
const BLOCK_END: &str = "divulge-enable";

/// What a comment covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// What begins on this line.
    From(u32),
    /// What begins or ends on this line.
    On(u32),
    /// What begins between two lines.
    Between(u32, u32),
    /// The whole file.
    All,
}

/// A comment that accepts findings.
#[derive(Debug, Clone)]
pub struct Directive {
    /// The file.
    pub path: String,
    /// The line of the comment.
    pub line: u32,
    /// What it covers.
    pub reach: Reach,
    /// The vendors and classes that it names; at least one.
    pub names: BTreeSet<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it counts.
    pub until: Option<Day>,
}

/// All directives of a scan, by file and line, and notices of those that are invalid.
pub fn read(texts: &Texts) -> (Vec<Directive>, Vec<Notice>) {
    let finder = memchr::memmem::Finder::new(PREFIX);
    let mut directives = Vec::new();
    let mut notices = Vec::new();
    for file in &texts.files {
        if finder.find(file.text.as_bytes()).is_some() {
            of_file(file, &mut directives, &mut notices);
        }
    }
    (directives, notices)
}

/// What a comment says.
struct Said {
    word: &'static str,
    names: BTreeSet<String>,
    reason: Option<String>,
    owner: Option<String>,
    until: Option<Day>,
}

fn of_file(file: &SourceFile, directives: &mut Vec<Directive>, notices: &mut Vec<Notice>) {
    let path = file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    let lines = Lines::new(&file.text);
    let line_of = |offset: u32| lines.position(offset).line;
    let mut open: Vec<(u32, Said)> = Vec::new();
    for span in syntax::comments(&file.text, name) {
        let line = line_of(span.start);
        let said = match parse(file.slice(span)) {
            None => continue,
            Some(Ok(said)) => said,
            Some(Err(message)) => {
                notices.push(invalid(path, line, message));
                continue;
            }
        };
        let reach = match said.word {
            NEXT_LINE => Reach::From(next_line(&file.text, span, &line_of)),
            LINE => Reach::On(line),
            FILE => Reach::All,
            BLOCK => {
                open.push((line, said));
                continue;
            }
            _ => {
                let ends =
                    |(_, block): &(u32, Said)| said.names.is_empty() || said.names == block.names;
                if !open.iter().any(ends) {
                    let message = format!("no `{BLOCK}` of the same names stands above");
                    notices.push(invalid(path, line, message));
                }
                for (start, block) in open.extract_if(.., |block| ends(block)) {
                    directives.push(directive(path, start, Reach::Between(start, line), block));
                }
                continue;
            }
        };
        directives.push(directive(path, line, reach, said));
    }
    // A block that is never closed would silently cover whatever is added below.
    for (line, _) in open {
        let message = format!(
            "no `{BLOCK_END}` closes this, so it accepts nothing; for the whole file there is `{FILE}`"
        );
        notices.push(invalid(path, line, message));
    }
    directives.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
}

fn directive(path: &str, line: u32, reach: Reach, said: Said) -> Directive {
    Directive {
        path: path.to_owned(),
        line,
        reach,
        names: said.names,
        reason: said.reason,
        owner: said.owner,
        until: said.until,
    }
}

fn invalid(path: &str, line: u32, message: String) -> Notice {
    Notice {
        path: path.to_owned(),
        line: Some(line),
        kind: NoticeKind::Invalid,
        message,
    }
}

/// The line that follows a comment, beyond blank lines and other comments: several tools may want the line above.
fn next_line(text: &str, comment: Span, line_of: &impl Fn(u32) -> u32) -> u32 {
    let last = line_of(comment.end);
    let is_passed = |line: &str| {
        let line = line.trim();
        let ends = ["*/", "*/}", "-->"];
        line.is_empty()
            || line.starts_with("//")
            || (["/*", "{/*", "<!--"]
                .iter()
                .any(|start| line.starts_with(start))
                && ends.iter().any(|end| line.ends_with(end)))
    };
    let after = text.lines().skip(last as usize);
    let passed = after.take_while(|line| is_passed(line)).count();
    last.saturating_add(1)
        .saturating_add(u32::try_from(passed).unwrap_or(u32::MAX))
}

/// What a comment says, if it is for this program.
fn parse(comment: &str) -> Option<Result<Said, String>> {
    let text = bare(comment);
    if !text.starts_with(PREFIX) {
        return None;
    }
    let end = text
        .find(|char: char| !char.is_ascii_alphanumeric() && char != '-')
        .unwrap_or(text.len());
    // `-- reason` may follow the word at once.
    let (word, rest) = text.split_at(end);
    let word = word.split("--").next().unwrap_or(word);
    let rest = text.get(word.len()..).unwrap_or(rest);
    let known = [NEXT_LINE, LINE, FILE, BLOCK, BLOCK_END];
    let Some(word) = known.into_iter().find(|known| *known == word) else {
        let seems_meant = ["dis", "en", "ign", "allow", "supp"]
            .iter()
            .any(|start| word.trim_start_matches(PREFIX).starts_with(start));
        return seems_meant.then(|| {
            Err(format!(
                "there is no `{word}`; there are {}",
                known.join(", ")
            ))
        });
    };
    Some(said(word, rest))
}

fn said(word: &'static str, rest: &str) -> Result<Said, String> {
    // What follows `--` is the reason, and parts after a semicolon are its end and its owner, with or without a reason.
    let (names, after) = match (rest.find("--"), rest.find(';')) {
        (Some(dashes), semicolon) if semicolon.is_none_or(|at| dashes < at) => {
            let (names, after) = rest.split_at(dashes);
            (names, after.trim_start_matches('-'))
        }
        (_, Some(semicolon)) => rest.split_at(semicolon),
        _ => (rest, ""),
    };
    let mut said = Said {
        word,
        names: names
            .split(|char: char| char == ',' || char.is_whitespace())
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        reason: None,
        owner: None,
        until: None,
    };
    let mut reason = Vec::new();
    for part in after.split(';').map(str::trim) {
        if let Some(day) = part.strip_prefix("until ") {
            said.until = Some(day.trim().parse()?);
        } else if let Some(owner) = part.strip_prefix("owner ") {
            said.owner = Some(owner.trim().to_owned());
        } else if !part.is_empty() {
            reason.push(part.trim_start_matches("--").trim());
        }
    }
    if !reason.is_empty() {
        said.reason = Some(reason.join("; "));
    }
    if said.names.is_empty() && word != BLOCK_END {
        return Err(format!(
            "`{word}` names neither a data class nor a vendor, so it accepts nothing"
        ));
    }
    Ok(said)
}

/// The text of a comment in one line, without its marks.
fn bare(comment: &str) -> String {
    let inside = comment
        .strip_prefix("<!--")
        .map(|rest| rest.strip_suffix("-->").unwrap_or(rest))
        .or_else(|| {
            let rest = comment.strip_prefix("/*")?;
            Some(rest.strip_suffix("*/").unwrap_or(rest))
        })
        .or_else(|| comment.strip_prefix("//"))
        .unwrap_or(comment);
    let words = inside
        .lines()
        .map(|line| line.trim().trim_start_matches('*').trim_start())
        .flat_map(str::split_whitespace);
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;

    fn read_text(path: &str, text: &str) -> (Vec<Directive>, Vec<Notice>) {
        read(&Texts {
            files: vec![SourceFile {
                path: RepoPath::new(path),
                text: text.to_owned(),
            }],
            ..Texts::default()
        })
    }

    fn one(text: &str) -> Directive {
        let (directives, notices) = read_text("a.tsx", text);
        assert!(notices.is_empty(), "{notices:?}");
        let [directive] = directives.as_slice() else {
            panic!("{directives:?}");
        };
        directive.clone()
    }

    fn wrong(text: &str) -> Vec<String> {
        let (directives, notices) = read_text("a.tsx", text);
        assert!(directives.is_empty(), "{directives:?}");
        notices.into_iter().map(|notice| notice.message).collect()
    }

    #[test]
    fn every_part_is_read() {
        let all = one(
            "// divulge-disable-next-line email, acme -- news; see #1; until 2027-03-01; owner growth\nf()",
        );
        assert_eq!(all.reach, Reach::From(2));
        assert_eq!(Vec::from_iter(&all.names), ["acme", "email"]);
        assert_eq!(all.reason.as_deref(), Some("news; see #1"));
        assert_eq!(all.owner.as_deref(), Some("growth"));
        assert_eq!(all.until.unwrap().to_string(), "2027-03-01");
        let short = one("f() // divulge-disable-line email; until 2027-03-01");
        assert_eq!((short.reach, short.reason), (Reach::On(1), None));
        assert!(short.until.is_some());
        let file = one("/*\n * divulge-disable-file email\n * -- two\n * lines\n */");
        assert_eq!(file.reach, Reach::All);
        assert_eq!(file.reason.as_deref(), Some("two lines"));
    }

    #[test]
    fn the_next_line_is_the_next_line_of_code() {
        let jsx = "<p>\n{/* divulge-disable-next-line email -- x */}\n\n{/* @ts-expect-error */}\n<A/></p>";
        assert_eq!(one(jsx).reach, Reach::From(5));
    }

    #[test]
    fn a_block_needs_both_ends() {
        let block = "// divulge-disable email -- x\nf()\n// divulge-enable email\ng()";
        assert_eq!(one(block).reach, Reach::Between(1, 3));
        assert!(wrong("// divulge-disable email -- x\nf()")[0].contains("divulge-enable"));
        assert!(wrong("// divulge-enable email")[0].contains("above"));
    }

    #[test]
    fn what_is_not_understood_accepts_nothing() {
        assert!(wrong("// divulge-disable-next-line -- all of it")[0].contains("neither"));
        assert!(
            wrong("// divulge-disable-nextline email")[0].contains("divulge-disable-next-line")
        );
        assert!(wrong("// divulge-ignore email")[0].contains("there is no"));
        assert!(wrong("// divulge-disable-line email; until 2027-02-30")[0].contains("no day"));
        for quiet in [
            "// see divulge-disable-line email",
            "const a = '// divulge-disable-file email -- x'",
            "// divulge-specific settings",
        ] {
            assert!(wrong(quiet).is_empty(), "{quiet}");
        }
    }
}
