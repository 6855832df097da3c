//! Statements and expressions as the IR has them.

use std::path::Path;
use std::sync::Arc;

use rolecall_bicep::{Library, Parsed, parse, parse_parameters};
use rolecall_source::{FileId, Files, ReadError, SourceFile};
use rolecall_template::ir::{DeploymentSource, Element, Expr, ExprKind, Target, Template};
use rolecall_value::{Key, Type};

/// Files in memory; the first is the one that is parsed.
struct Memory(Vec<Arc<SourceFile>>);

impl Memory {
    fn new(files: &[(&str, &str)]) -> Self {
        let file = |(number, (name, text)): (u32, &(&str, &str))| {
            let path = Path::new("/base").join(name);
            Arc::new(SourceFile::new(FileId(number), path, text.as_bytes().to_vec()).expect("text"))
        };
        Memory((0..).zip(files).map(file).collect())
    }
}

impl Files for Memory {
    fn root(&self) -> &Path {
        Path::new("/base")
    }

    fn read(&self, path: &Path) -> Result<Arc<SourceFile>, ReadError> {
        self.0.iter().find(|file| file.path == path).cloned().ok_or(ReadError::NotFound)
    }

    fn get(&self, id: FileId) -> Option<Arc<SourceFile>> {
        self.0.get(id.0 as usize).cloned()
    }
}

fn parsed(files: &[(&str, &str)]) -> Parsed {
    let files = Memory::new(files);
    parse(&files.0[0], &files, &Library::default())
}

fn template(text: &str) -> Arc<Template> {
    let Parsed { template, diagnostics, .. } = parsed(&[("main.bicep", text)]);
    assert_eq!(diagnostics, [], "{text}");
    template.expect("a template")
}

/// An expression as ARM would write it.
fn show(expr: &Expr) -> String {
    let list = |all: &[Element]| all.iter().map(element).collect::<Vec<_>>().join(", ");
    match &expr.kind {
        ExprKind::Null => "null".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Int(value) => value.to_string(),
        ExprKind::Float(value) => value.to_string(),
        ExprKind::Str(text) => format!("{text:?}"),
        ExprKind::Array(items) => format!("[{}]", list(items)),
        ExprKind::Object(items) => format!("{{{}}}", list(items)),
        ExprKind::Call { namespace, name, arguments } => {
            let arguments: Vec<_> = arguments.iter().map(show).collect();
            let namespace = namespace.as_ref().map(|namespace| format!("{namespace}.")).unwrap_or_default();
            format!("{namespace}{name}({})", arguments.join(", "))
        }
        ExprKind::Member { base, key, from_end, .. } => {
            format!("{}[{}{}]", show(base), if *from_end { "^" } else { "" }, show(key))
        }
        ExprKind::Lambda { parameters, body } => format!("({}) => {}", parameters.join(", "), show(body)),
        ExprKind::Local(name) => format!("%{name}"),
        ExprKind::Symbol(name) => format!("@{name}"),
        ExprKind::Loop { copy, body } => {
            format!("for {} of {}: {}", copy.name.as_deref().unwrap_or("?"), show(&copy.count), show(body))
        }
        ExprKind::Invalid(reason) => format!("invalid: {reason}"),
    }
}

fn element(element: &Element) -> String {
    match element {
        Element::Item(item) => show(item),
        Element::Property(name, value) => format!("{}: {}", show(name), show(value)),
        Element::Spread(value) => format!("...{}", show(value)),
    }
}

/// What the value of a variable is understood as, `a` and `b` being parameters.
fn understood(value: &str) -> String {
    let template = template(&format!("param a object\nparam b object\nvar v = {value}"));
    show(&template.variables[&Key::from("v")].value)
}

#[test]
fn operators_are_functions() {
    for (written, expected) in [
        ("1 + 2 * 3", "add(1, mul(2, 3))"),
        ("a == b", r#"equals(parameters("a"), parameters("b"))"#),
        ("a != b", r#"not(equals(parameters("a"), parameters("b")))"#),
        ("'x' =~ 'Y'", r#"equals(toLower("x"), toLower("Y"))"#),
        ("true && !false || true", "or(and(true, not(false)), true)"),
        ("a ?? b", r#"coalesce(parameters("a"), parameters("b"))"#),
        ("true ? 1 : -2", "if(true, 1, -2)"),
    ] {
        assert_eq!(understood(written), expected, "{written}");
    }
}

#[test]
fn interpolation_is_format_with_braces_escaped() {
    assert_eq!(understood("'a{b}${1}c'"), r#"format("a{{b}}{0}c", 1)"#);
}

#[test]
fn a_safe_access_takes_over_the_accesses_behind_it() {
    assert_eq!(understood("a.?x.y[0]"), r#"tryGet(parameters("a"), "x", "y", 0)"#);
    assert_eq!(understood("(a.?x).y"), r#"tryGet(parameters("a"), "x")["y"]"#);
    assert_eq!(understood("a.?x.?y"), r#"tryGet(tryGet(parameters("a"), "x"), "y")"#);
    assert_eq!(understood("a.x[^1]"), r#"parameters("a")["x"][^1]"#);
}

#[test]
fn names_of_lambdas_and_loops_are_locals_and_hide_what_is_declared() {
    assert_eq!(understood("map([1], a => a)"), "map([1], (a) => %a)");
    assert_eq!(understood("[for (b, i) in [1]: '${b}${i}${a}']"), {
        r#"for v of length([1]): format("{0}{1}{2}", %b, %i, parameters("a"))"#
    });
}

#[test]
fn spreads_stand_where_they_are_written() {
    assert_eq!(understood("{ x: 1, ...a }"), r#"{"x": 1, ...parameters("a")}"#);
    assert_eq!(understood("[...b.list, 2]"), r#"[...parameters("b")["list"], 2]"#);
}

#[test]
fn types_close_what_a_parameter_can_be() {
    let template = template(
        "type size = 'small' | 'large'\nparam a size?\n@sys.allowed([1, 2])\nparam b int = 1\nparam c 'x'[]\nparam d bool",
    );
    let parameter = |name: &str| &template.parameters[&Key::from(name)];
    let allowed = |name: &str| parameter(name).allowed.as_ref().map(|all| all.iter().map(show).collect::<Vec<_>>());
    assert_eq!(allowed("a"), Some(vec!["\"small\"".to_owned(), "\"large\"".to_owned()]));
    assert!(parameter("a").nullable);
    assert_eq!(allowed("b"), Some(vec!["1".to_owned(), "2".to_owned()]));
    assert_eq!((parameter("c").of_type, allowed("c")), (Some(Type::Array), None));
    assert_eq!(parameter("d").of_type, Some(Type::Bool));
}

#[test]
fn resources_keep_parent_scope_condition_loop_and_children_apart_from_their_body() {
    let template = template(
        "targetScope = 'subscription'
resource rg 'Microsoft.Resources/resourceGroups@2022-09-01' existing = { name: 'rg' }
resource vnets 'Microsoft.Network/virtualNetworks@2023-09-01' = [for n in ['x']: if (n == 'x') {
  name: n
  scope: rg
  location: 'l'
  dependsOn: [rg]
}]
resource outer 'A.B/c@1' = {
  name: 'o'
  resource inner 'd' = { name: 'i' }
}
output id string = outer::inner.id",
    );
    assert_eq!(template.target, Target::Subscription);
    let [rg, vnets, outer] = &template.resources[..] else { panic!("three resources") };
    assert!(rg.existing);
    assert_eq!(&*vnets.resource_type.value, "Microsoft.Network/virtualNetworks");
    assert_eq!(show(&vnets.name), "%n");
    assert_eq!(vnets.scope.as_ref().map(show).as_deref(), Some("@rg"));
    assert_eq!(vnets.condition.as_ref().map(show).as_deref(), Some(r#"equals(%n, "x")"#));
    assert_eq!(vnets.depends_on.as_ref().map(show).as_deref(), Some("[@rg]"));
    assert_eq!(show(&vnets.body), r#"{"location": "l", "apiVersion": "2023-09-01"}"#);
    assert_eq!(outer.children[0].symbol.as_ref().map(|symbol| &*symbol.value), Some("outer::inner"));
    assert_eq!(show(&template.outputs[&Key::from("id")].value), r#"@outer::inner["id"]"#);
}

#[test]
fn modules_name_their_file_or_their_registry() {
    let template = template(
        "module near 'm.bicep' = {\n  name: 'n'\n  params: { p: 1 }\n}\nmodule far 'br/public:a:1' = { name: 'f' }\noutput o string = near.outputs.x",
    );
    let [near, far] = &template.resources[..] else { panic!("two modules") };
    let deployment = near.deployment.as_ref().expect("a deployment");
    assert!(matches!(&deployment.source, DeploymentSource::Path(path) if &*path.value == "m.bicep"));
    assert_eq!(deployment.arguments.as_ref().map(show).as_deref(), Some(r#"{"p": 1}"#));
    let source = &far.deployment.as_ref().expect("a deployment").source;
    assert!(matches!(source, DeploymentSource::Remote(address) if show(address) == "\"br/public:a:1\""));
    let output = &template.outputs[&Key::from("o")].value;
    assert_eq!(show(output), r#"@near["properties"]["outputs"]["x"]["value"]"#);
}

#[test]
fn imports_become_variables_and_functions_of_the_template() {
    let files = [
        (
            "main.bicep",
            "import { one as uno, twice } from 'lib/a.bicep'\nimport * as lib from 'lib/a.bicep'\nvar v = [uno, twice(1), lib.one]",
        ),
        ("lib/a.bicep", "var base = 1\n@export()\nvar one = base\n@export()\nfunc twice(x int) int => x * 2"),
    ];
    let Parsed { template, diagnostics, imports } = parsed(&files);
    assert_eq!(diagnostics, []);
    assert_eq!(imports, [Path::new("/base/lib/a.bicep")]);
    let template = template.expect("a template");
    assert_eq!(show(&template.variables[&Key::from("v")].value), {
        r#"[variables("_1.one"), __bicep._1.twice(1), variables("_1.one")]"#
    });
    assert_eq!(show(&template.variables[&Key::from("_1.one")].value), r#"variables("_1.base")"#);
    assert_eq!(show(&template.functions[&Key::from("__bicep._1.twice")].body), "mul(%x, 2)");
}

#[test]
fn loaded_content_is_written_in_place() {
    let files = [
        ("main.bicep", "var v = [loadTextContent('t.txt'), loadJsonContent('d.json', 'a.b'), loadTextContent('no')]"),
        ("t.txt", "text"),
        ("d.json", r#"{"a": {"b": "[no expression]"}}"#),
    ];
    let Parsed { template, diagnostics, .. } = parsed(&files);
    let shown = show(&template.expect("a template").variables[&Key::from("v")].value);
    assert!(shown.starts_with(r#"["text", {"a": {"b": "[no expression]"}}["a"]["b"], invalid: "#), "{shown}");
    assert_eq!(diagnostics.len(), 1);
}

#[test]
fn a_broken_statement_takes_no_other_with_it() {
    let Parsed { template, diagnostics, .. } =
        parsed(&[("main.bicep", "var a = \nresource x 'A.B/c@1' = {\n  name: 'x'\n  p: (\n}\nvar b = 2\n")]);
    let template = template.expect("a template");
    assert!(!diagnostics.is_empty());
    assert_eq!(show(&template.variables[&Key::from("b")].value), "2");
    assert!(template.incomplete.is_some(), "what the resource lost may have been anything");
}

#[test]
fn endless_chains_and_cycles_end() {
    // The stack that the analysis gives to its threads, less would do.
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(chains_and_cycles).expect("started");
    thread.join().expect("it ends");
}

fn chains_and_cycles() {
    let long = format!("var v = {}", vec!["1"; 5000].join(" + "));
    let Parsed { diagnostics, .. } = parsed(&[("main.bicep", &long)]);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    let files = [
        ("main.bicep", "import { x } from 'a.bicep'\nvar v = x"),
        ("a.bicep", "import { x as y } from 'main.bicep'\nvar x = y"),
    ];
    assert!(parsed(&files).template.is_some());
    let import_only = [
        ("main.bicep", "import { x } from 'a.bicep'\nvar v = x"),
        ("a.bicep", "import { x } from 'b.bicep'"),
        ("b.bicep", "import { x } from 'a.bicep'"),
    ];
    assert!(parsed(&import_only).template.is_some());
    let functions = [
        ("main.bicep", "import { f } from 'a.bicep'\nvar v = f()"),
        ("a.bicep", "import { f } from 'b.bicep'"),
        ("b.bicep", "import { f } from 'a.bicep'"),
    ];
    assert!(parsed(&functions).template.is_some());
}

#[test]
fn parameter_files_say_what_they_are_for_and_stand_alone() {
    let files = Memory::new(&[
        (
            "prod.bicepparam",
            "using 'main.bicep'\nextends 'base.bicepparam'\nvar x = 'a'\nparam one = '${x}b'\nparam two = { y: one }",
        ),
        ("base.bicepparam", "using none\nparam one = 'base'\nparam three = 3"),
    ]);
    let read = parse_parameters(&files.0[0], &files, &Library::default());
    assert_eq!(read.using.as_deref(), Some(Path::new("/base/main.bicep")));
    let shown: Vec<_> = read.values.iter().map(|(name, value)| format!("{name} = {}", show(value))).collect();
    assert_eq!(shown, [r#"one = format("{0}b", "a")"#, "three = 3", r#"two = {"y": format("{0}b", "a")}"#,]);
}
