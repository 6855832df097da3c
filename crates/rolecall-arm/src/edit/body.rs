//! The text of a role assignment, and of the nested deployment that makes it in another resource group.

use rolecall_graph::Assign;

use super::text::quoted;
use super::words::{DEPLOYMENTS, role};

/// The schema of templates for resource groups.
const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

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
    /// Whether something is assigned there already.
    pub more: bool,
    /// The white space of one level.
    pub step: &'b str,
}

/// A resource's text and how `dependsOn` names it where it has no symbolic name.
pub(super) struct Made {
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
        members.extend(self.depends_on());
        members.push(self.properties(self.who));
        let reference = format!("[extensionResourceId({on}, 'Microsoft.Authorization/roleAssignments', {name})]");
        Made { text: self.object(&members), reference }
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
        inner.push(self.properties(principal));
        let resources = format!("\"resources\": [\n{}\n]", self.deeper(&self.object(&inner)));
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
        members.extend(self.depends_on());
        members.push(self.block("properties", &properties));
        let reference = format!("[resourceId({subscription}, {group}, '{DEPLOYMENTS}', {name})]");
        Made { text: self.object(&members), reference }
    }

    /// The name of the assignment, as an expression.
    fn name(&self, on: &str, by: &str) -> String {
        let role = &self.assign.role;
        let more = if self.more { format!(", '{}'", role.name) } else { String::new() };
        format!("guid({on}, {by}, '{}'{more})", role.guid)
    }

    fn head(&self, name: &str, on: &str) -> Vec<String> {
        vec![
            text_member("type", "Microsoft.Authorization/roleAssignments"),
            text_member("apiVersion", "2022-04-01"),
            text_member("name", name),
            text_member("scope", &format!("[{on}]")),
        ]
    }

    fn depends_on(&self) -> Option<String> {
        let items: Vec<_> = self.waits.iter().map(|one| self.deeper(&quoted(one))).collect();
        (!items.is_empty()).then(|| format!("\"dependsOn\": [\n{}\n]", items.join(",\n")))
    }

    fn properties(&self, who: &str) -> String {
        let members = [
            text_member("roleDefinitionId", &role(&self.assign.role.guid)),
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
