//! What stands at a place of a text: from bytes to the graph's nodes, by the origins that values carry.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use rolecall_graph::{Deployment, MadeBy, Permissions, ResourceIndex, RoleDefinition, builtin, builtin_named};
use rolecall_source::{FileId, Files, SourceFile, Span};
use rolecall_value::{Hop, Kind, Origins, Piece, ResourceId, Symbol, Value};
use rolecall_workspace::{Analysed, Analysis};

/// How deep values are looked into.
const MAX_DEPTH: usize = 64;

/// The length of a GUID.
pub(crate) const GUID: usize = 36;

/// A file in one of the deployments that it is a part of.
pub(crate) struct Site<'a> {
    pub analysis: &'a Analysis,
    pub analysed: &'a Analysed,
    pub deployment: &'a Deployment,
    pub file: Arc<SourceFile>,
}

/// What can be asked about.
pub(crate) enum Subject {
    Role(Arc<RoleDefinition>),
    /// An identity, by its canonical principal id.
    Principal(Value),
    /// A resource that the deployment has.
    Resource(ResourceIndex),
    /// One that it has not.
    Outside(ResourceId),
}

/// The deployments that a file is a part of, which is in their graph.
pub(crate) fn sites<'a>(analysis: &'a Analysis, path: &Path) -> Vec<Site<'a>> {
    let Ok(file) = analysis.files.read(path) else { return Vec::new() };
    let with_graph = analysis.deployments.iter().filter_map(|one| Some((one, one.deployment.as_deref()?)));
    with_graph.map(|(analysed, deployment)| Site { analysis, analysed, deployment, file: file.clone() }).collect()
}

impl Site<'_> {
    /// What stands at a byte, and the bytes that say so.
    pub fn subject(&self, permissions: &Permissions<'_>, offset: usize) -> Option<(Subject, Range<usize>)> {
        if let Some((role, range)) = self.role(permissions, offset) {
            return Some((Subject::Role(role), range));
        }
        self.value(permissions, offset).or_else(|| self.resource(offset))
    }

    /// The role whose name or GUID stands there.
    fn role(&self, permissions: &Permissions<'_>, offset: usize) -> Option<(Arc<RoleDefinition>, Range<usize>)> {
        let text = &self.file.text;
        if let Some((range, guid)) = guid_at(text, offset) {
            return role_of(permissions, &guid).map(|role| (role, range));
        }
        let range = quoted(text, offset)?;
        let name = text.get(range.clone())?;
        builtin_named(name).map(|role| (role, range))
    }

    /// What the value means that was written there: the shortest of those that mean anything.
    fn value(&self, permissions: &Permissions<'_>, offset: usize) -> Option<(Subject, Range<usize>)> {
        let mut found = Vec::new();
        let seek = Seek { origins: &self.deployment.origins, file: self.file.id, offset };
        for (_, resource) in self.deployment.enumerate() {
            seek.values(&resource.body, 0, &mut found);
        }
        found.retain(|(span, _)| self.file.text.get(span.range()).is_some_and(|text| !text.contains('\n')));
        found.sort_by_key(|(span, _)| (span.end - span.start, span.start));
        found.into_iter().find_map(|(span, value)| {
            let subject = value.alternatives().into_iter().find_map(|(_, one)| self.meaning(permissions, one))?;
            Some((subject, span.range()))
        })
    }

    fn meaning(&self, permissions: &Permissions<'_>, value: &Value) -> Option<Subject> {
        let identities = permissions.identities();
        let canonical = identities.canonical(value);
        if identities.resource_of(&canonical).is_some() {
            return Some(Subject::Principal(canonical));
        }
        if let Some(Symbol::Attribute { path, .. }) = canonical.as_symbol()
            && path.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("principalId"))
        {
            return Some(Subject::Principal(canonical));
        }
        let id = ResourceId::parse(value)?;
        let own = identities.resources(&id).into_iter().find(|(_, created)| !created.yes.is_false());
        Some(own.map_or(Subject::Outside(id), |(index, _)| Subject::Resource(index)))
    }

    /// The resource whose declaration begins in this line.
    fn resource(&self, offset: usize) -> Option<(Subject, Range<usize>)> {
        let text = &self.file.text;
        let mut all: Vec<_> = self.resources().filter(|(_, span)| span.range().contains(&offset)).collect();
        all.sort_by_key(|(_, span)| span.end - span.start);
        let (index, span) = *all.first()?;
        let line = line_of(text, offset);
        let first = line_of(text, span.start as usize) == line;
        let names = || text.get(line.clone()).is_some_and(names_resource);
        (first || names()).then_some((Subject::Resource(index), line))
    }

    /// The resources that are written in this file, with their places.
    pub fn resources(&self) -> impl Iterator<Item = (ResourceIndex, Span)> {
        self.deployment.enumerate().filter_map(|(index, resource)| {
            let span = self.deployment.origins.span(resource.origin)?;
            (resource.made_by == MadeBy::Template && span.file == self.file.id).then_some((index, span))
        })
    }
}

/// The role of a GUID: a built-in one, or one that the deployment defines.
pub(crate) fn role_of(permissions: &Permissions<'_>, guid: &str) -> Option<Arc<RoleDefinition>> {
    let custom = || permissions.roles().custom().find(|role| role.guid.eq_ignore_ascii_case(guid)).cloned();
    builtin(guid).or_else(custom)
}

/// The search for values that were written around a byte.
struct Seek<'a> {
    origins: &'a Origins,
    file: FileId,
    offset: usize,
}

impl Seek<'_> {
    fn values(&self, value: &Value, depth: usize, into: &mut Vec<(Span, Value)>) {
        if depth > MAX_DEPTH {
            return;
        }
        let here = |span: Span| {
            span.file == self.file && span.start as usize <= self.offset && self.offset <= span.end as usize
        };
        let chain = self.origins.chain(value.origin());
        let hop = chain.iter().find(|node| !matches!(node.hop, Hop::Module(_)) && here(node.span));
        into.extend(hop.map(|node| (node.span, value.clone())));
        match value.kind() {
            Kind::Array(array) => array.items.iter().for_each(|item| self.values(&item.value, depth + 1, into)),
            Kind::Object(object) => {
                for property in object.properties.values() {
                    property.name.iter().for_each(|name| self.values(name, depth + 1, into));
                    self.values(&property.value, depth + 1, into);
                }
            }
            Kind::Cond(alternatives) => alternatives.iter().for_each(|(_, one)| self.values(one, depth + 1, into)),
            Kind::Text(pieces) => {
                for piece in pieces.iter() {
                    if let Piece::Hole(hole) = piece {
                        self.values(hole, depth + 1, into);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The GUID around a byte, in lower case.
fn guid_at(text: &str, offset: usize) -> Option<(Range<usize>, String)> {
    let part = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
    let bytes = text.as_bytes();
    let before = bytes.get(..offset)?.iter().rev().take_while(|byte| part(byte)).count();
    let after = bytes.get(offset..)?.iter().take_while(|byte| part(byte)).count();
    let range = offset - before..offset + after;
    guids(text.get(range.clone())?).next().map(|(_, guid)| (range, guid))
}

/// The GUIDs in a text: where each begins, and its text in lower case.
pub(crate) fn guids(text: &str) -> impl Iterator<Item = (usize, String)> {
    let bytes = text.as_bytes();
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    let dashes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'-').map(|(at, _)| at);
    // The first dash stands behind eight digits.
    dashes.filter_map(move |dash| {
        let start = dash.checked_sub(8)?;
        let guid = bytes.get(start..start + GUID)?;
        let shape = guid.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
        let alone = !is_part(start.checked_sub(1).and_then(|at| bytes.get(at))) && !is_part(bytes.get(start + GUID));
        (shape && alone).then(|| (start, String::from_utf8_lossy(guid).to_lowercase()))
    })
}

/// What stands between the quotes around a byte, in its line.
fn quoted(text: &str, offset: usize) -> Option<Range<usize>> {
    let line = line_of(text, offset);
    let is_quote = |c: char| c == '"' || c == '\'';
    let start = line.start + text.get(line.start..offset)?.rfind(is_quote)? + 1;
    let end = offset + text.get(offset..line.end)?.find(is_quote)?;
    Some(start..end)
}

/// The bytes of the line of a byte, without its end.
pub(crate) fn line_of(text: &str, offset: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let offset = offset.min(bytes.len());
    let start = bytes[..offset].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let end = bytes[offset..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| offset + at);
    start..end
}

/// Whether a line of JSON names a resource.
fn names_resource(line: &str) -> bool {
    ["\"type\"", "\"name\""].iter().any(|name| line.trim_start().starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NETWORK: &str = "4d97b98b-1d4f-4787-a291-c67834d212e7";

    #[test]
    fn guids_are_found_whole() {
        let text = format!("a-b '{}' x{NETWORK} {NETWORK}-1 ${{{NETWORK}}}", NETWORK.to_uppercase());
        let found: Vec<_> = guids(&text).collect();
        assert_eq!(found.iter().map(|(_, guid)| guid.as_str()).collect::<Vec<_>>(), [NETWORK; 2]);
        assert_eq!(found[0].0, 5);
    }

    #[test]
    fn a_guid_is_found_from_each_of_its_bytes() {
        let text = format!("é'{NETWORK}'");
        let start = text.find('4').expect("present");
        for offset in start..=start + GUID {
            assert_eq!(guid_at(&text, offset), Some((start..start + GUID, NETWORK.to_owned())));
        }
        assert_eq!(guid_at(&text, start - 1), None);
        assert_eq!(guid_at(&text, 999), None);
    }

    #[test]
    fn what_is_quoted_is_found_in_its_line() {
        let text = "a: 'Network Contributor'\n'b'";
        assert_eq!(quoted(text, 8).map(|range| &text[range]), Some("Network Contributor"));
        assert_eq!(quoted(text, 1), None);
    }
}
