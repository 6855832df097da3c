//! Findings about what people tell the analysis: suppressions, the configuration, the baseline. Whatever there outlives
//! its cause hides the next mistake, so it is said like one.
//!
//! They are no rules of deployments, and are found where files are known; here is what they are called.

use rolecall_source::Level;

/// A kind of finding about what people tell the analysis.
#[derive(Debug)]
pub struct Upkeep {
    /// Its id, which is used like a rule's.
    pub id: &'static str,
    /// Its level, unless the configuration gives another.
    pub level: Level,
    /// One line.
    pub title: &'static str,
    /// Its page, in Markdown.
    pub page: &'static str,
}

/// A suppression that suppresses nothing because it is not written right.
pub const INVALID_SUPPRESSION: &str = "invalid-suppression";
/// A suppression of what is not found any more.
pub const UNUSED_SUPPRESSION: &str = "unused-suppression";
/// An entry of the configuration that applies to nothing.
pub const STALE_CONFIGURATION: &str = "stale-configuration";
/// An entry of the baseline that is not found any more.
pub const STALE_BASELINE: &str = "stale-baseline";

static UPKEEP: [Upkeep; 4] = [
    Upkeep {
        id: INVALID_SUPPRESSION,
        level: Level::Warning,
        title: "a suppression without a rule, with an unknown one, or without a reason",
        page: "# invalid-suppression\n\nA comment `rolecall: ignore[rule] reason` suppresses the findings of one rule on \
               its line, or on the next. It names the rules, since one that hides everything hides the next mistake too, \
               and says why, since somebody will have to judge whether it is still right. One that does not suppresses \
               nothing.\n\nTo fix it, write the rule's id in the brackets and a reason behind them; `rolecall rules` \
               lists the ids.\n",
    },
    Upkeep {
        id: STALE_BASELINE,
        level: Level::Note,
        title: "an entry of the baseline that is not found any more",
        page: "# stale-baseline\n\nA baseline lists findings that are accepted for now. An entry that is not found any \
               more would accept the same mistake when somebody makes it again.\n\nTo fix it, write the baseline anew \
               with `--write-baseline`.\n",
    },
    Upkeep {
        id: STALE_CONFIGURATION,
        level: Level::Warning,
        title: "an entry of rolecall.toml that applies to nothing",
        page: "# stale-configuration\n\nA `[[grant]]` for an identity or scope that no deployment knows, a \
               `[[deployment]]` whose files are not there, or an `exclude` that leaves nothing out. The identity was \
               renamed or the file moved, most likely, and what the entry was written for is not analysed as meant.\n\n\
               To fix it, correct the entry or remove it. It is looked for where the paths given hold the folder of \
               `rolecall.toml`.\n",
    },
    Upkeep {
        id: UNUSED_SUPPRESSION,
        level: Level::Warning,
        title: "a suppression of what is not found",
        page: "# unused-suppression\n\nThe rule finds nothing on the line that the comment is for, in any deployment that \
               was analysed. What it suppressed is mended, or has moved; the comment would hide the next mistake.\n\nTo \
               fix it, remove the comment, or move it to the line that the finding names.\n",
    },
];

/// All of them, by id.
pub fn upkeep() -> &'static [Upkeep] {
    &UPKEEP
}

/// Whether there is a rule, or a kind of upkeep, with this id.
pub fn is_rule(id: &str) -> bool {
    rule_ids().any(|known| known == id)
}

/// The ids of all rules and kinds of upkeep.
pub fn rule_ids() -> impl Iterator<Item = &'static str> {
    crate::rules().iter().map(|entry| entry.rule.id.as_str()).chain(UPKEEP.iter().map(|one| one.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_in_order_and_their_pages_begin_with_their_ids() {
        assert!(UPKEEP.windows(2).all(|pair| pair[0].id < pair[1].id));
        for one in upkeep() {
            assert!(one.page.starts_with(&format!("# {}\n", one.id)), "{}", one.id);
        }
    }

    #[test]
    fn no_rule_has_such_an_id() {
        let mut ids: Vec<_> = rule_ids().collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
