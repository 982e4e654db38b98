//! Whose address it is: limits count by what one caller is given, not by what he can make of it.

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
