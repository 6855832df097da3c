//! One deployment written in Bicep and in ARM, as the Bicep compiler writes it, gives one graph: a construct for each case.

mod common;

use std::collections::BTreeSet;

use common::Workspace;
use serde_json::{Value, json};

/// The graph of a file, without what only says where and how it is written; edges as `[waits, for]` at any number of steps.
fn graph(workspace: &Workspace, file: &str) -> Value {
    let run = workspace.run(&["graph", file, "--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.text());
    let mut document: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let mut graph = document["deployments"][0].take();
    let map = graph.as_object_mut().expect("a deployment");
    for name in ["entry", "parameters", "language", "unresolved"] {
        map.remove(name);
    }
    for section in ["resources", "assignments"] {
        for node in map[section].as_array_mut().expect("a list") {
            node.as_object_mut().expect("a node").remove("position");
        }
    }
    let ends = |edge: &Value| [&edge["from"], &edge["to"]].map(|end| end.as_str().expect("an id").to_owned());
    let mut edges: BTreeSet<[String; 2]> = map["edges"].as_array().expect("a list").iter().map(ends).collect();
    loop {
        let further: Vec<_> = edges
            .iter()
            .flat_map(|[from, at]| {
                edges.iter().filter(move |[next, _]| next == at).map(|[_, to]| [from.clone(), to.clone()])
            })
            .filter(|edge| !edges.contains(edge))
            .collect();
        if further.is_empty() {
            break;
        }
        edges.extend(further);
    }
    map.insert("edges".to_owned(), json!(edges));
    graph
}

/// Asserts that both give one text, and that `part` stands in it, so that two empty graphs do not pass.
#[track_caller]
fn twins(bicep: &[(&str, &str)], arm: &str, part: &str) {
    let workspace = Workspace::new();
    for (name, text) in bicep {
        workspace.write(name, text);
    }
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    workspace.write("arm/main.json", &format!("{{\"$schema\": \"{schema}\", \"contentVersion\": \"1.0.0.0\", {arm}}}"));
    let [ours, theirs] = [bicep[0].0, "arm/main.json"].map(|file| format!("{:#}", graph(&workspace, file)));
    assert_eq!(ours, theirs);
    assert!(ours.contains(part), "{ours}");
}

#[test]
fn types_have_one_spelling_however_they_are_written() {
    twins(
        &[("main.bicep", "resource x 'microsoft.NETWORK/virtualnetworks@2023-01-01' = {\n  name: 'v'\n}\n")],
        r#""resources": [{"type": "Microsoft.Network/virtualNetworks", "apiVersion": "2023-01-01", "name": "v"}]"#,
        "/providers/Microsoft.Network/virtualNetworks/v",
    );
}

#[test]
fn who_names_a_resource_by_nameof_waits_for_it() {
    twins(
        &[(
            "main.bicep",
            "resource a 'Microsoft.Web/sites@2023-01-01' = {\n  name: 'one'\n}\n\
             resource b 'Microsoft.Web/sites@2023-01-01' = {\n  name: 'two'\n  tags: {\n    v: nameof(a)\n  }\n}\n",
        )],
        r#""resources": [{"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01", "name": "one"},
        {"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01", "name": "two", "tags": {"v": "a"},
        "dependsOn": ["[resourceId('Microsoft.Web/sites', 'one')]"]}]"#,
        "sites/two\",",
    );
}

#[test]
fn an_index_that_only_a_property_loop_knows_waits_for_all_rounds() {
    twins(
        &[(
            "main.bicep",
            "resource a 'Microsoft.Web/sites@2023-01-01' = [for n in ['p', 'q', 'r']: {\n  name: n\n}]\n\
             resource b 'Microsoft.Web/serverfarms@2023-01-01' = {\n  name: 'b'\n  properties: {\n    \
             list: [for i in range(0, 2): a[i].id]\n  }\n}\n",
        )],
        r#""variables": {"n": ["p", "q", "r"]}, "resources": [
        {"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01", "name": "[variables('n')[copyIndex()]]", "copy": {"name": "a", "count": 3}},
        {"type": "Microsoft.Web/serverfarms", "apiVersion": "2023-01-01", "name": "b", "properties": {"copy": [{"name": "list",
        "count": 2, "input": "[resourceId('Microsoft.Web/sites', variables('n')[range(0, 2)[copyIndex('list')]])]"}]}, "dependsOn": ["a"]}]"#,
        "sites/r",
    );
}

#[test]
fn what_is_not_deployed_is_null_to_a_safe_access() {
    twins(
        &[
            (
                "main.bicep",
                "param key string?\nmodule m 'm.bicep' = if (key != null) {\n  name: 'm'\n}\n\
                 resource x 'Microsoft.Web/sites@2023-01-01' = {\n  name: 'x'\n  tags: {\n    v: m.?outputs.?o\n  }\n}\n",
            ),
            ("m.bicep", "output o string = 'given'\n"),
        ],
        r#""parameters": {"key": {"type": "string", "nullable": true}}, "resources": [
        {"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01", "name": "x", "tags": {"v": null}}]"#,
        "\"v\": null",
    );
}

#[test]
fn null_leaves_a_parameter_of_a_module_at_its_default() {
    twins(
        &[
            (
                "main.bicep",
                "param given string?\nmodule m 'm.bicep' = {\n  name: 'm'\n  params: {\n    n: given\n  }\n}\n",
            ),
            ("m.bicep", "param n string = 'own'\nresource x 'Microsoft.Web/sites@2023-01-01' = {\n  name: n\n}\n"),
        ],
        r#""parameters": {"given": {"type": "string", "nullable": true}}, "resources": [
        {"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "m", "properties": {"mode": "Incremental",
        "expressionEvaluationOptions": {"scope": "inner"}, "parameters": {"n": {"value": "[parameters('given')]"}},
        "template": {"parameters": {"n": {"type": "string", "defaultValue": "own"}}, "resources": [
        {"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01", "name": "[parameters('n')]"}]}}}]"#,
        "sites/own",
    );
}

#[test]
fn a_template_written_in_bicep_is_of_outer_scope() {
    twins(
        &[(
            "main.bicep",
            "param n string\nresource d 'Microsoft.Resources/deployments@2022-09-01' = {\n  name: 'd'\n  \
             resourceGroup: 'other'\n  properties: {\n    mode: 'Incremental'\n    template: {\n      \
             '$schema': 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#'\n      \
             contentVersion: '1.0.0.0'\n      resources: [\n        {\n          type: 'Microsoft.Web/sites'\n          \
             apiVersion: '2023-01-01'\n          name: n\n        }\n      ]\n    }\n  }\n}\n",
        )],
        r#""parameters": {"n": {"type": "string"}}, "resources": [{"type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01", "name": "d", "resourceGroup": "other", "properties": {"mode": "Incremental", "template": {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "resources": [{"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01", "name": "[parameters('n')]"}]}}}]"#,
        "/resourceGroups/other/providers/Microsoft.Web/sites/${parameters('n')}",
    );
}

#[test]
fn an_id_that_is_empty_is_no_symbolic_name() {
    twins(
        &[(
            "main.bicep",
            "param id string = ''\nresource x 'Microsoft.Web/sites@2023-01-01' = {\n  name: 'x'\n  tags: {\n    \
             v: listKeys(id, '2019-06-01').keys[0].value\n  }\n}\n",
        )],
        r#""parameters": {"id": {"type": "string", "defaultValue": ""}}, "resources": [
        {"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01", "name": "x",
        "tags": {"v": "[listKeys(parameters('id'), '2019-06-01').keys[0].value]"}}]"#,
        "listkeys(''",
    );
}

#[test]
fn resources_of_extensions_are_told_from_those_of_azure() {
    twins(
        &[(
            "main.bicep",
            "extension microsoftGraphV1\nresource g 'Microsoft.Graph/groups@v1.0' = {\n  uniqueName: 'team'\n  \
             displayName: 'Team'\n}\nresource x 'Microsoft.Web/sites@2023-01-01' = {\n  name: 'x'\n  tags: {\n    \
             v: g.id\n  }\n}\n",
        )],
        r#""languageVersion": "2.0", "imports": {"microsoftGraphV1": {"provider": "MicrosoftGraph", "version": "1.0.0"}},
        "resources": {"g": {"import": "microsoftGraphV1", "type": "Microsoft.Graph/groups@v1.0", "properties":
        {"uniqueName": "team", "displayName": "Team"}}, "x": {"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01",
        "name": "x", "tags": {"v": "[reference('g').id]"}, "dependsOn": ["g"]}}"#,
        "groups@v1.0/team",
    );
}

#[test]
fn a_type_and_name_refer_to_the_resource_of_the_scope_that_the_expression_sees() {
    let workspace = Workspace::new();
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    workspace.write(
        "main.json",
        &format!(
            r#"{{"$schema": "{schema}", "contentVersion": "1.0.0.0", "resources": [
            {{"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "d", "resourceGroup": "other",
            "properties": {{"mode": "Incremental", "template": {{"$schema": "{schema}", "contentVersion": "1.0.0.0", "resources": [
            {{"type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "[guid('r')]", "properties": {{
            "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]",
            "principalId": "[reference(concat('Microsoft.ContainerService/managedClusters/', 'aks'), '2024-01-01', 'Full').identity.principalId]"
            }}}}]}}}}}}]}}"#
        ),
    );
    let graph = graph(&workspace, "main.json");
    let principal = graph["assignments"][0]["principal"].as_str().expect("a principal");
    assert!(
        principal.contains(
            "/resourceGroups/{resourceGroup().name}/providers/Microsoft.ContainerService/managedClusters/aks'"
        ),
        "{principal}"
    );
    assert!(principal.contains("identity.principalId"), "{principal}");
}

#[test]
fn what_only_the_deploying_machine_knows_leaves_a_parameter_open() {
    let workspace = Workspace::new();
    workspace.write(
        "main.bicep",
        "param n string = 'default'\nresource x 'Microsoft.Web/sites@2023-01-01' = {\n  name: n\n}\n",
    );
    workspace.write("main.bicepparam", "using 'main.bicep'\nparam n = readEnvironmentVariable('NAME', 'x')\n");
    let graph = graph(&workspace, "main.bicep");
    assert_eq!(graph["resources"][0]["name"], "${parameters('n')}");
}
