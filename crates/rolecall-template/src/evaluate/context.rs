//! Functions that depend on where and how the template is deployed.

use std::rc::Rc;
use std::sync::Arc;

use rolecall_source::Span;
use rolecall_value::{Hop, Kind, Piece, ReasonKind, ResourceId, ResourceType, Scope, Value, segments};

use super::expr::{rename, texts};
use super::frame::{ARTIFACTS, Frame};
use super::resources::Instance;
use super::{Env, Evaluator};

impl Evaluator<'_> {
    /// Evaluates a function that needs the deployment; `None` where it does not.
    pub(super) fn context_call(
        &self,
        frame: &Rc<Frame>,
        env: &Env,
        span: Span,
        name: &str,
        arguments: &[Value],
    ) -> Option<Value> {
        let lexical = || frame.lexical();
        Some(match (name, arguments) {
            ("parameters", [name]) => self.by_name(name, |name, certain| self.parameter(frame, name, span, certain)),
            ("variables", [name]) => self.by_name(name, |name, certain| self.variable(frame, name, span, certain)),
            ("copyindex", _) => self.copy_index(env, span, arguments),
            ("resourcegroup", []) => resource_group(&lexical().target),
            ("subscription", []) => subscription(&lexical().target),
            ("tenant", []) => tenant(),
            ("managementgroup", []) => match &lexical().target {
                Scope::ManagementGroup(name) => management_group(name),
                _ => Value::environment("managementGroup()"),
            },
            ("resourcegroup" | "subscription" | "managementgroup", _) => {
                self.distribute(arguments, &mut |arguments| scope_object(&lexical().target, name, arguments))
            }
            ("deployment", []) => self.deployment_object(&lexical()),
            ("environment", []) => Value::environment("environment()"),
            ("deployer", []) => Value::environment("deployer()"),
            ("newguid" | "utcnow", _) => {
                // One value for each parameter that has it as default, the same wherever that is used.
                let place = self.state.borrow().evaluating.clone().unwrap_or_else(|| "".into());
                Value::call(name, std::iter::once(Value::string(place)).chain(arguments.iter().cloned()).collect())
            }
            ("resourceid", [_, ..]) => self.ids(arguments, &mut |arguments| resource_id(&lexical().target, arguments)),
            ("subscriptionresourceid", [_, ..]) => {
                self.ids(arguments, &mut |arguments| subscription_resource_id(&lexical().target, arguments))
            }
            ("tenantresourceid", [_, ..]) => self.ids(arguments, &mut |arguments| typed(Scope::Tenant, arguments)),
            ("managementgroupresourceid", [_, ..]) => {
                self.ids(arguments, &mut |arguments| match first_type(arguments)? {
                    0 => match &lexical().target {
                        Scope::ManagementGroup(_) => typed(lexical().target.clone(), arguments),
                        _ => typed(Scope::ManagementGroup(Value::environment("managementGroup().name")), arguments),
                    },
                    _ => typed(Scope::ManagementGroup(arguments[0].clone()), &arguments[1..]),
                })
            }
            ("extensionresourceid", [_, _, ..]) => {
                self.ids(arguments, &mut |arguments| typed(Scope::parse(&arguments[0]), &arguments[1..]))
            }
            ("reference", [_, ..]) => self.reference(frame, span, arguments),
            ("resourceinfo", [symbol]) => match super::reference::indexed_symbol(symbol) {
                Some((name, index)) => self.symbol_at(frame, &name, &index, span)?,
                None => self.by_name(symbol, |name, _| self.symbol(frame, name, span)),
            },
            ("secret", _) => Value::call("secret", arguments.to_vec()),
            ("any", [value]) => value.clone(),
            // What only the machine knows that deploys, in parameter files.
            ("readenvironmentvariable" | "externalinput", _) => {
                Value::environment(format!("{name}({})", super::expr::texts(arguments)))
            }
            _ => return None,
        })
    }

    /// What a name that may itself be computed stands for. `of` is told too whether it is the only one that it can be.
    fn by_name(&self, name: &Value, of: impl Fn(&str, bool) -> Value) -> Value {
        let name = crate::functions::take_apart(&self.inputs, name);
        let certain = !matches!(name.kind(), Kind::Cond(_));
        name.map(|name| match name.as_str() {
            Some(name) => of(name, certain),
            None => match name.first_unknown() {
                Some(unknown) => rename(unknown, &format!("named({})", name.text())),
                None => Value::unknown(
                    ReasonKind::Runtime,
                    "the name of a parameter or variable is not known",
                    format!("named({})", name.text()),
                ),
            },
        })
    }

    fn copy_index(&self, env: &Env, span: Span, arguments: &[Value]) -> Value {
        let (name, offset) = match arguments {
            [] => (None, 0),
            [only] => (only.as_str(), only.as_int().unwrap_or(0)),
            [name, offset, ..] => (name.as_str(), offset.as_int().unwrap_or(0)),
        };
        match env.index(name) {
            Some(index) => {
                let index = index.clone().with_origin(self.origins.written(span));
                match index.as_int() {
                    Some(number) => Value::int(number.saturating_add(offset)),
                    None if offset == 0 => index,
                    None => Value::call("add", vec![index, Value::int(offset)]),
                }
            }
            None => super::expr::refused("`copyIndex` stands outside the loop that it means", "copyIndex()"),
        }
    }

    fn deployment_object(&self, frame: &Frame) -> Value {
        let name = frame.name.clone();
        let id = ResourceId {
            scope: frame.target.clone(),
            resource_type: "Microsoft.Resources/deployments".into(),
            names: vec![name.clone()],
        };
        let link = Value::object([("uri", Value::environment(ARTIFACTS))]);
        let properties = rolecall_value::Object {
            properties: [("templateLink".into(), link.into())].into_iter().collect(),
            rest: Some(Value::environment("deployment().properties")),
        };
        Value::object([
            ("name", name),
            ("id", id.to_value()),
            ("location", Value::environment("deployment().location")),
            ("properties", properties.into()),
        ])
    }

    fn ids(&self, arguments: &[Value], make: &mut dyn FnMut(&[Value]) -> Option<Value>) -> Value {
        self.distribute(arguments, &mut |arguments| {
            make(arguments).unwrap_or_else(|| match arguments.iter().find_map(Value::first_unknown) {
                Some(unknown) => rename(unknown, &format!("resourceId({})", texts(arguments))),
                None => Value::call("resourceid", arguments.to_vec()),
            })
        })
    }

    /// The value of a symbolic name: a resource's or a module's.
    pub(super) fn symbol(&self, frame: &Rc<Frame>, name: &str, span: Span) -> Value {
        let found = self.symbolic(frame, name);
        let looped = found.iter().any(|(_, instance)| instance.index.is_some());
        self.use_all(frame, &found);
        let value = match &found[..] {
            [(_, only)] if !looped => self.symbol_value(frame, only),
            [_, ..] if looped => {
                let items = found.iter().map(|(_, instance)| rolecall_value::Item {
                    value: self.symbol_value(frame, instance),
                    when: instance.when.clone(),
                    many: instance.many,
                });
                rolecall_value::Array { items: items.collect() }.into()
            }
            [] if self.looped_declaration(frame, name).is_some() => Value::array([]),
            _ => {
                return Value::unknown(
                    ReasonKind::Unsupported,
                    format!("`{name}` is not a resource of this template"),
                    format!("symbol {name}"),
                );
            }
        };
        let origin = self.origins.hop(span, Hop::Written, rolecall_value::Origin::NONE);
        value.with_origin(origin)
    }

    /// `name[key]` of a resource or module in a loop; `None` where the name is no such one.
    pub(super) fn symbol_at(&self, frame: &Rc<Frame>, name: &str, key: &Value, span: Span) -> Option<Value> {
        let resource = self.looped_declaration(frame, name)?;
        let copy = resource.copy.as_ref()?;
        let found = self.symbolic(frame, name);
        let key = crate::functions::expand(&self.inputs, key);
        let value = key.map(|key| {
            if let Some(one) = found.iter().find(|(_, instance)| instance.index.as_ref() == Some(key)) {
                self.use_all(frame, std::slice::from_ref(one));
                return self.symbol_value(frame, &one.1);
            }
            let array = self.looped_array(frame, &frame.env, &copy.count).map(|array| super::loops::joined(&array));
            let env = self.bind(&frame.env, copy, true, array.as_ref(), key.clone());
            let written = self.eval(frame, &env, &resource.name);
            let ids = self.resource_ids(frame, &env, resource, &written, None);
            // Which round an open index means is told by the id that it gives, as where no symbolic names are.
            let same = |(_, instance): &&(usize, Rc<Instance>)| {
                instance.ids.iter().any(|(_, id)| ids.iter().any(|(_, own)| own == id))
            };
            let meant: Vec<_> = found.iter().filter(same).cloned().collect();
            self.use_all(frame, &meant);
            if meant.is_empty() && key.as_int().is_none() {
                self.state.borrow_mut().uses.push(super::SOME_ROUND);
            }
            let resource_type = ids.first().map(|(_, id)| id.resource_type.as_str().to_owned());
            let id = Value::cond(ids.iter().map(|(when, id)| (when.clone(), id.to_value())));
            let rest = Value::attribute(id.clone(), "");
            symbol_object(id, written, resource_type.as_deref(), rest)
        });
        let origin = self.origins.hop(span, Hop::Written, rolecall_value::Origin::NONE);
        Some(value.with_origin(origin))
    }

    /// The declaration of a top-level resource that stands in a loop.
    fn looped_declaration<'f>(&self, frame: &'f Frame, name: &str) -> Option<&'f crate::ir::ResourceDecl> {
        let named = |resource: &&crate::ir::ResourceDecl| {
            resource.copy.is_some()
                && resource.symbol.as_ref().is_some_and(|symbol| symbol.value.eq_ignore_ascii_case(name))
        };
        frame.template.resources.iter().find(named)
    }

    pub(super) fn use_all(&self, frame: &Frame, found: &[(usize, Rc<Instance>)]) {
        let mut state = self.state.borrow_mut();
        for (place, instance) in found {
            state.uses.push((frame.number, *place));
            // What is never deployed itself passes on what it stands on.
            if instance.existing {
                state.uses.extend(&instance.named_uses);
            }
        }
    }

    fn symbol_value(&self, frame: &Rc<Frame>, instance: &Instance) -> Value {
        let id = instance.id();
        let finding = frame.instances.borrow().is_none()
            && instance.resource_type().is_none_or(|t| !t.eq_ignore_ascii_case("Microsoft.Resources/deployments"));
        let rest = if finding { Value::attribute(id.clone(), "") } else { self.full_reference(frame, instance) };
        // Resources of extensions are what stands in their properties.
        if super::resources::declaration(frame, &instance.path).is_some_and(|resource| resource.extension) {
            return rest.get("properties").unwrap_or_else(Value::null);
        }
        symbol_object(id, instance.name.clone(), instance.resource_type(), rest)
    }
}

fn symbol_object(id: Value, name: Value, resource_type: Option<&str>, rest: Value) -> Value {
    let properties = [("id", id), ("name", name), ("type", Value::string(resource_type.unwrap_or_default()))];
    let properties = properties.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    rolecall_value::Object { properties, rest: Some(rest) }.into()
}

/// The place of the type among the arguments of a `resourceId` function: the first that has a slash.
fn first_type(arguments: &[Value]) -> Option<usize> {
    arguments.iter().position(|argument| argument.as_str().is_some_and(|text| text.contains('/')))
}

fn resource_id(target: &Scope, arguments: &[Value]) -> Option<Value> {
    let scope = match (first_type(arguments)?, target) {
        (0, scope) => scope.clone(),
        (1, Scope::ResourceGroup(subscription, _) | Scope::Subscription(subscription)) => {
            Scope::ResourceGroup(subscription.clone(), arguments[0].clone())
        }
        (1, _) => Scope::Subscription(arguments[0].clone()),
        (2, _) => Scope::ResourceGroup(arguments[0].clone(), arguments[1].clone()),
        _ => return None,
    };
    typed(scope, &arguments[first_type(arguments)?..])
}

fn subscription_resource_id(target: &Scope, arguments: &[Value]) -> Option<Value> {
    match first_type(arguments)? {
        0 => typed(Scope::Subscription(subscription_of(target)), arguments),
        1 => typed(Scope::Subscription(arguments[0].clone()), &arguments[1..]),
        _ => None,
    }
}

/// The id of `[type, name, …]` in a scope.
fn typed(scope: Scope, arguments: &[Value]) -> Option<Value> {
    let (resource_type, names) = arguments.split_first()?;
    let resource_type = resource_type.as_str()?.trim_matches('/');
    let wanted = resource_type.split('/').count() - 1;
    let mut names = names.to_vec();
    if names.len() != wanted {
        names = names.iter().flat_map(segments).collect();
    }
    if names.len() != wanted || names.is_empty() {
        return None;
    }
    Some(ResourceId { scope, resource_type: ResourceType::from(resource_type), names }.to_value())
}

fn subscription_of(scope: &Scope) -> Value {
    match scope {
        Scope::ResourceGroup(subscription, _) | Scope::Subscription(subscription) => subscription.clone(),
        _ => Value::environment("subscription().subscriptionId"),
    }
}

fn resource_group(target: &Scope) -> Value {
    let Scope::ResourceGroup(_, name) = target else { return Value::environment("resourceGroup()") };
    let id = target.to_value();
    let rest = Value::attribute(id.clone(), "");
    let properties =
        [("id", id), ("name", name.clone()), ("type", Value::string("Microsoft.Resources/resourceGroups"))];
    let properties = properties.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    rolecall_value::Object { properties, rest: Some(rest) }.into()
}

fn subscription(target: &Scope) -> Value {
    let id = subscription_of(target);
    Value::object([
        ("id", Scope::Subscription(id.clone()).to_value()),
        ("subscriptionId", id.clone()),
        ("tenantId", Value::environment("tenant().tenantId")),
        ("displayName", Value::attribute(Scope::Subscription(id).to_value(), "displayName")),
    ])
}

fn tenant() -> Value {
    Value::object([
        ("id", Value::string("/")),
        ("tenantId", Value::environment("tenant().tenantId")),
        ("displayName", Value::environment("tenant().displayName")),
    ])
}

fn management_group(name: &Value) -> Value {
    let id = Scope::ManagementGroup(name.clone()).to_value();
    Value::object([("name", name.clone()), ("id", id.clone()), ("properties", Value::attribute(id, "properties"))])
}

/// `resourceGroup('name')` and the like, as Bicep writes scopes.
fn scope_object(target: &Scope, function: &str, arguments: &[Value]) -> Value {
    match (function, arguments) {
        ("resourcegroup", [name]) => resource_group(&Scope::ResourceGroup(subscription_of(target), name.clone())),
        ("resourcegroup", [subscription, name, ..]) => {
            resource_group(&Scope::ResourceGroup(subscription.clone(), name.clone()))
        }
        ("subscription", [id, ..]) => subscription(&Scope::Subscription(id.clone())),
        ("managementgroup", [name, ..]) => management_group(name),
        _ => Value::environment(format!("{function}()")),
    }
}

/// The path of a linked template relative to the one that links it, out of an address built from the folder's own.
pub(super) fn relative_link(link: &Value) -> Option<Arc<str>> {
    let is_folder = |value: &Value| matches!(value.as_symbol(), Some(rolecall_value::Symbol::Environment(name)) if &**name == ARTIFACTS);
    match link.kind() {
        Kind::Text(pieces) => match &pieces[..] {
            [Piece::Hole(folder), path @ ..] if is_folder(folder) => path_before_token(path),
            _ => None,
        },
        Kind::Symbol(symbol) => match &**symbol {
            rolecall_value::Symbol::Call { function, arguments } => match (&**function, &arguments[..]) {
                ("uri", [folder, path]) if is_folder(folder) => match path.kind() {
                    Kind::Str(path) => path_before_token(&[Piece::Literal(path.clone())]),
                    Kind::Text(pieces) => path_before_token(pieces),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// A constant path, which a query or a token may follow; a hole inside of the path leaves it open.
fn path_before_token(pieces: &[Piece]) -> Option<Arc<str>> {
    let (Piece::Literal(text), rest) = pieces.split_first()? else { return None };
    let (path, query) = text.split_at(text.find(['?', '#']).unwrap_or(text.len()));
    let whole = rest.is_empty() || !query.is_empty() || path.to_ascii_lowercase().ends_with(".json");
    let path = path.trim_start_matches('/');
    (whole && !path.is_empty()).then(|| path.into())
}

/// The path in an address that is an open folder, a constant path to a template, and perhaps a token.
pub(super) fn path_in_folder(link: &Value) -> Option<Arc<str>> {
    let Kind::Text(pieces) = link.kind() else { return None };
    let [Piece::Hole(_), path @ ..] = &pieces[..] else { return None };
    path_before_token(path).filter(|path| path.to_ascii_lowercase().ends_with(".json"))
}
