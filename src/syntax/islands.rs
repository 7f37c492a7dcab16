//! Scripts inside other files: Vue, Svelte and Astro components, and HTML pages.
//!
//! In: the text of such a file. Out: where its scripts stand, and by which grammar each is read; and the markup around them
//! as a script of its own. It leaves alone the scripts themselves, and what is in a tag (`template`).

use std::ops::Range;

use super::Language;
use super::lower::Role;
use super::markup::{Braces, Markup, Tag, Token};
use super::template::Template;
use super::template::rendering::Rendering;

/// What kind of file holds the scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    Vue,
    Svelte,
    Astro,
    Html,
    /// A page that is the template of a component of Angular.
    Angular,
}

/// A script.
#[derive(Debug)]
pub(super) struct Island {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// How it is read.
    pub(super) language: Language,
    /// What it is to the others.
    pub(super) role: Role,
}

impl Host {
    /// The kind of file of a file name's extension, without the dot, in lower case.
    pub(super) fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "vue" => Some(Self::Vue),
            "svelte" => Some(Self::Svelte),
            "astro" => Some(Self::Astro),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }

    /// Whether a tag has a name. Components may differ from elements by their case alone.
    fn is(self, tag: &Tag<'_>, name: &str) -> bool {
        match self {
            Self::Html => tag.name.eq_ignore_ascii_case(name),
            _ => tag.name == name,
        }
    }

    /// What stands in braces.
    pub(super) fn braces(self) -> Braces {
        match self {
            Self::Vue => Braces::Double,
            Self::Svelte => Braces::Single,
            Self::Astro => Braces::Attributes,
            Self::Html => Braces::None,
            Self::Angular => Braces::Blocks,
        }
    }

    /// Elements that hold text in which no tag counts.
    fn is_raw(self, tag: &Tag<'_>) -> bool {
        ["style", "textarea", "title", "xmp", "iframe"]
            .iter()
            .any(|name| self.is(tag, name))
    }
}

/// The scripts of a file, in order, and its template.
pub(super) fn islands(text: &str, host: Host) -> (Vec<Island>, Rendering<'_>) {
    read(text, host, 0)
}

/// The script of a piece of markup in a text.
pub(super) fn markup_between(text: &str, host: Host, range: Range<usize>) -> Rendering<'_> {
    let upto = text.get(..range.end).unwrap_or(text);
    read(upto, host, range.start).1
}

fn read(text: &str, host: Host, mut start: usize) -> (Vec<Island>, Rendering<'_>) {
    let mut islands = Vec::new();
    if host == Host::Astro
        && let Some((range, end)) = frontmatter(text)
    {
        start = end;
        islands.push(Island {
            range,
            language: Language::TypeScript,
            role: Role::Shared,
        });
    }
    let mut markup = Markup::new(text, start, host.braces());
    let mut template = Template::new(text, host, start);
    // How many templates of a Vue component are open: beside them, every block is text of its own kind.
    let mut templates = 0_usize;
    // Raw text that is never closed is read like any other, and no more is looked for.
    let mut raw = true;
    while let Some(token) = markup.next_token() {
        let tag = match token {
            Token::Tag(tag) => tag,
            Token::Braces(inner) => {
                if host != Host::Vue || templates > 0 {
                    template.braces(inner);
                }
                continue;
            }
            Token::Block(word, head) => {
                template.head_of_block(word, head);
                continue;
            }
            Token::End(at) => {
                template.end_of_block(at);
                continue;
            }
        };
        let is_template = host == Host::Vue && tag.name == "template";
        let is_block = host == Host::Vue && templates == 0;
        if tag.closing {
            templates -= usize::from(is_template && templates > 0);
        } else if tag.empty && host != Host::Html {
            // It has no content.
        } else if host.is(&tag, "script") {
            let range = match markup.raw(tag.name) {
                Some(range) => range,
                None => markup.rest(),
            };
            if host == Host::Astro && template.with_vars(&tag, range.clone()) {
                // It is part of the template, whose names it is given.
            } else if let Some(language) = language(&tag, host)
                && !text[range.clone()].trim().is_empty()
            {
                islands.push(Island {
                    range: range.clone(),
                    language,
                    role: role(&tag, host),
                });
            }
            template.unscripted(&tag, range.end);
            continue;
        } else if is_template && (templates > 0 || tag.attribute("lang").is_none()) {
            templates += 1;
        } else if raw && (host.is_raw(&tag) || is_block) {
            let content = markup.raw(tag.name);
            raw = content.is_some();
            if let Some(content) = content
                && host.is(&tag, "style")
            {
                template.unscripted(&tag, content.end);
                continue;
            }
        }
        if host.is(&tag, "script") || host.is(&tag, "style") {
            template.unscripted(&tag, tag.span.end);
        } else if !is_block {
            template.tag(&tag);
        }
    }
    (islands, template.finish(text.len()))
}

/// Whether a script's names are its own. The script of an Astro page runs elsewhere than its frontmatter.
fn role(tag: &Tag<'_>, host: Host) -> Role {
    let apart = match host {
        Host::Vue | Host::Svelte => false,
        Host::Astro => true,
        Host::Html | Host::Angular => kind(tag) == "module",
    };
    if apart { Role::Apart } else { Role::Shared }
}

/// The kind of script that a tag declares, without parameters, in lower case.
fn kind(tag: &Tag<'_>) -> String {
    let kind = tag.attribute("type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// The language of a script; none if it is data, in no language that is read here, or in a file of its own.
pub(super) fn language(tag: &Tag<'_>, host: Host) -> Option<Language> {
    if tag.attribute("src").is_some() {
        return None;
    }
    let by_type = match kind(tag).as_str() {
        ""
        | "module"
        | "text/javascript"
        | "application/javascript"
        | "text/ecmascript"
        | "application/ecmascript"
        | "text/x-javascript"
        | "application/x-javascript"
        | "text/babel"
        | "text/jsx"
        | "text/partytown" => Language::JavaScript,
        "text/typescript" | "application/typescript" | "ts" => Language::TypeScript,
        _ => return None,
    };
    match tag
        .attribute("lang")
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        None | Some("") if host == Host::Astro => Some(Language::TypeScript),
        None | Some("" | "js" | "javascript" | "jsx") => Some(by_type),
        Some("ts" | "typescript") => Some(Language::TypeScript),
        Some("tsx") => Some(Language::Tsx),
        Some(_) if host == Host::Html => Some(by_type),
        Some(_) => None,
    }
}

/// Where the script between the fences of an Astro page stands, and where the page goes on.
fn frontmatter(text: &str) -> Option<(Range<usize>, usize)> {
    const FENCE: &str = "---";
    let blank = |char: char| char.is_whitespace() || char == '\u{feff}';
    let opening = text.trim_start_matches(blank).strip_prefix(FENCE)?;
    let start = text.len() - opening.len();
    let mut at = start;
    for line in opening.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if at > start && line[indent..].starts_with(FENCE) {
            return Some((start..at + indent, at + indent + FENCE.len()));
        }
        at += line.len();
    }
    let end = start + opening.find(FENCE)?;
    Some((start..end, end + FENCE.len()))
}
