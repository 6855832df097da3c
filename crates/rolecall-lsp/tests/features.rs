//! What the server knows of places, and what can be done about diagnostics.

mod client;
mod fixture;

use std::path::PathBuf;

use client::{Client, applied, position, rules, uri};
use fixture::{CLUSTER, Folder, GRANT, WRONG};
use serde_json::{Value as Json, json};

fn opened() -> (Folder, Client, PathBuf, PathBuf) {
    let folder = Folder::new(&[("main.bicep", CLUSTER), ("grant.bicep", GRANT)]);
    let (main, grant) = (folder.path("main.bicep"), folder.path("grant.bicep"));
    let mut client = Client::start(&folder.root);
    client.open(&main, CLUSTER);
    client.open(&grant, GRANT);
    (folder, client, main, grant)
}

fn hover(client: &mut Client, path: &std::path::Path, text: &str, of: &str) -> String {
    client.at("textDocument/hover", path, position(text, of))["contents"]["value"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn an_identity_tells_what_it_holds() {
    let (_folder, mut client, main, grant) = opened();
    let at_declaration = hover(&mut client, &main, CLUSTER, "resource control");
    let expected = "**identity** `id-control`";
    assert!(
        at_declaration.contains(expected) && at_declaration.contains("**Network Contributor** on `nodes`"),
        "{at_declaration}"
    );
    for (path, text, of) in
        [(&main, CLUSTER, "control.properties.principalId"), (&grant, GRANT, "principal\n    principalType")]
    {
        let told = hover(&mut client, path, text, of);
        assert!(told.contains(expected), "{of}: {told}");
    }
}

#[test]
fn a_role_tells_what_it_allows_by_guid_and_by_name() {
    let (_folder, mut client, _, grant) = opened();
    let told = hover(&mut client, &grant, GRANT, "1d4f-4787");
    assert!(told.contains("**Network Contributor**") && told.contains("`Microsoft.Network/*`"), "{told}");
    let folder = Folder::new(&[("main.tf", &fixture::right())]);
    let mut client = Client::start(&folder.root);
    let path = folder.path("main.tf");
    client.open(&path, &fixture::right());
    let told = hover(&mut client, &path, &fixture::right(), "Contributor");
    assert!(told.contains("`Microsoft.Network/*`"), "{told}");
    let told = hover(&mut client, &path, &fixture::right(), "azurerm_user_assigned_identity.aks.principal_id");
    assert!(told.contains("**identity** `id-äks`"), "{told}");
}

#[test]
fn a_scope_tells_who_holds_what_there() {
    let (_folder, mut client, main, grant) = opened();
    for (path, text, of) in
        [(&main, CLUSTER, "resource nodes"), (&main, CLUSTER, "network::nodes.id }"), (&grant, GRANT, "resource nodes")]
    {
        let told = hover(&mut client, path, text, of);
        if of != "resource nodes" || path == &main {
            assert!(told.contains("`id-control`: **Network Contributor**"), "{of}: {told}");
        }
    }
}

#[test]
fn a_cluster_tells_what_it_needs() {
    let (_folder, mut client, main, _) = opened();
    let told = hover(&mut client, &main, CLUSTER, "resource cluster");
    assert!(told.contains("**cluster** `aks`") && told.contains("granted (grant.bicep:5)"), "{told}");
    let lenses =
        client.request("textDocument/codeLens", json!({ "textDocument": { "uri": uri(&main) } })).expect("answered");
    let title = lenses[0]["command"]["title"].as_str().expect("a title");
    assert!(title.contains("1 granted"), "{title}");
    assert_eq!(lenses[0]["range"]["start"]["line"], position(CLUSTER, "resource cluster")["line"]);
    let wrong = GRANT.replace("4d97b98b-1d4f-4787-a291-c67834d212e7", "acdd72a7-3385-48ef-bd42-f606fba81ae7");
    client.replace(&main.with_file_name("grant.bicep"), &wrong);
    let lenses =
        client.request("textDocument/codeLens", json!({ "textDocument": { "uri": uri(&main) } })).expect("answered");
    assert!(lenses[0]["command"]["title"].as_str().expect("a title").contains("1 missing"), "{lenses}");
}

#[test]
fn a_place_that_means_nothing_tells_nothing() {
    let (_folder, mut client, main, _) = opened();
    assert_eq!(client.at("textDocument/hover", &main, position(CLUSTER, "dnsPrefix")), Json::Null);
    assert_eq!(client.at("textDocument/definition", &main, json!({ "line": 9999, "character": 0 })), json!([]));
}

#[test]
fn one_gets_to_the_granting_assignment_and_back() {
    let (_folder, mut client, main, grant) = opened();
    let assignment = json!([uri(&grant), position(GRANT, "resource assignment")["line"]]);
    let identity = json!([uri(&main), position(CLUSTER, "resource control")["line"]]);
    let places = |found: Json| {
        let all = found.as_array().expect("a list").clone();
        all.iter().map(|one| json!([one["uri"], one["range"]["start"]["line"]])).collect::<Vec<_>>()
    };
    for of in ["resource control", "control.properties.principalId", "resource cluster"] {
        let found = client.at("textDocument/definition", &main, position(CLUSTER, of));
        assert_eq!(places(found), std::slice::from_ref(&assignment), "{of}");
    }
    let back = client.at("textDocument/definition", &grant, position(GRANT, "resource assignment"));
    assert_eq!(places(back), std::slice::from_ref(&identity));
    let references = client.at("textDocument/references", &main, position(CLUSTER, "resource control"));
    assert_eq!(places(references), [assignment, identity]);
}

#[test]
fn a_guid_has_its_roles_name_behind_it() {
    let (_folder, mut client, _, grant) = opened();
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let params = json!({ "textDocument": { "uri": uri(&grant) }, "range": whole });
    let hints = client.request("textDocument/inlayHint", params).expect("answered");
    assert_eq!(hints.as_array().map(Vec::len), Some(1));
    assert_eq!(hints[0]["label"], "Network Contributor");
    assert_eq!(hints[0]["position"], position(GRANT, ")\n  }\n}"));
}

/// The actions for the first diagnostic of a file.
fn actions(client: &mut Client, path: &std::path::Path) -> Vec<Json> {
    let found = client.now(path);
    let params = json!({
        "textDocument": { "uri": uri(path) }, "range": found[0]["range"], "context": { "diagnostics": [found[0]] },
    });
    client.request("textDocument/codeAction", params).expect("answered").as_array().expect("a list").clone()
}

#[test]
fn a_diagnostic_is_suppressed_with_a_reason() {
    let arm = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "[guid('a')]",
      "properties": {
        "principalId": "11111111-2222-4333-8444-555555555555",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '11111111-2222-4333-8444-000000000000')]"
      }
    }
  ]
}"#;
    for (name, text, ways) in [("main.tf", WRONG, 1), ("main.json", arm, 2)] {
        let folder = Folder::new(&[(name, text)]);
        let path = folder.path(name);
        let can = json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } });
        let mut client = Client::with(Some(&folder.root), can, Json::Null);
        client.open(&path, text);
        let all = actions(&mut client, &path);
        let suppress: Vec<_> =
            all.iter().filter(|one| one["title"].as_str().is_some_and(|title| title.starts_with("suppress"))).collect();
        assert_eq!(suppress.len(), ways, "{all:#?}");
        for one in suppress {
            assert_eq!(one["edit"]["documentChanges"][0]["textDocument"]["uri"], uri(&path));
            assert!(one["edit"]["documentChanges"][0]["textDocument"]["version"].is_number());
            assert_eq!(one["diagnostics"][0]["code"], "unknown-role");
            client.replace(&path, &applied(text, &one["edit"]));
            assert_eq!(rules(&client.now(&path)), Vec::<String>::new(), "{name}: {}", one["title"]);
            client.replace(&path, text);
        }
    }
}

/// The same cluster, to which nobody grants anything.
fn without_grant() -> String {
    let (before, rest) = CLUSTER.split_once("module grant").expect("a module");
    let (_, after) = rest.split_once("}\n\n").expect("its end");
    format!("{before}{after}").replace("  dependsOn: [ grant ]\n", "")
}

#[test]
fn a_missing_role_is_inserted() {
    let text = without_grant();
    let folder = Folder::new(&[("main.bicep", &text)]);
    let path = folder.path("main.bicep");
    let mut client = Client::start(&folder.root);
    client.open(&path, &text);
    assert_eq!(rules(&client.now(&path)), ["subnet-without-role"]);
    let all = actions(&mut client, &path);
    let fix = all.iter().find(|one| one["title"].as_str().is_some_and(|title| title.contains("Network Contributor")));
    let fix = fix.unwrap_or_else(|| panic!("no action inserts the role: {all:#?}"));
    assert_eq!(fix["diagnostics"][0]["code"], "subnet-without-role");
    let mended = applied(&text, &fix["edit"]);
    client.replace(&path, &mended);
    assert_eq!(rules(&client.now(&path)), Vec::<String>::new(), "{mended}");
}

/// A cluster, its identity and its network in modules of different resource groups.
fn apart() -> [(&'static str, &'static str); 4] {
    let main = "targetScope = 'subscription'

module identity 'id.bicep' = {
  name: 'identity'
  scope: resourceGroup('aks')
}

module network 'net.bicep' = {
  name: 'network'
  scope: resourceGroup('net')
}

module cluster 'aks.bicep' = {
  name: 'cluster'
  scope: resourceGroup('aks')
  params: { identityId: identity.outputs.id, subnetId: network.outputs.subnetId }
}
";
    let identity = "resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: 'westeurope'
}

output id string = control.id
";
    let network = "resource network 'Microsoft.Network/virtualNetworks@2023-04-01' = {
  name: 'vnet'
  location: 'westeurope'
  properties: { addressSpace: { addressPrefixes: [ '10.0.0.0/8' ] } }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.1.0.0/16' }
  }
}

output subnetId string = network::nodes.id
";
    let cluster = "param identityId string
param subnetId string

resource aks 'Microsoft.ContainerService/managedClusters@2024-09-01' = {
  name: 'aks'
  location: 'westeurope'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    dnsPrefix: 'aks'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    agentPoolProfiles: [ { name: 'one', mode: 'System', count: 1, vmSize: 'Standard_D2s_v5', vnetSubnetID: subnetId } ]
  }
}
";
    [("main.bicep", main), ("id.bicep", identity), ("net.bicep", network), ("aks.bicep", cluster)]
}

#[test]
fn a_role_in_another_resource_group_takes_a_new_module() {
    let files = apart();
    let folder = Folder::new(&files);
    let path = folder.path("aks.bicep");
    let text = files[3].1;
    let inserts = |client: &mut Client| {
        client.open(&path, text);
        assert_eq!(rules(&client.now(&path)), ["subnet-without-role"]);
        let all = actions(client, &path);
        all.into_iter().find(|one| one["title"].as_str().is_some_and(|title| title.contains("Network Contributor")))
    };
    let mut plain = Client::start(&folder.root);
    assert_eq!(inserts(&mut plain), None, "what makes no files is offered none");

    let can =
        json!({ "workspace": { "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] } } });
    let mut client = Client::with(Some(&folder.root), can, Json::Null);
    let fix = inserts(&mut client).expect("an action");
    let changes = fix["edit"]["documentChanges"].as_array().expect("changes");
    let module = folder.path("subnetRoleAssignment.bicep");
    assert_eq!((changes[0]["kind"].as_str(), &changes[0]["uri"]), (Some("create"), &json!(uri(&module))));
    assert_eq!(changes[1]["textDocument"], json!({ "uri": uri(&module), "version": null }));
    // As an editor does: the new file is a document that nobody saved.
    client.open(&module, changes[1]["edits"][0]["newText"].as_str().expect("a text"));
    client.replace(&path, &applied(text, &json!({ "documentChanges": [changes[2]] })));
    assert_eq!(rules(&client.now(&path)), Vec::<String>::new());
    assert_eq!(rules(&client.now(&module)), Vec::<String>::new());
}

#[test]
fn a_client_without_versions_gets_plain_changes() {
    let folder = Folder::new(&[("main.tf", WRONG)]);
    let path = folder.path("main.tf");
    let mut client = Client::start(&folder.root);
    client.open(&path, WRONG);
    let all = actions(&mut client, &path);
    assert!(all[0]["edit"]["changes"][uri(&path)].is_array(), "{all:#?}");
}

#[test]
fn the_page_of_a_rule_is_shown() {
    let folder = Folder::new(&[("main.tf", WRONG)]);
    let path = folder.path("main.tf");
    let can = json!({ "window": { "showDocument": { "support": true } } });
    let mut client = Client::with(Some(&folder.root), can, Json::Null);
    client.open(&path, WRONG);
    let all = actions(&mut client, &path);
    let open = all.iter().find(|one| one["command"].is_object()).expect("an action");
    let params = json!({ "command": open["command"]["command"], "arguments": open["command"]["arguments"] });
    client.request("workspace/executeCommand", params.clone()).expect("done");
    let shown = client.asked.iter().find(|one| one.method == "window/showDocument").expect("shown").params.clone();
    let text = client.request("workspace/textDocumentContent", json!({ "uri": shown["uri"] })).expect("answered");
    assert!(text["text"].as_str().expect("a text").starts_with("# unknown-role"), "{text}");
    // A client that shows no documents gets a message.
    let mut plain = Client::start(&folder.root);
    plain.request("workspace/executeCommand", params).expect("done");
    assert!(plain.notified.iter().any(|one| one.method == "window/showMessage"));
}

#[test]
fn what_all_clusters_need_is_one_table() {
    let (_folder, mut client, _, _) = opened();
    let table = client.request("rolecall/requirements", json!({})).expect("answered");
    assert!(table["markdown"].as_str().expect("a text").contains("| "), "{table}");
    let coverage = client.request("rolecall/coverage", json!({})).expect("answered");
    assert!(coverage["text"].as_str().expect("a text").contains("1 cluster"), "{coverage}");
    assert!(client.notified.iter().any(|one| one.method == "rolecall/status"));
}
