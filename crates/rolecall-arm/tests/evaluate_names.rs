//! Which ids resources get and functions build: scopes, children, extensions.

mod deploy;

use deploy::{deploy, value};

const SUBSCRIPTION: &str =
    r#""$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#""#;
const GROUP_OF_MANAGEMENT: &str =
    r#""$schema": "https://schema.management.azure.com/schemas/2019-08-01/managementGroupDeploymentTemplate.json#""#;
const TENANT: &str =
    r#""$schema": "https://schema.management.azure.com/schemas/2019-08-01/tenantDeploymentTemplate.json#""#;

fn ids(head: &str, resources: &str) -> Vec<String> {
    let comma = if head.is_empty() { "" } else { "," };
    deploy(&format!(r#"{{{head}{comma}"resources": [{resources}]}}"#)).ids()
}

#[test]
fn resource_id_builds_ids_in_the_group_by_default() {
    assert_eq!(value("", "[resourceId('A/b', 'x')]"), "'$group/A/b/x'");
    assert_eq!(value("", "[resourceId('A/b/c', 'x', 'y')]"), "'$group/A/b/x/c/y'");
}

#[test]
fn resource_id_takes_a_group_and_a_subscription() {
    assert_eq!(value("", "[resourceId('g', 'A/b', 'x')]"), "'$subscription/resourceGroups/g/A/b/x'");
    assert_eq!(value("", "[resourceId('s', 'g', 'A/b', 'x')]"), "'/subscriptions/s/resourceGroups/g/A/b/x'");
}

#[test]
fn resource_id_of_a_subscription_is_in_the_subscription() {
    assert_eq!(value(SUBSCRIPTION, "[resourceId('A/b', 'x')]"), "'$subscription/A/b/x'");
}

#[test]
fn subscription_tenant_and_extension_ids() {
    assert_eq!(
        value("", "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')]"),
        "'$subscription/Microsoft.Authorization/roleDefinitions/r'"
    );
    assert_eq!(value("", "[subscriptionResourceId('s', 'A/b', 'x')]"), "'/subscriptions/s/A/b/x'");
    assert_eq!(value("", "[tenantResourceId('A/b', 'x')]"), "'/A/b/x'");
    assert_eq!(value("", "[extensionResourceId(resourceId('A/b', 'x'), 'C/d', 'y')]"), "'$group/A/b/x/c/d/y'");
    assert_eq!(
        value("", "[managementGroupResourceId('m', 'A/b', 'x')]"),
        "'/Microsoft.Management/managementGroups/m/A/b/x'"
    );
}

#[test]
fn scope_functions_tell_of_the_target() {
    assert_eq!(value("", "[resourceGroup().id]"), "'$group'");
    assert_eq!(value("", "[subscription().id]"), "'$subscription'");
    assert_eq!(
        value(GROUP_OF_MANAGEMENT, "[managementGroup().id]"),
        "'/Microsoft.Management/managementGroups/{managementGroup().name}'"
    );
}

#[test]
fn a_full_nested_type_takes_a_name_of_several_segments() {
    assert_eq!(ids("", r#"{"type": "A/b/c", "name": "x/y"}"#), ["$group/A/b/x/c/y"]);
    assert_eq!(
        ids(
            r#""parameters": {"p": {"type": "string"}}"#,
            r#"{"type": "A/b/c", "name": "[concat(parameters('p'), '/y')]"}"#
        ),
        ["$group/A/b/{parameters('p')}/c/y"]
    );
}

#[test]
fn children_inside_their_parent_are_short_or_full() {
    for child in [r#""type": "c", "name": "y""#, r#""type": "A/b/c", "name": "y""#, r#""type": "A/b/c", "name": "x/y""#]
    {
        assert_eq!(
            ids("", &format!(r#"{{"type": "A/b", "name": "x", "resources": [{{{child}}}]}}"#)),
            ["$group/A/b/x", "$group/A/b/x/c/y"],
            "{child}"
        );
    }
}

#[test]
fn a_child_is_there_only_with_its_parent() {
    assert_eq!(
        ids(
            r#""parameters": {"p": {"type": "bool"}}"#,
            r#"{"type": "A/b", "name": "x", "condition": "[parameters('p')]", "resources": [{"type": "c", "name": "y"}]}"#
        ),
        ["$group/A/b/x when p", "$group/A/b/x/c/y when p"]
    );
}

// Unknown words of a type are in lower case.
const ASSIGNED: &str = "$group/a.a/b/x/Microsoft.Authorization/roleAssignments/r";

#[test]
fn the_three_spellings_of_a_role_assignment_are_one() {
    for resource in [
        r#"{"type": "Microsoft.Authorization/roleAssignments", "name": "r", "scope": "[resourceId('A.a/b', 'x')]"}"#,
        r#"{"type": "Microsoft.Authorization/roleAssignments", "name": "r", "scope": "A.a/b/x"}"#,
        r#"{"type": "Microsoft.Authorization/roleAssignments", "name": "r", "scope": "[concat('A.a/b/', 'x')]"}"#,
        r#"{"type": "A.a/b/providers/roleAssignments", "name": "x/Microsoft.Authorization/r"}"#,
        r#"{"type": "A.a/b/providers/roleAssignments", "name": "[concat('x', '/Microsoft.Authorization/', 'r')]"}"#,
    ] {
        assert_eq!(ids("", resource), [ASSIGNED], "{resource}");
    }
    for child in [
        r#"{"type": "Microsoft.Authorization/roleAssignments", "name": "r"}"#,
        r#"{"type": "providers/roleAssignments", "name": "Microsoft.Authorization/r"}"#,
        r#"{"type": "A.a/b/providers/roleAssignments", "name": "x/Microsoft.Authorization/r"}"#,
    ] {
        let all = ids("", &format!(r#"{{"type": "A.a/b", "name": "x", "resources": [{child}]}}"#));
        assert_eq!(all, ["$group/a.a/b/x", ASSIGNED], "{child}");
    }
}

#[test]
fn a_role_assignment_without_scope_is_of_the_target() {
    let resource = r#"{"type": "Microsoft.Authorization/roleAssignments", "name": "r"}"#;
    assert_eq!(ids("", resource), ["$group/Microsoft.Authorization/roleAssignments/r"]);
    assert_eq!(ids(SUBSCRIPTION, resource), ["$subscription/Microsoft.Authorization/roleAssignments/r"]);
    assert_eq!(ids(TENANT, resource), ["/Microsoft.Authorization/roleAssignments/r"]);
    assert_eq!(
        ids(GROUP_OF_MANAGEMENT, resource),
        ["/Microsoft.Management/managementGroups/{managementGroup().name}/Microsoft.Authorization/roleAssignments/r"]
    );
}

#[test]
fn a_conditional_name_is_a_resource_for_each_alternative() {
    assert_eq!(
        ids(
            r#""parameters": {"p": {"type": "bool"}}"#,
            r#"{"type": "A/b", "name": "[if(parameters('p'), 'x', 'y')]"}"#
        ),
        ["$group/A/b/x when p", "$group/A/b/y when not p"]
    );
}

#[test]
fn a_resource_group_is_of_the_subscription() {
    assert_eq!(
        ids(SUBSCRIPTION, r#"{"type": "Microsoft.Resources/resourceGroups", "name": "g"}"#),
        ["$subscription/resourceGroups/g"]
    );
}

#[test]
fn existing_resources_are_not_deployed() {
    let none: [&str; 0] = [];
    let template = r#"{"languageVersion": "2.0", "resources": {"e": {"existing": true, "type": "A/b", "name": "x"}}}"#;
    assert_eq!(deploy(template).ids(), none);
}

fn symbols(expression: &str) -> deploy::Run {
    deploy(&format!(
        r#"{{"languageVersion": "2.0", "resources": {{
        "e": {{"existing": true, "type": "A/b", "name": "x", "scope": "[resourceGroup('g')]"}},
        "f": {{"type": "A/b", "name": "y", "identity": {{"type": "SystemAssigned"}}}},
        "probe": {{"type": "A/probe", "name": "probe", "v": "{expression}"}}}}}}"#
    ))
}

#[test]
fn reference_takes_a_symbolic_name() {
    let run = symbols("[reference('f').p.q]");
    assert_eq!(run.v("probe"), "reference('$group/A/b/y').properties.p.q");
    assert_eq!(run.edges(), ["probe -> y"]);
}

#[test]
fn a_full_reference_has_what_is_beside_the_properties() {
    for expression in [
        "[reference('f', '2024-01-01', 'Full').identity.principalId]",
        "[reference(resourceId('A/b', 'y'), '2024-01-01', 'full').identity.principalId]",
    ] {
        let run = symbols(expression);
        assert_eq!(run.v("probe"), "reference('$group/A/b/y').identity.principalId", "{expression}");
        assert_eq!(run.edges(), ["probe -> y"], "{expression}");
    }
}

#[test]
fn reference_takes_a_name_where_it_is_the_only_one() {
    let run = deploy(
        r#"{"resources": [{"type": "A/b", "name": "y"}, {"type": "A/probe", "name": "probe", "v": "[reference('y').p]"}]}"#,
    );
    assert_eq!(run.v("probe"), "reference('$group/A/b/y').properties.p");
    assert_eq!(run.edges(), ["probe -> y"]);
}

#[test]
fn a_reference_to_what_is_existing_is_an_attribute_of_it_and_waits_for_nothing() {
    let run = symbols("[reference('e').p]");
    assert_eq!(run.v("probe"), "reference('$subscription/resourceGroups/g/A/b/x').properties.p");
    let none: [&str; 0] = [];
    assert_eq!(run.edges(), none);
}
