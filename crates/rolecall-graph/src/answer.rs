//! What is asked about permissions, and what an answer says.

use rolecall_value::{Condition, Origin, Reason, ReasonKind, Scope, Value};

use crate::assignments::AssignmentKind;
use crate::near::NearMiss;
use crate::{MadeBy, ResourceIndex};

/// A permission that somebody needs.
#[derive(Clone, Copy, Debug)]
pub struct Need<'n> {
    /// Who: a principal id.
    pub principal: &'n Value,
    /// On what: the id of a resource, resource group or subscription.
    pub scope: &'n Value,
    /// Actions of the control plane, all of which are needed; they may have wildcards.
    pub actions: &'n [String],
    /// Actions on data, all of which are needed.
    pub data_actions: &'n [String],
    /// When.
    pub when: &'n Condition,
}

/// The answer to a need. The four conditions exclude each other and together are the need's; where a condition is too
/// large to reason about, all of it is undecided.
#[derive(Clone, Debug)]
pub struct Answer {
    /// When it is granted for sure.
    pub granted: Condition,
    /// What grants it, or part of it.
    pub grants: Vec<Grant>,
    /// Which of the deployment's outside grants grant it, or part of it, and when.
    pub outside: Vec<(usize, Condition)>,
    /// When nobody can have granted it.
    pub missing: Condition,
    /// When nothing here grants it and somebody outside may.
    pub assumed: Condition,
    /// Why somebody outside may.
    pub assumed_because: Option<String>,
    /// When it cannot be told.
    pub undecided: Condition,
    /// What stands in the way of telling.
    pub obstacles: Vec<Obstacle>,
    /// What is there instead, the most useful first.
    pub near: Vec<NearMiss>,
}

/// An assignment that grants at least one of the actions that are needed.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Its place among [`Permissions::assignments`](crate::Permissions::assignments).
    pub assignment: usize,
    /// The resource that makes it.
    pub resource: ResourceIndex,
    /// What it is.
    pub kind: AssignmentKind,
    /// The role's name.
    pub role: String,
    /// Where it is granted: the scope of the need, or one that contains it.
    pub scope: Scope,
    /// When.
    pub when: Condition,
    /// Who makes it.
    pub made_by: MadeBy,
    /// Where it is written.
    pub origin: Origin,
}

/// What stands in the way of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Obstacle {
    /// When it does.
    pub when: Condition,
    /// Why it cannot be seen through.
    pub reason: Reason,
    /// What it is, as a person would name it.
    pub what: String,
    /// Where.
    pub origin: Origin,
}

impl Answer {
    pub(crate) fn nothing() -> Self {
        Answer {
            granted: Condition::FALSE,
            grants: Vec::new(),
            outside: Vec::new(),
            missing: Condition::FALSE,
            assumed: Condition::FALSE,
            assumed_because: None,
            undecided: Condition::FALSE,
            obstacles: Vec::new(),
            near: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, part: Answer) {
        self.granted = self.granted.or(&part.granted);
        self.missing = self.missing.or(&part.missing);
        self.assumed = self.assumed.or(&part.assumed);
        self.undecided = self.undecided.or(&part.undecided);
        self.assumed_because = self.assumed_because.take().or(part.assumed_because);
        for grant in part.grants {
            match self.grants.iter_mut().find(|known| known.assignment == grant.assignment) {
                Some(known) => known.when = known.when.or(&grant.when),
                None => self.grants.push(grant),
            }
        }
        for (grant, when) in part.outside {
            match self.outside.iter_mut().find(|(known, _)| *known == grant) {
                Some((_, known)) => *known = known.or(&when),
                None => self.outside.push((grant, when)),
            }
        }
        part.obstacles.into_iter().for_each(|obstacle| self.obstacle(obstacle));
        self.near.extend(part.near);
    }

    /// One entry for each reason and place.
    pub(crate) fn obstacle(&mut self, new: Obstacle) {
        let known = self
            .obstacles
            .iter_mut()
            .find(|known| known.origin == new.origin && known.reason == new.reason && known.what == new.what);
        match known {
            Some(known) => known.when = known.when.or(&new.when),
            None => self.obstacles.push(new),
        }
    }

    pub(crate) fn give_up(&mut self, when: &Condition) {
        (self.granted, self.missing, self.assumed) = (Condition::FALSE, Condition::FALSE, Condition::FALSE);
        self.undecided = when.clone();
        self.near.clear();
        self.obstacles.push(Obstacle {
            when: when.clone(),
            reason: Reason { kind: ReasonKind::Limit, detail: "its conditions are too many to follow".into() },
            what: "the question".to_owned(),
            origin: Origin::NONE,
        });
    }
}
