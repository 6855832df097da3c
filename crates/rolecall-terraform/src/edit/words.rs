//! How Terraform names things: principals and scopes.

use hcl_edit::Span as _;
use hcl_edit::structure::Block;
use rolecall_graph::{Name, NameKind, Site, Spelled, Target, Unit, Units, Wanted};
use rolecall_source::Span;
use rolecall_value::{Kind, ResourceId, Symbol, Value};

use super::text::{Text, address, labels, repeated};
use crate::mapping;

/// Terraform's words. Within a loop a block is named by its own round, where it runs over the same as the loop that is
/// given.
pub(super) struct Words<'s> {
    pub site: &'s Site<'s>,
    pub round: Option<(String, String)>,
}

impl Words<'_> {
    fn block_name(&self, text: &Text, block: &Block) -> Option<String> {
        let address = address(block)?;
        match (repeated(text, block), &self.round) {
            (None, _) => Some(address),
            (Some((kind, over, index)), Some((own, same))) if kind == own && over == same => {
                Some(format!("{address}{index}"))
            }
            (Some(_), _) => None,
        }
    }

    /// The files of a unit.
    pub fn files(&self, unit: &Unit) -> Vec<Text> {
        let Some(file) = self.site.files.get(unit.file) else { return Vec::new() };
        let Some(folder) = file.path.parent() else { return Vec::new() };
        let listed = self.site.files.list(folder).map(|all| all.to_vec()).unwrap_or_default();
        let own = listed.into_iter().filter(|path| path.extension().is_some_and(|own| own == "tf"));
        own.filter_map(|path| Text::new(self.site, self.site.files.read(&path).ok()?).ok()).collect()
    }

    /// An address with the key of one of its rounds, where the unit itself names that round so: which ones there are may be up
    /// to a variable.
    fn keyed(&self, unit: &Unit, address: &str, round: &Value) -> Option<String> {
        let keyed = match round.kind() {
            Kind::Int(index) => format!("{address}[{index}]"),
            Kind::Str(key) if !key.contains(['"', '\\', '$', '%']) => format!("{address}[\"{key}\"]"),
            _ => return None,
        };
        self.files(unit).iter().any(|text| text.source.text.contains(&keyed)).then_some(keyed)
    }
}

/// How an attribute of a block with this address is named that Azure answers at a path in ARM's shape.
fn attribute(address: &str, block: &Block, wanted: &Wanted) -> Option<String> {
    let path = match wanted {
        Wanted::Id => return Some(format!("{address}.id")),
        Wanted::Attribute(path) if path.eq_ignore_ascii_case("identity.principalId") => {
            return within(address, block, "identity", "principal_id");
        }
        Wanted::Attribute(path) => path,
    };
    let mapping = mapping::find(labels(block).first()?)?;
    let mut all = mapping
        .exported
        .iter()
        .filter(|(_, arm)| matches!(arm, mapping::Export::Path(arm) if arm.eq_ignore_ascii_case(path)))
        .map(|(own, _)| own);
    // What Azure makes anyway is there without a block; what stands in one is there only with it.
    all.find_map(|own| match own.split_once('.') {
        Some((first, rest)) if !first.starts_with('+') => {
            within(address, block, first, &rest.replace('+', "").replace('.', "[0]."))
        }
        _ => Some(format!("{address}.{}", own.replace('+', "").replace('.', "[0]."))),
    })
}

/// How an attribute of an inner block is named: one that a `dynamic` block makes may not be there in each instance.
fn within(address: &str, block: &Block, inner: &str, attribute: &str) -> Option<String> {
    if block.body.has_blocks(inner) {
        return Some(format!("{address}.{inner}[0].{attribute}"));
    }
    dynamic(block, inner).map(|_| format!("one({address}.{inner}[*].{attribute})"))
}

/// The `dynamic` block of a block by which what is wanted is there.
pub(super) fn made_by_dynamic<'b>(block: &'b Block, wanted: &Wanted) -> Option<&'b Block> {
    let named = attribute("", block, wanted)?;
    let (inner, _) = named.strip_prefix("one(.")?.split_once("[*]")?;
    dynamic(block, inner)
}

/// The `dynamic` block that makes inner blocks of this name.
fn dynamic<'b>(block: &'b Block, inner: &str) -> Option<&'b Block> {
    block.body.get_blocks("dynamic").find(|one| labels(one).first() == Some(&inner))
}

impl Units for Words<'_> {
    fn own(&self, declared: Span, wanted: &Wanted) -> Option<Spelled> {
        let text = Text::read(self.site, declared).ok()?;
        let block = text.block(declared)?;
        if block.ident.as_str() != "resource" || !labels(block).first()?.starts_with("azurerm_") {
            return None;
        }
        let own = self.block_name(&text, block)?;
        let stable = repeated(&text, block).is_none().then(|| format!("{own}.id"));
        Some(Spelled { text: attribute(&own, block, wanted)?, stable, uses: Vec::new() })
    }

    fn named(&self, unit: &Unit, name: &Name, wanted: &Wanted) -> Option<Spelled> {
        let plain = |text: String| Some(Spelled { text, stable: None, uses: Vec::new() });
        match name.kind {
            NameKind::Parameter => plain(format!("var.{}", name.name)),
            NameKind::Variable => plain(format!("local.{}", name.name)),
            NameKind::Output => None,
            NameKind::Resource { .. } => {
                if !name.name.trim_start_matches("data.").starts_with("azurerm_") {
                    return None;
                }
                let files = self.files(unit);
                let is_it = |block: &&Block| address(block).as_deref() == Some(&*name.name);
                let block = files.iter().find_map(|text| text.body.blocks().find(is_it))?;
                let own = match &name.round {
                    None => name.name.to_string(),
                    // One that is only there under a condition cannot be named without it.
                    Some(_) if !self.site.frame(unit)?.when.implies(&name.when) => return None,
                    Some(round) => self.keyed(unit, &name.name, round)?,
                };
                plain(attribute(&own, block, wanted)?)
            }
        }
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

    fn output(&self, parent: &Unit, call: Span, round: Option<&Value>, name: &str) -> Option<String> {
        let text = Text::read(self.site, call).ok()?;
        let block = text.block(call)?;
        let own = match (self.block_name(&text, block), round) {
            (Some(own), _) => own,
            (None, round) => self.keyed(parent, &address(block)?, round?)?,
        };
        Some(format!("{own}.{name}"))
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

fn plain(text: String) -> Spelled {
    Spelled { text, stable: None, uses: Vec::new() }
}

/// A principal id as a unit names it.
pub(super) fn principal(words: &Words<'_>, unit: &Unit, principal: &Value) -> Result<Spelled, String> {
    let cannot = || "the module cannot name the principal".to_owned();
    if let Some(spelled) = words.site.spell(words, unit, Target::Principal(principal)) {
        return Ok(spelled);
    }
    let identity = match principal.as_symbol() {
        Some(Symbol::Attribute { resource, path }) if path.eq_ignore_ascii_case("properties.principalId") => resource,
        _ => return Err(cannot()),
    };
    let texts = texts(words.site, unit, identity).into_iter().chain(texts(words.site, unit, principal));
    let named = texts.filter(|text| is_plain(text)).find_map(|text| {
        let own = text.strip_suffix(".id")?;
        own.contains("azurerm_user_assigned_identity.").then(|| format!("{own}.principal_id"))
    });
    named.map(plain).ok_or_else(cannot)
}

/// The id of a scope as a unit names it.
pub(super) fn scope(words: &Words<'_>, unit: &Unit, scope: &Value) -> Result<Spelled, String> {
    if let Some(spelled) = words.site.spell(words, unit, Target::Id(scope)) {
        return Ok(spelled);
    }
    let id = ResourceId::parse(scope).ok_or("the module cannot name the scope")?;
    let texts = texts(words.site, unit, scope);
    // What is derived from another id, as that of a network from that of a subnet, has the other's text.
    let of_type = |text: &String| {
        let kind = text.strip_prefix("data.").unwrap_or(text).split('.').next().unwrap_or_default();
        mapping::find(kind).is_some_and(|mapping| id.resource_type.is(&mapping.arm))
    };
    texts
        .into_iter()
        .find(|text| is_plain(text) && text.ends_with(".id") && of_type(text))
        .map(plain)
        .ok_or_else(|| "the module cannot name the scope".to_owned())
}
