//! Conditions: boolean functions over what is left open.
//!
//! A [`Condition`] is a reduced ordered decision diagram, so two conditions are equal exactly when they mean the same. It
//! knows variables only by number; [`Inputs`](crate::Inputs) says what each stands for. The diagram crate is hidden here
//! and nowhere else seen. A result that passes [`MAX_NODES`] becomes *too large*: every question about it is then
//! answered "not proven", which callers must read as *cannot tell*.

use std::sync::{Arc, LazyLock};

use biodivine_lib_bdd::{Bdd, BddPartialValuation, BddPointer, BddVariable, BddVariableSet, op_function};

/// How many variables a deployment may use.
pub const MAX_VARIABLES: u16 = 4096;

/// How many nodes a condition may have before it is too large to reason about.
pub const MAX_NODES: usize = 4096;

static VARIABLES: LazyLock<BddVariableSet> = LazyLock::new(|| BddVariableSet::new_anonymous(MAX_VARIABLES));

/// When something holds.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Condition(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Constant(bool),
    Diagram(Arc<Bdd>),
    TooLarge,
}

impl Condition {
    /// Always.
    pub const TRUE: Condition = Condition(Repr::Constant(true));
    /// Never.
    pub const FALSE: Condition = Condition(Repr::Constant(false));
    /// A condition that passed the limit: neither proven to hold nor not to.
    pub const TOO_LARGE: Condition = Condition(Repr::TooLarge);

    /// `TRUE` or `FALSE`.
    pub fn constant(value: bool) -> Self {
        Condition(Repr::Constant(value))
    }

    pub(crate) fn variable(number: u16) -> Self {
        Condition::clause(&[(number, true)])
    }

    /// When all of these variables have these values.
    pub(crate) fn clause(literals: &[(u16, bool)]) -> Self {
        let mut valuation = BddPartialValuation::empty();
        for &(number, value) in literals {
            valuation.set_value(BddVariable::from_index(usize::from(number)), value);
        }
        wrap(VARIABLES.mk_conjunctive_clause(&valuation))
    }

    /// Whether it holds under every assignment, proven.
    pub fn is_true(&self) -> bool {
        matches!(self.0, Repr::Constant(true))
    }

    /// Whether it holds under no assignment, proven.
    pub fn is_false(&self) -> bool {
        matches!(self.0, Repr::Constant(false))
    }

    /// Whether it passed the limit.
    pub fn is_too_large(&self) -> bool {
        matches!(self.0, Repr::TooLarge)
    }

    /// Whether some assignment satisfies it, proven.
    pub fn is_satisfiable(&self) -> bool {
        matches!(self.0, Repr::Constant(true) | Repr::Diagram(_))
    }

    /// Both.
    #[must_use]
    pub fn and(&self, other: &Condition) -> Condition {
        match (&self.0, &other.0) {
            (Repr::Constant(false), _) | (_, Repr::Constant(false)) => Condition::FALSE,
            (Repr::Constant(true), _) => other.clone(),
            (_, Repr::Constant(true)) => self.clone(),
            (Repr::Diagram(a), Repr::Diagram(b)) if Arc::ptr_eq(a, b) => self.clone(),
            (Repr::Diagram(a), Repr::Diagram(b)) => apply(a, b, op_function::and),
            _ => Condition::TOO_LARGE,
        }
    }

    /// At least one.
    #[must_use]
    pub fn or(&self, other: &Condition) -> Condition {
        match (&self.0, &other.0) {
            (Repr::Constant(true), _) | (_, Repr::Constant(true)) => Condition::TRUE,
            (Repr::Constant(false), _) => other.clone(),
            (_, Repr::Constant(false)) => self.clone(),
            (Repr::Diagram(a), Repr::Diagram(b)) if Arc::ptr_eq(a, b) => self.clone(),
            (Repr::Diagram(a), Repr::Diagram(b)) => apply(a, b, op_function::or),
            _ => Condition::TOO_LARGE,
        }
    }

    /// The opposite.
    #[must_use]
    pub fn not(&self) -> Condition {
        match &self.0 {
            Repr::Constant(value) => Condition::constant(!value),
            Repr::Diagram(diagram) => Condition(Repr::Diagram(Arc::new(diagram.not()))),
            Repr::TooLarge => Condition::TOO_LARGE,
        }
    }

    /// This and not the other.
    #[must_use]
    pub fn and_not(&self, other: &Condition) -> Condition {
        self.and(&other.not())
    }

    /// Whether this holds only where `other` does, proven.
    pub fn implies(&self, other: &Condition) -> bool {
        self.and_not(other).is_false()
    }

    /// Whether both never hold together, proven.
    pub fn excludes(&self, other: &Condition) -> bool {
        self.and(other).is_false()
    }

    /// The condition with some variables fixed.
    pub(crate) fn restrict(&self, fixed: &[(u16, bool)]) -> Condition {
        match &self.0 {
            Repr::Diagram(diagram) => {
                let fixed: Vec<_> = fixed
                    .iter()
                    .map(|&(number, value)| (BddVariable::from_index(usize::from(number)), value))
                    .filter(|(variable, _)| diagram.support_set_contains(variable))
                    .collect();
                if fixed.is_empty() { self.clone() } else { wrap(diagram.restrict(&fixed)) }
            }
            _ => self.clone(),
        }
    }

    /// The numbers of the variables that it depends on, ascending.
    pub(crate) fn support(&self) -> Vec<u16> {
        let Repr::Diagram(diagram) = &self.0 else { return Vec::new() };
        let mut numbers: Vec<u16> =
            diagram.support_set().into_iter().filter_map(|variable| u16::try_from(variable.to_index()).ok()).collect();
        numbers.sort_unstable();
        numbers
    }

    /// The cheapest way to satisfy it: variables with values, where `cost` prices each choice. Variables that are not
    /// named do not matter. `None` where it cannot be satisfied or is too large.
    pub(crate) fn cheapest(&self, cost: impl Fn(u16, bool) -> u64) -> Option<Vec<(u16, bool)>> {
        let diagram = match &self.0 {
            Repr::Constant(true) => return Some(Vec::new()),
            Repr::Diagram(diagram) => diagram,
            _ => return None,
        };
        // Nodes lie before their parents, so one pass from the terminals up prices each.
        let number = |node: BddPointer| u16::try_from(diagram.var_of(node).to_index()).unwrap_or(u16::MAX);
        let mut best: Vec<(u64, bool)> = Vec::with_capacity(diagram.size());
        for node in diagram.pointers() {
            best.push(match node.as_bool() {
                Some(true) => (0, false),
                Some(false) => (u64::MAX, false),
                None => {
                    let price = |value: bool, link: BddPointer| {
                        best[link.to_index()].0.saturating_add(cost(number(node), value))
                    };
                    let (low, high) =
                        (price(false, diagram.low_link_of(node)), price(true, diagram.high_link_of(node)));
                    if high < low { (high, true) } else { (low, false) }
                }
            });
        }
        let mut path = Vec::new();
        let mut node = diagram.root_pointer();
        while node.as_bool().is_none() {
            let value = best[node.to_index()].1;
            path.push((number(node), value));
            node = if value { diagram.high_link_of(node) } else { diagram.low_link_of(node) };
        }
        node.is_one().then_some(path)
    }
}

impl std::fmt::Debug for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Repr::Constant(value) => write!(f, "{value}"),
            // One entry a node, root last: an expression would write shared parts again and again.
            Repr::Diagram(diagram) => {
                write!(f, "#")?;
                for node in diagram.pointers().skip(2) {
                    let (low, high) = (diagram.low_link_of(node), diagram.high_link_of(node));
                    write!(f, "{}:{}:{};", diagram.var_of(node).to_index(), low.to_index(), high.to_index())?;
                }
                Ok(())
            }
            Repr::TooLarge => write!(f, "too large"),
        }
    }
}

fn apply(a: &Bdd, b: &Bdd, operation: fn(Option<bool>, Option<bool>) -> Option<bool>) -> Condition {
    Bdd::binary_op_with_limit(MAX_NODES, a, b, operation).map_or(Condition::TOO_LARGE, wrap)
}

fn wrap(diagram: Bdd) -> Condition {
    match diagram.as_bool() {
        Some(value) => Condition::constant(value),
        None => Condition(Repr::Diagram(Arc::new(diagram))),
    }
}
