//! What is left open, and what the variables of conditions stand for.
//!
//! An [`Input`] is an open parameter: it has a closed set of alternatives (a bool has two), or any value at all. Its
//! alternatives are encoded as a chain: alternative *k* holds when variable *k* is the first of the input's variables that
//! is true; the last of a closed set holds when none is. So alternatives exclude each other, and exhaust a closed set, by
//! construction: the domain constraint of a deployment holds in every condition without being written into it, and a
//! new constant of an unbounded input refines "none of those so far" without touching older conditions.
//!
//! An *opaque test* is a boolean question that cannot be split further; it is interned by its canonical text, so asking
//! the same thing twice gives the same variable.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use crate::condition::{Condition, MAX_VARIABLES};
use crate::{Kind, Value};

/// An open parameter.
#[derive(Debug)]
pub struct Input {
    /// Its number in the deployment.
    pub id: InputId,
    /// Its name as declared.
    pub name: Arc<str>,
    /// Its alternatives where they are closed: at least one, all known.
    pub alternatives: Option<Vec<Value>>,
}

/// The number of an input in its deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InputId(pub u32);

/// The open inputs and opaque tests of one deployment.
#[derive(Debug, Default)]
pub struct Inputs(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    atoms: Vec<Atom>,
    inputs: Vec<InputState>,
    opaque: FxHashMap<Arc<str>, u16>,
}

#[derive(Debug)]
struct InputState {
    input: Arc<Input>,
    /// Constants in order of their variables; the last of a closed set has none.
    chain: Vec<Link>,
}

#[derive(Debug)]
struct Link {
    constant: Value,
    text: String,
    variable: Option<u16>,
}

#[derive(Clone, Debug)]
enum Atom {
    /// The constant at this place of the input's chain, given that none before it is chosen.
    Choice {
        input: InputId,
        link: usize,
    },
    Opaque(Arc<str>),
}

/// Values given to inputs: one point in the space of all deployments that the template describes.
#[derive(Clone, Debug, Default)]
pub struct Point {
    values: FxHashMap<InputId, Value>,
}

impl Point {
    /// Gives an input a value.
    pub fn set(&mut self, input: InputId, value: Value) {
        self.values.insert(input, value);
    }

    /// The value of an input, where it has one.
    pub fn get(&self, input: InputId) -> Option<&Value> {
        self.values.get(&input)
    }
}

/// An assignment that satisfies a condition.
#[derive(Clone, Debug)]
pub struct Witness {
    /// What to give to which input; inputs that do not matter, or stay as they are at the point, are left out.
    pub choices: Vec<Choice>,
    /// Opaque tests that must hold (or not) too: with any of these, nobody knows whether the witness exists.
    pub opaque: Vec<(Arc<str>, bool)>,
}

/// One input of a witness.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The input.
    pub input: Arc<Input>,
    /// What it must be, or what it must not be.
    pub value: Chosen,
}

/// What a witness wants of an input.
#[derive(Clone, Debug)]
pub enum Chosen {
    /// This constant.
    Is(Value),
    /// Anything but these.
    IsNoneOf(Vec<Value>),
}

impl std::fmt::Display for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut separator = "";
        for choice in &self.choices {
            write!(f, "{separator}{} ", choice.input.name)?;
            match &choice.value {
                Chosen::Is(value) => write!(f, "= {}", value.text())?,
                Chosen::IsNoneOf(values) => {
                    write!(f, "is not {}", values.iter().map(Value::text).collect::<Vec<_>>().join(" or "))?;
                }
            }
            separator = " and ";
        }
        for (test, holds) in &self.opaque {
            write!(f, "{separator}{}{test}", if *holds { "" } else { "not " })?;
            separator = " and ";
        }
        Ok(())
    }
}

impl Inputs {
    /// Declares an open parameter. `alternatives` closes its domain; they must be known values.
    pub fn declare(&self, name: &str, alternatives: Option<Vec<Value>>) -> Arc<Input> {
        let mut state = self.state();
        let id = InputId(u32::try_from(state.inputs.len()).unwrap_or(u32::MAX));
        let alternatives = alternatives.filter(|all| !all.is_empty());
        let input = Arc::new(Input { id, name: name.into(), alternatives });
        state.inputs.push(InputState { input: input.clone(), chain: Vec::new() });
        input
    }

    /// When `input` has the value `constant`.
    pub fn is(&self, input: &Input, constant: &Value) -> Condition {
        let mut state = self.state();
        let text = constant.text();
        let at = input.id.0 as usize;
        let Some(known) = state.inputs.get(at) else { return Condition::TOO_LARGE };
        if known.chain.is_empty()
            && let Some(alternatives) = known.input.alternatives.clone()
        {
            // A closed set takes its variables at once, side by side, which keeps diagrams small.
            let last = alternatives.len() - 1;
            for (index, alternative) in alternatives.into_iter().enumerate() {
                if state.push_link(input.id, alternative, index != last).is_none() {
                    return Condition::TOO_LARGE;
                }
            }
        }
        let place = state.inputs[at].chain.iter().position(|link| link.text == text);
        let place = match place {
            Some(place) => place,
            None if input.alternatives.is_some() => return Condition::FALSE,
            None => match state.push_link(input.id, constant.clone(), true) {
                Some(place) => place,
                None => return Condition::TOO_LARGE,
            },
        };
        let chain = &state.inputs[at].chain;
        let before = chain[..place].iter().filter_map(|link| Some((link.variable?, false)));
        let literals: Vec<_> = before.chain(chain[place].variable.map(|variable| (variable, true))).collect();
        Condition::clause(&literals)
    }

    /// When the test with this canonical text holds.
    pub fn opaque(&self, text: &str) -> Condition {
        let mut state = self.state();
        if let Some(&variable) = state.opaque.get(text) {
            return Condition::variable(variable);
        }
        let text: Arc<str> = text.into();
        let Some(variable) = state.push_atom(Atom::Opaque(text.clone())) else { return Condition::TOO_LARGE };
        state.opaque.insert(text, variable);
        Condition::variable(variable)
    }

    /// The condition once the inputs have the values of `point`; opaque tests and inputs without value stay.
    pub fn at(&self, condition: &Condition, point: &Point) -> Condition {
        let state = self.state();
        let fixed: Vec<(u16, bool)> = condition
            .support()
            .into_iter()
            .filter_map(|variable| Some((variable, state.prefers(variable, point)?)))
            .collect();
        drop(state);
        condition.restrict(&fixed)
    }

    /// Whether the condition depends on an opaque test.
    pub fn is_opaque(&self, condition: &Condition) -> bool {
        let state = self.state();
        condition
            .support()
            .into_iter()
            .any(|variable| matches!(state.atoms.get(usize::from(variable)), Some(Atom::Opaque(_))))
    }

    /// The assignment that satisfies the condition and differs least from `point`, opaque tests avoided where possible.
    /// `None` where none exists or the condition is too large.
    pub fn witness(&self, condition: &Condition, point: &Point) -> Option<Witness> {
        const DEVIATION: u64 = 1 << 12;
        const OPAQUE: u64 = 1 << 32;
        let state = self.state();
        // A path through the diagram decides every test above the one that matters, so first what holds whatever the
        // opaque tests say.
        let regardless = state.regardless(condition);
        let condition = if regardless.is_satisfiable() { &regardless } else { condition };
        let path = condition.cheapest(|variable, value| match state.atoms.get(usize::from(variable)) {
            Some(Atom::Choice { .. }) => match state.prefers(variable, point) {
                Some(preferred) if preferred == value => 0,
                Some(_) => DEVIATION,
                // Without a value, naming one is clearer than excluding many.
                None => 1 + u64::from(!value),
            },
            _ => OPAQUE,
        })?;
        let mut opaque = Vec::new();
        let mut touched: Vec<(InputId, Vec<(usize, bool)>)> = Vec::new();
        for (variable, value) in path {
            match state.atoms.get(usize::from(variable)) {
                Some(Atom::Choice { input, link }) => match touched.iter_mut().find(|(id, _)| id == input) {
                    Some((_, links)) => links.push((*link, value)),
                    None => touched.push((*input, vec![(*link, value)])),
                },
                Some(Atom::Opaque(text)) => opaque.push((text.clone(), value)),
                None => {}
            }
        }
        let mut choices = Vec::new();
        for (id, links) in touched {
            let known = &state.inputs[id.0 as usize];
            let value = known.chosen(&links, point.get(id));
            let same = match (&value, point.get(id)) {
                (Chosen::Is(value), Some(given)) => value.text() == given.text(),
                (Chosen::IsNoneOf(values), Some(given)) => {
                    given.is_known() && values.iter().all(|value| value.text() != given.text())
                }
                (_, None) => false,
            };
            if !same {
                choices.push(Choice { input: known.input.clone(), value });
            }
        }
        Some(Witness { choices, opaque })
    }

    /// What the condition depends on, each with everything that it can be.
    pub(crate) fn groups(&self, condition: &Condition) -> Vec<Group> {
        let state = self.state();
        let mut inputs = Vec::new();
        let mut groups = Vec::new();
        for variable in condition.support() {
            match state.atoms.get(usize::from(variable)) {
                Some(Atom::Choice { input, .. }) if !inputs.contains(input) => inputs.push(*input),
                Some(Atom::Opaque(text)) => {
                    let alternative = |constant: &str, value| Alternative {
                        constant: Some(constant.to_owned()),
                        fixed: vec![(variable, value)],
                    };
                    let alternatives = vec![alternative("true", true), alternative("false", false)];
                    groups.push(Group { name: text.to_string(), alternatives });
                }
                _ => {}
            }
        }
        groups.extend(inputs.iter().filter_map(|input| state.inputs.get(input.0 as usize)).map(InputState::group));
        groups
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An input or opaque test, and what it can be.
pub(crate) struct Group {
    pub(crate) name: String,
    /// In order of the constants' texts.
    pub(crate) alternatives: Vec<Alternative>,
}

/// One thing that an input can be.
pub(crate) struct Alternative {
    /// The constant's text; `None` for anything else than the constants.
    pub(crate) constant: Option<String>,
    /// The variables that say so.
    pub(crate) fixed: Vec<(u16, bool)>,
}

impl InputState {
    fn group(&self) -> Group {
        let mut before = Vec::new();
        let mut alternatives = Vec::new();
        for link in &self.chain {
            let mut fixed = before.clone();
            if let Some(variable) = link.variable {
                fixed.push((variable, true));
                before.push((variable, false));
            }
            alternatives.push(Alternative { constant: Some(link.text.clone()), fixed });
        }
        if self.input.alternatives.is_none() {
            alternatives.push(Alternative { constant: None, fixed: before });
        }
        // `true` before `false`, as a person would name it first.
        alternatives.sort_by(|a, b| match (a.constant.as_deref(), b.constant.as_deref()) {
            (Some("true"), Some("false")) => std::cmp::Ordering::Less,
            (Some("false"), Some("true")) => std::cmp::Ordering::Greater,
            (Some(a), Some(b)) => a.cmp(b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        });
        Group { name: self.input.name.to_string(), alternatives }
    }

    /// The value that fits the decisions taken along a path.
    fn chosen(&self, links: &[(usize, bool)], given: Option<&Value>) -> Chosen {
        if let Some((link, _)) = links.iter().find(|(_, value)| *value) {
            return Chosen::Is(self.chain[*link].constant.clone());
        }
        let excluded = |place: usize| links.iter().any(|(link, _)| *link == place);
        let text = given.map(Value::text);
        let allowed: Vec<_> =
            self.chain.iter().enumerate().filter(|(place, _)| !excluded(*place)).map(|(_, link)| link).collect();
        if let Some(link) = allowed.iter().find(|link| Some(&link.text) == text.as_ref()) {
            return Chosen::Is(link.constant.clone());
        }
        match allowed.first() {
            Some(link) if self.input.alternatives.is_some() => Chosen::Is(link.constant.clone()),
            _ => Chosen::IsNoneOf(links.iter().map(|(link, _)| self.chain[*link].constant.clone()).collect()),
        }
    }
}

impl State {
    /// Where the condition holds whatever the opaque tests say.
    fn regardless(&self, condition: &Condition) -> Condition {
        let opaque = |variable: &u16| matches!(self.atoms.get(usize::from(*variable)), Some(Atom::Opaque(_)));
        condition.support().into_iter().filter(opaque).fold(condition.clone(), |condition, variable| {
            condition.restrict(&[(variable, true)]).and(&condition.restrict(&[(variable, false)]))
        })
    }

    fn push_atom(&mut self, atom: Atom) -> Option<u16> {
        let variable = u16::try_from(self.atoms.len()).ok().filter(|&number| number < MAX_VARIABLES)?;
        self.atoms.push(atom);
        Some(variable)
    }

    fn push_link(&mut self, input: InputId, constant: Value, with_variable: bool) -> Option<usize> {
        let link = self.inputs[input.0 as usize].chain.len();
        let variable = if with_variable { Some(self.push_atom(Atom::Choice { input, link })?) } else { None };
        let text = constant.text();
        self.inputs[input.0 as usize].chain.push(Link { constant, text, variable });
        Some(link)
    }

    /// What the variable is at the point: decided only where the input has a known value there.
    fn prefers(&self, variable: u16, point: &Point) -> Option<bool> {
        let Some(Atom::Choice { input, link }) = self.atoms.get(usize::from(variable)) else { return None };
        let value = point.get(*input)?;
        let known = &self.inputs[input.0 as usize];
        if matches!(value.kind(), Kind::Symbol(_) | Kind::Unknown(_) | Kind::Cond(_) | Kind::Text(_)) {
            return None;
        }
        Some(known.chain[*link].text == value.text())
    }
}
