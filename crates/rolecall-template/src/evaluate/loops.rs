//! Loops over what is known, partly known and open.

use std::rc::Rc;

use rolecall_source::Diagnostic;
use rolecall_value::{Array, Condition, Item, Kind, Symbol, Value};

use super::frame::Frame;
use super::{Bound, Env, Evaluator, MAX_ROUNDS};
use crate::ir::{Copy, Expr, ExprKind};

/// The function of the symbol that stands for the index of one item of an array whose length is not settled.
const CURSOR: &str = "cursor";

/// One round of a loop.
pub(super) struct Round {
    pub env: Env,
    pub when: Condition,
    /// Whether it stands for any number of rounds.
    pub many: bool,
}

impl Evaluator<'_> {
    /// The rounds of a loop. A loop over something open has one round that stands for all.
    pub(super) fn rounds(&self, frame: &Rc<Frame>, env: &Env, copy: &Copy, resource: bool) -> Vec<Round> {
        let round = |index: Value, when: Condition, many: bool| {
            let bound = Bound::Round { name: copy.name.clone(), resource, index };
            Round { env: env.with(bound), when, many }
        };
        // Where the loop runs over an array of which some items may be missing, each item is a round of its own.
        if let Some(value) = self.counted_array(frame, env, &copy.count)
            && let Some(array) = value.as_array()
            && array.items.iter().any(|item| item.many || !item.when.is_true())
        {
            let rounds = array.items.iter().enumerate().map(|(place, item)| {
                let place = Value::int(i64::try_from(place).unwrap_or(i64::MAX));
                round(Value::call(CURSOR, vec![value.clone(), place]), item.when.clone(), item.many)
            });
            return rounds.collect();
        }
        let count = self.eval(frame, env, &copy.count);
        let mut lengths: Vec<(Condition, i64)> = Vec::new();
        for (when, value) in count.alternatives() {
            match value.as_int() {
                Some(count) if count <= MAX_ROUNDS => lengths.push((when, count)),
                Some(count) => {
                    let message = format!(
                        "the loop runs {count} times; Azure allows 800, and {MAX_ROUNDS} are followed: lower the count"
                    );
                    self.say(Diagnostic::warning(copy.count.span, message));
                    return vec![round(open_index(copy), Condition::TRUE, true)];
                }
                None => return vec![round(open_index(copy), Condition::TRUE, true)],
            }
        }
        let longest = lengths.iter().map(|(_, count)| *count).max().unwrap_or(0);
        (0..longest)
            .map(|index| {
                let reached = lengths.iter().filter(|(_, count)| *count > index);
                let when = reached.fold(Condition::FALSE, |any, (when, _)| any.or(when));
                let when = if lengths.len() == 1 { Condition::TRUE } else { when };
                round(Value::int(index), when, false)
            })
            .collect()
    }

    pub(super) fn eval_loop(&self, frame: &Rc<Frame>, env: &Env, copy: &Copy, body: &Expr) -> Value {
        let mut items = Vec::new();
        for round in self.rounds(frame, env, copy, false) {
            if self.exhausted() {
                return self.limit(copy.span, "the loop is cut short: the deployment needs too many steps".to_owned());
            }
            let value = self.eval(frame, &round.env, body);
            items.push(Item { value, when: round.when, many: round.many });
        }
        Array { items }.into()
    }

    /// The array whose length the count of a loop is.
    fn counted_array(&self, frame: &Rc<Frame>, env: &Env, count: &Expr) -> Option<Value> {
        match &count.kind {
            ExprKind::Call { namespace: None, name, arguments } if name.eq_ignore_ascii_case("length") => {
                let value = self.eval(frame, env, arguments.first()?);
                Some(joined(&value))
            }
            _ => None,
        }
    }
}

/// A conditional array as one array of conditional items, so that loops meet each item once.
fn joined(value: &Value) -> Value {
    let Kind::Cond(alternatives) = value.kind() else { return value.clone() };
    let mut items: Vec<Item> = Vec::new();
    for (when, value) in alternatives.iter() {
        match value.kind() {
            Kind::Array(array) => items.extend(array.items.iter().map(|item| Item {
                value: item.value.clone(),
                when: when.and(&item.when),
                many: item.many,
            })),
            Kind::Symbol(_) | Kind::Unknown(_) => {
                items.push(Item { value: element(value), when: when.clone(), many: true });
            }
            Kind::Null => {}
            _ => return value.clone(),
        }
    }
    Array { items }.into()
}

fn open_index(copy: &Copy) -> Value {
    let name = copy.name.as_deref().map_or_else(|| format!("loop at {}", copy.span.start), str::to_owned);
    Value::call("copyindex", vec![Value::string(name)])
}

/// Whether a symbol is the index of a round whose number is not settled.
pub(super) fn is_cursor(symbol: &Symbol) -> bool {
    matches!(symbol, Symbol::Call { function, .. } if matches!(&**function, CURSOR | "copyindex"))
}

/// `base[index]` in a round whose number is not settled.
pub(super) fn at_cursor(base: &Value, index: &Value, cursor: &Symbol) -> Value {
    let Symbol::Call { function, arguments } = cursor else { return Value::null() };
    if &**function == CURSOR
        && let [looped, place] = &arguments[..]
        && let Some(place) = place.as_int().and_then(|place| usize::try_from(place).ok())
        && let (Some(looped), joined) = (looped.as_array(), joined(base))
        && let Some(array) = joined.as_array()
        && array.items.len() == looped.items.len()
        && let Some(item) = array.items.get(place)
    {
        return item.value.clone();
    }
    match base.kind() {
        Kind::Symbol(_) | Kind::Unknown(_) => element(base),
        // An array that stands for any number of items has the one that stands for each.
        Kind::Array(array) => match &array.items[..] {
            [only] if only.many => only.value.clone(),
            [] => super::expr::refused("an empty array has no item", "item of an empty array"),
            _ => Value::call("member", vec![base.clone(), index.clone()]),
        },
        Kind::Cond(_) => base.map(|base| at_cursor(base, index, cursor)),
        _ => super::expr::refused("an index is taken of something that is no array", "index"),
    }
}

/// What stands for each item of an array of which nothing is known.
fn element(array: &Value) -> Value {
    let value = match array.as_unknown() {
        Some(unknown) => {
            let text = format!("{}[*]", unknown.text);
            Value::unknown(unknown.reason.kind, unknown.reason.detail.clone(), text)
        }
        None => Value::call("each", vec![array.clone()]),
    };
    value.with_origin(array.origin())
}
