//! Sections, resources, loops and nested deployments.

mod common;

use common::{file, show, told, with};
use rolecall_arm::parse;
use rolecall_source::Level;
use rolecall_template::ir::{DeploymentSource, Expr, NestedDeployment, ResourceDecl, Target, Template};
use rolecall_value::Type;

fn show_all(all: &[Expr]) -> Vec<String> {
    all.iter().map(show).collect()
}

/// The only resource of a template; `text` is what its object holds.
fn resource(text: &str) -> ResourceDecl {
    let mut template = with(&format!("\"resources\": [{{{text}}}]"));
    std::sync::Arc::get_mut(&mut template).expect("nobody else has it").resources.remove(0)
}

#[test]
fn the_schema_says_what_a_template_is_deployed_to() {
    let schema = |name: &str| {
        let address = format!("https://schema.management.azure.com/schemas/2019-04-01/{name}.json#");
        with(&format!("\"$schema\": \"{address}\"")).target
    };
    assert_eq!(schema("deploymentTemplate"), Target::ResourceGroup);
    assert_eq!(schema("subscriptionDeploymentTemplate"), Target::Subscription);
    assert_eq!(schema("managementGroupDeploymentTemplate"), Target::ManagementGroup);
    assert_eq!(schema("tenantDeploymentTemplate"), Target::Tenant);
}

#[test]
fn the_generator_is_known_by_its_stamp() {
    let template = with(r#""metadata": {"_generator": {"name": "bicep", "version": "0.30"}}"#);
    assert_eq!(template.generator.as_deref(), Some("bicep"));
    assert_eq!(with("").generator, None);
}

#[test]
fn sections_are_found_without_regard_to_case() {
    assert_eq!(with(r#""Variables": {"v": 1}"#).variables.len(), 1);
}

#[test]
fn parameters_have_types_defaults_and_allowed_values() {
    let template = with(
        r#""parameters": {
        "a": {"type": "String", "defaultValue": "[resourceGroup().location]", "allowedValues": ["x", "y"]},
        "b": {"type": "secureString", "nullable": true},
        "c": {"type": "secureObject"}, "d": {"type": "int"}, "e": {"type": "bool"}, "f": {"type": "array"}
    }"#,
    );
    let types: Vec<_> = template.parameters.values().map(|parameter| parameter.of_type).collect();
    let expected = [Type::String, Type::String, Type::Object, Type::Int, Type::Bool, Type::Array];
    assert_eq!(types, expected.map(Some));
    assert_eq!(template.parameters[0].default.as_ref().map(show).as_deref(), Some("resourceGroup()['location']"));
    assert_eq!(template.parameters[0].allowed.as_deref().map(show_all), Some(vec!["'x'".to_owned(), "'y'".to_owned()]));
    assert_eq!((template.parameters[0].nullable, template.parameters[1].nullable), (false, true));
    assert!(template.parameters[1].allowed.is_none());
}

#[test]
fn allowed_values_of_an_array_do_not_close_it() {
    // Azure lets such a parameter hold any of them, several at a time.
    let template = with(r#""parameters": {"zones": {"type": "array", "allowedValues": ["1", "2"]}}"#);
    assert!(template.parameters[0].allowed.is_none());
}

#[test]
fn types_are_looked_up_through_references() {
    let template = with(
        r##""definitions": {
        "kind": {"type": "string", "allowedValues": ["a", "b"], "nullable": true},
        "indirect": {"$ref": "#/definitions/kind"},
        "pool": {"type": "object", "properties": {"os/type": {"type": "string", "allowedValues": ["Linux"]}}},
        "circle": {"$ref": "#/definitions/circle"}
    }, "parameters": {
        "p": {"$ref": "#/definitions/indirect"},
        "q": {"$ref": "#/definitions/pool/properties/os~1type"},
        "r": {"$ref": "#/definitions/circle"},
        "s": {"$ref": "#/definitions/missing"}
    }"##,
    );
    let shown: Vec<_> = template
        .parameters
        .values()
        .map(|p| (p.of_type, p.allowed.as_deref().map(show_all).unwrap_or_default().join(" "), p.nullable))
        .collect();
    assert_eq!(shown[0], (Some(Type::String), "'a' 'b'".into(), true));
    assert_eq!(shown[1], (Some(Type::String), "'Linux'".into(), false));
    assert_eq!(shown[2], (None, String::new(), false));
    assert_eq!(shown[3], (None, String::new(), false));
}

#[test]
fn loops_make_variables_at_the_top_and_inside() {
    let template = with(
        r#""variables": {
        "copy": [{"name": "top", "count": 2, "input": "[copyIndex('top')]"}],
        "object": {"copy": [{"name": "inner", "count": "[f()]", "input": {"x": 1}}], "other": true}
    }"#,
    );
    assert_eq!(template.variables.keys().map(|key| key.as_str()).collect::<Vec<_>>(), ["top", "object"]);
    assert_eq!(show(&template.variables[0].value), "for top < 2: copyIndex('top')");
    assert_eq!(show(&template.variables[1].value), "{'inner': for inner < f(): {'x': 1}, 'other': true}");
}

#[test]
fn a_property_that_is_only_called_copy_is_a_property() {
    let template = with(r#""variables": {"copy": [1], "object": {"copy": {"a": 1}}}"#);
    assert_eq!(show(&template.variables[0].value), "[1]");
    assert_eq!(show(&template.variables[1].value), "{'copy': {'a': 1}}");
}

#[test]
fn outputs_have_conditions_and_loops() {
    let template = with(
        r#""outputs": {
        "a": {"type": "string", "condition": "[f()]", "value": "[g()]"},
        "b": {"type": "array", "copy": {"count": 3, "input": "[copyIndex()]"}}
    }"#,
    );
    assert_eq!(template.outputs[0].condition.as_ref().map(show).as_deref(), Some("f()"));
    assert_eq!(show(&template.outputs[0].value), "g()");
    assert_eq!(show(&template.outputs[1].value), "for _ < 3: copyIndex()");
}

#[test]
fn a_function_sees_its_own_parameters() {
    let template = with(
        r#""functions": [{"namespace": "contoso", "members": {"name": {
        "parameters": [{"name": "prefix", "type": "string"}],
        "output": {"type": "string", "value": "[concat(parameters('prefix'), contoso.other())]"}
    }}}], "variables": {"v": "[contoso.name(parameters('prefix'))]"}"#,
    );
    let (name, function) = template.functions.first().expect("a function");
    assert_eq!((name.as_str(), &*function.parameters[0]), ("contoso.name", "prefix"));
    assert_eq!(show(&function.body), "concat($prefix, contoso.other())");
    assert_eq!(show(&template.variables[0].value), "contoso.name(parameters('prefix'))");
}

#[test]
fn a_resource_is_what_it_says_of_itself_and_a_body() {
    let resource = resource(
        r#"
        "type": "Microsoft.X/y", "apiVersion": "2020-01-01", "name": "[f()]", "comments": "[no expression",
        "condition": "[g()]", "copy": {"name": "loop", "count": 2, "mode": "serial"}, "dependsOn": ["a", "[h()]"],
        "scope": "[i()]", "location": "x", "identity": {"type": "UserAssigned", "userAssignedIdentities": {"[j()]": {}}},
        "properties": {"copy": [{"name": "list", "count": 1, "input": {}}]}"#,
    );
    assert_eq!((&*resource.resource_type.value, show(&resource.name)), ("Microsoft.X/y", "f()".into()));
    let parts = [&resource.condition, &resource.depends_on, &resource.scope].map(|part| part.as_ref().map(show));
    assert_eq!(parts, ["g()", "['a', h()]", "i()"].map(|part| Some(part.to_owned())));
    let copy = resource.copy.expect("a loop");
    assert_eq!((copy.name.as_deref(), show(&copy.count)), (Some("loop"), "2".into()));
    assert_eq!(
        show(&resource.body),
        "{'apiVersion': '2020-01-01', 'location': 'x', 'identity': {'type': 'UserAssigned', 'userAssignedIdentities': {j(): {}}}, \
         'properties': {'list': for list < 1: {}}}"
    );
    assert!(!resource.existing && resource.deployment.is_none());
}

#[test]
fn symbolic_names_and_existing_resources() {
    let template = with(
        r#""languageVersion": "2.0", "resources": {
        "vnet": {"existing": true, "type": "Microsoft.Network/virtualNetworks", "apiVersion": "x", "name": "v"},
        "group": {"import": "graph", "type": "Microsoft.Graph/groups@v1.0", "properties": {"uniqueName": "g"}}
    }"#,
    );
    assert!(template.symbolic && template.resources[0].existing && !template.resources[1].existing);
    let symbols: Vec<_> = template.resources.iter().filter_map(|r| r.symbol.as_ref()).map(|s| &*s.value).collect();
    assert_eq!(symbols, ["vnet", "group"]);
    assert_eq!(show(&template.resources[1].name), "invalid");
    assert!(!with(r#""resources": []"#).symbolic);
}

#[test]
fn children_keep_their_spelling() {
    let parent = resource(
        r#""type": "Microsoft.Network/virtualNetworks", "name": "v", "resources": [
        {"type": "subnets", "name": "s", "resources": [{"type": "deeper", "name": "d"}]},
        {"type": "Microsoft.Network/virtualNetworks/providers/roleAssignments", "name": "v/Microsoft.Authorization/g"},
        {"type": "Microsoft.Authorization/locks", "name": "l"}]"#,
    );
    let types: Vec<_> = parent.children.iter().map(|child| &*child.resource_type.value).collect();
    let old = "Microsoft.Network/virtualNetworks/providers/roleAssignments";
    assert_eq!(types, ["subnets", old, "Microsoft.Authorization/locks"]);
    assert_eq!(&*parent.children[0].children[0].resource_type.value, "deeper");
    assert_eq!(show(&parent.children[1].name), "'v/Microsoft.Authorization/g'");
    assert_eq!(show(&parent.body), "{}");
}

fn deployment(resource_text: &str) -> NestedDeployment {
    let text = format!(r#""type": "microsoft.resources/Deployments", "name": "d", {resource_text}"#);
    resource(&text).deployment.expect("a deployment")
}

fn inline(deployment: &NestedDeployment) -> &Template {
    match &deployment.source {
        DeploymentSource::Inline(template) => template,
        other => panic!("{other:?}"),
    }
}

fn remote(deployment: &NestedDeployment) -> String {
    match &deployment.source {
        DeploymentSource::Remote(address) => show(address),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_nested_template_is_outer_scope_unless_it_says_inner() {
    let outer = deployment(r#""properties": {"mode": "Incremental", "template": {"variables": {"v": 1}}}"#);
    assert!(outer.outer_scope);
    assert_eq!(inline(&outer).variables.len(), 1);
    let inner = deployment(
        r#""properties": {"expressionEvaluationOptions": {"scope": "Inner"}, "template": {}}, "resourceGroup": "[g()]",
           "subscriptionId": "[s()]""#,
    );
    assert!(!inner.outer_scope);
    let where_to = [&inner.resource_group, &inner.subscription].map(|part| part.as_ref().map(show));
    assert_eq!(where_to, [Some("g()".to_owned()), Some("s()".to_owned())]);
}

#[test]
fn an_expression_escaped_for_the_nested_deployment_is_not_taken_for_text() {
    let scope = |scope: &str| {
        let options = format!(r#"{{"scope": "{scope}"}}"#);
        let nested = deployment(&format!(
            r#""properties": {{"expressionEvaluationOptions": {options}, "template": {{"variables": {{"v": "[[x()]"}}}}}}"#
        ));
        show(&inline(&nested).variables[0].value)
    };
    assert_eq!(scope("outer"), "invalid");
    assert_eq!(scope("inner"), "'[x()]'");
}

#[test]
fn arguments_are_unwrapped() {
    let nested = deployment(
        r#""properties": {"template": {}, "parameters": {
        "a": {"value": "[f()]"}, "b": {"value": {"c": 1}}, "d": "[g()]", "e": {"value": null},
        "s": {"reference": {"keyVault": {"id": "[k()]"}, "secretName": "n"}}}}"#,
    );
    assert_eq!(
        nested.arguments.as_ref().map(show).as_deref(),
        Some("{'a': f(), 'b': {'c': 1}, 'd': g()['value'], 'e': null, 's': secret(k(), 'n')}")
    );
    let looped = deployment(
        r#""properties": {"template": {}, "parameters": {"a": {"copy": [{"name": "value", "count": 2, "input": 1}]}}}"#,
    );
    let looped = looped.arguments.as_ref().map(show).unwrap_or_default();
    assert!(looped.ends_with("['value']}"), "{looped}");
    let whole = deployment(r#""properties": {"template": {}, "parameters": "[variables('all')]"}"#);
    let expected = "mapValues(variables('all'), (argument) => $argument['value'])";
    assert_eq!(whole.arguments.as_ref().map(show).as_deref(), Some(expected));
}

#[test]
fn the_body_of_a_deployment_leaves_out_what_it_deploys() {
    let nested = resource(
        r#""type": "Microsoft.Resources/deployments", "name": "d", "location": "x",
        "resourceGroup": "g", "properties": {"mode": "Complete", "template": {}, "parameters": {}}"#,
    );
    assert_eq!(show(&nested.body), "{'location': 'x', 'properties': {'mode': 'Complete'}}");
}

#[test]
fn linked_templates_are_paths_or_addresses() {
    let link = |link: &str| deployment(&format!(r#""properties": {{"templateLink": {link}}}"#));
    let path = link(r#"{"relativePath": "nested/x.json", "uri": "https://ignored"}"#);
    assert!(matches!(&path.source, DeploymentSource::Path(path) if &*path.value == "nested/x.json"));
    assert!(!path.outer_scope);
    assert_eq!(remote(&link(r#"{"uri": "[uri(d(), 'nested/x.json')]"}"#)), "uri(d(), 'nested/x.json')");
    assert_eq!(remote(&link(r#"{"id": "[spec()]"}"#)), "spec()");
    assert_eq!(remote(&link(r#"{"relativePath": "[concat(a(), '.json')]"}"#)), "concat(a(), '.json')");
    assert_eq!(remote(&link(r#""[variables('link')]""#)), "variables('link')['uri']");
}

#[test]
fn comments_and_line_breaks_in_strings_are_accepted() {
    let text = "// first\n{ /* second */ \"variables\": {\"v\": \"a\nb\"} } // third";
    assert_eq!(parse(&file(text)).diagnostics, []);
}

#[test]
fn a_trailing_comma_is_a_warning_and_loses_nothing() {
    let text = r#"{"variables": {"a": [1,], "b": 2}}"#;
    let parsed = parse(&file(text));
    assert_eq!((parsed.diagnostics.len(), parsed.diagnostics[0].level), (1, Level::Warning));
    assert_eq!(&text[parsed.diagnostics[0].span.range()], ",");
    let template = parsed.template.expect("a template");
    assert_eq!((template.variables.len(), template.incomplete), (2, None));
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    let text =
        r#"{"variables": {"a": 1, "b": 2, "a": 3}, "resources": [], "resources": [{"type": "A/b", "name": "n"}]}"#;
    let parsed = parse(&file(text));
    assert!(parsed.diagnostics.iter().all(|diagnostic| diagnostic.level == Level::Warning));
    let names: Vec<_> = told(text, &parsed.diagnostics).into_iter().map(|(_, at)| at).collect();
    assert_eq!(names, ["\"a\"", "\"resources\""]);
    let template = parsed.template.expect("a template");
    assert_eq!(show(&template.variables[0].value), "3");
    assert_eq!(template.resources.len(), 1);
}

#[test]
fn keys_that_stand_twice_among_many_are_told_too() {
    let many: Vec<String> = (0..40).map(|at| format!("\"k{}\": {at}", at % 39)).collect();
    let text = format!("{{\"variables\": {{{}}}}}", many.join(", "));
    assert_eq!(told(&text, &parse(&file(&text)).diagnostics).len(), 1);
}

#[test]
fn a_cut_text_keeps_what_came_before() {
    let text =
        r#"{"resources": [{"type": "A/b", "name": "first"}, {"type": "A/c", "name": "second", "properties": {"x": "#;
    let parsed = parse(&file(text));
    assert_eq!((parsed.diagnostics.len(), parsed.diagnostics[0].level), (1, Level::Error));
    let template = parsed.template.expect("a template");
    let names: Vec<_> = template.resources.iter().map(|resource| show(&resource.name)).collect();
    assert_eq!(names, ["'first'", "'second'"]);
    let incomplete = template.incomplete.expect("it says so");
    assert_eq!(&text[incomplete.range()], r#""x": "#);
}

#[test]
fn a_missing_comma_is_an_error_and_loses_nothing() {
    let text = "{\"variables\": {\"a\": 1\n\"b\": 2}, \"resources\": [{\"type\": \"A/b\", \"name\": \"n\"}]}";
    let parsed = parse(&file(text));
    assert_eq!((parsed.diagnostics.len(), parsed.diagnostics[0].level), (1, Level::Error));
    let template = parsed.template.expect("a template");
    assert_eq!((template.variables.len(), template.resources.len(), template.incomplete), (2, 1, None));
}

#[test]
fn sections_and_resources_of_a_wrong_kind_are_told_and_the_rest_stays() {
    let text = r#"{"parameters": [1], "variables": {"v": 1}, "resources": ["x", {"name": "n"}, {"type": "A/b"}]}"#;
    let parsed = parse(&file(text));
    let messages: Vec<_> = told(text, &parsed.diagnostics);
    assert_eq!(
        messages.iter().map(|(message, at)| (message.as_str(), at.as_str())).collect::<Vec<_>>(),
        [
            ("`parameters` must be an object", "[1]"),
            ("a resource must be an object", "\"x\""),
            ("a resource must have a `type`", r#"{"name": "n"}"#),
            ("a resource must have a `name`", r#"{"type": "A/b"}"#),
        ]
    );
    let template = parsed.template.expect("a template");
    assert_eq!((template.variables.len(), template.resources.len()), (1, 2));
}

#[test]
fn a_text_without_an_object_is_no_template() {
    for text in ["", "[1]", "3", "\u{feff}"] {
        let parsed = parse(&file(text));
        assert!(parsed.template.is_none(), "{text}");
        assert_eq!(parsed.diagnostics.len(), 1, "{text}");
    }
}
