//! Requests to suppress findings in the `metadata` of templates, for those who may write no comments.
//!
//! `"metadata": { "rolecall": "ignore[rule] reason" }`, or any string in it that says `rolecall: ignore[rule] reason`, is
//! for the whole object that has the metadata. So is the property `"//"`, which is a comment in Terraform's JSON.

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Range;
use rolecall_source::{Directive, MARK, SourceFile, request};

use crate::document::{self, Source};

/// The requests in a file, by place.
pub fn metadata_directives(file: &SourceFile) -> Vec<Directive> {
    if !file.text.contains("rolecall") {
        return Vec::new();
    }
    document::read(&Source::whole(file), &mut Vec::new(), |document, _| {
        let mut out = Vec::new();
        let mut open: Vec<&Value<'_>> = document.value.iter().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Object(object) => {
                    for property in &object.properties {
                        let name = property.name.as_str();
                        match &property.value {
                            Value::Object(metadata) if name.eq_ignore_ascii_case("metadata") => {
                                in_metadata(object, metadata, &mut out);
                            }
                            text if name == "//" => strings(object, text, false, &mut out),
                            _ => {}
                        }
                        open.push(&property.value);
                    }
                }
                Value::Array(array) => open.extend(&array.elements),
                _ => {}
            }
        }
        for one in &mut out {
            for range in [&mut one.range, &mut one.covers] {
                *range = document.place(Range { start: range.start, end: range.end });
            }
        }
        out.sort_by_key(|one| one.range.start);
        out
    })
}

fn in_metadata(object: &Object<'_>, metadata: &Object<'_>, out: &mut Vec<Directive>) {
    for property in &metadata.properties {
        strings(object, &property.value, property.name.as_str() == "rolecall", out);
    }
}

/// The requests in a string, or in the strings of an array; `marked` where the name says already whom they are for.
fn strings(object: &Object<'_>, value: &Value<'_>, marked: bool, out: &mut Vec<Directive>) {
    match value {
        Value::StringLit(text) => {
            let content = text.value.trim();
            let content = content.strip_prefix(MARK).or(marked.then_some(content));
            if let Some((rules, reason)) = content.and_then(request) {
                let (range, covers) = (text.range.start..text.range.end, object.range.start..object.range.end);
                out.push(Directive { rules, reason, range, covers });
            }
        }
        Value::Array(array) => {
            let texts = array.elements.iter().filter(|item| matches!(item, Value::StringLit(_)));
            texts.for_each(|text| strings(object, text, marked, out));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use rolecall_source::FileId;

    use super::*;

    fn found(text: &str) -> Vec<(String, String, String)> {
        let file = SourceFile::new(FileId(0), "main.json".into(), text.as_bytes().to_vec()).expect("text");
        let found = metadata_directives(&file).into_iter();
        found.map(|one| (one.rules.join("+"), one.reason, text[one.covers].to_owned())).collect()
    }

    #[test]
    fn metadata_is_for_the_object_that_has_it() {
        let resource = r#"{ "name": "a", "metadata": { "rolecall": "ignore[x] why" } }"#;
        assert_eq!(found(&format!("[{resource}, {{}}]")), [("x".to_owned(), "why".to_owned(), resource.to_owned())]);
        let several = r#"{ "Metadata": { "note": ["rolecall: ignore[x] one", "rolecall: ignore[y] two"] } }"#;
        assert_eq!(found(several).iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(found(r#"{ "//": "rolecall: ignore[x] why" }"#).len(), 1);
    }

    #[test]
    fn other_strings_ask_for_nothing() {
        for text in [
            r#"{ "metadata": { "description": "ignore[x] why" } }"#,
            r#"{ "rolecall": "ignore[x] why" }"#,
            r#"{ "value": "rolecall: ignore[x] why" }"#,
            r#"{ "metadata": { "rolecall": 1, "a": "what rolecall: ignore[x] does" } }"#,
        ] {
            assert_eq!(found(text), Vec::new(), "{text}");
        }
    }
}
