//! What the names of each template that was deployed are worth, kept for whoever edits its text.
//!
//! Nothing is evaluated for it: what nobody asked for is not there.

use std::rc::Rc;

use rolecall_graph::{Frame as Kept, Name, NameKind};
use rolecall_value::{Condition, Key, Value};

use super::Evaluator;
use super::frame::{Frame, Slot, Table};
use super::resources::declaration;

impl Evaluator<'_> {
    /// The frames that were deployed, with their names.
    pub(super) fn kept_frames(&self) -> Vec<Kept> {
        let frames = std::mem::take(&mut self.state.borrow_mut().frames);
        frames.iter().map(|frame| self.kept(frame)).collect()
    }

    fn kept(&self, frame: &Rc<Frame>) -> Kept {
        let lexical = frame.lexical();
        let name = |kind: NameKind, name: &Key, value: &Value| Name {
            kind,
            name: name.shared(),
            round: None,
            value: value.clone(),
            when: frame.when.clone(),
        };
        let mut names = Vec::new();
        let slots = lexical.slots.borrow();
        let done = |table: Table, key: &Key| match slots.get(&(table, key.clone())) {
            Some(Slot::Done(value, _)) => Some(value.clone()),
            _ => None,
        };
        for key in lexical.template.parameters.keys() {
            let given = lexical.arguments.get(key).filter(|_| !lexical.entry).cloned();
            names.extend(done(Table::Parameter, key).or(given).map(|value| name(NameKind::Parameter, key, &value)));
        }
        for key in lexical.template.variables.keys() {
            names.extend(done(Table::Variable, key).map(|value| name(NameKind::Variable, key, &value)));
        }
        let outputs = frame.outputs.get().and_then(Value::as_object);
        for (key, property) in outputs.into_iter().flat_map(|outputs| &outputs.properties) {
            names.extend(property.value.get("value").map(|value| name(NameKind::Output, key, &value)));
        }
        self.keep_resources(frame, &mut names);
        Kept {
            origin: frame.origin,
            file: frame.template.file,
            round: frame.round.clone(),
            when: frame.when.clone(),
            target: Some(frame.target.clone()),
            names,
        }
    }

    /// The resources that have symbolic names, but for those that stand in a loop of another.
    fn keep_resources(&self, frame: &Rc<Frame>, names: &mut Vec<Name>) {
        for instance in &self.instances(frame).all {
            let Some(resource) = declaration(frame, &instance.path) else { continue };
            let Some(symbol) = &resource.symbol else { continue };
            let looped =
                |depth: usize| declaration(frame, &instance.path[..depth]).is_some_and(|one| one.copy.is_some());
            if instance.many || (1..instance.path.len()).any(looped) {
                continue;
            }
            for (when, id) in &instance.ids {
                let when: Condition = frame.when.and(&instance.when).and(when);
                let kind = NameKind::Resource { existing: instance.existing };
                let (name, round) = (symbol.value.clone(), instance.index.clone());
                names.push(Name { kind, name, round, value: id.to_value(), when });
            }
        }
    }
}
