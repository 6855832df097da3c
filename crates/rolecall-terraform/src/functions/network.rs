//! IP address ranges.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rolecall_value::Value;

use super::{int, text};

struct Range {
    address: u128,
    length: u32,
    /// Bits of an address.
    bits: u32,
}

impl Range {
    fn parse(text: &str) -> Option<Range> {
        let (address, length) = text.split_once('/')?;
        let (address, bits) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        let length = length.parse().ok().filter(|length| *length <= bits)?;
        Some(Range { address: address & mask(length, bits), length, bits })
    }

    fn show(&self, address: u128) -> String {
        match self.bits {
            32 => Ipv4Addr::from(u32::try_from(address).unwrap_or(u32::MAX)).to_string(),
            _ => Ipv6Addr::from(address).to_string(),
        }
    }

    fn subnet(&self, more: i64, number: i64) -> Option<Range> {
        let length = self.length.checked_add(u32::try_from(more).ok()?).filter(|length| *length <= self.bits)?;
        let number = u128::try_from(number).ok()?;
        if more < 127 && number >> more != 0 {
            return None;
        }
        let shift = self.bits - length;
        Some(Range { address: self.address | number.checked_shl(shift).unwrap_or(0), length, bits: self.bits })
    }

    fn text(&self) -> String {
        format!("{}/{}", self.show(self.address), self.length)
    }
}

fn mask(length: u32, bits: u32) -> u128 {
    let all = if bits == 128 { u128::MAX } else { (1 << bits) - 1 };
    let host = bits - length;
    if host >= 128 { 0 } else { all >> host << host }
}

pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Value> {
    if !name.starts_with("cidr") {
        return None;
    }
    let range = Range::parse(&text(arguments, 0)?)?;
    Some(match name {
        "cidrhost" => {
            let number = i128::from(int(arguments.get(1)?)?);
            let size = 1i128.checked_shl(range.bits - range.length).unwrap_or(i128::MAX);
            let number = if number < 0 { size + number } else { number };
            if number < 0 || number >= size {
                return None;
            }
            Value::string(range.show(range.address | u128::try_from(number).ok()?))
        }
        "cidrnetmask" if range.bits == 32 => Value::string(range.show(mask(range.length, 32))),
        "cidrsubnet" => Value::string(range.subnet(int(arguments.get(1)?)?, int(arguments.get(2)?)?)?.text()),
        "cidrsubnets" => {
            let mut out = Vec::new();
            let mut next = range.address;
            for more in &arguments[1..] {
                let length = range.length + u32::try_from(int(more)?).ok()?;
                if length > range.bits {
                    return None;
                }
                let size = 1u128.checked_shl(range.bits - length)?;
                let start = next.checked_add(size - 1)? / size * size;
                if start & mask(range.length, range.bits) != range.address {
                    return None;
                }
                out.push(Value::string(Range { address: start, length, bits: range.bits }.text()));
                next = start.checked_add(size)?;
            }
            Value::array(out)
        }
        _ => return None,
    })
}
