//! What strings mean, and where in the file each part of them stands.

mod common;

use common::{file, show, told, understood, variable};
use rolecall_arm::parse;
use rolecall_template::ir::{Expr, ExprKind};

#[test]
fn a_string_in_brackets_is_an_expression() {
    assert_eq!(understood("[ parameters('a') ]"), "parameters('a')");
    assert_eq!(understood("plain"), "'plain'");
    assert_eq!(understood(""), "''");
}

#[test]
fn a_doubled_bracket_is_text() {
    assert_eq!(understood("[[parameters('a')]"), "'[parameters('a')]'");
}

#[test]
fn a_bracket_that_does_not_close_is_text() {
    assert_eq!(understood("[a] b"), "'[a] b'");
    assert_eq!(understood("[[a] b"), "'[[a] b'");
    assert_eq!(understood("["), "'['");
}

#[test]
fn calls_nest_and_take_every_literal() {
    let text = "[Concat('it''s', -1, 25, true(), null(), x.y(1.5), concat())]";
    assert_eq!(understood(text), "Concat('it's', -1, 25, true(), null(), x.y(1.5), concat())");
}

#[test]
fn access_follows_calls() {
    let text = "[f().a['b'][0].?c[?'d']?.e[g().h]]";
    assert_eq!(understood(text), "f()['a']['b'][0]?['c']?['d']?['e'][g()['h']]");
}

#[test]
fn white_space_may_be_anything_between_tokens() {
    assert_eq!(understood(r"[\n\tconcat (\r\n 'a' , 'b' ) . c\u00a0]"), "concat('a', 'b')['c']");
    assert_eq!(understood("[concat(\n  'a'\n)]"), "concat('a')");
}

#[test]
fn lambdas_bind_their_variables() {
    let text = "[map(a(), lambda('x', 'i', concat(lambdaVariables('x'), LAMBDAVARIABLES('i'))))]";
    assert_eq!(understood(text), "map(a(), (x, i) => concat($x, $i))");
}

#[test]
fn parameters_outside_a_function_are_no_locals() {
    assert_eq!(understood("[parameters('x')]"), "parameters('x')");
}

#[test]
fn json_values_keep_their_kinds() {
    let value = variable(r#"{"a": [1, -2.5, true, null, 12345678901234567890], "[f()]": {}, "[[x]": 1}"#);
    assert_eq!(show(&value), "{'a': [1, -2.5, true, null, 1.2345678901234567e19], f(): {}, '[x]': 1}");
}

fn text_of<'t>(text: &'t str, expr: &Expr) -> &'t str {
    &text[expr.span.range()]
}

#[test]
fn spans_are_exact_behind_escapes() {
    let text = r#"{"variables": {"v": "[concat('\u0041\"é\ud83d\ude00', resourceId('a\n'), x())]"}}"#;
    let template = parse(&file(text)).template.expect("a template");
    let expr = &template.variables[0].value;
    assert!(text_of(text, expr).starts_with("concat(") && text_of(text, expr).ends_with("x())"));
    let ExprKind::Call { arguments, .. } = &expr.kind else { panic!("a call") };
    let texts: Vec<_> = arguments.iter().map(|argument| text_of(text, argument)).collect();
    assert_eq!(texts, [r#"'\u0041\"é\ud83d\ude00'"#, r"resourceId('a\n')", "x()"]);
}

#[test]
fn a_plain_string_stands_at_its_quotes() {
    let text = r#"{"variables": {"v": "abc"}}"#;
    let template = parse(&file(text)).template.expect("a template");
    assert_eq!(text_of(text, &template.variables[0].value), "\"abc\"");
    assert_eq!(&text[template.variables[0].span.range()], "\"v\"");
}

#[test]
fn a_broken_expression_leaves_the_rest() {
    let text = r#"{"variables": {"bad": "[\u0063oncat('a' 'b')]", "good": "[concat('a')]"}}"#;
    let parsed = parse(&file(text));
    let message = "this expression cannot be read: expected `)`, found `'`".to_owned();
    assert_eq!(told(text, &parsed.diagnostics), [(message, "'".to_owned())]);
    assert_eq!(parsed.diagnostics[0].span.start as usize, text.find("'b'").expect("there"));
    let template = parsed.template.expect("a template");
    assert_eq!(show(&template.variables[0].value), "invalid");
    assert_eq!(show(&template.variables[1].value), "concat('a')");
}

#[test]
fn what_is_no_expression_is_told_where_it_goes_wrong() {
    for (text, at, message) in [
        ("[]", "", "expected a function, a string or a number, found the end"),
        ("[a]", "", "expected `(`, found the end"),
        ("[a('b]", "'", "this string has no closing quote"),
        ("[a()]-[b()]", "]", "expected the end of the expression, found `]`"),
        ("[a(1x)]", "1", "`1x` is no number"),
        ("[a().b()]", "(", "expected the end of the expression, found `(`"),
        ("[a().]", "", "expected a property name, found the end"),
    ] {
        let source = format!(r#"{{"variables": {{"v": "{text}"}}}}"#);
        let parsed = parse(&file(&source));
        let told = told(&source, &parsed.diagnostics);
        assert_eq!(told.len(), 1, "{text}");
        assert_eq!(told[0].0, format!("this expression cannot be read: {message}"), "{text}");
        assert!(at.is_empty() || told[0].1 == at, "{text}: {told:?}");
    }
}

#[test]
fn depth_is_bounded_however_it_is_made() {
    let calls = format!("{}{}", "f(".repeat(5000), ")".repeat(5000));
    let chain = format!("f(){}", ".a".repeat(5000));
    let indexes = format!("{}1{}", "f()[".repeat(5000), "]".repeat(5000));
    let both = format!("{0}f(){1}{2}", "g(".repeat(100), ".a".repeat(100), ")".repeat(100));
    for text in [calls, chain, indexes, both] {
        let source = format!(r#"{{"variables": {{"v": "[{text}]"}}}}"#);
        let parsed = parse(&file(&source));
        assert_eq!(parsed.diagnostics.len(), 1);
        assert!(parsed.diagnostics[0].message.contains("levels deep"), "{:?}", parsed.diagnostics);
    }
}
