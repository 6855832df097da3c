//! Networks that a cluster cannot use as its own identity: subnets as they are named, and the route tables of subnets.

use super::{Context, subnets};
use crate::demand::Demand;

/// The entry that is about the route table of the subnet that is named.
const ROUTE_TABLE: &str = "NET-RT-KUBENET-SYSTEM";

pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let (tables, mut all): (Vec<_>, Vec<_>) = places.into_iter().partition(|place| place.requirement.id == ROUTE_TABLE);
    all.extend(subnets::on_attached(context, tables, "properties.routeTable.id"));
    all
}
