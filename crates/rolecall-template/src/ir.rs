//! The template IR: what ARM JSON and Bicep both say, once their syntax is read.
//!
//! Operators are function calls (`==` is `equals`), interpolation is `format`, loops are [`ExprKind::Loop`]s. Names are as
//! written; whoever looks one up ignores case. Nothing is evaluated here, and every node keeps the bytes that wrote it.

use std::sync::Arc;

use indexmap::IndexMap;
use rolecall_source::{Diagnostic, FileId, Span, Spanned};
use rolecall_value::{Key, Type};

/// One template: a deployment once its parameters have values.
#[derive(Debug)]
pub struct Template {
    /// The file that it stands in (a nested template stands in its parent's).
    pub file: FileId,
    /// All of its text.
    pub span: Span,
    /// Where it is deployed to.
    pub target: Target,
    /// Whether resources have symbolic names (`languageVersion` 2.0, and all Bicep).
    pub symbolic: bool,
    /// The generator stamped in it, `bicep` for what the Bicep compiler wrote.
    pub generator: Option<Arc<str>>,
    /// Parameters in order.
    pub parameters: IndexMap<Key, Parameter>,
    /// Variables in order.
    pub variables: IndexMap<Key, Variable>,
    /// User-defined functions, by `namespace.name`.
    pub functions: IndexMap<Key, Function>,
    /// Resources in order.
    pub resources: Vec<ResourceDecl>,
    /// Outputs in order.
    pub outputs: IndexMap<Key, Output>,
    /// Where its text is broken, where it is: what stands there could not be read and may be more of everything.
    pub incomplete: Option<Span>,
    /// Whether names that it declares may be lost: of parameters, variables, functions or outputs.
    pub lost_names: bool,
    /// What was wrong with the text; a nested template's is in the template of the file.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a template is deployed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A resource group.
    ResourceGroup,
    /// A subscription.
    Subscription,
    /// A management group.
    ManagementGroup,
    /// The tenant.
    Tenant,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Where its name stands.
    pub span: Span,
    /// Its declared type, where it is a simple one.
    pub of_type: Option<Type>,
    /// Its default.
    pub default: Option<Expr>,
    /// Its allowed values, where they are listed.
    pub allowed: Option<Vec<Expr>>,
    /// Whether it may be left out without a default, and is `null` then.
    pub nullable: bool,
}

/// A variable.
#[derive(Debug)]
pub struct Variable {
    /// Where its name stands.
    pub span: Span,
    /// What it is.
    pub value: Expr,
}

/// A user-defined function.
#[derive(Debug)]
pub struct Function {
    /// Where its name stands.
    pub span: Span,
    /// The names of its parameters.
    pub parameters: Vec<Arc<str>>,
    /// What it returns.
    pub body: Expr,
}

/// An output.
#[derive(Debug)]
pub struct Output {
    /// Where its name stands.
    pub span: Span,
    /// When it is there.
    pub condition: Option<Expr>,
    /// What it is.
    pub value: Expr,
}

/// A resource.
#[derive(Debug)]
pub struct ResourceDecl {
    /// All of its text.
    pub span: Span,
    /// Its symbolic name.
    pub symbol: Option<Spanned<Arc<str>>>,
    /// Whether it is only referred to, never deployed.
    pub existing: bool,
    /// Whether it is a resource of an extension (Kubernetes, Microsoft Graph) and not of Azure: its type carries its
    /// version (`core/Service@v1`), all that it says stands in `properties`, and it need have no name.
    pub extension: bool,
    /// Its type as written, without the API version: `Microsoft.Network/virtualNetworks/subnets`, or the last segment alone in a
    /// child that stands inside its parent.
    pub resource_type: Spanned<Arc<str>>,
    /// Its name as written: the last segment alone in a child that stands inside its parent.
    pub name: Expr,
    /// The parent named by a Bicep `parent:`; its name is then not part of `name`.
    pub parent: Option<Expr>,
    /// What it extends, or where it is deployed to.
    pub scope: Option<Expr>,
    /// When it is deployed.
    pub condition: Option<Expr>,
    /// Its loop. The resource stands for what one round makes; `Loop::body` is not used.
    pub copy: Option<Copy>,
    /// What must be there first: an array expression.
    pub depends_on: Option<Expr>,
    /// Everything else that it says (`properties`, `identity`, `sku`, `location`, …): an object expression.
    pub body: Expr,
    /// Resources written inside it.
    pub children: Vec<ResourceDecl>,
    /// What it deploys, where it is a nested deployment or a module.
    pub deployment: Option<NestedDeployment>,
}

/// The deployment inside a resource of type `Microsoft.Resources/deployments`, or a Bicep module.
#[derive(Debug)]
pub struct NestedDeployment {
    /// What is deployed.
    pub source: DeploymentSource,
    /// An object expression of arguments. Each is `{"value": …}` in ARM; front ends unwrap it, so a property here is a
    /// parameter's value. `reference` arguments (key vault secrets) are calls of the function `secret`.
    pub arguments: Option<Expr>,
    /// A parameter file that gives the arguments, relative to the template.
    pub arguments_link: Option<Expr>,
    /// Whether its expressions see the parent's parameters and variables instead of its own.
    pub outer_scope: bool,
    /// The subscription it is deployed to, where another is named.
    pub subscription: Option<Expr>,
    /// The resource group it is deployed to, where another is named.
    pub resource_group: Option<Expr>,
}

/// Where a nested deployment's template comes from.
#[derive(Debug)]
pub enum DeploymentSource {
    /// It stands right there.
    Inline(Arc<Template>),
    /// In a file, by a path relative to the file that names it (`templateLink.relativePath`, a local module).
    Path(Spanned<Arc<str>>),
    /// Behind an address or in a registry that is given by an expression: a `uri`, an id of a template spec. A relative
    /// path that is no literal is here too: a value without a scheme (`https:`) is relative to the file that names it.
    Remote(Expr),
}

/// A loop.
#[derive(Debug)]
pub struct Copy {
    /// All of its text.
    pub span: Span,
    /// Its name, by which `copyIndex('name')` means it.
    pub name: Option<Arc<str>>,
    /// How often it runs.
    pub count: Expr,
    /// The local by which the body means an item of the array whose length `count` is (Bicep's `for`).
    pub item: Option<Arc<str>>,
    /// The local by which the body means the number of the round (Bicep's `for`).
    pub index: Option<Arc<str>>,
    /// How many rounds of a resource are made at a time (`mode: serial` with its `batchSize`, `@batchSize(…)`); all of
    /// them where it is left out.
    pub batch: Option<usize>,
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The bytes that wrote it.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug)]
pub enum ExprKind {
    /// `null`.
    Null,
    /// A bool.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction or beyond 64 bits (JSON data).
    Float(f64),
    /// A string without expressions.
    Str(Arc<str>),
    /// An array.
    Array(Vec<Element>),
    /// An object.
    Object(Vec<Element>),
    /// A function call; operators too.
    Call {
        /// The namespace of a user-defined function (`sys` and `az` name the built-in ones).
        namespace: Option<Arc<str>>,
        /// The name as written.
        name: Arc<str>,
        /// The arguments.
        arguments: Vec<Expr>,
    },
    /// `base.key`, `base['key']`, `base[0]`.
    Member {
        /// What is looked into.
        base: Box<Expr>,
        /// What is looked up.
        key: Box<Expr>,
        /// Whether what is not there gives `null`.
        safe: bool,
        /// Whether an index counts from the end (`[^1]`).
        from_end: bool,
    },
    /// `(a, b) => body`.
    Lambda {
        /// The names of its parameters.
        parameters: Vec<Arc<str>>,
        /// What it returns.
        body: Box<Expr>,
    },
    /// The value of a lambda's parameter, or of a loop's or function's.
    Local(Arc<str>),
    /// The resource or module of a symbolic name.
    Symbol(Arc<str>),
    /// A loop that makes an array.
    Loop {
        /// How often, and its name.
        copy: Box<Copy>,
        /// One item.
        body: Box<Expr>,
    },
    /// What could not be read; the reason.
    Invalid(Arc<str>),
}

/// An element of an array or object.
#[derive(Debug)]
pub enum Element {
    /// An item of an array.
    Item(Expr),
    /// A property of an object; the name may be an expression.
    Property(Expr, Expr),
    /// `...expression`: what it contains.
    Spread(Expr),
}
