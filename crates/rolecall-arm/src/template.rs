//! The sections of a template.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use rolecall_source::{Diagnostic, SourceFile, Span};
use rolecall_template::ir::{Expr, ExprKind, Function, Output, Parameter, Target, Template, Variable};
use rolecall_value::{Key, Type};
use rustc_hash::FxHashMap;

use crate::detect::{Schema, schema_named};
use crate::document::{self, Source};
use crate::expression::{Content, classify};
use crate::lower::{Lower, Strings, field, text_field};

/// A template that was read.
#[derive(Debug)]
pub struct Parsed {
    /// The template; none where the text holds no object at all.
    pub template: Option<Arc<Template>>,
    /// What is wrong with the text, in its order. The template has the same list: show one of the two.
    pub diagnostics: Vec<Diagnostic>,
    /// What of the text is no JSON, with all that it can have misled the reading of.
    pub unsound: Option<Range<usize>>,
}

/// Reads a template. A text without a template's `$schema` is read as one that goes to a resource group.
pub fn parse(file: &SourceFile) -> Parsed {
    read(file, |template| Some(template))
}

/// Reads the template that `find` takes out of the outermost object.
fn read(file: &SourceFile, find: impl for<'o, 'a> Fn(&'o Object<'a>) -> Option<&'o Object<'a>>) -> Parsed {
    let mut diagnostics = Vec::new();
    let mut is_json = true;
    let template = document::read(&Source::whole(file), &mut diagnostics, |document, diagnostics| {
        is_json = diagnostics.is_empty();
        let mut lower = Lower::new(&document, Strings::Expressions);
        let object = document.value.as_ref().and_then(Value::as_object).and_then(find);
        let template = match object {
            Some(object) => Some(lower.template(object, false)),
            None => {
                if document.repair.is_none() {
                    let span = Span::new(file.id, 0, file.text.len());
                    lower.diagnostics.push(Diagnostic::error(span, "a template must be a JSON object"));
                }
                None
            }
        };
        diagnostics.append(&mut lower.diagnostics);
        template
    });
    Parsed::new(template, diagnostics, (!is_json).then_some(0..file.text.len()))
}

impl Parsed {
    pub(crate) fn new(
        template: Option<Template>,
        mut diagnostics: Vec<Diagnostic>,
        unsound: Option<Range<usize>>,
    ) -> Self {
        diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
        let template = template.map(|mut template| {
            template.diagnostics.clone_from(&diagnostics);
            Arc::new(template)
        });
        Parsed { template, diagnostics, unsound }
    }
}

/// What other files can import from a template that the Bicep compiler wrote.
#[derive(Debug, Default)]
pub struct Exports {
    /// The template, with the variables and functions; none where the text holds no object at all.
    pub template: Option<Arc<Template>>,
    /// What its type definitions say of a parameter of that type.
    pub types: IndexMap<Key, Parameter>,
}

/// Reads a template that others import from. What is wrong with it is not theirs to say.
pub fn parse_exports(file: &SourceFile) -> Exports {
    document::read(&Source::whole(file), &mut Vec::new(), |document, _| {
        let mut lower = Lower::new(&document, Strings::Expressions);
        let Some(Value::Object(object)) = &document.value else { return Exports::default() };
        let types = lower.types(object);
        Exports { template: Some(Arc::new(lower.template(object, false))), types }
    })
}

/// Reads a version of a template spec, which holds its template as `properties.mainTemplate`.
pub fn parse_template_spec(file: &SourceFile) -> Parsed {
    read(file, |spec| field(field(spec, "properties")?.as_object()?, "mainTemplate")?.as_object())
}

/// How many `$ref`s are followed from one parameter.
const MAX_REFERENCES: usize = 16;

/// How many properties an object on the way of a `$ref` may have to be searched one by one.
const MAX_SEARCHED: usize = 256;

/// What declares names.
const SECTIONS: [&str; 4] = ["parameters", "variables", "functions", "outputs"];

type Definitions<'o, 'a> = FxHashMap<&'o str, &'o Object<'a>>;

impl Lower<'_> {
    /// A template. `outer_scope`: it is nested, and evaluated in its parent's scope.
    pub(crate) fn template(&mut self, object: &Object<'_>, outer_scope: bool) -> Template {
        self.report_duplicates(object);
        let before = std::mem::replace(&mut self.outer_scope, outer_scope);
        let lost_before = std::mem::take(&mut self.lost_names);
        let target = match text_field(object, "$schema").and_then(|address| schema_named(&address.value)) {
            Some(Schema::Template(target)) => target,
            _ => Target::ResourceGroup,
        };
        let generator = field(object, "metadata")
            .and_then(Value::as_object)
            .and_then(|metadata| field(metadata, "_generator")?.as_object())
            .and_then(|generator| text_field(generator, "name"))
            .map(|name| self.share(&name.value));
        let resources = field(object, "resources");
        let symbolic = matches!(resources, Some(Value::Object(_)))
            || text_field(object, "languageVersion").is_some_and(|version| version.value.starts_with('2'));
        let mut template = Template {
            file: self.file(),
            span: self.span(object.range),
            target,
            symbolic,
            generator,
            parameters: self.parameters(object),
            variables: self.variables(object),
            functions: self.functions(object),
            resources: resources.map(|resources| self.resources(resources)).unwrap_or_default(),
            outputs: self.outputs(object),
            incomplete: None,
            lost_names: false,
            diagnostics: Vec::new(),
        };
        self.pass_over(object, "metadata");
        self.pass_over(object, "definitions");
        self.lost_names |= SECTIONS.iter().any(|name| self.may_have(object, name));
        if !["$schema", "languageVersion", "resources"].iter().any(|name| self.may_have(object, name)) {
            self.take_hole(object.range);
        }
        template.lost_names = std::mem::replace(&mut self.lost_names, lost_before);
        template.incomplete = self.take_holes(object.range);
        self.outer_scope = before;
        template
    }

    /// The properties of a section; a section of another kind is an error.
    fn section<'o, 'a>(&mut self, object: &'o Object<'a>, name: &str) -> &'o [ObjectProp<'a>] {
        match field(object, name) {
            Some(Value::Object(section)) => {
                self.report_duplicates(section);
                self.lost_names |= self.take_hole(section.range);
                &section.properties
            }
            None | Some(Value::NullKeyword(_)) => &[],
            Some(other) => {
                self.error(other.range(), format!("`{name}` must be an object"));
                &[]
            }
        }
    }

    /// The type definitions, each as what it says of a parameter of that type.
    fn types(&mut self, template: &Object<'_>) -> IndexMap<Key, Parameter> {
        let definitions = definitions(template);
        let mut types = IndexMap::new();
        for property in self.section(template, "definitions") {
            let Value::Object(definition) = &property.value else { continue };
            let span = self.span(property.name.range());
            let mut parameter = Parameter { span, of_type: None, default: None, allowed: None, nullable: false };
            self.declared_type(definition, &definitions, &mut parameter);
            types.insert(Key::from(self.share(property.name.as_str())), parameter);
        }
        types
    }

    fn parameters(&mut self, template: &Object<'_>) -> IndexMap<Key, Parameter> {
        let definitions = definitions(template);
        let mut parameters = IndexMap::new();
        for property in self.section(template, "parameters") {
            let Value::Object(declaration) = &property.value else {
                self.error(property.value.range(), "a parameter must be an object with a `type`");
                continue;
            };
            self.report_duplicates(declaration);
            let mut parameter = Parameter {
                span: self.span(property.name.range()),
                of_type: None,
                default: field(declaration, "defaultValue").map(|default| self.value(default)),
                allowed: None,
                nullable: false,
            };
            self.declared_type(declaration, &definitions, &mut parameter);
            // A parameter of which something is lost is as open as it can be.
            self.take_holes(declaration.range);
            parameters.insert(Key::from(self.share(property.name.as_str())), parameter);
        }
        parameters
    }

    /// Fills in what a parameter's type says, references to definitions followed. What stands nearer wins.
    fn declared_type(&mut self, declaration: &Object<'_>, definitions: &Definitions<'_, '_>, into: &mut Parameter) {
        let mut next = Some(declaration);
        let mut allowed = None;
        for _ in 0..MAX_REFERENCES {
            let Some(current) = next else { break };
            into.of_type = into.of_type.or_else(|| simple_type(&text_field(current, "type")?.value));
            into.nullable |= matches!(field(current, "nullable"), Some(Value::BooleanLit(literal)) if literal.value);
            allowed = allowed.or_else(|| field(current, "allowedValues")?.as_array());
            next = text_field(current, "$ref").and_then(|reference| resolve(&reference.value, definitions));
        }
        // An array may hold any of its allowed values, so they do not close what it can be.
        if into.of_type != Some(Type::Array) {
            let allowed = allowed.filter(|allowed| self.hole_in(allowed.range).is_none());
            into.allowed = allowed.map(|allowed| allowed.elements.iter().map(|value| self.value(value)).collect());
        }
    }

    fn variables(&mut self, template: &Object<'_>) -> IndexMap<Key, Variable> {
        let mut variables = IndexMap::new();
        for property in self.section(template, "variables") {
            let name = property.name.as_str();
            if name.eq_ignore_ascii_case("copy")
                && let Some(loops) = self.loops(&property.value)
            {
                self.lost_names |= self.take_holes(property.value.range()).is_some();
                for one in loops {
                    let variable = Variable { span: self.span(one.name.range), value: self.loop_over(&one) };
                    variables.insert(Key::from(self.share(&one.name.value)), variable);
                }
                continue;
            }
            let variable = Variable { span: self.span(property.name.range()), value: self.value(&property.value) };
            variables.insert(Key::from(self.share(name)), variable);
        }
        variables
    }

    fn functions(&mut self, template: &Object<'_>) -> IndexMap<Key, Function> {
        let mut functions = IndexMap::new();
        let namespaces = match field(template, "functions") {
            Some(Value::Array(namespaces)) => &namespaces.elements[..],
            None | Some(Value::NullKeyword(_)) => &[],
            Some(other) => {
                self.error(other.range(), "`functions` must be an array of namespaces");
                &[]
            }
        };
        for namespace in namespaces.iter().filter_map(Value::as_object) {
            let prefix = text_field(namespace, "namespace").map_or("", |name| &name.value);
            for member in self.section(namespace, "members") {
                let Value::Object(declaration) = &member.value else { continue };
                if self.take_holes(declaration.range).is_some() {
                    self.lost_names = true;
                    continue;
                }
                let parameters = match field(declaration, "parameters") {
                    Some(Value::Array(parameters)) => parameters
                        .elements
                        .iter()
                        .filter_map(|parameter| text_field(parameter.as_object()?, "name"))
                        .map(|name| self.share(&name.value))
                        .collect(),
                    _ => Vec::new(),
                };
                let output = field(declaration, "output").and_then(Value::as_object);
                let body = match output.and_then(|output| field(output, "value")) {
                    Some(value) => {
                        let before = std::mem::replace(&mut self.strings, Strings::Function);
                        let body = self.value(value);
                        self.strings = before;
                        body
                    }
                    None => {
                        self.missing(declaration, "a function must have an `output` with a `value`");
                        self.invalid(declaration.range, "the function has no output")
                    }
                };
                let function = Function { span: self.span(member.name.range()), parameters, body };
                functions.insert(Key::from(format!("{prefix}.{}", member.name.as_str())), function);
            }
        }
        functions
    }

    fn outputs(&mut self, template: &Object<'_>) -> IndexMap<Key, Output> {
        let mut outputs = IndexMap::new();
        for property in self.section(template, "outputs") {
            let Value::Object(declaration) = &property.value else {
                self.error(property.value.range(), "an output must be an object with a `value`");
                continue;
            };
            self.report_duplicates(declaration);
            let condition = field(declaration, "condition").map(|condition| self.value(condition));
            let output = Output { span: self.span(property.name.range()), condition, value: self.output(declaration) };
            self.take_holes(declaration.range);
            outputs.insert(Key::from(self.share(property.name.as_str())), output);
        }
        outputs
    }

    fn output(&mut self, declaration: &Object<'_>) -> Expr {
        if let Some(copy @ Value::Object(parts)) = field(declaration, "copy")
            && let Some(input) = field(parts, "input")
        {
            let copy = self.copy(copy);
            let body = self.value(input);
            let span = copy.span;
            return Expr { kind: ExprKind::Loop { copy: Box::new(copy), body: Box::new(body) }, span };
        }
        match field(declaration, "value") {
            Some(value) => self.value(value),
            None => {
                self.missing(declaration, "an output must have a `value` or a `copy`");
                self.invalid(declaration.range, "the output has no value")
            }
        }
    }
}

fn definitions<'o, 'a>(template: &'o Object<'a>) -> Definitions<'o, 'a> {
    match field(template, "definitions") {
        Some(Value::Object(definitions)) => definitions
            .properties
            .iter()
            .filter_map(|definition| Some((definition.name.as_str(), definition.value.as_object()?)))
            .collect(),
        _ => FxHashMap::default(),
    }
}

fn simple_type(name: &str) -> Option<Type> {
    Some(match &*name.to_ascii_lowercase() {
        "bool" => Type::Bool,
        "int" => Type::Int,
        "string" | "securestring" => Type::String,
        "array" => Type::Array,
        "object" | "secureobject" => Type::Object,
        _ => return None,
    })
}

/// The type that a `$ref` such as `#/definitions/size` or `#/definitions/pool/properties/size` names.
fn resolve<'o, 'a>(reference: &str, definitions: &Definitions<'o, 'a>) -> Option<&'o Object<'a>> {
    let mut steps = reference.strip_prefix("#/definitions/")?.split('/').map(unescape_pointer);
    let mut found = *definitions.get(&*steps.next()?)?;
    for step in steps {
        if found.properties.len() > MAX_SEARCHED {
            return None;
        }
        found = found.properties.iter().rev().find(|property| property.name.as_str() == step)?.value.as_object()?;
    }
    Some(found)
}

/// One step of a JSON pointer in a URI fragment.
fn unescape_pointer(step: &str) -> String {
    let mut bytes = Vec::with_capacity(step.len());
    let mut rest = step.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let code = behind.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.filter(|_| first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).replace("~1", "/").replace("~0", "~")
}

/// Whether a string is an expression.
pub(crate) fn is_expression(text: &str) -> bool {
    matches!(classify(text), Content::Expression(_))
}
