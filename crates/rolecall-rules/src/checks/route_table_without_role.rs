//! The route tables of the subnets that a cluster's node pools use.

use super::{Context, subnets};
use crate::demand::Demand;

pub(super) fn places<'r>(context: &Context<'_>, subnets: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    subnets::on_attached(context, subnets, "properties.routeTable.id")
}
