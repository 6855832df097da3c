//! How the server behaves: synchronisation, publishing and pulling, folders, watchers, settings, cancellation.

mod client;
mod fixture;

use client::{Client, position, rules, uri};
use fixture::{Folder, WRONG, right};
use serde_json::{Value as Json, json};

const RULE: &str = "unknown-role";

fn wrong() -> Folder {
    Folder::new(&[("main.tf", WRONG)])
}

/// Capabilities of a client that asks for diagnostics.
fn pulling() -> Json {
    json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } })
}

#[test]
fn a_file_that_nobody_opened_is_told_of() {
    let folder = wrong();
    let mut client = Client::start(&folder.root);
    let found = client.now(&folder.path("main.tf"));
    assert_eq!(rules(&found), [RULE]);
    let one = &found[0];
    assert_eq!(one["range"]["start"]["line"], position(WRONG, "\"Network Contributer\"")["line"]);
    assert_eq!(one["source"], "rolecall");
    assert!(one["codeDescription"]["href"].as_str().expect("a link").contains("unknown-role"), "{one}");
    assert!(one["message"].as_str().expect("a text").contains("\ndefinite: fails at create"), "{one}");
    assert_eq!(one["severity"], 2);
    assert_eq!(client.published[&folder.path("main.tf")].0, None, "no version of what is not open");
}

#[test]
fn typing_is_followed_and_the_cause_takes_its_diagnostic_along() {
    let folder = wrong();
    let path = folder.path("main.tf");
    let mut client = Client::start(&folder.root);
    client.open(&path, WRONG);
    assert_eq!(rules(&client.diagnostics(&path, 1)), [RULE]);
    let mut end = position(WRONG, "er\"\n  principal_id");
    let start = end.clone();
    end["character"] = (end["character"].as_u64().expect("a number") + 2).into();
    let version = client.change(&path, json!([{ "range": { "start": start, "end": end }, "text": "or" }]));
    assert_eq!(client.diagnostics(&path, version), Vec::<Json>::new());
    let back = client.replace(&path, WRONG);
    assert_eq!(rules(&client.diagnostics(&path, back)), [RULE]);
}

#[test]
fn places_count_what_was_agreed_on() {
    let folder = Folder::new(&[]);
    // The whole role stands behind an emoji in its line.
    let text = WRONG.replace("  role_definition_name =", "  /* 😀é */ role_definition_name =");
    let path = folder.write("main.tf", &text);
    let bytes = text.lines().find_map(|line| line.find("\"Network")).expect("present");
    for (offered, expected) in
        [(json!(["utf-16"]), bytes - 3), (json!(["utf-16", "utf-8"]), bytes), (json!(["utf-32"]), bytes - 4)]
    {
        let general = json!({ "general": { "positionEncodings": offered } });
        let mut client = Client::with(Some(&folder.root), general, Json::Null);
        assert_eq!(client.now(&path)[0]["range"]["start"]["character"], expected, "{offered}");
    }
}

#[test]
fn what_an_unsaved_module_says_reaches_the_templates_that_use_it() {
    let folder = Folder::new(&[("main.bicep", fixture::CLUSTER), ("grant.bicep", fixture::GRANT)]);
    let mut client = Client::start(&folder.root);
    assert_eq!(rules(&client.now(&folder.path("main.bicep"))), Vec::<String>::new());
    let module = folder.path("grant.bicep");
    client.open(&module, fixture::GRANT);
    let reader = fixture::GRANT.replace("4d97b98b-1d4f-4787-a291-c67834d212e7", "acdd72a7-3385-48ef-bd42-f606fba81ae7");
    client.replace(&module, &reader);
    let found = client.now(&folder.path("main.bicep"));
    assert_eq!(rules(&found), ["subnet-without-role"]);
    let related = found[0]["relatedInformation"].as_array().expect("related");
    assert!(related.iter().any(|one| one["location"]["uri"] == uri(&module)), "the near miss: {related:#?}");
    client.close(&module);
    assert_eq!(client.now(&folder.path("main.bicep")), Vec::<Json>::new());
}

#[test]
fn a_client_that_asks_is_told_when_to_ask_again() {
    let folder = wrong();
    let path = folder.path("main.tf");
    let mut client = Client::with(Some(&folder.root), pulling(), Json::Null);
    assert_eq!(client.capabilities["diagnosticProvider"]["workspaceDiagnostics"], true);
    client.until(|client| client.asked.iter().any(|one| one.method == "workspace/diagnostic/refresh"));
    let pull = |client: &mut Client, previous: &Json| {
        let document = json!({ "uri": uri(&path) });
        client
            .request("textDocument/diagnostic", json!({ "textDocument": document, "previousResultId": previous }))
            .expect("answered")
    };
    let first = pull(&mut client, &Json::Null);
    assert_eq!(
        (first["kind"].as_str(), rules(first["items"].as_array().expect("items"))),
        (Some("full"), vec![RULE.to_owned()])
    );
    assert_eq!(pull(&mut client, &first["resultId"])["kind"], "unchanged");
    client.open(&path, &right());
    let second = pull(&mut client, &first["resultId"]);
    assert_eq!((second["kind"].as_str(), second["items"].as_array().map(Vec::len)), (Some("full"), Some(0)));
    let previous = json!({ "previousResultIds": [{ "uri": uri(&path), "value": first["resultId"] }] });
    let all = client.request("workspace/diagnostic", previous).expect("answered");
    assert_eq!(all["items"][0]["items"], json!([]), "it has gone: {all}");
    client.replace(&path, WRONG);
    let all = client.request("workspace/diagnostic", json!({ "previousResultIds": [] })).expect("answered");
    assert_eq!(all["items"][0]["items"].as_array().map(Vec::len), Some(1));
    assert!(client.published.is_empty(), "nothing is pushed as well");
}

#[test]
fn files_come_and_go_outside_of_the_editor() {
    let folder = Folder::new(&[("other.bicep", "")]);
    let path = folder.path("main.tf");
    let watch = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut client = Client::with(Some(&folder.root), watch, Json::Null);
    client.until(|client| client.asked.iter().any(|one| one.method == "client/registerCapability"));
    assert_eq!(client.now(&path), Vec::<Json>::new());
    folder.write("main.tf", WRONG);
    client.watched(&[(&path, 1)]);
    assert_eq!(rules(&client.now(&path)), [RULE]);
    folder.write("main.tf", &right());
    client.watched(&[(&path, 2)]);
    assert_eq!(client.now(&path), Vec::<Json>::new());
    folder.write("main.tf", WRONG);
    client.watched(&[(&path, 2)]);
    assert_eq!(rules(&client.now(&path)), [RULE]);
    std::fs::rename(&path, folder.path("renamed.tf")).expect("renamed");
    client.watched(&[(&path, 3), (&folder.path("renamed.tf"), 1)]);
    assert_eq!(client.now(&path), Vec::<Json>::new());
    assert_eq!(rules(&client.now(&folder.path("renamed.tf"))), [RULE]);
    std::fs::remove_file(folder.path("renamed.tf")).expect("removed");
    client.watched(&[(&folder.path("renamed.tf"), 3)]);
    assert_eq!(client.now(&folder.path("renamed.tf")), Vec::<Json>::new());
}

#[test]
fn saving_looks_at_the_disk_where_nobody_watches_it() {
    let folder = Folder::new(&[("a.bicep", "")]);
    let mut client = Client::start(&folder.root);
    client.open(&folder.path("a.bicep"), "");
    client.settle();
    folder.write("main.tf", WRONG);
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(&folder.path("a.bicep")) } }));
    assert_eq!(rules(&client.now(&folder.path("main.tf"))), [RULE]);
}

#[test]
fn a_text_that_was_never_saved_goes_with_its_document() {
    let folder = Folder::new(&[]);
    let path = folder.path("new.tf");
    let mut client = Client::start(&folder.root);
    client.open(&path, WRONG);
    assert_eq!(rules(&client.now(&path)), [RULE]);
    client.close(&path);
    assert_eq!(client.now(&path), Vec::<Json>::new());
}

#[test]
fn a_file_outside_of_all_folders_stands_for_itself() {
    let folder = wrong();
    let path = folder.path("main.tf");
    let mut client = Client::with(None, json!({}), Json::Null);
    client.open(&path, WRONG);
    assert_eq!(rules(&client.diagnostics(&path, 1)), [RULE]);
    client.close(&path);
    assert_eq!(client.now(&path), Vec::<Json>::new(), "closed, it concerns nobody");
}

#[test]
fn folders_are_added_and_removed() {
    let (one, two) = (wrong(), wrong());
    let mut client = Client::start(&one.root);
    let folder = |root: &std::path::Path| json!([{ "uri": uri(root), "name": "x" }]);
    let event = json!({ "event": { "added": folder(&two.root), "removed": [] } });
    client.notify("workspace/didChangeWorkspaceFolders", event);
    assert_eq!(rules(&client.now(&two.path("main.tf"))), [RULE]);
    let event = json!({ "event": { "added": [], "removed": folder(&one.root) } });
    client.notify("workspace/didChangeWorkspaceFolders", event);
    assert_eq!(client.now(&one.path("main.tf")), Vec::<Json>::new());
    assert_eq!(rules(&client.now(&two.path("main.tf"))), [RULE]);
}

#[test]
fn settings_and_the_configuration_have_a_say() {
    let folder = wrong();
    let path = folder.path("main.tf");
    let can = json!({ "workspace": { "configuration": true } });
    let mut client = Client::with(Some(&folder.root), can, json!({ "ignore": [RULE] }));
    assert_eq!(client.now(&path), Vec::<Json>::new());
    client.settings = json!({ "ignore": [] });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    client.until(|client| client.published.get(&path).is_some_and(|one| !one.1.is_empty()));
    let toml = folder.path("rolecall.toml");
    client.open(&toml, "[rules]\nunknown-role = \"note\"\n");
    assert_eq!(client.now(&path)[0]["severity"], 3);
    client.replace(&toml, "[rules]\nunknown-role = \"nope\"\n");
    let problems = client.now(&toml);
    assert!(problems[0]["message"].as_str().expect("a text").contains("nope"), "{problems:?}");
    assert_eq!(rules(&client.now(&path)), [RULE], "what was found before still stands");
    client.replace(&toml, "exclude = [\"gone\"]\n");
    let stale = client.now(&toml);
    assert_eq!((rules(&stale), &stale[0]["tags"]), (vec!["stale-configuration".to_owned()], &json!([1])));
}

#[test]
fn the_first_scan_shows_how_far_it_is_and_the_log_says_what_was_done() {
    let folder = wrong();
    let can = json!({ "window": { "workDoneProgress": true } });
    let mut client = Client::with(Some(&folder.root), can, Json::Null);
    client.settle();
    let kinds: Vec<_> = client
        .notified
        .iter()
        .filter(|one| one.method == "$/progress")
        .map(|one| one.params["value"]["kind"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!((kinds.first().map(String::as_str), kinds.last().map(String::as_str)), (Some("begin"), Some("end")));
    let logged = |client: &Client, text: &str| {
        client.notified.iter().any(|one| {
            one.method == "window/logMessage" && one.params["message"].as_str().is_some_and(|said| said.contains(text))
        })
    };
    assert!(logged(&client, "1 deployments"), "{:?}", client.notified);
    let scans = kinds.len();
    client.open(&folder.path("main.tf"), WRONG);
    client.settle();
    let after = client.notified.iter().filter(|one| one.method == "$/progress").count();
    assert_eq!(after, scans, "only the first");
}

#[test]
fn what_is_taken_back_is_not_answered() {
    let folder = wrong();
    let mut client = Client::start(&folder.root);
    client.settle();
    // Whether the message to take it back comes in time is up to the threads.
    let refused = (0..200).any(|_| {
        let id = client.send("rolecall/requirements", json!({}));
        client.notify("$/cancelRequest", json!({ "id": id }));
        matches!(client.answer(&id), Err((-32800, _)))
    });
    assert!(refused);
    assert!(client.request("rolecall/coverage", json!({})).is_ok(), "what follows is");
}

#[test]
fn broken_text_loses_nothing_but_itself() {
    let (tf, open_string) = (WRONG, "resource \"azurerm_kubernetes_cluster\" \"a\" {\n  name = \"open\n");
    let mut broken = vec![
        ("main.tf", tf.to_owned(), format!("{tf}\n{open_string}")),
        ("main.bicep", bicep(), format!("resource half 'Microsoft.Contain\n{}", bicep())),
        ("main.bicep", bicep(), format!("{}\nresource half 'Microsoft.Contain\n", bicep())),
    ];
    for half in ["{\n      \"type\": \"x", "{\n      \"type\": \"x\"\n", "{", "{\n      \"type\"", "\"x"] {
        let before = arm().replacen("[\n    {", &format!("[\n    {half}\n    {{"), 1);
        let behind = arm().replace("\n  ]\n}", &format!(",\n    {half}\n  ]\n}}"));
        broken.extend([before, behind].map(|text| ("main.json", arm(), text)));
    }
    for half in ["\"x", "\"x\"", "\"x\":", "\"x\": \"y", "x"] {
        let inside = arm().replacen("\n      \"apiVersion\"", &format!("\n      {half}\n      \"apiVersion\""), 1);
        broken.push(("main.json", arm(), inside));
    }
    for (name, whole, broken) in broken {
        let folder = Folder::new(&[(name, &whole)]);
        let path = folder.path(name);
        let mut client = Client::start(&folder.root);
        assert_eq!(rules(&client.now(&path)), [RULE], "{name}");
        client.open(&path, &whole);
        client.replace(&path, &broken);
        let found = rules(&client.now(&path));
        assert!(found.contains(&RULE.to_owned()), "{name}: {found:?}\n{broken}");
        assert!(found.contains(&"-".to_owned()), "and it is told that the text is broken: {name}: {found:?}\n{broken}");
    }
}

fn bicep() -> String {
    "resource a 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid('a')
  properties: {
    principalId: '11111111-2222-4333-8444-555555555555'
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '11111111-2222-4333-8444-000000000000')
  }
}
"
    .to_owned()
}

fn arm() -> String {
    r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid('a')]",
      "properties": {
        "principalId": "11111111-2222-4333-8444-555555555555",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '11111111-2222-4333-8444-000000000000')]"
      }
    }
  ]
}"#
    .to_owned()
}

#[test]
fn what_is_not_known_or_not_understood_is_refused_and_harms_nothing() {
    let folder = wrong();
    let mut client = Client::start(&folder.root);
    assert!(matches!(client.request("textDocument/rename", json!({})), Err((-32601, _))));
    assert!(matches!(client.request("textDocument/hover", json!({ "position": 1 })), Err((-32602, _))));
    client.notify("textDocument/didChange", json!({ "contentChanges": 1 }));
    client.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "file:///nowhere", "version": 1 }, "contentChanges": [] }),
    );
    client.notify(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": "untitled:x", "languageId": "a", "version": 1, "text": "x" } }),
    );
    assert_eq!(rules(&client.now(&folder.path("main.tf"))), [RULE]);
}
