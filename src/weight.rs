//! How much of a text is code.
//!
//! In: a text, or bytes that may be one. Out: its lines without their indentation, but for those that are comments. It leaves
//! alone what the code says.
//!
//! Types that tools write for an API are mostly descriptions and blanks: what they cost to parse is the rest of them.

/// The code in some bytes, line by line.
pub(crate) fn code(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.filter(|line| !is_comment(line))
}

/// How many bytes of code there are.
pub(crate) fn weight(bytes: &[u8]) -> usize {
    code(bytes).map(<[u8]>::len).sum()
}

/// Whether a line is a comment or a part of one, with nothing behind it.
fn is_comment(line: &[u8]) -> bool {
    let is_end = |line: &[u8]| {
        let end = line.windows(2).position(|pair| pair == b"*/");
        end.is_none_or(|at| at + 2 == line.len())
    };
    match line {
        [b'/', b'/', ..] | [b'*'] => true,
        [b'/', b'*', ..] | [b'*', b' ' | b'/', ..] => is_end(line),
        _ => line.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::weight;

    #[test]
    fn comments_and_blanks_weigh_nothing() {
        let text =
            b"// a\n/** b */\n/**\n * c\n *\n */\n\n    let a = 1;\n  * b;\n/* c */ d\n */ e\n";
        assert_eq!(
            weight(text),
            "let a = 1;".len() + "/* c */ d".len() + "*/ e".len()
        );
    }
}
