//! Which major version of a provider a configuration runs with.

use std::path::Path;

use rolecall_source::Files;

use crate::config::Module;

/// From the lock file, else from what the root module asks for.
pub fn major(files: &dyn Files, root: &Path, module: &Module, provider: &str) -> Option<u32> {
    locked(files, root, provider).or_else(|| constraint_major(module, provider))
}

fn locked(files: &dyn Files, root: &Path, provider: &str) -> Option<u32> {
    let file = files.read(&root.join(".terraform.lock.hcl")).ok()?;
    let mut inside = false;
    for line in file.text.lines() {
        let line = line.trim();
        if line.starts_with("provider ") {
            inside = line.contains(&format!("/{provider}\""));
        } else if inside && let Some(rest) = line.strip_prefix("version") {
            return rest.trim_start_matches([' ', '=', '"']).split('.').next()?.parse().ok();
        }
    }
    None
}

/// From a version constraint: the major version that it leaves, where it leaves one.
pub fn constraint_major(module: &Module, provider: &str) -> Option<u32> {
    if let Some((_, Some(version))) = module.required.get(provider) {
        return parse(version);
    }
    // Before 0.13 the version stood in the provider block.
    let block = module.providers.iter().find(|block| block.labels.first().is_some_and(|label| &**label == provider))?;
    parse(block.body.attribute("version")?.value.literal()?)
}

/// The major version that a constraint leaves, where it leaves one.
pub fn parse(constraint: &str) -> Option<u32> {
    let mut major = None;
    for part in constraint.split(',') {
        let part = part.trim();
        let digits = part.trim_start_matches(['~', '>', '<', '=', '!', ' ']);
        let mut numbers = digits.split('.').map(|number| number.trim().parse::<u32>().ok());
        let Some(first) = numbers.next().flatten() else { continue };
        let rest_is_zero = numbers.all(|number| number.unwrap_or(0) == 0);
        let operator = part[..part.len() - digits.len()].trim();
        match operator {
            // `~> 3` leaves every later major version too.
            "~>" if !digits.contains('.') => {}
            "~>" | "=" | "" => return Some(first),
            "<" => major = Some(if rest_is_zero { first.saturating_sub(1) } else { first }),
            "<=" => major = Some(first),
            _ => {}
        }
    }
    major
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_constraint_leaves_one_major_version_or_says_nothing() {
        let cases = [
            ("~> 3.0", Some(3)),
            ("=2.46.0", Some(2)),
            ("4.1.0", Some(4)),
            (">= 3.11, < 4.0", Some(3)),
            (">= 3.0, < 4.5", Some(4)),
            (">= 3.0", None),
            ("~> 3", None),
            ("", None),
        ];
        for (constraint, major) in cases {
            assert_eq!(parse(constraint), major, "{constraint}");
        }
    }
}
