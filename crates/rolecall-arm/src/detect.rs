//! What a JSON file is, from its `$schema` alone and without parsing it.

use memchr::memmem;
use rolecall_template::ir::Target;

/// What a `$schema` announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// A template, and what it is deployed to.
    Template(Target),
    /// A parameter file.
    Parameters,
}

/// Whether the text is an ARM template.
pub fn is_template(text: &str) -> bool {
    matches!(schema_of(text), Some(Schema::Template(_)))
}

/// What the `$schema` of the outermost object announces, where it is one of ARM deployments. The text need not be valid
/// behind it. A schema inside the object (a nested template's) does not count.
pub fn schema_of(text: &str) -> Option<Schema> {
    memmem::find(text.as_bytes(), b"\"$schema\"")?;
    schema_named(string_at(value_of(text, "$schema")?)?)
}

/// Whether the Bicep compiler stamped the template as its own. A stamp inside (a nested template's) does not count.
pub fn is_stamped_by_bicep(text: &str) -> bool {
    let name = || string_at(value_of(value_of(value_of(text, "metadata")?, "_generator")?, "name")?);
    memmem::find(text.as_bytes(), b"\"_generator\"").is_some()
        && name().is_some_and(|name| name.eq_ignore_ascii_case("bicep"))
}

/// What the address of a schema means: any year, `http` or `https`, with or without the trailing `#`.
pub(crate) fn schema_named(address: &str) -> Option<Schema> {
    let address = address.trim();
    let (scheme, rest) = address.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let (_, name) = rest.rsplit_once('/')?;
    let name = name.trim_end_matches('#').to_ascii_lowercase();
    Some(match &*name {
        "deploymenttemplate.json" => Schema::Template(Target::ResourceGroup),
        "subscriptiondeploymenttemplate.json" => Schema::Template(Target::Subscription),
        "managementgroupdeploymenttemplate.json" => Schema::Template(Target::ManagementGroup),
        "tenantdeploymenttemplate.json" => Schema::Template(Target::Tenant),
        "deploymentparameters.json"
        | "subscriptiondeploymentparameters.json"
        | "managementgroupdeploymentparameters.json"
        | "tenantdeploymentparameters.json" => Schema::Parameters,
        _ => return None,
    })
}

/// The text from the value of a key of the outermost object on, by brackets and quotes alone.
fn value_of<'t>(text: &'t str, wanted: &str) -> Option<&'t str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut depth = 0_usize;
    let mut key: Option<&str> = None;
    let mut after_colon = false;
    while let Some(&byte) = bytes.get(at) {
        if depth == 1
            && after_colon
            && key == Some(wanted)
            && !byte.is_ascii_whitespace()
            && !matches!(byte, b'/' | b':' | b',')
        {
            return text.get(at..);
        }
        match byte {
            b'"' => {
                let end = end_of_string(bytes, at)?;
                if depth == 1 && !after_colon {
                    key = Some(text.get(at + 1..end - 1)?);
                }
                at = end;
                continue;
            }
            b'/' => {
                at = skip_comment(bytes, at)?;
                continue;
            }
            b'{' | b'[' => {
                if depth == 0 && byte == b'[' {
                    return None;
                }
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return None;
                }
            }
            b':' if depth == 1 => after_colon = true,
            b',' if depth == 1 => (key, after_colon) = (None, false),
            _ if depth == 0 && !byte.is_ascii_whitespace() => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The content of the string that a text begins with.
fn string_at(text: &str) -> Option<&str> {
    if !text.starts_with('"') {
        return None;
    }
    text.get(1..end_of_string(text.as_bytes(), 0)? - 1)
}

/// One past the quote that closes the string which one like it opens at `at`.
pub(crate) fn end_of_string(bytes: &[u8], at: usize) -> Option<usize> {
    let quote = *bytes.get(at)?;
    let mut from = at + 1;
    loop {
        let hit = from + memchr::memchr2(quote, b'\\', bytes.get(from..)?)?;
        if bytes.get(hit) == Some(&quote) {
            return Some(hit + 1);
        }
        from = hit + 2;
    }
}

/// One past the comment that opens at `at`; `None` where none does or it does not end.
pub(crate) fn skip_comment(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at + 2..)?;
    match bytes.get(at + 1)? {
        b'/' => Some(memchr::memchr2(b'\n', b'\r', rest).map_or(bytes.len(), |end| at + 2 + end)),
        b'*' => memmem::find(rest, b"*/").map(|end| at + 2 + end + 2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_schema(address: &str) -> Option<Schema> {
        schema_of(&format!("{{\"$schema\": \"{address}\", \"resources\": []}}"))
    }

    #[test]
    fn every_year_and_scope_is_a_template() {
        for (address, target) in [
            ("https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", Target::ResourceGroup),
            ("http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#", Target::ResourceGroup),
            ("https://schema.management.azure.com/schemas/2014-04-01-preview/DeploymentTemplate.json", {
                Target::ResourceGroup
            }),
            ("https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#", {
                Target::Subscription
            }),
            ("https://schema.management.azure.com/schemas/2019-08-01/managementGroupDeploymentTemplate.json#", {
                Target::ManagementGroup
            }),
            ("HTTPS://schema.management.azure.com/schemas/2019-08-01/tenantDeploymentTemplate.json#", Target::Tenant),
        ] {
            assert_eq!(with_schema(address), Some(Schema::Template(target)), "{address}");
        }
    }

    #[test]
    fn a_parameter_file_and_a_foreign_schema_are_no_template() {
        let parameters = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#";
        assert_eq!(with_schema(parameters), Some(Schema::Parameters));
        assert_eq!(with_schema("http://json-schema.org/draft-07/schema#"), None);
        assert_eq!(with_schema("deploymentTemplate.json"), None);
    }

    const TEMPLATE: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

    #[test]
    fn the_schema_may_stand_behind_comments_and_other_keys() {
        let text =
            format!("// \"$schema\": 1\n{{ /* {{ */ \"a\": {{\"b\": [\"}}\\\"\"]}}, \"$schema\" : \"{TEMPLATE}\"");
        assert!(is_template(&text));
    }

    #[test]
    fn the_stamp_of_the_compiler_is_its_own_at_the_outermost_level() {
        let stamp = r#""metadata": {"a": "}", "_generator": {"version": "1", "name": "bicep"}}"#;
        assert!(is_stamped_by_bicep(&format!("{{\"$schema\": \"{TEMPLATE}\", {stamp}, \"resources\": [")));
        assert!(!is_stamped_by_bicep(&format!("{{\"resources\": [{{\"template\": {{{stamp}}}}}]}}")));
        assert!(!is_stamped_by_bicep(&format!("{{\"x\": \"metadata\", \"y\": {{{stamp}}}}}")));
        assert!(!is_stamped_by_bicep(&format!("{{{}}}", stamp.replace("bicep", "other"))));
    }

    #[test]
    fn the_schema_of_an_inner_object_does_not_count() {
        assert!(!is_template(&format!("{{\"template\": {{\"$schema\": \"{TEMPLATE}\"}}}}")));
        assert!(!is_template(&format!("[{{\"$schema\": \"{TEMPLATE}\"}}]")));
        assert!(!is_template(&format!("{{\"key\": \"$schema\", \"x\": \"{TEMPLATE}\"}}")));
    }
}
