//! `guid` and `uniqueString`: names made of other values.
//!
//! `guid` is the version 5 UUID (RFC 9562) of its arguments joined by `-`, in the namespace that Azure documents for it.
//! `uniqueString` is a hash that Azure does not document, so it stays a call: equal arguments give an equal string, other
//! arguments another one.

use rolecall_value::{Kind, Piece, Value};

use super::{Answer, Call, Stop, mismatch};

/// `11fb06fb-712d-4ddd-98c7-e71bbd588830`.
const NAMESPACE: u128 = 0x11fb_06fb_712d_4ddd_98c7_e71b_bd58_8830;

pub(super) fn guid(_: &Call<'_>, arguments: &[Value]) -> Answer {
    strings(arguments)?;
    let mut pieces = Vec::with_capacity(arguments.len() * 2);
    for (index, argument) in arguments.iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::Literal("-".into()));
        }
        pieces.push(Piece::Hole(argument.clone()));
    }
    match Value::pieces(pieces).as_str() {
        Some(name) => Ok(Value::string(uuid5(name))),
        None => Err(Stop::Open),
    }
}

pub(super) fn unique_string(_: &Call<'_>, arguments: &[Value]) -> Answer {
    strings(arguments)?;
    Err(Stop::Open)
}

fn strings(arguments: &[Value]) -> Result<(), Stop> {
    match arguments
        .iter()
        .find(|value| !matches!(value.kind(), Kind::Str(_) | Kind::Text(_) | Kind::Symbol(_) | Kind::Unknown(_)))
    {
        Some(wrong) => Err(mismatch(wrong, "a string")),
        None => Ok(()),
    }
}

fn uuid5(name: &str) -> String {
    let mut bytes = NAMESPACE.to_be_bytes().to_vec();
    bytes.extend_from_slice(name.as_bytes());
    let hash = sha1(&bytes);
    let mut id =
        u128::from(hash[0]) << 96 | u128::from(hash[1]) << 64 | u128::from(hash[2]) << 32 | u128::from(hash[3]);
    id = id & !(0xf << 76) | 5 << 76;
    id = id & !(0b11 << 62) | 0b10 << 62;
    let text = format!("{id:032x}");
    [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-")
}

/// SHA-1 (FIPS 180-4), which version 5 UUIDs are made with; nothing here depends on its strength.
fn sha1(message: &[u8]) -> [u32; 5] {
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend_from_slice(&(message.len() as u64 * 8).to_be_bytes());
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded.chunks_exact(64) {
        let mut words = [0u32; 80];
        for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        for index in 16..80 {
            words[index] = (words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]).rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (index, word) in words.iter().enumerate() {
            let (mixed, constant) = match index / 20 {
                0 => (b & c | !b & d, 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => (b & c | b & d | c & d, 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let next = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (part, value) in state.iter_mut().zip([a, b, c, d, e]) {
            *part = part.wrapping_add(value);
        }
    }
    state
}
