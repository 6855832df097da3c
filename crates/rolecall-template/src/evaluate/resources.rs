//! Resources: first what they are called and when they are there, then what they say.

use std::cell::OnceCell;
use std::rc::Rc;

use rolecall_graph::{MadeBy, Resource, ResourceIndex};
use rolecall_source::{Diagnostic, Span};
use rolecall_value::{Condition, Hop, Key, Kind, ReasonKind, ResourceId, Scope, Value, truth};
use rustc_hash::{FxHashMap, FxHashSet};

use super::frame::Frame;
use super::names::{Ids, id_in, id_under, scopes};
use super::{Env, Evaluator, InstanceKey};
use crate::ir::{Element, Expr, ExprKind, ResourceDecl};

/// Where extensions name their resources, below `properties`: Microsoft Graph, Kubernetes, others.
const EXTENSION_NAMES: [&str; 5] = ["uniqueName", "metadata.name", "name", "appId", "displayName"];

/// The resources of one frame, each in each round of its loop.
#[derive(Default)]
pub(super) struct Instances {
    pub all: Vec<Rc<Instance>>,
    /// The top-level resources that have been begun with.
    begun: FxHashSet<usize>,
    /// Places by everything that a reference may write, in lower case; made when one asks, for symbolic names need none.
    by_text: OnceCell<FxHashMap<String, Vec<usize>>>,
    by_symbol: FxHashMap<Key, Vec<usize>>,
}

/// One resource in one round of its loop.
pub(super) struct Instance {
    /// The way to the declaration: its place among the template's resources, then among the children.
    pub path: Vec<usize>,
    pub env: Env,
    /// The number of the round, where it is in a loop.
    pub index: Option<Value>,
    pub name: Value,
    pub ids: Ids,
    pub when: Condition,
    pub many: bool,
    pub existing: bool,
    /// Whether its body is being evaluated for a reference to it.
    pub busy: std::cell::Cell<bool>,
    /// Its body, once a reference to it has asked.
    pub body: std::cell::OnceCell<Value>,
    /// Whether what it deploys is being found out.
    pub resolving: std::cell::Cell<bool>,
    /// What the arguments of the deployment that it is refer to.
    pub uses: std::cell::OnceCell<Vec<InstanceKey>>,
    pub deployments: std::cell::OnceCell<Vec<(Condition, super::nested::Nested)>>,
    /// The instances that its name, scope and condition refer to.
    pub named_uses: Vec<InstanceKey>,
}

impl Instance {
    /// The id as a value, conditional where the name or scope is.
    pub fn id(&self) -> Value {
        Value::cond(self.ids.iter().map(|(when, id)| (when.clone(), id.to_value())))
    }

    pub fn resource_type(&self) -> Option<&str> {
        self.ids.first().map(|(_, id)| id.resource_type.as_str())
    }
}

impl Instances {
    /// The rounds of a symbolic name.
    pub fn by_symbol(&self, symbol: &str) -> &[usize] {
        self.by_symbol.get(&Key::from(symbol)).map_or(&[][..], Vec::as_slice)
    }

    /// The resources that a written reference means: an id, a name, `type/name`, or a loop's name.
    pub fn by_text(&self, frame: &Frame, value: &Value) -> Vec<usize> {
        let by_text = self.by_text.get_or_init(|| self.texts(frame));
        let mut found = Vec::new();
        for (_, value) in value.alternatives() {
            let known = by_text.get(&value.plain().to_lowercase());
            found.extend(known.into_iter().flatten().copied());
            if known.is_none()
                && let Some(text) = value.as_str()
            {
                found.extend(self.by_symbol(text));
            }
        }
        found
    }

    fn texts(&self, frame: &Frame) -> FxHashMap<String, Vec<usize>> {
        let mut by_text: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (place, instance) in self.all.iter().enumerate() {
            for text in reference_texts(instance, declaration(frame, &instance.path)) {
                let places = by_text.entry(text.to_lowercase()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        by_text
    }
}

/// The declaration at the end of a path.
pub(super) fn declaration<'t>(frame: &'t Frame, path: &[usize]) -> Option<&'t ResourceDecl> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(frame.template.resources.get(*first)?, |resource, at| resource.children.get(*at))
}

impl Evaluator<'_> {
    /// The instances of a frame; none while they are being found: what names refer to by symbolic name then is
    /// [found first](Self::symbolic).
    pub(super) fn instances(&self, frame: &Rc<Frame>) -> Rc<Instances> {
        if let Some(known) = &*frame.instances.borrow() {
            return known.clone();
        }
        if frame.busy.replace(true) {
            return Rc::default();
        }
        for place in 0..frame.template.resources.len() {
            self.find_top(frame, place);
        }
        let found = Rc::new(std::mem::take(&mut *frame.found.borrow_mut()));
        *frame.instances.borrow_mut() = Some(found.clone());
        frame.busy.set(false);
        found
    }

    fn find_top(&self, frame: &Rc<Frame>, place: usize) {
        if frame.found.borrow_mut().begun.insert(place)
            && let Some(resource) = frame.template.resources.get(place)
        {
            self.find(frame, &frame.env.clone(), resource, vec![place], None);
        }
    }

    /// The instances of a symbolic name, with their places.
    pub(super) fn symbolic(&self, frame: &Rc<Frame>, name: &str) -> Vec<(usize, Rc<Instance>)> {
        let of = |instances: &Instances| {
            instances.by_symbol(name).iter().map(|place| (*place, instances.all[*place].clone())).collect::<Vec<_>>()
        };
        if frame.instances.borrow().is_none() {
            if frame.busy.get() {
                let root = name.split("::").next().unwrap_or(name);
                let symbols = frame.symbols.get_or_init(|| {
                    let symbols = frame.template.resources.iter().enumerate().filter_map(|(place, resource)| {
                        Some((Key::from(resource.symbol.as_ref()?.value.clone()), place))
                    });
                    symbols.collect()
                });
                if let Some(place) = symbols.get(&Key::from(root)) {
                    self.find_top(frame, *place);
                }
                return of(&frame.found.borrow());
            }
            self.instances(frame);
        }
        frame.instances.borrow().as_ref().map(|instances| of(instances)).unwrap_or_default()
    }

    fn find(
        &self,
        frame: &Rc<Frame>,
        env: &Env,
        resource: &ResourceDecl,
        path: Vec<usize>,
        parent: Option<(&Ids, &Condition, bool)>,
    ) {
        let outside = std::mem::take(&mut self.state.borrow_mut().uses);
        let rounds = match &resource.copy {
            Some(copy) => self.rounds(frame, env, copy, true),
            None => vec![super::loops::Round { env: env.clone(), when: Condition::TRUE, many: false }],
        };
        let counted = std::mem::take(&mut self.state.borrow_mut().uses);
        for round in rounds {
            if self.exhausted() {
                break;
            }
            self.charge(super::RESOURCE_STEPS);
            let (outer, many) = parent.map_or((Condition::TRUE, false), |(_, when, many)| (when.clone(), many));
            let own = match &resource.condition {
                Some(condition) => truth(&self.inputs, &self.eval(frame, &round.env, condition)),
                None => Condition::TRUE,
            };
            let when = outer.and(&round.when).and(&own);
            let many = many || round.many;
            let name = match resource.extension && matches!(resource.name.kind, ExprKind::Invalid(_)) {
                true => self.extension_name(frame, &round.env, resource),
                false => self.eval(frame, &round.env, &resource.name),
            };
            let ids = self.resource_ids(frame, &round.env, resource, &name, parent.map(|(ids, ..)| ids));
            let mut named_uses = std::mem::take(&mut self.state.borrow_mut().uses);
            named_uses.extend(&counted);
            let index = resource.copy.as_ref().and_then(|copy| round.env.index(copy.name.as_deref()).cloned());
            let instance = Rc::new(Instance {
                path: path.clone(),
                env: round.env.clone(),
                index,
                name,
                ids: ids.clone(),
                when: when.clone(),
                many,
                existing: resource.existing,
                busy: std::cell::Cell::new(false),
                body: std::cell::OnceCell::new(),
                resolving: std::cell::Cell::new(false),
                uses: std::cell::OnceCell::new(),
                deployments: std::cell::OnceCell::new(),
                named_uses,
            });
            {
                let mut found = frame.found.borrow_mut();
                let place = found.all.len();
                found.all.push(instance);
                if let Some(symbol) = &resource.symbol {
                    found.by_symbol.entry(symbol.value.clone().into()).or_default().push(place);
                }
            }
            for (place, child) in resource.children.iter().enumerate() {
                let mut path = path.clone();
                path.push(place);
                self.find(frame, &round.env, child, path, Some((&ids, &when, many)));
            }
        }
        self.state.borrow_mut().uses = outside;
    }

    /// What a resource of an extension goes by: extensions have no ids, but most have a property by which they tell their
    /// resources apart.
    fn extension_name(&self, frame: &Rc<Frame>, env: &Env, resource: &ResourceDecl) -> Value {
        let properties = property(&resource.body, "properties");
        let named = EXTENSION_NAMES
            .iter()
            .find_map(|path| path.split('.').try_fold(properties?, |expr, name| property(expr, name)));
        match (named, properties) {
            (Some(name), _) => self.eval(frame, env, name),
            (None, Some(all)) => Value::call("named", vec![self.eval(frame, env, all)]),
            (None, None) => Value::string(""),
        }
    }

    pub(super) fn resource_ids(
        &self,
        frame: &Rc<Frame>,
        env: &Env,
        resource: &ResourceDecl,
        name: &Value,
        parent: Option<&Ids>,
    ) -> Ids {
        let resource_type = &*resource.resource_type.value;
        // A closed input as name stays one name: it is equal to itself, and that is all that matters.
        let names = name.alternatives();
        let mut ids = Vec::new();
        let mut add = |when: Condition, id: ResourceId| {
            if !when.is_false() {
                ids.push((when, id));
            }
        };
        if let (Some(parents), None, false) = (parent, &resource.scope, resource.extension) {
            for (outer, parent) in parents {
                for (when, name) in &names {
                    add(outer.and(when), id_under(parent, resource_type, name));
                }
            }
            return ids;
        }
        if let Some(written) = &resource.parent {
            for (outer, parent) in self.written_scopes(frame, env, written) {
                for (when, name) in &names {
                    match &parent {
                        Scope::Resource(parent) => {
                            let short = resource_type.rsplit('/').next().unwrap_or(resource_type);
                            add(outer.and(when), id_under(parent, short, name));
                        }
                        Scope::ManagementGroup(group) => {
                            let names = vec![group.clone(), Value::clone(name)];
                            let resource_type = resource_type.into();
                            add(outer.and(when), ResourceId { scope: Scope::Tenant, resource_type, names });
                        }
                        _ => add(outer.and(when), id_in(&parent, resource_type, name)),
                    }
                }
            }
            return ids;
        }
        let named = || resource.deployment.as_ref().and_then(|deployment| self.named_targets(frame, env, deployment));
        let scopes = match &resource.scope {
            Some(written) => self.written_scopes(frame, env, written),
            None => named().unwrap_or_else(|| vec![(Condition::TRUE, frame.target.clone())]),
        };
        for (outer, scope) in &scopes {
            for (when, name) in &names {
                add(outer.and(when), id_in(scope, resource_type, name));
            }
        }
        ids
    }

    /// The scopes that an expression means. A symbolic name means the resource itself, whatever its name is worth: an id with
    /// an empty name cannot be read back from its text.
    fn written_scopes(&self, frame: &Rc<Frame>, env: &Env, written: &Expr) -> Vec<(Condition, Scope)> {
        let value = self.eval(frame, env, written);
        if let ExprKind::Symbol(name) = &written.kind
            && let [(_, instance)] = &self.symbolic(frame, name)[..]
            && !instance.many
            && instance.index.is_none()
            && instance.ids.iter().all(|(_, id)| !is_scope(id))
        {
            return instance.ids.iter().map(|(when, id)| (when.clone(), Scope::Resource(id.clone().into()))).collect();
        }
        scopes(&value, &frame.target)
    }

    /// Deploys everything in a frame, all of which waits for `after`.
    pub(super) fn deploy(&self, frame: &Rc<Frame>, after: &[InstanceKey]) -> Vec<ResourceIndex> {
        let instances = self.instances(frame);
        self.state.borrow_mut().frames.push(frame.clone());
        let mut made = Vec::new();
        if let Some(lost) = frame.template.incomplete {
            self.lost(frame, lost, ReasonKind::Unread);
        }
        for place in 0..instances.all.len() {
            if self.exhausted() {
                self.lost(frame, Span::file_start(frame.template.file), ReasonKind::Limit);
                self.limit(Span::file_start(frame.template.file), super::TOO_MANY_STEPS.to_owned());
                break;
            }
            made.extend(self.deploy_instance(frame, &instances, place, after));
        }
        made
    }

    fn deploy_instance(
        &self,
        frame: &Rc<Frame>,
        instances: &Rc<Instances>,
        place: usize,
        after: &[InstanceKey],
    ) -> Vec<ResourceIndex> {
        let instance = &instances.all[place];
        let Some(resource) = declaration(frame, &instance.path) else { return Vec::new() };
        let when = frame.when.and(&instance.when);
        if instance.existing || when.is_false() {
            return Vec::new();
        }
        let ((body, depends_on), mut waits_for) = self.using(|| {
            let body = self.eval(frame, &instance.env, &resource.body);
            (body, resource.depends_on.as_ref().map(|written| self.eval(frame, &instance.env, written)))
        });
        waits_for.extend(&instance.named_uses);
        let (explicit, open_order) = self.explicit(frame, instances, depends_on.as_ref());
        waits_for.extend(explicit);
        if resource.deployment.is_some() {
            self.nested(frame, instance);
            waits_for.extend(instance.uses.get().into_iter().flatten());
        }
        waits_for.extend(after);
        waits_for.extend(self.earlier_rounds(instances, place, resource).into_iter().map(|at| (frame.number, at)));
        if let Some(parent) = self.parent_of(instances, place) {
            waits_for.push((frame.number, parent));
            waits_for.extend(&instances.all[parent].named_uses);
        }
        waits_for.sort_unstable();
        waits_for.dedup();
        let open_order = open_order || waits_for.contains(&super::SOME_ROUND);
        let body = place_of(&body, resource.span, self);
        if when.is_true() {
            self.say_refused(&body);
        }
        self.say_limit(&body, resource.span);
        instance.ids.iter().flat_map(|(_, id)| &id.names).for_each(|name| self.say_limit(name, resource.span));
        let mut made = Vec::new();
        {
            let mut state = self.state.borrow_mut();
            for (alternative, id) in &instance.ids {
                let when = when.and(alternative);
                if when.is_false() {
                    continue;
                }
                let index = ResourceIndex(u32::try_from(state.resources.len()).unwrap_or(u32::MAX));
                let origin = self.origins.hop(resource.span, Hop::Written, frame.origin);
                state.resources.push(Resource {
                    id: id.clone(),
                    when,
                    many: instance.many,
                    body: body.clone(),
                    made_by: MadeBy::Template,
                    origin,
                });
                made.push(index);
            }
            state.emitted.entry((frame.number, place)).or_default().extend(&made);
            if open_order {
                state.open_order.extend(&made);
            }
            if instance.many && resource.copy.as_ref().is_some_and(|copy| copy.batch == Some(1)) {
                state.one_by_one.extend(&made);
            }
            let edges = made.iter().flat_map(|from| waits_for.iter().map(move |to| (*from, *to)));
            state.pending.extend(edges.collect::<Vec<_>>());
        }
        if resource.deployment.is_some() {
            self.deploy_nested(frame, instance, resource, &made, &waits_for);
        }
        made
    }

    /// Says where a resource that is always deployed first has a value that Azure refuses, and that it certainly
    /// evaluates.
    fn say_refused(&self, body: &Value) {
        let Some((value, detail)) = first_refused(body) else { return };
        let Some(span) = self.origins.span(value.origin()) else { return };
        let message = format!("Azure refuses to evaluate this: {detail}; what the resource says here is not analysed");
        self.say(Diagnostic::warning(span, message));
    }

    /// Says which limit made a part of a value unknown, once for each limit.
    fn say_limit(&self, value: &Value, resource: Span) {
        let Some(value) = value.first_of_kind(ReasonKind::Limit) else { return };
        let Some(unknown) = value.as_unknown() else { return };
        let span = self.origins.span(value.origin()).unwrap_or(resource);
        self.limit(span, unknown.reason.detail.to_string());
    }

    /// The instances that an evaluated `dependsOn` names, and whether it may name more.
    fn explicit(
        &self,
        frame: &Rc<Frame>,
        instances: &Instances,
        depends_on: Option<&Value>,
    ) -> (Vec<InstanceKey>, bool) {
        let (mut found, mut open) = (Vec::new(), false);
        for (_, value) in depends_on.map(Value::alternatives).unwrap_or_default() {
            let Some(array) = value.as_array() else {
                open |= !value.is_null();
                continue;
            };
            for item in &array.items {
                // A symbolic resource or module stands for its id.
                let id = item.value.as_object().and_then(|_| item.value.get("id"));
                if id.is_none() && item.value.as_object().is_some() {
                    continue;
                }
                let named = id.as_ref().unwrap_or(&item.value);
                let mut places: Vec<_> =
                    instances.by_text(frame, named).into_iter().map(|place| (frame.number, place)).collect();
                if places.is_empty()
                    && frame.template.symbolic
                    && let Some((symbol, index)) = super::reference::indexed_symbol(named)
                {
                    places = self.using(|| self.symbol_at(frame, &symbol, &index, frame.template.span)).1;
                }
                open |= item.many || (places.is_empty() && named.as_str().is_none());
                found.extend(places);
            }
        }
        (found, open)
    }

    /// The rounds of its loop that an instance waits for: those of the batch before its own.
    fn earlier_rounds(&self, instances: &Instances, place: usize, resource: &ResourceDecl) -> Vec<usize> {
        let Some(size) = resource.copy.as_ref().and_then(|copy| copy.batch).filter(|size| *size > 0) else {
            return Vec::new();
        };
        let path = &instances.all[place].path;
        let outer = self.parent_of(instances, place);
        let same = |at: &usize| instances.all[*at].path == *path;
        let mut rounds: Vec<usize> = (outer.unwrap_or(0)..place).filter(same).collect();
        // Those that are never made let nobody wait.
        rounds.retain(|at| !instances.all[*at].when.is_false());
        let batch = rounds.len() / size;
        match batch.checked_sub(1) {
            Some(before) => rounds[before * size..batch * size].to_vec(),
            None => Vec::new(),
        }
    }

    /// The instance inside which this one is written: it is found before its children.
    fn parent_of(&self, instances: &Instances, place: usize) -> Option<usize> {
        let path = &instances.all[place].path;
        let (_, parent) = path.split_last().filter(|(_, parent)| !parent.is_empty())?;
        (0..place).rev().find(|at| instances.all[*at].path == parent)
    }
}

/// The first value that is refused, and why, among those that are there under no condition.
fn first_refused(value: &Value) -> Option<(&Value, &str)> {
    match value.kind() {
        Kind::Object(object) => {
            let mut properties = object.properties.values().filter(|property| property.when.is_true());
            properties.find_map(|property| first_refused(&property.value))
        }
        Kind::Array(array) => {
            let mut items = array.items.iter().filter(|item| item.when.is_true() && !item.many);
            items.find_map(|item| first_refused(&item.value))
        }
        Kind::Unknown(unknown) if unknown.reason.kind == ReasonKind::Refused => Some((value, &unknown.reason.detail)),
        _ => None,
    }
}

/// Whether a resource is a scope of its own kind rather than one like other resources.
fn is_scope(id: &ResourceId) -> bool {
    !matches!(Scope::parse(&id.to_value()), Scope::Resource(_) | Scope::Opaque(_))
}

/// A property that is written out in an object expression.
fn property<'e>(object: &'e Expr, name: &str) -> Option<&'e Expr> {
    let ExprKind::Object(elements) = &object.kind else { return None };
    elements.iter().find_map(|element| match element {
        Element::Property(Expr { kind: ExprKind::Str(key), .. }, value) if key.eq_ignore_ascii_case(name) => {
            Some(value)
        }
        _ => None,
    })
}

/// Everything by which other resources may refer to an instance.
fn reference_texts(instance: &Instance, resource: Option<&ResourceDecl>) -> Vec<String> {
    let mut texts = Vec::new();
    for (_, id) in &instance.ids {
        texts.push(id.to_value().plain());
        let last: Vec<String> = id.names.iter().map(Value::plain).collect();
        texts.push(last.join("/"));
        let mut types = id.resource_type.as_str().split('/');
        let mut mixed = types.next().unwrap_or_default().to_owned();
        for (segment, name) in types.zip(&last) {
            mixed.push_str(&format!("/{segment}/{name}"));
        }
        texts.push(mixed);
        // `[concat('Microsoft.Network/virtualNetworks/', name)]`: the type, then the names.
        texts.push(format!("{}/{}", id.resource_type, last.join("/")));
    }
    for (_, name) in instance.name.alternatives() {
        texts.push(name.plain());
    }
    if let Some(name) = resource.and_then(|resource| resource.copy.as_ref()).and_then(|copy| copy.name.as_ref()) {
        texts.push(name.to_string());
    }
    texts
}

fn place_of(body: &Value, span: Span, evaluator: &Evaluator<'_>) -> Value {
    body.clone().or_origin(evaluator.origins.written(span))
}
