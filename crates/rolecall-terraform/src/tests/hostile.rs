//! Input that is made to hurt: bounded, said, and nothing outside is read.

use std::fmt::Write;
use std::time::{Duration, Instant};

use rolecall_source::Files;

use super::{errors, folder, run, value};
use crate::{Cache, Options, evaluate};

/// Bounded: some seconds on an idle machine, and many processes may share one.
fn quickly<T>(run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    assert!(start.elapsed() < Duration::from_secs(90), "{:?}", start.elapsed());
    result
}

#[test]
fn modules_that_call_each_other_end() {
    let call = |source: &str| format!("module \"m\" {{\n  source = \"{source}\"\n}}\n");
    let deployment =
        quickly(|| run(&[("main.tf", &call("./a")), ("a/main.tf", &call("../b")), ("b/main.tf", &call("../a"))]));
    assert!(errors(&deployment)[0].contains("calls itself"), "{:?}", errors(&deployment));
}

#[test]
fn a_module_outside_the_root_is_not_read() {
    let (dir, files) = folder(&[("main.tf", "module \"m\" {\n  source = \"../outside\"\n}\n")]);
    std::fs::create_dir(dir.path().join("outside")).expect("created");
    std::fs::write(
        dir.path().join("outside/main.tf"),
        "resource \"azurerm_resource_group\" \"x\" {\n  name = \"x\"\n}\n",
    )
    .expect("written");
    let deployment = evaluate(files.root(), &files, &Options::default(), &Cache::default());
    assert!(deployment.resources.is_empty());
    assert!(errors(&deployment)[0].contains("outside the root"), "{:?}", errors(&deployment));
}

#[test]
fn a_file_outside_the_root_is_not_read() {
    let read = value("file(\"/etc/passwd\")");
    let unknown = read.as_unknown().expect("not read");
    assert!(unknown.reason.detail.contains("outside the root"), "{}", unknown.reason.detail);
    for expression in ["filebase64(\"/etc/passwd\")", "templatefile(\"../../../../../../etc/passwd\", {})"] {
        assert!(value(expression).as_unknown().is_some(), "{expression}");
    }
}

#[test]
fn a_huge_range_is_refused() {
    assert!(value("range(0, 1000000000)").as_unknown().is_some());
}

#[test]
fn a_huge_count_is_one_instance() {
    let deployment = quickly(|| {
        run(&[(
            "main.tf",
            "resource \"azurerm_resource_group\" \"x\" {\n  count = 1000000000\n  name = \"x${count.index}\"\n}\n",
        )])
    });
    assert_eq!(deployment.resources.len(), 1);
    assert!(deployment.resources[0].many);
}

#[test]
fn an_unknown_for_each_is_one_instance() {
    let deployment = run(&[(
        "main.tf",
        "module \"m\" {\n  source = \"not/here\"\n}\nresource \"azurerm_resource_group\" \"x\" {\n  for_each = module.m.names\n  name = each.key\n}\n",
    )]);
    assert_eq!(deployment.resources.len(), 1);
    assert!(deployment.resources[0].many);
}

#[test]
fn ten_thousand_elements_are_ten_thousand_instances() {
    let text = "locals {\n  names = [for a in range(100) : [for b in range(100) : \"n${a}-${b}\"]]\n}\nresource \"azurerm_resource_group\" \"x\" {\n  for_each = toset(flatten(local.names))\n  name = each.value\n}\nresource \"azurerm_role_assignment\" \"a\" {\n  for_each = azurerm_resource_group.x\n  scope = each.value.id\n  role_definition_name = \"Reader\"\n  principal_id = \"p\"\n}\n";
    let deployment = quickly(|| run(&[("main.tf", text)]));
    assert_eq!(deployment.resources.len(), 20_000);
    assert_eq!(deployment.edges.iter().filter(|(from, to)| from != to).count(), deployment.edges.len());
}

#[test]
fn a_long_file_is_read() {
    let mut text = String::new();
    for number in 0..25_000 {
        let _ = write!(
            text,
            "resource \"azurerm_resource_group\" \"x{number}\" {{\n  name = \"n{number}\"\n  location = \"l\"\n}}\n"
        );
    }
    assert_eq!(quickly(|| run(&[("main.tf", &text)])).resources.len(), 25_000);
}

#[test]
fn a_long_chain_of_locals_ends_with_a_diagnostic() {
    let mut text = String::from("locals {\n  l0 = 1\n");
    for number in 1..5_000 {
        let _ = writeln!(text, "  l{number} = local.l{}", number - 1);
    }
    text.push_str("}\nresource \"azurerm_resource_group\" \"x\" {\n  name = local.l4999\n}\n");
    let deployment = quickly(|| run(&[("main.tf", &text)]));
    assert!(deployment.diagnostics[0].message.contains("levels"), "{:?}", deployment.diagnostics[0]);
}

#[test]
fn strings_that_double_are_bounded() {
    let mut text = String::from("locals {\n  l0 = \"xxxxxxxxxxxxxxxx\"\n");
    for number in 1..60 {
        let _ = writeln!(text, "  l{number} = \"${{local.l{0}}}${{local.l{0}}}\"", number - 1);
    }
    text.push_str("}\nresource \"azurerm_resource_group\" \"x\" {\n  name = \"x\"\n  tags = { v = local.l59 }\n}\n");
    quickly(|| run(&[("main.tf", &text)]));
}

#[test]
fn aliases_of_aliases_in_yaml_cost_nothing() {
    let mut yaml = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for number in 1..30 {
        let one = format!("*a{}", number - 1);
        let _ = writeln!(yaml, "a{number}: &a{number} [{}]", vec![one; 9].join(", "));
    }
    let (_dir, files) = folder(&[
        (
            "main.tf",
            "resource \"azurerm_resource_group\" \"x\" {\n  name = \"x\"\n  tags = { v = yamldecode(file(\"a.yaml\")) }\n}\n",
        ),
        ("a.yaml", &yaml),
    ]);
    quickly(|| evaluate(files.root(), &files, &Options::default(), &Cache::default()));
}

#[test]
fn broken_bytes_never_panic() {
    let text = "resource \"a\" \"b\" {\n  x = \"${a.b[0].c}\"\n  dynamic \"y\" {\n    for_each = [1]\n    content {\n      z = <<E\nhi\nE\n    }\n  }\n}\n";
    for end in 0..text.len() {
        run(&[("main.tf", &text[..end])]);
    }
}

#[test]
fn values_do_not_nest_without_end() {
    // Each local is asked for before the next, so no evaluation is deep by itself.
    let mut text = String::from("locals {\n  l0 = 1\n");
    for number in 1..20_000 {
        let _ = writeln!(text, "  l{number} = [local.l{}]", number - 1);
    }
    text.push_str("}\n");
    for number in (0..20_000).step_by(50) {
        let _ = write!(
            text,
            "resource \"azurerm_resource_group\" \"x{number}\" {{\n  name = \"n\"\n  tags = {{ v = local.l{number} }}\n}}\n"
        );
    }
    let deployment = quickly(|| run(&[("main.tf", &text)]));
    assert!(deployment.diagnostics[0].message.contains("references reach further"), "{:?}", deployment.diagnostics[0]);
}
