//! `reference()`: what the template itself decides is resolved, the rest is an attribute of the resource.

use std::rc::Rc;

use rolecall_source::Span;
use rolecall_value::{Key, Kind, Object, Piece, Scope, Value};

use super::Evaluator;
use super::expr::rename;
use super::frame::Frame;
use super::resources::Instance;

/// Properties that list child resources, whose ids then are their parent's with this segment and their name.
const LISTED_CHILDREN: [(&str, &str); 1] = [("Microsoft.Network/virtualNetworks", "subnets")];

impl Evaluator<'_> {
    pub(super) fn reference(&self, frame: &Rc<Frame>, span: Span, arguments: &[Value]) -> Value {
        let full = arguments.get(2).and_then(Value::as_str).is_some_and(|detail| detail.eq_ignore_ascii_case("full"));
        let Some(target) = arguments.first() else { return Value::null() };
        self.distribute(std::slice::from_ref(target), &mut |target| self.reference_one(frame, &target[0], full))
            .with_origin(self.origins.written(span))
    }

    fn reference_one(&self, frame: &Rc<Frame>, target: &Value, full: bool) -> Value {
        if let Kind::Unknown(_) = target.kind() {
            return rename(target, &format!("reference({})", target.text()));
        }
        // The nested template first, then those around it whose expressions it shares.
        let mut at = Some(frame.clone());
        while let Some(frame) = at {
            let instances = self.instances(&frame);
            if frame.template.symbolic
                && let Some((symbol, key)) = indexed_symbol(target)
                && let Some(value) = self.symbol_at(&frame, &symbol, &key, frame.template.span)
            {
                return if full { value } else { value.get("properties").unwrap_or_else(Value::null) };
            }
            // Symbolic names are found even while the others are being looked for.
            let found = match target.as_str().map(|symbol| self.symbolic(&frame, symbol)) {
                Some(found) if !found.is_empty() => found,
                _ => instances
                    .by_text(&frame, target)
                    .into_iter()
                    .map(|place| (place, instances.all[place].clone()))
                    .collect(),
            };
            if let [(_, first), ..] = &found[..] {
                self.state.borrow_mut().uses.extend(found.iter().map(|(place, _)| (frame.number, *place)));
                let whole = self.full_reference(&frame, first);
                return if full { whole } else { whole.get("properties").unwrap_or_else(Value::null) };
            }
            at = frame.outer.clone();
        }
        // `type/name` is a resource of the scope that the expression sees.
        let target = match super::names::scope(target, &frame.lexical().target) {
            Scope::Resource(id) => id.to_value(),
            _ => target.clone(),
        };
        Value::attribute(target, if full { "" } else { "properties" })
    }

    /// What the template itself says of the children that a resource lists in a property: their ids and names.
    fn listed_children(&self, frame: &Rc<Frame>, instance: &Instance) -> Option<(Value, &'static str)> {
        let resource_type = instance.resource_type()?;
        let (_, property) = LISTED_CHILDREN.iter().find(|(known, _)| resource_type.eq_ignore_ascii_case(known))?;
        let body = self.body(frame, instance)?;
        let listed = body.get("properties")?.get(property)?;
        let array = listed.as_array()?;
        let whole = Value::attribute(instance.id(), format!("properties.{property}"));
        let items = array.items.iter().enumerate().map(|(index, item)| {
            let name = item.value.get("name").unwrap_or_else(Value::null);
            let ids = instance.ids.iter().flat_map(|(when, id)| {
                let alternatives = name.alternatives().into_iter();
                alternatives.map(move |(inner, name)| (when.and(&inner), id.child(property, name.clone()).to_value()))
            });
            let id = Value::cond(ids.collect::<Vec<_>>());
            let known = [("id", id), ("name", name.clone())];
            let object = Object {
                properties: known.into_iter().map(|(key, value)| (Key::from(key), value.into())).collect(),
                rest: Some(Value::call(
                    "member",
                    vec![whole.clone(), Value::int(i64::try_from(index).unwrap_or(i64::MAX))],
                )),
            };
            rolecall_value::Item { value: object.into(), when: item.when.clone(), many: item.many }
        });
        Some((rolecall_value::Array { items: items.collect() }.into(), property))
    }

    /// The body of an instance, where it does not depend on what is being evaluated.
    fn body(&self, frame: &Rc<Frame>, instance: &Instance) -> Option<Value> {
        if let Some(known) = instance.body.get() {
            return Some(known.clone());
        }
        let resource = super::resources::declaration(frame, &instance.path).filter(|_| !instance.existing)?;
        if instance.busy.replace(true) {
            return None;
        }
        let (body, _) = self.using(|| self.eval(frame, &instance.env, &resource.body));
        instance.busy.set(false);
        Some(instance.body.get_or_init(|| body).clone())
    }

    /// Everything that can be referred to of an instance.
    pub(super) fn full_reference(&self, frame: &Rc<Frame>, instance: &Instance) -> Value {
        let whole = Value::attribute(instance.id(), "");
        let inside = |name: &str, value: Value, rest: Value| -> Value {
            let properties = [(Key::from(name), value.into())].into_iter().collect();
            Object { properties, rest: Some(rest) }.into()
        };
        let known = match self.outputs(frame, instance) {
            Some(outputs) => Some((outputs, "outputs")),
            None => self.listed_children(frame, instance),
        };
        let Some((value, name)) = known else { return whole };
        let properties = inside(name, value, whole.get("properties").unwrap_or_else(Value::null));
        inside("properties", properties, whole)
    }
}

/// The symbolic name and the index of `name[index]`.
pub(super) fn indexed_symbol(target: &Value) -> Option<(String, Value)> {
    match target.kind() {
        Kind::Str(text) => {
            let (name, index) = text.strip_suffix(']')?.split_once('[')?;
            Some((name.to_owned(), Value::int(index.parse().ok()?)))
        }
        Kind::Text(pieces) => match &pieces[..] {
            [Piece::Literal(name), Piece::Hole(index), Piece::Literal(end)] if &**end == "]" => {
                Some((name.strip_suffix('[')?.to_owned(), index.clone()))
            }
            _ => None,
        },
        _ => None,
    }
}
