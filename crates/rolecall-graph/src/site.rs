//! Where things are declared, and how one unit of text can name what another declares.
//!
//! A unit is a file, a module or a nested template. What its names are worth says by which of them a thing can be meant; the
//! words themselves come from the front end of the language, by [`Units`]. A name counts only where it is certainly worth the
//! same: not merely under the values of parameters that are given, unless both come from one place.

use std::any::{Any, TypeId};
use std::cell::{OnceCell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rolecall_source::{FileId, Files, Span};
use rolecall_value::{
    Case, Condition, Hop, Kind, Origin, ResourceId, Scope as Place, Symbol, Value, equality, id_equality, walk,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::aks::{self, CLUSTERS};
use crate::identities::{EXTENSION_PRINCIPAL_ID, PRINCIPAL_ID, SYSTEM_PRINCIPAL_ID};
use crate::query::level;
use crate::{Assign, Deployment, Frame, Identities, MadeBy, Name, NameKind, Resource, ResourceIndex};

/// Where a cluster answers the principal id of the kubelet's identity.
const KUBELET_OBJECT_ID: &str = "properties.identityProfile.kubeletidentity.objectId";

/// The type of extensions of a cluster, which answer the identity that Azure makes for them in a place of their own.
const EXTENSIONS: &str = "Microsoft.KubernetesConfiguration/extensions";

/// How deep in the value of a name something is looked for.
const MAX_DEPTH: usize = 3;

/// How many items of a list in an output are looked at.
const MAX_ITEMS: usize = 32;

/// One instance of a text that declares resources: the file, and the calls that lead to it, innermost first.
#[derive(Clone, Debug)]
pub struct Unit {
    /// A file of it.
    pub file: FileId,
    /// Where the modules or nested templates around it are called.
    pub calls: Vec<Span>,
    /// The origins of its frame and of those around it, innermost first: one more than there are calls.
    frames: Vec<Origin>,
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.frames == other.frames
    }
}

impl Eq for Unit {}

impl Unit {
    /// The unit that calls this one, and where.
    pub fn parent(&self) -> Option<(Unit, Span)> {
        let (call, rest) = self.calls.split_first()?;
        Some((Unit { file: call.file, calls: rest.to_vec(), frames: self.frames[1..].to_vec() }, *call))
    }

    /// Whether this unit stands in the other, however deep.
    pub fn is_in(&self, outer: &Unit) -> bool {
        self.frames.len() > outer.frames.len() && self.frames.ends_with(&outer.frames)
    }

    /// This unit, and those around it up to the outermost.
    pub fn and_around(&self) -> impl Iterator<Item = Unit> {
        std::iter::successors(Some(self.clone()), |unit| unit.parent().map(|(parent, _)| parent))
    }
}

/// What of a resource is to be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Its id.
    Id,
    /// What Azure answers at a path of it, in ARM's shape: `properties.principalId`.
    Attribute(String),
}

/// What is to be named.
#[derive(Clone, Copy, Debug)]
pub enum Target<'v> {
    /// The id of a resource.
    Id(&'v Value),
    /// A canonical principal id.
    Principal(&'v Value),
    /// A name, of which the id of a resource is made.
    Text(&'v Value),
}

/// How something is named in a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelled {
    /// The words.
    pub text: String,
    /// Words for the same, or for what it belongs to, whose value is known when the deployment starts.
    pub stable: Option<String>,
    /// The declarations of the unit that must be there for it.
    pub uses: Vec<Span>,
}

/// The words of a language.
pub trait Units {
    /// How the unit that declares a resource names it.
    fn own(&self, declared: Span, wanted: &Wanted) -> Option<Spelled>;
    /// How a unit names what it has a name for, but outputs; `wanted` counts for resources.
    fn named(&self, unit: &Unit, name: &Name, wanted: &Wanted) -> Option<Spelled>;
    /// The outputs of a unit: names and what is written for them.
    fn outputs(&self, unit: &Unit) -> Vec<(String, String)>;
    /// How an output of the unit that is called there, in that round of a loop, is named in the calling one.
    fn output(&self, parent: &Unit, call: Span, round: Option<&Value>, name: &str) -> Option<String>;
    /// What a call passes: names of parameters and what is written for them.
    fn arguments(&self, parent: &Unit, call: Span) -> Vec<(String, String)>;
    /// How a unit names a parameter of its own.
    fn parameter(&self, name: &str) -> String;
}

/// A deployment and the texts that it was read from.
pub struct Site<'a> {
    /// The texts.
    pub files: &'a dyn Files,
    /// The deployment.
    pub deployment: &'a Deployment,
    /// Its identities.
    pub identities: Identities<'a>,
    /// What was made of the texts.
    trees: RefCell<FxHashMap<(FileId, TypeId), Rc<dyn Any>>>,
    /// The units of the frames.
    units: OnceCell<Vec<Unit>>,
    /// The names that were given to what edits declare, by folder and name, with what they are for.
    given: RefCell<FxHashMap<(PathBuf, String), String>>,
    /// The resources by where they, and the deployments around them, are declared.
    made: OnceCell<FxHashMap<Span, Vec<ResourceIndex>>>,
    /// What each resource waits for.
    waits_for: OnceCell<FxHashMap<ResourceIndex, Vec<ResourceIndex>>>,
}

impl<'a> Site<'a> {
    /// Indexes a deployment.
    pub fn new(files: &'a dyn Files, deployment: &'a Deployment) -> Self {
        Site {
            files,
            deployment,
            identities: Identities::new(deployment),
            trees: RefCell::default(),
            units: OnceCell::new(),
            given: RefCell::default(),
            made: OnceCell::new(),
            waits_for: OnceCell::new(),
        }
    }

    /// What is made of a text, made once for each type.
    pub fn tree<T: 'static>(&self, file: FileId, make: impl FnOnce() -> T) -> Rc<T> {
        let key = (file, TypeId::of::<T>());
        let kept = self.trees.borrow().get(&key).cloned();
        if let Some(tree) = kept.and_then(|tree| tree.downcast().ok()) {
            return tree;
        }
        let tree = Rc::new(make());
        self.trees.borrow_mut().insert(key, tree.clone());
        tree
    }

    /// Whether nothing else that is to be declared in a folder was given this name.
    pub fn is_free(&self, folder: &Path, name: &str, what_for: &str) -> bool {
        let given = self.given.borrow();
        given.get(&(folder.to_owned(), name.to_owned())).is_none_or(|own| own == what_for)
    }

    /// Gives a name to what is to be declared in a folder.
    pub fn give(&self, folder: &Path, name: &str, what_for: &str) {
        self.given.borrow_mut().insert((folder.to_owned(), name.to_owned()), what_for.to_owned());
    }

    /// Where a resource is declared, and in which unit.
    pub fn declared(&self, resource: ResourceIndex) -> Option<(Unit, Span)> {
        let resource = self.deployment.resource(resource).filter(|one| one.made_by == MadeBy::Template)?;
        let chain = self.deployment.origins.chain(resource.origin);
        let (first, rest) = chain.split_first()?;
        if first.hop != Hop::Written {
            return None;
        }
        let (calls, mut frames) = (modules(rest), vec![first.from.unwrap_or(Origin::NONE)]);
        frames.extend(rest.iter().take(calls.len()).map(|node| node.from.unwrap_or(Origin::NONE)));
        Some((Unit { file: first.span.file, calls, frames }, first.span))
    }

    /// The unit that a frame is an instance of.
    pub fn unit(&self, frame: &Frame) -> Unit {
        let chain = self.deployment.origins.chain(frame.origin);
        let (calls, mut frames) = (modules(&chain), vec![frame.origin]);
        frames.extend(chain.iter().take(calls.len()).map(|node| node.from.unwrap_or(Origin::NONE)));
        Unit { file: frame.file, calls, frames }
    }

    /// The frame of a unit, where it has one alone.
    pub fn frame(&self, unit: &Unit) -> Option<&'a Frame> {
        let mut all = self.deployment.frames.iter().filter(|frame| Some(&frame.origin) == unit.frames.first());
        all.next().filter(|_| all.next().is_none())
    }

    /// All units, those that call others before them.
    pub fn units(&self) -> &[Unit] {
        self.units.get_or_init(|| self.deployment.frames.iter().map(|frame| self.unit(frame)).collect())
    }

    /// Whether the text of a unit has more instances than one: what is written into it is made in each.
    pub fn is_shared(&self, unit: &Unit) -> bool {
        self.instances(unit) > 1
    }

    /// How many instances the text of a unit has.
    pub fn instances(&self, unit: &Unit) -> usize {
        let nested = |other: &Unit| other.calls.first().is_some_and(|call| call.file == other.file);
        let same_text = |other: &&Unit| match (nested(other), nested(unit)) {
            // A template that stands in the text of another is a text of its own.
            (true, true) => other.calls.first() == unit.calls.first(),
            (false, false) => same_place(self, other, unit),
            _ => false,
        };
        1 + self.units().iter().filter(|other| *other != unit).filter(same_text).count()
    }

    /// How many resources a declaration makes, apart from those of which only one is there: in rounds of a loop, in instances of
    /// a module. None where nobody can tell.
    pub fn made_of(&self, resource: ResourceIndex) -> Option<usize> {
        let own = self.deployment.resource(resource)?;
        let span = |one: &Resource| self.deployment.origins.span(one.origin);
        let place = span(own);
        let same = self.deployment.resources.iter().filter(|one| one.made_by == MadeBy::Template && span(one) == place);
        let all: Vec<&Resource> = same.collect();
        let apart = all.iter().filter(|one| one.id != own.id && !one.when.excludes(&own.when));
        (!all.iter().any(|one| one.many)).then(|| 1 + apart.count())
    }

    /// Whether a declaration stands for one resource alone: neither a loop nor a module that is called twice makes more of it.
    pub fn is_single(&self, resource: ResourceIndex) -> bool {
        let Some(own) = self.deployment.resource(resource) else { return false };
        let span = |one: &Resource| self.deployment.origins.span(one.origin);
        let place = span(own);
        let mut others = self.deployment.resources.iter().filter(|one| one.made_by == MadeBy::Template);
        !own.many && others.all(|one| one.id == own.id || span(one) != place || one.when.excludes(&own.when))
    }

    /// The resource or resource group with this id, where a template certainly creates it.
    pub fn created(&self, id: &Value) -> Option<(ResourceIndex, &'a Resource)> {
        let id = level(&Place::parse(id))?;
        let found = self.identities.resources(&id).into_iter().find(|(_, created)| !created.yes.is_false());
        let index = found?.0;
        self.deployment.resource(index).map(|resource| (index, resource))
    }

    /// The resource by which a canonical principal id is named, and how.
    pub fn principal(&self, principal: &Value) -> Option<(ResourceIndex, Wanted)> {
        let Some(Symbol::Attribute { resource, path }) = principal.as_symbol() else { return None };
        let (index, found) = self.created(resource)?;
        let attribute = |path: &str| Wanted::Attribute(path.to_owned());
        match found.made_by {
            MadeBy::Template if !path.eq_ignore_ascii_case(SYSTEM_PRINCIPAL_ID) => {
                Some((index, attribute(PRINCIPAL_ID)))
            }
            MadeBy::Template if found.id.resource_type.is(EXTENSIONS) => {
                Some((index, attribute(EXTENSION_PRINCIPAL_ID)))
            }
            MadeBy::Template => Some((index, attribute(SYSTEM_PRINCIPAL_ID))),
            MadeBy::Azure(cluster) => {
                let owner = self.deployment.resource(cluster).filter(|owner| owner.id.resource_type.is(CLUSTERS))?;
                let kubelets = self.identities.kubelet(cluster);
                if kubelets.iter().any(|(_, kubelet)| kubelet.principal() == Some(principal)) {
                    return Some((cluster, attribute(KUBELET_OBJECT_ID)));
                }
                let path = aks::addon_of(self.deployment, owner, &found.id)?;
                Some((cluster, Wanted::Attribute(format!("{path}.identity.objectId"))))
            }
        }
    }

    /// Whether an identity is there whenever the resource is that answers its principal id: a cluster may have an add-on, and a
    /// resource an identity of its own, under a condition.
    pub fn is_always_there(&self, resource: ResourceIndex, principal: &Wanted) -> bool {
        let Wanted::Attribute(path) = principal else { return true };
        let made = path.strip_suffix(".identity.objectId").or(path.strip_suffix(".principalId"));
        let Some(part) = made.filter(|part| *part != "properties") else { return true };
        let Some(own) = self.deployment.resource(resource) else { return false };
        let parts = walk(&self.deployment.inputs, &own.body, part);
        own.when.implies(&parts.iter().fold(Condition::FALSE, |all, one| all.or(&one.when)))
    }

    /// The id of the resource that answers a canonical principal id, created here or not, and how it does.
    fn owner(&self, principal: &Value) -> Option<(Value, Wanted)> {
        if let Some((index, wanted)) = self.principal(principal) {
            return Some((self.deployment.resource(index)?.id.to_value(), wanted));
        }
        match principal.as_symbol()? {
            Symbol::Attribute { resource, path } => Some((resource.clone(), Wanted::Attribute(path.to_string()))),
            _ => None,
        }
    }

    /// How a unit can name something: by what it declares itself, by its parameters and variables, by what its calls give back.
    pub fn spell(&self, words: &dyn Units, unit: &Unit, target: Target<'_>) -> Option<Spelled> {
        let created = match target {
            Target::Id(id) => self.created(id).map(|(index, _)| (index, Wanted::Id)),
            Target::Principal(principal) => self.principal(principal),
            Target::Text(_) => None,
        };
        if let Some((resource, wanted)) = &created
            && let Some(spelled) = self.by_text(words, unit, *resource, wanted)
        {
            return Some(spelled);
        }
        self.by_worth(words, unit, target)
    }

    /// By the resources that are declared in the unit, and by what is written for outputs and arguments.
    fn by_text(&self, words: &dyn Units, unit: &Unit, resource: ResourceIndex, wanted: &Wanted) -> Option<Spelled> {
        let (home, declared) = self.declared(resource)?;
        if home == *unit {
            return words.own(declared, wanted);
        }
        if home.is_in(unit) {
            // Down: an output of the module that leads there.
            let depth = home.calls.len() - unit.calls.len() - 1;
            let call = home.calls[depth];
            let file = if depth == 0 { home.file } else { home.calls[depth - 1].file };
            let child = Unit { file, calls: home.calls[depth..].to_vec(), frames: home.frames[depth..].to_vec() };
            let inner = folded(&self.by_text(words, &child, resource, wanted)?.text);
            let outputs = words.outputs(&child);
            let name = outputs.into_iter().find(|(_, text)| folded(text) == inner)?.0;
            let round = self.frame(&child).and_then(|frame| frame.round.as_ref());
            let text = words.output(unit, call, round, &name)?;
            return Some(Spelled { text, stable: None, uses: vec![call] });
        }
        // Up: what the caller passes.
        let (parent, call) = unit.parent()?;
        let outer = folded(&self.by_text(words, &parent, resource, wanted)?.text);
        let passed = words.arguments(&parent, call);
        let name = passed.into_iter().find(|(_, text)| folded(text) == outer)?.0;
        let text = words.parameter(&name);
        Some(Spelled { stable: Some(text.clone()), text, uses: Vec::new() })
    }

    /// By what the names of the unit are worth, the best first.
    fn by_worth(&self, words: &dyn Units, unit: &Unit, target: Target<'_>) -> Option<Spelled> {
        let frame = self.frame(unit)?;
        let owner = match target {
            Target::Principal(principal) => self.owner(principal),
            Target::Id(id) => Some((id.clone(), Wanted::Id)),
            Target::Text(_) => None,
        };
        let of_kind = |kind: fn(NameKind) -> bool| frame.names.iter().filter(move |name| kind(name.kind));
        for name in of_kind(|kind| matches!(kind, NameKind::Resource { .. })) {
            if let Some((id, wanted)) = &owner
                && self.same(Target::Id(id), &name.value, &name.when)
                && let Some(spelled) = words.named(unit, name, wanted)
            {
                return Some(spelled);
            }
        }
        // By the place in a list only outputs are named: what is passed may be a set, or have another order elsewhere.
        for name in of_kind(|kind| matches!(kind, NameKind::Parameter | NameKind::Variable)) {
            if let Some(path) =
                self.within(target, &name.value, &name.when, MAX_DEPTH).filter(|path| !path.contains('['))
                && let Some(spelled) = words.named(unit, name, &Wanted::Id)
            {
                let longer = |text: String| text + &path;
                return Some(Spelled { text: longer(spelled.text), stable: spelled.stable.map(longer), ..spelled });
            }
        }
        for (child, own) in self.deployment.frames.iter().zip(self.units()) {
            let Some((_, call)) = own.parent().filter(|(parent, _)| parent == unit) else { continue };
            for name in child.names.iter().filter(|name| name.kind == NameKind::Output) {
                if let Some(path) = self.within(target, &name.value, &name.when, MAX_DEPTH)
                    && let Some(text) = words.output(unit, call, child.round.as_ref(), &name.name)
                {
                    return Some(Spelled { text: text + &path, stable: None, uses: vec![call] });
                }
            }
        }
        None
    }

    /// The path in a value at which the target stands whenever the value does, as it is written behind a name.
    fn within(&self, target: Target<'_>, value: &Value, when: &Condition, depth: usize) -> Option<String> {
        if self.same(target, value, when) {
            return Some(String::new());
        }
        if depth == 0 {
            return None;
        }
        if let Some(array) = value.as_array() {
            // The place of an item is certain as long as all before it are there.
            let certain = array.items.iter().take_while(|item| !item.many && when.implies(&item.when));
            return certain.enumerate().take(MAX_ITEMS).find_map(|(at, item)| {
                let inner = self.within(target, &item.value, when, depth - 1)?;
                Some(format!("[{at}]{inner}"))
            });
        }
        let object = value.as_object()?;
        object.properties.iter().find_map(|(key, property)| {
            let plain = |one: char| one.is_ascii_alphanumeric() || one == '_';
            let is_name =
                key.as_str().chars().all(plain) && !key.as_str().starts_with(|one: char| one.is_ascii_digit());
            if !is_name || property.name.is_some() || !when.implies(&property.when) {
                return None;
            }
            let inner = self.within(target, &property.value, when, depth - 1)?;
            Some(format!(".{}{inner}", key.as_str()))
        })
    }

    /// Whether a value is the target, whenever there is one.
    fn same(&self, target: Target<'_>, value: &Value, when: &Condition) -> bool {
        let inputs = &self.deployment.inputs;
        let equal = match target {
            Target::Principal(principal) => {
                let own = self.identities.canonical(value);
                equality(inputs, &own, principal, Case::Insensitive).equal
            }
            Target::Id(id) => {
                let Some(id) = level(&Place::parse(id)) else { return false };
                let same = value.alternatives().into_iter().filter_map(|(own, value)| {
                    Some(own.and(&id_equality(inputs, &level(&Place::parse(value))?, &id).equal))
                });
                same.fold(Condition::FALSE, |all, one| all.or(&one))
            }
            Target::Text(text) => {
                if !self.of_one_place(value, text) {
                    return false;
                }
                equality(inputs, value, text, Case::Insensitive).equal
            }
        };
        !when.is_false() && when.implies(&equal)
    }

    /// Whether two texts are not merely worth the same: they were written in one place, or contain what is open.
    fn of_one_place(&self, a: &Value, b: &Value) -> bool {
        let written = |value: &Value| self.deployment.origins.chain(value.origin()).last().map(|node| node.span);
        matches!((a.kind(), b.kind()), (Kind::Text(_) | Kind::Symbol(_), Kind::Text(_) | Kind::Symbol(_)))
            || written(a).is_some() && written(a) == written(b)
    }

    /// The resources that are made where a declaration stands, or below it where it is a call.
    fn made_at(&self, place: Span) -> &[ResourceIndex] {
        let made = self.made.get_or_init(|| {
            let mut made: FxHashMap<Span, Vec<ResourceIndex>> = FxHashMap::default();
            for (index, _) in self.deployment.enumerate() {
                let Some((unit, span)) = self.declared(index) else { continue };
                for place in unit.calls.into_iter().chain([span]) {
                    made.entry(place).or_default().push(index);
                }
            }
            made
        });
        made.get(&place).map_or(&[], Vec::as_slice)
    }

    /// Whether something that is made at one place waits for something that is made at the other.
    pub fn waits(&self, later: Span, earlier: Span) -> bool {
        let waits_for = self.waits_for.get_or_init(|| {
            let mut all: FxHashMap<ResourceIndex, Vec<ResourceIndex>> = FxHashMap::default();
            self.deployment.edges.iter().for_each(|(from, to)| all.entry(*from).or_default().push(*to));
            all
        });
        let wanted = self.made_at(earlier);
        let mut open = self.made_at(later).to_vec();
        let mut seen: FxHashSet<ResourceIndex> = open.iter().copied().collect();
        while let Some(at) = open.pop() {
            if wanted.contains(&at) {
                return true;
            }
            open.extend(waits_for.get(&at).into_iter().flatten().filter(|to| seen.insert(**to)));
        }
        false
    }

    /// Where an assignment may stand, the best first: beside its scope, beside what needs it, in the units around these, in any
    /// other.
    pub fn homes(&self, assign: &Assign) -> Vec<Unit> {
        let scope = self.created(&assign.scope).and_then(|(scope, _)| self.declared(scope)).map(|(unit, _)| unit);
        let needed = self.declared(assign.needed_by).map(|(unit, _)| unit);
        let mut homes: Vec<Unit> = Vec::new();
        let around = [&scope, &needed].into_iter().flatten().flat_map(|unit| unit.and_around().skip(1));
        for unit in scope.iter().chain(&needed).cloned().chain(around).chain(self.units().iter().cloned()) {
            if !homes.contains(&unit) {
                homes.push(unit);
            }
        }
        homes
    }

    /// Whether a scope is the resource group that all resources of a unit go to.
    pub fn is_group_of(&self, unit: &Unit, scope: &Value) -> bool {
        let target = self.frame(unit).and_then(|frame| frame.target.clone());
        let (Some(target @ Place::ResourceGroup(..)), own @ Place::ResourceGroup(..)) = (target, Place::parse(scope))
        else {
            return false;
        };
        // Groups are equal where all that is in them is.
        let Some(any) = self.deployment.resources.first().map(|resource| &resource.id) else { return false };
        let in_group = |scope| ResourceId { scope, ..any.clone() };
        id_equality(&self.deployment.inputs, &in_group(target), &in_group(own)).equal.is_true()
    }

    /// Whether something is assigned at just this scope already: the name of another assignment there must differ from it even
    /// where one of them is named for what it is not.
    pub fn has_assignments(&self, scope: &Value) -> bool {
        let Some(id) = ResourceId::parse(scope) else { return false };
        let inputs = &self.deployment.inputs;
        let mut assignments = self.deployment.of_type(crate::ROLE_ASSIGNMENTS).map(|(_, one)| one);
        assignments.any(|one| match &one.id.scope {
            Place::Resource(own) => !id_equality(inputs, own, &id).different.is_true(),
            _ => false,
        })
    }

    /// The innermost unit that holds two places, and what stands in it for each: the place or the call of the module around it.
    pub fn together(a: &(Unit, Span), b: &(Unit, Span)) -> (Unit, Span, Span) {
        let (ours, theirs) = (a.0.frames.iter().rev(), b.0.frames.iter().rev());
        // The outermost frame is one and the same.
        let shared = ours.zip(theirs).take_while(|(a, b)| a == b).count().saturating_sub(1);
        let at = |(unit, own): &(Unit, Span)| match unit.calls.len() - shared {
            0 => *own,
            depth => unit.calls[depth - 1],
        };
        let (own, other) = (at(a), at(b));
        let depth = a.0.calls.len() - shared;
        let unit = Unit { file: own.file, calls: a.0.calls[depth..].to_vec(), frames: a.0.frames[depth..].to_vec() };
        (unit, own, other)
    }

    /// The text that a span covers.
    pub fn text(&self, span: Span) -> Option<String> {
        let file = self.files.get(span.file)?;
        file.text.get(span.start as usize..span.end as usize).map(str::to_owned)
    }
}

/// The calls at the beginning of a chain.
fn modules(chain: &[rolecall_value::OriginNode]) -> Vec<Span> {
    chain.iter().take_while(|node| matches!(node.hop, Hop::Module(_))).map(|node| node.span).collect()
}

/// Whether two units are instances of one text: Terraform's modules have several files.
fn same_place(site: &Site<'_>, a: &Unit, b: &Unit) -> bool {
    let terraform = site.deployment.language == crate::Language::Terraform;
    let folder = |unit: &Unit| site.files.get(unit.file).and_then(|file| file.path.parent().map(ToOwned::to_owned));
    a.file == b.file || terraform && folder(a) == folder(b)
}

/// A text without white space.
fn folded(text: &str) -> String {
    text.split_whitespace().collect()
}
