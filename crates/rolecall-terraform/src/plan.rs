//! Plan JSON (`terraform show -json`): the provider's own values, with what it could not know as symbols.
//!
//! From the documented format: `resource_changes` has the values, `after_unknown` marks those that the apply settles, and
//! `configuration` says what each expression refers to. A value that is not known and refers to one attribute of one
//! resource is that attribute; a reference through a local value is not in the format, and such a value stays unknown.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use rolecall_graph::{Deployment, GrantsTo, Language, ResourceIndex};
use rolecall_source::{Diagnostic, FileId, Files, Span};
use rolecall_value::{Condition, Object, Property, ReasonKind, ResourceId, Value};
use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use crate::cache::Cache;
use crate::config::{Module, ResourceBlock};
use crate::evaluate::{Evaluator, Frame, Instance, NodeId};
use crate::functions::from_json;
use crate::syntax::Body;
use crate::unseen::unseen;
use crate::values::attribute;

/// How deep references and values are followed.
const MAX_DEPTH: u32 = 64;

/// Evaluates a plan file, by absolute path.
pub fn evaluate_plan(path: &Path, files: &dyn Files) -> Deployment {
    let cache = Cache::default();
    let root = path.parent().unwrap_or(path).to_owned();
    let evaluator = Evaluator::new(files, &cache, root);
    let mut entry = FileId(0);
    match files.read(path) {
        Ok(file) => {
            entry = file.id;
            match serde_json::from_str::<Json>(&file.text) {
                Ok(json) if json.get("resource_changes").is_some() || json.get("planned_values").is_some() => {
                    Plan::new(&evaluator, &json, file.id, &file.text).emit();
                }
                Ok(_) => {
                    let message = "the file is no plan in JSON: make one with `terraform show -json PLAN`";
                    evaluator.say(Diagnostic::error(Span::file_start(file.id), message));
                }
                Err(error) => {
                    let message =
                        format!("the plan is not well-formed JSON: {error}; make one with `terraform show -json PLAN`");
                    evaluator.say(Diagnostic::error(Span::file_start(file.id), message));
                }
            }
        }
        Err(error) => {
            evaluator.say(Diagnostic::error(Span::file_start(entry), format!("the plan cannot be read: {error}")))
        }
    }
    evaluator.apply_patches();
    let mut state = evaluator.state.into_inner();
    let open_order = (0..).map(ResourceIndex).take(state.resources.len()).collect();
    let edges = state.edges();
    Deployment {
        entry,
        parameters: Vec::new(),
        language: Language::Terraform,
        inputs: evaluator.inputs,
        point: state.point,
        origins: evaluator.origins,
        resources: state.resources,
        edges,
        // A plan leaves out what refers through locals, so nothing is known to wait for no more.
        open_order,
        one_by_one: state.one_by_one,
        unchecked: state.unchecked,
        changes: state.changes,
        unresolved: state.unresolved,
        frames: Vec::new(),
        outside: Arc::default(),
        diagnostics: state.diagnostics,
    }
}

/// One resource of the plan.
struct Planned<'a> {
    address: String,
    module: String,
    key: Value,
    block: ResourceBlock,
    after: &'a Json,
    unknown: &'a Json,
    configuration: Option<&'a Json>,
    provider: String,
}

struct Plan<'a, 'e> {
    evaluator: &'a Evaluator<'e>,
    frame: Rc<Frame>,
    resources: Vec<Planned<'a>>,
    /// Resources by `module address` and `type.name`, without keys.
    by_name: FxHashMap<(String, String), Vec<usize>>,
    /// The configuration of modules, by address without keys.
    modules: FxHashMap<String, &'a Json>,
    done: RefCell<FxHashMap<usize, Option<Rc<Instance>>>>,
    nodes: Vec<NodeId>,
}

impl<'a, 'e> Plan<'a, 'e> {
    fn new(evaluator: &'a Evaluator<'e>, json: &'a Json, file: FileId, text: &str) -> Self {
        let mut modules = FxHashMap::default();
        if let Some(root) = json.pointer("/configuration/root_module") {
            collect_modules(root, "", &mut modules, 0);
        }
        let module = Arc::new(Module::default());
        let frame = evaluator.plan_frame(module, provider_major(json));
        let providers = json.pointer("/configuration/provider_config").and_then(Json::as_object);
        for (name, provider) in providers.into_iter().flatten() {
            let subscription = provider.pointer("/expressions/subscription_id/constant_value").and_then(Json::as_str);
            let given = provider
                .pointer("/expressions/subscription_id/references/0")
                .and_then(Json::as_str)
                .and_then(|reference| json.pointer(&format!("/variables/{}/value", reference.strip_prefix("var.")?)))
                .and_then(Json::as_str);
            if let Some(subscription) = subscription.or(given) {
                frame.providers.borrow_mut().insert(name.clone(), Value::string(subscription));
            }
        }
        let places = places(text);
        let mut plan = Plan {
            evaluator,
            frame,
            resources: Vec::new(),
            by_name: FxHashMap::default(),
            modules,
            done: RefCell::default(),
            nodes: Vec::new(),
        };
        for change in json.get("resource_changes").and_then(Json::as_array).into_iter().flatten() {
            let actions = change.pointer("/change/actions").and_then(Json::as_array);
            let gone = actions.is_some_and(|actions| actions.len() == 1 && actions[0].as_str() == Some("delete"));
            if !gone && let Some(change_body) = change.get("change") {
                let unknown = change_body.get("after_unknown").unwrap_or(&Json::Null);
                plan.add(change, change_body.get("after").unwrap_or(&Json::Null), unknown, file, &places);
            }
        }
        if let Some(prior) = json.pointer("/prior_state/values/root_module") {
            plan.add_prior(prior, file, &places, 0);
        }
        plan.nodes = plan.resources.iter().map(|_| evaluator.new_node()).collect();
        plan
    }

    fn add(
        &mut self,
        resource: &'a Json,
        after: &'a Json,
        unknown: &'a Json,
        file: FileId,
        places: &FxHashMap<String, usize>,
    ) {
        let text = |name: &str| resource.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let address = text("address");
        let module = match resource.get("module_address").and_then(Json::as_str) {
            Some(module) => module.to_owned(),
            // Prior state has no module address: it stands in front of the type.
            None => {
                let tail = format!("{}{}.", if text("mode") == "data" { "data." } else { "" }, text("type"));
                address.find(&tail).map_or_else(String::new, |at| address[..at].trim_end_matches('.').to_owned())
            }
        };
        let at = places.get(&address).copied().unwrap_or(0);
        let data = text("mode") == "data";
        let block = ResourceBlock {
            data,
            kind: text("type").into(),
            name: text("name").into(),
            body: Body::default(),
            span: Span::new(file, at, at + address.len()),
        };
        let name = format!("{}{}.{}", if data { "data." } else { "" }, block.kind, block.name);
        let bare = without_keys(&module);
        let configuration = self.modules.get(&bare).and_then(|module| {
            let all = module.get("resources").and_then(Json::as_array)?;
            all.iter().find(|one| one.get("address").and_then(Json::as_str) == Some(&name))
        });
        let key = resource.get("index").map_or_else(Value::null, from_json);
        let provider = configuration
            .and_then(|configuration| configuration.get("provider_config_key").and_then(Json::as_str))
            .unwrap_or_else(|| block.kind.split('_').next().unwrap_or_default())
            .to_owned();
        self.by_name.entry((bare, name)).or_default().push(self.resources.len());
        self.resources.push(Planned { address, module, key, block, after, unknown, configuration, provider });
    }

    /// Data sources that were read while planning.
    fn add_prior(&mut self, module: &'a Json, file: FileId, places: &FxHashMap<String, usize>, depth: u32) {
        if depth > MAX_DEPTH {
            return;
        }
        for resource in module.get("resources").and_then(Json::as_array).into_iter().flatten() {
            if resource.get("mode").and_then(Json::as_str) == Some("data") {
                self.add(resource, resource.get("values").unwrap_or(&Json::Null), &Json::Null, file, places);
            }
        }
        for child in module.get("child_modules").and_then(Json::as_array).into_iter().flatten() {
            self.add_prior(child, file, places, depth + 1);
        }
    }

    fn emit(&self) {
        for at in 0..self.resources.len() {
            self.instance(at, 0);
        }
        for (at, planned) in self.resources.iter().enumerate() {
            self.link(at);
            if let Some(instance) = self.instance(at, 0)
                && !planned.block.data
            {
                self.evaluator.emit_instance(&self.frame, &planned.block, &instance, None);
            }
        }
    }

    /// References of all expressions, and `depends_on`, as edges.
    fn link(&self, at: usize) {
        let planned = &self.resources[at];
        let Some(configuration) = planned.configuration else { return };
        let mut references = Vec::new();
        gather_references(configuration, &mut references, 0);
        for reference in references {
            for target in self.targets(&without_keys(&planned.module), reference, 0) {
                self.evaluator.link(self.nodes[at], self.nodes[target]);
            }
        }
    }

    /// The resources that a reference leads to.
    fn targets(&self, module: &str, reference: &str, depth: u32) -> Vec<usize> {
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        let parts: Vec<&str> = reference.split('.').collect();
        let expressions = |all: Option<&Json>| {
            let mut found = Vec::new();
            if let Some(all) = all {
                gather_references(all, &mut found, 0);
            }
            found.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        match &parts[..] {
            ["var", name, ..] => {
                let Some((outer, call)) = split_module(module) else { return Vec::new() };
                let argument = self
                    .modules
                    .get(&outer)
                    .and_then(|module| module.pointer(&format!("/module_calls/{call}/expressions/{name}")));
                expressions(argument).iter().flat_map(|reference| self.targets(&outer, reference, depth + 1)).collect()
            }
            ["module", call, rest @ ..] => {
                let inner = joined(module, &format!("module.{}", without_keys(call)));
                let output =
                    rest.first().and_then(|name| self.modules.get(&inner)?.pointer(&format!("/outputs/{name}")));
                match output {
                    Some(output) => expressions(Some(output))
                        .iter()
                        .flat_map(|reference| self.targets(&inner, reference, depth + 1))
                        .collect(),
                    // The module as a whole.
                    None if rest.is_empty() => (0..self.resources.len())
                        .filter(|at| without_keys(&self.resources[*at].module).starts_with(&inner))
                        .collect(),
                    None => Vec::new(),
                }
            }
            ["data", kind, name, ..] => self.named(module, &format!("data.{kind}.{}", without_keys(name))),
            [kind, name, ..] => self.named(module, &format!("{kind}.{}", without_keys(name))),
            _ => Vec::new(),
        }
    }

    fn named(&self, module: &str, name: &str) -> Vec<usize> {
        self.by_name.get(&(module.to_owned(), name.to_owned())).cloned().unwrap_or_default()
    }

    /// A resource as an instance; `None` while it is being made.
    fn instance(&self, at: usize, depth: u32) -> Option<Rc<Instance>> {
        if let Some(known) = self.done.borrow().get(&at) {
            return known.clone();
        }
        if depth > MAX_DEPTH {
            return None;
        }
        self.done.borrow_mut().insert(at, None);
        let planned = &self.resources[at];
        let expressions = planned.configuration.and_then(|configuration| configuration.get("expressions"));
        let arguments = self.value(at, planned.after, planned.unknown, expressions, "", depth);
        let origin = self.evaluator.origins.written(planned.block.span);
        let arguments = arguments.with_origin(origin);
        let (value, mut ids) =
            self.evaluator.describe(&self.frame, &planned.block, &arguments, &planned.address, &planned.provider);
        // An id that is known says where the resource is better than its arguments do.
        let known = planned.after.get("id").and_then(Json::as_str).and_then(|id| ResourceId::parse(&Value::string(id)));
        let value = match known {
            Some(id) if !ids.is_empty() && ids[0].1.resource_type == id.resource_type => {
                ids = vec![(Condition::TRUE, id)];
                value
            }
            _ => value,
        };
        let scripts = planned.configuration.and_then(|configuration| configuration.get("provisioners"));
        let scripts = scripts.and_then(Json::as_array).into_iter().flatten().map(|_| {
            let detail = "a plan does not say what a provisioner is given";
            (GrantsTo::Anyone, Value::unknown(ReasonKind::Runtime, detail, &*planned.address))
        });
        let seen = (&arguments, &value);
        let unseen = unseen(&planned.block, &planned.address, seen, scripts.collect(), Condition::TRUE, origin);
        self.evaluator.state.borrow_mut().unresolved.extend(unseen);
        let instance = Rc::new(Instance {
            key: planned.key.clone(),
            when: Condition::TRUE,
            many: false,
            arguments,
            value: value.with_origin(origin),
            ids,
            node: self.nodes[at],
        });
        self.done.borrow_mut().insert(at, Some(instance.clone()));
        Some(instance)
    }

    /// A planned value with symbols for what the apply settles.
    fn value(
        &self,
        at: usize,
        after: &Json,
        unknown: &Json,
        expression: Option<&Json>,
        path: &str,
        depth: u32,
    ) -> Value {
        if depth > MAX_DEPTH {
            return Value::null();
        }
        let origin = self.evaluator.origins.written(self.resources[at].block.span);
        match (after, unknown) {
            (_, Json::Bool(true)) => self.settled_later(at, expression, path, depth).with_origin(origin),
            (Json::Object(known), _) => {
                let mut object = Object::default();
                let marks = unknown.as_object();
                let names = known
                    .keys()
                    .chain(marks.into_iter().flat_map(|marks| marks.keys()).filter(|name| !known.contains_key(*name)));
                for name in names {
                    let mark = marks.and_then(|marks| marks.get(name)).unwrap_or(&Json::Null);
                    let inner = expression.and_then(|expression| expression.get(name));
                    let own = known.get(name).unwrap_or(&Json::Null);
                    // A computed attribute that nobody wrote is what the resource exports.
                    if own.is_null() && mark.as_bool() == Some(true) && inner.is_none() {
                        continue;
                    }
                    let value = self.value(at, own, mark, inner, &format!("{path}.{name}"), depth + 1);
                    object.insert(&Value::string(name.as_str()), Property::from(value));
                }
                object.into()
            }
            (Json::Array(items), _) => Value::array(items.iter().enumerate().map(|(place, item)| {
                let mark = unknown.get(place).unwrap_or(&Json::Null);
                let inner = match expression {
                    Some(Json::Array(all)) => all.get(place),
                    other => other,
                };
                self.value(at, item, mark, inner, &format!("{path}[{place}]"), depth + 1)
            })),
            _ => from_json(after),
        }
    }

    /// What an expression that is not known yet means.
    fn settled_later(&self, at: usize, expression: Option<&Json>, path: &str, depth: u32) -> Value {
        let planned = &self.resources[at];
        let mut references = Vec::new();
        if let Some(expression) = expression {
            gather_references(expression, &mut references, 0);
        }
        let found = references.iter().find_map(|reference| {
            let module = without_keys(&planned.module);
            self.resolve(&module, reference, &planned.key, depth)
        });
        found.unwrap_or_else(|| {
            let detail = format!("the plan does not say what `{}{path}` refers to", planned.address);
            Value::unknown(ReasonKind::Unread, detail, format!("{}{path}", planned.address))
        })
    }

    /// The value of a reference that names an attribute.
    fn resolve(&self, module: &str, reference: &str, key: &Value, depth: u32) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        let parts: Vec<&str> = reference.split('.').collect();
        let first_of = |expression: &Json, module: &str| {
            let mut inner = Vec::new();
            gather_references(expression, &mut inner, 0);
            inner.iter().find_map(|reference| self.resolve(module, reference, key, depth + 1))
        };
        match parts[..] {
            ["var", name, ..] => {
                let (outer, call) = split_module(module)?;
                let argument =
                    self.modules.get(&outer)?.pointer(&format!("/module_calls/{call}/expressions/{name}"))?;
                first_of(argument, &outer)
            }
            ["module", call, output, ..] => {
                let inner = joined(module, &format!("module.{}", without_keys(call)));
                first_of(self.modules.get(&inner)?.pointer(&format!("/outputs/{output}"))?, &inner)
            }
            ["data", kind, name, ..] if parts.len() > 3 => {
                self.attribute_of(module, &format!("data.{kind}.{}", without_keys(name)), name, &parts[3..], key, depth)
            }
            ["each" | "count" | "local" | "path" | "terraform" | "self", ..] => None,
            [kind, name, ..] if parts.len() > 2 => {
                self.attribute_of(module, &format!("{kind}.{}", without_keys(name)), name, &parts[2..], key, depth)
            }
            _ => None,
        }
    }

    fn attribute_of(
        &self,
        module: &str,
        name: &str,
        written: &str,
        path: &[&str],
        key: &Value,
        depth: u32,
    ) -> Option<Value> {
        let targets = self.named(module, name);
        let suffix = written.find('[').map(|at| &written[at..]);
        let target = match (&targets[..], suffix) {
            ([only], _) => *only,
            (all, Some(suffix)) => *all.iter().find(|at| self.resources[**at].address.ends_with(suffix))?,
            (all, None) => *all.iter().find(|at| self.resources[**at].key == *key)?,
        };
        let mut value = self.instance(target, depth + 1)?.value.clone();
        for part in path {
            let (part, index) = match part.split_once('[') {
                Some((part, index)) => (part, index.trim_end_matches(']').parse::<i64>().ok()),
                None => (*part, None),
            };
            value = attribute(&value, part);
            if let Some(index) = index {
                value = crate::values::index(&self.evaluator.inputs, &value, &Value::int(index));
            }
        }
        (!crate::values::is_error(&value)).then_some(value)
    }
}

fn provider_major(json: &Json) -> Option<u32> {
    let constraint = json.pointer("/configuration/provider_config/azurerm/version_constraint")?.as_str()?;
    crate::versions::parse(constraint)
}

fn collect_modules<'a>(module: &'a Json, address: &str, out: &mut FxHashMap<String, &'a Json>, depth: u32) {
    if depth > MAX_DEPTH {
        return;
    }
    out.insert(address.to_owned(), module);
    for (name, call) in module.get("module_calls").and_then(Json::as_object).into_iter().flatten() {
        if let Some(inner) = call.get("module") {
            collect_modules(inner, &joined(address, &format!("module.{name}")), out, depth + 1);
        }
    }
}

fn gather_references<'a>(json: &'a Json, out: &mut Vec<&'a str>, depth: u32) {
    if depth > MAX_DEPTH {
        return;
    }
    match json {
        Json::Object(entries) => {
            for (name, value) in entries {
                match (name.as_str(), value) {
                    ("references" | "depends_on", Json::Array(all)) => out.extend(all.iter().filter_map(Json::as_str)),
                    _ => gather_references(value, out, depth + 1),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| gather_references(item, out, depth + 1)),
        _ => {}
    }
}

fn joined(module: &str, rest: &str) -> String {
    if module.is_empty() { rest.to_owned() } else { format!("{module}.{rest}") }
}

/// The module around a module, and the name of the call.
fn split_module(module: &str) -> Option<(String, String)> {
    let at = module.rfind("module.")?;
    Some((module[..at].trim_end_matches('.').to_owned(), module[at + "module.".len()..].to_owned()))
}

/// An address without instance keys.
fn without_keys(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut inside = 0u32;
    for character in address.chars() {
        match character {
            '[' => inside += 1,
            ']' => inside = inside.saturating_sub(1),
            _ if inside == 0 => out.push(character),
            _ => {}
        }
    }
    out
}

/// Where each address is first written in the file.
fn places(text: &str) -> FxHashMap<String, usize> {
    let mut out: FxHashMap<String, usize> = FxHashMap::default();
    for (at, key) in text.match_indices("\"address\"") {
        let rest = &text[at + key.len()..];
        let Some(start) = rest.find('"').filter(|start| rest[..*start].trim() == ":") else { continue };
        let mut end = start + 1;
        let bytes = rest.as_bytes();
        while bytes.get(end).is_some_and(|byte| *byte != b'"') {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        if let Some(literal) = rest.get(start..=end)
            && let Ok(address) = serde_json::from_str::<String>(literal)
        {
            out.entry(address).or_insert(at + key.len() + start + 1);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{folder, one};

    const PLAN: &str = r#"{
      "format_version": "1.2",
      "resource_changes": [
        {"address": "module.id.azurerm_user_assigned_identity.x", "module_address": "module.id", "mode": "managed",
         "type": "azurerm_user_assigned_identity", "name": "x",
         "change": {"actions": ["create"], "after": {"name": "id", "resource_group_name": "g", "location": "l"},
                    "after_unknown": {"id": true, "principal_id": true}}},
        {"address": "azurerm_role_assignment.a", "mode": "managed", "type": "azurerm_role_assignment", "name": "a",
         "change": {"actions": ["create"], "after": {"scope": "/subscriptions/s", "role_definition_name": "Reader"},
                    "after_unknown": {"principal_id": true, "id": true}}},
        {"address": "azurerm_role_assignment.old", "mode": "managed", "type": "azurerm_role_assignment", "name": "old",
         "change": {"actions": ["delete"], "after": null, "after_unknown": {}}}
      ],
      "configuration": {"root_module": {
        "resources": [{"address": "azurerm_role_assignment.a",
          "expressions": {"principal_id": {"references": ["module.id.principal_id", "module.id"]}}}],
        "module_calls": {"id": {"module": {
          "outputs": {"principal_id": {"expression": {"references": ["azurerm_user_assigned_identity.x.principal_id", "azurerm_user_assigned_identity.x"]}}},
          "resources": [{"address": "azurerm_user_assigned_identity.x", "expressions": {}}]}}}
      }}
    }"#;

    fn plan(text: &str) -> Deployment {
        let (_dir, files) = folder(&[("plan.json", text)]);
        evaluate_plan(&files.root().join("plan.json"), &files)
    }

    #[test]
    fn what_the_apply_settles_is_what_the_configuration_refers_to() {
        let deployment = plan(PLAN);
        let assignment = one(&deployment, "Microsoft.Authorization/roleAssignments");
        let principal =
            assignment.body.get("properties").and_then(|properties| properties.get("principalId")).expect("written");
        assert!(
            principal.text().ends_with("userAssignedIdentities/id').properties.principalId"),
            "{}",
            principal.text()
        );
    }

    #[test]
    fn what_the_plan_deletes_is_not_there() {
        let deployment = plan(PLAN);
        assert_eq!(deployment.of_type("Microsoft.Authorization/roleAssignments").count(), 1);
    }

    #[test]
    fn references_through_outputs_order_resources() {
        assert_eq!(plan(PLAN).edges.len(), 1);
    }

    #[test]
    fn an_address_is_a_position() {
        let deployment = plan(PLAN);
        let assignment = one(&deployment, "Microsoft.Authorization/roleAssignments");
        let span = deployment.origins.span(assignment.origin).expect("a place");
        assert_eq!(&PLAN[span.range()], "azurerm_role_assignment.a");
    }

    #[test]
    fn a_file_that_is_no_plan_is_said() {
        for text in ["{}", "[1", ""] {
            let deployment = plan(text);
            assert_eq!(deployment.diagnostics.len(), 1, "{text}");
        }
    }
}
