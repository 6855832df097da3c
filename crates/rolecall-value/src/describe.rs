//! Conditions in words: a sum of products over the names of inputs, the same text for the same condition whatever order
//! the inputs came to be in.

use crate::inputs::Group;
use crate::{Condition, Inputs};

/// How many products are written; a condition that needs more is only counted.
const MAX_PRODUCTS: usize = 64;
/// How many steps may be taken to find them.
const MAX_STEPS: usize = 4096;
/// How many inputs and tests a condition may depend on to be written out.
const MAX_GROUPS: usize = 256;

impl Inputs {
    /// The condition as text: `flag and kind = 'a' or not flag`. `true` and `false` where it always or never holds; where
    /// it would be too long, only how much it depends on.
    pub fn describe(&self, condition: &Condition) -> String {
        if condition.is_true() || condition.is_false() {
            return condition.is_true().to_string();
        }
        if condition.is_too_large() {
            return "(a condition that is too large)".to_owned();
        }
        let mut groups = self.groups(condition);
        groups.sort_by(|a, b| a.name.cmp(&b.name));
        let mut writer = Writer { products: Vec::new(), steps: 0 };
        if groups.len() > MAX_GROUPS || !writer.write(condition, &groups, &mut Vec::new()) {
            return format!("(a condition on {} inputs)", groups.len());
        }
        writer.products.join(" or ")
    }
}

struct Writer {
    products: Vec<String>,
    steps: usize,
}

impl Writer {
    /// `false` where it would be too long.
    fn write(&mut self, condition: &Condition, groups: &[Group], factors: &mut Vec<String>) -> bool {
        self.steps += 1;
        if condition.is_false() {
            return true;
        }
        if condition.is_true() {
            self.products.push(factors.join(" and "));
        }
        if self.steps > MAX_STEPS || self.products.len() > MAX_PRODUCTS || condition.is_too_large() {
            return false;
        }
        let Some((group, rest)) = groups.split_first() else { return condition.is_true() };
        if condition.is_true() {
            return true;
        }
        let mut branches: Vec<(Condition, Vec<usize>)> = Vec::new();
        for (place, alternative) in group.alternatives.iter().enumerate() {
            let left = condition.restrict(&alternative.fixed);
            match branches.iter_mut().find(|(known, _)| *known == left) {
                Some((_, places)) => places.push(place),
                None => branches.push((left, vec![place])),
            }
        }
        if let [(left, _)] = &branches[..] {
            return self.write(left, rest, factors);
        }
        // What constants are known besides must not show in the order.
        branches.sort_by_key(|(_, places)| places.iter().any(|place| group.alternatives[*place].constant.is_none()));
        branches.into_iter().all(|(left, places)| {
            factors.push(group.factor(&places));
            let written = self.write(&left, rest, factors);
            factors.pop();
            written
        })
    }
}

impl Group {
    /// That one of these alternatives is chosen. Anything else than the constants is said by what it is not.
    fn factor(&self, places: &[usize]) -> String {
        let texts = |wanted: bool| -> Vec<&str> {
            let all = self.alternatives.iter().enumerate();
            all.filter(|(place, _)| places.contains(place) == wanted)
                .filter_map(|(_, one)| one.constant.as_deref())
                .collect()
        };
        let negated = places.iter().any(|place| self.alternatives[*place].constant.is_none());
        match (&texts(!negated)[..], negated) {
            (["true"], false) => self.name.clone(),
            (["false"], false) | (["true"], true) => format!("not {}", self.name),
            ([one], false) => format!("{} = {one}", self.name),
            ([one], true) => format!("{} != {one}", self.name),
            (many, false) => format!("{} in [{}]", self.name, many.join(", ")),
            (many, true) => format!("{} not in [{}]", self.name, many.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Condition, Inputs, Value};

    fn bools() -> Option<Vec<Value>> {
        Some(vec![Value::bool(true), Value::bool(false)])
    }

    #[test]
    fn a_condition_reads_as_its_inputs() {
        let inputs = Inputs::default();
        let flag = inputs.declare("flag", bools());
        let kind = inputs.declare("kind", Some(["a", "b", "c"].map(Value::string).to_vec()));
        let name = inputs.declare("name", None);
        let flag = inputs.is(&flag, &Value::bool(true));
        let kind = |text: &str| inputs.is(&kind, &Value::string(text));
        let named = inputs.is(&name, &Value::string("x"));
        for (condition, text) in [
            (Condition::TRUE, "true"),
            (flag.clone(), "flag"),
            (flag.not(), "not flag"),
            (kind("b"), "kind = 'b'"),
            (kind("b").not(), "kind in ['a', 'c']"),
            (named.clone(), "name = 'x'"),
            (named.not(), "name != 'x'"),
            (flag.and(&kind("a")).or(&flag.not()), "flag and kind = 'a' or not flag"),
            (inputs.opaque("empty(x)"), "empty(x)"),
            (inputs.opaque("empty(x)").not(), "not empty(x)"),
        ] {
            assert_eq!(inputs.describe(&condition), text);
        }
    }

    #[test]
    fn the_order_in_which_inputs_come_to_be_does_not_show() {
        let text = |reversed: bool| {
            let inputs = Inputs::default();
            let mut names = ["a", "b", "c"];
            if reversed {
                names.reverse();
            }
            let mut flags: Vec<_> =
                names.iter().map(|name| inputs.is(&inputs.declare(name, bools()), &Value::bool(true))).collect();
            if reversed {
                flags.reverse();
            }
            inputs.describe(&flags[0].and(&flags[1]).or(&flags[1].not().and(&flags[2])))
        };
        assert_eq!(text(false), text(true));
    }

    #[test]
    fn constants_that_were_asked_for_elsewhere_do_not_show() {
        let inputs = Inputs::default();
        let name = inputs.declare("name", None);
        let elsewhere = inputs.is(&name, &Value::string("other"));
        let condition = inputs.is(&name, &Value::string("x"));
        assert_eq!(inputs.describe(&condition), "name = 'x'");
        let tested = inputs.opaque("z");
        let both = condition.and(&tested).or(&condition.not().and(&tested.not()));
        assert_eq!(inputs.describe(&both), "name = 'x' and z or name != 'x' and not z");
        assert_eq!(inputs.describe(&elsewhere.or(&condition)), "name in ['other', 'x']");
    }

    #[test]
    fn a_condition_on_very_much_is_only_counted() {
        let inputs = Inputs::default();
        let odd = (0..40).fold(Condition::FALSE, |all, number| {
            let flag = inputs.opaque(&format!("t{number:02}"));
            all.and_not(&flag).or(&flag.and_not(&all))
        });
        assert_eq!(inputs.describe(&odd), "(a condition on 40 inputs)");
    }
}
