//! A template that is read again after an edit is what a fresh reading makes of the text, and keeps what the edit leaves.

use std::sync::Arc;

use proptest::prelude::*;
use rolecall_arm::{Parsed, parse, parse_again};
use rolecall_source::{FileId, SourceFile};
use rolecall_template::ir::{DeploymentSource, Template};

const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

fn file(text: &str) -> SourceFile {
    SourceFile::new(FileId(7), "main.json".into(), text.as_bytes().to_vec()).expect("text")
}

fn nested(name: &str, scope: &str, resources: &str) -> String {
    format!(
        r#"{{
      "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "{name}",
      "properties": {{
        "expressionEvaluationOptions": {{ "scope": "{scope}" }},
        "mode": "Incremental",
        "parameters": {{ "size": {{ "value": "[parameters('size')]" }} }},
        "template": {{
          "$schema": "{SCHEMA}", // said again
          "parameters": {{ "size": {{ "type": "int", "defaultValue": 3 }}, "size": {{ "type": "string" }} }},
          "variables": {{ "caf\u00e9": "[concat('a\"b', [[oops)]", "escaped": "[[x]" }},
          "resources": [
            {{ "type": "Microsoft.Storage/storageAccounts", "name": "[format('{{0}}\u00e9', variables('x'))]" }},
            {resources}
          ],
          "outputs": {{ "id": {{ "value": "[resourceId('a/b', 'c')]" }} }}
        }}
      }}
    }}"#
    )
}

fn template() -> String {
    let plain = r#"{ "type": "Microsoft.Network/virtualNetworks", "name": "é" }"#;
    let inner = nested("inner", "inner", plain);
    let (one, two) = (nested("one", "outer", &inner), nested("two", "inner", plain));
    let resources = [one, plain.to_owned(), two, nested("three", "outer", plain)].join(",\n    ");
    format!(
        "/* first */ {{\n  \"$schema\": \"{SCHEMA}\",\n  \"parameters\": {{ \"size\": {{ \"type\": \"int\" }} }},\n  \
         \"resources\": [\n    {resources}\n  ]\n}} // last\n"
    )
}

/// Whether two readings are the same, places and remarks included.
fn assert_same(again: &Parsed, text: &str) {
    let fresh = parse(&file(text));
    let shown = |one: &Parsed| format!("{:#?}\n{:#?}", one.diagnostics, one.template);
    let (again, fresh) = (shown(again), shown(&fresh));
    let differs = again.lines().zip(fresh.lines()).find(|(one, other)| one != other);
    assert!(differs.is_none() && again.len() == fresh.len(), "{differs:?}\n{text}");
}

fn children(template: &Template) -> Vec<Arc<Template>> {
    let inline = |source: &DeploymentSource| match source {
        DeploymentSource::Inline(template) => Some(template.clone()),
        _ => None,
    };
    template.deployments().into_iter().filter_map(|one| inline(&one.source)).collect()
}

/// Reads `before` and then `after`; for each nested template of the outermost whether it was kept.
fn kept(before: &str, after: &str) -> Vec<bool> {
    let first = parse(&file(before));
    let old: Vec<_> = first.template.iter().flat_map(|one| children(one)).map(|one| Arc::as_ptr(&one)).collect();
    let again = parse_again(&file(after), &file(before), first);
    let new = children(again.template.as_ref().expect("an object"));
    new.iter().map(|one| old.contains(&Arc::as_ptr(one))).collect()
}

/// An edit: what stands at `found` for the `nth` time becomes `put`.
fn edited(text: &str, found: &str, nth: usize, put: &str) -> String {
    let (at, _) = text.match_indices(found).nth(nth).expect("it stands there");
    format!("{}{put}{}", &text[..at], &text[at + found.len()..])
}

#[test]
fn an_edit_in_a_nested_template_keeps_the_others() {
    let text = template();
    assert_eq!(kept(&text, &edited(&text, "\"defaultValue\": 3", 2, "\"defaultValue\": 31")), [true, false, true]);
}

#[test]
fn an_edit_outside_of_nested_templates_keeps_all() {
    let text = template();
    assert_eq!(kept(&text, &edited(&text, "// last", 0, "// last of all")), [true, true, true]);
    assert_eq!(kept(&text, &edited(&text, "\"name\": \"two\"", 0, "\"name\": \"new\"")), [true, true, true]);
}

#[test]
fn a_text_that_is_no_json_in_a_nested_template_keeps_the_others_while_it_is_mended() {
    let mut text = template();
    let mut parsed = parse(&file(&text));
    let third = Arc::as_ptr(&children(parsed.template.as_ref().expect("an object"))[2]);
    let steps = ["3 }", "3\n\"x\n}", "3\n\"xy\"\n}", "3\n\"xy\":\n}", "3\n\"xy\": 1\n}", "3, \"xy\": 1 }", "4 }"];
    let place = text.match_indices(steps[0]).nth(2).expect("it stands there").0;
    for step in steps.windows(2) {
        let next = format!("{}{}{}", &text[..place], step[1], &text[place + step[0].len()..]);
        parsed = parse_again(&file(&next), &file(&text), parsed);
        assert_same(&parsed, &next);
        let now = Arc::as_ptr(&children(parsed.template.as_ref().expect("an object"))[2]);
        assert_eq!(now, third, "{}", step[1]);
        text = next;
    }
}

#[test]
fn a_nested_template_that_is_evaluated_in_another_scope_is_read_again() {
    let text = template();
    let changed = edited(&text, "\"scope\": \"outer\"", 1, "\"scope\": \"inner\"");
    assert_same(&parse_again(&file(&changed), &file(&text), parse(&file(&text))), &changed);
    let changed = edited(&text, "\"template\"", 2, "\"templat\"");
    assert_same(&parse_again(&file(&changed), &file(&text), parse(&file(&text))), &changed);
    let changed = edited(&text, "Microsoft.Resources/deployments", 2, "Microsoft.Resources/deployment");
    assert_same(&parse_again(&file(&changed), &file(&text), parse(&file(&text))), &changed);
}

#[test]
fn a_template_that_somebody_else_has_is_read_anew() {
    let text = template();
    let first = parse(&file(&text));
    let held = first.template.clone();
    let changed = edited(&text, "// last", 0, "// end");
    assert_same(&parse_again(&file(&changed), &file(&text), first), &changed);
    assert_eq!(format!("{:?}", held), format!("{:?}", parse(&file(&text)).template), "what is held stays as it was");
}

#[test]
fn a_comment_over_the_end_of_a_nested_template_reaches_into_what_is_behind() {
    let deployment = r#"{"type": "Microsoft.Resources/deployments", "name": "n", "properties": {"template": {"resources": []}, "mode": "Incremental",
      "parameters": {}}}"#;
    let text = format!("{{\"resources\": [{deployment}]}}");
    let changed = edited(&text, "[]}", 0, "[]} //}");
    assert_same(&parse_again(&file(&changed), &file(&text), parse(&file(&text))), &changed);
}

/// What is typed: brackets, quotes, half of words, comments.
const TYPED: [&str; 27] = [
    "\n\"a\n",
    "\n\"a\"\n",
    "\n\"a\":\n",
    ",\n",
    "\"a\": {",
    "",
    "",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\n",
    "x",
    "1",
    "\"a\": 1,",
    "\"b\": {},",
    "//",
    "/*",
    "*/",
    "'",
    "\\",
    "\"template\": {},",
    "\u{e9}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn random_edits_leave_what_a_fresh_reading_says(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..6, any::<prop::sample::Index>(), any::<bool>()), 1..14)
    ) {
        let mut text = template();
        let mut parsed = parse(&file(&text));
        let mut undo: Option<String> = None;
        for (at, delete, typed, back) in edits {
            let next = match undo.take().filter(|_| back) {
                Some(before) => before,
                None => {
                    let floor = |mut at: usize| { while !text.is_char_boundary(at) { at -= 1; } at };
                    let start = floor(at.index(text.len() + 1));
                    let end = floor((start + delete).min(text.len()));
                    let typed = TYPED[typed.index(TYPED.len())];
                    let next = format!("{}{typed}{}", &text[..start], &text[end.max(start)..]);
                    undo = Some(text.clone());
                    next
                }
            };
            parsed = parse_again(&file(&next), &file(&text), parsed);
            assert_same(&parsed, &next);
            text = next;
        }
    }
}
