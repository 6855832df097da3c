//! Evaluating small templates, so that a test can state what they deploy.

#![allow(dead_code)]

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use rolecall_arm::{ParameterValue, Parsed, parse, parse_parameters};
use rolecall_graph::{Deployment, Language, Resource};
use rolecall_source::{FileId, SourceFile, Span};
use rolecall_template::evaluate::{Argument, Arguments, Loader, evaluate};
use rolecall_template::ir::{Expr, ExprKind, Template};
use rolecall_value::{Kind, Value};

/// Enough for the evaluator's own depth limit in an unoptimised build.
const STACK: usize = 256 << 20;

/// A folder of files in memory.
struct Folder(Vec<SourceFile>);

impl Folder {
    fn find(&self, from: FileId, path: &str) -> Result<&SourceFile, String> {
        let mut parts: Vec<&str> = Vec::new();
        let here = self.0[from.0 as usize].path.to_str().unwrap_or_default().rsplit_once('/').map_or("", |(up, _)| up);
        for part in here.split('/').chain(path.split('/')).filter(|part| !part.is_empty() && *part != ".") {
            if part == ".." {
                parts.pop();
            } else {
                parts.push(part);
            }
        }
        let path = parts.join("/");
        self.0.iter().find(|file| file.path.to_str() == Some(&*path)).ok_or_else(|| "there is no such file".to_owned())
    }
}

impl Loader for Folder {
    fn template(&self, from: FileId, path: &str) -> Result<Arc<Template>, String> {
        parse(self.find(from, path)?).template.ok_or_else(|| "it holds no template".to_owned())
    }

    fn arguments(&self, from: FileId, path: &str) -> Result<Arc<Arguments>, String> {
        Ok(Arc::new(arguments(self.find(from, path)?)))
    }
}

fn arguments(file: &SourceFile) -> Arguments {
    let read = parse_parameters(file);
    let values: IndexMap<_, _> = read
        .parameters
        .into_iter()
        .map(|(name, value)| {
            let argument = match value {
                ParameterValue::Value(expr) => Argument::Value(expr),
                ParameterValue::Placeholder(expr) => Argument::Placeholder(expr),
                ParameterValue::Secret(span) => {
                    let argument = Expr { kind: ExprKind::Str(name.as_str().into()), span };
                    let kind = ExprKind::Call { namespace: None, name: "secret".into(), arguments: vec![argument] };
                    Argument::Value(Expr { kind, span })
                }
            };
            (name, argument)
        })
        .collect();
    Arguments { file: Some(file.id), values, lost: read.lost, diagnostics: read.diagnostics }
}

/// A deployment and the texts that it was made from.
pub struct Run {
    pub deployment: Deployment,
    texts: BTreeMap<FileId, String>,
}

/// What the template deploys.
pub fn deploy(template: &str) -> Run {
    deploy_all(&[("main.json", template)], None)
}

/// What the template deploys with these `parameters` of a parameter file.
pub fn deploy_with(template: &str, parameters: &str) -> Run {
    deploy_all(&[("main.json", template)], Some(parameters))
}

/// What the first of these files deploys.
pub fn deploy_all(files: &[(&str, &str)], parameters: Option<&str>) -> Run {
    let given = parameters.map(|given| format!("{{\"parameters\": {given}}}"));
    let named = files.iter().copied().chain(given.as_deref().map(|given| ("main.parameters.json", given)));
    let files: Vec<SourceFile> = named
        .zip(0..)
        .map(|((path, text), id)| {
            SourceFile::new(FileId(id), path.into(), text.as_bytes().to_vec()).expect("it is UTF-8")
        })
        .collect();
    let texts = files.iter().map(|file| (file.id, file.text.to_string())).collect();
    let run = move || {
        let given: Vec<_> = given.iter().filter_map(|_| files.last()).map(|file| Arc::new(arguments(file))).collect();
        let Parsed { template, .. } = parse(&files[0]);
        let template = template.expect("a template");
        let deployment = evaluate(&template, &given, Language::Arm, &Folder(files));
        assert_eq!(std::sync::Arc::strong_count(&template), 1, "an evaluation lets go of its template");
        deployment
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread");
    Run { deployment: thread.join().expect("no panic"), texts }
}

/// What an expression, the text between the quotes, is worth in a template with these sections.
pub fn value(sections: &str, expression: &str) -> String {
    value_with(sections, "{}", expression)
}

/// The same with these values for parameters.
pub fn value_with(sections: &str, parameters: &str, expression: &str) -> String {
    let comma = if sections.is_empty() { "" } else { "," };
    let outputs = format!(r#""resources": [{{"type": "A/probe", "name": "probe", "v": "{expression}"}}]"#);
    let run = deploy_with(&format!("{{{sections}{comma}{outputs}}}"), parameters);
    run.show(&run.body("probe").get("v").expect("the value"))
}

impl Run {
    /// The ids of all resources in short, with their conditions.
    pub fn ids(&self) -> Vec<String> {
        let mut ids: Vec<_> = self.deployment.resources.iter().map(|resource| self.id(resource)).collect();
        ids.sort();
        ids
    }

    fn id(&self, resource: &Resource) -> String {
        let mut id = short(&resource.id.to_value().plain());
        if resource.many {
            id.push('*');
        }
        if !resource.when.is_true() {
            id.push_str(&format!(" when {}", self.deployment.inputs.describe(&resource.when)));
        }
        id
    }

    /// The resource of this name.
    pub fn resource(&self, name: &str) -> &Resource {
        let found: Vec<_> =
            self.deployment.resources.iter().filter(|resource| resource.id.name().plain() == name).collect();
        match found[..] {
            [only] => only,
            _ => panic!("{} resources are called {name}: {:?}", found.len(), self.ids()),
        }
    }

    /// What the resource of this name says.
    pub fn body(&self, name: &str) -> Value {
        self.resource(name).body.clone()
    }

    /// The value of the property `v` of the resource of this name.
    pub fn v(&self, name: &str) -> String {
        self.show(&self.body(name).get("v").expect("the value"))
    }

    /// A value as text, alternatives with their conditions.
    pub fn show(&self, value: &Value) -> String {
        let inputs = &self.deployment.inputs;
        match value.kind() {
            Kind::Cond(alternatives) => {
                let shown = alternatives
                    .iter()
                    .map(|(when, value)| format!("{} if {}", self.show(value), inputs.describe(when)));
                shown.collect::<Vec<_>>().join("; ")
            }
            Kind::Array(array) => {
                let items = array.items.iter().map(|item| {
                    let many = if item.many { "*" } else { "" };
                    let when = match item.when.is_true() {
                        true => String::new(),
                        false => format!(" if {}", inputs.describe(&item.when)),
                    };
                    format!("{}{many}{when}", self.show(&item.value))
                });
                format!("[{}]", items.collect::<Vec<_>>().join(", "))
            }
            Kind::Unknown(unknown) => format!("{}: {}", unknown.reason.kind.name(), unknown.reason),
            _ => short(&value.text()),
        }
    }

    /// Who waits for whom, by names.
    pub fn edges(&self) -> Vec<String> {
        let name = |index| self.deployment.resource(index).map(|resource| resource.id.name().plain());
        let edges =
            self.deployment.edges.iter().map(|(from, to)| {
                format!("{} -> {}", name(*from).expect("a resource"), name(*to).expect("a resource"))
            });
        let mut edges: Vec<_> = edges.collect();
        edges.sort();
        edges
    }

    /// The text at a span.
    pub fn text(&self, span: Span) -> &str {
        &self.texts[&span.file][span.range()]
    }

    /// The diagnostics with what they point at.
    pub fn told(&self) -> Vec<(String, &str)> {
        self.deployment.diagnostics.iter().map(|one| (one.message.clone(), self.text(one.span))).collect()
    }

    /// The place where a value is used, and the hops behind it: `Variable 'x' at [variables('x')]`.
    pub fn chain(&self, value: &Value) -> Vec<String> {
        let nodes = self.deployment.origins.chain(value.origin());
        nodes.iter().map(|node| format!("{:?} {}", node.hop, self.text(node.span))).collect()
    }

    /// What was not resolved, and the arguments that flow into it.
    pub fn unresolved(&self) -> Vec<(String, String)> {
        let all = self.deployment.unresolved.iter();
        all.map(|one| (format!("{}: {}", one.what, one.reason), self.show(&one.arguments))).collect()
    }
}

/// The text with the scope of the deployment in one word.
pub fn short(text: &str) -> String {
    const SUBSCRIPTION: &str = "/subscriptions/{subscription().subscriptionId}";
    text.replace(&format!("{SUBSCRIPTION}/resourceGroups/{{resourceGroup().name}}"), "$group")
        .replace(SUBSCRIPTION, "$subscription")
        .replace("/providers/", "/")
}
