//! Role assignments in another resource group, which takes a module: the file that makes one, and the call of it.

use rolecall_graph::{Assign, Site, Target, Unit};
use rolecall_source::{NewFile, ReadError};
use rolecall_value::ResourceId;

use super::assign::exact_role;
use super::text::{Declaration, Text, member, short};
use super::words::{Words, declaration, scope_declaration};
use crate::syntax::{ResourceDeclaration, SyntaxNode};

/// A version of the API for each type of resource that a role is needed on, for what no file here declares: versions that
/// public templates are deployed with, for Microsoft.Compute those of its virtual machines.
const VERSIONS: &str = include_str!("../../data/api-versions.csv");

/// How long the name of a deployment may be.
const LONGEST_NAME: usize = 64;

/// The part of an id in which the first name stands, cut at its slashes.
const FIRST_NAME: usize = 8;

/// A scope in another resource group.
pub(super) struct Elsewhere {
    /// What the call is deployed to.
    pub scope: String,
    /// What the call passes, but for the principal and the role.
    pub params: Vec<(String, String)>,
    /// The module, relative to the file.
    pub path: String,
    /// The same, where it is not there yet.
    pub file: Option<NewFile>,
    /// A word for the scope.
    pub label: String,
    /// Where the scope is declared, if it is.
    pub beside: Option<std::ops::Range<usize>>,
}

impl Elsewhere {
    /// The call of the module by a symbolic name.
    pub fn call(&self, assign: &Assign, name: &str, when: &str, who: &str) -> String {
        let Elsewhere { path, scope, .. } = self;
        let mut out = format!(
            "// {}, in the resource group of what it is on\nmodule {name} '{path}' = {when}{{\n  name: '{}'\n  scope: {scope}\n  params: {{\n",
            assign.role_name(),
            &name[..name.len().min(LONGEST_NAME)],
        );
        for (name, value) in &self.params {
            out += &format!("    {name}: {value}\n");
        }
        let role = if assign.is_exact { String::new() } else { format!("    roleId: '{}'\n", assign.role.guid) };
        out + &format!("    principalId: {who}\n{role}  }}\n}}")
    }
}

/// How a unit can deploy to where a scope lies.
pub(super) fn elsewhere(site: &Site<'_>, text: &Text, unit: &Unit, assign: &Assign) -> Result<Elsewhere, String> {
    let cannot = || format!("`{}` does not name the scope", short(text));
    let parsed = ResourceId::parse(&assign.scope);
    let ty = parsed.as_ref().map_or(assign.scope_type.as_str(), |id| id.resource_type.as_str());
    let declared = scope_declaration(site, text, unit, &assign.scope);
    let (id, scope, label, version, beside) = match &declared {
        Some((symbol, one)) => {
            let scope = scope_of(text, *one).ok_or("the scope lies where the file is deployed to")?;
            let whole = text.file.statements().map(|one| one.node().byte_range());
            let beside = whole.into_iter().find(|whole| whole.start <= one.span().start && whole.end >= one.span().end);
            let written = one.ty().map(|ty| ty.text(text.str()).trim_matches('\'').to_owned()).unwrap_or_default();
            let version = written.split_once('@').map(|(_, version)| version.to_owned());
            (format!("{symbol}.id"), scope, symbol.replace("::", "_"), version, beside)
        }
        None => {
            let target = if parsed.is_some() { Target::Id(&assign.scope) } else { Target::Text(&assign.scope) };
            let spelled = site.spell(&Words(site), unit, target).and_then(|spelled| spelled.stable);
            let id = spelled.ok_or_else(cannot)?;
            let scope = format!("resourceGroup(split({id}, '/')[2], split({id}, '/')[4])");
            let label = id.split(['.', '[', '(']).next().unwrap_or_default().to_owned();
            (id, scope, label, None, None)
        }
    };
    let known =
        || VERSIONS.lines().filter_map(|line| line.split_once(',')).find(|(own, _)| own.eq_ignore_ascii_case(ty));
    let version = version.or_else(|| known().map(|(_, version)| version.to_owned()));
    let version = version.ok_or_else(|| format!("no version of {ty} is known here"))?;
    let names: Vec<String> = ty.split('/').skip(1).map(singular).collect();
    let params = names
        .iter()
        .enumerate()
        .map(|(at, name)| (format!("{name}Name"), format!("split({id}, '/')[{}]", FIRST_NAME + 2 * at)));
    let params = params.collect();
    let (path, file) =
        module_file(site, text, names.last().ok_or_else(cannot)?, &module(ty, &names, &version, assign))?;
    Ok(Elsewhere { scope, params, path, file, label, beside })
}

/// What a declaration, or the one that it is a part of, says of where it lies.
pub(super) fn scope_of(text: &Text, one: ResourceDeclaration<'_>) -> Option<String> {
    let mut one = one;
    for _ in 0..8 {
        let object = Declaration::Resource(one).object()?;
        if let Some(scope) = member(object, "scope", text.str()) {
            return Some(scope.text(text.str()).to_owned());
        }
        let parent = member(object, "parent", text.str()).map(|own| own.text(text.str()).trim().to_owned());
        one = match parent {
            Some(parent) => declaration(text, &parent)?,
            // Nested: what stands around it.
            None => {
                let around = Declaration::find(&text.file, &one.node().byte_range())?.1;
                *around.last()?
            }
        };
    }
    None
}

/// The name of the module beside a file, and the file where there is none yet.
fn module_file(site: &Site<'_>, text: &Text, what: &str, content: &str) -> Result<(String, Option<NewFile>), String> {
    let folder = text.source.path.parent().ok_or("the file is in no folder")?;
    for number in 1..100 {
        let number = if number == 1 { String::new() } else { number.to_string() };
        let name = format!("{what}RoleAssignment{number}.bicep");
        let path = folder.join(&name);
        match site.files.read(&path) {
            Ok(file) if file.text.replace("\r\n", "\n") == content => return Ok((name, None)),
            Err(ReadError::NotFound) => return Ok((name, Some(NewFile { path, text: content.to_owned() }))),
            _ => {}
        }
    }
    Err("there is no name for a module".to_owned())
}

/// A module that assigns a role on a resource of a type.
fn module(ty: &str, names: &[String], version: &str, assign: &Assign) -> String {
    let mut out =
        format!("// Assigns a role on a resource of type {ty} in the resource group that it is deployed to.\n\n");
    for name in names {
        out += &format!("param {name}Name string\n");
    }
    out += "\n@description('The object id of the managed identity that gets the role.')\nparam principalId string\n";
    if !assign.is_exact {
        out += "\n@description('The GUID of the role.')\nparam roleId string\n";
    }
    let segments: Vec<&str> = ty.split('/').collect();
    let mut parent = None;
    for (at, name) in names.iter().enumerate() {
        let own = segments[..at + 2].join("/");
        out += &format!("\nresource {name} '{own}@{version}' existing = {{\n");
        out += &parent.map(|parent| format!("  parent: {parent}\n")).unwrap_or_default();
        out += &format!("  name: {name}Name\n}}\n");
        parent = Some(name);
    }
    let target = parent.map_or("", String::as_str);
    let (last, role) = match assign.is_exact {
        true => {
            let role = exact_role(assign, "role", "", &format!("{target}.id"), "principalId");
            out += &format!("\n{role}\n");
            ("role.name", "role.id")
        }
        false => ("roleId", "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)"),
    };
    out + &format!(
        "\nresource roleAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {{\n  \
         name: guid({target}.id, principalId, {last})\n  scope: {target}\n  properties: {{\n    \
         principalId: principalId\n    principalType: 'ServicePrincipal'\n    roleDefinitionId: {role}\n  }}\n}}\n"
    )
}

/// `virtualNetworks` as `virtualNetwork`.
fn singular(plural: &str) -> String {
    if let Some(stem) = plural.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let stem = plural.strip_suffix("es").filter(|stem| stem.ends_with("ss"));
    stem.or_else(|| plural.strip_suffix('s')).unwrap_or(plural).to_owned()
}
