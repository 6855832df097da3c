//! Expressions.

use std::rc::Rc;
use std::sync::Arc;

use rolecall_source::{Diagnostic, Span};
use rolecall_value::{Array, Condition, Hop, Item, Kind, Object, OriginNode, Property, ReasonKind, Value, truth};

use super::frame::Frame;
use super::{Bound, Env, Evaluator};
use crate::functions;
use crate::ir::{Element, Expr, ExprKind};

/// How many combinations of conditional arguments are tried.
const MAX_COMBINATIONS: usize = 4096;

/// The function of a value that is had only once a resource is there, though it says nothing of it: `waiting(value, symbol)`.
/// Bicep is lowered to it where its compiler counts more among what a resource waits for than its value needs.
const WAITING: &str = "waiting";

/// The function of a resource that is `null` where its condition keeps it from being deployed: `deployed(symbol)`. Bicep's
/// safe access to a resource is lowered to it.
const DEPLOYED: &str = "deployed";

/// The body of a lambda, given the values of its parameters.
type Lambda<'a> = dyn FnMut(&[Value]) -> Value + 'a;

impl Evaluator<'_> {
    pub(super) fn eval(&self, frame: &Rc<Frame>, env: &Env, expr: &Expr) -> Value {
        self.deeper(expr.span, || {
            let value = self.eval_kind(frame, env, expr);
            value.or_origin(self.origins.written(expr.span))
        })
    }

    fn eval_kind(&self, frame: &Rc<Frame>, env: &Env, expr: &Expr) -> Value {
        match &expr.kind {
            ExprKind::Null => Value::null(),
            ExprKind::Bool(value) => Value::bool(*value),
            ExprKind::Int(value) => Value::int(*value),
            ExprKind::Float(value) => Kind::Float(*value).into(),
            ExprKind::Str(text) => Value::string(text.clone()),
            ExprKind::Array(elements) => self.eval_array(frame, env, elements),
            ExprKind::Object(elements) => self.eval_object(frame, env, elements),
            ExprKind::Call { namespace, name, arguments } => {
                self.eval_call(frame, env, expr.span, namespace.as_deref(), name, arguments)
            }
            ExprKind::Member { base, key, safe, from_end } => {
                let key = self.eval(frame, env, key);
                if let ExprKind::Symbol(name) = &base.kind
                    && !*from_end
                    && let Some(value) = self.symbol_at(frame, name, &key, expr.span)
                {
                    return value;
                }
                let base = self.eval(frame, env, base);
                let value = self.member(&base, &key, *safe, *from_end);
                // An output stands where it is used, and the chain leads on to who gives it.
                match self.origins.chain(value.origin()).first() {
                    Some(OriginNode { hop: Hop::Output(_), .. }) => {
                        let origin = self.origins.hop(expr.span, Hop::Written, value.origin());
                        value.with_origin(origin)
                    }
                    _ => value,
                }
            }
            ExprKind::Local(name) => match env.local(name) {
                // The hop shows the way; the value keeps its own place behind it.
                Some(value) => {
                    let origin = self.origins.hop(expr.span, Hop::Variable(name.clone()), value.origin());
                    value.clone().with_origin(origin)
                }
                None => refused(&format!("nothing is called `{name}` here"), name),
            },
            ExprKind::Symbol(name) => self.symbol(frame, name, expr.span),
            ExprKind::Loop { copy, body } => self.eval_loop(frame, env, copy, body),
            ExprKind::Lambda { .. } => refused("a lambda stands where a value is expected", "lambda"),
            ExprKind::Invalid(reason) => {
                Value::unknown(ReasonKind::Invalid, reason.clone(), format!("invalid at {}", expr.span.start))
            }
        }
    }

    fn eval_array(&self, frame: &Rc<Frame>, env: &Env, elements: &[Element]) -> Value {
        let mut items = Vec::with_capacity(elements.len());
        let mut parts = Vec::new();
        for element in elements {
            match element {
                Element::Item(expr) => items.push(Item::from(self.eval(frame, env, expr))),
                Element::Spread(expr) => {
                    parts.push(Value::from(Array { items: std::mem::take(&mut items) }));
                    parts.push(self.eval(frame, env, expr));
                }
                Element::Property(..) => {}
            }
        }
        let rest = Value::from(Array { items });
        if parts.is_empty() {
            return rest;
        }
        parts.push(rest);
        let span = elements.first().map_or(frame.template.span, element_span);
        functions::call(&self.inputs, "concat", &parts, span).unwrap_or_else(|| Value::call("concat", parts))
    }

    fn eval_object(&self, frame: &Rc<Frame>, env: &Env, elements: &[Element]) -> Value {
        let mut object = Object::default();
        let mut parts = Vec::new();
        for element in elements {
            match element {
                Element::Property(name, expr) => {
                    let name = self.eval(frame, env, name);
                    let value = self.eval(frame, env, expr);
                    object.insert(&name, Property::from(value));
                }
                Element::Spread(expr) => {
                    parts.push(Value::from(std::mem::take(&mut object)));
                    parts.push(self.eval(frame, env, expr));
                }
                Element::Item(_) => {}
            }
        }
        let rest = Value::from(object);
        if parts.is_empty() {
            return rest;
        }
        parts.push(rest);
        self.merge(parts, elements.first().map_or(frame.template.span, element_span))
    }

    /// One object of several: what stands in a later one counts.
    pub(super) fn merge(&self, parts: Vec<Value>, span: Span) -> Value {
        functions::call(&self.inputs, "shallowmerge", &[Value::array(parts.clone())], span)
            .unwrap_or_else(|| Value::call("shallowmerge", parts))
    }

    fn eval_call(
        &self,
        frame: &Rc<Frame>,
        env: &Env,
        span: Span,
        namespace: Option<&str>,
        name: &Arc<str>,
        arguments: &[Expr],
    ) -> Value {
        if let Some(namespace) = namespace
            && !["sys", "az"].iter().any(|builtin| namespace.eq_ignore_ascii_case(builtin))
        {
            return self.user_function(frame, env, span, &format!("{namespace}.{name}"), arguments);
        }
        let lower = name.to_ascii_lowercase();
        match (&*lower, arguments) {
            ("if", [test, then, otherwise]) => {
                let when = truth(&self.inputs, &self.eval(frame, env, test));
                if when.is_true() {
                    return self.eval(frame, env, then);
                }
                if when.is_false() {
                    return self.eval(frame, env, otherwise);
                }
                Value::choose(&when, &self.eval(frame, env, then), &self.eval(frame, env, otherwise))
            }
            ("and", _) => {
                let mut all = Condition::TRUE;
                for argument in arguments {
                    all = all.and(&truth(&self.inputs, &self.eval(frame, env, argument)));
                    if all.is_false() {
                        break;
                    }
                }
                functions::from_condition(&all)
            }
            ("or", _) => {
                let mut any = Condition::FALSE;
                for argument in arguments {
                    any = any.or(&truth(&self.inputs, &self.eval(frame, env, argument)));
                    if any.is_true() {
                        break;
                    }
                }
                functions::from_condition(&any)
            }
            (WAITING, [value, Expr { kind: ExprKind::Symbol(symbol), .. }]) => {
                self.use_all(frame, &self.symbolic(frame, symbol));
                self.eval(frame, env, value)
            }
            (DEPLOYED, [resource]) => {
                let value = self.eval(frame, env, resource);
                match &resource.kind {
                    ExprKind::Symbol(symbol) => match &self.symbolic(frame, symbol)[..] {
                        [(_, one)] if !one.many && one.index.is_none() => {
                            Value::choose(&one.when, &value, &Value::null())
                        }
                        _ => value,
                    },
                    _ => value,
                }
            }
            ("not", [argument]) => {
                functions::from_condition(&truth(&self.inputs, &self.eval(frame, env, argument)).not())
            }
            _ if arguments.iter().any(|argument| matches!(argument.kind, ExprKind::Lambda { .. })) => {
                self.lambda_call(frame, env, span, &lower, arguments)
            }
            _ => {
                let values: Vec<_> = arguments.iter().map(|argument| self.eval(frame, env, argument)).collect();
                self.apply(frame, env, span, name, &lower, values)
            }
        }
    }

    fn apply(&self, frame: &Rc<Frame>, env: &Env, span: Span, name: &str, lower: &str, values: Vec<Value>) -> Value {
        if let Some(wrong) = functions::wrong_arity(lower, values.len()) {
            return self.wrong_call(span, &wrong, &Value::call(lower, values).text());
        }
        if let Some(value) = self.context_call(frame, env, span, lower, &values) {
            return value;
        }
        if let Some(value) = functions::call(&self.inputs, lower, &values, span) {
            return value;
        }
        let mut values = values;
        if lower.starts_with("list")
            && let Some(symbol) = values.first().and_then(Value::as_str).map(str::to_owned)
            && frame.template.symbolic
            && !self.symbolic(frame, &symbol).is_empty()
        {
            // Where resources have symbolic names, one stands for the id.
            if let Some(id) = self.symbol(frame, &symbol, span).get("id") {
                values[0] = id;
            }
        }
        let call = Value::call(lower, values);
        if lower.starts_with("list") {
            return call;
        }
        Value::unknown(ReasonKind::Unsupported, format!("the function `{name}` is not evaluated"), call.text())
    }

    /// The value of a call that no arguments can make right, and a diagnostic that says so.
    fn wrong_call(&self, span: Span, wrong: &str, text: &str) -> Value {
        self.say(Diagnostic::warning(span, format!("{wrong}; Azure refuses the template: mend the call")));
        Value::unknown(ReasonKind::Refused, wrong, text)
    }

    fn user_function(&self, frame: &Rc<Frame>, env: &Env, span: Span, name: &str, arguments: &[Expr]) -> Value {
        let lexical = frame.lexical();
        let template = lexical.template.clone();
        let Some(function) = template.functions.get(&rolecall_value::Key::from(name)) else {
            let wrong = format!("there is no function `{name}`");
            if template.may_declare_more() {
                return Value::unknown(ReasonKind::Invalid, wrong, name);
            }
            return self.wrong_call(span, &wrong, name);
        };
        let (wanted, given) = (function.parameters.len(), arguments.len());
        if wanted != given {
            let text = format!("{name} at {}..{}", span.start, span.end);
            return self.wrong_call(span, &format!("{name} takes {wanted} arguments, not {given}"), &text);
        }
        let mut inner = Env::default();
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            let value = self.eval(frame, env, argument);
            inner = inner.with(Bound::Local(parameter.clone(), value));
        }
        let value = self.eval(&lexical, &inner, &function.body);
        let origin = self.origins.hop(span, Hop::Variable(name.into()), value.origin());
        value.with_origin(origin)
    }

    fn lambda_call(&self, frame: &Rc<Frame>, env: &Env, span: Span, name: &str, arguments: &[Expr]) -> Value {
        let mut values = Vec::new();
        let mut lambdas: Vec<Box<Lambda<'_>>> = Vec::new();
        for argument in arguments {
            match &argument.kind {
                ExprKind::Lambda { parameters, body } => lambdas.push(Box::new(move |given: &[Value]| {
                    let mut inner = env.clone();
                    for (parameter, value) in parameters.iter().zip(given) {
                        inner = inner.with(Bound::Local(parameter.clone(), value.clone()));
                    }
                    self.eval(frame, &inner, body)
                })),
                _ => values.push(self.eval(frame, env, argument)),
            }
        }
        let mut borrowed: Vec<&mut Lambda<'_>> = Vec::with_capacity(lambdas.len());
        for lambda in &mut lambdas {
            borrowed.push(&mut **lambda);
        }
        if let Some(wrong) = functions::wrong_arity(name, arguments.len()) {
            return self.wrong_call(span, &wrong, &format!("{name} at {}..{}", span.start, span.end));
        }
        functions::call_with_lambda(&self.inputs, name, &values, &mut borrowed, span).unwrap_or_else(|| {
            let text = format!("{name}({}, lambda at {}..{})", texts(&values), span.start, span.end);
            Value::unknown(ReasonKind::Unsupported, format!("the function `{name}` is not evaluated"), text)
        })
    }

    /// `base[key]`, also in a round of a loop whose number is not settled.
    pub(super) fn member(&self, base: &Value, key: &Value, safe: bool, from_end: bool) -> Value {
        match key.as_symbol() {
            Some(symbol) if super::loops::is_cursor(symbol) => super::loops::at_cursor(base, key, symbol),
            _ => functions::member(&self.inputs, base, key, safe, from_end),
        }
    }

    /// Applies a function to all combinations of the arguments' alternatives.
    pub(super) fn distribute(&self, arguments: &[Value], function: &mut dyn FnMut(&[Value]) -> Value) -> Value {
        let combinations = arguments
            .iter()
            .map(|argument| match argument.kind() {
                Kind::Cond(alternatives) => alternatives.len(),
                _ => 1,
            })
            .try_fold(1usize, usize::checked_mul);
        if combinations.is_none_or(|combinations| combinations > MAX_COMBINATIONS) {
            let detail = format!("the arguments have more than {MAX_COMBINATIONS} combinations of alternatives");
            return Value::unknown(ReasonKind::Limit, detail, texts(arguments));
        }
        match arguments.iter().position(|argument| matches!(argument.kind(), Kind::Cond(_))) {
            None => function(arguments),
            Some(at) => arguments[at].map(|alternative| {
                let mut fixed = arguments.to_vec();
                fixed[at] = alternative.clone();
                self.distribute(&fixed, function)
            }),
        }
    }
}

pub(super) fn refused(detail: &str, text: &str) -> Value {
    Value::unknown(ReasonKind::Refused, detail, text)
}

/// The same unknown behind another expression.
pub(super) fn rename(unknown: &Value, text: &str) -> Value {
    match unknown.as_unknown() {
        Some(inner) => {
            Value::unknown(inner.reason.kind, inner.reason.detail.clone(), text).with_origin(unknown.origin())
        }
        None => unknown.clone(),
    }
}

pub(super) fn texts(values: &[Value]) -> String {
    values.iter().map(Value::text).collect::<Vec<_>>().join(", ")
}

fn element_span(element: &Element) -> Span {
    match element {
        Element::Item(expr) | Element::Spread(expr) | Element::Property(expr, _) => expr.span,
    }
}
