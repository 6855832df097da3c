//! Arrays whose items may be there or not: how many there are, and which is where.

use rolecall_value::{Array, Condition, Item, Value};

use super::Stop;

/// How many items may be uncertain before positions in an array are no longer followed.
const MAX_UNCERTAIN: usize = 32;

/// When `0, 1, 2, …` of the items so far are there, without those that always are.
struct Count {
    certain: usize,
    /// `of[n]`: when `n` of the uncertain ones are there.
    of: Vec<Condition>,
}

impl Count {
    fn new() -> Self {
        Count { certain: 0, of: vec![Condition::TRUE] }
    }

    fn add(&mut self, item: &Item) -> Result<(), Stop> {
        if item.many {
            return Err(Stop::Open);
        }
        if item.when.is_true() {
            self.certain += 1;
            return Ok(());
        }
        if self.of.len() > MAX_UNCERTAIN {
            return Err(Stop::Limit(format!("more than {MAX_UNCERTAIN} items may be there or not")));
        }
        let mut next = Vec::with_capacity(self.of.len() + 1);
        for n in 0..=self.of.len() {
            let absent = self.of.get(n).map_or(Condition::FALSE, |when| when.and_not(&item.when));
            let present = n.checked_sub(1).map_or(Condition::FALSE, |n| self.of[n].and(&item.when));
            next.push(absent.or(&present));
        }
        self.of = next;
        Ok(())
    }

    /// When exactly `n` are there.
    fn is(&self, n: usize) -> Condition {
        n.checked_sub(self.certain).and_then(|n| self.of.get(n)).cloned().unwrap_or(Condition::FALSE)
    }

    /// When fewer than `n` are there.
    fn below(&self, n: usize) -> Condition {
        let uncertain = n.saturating_sub(self.certain).min(self.of.len());
        self.of[..uncertain].iter().fold(Condition::FALSE, |all, one| all.or(one))
    }
}

/// The number of items.
pub(super) fn length(array: &Array) -> Result<Value, Stop> {
    let mut count = Count::new();
    for item in &array.items {
        count.add(item)?;
    }
    let certain = count.certain;
    Ok(Value::cond(count.of.into_iter().enumerate().map(|(n, when)| {
        let length = i64::try_from(certain + n).unwrap_or(i64::MAX);
        (when, Value::int(length))
    })))
}

/// The item at a place counted from 0, from the front or from the end; `null` where it is conditional and not there. `None`
/// where it cannot be there at all.
pub(super) fn item_at(array: &Array, place: usize, from_end: bool) -> Result<Option<Value>, Stop> {
    let mut count = Count::new();
    let mut parts: Vec<(Condition, Value)> = Vec::new();
    let mut found = Condition::FALSE;
    let mut items = array.items.iter();
    while let Some(item) = if from_end { items.next_back() } else { items.next() } {
        if item.many {
            return Err(Stop::Open);
        }
        let here = count.is(place).and(&item.when);
        found = found.or(&here);
        if !here.is_false() {
            parts.push((here, item.value.clone()));
        }
        if found.is_true() {
            break;
        }
        count.add(item)?;
    }
    if parts.is_empty() {
        return Ok(None);
    }
    parts.push((found.not(), Value::null()));
    Ok(Some(Value::cond(parts)))
}

/// The items without the first `n`, or only those.
pub(super) fn divide(array: &Array, n: usize, keep_front: bool) -> Result<Array, Stop> {
    let mut count = Count::new();
    let mut items = Vec::new();
    for (index, item) in array.items.iter().enumerate() {
        let front = count.below(n);
        if front.is_false() {
            // All that follows lies behind, whatever it is.
            if !keep_front {
                items.extend_from_slice(&array.items[index..]);
            }
            break;
        }
        let when = if keep_front { item.when.and(&front) } else { item.when.and_not(&front) };
        count.add(item)?;
        if !when.is_false() {
            items.push(Item { value: item.value.clone(), when, many: false });
        }
    }
    Ok(Array { items })
}
