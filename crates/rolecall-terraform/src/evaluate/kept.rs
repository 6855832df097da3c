//! What the names of each module instance are worth, kept for whoever edits its text.
//!
//! But for outputs nothing is evaluated for it: what nobody asked for is not there.

use std::rc::Rc;
use std::sync::Arc;

use rolecall_graph::{Frame as Kept, Name, NameKind};
use rolecall_value::Value;
use rustc_hash::FxHashMap;

use super::frame::Memo;
use super::{Evaluator, Frame};

/// The instances of a module and of those that it calls, the caller first.
pub(crate) fn frames(root: &Rc<Frame>) -> Vec<Kept> {
    let mut out = Vec::new();
    collect(root, None, &mut out);
    out
}

impl Evaluator<'_> {
    /// Works out the outputs of all modules that are called, also those that nothing asks for: by one of them the caller can
    /// name what stands below. What there is to say of them is left unsaid.
    pub(crate) fn work_out_outputs(&self, frame: &Rc<Frame>) {
        let said = |state: &super::State| (state.diagnostics.len(), state.unresolved.len());
        let (diagnostics, unresolved) = said(&self.state.borrow());
        self.outputs_below(frame);
        let mut state = self.state.borrow_mut();
        state.diagnostics.truncate(diagnostics);
        state.unresolved.truncate(unresolved);
    }

    fn outputs_below(&self, frame: &Rc<Frame>) {
        for (name, call) in &frame.module.calls {
            for (_, inner) in &self.calls(frame, name, call.span).frames {
                for output in inner.module.outputs.keys() {
                    if self.exhausted() {
                        return;
                    }
                    self.output(inner, output, call.span);
                }
                self.outputs_below(inner);
            }
        }
    }
}

fn collect(frame: &Rc<Frame>, round: Option<Value>, out: &mut Vec<Kept>) {
    out.extend(kept(frame, round));
    for name in frame.module.calls.keys() {
        let Some(Memo::Done(calls, _)) = frame.calls.borrow().get(name).cloned() else { continue };
        for (key, inner) in calls.frames.iter().filter(|(_, inner)| !inner.many) {
            let round = (calls.shape != super::Shape::Single).then(|| key.clone());
            collect(inner, round, out);
        }
    }
}

fn kept(frame: &Rc<Frame>, round: Option<Value>) -> Option<Kept> {
    let mut names = Vec::new();
    let mut keep = |kind: NameKind, name: &Arc<str>, round: Option<Value>, value: Value, when| {
        names.push(Name { kind, name: name.clone(), round, value, when });
    };
    let done = |table: &FxHashMap<Arc<str>, Memo<Value>>, name: &Arc<str>| match table.get(name) {
        Some(Memo::Done(value, _)) => Some(value.clone()),
        _ => None,
    };
    let (variables, locals, outputs) = (frame.variables.borrow(), frame.locals.borrow(), frame.outputs.borrow());
    let module = &frame.module;
    let tables = [
        (NameKind::Parameter, module.variables.keys().collect::<Vec<_>>(), &variables),
        (NameKind::Variable, module.locals.keys().collect(), &locals),
        (NameKind::Output, module.outputs.keys().collect(), &outputs),
    ];
    for (kind, all, table) in tables {
        for name in all {
            if let Some(value) = done(table, name) {
                keep(kind, name, None, value, frame.when.clone());
            }
        }
    }
    let resources = frame.resources.borrow();
    for key in module.resources.keys() {
        let Some(Memo::Done(set, _)) = resources.get(key) else { continue };
        let kind = NameKind::Resource { existing: key.starts_with("data.") };
        for instance in set.instances.iter().filter(|one| !one.many) {
            let round = (!instance.key.is_null()).then(|| instance.key.clone());
            let when = frame.when.and(&instance.when);
            match &instance.ids[..] {
                [(own, id)] => keep(kind, key, round, id.to_value(), when.and(own)),
                _ => {
                    if let Some(id) = instance.value.get("id").filter(|id| id.as_unknown().is_none()) {
                        keep(kind, key, round, id, when);
                    }
                }
            }
        }
    }
    let file = *module.files.first()?;
    Some(Kept { origin: frame.origin, file, round, when: frame.when.clone(), target: None, names })
}
