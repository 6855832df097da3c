//! Who may do what where, as `graph` draws it.

mod common;

use common::Workspace;
use serde_json::Value;

fn scenes(workspace: &Workspace) -> Vec<Value> {
    let page = workspace.run(&["graph", "--format", "html"]).stdout;
    let data = page.split("<script id=\"data\" type=\"application/json\">").nth(1).expect("data");
    serde_json::from_str(data.split("</script>").next().expect("an end")).expect("JSON")
}

/// `who: what on what: answer` of each permission that AKS does not give by itself.
fn permissions(scene: &Value) -> Vec<String> {
    let name = |thing: &Value| {
        scene["things"][thing.as_u64().expect("a number") as usize]["name"].as_str().expect("a name").to_owned()
    };
    let all = scene["permissions"].as_array().expect("a list").iter().filter(|one| one["by_aks"] == false);
    all.map(|one| {
        let [role, answer] = ["role", "answer"].map(|key| one[key].as_str().expect("a text"));
        format!("{}: {role} on {}: {answer}", name(&one["identity"]), name(&one["scope"]))
    })
    .collect()
}

#[test]
fn granted_and_missing_permissions_stand_between_identities_and_scopes() {
    let scenes = scenes(&Workspace::copy_of("examples/aks-byo-identities"));
    assert_eq!(scenes.len(), 2);
    assert_eq!(scenes[1]["name"], "azuredeploy.json with azuredeploy.parameters.prod.json");
    let expected = [
        "id-aks-control: Managed Identity Operator on id-aks-control: granted",
        "id-aks-control: Network Contributor on vnet-spoke-prod/snet-aks: granted",
        "id-aks-control: Managed Identity Operator on id-aks-kubelet: missing",
    ];
    assert_eq!(permissions(&scenes[1]), expected);
    let needed: Vec<_> = scenes[1]["permissions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| one["by_aks"] == false)
        .map(|one| &one["needed"])
        .collect();
    assert_eq!(needed, [false, true, true]);
    let uses: Vec<_> = scenes[1]["uses"].as_array().into_iter().flatten().map(|one| &one["role"]).collect();
    assert_eq!(uses, ["control plane", "kubelet"]);
}

#[test]
fn a_permission_tells_where_it_is_assigned_what_needs_it_and_who_can_grant_it() {
    let scenes = scenes(&Workspace::copy_of("examples/aks-byo-identities"));
    let facts = |answer: &str| {
        let of = |one: &&Value| one["answer"] == answer && one["needed"] == true;
        let found = scenes[1]["permissions"].as_array().into_iter().flatten().find(of).expect("a permission");
        found["facts"].to_string()
    };
    assert!(facts("granted").contains("[\"assigned at\",\"azuredeploy.json:99\"]"), "{}", facts("granted"));
    assert!(facts("granted").contains("NET-SUBNET-DEFAULT: "));
    let missing = facts("missing");
    assert!(missing.contains("whoever owns the kubelet identity") && missing.contains("KUB-MIO: "), "{missing}");
    assert!(missing.contains("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"), "{missing}");
}

#[test]
fn what_a_grant_of_the_configuration_covers_is_granted_in_the_picture() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    workspace.write(
        "rolecall.toml",
        "[[grant]]\nprincipal = \"id-aks-control\"\nrole = \"Managed Identity Operator\"\nscope = \"userAssignedIdentities/id-aks-kubelet\"\nreason = \"the pipeline\"\n",
    );
    let all = permissions(&scenes(&workspace)[1]);
    assert!(
        all.contains(&"id-aks-control: Managed Identity Operator on id-aks-kubelet: granted".to_owned()),
        "{all:?}"
    );
    assert!(!all.iter().any(|one| one.ends_with("missing")), "{all:?}");
}

#[test]
fn mermaid_tells_what_is_missing_by_line_and_word() {
    let text = Workspace::copy_of("examples/aks-byo-identities").run(&["graph", "--format", "mermaid"]).stdout;
    let prod = text.split("subgraph d1[").nth(1).and_then(|rest| rest.split("  end\n").next()).expect("a subgraph");
    let expected = "\
\"azuredeploy.json with azuredeploy.parameters.prod.json\"]
    d1t0{{\"aks-prod<br/>(cluster)\"}}:::cluster
    d1t1([\"id-aks-control<br/>(identity)\"])
    d1t2([\"id-aks-kubelet<br/>(identity)\"])
    d1t3[\"id-aks-control<br/>(userAssignedIdentities)\"]
    d1t4[\"vnet-spoke-prod/snet-aks<br/>(subnets)\"]
    d1t6[\"id-aks-kubelet<br/>(userAssignedIdentities)\"]
    d1t0 == \"control plane\" ==> d1t1
    d1t0 == \"kubelet\" ==> d1t2
    d1t1 -- \"Managed Identity Operator\" --> d1t3
    d1t1 -- \"Network Contributor\" --> d1t4
    d1t1 -. \"✗ missing#58; Managed Identity Operator\" .-x d1t6
";
    assert_eq!(prod, expected);
    assert!(text.ends_with("  linkStyle 8 stroke:#c62828,stroke-width:2px\n"), "{text}");
}

#[test]
fn mermaid_leaves_out_what_is_granted_where_it_would_refuse_to_draw() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    let prod = std::fs::read_to_string(workspace.path().join("azuredeploy.parameters.prod.json")).expect("read");
    for number in 0..100 {
        workspace.write(&format!("azuredeploy.parameters.{number}.json"), &prod);
    }
    let text = workspace.run(&["graph", "--format", "mermaid"]).stdout;
    assert!(text.contains("%% what is granted is left out") && !text.contains(" --> "), "{}", &text[..500]);
    assert_eq!(text.matches("✗ missing").count(), 101);
}
