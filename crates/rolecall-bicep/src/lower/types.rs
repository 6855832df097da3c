//! What a parameter's type and decorators say of its values.

use std::rc::Rc;

use rolecall_template::ir::{Element, Expr, ExprKind, Parameter};
use rolecall_value::{Key, Type as ValueType};

use super::Lower;
use super::content::Imported;
use super::unit::{Declared, Unit};
use crate::syntax::{
    DeclaredType, Expression, ObjectTypeItem, ParameterDeclaration, PropertyKey, Statement, SyntaxNode, Type,
    UnaryOperator,
};

/// How many names of types are followed from one parameter.
const MAX_ALIASES: usize = 32;

/// What a type says of its values.
#[derive(Default)]
struct Facts {
    of_type: Option<ValueType>,
    /// The literals that alone are allowed.
    allowed: Option<Vec<Expr>>,
    nullable: bool,
}

impl Lower<'_> {
    pub(super) fn declared_type(&mut self, declaration: ParameterDeclaration<'_>, into: &mut Parameter) {
        if let Some(DeclaredType::Type(ty)) = declaration.ty() {
            let facts = self.facts(ty, 0);
            into.of_type = facts.of_type;
            into.allowed = facts.allowed;
            into.nullable = facts.nullable;
        }
        for decorator in declaration.decorators() {
            let (name, list) = match decorator.expression() {
                Some(Expression::CallExpression(call)) => (call.function(), call.arguments().next()),
                // `@sys.allowed(…)`
                Some(Expression::MethodCall(call)) => (call.method(), call.arguments().next()),
                _ => continue,
            };
            let is_allowed = name.is_some_and(|name| name.text(&self.unit.text) == "allowed");
            if is_allowed && let Some(list) = list {
                let list = self.expression(list);
                if let ExprKind::Array(items) = list.kind {
                    let items = items.into_iter().filter_map(|item| match item {
                        Element::Item(item) => Some(item),
                        _ => None,
                    });
                    into.allowed = Some(items.collect());
                }
            }
        }
        // An array may hold any of its allowed values, so they do not close what it can be.
        if into.of_type == Some(ValueType::Array) {
            into.allowed = None;
        }
    }

    fn facts(&mut self, ty: Type<'_>, depth: usize) -> Facts {
        if depth > MAX_ALIASES {
            return Facts::default();
        }
        let depth = depth + 1;
        let of = |of_type| Facts { of_type: Some(of_type), ..Facts::default() };
        match ty {
            Type::ArrayType(_) | Type::TupleType(_) => of(ValueType::Array),
            Type::ObjectType(_) => of(ValueType::Object),
            Type::Boolean(_) | Type::Integer(_) | Type::StringLiteral(_) | Type::UnaryType(_) => self.literal_type(ty),
            Type::Null(_) => Facts { nullable: true, ..Facts::default() },
            Type::NullableType(inner) => {
                let facts = inner.ty().map(|inner| self.facts(inner, depth)).unwrap_or_default();
                Facts { nullable: true, ..facts }
            }
            Type::NonNullableType(inner) => {
                let facts = inner.ty().map(|inner| self.facts(inner, depth)).unwrap_or_default();
                Facts { nullable: false, ..facts }
            }
            Type::ParenthesizedType(inner) => inner.ty().map(|inner| self.facts(inner, depth)).unwrap_or_default(),
            Type::UnionType(union) => {
                let mut all = Facts { allowed: Some(Vec::new()), ..Facts::default() };
                let mut mixed = false;
                for member in union.members() {
                    let facts = self.facts(member, depth);
                    all.nullable |= facts.nullable;
                    if facts.of_type.is_none() && facts.allowed.is_none() && facts.nullable {
                        continue;
                    }
                    mixed |= all.of_type.is_some() && all.of_type != facts.of_type;
                    all.of_type = facts.of_type;
                    all.allowed = match (all.allowed, facts.allowed) {
                        (Some(mut known), Some(more)) => {
                            known.extend(more);
                            Some(known)
                        }
                        _ => None,
                    };
                }
                if mixed {
                    all.of_type = None;
                }
                all
            }
            Type::TypeReference(name) => {
                let unit = self.unit.clone();
                let name = name.text(&unit.text);
                match name {
                    "string" if !unit.declared.contains_key(name) => of(ValueType::String),
                    "int" if !unit.declared.contains_key(name) => of(ValueType::Int),
                    "bool" if !unit.declared.contains_key(name) => of(ValueType::Bool),
                    "array" if !unit.declared.contains_key(name) => of(ValueType::Array),
                    "object" if !unit.declared.contains_key(name) => of(ValueType::Object),
                    _ => self.alias(&unit, name, depth),
                }
            }
            Type::TypePropertyAccess(access) => self.type_property(access, depth),
            _ => Facts::default(),
        }
    }

    fn literal_type(&mut self, ty: Type<'_>) -> Facts {
        let span = self.span(ty);
        let text = ty.text(&self.unit.text).to_owned();
        let (of_type, kind) = match ty {
            Type::Boolean(_) => (ValueType::Bool, ExprKind::Bool(text == "true")),
            Type::StringLiteral(literal) => match self.string_text(literal) {
                Some(text) => (ValueType::String, ExprKind::Str(text.into())),
                None => return Facts { of_type: Some(ValueType::String), ..Facts::default() },
            },
            Type::UnaryType(unary) if matches!(unary.operator(), Some(UnaryOperator::Not(_))) => {
                return Facts { of_type: Some(ValueType::Bool), ..Facts::default() };
            }
            _ => match text.parse() {
                Ok(value) => (ValueType::Int, ExprKind::Int(value)),
                Err(_) => return Facts { of_type: Some(ValueType::Int), ..Facts::default() },
            },
        };
        Facts { of_type: Some(of_type), allowed: Some(vec![Expr { kind, span }]), nullable: false }
    }

    fn alias(&mut self, unit: &Rc<Unit>, name: &str, depth: usize) -> Facts {
        match unit.declared.get(name) {
            Some(Declared::Type(place)) => match unit.statement(*place) {
                Some(Statement::TypeDeclaration(one)) => match one.value() {
                    Some(DeclaredType::Type(ty)) => self.elsewhere(unit, |lower| lower.facts(ty, depth)),
                    _ => Facts::default(),
                },
                _ => Facts::default(),
            },
            Some(Declared::Import { path, name }) => self.alias_at(unit, path, name, depth),
            _ => Facts::default(),
        }
    }

    /// A type that another file exports.
    fn alias_at(&mut self, unit: &Unit, path: &str, name: &str, depth: usize) -> Facts {
        match self.import_at(unit, path) {
            Ok(Imported::Bicep(other)) if depth <= MAX_ALIASES => self.alias(&other, name, depth + 1),
            Ok(Imported::Compiled(other)) => match other.types().get(&Key::from(name)) {
                Some(known) => Facts {
                    of_type: known.of_type,
                    allowed: known.allowed.as_ref().map(|allowed| allowed.iter().map(super::compiled::copy).collect()),
                    nullable: known.nullable,
                },
                None => Facts::default(),
            },
            _ => Facts::default(),
        }
    }

    /// `alias.name` of a wildcard import, or the property of an object type.
    fn type_property(&mut self, access: crate::syntax::TypePropertyAccess<'_>, depth: usize) -> Facts {
        let unit = self.unit.clone();
        let (Some(Type::TypeReference(object)), Some(property)) = (access.object(), access.property()) else {
            return Facts::default();
        };
        let (object, property) = (object.text(&unit.text), property.text(&unit.text));
        match unit.declared.get(object) {
            Some(Declared::Wildcard { path }) => self.alias_at(&unit, path, property, depth),
            Some(Declared::Type(place)) => match unit.statement(*place) {
                Some(Statement::TypeDeclaration(one)) => match one.value() {
                    Some(DeclaredType::Type(Type::ObjectType(object))) => {
                        let found = object.items().find_map(|item| match item {
                            ObjectTypeItem::ObjectTypeProperty(one) => {
                                let name = match one.key()? {
                                    PropertyKey::Identifier(name) => name.text(&unit.text).to_owned(),
                                    PropertyKey::StringLiteral(name) => self.string_text(name)?,
                                };
                                (name == property).then(|| one.ty()).flatten()
                            }
                            ObjectTypeItem::ObjectTypeAdditionalProperties(_) => None,
                        });
                        found.map(|ty| self.facts(ty, depth)).unwrap_or_default()
                    }
                    _ => Facts::default(),
                },
                _ => Facts::default(),
            },
            _ => Facts::default(),
        }
    }
}
