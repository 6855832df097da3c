//! Commands of the Azure CLI that give roles, for whoever owns what they are on.
//!
//! What only the deployment knows stands in them as a variable of the shell. Names come from files that anybody may have
//! written: each stands between quotes that end nowhere else.

use std::collections::BTreeMap;

use rolecall_graph::{RoleChoice, USER_ASSIGNED, builtin, least_role};
use rolecall_rules::{About, Question, RoleNeed, claim};
use rolecall_value::{Kind, Piece, ResourceId, Scope, Symbol, Value};

use crate::printable;

/// What somebody needs on something: the permission questions about it, and the roles that answer them.
pub(crate) struct Lack<'q> {
    /// Who and on what.
    pub about: &'q About,
    /// The questions.
    pub questions: Vec<&'q Question>,
    /// The actions, and those on data.
    pub actions: [Vec<String>; 2],
    /// The roles: one, where a built-in role grants all.
    pub roles: Vec<RoleChoice>,
}

/// The needs of questions by who has them and on what, in the order of the questions.
pub(crate) fn lacks<'q>(questions: impl Iterator<Item = &'q Question>) -> Vec<Lack<'q>> {
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut all: Vec<(&About, Vec<(&Question, &RoleNeed)>)> = Vec::new();
    for question in questions {
        let need = claim(&question.requirement).and_then(|(_, requirement)| requirement.need.as_ref());
        let (Some(about), Some(need)) = (&question.about, need) else { continue };
        let key = (about.principal.text().to_lowercase(), about.scope.text().to_lowercase());
        let place = *places.entry(key).or_insert(all.len());
        if place == all.len() {
            all.push((about, Vec::new()));
        }
        if !all[place].1.iter().any(|(known, _)| known.requirement == question.requirement) {
            all[place].1.push((question, need));
        }
    }
    all.into_iter().map(|(about, needs)| lack(about, &needs)).collect()
}

fn lack<'q>(about: &'q About, needs: &[(&'q Question, &RoleNeed)]) -> Lack<'q> {
    let union = |list: fn(&RoleNeed) -> &Vec<String>| {
        let mut all: Vec<String> = needs.iter().flat_map(|(_, need)| list(need).iter().cloned()).collect();
        all.sort();
        all.dedup();
        all
    };
    let actions = [union(|need| &need.actions), union(|need| &need.data_actions)];
    let choice = |name: &str, guid: &str| RoleChoice { name: name.to_owned(), guid: guid.to_owned() };
    let mut roles: Vec<RoleChoice> = Vec::new();
    for (_, need) in needs {
        let role = choice(&need.least_role.name, &need.least_role.id);
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    if roles.len() > 1 {
        // One that the documentation names for a part and that grants the rest too, else whichever grants all.
        let grants =
            |role: &&RoleChoice| builtin(&role.guid).is_some_and(|own| own.grants_all(&actions[0], &actions[1]));
        let enough =
            roles.iter().filter(grants).min_by_key(|role| builtin(&role.guid).map(|own| own.breadth())).cloned();
        let one = enough.or_else(|| least_role(&actions[0], &actions[1]).map(|own| choice(&own.name, &own.guid)));
        roles = one.map_or(roles, |one| vec![one]);
    }
    Lack { about, questions: needs.iter().map(|(question, _)| *question).collect(), actions, roles }
}

impl Lack<'_> {
    /// Who needs it, on what and why, in one line.
    pub fn title(&self) -> String {
        let Some(first) = self.questions.first() else { return String::new() };
        let names: Vec<_> = self.roles.iter().map(|role| role.name.as_str()).collect();
        let why: Vec<_> = self.questions.iter().map(|one| one.requirement.as_str()).collect();
        let when = first.when.as_ref().map(|when| format!(", when {when}")).unwrap_or_default();
        let text = format!(
            "{} for {} on {} ({}){when}",
            names.join(" and "),
            first.principal,
            first.scope_name,
            why.join(", ")
        );
        printable(&text).replace(['\n', '\r'], " ")
    }

    /// The commands that give the roles, or one of its own with exactly the actions.
    pub fn commands(&self, custom: bool) -> Vec<String> {
        let scope = shell(&self.about.scope);
        let assign = |role: &str| {
            format!(
                "az role assignment create --role {role} --assignee-principal-type ServicePrincipal \\\n  \
                 --assignee-object-id {} \\\n  --scope {scope}",
                assignee(&self.about.principal)
            )
        };
        if !custom {
            return self.roles.iter().map(|role| assign(&role.guid)).collect();
        }
        let requirements: Vec<_> = self.questions.iter().map(|one| one.requirement.as_str()).collect();
        let name = format!("AKS {}", requirements.join(" "));
        let list = |all: &[String]| serde_json::Value::from(all.to_vec()).to_string();
        let head = format!(
            "{{\"Name\": {}, \"IsCustom\": true, \"Description\": \"What an AKS cluster needs: {}\", \"Actions\": {}, \"DataActions\": {}, \"AssignableScopes\": [\"",
            serde_json::Value::from(name.as_str()),
            requirements.join(", "),
            list(&self.actions[0]),
            list(&self.actions[1]),
        );
        let pieces =
            [Piece::Literal(head.into()), Piece::Hole(group(&self.about.scope)), Piece::Literal("\"]}".into())];
        let definition = shell(&Value::pieces(pieces));
        vec![format!("az role definition create --role-definition {definition}"), assign(&shell(&Value::string(name)))]
    }

    /// The variables of the shell that the commands use, with what they stand for.
    pub fn variables(&self, into: &mut BTreeMap<String, String>) {
        for value in [&self.about.principal, &self.about.scope] {
            for_each_hole(value, &mut |hole| {
                into.insert(variable(hole), hole.plain());
            });
        }
    }
}

/// The resource group that something is in, else itself: a role can be defined there.
fn group(scope: &Value) -> Value {
    let mut at = Scope::parse(scope);
    while let Scope::Resource(id) = at {
        at = id.scope.clone();
    }
    at.to_value()
}

/// Where the object id of a principal comes from.
fn assignee(principal: &Value) -> String {
    let Some(Symbol::Attribute { resource, path }) = principal.as_symbol() else { return shell(principal) };
    let id = shell(resource);
    let is_identity = ResourceId::parse(resource).is_some_and(|id| id.resource_type.is(USER_ASSIGNED));
    let answer = match is_identity && path.eq_ignore_ascii_case("properties.principalId") {
        true => format!("az identity show --ids {id} --query principalId"),
        false => format!("az resource show --ids {id} --query {path}"),
    };
    format!("\"$({answer} --output tsv)\"")
}

fn for_each_hole(value: &Value, with: &mut dyn FnMut(&Value)) {
    match value.kind() {
        Kind::Text(pieces) => pieces.iter().for_each(|piece| {
            if let Piece::Hole(hole) = piece {
                for_each_hole(hole, with);
            }
        }),
        Kind::Str(_) | Kind::Int(_) | Kind::Bool(_) => {}
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Attribute { resource, path } if path.to_ascii_lowercase().ends_with("principalid") => {
                for_each_hole(resource, with);
            }
            _ => with(value),
        },
        _ => with(value),
    }
}

/// A value as one word of a shell.
fn shell(value: &Value) -> String {
    let mut out = String::new();
    words(value, &mut out);
    if out.is_empty() { "''".to_owned() } else { out }
}

fn words(value: &Value, out: &mut String) {
    match value.kind() {
        Kind::Str(text) => out.push_str(&quoted(text)),
        Kind::Text(pieces) => pieces.iter().for_each(|piece| match piece {
            Piece::Literal(text) => out.push_str(&quoted(text)),
            Piece::Hole(hole) => words(hole, out),
        }),
        Kind::Int(number) => out.push_str(&number.to_string()),
        _ => {
            out.push_str("\"$");
            out.push_str(&variable(value));
            out.push('"');
        }
    }
}

/// A text between single quotes, where it needs any.
fn quoted(text: &str) -> String {
    let text = printable(text);
    let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '/' | '.' | '_' | '-');
    if text.chars().all(plain) { text.into_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// The variable of the shell for what only the deployment knows.
fn variable(value: &Value) -> String {
    let text = match value.as_symbol() {
        Some(Symbol::Environment(name)) if name.eq_ignore_ascii_case("subscription().subscriptionId") => {
            return "SUBSCRIPTION_ID".to_owned();
        }
        Some(Symbol::Environment(name)) if name.eq_ignore_ascii_case("resourceGroup().name") => {
            return "RESOURCE_GROUP".to_owned();
        }
        Some(Symbol::Input(input)) => input.name.to_string(),
        _ => value.plain(),
    };
    let mut out = String::new();
    let mut lower = false;
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            if lower && character.is_ascii_uppercase() {
                out.push('_');
            }
            lower = character.is_ascii_lowercase();
            out.push(character.to_ascii_uppercase());
        } else {
            lower = false;
            if !out.ends_with('_') && !out.is_empty() {
                out.push('_');
            }
        }
    }
    let out = out.trim_matches('_');
    if out.starts_with(|one: char| one.is_ascii_alphabetic()) { out.to_owned() } else { format!("VALUE_{out}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_no_quotes_and_starts_no_command() {
        for (text, word) in
            [("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$(x)", "'$(x)'"), ("`x`", "'`x`'"), ("a\nb", "'a\\nb'")]
        {
            let shown = shell(&Value::string(text));
            assert!(shown == word || !shown.contains('\n') && shown.starts_with('\''), "{text:?}: {shown}");
        }
    }

    #[test]
    fn what_only_the_deployment_knows_is_a_variable() {
        let id = Value::pieces([
            Piece::Literal("/subscriptions/".into()),
            Piece::Hole(Value::environment("subscription().subscriptionId")),
            Piece::Literal("/resourceGroups/rg".into()),
        ]);
        assert_eq!(shell(&id), "/subscriptions/\"$SUBSCRIPTION_ID\"/resourceGroups/rg");
    }
}
