//! `reference()`: what the template itself decides is resolved, the rest is an attribute of the resource.

use std::rc::Rc;

use rolecall_source::Span;
use rolecall_value::{Key, Kind, Object, Value};

use super::Evaluator;
use super::expr::rename;
use super::frame::Frame;
use super::resources::Instances;

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
            let found = match target.as_str().map(|symbol| instances.by_symbol(symbol)) {
                Some(found) if !found.is_empty() => found.to_vec(),
                _ => instances.by_text(target),
            };
            if let [place, others @ ..] = &found[..] {
                let mut uses = vec![(frame.number, *place)];
                uses.extend(others.iter().map(|place| (frame.number, *place)));
                self.state.borrow_mut().uses.extend(uses);
                let whole = self.full_reference(&frame, *place, &instances);
                return if full { whole } else { whole.get("properties").unwrap_or_else(Value::null) };
            }
            at = frame.outer.clone();
        }
        Value::attribute(target.clone(), if full { "" } else { "properties" })
    }

    /// Everything that can be referred to of an instance.
    pub(super) fn full_reference(&self, frame: &Rc<Frame>, place: usize, instances: &Rc<Instances>) -> Value {
        let whole = Value::attribute(instances.all[place].id(), "");
        let Some(outputs) = self.outputs(frame, instances, place) else { return whole };
        let inside = |name: &str, value: Value, rest: Value| -> Value {
            let properties = [(Key::from(name), value.into())].into_iter().collect();
            Object { properties, rest: Some(rest) }.into()
        };
        let properties = inside("outputs", outputs, whole.get("properties").unwrap_or_else(Value::null));
        inside("properties", properties, whole)
    }
}
