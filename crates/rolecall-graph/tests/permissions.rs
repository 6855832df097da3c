//! The permission question: granted, missing, assumed, undecided.

mod common;

use common::*;
use rolecall_graph::{AssignmentKind, ControlPlane, Kubelet, NearKind, Permissions, ResourceIndex};
use rolecall_value::{Condition, Piece, ReasonKind, Symbol, Value};

/// A deployment with a control-plane identity, a kubelet identity and a subnet.
fn usual() -> (Builder, Value, Value, Value) {
    let mut builder = Builder::new();
    let control = builder.plain("uai/control");
    let kubelet = builder.plain("uai/kubelet");
    builder.plain("vnet/v");
    let subnet = builder.plain("subnet/v/nodes");
    (builder, control, kubelet, subnet)
}

#[test]
fn an_assignment_on_the_resource_grants() {
    let (mut builder, control, kubelet, _) = usual();
    let index = builder.assign(&principal_of(&control), MIO, &kubelet);
    let answer = builder.ask(&principal_of(&control), &kubelet, &[ASSIGN]);
    assert_eq!(verdict(&answer), "granted");
    assert_eq!((answer.grants[0].resource, answer.grants[0].role.as_str()), (index, "Managed Identity Operator"));
}

#[test]
fn an_assignment_on_what_contains_the_scope_grants() {
    for scope in ["/subscriptions/s", RG, "/", "/subscriptions/S/resourcegroups/G"] {
        let (mut builder, control, _, subnet) = usual();
        builder.assign(&principal_of(&control), NETWORK_CONTRIBUTOR, &text(scope));
        assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "granted", "{scope}");
    }
    let (mut builder, control, _, subnet) = usual();
    builder.assign(&principal_of(&control), NETWORK_CONTRIBUTOR, &id("vnet/v"));
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "granted");
}

#[test]
fn an_assignment_elsewhere_does_not_grant() {
    for scope in ["/subscriptions/t", "/subscriptions/s/resourceGroups/gg"] {
        let (mut builder, control, _, subnet) = usual();
        builder.assign(&principal_of(&control), NETWORK_CONTRIBUTOR, &text(scope));
        let answer = builder.ask(&principal_of(&control), &subnet, &[JOIN]);
        assert_eq!(verdict(&answer), "missing", "{scope}");
        assert_eq!(answer.near[0].kind, NearKind::AnotherScope, "{scope}");
    }
}

#[test]
fn several_roles_may_grant_together() {
    let (mut builder, control, kubelet, _) = usual();
    builder.assign(&principal_of(&control), READER, &kubelet);
    builder.assign(&principal_of(&control), MIO, &text(RG));
    let actions = [ASSIGN, "Microsoft.Insights/metrics/read"];
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &kubelet, &actions)), "granted");
}

#[test]
fn a_role_that_lacks_the_action_is_a_near_miss() {
    let (mut builder, control, _, subnet) = usual();
    builder.assign(&principal_of(&control), READER, &subnet);
    let answer = builder.ask(&principal_of(&control), &subnet, &[SUBNET_READ, JOIN]);
    assert_eq!(verdict(&answer), "missing");
    let near = &answer.near[0];
    assert_eq!(
        (near.kind, near.role.as_str(), &near.lacking[..]),
        (NearKind::RoleLacksAction, "Reader", &[JOIN.to_owned()][..])
    );
}

#[test]
fn a_grant_to_another_identity_is_a_near_miss() {
    let (mut builder, control, kubelet, subnet) = usual();
    builder.assign(&principal_of(&kubelet), NETWORK_CONTRIBUTOR, &subnet);
    let answer = builder.ask(&principal_of(&control), &subnet, &[JOIN]);
    assert_eq!((verdict(&answer), answer.near[0].kind), ("missing", NearKind::AnotherPrincipal));
    assert_eq!(answer.near[0].principal, "`kubelet`");
}

#[test]
fn the_right_identity_by_the_wrong_value_is_a_near_miss() {
    let (_, control, _, _) = usual();
    let client = Value::attribute(control.clone(), "properties.clientId");
    for (wrong, kind) in [
        (client, NearKind::PrincipalIsClientId),
        (control.clone(), NearKind::PrincipalIsResourceId),
        (text("control"), NearKind::PrincipalIsName),
    ] {
        let (mut builder, control, _, subnet) = usual();
        builder.assign(&wrong, NETWORK_CONTRIBUTOR, &subnet);
        let answer = builder.ask(&principal_of(&control), &subnet, &[JOIN]);
        assert_eq!((verdict(&answer), answer.near.first().map(|near| near.kind)), ("missing", Some(kind)));
    }
}

#[test]
fn the_own_identity_of_a_cluster_that_is_given_one_is_a_near_miss() {
    let (mut builder, control, _, subnet) = usual();
    builder.cluster("aks", &control, []);
    let own = Value::attribute(id("aks/aks"), "identity.principalId");
    builder.assign(&own, NETWORK_CONTRIBUTOR, &subnet);
    let answer = builder.ask(&principal_of(&control), &subnet, &[JOIN]);
    assert_eq!((verdict(&answer), answer.near[0].kind), ("missing", NearKind::PrincipalIsSystemAssigned));
}

#[test]
fn a_conditional_assignment_grants_under_its_condition() {
    let (mut builder, control, _, subnet) = usual();
    let flag = builder.flag("grant");
    builder.assign_with(&principal_of(&control), &role_id(NETWORK_CONTRIBUTOR), &subnet, flag.clone(), []);
    let answer = builder.ask(&principal_of(&control), &subnet, &[JOIN]);
    assert_eq!((&answer.granted, &answer.missing), (&flag, &flag.not()));
    assert_eq!(answer.near[0].kind, NearKind::NarrowerCondition);
    let within = builder.ask_when(&principal_of(&control), &subnet, &[JOIN], &[], &flag);
    assert!(within.missing.is_false() && within.near.is_empty());
}

#[test]
fn a_role_that_a_closed_parameter_chooses_counts_for_each_choice() {
    let (mut builder, control, _, subnet) = usual();
    let input = builder.input("role", &[READER, NETWORK_CONTRIBUTOR]);
    let prefix = "/providers/Microsoft.Authorization/roleDefinitions/";
    let role = Value::pieces([Piece::Literal(prefix.into()), Piece::Hole(Value::input(&input))]);
    builder.assign_with(&principal_of(&control), &role, &subnet, Condition::TRUE, []);
    let answer = builder.ask(&principal_of(&control), &subnet, &[JOIN]);
    let chosen = builder.deployment.inputs.is(&input, &text(NETWORK_CONTRIBUTOR));
    assert_eq!((&answer.granted, &answer.missing), (&chosen, &chosen.not()));
}

#[test]
fn a_cluster_s_own_identity_is_also_an_extension_resource_of_it() {
    let (mut builder, _, _, subnet) = usual();
    let cluster = id("aks/aks");
    builder.plain("aks/aks");
    let extension = text(&format!("{}/providers/Microsoft.ManagedIdentity/Identities/default", cluster.plain()));
    builder.assign(&principal_of(&extension), NETWORK_CONTRIBUTOR, &subnet);
    let own = Value::attribute(cluster, "identity.principalId");
    assert_eq!(verdict(&builder.ask(&own, &subnet, &[JOIN])), "granted");
}

#[test]
fn the_principal_of_a_name_that_was_not_resolved_may_be_the_identity() {
    let (mut builder, control, _, subnet) = usual();
    let name = text("Microsoft.ManagedIdentity/userAssignedIdentities/somebody");
    builder.assign(&principal_of(&name), NETWORK_CONTRIBUTOR, &subnet);
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "undecided");
}

#[test]
fn a_principal_that_a_parameter_gives_may_be_the_identity() {
    let (mut builder, control, _, subnet) = usual();
    let input = builder.input("principalId", &[]);
    builder.assign(&Value::input(&input), NETWORK_CONTRIBUTOR, &subnet);
    let answer = builder.ask(&principal_of(&control), &subnet, &[JOIN]);
    assert_eq!(verdict(&answer), "undecided");
    let reason = &answer.obstacles[0].reason;
    assert_eq!((reason.kind, &*reason.detail), (ReasonKind::Outside, "`parameters('principalId')` may be `control`"));
}

#[test]
fn a_parameter_for_the_principal_of_a_useless_role_helps_nobody() {
    let (mut builder, control, _, subnet) = usual();
    let input = builder.input("principalId", &[]);
    builder.assign(&Value::input(&input), READER, &subnet);
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "missing");
}

#[test]
fn what_is_unknown_leaves_the_answer_undecided_with_its_reason() {
    let role = role_id(NETWORK_CONTRIBUTOR);
    for part in ["principal", "role", "scope"] {
        let (mut builder, control, _, subnet) = usual();
        let principal = principal_of(&control);
        let what = unknown("pick()");
        match part {
            "principal" => builder.assign_with(&what, &role, &subnet, Condition::TRUE, []),
            "role" => builder.assign_with(&principal, &what, &subnet, Condition::TRUE, []),
            _ => builder.assign_with(&principal, &role, &what, Condition::TRUE, []),
        };
        let answer = builder.ask(&principal, &subnet, &[JOIN]);
        assert_eq!(verdict(&answer), "undecided", "{part}");
        assert_eq!(&*answer.obstacles[0].reason.detail, "pick() is not evaluated", "{part}");
    }
}

#[test]
fn what_is_created_here_is_known_whatever_its_name() {
    let named = |short: &str| {
        let stem = id(&format!("{short}/")).plain();
        Value::pieces([Piece::Literal(stem.into()), Piece::Hole(unknown("pick()"))])
    };
    let (mut builder, control, kubelet, _) = usual();
    let (nameless, other) = (named("uai"), named("vnet"));
    assert_eq!(verdict(&builder.ask(&principal_of(&nameless), &kubelet, &[ASSIGN])), "undecided");
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &other, &[JOIN])), "undecided");
    builder.resource(&nameless, Condition::TRUE, object([]));
    builder.resource(&other, Condition::TRUE, object([]));
    assert_eq!(verdict(&builder.ask(&principal_of(&nameless), &kubelet, &[ASSIGN])), "missing");
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &other, &[JOIN])), "missing");
    builder.assign(&principal_of(&nameless), MIO, &kubelet);
    assert_eq!(verdict(&builder.ask(&principal_of(&nameless), &kubelet, &[ASSIGN])), "granted");
}

#[test]
fn a_role_that_nobody_here_defines_is_undecided() {
    let (mut builder, control, _, subnet) = usual();
    builder.assign(&principal_of(&control), "11111111-2222-3333-4444-555555555555", &subnet);
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "undecided");
}

#[test]
fn azures_condition_on_an_assignment_leaves_it_open() {
    let condition =
        "!(ActionMatches{'Microsoft.Network/virtualNetworks/subnets/join/action'}) OR @Request[a:b] StringEquals 'c'";
    let (mut builder, control, _, subnet) = usual();
    let more = [("condition", text(condition))];
    let role = role_id(NETWORK_CONTRIBUTOR);
    builder.assign_with(&principal_of(&control), &role, &subnet, Condition::TRUE, more);
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "undecided");
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[SUBNET_READ])), "granted");
}

#[test]
fn a_custom_role_is_found_by_its_name_whatever_stands_before_it() {
    let (mut builder, control, _, subnet) = usual();
    let name = Value::call("guid", vec![Value::environment("subscription().subscriptionId"), text("joiner")]);
    let prefix = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/";
    let definition = Value::pieces([Piece::Literal(prefix.into()), Piece::Hole(name.clone())]);
    let permission = object([("actions", Value::array([text(JOIN)])), ("notActions", Value::array([]))]);
    let properties = object([("roleName", text("Joiner")), ("permissions", Value::array([permission]))]);
    builder.resource(&definition, Condition::TRUE, object([("properties", properties)]));
    let tenant = "/providers/Microsoft.Authorization/roleDefinitions/";
    let role = Value::pieces([Piece::Literal(tenant.into()), Piece::Hole(name)]);
    builder.assign_with(&principal_of(&control), &role, &subnet, Condition::TRUE, []);
    let answer = builder.ask(&principal_of(&control), &subnet, &[JOIN]);
    assert_eq!((verdict(&answer), answer.grants[0].role.as_str()), ("granted", "Joiner"));
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN, SUBNET_READ])), "missing");
}

#[test]
fn open_permissions_of_a_custom_role_are_undecided() {
    let (mut builder, control, _, subnet) = usual();
    let guid = "99999999-2222-3333-4444-555555555555";
    let actions = Value::input(&builder.input("actions", &[]));
    let properties = object([("permissions", Value::array([object([("actions", actions)])]))]);
    builder.resource(&role_id(guid), Condition::TRUE, object([("properties", properties)]));
    builder.assign(&principal_of(&control), guid, &subnet);
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "undecided");
}

#[test]
fn an_identity_or_a_resource_from_outside_is_at_most_assumed() {
    let (builder, control, _, _) = usual();
    let elsewhere = text("/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/v/subnets/n");
    let answer = builder.ask(&principal_of(&control), &elsewhere, &[JOIN]);
    assert_eq!(
        (verdict(&answer), answer.assumed_because.as_deref()),
        ("assumed", Some("`n` is not created by this deployment"))
    );
    let (builder, _, _, subnet) = usual();
    assert_eq!(verdict(&builder.ask(&principal_of(&id("uai/other")), &subnet, &[JOIN])), "assumed");
    let parameter = Value::input(&builder.input("subnetId", &[]));
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &parameter, &[JOIN])), "assumed");
}

#[test]
fn a_child_of_what_the_deployment_creates_is_no_resource_from_outside() {
    let (builder, control, _, _) = usual();
    let answer = builder.ask(&principal_of(&control), &id("subnet/v/inline"), &[JOIN]);
    assert_eq!(verdict(&answer), "missing");
}

#[test]
fn an_identity_from_outside_can_be_granted_here() {
    let mut builder = Builder::new();
    let input = Value::input(&builder.input("identityId", &[]));
    let subnet = Value::input(&builder.input("subnetId", &[]));
    builder.assign(&principal_of(&input), NETWORK_CONTRIBUTOR, &subnet);
    assert_eq!(verdict(&builder.ask(&principal_of(&input), &subnet, &[JOIN])), "granted");
}

#[test]
fn an_unread_template_may_grant_only_what_it_knows_of() {
    for (argument, expected) in [
        (principal_of(&id("uai/control")), "undecided"),
        (id("uai/control"), "undecided"),
        (text("control"), "undecided"),
        (text("control-2"), "missing"),
        (text("westeurope"), "missing"),
        (unknown("pick()"), "undecided"),
    ] {
        let (mut builder, control, _, subnet) = usual();
        builder.unresolved(object([("argument", argument.clone())]));
        let answer = builder.ask(&principal_of(&control), &subnet, &[JOIN]);
        assert_eq!(verdict(&answer), expected, "{}", argument.text());
    }
}

#[test]
fn what_comes_out_of_an_unread_module_is_no_more_than_what_went_in() {
    let unread = |text: &str| Value::unknown(ReasonKind::Unread, "not there", text);
    for (first, output, expected) in [
        (text("westeurope"), "module.roles.name", "missing"),
        (text("westeurope"), "module.roles", "missing"),
        (text("westeurope"), "module.roles2.name", "undecided"),
        (text("westeurope"), "coalesce(module.roles.name, module.other.id)", "undecided"),
        (id("uai/control"), "module.roles.name", "undecided"),
    ] {
        let (mut builder, control, _, subnet) = usual();
        builder.unresolved(object([("argument", first)]));
        builder.unresolved_as("module.second", object([("argument", unread(output))]));
        let answer = builder.ask(&principal_of(&control), &subnet, &[JOIN]);
        assert_eq!(verdict(&answer), expected, "{output}");
    }
}

const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

/// A script that runs as an identity, where one is given.
fn script(builder: &mut Builder, name: &str, identity: Option<&Value>, content: &str) {
    let id = text(&format!("{RG}/providers/Microsoft.Resources/deploymentScripts/{name}"));
    let properties = object([("scriptContent", text(content))]);
    let body = match identity {
        None => object([("properties", properties)]),
        Some(identity) => {
            let given = Value::object([(identity.as_str().expect("a known id"), object([]))]);
            let identity = object([("type", text("UserAssigned")), ("userAssignedIdentities", given)]);
            object([("identity", identity), ("properties", properties)])
        }
    };
    builder.resource(&id, Condition::TRUE, body);
}

#[test]
fn a_script_may_grant_what_its_identity_may_to_what_is_passed_to_it() {
    for (role, content, expected) in [
        (OWNER, "az role assignment create --assignee control", "undecided"),
        (OWNER, "echo hello", "missing"),
        (CONTRIBUTOR, "az role assignment create --assignee control", "missing"),
        (CONTRIBUTOR, "az login --username a; az role assignment create --assignee control", "undecided"),
    ] {
        let (mut builder, control, _, subnet) = usual();
        let runner = builder.plain("uai/runner");
        builder.assign(&principal_of(&runner), role, &text(RG));
        script(&mut builder, "script", Some(&runner), content);
        assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), expected, "{role}: {content}");
    }
}

#[test]
fn a_script_whose_text_is_not_known_may_sign_in_as_somebody_else() {
    let unread = Value::unknown(ReasonKind::Unread, "it is not there", "loadTextContent('a.sh')");
    for (name, value, expected) in [
        ("scriptContent", unread, "undecided"),
        ("primaryScriptUri", text("https://example.com/a.sh"), "undecided"),
        ("azCliVersion", text("2.52.0"), "missing"),
    ] {
        let (mut builder, control, _, subnet) = usual();
        let id = text(&format!("{RG}/providers/Microsoft.Resources/deploymentScripts/script"));
        let properties = object([("arguments", text("control")), (name, value)]);
        builder.resource(&id, Condition::TRUE, object([("properties", properties)]));
        assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), expected, "{name}");
    }
}

#[test]
fn a_script_without_an_identity_grants_nothing() {
    let (mut builder, control, _, subnet) = usual();
    script(&mut builder, "script", None, "az role assignment create --assignee control");
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "missing");
}

#[test]
fn what_the_identity_of_a_script_may_that_is_not_created_here_is_open() {
    let (mut builder, control, _, subnet) = usual();
    script(&mut builder, "script", Some(&id("uai/elsewhere")), "az role assignment create --assignee control");
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "undecided");
}

#[test]
fn a_script_runs_as_an_identity_that_another_script_may_help() {
    for (helped, expected) in [("runner", "undecided"), ("nobody", "missing")] {
        let (mut builder, control, _, subnet) = usual();
        let (runner, owner) = (builder.plain("uai/runner"), builder.plain("uai/owner"));
        builder.assign(&principal_of(&runner), CONTRIBUTOR, &text(RG));
        builder.assign(&principal_of(&owner), OWNER, &text(RG));
        script(&mut builder, "first", Some(&owner), &format!("az role assignment create --assignee {helped}"));
        script(&mut builder, "second", Some(&runner), "az role assignment create --assignee control");
        assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), expected, "{helped}");
    }
}

#[test]
fn own_group_against_a_literal_group_is_undecided() {
    let (mut builder, control, _, subnet) = usual();
    let own = ["/subscriptions/", "/resourceGroups/"];
    let group = Value::pieces([
        Piece::Literal(own[0].into()),
        Piece::Hole(Value::environment("subscription().subscriptionId")),
        Piece::Literal(own[1].into()),
        Piece::Hole(Value::environment("resourceGroup().name")),
    ]);
    builder.assign(&principal_of(&control), NETWORK_CONTRIBUTOR, &group);
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "undecided");
}

#[test]
fn two_resources_with_names_from_two_parameters_are_two() {
    let mut builder = Builder::new();
    let names = ["controlName", "kubeletName"].map(|name| Value::input(&builder.input(name, &[])));
    let ids = names.map(|name| {
        let prefix = format!("{RG}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/");
        Value::pieces([Piece::Literal(prefix.into()), Piece::Hole(name)])
    });
    for id in &ids {
        builder.resource(id, Condition::TRUE, object([]));
    }
    builder.assign(&principal_of(&ids[1]), MIO, &ids[1]);
    let answer = builder.ask(&principal_of(&ids[0]), &ids[1], &[ASSIGN]);
    assert_eq!((verdict(&answer), answer.near[0].kind), ("missing", NearKind::AnotherPrincipal));
}

#[test]
fn a_loop_over_an_open_array_grants_to_what_its_parameter_names() {
    let (mut builder, control, _, subnet) = usual();
    let entries = Value::input(&builder.input("entries", &[]));
    let each = Value::from(Symbol::Call { function: "each".into(), arguments: vec![entries] });
    let principal = each.get("principalId").expect("a member");
    let index = builder.assign(&principal, NETWORK_CONTRIBUTOR, &subnet);
    builder.deployment.resources[index.0 as usize].many = true;
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "undecided");
    // The principal of the same round.
    assert_eq!(verdict(&builder.ask(&principal, &subnet, &[JOIN])), "granted");
}

#[test]
fn a_request_that_takes_a_role_away_grants_nothing() {
    for (request, expected) in [("AdminAssign", "granted"), ("adminRemove", "missing")] {
        let (mut builder, control, _, subnet) = usual();
        let id = subnet.as_str().expect("known").to_owned()
            + "/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/r";
        let properties = object([
            ("principalId", principal_of(&control)),
            ("roleDefinitionId", role_id(NETWORK_CONTRIBUTOR)),
            ("requestType", text(request)),
        ]);
        builder.resource(&text(&id), Condition::TRUE, object([("properties", properties)]));
        assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), expected, "{request}");
    }
}

const GET_SECRET: &str = "Microsoft.KeyVault/vaults/secrets/getSecret/action";

fn vault(builder: &mut Builder, uses_roles: Option<Value>, policies: Value) -> Value {
    let mut properties = vec![("accessPolicies".to_owned(), policies)];
    properties.extend(uses_roles.map(|value| ("enableRbacAuthorization".to_owned(), value)));
    let id = id("vault/kv");
    builder.resource(&id, Condition::TRUE, object([("properties", Value::object(properties))]));
    id
}

fn policy(principal: &Value) -> Value {
    let permissions = object([("secrets", Value::array([text("Get")]))]);
    Value::array([object([("objectId", principal.clone()), ("permissions", permissions)])])
}

#[test]
fn access_policies_count_where_the_vault_uses_them() {
    for (uses_roles, expected) in [
        (None, "granted"),
        (Some(Value::bool(false)), "granted"),
        (Some(Value::bool(true)), "missing"),
        (Some(unknown("pick()")), "undecided"),
    ] {
        let (mut builder, control, _, _) = usual();
        let principal = principal_of(&control);
        let vault = vault(&mut builder, uses_roles, policy(&principal));
        let answer = builder.ask_when(&principal, &vault, &[], &[GET_SECRET], &Condition::TRUE);
        assert_eq!(verdict(&answer), expected);
        assert!(answer.grants.iter().all(|grant| grant.kind == AssignmentKind::AccessPolicy));
    }
}

#[test]
fn roles_on_data_count_where_the_vault_uses_them() {
    for (uses_roles, expected) in
        [(None, "missing"), (Some(Value::bool(true)), "granted"), (Some(unknown("pick()")), "undecided")]
    {
        let (mut builder, control, _, _) = usual();
        let principal = principal_of(&control);
        let vault = vault(&mut builder, uses_roles, Value::array([]));
        builder.assign(&principal, "4633458b-17de-408a-b874-0445c86b69e6", &vault);
        let answer = builder.ask_when(&principal, &vault, &[], &[GET_SECRET], &Condition::TRUE);
        assert_eq!(verdict(&answer), expected);
    }
}

#[test]
fn aks_grants_the_control_plane_on_the_node_resource_group_alone() {
    let (mut builder, control, _, subnet) = usual();
    builder.cluster("aks", &control, []);
    builder.managed();
    let group = text("/subscriptions/s/resourceGroups/MC_g_aks_westeurope");
    let inside = text(&format!("{}/providers/Microsoft.Network/routeTables/r", group.as_str().expect("known")));
    for scope in [&group, &inside] {
        let answer = builder.ask(&principal_of(&control), scope, &["Microsoft.Network/routeTables/write"]);
        assert_eq!(verdict(&answer), "granted");
    }
    assert_eq!(verdict(&builder.ask(&principal_of(&control), &subnet, &[JOIN])), "missing");
}

#[test]
fn the_outputs_of_a_cluster_mean_the_identities_in_its_node_resource_group() {
    let (mut builder, control, _, subnet) = usual();
    let on = object([("enabled", Value::bool(true))]);
    let addons = object([("omsAgent", on), ("azurepolicy", object([("enabled", Value::bool(false))]))]);
    builder.cluster("aks", &control, [("nodeResourceGroup", text("nodes")), ("addonProfiles", addons)]);
    builder.managed();
    let output = |path: &str| Value::attribute(id("aks/aks"), path);
    let nodes = "/subscriptions/s/resourceGroups/nodes/providers/Microsoft.ManagedIdentity/userAssignedIdentities";
    let permissions = Permissions::new(&builder.deployment);
    let canonical = |path: &str| permissions.identities().canonical(&output(path));
    assert_eq!(
        canonical("properties.identityProfile.kubeletidentity.objectId"),
        principal_of(&text(&format!("{nodes}/aks-agentpool")))
    );
    assert_eq!(
        canonical("properties.identityProfile.kubeletidentity.resourceId"),
        text(&format!("{nodes}/aks-agentpool"))
    );
    assert_eq!(
        canonical("properties.addonProfiles.omsagent.identity.objectId"),
        principal_of(&text(&format!("{nodes}/omsagent-aks")))
    );
    let off = "properties.addonProfiles.azurepolicy.identity.objectId";
    assert_eq!(canonical(off), output(off));
    let names = |index: u32| permissions.identities().kubelet(ResourceIndex(index));
    assert!(names(4).iter().any(|(when, kubelet)| when.is_true() && matches!(kubelet, Kubelet::Made { .. })));

    let kubelet = output("properties.identityProfile.kubeletidentity.objectId");
    builder.assign(&kubelet, NETWORK_CONTRIBUTOR, &subnet);
    let made = principal_of(&text(&format!("{nodes}/aks-agentpool")));
    assert_eq!(verdict(&builder.ask(&made, &subnet, &[JOIN])), "granted");
}

#[test]
fn a_kubelet_identity_that_is_brought_under_a_condition_is_made_otherwise() {
    let (mut builder, control, kubelet, subnet) = usual();
    let flag = builder.flag("bring");
    let given =
        Value::choose(&flag, &object([("kubeletidentity", object([("resourceId", kubelet.clone())]))]), &Value::null());
    builder.cluster("aks", &control, [("identityProfile", given)]);
    builder.managed();
    let output = Value::attribute(id("aks/aks"), "properties.identityProfile.kubeletidentity.objectId");
    builder.assign(&principal_of(&kubelet), NETWORK_CONTRIBUTOR, &subnet);
    let answer = builder.ask(&output, &subnet, &[JOIN]);
    assert_eq!((&answer.granted, &answer.missing), (&flag, &flag.not()));
    let made = builder.deployment.resources.iter().find(|resource| resource.id.name() == text("aks-agentpool"));
    assert_eq!(made.map(|resource| &resource.when), Some(&flag.not()));
}

#[test]
fn the_identity_block_of_any_resource_leads_to_the_identity() {
    let (builder, control, _, _) = usual();
    let block = Value::attribute(id("aks/aks"), "identity.userAssignedIdentities");
    let path = format!("identity.userAssignedIdentities.{}.principalId", control.as_str().expect("known"));
    let known = Value::attribute(id("aks/aks"), path);
    let member = |base: Value, key: Value| Value::call("member", vec![base, key]);
    let symbolic = Value::pieces([Piece::Literal(RG.into()), Piece::Hole(Value::environment("x"))]);
    let open = member(member(block, symbolic.clone()), text("principalId"));
    let permissions = Permissions::new(&builder.deployment);
    assert_eq!(permissions.identities().canonical(&known), principal_of(&control));
    assert_eq!(permissions.identities().canonical(&open), principal_of(&symbolic));
}

fn plane(identity: Value, more: Option<Value>) -> Vec<(Condition, ControlPlane)> {
    let mut builder = Builder::new();
    let properties = more.map_or_else(|| object([]), |more| object([("servicePrincipalProfile", more)]));
    let body = object([("identity", identity), ("properties", properties)]);
    let index = builder.resource(&id("aks/aks"), Condition::TRUE, body);
    rolecall_graph::control_plane(&builder.deployment, index)
}

#[test]
fn the_control_plane_is_what_the_cluster_says() {
    let system = plane(object([("type", text("systemassigned"))]), None);
    assert!(matches!(&system[..], [(when, ControlPlane::SystemAssigned { .. })] if when.is_true()));
    let given = Value::object([("/subscriptions/s/id", object([]))]);
    let both = plane(object([("type", text("SystemAssigned, UserAssigned")), ("userAssignedIdentities", given)]), None);
    assert!(matches!(&both[..], [(_, ControlPlane::UserAssigned { .. })]));
    let principal = plane(Value::null(), Some(object([("clientId", text("c"))])));
    assert!(
        matches!(&principal[..], [(_, ControlPlane::ServicePrincipal { client_id, .. })] if *client_id == text("c"))
    );
    let msi = plane(Value::null(), Some(object([("clientId", text("msi"))])));
    assert!(matches!(&msi[..], [(_, ControlPlane::None)]));
    let nothing = plane(object([("type", text("UserAssigned"))]), None);
    assert!(matches!(&nothing[..], [(_, ControlPlane::Unknown(_))]));
}

#[test]
fn a_closed_parameter_chooses_the_control_plane() {
    let mut builder = Builder::new();
    let kind = builder.input("identityType", &["SystemAssigned", "UserAssigned"]);
    let given = Value::object([("/subscriptions/s/id", object([]))]);
    let identity = object([("type", Value::input(&kind)), ("userAssignedIdentities", given)]);
    let index = builder.resource(&id("aks/aks"), Condition::TRUE, object([("identity", identity)]));
    let planes = rolecall_graph::control_plane(&builder.deployment, index);
    let system = builder.deployment.inputs.is(&kind, &text("SystemAssigned"));
    assert!(planes.iter().any(|(when, plane)| *when == system && matches!(plane, ControlPlane::SystemAssigned { .. })));
    assert!(
        planes.iter().any(|(when, plane)| *when == system.not() && matches!(plane, ControlPlane::UserAssigned { .. }))
    );
}

#[test]
fn near_misses_of_a_conditional_identity_are_those_of_each_alternative() {
    let (mut builder, control, kubelet, subnet) = usual();
    let flag = builder.flag("own");
    let who = principal_of(&Value::choose(&flag, &control, &kubelet));
    builder.assign(&principal_of(&kubelet), NETWORK_CONTRIBUTOR, &subnet);
    let answer = builder.ask(&who, &subnet, &[JOIN]);
    assert_eq!((&answer.granted, &answer.missing), (&flag.not(), &flag));
    let near: Vec<_> = answer.near.iter().map(|near| (near.kind, near.assignment)).collect();
    assert_eq!(near, [(NearKind::AnotherPrincipal, 0)]);
}

#[test]
fn what_is_only_near_under_another_condition_is_not_named() {
    let (mut builder, control, kubelet, subnet) = usual();
    let flag = builder.flag("other");
    let role = role_id(NETWORK_CONTRIBUTOR);
    builder.assign_with(&principal_of(&kubelet), &role, &subnet, flag.clone(), []);
    let answer = builder.ask_when(&principal_of(&control), &subnet, &[JOIN], &[], &flag.not());
    assert!(answer.missing == flag.not() && answer.near.is_empty());
}
