//! Rows for a spreadsheet.
//!
//! In: fields. Out: a line of CSV (RFC 4180), in which no field is taken for a formula. It leaves alone what the columns are.

/// One row.
pub(super) fn row<'f>(fields: impl IntoIterator<Item = &'f str>) -> String {
    let fields: Vec<String> = fields.into_iter().map(field).collect();
    fields.join(",") + "\r\n"
}

/// What a spreadsheet would calculate is made a text by an apostrophe.
fn field(text: &str) -> String {
    let text = super::visible(text);
    let guard = if text.starts_with(['=', '+', '-', '@']) {
        "'"
    } else {
        ""
    };
    if text.contains([',', '"']) || !guard.is_empty() {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_disarms() {
        assert_eq!(
            row(["a", "b,c", "d\"e", "=1+1", "x\ny"]),
            "a,\"b,c\",\"d\"\"e\",\"'=1+1\",x␊y\r\n"
        );
    }
}
