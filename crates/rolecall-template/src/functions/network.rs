//! Address ranges.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rolecall_value::Value;

use super::{Answer, Call, Stop, int, str};

/// A network: its address, aligned or not, how many bits that has, and the length of the prefix.
#[derive(Clone, Copy)]
struct Network {
    address: u128,
    bits: u32,
    prefix: u32,
}

impl Network {
    fn parse(text: &str) -> Result<Self, Stop> {
        let wrong = || Stop::Invalid(format!("'{text}' is no address range"));
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let prefix: u32 = prefix.trim().parse().map_err(|_| wrong())?;
        let (address, bits) = match address {
            IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
            IpAddr::V6(address) => (address.to_bits(), 128),
        };
        if prefix > bits { Err(wrong()) } else { Ok(Network { address, bits, prefix }) }
    }

    /// How many bits a prefix of this length leaves.
    fn host_bits(self, prefix: u32) -> u32 {
        self.bits - prefix
    }

    /// The bits that a prefix of this length leaves.
    fn host_mask(self, prefix: u32) -> u128 {
        1u128.checked_shl(self.host_bits(prefix)).map_or(u128::MAX, |size| size - 1)
    }

    fn first(self) -> u128 {
        self.address & !self.host_mask(self.prefix)
    }

    fn last(self) -> u128 {
        self.address | self.host_mask(self.prefix)
    }

    fn show(self, address: u128) -> String {
        match self.bits {
            32 => Ipv4Addr::from_bits(u32::try_from(address).unwrap_or(u32::MAX)).to_string(),
            _ => Ipv6Addr::from_bits(address).to_string(),
        }
    }
}

/// What a range consists of.
pub(super) fn parse_cidr(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    let network = Network::parse(str(value)?)?;
    let (first, last) = (network.first(), network.last());
    let mask = !network.host_mask(network.prefix) & network.host_mask(0);
    let mut parts = vec![("network", network.show(first)), ("netmask", network.show(mask))];
    if network.bits == 32 {
        parts.push(("broadcast", network.show(last)));
    }
    // In ranges of one or two addresses all can be used, and so can all of IPv6.
    let reserved = u128::from(network.bits == 32 && network.host_bits(network.prefix) > 1);
    parts.push(("firstUsable", network.show(first + reserved)));
    parts.push(("lastUsable", network.show(last - reserved)));
    let prefix = Value::int(i64::from(network.prefix));
    Ok(Value::object(parts.into_iter().map(|(key, text)| (key, Value::string(text))).chain([("cidr", prefix)])))
}

/// The range of the given prefix length at a place, counted from 0, within a range.
pub(super) fn cidr_subnet(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value, prefix, place] = arguments else { return Err(Stop::Open) };
    let (network, prefix, place) = (Network::parse(str(value)?)?, int(prefix)?, int(place)?);
    let prefix = u32::try_from(prefix)
        .ok()
        .filter(|prefix| (network.prefix..=network.bits).contains(prefix))
        .ok_or_else(|| Stop::Invalid(format!("a prefix of {prefix} does not lie within the range")))?;
    let beyond = || Stop::Invalid(format!("the range has no part {place}"));
    let place = u128::try_from(place).map_err(|_| beyond())?;
    let count = 1u128.checked_shl(prefix - network.prefix);
    if count.is_some_and(|count| place >= count) {
        return Err(beyond());
    }
    let offset = place.checked_shl(network.host_bits(prefix)).unwrap_or(0);
    Ok(Value::string(format!("{}/{prefix}", network.show(network.first() | offset))))
}

/// The address at a place, counted from 0, among the usable ones of a range.
pub(super) fn cidr_host(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value, place] = arguments else { return Err(Stop::Open) };
    let (network, place) = (Network::parse(str(value)?)?, int(place)?);
    let beyond = || Stop::Invalid(format!("the range has no host {place}"));
    let reserved = u128::from(network.host_bits(network.prefix) > 1);
    let address = u128::try_from(place)
        .ok()
        .and_then(|place| network.first().checked_add(place)?.checked_add(reserved))
        .filter(|address| *address <= network.last() - if network.bits == 32 { reserved } else { 0 })
        .ok_or_else(beyond)?;
    Ok(Value::string(network.show(address)))
}
