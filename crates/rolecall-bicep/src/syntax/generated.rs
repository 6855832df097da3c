//! Generated from `grammars/bicep/src/node-types.json` by `cargo xtask codegen`.

use tree_sitter::Node;

use super::{Children, SyntaxNode, Token, field, fields};

/// Every kind of node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SyntaxKind {
    /// `array`
    Array,
    /// `array_type`
    ArrayType,
    /// `assert_declaration`
    AssertDeclaration,
    /// `binary_expression`
    BinaryExpression,
    /// `boolean`
    Boolean,
    /// `call_expression`
    CallExpression,
    /// `conditional_expression`
    ConditionalExpression,
    /// `decorator`
    Decorator,
    /// `extends_declaration`
    ExtendsDeclaration,
    /// `extension_config`
    ExtensionConfig,
    /// `extension_declaration`
    ExtensionDeclaration,
    /// `for_expression`
    ForExpression,
    /// `function_declaration`
    FunctionDeclaration,
    /// `if_body`
    IfBody,
    /// `import_declaration`
    ImportDeclaration,
    /// `import_item`
    ImportItem,
    /// `import_list`
    ImportList,
    /// `index_access`
    IndexAccess,
    /// `index_variables`
    IndexVariables,
    /// `interpolated_multiline_string`
    InterpolatedMultilineString,
    /// `interpolated_string`
    InterpolatedString,
    /// `lambda_expression`
    LambdaExpression,
    /// `lambda_parameters`
    LambdaParameters,
    /// `metadata_declaration`
    MetadataDeclaration,
    /// `method_call`
    MethodCall,
    /// `module_declaration`
    ModuleDeclaration,
    /// `multiline_string`
    MultilineString,
    /// `multiline_string_right`
    MultilineStringRight,
    /// `non_null_assertion`
    NonNullAssertion,
    /// `non_nullable_type`
    NonNullableType,
    /// `nullable_type`
    NullableType,
    /// `object`
    Object,
    /// `object_type`
    ObjectType,
    /// `object_type_additional_properties`
    ObjectTypeAdditionalProperties,
    /// `object_type_property`
    ObjectTypeProperty,
    /// `output_declaration`
    OutputDeclaration,
    /// `parameter_assignment`
    ParameterAssignment,
    /// `parameter_declaration`
    ParameterDeclaration,
    /// `parameterized_type`
    ParameterizedType,
    /// `parenthesized_expression`
    ParenthesizedExpression,
    /// `parenthesized_type`
    ParenthesizedType,
    /// `property`
    Property,
    /// `property_access`
    PropertyAccess,
    /// `qualified_parameterized_type`
    QualifiedParameterizedType,
    /// `resource_access`
    ResourceAccess,
    /// `resource_declaration`
    ResourceDeclaration,
    /// `resource_type`
    ResourceType,
    /// `source_file`
    SourceFile,
    /// `spread`
    Spread,
    /// `string`
    String,
    /// `string_right`
    StringRight,
    /// `target_scope_declaration`
    TargetScopeDeclaration,
    /// `test_declaration`
    TestDeclaration,
    /// `tuple_type`
    TupleType,
    /// `tuple_type_item`
    TupleTypeItem,
    /// `type_additional_properties_access`
    TypeAdditionalPropertiesAccess,
    /// `type_declaration`
    TypeDeclaration,
    /// `type_index_access`
    TypeIndexAccess,
    /// `type_items_access`
    TypeItemsAccess,
    /// `type_property_access`
    TypePropertyAccess,
    /// `typed_parameter`
    TypedParameter,
    /// `unary_expression`
    UnaryExpression,
    /// `unary_type`
    UnaryType,
    /// `union_type`
    UnionType,
    /// `using_declaration`
    UsingDeclaration,
    /// `variable_declaration`
    VariableDeclaration,
    /// `wildcard_import`
    WildcardImport,
    /// `with_clause`
    WithClause,
    /// `comment`
    Comment,
    /// `identifier`
    Identifier,
    /// `integer`
    Integer,
    /// `multiline_string_left`
    MultilineStringLeft,
    /// `multiline_string_middle`
    MultilineStringMiddle,
    /// `none_literal`
    NoneLiteral,
    /// `null`
    Null,
    /// `pragma`
    Pragma,
    /// `string_left`
    StringLeft,
    /// `string_middle`
    StringMiddle,
    /// `type_reference`
    TypeReference,
    /// `variable_reference`
    VariableReference,
    /// `!`
    NotOperator,
    /// `!=`
    NotEqualsOperator,
    /// `!~`
    NotEqualsInsensitiveOperator,
    /// `%`
    ModuloOperator,
    /// `&&`
    AndOperator,
    /// `*`
    MultiplyOperator,
    /// `+`
    AddOperator,
    /// `-`
    MinusOperator,
    /// `/`
    DivideOperator,
    /// `<`
    LessOperator,
    /// `<=`
    LessOrEqualOperator,
    /// `==`
    EqualsOperator,
    /// `=~`
    EqualsInsensitiveOperator,
    /// `>`
    GreaterOperator,
    /// `>=`
    GreaterOrEqualOperator,
    /// `??`
    CoalesceOperator,
    /// `||`
    OrOperator,
}

impl SyntaxKind {
    pub(super) fn from_name(name: &str, named: bool) -> Option<Self> {
        Some(match (name, named) {
            ("array", true) => Self::Array,
            ("array_type", true) => Self::ArrayType,
            ("assert_declaration", true) => Self::AssertDeclaration,
            ("binary_expression", true) => Self::BinaryExpression,
            ("boolean", true) => Self::Boolean,
            ("call_expression", true) => Self::CallExpression,
            ("conditional_expression", true) => Self::ConditionalExpression,
            ("decorator", true) => Self::Decorator,
            ("extends_declaration", true) => Self::ExtendsDeclaration,
            ("extension_config", true) => Self::ExtensionConfig,
            ("extension_declaration", true) => Self::ExtensionDeclaration,
            ("for_expression", true) => Self::ForExpression,
            ("function_declaration", true) => Self::FunctionDeclaration,
            ("if_body", true) => Self::IfBody,
            ("import_declaration", true) => Self::ImportDeclaration,
            ("import_item", true) => Self::ImportItem,
            ("import_list", true) => Self::ImportList,
            ("index_access", true) => Self::IndexAccess,
            ("index_variables", true) => Self::IndexVariables,
            ("interpolated_multiline_string", true) => Self::InterpolatedMultilineString,
            ("interpolated_string", true) => Self::InterpolatedString,
            ("lambda_expression", true) => Self::LambdaExpression,
            ("lambda_parameters", true) => Self::LambdaParameters,
            ("metadata_declaration", true) => Self::MetadataDeclaration,
            ("method_call", true) => Self::MethodCall,
            ("module_declaration", true) => Self::ModuleDeclaration,
            ("multiline_string", true) => Self::MultilineString,
            ("multiline_string_right", true) => Self::MultilineStringRight,
            ("non_null_assertion", true) => Self::NonNullAssertion,
            ("non_nullable_type", true) => Self::NonNullableType,
            ("nullable_type", true) => Self::NullableType,
            ("object", true) => Self::Object,
            ("object_type", true) => Self::ObjectType,
            ("object_type_additional_properties", true) => Self::ObjectTypeAdditionalProperties,
            ("object_type_property", true) => Self::ObjectTypeProperty,
            ("output_declaration", true) => Self::OutputDeclaration,
            ("parameter_assignment", true) => Self::ParameterAssignment,
            ("parameter_declaration", true) => Self::ParameterDeclaration,
            ("parameterized_type", true) => Self::ParameterizedType,
            ("parenthesized_expression", true) => Self::ParenthesizedExpression,
            ("parenthesized_type", true) => Self::ParenthesizedType,
            ("property", true) => Self::Property,
            ("property_access", true) => Self::PropertyAccess,
            ("qualified_parameterized_type", true) => Self::QualifiedParameterizedType,
            ("resource_access", true) => Self::ResourceAccess,
            ("resource_declaration", true) => Self::ResourceDeclaration,
            ("resource_type", true) => Self::ResourceType,
            ("source_file", true) => Self::SourceFile,
            ("spread", true) => Self::Spread,
            ("string", true) => Self::String,
            ("string_right", true) => Self::StringRight,
            ("target_scope_declaration", true) => Self::TargetScopeDeclaration,
            ("test_declaration", true) => Self::TestDeclaration,
            ("tuple_type", true) => Self::TupleType,
            ("tuple_type_item", true) => Self::TupleTypeItem,
            ("type_additional_properties_access", true) => Self::TypeAdditionalPropertiesAccess,
            ("type_declaration", true) => Self::TypeDeclaration,
            ("type_index_access", true) => Self::TypeIndexAccess,
            ("type_items_access", true) => Self::TypeItemsAccess,
            ("type_property_access", true) => Self::TypePropertyAccess,
            ("typed_parameter", true) => Self::TypedParameter,
            ("unary_expression", true) => Self::UnaryExpression,
            ("unary_type", true) => Self::UnaryType,
            ("union_type", true) => Self::UnionType,
            ("using_declaration", true) => Self::UsingDeclaration,
            ("variable_declaration", true) => Self::VariableDeclaration,
            ("wildcard_import", true) => Self::WildcardImport,
            ("with_clause", true) => Self::WithClause,
            ("comment", true) => Self::Comment,
            ("identifier", true) => Self::Identifier,
            ("integer", true) => Self::Integer,
            ("multiline_string_left", true) => Self::MultilineStringLeft,
            ("multiline_string_middle", true) => Self::MultilineStringMiddle,
            ("none_literal", true) => Self::NoneLiteral,
            ("null", true) => Self::Null,
            ("pragma", true) => Self::Pragma,
            ("string_left", true) => Self::StringLeft,
            ("string_middle", true) => Self::StringMiddle,
            ("type_reference", true) => Self::TypeReference,
            ("variable_reference", true) => Self::VariableReference,
            ("!", false) => Self::NotOperator,
            ("!=", false) => Self::NotEqualsOperator,
            ("!~", false) => Self::NotEqualsInsensitiveOperator,
            ("%", false) => Self::ModuloOperator,
            ("&&", false) => Self::AndOperator,
            ("*", false) => Self::MultiplyOperator,
            ("+", false) => Self::AddOperator,
            ("-", false) => Self::MinusOperator,
            ("/", false) => Self::DivideOperator,
            ("<", false) => Self::LessOperator,
            ("<=", false) => Self::LessOrEqualOperator,
            ("==", false) => Self::EqualsOperator,
            ("=~", false) => Self::EqualsInsensitiveOperator,
            (">", false) => Self::GreaterOperator,
            (">=", false) => Self::GreaterOrEqualOperator,
            ("??", false) => Self::CoalesceOperator,
            ("||", false) => Self::OrOperator,
            _ => return None,
        })
    }
}

#[derive(Clone, Copy)]
pub(super) enum Field {
    Alias,
    Alternative,
    Argument,
    Body,
    Condition,
    Config,
    Consequence,
    Decorator,
    Default,
    Element,
    Existing,
    Expression,
    FromEnd,
    Function,
    Index,
    Item,
    Iterated,
    Key,
    Left,
    Member,
    Method,
    Name,
    Object,
    Operand,
    Operator,
    Parameter,
    Parameters,
    Path,
    Piece,
    Property,
    Resource,
    ReturnType,
    Right,
    Safe,
    Specification,
    Statement,
    Symbols,
    Type,
    Value,
    Variable,
    With,
}

impl Field {
    pub(super) const COUNT: usize = 41;
    pub(super) const ALL: [Self; Self::COUNT] = [
        Self::Alias,
        Self::Alternative,
        Self::Argument,
        Self::Body,
        Self::Condition,
        Self::Config,
        Self::Consequence,
        Self::Decorator,
        Self::Default,
        Self::Element,
        Self::Existing,
        Self::Expression,
        Self::FromEnd,
        Self::Function,
        Self::Index,
        Self::Item,
        Self::Iterated,
        Self::Key,
        Self::Left,
        Self::Member,
        Self::Method,
        Self::Name,
        Self::Object,
        Self::Operand,
        Self::Operator,
        Self::Parameter,
        Self::Parameters,
        Self::Path,
        Self::Piece,
        Self::Property,
        Self::Resource,
        Self::ReturnType,
        Self::Right,
        Self::Safe,
        Self::Specification,
        Self::Statement,
        Self::Symbols,
        Self::Type,
        Self::Value,
        Self::Variable,
        Self::With,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::Alternative => "alternative",
            Self::Argument => "argument",
            Self::Body => "body",
            Self::Condition => "condition",
            Self::Config => "config",
            Self::Consequence => "consequence",
            Self::Decorator => "decorator",
            Self::Default => "default",
            Self::Element => "element",
            Self::Existing => "existing",
            Self::Expression => "expression",
            Self::FromEnd => "from_end",
            Self::Function => "function",
            Self::Index => "index",
            Self::Item => "item",
            Self::Iterated => "iterated",
            Self::Key => "key",
            Self::Left => "left",
            Self::Member => "member",
            Self::Method => "method",
            Self::Name => "name",
            Self::Object => "object",
            Self::Operand => "operand",
            Self::Operator => "operator",
            Self::Parameter => "parameter",
            Self::Parameters => "parameters",
            Self::Path => "path",
            Self::Piece => "piece",
            Self::Property => "property",
            Self::Resource => "resource",
            Self::ReturnType => "return_type",
            Self::Right => "right",
            Self::Safe => "safe",
            Self::Specification => "specification",
            Self::Statement => "statement",
            Self::Symbols => "symbols",
            Self::Type => "type",
            Self::Value => "value",
            Self::Variable => "variable",
            Self::With => "with",
        }
    }
}

/// `array`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Array<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Array<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::Array)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> Array<'t> {
    /// The field `item`.
    #[must_use]
    pub fn items(self) -> Children<'t, ArrayItem<'t>> {
        fields(self.0, Field::Item)
    }
}

/// `array_type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ArrayType<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ArrayType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ArrayType)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ArrayType<'t> {
    /// The field `element`.
    #[must_use]
    pub fn element(self) -> Option<Type<'t>> {
        field(self.0, Field::Element)
    }
}

/// `assert_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AssertDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for AssertDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::AssertDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> AssertDeclaration<'t> {
    /// The field `condition`.
    #[must_use]
    pub fn condition(self) -> Option<Expression<'t>> {
        field(self.0, Field::Condition)
    }

    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }
}

/// `binary_expression`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BinaryExpression<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for BinaryExpression<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::BinaryExpression)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> BinaryExpression<'t> {
    /// The field `left`.
    #[must_use]
    pub fn left(self) -> Option<Expression<'t>> {
        field(self.0, Field::Left)
    }

    /// The field `operator`.
    #[must_use]
    pub fn operator(self) -> Option<BinaryOperator<'t>> {
        field(self.0, Field::Operator)
    }

    /// The field `right`.
    #[must_use]
    pub fn right(self) -> Option<Expression<'t>> {
        field(self.0, Field::Right)
    }
}

/// `boolean`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Boolean<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Boolean<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::Boolean)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `call_expression`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallExpression<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for CallExpression<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::CallExpression)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> CallExpression<'t> {
    /// The field `argument`.
    #[must_use]
    pub fn arguments(self) -> Children<'t, Expression<'t>> {
        fields(self.0, Field::Argument)
    }

    /// The field `function`.
    #[must_use]
    pub fn function(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Function)
    }
}

/// `conditional_expression`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConditionalExpression<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ConditionalExpression<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ConditionalExpression)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ConditionalExpression<'t> {
    /// The field `alternative`.
    #[must_use]
    pub fn alternative(self) -> Option<Expression<'t>> {
        field(self.0, Field::Alternative)
    }

    /// The field `condition`.
    #[must_use]
    pub fn condition(self) -> Option<Expression<'t>> {
        field(self.0, Field::Condition)
    }

    /// The field `consequence`.
    #[must_use]
    pub fn consequence(self) -> Option<Expression<'t>> {
        field(self.0, Field::Consequence)
    }
}

/// `decorator`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decorator<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Decorator<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::Decorator)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> Decorator<'t> {
    /// The field `expression`.
    #[must_use]
    pub fn expression(self) -> Option<Expression<'t>> {
        field(self.0, Field::Expression)
    }
}

/// `extends_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExtendsDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ExtendsDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ExtendsDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ExtendsDeclaration<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `path`.
    #[must_use]
    pub fn path(self) -> Option<StringLiteral<'t>> {
        field(self.0, Field::Path)
    }
}

/// `extension_config`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExtensionConfig<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ExtensionConfig<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ExtensionConfig)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ExtensionConfig<'t> {
    /// The field `alias`.
    #[must_use]
    pub fn alias(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Alias)
    }

    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `with`.
    #[must_use]
    pub fn with(self) -> Option<WithClause<'t>> {
        field(self.0, Field::With)
    }
}

/// `extension_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExtensionDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ExtensionDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ExtensionDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ExtensionDeclaration<'t> {
    /// The field `alias`.
    #[must_use]
    pub fn alias(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Alias)
    }

    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `specification`.
    #[must_use]
    pub fn specification(self) -> Option<PropertyKey<'t>> {
        field(self.0, Field::Specification)
    }

    /// The field `with`.
    #[must_use]
    pub fn with(self) -> Option<WithClause<'t>> {
        field(self.0, Field::With)
    }
}

/// `for_expression`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ForExpression<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ForExpression<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ForExpression)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ForExpression<'t> {
    /// The field `body`.
    #[must_use]
    pub fn body(self) -> Option<ForBody<'t>> {
        field(self.0, Field::Body)
    }

    /// The field `iterated`.
    #[must_use]
    pub fn iterated(self) -> Option<Expression<'t>> {
        field(self.0, Field::Iterated)
    }

    /// The field `variable`.
    #[must_use]
    pub fn variable(self) -> Option<ForVariable<'t>> {
        field(self.0, Field::Variable)
    }
}

/// `function_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FunctionDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for FunctionDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::FunctionDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> FunctionDeclaration<'t> {
    /// The field `body`.
    #[must_use]
    pub fn body(self) -> Option<Expression<'t>> {
        field(self.0, Field::Body)
    }

    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `parameter`.
    #[must_use]
    pub fn parameters(self) -> Children<'t, TypedParameter<'t>> {
        fields(self.0, Field::Parameter)
    }

    /// The field `return_type`.
    #[must_use]
    pub fn return_type(self) -> Option<DeclaredType<'t>> {
        field(self.0, Field::ReturnType)
    }
}

/// `if_body`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IfBody<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for IfBody<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::IfBody)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> IfBody<'t> {
    /// The field `body`.
    #[must_use]
    pub fn body(self) -> Option<Object<'t>> {
        field(self.0, Field::Body)
    }

    /// The field `condition`.
    #[must_use]
    pub fn condition(self) -> Option<ParenthesizedExpression<'t>> {
        field(self.0, Field::Condition)
    }
}

/// `import_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImportDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ImportDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ImportDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ImportDeclaration<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `path`.
    #[must_use]
    pub fn path(self) -> Option<StringLiteral<'t>> {
        field(self.0, Field::Path)
    }

    /// The field `symbols`.
    #[must_use]
    pub fn symbols(self) -> Option<ImportedSymbols<'t>> {
        field(self.0, Field::Symbols)
    }
}

/// `import_item`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImportItem<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ImportItem<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ImportItem)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ImportItem<'t> {
    /// The field `alias`.
    #[must_use]
    pub fn alias(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Alias)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<ImportedName<'t>> {
        field(self.0, Field::Name)
    }
}

/// `import_list`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImportList<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ImportList<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ImportList)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ImportList<'t> {
    /// The field `item`.
    #[must_use]
    pub fn items(self) -> Children<'t, ImportItem<'t>> {
        fields(self.0, Field::Item)
    }
}

/// `index_access`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IndexAccess<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for IndexAccess<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::IndexAccess)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> IndexAccess<'t> {
    /// The field `from_end`.
    #[must_use]
    pub fn from_end(self) -> Option<Token<'t>> {
        field(self.0, Field::FromEnd)
    }

    /// The field `index`.
    #[must_use]
    pub fn index(self) -> Option<Expression<'t>> {
        field(self.0, Field::Index)
    }

    /// The field `object`.
    #[must_use]
    pub fn object(self) -> Option<Expression<'t>> {
        field(self.0, Field::Object)
    }

    /// The field `safe`.
    #[must_use]
    pub fn safe(self) -> Option<Token<'t>> {
        field(self.0, Field::Safe)
    }
}

/// `index_variables`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IndexVariables<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for IndexVariables<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::IndexVariables)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> IndexVariables<'t> {
    /// The field `index`.
    #[must_use]
    pub fn index(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Index)
    }

    /// The field `item`.
    #[must_use]
    pub fn item(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Item)
    }
}

/// `interpolated_multiline_string`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InterpolatedMultilineString<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for InterpolatedMultilineString<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::InterpolatedMultilineString)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> InterpolatedMultilineString<'t> {
    /// The field `expression`.
    #[must_use]
    pub fn expressions(self) -> Children<'t, Expression<'t>> {
        fields(self.0, Field::Expression)
    }

    /// The field `piece`.
    #[must_use]
    pub fn pieces(self) -> Children<'t, MultilineStringPiece<'t>> {
        fields(self.0, Field::Piece)
    }
}

/// `interpolated_string`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InterpolatedString<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for InterpolatedString<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::InterpolatedString)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> InterpolatedString<'t> {
    /// The field `expression`.
    #[must_use]
    pub fn expressions(self) -> Children<'t, Expression<'t>> {
        fields(self.0, Field::Expression)
    }

    /// The field `piece`.
    #[must_use]
    pub fn pieces(self) -> Children<'t, StringPiece<'t>> {
        fields(self.0, Field::Piece)
    }
}

/// `lambda_expression`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LambdaExpression<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for LambdaExpression<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::LambdaExpression)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> LambdaExpression<'t> {
    /// The field `body`.
    #[must_use]
    pub fn body(self) -> Option<Expression<'t>> {
        field(self.0, Field::Body)
    }

    /// The field `parameters`.
    #[must_use]
    pub fn parameters(self) -> Option<LambdaParameters<'t>> {
        field(self.0, Field::Parameters)
    }
}

/// `lambda_parameters`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LambdaParameters<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for LambdaParameters<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::LambdaParameters)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> LambdaParameters<'t> {
    /// The field `parameter`.
    #[must_use]
    pub fn parameters(self) -> Children<'t, Identifier<'t>> {
        fields(self.0, Field::Parameter)
    }
}

/// `metadata_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MetadataDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for MetadataDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::MetadataDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> MetadataDeclaration<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `value`.
    #[must_use]
    pub fn value(self) -> Option<Expression<'t>> {
        field(self.0, Field::Value)
    }
}

/// `method_call`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MethodCall<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for MethodCall<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::MethodCall)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> MethodCall<'t> {
    /// The field `argument`.
    #[must_use]
    pub fn arguments(self) -> Children<'t, Expression<'t>> {
        fields(self.0, Field::Argument)
    }

    /// The field `method`.
    #[must_use]
    pub fn method(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Method)
    }

    /// The field `object`.
    #[must_use]
    pub fn object(self) -> Option<Expression<'t>> {
        field(self.0, Field::Object)
    }
}

/// `module_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ModuleDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ModuleDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ModuleDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ModuleDeclaration<'t> {
    /// The field `body`.
    #[must_use]
    pub fn body(self) -> Option<DeclarationBody<'t>> {
        field(self.0, Field::Body)
    }

    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `path`.
    #[must_use]
    pub fn path(self) -> Option<StringLiteral<'t>> {
        field(self.0, Field::Path)
    }
}

/// `multiline_string`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MultilineString<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for MultilineString<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::MultilineString)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `multiline_string_right`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MultilineStringRight<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for MultilineStringRight<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::MultilineStringRight)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `non_null_assertion`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NonNullAssertion<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for NonNullAssertion<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::NonNullAssertion)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> NonNullAssertion<'t> {
    /// The field `operand`.
    #[must_use]
    pub fn operand(self) -> Option<Expression<'t>> {
        field(self.0, Field::Operand)
    }
}

/// `non_nullable_type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NonNullableType<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for NonNullableType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::NonNullableType)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> NonNullableType<'t> {
    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<Type<'t>> {
        field(self.0, Field::Type)
    }
}

/// `nullable_type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NullableType<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for NullableType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::NullableType)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> NullableType<'t> {
    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<Type<'t>> {
        field(self.0, Field::Type)
    }
}

/// `object`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Object<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Object<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::Object)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> Object<'t> {
    /// The field `item`.
    #[must_use]
    pub fn items(self) -> Children<'t, ObjectItem<'t>> {
        fields(self.0, Field::Item)
    }
}

/// `object_type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ObjectType<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ObjectType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ObjectType)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ObjectType<'t> {
    /// The field `item`.
    #[must_use]
    pub fn items(self) -> Children<'t, ObjectTypeItem<'t>> {
        fields(self.0, Field::Item)
    }
}

/// `object_type_additional_properties`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ObjectTypeAdditionalProperties<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ObjectTypeAdditionalProperties<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ObjectTypeAdditionalProperties)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ObjectTypeAdditionalProperties<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<Type<'t>> {
        field(self.0, Field::Type)
    }
}

/// `object_type_property`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ObjectTypeProperty<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ObjectTypeProperty<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ObjectTypeProperty)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ObjectTypeProperty<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `key`.
    #[must_use]
    pub fn key(self) -> Option<PropertyKey<'t>> {
        field(self.0, Field::Key)
    }

    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<Type<'t>> {
        field(self.0, Field::Type)
    }
}

/// `output_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OutputDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for OutputDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::OutputDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> OutputDeclaration<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<DeclaredType<'t>> {
        field(self.0, Field::Type)
    }

    /// The field `value`.
    #[must_use]
    pub fn value(self) -> Option<Expression<'t>> {
        field(self.0, Field::Value)
    }
}

/// `parameter_assignment`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParameterAssignment<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ParameterAssignment<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ParameterAssignment)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ParameterAssignment<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `value`.
    #[must_use]
    pub fn value(self) -> Option<Expression<'t>> {
        field(self.0, Field::Value)
    }
}

/// `parameter_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParameterDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ParameterDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ParameterDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ParameterDeclaration<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `default`.
    #[must_use]
    pub fn default(self) -> Option<Expression<'t>> {
        field(self.0, Field::Default)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<DeclaredType<'t>> {
        field(self.0, Field::Type)
    }
}

/// `parameterized_type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParameterizedType<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ParameterizedType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ParameterizedType)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ParameterizedType<'t> {
    /// The field `argument`.
    #[must_use]
    pub fn arguments(self) -> Children<'t, Type<'t>> {
        fields(self.0, Field::Argument)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }
}

/// `parenthesized_expression`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParenthesizedExpression<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ParenthesizedExpression<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ParenthesizedExpression)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ParenthesizedExpression<'t> {
    /// The field `expression`.
    #[must_use]
    pub fn expression(self) -> Option<Expression<'t>> {
        field(self.0, Field::Expression)
    }
}

/// `parenthesized_type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParenthesizedType<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ParenthesizedType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ParenthesizedType)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ParenthesizedType<'t> {
    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<Type<'t>> {
        field(self.0, Field::Type)
    }
}

/// `property`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Property<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Property<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::Property)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> Property<'t> {
    /// The field `key`.
    #[must_use]
    pub fn key(self) -> Option<PropertyKey<'t>> {
        field(self.0, Field::Key)
    }

    /// The field `value`.
    #[must_use]
    pub fn value(self) -> Option<Expression<'t>> {
        field(self.0, Field::Value)
    }
}

/// `property_access`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PropertyAccess<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for PropertyAccess<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::PropertyAccess)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> PropertyAccess<'t> {
    /// The field `object`.
    #[must_use]
    pub fn object(self) -> Option<Expression<'t>> {
        field(self.0, Field::Object)
    }

    /// The field `property`.
    #[must_use]
    pub fn property(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Property)
    }

    /// The field `safe`.
    #[must_use]
    pub fn safe(self) -> Option<Token<'t>> {
        field(self.0, Field::Safe)
    }
}

/// `qualified_parameterized_type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QualifiedParameterizedType<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for QualifiedParameterizedType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::QualifiedParameterizedType)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> QualifiedParameterizedType<'t> {
    /// The field `argument`.
    #[must_use]
    pub fn arguments(self) -> Children<'t, Type<'t>> {
        fields(self.0, Field::Argument)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `object`.
    #[must_use]
    pub fn object(self) -> Option<Type<'t>> {
        field(self.0, Field::Object)
    }
}

/// `resource_access`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResourceAccess<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ResourceAccess<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ResourceAccess)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ResourceAccess<'t> {
    /// The field `object`.
    #[must_use]
    pub fn object(self) -> Option<Expression<'t>> {
        field(self.0, Field::Object)
    }

    /// The field `resource`.
    #[must_use]
    pub fn resource(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Resource)
    }
}

/// `resource_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResourceDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ResourceDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ResourceDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ResourceDeclaration<'t> {
    /// The field `body`.
    #[must_use]
    pub fn body(self) -> Option<DeclarationBody<'t>> {
        field(self.0, Field::Body)
    }

    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `existing`.
    #[must_use]
    pub fn existing(self) -> Option<Token<'t>> {
        field(self.0, Field::Existing)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<StringLiteral<'t>> {
        field(self.0, Field::Type)
    }
}

/// `resource_type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResourceType<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for ResourceType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::ResourceType)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> ResourceType<'t> {
    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<StringLiteral<'t>> {
        field(self.0, Field::Type)
    }
}

/// `source_file`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SourceFile<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for SourceFile<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::SourceFile)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> SourceFile<'t> {
    /// The field `statement`.
    #[must_use]
    pub fn statements(self) -> Children<'t, Statement<'t>> {
        fields(self.0, Field::Statement)
    }
}

/// `spread`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spread<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Spread<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::Spread)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> Spread<'t> {
    /// The field `value`.
    #[must_use]
    pub fn value(self) -> Option<Expression<'t>> {
        field(self.0, Field::Value)
    }
}

/// `string`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct String<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for String<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::String)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `string_right`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StringRight<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for StringRight<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::StringRight)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `target_scope_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TargetScopeDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for TargetScopeDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::TargetScopeDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> TargetScopeDeclaration<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `value`.
    #[must_use]
    pub fn value(self) -> Option<Expression<'t>> {
        field(self.0, Field::Value)
    }
}

/// `test_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TestDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for TestDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::TestDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> TestDeclaration<'t> {
    /// The field `body`.
    #[must_use]
    pub fn body(self) -> Option<Object<'t>> {
        field(self.0, Field::Body)
    }

    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `path`.
    #[must_use]
    pub fn path(self) -> Option<StringLiteral<'t>> {
        field(self.0, Field::Path)
    }
}

/// `tuple_type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TupleType<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for TupleType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::TupleType)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> TupleType<'t> {
    /// The field `item`.
    #[must_use]
    pub fn items(self) -> Children<'t, TupleTypeItem<'t>> {
        fields(self.0, Field::Item)
    }
}

/// `tuple_type_item`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TupleTypeItem<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for TupleTypeItem<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::TupleTypeItem)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> TupleTypeItem<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<Type<'t>> {
        field(self.0, Field::Type)
    }
}

/// `type_additional_properties_access`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeAdditionalPropertiesAccess<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for TypeAdditionalPropertiesAccess<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::TypeAdditionalPropertiesAccess)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> TypeAdditionalPropertiesAccess<'t> {
    /// The field `object`.
    #[must_use]
    pub fn object(self) -> Option<Type<'t>> {
        field(self.0, Field::Object)
    }
}

/// `type_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for TypeDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::TypeDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> TypeDeclaration<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `value`.
    #[must_use]
    pub fn value(self) -> Option<DeclaredType<'t>> {
        field(self.0, Field::Value)
    }
}

/// `type_index_access`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeIndexAccess<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for TypeIndexAccess<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::TypeIndexAccess)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> TypeIndexAccess<'t> {
    /// The field `index`.
    #[must_use]
    pub fn index(self) -> Option<Expression<'t>> {
        field(self.0, Field::Index)
    }

    /// The field `object`.
    #[must_use]
    pub fn object(self) -> Option<Type<'t>> {
        field(self.0, Field::Object)
    }
}

/// `type_items_access`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeItemsAccess<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for TypeItemsAccess<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::TypeItemsAccess)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> TypeItemsAccess<'t> {
    /// The field `object`.
    #[must_use]
    pub fn object(self) -> Option<Type<'t>> {
        field(self.0, Field::Object)
    }
}

/// `type_property_access`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypePropertyAccess<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for TypePropertyAccess<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::TypePropertyAccess)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> TypePropertyAccess<'t> {
    /// The field `object`.
    #[must_use]
    pub fn object(self) -> Option<Type<'t>> {
        field(self.0, Field::Object)
    }

    /// The field `property`.
    #[must_use]
    pub fn property(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Property)
    }
}

/// `typed_parameter`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypedParameter<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for TypedParameter<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::TypedParameter)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> TypedParameter<'t> {
    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<DeclaredType<'t>> {
        field(self.0, Field::Type)
    }
}

/// `unary_expression`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnaryExpression<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for UnaryExpression<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::UnaryExpression)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> UnaryExpression<'t> {
    /// The field `operand`.
    #[must_use]
    pub fn operand(self) -> Option<Expression<'t>> {
        field(self.0, Field::Operand)
    }

    /// The field `operator`.
    #[must_use]
    pub fn operator(self) -> Option<UnaryOperator<'t>> {
        field(self.0, Field::Operator)
    }
}

/// `unary_type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnaryType<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for UnaryType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::UnaryType)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> UnaryType<'t> {
    /// The field `operand`.
    #[must_use]
    pub fn operand(self) -> Option<Type<'t>> {
        field(self.0, Field::Operand)
    }

    /// The field `operator`.
    #[must_use]
    pub fn operator(self) -> Option<UnaryOperator<'t>> {
        field(self.0, Field::Operator)
    }
}

/// `union_type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnionType<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for UnionType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::UnionType)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> UnionType<'t> {
    /// The field `member`.
    #[must_use]
    pub fn members(self) -> Children<'t, Type<'t>> {
        fields(self.0, Field::Member)
    }
}

/// `using_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UsingDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for UsingDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::UsingDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> UsingDeclaration<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `path`.
    #[must_use]
    pub fn path(self) -> Option<UsingPath<'t>> {
        field(self.0, Field::Path)
    }

    /// The field `with`.
    #[must_use]
    pub fn with(self) -> Option<WithClause<'t>> {
        field(self.0, Field::With)
    }
}

/// `variable_declaration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VariableDeclaration<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for VariableDeclaration<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::VariableDeclaration)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> VariableDeclaration<'t> {
    /// The field `decorator`.
    #[must_use]
    pub fn decorators(self) -> Children<'t, Decorator<'t>> {
        fields(self.0, Field::Decorator)
    }

    /// The field `name`.
    #[must_use]
    pub fn name(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Name)
    }

    /// The field `type`.
    #[must_use]
    pub fn ty(self) -> Option<DeclaredType<'t>> {
        field(self.0, Field::Type)
    }

    /// The field `value`.
    #[must_use]
    pub fn value(self) -> Option<Expression<'t>> {
        field(self.0, Field::Value)
    }
}

/// `wildcard_import`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WildcardImport<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for WildcardImport<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::WildcardImport)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> WildcardImport<'t> {
    /// The field `alias`.
    #[must_use]
    pub fn alias(self) -> Option<Identifier<'t>> {
        field(self.0, Field::Alias)
    }
}

/// `with_clause`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WithClause<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for WithClause<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::WithClause)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

impl<'t> WithClause<'t> {
    /// The field `config`.
    #[must_use]
    pub fn config(self) -> Option<Object<'t>> {
        field(self.0, Field::Config)
    }
}

/// `comment`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Comment<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Comment<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::Comment)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `identifier`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identifier<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Identifier<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::Identifier)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `integer`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Integer<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Integer<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::Integer)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `multiline_string_left`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MultilineStringLeft<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for MultilineStringLeft<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::MultilineStringLeft)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `multiline_string_middle`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MultilineStringMiddle<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for MultilineStringMiddle<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::MultilineStringMiddle)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `none_literal`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NoneLiteral<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for NoneLiteral<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::NoneLiteral)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `null`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Null<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Null<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::Null)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `pragma`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pragma<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Pragma<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::Pragma)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `string_left`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StringLeft<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for StringLeft<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::StringLeft)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `string_middle`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StringMiddle<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for StringMiddle<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::StringMiddle)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `type_reference`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeReference<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for TypeReference<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::TypeReference)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// `variable_reference`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VariableReference<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for VariableReference<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (SyntaxKind::of(node) == Some(SyntaxKind::VariableReference)).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// Any node of the group `declared_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeclaredType<'t> {
    /// `resource_type`
    ResourceType(ResourceType<'t>),
    /// `type`
    Type(Type<'t>),
}

impl<'t> SyntaxNode<'t> for DeclaredType<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::ResourceType => ResourceType::cast(node).map(Self::ResourceType),
            SyntaxKind::ArrayType | SyntaxKind::Boolean | SyntaxKind::Integer | SyntaxKind::InterpolatedMultilineString | SyntaxKind::InterpolatedString | SyntaxKind::MultilineString | SyntaxKind::NonNullableType | SyntaxKind::Null | SyntaxKind::NullableType | SyntaxKind::ObjectType | SyntaxKind::ParameterizedType | SyntaxKind::ParenthesizedType | SyntaxKind::QualifiedParameterizedType | SyntaxKind::String | SyntaxKind::TupleType | SyntaxKind::TypeAdditionalPropertiesAccess | SyntaxKind::TypeIndexAccess | SyntaxKind::TypeItemsAccess | SyntaxKind::TypePropertyAccess | SyntaxKind::TypeReference | SyntaxKind::UnaryType | SyntaxKind::UnionType => Type::cast(node).map(Self::Type),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::ResourceType(node) => node.node(),
            Self::Type(node) => node.node(),
        }
    }
}

/// Any node of the group `expression`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expression<'t> {
    /// `array`
    Array(Array<'t>),
    /// `binary_expression`
    BinaryExpression(BinaryExpression<'t>),
    /// `boolean`
    Boolean(Boolean<'t>),
    /// `call_expression`
    CallExpression(CallExpression<'t>),
    /// `conditional_expression`
    ConditionalExpression(ConditionalExpression<'t>),
    /// `for_expression`
    ForExpression(ForExpression<'t>),
    /// `index_access`
    IndexAccess(IndexAccess<'t>),
    /// `integer`
    Integer(Integer<'t>),
    /// `lambda_expression`
    LambdaExpression(LambdaExpression<'t>),
    /// `method_call`
    MethodCall(MethodCall<'t>),
    /// `non_null_assertion`
    NonNullAssertion(NonNullAssertion<'t>),
    /// `null`
    Null(Null<'t>),
    /// `object`
    Object(Object<'t>),
    /// `parenthesized_expression`
    ParenthesizedExpression(ParenthesizedExpression<'t>),
    /// `property_access`
    PropertyAccess(PropertyAccess<'t>),
    /// `resource_access`
    ResourceAccess(ResourceAccess<'t>),
    /// `string_literal`
    StringLiteral(StringLiteral<'t>),
    /// `unary_expression`
    UnaryExpression(UnaryExpression<'t>),
    /// `variable_reference`
    VariableReference(VariableReference<'t>),
}

impl<'t> SyntaxNode<'t> for Expression<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::Array => Array::cast(node).map(Self::Array),
            SyntaxKind::BinaryExpression => BinaryExpression::cast(node).map(Self::BinaryExpression),
            SyntaxKind::Boolean => Boolean::cast(node).map(Self::Boolean),
            SyntaxKind::CallExpression => CallExpression::cast(node).map(Self::CallExpression),
            SyntaxKind::ConditionalExpression => ConditionalExpression::cast(node).map(Self::ConditionalExpression),
            SyntaxKind::ForExpression => ForExpression::cast(node).map(Self::ForExpression),
            SyntaxKind::IndexAccess => IndexAccess::cast(node).map(Self::IndexAccess),
            SyntaxKind::Integer => Integer::cast(node).map(Self::Integer),
            SyntaxKind::LambdaExpression => LambdaExpression::cast(node).map(Self::LambdaExpression),
            SyntaxKind::MethodCall => MethodCall::cast(node).map(Self::MethodCall),
            SyntaxKind::NonNullAssertion => NonNullAssertion::cast(node).map(Self::NonNullAssertion),
            SyntaxKind::Null => Null::cast(node).map(Self::Null),
            SyntaxKind::Object => Object::cast(node).map(Self::Object),
            SyntaxKind::ParenthesizedExpression => ParenthesizedExpression::cast(node).map(Self::ParenthesizedExpression),
            SyntaxKind::PropertyAccess => PropertyAccess::cast(node).map(Self::PropertyAccess),
            SyntaxKind::ResourceAccess => ResourceAccess::cast(node).map(Self::ResourceAccess),
            SyntaxKind::InterpolatedMultilineString | SyntaxKind::InterpolatedString | SyntaxKind::MultilineString | SyntaxKind::String => StringLiteral::cast(node).map(Self::StringLiteral),
            SyntaxKind::UnaryExpression => UnaryExpression::cast(node).map(Self::UnaryExpression),
            SyntaxKind::VariableReference => VariableReference::cast(node).map(Self::VariableReference),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::Array(node) => node.node(),
            Self::BinaryExpression(node) => node.node(),
            Self::Boolean(node) => node.node(),
            Self::CallExpression(node) => node.node(),
            Self::ConditionalExpression(node) => node.node(),
            Self::ForExpression(node) => node.node(),
            Self::IndexAccess(node) => node.node(),
            Self::Integer(node) => node.node(),
            Self::LambdaExpression(node) => node.node(),
            Self::MethodCall(node) => node.node(),
            Self::NonNullAssertion(node) => node.node(),
            Self::Null(node) => node.node(),
            Self::Object(node) => node.node(),
            Self::ParenthesizedExpression(node) => node.node(),
            Self::PropertyAccess(node) => node.node(),
            Self::ResourceAccess(node) => node.node(),
            Self::StringLiteral(node) => node.node(),
            Self::UnaryExpression(node) => node.node(),
            Self::VariableReference(node) => node.node(),
        }
    }
}

/// Any node of the group `statement`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Statement<'t> {
    /// `assert_declaration`
    AssertDeclaration(AssertDeclaration<'t>),
    /// `extends_declaration`
    ExtendsDeclaration(ExtendsDeclaration<'t>),
    /// `extension_config`
    ExtensionConfig(ExtensionConfig<'t>),
    /// `extension_declaration`
    ExtensionDeclaration(ExtensionDeclaration<'t>),
    /// `function_declaration`
    FunctionDeclaration(FunctionDeclaration<'t>),
    /// `import_declaration`
    ImportDeclaration(ImportDeclaration<'t>),
    /// `metadata_declaration`
    MetadataDeclaration(MetadataDeclaration<'t>),
    /// `module_declaration`
    ModuleDeclaration(ModuleDeclaration<'t>),
    /// `output_declaration`
    OutputDeclaration(OutputDeclaration<'t>),
    /// `parameter_assignment`
    ParameterAssignment(ParameterAssignment<'t>),
    /// `parameter_declaration`
    ParameterDeclaration(ParameterDeclaration<'t>),
    /// `resource_declaration`
    ResourceDeclaration(ResourceDeclaration<'t>),
    /// `target_scope_declaration`
    TargetScopeDeclaration(TargetScopeDeclaration<'t>),
    /// `test_declaration`
    TestDeclaration(TestDeclaration<'t>),
    /// `type_declaration`
    TypeDeclaration(TypeDeclaration<'t>),
    /// `using_declaration`
    UsingDeclaration(UsingDeclaration<'t>),
    /// `variable_declaration`
    VariableDeclaration(VariableDeclaration<'t>),
}

impl<'t> SyntaxNode<'t> for Statement<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::AssertDeclaration => AssertDeclaration::cast(node).map(Self::AssertDeclaration),
            SyntaxKind::ExtendsDeclaration => ExtendsDeclaration::cast(node).map(Self::ExtendsDeclaration),
            SyntaxKind::ExtensionConfig => ExtensionConfig::cast(node).map(Self::ExtensionConfig),
            SyntaxKind::ExtensionDeclaration => ExtensionDeclaration::cast(node).map(Self::ExtensionDeclaration),
            SyntaxKind::FunctionDeclaration => FunctionDeclaration::cast(node).map(Self::FunctionDeclaration),
            SyntaxKind::ImportDeclaration => ImportDeclaration::cast(node).map(Self::ImportDeclaration),
            SyntaxKind::MetadataDeclaration => MetadataDeclaration::cast(node).map(Self::MetadataDeclaration),
            SyntaxKind::ModuleDeclaration => ModuleDeclaration::cast(node).map(Self::ModuleDeclaration),
            SyntaxKind::OutputDeclaration => OutputDeclaration::cast(node).map(Self::OutputDeclaration),
            SyntaxKind::ParameterAssignment => ParameterAssignment::cast(node).map(Self::ParameterAssignment),
            SyntaxKind::ParameterDeclaration => ParameterDeclaration::cast(node).map(Self::ParameterDeclaration),
            SyntaxKind::ResourceDeclaration => ResourceDeclaration::cast(node).map(Self::ResourceDeclaration),
            SyntaxKind::TargetScopeDeclaration => TargetScopeDeclaration::cast(node).map(Self::TargetScopeDeclaration),
            SyntaxKind::TestDeclaration => TestDeclaration::cast(node).map(Self::TestDeclaration),
            SyntaxKind::TypeDeclaration => TypeDeclaration::cast(node).map(Self::TypeDeclaration),
            SyntaxKind::UsingDeclaration => UsingDeclaration::cast(node).map(Self::UsingDeclaration),
            SyntaxKind::VariableDeclaration => VariableDeclaration::cast(node).map(Self::VariableDeclaration),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::AssertDeclaration(node) => node.node(),
            Self::ExtendsDeclaration(node) => node.node(),
            Self::ExtensionConfig(node) => node.node(),
            Self::ExtensionDeclaration(node) => node.node(),
            Self::FunctionDeclaration(node) => node.node(),
            Self::ImportDeclaration(node) => node.node(),
            Self::MetadataDeclaration(node) => node.node(),
            Self::ModuleDeclaration(node) => node.node(),
            Self::OutputDeclaration(node) => node.node(),
            Self::ParameterAssignment(node) => node.node(),
            Self::ParameterDeclaration(node) => node.node(),
            Self::ResourceDeclaration(node) => node.node(),
            Self::TargetScopeDeclaration(node) => node.node(),
            Self::TestDeclaration(node) => node.node(),
            Self::TypeDeclaration(node) => node.node(),
            Self::UsingDeclaration(node) => node.node(),
            Self::VariableDeclaration(node) => node.node(),
        }
    }
}

/// Any node of the group `string_literal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StringLiteral<'t> {
    /// `interpolated_multiline_string`
    InterpolatedMultilineString(InterpolatedMultilineString<'t>),
    /// `interpolated_string`
    InterpolatedString(InterpolatedString<'t>),
    /// `multiline_string`
    MultilineString(MultilineString<'t>),
    /// `string`
    String(String<'t>),
}

impl<'t> SyntaxNode<'t> for StringLiteral<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::InterpolatedMultilineString => InterpolatedMultilineString::cast(node).map(Self::InterpolatedMultilineString),
            SyntaxKind::InterpolatedString => InterpolatedString::cast(node).map(Self::InterpolatedString),
            SyntaxKind::MultilineString => MultilineString::cast(node).map(Self::MultilineString),
            SyntaxKind::String => String::cast(node).map(Self::String),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::InterpolatedMultilineString(node) => node.node(),
            Self::InterpolatedString(node) => node.node(),
            Self::MultilineString(node) => node.node(),
            Self::String(node) => node.node(),
        }
    }
}

/// Any node of the group `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type<'t> {
    /// `array_type`
    ArrayType(ArrayType<'t>),
    /// `boolean`
    Boolean(Boolean<'t>),
    /// `integer`
    Integer(Integer<'t>),
    /// `non_nullable_type`
    NonNullableType(NonNullableType<'t>),
    /// `null`
    Null(Null<'t>),
    /// `nullable_type`
    NullableType(NullableType<'t>),
    /// `object_type`
    ObjectType(ObjectType<'t>),
    /// `parameterized_type`
    ParameterizedType(ParameterizedType<'t>),
    /// `parenthesized_type`
    ParenthesizedType(ParenthesizedType<'t>),
    /// `qualified_parameterized_type`
    QualifiedParameterizedType(QualifiedParameterizedType<'t>),
    /// `string_literal`
    StringLiteral(StringLiteral<'t>),
    /// `tuple_type`
    TupleType(TupleType<'t>),
    /// `type_additional_properties_access`
    TypeAdditionalPropertiesAccess(TypeAdditionalPropertiesAccess<'t>),
    /// `type_index_access`
    TypeIndexAccess(TypeIndexAccess<'t>),
    /// `type_items_access`
    TypeItemsAccess(TypeItemsAccess<'t>),
    /// `type_property_access`
    TypePropertyAccess(TypePropertyAccess<'t>),
    /// `type_reference`
    TypeReference(TypeReference<'t>),
    /// `unary_type`
    UnaryType(UnaryType<'t>),
    /// `union_type`
    UnionType(UnionType<'t>),
}

impl<'t> SyntaxNode<'t> for Type<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::ArrayType => ArrayType::cast(node).map(Self::ArrayType),
            SyntaxKind::Boolean => Boolean::cast(node).map(Self::Boolean),
            SyntaxKind::Integer => Integer::cast(node).map(Self::Integer),
            SyntaxKind::NonNullableType => NonNullableType::cast(node).map(Self::NonNullableType),
            SyntaxKind::Null => Null::cast(node).map(Self::Null),
            SyntaxKind::NullableType => NullableType::cast(node).map(Self::NullableType),
            SyntaxKind::ObjectType => ObjectType::cast(node).map(Self::ObjectType),
            SyntaxKind::ParameterizedType => ParameterizedType::cast(node).map(Self::ParameterizedType),
            SyntaxKind::ParenthesizedType => ParenthesizedType::cast(node).map(Self::ParenthesizedType),
            SyntaxKind::QualifiedParameterizedType => QualifiedParameterizedType::cast(node).map(Self::QualifiedParameterizedType),
            SyntaxKind::InterpolatedMultilineString | SyntaxKind::InterpolatedString | SyntaxKind::MultilineString | SyntaxKind::String => StringLiteral::cast(node).map(Self::StringLiteral),
            SyntaxKind::TupleType => TupleType::cast(node).map(Self::TupleType),
            SyntaxKind::TypeAdditionalPropertiesAccess => TypeAdditionalPropertiesAccess::cast(node).map(Self::TypeAdditionalPropertiesAccess),
            SyntaxKind::TypeIndexAccess => TypeIndexAccess::cast(node).map(Self::TypeIndexAccess),
            SyntaxKind::TypeItemsAccess => TypeItemsAccess::cast(node).map(Self::TypeItemsAccess),
            SyntaxKind::TypePropertyAccess => TypePropertyAccess::cast(node).map(Self::TypePropertyAccess),
            SyntaxKind::TypeReference => TypeReference::cast(node).map(Self::TypeReference),
            SyntaxKind::UnaryType => UnaryType::cast(node).map(Self::UnaryType),
            SyntaxKind::UnionType => UnionType::cast(node).map(Self::UnionType),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::ArrayType(node) => node.node(),
            Self::Boolean(node) => node.node(),
            Self::Integer(node) => node.node(),
            Self::NonNullableType(node) => node.node(),
            Self::Null(node) => node.node(),
            Self::NullableType(node) => node.node(),
            Self::ObjectType(node) => node.node(),
            Self::ParameterizedType(node) => node.node(),
            Self::ParenthesizedType(node) => node.node(),
            Self::QualifiedParameterizedType(node) => node.node(),
            Self::StringLiteral(node) => node.node(),
            Self::TupleType(node) => node.node(),
            Self::TypeAdditionalPropertiesAccess(node) => node.node(),
            Self::TypeIndexAccess(node) => node.node(),
            Self::TypeItemsAccess(node) => node.node(),
            Self::TypePropertyAccess(node) => node.node(),
            Self::TypeReference(node) => node.node(),
            Self::UnaryType(node) => node.node(),
            Self::UnionType(node) => node.node(),
        }
    }
}

/// An item of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArrayItem<'t> {
    /// `expression`
    Expression(Expression<'t>),
    /// `spread`
    Spread(Spread<'t>),
}

impl<'t> SyntaxNode<'t> for ArrayItem<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::Array | SyntaxKind::BinaryExpression | SyntaxKind::Boolean | SyntaxKind::CallExpression | SyntaxKind::ConditionalExpression | SyntaxKind::ForExpression | SyntaxKind::IndexAccess | SyntaxKind::Integer | SyntaxKind::InterpolatedMultilineString | SyntaxKind::InterpolatedString | SyntaxKind::LambdaExpression | SyntaxKind::MethodCall | SyntaxKind::MultilineString | SyntaxKind::NonNullAssertion | SyntaxKind::Null | SyntaxKind::Object | SyntaxKind::ParenthesizedExpression | SyntaxKind::PropertyAccess | SyntaxKind::ResourceAccess | SyntaxKind::String | SyntaxKind::UnaryExpression | SyntaxKind::VariableReference => Expression::cast(node).map(Self::Expression),
            SyntaxKind::Spread => Spread::cast(node).map(Self::Spread),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::Expression(node) => node.node(),
            Self::Spread(node) => node.node(),
        }
    }
}

/// An item of an object; nested resources stand only in the body of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectItem<'t> {
    /// `property`
    Property(Property<'t>),
    /// `resource_declaration`
    ResourceDeclaration(ResourceDeclaration<'t>),
    /// `spread`
    Spread(Spread<'t>),
}

impl<'t> SyntaxNode<'t> for ObjectItem<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::Property => Property::cast(node).map(Self::Property),
            SyntaxKind::ResourceDeclaration => ResourceDeclaration::cast(node).map(Self::ResourceDeclaration),
            SyntaxKind::Spread => Spread::cast(node).map(Self::Spread),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::Property(node) => node.node(),
            Self::ResourceDeclaration(node) => node.node(),
            Self::Spread(node) => node.node(),
        }
    }
}

/// The key of a property, or the name of an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PropertyKey<'t> {
    /// `identifier`
    Identifier(Identifier<'t>),
    /// `string_literal`
    StringLiteral(StringLiteral<'t>),
}

impl<'t> SyntaxNode<'t> for PropertyKey<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::Identifier => Identifier::cast(node).map(Self::Identifier),
            SyntaxKind::InterpolatedMultilineString | SyntaxKind::InterpolatedString | SyntaxKind::MultilineString | SyntaxKind::String => StringLiteral::cast(node).map(Self::StringLiteral),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::Identifier(node) => node.node(),
            Self::StringLiteral(node) => node.node(),
        }
    }
}

/// The body of a resource or module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeclarationBody<'t> {
    /// `for_expression`
    ForExpression(ForExpression<'t>),
    /// `if_body`
    IfBody(IfBody<'t>),
    /// `object`
    Object(Object<'t>),
}

impl<'t> SyntaxNode<'t> for DeclarationBody<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::ForExpression => ForExpression::cast(node).map(Self::ForExpression),
            SyntaxKind::IfBody => IfBody::cast(node).map(Self::IfBody),
            SyntaxKind::Object => Object::cast(node).map(Self::Object),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::ForExpression(node) => node.node(),
            Self::IfBody(node) => node.node(),
            Self::Object(node) => node.node(),
        }
    }
}

/// The body of a loop; a condition stands only in the loop of a resource or module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ForBody<'t> {
    /// `expression`
    Expression(Expression<'t>),
    /// `if_body`
    IfBody(IfBody<'t>),
}

impl<'t> SyntaxNode<'t> for ForBody<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::Array | SyntaxKind::BinaryExpression | SyntaxKind::Boolean | SyntaxKind::CallExpression | SyntaxKind::ConditionalExpression | SyntaxKind::ForExpression | SyntaxKind::IndexAccess | SyntaxKind::Integer | SyntaxKind::InterpolatedMultilineString | SyntaxKind::InterpolatedString | SyntaxKind::LambdaExpression | SyntaxKind::MethodCall | SyntaxKind::MultilineString | SyntaxKind::NonNullAssertion | SyntaxKind::Null | SyntaxKind::Object | SyntaxKind::ParenthesizedExpression | SyntaxKind::PropertyAccess | SyntaxKind::ResourceAccess | SyntaxKind::String | SyntaxKind::UnaryExpression | SyntaxKind::VariableReference => Expression::cast(node).map(Self::Expression),
            SyntaxKind::IfBody => IfBody::cast(node).map(Self::IfBody),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::Expression(node) => node.node(),
            Self::IfBody(node) => node.node(),
        }
    }
}

/// The variables of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ForVariable<'t> {
    /// `identifier`
    Identifier(Identifier<'t>),
    /// `index_variables`
    IndexVariables(IndexVariables<'t>),
}

impl<'t> SyntaxNode<'t> for ForVariable<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::Identifier => Identifier::cast(node).map(Self::Identifier),
            SyntaxKind::IndexVariables => IndexVariables::cast(node).map(Self::IndexVariables),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::Identifier(node) => node.node(),
            Self::IndexVariables(node) => node.node(),
        }
    }
}

/// The name of an imported symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportedName<'t> {
    /// `identifier`
    Identifier(Identifier<'t>),
    /// `string`
    String(String<'t>),
}

impl<'t> SyntaxNode<'t> for ImportedName<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::Identifier => Identifier::cast(node).map(Self::Identifier),
            SyntaxKind::String => String::cast(node).map(Self::String),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::Identifier(node) => node.node(),
            Self::String(node) => node.node(),
        }
    }
}

/// What an import takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportedSymbols<'t> {
    /// `import_list`
    ImportList(ImportList<'t>),
    /// `wildcard_import`
    WildcardImport(WildcardImport<'t>),
}

impl<'t> SyntaxNode<'t> for ImportedSymbols<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::ImportList => ImportList::cast(node).map(Self::ImportList),
            SyntaxKind::WildcardImport => WildcardImport::cast(node).map(Self::WildcardImport),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::ImportList(node) => node.node(),
            Self::WildcardImport(node) => node.node(),
        }
    }
}

/// The template that a parameter file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UsingPath<'t> {
    /// `none_literal`
    NoneLiteral(NoneLiteral<'t>),
    /// `string_literal`
    StringLiteral(StringLiteral<'t>),
}

impl<'t> SyntaxNode<'t> for UsingPath<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::NoneLiteral => NoneLiteral::cast(node).map(Self::NoneLiteral),
            SyntaxKind::InterpolatedMultilineString | SyntaxKind::InterpolatedString | SyntaxKind::MultilineString | SyntaxKind::String => StringLiteral::cast(node).map(Self::StringLiteral),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::NoneLiteral(node) => node.node(),
            Self::StringLiteral(node) => node.node(),
        }
    }
}

/// A member of an object type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectTypeItem<'t> {
    /// `object_type_additional_properties`
    ObjectTypeAdditionalProperties(ObjectTypeAdditionalProperties<'t>),
    /// `object_type_property`
    ObjectTypeProperty(ObjectTypeProperty<'t>),
}

impl<'t> SyntaxNode<'t> for ObjectTypeItem<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::ObjectTypeAdditionalProperties => ObjectTypeAdditionalProperties::cast(node).map(Self::ObjectTypeAdditionalProperties),
            SyntaxKind::ObjectTypeProperty => ObjectTypeProperty::cast(node).map(Self::ObjectTypeProperty),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::ObjectTypeAdditionalProperties(node) => node.node(),
            Self::ObjectTypeProperty(node) => node.node(),
        }
    }
}

/// A piece of text between the holes of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StringPiece<'t> {
    /// `string_left`
    StringLeft(StringLeft<'t>),
    /// `string_middle`
    StringMiddle(StringMiddle<'t>),
    /// `string_right`
    StringRight(StringRight<'t>),
}

impl<'t> SyntaxNode<'t> for StringPiece<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::StringLeft => StringLeft::cast(node).map(Self::StringLeft),
            SyntaxKind::StringMiddle => StringMiddle::cast(node).map(Self::StringMiddle),
            SyntaxKind::StringRight => StringRight::cast(node).map(Self::StringRight),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::StringLeft(node) => node.node(),
            Self::StringMiddle(node) => node.node(),
            Self::StringRight(node) => node.node(),
        }
    }
}

/// A piece of text between the holes of a multi-line string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MultilineStringPiece<'t> {
    /// `multiline_string_left`
    MultilineStringLeft(MultilineStringLeft<'t>),
    /// `multiline_string_middle`
    MultilineStringMiddle(MultilineStringMiddle<'t>),
    /// `multiline_string_right`
    MultilineStringRight(MultilineStringRight<'t>),
}

impl<'t> SyntaxNode<'t> for MultilineStringPiece<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        match SyntaxKind::of(node)? {
            SyntaxKind::MultilineStringLeft => MultilineStringLeft::cast(node).map(Self::MultilineStringLeft),
            SyntaxKind::MultilineStringMiddle => MultilineStringMiddle::cast(node).map(Self::MultilineStringMiddle),
            SyntaxKind::MultilineStringRight => MultilineStringRight::cast(node).map(Self::MultilineStringRight),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::MultilineStringLeft(node) => node.node(),
            Self::MultilineStringMiddle(node) => node.node(),
            Self::MultilineStringRight(node) => node.node(),
        }
    }
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperator<'t> {
    /// `!`
    Not(Token<'t>),
    /// `-`
    Minus(Token<'t>),
}

impl<'t> SyntaxNode<'t> for UnaryOperator<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        let token = Token::cast(node)?;
        match SyntaxKind::of(node)? {
            SyntaxKind::NotOperator => Some(Self::Not(token)),
            SyntaxKind::MinusOperator => Some(Self::Minus(token)),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::Not(token) | Self::Minus(token) => token.node(),
        }
    }
}

/// An operator between its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator<'t> {
    /// `!=`
    NotEquals(Token<'t>),
    /// `!~`
    NotEqualsInsensitive(Token<'t>),
    /// `%`
    Modulo(Token<'t>),
    /// `&&`
    And(Token<'t>),
    /// `*`
    Multiply(Token<'t>),
    /// `+`
    Add(Token<'t>),
    /// `-`
    Minus(Token<'t>),
    /// `/`
    Divide(Token<'t>),
    /// `<`
    Less(Token<'t>),
    /// `<=`
    LessOrEqual(Token<'t>),
    /// `==`
    Equals(Token<'t>),
    /// `=~`
    EqualsInsensitive(Token<'t>),
    /// `>`
    Greater(Token<'t>),
    /// `>=`
    GreaterOrEqual(Token<'t>),
    /// `??`
    Coalesce(Token<'t>),
    /// `||`
    Or(Token<'t>),
}

impl<'t> SyntaxNode<'t> for BinaryOperator<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        let token = Token::cast(node)?;
        match SyntaxKind::of(node)? {
            SyntaxKind::NotEqualsOperator => Some(Self::NotEquals(token)),
            SyntaxKind::NotEqualsInsensitiveOperator => Some(Self::NotEqualsInsensitive(token)),
            SyntaxKind::ModuloOperator => Some(Self::Modulo(token)),
            SyntaxKind::AndOperator => Some(Self::And(token)),
            SyntaxKind::MultiplyOperator => Some(Self::Multiply(token)),
            SyntaxKind::AddOperator => Some(Self::Add(token)),
            SyntaxKind::MinusOperator => Some(Self::Minus(token)),
            SyntaxKind::DivideOperator => Some(Self::Divide(token)),
            SyntaxKind::LessOperator => Some(Self::Less(token)),
            SyntaxKind::LessOrEqualOperator => Some(Self::LessOrEqual(token)),
            SyntaxKind::EqualsOperator => Some(Self::Equals(token)),
            SyntaxKind::EqualsInsensitiveOperator => Some(Self::EqualsInsensitive(token)),
            SyntaxKind::GreaterOperator => Some(Self::Greater(token)),
            SyntaxKind::GreaterOrEqualOperator => Some(Self::GreaterOrEqual(token)),
            SyntaxKind::CoalesceOperator => Some(Self::Coalesce(token)),
            SyntaxKind::OrOperator => Some(Self::Or(token)),
            _ => None,
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Self::NotEquals(token) | Self::NotEqualsInsensitive(token) | Self::Modulo(token) | Self::And(token) | Self::Multiply(token) | Self::Add(token) | Self::Minus(token) | Self::Divide(token) | Self::Less(token) | Self::LessOrEqual(token) | Self::Equals(token) | Self::EqualsInsensitive(token) | Self::Greater(token) | Self::GreaterOrEqual(token) | Self::Coalesce(token) | Self::Or(token) => token.node(),
        }
    }
}

