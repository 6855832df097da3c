//! Whether one action pattern covers another, as Azure matches them.
//!
//! `*` stands for any text, slashes included; letter case does not count; `/*/` stands for nothing too, so that
//! `…/userAssignedIdentities/*/assign/action` covers `…/userAssignedIdentities/assign/action`. An action that is needed
//! may have `*` itself: it is covered only by a pattern that covers everything it stands for.
//!
//! Nothing here knows what an action does or which actions exist.

/// Whether `pattern` matches everything that `needed` stands for.
pub fn covers(pattern: &str, needed: &str) -> bool {
    // Most patterns differ from the action before their first `*`, or have none.
    let literal = pattern.find('*').unwrap_or(pattern.len());
    let same =
        needed.as_bytes().get(..literal).is_some_and(|head| head.eq_ignore_ascii_case(&pattern.as_bytes()[..literal]));
    if !same || literal == pattern.len() {
        return same && needed.len() == literal;
    }
    let (behind, rest) = (&pattern.as_bytes()[literal..], &needed.as_bytes()[literal..]);
    if !pattern.contains("/*/") {
        return covers_plainly(behind, rest);
    }
    let pattern = Pattern::new(pattern);
    let mut states = pattern.start();
    for byte in needed.bytes() {
        // A `*` that is needed is a letter of its own, which only a `*` of the pattern takes.
        if !pattern.step(&mut states, |own| own.eq_ignore_ascii_case(&byte)) {
            return false;
        }
    }
    pattern.accepts(&states)
}

/// The same where a `*` stands for any text and for nothing else: where one fails, the last `*` takes one byte more.
fn covers_plainly(pattern: &[u8], needed: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    while let Some(byte) = needed.get(read) {
        match (pattern.get(at), last) {
            (Some(b'*'), _) => {
                last = Some((at, read));
                at += 1;
            }
            // A `*` that is needed is a letter of its own, which only a `*` of the pattern takes.
            (Some(own), _) if own.eq_ignore_ascii_case(byte) => (at, read) = (at + 1, read + 1),
            (_, Some((star, taken))) => {
                last = Some((star, taken + 1));
                (at, read) = (star + 1, taken + 1);
            }
            (_, None) => return false,
        }
    }
    pattern[at.min(pattern.len())..].iter().all(|byte| *byte == b'*')
}

/// Whether there is an action that both patterns match.
pub fn overlaps(pattern: &str, other: &str) -> bool {
    if !other.contains('*') {
        return covers(pattern, other);
    }
    let (a, b) = (Pattern::new(pattern), Pattern::new(other));
    // Which pairs of places can be reached by one text; places grow along the way, but for the `*` that stay.
    let width = b.bytes.len() + 1;
    let mut reached = vec![false; (a.bytes.len() + 1) * width];
    let mut open = vec![(0, 0)];
    while let Some((i, j)) = open.pop() {
        if std::mem::replace(&mut reached[i * width + j], true) {
            continue;
        }
        let (x, y) = (a.bytes.get(i).copied(), b.bytes.get(j).copied());
        open.extend(a.skip(i).map(|i| (i, j)));
        open.extend(b.skip(j).map(|j| (i, j)));
        match (x, y) {
            (Some(b'*'), Some(b'*')) => {}
            (Some(b'*'), Some(_)) => open.extend(b.after(j).map(|j| (i, j))),
            (Some(_), Some(b'*')) => open.extend(a.after(i).map(|i| (i, j))),
            (Some(x), Some(y)) if x.eq_ignore_ascii_case(&y) => {
                open.extend(a.after(i).flat_map(|i| b.after(j).map(move |j| (i, j))));
            }
            _ => {}
        }
    }
    reached.last().copied().unwrap_or(false)
}

/// A pattern as a little automaton: its states are the places between its bytes.
struct Pattern<'a> {
    bytes: &'a [u8],
}

impl<'a> Pattern<'a> {
    fn new(pattern: &'a str) -> Self {
        Pattern { bytes: pattern.as_bytes() }
    }

    /// The place behind a `*`, which may stand for nothing.
    fn skip(&self, at: usize) -> Option<usize> {
        (self.bytes.get(at) == Some(&b'*')).then_some(at + 1)
    }

    /// The places after the byte at `at` is read: the next one and, behind the first slash of `/*/`, that behind the
    /// second.
    fn after(&self, at: usize) -> impl Iterator<Item = usize> + use<'a> {
        let bytes = self.bytes;
        let slash = bytes.get(at) == Some(&b'/');
        std::iter::successors(Some(at + 1), move |&place| {
            (slash && bytes.get(place..place + 2) == Some(&b"*/"[..])).then_some(place + 2)
        })
    }

    fn start(&self) -> Vec<bool> {
        let mut states = vec![false; self.bytes.len() + 1];
        states[0] = true;
        self.close(&mut states);
        states
    }

    /// Reads one byte; `same` says whether a byte of the pattern matches it. `false` where no place is left.
    fn step(&self, states: &mut Vec<bool>, same: impl Fn(&u8) -> bool) -> bool {
        let mut next = vec![false; states.len()];
        let mut any = false;
        for (at, byte) in self.bytes.iter().enumerate().filter(|(at, _)| states[*at]) {
            if *byte == b'*' {
                next[at] = true;
                any = true;
            } else if same(byte) {
                self.after(at).for_each(|place| next[place] = true);
                any = true;
            }
        }
        self.close(&mut next);
        *states = next;
        any
    }

    fn close(&self, states: &mut [bool]) {
        for at in 0..self.bytes.len() {
            if states[at] && self.bytes[at] == b'*' {
                states[at + 1] = true;
            }
        }
    }

    fn accepts(&self, states: &[bool]) -> bool {
        states.last().copied().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_matches_any_text_with_its_slashes() {
        assert!(covers("*", "Microsoft.Network/virtualNetworks/read"));
        assert!(covers("Microsoft.Network/*", "Microsoft.Network/virtualNetworks/subnets/join/action"));
        assert!(covers("*/read", "Microsoft.Network/virtualNetworks/subnets/read"));
        assert!(covers("a/*/b*/read", "a/x/y/bc/read"));
        assert!(!covers("*/read", "Microsoft.Network/virtualNetworks/write"));
        assert!(!covers("Microsoft.Network/*", "Microsoft.NetworkX/a/read"));
    }

    #[test]
    fn a_star_between_slashes_matches_no_segment_too() {
        let pattern = "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action";
        assert!(covers(pattern, "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"));
        assert!(covers(pattern, "Microsoft.ManagedIdentity/userAssignedIdentities/x/assign/action"));
        assert!(covers(pattern, "Microsoft.ManagedIdentity/userAssignedIdentities/x/y/assign/action"));
        assert!(!covers(pattern, "Microsoft.ManagedIdentity/userAssignedIdentitiesassign/action"));
        assert!(!covers(pattern, "Microsoft.ManagedIdentity/userAssignedIdentities/xassign/action"));
        assert!(covers("a/*/*/b", "a/b"));
    }

    #[test]
    fn case_does_not_count() {
        assert!(covers("microsoft.network/PRIVATEDNSZONES/*", "Microsoft.Network/privateDnsZones/A/write"));
    }

    #[test]
    fn a_wildcard_that_is_needed_is_granted_only_where_all_of_it_is() {
        assert!(covers("Microsoft.Network/*", "Microsoft.Network/privatednszones/*"));
        assert!(covers("Microsoft.Network/privateDnsZones/*", "Microsoft.Network/privatednszones/*"));
        assert!(!covers("Microsoft.Network/privateDnsZones/read", "Microsoft.Network/privatednszones/*"));
        assert!(!covers("Microsoft.Network/privateDnsZones/*/read", "Microsoft.Network/privatednszones/*"));
    }

    #[test]
    fn patterns_overlap_where_one_action_matches_both() {
        assert!(overlaps("Microsoft.Authorization/*/write", "Microsoft.Authorization/roleAssignments/*"));
        assert!(overlaps("*/delete", "a/*"));
        assert!(overlaps("a/*/b", "*a/b*"));
        assert!(!overlaps("a/*/write", "a/*/read"));
        assert!(!overlaps("a/b", "b/*"));
    }

    #[test]
    fn without_a_star_between_slashes_both_ways_of_matching_agree() {
        let mut texts = vec![String::new()];
        for place in 0.. {
            let Some(text) = texts.get(place).filter(|text| text.len() < 4).cloned() else { break };
            texts.extend(["a", "/", "*"].map(|more| format!("{text}{more}")));
        }
        for pattern in texts.iter().filter(|pattern| !pattern.contains("/*/")) {
            let automaton = Pattern::new(pattern);
            for needed in &texts {
                let mut states = automaton.start();
                let read = needed.bytes().all(|byte| automaton.step(&mut states, |own| *own == byte));
                let expected = read && automaton.accepts(&states);
                assert_eq!(covers_plainly(pattern.as_bytes(), needed.as_bytes()), expected, "{pattern} {needed}");
            }
        }
    }

    #[test]
    fn many_stars_are_no_trouble() {
        let (stars, text) = ("*a".repeat(200), "a".repeat(199) + "b");
        assert!(!covers(&stars, &text));
        assert!(overlaps(&stars, &"a*".repeat(200)));
    }
}
