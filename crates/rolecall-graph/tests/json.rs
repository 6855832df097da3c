//! The graph's JSON.

mod common;

use common::*;
use rolecall_graph::{Permissions, Places, graph_json};
use rolecall_value::{Condition, Value};
use serde_json::{Value as Json, json};

fn graph(builder: &Builder) -> Json {
    let places = Places { file: &|file| format!("file {}", file.0), position: &|_| json!("here") };
    graph_json(&Permissions::new(&builder.deployment), &places)
}

fn find<'j>(graph: &'j Json, id: &str) -> Option<&'j Json> {
    graph["resources"].as_array().expect("resources").iter().find(|node| node["id"] == id)
}

#[test]
fn an_id_that_names_nothing_here_is_a_node_from_outside() {
    let mut builder = Builder::new();
    let vnet = builder.plain("vnet/v");
    let subnets = [id("subnet/v/inline"), id("subnet/hub/n")];
    let body = object([("properties", object([("subnets", Value::array(subnets.clone()))]))]);
    builder.resource(&id("aks/aks"), Condition::TRUE, body);
    let graph = graph(&builder);
    let outside = |id: &Value| find(&graph, id.as_str().expect("known")).map(|node| node["outside"].clone());
    assert_eq!(outside(&vnet), Some(json!(false)));
    assert_eq!(outside(&subnets[0]), None, "a part of a resource of this deployment");
    assert_eq!(outside(&subnets[1]), Some(json!(true)));
}

#[test]
fn assignments_name_the_identity_however_the_template_does() {
    let mut builder = Builder::new();
    let control = builder.plain("uai/control");
    builder.cluster("aks", &control, []);
    let flag = builder.flag("grant");
    let output = Value::attribute(id("aks/aks"), "properties.identityProfile.kubeletidentity.objectId");
    builder.assign_with(&output, &role_id(READER), &text(RG), flag, []);
    builder.managed();
    let graph = graph(&builder);
    let assignments = graph["assignments"].as_array().expect("assignments");
    let own = assignments.iter().find(|one| one["role"]["name"] == "Reader").expect("the assignment");
    let kubelet = "/subscriptions/s/resourceGroups/MC_g_aks_westeurope/providers/Microsoft.ManagedIdentity/userAssignedIdentities/aks-agentpool";
    assert_eq!(own["principal"], format!("${{reference('{kubelet}').properties.principalId}}"));
    assert_eq!((&own["when"], &own["scope"]), (&json!("grant"), &json!(RG)));
    assert!(find(&graph, kubelet).is_some());
}

#[test]
fn what_is_open_in_a_body_is_said() {
    let mut builder = Builder::new();
    let flag = builder.flag("flag");
    let name = Value::input(&builder.input("name", &[]));
    let body = object([
        ("z", Value::choose(&flag, &Value::int(1), &Value::int(2))),
        ("a", name),
        ("literal", text("${x}")),
        ("unknown", unknown("pick()")),
        ("apiVersion", text("2024-01-01")),
    ]);
    let id = id("aks/aks");
    builder.resource(&id, Condition::TRUE, body);
    let graph = graph(&builder);
    let node = find(&graph, id.as_str().expect("known")).expect("the cluster");
    let expected = r#"{"a":"${parameters('name')}","literal":"$${x}","unknown":{"$unknown":"pick() is not evaluated"},"z":{"$when":[{"when":"flag","value":1},{"when":"not flag","value":2}]}}"#;
    assert_eq!(node["body"].to_string(), expected);
}

#[test]
fn a_cluster_says_how_people_sign_in() {
    let mut builder = Builder::new();
    let entra = builder.flag("entra");
    let yes = || Value::bool(true);
    let profile = object([("managed", yes()), ("enableAzureRBAC", yes())]);
    let profile = Value::choose(&entra, &profile, &Value::null());
    let properties = object([("agentPoolProfiles", Value::array([])), ("aadProfile", profile)]);
    builder.resource(&id("aks/aks"), Condition::TRUE, object([("properties", properties)]));
    let graph = graph(&builder);
    let cluster = find(&graph, id("aks/aks").as_str().expect("known")).expect("the cluster");
    let ways: Vec<_> = cluster["sign_in"].as_array().expect("ways").iter().map(|way| &way["method"]).collect();
    assert_eq!(ways, ["local-account", "azure-roles"]);
    assert_eq!(cluster["sign_in"][0]["when"], Json::Null);
    assert_ne!(cluster["sign_in"][1]["when"], Json::Null);
}

#[test]
fn a_change_to_a_cluster_says_nothing_of_signing_in() {
    let mut builder = Builder::new();
    builder.resource(&id("aks/aks"), Condition::TRUE, object([("properties", object([("x", Value::null())]))]));
    let graph = graph(&builder);
    let cluster = find(&graph, id("aks/aks").as_str().expect("known")).expect("the cluster");
    assert_eq!(cluster.get("sign_in"), None);
}
