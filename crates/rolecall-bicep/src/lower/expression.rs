//! Expressions.

use std::sync::Arc;

use rolecall_source::{Diagnostic, Span};
use rolecall_template::ir::{Element, Expr, ExprKind};

use super::unit::{Declared, ResourceInfo};
use super::{DEPLOYED, Lower, MAX_DEPTH, MAX_NODES, WAITING, call, member, string, text};
use crate::syntax::{
    ArrayItem, BinaryExpression, BinaryOperator, CallExpression, Expression, ForBody, IndexAccess,
    InterpolatedMultilineString, InterpolatedString, MethodCall, Object, ObjectItem, Property, PropertyAccess,
    PropertyKey, StringLiteral, SyntaxNode, UnaryOperator,
};

impl Lower<'_> {
    /// An expression that may be missing.
    pub(super) fn optional<'t>(
        &mut self,
        expression: Option<Expression<'_>>,
        around: impl SyntaxNode<'t>,
        reason: &str,
    ) -> Expr {
        match expression {
            Some(expression) => self.expression(expression),
            None => self.invalid(self.span(around), reason),
        }
    }

    pub(super) fn expression(&mut self, expression: Expression<'_>) -> Expr {
        let span = self.span(expression);
        if self.depth >= MAX_DEPTH {
            return self.limit(span, &format!("expressions nest deeper than the {MAX_DEPTH} levels that are followed"));
        }
        if self.nodes >= MAX_NODES {
            let message =
                format!("the file has more than the {MAX_NODES} expressions that are followed, imports written out");
            return self.limit(span, &message);
        }
        self.depth += 1;
        self.nodes += 1;
        let kind = self.kind(expression, span);
        self.depth -= 1;
        Expr { kind, span }
    }

    pub(super) fn limit(&mut self, span: Span, message: &str) -> Expr {
        if !self.diagnostics.iter().any(|known| known.message == message) {
            // Nothing is wrong with the template: we go no further.
            self.diagnostics.push(Diagnostic::warning(span, message));
        }
        self.invalid(span, message)
    }

    fn kind(&mut self, expression: Expression<'_>, span: Span) -> ExprKind {
        match expression {
            Expression::Null(_) => ExprKind::Null,
            Expression::Boolean(literal) => ExprKind::Bool(literal.text(&self.unit.text) == "true"),
            Expression::Integer(literal) => self.integer(literal.text(&self.unit.text), false),
            Expression::StringLiteral(literal) => self.string_literal(literal, span),
            Expression::Array(array) => {
                let mut items = Vec::new();
                for item in array.items() {
                    items.push(match item {
                        ArrayItem::Expression(item) => Element::Item(self.expression(item)),
                        ArrayItem::Spread(spread) => {
                            Element::Spread(self.optional(spread.value(), spread, "there is no value"))
                        }
                    });
                }
                ExprKind::Array(items)
            }
            Expression::Object(object) => self.object(object),
            Expression::ParenthesizedExpression(inner) => {
                self.optional(inner.expression(), inner, "there is no value").kind
            }
            Expression::NonNullAssertion(inner) => self.optional(inner.operand(), inner, "there is no value").kind,
            Expression::ConditionalExpression(one) => {
                let parts = [one.condition(), one.consequence(), one.alternative()];
                let parts = parts.map(|part| self.optional(part, one, "a part of the condition is missing"));
                call("if", parts.into())
            }
            Expression::BinaryExpression(binary) => self.binary(binary, span),
            Expression::UnaryExpression(unary) => match (unary.operator(), unary.operand()) {
                (Some(UnaryOperator::Minus(_)), Some(Expression::Integer(literal))) => {
                    self.integer(literal.text(&self.unit.text), true)
                }
                (operator, operand) => {
                    let operand = self.optional(operand, unary, "there is no value");
                    match operator {
                        Some(UnaryOperator::Minus(_)) => {
                            call("sub", vec![Expr { kind: ExprKind::Int(0), span }, operand])
                        }
                        _ => call("not", vec![operand]),
                    }
                }
            },
            Expression::LambdaExpression(lambda) => {
                let names: Vec<_> = lambda.parameters().into_iter().flat_map(|list| list.parameters()).collect();
                let parameters: Vec<_> = names.into_iter().map(|name| self.named(name).0).collect();
                let before = self.locals.len();
                self.locals.extend(parameters.iter().cloned());
                let body = self.optional(lambda.body(), lambda, "the lambda has no body");
                self.locals.truncate(before);
                ExprKind::Lambda { parameters, body: Box::new(body) }
            }
            Expression::ForExpression(one) => {
                let before = self.locals.len();
                let holder = self.holder.clone();
                let name = self.loop_name(&holder);
                let copy = self.copy(one, Some(name));
                let body = match one.body() {
                    Some(ForBody::Expression(body)) => self.expression(body),
                    _ => self.invalid(span, "the loop has no body"),
                };
                self.locals.truncate(before);
                ExprKind::Loop { copy: Box::new(copy), body: Box::new(body) }
            }
            Expression::VariableReference(name) => {
                let name = name.text(&self.unit.text).to_owned();
                self.name(&name, span)
            }
            Expression::ResourceAccess(access) => match self.resource_symbol(Expression::ResourceAccess(access)) {
                Some((symbol, _)) => ExprKind::Symbol(symbol),
                None => ExprKind::Invalid("there is no such nested resource".into()),
            },
            Expression::PropertyAccess(access) => self.property_access(access, span),
            Expression::IndexAccess(access) => self.index_access(access, span),
            Expression::CallExpression(one) => self.call_expression(one, span),
            Expression::MethodCall(one) => self.method_call(one, span),
        }
    }

    fn integer(&self, digits: &str, negative: bool) -> ExprKind {
        let text = if negative { format!("-{digits}") } else { digits.to_owned() };
        match text.parse() {
            Ok(value) => ExprKind::Int(value),
            Err(_) => ExprKind::Invalid("the number is too large".into()),
        }
    }

    /// A name for a loop that no loop around it has: a loop in it is called otherwise.
    fn loop_name(&mut self, holder: &Arc<str>) -> Arc<str> {
        let count = self.loops.entry(holder.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { holder.clone() } else { format!("{holder}#{count}").into() }
    }

    fn binary(&mut self, binary: BinaryExpression<'_>, span: Span) -> ExprKind {
        let left = self.optional(binary.left(), binary, "there is no value");
        let right = self.optional(binary.right(), binary, "there is no value");
        let Some(operator) = binary.operator() else { return ExprKind::Invalid("there is no operator".into()) };
        let not = |kind: ExprKind| call("not", vec![Expr { kind, span }]);
        let lower = |one: Expr| Expr { span: one.span, kind: call("toLower", vec![one]) };
        let name = match operator {
            BinaryOperator::Equals(_) => "equals",
            BinaryOperator::NotEquals(_) => return not(call("equals", vec![left, right])),
            BinaryOperator::EqualsInsensitive(_) => return call("equals", vec![lower(left), lower(right)]),
            BinaryOperator::NotEqualsInsensitive(_) => return not(call("equals", vec![lower(left), lower(right)])),
            BinaryOperator::Modulo(_) => "mod",
            BinaryOperator::And(_) => "and",
            BinaryOperator::Multiply(_) => "mul",
            BinaryOperator::Add(_) => "add",
            BinaryOperator::Minus(_) => "sub",
            BinaryOperator::Divide(_) => "div",
            BinaryOperator::Less(_) => "less",
            BinaryOperator::LessOrEqual(_) => "lessOrEquals",
            BinaryOperator::Greater(_) => "greater",
            BinaryOperator::GreaterOrEqual(_) => "greaterOrEquals",
            BinaryOperator::Coalesce(_) => "coalesce",
            BinaryOperator::Or(_) => "or",
        };
        call(name, vec![left, right])
    }

    fn string_literal(&mut self, literal: StringLiteral<'_>, span: Span) -> ExprKind {
        match literal {
            StringLiteral::InterpolatedString(string) => self.interpolated(string, span),
            StringLiteral::InterpolatedMultilineString(string) => self.interpolated_lines(string, span),
            plain => {
                let text = self.string_text(plain).unwrap_or_default();
                ExprKind::Str(self.share(&text))
            }
        }
    }

    fn interpolated(&mut self, string: InterpolatedString<'_>, span: Span) -> ExprKind {
        let pieces: Vec<_> = string.pieces().map(|piece| text::piece(piece.text(&self.unit.text))).collect();
        let holes: Vec<_> = string.expressions().collect();
        self.format(&pieces, holes, span)
    }

    fn interpolated_lines(&mut self, string: InterpolatedMultilineString<'_>, span: Span) -> ExprKind {
        let raw = string.text(&self.unit.text);
        let dollars = raw.len() - raw.trim_start_matches('$').len();
        let pieces: Vec<_> =
            string.pieces().map(|piece| text::multiline_piece(piece.text(&self.unit.text), dollars)).collect();
        let holes: Vec<_> = string.expressions().collect();
        self.format(&pieces, holes, span)
    }

    fn format(&mut self, pieces: &[String], holes: Vec<Expression<'_>>, span: Span) -> ExprKind {
        let mut pattern = String::new();
        for (place, piece) in pieces.iter().enumerate() {
            pattern += &piece.replace('{', "{{").replace('}', "}}");
            if place < holes.len() {
                pattern += &format!("{{{place}}}");
            }
        }
        let mut arguments = vec![string(&pattern, span)];
        arguments.extend(holes.into_iter().map(|hole| self.expression(hole)));
        call("format", arguments)
    }

    fn object(&mut self, object: Object<'_>) -> ExprKind {
        let mut elements = Vec::new();
        for item in object.items() {
            match item {
                ObjectItem::Property(property) => elements.extend(self.property(property)),
                ObjectItem::Spread(spread) => {
                    elements.push(Element::Spread(self.optional(spread.value(), spread, "there is no value")));
                }
                ObjectItem::ResourceDeclaration(_) => {}
            }
        }
        ExprKind::Object(elements)
    }

    pub(super) fn property(&mut self, property: Property<'_>) -> Option<Element> {
        let key = match property.key()? {
            PropertyKey::Identifier(name) => {
                let (name, span) = self.named(name);
                Expr { kind: ExprKind::Str(name), span }
            }
            PropertyKey::StringLiteral(literal) => {
                let span = self.span(literal);
                Expr { kind: self.string_literal(literal, span), span }
            }
        };
        let holder = match &key.kind {
            ExprKind::Str(name) => name.clone(),
            _ => "".into(),
        };
        let before = std::mem::replace(&mut self.holder, holder);
        let value = self.optional(property.value(), property, "there is no value");
        self.holder = before;
        Some(Element::Property(key, value))
    }

    /// The symbolic name, where a name means a resource or module.
    pub(super) fn symbol(&self, name: &str) -> Option<(Arc<str>, ResourceInfo)> {
        for outer in self.around.iter().rev() {
            let inner = format!("{outer}::{name}");
            if let Some(info) = self.unit.resources.get(&inner) {
                return Some((inner.into(), info.clone()));
            }
        }
        match self.unit.declared.get(name) {
            Some(Declared::Resource) => Some((name.into(), self.unit.resources.get(name)?.clone())),
            _ => None,
        }
    }

    /// The resource that an expression means: its name, `outer::inner`, or one of a loop's.
    pub(super) fn resource_symbol(&self, expression: Expression<'_>) -> Option<(Arc<str>, ResourceInfo)> {
        let mut path: Vec<&str> = Vec::new();
        let mut at = expression;
        loop {
            match at {
                Expression::VariableReference(name) => {
                    let name = name.text(&self.unit.text);
                    if self.locals.iter().any(|local| &**local == name) {
                        return None;
                    }
                    let (mut symbol, mut info) = self.symbol(name)?;
                    for inner in path.iter().rev() {
                        symbol = format!("{symbol}::{inner}").into();
                        info = self.unit.resources.get(&*symbol)?.clone();
                    }
                    return Some((symbol, info));
                }
                Expression::ResourceAccess(access) => {
                    path.push(access.resource()?.text(&self.unit.text));
                    at = access.object()?;
                }
                Expression::IndexAccess(access) if path.is_empty() => at = access.object()?,
                Expression::NonNullAssertion(inner) => at = inner.operand()?,
                Expression::ParenthesizedExpression(inner) => at = inner.expression()?,
                _ => return None,
            }
        }
    }

    /// Whether a name of one of these locals stands below a node.
    fn mentions(&self, node: tree_sitter::Node<'_>, locals: &[Arc<str>]) -> bool {
        if locals.is_empty() {
            return false;
        }
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if node.kind() == "variable_reference" || node.named_child_count() == 0 {
                let text = node.text(&self.unit.text);
                if locals.iter().any(|local| &**local == text) {
                    return true;
                }
            }
            let mut cursor = node.walk();
            open.extend(node.named_children(&mut cursor));
        }
        false
    }

    /// The resource or module that a chain of accesses begins with.
    fn root_resource(&self, expression: Expression<'_>) -> Option<Arc<str>> {
        let mut at = Some(expression);
        while let Some(expression) = at {
            if let Some((symbol, _)) = self.resource_symbol(expression) {
                return Some(symbol);
            }
            at = match expression {
                Expression::PropertyAccess(access) => access.object(),
                Expression::IndexAccess(access) => access.object(),
                Expression::NonNullAssertion(inner) => inner.operand(),
                Expression::ParenthesizedExpression(inner) => inner.expression(),
                _ => None,
            };
        }
        None
    }

    /// Whether an expression is the `outputs` of a module.
    fn is_outputs(&self, expression: Expression<'_>) -> bool {
        match expression {
            Expression::PropertyAccess(access) => {
                access.property().is_some_and(|name| name.text(&self.unit.text) == "outputs")
                    && access
                        .object()
                        .and_then(|object| self.resource_symbol(object))
                        .is_some_and(|(_, info)| info.module)
            }
            Expression::NonNullAssertion(inner) => inner.operand().is_some_and(|inner| self.is_outputs(inner)),
            _ => false,
        }
    }

    fn property_access(&mut self, access: PropertyAccess<'_>, span: Span) -> ExprKind {
        let (Some(object), Some(property)) = (access.object(), access.property()) else {
            return ExprKind::Invalid("there is no property".into());
        };
        let (name, name_span) = self.named(property);
        let safe = access.safe().is_some();
        if let Expression::VariableReference(alias) = object
            && let Some(kind) = self.exported(alias.text(&self.unit.text).to_owned(), &name, span)
        {
            return kind;
        }
        let resource = self.resource_symbol(object);
        if let Some((_, info)) = &resource {
            if &*name == "apiVersion" {
                return ExprKind::Str(info.api_version.as_str().into());
            }
            if &*name == "type" {
                return ExprKind::Str(info.full_type.as_str().into());
            }
        }
        let outputs = self.is_outputs(object);
        let mut base = self.expression(object);
        if safe && resource.is_some() {
            // Of what is not deployed a safe access gives `null`.
            base = Expr { kind: call(DEPLOYED, vec![base]), span };
        }
        if resource.is_some_and(|(_, info)| info.module) && &*name == "outputs" {
            base = member(base, "properties", safe);
        }
        let key = Expr { kind: ExprKind::Str(name), span: name_span };
        let kind = access_kind(base, key, safe, continues(object));
        if !outputs {
            return kind;
        }
        // Each output is an object that holds its value.
        let output = Expr { kind, span };
        let key = string("value", span);
        access_kind(output, key, safe, false)
    }

    /// `alias.name` of a wildcard import, or `base.name` in a parameter file.
    fn exported(&mut self, alias: String, name: &str, span: Span) -> Option<ExprKind> {
        if self.locals.iter().any(|local| **local == *alias) {
            return None;
        }
        if self.inline
            && alias == "base"
            && let Some(base) = self.base.clone()
        {
            return Some(self.name_in(&base, name, span));
        }
        let unit = self.unit.clone();
        let Some(Declared::Wildcard { path }) = unit.declared.get(&alias) else { return None };
        Some(self.imported_name(&unit, path, name, span))
    }

    fn index_access(&mut self, access: IndexAccess<'_>, span: Span) -> ExprKind {
        let Some(object) = access.object() else { return ExprKind::Invalid("there is nothing to look into".into()) };
        let outputs = self.is_outputs(object);
        let base = self.expression(object);
        let key = self.optional(access.index(), access, "there is no index");
        let (safe, from_end) = (access.safe().is_some(), access.from_end().is_some());
        // An index that only a loop of a property knows cannot stand among what the resource waits for: the compiler makes
        // it wait for all rounds.
        let inner: Vec<_> = self.locals.iter().skip(self.declared_locals).cloned().collect();
        if let Expression::VariableReference(_) | Expression::ResourceAccess(_) = object
            && !from_end
            && access.index().is_some_and(|index| self.mentions(index.node(), &inner))
            && let Some((symbol, _)) = self.resource_symbol(object)
        {
            let one = Expr { kind: access_kind(base, key, safe, false), span };
            let all = Expr { kind: ExprKind::Symbol(symbol), span };
            return call(WAITING, vec![one, all]);
        }
        let kind = match from_end {
            true => ExprKind::Member { base: Box::new(base), key: Box::new(key), safe, from_end },
            false => access_kind(base, key, safe, continues(object)),
        };
        if !outputs {
            return kind;
        }
        // Each output is an object that holds its value.
        let output = Expr { kind, span };
        let key = string("value", span);
        access_kind(output, key, safe, false)
    }

    fn arguments<'t>(&mut self, arguments: impl Iterator<Item = Expression<'t>>) -> Vec<Expr> {
        arguments.map(|argument| self.expression(argument)).collect()
    }

    fn call_expression(&mut self, one: CallExpression<'_>, span: Span) -> ExprKind {
        let Some(function) = one.function() else { return ExprKind::Invalid("the call names no function".into()) };
        let (name, _) = self.named(function);
        let unit = self.unit.clone();
        if let Some((namespace, name)) = self.function_in(&unit, &name) {
            let arguments = self.arguments(one.arguments());
            return ExprKind::Call { namespace: Some(namespace.into()), name: name.into(), arguments };
        }
        self.builtin(&name, one.arguments().collect(), span)
    }

    fn builtin(&mut self, name: &str, arguments: Vec<Expression<'_>>, span: Span) -> ExprKind {
        match (name, &arguments[..]) {
            ("any", [value]) => self.expression(*value).kind,
            ("nameof", [Expression::IndexAccess(access)]) => match access.index().and_then(|index| self.literal(index))
            {
                Some(name) => ExprKind::Str(name.into()),
                None => ExprKind::Invalid("it has no name".into()),
            },
            ("nameof", [value]) => match last_name(*value) {
                Some(name) => {
                    let name = string(name.text(&self.unit.text), span);
                    match self.root_resource(*value) {
                        Some(symbol) => {
                            let symbol = Expr { kind: ExprKind::Symbol(symbol), span };
                            call(WAITING, vec![name, symbol])
                        }
                        None => name.kind,
                    }
                }
                None => ExprKind::Invalid("it has no name".into()),
            },
            ("loadTextContent" | "loadFileAsBase64" | "loadJsonContent" | "loadYamlContent", [_, ..]) => {
                self.load(name, &arguments, span)
            }
            ("getSecret", _) if self.inline => call("secret", self.arguments(arguments.into_iter())),
            _ => call(name, self.arguments(arguments.into_iter())),
        }
    }

    fn method_call(&mut self, one: MethodCall<'_>, span: Span) -> ExprKind {
        let (Some(object), Some(method)) = (one.object(), one.method()) else {
            return ExprKind::Invalid("the call names no function".into());
        };
        let (name, _) = self.named(method);
        if let Expression::VariableReference(alias) = object {
            let alias = alias.text(&self.unit.text).to_owned();
            let unit = self.unit.clone();
            match unit.declared.get(&alias) {
                Some(Declared::Wildcard { path }) => {
                    if let Some((namespace, name)) = self.function_at(&unit, path, &name) {
                        let arguments = self.arguments(one.arguments());
                        return ExprKind::Call { namespace: Some(namespace.into()), name: name.into(), arguments };
                    }
                    return ExprKind::Invalid(format!("`{path}` gives no function `{name}`").into());
                }
                None if alias == "sys" || alias == "az" => {
                    return self.builtin(&name, one.arguments().collect(), span);
                }
                _ => {}
            }
        }
        let Some((_, info)) = self.resource_symbol(object) else {
            let mut values = vec![self.expression(object)];
            values.extend(self.arguments(one.arguments()));
            return ExprKind::Invalid(format!("`{name}` is no function of this").into());
        };
        let id = member(self.expression(object), "id", false);
        let given = self.arguments(one.arguments());
        let mut arguments = vec![id];
        if &*name == "getSecret" {
            arguments.extend(given);
            return call("secret", arguments);
        }
        let mut given = given.into_iter();
        match given.next() {
            // An API version of its own comes first.
            Some(version) => arguments.push(version),
            None => arguments.push(string(&info.api_version, span)),
        }
        arguments.extend(given);
        call(&name, arguments)
    }
}

/// `base[key]`: a safe access is `tryGet`, which takes over the accesses that follow it.
fn access_kind(mut base: Expr, key: Expr, safe: bool, continues: bool) -> ExprKind {
    if safe {
        return call("tryGet", vec![base, key]);
    }
    if continues
        && let ExprKind::Call { namespace: None, name, arguments } = &mut base.kind
        && &**name == "tryGet"
    {
        arguments.push(key);
        return base.kind;
    }
    ExprKind::Member { base: Box::new(base), key: Box::new(key), safe: false, from_end: false }
}

/// Whether an expression is an access itself, so that one that follows it belongs to the same chain.
fn continues(object: Expression<'_>) -> bool {
    matches!(object, Expression::PropertyAccess(_) | Expression::IndexAccess(_))
}

/// Whether an expression can only give a bool.
pub(super) fn is_bool(expr: &Expr) -> bool {
    const TESTS: [&str; 8] = ["and", "or", "not", "equals", "less", "lessOrEquals", "greater", "greaterOrEquals"];
    match &expr.kind {
        ExprKind::Bool(_) => true,
        ExprKind::Call { namespace: None, name, .. } => TESTS.contains(&&**name),
        _ => false,
    }
}

fn last_name(expression: Expression<'_>) -> Option<tree_sitter::Node<'_>> {
    Some(match expression {
        Expression::VariableReference(name) => name.node(),
        Expression::PropertyAccess(access) => access.property()?.node(),
        Expression::ResourceAccess(access) => access.resource()?.node(),
        _ => return None,
    })
}

/// The text of a node.
trait NodeText {
    fn text(self, file: &str) -> &str;
}

impl NodeText for tree_sitter::Node<'_> {
    fn text(self, file: &str) -> &str {
        file.get(self.byte_range()).unwrap_or_default()
    }
}
