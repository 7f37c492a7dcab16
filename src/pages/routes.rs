//! Addresses, by their parts.
//!
//! In: an address as a router, a file tree or a link writes it. Out: its parts, and which of them are parameters. It leaves
//! alone what a parameter holds.

/// What stands for a part that is filled in.
const ANY: &str = "*";

/// A part of an address that is filled in: `:token`, `[token]`, `$token`, `{token}`.
pub(super) fn parameter(part: &str) -> Option<&str> {
    let bare = |part: &'_ str, start: &str, end: &str| -> Option<usize> {
        let inner = part.strip_prefix(start)?.strip_suffix(end)?;
        Some(inner.len())
    };
    let name = if bare(part, "[[", "]]").is_some() {
        part.trim_matches(['[', ']'])
    } else if bare(part, "[", "]").is_some() || bare(part, "{", "}").is_some() {
        part.get(1..part.len() - 1)?
    } else {
        part.strip_prefix([':', '$'])?
    };
    // `:token?`, `:token(\\w+)`, `...token`, `token=matcher`.
    let name = name.trim_start_matches("...");
    let end = name.find(|char: char| !char.is_alphanumeric() && !matches!(char, '_' | '-'));
    let name = name.get(..end.unwrap_or(name.len()))?;
    (!name.is_empty()).then_some(name)
}

/// The parameters in the path of an address.
pub(super) fn parameters(address: &str) -> impl Iterator<Item = &str> {
    path(address).split('/').filter_map(parameter)
}

/// Whether the path of an address has a parameter of this name.
pub(super) fn has_parameter(address: &str, name: &str) -> bool {
    parameters(address).any(|it| it == name)
}

/// An address without its query.
pub(super) fn path(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or(address)
}

/// The path with all parameters alike, by which two writings of an address are the same.
pub(super) fn folded(address: &str) -> String {
    let parts = path(address).split('/').filter(|part| !part.is_empty());
    let parts = parts.map(|part| parameter(part).map_or(part, |_| ANY));
    parts.collect::<Vec<_>>().join("/")
}

/// The path of an address, folded once to be compared with many.
pub(super) struct Folded(String);

impl Folded {
    pub(super) fn of(address: &str) -> Self {
        Self(folded(address))
    }

    fn parts(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// Whether a link may lead to a route: one ends like the other, in at least one part that is no parameter.
    pub(super) fn leads_to(&self, route: &Self) -> bool {
        let mut ends = self.parts().rev().zip(route.parts().rev());
        ends.clone().all(|(a, b)| a == b || a == ANY || b == ANY)
            && ends.any(|(a, b)| a == b && a != ANY)
    }

    /// Whether a link leads to just this route: both have the same parts, but for what is filled in.
    pub(super) fn is_at(&self, route: &Self) -> bool {
        let is_same = |(a, b): (&str, &str)| a == b || b == ANY;
        self.parts().count() == route.parts().count()
            && self.parts().zip(route.parts()).all(is_same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_parameters_in_all_writings() {
        let found = |address| parameters(address).collect::<Vec<_>>();
        assert_eq!(found("/reset/:token?"), ["token"]);
        assert_eq!(found("/reset/[token]/[[...rest]]"), ["token", "rest"]);
        assert_eq!(found("/sign/$token/done"), ["token"]);
        assert_eq!(found("/a/{inviteCode}?x=1"), ["inviteCode"]);
        assert!(found("/reset/token").is_empty());
        assert_eq!(folded("/reset/[token]/done"), folded("reset/:key/done"));
    }

    fn is_at(link: &str, route: &str) -> bool {
        Folded::of(link).is_at(&Folded::of(route))
    }

    fn leads_to(link: &str, route: &str) -> bool {
        Folded::of(link).leads_to(&Folded::of(route))
    }

    #[test]
    fn a_link_is_at_the_route_that_has_its_parts() {
        assert!(is_at("/join/{code}?x=1", "/join/[code]"));
        assert!(is_at("/auth/login?email={email}", "/auth/login"));
        assert!(!is_at("/login?email={email}", "/auth/login"));
        assert!(!is_at("/join/{code}", "/join/success"));
    }

    #[test]
    fn a_link_leads_to_a_route_that_ends_alike() {
        assert!(leads_to("/verify?email={email}", "/[locale]/verify"));
        assert!(leads_to("/join/{code}", "/join/:code"));
        assert!(!leads_to("/{a}/{b}", "/x/y"));
        assert!(!leads_to("/verify", "/reset"));
    }
}
