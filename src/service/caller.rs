//! Who asks: the connection's other end, the caller, the school; and how the service is entered.

use super::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::net::{IpAddr, Ipv6Addr};

/// Leading bits of an IPv6 address that a household or a machine is given as a whole.
const GIVEN: u32 = 64;

/// One IPv4 address, also where it is written as IPv6; of IPv6 the first address of the /64.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> GIVEN)).into(),
        address @ IpAddr::V4(_) => address,
    }
}

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Whoever asks: the peer, or the address that a trusted proxy tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client(pub IpAddr);

/// The school that asks, put on the request by [`guard`](super::access).
#[derive(Clone, Debug)]
pub struct School(pub String);

impl<S: Sync> FromRequestParts<S> for School {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Only a route outside of the guard lacks it, which is a defect of ours and must not let anyone in.
        parts.extensions.get::<School>().cloned().ok_or_else(|| Problem::of(Kind::Internal))
    }
}

/// How the service is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doors {
    /// Open to the person at this machine.
    Open,
    /// With tokens.
    Tokens,
}
