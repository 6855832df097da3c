//! What the statement-wise parser makes of whole and of broken files.

use rolecall_bicep::File;
use rolecall_bicep::syntax::{
    ArrayItem, BinaryOperator, DeclarationBody, DeclaredType, Expression, ObjectItem, PropertyKey, Statement,
    StringLiteral, SyntaxNode, Type,
};

fn names(text: &str) -> Vec<&str> {
    let file = File::parse(text);
    let whole =
        file.pieces().iter().filter(|piece| !piece.has_error()).map(|piece| text[piece.range()].lines().next_back());
    whole.map(|line| line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or_default()).collect()
}

fn errors(text: &str) -> Vec<(String, String)> {
    let file = File::parse(text);
    file.errors().map(|error| (text[error.span.clone()].to_owned(), error.message.clone())).collect()
}

fn error(text: &str, message: &str) -> (String, String) {
    (text.to_owned(), message.to_owned())
}

#[test]
fn the_typed_layer_reads_a_resource() {
    let text = "// first\n@description('x')\nresource aks 'Microsoft.ContainerService/managedClusters@2024-01-01' = if (a && b == 1) {\n  name: 'n-${x}'\n  ...more\n  resource pool 'agentPools' existing = { name: 'p' }\n}\n";
    let file = File::parse(text);
    assert!(!file.has_error());
    let statements: Vec<_> = file.statements().collect();
    let [Statement::ResourceDeclaration(aks)] = statements.as_slice() else {
        panic!("one resource, not {statements:?}")
    };
    assert_eq!(aks.name().map(|name| name.text(text)), Some("aks"));
    assert_eq!(aks.span(), 9..text.len() - 1);
    assert!(aks.existing().is_none());
    assert_eq!(aks.decorators().count(), 1);
    let Some(StringLiteral::String(ty)) = aks.ty() else { panic!("a plain string") };
    assert_eq!(ty.text(text), "'Microsoft.ContainerService/managedClusters@2024-01-01'");
    let Some(DeclarationBody::IfBody(body)) = aks.body() else { panic!("a condition") };
    let Some(Expression::BinaryExpression(and)) = body.condition().and_then(|inner| inner.expression()) else {
        panic!("an operation")
    };
    assert!(matches!(and.operator(), Some(BinaryOperator::And(_))));
    let Some(Expression::BinaryExpression(equals)) = and.right() else { panic!("an operation on the right") };
    assert!(matches!(equals.operator(), Some(BinaryOperator::Equals(token)) if token.text(text) == "=="));
    let items: Vec<_> = body.body().expect("an object").items().collect();
    let [ObjectItem::Property(name), ObjectItem::Spread(more), ObjectItem::ResourceDeclaration(pool)] =
        items.as_slice()
    else {
        panic!("property, spread and resource, not {items:?}")
    };
    assert!(matches!(name.key(), Some(PropertyKey::Identifier(key)) if key.text(text) == "name"));
    let Some(Expression::StringLiteral(StringLiteral::InterpolatedString(value))) = name.value() else {
        panic!("a string with a hole")
    };
    assert_eq!(value.pieces().map(|piece| piece.text(text)).collect::<Vec<_>>(), ["'n-${", "}'"]);
    assert_eq!(value.expressions().map(|hole| hole.text(text)).collect::<Vec<_>>(), ["x"]);
    assert_eq!(more.value().map(|value| value.text(text)), Some("more"));
    assert_eq!(pool.existing().map(|token| token.text(text)), Some("existing"));
}

#[test]
fn the_typed_layer_reads_types_and_accesses() {
    let text = "param a ('x' | 'y')[]?\nvar b = [c.?d[?^1], ...e]\noutput f resource = g";
    let file = File::parse(text);
    let statements: Vec<_> = file.statements().collect();
    let [Statement::ParameterDeclaration(a), Statement::VariableDeclaration(b), Statement::OutputDeclaration(f)] =
        statements.as_slice()
    else {
        panic!("three statements, not {statements:?}")
    };
    let Some(DeclaredType::Type(Type::NullableType(nullable))) = a.ty() else { panic!("a nullable type") };
    let Some(Type::ArrayType(array)) = nullable.ty() else { panic!("of an array") };
    let Some(Type::ParenthesizedType(inner)) = array.element() else { panic!("of something in parentheses") };
    let Some(Type::UnionType(union)) = inner.ty() else { panic!("a union") };
    assert_eq!(union.members().map(|member| member.text(text)).collect::<Vec<_>>(), ["'x'", "'y'"]);
    assert!(a.default().is_none());
    let Some(Expression::Array(array)) = b.value() else { panic!("an array") };
    let items: Vec<_> = array.items().collect();
    let [ArrayItem::Expression(Expression::IndexAccess(index)), ArrayItem::Spread(_)] = items.as_slice() else {
        panic!("not {items:?}")
    };
    assert!(index.safe().is_some() && index.from_end().is_some());
    let Some(Expression::PropertyAccess(property)) = index.object() else { panic!("a property access") };
    assert!(property.safe().is_some());
    assert!(matches!(f.ty(), Some(DeclaredType::ResourceType(resource)) if resource.ty().is_none()));
}

#[test]
fn spans_count_bytes_of_the_whole_file() {
    let text = "\u{feff}// ü\r\nvar ä = 1\r\nvar b = 'ß'\r\n";
    let file = File::parse(text);
    let b = file.statements().last().expect("the last statement is whole");
    assert_eq!(b.text(text), "var b = 'ß'");
}

#[test]
fn a_missing_part_is_absent() {
    let text = "var a = {\n  b:\n  c: 1\n}";
    let file = File::parse(text);
    let Some(Statement::VariableDeclaration(a)) = file.statements().next() else { panic!("a variable") };
    let Some(Expression::Object(object)) = a.value() else { panic!("an object") };
    let values: Vec<_> = object
        .items()
        .map(|item| match item {
            ObjectItem::Property(property) => property.value().map(|value| value.text(text)),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(values, [None, Some("1")]);
    assert_eq!(errors(text), [error("", "expected a value")]);
}

#[test]
fn line_endings_make_no_difference() {
    let lines = "var a = b\n  ? c\n  : d\n\nparam e string?\nvar f = [\n  1\n  '''\nx'''\n]\n";
    let shapes = |text: &str| -> Vec<String> {
        File::parse(text).statements().map(|statement| statement.node().to_sexp()).collect()
    };
    assert_eq!(shapes(lines).len(), 3);
    assert_eq!(shapes(lines), shapes(&lines.replace('\n', "\r\n")));
    assert_eq!(shapes(lines), shapes(&lines.replace('\n', "\r")));
}

#[test]
fn a_broken_statement_costs_itself() {
    for broken in [
        "var broken = {",
        "var broken = }",
        "var broken = f(",
        "var broken = [",
        "var broken = 'x",
        "var broken = 'x${",
        "var broken = '${a(}'",
        "var broken = '''x",
        "/* no end",
        "@description('x'",
        "param broken",
        "broken",
        "resource broken 'x@1' =\n  name: 'x'\n}",
        "resource broken 'x@1' = {\n  a: [\n    b: (\n}",
        "var broken = \"x\"",
        "var broken = a =>",
    ] {
        let text =
            format!("param before string\n\n{broken}\n\n@secure()\nparam after string\nvar last = {{\n  a: 1\n}}\n");
        let file = File::parse(&text);
        assert!(file.has_error(), "{broken}");
        let whole: Vec<_> =
            file.pieces().iter().filter(|piece| !piece.has_error()).map(|piece| &text[piece.range()]).collect();
        assert_eq!(
            whole,
            ["param before string", "@secure()\nparam after string", "var last = {\n  a: 1\n}"],
            "{broken}"
        );
    }
}

#[test]
fn a_broken_decorator_leaves_its_declaration_whole() {
    assert_eq!(names("@description('x'\nvar a = 1\nvar b = 2"), ["a", "b"]);
}

#[test]
fn an_unindented_nested_resource_is_part_of_its_statement() {
    let text = "resource a 'x@1' = {\nname: 'a'\nresource b 'y' = {\nname: 'b'\n}\n}\nvar c = 1";
    assert!(!File::parse(text).has_error());
    assert_eq!(File::parse(text).pieces().len(), 2);
}

#[test]
fn statements_continue_over_lines_where_the_language_says_so() {
    for text in [
        "var a = b\n  ? c\n  : d",
        "var a = b // x\n\n  // y\n  ? c\n#disable-next-line z\n  : d",
        "type a = 'b'\n  | 'c'",
        "type a =\n  | 'b'\n  | 'c'",
        "func a() string =>\n  'b'",
        "var a = map(b, c =>\n  c)",
        "resource a 'b@1' =\n  if (c) {\n  }",
        "type a = resourceInput<\n  'b@1'\n>.c",
        "@a()\n\n// x\n@b()\nvar c = 1",
    ] {
        let file = File::parse(text);
        assert!(!file.has_error(), "{text}: {:?}", file.errors().collect::<Vec<_>>());
        assert_eq!(file.pieces().len(), 1, "{text}");
    }
}

#[test]
fn statements_end_at_the_line_where_the_language_says_so() {
    assert_eq!(names("param lock lockType?\nparam other string"), ["lock", "other"]);
    assert_eq!(names("var a = b\nvar c = d"), ["a", "c"]);
    assert_eq!(names("var a = b +\nvar c = d"), ["c"]);
    assert_eq!(names("var a =\nvar c = d"), ["c"]);
    assert_eq!(names("func a() string =>\nvar c = d"), ["c"]);
    assert_eq!(names("param a 'x' |\nvar c = d"), ["c"]);
}

#[test]
fn errors_say_what_and_where() {
    assert_eq!(errors("var a = {\n  b: 1\n\nvar c = 1"), [error("{", "this `{` is never closed")]);
    assert_eq!(errors("var a = 'x"), [error("", "this string is not closed")]);
    let directive = error("#disable-next-line x", "a directive stands on a line of its own");
    assert_eq!(errors("param a string #disable-next-line x"), [directive]);
    assert_eq!(errors("param a"), [error("", "expected a type")]);
    assert_eq!(errors("var a ="), [error("", "expected an expression")]);
    assert_eq!(errors("var a = b)"), [error(")", "unexpected `)`")]);
    assert_eq!(errors("/* a"), [error("/*", "this `/*` is never closed")]);
    assert_eq!(
        errors("foo\nbar: 1\n}\nvar a = 1"),
        [error("foo", "expected a declaration such as `param`, `var`, `resource`, `module` or `output`")]
    );
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("var a = {}1{}\nvar b = 1", "[".repeat(depth), "]".repeat(depth));
    assert!(!File::parse(&nested(200)).has_error());
    assert_eq!(names(&nested(100_000)), ["b"]);
}
