//! Edits of Terraform text: what a [`Mend`] asks for, in the words and the style of the file.
//!
//! A file that does not parse gets no edit, and neither does what cannot be named where it is needed: the refusal says why.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use rolecall_graph::{Assign, Mend, ResourceIndex, Setting, Site, Step, Unit, Units, Wanted};
use rolecall_source::{Edit, SourceFile, Span};
use rolecall_value::{Symbol, Value};

/// The edits that do what is asked.
///
/// # Errors
/// Why it cannot be done in the text.
pub fn mend(site: &Site<'_>, mend: &Mend) -> Result<Vec<Edit>, String> {
    let mut edits = Vec::new();
    for step in &mend.steps {
        match step {
            Step::Set { assignment, to } => edits.push(set(site, *assignment, to)?),
            Step::Await { resource, on } => edits.extend(wait(site, *resource, *on)?),
            Step::Assign(one) => edits.extend(assign(site, one)?),
        }
    }
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start, edit.span.end));
    Ok(edits)
}

/// A file with its tree.
struct Text {
    source: Arc<SourceFile>,
    body: Body,
}

impl Text {
    fn new(source: Arc<SourceFile>) -> Result<Self, String> {
        let name = source.path.display().to_string();
        if !name.ends_with(".tf") && !name.ends_with(".tofu") {
            return Err(format!("`{name}` is no configuration in HCL"));
        }
        let body = hcl_edit::parser::parse_body(&source.text).map_err(|_| format!("`{name}` does not parse"))?;
        Ok(Text { source, body })
    }

    fn read(site: &Site<'_>, span: Span) -> Result<Self, String> {
        Text::new(site.files.get(span.file).ok_or("its file was not kept")?)
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.source.text.get(range).unwrap_or_default()
    }

    fn edit(&self, range: Range<usize>, text: String) -> Edit {
        let text = if self.source.text.contains("\r\n") { text.replace('\n', "\r\n") } else { text };
        Edit { span: Span::new(self.source.id, range.start, range.end), text }
    }

    fn block(&self, declared: Span) -> Option<&Block> {
        let wanted = declared.start as usize..declared.end as usize;
        self.body.blocks().find(|block| block.span().is_some_and(|own| own == wanted))
    }

    fn value(&self, block: &Block, name: &str) -> Option<Range<usize>> {
        block.body.get_attribute(name)?.value.span()
    }

    fn written(&self, block: &Block, name: &str) -> Option<&str> {
        Some(self.slice(self.value(block, name)?).trim())
    }

    /// The end of the line of a byte, where nothing but a comment stands before it.
    fn line_end(&self, at: usize) -> usize {
        let rest = &self.source.text[at..];
        let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
        let between = rest[..end].trim();
        if between.is_empty() || between.starts_with(['#', '/']) { at + end } else { at }
    }

    fn indent(&self, at: usize) -> &str {
        let start = self.source.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = &self.source.text[start..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }
}

fn labels(block: &Block) -> Vec<&str> {
    block.labels.iter().map(|label| label.as_str()).collect()
}

/// How other blocks name a block.
fn address(block: &Block) -> Option<String> {
    match (block.ident.as_str(), &labels(block)[..]) {
        ("resource", [kind, name]) => Some(format!("{kind}.{name}")),
        ("data", [kind, name]) => Some(format!("data.{kind}.{name}")),
        ("module", [name]) => Some(format!("module.{name}")),
        _ => None,
    }
}

/// The `count` or `for_each` of a block, as written, and how one of its instances is named within the same loop.
fn repeated<'t>(text: &'t Text, block: &Block) -> Option<(&'static str, &'t str, &'static str)> {
    text.written(block, "count")
        .map(|own| ("count", own, "[count.index]"))
        .or_else(|| text.written(block, "for_each").map(|own| ("for_each", own, "[each.key]")))
}

/// Terraform's words. Within a loop a block is named by its own round, where it runs over the same as the loop that is
/// given.
struct Words<'s> {
    site: &'s Site<'s>,
    round: Option<(String, String)>,
}

impl Words<'_> {
    fn named(&self, text: &Text, block: &Block) -> Option<String> {
        let address = address(block)?;
        match (repeated(text, block), &self.round) {
            (None, _) => Some(address),
            (Some((kind, over, index)), Some((own, same))) if kind == own && over == same => {
                Some(format!("{address}{index}"))
            }
            (Some(_), _) => None,
        }
    }

    fn files(&self, unit: &Unit) -> Vec<Text> {
        let Some(file) = self.site.files.get(unit.file) else { return Vec::new() };
        let Some(folder) = file.path.parent() else { return Vec::new() };
        let listed = self.site.files.list(folder).map(|all| all.to_vec()).unwrap_or_default();
        let own = listed.into_iter().filter(|path| path.extension().is_some_and(|own| own == "tf"));
        own.filter_map(|path| Text::new(self.site.files.read(&path).ok()?).ok()).collect()
    }
}

impl Units for Words<'_> {
    fn own(&self, _: &Unit, declared: Span, wanted: Wanted) -> Option<String> {
        let text = Text::read(self.site, declared).ok()?;
        let block = text.block(declared)?;
        if block.ident.as_str() != "resource" || !labels(block).first()?.starts_with("azurerm_") {
            return None;
        }
        let tail = match wanted {
            Wanted::Id => "id",
            Wanted::PrincipalId => "principal_id",
            Wanted::SystemPrincipalId => "identity[0].principal_id",
            Wanted::KubeletPrincipalId => "kubelet_identity[0].object_id",
        };
        Some(format!("{}.{tail}", self.named(&text, block)?))
    }

    fn outputs(&self, unit: &Unit) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for text in self.files(unit) {
            for block in text.body.blocks().filter(|block| block.ident.as_str() == "output") {
                if let (Some(name), Some(value)) = (labels(block).first(), text.written(block, "value")) {
                    out.push(((*name).to_owned(), value.to_owned()));
                }
            }
        }
        out
    }

    fn output(&self, _: &Unit, call: Span, name: &str) -> Option<String> {
        let text = Text::read(self.site, call).ok()?;
        Some(format!("{}.{name}", self.named(&text, text.block(call)?)?))
    }

    fn arguments(&self, _: &Unit, call: Span) -> Vec<(String, String)> {
        let Ok(text) = Text::read(self.site, call) else { return Vec::new() };
        let Some(block) = text.block(call) else { return Vec::new() };
        let all = block.body.attributes().filter_map(|attribute| {
            Some((attribute.key.as_str().to_owned(), text.slice(attribute.value.span()?).trim().to_owned()))
        });
        all.filter(|(name, _)| !matches!(name.as_str(), "source" | "version" | "count" | "for_each" | "depends_on"))
            .collect()
    }

    fn parameter(&self, name: &str) -> String {
        format!("var.{name}")
    }
}

/// The texts by which a value came, as far as they stand in files of the unit.
fn texts(site: &Site<'_>, unit: &Unit, value: &Value) -> Vec<String> {
    let folder = |file| site.files.get(file).and_then(|file| file.path.parent().map(ToOwned::to_owned));
    let own = folder(unit.file);
    let chain = site.deployment.origins.chain(value.origin());
    let here = chain.iter().filter(|node| folder(node.span.file) == own);
    here.filter_map(|node| site.text(node.span)).collect()
}

/// A reference to an attribute of one block, with neither index nor operator, `a.b.id` or `data.a.b.id`.
fn is_plain(text: &str) -> bool {
    text.split('.').count() >= 3
        && text.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '.' | '_' | '-'))
}

fn principal(words: &Words<'_>, unit: &Unit, principal: &Value) -> Result<String, String> {
    if let Some((resource, wanted)) = words.site.principal(principal) {
        let spelled = words.site.spell(words, unit, resource, wanted);
        return spelled.ok_or_else(|| "the module cannot name the principal".to_owned());
    }
    let identity = match principal.as_symbol() {
        Some(Symbol::Attribute { resource, path }) if path.eq_ignore_ascii_case("properties.principalId") => resource,
        _ => return Err("the principal has no name here".to_owned()),
    };
    let texts = texts(words.site, unit, identity).into_iter().chain(texts(words.site, unit, principal));
    let named = texts.filter(|text| is_plain(text)).find_map(|text| {
        let own = text.strip_suffix(".id")?;
        own.contains("azurerm_user_assigned_identity.").then(|| format!("{own}.principal_id"))
    });
    named.ok_or_else(|| "the module cannot name the principal".to_owned())
}

fn scope(words: &Words<'_>, unit: &Unit, scope: &Value) -> Result<String, String> {
    if let Some((resource, found)) = words.site.created(scope)
        && rolecall_value::ResourceId::parse(scope).is_some_and(|id| id.resource_type == found.id.resource_type)
        && let Some(spelled) = words.site.spell(words, unit, resource, Wanted::Id)
    {
        return Ok(spelled);
    }
    let texts = texts(words.site, unit, scope);
    let plain = |text: &String| {
        let reference = is_plain(text) || text.starts_with("var.") && text.split('.').count() == 2;
        reference && !text.starts_with("local.") && !text.starts_with("each.")
    };
    texts.into_iter().find(plain).ok_or_else(|| "the module cannot name the scope".to_owned())
}

fn set(site: &Site<'_>, assignment: ResourceIndex, to: &Setting) -> Result<Edit, String> {
    let (unit, declared) = site.declared(assignment).ok_or("nothing declares the assignment")?;
    let text = Text::read(site, declared)?;
    let block = text.block(declared).ok_or("the assignment was not found")?;
    if labels(block).first() != Some(&"azurerm_role_assignment") {
        return Err("the assignment is no azurerm_role_assignment".to_owned());
    }
    if !matches!(to, Setting::PrincipalType(_)) && !site.is_single(assignment) {
        return Err("the block stands for several assignments".to_owned());
    }
    let round = repeated(&text, block).map(|(kind, over, _)| (kind.to_owned(), over.to_owned()));
    let words = Words { site, round };
    let (name, value) = match to {
        Setting::Principal(value) => ("principal_id", principal(&words, &unit, value)?),
        Setting::PrincipalType(kind) => ("principal_type", format!("\"{kind}\"")),
        Setting::Scope(value) => ("scope", scope(&words, &unit, value)?),
        Setting::Role(role) => {
            match (text.value(block, "role_definition_name"), text.value(block, "role_definition_id")) {
                (Some(_), _) => ("role_definition_name", format!("\"{}\"", role.name)),
                (None, Some(own)) => {
                    let key = block.body.get_attribute("role_definition_id").and_then(|one| one.key.span());
                    let start = key.map_or(own.start, |key| key.start);
                    return Ok(text.edit(start..own.end, format!("role_definition_name = \"{}\"", role.name)));
                }
                (None, None) => return Err("the assignment names no role".to_owned()),
            }
        }
    };
    match text.value(block, name) {
        Some(own) => Ok(text.edit(own, value)),
        None => add(&text, block, name, &value),
    }
}

/// The edit that adds an attribute behind the last one of a block, its equals sign under those of its neighbours.
fn add(text: &Text, block: &Block, name: &str, value: &str) -> Result<Edit, String> {
    let last = block.body.attributes().last().ok_or("the block has no attribute")?;
    let (key, end) =
        (last.key.span().ok_or("the block has no place")?, last.value.span().ok_or("the block has no place")?.end);
    let between = text.slice(key.end..end);
    let width = key.len() + between.find('=').unwrap_or(1) - 1;
    let indent = text.indent(key.start).to_owned();
    let at = text.line_end(end);
    Ok(text.edit(at..at, format!("\n{indent}{name:width$} = {value}")))
}

/// The edit that makes a block wait for an address.
fn depend(text: &Text, block: &Block, on: &str) -> Result<Option<Edit>, String> {
    let Some(attribute) = block.body.get_attribute("depends_on") else {
        let close = block.span().ok_or("the block has no place")?.end - 1;
        let line = text.source.text[..close].rfind('\n').map_or(0, |end| end + 1);
        if !text.slice(line..close).trim().is_empty() {
            return Err("the block stands on one line".to_owned());
        }
        let outer = text.slice(line..close).to_owned();
        return Ok(Some(text.edit(line..line, format!("\n{outer}  depends_on = [{on}]\n"))));
    };
    let Expression::Array(array) = &attribute.value else { return Err("its `depends_on` is no list".to_owned()) };
    let own = array.span().ok_or("the list has no place")?;
    let spans: Vec<Range<usize>> = array.iter().filter_map(|one| one.span()).collect();
    if spans.iter().any(|span| text.slice(span.clone()).trim() == on) {
        return Ok(None);
    }
    let Some(last) = spans.last() else { return Ok(Some(text.edit(own, format!("[{on}]")))) };
    let end = last.start + text.slice(last.clone()).trim_end().len();
    let behind = text.slice(end..own.end);
    let comma = behind.trim_start().starts_with(',');
    let many_lines = text.slice(own.clone()).contains('\n');
    let at = if comma { end + behind.find(',').unwrap_or_default() + 1 } else { end };
    Ok(Some(match (many_lines, comma) {
        (true, true) => {
            let line_end = text.line_end(at);
            text.edit(line_end..line_end, format!("\n{}{on},", text.indent(last.start)))
        }
        (true, false) => text.edit(at..at, format!(",\n{}{on}", text.indent(last.start))),
        (false, true) => text.edit(at..at, format!(" {on}")),
        (false, false) => text.edit(at..at, format!(", {on}")),
    }))
}

fn wait(site: &Site<'_>, resource: ResourceIndex, on: ResourceIndex) -> Result<Vec<Edit>, String> {
    let later = site.declared(resource).ok_or("nothing declares what has to wait")?;
    let earlier = site.declared(on).ok_or("nothing declares what it has to wait for")?;
    let (later, earlier) = together(&later, &earlier);
    if later == earlier {
        return Err("both are made by one module call".to_owned());
    }
    let other = Text::read(site, earlier)?;
    let on = other.block(earlier).and_then(address).ok_or("what it waits for was not found")?;
    let text = Text::read(site, later)?;
    let block = text.block(later).ok_or("what has to wait was not found")?;
    Ok(depend(&text, block, &on)?.into_iter().collect())
}

/// What stands for two places in the innermost module that holds both: each place itself, or the call around it.
fn together(a: &(Unit, Span), b: &(Unit, Span)) -> (Span, Span) {
    let shared = a.0.calls.iter().rev().zip(b.0.calls.iter().rev()).take_while(|(a, b)| a == b).count();
    let at = |(unit, own): &(Unit, Span)| match unit.calls.len() - shared {
        0 => *own,
        depth => unit.calls[depth - 1],
    };
    (at(a), at(b))
}

/// The edits that add a role assignment: beside its scope, beside what needs it, or beside the calls of the modules that do.
fn assign(site: &Site<'_>, assign: &Assign) -> Result<Vec<Edit>, String> {
    let needed = site.declared(assign.needed_by).ok_or("nothing declares what needs it")?;
    let own = site.created(&assign.scope).and_then(|(scope, _)| site.declared(scope));
    let mut homes: Vec<(Unit, Span)> = Vec::new();
    homes.extend(own.clone());
    homes.push(needed.clone());
    for (unit, _) in own.iter().chain([&needed]) {
        let mut at = unit.clone();
        while let Some((parent, call)) = at.parent() {
            homes.push((parent.clone(), call));
            at = parent;
        }
    }
    let mut refusal = None;
    for (unit, beside) in &homes {
        match assign_in(site, assign, unit, *beside, &needed) {
            Ok(edits) => return Ok(edits),
            Err(why) => refusal = refusal.or(Some(why)),
        }
    }
    Err(refusal.unwrap_or_else(|| "no module names both the principal and the scope".to_owned()))
}

fn assign_in(
    site: &Site<'_>,
    assign: &Assign,
    unit: &Unit,
    beside: Span,
    needed: &(Unit, Span),
) -> Result<Vec<Edit>, String> {
    let text = Text::read(site, beside)?;
    let block = text.block(beside).ok_or("the place was not found")?;
    let calls = site.deployment.enumerate().filter_map(|(index, _)| site.declared(index));
    if !unit.calls.is_empty() && calls.map(|(own, _)| own).any(|own| own.file == unit.file && own.calls != unit.calls) {
        return Err("the module is called more than once".to_owned());
    }
    let plain = Words { site, round: None };
    let both = |words: &Words<'_>| {
        Ok::<_, String>((principal(words, unit, &assign.principal)?, scope(words, unit, &assign.scope)?))
    };
    let (round, (who, on)) = match both(&plain) {
        Ok(found) => (None, found),
        Err(why) => {
            // In the rounds of the block that it stands beside, or of what needs it.
            let mut rounds = vec![repeated(&text, block).map(|(kind, over, _)| (kind.to_owned(), over.to_owned()))];
            if needed.0 == *unit {
                let other = Text::read(site, needed.1)?;
                let own = other.block(needed.1).and_then(|block| repeated(&other, block));
                rounds.push(own.map(|(kind, over, _)| (kind.to_owned(), over.to_owned())));
            }
            let found = rounds.into_iter().flatten().find_map(|round| {
                let words = Words { site, round: Some(round.clone()) };
                both(&words).ok().map(|found| (Some(round), found))
            });
            found.ok_or(why)?
        }
    };
    let name = unique(&plain, unit, &snake(&format!("{} {}", label(&on), assign.role.name)));
    let mut out = format!("resource \"azurerm_role_assignment\" \"{name}\" {{\n");
    if let Some((kind, over)) = &round {
        out += &format!("  {kind} = {over}\n\n");
    }
    let rows = [
        ("scope", on.clone()),
        ("role_definition_name", format!("\"{}\"", assign.role.name)),
        ("principal_id", who),
        ("principal_type", "\"ServicePrincipal\"".to_owned()),
    ];
    for (key, value) in rows {
        out += &format!("  {key:20} = {value}\n");
    }
    out.push('}');
    let at = text.line_end(beside.end as usize);
    let mut edits = vec![text.edit(at..at, format!("\n\n{out}"))];
    if assign.awaited {
        let own = format!("azurerm_role_assignment.{name}");
        let (later, on) = if needed.0.calls == unit.calls {
            (needed.1, own)
        } else if needed.0.is_in(unit) {
            (needed.0.calls[needed.0.calls.len() - unit.calls.len() - 1], own)
        } else {
            // The call of the module that it will stand in.
            let (later, earlier) = together(needed, &(unit.clone(), beside));
            let other = Text::read(site, earlier)?;
            let on = other.block(earlier).and_then(address).ok_or("what it waits for was not found")?;
            (later, on)
        };
        let other = Text::read(site, later)?;
        let block = other.block(later).ok_or("what has to wait was not found")?;
        edits.extend(depend(&other, block, &on)?);
    }
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start));
    Ok(edits)
}

/// The label of what an expression names.
fn label(expression: &str) -> String {
    let parts: Vec<_> = expression.split('.').filter(|part| *part != "data").collect();
    match parts[..] {
        ["var", name, ..] => name.trim_end_matches("_id").to_owned(),
        ["module", name, output, ..] => format!("{name} {}", output.trim_end_matches("_id")),
        [_, name, ..] => name.split('[').next().unwrap_or_default().to_owned(),
        _ => "scope".to_owned(),
    }
}

fn snake(text: &str) -> String {
    let words = text.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_")
}

/// The label, or one with a number where the module has such an assignment.
fn unique(words: &Words<'_>, unit: &Unit, name: &str) -> String {
    let taken: Vec<String> =
        words.files(unit).iter().flat_map(|text| text.body.blocks().filter_map(address).collect::<Vec<_>>()).collect();
    let numbered = (2..1000).map(|number| format!("{name}_{number}"));
    let free = |name: &String| !taken.contains(&format!("azurerm_role_assignment.{name}"));
    [name.to_owned()].into_iter().chain(numbered).find(free).unwrap_or_default()
}
