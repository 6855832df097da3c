//! The language: what is open, what is conditional, what instances there are.

use rolecall_value::{Condition, ReasonKind, Symbol};

use super::{clean, errors, one, property, run, value, value_in};

const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";
const ASSIGNMENT: &str = "Microsoft.Authorization/roleAssignments";

fn identity(extra: &str) -> String {
    format!(
        "resource \"azurerm_user_assigned_identity\" \"x\" {{\n  {extra}\n  name = \"x\"\n  resource_group_name = \"g\"\n  location = \"l\"\n}}\n"
    )
}

const FLAG: &str = "variable \"flag\" {\n  type = bool\n  default = false\n}\n";

#[test]
fn a_bool_is_open_and_its_default_is_the_point() {
    let deployment = clean(&format!("{FLAG}{}", identity("count = var.flag ? 1 : 0")));
    let resource = one(&deployment, IDENTITY);
    assert!(resource.when.is_satisfiable() && !resource.when.is_true());
    assert!(deployment.inputs.at(&resource.when, &deployment.point).is_false());
}

#[test]
fn a_listed_variable_is_open_over_what_is_listed() {
    let declaration = "variable \"v\" {\n  default = \"a\"\n  validation {\n    condition = contains([\"a\", \"b\"], var.v)\n    error_message = \"no\"\n  }\n}\n";
    let value = value_in(declaration, "var.v == \"c\"");
    assert_eq!(value.as_bool(), Some(false));
    assert!(value_in(declaration, "var.v == \"b\"").as_bool().is_none());
}

#[test]
fn a_variable_without_value_is_open_and_any_other_default_is_its_value() {
    let open = value_in("variable \"v\" {\n  type = string\n}\n", "var.v");
    assert!(matches!(open.as_symbol(), Some(Symbol::Input(_))));
    assert_eq!(value_in("variable \"v\" {\n  default = \"d\"\n}\n", "var.v").as_str(), Some("d"));
}

#[test]
fn the_first_instance_of_a_conditional_count_is_there_under_its_condition() {
    let deployment = clean(&format!(
        "{FLAG}{}resource \"azurerm_role_assignment\" \"a\" {{\n  count = var.flag ? 1 : 0\n  scope = \"/subscriptions/s\"\n  role_definition_name = \"Reader\"\n  principal_id = azurerm_user_assigned_identity.x[0].principal_id\n}}\n",
        identity("count = var.flag ? 1 : 0")
    ));
    let principal = property(one(&deployment, ASSIGNMENT), "properties.principalId");
    assert!(matches!(principal.as_symbol(), Some(Symbol::Attribute { .. })), "{}", principal.text());
}

#[test]
fn what_needs_an_instance_that_is_not_there_is_not_deployed() {
    let deployment = clean(&format!(
        "{FLAG}{}resource \"azurerm_role_assignment\" \"a\" {{\n  scope = \"/subscriptions/s\"\n  role_definition_name = \"Reader\"\n  principal_id = azurerm_user_assigned_identity.x[0].principal_id\n}}\n",
        identity("count = var.flag ? 1 : 0")
    ));
    assert_eq!(one(&deployment, ASSIGNMENT).when, one(&deployment, IDENTITY).when);
}

#[test]
fn try_and_one_give_what_is_there() {
    let declarations = format!("{FLAG}{}", identity("count = var.flag ? 1 : 0"));
    for expression in [
        "try(azurerm_user_assigned_identity.x[0].name, \"none\")",
        "coalesce(one(azurerm_user_assigned_identity.x[*].name), \"none\")",
    ] {
        let alternatives = value_in(&declarations, expression);
        let mut texts: Vec<_> = alternatives.alternatives().iter().map(|(_, value)| value.plain()).collect();
        texts.sort();
        assert_eq!(texts, ["none", "x"], "{expression}");
    }
}

#[test]
fn for_each_makes_an_instance_a_key() {
    let deployment = clean(
        "locals {\n  roles = { a = \"Reader\", b = \"Contributor\" }\n}\nresource \"azurerm_role_assignment\" \"a\" {\n  for_each = local.roles\n  scope = \"/subscriptions/s/resourceGroups/${each.key}\"\n  role_definition_name = each.value\n  principal_id = \"p\"\n}\n",
    );
    let scopes: Vec<_> = deployment.resources.iter().map(|resource| resource.id.scope.to_value().plain()).collect();
    assert_eq!(scopes, ["/subscriptions/s/resourceGroups/a", "/subscriptions/s/resourceGroups/b"]);
}

#[test]
fn an_open_for_each_is_one_instance_that_stands_for_many() {
    let deployment = clean(
        "variable \"ids\" {\n  type = set(string)\n}\nresource \"azurerm_role_assignment\" \"a\" {\n  for_each = var.ids\n  scope = each.value\n  role_definition_name = \"Reader\"\n  principal_id = \"p\"\n}\n",
    );
    assert!(one(&deployment, ASSIGNMENT).many);
}

#[test]
fn flattened_loops_give_instances() {
    let deployment = clean(
        "locals {\n  teams = { a = [\"Reader\", \"Contributor\"], b = [\"Reader\"] }\n  pairs = flatten([for team, roles in local.teams : [for role in roles : { team = team, role = role }]])\n}\nresource \"azurerm_role_assignment\" \"a\" {\n  for_each = { for pair in local.pairs : \"${pair.team}-${pair.role}\" => pair }\n  scope = \"/subscriptions/s/resourceGroups/${each.value.team}\"\n  role_definition_name = each.value.role\n  principal_id = \"p\"\n}\n",
    );
    assert_eq!(deployment.of_type(ASSIGNMENT).count(), 3);
}

#[test]
fn a_dynamic_block_is_there_under_its_condition() {
    let deployment = clean(&format!(
        "{FLAG}resource \"azurerm_kubernetes_cluster\" \"c\" {{\n  name = \"c\"\n  resource_group_name = \"g\"\n  dynamic \"identity\" {{\n    for_each = var.flag ? [\"UserAssigned\"] : []\n    content {{\n      type = identity.value\n      identity_ids = [\"/subscriptions/s\"]\n    }}\n  }}\n  dynamic \"identity\" {{\n    for_each = var.flag ? [] : [1]\n    content {{\n      type = \"SystemAssigned\"\n    }}\n  }}\n}}\n"
    ));
    let cluster = one(&deployment, "Microsoft.ContainerService/managedClusters");
    let kind = property(cluster, "identity.type");
    let mut kinds: Vec<_> = kind.alternatives().iter().map(|(_, value)| value.plain()).collect();
    kinds.sort();
    assert_eq!(kinds, ["SystemAssigned", "UserAssigned"]);
    assert!(cluster.when.is_true());
}

#[test]
fn a_module_gets_arguments_and_gives_outputs() {
    let deployment = run(&[
        (
            "main.tf",
            "module \"id\" {\n  source = \"./id\"\n  name = \"m\"\n}\nresource \"azurerm_role_assignment\" \"a\" {\n  scope = module.id.id\n  role_definition_name = \"Reader\"\n  principal_id = module.id.principal_id\n}\n",
        ),
        (
            "id/main.tf",
            "variable \"name\" {}\nresource \"azurerm_user_assigned_identity\" \"x\" {\n  name = \"id-${var.name}\"\n  resource_group_name = \"g\"\n}\noutput \"id\" {\n  value = azurerm_user_assigned_identity.x.id\n}\noutput \"principal_id\" {\n  value = azurerm_user_assigned_identity.x.principal_id\n}\n",
        ),
    ]);
    let scope = one(&deployment, ASSIGNMENT).id.scope.to_value().plain();
    assert_eq!(scope, one(&deployment, IDENTITY).id.to_value().plain());
    assert_eq!(deployment.edges.len(), 1);
}

#[test]
fn instances_of_a_module_are_reached_by_key() {
    let deployment = run(&[
        (
            "main.tf",
            "module \"id\" {\n  source = \"./id\"\n  for_each = toset([\"a\", \"b\"])\n  name = each.key\n}\nresource \"azurerm_role_assignment\" \"a\" {\n  scope = module.id[\"b\"].id\n  role_definition_name = \"Reader\"\n  principal_id = \"p\"\n}\n",
        ),
        (
            "id/main.tf",
            "variable \"name\" {}\nresource \"azurerm_user_assigned_identity\" \"x\" {\n  name = var.name\n  resource_group_name = \"g\"\n}\noutput \"id\" {\n  value = azurerm_user_assigned_identity.x.id\n}\n",
        ),
    ]);
    assert!(one(&deployment, ASSIGNMENT).id.scope.to_value().plain().ends_with("/b"));
    assert_eq!(deployment.of_type(IDENTITY).count(), 2);
}

#[test]
fn a_module_that_is_not_fetched_keeps_its_call() {
    let deployment = run(&[(
        "main.tf",
        "module \"m\" {\n  source = \"Azure/aks/azurerm\"\n  principal = \"p\"\n}\nresource \"azurerm_role_assignment\" \"a\" {\n  scope = module.m.aks_id\n  principal_id = \"p\"\n  role_definition_name = \"Reader\"\n}\n",
    )]);
    assert_eq!(deployment.unresolved[0].arguments.text(), "{principal: 'p'}");
    assert!(deployment.unresolved[0].reason.detail.contains("terraform init"));
    let scope = one(&deployment, ASSIGNMENT).id.scope.to_value();
    assert!(scope.as_unknown().is_some(), "{}", scope.text());
}

#[test]
fn what_a_module_that_is_not_fetched_is_called_for_flows_into_it() {
    let deployment = run(&[(
        "main.tf",
        "module \"m\" {\n  source = \"Azure/aks/azurerm\"\n  for_each = { a = \"p\" }\n  principal = each.value\n}\n",
    )]);
    assert!(deployment.unresolved[0].arguments.text().contains("{a: 'p'}"));
}

#[test]
fn a_fetched_module_is_found_by_the_manifest() {
    let deployment = run(&[
        ("main.tf", "module \"m\" {\n  source = \"some/module\"\n}\n"),
        (
            ".terraform/modules/modules.json",
            "{\"Modules\":[{\"Key\":\"m\",\"Source\":\"some/module\",\"Dir\":\".terraform/modules/m\"}]}",
        ),
        (".terraform/modules/m/main.tf", &identity("")),
    ]);
    assert_eq!(deployment.of_type(IDENTITY).count(), 1);
}

#[test]
fn waiting_passes_through_what_makes_no_resource() {
    let deployment = clean(&format!(
        "{}resource \"time_sleep\" \"wait\" {{\n  depends_on = [azurerm_user_assigned_identity.x]\n}}\nresource \"null_resource\" \"n\" {{\n  triggers = {{ t = time_sleep.wait.id }}\n}}\nresource \"azurerm_resource_group\" \"g\" {{\n  name = \"g2\"\n  depends_on = [null_resource.n]\n}}\n",
        identity("")
    ));
    assert_eq!(deployment.edges.len(), 1);
}

#[test]
fn an_output_does_not_wait_for_the_modules_other_resources() {
    let module = format!(
        "{}resource \"azurerm_resource_group\" \"other\" {{\n  name = \"other\"\n}}\noutput \"id\" {{\n  value = azurerm_user_assigned_identity.x.id\n}}\n",
        identity("")
    );
    let main = "module \"m\" {\n  source = \"./m\"\n}\nresource \"azurerm_role_assignment\" \"a\" {\n  scope = module.m.id\n  role_definition_name = \"Reader\"\n  principal_id = \"p\"\n  DEPENDS\n}\n";
    let by_output = run(&[("main.tf", &main.replace("DEPENDS", "")), ("m/main.tf", &module)]);
    assert_eq!(by_output.edges.len(), 1);
    let by_module = run(&[("main.tf", &main.replace("DEPENDS", "depends_on = [module.m]")), ("m/main.tf", &module)]);
    assert_eq!(by_module.edges.len(), 2);
}

#[test]
fn providers_say_the_subscription() {
    let deployment = clean(&format!(
        "provider \"azurerm\" {{\n  features {{}}\n  subscription_id = \"one\"\n}}\nprovider \"azurerm\" {{\n  alias = \"hub\"\n  subscription_id = \"two\"\n}}\n{}",
        identity("provider = azurerm.hub")
    ));
    assert!(one(&deployment, IDENTITY).id.to_value().plain().starts_with("/subscriptions/two/"));
}

#[test]
fn optional_attributes_take_their_defaults() {
    let declaration = "variable \"v\" {\n  type = object({ a = string, b = optional(string, \"d\"), c = optional(number) })\n  default = { a = \"x\" }\n}\n";
    assert_eq!(value_in(declaration, "[var.v.a, var.v.b, var.v.c]").text(), "['x', 'd', null]");
}

#[test]
fn sets_lose_doubles_and_have_no_index() {
    assert_eq!(value("[for k, v in toset([\"b\", \"a\", \"b\"]) : \"${k}${v}\"]").text(), "['aa', 'bb']");
    assert_eq!(value("can(toset([\"a\"])[0])").as_bool(), Some(false));
}

#[test]
fn what_the_left_side_excludes_is_not_asked_on_the_right() {
    assert_eq!(value("false && {}.missing").as_bool(), Some(false));
    assert_eq!(value("true || {}.missing").as_bool(), Some(true));
}

#[test]
fn known_parts_of_what_is_open_are_known() {
    let declaration = "variable \"v\" {\n  type = string\n}\n";
    assert_eq!(value_in(declaration, "length([var.v, var.v])").as_int(), Some(2));
    assert_eq!(value_in(declaration, "merge({ a = 1 }, { b = var.v }).a").as_int(), Some(1));
    assert_eq!(value_in(declaration, "split(\"/\", \"/subscriptions/${var.v}/x\")[1]").as_str(), Some("subscriptions"));
}

#[test]
fn an_open_map_may_replace_what_is_merged_before_it_and_nothing_behind_it() {
    let declaration = "variable \"v\" {\n  type = map(string)\n}\n";
    assert_eq!(value_in(declaration, "merge(var.v, { a = \"x\" }).a").as_str(), Some("x"));
    let before = value_in(declaration, "merge({ a = \"x\" }, var.v).a");
    assert_eq!(before.alternatives().len(), 2);
    assert!(before.alternatives().iter().any(|(_, value)| value.as_str() == Some("x")));
}

#[test]
fn a_cycle_of_locals_is_a_diagnostic() {
    let deployment = run(&[(
        "main.tf",
        "locals {\n  a = local.b\n  b = local.a\n}\nresource \"azurerm_resource_group\" \"x\" {\n  name = local.a\n}\n",
    )]);
    assert!(errors(&deployment)[0].contains("depends on itself"), "{:?}", errors(&deployment));
}

#[test]
fn the_condition_of_a_module_is_that_of_all_in_it() {
    let deployment = run(&[
        ("main.tf", &format!("{FLAG}module \"m\" {{\n  source = \"./m\"\n  count = var.flag ? 1 : 0\n}}\n")),
        ("m/main.tf", &identity("")),
    ]);
    assert_ne!(one(&deployment, IDENTITY).when, Condition::TRUE);
}

/// The scenario in four spellings: an identity, a role of it on a group, a cluster that runs as it.
fn graph(files: &[(&str, &str)]) -> Vec<String> {
    let deployment = run(files);
    assert_eq!(errors(&deployment), Vec::<&str>::new());
    let mut all: Vec<String> = deployment
        .resources
        .iter()
        .map(|resource| {
            // The name of an assignment is made up from its address.
            let id = if resource.id.resource_type.is(ASSIGNMENT) {
                resource.id.scope.to_value()
            } else {
                resource.id.to_value()
            };
            format!("{} {:?} {}", id.plain(), resource.when, resource.body.text())
        })
        .collect();
    all.sort();
    all
}

#[test]
fn four_spellings_give_one_graph() {
    let cluster = "resource \"azurerm_kubernetes_cluster\" \"c\" {\n  name = \"c\"\n  resource_group_name = \"g\"\n  IDENTITY\n}\n";
    let block = |id: &str| format!("identity {{\n    type = \"UserAssigned\"\n    identity_ids = [{id}]\n  }}");
    let assignment = |extra: &str, role: &str, principal: &str| {
        format!(
            "resource \"azurerm_role_assignment\" \"a\" {{\n  {extra}\n  scope = \"/subscriptions/s/resourceGroups/g\"\n  role_definition_name = {role}\n  principal_id = {principal}\n}}\n"
        )
    };
    let own = "azurerm_user_assigned_identity.x";
    let plain = format!(
        "{}{}{}",
        identity(""),
        assignment("", "\"Reader\"", &format!("{own}.principal_id")),
        cluster.replace("IDENTITY", &block(&format!("{own}.id")))
    );
    let expected = graph(&[("main.tf", &plain)]);
    assert_eq!(expected.len(), 3);

    let inner = format!(
        "{}output \"id\" {{\n  value = {own}.id\n}}\noutput \"principal\" {{\n  value = {own}.principal_id\n}}\n",
        identity("")
    );
    let module = format!(
        "module \"m\" {{\n  source = \"./m\"\n}}\n{}{}",
        assignment("", "\"Reader\"", "module.m.principal"),
        cluster.replace("IDENTITY", &block("module.m.id"))
    );
    assert_eq!(graph(&[("main.tf", &module), ("m/main.tf", &inner)]), expected);

    let looped = format!(
        "locals {{\n  roles = {{ one = {{ role = \"Reader\", principal = {own}.principal_id }} }}\n}}\n{}{}{}",
        identity(""),
        assignment("for_each = local.roles", "each.value.role", "each.value.principal"),
        cluster.replace("IDENTITY", &block(&format!("{own}.id")))
    );
    assert_eq!(graph(&[("main.tf", &looped)]), expected);

    let dynamic = format!(
        "locals {{\n  kind = true ? \"UserAssigned\" : \"SystemAssigned\"\n}}\n{}{}{}",
        identity(""),
        assignment("", "\"Reader\"", &format!("{own}.principal_id")),
        cluster.replace("IDENTITY", &format!("dynamic \"identity\" {{\n    for_each = local.kind == \"UserAssigned\" ? [1] : []\n    content {{\n      type = local.kind\n      identity_ids = [{own}.id]\n    }}\n  }}"))
    );
    assert_eq!(graph(&[("main.tf", &dynamic)]), expected);
}

#[test]
fn what_nothing_declares_is_refused_and_said() {
    for name in ["azurerm_subnet.x.id", "data.azurerm_subnet.x.id", "var.x", "local.x", "module.x.id"] {
        let text = format!("{}locals {{\n  here = {name}\n}}\n", identity("tags = { a = local.here }"));
        let deployment = run(&[("main.tf", &text)]);
        let value = property(one(&deployment, IDENTITY), "tags.a");
        let kind = value.as_unknown().map(|unknown| unknown.reason.kind);
        assert_eq!(kind, Some(ReasonKind::Refused), "{name}: {}", value.text());
        let said: Vec<_> = deployment.diagnostics.iter().map(|one| one.message.as_str()).collect();
        assert!(
            matches!(said[..], [message] if message.ends_with("Terraform refuses this module")),
            "{name}: {said:?}"
        );
    }
}

#[test]
fn what_a_file_that_cannot_be_read_whole_may_declare_is_not_refused() {
    let text = format!(
        "{}resource \"azurerm_subnet\" \"x\" {{\n  name = = 1\n}}\n",
        identity("tags = { a = azurerm_subnet.x.id }")
    );
    let deployment = run(&[("main.tf", &text)]);
    let value = property(one(&deployment, IDENTITY), "tags.a");
    assert_eq!(value.as_unknown().map(|unknown| unknown.reason.kind), Some(ReasonKind::Invalid), "{}", value.text());
}

#[test]
fn a_loop_over_an_error_may_make_anything() {
    for (extra, key) in [("for_each = local.missing", "each.value"), ("count = local.missing", "\"p\"")] {
        let text = format!(
            "resource \"azurerm_role_assignment\" \"a\" {{\n  {extra}\n  scope = \"/subscriptions/s\"\n  role_definition_name = \"Reader\"\n  principal_id = {key}\n}}\n"
        );
        let deployment = run(&[("main.tf", &text)]);
        assert!(one(&deployment, ASSIGNMENT).many, "{extra}");
    }
}
