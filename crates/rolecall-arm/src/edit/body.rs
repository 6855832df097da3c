//! The text of a role assignment, and of the nested deployment that makes it in another resource group.

use rolecall_graph::Assign;

use super::text::quoted;
use super::words::{DEPLOYMENTS, role};

/// The schema of templates for resource groups.
const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

const ASSIGNMENTS: &str = "Microsoft.Authorization/roleAssignments";

/// The type of roles.
const ROLES: &str = "Microsoft.Authorization/roleDefinitions";

/// What a role assignment says.
pub(super) struct Body<'b> {
    /// What is assigned.
    pub assign: &'b Assign,
    /// The expression of the scope's id.
    pub on: &'b str,
    /// The expression of the principal id.
    pub who: &'b str,
    /// What the name is made of in place of the principal id, which the deployment does not know when it starts.
    pub by: &'b str,
    /// The condition, as an expression, where there is one.
    pub condition: Option<&'b str>,
    /// What it waits for, as `dependsOn` names it.
    pub waits: &'b [String],
    /// Whether the scope is the resource group that the template is deployed to.
    pub is_group: bool,
    /// Whether something is assigned there already.
    pub more: bool,
    /// The white space of one level.
    pub step: &'b str,
}

/// A resource's text and how `dependsOn` names it where it has no symbolic name, and the role that goes before it.
pub(super) struct Made {
    pub role: Option<String>,
    pub text: String,
    pub reference: String,
}

/// A member whose value is a text.
fn text_member(name: &str, value: &str) -> String {
    format!("\"{name}\": {}", quoted(value))
}

impl Body<'_> {
    /// An assignment in the template's own resource group.
    pub fn here(&self) -> Made {
        let Body { on, by, .. } = self;
        let name = self.name(on, by);
        let mut members: Vec<String> =
            self.condition.iter().map(|one| text_member("condition", &format!("[{one}]"))).collect();
        members.extend(self.head(&format!("[{name}]"), on));
        let own = self.is_exact().then(|| self.role_id(on, by));
        members.extend(self.depends_on(own.as_deref()));
        members.push(self.properties(self.who, own.as_deref()));
        let reference = match self.is_group {
            true => format!("[resourceId('{ASSIGNMENTS}', {name})]"),
            false => format!("[extensionResourceId({on}, '{ASSIGNMENTS}', {name})]"),
        };
        let role = self.is_exact().then(|| self.role(on, by, self.condition));
        Made { role, text: self.object(&members), reference }
    }

    /// A nested deployment to the resource group of the scope, with an assignment in it.
    pub fn there(&self) -> Made {
        let Body { on, by, assign, .. } = self;
        let (subscription, group) = (format!("split({on}, '/')[2]"), format!("split({on}, '/')[4]"));
        let name = format!("concat('role-', uniqueString({on}, {by}, '{}'))", assign.role.guid);
        let parameter = |name: &str| self.block(name, &["\"type\": \"string\"".to_owned()]);
        let value = |name: &str, text: &str| self.block(name, &[text_member("value", &format!("[{text}]"))]);
        let (scope, principal) = ("parameters('scope')", "parameters('principalId')");
        let mut inner = self.head(&format!("[{}]", self.name(scope, principal)), scope);
        let own = self.is_exact().then(|| self.role_id(scope, principal));
        inner.extend(own.iter().map(|id| self.list("dependsOn", &[quoted(&format!("[{id}]"))])));
        inner.push(self.properties(principal, own.as_deref()));
        let mut resources: Vec<String> = own.iter().map(|_| self.role(scope, principal, None)).collect();
        resources.push(self.object(&inner));
        let resources = self.list("resources", &resources);
        let template = [
            text_member("$schema", SCHEMA),
            text_member("contentVersion", "1.0.0.0"),
            self.block("parameters", &[parameter("scope"), parameter("principalId")]),
            resources,
        ];
        let properties = [
            text_member("mode", "Incremental"),
            self.block("expressionEvaluationOptions", &[text_member("scope", "inner")]),
            self.block("parameters", &[value("scope", on), value("principalId", self.who)]),
            self.block("template", &template),
        ];
        let mut members: Vec<String> =
            self.condition.iter().map(|one| text_member("condition", &format!("[{one}]"))).collect();
        members.extend([
            text_member("type", DEPLOYMENTS),
            text_member("apiVersion", "2022-09-01"),
            text_member("name", &format!("[{name}]")),
            text_member("subscriptionId", &format!("[{subscription}]")),
            text_member("resourceGroup", &format!("[{group}]")),
        ]);
        members.extend(self.depends_on(None));
        members.push(self.block("properties", &properties));
        let reference = format!("[resourceId({subscription}, {group}, '{DEPLOYMENTS}', {name})]");
        Made { role: None, text: self.object(&members), reference }
    }

    fn is_exact(&self) -> bool {
        self.assign.is_exact
    }

    /// The name of the role that has exactly what is needed, as an expression.
    fn role_guid(&self, on: &str, by: &str) -> String {
        format!("guid({on}, {by}, '{}')", self.assign.exact.name)
    }

    /// Its id.
    fn role_id(&self, on: &str, by: &str) -> String {
        format!("resourceId('{ROLES}', {})", self.role_guid(on, by))
    }

    /// The role that has exactly what is needed. The tenant knows it by a name that no other role may have.
    fn role(&self, on: &str, by: &str, condition: Option<&str>) -> String {
        let exact = &self.assign.exact;
        let texts = |all: &[String]| all.iter().map(|one| quoted(one)).collect::<Vec<_>>();
        let mut permission = vec![self.list("actions", &texts(&exact.actions))];
        permission
            .extend((!exact.data_actions.is_empty()).then(|| self.list("dataActions", &texts(&exact.data_actions))));
        let properties = [
            text_member("roleName", &format!("[concat('{} ', uniqueString({on}, {by}))]", exact.name)),
            text_member("type", "CustomRole"),
            self.list("permissions", &[self.object(&permission)]),
            self.list("assignableScopes", &[quoted("[resourceGroup().id]")]),
        ];
        let mut members: Vec<String> =
            condition.iter().map(|one| text_member("condition", &format!("[{one}]"))).collect();
        members.extend([
            text_member("type", ROLES),
            text_member("apiVersion", "2022-04-01"),
            text_member("name", &format!("[{}]", self.role_guid(on, by))),
            self.block("properties", &properties),
        ]);
        self.object(&members)
    }

    /// The name of the assignment, as an expression.
    fn name(&self, on: &str, by: &str) -> String {
        let Assign { role, .. } = self.assign;
        if self.is_exact() {
            // Another name than that of the role, which is made of the same.
            return format!("guid({on}, {by}, '{}', 'assigned')", self.assign.exact.name);
        }
        let more = if self.more { format!(", '{}'", role.name) } else { String::new() };
        format!("guid({on}, {by}, '{}'{more})", role.guid)
    }

    fn head(&self, name: &str, on: &str) -> Vec<String> {
        [text_member("type", ASSIGNMENTS), text_member("apiVersion", "2022-04-01"), text_member("name", name)]
            .into_iter()
            .chain((!self.is_group).then(|| text_member("scope", &format!("[{on}]"))))
            .collect()
    }

    fn depends_on(&self, role: Option<&str>) -> Option<String> {
        let own = role.map(|id| quoted(&format!("[{id}]")));
        let items: Vec<_> = self.waits.iter().map(|one| quoted(one)).chain(own).collect();
        (!items.is_empty()).then(|| self.list("dependsOn", &items))
    }

    /// A member that is a list.
    fn list(&self, name: &str, items: &[String]) -> String {
        let lines: Vec<_> = items.iter().map(|one| self.deeper(one)).collect();
        format!("\"{name}\": [\n{}\n]", lines.join(",\n"))
    }

    fn properties(&self, who: &str, own: Option<&str>) -> String {
        let role = own.map_or_else(|| role(&self.assign.role.guid), |id| format!("[{id}]"));
        let members = [
            text_member("roleDefinitionId", &role),
            text_member("principalId", &format!("[{who}]")),
            text_member("principalType", "ServicePrincipal"),
        ];
        self.block("properties", &members)
    }

    /// A member that is an object.
    fn block(&self, name: &str, members: &[String]) -> String {
        format!("\"{name}\": {}", self.object(members))
    }

    fn object(&self, members: &[String]) -> String {
        let lines: Vec<_> = members.iter().map(|one| self.deeper(one)).collect();
        format!("{{\n{}\n}}", lines.join(",\n"))
    }

    fn deeper(&self, text: &str) -> String {
        format!("{}{}", self.step, text.replace('\n', &format!("\n{}", self.step)))
    }
}
