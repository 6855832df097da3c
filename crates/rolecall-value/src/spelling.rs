//! The one spelling of resource types.
//!
//! Azure ignores the case of types, the Bicep compiler writes them as the providers do, and people write them as they like:
//! a graph that is to be the same text for the same deployment needs one of these spellings. Each word of a type is written
//! as `data/type-words.txt` has it; a word that is not there is written in lower case.

use std::sync::{Arc, LazyLock};

use rustc_hash::{FxHashMap, FxHashSet};

/// The words that have capitals, by their lower-case text.
static WORDS: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
    let words = include_str!("../data/type-words.txt").lines();
    words.map(|word| (word.to_ascii_lowercase(), word)).collect()
});

/// The same words as they are spelled.
static SPELLED: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| WORDS.values().copied().collect());

/// A type, or a part of one, in its one spelling.
pub(crate) fn of_type(written: Arc<str>) -> Arc<str> {
    // Most are in it already, and each id has one.
    let is_spelled = |word: &str| {
        SPELLED.contains(word) || (!word.bytes().any(|byte| byte.is_ascii_uppercase()) && !WORDS.contains_key(word))
    };
    if written.split('/').all(is_spelled) {
        return written;
    }
    let spelled = |word: &str| -> String {
        let folded = word.to_ascii_lowercase();
        WORDS.get(&folded).map_or(folded, |known| (*known).to_owned())
    };
    written.split('/').map(spelled).collect::<Vec<_>>().join("/").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_a_type_is_written_it_has_one_spelling() {
        for written in [
            "microsoft.containerservice/managedclusters/agentpools",
            "MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/AGENTPOOLS",
            "Microsoft.ContainerService/managedClusters/agentPools",
        ] {
            assert_eq!(&*of_type(written.into()), "Microsoft.ContainerService/managedClusters/agentPools");
        }
    }

    #[test]
    fn a_word_that_nobody_knows_is_in_lower_case() {
        assert_eq!(&*of_type("Contoso.Nowhere/managedClusters".into()), "contoso.nowhere/managedClusters");
    }

    #[test]
    fn words_are_sorted_unique_and_none_is_in_lower_case() {
        let words: Vec<_> = include_str!("../data/type-words.txt").lines().collect();
        let folded: Vec<_> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
        assert!(folded.is_sorted());
        assert_eq!(WORDS.len(), words.len());
        assert!(words.iter().zip(&folded).all(|(word, folded)| word != folded));
    }
}
