//! Whether a condition on a grant (Azure's ABAC conditions) says anything about an action.
//!
//! The usual condition reads `!(ActionMatches{'…/write'}) OR (…)`: for every other action it holds anyway. So the
//! condition is evaluated with the action known and all that it asks of requests and resources unknown. A condition
//! that cannot be read is unknown for every action.

use crate::actions::{covers, overlaps};

/// How deep parentheses may be nested.
const MAX_DEPTH: usize = 64;

/// Whether the condition holds for every request of this action, for none (`Some(false)`), or depends on more.
pub(crate) fn holds(condition: &str, action: &str) -> Option<bool> {
    let tokens = tokens(condition);
    let mut reader = Reader { tokens: &tokens, at: 0, action };
    let answer = reader.either(0)?;
    if reader.at == tokens.len() { answer } else { None }
}

#[derive(Debug, PartialEq)]
enum Token<'a> {
    Open,
    Close,
    Not,
    And,
    Or,
    /// What lies between: a call, an attribute, an operator, a set in braces.
    Text(&'a str),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' | '!' => 1,
            '&' | '|' if rest[1..].starts_with(first) => 2,
            '{' => rest.find('}').map_or(rest.len(), |end| end + 1),
            '[' => rest.find(']').map_or(rest.len(), |end| end + 1),
            '\'' => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
            _ => rest
                .find(|c: char| c.is_whitespace() || "()!&|{['".contains(c))
                .unwrap_or(rest.len())
                .max(first.len_utf8()),
        };
        let (word, tail) = rest.split_at(length);
        out.push(match word {
            "(" => Token::Open,
            ")" => Token::Close,
            "!" => Token::Not,
            "&&" => Token::And,
            "||" => Token::Or,
            _ if word.eq_ignore_ascii_case("and") => Token::And,
            _ if word.eq_ignore_ascii_case("or") => Token::Or,
            _ if word.eq_ignore_ascii_case("not") => Token::Not,
            _ => Token::Text(word),
        });
        rest = tail.trim_start();
    }
    out
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    action: &'a str,
}

/// The outer option is `None` where the text cannot be read, the inner where the answer depends on more.
impl Reader<'_> {
    fn either(&mut self, depth: usize) -> Option<Option<bool>> {
        let mut answer = self.both(depth)?;
        while self.tokens.get(self.at) == Some(&Token::Or) {
            self.at += 1;
            answer = match (answer, self.both(depth)?) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), other) | (other, Some(false)) => other,
                (None, None) => None,
            };
        }
        Some(answer)
    }

    fn both(&mut self, depth: usize) -> Option<Option<bool>> {
        let mut answer = self.one(depth)?;
        while self.tokens.get(self.at) == Some(&Token::And) {
            self.at += 1;
            answer = match (answer, self.one(depth)?) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), other) | (other, Some(true)) => other,
                (None, None) => None,
            };
        }
        Some(answer)
    }

    fn one(&mut self, depth: usize) -> Option<Option<bool>> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.tokens.get(self.at)? {
            Token::Not => {
                self.at += 1;
                Some(self.one(depth + 1)?.map(|answer| !answer))
            }
            Token::Open => {
                self.at += 1;
                let answer = self.either(depth + 1)?;
                if self.tokens.get(self.at) != Some(&Token::Close) {
                    return None;
                }
                self.at += 1;
                Some(answer)
            }
            Token::Text(first) => {
                let start = self.at;
                while matches!(self.tokens.get(self.at), Some(Token::Text(_))) {
                    self.at += 1;
                }
                let set = match (&self.tokens[start..self.at], first.eq_ignore_ascii_case("ActionMatches")) {
                    ([_, Token::Text(set)], true) => set.strip_prefix('{').and_then(|set| set.strip_suffix('}')),
                    _ => None,
                };
                Some(set.and_then(|set| self.matches(set)))
            }
            _ => None,
        }
    }

    /// Whether the action is in a set of quoted patterns.
    fn matches(&self, set: &str) -> Option<bool> {
        let patterns = || set.split(',').map(|pattern| pattern.trim().trim_matches('\''));
        if patterns().any(|pattern| covers(pattern, self.action)) {
            Some(true)
        } else if patterns().any(|pattern| overlaps(pattern, self.action)) {
            None
        } else {
            Some(false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: &str = "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR \
        (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {a, b} AND \
        @Request[x:PrincipalType] StringEqualsIgnoreCase 'Service (Principal'))";

    #[test]
    fn the_usual_condition_restricts_only_the_actions_it_names() {
        assert_eq!(holds(USUAL, "Microsoft.Authorization/roleAssignments/read"), Some(true));
        assert_eq!(holds(USUAL, "Microsoft.Authorization/roleAssignments/write"), None);
        assert_eq!(holds(USUAL, "Microsoft.Authorization/*"), None);
    }

    #[test]
    fn a_condition_without_actions_restricts_all() {
        assert_eq!(holds("@Resource[a:b] StringEquals 'c'", "x/read"), None);
    }

    #[test]
    fn parts_joined_by_and_restrict_what_either_names() {
        let both = "(!(ActionMatches{'a/write'}) OR (@Request[x] GuidEquals {1})) AND \
            (!(ActionMatches{'a/delete'}) OR (@Resource[x] GuidEquals {1}))";
        assert_eq!(holds(both, "a/read"), Some(true));
        assert_eq!(holds(both, "a/write"), None);
        assert_eq!(holds(both, "a/delete"), None);
    }

    #[test]
    fn what_cannot_be_read_decides_nothing() {
        for text in ["", "(", "a)", "!(ActionMatches{'a/write'}) OR", "ActionMatches{'a"] {
            assert_eq!(holds(text, "b/read"), None, "{text}");
        }
        assert_eq!(holds(&"(".repeat(100_000), "b/read"), None);
        assert_eq!(holds(&"!".repeat(100_000), "b/read"), None);
    }
}
