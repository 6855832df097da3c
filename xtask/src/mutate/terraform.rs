//! Changes of Terraform text, by the spans of its blocks.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::structure::{Attribute, Block, Body, Structure};
use hcl_edit::visit::{Visit, visit_attr, visit_block, visit_traversal};
use rolecall_source::SourceFile;

use super::Kind;
use super::edit::{Edit, Mutant, Unit, insert, replace};
use super::make::{ELSEWHERE, RENAMED_LABEL, Weak};
use super::run::{Seen, Subject, WRAPPER};

/// Where `terraform init` lists the modules that it fetched.
const MANIFEST: &str = ".terraform/modules/modules.json";

/// The edits of each file.
type Edits = Vec<(PathBuf, Vec<Edit>)>;

/// The configuration files of a folder, each with its tree; `None` where one cannot be read.
fn folder(base: &Seen, dir: &Path) -> Option<Vec<(Arc<SourceFile>, Body)>> {
    let mut paths: Vec<_> = std::fs::read_dir(dir).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if paths.iter().any(|path| name(path).ends_with(".tf.json") || name(path).ends_with("override.tf")) {
        return None;
    }
    let files = paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "tf"));
    files
        .map(|path| {
            let file = base.text(path)?;
            let body = hcl_edit::parser::parse_body(&file.text).ok()?;
            Some((file, body))
        })
        .collect()
}

fn range(node: &impl hcl_edit::Span) -> Option<Range<usize>> {
    node.span()
}

fn text<'f>(file: &'f SourceFile, node: &impl hcl_edit::Span) -> Option<&'f str> {
    file.text.get(node.span()?)
}

fn labels(block: &Block) -> Vec<&str> {
    block.labels.iter().map(|label| label.as_str()).collect()
}

/// How other blocks name a resource or module: `azurerm_role_assignment.x`, `module.x`.
fn address(block: &Block) -> Option<[String; 2]> {
    match (block.ident.as_str(), &labels(block)[..]) {
        ("resource", [kind, name]) => Some([(*kind).to_owned(), (*name).to_owned()]),
        ("module", [name]) => Some(["module".to_owned(), (*name).to_owned()]),
        _ => None,
    }
}

/// The first two names of a traversal, and where the second ends.
fn head(traversal: &Traversal) -> Option<([&str; 2], usize)> {
    let Expression::Variable(first) = &traversal.expr else { return None };
    match traversal.operators.first()?.value() {
        TraversalOperator::GetAttr(second) => Some(([first.as_str(), second.as_str()], second.span()?.end)),
        _ => None,
    }
}

/// Finds what refers to an address.
struct References<'a> {
    address: &'a [String; 2],
    /// `depends_on` lists that name it: where the list stands, and the texts' places of the others in it.
    orders: Vec<(Range<usize>, Vec<Range<usize>>)>,
    elsewhere: usize,
}

impl References<'_> {
    fn is_it(&self, expr: &Expression) -> bool {
        matches!(expr, Expression::Traversal(traversal) if head(traversal).is_some_and(|(names, _)| names == *self.address))
    }
}

impl Visit for References<'_> {
    fn visit_attr(&mut self, node: &Attribute) {
        if let (true, Expression::Array(array)) = (node.key.as_str() == "depends_on", &node.value) {
            if array.iter().any(|one| self.is_it(one)) {
                let others = array.iter().filter(|one| !self.is_it(one)).filter_map(|one| one.span()).collect();
                self.orders.extend(array.span().map(|own| (own, others)));
            }
            return;
        }
        visit_attr(self, node);
    }

    fn visit_traversal(&mut self, node: &Traversal) {
        if head(node).is_some_and(|(names, _)| names == *self.address) {
            self.elsewhere += 1;
        }
        visit_traversal(self, node);
    }
}

/// The edits that take a grant away; `None` where this way of doing it does not fit the text.
pub fn break_unit(base: &Seen, unit: &Unit, kind: Kind, weak: &Weak) -> Option<Edits> {
    let files = folder(base, unit.file.parent()?)?;
    let (file, body) = files.iter().find(|(file, _)| file.path == unit.file)?;
    let block = body.blocks().find(|block| block.span().is_some_and(|own| own == unit.range()))?;
    let value = |name: &str| block.body.get_attribute(name).map(|attribute| &attribute.value);
    let at_end = |declared: String| insert(file.text.len(), declared);
    let edits = match kind {
        Kind::Drop => {
            let (mut edits, needed) = orders(&files, block)?;
            let own = replace(block.span()?, "");
            match edits.iter_mut().find(|(path, _)| *path == file.path) {
                Some((_, edits)) => edits.push(own),
                None => edits.push((file.path.clone(), vec![own])),
            }
            return (!needed).then_some(edits);
        }
        Kind::Order => return Some(orders(&files, block)?.0).filter(|edits| !edits.is_empty()),
        Kind::Never => match (value("count"), value("for_each")) {
            (Some(count), _) => vec![replace(range(count)?, "0")],
            (_, Some(each)) => vec![replace(range(each)?, "{}")],
            _ => {
                let address = address(block)?;
                let used = |(_, body): &(_, Body)| {
                    let mut found = References { address: &address, orders: Vec::new(), elsewhere: 0 };
                    found.visit_body(body);
                    found.elsewhere > 0
                };
                // Whoever reads it reads one of a list from now on.
                if files.iter().any(used) {
                    return None;
                }
                let open = block.span()?.start + file.text.get(block.span()?)?.find('{')? + 1;
                vec![insert(open, "\n  count = 0\n")]
            }
        },
        _ if unit.module || labels(block).first() != Some(&"azurerm_role_assignment") => return None,
        Kind::Principal => {
            let other = format!("azurerm_storage_account.{ELSEWHERE}.identity[0].principal_id");
            vec![replace(range(value("principal_id")?)?, other), at_end(elsewhere())]
        }
        Kind::Scope => {
            let other = format!("azurerm_storage_account.{ELSEWHERE}.id");
            vec![replace(range(value("scope")?)?, other), at_end(elsewhere())]
        }
        Kind::ClientId => {
            let principal = value("principal_id")?;
            let written = text(file, principal)?;
            let other = if written.contains("azurerm_user_assigned_identity.") {
                written.strip_suffix(".principal_id")
            } else {
                written.strip_suffix(".object_id").filter(|rest| rest.contains("kubelet_identity"))
            };
            vec![replace(range(principal)?, format!("{}.client_id", other?))]
        }
        Kind::OtherIdentity => {
            let principal = value("principal_id")?;
            let written = text(file, principal)?;
            let own = written.strip_prefix("azurerm_user_assigned_identity.")?.strip_suffix(".principal_id")?;
            let identities: Vec<_> = files.iter().flat_map(|(file, body)| identities(file, body)).collect();
            let named = &identities.iter().find(|(label, _)| label == own)?.1;
            let other = &identities.iter().find(|(_, name)| name != named)?.0;
            vec![replace(range(principal)?, format!("azurerm_user_assigned_identity.{other}.principal_id"))]
        }
        Kind::Role => {
            let named = block.body.get_attribute("role_definition_name");
            let written = named.or_else(|| block.body.get_attribute("role_definition_id"))?;
            vec![replace(range(written)?, format!("role_definition_name = \"{}\"", weak.name))]
        }
        _ => return None,
    };
    Some(vec![(file.path.clone(), edits)])
}

/// The declaration of a resource that nobody needs.
fn elsewhere() -> String {
    format!(
        "\nresource \"azurerm_storage_account\" \"{ELSEWHERE}\" {{\n  name                     = \"{ELSEWHERE}\"\n  \
         resource_group_name      = \"{ELSEWHERE}\"\n  location                 = \"westeurope\"\n  \
         account_tier             = \"Standard\"\n  account_replication_type = \"LRS\"\n\n  \
         identity {{\n    type = \"SystemAssigned\"\n  }}\n}}\n"
    )
}

/// The identities that a file declares one by one, each with its name as written.
fn identities(file: &SourceFile, body: &Body) -> Vec<(String, String)> {
    let single = |block: &&Block| !block.body.has_attribute("count") && !block.body.has_attribute("for_each");
    body.blocks()
        .filter(|block| block.ident.as_str() == "resource")
        .filter(|block| labels(block).first() == Some(&"azurerm_user_assigned_identity"))
        .filter(single)
        .filter_map(|block| {
            let name = text(file, &block.body.get_attribute("name")?.value)?;
            Some((labels(block).get(1)?.to_string(), name.to_owned()))
        })
        .collect()
}

/// The edits that take a block out of every `depends_on`, and whether it is named elsewhere too.
fn orders(files: &[(Arc<SourceFile>, Body)], block: &Block) -> Option<(Edits, bool)> {
    let address = address(block)?;
    let (mut all, mut needed) = (Vec::new(), false);
    for (other, body) in files {
        let mut found = References { address: &address, orders: Vec::new(), elsewhere: 0 };
        found.visit_body(body);
        needed |= found.elsewhere > 0;
        let mut edits = Vec::new();
        for (own, others) in found.orders {
            let others: Vec<_> = others.into_iter().filter_map(|one| other.text.get(one)).map(str::trim).collect();
            edits.push(replace(own, format!("[{}]", others.join(", "))));
        }
        if !edits.is_empty() {
            all.push((other.path.clone(), edits));
        }
    }
    Some((all, needed))
}

/// The mutants that mean nothing.
pub fn keep(subject: &Subject, base: &Seen) -> Vec<Mutant> {
    let Some(dir) = subject.entry.parent() else { return Vec::new() };
    let Some(files) = folder(base, dir) else { return Vec::new() };
    let mut mutants = Vec::new();
    for kind in Kind::KEEPING {
        let edits: Option<Edits> = match kind {
            Kind::Wrap => {
                mutants.extend(wrap(subject, &files));
                continue;
            }
            Kind::Extract => extract(&files),
            _ => files
                .iter()
                .map(|(file, body)| {
                    let edits = match kind {
                        Kind::Rename => rename(&files, body),
                        Kind::Reorder => reorder(file, body),
                        _ => reformat(file, body),
                    };
                    Some((file.path.clone(), edits?))
                })
                .collect(),
        };
        if let Some(edits) = edits.filter(|edits| edits.iter().any(|(_, edits)| !edits.is_empty())) {
            mutants.push(Mutant { kind, unit: None, edits, new: Vec::new() });
        }
    }
    mutants
}

/// Adds to every name of a local and of a resource, where it is declared and where it is used.
struct Rename<'a> {
    locals: &'a BTreeSet<String>,
    resources: &'a BTreeSet<[String; 2]>,
    edits: Vec<Edit>,
}

impl Visit for Rename<'_> {
    fn visit_block(&mut self, node: &Block) {
        if address(node).is_some_and(|address| self.resources.contains(&address))
            && let Some(label) = node.labels.get(1).and_then(|label| label.span())
        {
            self.edits.push(insert(label.end - 1, RENAMED_LABEL));
        }
        if node.ident.as_str() == "locals" {
            let keys = node.body.attributes().filter_map(|attribute| attribute.key.span());
            self.edits.extend(keys.map(|key| insert(key.end, RENAMED_LABEL)));
        }
        visit_block(self, node);
    }

    fn visit_traversal(&mut self, node: &Traversal) {
        if let Some(([first, second], end)) = head(node)
            && (first == "local" && self.locals.contains(second)
                || self.resources.contains(&[first.to_owned(), second.to_owned()]))
        {
            self.edits.push(insert(end, RENAMED_LABEL));
        }
        visit_traversal(self, node);
    }
}

fn rename(files: &[(Arc<SourceFile>, Body)], body: &Body) -> Option<Vec<Edit>> {
    let blocks = || files.iter().flat_map(|(_, body)| body.blocks());
    let locals = blocks()
        .filter(|block| block.ident.as_str() == "locals")
        .flat_map(|block| block.body.attributes())
        .map(|attribute| attribute.key.as_str().to_owned())
        .collect();
    let quoted = |block: &&Block| {
        block.ident.as_str() == "resource"
            && matches!(block.labels.get(1), Some(hcl_edit::structure::BlockLabel::String(_)))
    };
    let resources = blocks().filter(quoted).filter_map(address).collect();
    let mut rename = Rename { locals: &locals, resources: &resources, edits: Vec::new() };
    rename.visit_body(body);
    Some(rename.edits)
}

fn reorder(file: &SourceFile, body: &Body) -> Option<Vec<Edit>> {
    let ranges: Vec<_> = body.iter().map(Structure::span).collect::<Option<_>>()?;
    let texts: Vec<_> = ranges.iter().rev().map(|range| file.text.get(range.clone())).collect::<Option<_>>()?;
    Some(ranges.into_iter().zip(texts).map(|(range, text)| replace(range, text)).collect())
}

/// Comments between blocks and the other kind of line ends.
fn reformat(file: &SourceFile, body: &Body) -> Option<Vec<Edit>> {
    if file.text.contains("<<") {
        return None;
    }
    let ends = body
        .blocks()
        .filter_map(|block| block.span())
        .map(|own| insert(own.end, " # a comment\n\n/* another\n one */"));
    let mut edits: Vec<_> = ends.collect();
    let lines = file.text.match_indices('\n').filter(|(at, _)| !file.text[..*at].ends_with('\r'));
    edits.extend(lines.map(|(at, _)| replace(at..at + 1, "\r\n")));
    Some(edits)
}

/// How many literals are pulled out of one module.
const MOST_LITERALS: usize = 24;

/// Literals of resources, half of them in locals, half in variables.
fn extract(files: &[(Arc<SourceFile>, Body)]) -> Option<Edits> {
    let mut all = Vec::new();
    let (mut number, mut locals, mut variables) = (0, String::new(), String::new());
    for (file, body) in files {
        let mut edits = Vec::new();
        let mut open: Vec<&Body> =
            body.blocks().filter(|block| block.ident.as_str() == "resource").map(|block| &block.body).collect();
        while let Some(body) = open.pop() {
            let inner = body.blocks().filter(|block| {
                !matches!(block.ident.as_str(), "lifecycle" | "provisioner" | "connection" | "timeouts" | "dynamic")
            });
            open.extend(inner.map(|block| &block.body));
            for attribute in body.attributes() {
                if !matches!(attribute.value, Expression::String(_)) || number == MOST_LITERALS {
                    continue;
                }
                let (Some(own), Some(written)) = (range(&attribute.value), text(file, &attribute.value)) else {
                    continue;
                };
                let written = written.trim();
                let scope = if number % 2 == 0 {
                    let _ = writeln!(locals, "  extracted{number} = {written}");
                    "local"
                } else {
                    let _ = writeln!(variables, "variable \"extracted{number}\" {{\n  default = {written}\n}}");
                    "var"
                };
                edits.push(replace(own, format!("{scope}.extracted{number}")));
                number += 1;
            }
        }
        all.push((file.path.clone(), edits));
    }
    let last = files.last()?;
    all.last_mut()?.1.push(insert(last.0.text.len(), format!("\nlocals {{\n{locals}}}\n{variables}")));
    (number > 0).then_some(all)
}

/// The list of fetched modules as the wrapper's root has it: they are called one level deeper.
fn as_wrapped(manifest: &str) -> Option<String> {
    let mut manifest: serde_json::Value = serde_json::from_str(manifest).ok()?;
    for entry in manifest.get_mut("Modules")?.as_array_mut()? {
        let of = |name: &str| entry.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let key = if of("Key").is_empty() { "wrapped".to_owned() } else { format!("wrapped.{}", of("Key")) };
        entry["Dir"] = format!("../{}", of("Dir")).into();
        entry["Key"] = key.into();
    }
    Some(manifest.to_string())
}

/// The module in a module: a folder of its own beside it that passes all variables through.
fn wrap(subject: &Subject, files: &[(Arc<SourceFile>, Body)]) -> Option<Mutant> {
    let dir = subject.entry.parent()?;
    let mut head = String::new();
    let mut passed = String::new();
    for (file, body) in files {
        for block in body.blocks() {
            match block.ident.as_str() {
                "variable" => {
                    let name = block.labels.first()?.as_str();
                    let _ = writeln!(passed, "  {name} = var.{name}");
                }
                "provider" if text(file, block)?.contains("var.") || !text(file, block)?.contains("local.") => {}
                _ => continue,
            }
            let _ = writeln!(head, "{}", text(file, block)?);
        }
    }
    let new = dir.join(WRAPPER);
    let mut texts =
        vec![(new.join("main.tf"), format!("{head}\nmodule \"wrapped\" {{\n  source = \"../\"\n{passed}}}\n"))];
    if let Ok(manifest) = std::fs::read_to_string(dir.join(MANIFEST)) {
        texts.push((new.join(MANIFEST), as_wrapped(&manifest)?));
    }
    for entry in std::fs::read_dir(dir).ok()?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == "terraform.tfvars" || name.ends_with(".auto.tfvars") {
            texts.push((new.join(&name), std::fs::read_to_string(entry.path()).ok()?));
        }
    }
    Some(Mutant { kind: Kind::Wrap, unit: None, edits: Vec::new(), new: texts })
}
