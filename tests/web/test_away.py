from __future__ import annotations

import ipaddress

import pytest

from matwise.errors import InvalidInputError
from matwise.web.away import home_address, own_address


@pytest.mark.parametrize("told", ["192.168.1.20", "10.0.0.7", "172.16.3.4", "169.254.7.7", "100.64.1.2"])
def test_an_address_of_a_home_network_is_taken(told: str) -> None:
    assert home_address(told) == told


@pytest.mark.parametrize("told", ["0.0.0.0", "127.0.0.1", "8.8.8.8", "224.0.0.1", "::", "localhost", "", "192.168.1"])  # noqa: S104 – refused
def test_the_whole_internet_this_machine_alone_or_no_address_are_refused(told: str) -> None:
    with pytest.raises(InvalidInputError, match="--host"):
        home_address(told)


def test_the_own_address_is_one_that_could_be_listened_on_or_none() -> None:
    found = own_address()

    assert found is None or home_address(found) == str(ipaddress.IPv4Address(found))
