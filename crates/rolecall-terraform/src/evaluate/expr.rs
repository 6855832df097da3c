//! Expressions.

use std::rc::Rc;

use rolecall_source::Span;
use rolecall_value::{Array, Case, Condition, Hop, Item, Kind, Object, Property, Value, equality, truth};

use super::{Env, Evaluator, Frame};
use crate::functions::{self, is_settled};
use crate::syntax::{Binary, Expr, ExprKind, For, Step, Unary};
use crate::types::{from_float, parse_number};
use crate::values::{
    as_set, assuming, attribute, distribute, error, expand, from_condition, index, is_error, is_open_key, iterate,
    pending, scalar_text,
};

impl Evaluator<'_> {
    pub fn eval(&self, frame: &Rc<Frame>, env: &Env, expr: &Expr) -> Value {
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
            ExprKind::Float(value) => from_float(*value),
            ExprKind::Str(text) => Value::string(text.clone()),
            ExprKind::Template(parts) => self.template(frame, env, parts),
            ExprKind::Tuple(items) => Value::array(items.iter().map(|item| self.eval(frame, env, item))),
            ExprKind::Object(entries) => {
                let mut object = Object::default();
                for (key, value) in entries {
                    let key = self.eval(frame, env, key);
                    let value = self.eval(frame, env, value);
                    insert(&mut object, &key, Property::from(value));
                }
                object.into()
            }
            ExprKind::Variable(name) => self.variable_root(frame, env, name, expr.span),
            ExprKind::Traversal(base, steps) => self.traversal(frame, env, base, steps, expr.span),
            ExprKind::Conditional(parts) => {
                let when = self.truth(&self.eval(frame, env, &parts[0]));
                if when.is_true() {
                    return self.eval(frame, env, &parts[1]);
                }
                if when.is_false() {
                    return self.eval(frame, env, &parts[2]);
                }
                Value::choose(&when, &self.eval(frame, env, &parts[1]), &self.eval(frame, env, &parts[2]))
            }
            ExprKind::Call(name, arguments, spread) => self.call(frame, env, name, arguments, *spread, expr.span),
            ExprKind::Unary(Unary::Not, inner) => {
                let value = self.eval(frame, env, inner);
                if is_error(&value) { value } else { from_condition(&self.truth(&value).not()) }
            }
            ExprKind::Unary(Unary::Minus, inner) => {
                let value = self.eval(frame, env, inner);
                arithmetic('-', &[Value::int(0), value])
            }
            ExprKind::Binary(operator, sides) => self.binary(frame, env, *operator, &sides[0], &sides[1]),
            ExprKind::For(each) => self.each(frame, env, each),
            ExprKind::Invalid(reason) => error(reason.clone(), format!("invalid at {}", expr.span.start)),
        }
    }

    /// When a value used as a condition is true.
    pub fn truth(&self, value: &Value) -> Condition {
        match value.kind() {
            Kind::Str(text) if &**text == "true" => Condition::TRUE,
            Kind::Str(text) if &**text == "false" => Condition::FALSE,
            Kind::Cond(alternatives) => alternatives
                .iter()
                .map(|(when, value)| when.and(&self.truth(value)))
                .fold(Condition::FALSE, |all, one| all.or(&one)),
            // Terraform refuses an error, so nothing depends on what it would be.
            Kind::Unknown(_) if is_error(value) => Condition::FALSE,
            Kind::Null => Condition::FALSE,
            _ => truth(&self.inputs, value),
        }
    }

    fn binary(&self, frame: &Rc<Frame>, env: &Env, operator: Binary, a: &Expr, b: &Expr) -> Value {
        let left = self.eval(frame, env, a);
        if is_error(&left) {
            return left;
        }
        match operator {
            Binary::And | Binary::Or => {
                let first = self.truth(&left);
                let decided = if operator == Binary::And { first.is_false() } else { first.is_true() };
                if decided {
                    return from_condition(&first);
                }
                let right = self.eval(frame, env, b);
                let second = self.truth(&right);
                // An error on the right is one only where the left lets it be asked.
                let result = if operator == Binary::And { first.and(&second) } else { first.or(&second) };
                return from_condition(&result);
            }
            _ => {}
        }
        let right = self.eval(frame, env, b);
        if is_error(&right) {
            return right;
        }
        match operator {
            Binary::Equal | Binary::NotEqual => {
                let same = self.equal(&left, &right);
                if operator == Binary::Equal { same } else { from_condition(&self.truth(&same).not()) }
            }
            Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
                self.compare(operator, &left, &right)
            }
            Binary::Add => arithmetic('+', &[left, right]),
            Binary::Subtract => arithmetic('-', &[left, right]),
            Binary::Multiply => arithmetic('*', &[left, right]),
            Binary::Divide => arithmetic('/', &[left, right]),
            _ => arithmetic('%', &[left, right]),
        }
    }

    fn equal(&self, a: &Value, b: &Value) -> Value {
        distribute(&[a.clone(), b.clone()], &mut |sides| {
            let (a, b) = (&sides[0], &sides[1]);
            if let Some(failed) = [a, b].into_iter().find(|side| is_error(side)) {
                return failed.clone();
            }
            if (a.is_null() && never_null(b)) || (b.is_null() && never_null(a)) {
                return Value::bool(false);
            }
            if let (Some(x), Some(y)) = (as_set(a).or(a.as_array()), as_set(b).or(b.as_array()))
                && let Some(same) = same_length(x, y)
            {
                return Value::bool(same);
            }
            // `{…} == null`, `[…] == ""`: two types.
            let same = equality(&self.inputs, a, b, Case::Sensitive);
            functions_from_equality(self, &same, || Value::call("equals", vec![a.clone(), b.clone()]))
        })
    }

    fn compare(&self, operator: Binary, a: &Value, b: &Value) -> Value {
        let sides = [expand(&self.inputs, a), expand(&self.inputs, b)];
        distribute(&sides, &mut |sides| {
            let name = match operator {
                Binary::Less => "less",
                Binary::LessOrEqual => "lessorequals",
                Binary::Greater => "greater",
                _ => "greaterorequals",
            };
            let (Some(a), Some(b)) = (functions::number(&sides[0]), functions::number(&sides[1])) else {
                return match sides.iter().find(|side| is_error(side)) {
                    Some(failed) => failed.clone(),
                    None => pending(name, sides),
                };
            };
            Value::bool(match operator {
                Binary::Less => a < b,
                Binary::LessOrEqual => a <= b,
                Binary::Greater => a > b,
                _ => a >= b,
            })
        })
    }

    fn each(&self, frame: &Rc<Frame>, env: &Env, each: &For) -> Value {
        let collection = self.eval(frame, env, &each.collection);
        let entries = match iterate(&self.inputs, &collection) {
            Ok(entries) => entries,
            Err(error) => return error,
        };
        let mut items = Vec::new();
        let mut object = Object::default();
        for entry in entries {
            if self.exhausted() {
                return self
                    .limit(each.result.span, "the loop is cut short: the deployment needs too many steps".to_owned());
            }
            let mut inner = env.clone();
            if let Some(key) = &each.key {
                inner = inner.with(key.clone(), entry.key.clone());
            }
            inner = inner.with(each.value.clone(), assuming(&entry.value, &entry.when));
            let mut when = entry.when.clone();
            if let Some(condition) = &each.condition {
                let test = self.eval(frame, &inner, condition);
                if is_error(&test) {
                    return test;
                }
                let holds = self.truth(&test);
                // Which elements of an open collection pass is part of how many there are.
                if !entry.many || holds.is_false() {
                    when = when.and(&holds);
                }
            }
            if when.is_false() {
                continue;
            }
            let value = assuming(&self.eval(frame, &inner, &each.result), &when);
            match &each.result_key {
                None => items.push(Item { value, when, many: entry.many }),
                Some(key) => {
                    let key = self.eval(frame, &inner, key);
                    if is_error(&key) {
                        return key;
                    }
                    let key = if entry.many && !is_open_key(&key) && !is_settled(&key) {
                        Value::call("each_key", vec![key])
                    } else {
                        key
                    };
                    if each.grouping {
                        let name = text_key(&key);
                        let known =
                            object.entries().find(|(known, _)| *known == name).map(|(_, known)| known.value.clone());
                        let mut grouped = known.and_then(|known| known.as_array().cloned()).unwrap_or_default();
                        grouped.items.push(Item { value, when: when.clone(), many: entry.many });
                        let any = grouped.items.iter().fold(Condition::FALSE, |all, item| all.or(&item.when));
                        object.properties.shift_remove(&rolecall_value::Key::from(
                            name.as_str().map_or_else(|| name.text(), str::to_owned),
                        ));
                        insert(&mut object, &name, Property { name: None, value: grouped.into(), when: any });
                    } else {
                        insert(&mut object, &key, Property { name: None, value, when });
                    }
                }
            }
        }
        if each.result_key.is_some() { object.into() } else { Array { items }.into() }
    }

    fn traversal(&self, frame: &Rc<Frame>, env: &Env, base: &Expr, steps: &[Step], span: Span) -> Value {
        let (value, used) = match &base.kind {
            ExprKind::Variable(name) => self.root(frame, env, name, steps, span),
            _ => (self.eval(frame, env, base), 0),
        };
        let mut value = self.steps(frame, env, value, &steps[used..]);
        // It stands here, whoever made it: findings point at the use, and the chain leads on. So do the elements of a splat,
        // of which a function may take one.
        let splat = steps[used..].iter().any(|step| matches!(step, Step::AttributeSplat | Step::FullSplat));
        if splat && let Some(array) = value.as_array() {
            let here = |item: &Item| Item { value: self.hop(span, Hop::Written, item.value.clone()), ..item.clone() };
            value = Array { items: array.items.iter().map(here).collect() }.into();
        }
        self.hop(span, Hop::Written, value)
    }

    fn steps(&self, frame: &Rc<Frame>, env: &Env, mut value: Value, steps: &[Step]) -> Value {
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            at += 1;
            if is_error(&value) {
                return value;
            }
            match step {
                Step::Attribute(name) => {
                    value = attribute(&expand_object(self, &value), name).or_origin(value.origin())
                }
                Step::Index(key) => {
                    let key = self.eval(frame, env, key);
                    value = index(&self.inputs, &value, &key).or_origin(value.origin());
                }
                Step::AttributeSplat => {
                    let end = steps[at..].iter().position(|step| !matches!(step, Step::Attribute(_)));
                    let end = end.map_or(steps.len(), |end| at + end);
                    value = self.splat(frame, env, &value, &steps[at..end]);
                    at = end;
                }
                Step::FullSplat => return self.splat(frame, env, &value, &steps[at..]),
            }
        }
        value
    }

    fn splat(&self, frame: &Rc<Frame>, env: &Env, value: &Value, steps: &[Step]) -> Value {
        expand(&self.inputs, value).map(|value| {
            let of = |item: &Value| self.steps(frame, env, item.clone(), steps);
            if let Some(array) = as_set(value).or(value.as_array()) {
                let items = array.items.iter().map(|item| Item { value: of(&item.value), ..item.clone() });
                return Array { items: items.collect() }.into();
            }
            match value.kind() {
                Kind::Null => Array::default().into(),
                Kind::Symbol(_) | Kind::Unknown(_) => match iterate(&self.inputs, value) {
                    Ok(entries) => Array {
                        items: entries
                            .into_iter()
                            .map(|entry| Item { value: of(&entry.value), when: entry.when, many: entry.many })
                            .collect(),
                    }
                    .into(),
                    Err(error) => error,
                },
                _ => Value::array([of(value)]),
            }
        })
    }

    fn call(&self, frame: &Rc<Frame>, env: &Env, name: &str, arguments: &[Expr], spread: bool, span: Span) -> Value {
        match (name, arguments) {
            ("try", _) => {
                let mut rest = Condition::TRUE;
                let mut out: Vec<(Condition, Value)> = Vec::new();
                let mut failed = error("`try` has no argument that can be evaluated", format!("try at {}", span.start));
                for argument in arguments {
                    let value = self.eval(frame, env, argument);
                    let wrong = crate::values::error_condition(&value);
                    let here = rest.and_not(&wrong);
                    if !here.is_false() {
                        out.push((here, assuming(&value, &wrong.not())));
                    } else {
                        failed = value;
                    }
                    rest = rest.and(&wrong);
                    if rest.is_false() {
                        break;
                    }
                }
                if !rest.is_false() {
                    out.push((rest, failed));
                }
                return Value::cond(out);
            }
            ("can", [argument]) => {
                let value = self.eval(frame, env, argument);
                return from_condition(&crate::values::error_condition(&value).not());
            }
            ("templatefile", [path, variables]) => {
                let path = self.eval(frame, env, path);
                let variables = self.eval(frame, env, variables);
                return self.template_file(frame, &path, &variables, span);
            }
            _ => {}
        }
        let mut values: Vec<Value> = arguments.iter().map(|argument| self.eval(frame, env, argument)).collect();
        if spread && let Some(last) = values.pop() {
            match as_set(&last).or(last.as_array()) {
                Some(array) => values.extend(array.items.iter().map(|item| {
                    // An element that may be missing is an empty one to every function that takes many.
                    if item.when.is_true() {
                        item.value.clone()
                    } else {
                        Value::choose(&item.when, &item.value, &Value::null())
                    }
                })),
                None => match (&last.kind(), name) {
                    (Kind::Cond(_), _) => {
                        // Alternatives with different numbers of elements.
                        return last.map(|last| {
                            let mut all = values.clone();
                            match as_set(last).or(last.as_array()) {
                                Some(array) => all.extend(array.items.iter().map(|item| item.value.clone())),
                                None => all.push(last.clone()),
                            }
                            self.apply(frame, name, &all, span)
                        });
                    }
                    (Kind::Symbol(_) | Kind::Unknown(_), "merge" | "concat") => {
                        if let Ok(entries) = iterate(&self.inputs, &last) {
                            values.extend(entries.into_iter().map(|entry| entry.value));
                        }
                    }
                    _ => values.push(last),
                },
            }
        }
        self.apply(frame, name, &values, span)
    }

    fn apply(&self, frame: &Rc<Frame>, name: &str, values: &[Value], span: Span) -> Value {
        if let Some(value) = self.file_function(frame, name, values, span) {
            return value;
        }
        match functions::call(&self.inputs, name, values) {
            Some(value) => value,
            None => {
                let text = format!("{name}({})", crate::values::texts(values));
                let detail = format!("the function `{name}` is not evaluated");
                Value::unknown(rolecall_value::ReasonKind::Unsupported, detail, text)
            }
        }
    }

    /// A value that came by a name.
    pub fn hop(&self, span: Span, hop: Hop, value: Value) -> Value {
        let origin = self.origins.hop(span, hop, value.origin());
        value.with_origin(origin)
    }
}

fn functions_from_equality(
    evaluator: &Evaluator<'_>,
    same: &rolecall_value::Equality,
    open: impl FnOnce() -> Value,
) -> Value {
    let undecided = same.undecided();
    if undecided.is_false() {
        return from_condition(&same.equal);
    }
    let when = same.equal.or(&undecided.and(&evaluator.truth(&open())));
    from_condition(&when)
}

/// Lists whose numbers of elements differ for sure, or that are both empty.
fn same_length(x: &Array, y: &Array) -> Option<bool> {
    let certain = |array: &Array| array.items.iter().all(|item| item.when.is_true() && !item.many);
    if !certain(x) || !certain(y) {
        return None;
    }
    match (x.items.len(), y.items.len()) {
        (0, 0) => Some(true),
        (a, b) if a != b => Some(false),
        _ => None,
    }
}

/// Whether a value cannot be `null`: what a resource exports, and what functions make.
fn never_null(value: &Value) -> bool {
    match value.kind() {
        Kind::Symbol(symbol) => match &**symbol {
            rolecall_value::Symbol::Attribute { .. } | rolecall_value::Symbol::Environment(_) => true,
            rolecall_value::Symbol::Call { function, .. } => {
                !matches!(&**function, "each" | "member" | "one" | "lookup" | "merge")
            }
            rolecall_value::Symbol::Input(_) => false,
        },
        Kind::Unknown(_) | Kind::Cond(_) => false,
        kind => !matches!(kind, Kind::Null),
    }
}

/// An object that a closed input chooses.
fn expand_object(evaluator: &Evaluator<'_>, value: &Value) -> Value {
    match value.kind() {
        Kind::Symbol(_) => expand(&evaluator.inputs, value),
        _ => value.clone(),
    }
}

fn arithmetic(operator: char, sides: &[Value]) -> Value {
    let name = match operator {
        '+' => "add",
        '-' => "sub",
        '*' => "mul",
        '/' => "div",
        _ => "mod",
    };
    distribute(sides, &mut |sides| {
        if let Some(failed) = sides.iter().find(|side| is_error(side)) {
            return failed.clone();
        }
        if !sides.iter().all(is_settled) {
            return pending(name, sides);
        }
        functions::arithmetic(operator, &sides[0], &sides[1])
            .unwrap_or_else(|| error("arithmetic on something that is no number", crate::values::texts(sides)))
    })
}

/// The key of an object as a string.
pub(super) fn text_key(key: &Value) -> Value {
    key.map(|key| match scalar_text(key) {
        Some(text) => Value::string(text),
        None => key.clone(),
    })
}

/// Adds a property; the key becomes a string.
pub(super) fn insert(object: &mut Object, key: &Value, property: Property) {
    object.insert(&text_key(key), property);
}

/// A number of instances.
pub(super) fn whole_number(value: &Value) -> Option<i64> {
    match value.kind() {
        Kind::Int(value) => Some(*value),
        Kind::Str(text) => parse_number(text)?.as_int(),
        _ => None,
    }
}
