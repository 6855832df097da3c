//! The key behind the address that a resource names it by: `https://VAULT.vault.azure.net/keys/KEY/VERSION`, or what a key
//! answers.

use rolecall_graph::ResourceIndex;
use rolecall_value::{Condition, Kind, Piece, ResourceId, Symbol, Value, name_equality};

use super::Context;

/// The type of keys.
const KEYS: &str = "Microsoft.KeyVault/vaults/keys";
/// The type of vaults.
pub(super) const VAULTS: &str = "Microsoft.KeyVault/vaults";

/// The ids of the keys that an address may lead to, under conditions. Where the vault is not of this deployment, the address
/// stands for the id: whoever asks learns that the key comes from outside.
pub(super) fn behind(context: &Context<'_>, address: &Value) -> Vec<(Condition, Value)> {
    let mut out = Vec::new();
    for (when, address) in address.alternatives() {
        match direct(address) {
            Some(key) => out.push((when, key.to_value().with_origin(address.origin()))),
            None => out.extend(by_name(context, address).into_iter().map(|(own, key)| (when.and(&own), key))),
        }
    }
    out.retain(|(when, _)| !when.is_false());
    out
}

/// The vaults that a key may lie in, of those that this deployment makes, with when it does.
pub(super) fn vaults(context: &Context<'_>, key: &Value) -> Vec<(ResourceIndex, Condition)> {
    let Some(vault) = ResourceId::parse(key).filter(|id| id.resource_type.is(KEYS)).and_then(|id| id.parent()) else {
        return Vec::new();
    };
    let found = context.permissions.identities().resources(&vault).into_iter();
    found.filter(|(_, created)| !created.yes.is_false()).map(|(index, created)| (index, created.yes)).collect()
}

/// The key that answers the address, or whose vault answers its beginning.
fn direct(address: &Value) -> Option<ResourceId> {
    if let Some(Symbol::Attribute { resource, path }) = address.as_symbol() {
        let key = ResourceId::parse(resource).filter(|id| id.resource_type.is(KEYS))?;
        return path.to_ascii_lowercase().starts_with("properties.keyuri").then_some(key);
    }
    let Kind::Text(pieces) = address.kind() else { return None };
    let [Piece::Hole(first), rest @ ..] = &pieces[..] else { return None };
    let Some(Symbol::Attribute { resource, path }) = first.as_symbol() else { return None };
    let vault = ResourceId::parse(resource).filter(|id| id.resource_type.is(VAULTS))?;
    path.eq_ignore_ascii_case("properties.vaultUri").then_some(())?;
    Some(vault.child("keys", key_name(rest)?))
}

/// What stands between `keys/` and the next slash: one piece, or a text in one.
fn key_name(pieces: &[Piece]) -> Option<Value> {
    let (Piece::Literal(text), rest) = pieces.split_first()? else { return None };
    let (_, name) = text.split_once("keys/")?;
    match (name.split('/').next().unwrap_or_default(), rest.first()) {
        ("", Some(Piece::Hole(name))) => Some(name.clone()),
        ("", _) => None,
        (name, _) => Some(Value::string(name)),
    }
}

/// The key whose address is written out, in a vault of this deployment that has the name; otherwise the address as it is.
fn by_name(context: &Context<'_>, address: &Value) -> Vec<(Condition, Value)> {
    let mut rest = Condition::TRUE;
    let mut out = Vec::new();
    if let Some((vault, key)) = written(address) {
        for &index in context.resources.of(VAULTS) {
            let Some(resource) = context.deployment.resource(index) else { continue };
            let same = name_equality(&context.deployment.inputs, &resource.id.name(), &vault);
            let when = rest.and(&same.equal);
            if !when.is_false() {
                rest = rest.and_not(&when);
                out.push((when, resource.id.child("keys", key.clone()).to_value().with_origin(address.origin())));
            }
        }
    }
    let outside = match address.kind() {
        Kind::Str(_) | Kind::Text(_) => Value::call("keyvaultkey", vec![address.clone()]).with_origin(address.origin()),
        _ => address.clone(),
    };
    out.push((rest, outside));
    out
}

/// The names of vault and key in an address that is written out.
fn written(address: &Value) -> Option<(Value, Value)> {
    match address.kind() {
        Kind::Str(text) => {
            let (vault, rest) = text.strip_prefix("https://")?.split_once('.')?;
            let (_, key) = rest.split_once("/keys/")?;
            Some((Value::string(vault), Value::string(key.split('/').next().unwrap_or_default())))
        }
        Kind::Text(pieces) => {
            let [Piece::Literal(start), Piece::Hole(vault), rest @ ..] = &pieces[..] else { return None };
            let start = start.eq_ignore_ascii_case("https://");
            // Behind the vault's name comes the domain, which differs by cloud.
            let at = rest.iter().position(|piece| matches!(piece, Piece::Literal(text) if text.contains("/keys/")))?;
            start.then_some((vault.clone(), key_name(&rest[at..])?))
        }
        _ => None,
    }
}
